"""Deadlines as people see them."""

from __future__ import annotations

from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import clocks
from complaints.models import Case, Clock, ClockState

ROW_STATES: Final = ("green", "amber", "red", "overdue", "paused")
STATES: Final = (*ROW_STATES, "lapsed", "met", "missed", "cancelled")


class ClockUnit(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ClockOut(serializers.Serializer[Clock]):
    """One deadline. state: its colour while it runs, how it ended afterwards. window: a right that lapses. provisional:
    counted over a year whose official calendar is not loaded yet."""

    code = serializers.CharField(source="policy.clock")
    label = serializers.CharField(source="policy.label")  # type: ignore[assignment]
    source = serializers.CharField(source="policy.source")  # type: ignore[assignment]
    state = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)
    paused = serializers.SerializerMethodField()
    window = serializers.BooleanField(source="policy.is_window")
    provisional = serializers.BooleanField()
    unit = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, clock: Clock) -> str:
        return clocks.colour(clock, timezone.now(), window=clock.policy.is_window)

    def get_paused(self, clock: Clock) -> bool:
        return clock.state == ClockState.PAUSED

    @extend_schema_field(ClockUnit(allow_null=True))
    def get_unit(self, clock: Clock) -> dict[str, Any] | None:
        if clock.assignment is None:
            return None
        return {"id": clock.assignment.unit_id, "name": clock.assignment.unit.name}


class DeadlineFields(serializers.ModelSerializer[Case]):
    """What a row of a queue says about its deadlines. The viewer's clocks are prefetched."""

    due_at = serializers.SerializerMethodField()
    clock_state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, case: Case) -> str | None:
        due = clocks.row_due(case)
        return timezone.localtime(due).isoformat() if due else None

    @extend_schema_field(serializers.ChoiceField(choices=ROW_STATES, allow_null=True))
    def get_clock_state(self, case: Case) -> str | None:
        return clocks.row_state(case, timezone.now())
