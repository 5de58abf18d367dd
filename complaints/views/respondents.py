"""The register of respondents over HTTP."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy, pgettext
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from complaints import actions, permissions, register
from complaints.models import Solved, Viewer
from complaints.serializers.reference import ProblemOut
from complaints.serializers.respondents import (
    AliasIn,
    CompanyIn,
    CorrectCompanyIn,
    EntryPage,
    MergeCompanyIn,
    RespondentFiguresOut,
    SeparateCompanyIn,
)
from complaints.views.viewer import context_for

PAGE: Final = 30
_REFUSALS: Final = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}
_OUTCOMES: Final = {**dict(Solved.choices), "unstated": gettext_lazy("not stated"), "open": gettext_lazy("still open")}


class RespondentsView(APIView):
    """The register: found by name, other name or the beginning of a code; without words those with most cases."""

    @extend_schema(
        operation_id="respondents_list",
        parameters=[OpenApiParameter("q"), OpenApiParameter("cursor")],
        responses={200: EntryPage, 403: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        viewer = permissions.require_register(request.user)
        words = request.query_params.get("q", "").replace("\x00", "").strip()
        if not words:
            return Response(EntryPage({"results": register.most_complained(viewer), "next": None}).data)
        found, following = register.entries(viewer, words, request.query_params.get("cursor", ""), PAGE)
        return Response(EntryPage({"results": found, "next": following}).data)

    @extend_schema(
        operation_id="respondents_register", request=CompanyIn, responses={201: RespondentFiguresOut, **_REFUSALS}
    )
    def post(self, request: Request) -> Response:
        given = CompanyIn(data=request.data)
        given.is_valid(raise_exception=True)
        company = actions.register_company(request.user, actions.CompanyFacts(**given.validated_data))
        return Response(_shown(request.user, company.pk), status=201)


class RespondentView(APIView):
    """One entry in full, with the figures of the last year over the cases that the viewer may see."""

    @extend_schema(operation_id="respondents_read", responses={200: RespondentFiguresOut, **_REFUSALS})
    def get(self, request: Request, company: int) -> Response:
        return Response(_shown(permissions.require_register(request.user), company))

    @extend_schema(
        operation_id="respondents_correct",
        request=CorrectCompanyIn,
        responses={200: RespondentFiguresOut, **_REFUSALS},
    )
    def put(self, request: Request, company: int) -> Response:
        facts = _given(CorrectCompanyIn, request)
        reason = facts.pop("reason")
        actions.correct_company(request.user, company, actions.CompanyFacts(**facts), reason)
        return Response(_shown(request.user, company))


class AliasesView(APIView):
    @extend_schema(
        operation_id="respondents_add_alias", request=AliasIn, responses={200: RespondentFiguresOut, **_REFUSALS}
    )
    def post(self, request: Request, company: int) -> Response:
        actions.add_alias(request.user, company, **_given(AliasIn, request))
        return Response(_shown(request.user, company))


class AliasView(APIView):
    @extend_schema(operation_id="respondents_remove_alias", responses={200: RespondentFiguresOut, **_REFUSALS})
    def delete(self, request: Request, company: int, alias: int) -> Response:
        actions.remove_alias(request.user, company, alias)
        return Response(_shown(request.user, company))


class MergeCompanyView(APIView):
    """Answers with the entry that goes on."""

    @extend_schema(
        operation_id="respondents_merge", request=MergeCompanyIn, responses={200: RespondentFiguresOut, **_REFUSALS}
    )
    def post(self, request: Request, company: int) -> Response:
        goes_on = actions.merge_company(request.user, company, **_given(MergeCompanyIn, request))
        return Response(_shown(request.user, goes_on.pk))


class SeparateCompanyView(APIView):
    @extend_schema(
        operation_id="respondents_separate",
        request=SeparateCompanyIn,
        responses={200: RespondentFiguresOut, **_REFUSALS},
    )
    def post(self, request: Request, company: int) -> Response:
        actions.separate_company(request.user, company, **_given(SeparateCompanyIn, request))
        return Response(_shown(request.user, company))


def _given(shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _shown(viewer: Viewer, company: int) -> Any:
    figures = register.figures_of(viewer, company)
    topics = context_for(viewer)["topics"]
    recent = [
        {
            "number": case.number,
            "title": case.title or case.text[:60],
            "topic": {"code": case.topic, "name": topics.get(case.topic, "")} if case.topic else None,
            "state": case.state,
            "state_name": case.get_state_display(),
            "received_at": case.received_at,
        }
        for case in figures.recent
    ]
    answer = {
        "company": figures.company,
        "counts": figures.counts,
        "total": figures.total,
        "by_month": [
            {"key": f"{month:%Y-%m}", "name": f"{month:%Y-%m}", "count": count} for month, count in figures.by_month
        ],
        "by_topic": [
            {"key": code, "name": topics.get(code, code) or pgettext("topic", "none yet"), "count": count}
            for code, count in figures.by_topic
        ],
        "by_outcome": [
            {"key": word, "name": str(_OUTCOMES[word]), "count": count} for word, count in figures.by_outcome if count
        ],
        "recent": recent,
        "may_change": permissions.keeps_register(viewer),
    }
    return RespondentFiguresOut(answer).data
