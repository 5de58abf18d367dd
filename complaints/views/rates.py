"""Response, resolution and satisfaction rates over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import permissions, rates
from complaints.serializers.rates import RatesIn, RatesOut
from complaints.serializers.reference import ProblemOut

USUAL_PERIOD: Final = timedelta(weeks=12)


class RatesView(APIView):
    """The three rates over the cases that the viewer may see; the last twelve weeks unless asked otherwise."""

    @extend_schema(
        operation_id="rates", parameters=[RatesIn], responses={200: RatesOut, 400: ProblemOut, 403: ProblemOut}
    )
    def get(self, request: Request) -> Response:
        viewer = permissions.require_rates(request.user)
        given = RatesIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        by = given.validated_data["by"]
        until = given.validated_data.get("until") or timezone.localdate()
        since = given.validated_data.get("since") or until - USUAL_PERIOD
        whole = rates.rates(viewer, "none", since, until) or [rates.Rates("", "")]
        groups = [] if by == "none" else rates.rates(viewer, by, since, until)
        answer = {
            "by": by,
            "since": since,
            "until": until,
            "refile_days": settings.REFILE_DAYS,
            "whole": _shown(whole[0], "none", since, until),
            "groups": [_shown(group, by, since, until) for group in groups],
        }
        return Response(RatesOut(answer).data)


def _shown(group: rates.Rates, by: str, since: date, until: date) -> dict[str, Any]:
    """With the cases behind each figure."""
    shown = asdict(group)
    for figure in rates.FIGURES:
        shown[figure]["cases"] = {
            part: rates.Behind(figure, part, by, group.key, since, until).token for part in rates.PARTS
        }
    return shown
