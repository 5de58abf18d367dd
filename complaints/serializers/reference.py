"""Lists that forms choose from, and the problem that every refusal is."""

from __future__ import annotations

from typing import Any, TypedDict

from rest_framework import serializers

from routing.models import Region, Unit


class Named(TypedDict):
    code: str
    name: str


class UnitRef(serializers.ModelSerializer[Unit]):
    class Meta:
        model = Unit
        fields = ["id", "name"]


class UnitOut(serializers.ModelSerializer[Unit]):
    bureau = serializers.CharField(source="bureau_id")
    region = serializers.CharField(source="region_id")

    class Meta:
        model = Unit
        fields = ["id", "name", "bureau", "region", "level"]


class RegionOut(serializers.ModelSerializer[Region]):
    parent = serializers.CharField(source="parent_id", allow_null=True)  # type: ignore[assignment]

    class Meta:
        model = Region
        fields = ["code", "name", "level", "parent"]


class PlaceOut(serializers.Serializer[Any]):
    """A region that a text may mean; confidence from 0 to 1, its meaning: docs/routing.md."""

    code = serializers.CharField()
    name = serializers.CharField()
    confidence = serializers.FloatField()
    matched = serializers.CharField()


class FoundOut(serializers.Serializer[Any]):
    """Not ambiguous and one candidate: that is the answer. Ambiguous: ask which; none: the text names no place."""

    candidates = PlaceOut(many=True)
    ambiguous = serializers.BooleanField()


class TopicOut(serializers.Serializer[Any]):
    """A topic of the four domains, or a disposition (X codes) with an empty domain."""

    code = serializers.CharField()
    domain = serializers.CharField(allow_blank=True)
    name = serializers.CharField()


class NamedOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


_MESSAGES = serializers.ListField(child=serializers.CharField())


class ProblemOut(serializers.Serializer[Any]):
    """RFC 9457 problem details; `errors` holds messages by field."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    # the name is what problem+json readers expect; DRF's serializers use it for something else
    errors = serializers.DictField(child=_MESSAGES, required=False)  # type: ignore[assignment]
