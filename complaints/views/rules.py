"""Why a case lies where it lies; rule sets and their simulations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, permissions
from complaints.errors import Missing
from complaints.models import RuleSimulation, Viewer
from complaints.serializers.reference import ProblemOut
from complaints.serializers.rule_editing import RuleDraftIn
from complaints.serializers.rules import (
    ActivateRulesIn,
    BecauseIn,
    CardOut,
    RuleSetOut,
    SimulationIn,
    SimulationOut,
)
from complaints.views.cases import visible_case
from routing import card
from routing.analysis import rule_counts
from routing.models import RuleSet, RuleSetState

_REFUSALS = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}
_SHOWN_SETS = 50


def _card(request: Request, number: str) -> dict[str, Any]:
    """The card of the case's last decision; accounts only, the cases that they may see."""
    case = visible_case(request.user, number)
    decision = case.decisions.order_by("-pk").first()
    if decision is None:
        raise Missing("no_decision", _("Nobody has been made responsible for the case yet."))
    stored = {
        "reasons": decision.reasons,
        "level": decision.level,
        "record": decision.record,
        "rule": decision.rule,
        "rule_version": decision.rule_version,
        "ruleset": decision.ruleset,
    }
    return card.build(case.number, decision.at, stored)


class WhyHereView(APIView):
    @extend_schema(operation_id="cases_why_here", responses={200: CardOut, 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        return Response(CardOut(_card(request, number)).data)


class AnyAccept(DefaultContentNegotiation):
    """A page is asked for as text/html; refusals are problem+json as everywhere."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class WhyHerePageView(APIView):
    """The same for paper."""

    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="cases_why_here_page", responses={(200, "text/html"): str, 404: ProblemOut})
    def get(self, request: Request, number: str) -> HttpResponse:
        page = HttpResponse(card.page(_card(request, number)))
        page["Cache-Control"] = "private, no-store"
        return page


def rows(viewer: Viewer, rulesets: Iterable[RuleSet]) -> list[dict[str, Any]]:
    """Rule sets as RuleSetOut shows them; three queries however many."""
    current, counts, may_change = RuleSet.objects.in_force(), rule_counts(), permissions.may_change_models(viewer)
    return [
        _row(ruleset, current, counts[ruleset.number]) | {"actions": _actions(ruleset, may_change)}
        for ruleset in rulesets
    ]


def _actions(ruleset: RuleSet, may_change: bool) -> list[str]:
    if not may_change:
        return ["simulate"]
    draft = ["edit", "discard", "activate"] if ruleset.state == RuleSetState.DRAFT else []
    back = ["roll_back"] if ruleset.state == RuleSetState.ACTIVE and ruleset.replaced_id else []
    return ["simulate", "copy", *draft, *back]


def _row(ruleset: RuleSet, current: RuleSet | None, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "number": ruleset.number,
        "name": ruleset.name,
        "state": ruleset.state,
        "state_name": ruleset.get_state_display(),
        "in_force": ruleset == current,
        "effective_from": ruleset.effective_from,
        "replaced": ruleset.replaced_id,
        "created_at": ruleset.created_at,
        "created_by": ruleset.created_by,
        "changed_at": ruleset.changed_at,
        "changed_by": ruleset.changed_by,
        **counts,
    }


class RuleSetsView(APIView):
    """The latest rule sets, newest first; a new one is a draft, a copy of another."""

    @extend_schema(operation_id="rulesets_list", responses={200: RuleSetOut(many=True), 403: ProblemOut})
    def get(self, request: Request) -> Response:
        permissions.require_rules(request.user)
        return Response(RuleSetOut(rows(request.user, RuleSet.objects.all()[:_SHOWN_SETS]), many=True).data)

    @extend_schema(operation_id="rulesets_draft", request=RuleDraftIn, responses={201: RuleSetOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = RuleDraftIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = actions.draft_rules(request.user, given.validated_data["name"], given.validated_data["of"])
        return Response(RuleSetOut(rows(request.user, [made])[0]).data, status=201)


class ActivateRulesView(APIView):
    """A draft begins to decide; refused when a rule is broken or coverage falls."""

    @extend_schema(operation_id="rulesets_activate", request=ActivateRulesIn, responses={200: RuleSetOut, **_REFUSALS})
    def post(self, request: Request, number: int) -> Response:
        given = ActivateRulesIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        made = actions.activate_rules(request.user, number, asked["effective_from"], asked["reason"])
        return Response(RuleSetOut(rows(request.user, [made])[0]).data)


class RollBackRulesView(APIView):
    """Back to the set that this one took the place of; the answer is the set that decides now."""

    @extend_schema(operation_id="rulesets_rollback", request=BecauseIn, responses={200: RuleSetOut, **_REFUSALS})
    def post(self, request: Request, number: int) -> Response:
        given = BecauseIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = actions.roll_back_rules(request.user, number, given.validated_data["reason"])
        return Response(RuleSetOut(rows(request.user, [made])[0]).data)


class SimulationsView(APIView):
    """Try a rule set out on the latest decided cases that the asker may see; 202, ask again for the report."""

    @extend_schema(
        operation_id="simulations_list",
        parameters=[OpenApiParameter("ruleset", type=int, required=True)],
        responses={200: SimulationOut(many=True), 400: ProblemOut, 403: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        """The asker's latest simulation of that set, if any: what a page shows again when it is opened anew."""
        owner = permissions.require_rules(request.user)
        given = SimulationIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        found = RuleSimulation.objects.filter(owner=owner, ruleset=given.validated_data["ruleset"]).order_by("-pk")[:1]
        return Response(SimulationOut(found, many=True).data)

    @extend_schema(operation_id="simulations_ask", request=SimulationIn, responses={202: SimulationOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = SimulationIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = actions.ask_simulation(request.user, given.validated_data["ruleset"], given.validated_data["cases"])
        return Response(SimulationOut(asked).data, status=202)


class SimulationView(APIView):
    """One's own simulation; it names cases that others may not see."""

    @extend_schema(operation_id="simulations_read", responses={200: SimulationOut, 403: ProblemOut, 404: ProblemOut})
    def get(self, request: Request, simulation: int) -> Response:
        owner = permissions.require_rules(request.user)
        found = RuleSimulation.objects.filter(pk=simulation, owner=owner).first()
        if found is None:
            raise Missing("no_such_simulation", _("There is no such simulation."))
        return Response(SimulationOut(found).data)
