"""The desks of dispatchers and officers: many cases at once, kept views, templates for answers, the month."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, clocks, permissions
from complaints.errors import Invalid
from complaints.filters import LISTS, Filters, Order
from complaints.models import Case, ReplyTemplate, SavedView, User
from complaints.models.workbench import PLACEHOLDERS, TemplateVerb
from complaints.numbers import normalise_number
from complaints.serializers.reference import ProblemOut
from complaints.serializers.workbench import (
    BulkIn,
    BulkOut,
    FilledOut,
    MonthOut,
    SavedViewIn,
    SavedViewOut,
    TemplateIn,
    TemplateListOut,
    TemplateOut,
)

_REFUSALS: Final[dict[int, Any]] = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut}
_KEPT: Final = (*LISTS, "region", "unit", "due", "since", "until", "q", "order")  # filters that a view may hold
_MONTH: Final = re.compile(r"20[1-5]\d-(?:0[1-9]|1[0-2])")


class BulkView(APIView):
    """One verb on up to 100 cases, each for itself; what is refused is told beside its number, the rest is done."""

    @extend_schema(operation_id="cases_bulk", request=BulkIn, responses={200: BulkOut, 400: ProblemOut})
    def post(self, request: Request) -> Response:
        given = BulkIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(BulkOut({"results": actions.bulk(request.user, **given.validated_data)}).data)


def _query(typed: str) -> str:
    """Filters of the queue in their order, without what is empty; Invalid for others, or ones that cannot be read."""
    asked = {name: value.strip() for name, value in parse_qsl(typed.lstrip("?")) if value.strip()}
    message = _("There is no such filter.")
    if not asked or not set(_KEPT).issuperset(asked):
        raise Invalid("unknown_filter", message, {"query": message})
    Filters.read(asked)
    if asked.get("order", "") != "best":
        Order.named(asked.get("order", ""))
    return urlencode(sorted(asked.items()))


class SavedViewsView(APIView):
    """One's own views of the queue, then those that colleagues share."""

    @extend_schema(operation_id="saved_views", responses=SavedViewOut(many=True))
    def get(self, request: Request) -> Response:
        rows = SavedView.objects.of(request.user).select_related("owner")
        return Response(SavedViewOut(rows, many=True, context={"viewer": request.user}).data)

    @extend_schema(
        operation_id="saved_views_add", request=SavedViewIn, responses={201: SavedViewOut, 409: ProblemOut, **_REFUSALS}
    )
    def post(self, request: Request) -> Response:
        return Response(_save_view(request, None), status=201)


class SavedViewView(APIView):
    @extend_schema(operation_id="saved_views_change", request=SavedViewIn, responses={200: SavedViewOut, **_REFUSALS})
    def put(self, request: Request, view: int) -> Response:
        return Response(_save_view(request, view))

    @extend_schema(operation_id="saved_views_remove", responses={204: None, **_REFUSALS})
    def delete(self, request: Request, view: int) -> Response:
        actions.remove_view(request.user, view)
        return Response(status=204)


def _save_view(request: Request, view: int | None) -> Any:
    given = SavedViewIn(data=request.data)
    given.is_valid(raise_exception=True)
    facts = {**given.validated_data, "query": _query(given.validated_data["query"])}
    return SavedViewOut(actions.save_view(request.user, view, facts), context={"viewer": request.user}).data


class FilledTemplatesView(APIView):
    """What may be said in a form of the case: templates with its facts in them, never with personal data."""

    @extend_schema(
        operation_id="cases_reply_templates",
        parameters=[OpenApiParameter("verb", enum=TemplateVerb.values, required=True)],
        responses={200: FilledOut(many=True), **_REFUSALS},
    )
    def get(self, request: Request, number: str) -> Response:
        verb = request.query_params.get("verb", "")
        if verb not in TemplateVerb.values:
            message = _("There are no templates for this step.")
            raise Invalid("no_templates", message, {"verb": message})
        cases = clocks.with_nearest_clock(Case.objects.visible_to(request.user), request.user)
        case = cases.select_related("lead_unit").by_number(normalise_number(number) or number)
        return Response(FilledOut(actions.filled_templates(request.user, case, verb), many=True).data)


def _template_context(request: Request) -> dict[str, Any]:
    user = cast(User, request.user)

    def may(row: ReplyTemplate) -> bool:
        return permissions.keeps_template_of(user, row.unit.region_id if row.unit else None)

    return {"may": may}


class TemplatesView(APIView):
    """The templates that supervisors keep: everyone's, and those of the units in their region."""

    @extend_schema(operation_id="reply_templates", responses={200: TemplateListOut, 403: ProblemOut})
    def get(self, request: Request) -> Response:
        rows = actions.templates_kept(request.user)
        told = {"results": rows, "placeholders": PLACEHOLDERS}
        return Response(TemplateListOut(told, context=_template_context(request)).data)

    @extend_schema(operation_id="reply_templates_add", request=TemplateIn, responses={201: TemplateOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        return Response(_save_template(request, None), status=201)


class TemplateView(APIView):
    @extend_schema(operation_id="reply_templates_change", request=TemplateIn, responses={200: TemplateOut, **_REFUSALS})
    def put(self, request: Request, template: int) -> Response:
        return Response(_save_template(request, template))

    @extend_schema(operation_id="reply_templates_remove", responses={204: None, **_REFUSALS})
    def delete(self, request: Request, template: int) -> Response:
        actions.remove_template(request.user, template)
        return Response(status=204)


def _save_template(request: Request, template: int | None) -> Any:
    given = TemplateIn(data=request.data)
    given.is_valid(raise_exception=True)
    row = actions.save_template(request.user, template, given.validated_data)
    return TemplateOut(row, context=_template_context(request)).data


class DeadlineMonthView(APIView):
    """The deadlines of the officer's unit by day; `due_on` of /cases/ gives the list behind a day."""

    @extend_schema(
        operation_id="deadlines_calendar",
        parameters=[OpenApiParameter("month", description="like 2026-11; without it, this one")],
        responses={200: MonthOut, 400: ProblemOut, 403: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        officer = permissions.require_officer(request.user)
        today = timezone.localdate()
        month = request.query_params.get("month", "") or f"{today:%Y-%m}"
        if not _MONTH.fullmatch(month):
            message = _("This must be a month, like 2026-11.")
            raise Invalid("not_a_month", message, {"month": message})
        days = clocks.month_of(cast(int, officer.unit_id), date.fromisoformat(f"{month}-01"))
        return Response(MonthOut({"month": month, "today": today, "days": days}).data)
