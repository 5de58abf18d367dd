"""Lists that forms choose from."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import classifier
from complaints.actions import where
from complaints.errors import Invalid
from complaints.models import Ground, GroundKind, RewardLevel
from complaints.serializers.pieces import SuggestionOut
from complaints.serializers.proceedings import GroundOut
from complaints.serializers.reference import FoundOut, RegionOut, TopicOut, UnitOut
from complaints.serializers.reporting import RewardLevelOut
from routing.decide import Router
from routing.facts import Facts
from routing.models import Region, Topic, Unit
from routing.reasons import sentence

UNITS = 200


class TopicsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=TopicOut(many=True))
    def get(self, request: Request) -> Response:
        topics = list(Topic.objects.order_by("code").values("code", "domain", "name"))
        topics += [{"code": code, "domain": "", "name": name} for code, name in classifier.disposition_names().items()]
        return Response(topics)


class GroundsView(APIView):
    """Coded reasons for returning or not accepting a case, as in force for one received on `received_on`."""

    @extend_schema(
        parameters=[OpenApiParameter("kind", enum=GroundKind.values), OpenApiParameter("received_on", type=date)],
        responses=GroundOut(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        try:
            day = date.fromisoformat(asked.get("received_on") or timezone.localdate().isoformat())
        except ValueError as error:
            message = _("This is not a date.")
            raise Invalid("not_a_date", message, {"received_on": message}) from error
        grounds = Ground.objects.in_force(day)
        if asked.get("kind"):
            grounds = grounds.filter(kind=asked["kind"])
        return Response(GroundOut(grounds, many=True).data)


class RewardLevelsView(APIView):
    """The levels by which a reward for a report is reckoned today."""

    @extend_schema(responses=RewardLevelOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(RewardLevelOut(RewardLevel.objects.in_force(timezone.localdate()), many=True).data)


class RegionsView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(responses=RegionOut(many=True))
    def get(self, request: Request) -> Response:
        return Response(RegionOut(Region.objects.order_by("code"), many=True).data)


class RegionFindView(APIView):
    """The regions that words of an address or a message name; `within`: a region that is known already."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=[OpenApiParameter("text", required=True), OpenApiParameter("within")], responses=FoundOut)
    def get(self, request: Request) -> Response:
        within = request.query_params.get("within", "")
        if within and not Region.objects.filter(pk=within).exists():
            message = _("There is no region with this code.")
            raise Invalid("unknown_region", message, {"within": message})
        found = where.find_region(request.query_params.get("text", ""), within)
        return Response(FoundOut({"candidates": found.regions, "ambiguous": found.ambiguous}).data)


class UnitsView(APIView):
    """Units that may be given a case: of one region and of those above it, or by a part of the name."""

    @extend_schema(parameters=[OpenApiParameter("region"), OpenApiParameter("q")], responses=UnitOut(many=True))
    def get(self, request: Request) -> Response:
        units = Unit.objects.order_by("-region", "bureau")
        region = request.query_params.get("region", "")
        if region:
            units = units.filter(region__in=[region, f"{region[:4]}00", f"{region[:2]}0000"])
        if words := request.query_params.get("q", "").strip():
            units = units.filter(name__contains=words)
        return Response(UnitOut(units[:UNITS], many=True).data)


class SuggestionView(APIView):
    """Whom the rules would make responsible for a topic at a place; what a dispatcher starts from."""

    @extend_schema(
        parameters=[OpenApiParameter("topic", required=True), OpenApiParameter("region", required=True)],
        responses=SuggestionOut,
    )
    def get(self, request: Request) -> Response:
        topic, region = request.query_params.get("topic", "")[:3], request.query_params.get("region", "")[:6]
        decision = Router.load({region}, {topic}).decide(Facts(topic=topic, region=region))
        units = Unit.objects.in_bulk([unit for unit in (decision.lead, *decision.participants) if unit])
        return Response(
            SuggestionOut(
                {
                    "lead": units[decision.lead] if decision.lead else None,
                    "participants": [units[unit] for unit in decision.participants],
                    "reasons": [{"code": reason.code, "text": sentence(reason)} for reason in decision.reasons],
                }
            ).data
        )
