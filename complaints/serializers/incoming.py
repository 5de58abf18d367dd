"""What people and systems send."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models.case import Channel, Urgency
from complaints.serializers.fields import CreditCode, IdentityNumber, PhoneNumber, PlainText

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


class LoginIn(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class VersionIn(serializers.Serializer[Any]):
    """The version of the case that the sender saw; when it moved on meanwhile, the answer is 409."""

    version = serializers.IntegerField(min_value=1)


class ReasonIn(serializers.Serializer[Any]):
    reason = PlainText(max_length=1000)


class TextIn(serializers.Serializer[Any]):
    text = PlainText(max_length=5000)


class ReplyIn(VersionIn, TextIn):
    pass


class MoveIn(VersionIn, ReasonIn):
    """A move that needs its reason."""


class WithdrawIn(VersionIn):
    reason = PlainText(max_length=1000, required=False, allow_blank=True, default="")


class DispatchIn(MoveIn):
    lead = serializers.IntegerField(help_text="id of the lead unit")
    participants = serializers.ListField(child=serializers.IntegerField(), required=False, default=list, max_length=20)
    topic = PlainText(max_length=3, required=False, allow_blank=True, default="")
    urgency = serializers.ChoiceField(choices=Urgency.choices, required=False, allow_blank=True, default="")


class MessageIn(serializers.Serializer[Any]):
    id = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    title = PlainText(max_length=1000, required=False, allow_blank=True, default="")
    text = PlainText(max_length=100_000, allow_blank=True)


class ClassifyIn(serializers.Serializer[Any]):
    items = serializers.ListField(child=MessageIn(), min_length=1, max_length=64)


class AttachmentIn(serializers.Serializer[Any]):
    file = serializers.FileField(allow_empty_file=False, max_length=200)
