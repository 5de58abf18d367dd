"""Calls, the caller card, questions and hints. No number leaves here in clear but that of a call to be returned."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints import privacy
from complaints.lifecycle import OPEN, State
from complaints.models import Call, CallerNote, CallState, Case, NoteKind, Question, QuestionKind
from complaints.models.case import Urgency
from complaints.serializers.fields import PhoneNumber, PlainText
from complaints.serializers.pieces import ReasonOut, TopicScoreOut
from complaints.serializers.reference import Named, NamedOut, UnitRef

MAX_DRAFT = 10_000  # characters


class CallIn(serializers.Serializer[Any]):
    """What an exchange says of a call. The same `cti_id` again: a later state of the same call."""

    cti_id = PlainText(max_length=64)
    state = serializers.ChoiceField(choices=["ringing", "answered", "ended"])
    phone = PlainText(max_length=40, required=False, allow_blank=True, default="", help_text="empty: withheld")
    line = PlainText(max_length=20, required=False, allow_blank=True, default="", help_text="the number called")
    agent = PlainText(
        max_length=150, required=False, allow_blank=True, default="", help_text="user name or extension of the seat"
    )


class CallStateIn(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["answered", "ended", "wrapped"])


class CallSupplementIn(serializers.Serializer[Any]):
    number = PlainText(max_length=30)
    text = PlainText(max_length=5000)


class CallerNoteIn(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=NoteKind.choices)
    note = PlainText(max_length=200, required=False, allow_blank=True, default="", help_text="empty: take it away")


class TransferIn(serializers.Serializer[Any]):
    to = serializers.ChoiceField(choices=["110", "119", "120", "122"])


class CallOut(serializers.ModelSerializer[Call]):
    """`phone` is masked, "" when withheld."""

    phone = serializers.SerializerMethodField()
    case = serializers.CharField(source="case.number", default=None, allow_null=True)
    state = serializers.ChoiceField(choices=CallState.choices)

    class Meta:
        model = Call
        fields = ["id", "state", "phone", "line", "rang_at", "answered_at", "ended_at", "case"]

    def get_phone(self, call: Call) -> str:
        return privacy.mask_phone(call.phone or "")


class CallerCaseOut(serializers.Serializer[Any]):
    """All that a call-taker hears of a caller's case at another desk; `mine`: it may be opened."""

    number = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_name = serializers.CharField(source="get_state_display")
    topic = serializers.SerializerMethodField()
    received_at = serializers.DateTimeField()
    open = serializers.SerializerMethodField()
    mine = serializers.BooleanField()

    @extend_schema_field(NamedOut(allow_null=True))
    def get_topic(self, case: Case) -> Named | None:
        return {"code": case.topic, "name": self.context["topics"].get(case.topic, "")} if case.topic else None

    def get_open(self, case: Case) -> bool:
        return case.state in OPEN


class CallerNoteOut(serializers.ModelSerializer[CallerNote]):
    kind_name = serializers.CharField(source="get_kind_display")
    note = serializers.CharField()

    class Meta:
        model = CallerNote
        fields = ["kind", "kind_name", "note", "at"]


class CallerCardOut(serializers.Serializer[Any]):
    phone = serializers.CharField()
    region = serializers.SerializerMethodField()
    name = serializers.CharField()
    cases = CallerCaseOut(many=True)
    filed = serializers.IntegerField(help_text="cases of the last 90 days")
    still_open = serializers.IntegerField()
    frequent = serializers.BooleanField()
    notes = CallerNoteOut(many=True)

    @extend_schema_field(NamedOut(allow_null=True))
    def get_region(self, card: Any) -> Named | None:
        return {"code": card.region.code, "name": card.region.full_name} if card.region else None


class CurrentCallOut(serializers.Serializer[Any]):
    """The call on the screen with its card, and calls that ring meanwhile."""

    call = CallOut(allow_null=True)
    card = CallerCardOut(allow_null=True)
    ringing = CallOut(many=True)


class ClearNumberOut(serializers.Serializer[Any]):
    phone = serializers.CharField()


class ChoiceOut(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF uses the name for something else


class QuestionOut(serializers.ModelSerializer[Question]):
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    choices = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ["id", "field", "label", "kind", "choices", "required"]

    @extend_schema_field(ChoiceOut(many=True))
    def get_choices(self, question: Question) -> list[dict[str, str]]:
        return [{"value": value, "label": label} for value, label in question.options]


class DraftIn(serializers.Serializer[Any]):
    """A complaint in the making. answers: by field of the question."""

    text = PlainText(max_length=MAX_DRAFT, required=False, allow_blank=True, default="")
    region = PlainText(max_length=6, required=False, allow_blank=True, default="")
    place = PlainText(max_length=300, required=False, allow_blank=True, default="")
    answers = serializers.DictField(child=PlainText(max_length=500, allow_blank=True), required=False, default=dict)


class SimilarDraftIn(DraftIn):
    """phone: as typed; call: the call on the line, whose number the browser does not know."""

    phone = PhoneNumber(required=False, default="")
    call = serializers.IntegerField(required=False, allow_null=True, default=None)


class HitOut(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=Urgency.choices)
    danger = serializers.CharField()
    phrase = serializers.CharField()


class HintOut(serializers.Serializer[Any]):
    """What the model and the rules say so far. region: read from the words, where none was chosen."""

    available = serializers.BooleanField()
    topic = NamedOut(allow_null=True)
    domain = serializers.CharField(allow_null=True)
    confidence = serializers.FloatField()
    sure = serializers.BooleanField(help_text="false: a dispatcher would decide")
    topics = TopicScoreOut(many=True)
    intent = serializers.CharField()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    hits = HitOut(many=True)
    region = NamedOut(allow_null=True)
    lead = UnitRef(allow_null=True)
    participants = UnitRef(many=True)
    reasons = ReasonOut(many=True)
