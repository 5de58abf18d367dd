"""What is wrong with a rule set, without any case: unreachable rules, conflicts, broken rules, uncovered cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.db.models import Count, Q

from routing.conditions import FLAG, Condition, accepts
from routing.decide import Router
from routing.models import EscalationRule, Region, RegionLevel, RoutingRule, RuleSet, Topic, scope_prefix
from routing.rulebook import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Finding:
    """Two rules of a topic that do not go together; other "": the rule contradicts itself."""

    topic: str
    rule: str
    other: str

    def as_json(self) -> dict[str, str]:
        return {"topic": self.topic, "rule": self.rule, "other": self.other}


def unreachable(book: Rulebook) -> list[Finding]:
    """Rules that can never decide: an earlier one holds wherever they do, or their conditions exclude each other."""
    found = []
    for topic, rules in book.rules.items():
        for at, rule in enumerate(rules):
            if any(_exclude(one, other) for one, other in combinations(rule.conditions, 2)):
                found.append(Finding(topic, rule.code, ""))
                continue
            before = next((earlier for earlier in rules[:at] if _covers(earlier, rule)), None)
            if before:
                found.append(Finding(topic, rule.code, before.code))
    return found


def conflicts(book: Rulebook) -> list[Finding]:
    """Pairs of equal rank that can hold for one case and say different things: only their names decide."""
    return [
        Finding(topic, one.code, other.code)
        for topic, rules in book.rules.items()
        for one, other in combinations(rules, 2)
        if one.order[:3] == other.order[:3]
        and one.outcome != other.outcome
        and _nested(one.region, other.region)
        and not any(_exclude(a, b) for a in one.conditions for b in other.conditions)
    ]


def broken_of(book: Rulebook) -> list[tuple[str, str]]:
    """(code, what is wrong) of the broken rules."""
    rules = [(rule.code, rule.error) for found in book.rules.values() for rule in found]
    return [(code, error) for code, error in (*rules, *((e.code, e.error) for e in book.escalations)) if error]


def leaves(on: date) -> list[str]:
    """Every place that has no smaller places below it: counties, zones, cities without counties."""
    regions = Region.objects.valid_on(on).exclude(level=RegionLevel.PROVINCE).with_way_up()
    return [region.code for region in regions if region.level != RegionLevel.CITY or not region.has_counties]


def cells(on: date) -> Iterator[tuple[str, str]]:
    """Every topic at every such place."""
    places = leaves(on)
    for topic in Topic.objects.values_list("code", flat=True):
        yield from ((topic, region) for region in places)


def uncovered(ruleset: RuleSet, on: date) -> list[tuple[str, str]]:
    """Cells (topic, region) where a case of which nothing else is known finds no unit."""
    asked = list(cells(on))
    router = Router.load({region for _topic, region in asked}, {topic for topic, _region in asked}, on, ruleset)
    return [(topic, region) for topic, region in asked if not router.covers(topic, region)]


def rule_counts() -> dict[int, dict[str, int]]:
    """By number of the set: how many rules of each kind, and how many of them are broken; two queries."""
    counts: dict[int, dict[str, int]] = defaultdict(lambda: {"rules": 0, "escalations": 0, "broken": 0})
    for kind, model in (("rules", RoutingRule), ("escalations", EscalationRule)):
        broken = Count("pk", filter=~Q(error=""))
        rows = model._default_manager.order_by().values_list("ruleset").annotate(found=Count("pk"), wrong=broken)
        for number, found, wrong in rows:
            counts[number][kind] = found
            counts[number]["broken"] += wrong
    return counts


def _covers(earlier: Rule, later: Rule) -> bool:
    """The earlier rule holds wherever the later one does."""
    if earlier.error or not scope_prefix(later.region).startswith(scope_prefix(earlier.region)):
        return False
    return all(any(_implies(have, want) for have in later.conditions) for want in earlier.conditions)


def _nested(one: str, other: str) -> bool:
    one, other = scope_prefix(one), scope_prefix(other)
    return one.startswith(other) or other.startswith(one)


def _implies(have: Condition, want: Condition) -> bool:
    """Whatever satisfies `have` satisfies `want`."""
    if have.field != want.field:
        return False
    if have.op in ("is", "in"):
        if have.field == FLAG and want.op == "not_in":
            return False  # a case has several flags
        return all(accepts(want, value) for value in have.values)
    if have.op == "not_in":
        return want.op == "not_in" and set(want.values) <= set(have.values)
    if have.op == "prefix":
        return want.op == "prefix" and all(accepts(want, value) for value in have.values)
    return want.op == "at_least" and accepts(want, have.values[0])


def _exclude(one: Condition, other: Condition) -> bool:
    """No case can satisfy both."""
    if one.field != other.field:
        return False
    if one.field == FLAG:
        positive, negative = (other, one) if one.op == "not_in" else (one, other)
        return negative.op == "not_in" and positive.op != "not_in" and set(positive.values) <= set(negative.values)
    if one.op in ("is", "in"):
        return not any(accepts(other, value) for value in one.values)
    if other.op in ("is", "in"):
        return _exclude(other, one)
    if one.op == other.op == "prefix":
        return not any(_nested_text(a, b) for a in one.values for b in other.values)
    return False


def _nested_text(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
