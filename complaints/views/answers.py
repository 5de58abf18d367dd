"""The check of a draft answer, before it is sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions
from complaints.numbers import normalise_number
from complaints.serializers.incoming import ReplyCheckIn
from complaints.serializers.reference import ProblemOut


class SpanOut(serializers.Serializer[Any]):
    """Characters [start, end) of the answer."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ReplyFindingOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    stops = serializers.BooleanField(help_text="refused unless `override` gives a reason")
    message = serializers.CharField()
    spans = SpanOut(many=True)


class ReplyCheckOut(serializers.Serializer[Any]):
    findings = ReplyFindingOut(many=True)


class ReplyCheckView(APIView):
    """What the answer lacks, and what stops it; nothing is stored."""

    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="cases_reply_check",
        request=ReplyCheckIn,
        responses={200: ReplyCheckOut, 403: ProblemOut, 404: ProblemOut},
    )
    def post(self, request: Request, number: str) -> Response:
        given = ReplyCheckIn(data=request.data)
        given.is_valid(raise_exception=True)
        findings = actions.check_answer(request.user, normalise_number(number) or number, **given.validated_data)
        shown = [
            {**asdict(finding), "spans": [{"start": start, "end": end} for start, end in finding.spans]}
            for finding in findings
        ]
        return Response(ReplyCheckOut({"findings": shown}).data)
