"""Drafts of rule sets: what the editor is shown and what it may send."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models.case import Channel, Urgency
from complaints.serializers.fields import PlainText
from complaints.serializers.reference import NamedOut
from complaints.serializers.rules import BrokenOut, CellOut, FindingOut, RuleSetOut


class RuleConditionIn(serializers.Serializer[Any]):
    """op: is, in, not_in, prefix, at_least; see docs/routing.md."""

    field = serializers.CharField(max_length=30, allow_blank=True)
    op = serializers.CharField(max_length=10, allow_blank=True)
    values = serializers.ListField(child=serializers.CharField(max_length=30), max_length=60)


class RuleConditionOut(RuleConditionIn):
    text = serializers.CharField()


class RuleIn(serializers.Serializer[Any]):
    """A rule as written; a code that is not known is told at its field."""

    topic = serializers.CharField(max_length=3, allow_blank=True)
    region = serializers.CharField(max_length=6, required=False, allow_blank=True, default="")
    priority = serializers.IntegerField(min_value=1, max_value=32767)
    conditions = RuleConditionIn(many=True, required=False, default=list)
    lead = serializers.CharField(max_length=20, allow_blank=True)
    level = serializers.CharField(max_length=1)
    supervisor = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    enforcer = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    participants = serializers.ListField(
        child=serializers.CharField(max_length=20), required=False, default=list, max_length=30
    )
    list_entry = PlainText(max_length=200, required=False, allow_blank=True, default="")
    basis = PlainText(max_length=200, required=False, allow_blank=True, default="")
    # the model's word; DRF's serializers use it for something else
    source = PlainText(max_length=200, required=False, allow_blank=True, default="")  # type: ignore[assignment]
    valid_from = serializers.DateField(required=False, allow_null=True, default=None)
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)


class RuleStampIn(serializers.Serializer[Any]):
    """stamp: of the rule as it was seen."""

    stamp = serializers.CharField(max_length=12)


class ChangeRuleIn(RuleIn, RuleStampIn):
    """A rule in its new form."""


class RuleOrderIn(RuleStampIn):
    """Every rule of the topic, in the order in which they are to be tried; stamp: the topic's."""

    topic = serializers.CharField(max_length=3)
    rules = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=500)


class RuleDraftIn(serializers.Serializer[Any]):
    """of: the set to copy; empty: the one in force."""

    name = PlainText(max_length=60)
    of = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, allow_null=True, default=None)


class BureauRefOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()


class RuleOut(serializers.Serializer[Any]):
    """A rule of a set. shipped: came with the system, so it is ended and not deleted. error: what breaks it."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    stamp = serializers.CharField()
    topic = serializers.CharField()
    topic_name = serializers.CharField()
    region = serializers.CharField(allow_blank=True)
    region_name = serializers.CharField(allow_blank=True)
    priority = serializers.IntegerField()
    conditions = RuleConditionOut(many=True)
    lead = serializers.CharField()
    lead_name = serializers.CharField()
    level = serializers.CharField(max_length=1)
    level_name = serializers.CharField()
    supervisor = serializers.CharField(allow_blank=True)
    supervisor_name = serializers.CharField(allow_blank=True)
    enforcer = serializers.CharField(allow_blank=True)
    enforcer_name = serializers.CharField(allow_blank=True)
    participants = BureauRefOut(many=True)
    list_entry = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    shipped = serializers.BooleanField()
    error = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()


class AlwaysRuleOut(serializers.Serializer[Any]):
    """An escalation rule in words."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    sentence = serializers.CharField()
    error = serializers.CharField(allow_blank=True)


class JoiningOut(serializers.Serializer[Any]):
    """A bureau that takes part in a topic whatever rule decides; when: on which condition."""

    topic = serializers.CharField()
    bureau = serializers.CharField()
    when = serializers.CharField(allow_blank=True)


class TopicStampOut(serializers.Serializer[Any]):
    topic = serializers.CharField()
    stamp = serializers.CharField()


class RuleHistoryOut(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    said = serializers.CharField()


class RuleSetDetailOut(RuleSetOut):
    """A set with its rules, topic by topic in the order in which they are tried."""

    rules = RuleOut(many=True)  # type: ignore[assignment]
    always = AlwaysRuleOut(many=True)
    joining = JoiningOut(many=True)
    topics = TopicStampOut(many=True)
    history = RuleHistoryOut(many=True)


class RuleFieldOut(serializers.Serializer[Any]):
    """What a condition may ask for. kind: topic, region, choice or number; values: of a choice."""

    field = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    ops = NamedOut(many=True)
    values = NamedOut(many=True)


class RuleTemplateOut(serializers.Serializer[Any]):
    """A rule to begin with; local: it asks for a region."""

    code = serializers.CharField()
    name = serializers.CharField()
    priority = serializers.IntegerField()
    local = serializers.BooleanField()
    conditions = RuleConditionIn(many=True)


class RuleVocabularyOut(serializers.Serializer[Any]):
    fields = RuleFieldOut(many=True)  # type: ignore[assignment]
    topics = NamedOut(many=True)
    bureaus = NamedOut(many=True)
    levels = NamedOut(many=True)
    templates = RuleTemplateOut(many=True)
    most_conditions = serializers.IntegerField()


class RuleDifferenceOut(serializers.Serializer[Any]):
    """A rule that a set has otherwise than the one in force. kind: added, removed or changed."""

    code = serializers.CharField()
    kind = serializers.CharField()
    topic = serializers.CharField(allow_blank=True)
    topic_name = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class GridCityOut(NamedOut):
    places = serializers.IntegerField()


class GridRowOut(serializers.Serializer[Any]):
    """By city, in the order of `cities`: places without a unit, and those that would lose theirs."""

    topic = serializers.CharField()
    uncovered = serializers.ListField(child=serializers.IntegerField())
    lost = serializers.ListField(child=serializers.IntegerField())


class CoverageGridOut(serializers.Serializer[Any]):
    cities = GridCityOut(many=True)
    rows = GridRowOut(many=True)


class RuleCheckOut(serializers.Serializer[Any]):
    """What is wrong with a set itself. ready: neither broken rules nor lost cells stand against activating it."""

    ready = serializers.BooleanField()
    against = serializers.IntegerField()
    unreachable = FindingOut(many=True)
    conflicts = FindingOut(many=True)
    broken = BrokenOut(many=True)
    uncovered_count = serializers.IntegerField()
    lost_cells_count = serializers.IntegerField()
    lost_cells = CellOut(many=True)
    grid = CoverageGridOut()


class TrialIn(serializers.Serializer[Any]):
    """A case to be tried: what is known of it; see docs/routing.md for the fields."""

    topic = serializers.CharField(max_length=3, required=False, allow_blank=True, default="")
    region = serializers.CharField(max_length=6, required=False, allow_blank=True, default="")
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, default=Urgency.U4)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, default=Channel.WEB)
    intent = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    respondent_region = serializers.CharField(max_length=6, required=False, allow_blank=True, default="")
    sub_fields = serializers.DictField(child=serializers.CharField(max_length=30), required=False, default=dict)
    flags = serializers.ListField(child=serializers.CharField(max_length=30), required=False, default=list)
    numbers = serializers.DictField(child=serializers.FloatField(min_value=0), required=False, default=dict)
