"""Parts of what people see of a case, and the receipt of a complaint."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.lifecycle import State
from complaints.models import (
    Attachment,
    Event,
    RoutingDecision,
    User,
)
from complaints.serializers.fields import MaskedText
from complaints.serializers.reference import Named, NamedOut, UnitRef
from complaints.serializers.respondents import LinkedCompanyOut
from routing.facts import Reason
from routing.reasons import sentence


class UserOut(serializers.ModelSerializer[User]):
    display_name = serializers.CharField(source="__str__")
    unit = UnitRef(allow_null=True)
    region = serializers.SerializerMethodField()
    role = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["username", "display_name", "role", "unit", "region"]

    def get_role(self, user: User) -> str:
        return "supervisor" if user.is_superuser and not user.role else user.role

    @extend_schema_field(NamedOut(allow_null=True))
    def get_region(self, user: User) -> Named | None:
        return {"code": user.region.code, "name": user.region.full_name} if user.region else None


class SessionOut(serializers.Serializer[Any]):
    user = UserOut(allow_null=True)


class TwinOut(serializers.Serializer[Any]):
    """The report beside a complaint: number and query code of its own."""

    number = serializers.CharField()
    query_code = serializers.CharField()


class SubmittedOut(serializers.Serializer[Any]):
    """The receipt: number and query code are all a citizen needs to follow the case."""

    number = serializers.CharField()
    query_code = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_name = serializers.CharField()
    received_at = serializers.DateTimeField()
    twin = TwinOut(allow_null=True)


class SegmentOut(serializers.Serializer[Any]):
    """A piece of a text, and whether it is what was looked for."""

    text = serializers.CharField()
    hit = serializers.BooleanField()


class HighlightsOut(serializers.Serializer[Any]):
    """Where a case holds what was looked for; empty lists where it does not."""

    title = SegmentOut(many=True)
    text = SegmentOut(many=True)


class RequesterOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone = serializers.CharField()
    id_number = serializers.CharField()
    address = serializers.CharField()
    anonymous = serializers.BooleanField()


class RespondentOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    uscc = serializers.CharField()
    address = serializers.CharField()
    phone = serializers.CharField()
    product_name = serializers.CharField()
    gtin = serializers.CharField()
    lot_number = serializers.CharField()
    linked = LinkedCompanyOut(allow_null=True)


class ReasonOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()


class DecisionOut(serializers.Serializer[Any]):
    level = serializers.CharField()
    region = serializers.CharField(allow_null=True)
    reasons = ReasonOut(many=True)


class SuggestionOut(serializers.Serializer[Any]):
    lead = UnitRef(allow_null=True)
    participants = UnitRef(many=True)
    reasons = ReasonOut(many=True)


class TopicScoreOut(NamedOut):
    probability = serializers.FloatField()


class UrgencyHitOut(serializers.Serializer[Any]):
    level = serializers.CharField()
    phrase = serializers.CharField()


class PredictionOut(serializers.Serializer[Any]):
    topic = serializers.CharField()
    confidence = serializers.FloatField()
    topics = TopicScoreOut(many=True)
    intent = serializers.CharField()
    urgency = serializers.CharField()
    urgency_hits = UrgencyHitOut(many=True)
    needs_review = serializers.BooleanField()
    model_version = serializers.CharField()


class ReplyOut(serializers.Serializer[Any]):
    unit = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class AttachmentOut(serializers.ModelSerializer[Attachment]):
    """added_by: the citizen or the unit that sent it, for staff; "" elsewhere."""

    name = MaskedText()
    url = serializers.SerializerMethodField()
    added_at = serializers.DateTimeField(read_only=True)
    added_by = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ["id", "name", "size", "content_type", "url", "added_at", "added_by"]

    def get_added_by(self, attachment: Attachment) -> str:
        senders: dict[int, str] = self.context.get("senders", {})
        return senders.get(attachment.pk, "")

    def get_url(self, attachment: Attachment) -> str:
        return f"/api/v1/cases/{self.context['number']}/attachments/{attachment.pk}/"


class RevealOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone = serializers.CharField()
    id_number = serializers.CharField()
    address = serializers.CharField()
    text = serializers.CharField()


def worded_reasons(decision: RoutingDecision) -> list[dict[str, str]]:
    return [
        {"code": reason["code"], "text": sentence(Reason(reason["code"], reason["params"]))}
        for reason in decision.reasons
    ]


def senders(cases: set[int]) -> dict[int, str]:
    """Who sent which file: the unit, or that it was the citizen; one query."""
    events = Event.objects.filter(case__in=cases, kind="attach").select_related("unit", "actor")
    citizen = pgettext("owner", "citizen")
    return {
        event.data["attachment"]: (event.unit.name if event.unit else str(event.actor)) if event.actor else citizen
        for event in events
        if "attachment" in event.data
    }
