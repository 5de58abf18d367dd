"""What the filing page asks while a citizen writes, and what it is told."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import PlainText
from complaints.serializers.incoming import MAX_TEXT
from complaints.serializers.reference import NamedOut


class TopicHintIn(serializers.Serializer[Any]):
    text = PlainText(max_length=MAX_TEXT)


class TopicHintOut(serializers.Serializer[Any]):
    """topic: to be asked about, or null. danger: the text speaks of danger to life, an emergency line is quicker."""

    topic = NamedOut(allow_null=True)
    danger = serializers.BooleanField()


class NearbyIn(TopicHintIn):
    region = serializers.RegexField(r"^\d{6}$")


class NearOut(serializers.Serializer[Any]):
    """Nothing of anybody's words or person; `key` is sent back as `same_as` by somebody with the same trouble."""

    key = serializers.CharField()
    topic = NamedOut()
    region = NamedOut(allow_null=True)
    received_on = serializers.DateField()


class NearbyOut(serializers.Serializer[Any]):
    results = NearOut(many=True)
