"""The supervision desk (督办台): orders, notices and risk signals over the cases that the viewer may see."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, figures, permissions
from complaints.errors import Missing
from complaints.filters import whole_number
from complaints.keyset import NEWEST, Keyset
from complaints.models import (
    Case,
    Notice,
    NoticeState,
    OrderLevel,
    OrderState,
    RiskSignal,
    Role,
    SignalState,
    SupervisionOrder,
    User,
)
from complaints.serializers.reference import ProblemOut
from complaints.serializers.supervision import (
    DeskNoticeOut,
    DeskOrderOut,
    NoticePage,
    OrderPage,
    SettleIn,
    SignalOut,
    SignalPage,
)
from complaints.views.figures import PDF, XLSX, paper, sheet
from complaints.views.rules import AnyAccept
from routing.models import Region

PAGE: Final = 50
_CURSOR: Final = OpenApiParameter("cursor")


def _of(viewer: User, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows about cases that the viewer may see; an officer's are those to the own unit."""
    rows = rows.filter(case__in=Case.objects.visible_to(viewer))
    return rows.filter(unit=viewer.unit_id) if viewer.role == Role.OFFICER and not viewer.is_superuser else rows


class OrdersView(APIView):
    @extend_schema(
        operation_id="supervision_orders",
        parameters=[
            OpenApiParameter("state", enum=[*OrderState.values, "running"], description="running: open or answered"),
            OpenApiParameter("level", enum=OrderLevel.values),
            OpenApiParameter("unit", type=int),
            OpenApiParameter("overdue", type=bool),
            _CURSOR,
        ],
        responses={200: OrderPage, 403: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        seen = _of(permissions.require_supervision(request.user), SupervisionOrder.objects.all())
        late = Q(state=OrderState.OPEN, due_at__lt=timezone.now())
        counts = seen.aggregate(
            open=Count("pk", Q(state=OrderState.OPEN)),
            answered=Count("pk", Q(state=OrderState.ANSWERED)),
            overdue=Count("pk", late),
        )
        rows = seen
        if state := asked.get("state", ""):
            rows = rows.filter(state__in=[OrderState.OPEN, OrderState.ANSWERED] if state == "running" else [state])
        if level := asked.get("level", ""):
            rows = rows.filter(level=level)
        if unit := asked.get("unit", ""):
            rows = rows.filter(unit=whole_number(unit, "unit", 0))
        if asked.get("overdue", "") in {"1", "true"}:
            rows = rows.filter(late)
        rows = rows.select_related("unit", "issuer", "case")
        shown, following = Keyset("due_at").page(rows, asked.get("cursor", ""), PAGE)
        return Response({"results": DeskOrderOut(shown, many=True).data, "next": following, "counts": counts})


class NoticesView(APIView):
    @extend_schema(
        operation_id="supervision_notices",
        parameters=[OpenApiParameter("state", enum=NoticeState.values), _CURSOR],
        responses={200: NoticePage, 403: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        seen = _of(permissions.require_supervision(request.user), Notice.objects.all())
        rows = seen.filter(state=asked["state"]) if asked.get("state") else seen
        page, following = NEWEST.page(rows.select_related("unit", "seen_by", "case"), asked.get("cursor", ""), PAGE)
        unseen = seen.filter(state=NoticeState.UNSEEN).count()
        return Response({"results": DeskNoticeOut(page, many=True).data, "next": following, "unseen": unseen})


class SignalsView(APIView):
    @extend_schema(
        operation_id="supervision_signals",
        parameters=[OpenApiParameter("state", enum=SignalState.values), _CURSOR],
        responses={200: SignalPage, 403: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        viewer = permissions.require_watch(request.user)
        rows = RiskSignal.objects.filter(case__in=Case.objects.visible_to(viewer))
        rows = rows.filter(state=asked["state"]) if asked.get("state") else rows
        page, following = NEWEST.page(
            rows.select_related("case__respondent", "settled_by"), asked.get("cursor", ""), PAGE
        )
        return Response({"results": SignalOut(page, many=True, context=_named(page)).data, "next": following})


class SettleView(APIView):
    """Somebody looked at a risk signal and says what came of it."""

    @extend_schema(request=SettleIn, responses={200: SignalOut, 400: ProblemOut, 404: ProblemOut, 409: ProblemOut})
    def post(self, request: Request, signal: int) -> Response:
        given = SettleIn(data=request.data)
        given.is_valid(raise_exception=True)
        actions.settle_signal(request.user, signal, given.validated_data["conclusion"])
        row = RiskSignal.objects.select_related("case__respondent", "settled_by").get(pk=signal)
        return Response(SignalOut(row, context=_named([row])).data)


class SignalPaperView(APIView):
    """The special report (专报) on the cases behind a signal, as far as the viewer sees them."""

    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="signal_report_pdf", responses={(200, PDF): bytes, 403: ProblemOut, 404: ProblemOut})
    def get(self, request: Request, signal: int) -> HttpResponse:
        return paper(request, _special(request, signal))


class SignalSheetView(APIView):
    """The same as a workbook."""

    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="signal_report_xlsx", responses={(200, XLSX): bytes, 403: ProblemOut, 404: ProblemOut})
    def get(self, request: Request, signal: int) -> HttpResponse:
        return sheet(request, _special(request, signal))


def _special(request: Request, signal: int) -> dict[str, Any]:
    viewer = permissions.require_rates(request.user)
    rows = RiskSignal.objects.filter(case__in=Case.objects.visible_to(viewer))
    found = rows.select_related("case__respondent__company", "case__respondent__lot__product").filter(pk=signal).first()
    if found is None:
        raise Missing("no_such_signal", _("There is no such risk signal."))
    return figures.special_report(viewer, found)


def _named(signals: list[RiskSignal]) -> dict[str, Any]:
    codes = {code for signal in signals for code in signal.counties}
    return {"regions": dict(Region.objects.filter(pk__in=codes).values_list("pk", "name"))}
