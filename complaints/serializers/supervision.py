"""Supervision: what supervisors send, and what is shown of orders, notices and risk signals. Nothing here is for
citizens."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import permissions
from complaints.models import (
    Case,
    CaseKey,
    Notice,
    NoticeState,
    OrderLevel,
    OrderState,
    RiskSignal,
    Role,
    SupervisionOrder,
    User,
    Viewer,
)
from complaints.serializers.fields import MaskedText, PlainText
from complaints.serializers.incoming import ReasonIn, TextIn, VersionIn
from complaints.serializers.reference import UnitRef

SUMMARY = 80  # characters


class OrderIn(VersionIn, TextIn):
    level = serializers.ChoiceField(choices=OrderLevel.choices)
    unit = serializers.IntegerField(allow_null=True, default=None, help_text="id; null: the lead unit")
    until = serializers.DateField(help_text="last day for the answer")


class InstructIn(OrderIn):
    leader = PlainText(max_length=50, help_text="whose instruction, by office")


class OrderAnswerIn(TextIn):
    order = serializers.IntegerField()


class OrderReasonIn(ReasonIn):
    order = serializers.IntegerField()


class OrderAgainIn(OrderReasonIn):
    until = serializers.DateField(help_text="new last day for the answer")


class NoticeSeenIn(serializers.Serializer[Any]):
    notice = serializers.IntegerField()


class SettleIn(serializers.Serializer[Any]):
    conclusion = PlainText(max_length=500)


class AboutCase(serializers.Serializer[Any]):
    """The case that a line of the desk is about."""

    number = serializers.CharField()
    summary = serializers.SerializerMethodField()
    state = serializers.CharField()
    state_name = serializers.CharField(source="get_state_display")

    def get_summary(self, case: Case) -> str:
        return case.title or " ".join(case.text[: SUMMARY * 2].split())[:SUMMARY]


class OrderOut(serializers.ModelSerializer[SupervisionOrder]):
    """An order and its answer. overdue: not answered in time, so far."""

    unit = UnitRef()
    level_name = serializers.CharField(source="get_level_display")
    kind_name = serializers.CharField(source="get_kind_display")
    state_name = serializers.CharField(source="get_state_display")
    text = MaskedText()
    answer = MaskedText()
    reason = MaskedText()
    issuer = serializers.SerializerMethodField()
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = SupervisionOrder
        fields = [
            "id", "level", "level_name", "kind", "kind_name", "unit", "text", "leader", "issuer", "issued_at",
            "due_at", "state", "state_name", "overdue", "answer", "answered_at", "ended_at", "reason", "returned",
        ]  # fmt: skip

    def get_issuer(self, order: SupervisionOrder) -> str:
        return str(order.issuer) if order.issuer else ""

    def get_overdue(self, order: SupervisionOrder) -> bool:
        return order.state == OrderState.OPEN and order.due_at < timezone.now()


class NoticeOut(serializers.ModelSerializer[Notice]):
    """What a unit was told. overdue: nobody said yet that it was seen, and the time for it is over."""

    unit = UnitRef()
    kind_name = serializers.CharField(source="get_kind_display")
    state_name = serializers.CharField(source="get_state_display")
    seen_by = serializers.SerializerMethodField()
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = [
            "id", "kind", "kind_name", "unit", "why", "at", "due_at", "state", "state_name", "overdue", "seen_at",
            "seen_by",
        ]  # fmt: skip

    def get_seen_by(self, notice: Notice) -> str:
        return str(notice.seen_by) if notice.seen_by else ""

    def get_overdue(self, notice: Notice) -> bool:
        return notice.state == NoticeState.UNSEEN and notice.due_at is not None and notice.due_at < timezone.now()


class DeskOrderOut(OrderOut):
    case = AboutCase()

    class Meta(OrderOut.Meta):
        fields = [*OrderOut.Meta.fields, "case"]


class DeskNoticeOut(NoticeOut):
    case = AboutCase()

    class Meta(NoticeOut.Meta):
        fields = [*NoticeOut.Meta.fields, "case"]


class SignalOut(serializers.ModelSerializer[RiskSignal]):
    """Many cases about one respondent; `case` is the last of them."""

    case = AboutCase()
    respondent = serializers.SerializerMethodField()
    counties = serializers.SerializerMethodField()
    state_name = serializers.CharField(source="get_state_display")
    settled_by = serializers.SerializerMethodField()
    conclusion = MaskedText()

    class Meta:
        model = RiskSignal
        fields = [
            "id", "why", "case", "respondent", "cases", "counties", "at", "last_at", "state", "state_name",
            "settled_at", "settled_by", "conclusion",
        ]  # fmt: skip

    def get_respondent(self, signal: RiskSignal) -> str:
        return str(MaskedText().to_representation(signal.case.respondent.name))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_counties(self, signal: RiskSignal) -> list[str]:
        return [self.context["regions"].get(code, code) for code in signal.counties]

    def get_settled_by(self, signal: RiskSignal) -> str:
        return str(signal.settled_by) if signal.settled_by else ""


class OrderCounts(serializers.Serializer[Any]):
    open = serializers.IntegerField()
    answered = serializers.IntegerField()
    overdue = serializers.IntegerField()


class OrderPage(serializers.Serializer[Any]):
    """The nearest deadline first; `next` is the cursor of the following page or null. counts: of all that is seen."""

    results = DeskOrderOut(many=True)
    next = serializers.CharField(allow_null=True)
    counts = OrderCounts()


class NoticePage(serializers.Serializer[Any]):
    """The newest first."""

    results = DeskNoticeOut(many=True)
    next = serializers.CharField(allow_null=True)
    unseen = serializers.IntegerField()


class SignalPage(serializers.Serializer[Any]):
    """The newest first."""

    results = SignalOut(many=True)
    next = serializers.CharField(allow_null=True)


def shown_orders(viewer: Viewer, case: Case) -> list[SupervisionOrder]:
    """Of a case that the viewer sees: all for the hotline and the lead, their own for the other units."""
    if isinstance(viewer, CaseKey) or not isinstance(viewer, User):
        return []
    orders = sorted(case.supervision.all(), key=lambda order: order.pk)
    if viewer.role != Role.OFFICER or viewer.is_superuser or "lead" in permissions.parts(viewer, case):
        return orders
    return [order for order in orders if order.unit_id == viewer.unit_id]


def shown_notices(viewer: Viewer, case: Case) -> list[Notice]:
    """The same for notices; what is told above the heads of the units is for the hotline and the unit told."""
    if isinstance(viewer, CaseKey) or not isinstance(viewer, User):
        return []
    notices = sorted(case.notices.all(), key=lambda notice: notice.pk)
    if viewer.role != Role.OFFICER or viewer.is_superuser:
        return notices
    return [notice for notice in notices if notice.unit_id == viewer.unit_id]
