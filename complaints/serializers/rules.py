"""Rule sets, simulations and the "why here" card as they go out, and what is asked of them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models import RuleSimulation, SimulationState
from complaints.serializers.fields import PlainText
from routing.models import RuleSetState


class RuleSetOut(serializers.Serializer[Any]):
    """A rule set; in_force: it decides today. broken: rules that are marked with an error.

    actions: what the asker may do with it: simulate, copy, edit, discard, activate, roll_back.
    """

    number = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=RuleSetState.choices)
    state_name = serializers.CharField()
    in_force = serializers.BooleanField()
    effective_from = serializers.DateField(allow_null=True)
    replaced = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    changed_at = serializers.DateTimeField()
    changed_by = serializers.CharField()
    rules = serializers.IntegerField()
    escalations = serializers.IntegerField()
    broken = serializers.IntegerField()
    actions = serializers.ListField(child=serializers.CharField())


class BecauseIn(serializers.Serializer[Any]):
    """Why; stands in the history of the set."""

    reason = PlainText(max_length=500)


class ActivateRulesIn(BecauseIn):
    """effective_from: first day; empty: today."""

    effective_from = serializers.DateField(required=False, allow_null=True, default=None)


class SimulationIn(serializers.Serializer[Any]):
    ruleset = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    cases = serializers.IntegerField(required=False, default=10_000)


class ChangedOut(serializers.Serializer[Any]):
    """A case that the draft decides otherwise; an empty unit means a dispatcher."""

    case = serializers.CharField()
    from_unit = serializers.CharField(source="from", allow_blank=True)
    to_unit = serializers.CharField(source="to", allow_blank=True)
    rule_from = serializers.CharField(allow_blank=True)
    rule_to = serializers.CharField(allow_blank=True)


class ShiftOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    change = serializers.IntegerField()


class FindingOut(serializers.Serializer[Any]):
    """Two rules of a topic that do not go together; other "": the rule contradicts itself."""

    topic = serializers.CharField()
    rule = serializers.CharField()
    other = serializers.CharField(allow_blank=True)


class BrokenOut(serializers.Serializer[Any]):
    rule = serializers.CharField()
    error = serializers.CharField()


class CellOut(serializers.Serializer[Any]):
    topic = serializers.CharField()
    region = serializers.CharField()


class SimulationReportOut(serializers.Serializer[Any]):
    """What the draft would change (at most 200 cases and cells are named), and what is wrong with it."""

    ruleset = serializers.IntegerField()
    against = serializers.IntegerField()
    cases = serializers.IntegerField()
    changed_cases = serializers.IntegerField()
    to_triage = serializers.IntegerField()
    from_triage = serializers.IntegerField()
    changed = ChangedOut(many=True)
    bureaus = ShiftOut(many=True)
    units = ShiftOut(many=True)
    unreachable = FindingOut(many=True)
    conflicts = FindingOut(many=True)
    broken = BrokenOut(many=True)
    uncovered_count = serializers.IntegerField()
    uncovered = CellOut(many=True)
    lost_cells_count = serializers.IntegerField()
    lost_cells = CellOut(many=True)


class SimulationOut(serializers.ModelSerializer[RuleSimulation]):
    """How far a simulation is; `report` when it is done."""

    ruleset = serializers.IntegerField(source="ruleset_id")
    state = serializers.ChoiceField(choices=SimulationState.choices, source="state_now")
    report = SimulationReportOut(allow_null=True)

    class Meta:
        model = RuleSimulation
        fields = ["id", "ruleset", "cases", "state", "done", "total", "error", "created_at", "report"]


class CardFactOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()


class CardRuleOut(serializers.Serializer[Any]):
    """code "" and version 0: no rule decided."""

    code = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()
    ruleset = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)


class CardPartOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    why = serializers.CharField(allow_blank=True)


class CardOut(serializers.Serializer[Any]):
    """Why a case lies where it lies, as it was decided; changes of rules and names do not change it."""

    number = serializers.CharField()
    decided_at = serializers.CharField()
    lead = serializers.CharField(allow_blank=True)
    level = serializers.CharField(allow_blank=True)
    supervisor = serializers.CharField(allow_blank=True)
    enforcer = serializers.CharField(allow_blank=True)
    facts = CardFactOut(many=True)
    rule = CardRuleOut()
    jurisdiction = serializers.ListField(child=serializers.CharField())
    list_entry = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)
    # the name is the card's word; DRF's serializers use it for something else
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    participants = CardPartOut(many=True)
    notes = serializers.ListField(child=serializers.CharField())
