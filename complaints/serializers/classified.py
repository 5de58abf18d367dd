"""What the model says of texts that are no cases."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ClassifiedOut(serializers.Serializer[Any]):
    id = serializers.CharField()
    domain = serializers.CharField(allow_null=True)
    topic = serializers.CharField()
    confidence = serializers.FloatField()
    topics = serializers.ListField(child=serializers.DictField())
    intent = serializers.CharField()
    urgency = serializers.CharField()
    urgency_hits = serializers.ListField(child=serializers.DictField())
    needs_review = serializers.BooleanField()
    model_version = serializers.CharField()


class ClassifyOut(serializers.Serializer[Any]):
    results = ClassifiedOut(many=True)
