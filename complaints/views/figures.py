"""The supervisor's wall, and the daily, weekly and monthly reports as JSON, Excel and PDF."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import documents, figures, permissions
from complaints.serializers.figures import ReportIn, ReportOut, WallIn, WallOut
from complaints.serializers.reference import ProblemOut
from complaints.views.rules import AnyAccept

exports = logging.getLogger("complaints.exports")
FRESH: Final = 4  # seconds for which all walls of one scope show the same count
FRESH_OVER_DAYS: Final = 20
_REFUSALS = {400: ProblemOut, 403: ProblemOut}
PDF: Final = "application/pdf"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WallView(APIView):
    """Everything that the wall shows, over the cases that the viewer may see; today unless asked otherwise."""

    @extend_schema(operation_id="wall", parameters=[WallIn], responses={200: WallOut, **_REFUSALS})
    def get(self, request: Request) -> Response:
        viewer = permissions.require_rates(request.user)
        given = WallIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        until = asked.get("until") or max(asked.get("since", date.min), timezone.localdate())
        since = asked.get("since") or until
        scope = figures.Scope.of(viewer, since, until, asked["region"])
        told = cache.get(scope.key)
        if told is None:
            told = WallOut(figures.wall(scope)).data
            cache.set(scope.key, told, FRESH if since == until else FRESH_OVER_DAYS)
        return Response(told)


class ReportView(APIView):
    """One report; page, Excel and PDF are made of the same figures."""

    @extend_schema(operation_id="period_report", parameters=[ReportIn], responses={200: ReportOut, **_REFUSALS})
    def get(self, request: Request) -> Response:
        return Response(ReportOut(_report(request)).data)


class ReportSheetView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="period_report_xlsx", parameters=[ReportIn], responses={(200, XLSX): bytes, **_REFUSALS}
    )
    def get(self, request: Request) -> HttpResponse:
        return sheet(request, _report(request))


class ReportPaperView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="period_report_pdf",
        parameters=[ReportIn],
        responses={(200, PDF): bytes, **_REFUSALS},
    )
    def get(self, request: Request) -> HttpResponse:
        return paper(request, _report(request))


def _report(request: Request) -> dict[str, Any]:
    viewer = permissions.require_rates(request.user)
    given = ReportIn(data=request.query_params)
    given.is_valid(raise_exception=True)
    kind = given.validated_data["kind"]
    day = given.validated_data.get("day") or _last(kind)
    since, until = figures.period_of(kind, day)
    return figures.report(figures.Scope.of(viewer, since, until, given.validated_data["region"]), kind)


def _last(kind: figures.Kind) -> date:
    """A day of the last period that is over."""
    return figures.period_of(kind, timezone.localdate())[0] - timedelta(days=1)


def sheet(request: Request, made: dict[str, Any]) -> HttpResponse:
    """The report as a workbook."""
    return _file(request, made, documents.report_xlsx(made), XLSX, "xlsx")


def paper(request: Request, made: dict[str, Any]) -> HttpResponse:
    """The report as A4 pages."""
    return _file(request, made, documents.report_pdf(made), PDF, "pdf")


def _file(request: Request, made: dict[str, Any], content: bytes, content_type: str, ending: str) -> HttpResponse:
    """Who took what out is logged by account number, without names."""
    place = made["region"]["code"] or "all"
    name = f"{made['kind']}-{made['since']}-{place}.{ending}"
    exports.info("account %s exported report %s", request.user.pk, name)
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
