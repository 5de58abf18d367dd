"""Lines of a case's timeline."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import privacy
from complaints.lifecycle import MOVES, State
from complaints.models import (
    CaseKey,
    Event,
)


class EventOut(serializers.ModelSerializer[Event]):
    """A line of the timeline. Staff see who acted; citizens see the office."""

    kind_name = serializers.SerializerMethodField()
    actor = serializers.SerializerMethodField()
    unit = serializers.SerializerMethodField()
    to_state_name = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()
    until = serializers.SerializerMethodField(help_text="ask_supplement: the citizen's last day")

    class Meta:
        model = Event
        fields = [
            "id", "version", "kind", "kind_name", "at", "actor", "unit", "from_state", "to_state", "to_state_name",
            "reason", "note", "until",
        ]  # fmt: skip

    def get_kind_name(self, event: Event) -> str:
        return str(MOVES[event.kind].label)

    def get_to_state_name(self, event: Event) -> str:
        return str(State(event.to_state).label)

    def get_actor(self, event: Event) -> str:
        if isinstance(self.context["viewer"], CaseKey):
            return ""
        return str(event.actor) if event.actor else ""

    def get_unit(self, event: Event) -> str:
        return event.unit.name if event.unit else ""

    def get_reason(self, event: Event) -> str:
        return privacy.hide(privacy.mask_text(event.reason), self.context["unsaid"])

    def get_note(self, event: Event) -> str:
        return privacy.hide(privacy.mask_text(event.note), self.context["unsaid"])

    @extend_schema_field(serializers.DateField(allow_null=True))
    def get_until(self, event: Event) -> str | None:
        until: str | None = event.data.get("until")
        return until
