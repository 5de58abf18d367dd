"""Rates as they are asked for and shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from complaints.rates import BY
from complaints.serializers.models import ShareOut


class RatesIn(serializers.Serializer[Any]):
    """Days of Beijing, both included."""

    by = serializers.ChoiceField(choices=BY, required=False, default="none")
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "since" in attrs and "until" in attrs and attrs["since"] > attrs["until"]:
            raise serializers.ValidationError({"until": _("The end must lie after the beginning.")})
        return attrs


class BehindOut(serializers.Serializer[Any]):
    """Values of the `rate` filter of /cases/: exactly the cases of the denominator, the numerator, and the rest."""

    of = serializers.CharField()
    count = serializers.CharField()
    rest = serializers.CharField()


class RateOut(ShareOut):
    cases = BehindOut()


class RatesGroupOut(serializers.Serializer[Any]):
    """closed: cases closed in the period. refiled: of those closed as solved, filed again. recovered: yuan."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    closed = serializers.IntegerField()
    refiled = serializers.IntegerField()
    recovered = serializers.DecimalField(16, 2)
    response = RateOut()
    resolution = RateOut()
    resolution_net = RateOut()
    satisfaction = RateOut()


class RatesOut(serializers.Serializer[Any]):
    """refile_days: within how many days after the closing a new filing counts as the same trouble."""

    by = serializers.ChoiceField(choices=BY)
    since = serializers.DateField()
    until = serializers.DateField()
    refile_days = serializers.IntegerField()
    whole = RatesGroupOut()
    groups = RatesGroupOut(many=True)
