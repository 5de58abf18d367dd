"""What the desks of dispatchers and officers send and get: many cases at once, kept views, templates, the month."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models import ReplyTemplate, SavedView
from complaints.models.workbench import QueueName, TemplateVerb
from complaints.serializers.fields import PlainText
from complaints.serializers.reference import UnitRef

BULK_VERBS = ("sign", "dispatch", "archive")


class BulkIn(serializers.Serializer[Any]):
    """dispatch: the model's topic and the unit of the rules are confirmed. versions: what was seen, by number."""

    verb = serializers.ChoiceField(choices=BULK_VERBS)
    numbers = serializers.ListField(child=serializers.CharField(max_length=30), min_length=1, max_length=100)
    versions = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False, default=dict)
    reason = PlainText(max_length=1000, required=False, allow_blank=True, default="")


class BulkDoneOut(serializers.Serializer[Any]):
    """code and message: why the case was left as it is, "" when it was done."""

    number = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class BulkOut(serializers.Serializer[Any]):
    results = BulkDoneOut(many=True)


class SavedViewOut(serializers.ModelSerializer[SavedView]):
    """own: the viewer's, who may change it. owner: whose view a colleague shares."""

    query = serializers.CharField(help_text="filters as they stand in the address")
    shared = serializers.SerializerMethodField()
    own = serializers.SerializerMethodField()
    owner = serializers.CharField(source="owner.__str__")

    class Meta:
        model = SavedView
        fields = ["id", "name", "queue", "query", "shared", "own", "owner", "position"]

    def get_shared(self, view: SavedView) -> bool:
        return view.unit_id is not None

    def get_own(self, view: SavedView) -> bool:
        return bool(view.owner_id == self.context["viewer"].pk)


class SavedViewIn(serializers.Serializer[Any]):
    name = PlainText(max_length=30)
    queue = serializers.ChoiceField(choices=QueueName.choices)
    query = PlainText(max_length=500, help_text="filters as they stand in the address")
    shared = serializers.BooleanField(required=False, default=False)
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False, default=0)


class FilledOut(serializers.Serializer[Any]):
    """A template with the facts of the case in it. missing: placeholders for which there is no fact yet."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())


class TemplateOut(serializers.ModelSerializer[ReplyTemplate]):
    """may_change: by this viewer."""

    unit = UnitRef(allow_null=True)
    verb_name = serializers.CharField(source="get_verb_display")
    changed_by = serializers.SerializerMethodField()
    may_change = serializers.SerializerMethodField()

    class Meta:
        model = ReplyTemplate
        fields = [
            "id", "verb", "verb_name", "title", "body", "topics", "intents", "unit", "position", "active",
            "changed_by", "changed_at", "may_change",
        ]  # fmt: skip

    def get_changed_by(self, row: ReplyTemplate) -> str:
        return str(row.changed_by) if row.changed_by else ""

    def get_may_change(self, row: ReplyTemplate) -> bool:
        may: bool = self.context["may"](row)
        return may


class TemplateListOut(serializers.Serializer[Any]):
    """placeholders: what may stand in braces."""

    results = TemplateOut(many=True)
    placeholders = serializers.ListField(child=serializers.CharField())


class TemplateIn(serializers.Serializer[Any]):
    verb = serializers.ChoiceField(choices=TemplateVerb.choices)
    title = PlainText(max_length=60)
    body = PlainText(max_length=5000)
    topics = PlainText(max_length=200, required=False, allow_blank=True, default="")
    intents = PlainText(max_length=100, required=False, allow_blank=True, default="")
    unit = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="null: everyone's")
    position = serializers.IntegerField(min_value=0, max_value=1000, required=False, default=100)
    active = serializers.BooleanField(required=False, default=True)


class DayCountsOut(serializers.Serializer[Any]):
    """Cases by the colour of their most pressing deadline of the day."""

    overdue = serializers.IntegerField(default=0)
    red = serializers.IntegerField(default=0)
    amber = serializers.IntegerField(default=0)
    green = serializers.IntegerField(default=0)


class DayOut(serializers.Serializer[Any]):
    """kind: holiday or makeup by the official calendar, "" for a day like any other."""

    day = serializers.DateField()
    working = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=["holiday", "makeup"], allow_blank=True)
    name = serializers.CharField()
    counts = DayCountsOut()


class MonthOut(serializers.Serializer[Any]):
    month = serializers.CharField(help_text="2026-11")
    today = serializers.DateField()
    days = DayOut(many=True)
