"""The rule editor: drafts with their rules, what is wrong with a set, and one case tried by it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, permissions
from complaints.errors import Missing
from complaints.serializers.reference import ProblemOut
from complaints.serializers.rule_editing import (
    ChangeRuleIn,
    RuleCheckOut,
    RuleDifferenceOut,
    RuleIn,
    RuleOrderIn,
    RuleOut,
    RuleSetDetailOut,
    RuleStampIn,
    RuleVocabularyOut,
    TrialIn,
)
from complaints.serializers.rules import CardOut
from complaints.views.rules import rows
from routing import card, describe
from routing.describe import Names
from routing.editing import Wanted
from routing.facts import Facts
from routing.models import RoutingRule, RuleSet
from routing.simulate import Report, inspect

_REFUSALS = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}
_SHOWN_LINES = 50


def _ruleset(request: Request, number: int) -> RuleSet:
    permissions.require_rules(request.user)
    found = RuleSet.objects.filter(number=number).first()
    if found is None:
        raise Missing("no_such_set", _("There is no rule set %(number)s.") % {"number": number})
    return found


def _history(ruleset: RuleSet) -> list[dict[str, Any]]:
    lines = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(RuleSet), object_id=str(ruleset.pk)
    ).select_related("user")
    return [
        {"at": line.action_time, "who": str(line.user), "said": line.get_change_message()}
        for line in lines.order_by("-action_time", "-pk")[:_SHOWN_LINES]
    ]


def _detail(request: Request, ruleset: RuleSet) -> dict[str, Any]:
    names, by_topic = Names.read(), defaultdict(list)
    found = describe.ordered(RoutingRule.objects.filter(ruleset=ruleset))
    for rule in found:
        by_topic[rule.topic_id].append(rule)
    return {
        **rows(request.user, [ruleset])[0],
        "rules": [describe.described(rule, names) for rule in found],
        "always": describe.escalations(ruleset, names),
        "joining": describe.joining(names, timezone.localdate()),
        "topics": [{"topic": topic, "stamp": describe.stamp(mine)} for topic, mine in by_topic.items()],
        "history": _history(ruleset),
    }


class RuleWordsView(APIView):
    """What the form of a rule offers: fields, comparisons, values, bureaus, levels, templates; all in Chinese."""

    @extend_schema(operation_id="rules_vocabulary", responses={200: RuleVocabularyOut, 403: ProblemOut})
    def get(self, request: Request) -> Response:
        permissions.require_rules(request.user)
        return Response(RuleVocabularyOut(describe.vocabulary(Names.read(), timezone.localdate())).data)


class RulesetView(APIView):
    @extend_schema(operation_id="rulesets_read", responses={200: RuleSetDetailOut, 403: ProblemOut, 404: ProblemOut})
    def get(self, request: Request, number: int) -> Response:
        return Response(RuleSetDetailOut(_detail(request, _ruleset(request, number))).data)

    @extend_schema(operation_id="rulesets_discard", request=None, responses={204: None, **_REFUSALS})
    def delete(self, request: Request, number: int) -> Response:
        actions.discard_rules(request.user, number)
        return Response(status=204)


class RulesView(APIView):
    @extend_schema(operation_id="rules_add", request=RuleIn, responses={201: RuleOut, **_REFUSALS})
    def post(self, request: Request, number: int) -> Response:
        given = RuleIn(data=request.data)
        given.is_valid(raise_exception=True)
        made = actions.add_rule(request.user, number, Wanted(**given.validated_data))
        return Response(RuleOut(describe.described(made, Names.read())).data, status=201)


class RuleView(APIView):
    """A rule of a draft; the stamp says which form of it was seen."""

    @extend_schema(operation_id="rules_change", request=ChangeRuleIn, responses={200: RuleOut, **_REFUSALS})
    def put(self, request: Request, number: int, rule: int) -> Response:
        given = ChangeRuleIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        made = actions.change_rule(request.user, number, rule, asked.pop("stamp"), Wanted(**asked))
        return Response(RuleOut(describe.described(made, Names.read())).data)

    @extend_schema(operation_id="rules_remove", parameters=[RuleStampIn], responses={204: None, **_REFUSALS})
    def delete(self, request: Request, number: int, rule: int) -> Response:
        given = RuleStampIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        actions.remove_rule(request.user, number, rule, given.validated_data["stamp"])
        return Response(status=204)


class OrderView(APIView):
    @extend_schema(operation_id="rules_order", request=RuleOrderIn, responses={204: None, **_REFUSALS})
    def post(self, request: Request, number: int) -> Response:
        given = RuleOrderIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        actions.order_rules(request.user, number, asked["topic"], asked["rules"], asked["stamp"])
        return Response(status=204)


class DiffView(APIView):
    """What the set says otherwise than the one in force."""

    @extend_schema(operation_id="rulesets_diff", responses={200: RuleDifferenceOut(many=True), **_REFUSALS})
    def get(self, request: Request, number: int) -> Response:
        ruleset, base = _ruleset(request, number), RuleSet.objects.in_force()
        found = describe.difference(ruleset, base, Names.read()) if base else []
        return Response(RuleDifferenceOut(found, many=True).data)


class RuleCheckView(APIView):
    """What is wrong with the set whatever the cases, and whether it could be activated."""

    @extend_schema(operation_id="rulesets_check", responses={200: RuleCheckOut, **_REFUSALS})
    def get(self, request: Request, number: int) -> Response:
        ruleset, current, today = _ruleset(request, number), RuleSet.objects.in_force(), timezone.localdate()
        report = Report(ruleset=ruleset.number, against=current.number if current else 0)
        inspect(report, ruleset, current, today)
        ready = not report.broken and not report.lost_cells
        shown = {
            **report.as_json(),
            "ready": ready,
            "grid": describe.grid(report.uncovered, report.lost_cells, today),
        }
        return Response(RuleCheckOut(shown).data)


class TryView(APIView):
    """What the set would decide on a case with these facts, as the card that would be stored."""

    @extend_schema(operation_id="rulesets_try", request=TrialIn, responses={200: CardOut, **_REFUSALS})
    def post(self, request: Request, number: int) -> Response:
        given = TrialIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = dict(given.validated_data)
        facts = Facts(fields=asked.pop("sub_fields"), flags=frozenset(asked.pop("flags")), **asked)
        decision = actions.try_rules(request.user, number, facts)
        reasons = [{"code": reason.code, "params": dict(reason.params)} for reason in decision.reasons]
        stored = {**card.columns(facts, decision), "reasons": reasons, "level": decision.level}
        return Response(CardOut(card.build("", timezone.now(), stored)).data)
