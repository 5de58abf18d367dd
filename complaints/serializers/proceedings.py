"""What goes on around a case: the units at work, requests, linked cases, what became of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy
from rest_framework import serializers

from complaints.models import Assignment, Ground, Outcome, Request, Satisfaction
from complaints.serializers.fields import MaskedText
from complaints.serializers.reference import UnitRef

LINK_NAMES = {
    "merged_into": pgettext_lazy("link", "merged into"),
    "merged_here": pgettext_lazy("link", "merged into this case"),
    "split_from": pgettext_lazy("link", "split from"),
    "split_off": pgettext_lazy("link", "matter split off"),
    "twin": pgettext_lazy("link", "report and complaint of one text"),
}


class PartyOut(serializers.ModelSerializer[Assignment]):
    """A unit at work, with its own signing and answer; staff see it."""

    unit = UnitRef()
    part_name = serializers.CharField(source="get_part_display")
    status_name = serializers.CharField(source="get_status_display")
    answer = MaskedText()
    reason = MaskedText()

    class Meta:
        model = Assignment
        fields = [
            "unit", "part", "part_name", "active", "status", "status_name", "since", "signed_at", "replied_at",
            "answer", "reason",
        ]  # fmt: skip


class RequestOut(serializers.ModelSerializer[Request]):
    """Time that was asked for, and what was decided."""

    kind_name = serializers.CharField(source="get_kind_display")
    state_name = serializers.CharField(source="get_state_display")
    reason = MaskedText()

    class Meta:
        model = Request
        fields = [
            "kind", "kind_name", "state", "state_name", "asked_at", "working_days", "until", "reason", "decided_at",
        ]  # fmt: skip


class LinkedOut(serializers.Serializer[Any]):
    """Another case that belongs to this one. kind: merged_into, merged_here, split_from, split_off, twin.

    query_code: for the citizen whose twin it is, so that one thread holds both; "" otherwise.
    """

    kind = serializers.CharField()
    kind_name = serializers.CharField()
    number = serializers.CharField()
    state = serializers.CharField()
    state_name = serializers.CharField()
    query_code = serializers.CharField()


class OutcomeOut(serializers.ModelSerializer[Outcome]):
    solved_name = serializers.CharField(source="get_solved_display")
    ground = serializers.CharField(source="ground.label", default="")
    why_not = MaskedText()

    class Meta:
        model = Outcome
        fields = [
            "solved", "solved_name", "ground", "why_not", "claimed", "recovered", "advance_compensation",
            "sanction_number", "mediation_number",
        ]  # fmt: skip


class SatisfactionOut(serializers.ModelSerializer[Satisfaction]):
    comment = MaskedText()

    class Meta:
        model = Satisfaction
        fields = ["at", "by_phone", "reached", "grade", "solved", "comment"]


class GroundOut(serializers.ModelSerializer[Ground]):
    class Meta:
        model = Ground
        fields = ["kind", "code", "label", "ruleset", "source"]
