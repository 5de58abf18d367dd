"""What people and systems send."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.models import Consent, Solved, TopicAnswer
from complaints.models.case import Channel, Urgency
from complaints.serializers.fields import ArticleNumber, CreditCode, IdentityNumber, PhoneNumber, PlainText

MAX_TEXT = 10_000  # characters


class RequesterIn(serializers.Serializer[Any]):
    name = PlainText(max_length=50, required=False, allow_blank=True, default="")
    phone = PhoneNumber(required=False, default="")
    id_number = IdentityNumber(required=False, default="")
    address = PlainText(max_length=200, required=False, allow_blank=True, default="")
    anonymous = serializers.BooleanField(required=False, default=False)


class RespondentIn(serializers.Serializer[Any]):
    name = PlainText(max_length=200, required=False, allow_blank=True, default="")
    uscc = CreditCode(required=False, default="")
    address = PlainText(max_length=200, required=False, allow_blank=True, default="")
    phone = PhoneNumber(required=False, default="")
    product_name = PlainText(max_length=200, required=False, allow_blank=True, default="")
    gtin = ArticleNumber(required=False, default="")
    lot_number = PlainText(max_length=60, required=False, allow_blank=True, default="")


class DeclaredIn(serializers.Serializer[Any]):
    """What the citizen says about the filing itself; see complaints.models.declared."""

    consents = serializers.ListField(
        child=serializers.ChoiceField(choices=Consent.choices), required=False, default=list, max_length=10
    )
    topic = PlainText(max_length=3, required=False, allow_blank=True, default="", help_text="code that was asked about")
    topic_answer = serializers.ChoiceField(choices=TopicAnswer.choices, required=False, allow_blank=True, default="")
    same_as = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", help_text="key of a case in /hints/nearby/"
    )


class AnswerIn(serializers.Serializer[Any]):
    """An answer to a question of /questions/."""

    question = serializers.IntegerField()
    value = PlainText(max_length=500, allow_blank=True)


class IntakeIn(serializers.Serializer[Any]):
    """A complaint. Only `text` is required; everything else helps to reach the right desk."""

    text = PlainText(max_length=MAX_TEXT)
    title = PlainText(max_length=200, required=False, allow_blank=True, default="")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, allow_blank=True, default="")
    source_line = PlainText(max_length=50, required=False, allow_blank=True, default="")
    event_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    place = PlainText(max_length=300, required=False, allow_blank=True, default="")
    region = PlainText(max_length=6, required=False, allow_blank=True, allow_null=True, default="")
    requester = RequesterIn(required=False)
    respondent = RespondentIn(required=False)
    declared = DeclaredIn(required=False)
    asks = serializers.ListField(
        child=serializers.ChoiceField(choices=["complaint", "report"]), required=False, default=list, max_length=2,
        help_text="complaint: a remedy; report: punishment; both: two cases; empty: read from the text",
    )  # fmt: skip
    call = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="the call on the line")
    answers = AnswerIn(many=True, required=False, default=list)
    transferred_to = serializers.ChoiceField(
        choices=["110", "119", "120", "122"], required=False, allow_blank=True, default=""
    )


class LoginIn(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class VersionIn(serializers.Serializer[Any]):
    """The version of the case that the sender saw; when it moved on meanwhile, the answer is 409."""

    version = serializers.IntegerField(min_value=1)


class NothingIn(serializers.Serializer[Any]):
    """The verb says it all."""


class ReasonIn(serializers.Serializer[Any]):
    reason = PlainText(max_length=1000)


class TextIn(serializers.Serializer[Any]):
    text = PlainText(max_length=5000)


class ReplyIn(VersionIn, TextIn):
    override = PlainText(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="why the answer goes out although /reply-check/ stops it",
    )


class ReplyCheckIn(serializers.Serializer[Any]):
    text = PlainText(max_length=5000, allow_blank=True)
    public = serializers.BooleanField(required=False, default=False)


class MoveIn(VersionIn, ReasonIn):
    """A move that needs its reason."""


class ReturnIn(MoveIn):
    ground = serializers.CharField(source="ground_code", max_length=30, help_text="code of a return ground, /grounds/")


class RefuseIn(VersionIn, TextIn):
    ground = serializers.CharField(source="ground_code", max_length=30, help_text="code of a refusal ground, /grounds/")


class SupplementAskedIn(VersionIn, TextIn):
    until = serializers.DateField(help_text="the citizen's last day")


class InviteIn(MoveIn):
    participants = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=20)


class WaiveIn(MoveIn):
    participant = serializers.IntegerField(
        allow_null=True, default=None, help_text="id of the unit; null: every unit that still owes an answer"
    )


class ExtensionIn(MoveIn):
    working_days = serializers.IntegerField(min_value=1, max_value=365)


class SuspensionIn(MoveIn):
    until = serializers.DateField(required=False, allow_null=True, default=None)


class HandOverIn(VersionIn, TextIn):
    to = serializers.ChoiceField(choices=["authority", "province"])
    to_name = PlainText(max_length=100)


class CrimeIn(VersionIn, TextIn):
    to = serializers.ChoiceField(choices=["police", "procuratorate", "discipline"], required=False, default="police")
    to_name = PlainText(max_length=100)


class RateIn(serializers.Serializer[Any]):
    """grade: 1 very dissatisfied to 5 very satisfied."""

    grade = serializers.IntegerField(min_value=1, max_value=5)
    solved = serializers.ChoiceField(choices=Solved.choices, required=False, allow_blank=True, default="")
    comment = PlainText(max_length=1000, required=False, allow_blank=True, default="")


class FollowUpIn(VersionIn):
    reached = serializers.BooleanField()
    grade = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True, default=None)
    solved = serializers.ChoiceField(choices=Solved.choices, required=False, allow_blank=True, default="")
    comment = PlainText(max_length=1000, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["reached"] and attrs["grade"] is not None:
            raise serializers.ValidationError({"grade": _("Nobody was reached, so there is no grade.")})
        return attrs


class CloseIn(MoveIn):
    """What became of the matter; amounts in yuan. `ground`: code of an unsolved ground, /grounds/."""

    solved = serializers.ChoiceField(choices=Solved.choices, required=False, allow_blank=True, default="")
    ground = PlainText(source="ground_code", max_length=30, required=False, allow_blank=True, default="")
    why_not = PlainText(max_length=1000, required=False, allow_blank=True, default="")
    claimed = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True, default=None)
    recovered = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True, default=None)
    advance_compensation = serializers.BooleanField(required=False, default=False)
    sanction_number = PlainText(max_length=60, required=False, allow_blank=True, default="")
    mediation_number = PlainText(max_length=60, required=False, allow_blank=True, default="")


class MergeIn(MoveIn):
    into = PlainText(max_length=30, help_text="number of the case that goes on")


class MatterIn(serializers.Serializer[Any]):
    text = PlainText(max_length=MAX_TEXT)
    topic = PlainText(max_length=3)
    lead = serializers.IntegerField()
    participants = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=20)


class SplitIn(MoveIn):
    matters = serializers.ListField(child=MatterIn(), min_length=1, max_length=10)


class AdjudicateIn(MoveIn):
    lead = serializers.IntegerField()
    participants = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=20)
    topic = PlainText(max_length=3, required=False, allow_blank=True, default="")
    basis = PlainText(max_length=300)


class WithdrawIn(VersionIn):
    reason = PlainText(max_length=1000, required=False, allow_blank=True, default="")


class DispatchIn(MoveIn):
    lead = serializers.IntegerField(help_text="id of the lead unit")
    participants = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=20)
    topic = PlainText(max_length=3, required=False, allow_blank=True, default="")
    second = PlainText(
        max_length=3, required=False, allow_blank=True, default="", help_text="a further topic that the case touches"
    )
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, allow_blank=True, default="")


class MessageIn(serializers.Serializer[Any]):
    id = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    title = PlainText(max_length=1000, required=False, allow_blank=True, default="")
    text = PlainText(max_length=100_000, allow_blank=True)


class ClassifyIn(serializers.Serializer[Any]):
    items = serializers.ListField(child=MessageIn(), min_length=1, max_length=64)


class AttachmentIn(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=False, max_length=200)
