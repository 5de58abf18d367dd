"""Follow-up calls and surveys: what is shown of them, and how they end."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models import FollowUpQuestion, FollowUpTask
from complaints.serializers.fields import PlainText
from complaints.serializers.incoming import FollowUpIn, RateIn


class QuestionOut(serializers.ModelSerializer[FollowUpQuestion]):
    class Meta:
        model = FollowUpQuestion
        fields = ["code", "text", "kind"]


class FollowUpTaskOut(serializers.ModelSerializer[FollowUpTask]):
    """One call: about which case, why it was drawn, how often it was tried. claimed_by: who calls just now."""

    number = serializers.CharField(source="case.number")
    title = serializers.CharField(source="case.title")
    state_name = serializers.CharField(source="get_state_display")
    urgency = serializers.CharField(source="case.urgency")
    unit = serializers.CharField(source="case.lead_unit.name", default="")
    rule = serializers.CharField(source="rule.name")
    claimed_by = serializers.CharField(source="claimed_by.display_name", default="")

    class Meta:
        model = FollowUpTask
        fields = [
            "id",
            "number",
            "title",
            "urgency",
            "unit",
            "rule",
            "state",
            "state_name",
            "created_at",
            "next_at",
            "attempts",
            "claimed_by",
        ]


class FollowUpPage(serializers.Serializer[Any]):
    results = FollowUpTaskOut(many=True)
    next = serializers.CharField(allow_null=True)
    waiting = serializers.IntegerField(help_text="calls to make now")


class ScriptOut(FollowUpTaskOut):
    """A claimed call with what is asked, and the answer that it is about."""

    questions = serializers.SerializerMethodField()
    answer = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="case.version")

    class Meta(FollowUpTaskOut.Meta):
        fields = [*FollowUpTaskOut.Meta.fields, "questions", "answer", "version"]

    def get_questions(self, task: FollowUpTask) -> list[dict[str, str]]:
        """[{code, text, kind: yesno | text}]"""
        asked = FollowUpQuestion.objects.filter(active=True)
        fitting = [one for one in asked if not one.intents or task.case.intent in one.intents.split()]
        return [dict(row) for row in QuestionOut(fitting, many=True).data]

    def get_answer(self, task: FollowUpTask) -> str:
        text: str = task.case.events.get(version=task.answer_version).note
        return text


class CalledIn(FollowUpIn):
    answers = serializers.DictField(
        child=PlainText(max_length=500, allow_blank=True), required=False, default=dict, help_text="by code of question"
    )


class LinkOut(serializers.Serializer[Any]):
    url = serializers.CharField()


class SurveyOut(serializers.Serializer[Any]):
    """What a survey is about: nothing that identifies anybody."""

    topic = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    received_at = serializers.DateTimeField()
    rated = serializers.BooleanField()


class SurveyIn(RateIn):
    t = serializers.CharField(max_length=300, help_text="the token of the link")
