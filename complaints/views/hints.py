"""Hints for whoever is writing a complaint: public, throttled by address, nothing stored."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from complaints import actions
from complaints.serializers.hints import NearbyIn, NearbyOut, TopicHintIn, TopicHintOut
from complaints.serializers.outgoing import topic_names
from complaints.serializers.reference import ProblemOut


class HintThrottle(AnonRateThrottle):
    scope = "hint"


class TopicHintView(APIView):
    """What the page may ask the writer: “is it about …?”"""

    permission_classes = [AllowAny]
    throttle_classes = [HintThrottle]

    @extend_schema(request=TopicHintIn, responses={200: TopicHintOut, 400: ProblemOut, 429: ProblemOut})
    def post(self, request: Request) -> Response:
        given = TopicHintIn(data=request.data)
        given.is_valid(raise_exception=True)
        hint = actions.topic_hint(given.validated_data["text"])
        topic = {"code": hint.topic[0], "name": hint.topic[1]} if hint.topic else None
        return Response(TopicHintOut({"topic": topic, "danger": hint.danger}).data)


class NearbyView(APIView):
    """Open cases nearby that the text is much like, without anything that tells whose they are."""

    permission_classes = [AllowAny]
    throttle_classes = [HintThrottle]

    @extend_schema(request=NearbyIn, responses={200: NearbyOut, 400: ProblemOut, 429: ProblemOut})
    def post(self, request: Request) -> Response:
        given = NearbyIn(data=request.data)
        given.is_valid(raise_exception=True)
        found = actions.nearby(given.validated_data["text"], given.validated_data["region"])
        names = topic_names() if found else {}
        rows = [
            {
                "key": one.key,
                "topic": {"code": one.case.topic, "name": names.get(one.case.topic, "")},
                "region": one.case.region and {"code": one.case.region.code, "name": one.case.region.full_name},
                "received_on": timezone.localdate(one.case.received_at),
            }
            for one in found
        ]
        return Response(NearbyOut({"results": rows}).data)
