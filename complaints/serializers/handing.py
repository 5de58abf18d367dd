"""Hand-overs of a case or of a clue, the package for the receiving authority, and its receipt."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import PlainText


class ReceiptOut(serializers.Serializer[Any]):
    number = serializers.CharField(help_text="the receiving authority's own number")
    text = serializers.CharField()
    at = serializers.DateTimeField()


class HandingOut(serializers.Serializer[Any]):
    """version: names the hand-over in the address of its package and receipt."""

    version = serializers.IntegerField()
    verb = serializers.ChoiceField(choices=["hand_over", "refer_crime"])
    to = serializers.ChoiceField(choices=["authority", "province", "police", "procuratorate", "discipline"])
    to_name = serializers.CharField()
    at = serializers.DateTimeField()
    receipt = ReceiptOut(allow_null=True)


class HandingsOut(serializers.Serializer[Any]):
    handings = HandingOut(many=True)
    may_reveal = serializers.BooleanField(help_text="may take the package with personal data in clear, for a reason")


class PackageIn(serializers.Serializer[Any]):
    """clear: with personal data, for a reason; otherwise masked."""

    clear = serializers.BooleanField(default=False)
    reason = PlainText(max_length=500, allow_blank=True, default="")


class ReceiptIn(serializers.Serializer[Any]):
    receipt_number = PlainText(max_length=100)
    text = PlainText(max_length=1000, allow_blank=True, default="")
