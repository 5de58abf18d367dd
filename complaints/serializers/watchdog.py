"""What waits, as supervisors read it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.serializers.supervision import AboutCase


class StepOut(serializers.Serializer[Any]):
    """A step and its numbers. owner: whose move it is. after: seconds until something counts as stuck there."""

    code = serializers.CharField(source="step.code")
    name = serializers.CharField(source="step.name")
    owner = serializers.CharField(source="step.owner")
    after = serializers.SerializerMethodField()
    waiting = serializers.IntegerField()
    stuck = serializers.IntegerField()
    oldest = serializers.DateTimeField(allow_null=True)

    def get_after(self, line: Any) -> int:
        return int(line.after.total_seconds())


class WaitingOut(serializers.Serializer[Any]):
    """One thing that waits. attempts: reminders or tries so far. why: what stands in the way. next_try: when the
    system moves by itself, null when only a person can."""

    case = AboutCase(allow_null=True)
    unit = serializers.CharField()
    since = serializers.DateTimeField()
    stuck_at = serializers.DateTimeField(allow_null=True)
    stuck = serializers.BooleanField()
    attempts = serializers.IntegerField()
    why = serializers.CharField()
    next_try = serializers.DateTimeField(allow_null=True)


class WaitingPage(serializers.Serializer[Any]):
    """The longest waiting first; `next` is the cursor of the following page or null."""

    results = WaitingOut(many=True)
    next = serializers.CharField(allow_null=True)


class DigestOut(serializers.Serializer[Any]):
    """The last daily digest of the viewer's region, in words; text "" where there is none yet."""

    day = serializers.DateField(allow_null=True)
    region = serializers.CharField()
    text = serializers.CharField()


class WatchOut(serializers.Serializer[Any]):
    steps = StepOut(many=True)
    digest = DigestOut()
