"""What the case page shows of a case's text: why this topic, which matters, which cases like it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.lifecycle import State
from complaints.serializers.reference import NamedOut, UnitRef


class PhraseOut(serializers.Serializer[Any]):
    """A phrase of the case's title or text as shown there; offsets in code points, end exclusive."""

    part = serializers.ChoiceField(choices=["title", "text"])
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    weight = serializers.FloatField(help_text="0..1, the strongest phrase has 1")


class WhyOut(serializers.Serializer[Any]):
    topic = NamedOut()
    model_version = serializers.CharField()
    phrases = PhraseOut(many=True)


class MatterOut(serializers.Serializer[Any]):
    """One of several matters of a case; offsets in its text, code points, end exclusive."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()
    topic = NamedOut()
    probability = serializers.FloatField()
    lead = UnitRef(allow_null=True)


class MattersOut(serializers.Serializer[Any]):
    matters = MatterOut(many=True)


class SimilarCaseOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    summary = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    state_name = serializers.CharField()
    topic = NamedOut(allow_null=True)
    received_at = serializers.DateTimeField()
    similarity = serializers.FloatField(help_text="cosine")
    duplicate = serializers.BooleanField(help_text="probably the same matter")


class SimilarOut(serializers.Serializer[Any]):
    results = SimilarCaseOut(many=True)
