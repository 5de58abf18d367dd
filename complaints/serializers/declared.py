"""What a citizen said when filing, as it is shown beside the case."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models import TopicAnswer
from complaints.serializers.reference import NamedOut


class DeclaredOut(serializers.Serializer[Any]):
    """topic_answer: what the citizen said when asked whether it is about `topic`. same_as: number of a like case."""

    consents = NamedOut(many=True)
    topic = NamedOut(allow_null=True)
    topic_answer = serializers.ChoiceField(choices=TopicAnswer.choices, allow_blank=True)
    same_as = serializers.CharField(allow_blank=True)
