"""What is said to and of the models: figures, versions, steps and runs over history."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import ModelState, ModelVersion, ReclassifyRun, RunState
from complaints.quality import BY
from complaints.serializers.fields import PlainText
from complaints.serializers.reference import NamedOut


class QualityIn(serializers.Serializer[Any]):
    by = serializers.ChoiceField(choices=sorted(BY), required=False, default="none")
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "since" in attrs and "until" in attrs and attrs["since"] >= attrs["until"]:
            raise serializers.ValidationError({"until": _("The end must lie after the beginning.")})
        return attrs


class ShareOut(serializers.Serializer[Any]):
    """`count` of `of`, with its 95 % interval; the shares are null where there is nothing to divide by."""

    count = serializers.IntegerField()
    of = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class FiguresOut(serializers.Serializer[Any]):
    answers = serializers.IntegerField()
    mean_confidence = serializers.FloatField(allow_null=True)
    review = ShareOut()
    auto_routed = ShareOut()
    topic = ShareOut()
    domain = ShareOut()
    sure_domain = ShareOut()
    auto_domain = ShareOut()


class DriftOut(serializers.Serializer[Any]):
    topics = serializers.FloatField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    answers = serializers.IntegerField()
    reference = serializers.IntegerField()


class GroupOut(serializers.Serializer[Any]):
    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    served = FiguresOut()
    shadow = FiguresOut(allow_null=True)
    drift = DriftOut()


class QualityOut(serializers.Serializer[Any]):
    by = serializers.ChoiceField(choices=sorted(BY))
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    reference_since = serializers.DateTimeField()
    groups = GroupOut(many=True)


class FrozenOut(serializers.Serializer[Any]):
    """Accuracy on the frozen test messages; figures of different splits cannot be compared."""

    split = serializers.CharField()
    messages = serializers.IntegerField()
    topic = serializers.FloatField()
    domain = serializers.FloatField()


class ModelEventOut(serializers.Serializer[Any]):
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()


class ModelVersionOut(serializers.ModelSerializer[ModelVersion]):
    """`rollback_to`: of the active one, the version that a rollback would bring back."""

    state = serializers.ChoiceField(choices=ModelState.choices)
    state_name = serializers.CharField(source="get_state_display")
    frozen = serializers.SerializerMethodField()
    created_by = serializers.SerializerMethodField()
    activated_by = serializers.SerializerMethodField()
    rollback_to = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            "version", "state", "state_name", "frozen", "created_at", "created_by", "activated_at", "activated_by",
            "rollback_to", "events",
        ]  # fmt: skip

    @extend_schema_field(FrozenOut(allow_null=True))
    def get_frozen(self, row: ModelVersion) -> dict[str, Any] | None:
        if row.frozen_messages is None:
            return None
        return {
            "split": row.frozen_split, "messages": row.frozen_messages, "topic": row.frozen_topic,
            "domain": row.frozen_domain,
        }  # fmt: skip

    def get_created_by(self, row: ModelVersion) -> str:
        return str(row.created_by or "")

    def get_activated_by(self, row: ModelVersion) -> str:
        return str(row.activated_by or "")

    def get_rollback_to(self, row: ModelVersion) -> str:
        return row.previous.version if row.previous and row.state == ModelState.ACTIVE else ""

    @extend_schema_field(ModelEventOut(many=True))
    def get_events(self, row: ModelVersion) -> list[dict[str, Any]]:
        return [
            {"kind": event.kind, "at": event.at, "by": str(event.by or ""), "reason": event.reason}
            for event in row.events.all()
        ]


class VersionsOut(serializers.Serializer[Any]):
    """`may_change`: whether the viewer may activate, roll back and so on."""

    may_change = serializers.BooleanField()
    results = ModelVersionOut(many=True)


class ActivateIn(serializers.Serializer[Any]):
    version = PlainText(max_length=80)
    reason = PlainText(max_length=1000)


class ShadowIn(serializers.Serializer[Any]):
    """The model to run in shadow; an empty version ends the shadow."""

    version = PlainText(max_length=80, required=False, allow_blank=True, default="")
    reason = PlainText(max_length=1000)


class ReclassifyIn(serializers.Serializer[Any]):
    """Begin a run (version "": the active model; a period), or move one: run and move."""

    version = PlainText(max_length=80, required=False, allow_blank=True, default="")
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    run = serializers.IntegerField(required=False, min_value=1)
    move = serializers.ChoiceField(choices=["pause", "resume", "cancel"], required=False)
    reason = PlainText(max_length=1000, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("run" in attrs) != ("move" in attrs):
            raise serializers.ValidationError({"move": _("Name both the run and what shall happen to it.")})
        return attrs


class RunOut(serializers.ModelSerializer[ReclassifyRun]):
    model = serializers.CharField(source="model.version")
    state = serializers.ChoiceField(choices=RunState.choices)
    state_name = serializers.CharField(source="get_state_display")
    created_by = serializers.SerializerMethodField()

    class Meta:
        model = ReclassifyRun
        fields = [
            "id", "model", "since", "until", "done", "total", "state", "state_name", "error", "created_at",
            "created_by", "updated_at",
        ]  # fmt: skip

    def get_created_by(self, row: ReclassifyRun) -> str:
        return str(row.created_by or "")


class OtherTopicOut(serializers.Serializer[Any]):
    """A case whose topic the run's model sees differently; nothing about the case was changed."""

    number = serializers.CharField()
    state_name = serializers.CharField()
    topic = NamedOut()
    would_be = NamedOut()
    confidence = serializers.FloatField()
    received_at = serializers.DateTimeField()


class OtherTopicsPage(serializers.Serializer[Any]):
    results = OtherTopicOut(many=True)
    next = serializers.CharField(allow_null=True)
