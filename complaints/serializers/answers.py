"""What a caller answered, as people read it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.serializers.fields import MaskedText


class AnswerOut(serializers.Serializer[Any]):
    field = serializers.CharField()
    question = serializers.CharField(source="label")
    answer = MaskedText(source="wording")
