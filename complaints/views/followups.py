"""The follow-up queue (回访台) for the hotline, and the citizen's survey behind a link."""

from __future__ import annotations

from typing import Any, Final, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions
from complaints.actions import followups
from complaints.keyset import NEWEST, Keyset
from complaints.models import User
from complaints.serializers.followups import (
    CalledIn,
    FollowUpPage,
    FollowUpTaskOut,
    LinkOut,
    ScriptOut,
    SurveyIn,
    SurveyOut,
)
from complaints.serializers.outgoing import topic_names
from complaints.serializers.reference import ProblemOut
from complaints.views.viewer import CodeThrottle

PAGE: Final = 50
_REFUSALS: Final[dict[int, Any]] = {403: ProblemOut, 404: ProblemOut, 409: ProblemOut}


class FollowUpsView(APIView):
    """Calls to make now, the oldest first; or those that ended, the newest first."""

    @extend_schema(
        operation_id="followups",
        parameters=[OpenApiParameter("ended", type=bool), OpenApiParameter("cursor")],
        responses={200: FollowUpPage},
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        due = followups.due(request.user)
        if asked.get("ended") in {"1", "true"}:
            rows, keyset = followups.ended(request.user), NEWEST
        else:
            rows, keyset = due, Keyset("next_at")
        rows = rows.select_related("case__lead_unit", "rule", "claimed_by")
        shown, following = keyset.page(rows, asked.get("cursor", ""), PAGE)
        return Response({"results": FollowUpTaskOut(shown, many=True).data, "next": following, "waiting": due.count()})


class ClaimView(APIView):
    """Take a call: the script, and the answer that it is about."""

    @extend_schema(operation_id="followups_claim", request=None, responses={200: ScriptOut, **_REFUSALS})
    def post(self, request: Request, task: int) -> Response:
        return Response(ScriptOut(actions.claim(cast(User, request.user), task)).data)


class CalledView(APIView):
    """How the call went."""

    @extend_schema(
        operation_id="followups_called",
        request=CalledIn,
        responses={200: FollowUpTaskOut, 400: ProblemOut, **_REFUSALS},
    )
    def post(self, request: Request, task: int) -> Response:
        given = CalledIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(FollowUpTaskOut(actions.called(cast(User, request.user), task, **given.validated_data)).data)


class SurveyLinkView(APIView):
    """The survey's address, to be sent to the citizen."""

    @extend_schema(operation_id="followups_link", request=None, responses={200: LinkOut, **_REFUSALS})
    def post(self, request: Request, task: int) -> Response:
        return Response({"url": actions.survey_link(cast(User, request.user), task)})


class SurveyView(APIView):
    """One answer graded through a link, without a number and without a code."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]

    @extend_schema(
        operation_id="survey",
        parameters=[OpenApiParameter("t", required=True)],
        responses={200: SurveyOut, **_REFUSALS},
    )
    def get(self, request: Request) -> Response:
        case = actions.surveyed(request.query_params.get("t", ""))
        shown = {
            "topic": topic_names().get(case.topic, ""),
            "unit": case.lead_unit.name if case.lead_unit else "",
            "received_at": case.received_at,
            "rated": actions.is_rated(case),
        }
        return Response(SurveyOut(shown).data, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="survey_answer", request=SurveyIn, responses={204: None, 400: ProblemOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = SurveyIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        actions.answer_survey(said.pop("t"), **said)
        return Response(status=204)
