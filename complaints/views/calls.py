"""Calls for exchanges and call-takers; questions and hints while a complaint is typed."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, permissions
from complaints.actions.drafting import Draft
from complaints.models import Call, Question
from complaints.numbers import normalise_number
from complaints.serializers.calls import (
    CallerCardOut,
    CallerNoteIn,
    CallIn,
    CallOut,
    CallStateIn,
    CallSupplementIn,
    ClearNumberOut,
    CurrentCallOut,
    DraftIn,
    HintOut,
    QuestionOut,
    SimilarDraftIn,
)
from complaints.serializers.insight import SimilarOut
from complaints.serializers.outgoing import CaseRow
from complaints.serializers.reference import ProblemOut
from complaints.views.viewer import context_for

MISSED = 50


def _valid(shape: Any, request: Request) -> Any:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


class CallsView(APIView):
    """What an exchange reports: a new call (201), or a later state of one it reported before (200)."""

    @extend_schema(request=CallIn, responses={201: CallOut, 200: CallOut, 400: ProblemOut, 403: ProblemOut})
    def post(self, request: Request) -> Response:
        reported = actions.report_call(request.user, **_valid(CallIn, request))
        return Response(CallOut(reported.call).data, status=201 if reported.created else 200)


class CurrentCallView(APIView):
    """The call on the call-taker's own line, with the caller card."""

    @extend_schema(responses=CurrentCallOut)
    def get(self, request: Request) -> Response:
        call, ringing = actions.current_call(request.user)
        card = None
        if call:
            context = context_for(request.user)
            card = CallerCardOut(actions.caller_card(request.user, call), context=context).data
        shown = CallOut(call).data if call else None
        return Response({"call": shown, "card": card, "ringing": CallOut(ringing, many=True).data})


class MissedCallsView(APIView):
    """Calls to the desk that nobody answered, latest first."""

    @extend_schema(responses=CallOut(many=True))
    def get(self, request: Request) -> Response:
        missed = Call.objects.missed_by(request.user).select_related("case").order_by("-rang_at")[:MISSED]
        return Response(CallOut(missed, many=True).data)


class CallStateView(APIView):
    @extend_schema(request=CallStateIn, responses={200: CallOut, 400: ProblemOut, 404: ProblemOut, 409: ProblemOut})
    def post(self, request: Request, call: int) -> Response:
        return Response(CallOut(actions.move_call(request.user, call, _valid(CallStateIn, request)["state"])).data)


class CallBackView(APIView):
    """Takes a missed call over; the number is told once, to dial, and who asked is kept."""

    @extend_schema(request=None, responses={200: ClearNumberOut, 404: ProblemOut})
    def post(self, request: Request, call: int) -> Response:
        return Response({"phone": actions.call_back(request.user, call)})


class CallSupplementView(APIView):
    @extend_schema(request=CallSupplementIn, responses={204: None, 400: ProblemOut, 404: ProblemOut, 409: ProblemOut})
    def post(self, request: Request, call: int) -> Response:
        given = _valid(CallSupplementIn, request)
        number = normalise_number(given["number"]) or given["number"]
        actions.supplement_by_call(request.user, call, number, given["text"])
        return Response(status=204)


class CallerNoteView(APIView):
    @extend_schema(request=CallerNoteIn, responses={204: None, 400: ProblemOut, 404: ProblemOut})
    def post(self, request: Request, call: int) -> Response:
        actions.note_caller(request.user, call, **_valid(CallerNoteIn, request))
        return Response(status=204)


class QuestionsView(APIView):
    """What to ask a caller about a topic."""

    @extend_schema(parameters=[OpenApiParameter("topic", required=True)], responses=QuestionOut(many=True))
    def get(self, request: Request) -> Response:
        permissions.require_call_taker(request.user)
        rows = Question.objects.about(request.query_params.get("topic", "")[:3])
        return Response(QuestionOut(rows, many=True).data)


class HintView(APIView):
    """The same answer as the websocket's `draft`, for a browser without one."""

    @extend_schema(request=DraftIn, responses={200: HintOut, 400: ProblemOut, 403: ProblemOut})
    def post(self, request: Request) -> Response:
        permissions.require_call_taker(request.user)
        return Response(HintOut(actions.hint(Draft(**_valid(DraftIn, request)))).data)


class SimilarDraftView(APIView):
    """Cases that may be about what is being typed, among those that the viewer may see."""

    @extend_schema(request=SimilarDraftIn, responses={200: SimilarOut, 400: ProblemOut, 403: ProblemOut})
    def post(self, request: Request) -> Response:
        permissions.require_call_taker(request.user)
        given = _valid(SimilarDraftIn, request)
        call, phone = given.pop("call"), given.pop("phone")
        found = actions.similar_draft(request.user, Draft(**given), phone=phone, call=call)
        context = context_for(request.user) if found else {"viewer": request.user, "topics": {}}
        row = CaseRow(context=context)
        results = [
            {
                "number": one.case.number,
                "summary": row.get_summary(one.case),
                "state": one.case.state,
                "state_name": one.case.get_state_display(),
                "topic": row.get_topic(one.case),
                "received_at": one.case.received_at,
                "similarity": round(one.similarity, 4),
                "duplicate": one.duplicate,
            }
            for one in found
        ]
        return Response(SimilarOut({"results": results}).data)
