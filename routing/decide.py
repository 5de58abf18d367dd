"""Who is responsible for a case: one decision from facts, by rules that are rows.

`Router.load` reads what a batch needs in five queries; `Router.decide` is pure. A rule names a bureau and the
level that normally begins; the unit is looked for there, then upwards (county, city, province), a zone's by
way of its host region. What is missing or doubtful goes to the dispatcher's desk: lead None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils import timezone

from routing.facts import Decision, Facts, Reason
from routing.fields import vocabulary
from routing.models import (
    Bureau,
    Region,
    RegionLevel,
    RoutingParticipant,
    RoutingRule,
    Start,
    Topic,
    Unit,
    scope_prefix,
)

LIFE_IN_DANGER = "U1"
OUT_OF_SCOPE = "X"  # dispositions of the taxonomy: matters of other authorities, praise, ...


@dataclass(frozen=True, slots=True)
class Step:
    """A region on the way up."""

    code: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Way:
    """The way up from a case's region, nearest first; a zone goes by its host."""

    steps: tuple[Step, ...]
    has_counties: bool

    def start(self, level: str) -> int:
        """The step on which a rule of that level (C, M, P, V, T) begins."""
        wanted = {
            Start.CITY: (RegionLevel.CITY, RegionLevel.PROVINCE),
            Start.PROVINCE: (RegionLevel.PROVINCE,),
        }
        levels = wanted.get(Start(level))
        return next((at for at, step in enumerate(self.steps) if not levels or step.level in levels), 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force; region "" means everywhere, field "" always."""

    code: str
    version: int
    region: str
    region_name: str
    field: str
    value: str
    priority: int
    bureau: str
    bureau_name: str
    level: str
    basis: str

    def holds(self, facts: Facts, way: Way) -> bool:
        """Whether the rule speaks of this case."""
        here = not self.region or any(step.code == self.region for step in way.steps)
        return here and (not self.field or facts.fields.get(self.field) == self.value)


@dataclass(frozen=True, slots=True)
class Joining:
    """A bureau that takes part, always or where field has value."""

    bureau: str
    bureau_name: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Office:
    """A unit that receives cases."""

    id: int
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Router:
    """Everything that decisions on some regions and topics need, as it stood on one day."""

    regions: frozenset[str]  # asked for, known or not
    topics: frozenset[str]
    ways: Mapping[str, Way]
    topic_names: Mapping[str, str]
    rules: Mapping[str, list[Rule]]  # by topic, in the order in which they are tried
    joining: Mapping[str, list[Joining]]
    offices: Mapping[tuple[str, str], Office]  # (bureau, region)

    @classmethod
    def load(cls, region_codes: Collection[str], topics: Collection[str], on: date | None = None) -> Self:
        """Read what cases of these regions and topics need; five queries however many there are."""
        on = on or timezone.localdate()
        ways = _ways(region_codes, on)
        rules = _rules(topics, on)
        joining = _joining(topics, on)
        bureaus = {rule.bureau for found in rules.values() for rule in found}
        bureaus |= {part.bureau for found in joining.values() for part in found}
        return cls(
            regions=frozenset(region_codes),
            topics=frozenset(topics),
            ways=ways,
            topic_names=dict(Topic.objects.filter(code__in=topics).values_list("code", "name")),
            rules=rules,
            joining=joining,
            offices=_offices(bureaus, {step.code for way in ways.values() for step in way.steps}, on),
        )

    def decide(self, facts: Facts) -> Decision:
        """The lead unit, the participants and why; lead None when a dispatcher has to decide.

        Raises ValueError for a region or topic that `load` was not asked for: no answer would be honest.
        """
        if facts.topic not in self.topics | {""} or facts.region not in self.regions | {""}:
            raise ValueError(f"router not loaded for {facts.topic or '-'} {facts.region or '-'}")
        doubts = self._doubts(facts)
        if doubts:
            return _to_triage(doubts)
        way = self.ways[facts.region]
        rule = next((rule for rule in self.rules.get(facts.topic, ()) if rule.holds(facts, way)), None)
        if rule is None:
            return _to_triage([Reason("no_rule", self._topic(facts))])
        why = [self._rule_reason(facts, rule)]
        if way.steps[0].level == RegionLevel.PROVINCE and rule.level in (
            Start.COUNTY,
            Start.CITY,
            Start.TOWNSHIP,
        ):
            return _to_triage([*why, Reason("region_too_coarse", _region(way.steps[0]))])
        start = way.start(rule.level)
        found = self._office(rule.bureau, way, start)
        if found is None:
            missing = {"bureau": rule.bureau, "bureau_name": rule.bureau_name, **_region(way.steps[0])}
            return _to_triage([*why, Reason("no_unit", missing)])
        lead, at = found
        why += [Reason("level", {"level": rule.level}), _where(way, rule, start, at)]
        if rule.basis:
            why.append(Reason("basis", {"basis": rule.basis}))
        participants = self._participants(facts, rule, way, start, why)
        city = self._city_office(rule.bureau, way, at) if facts.urgency == LIFE_IN_DANGER else None
        if city:  # rule G1: life in danger, the city's unit of the lead bureau is there from the first minute
            participants[city.id] = None
            params = {"urgency": facts.urgency, "unit": str(city.id), "unit_name": city.name}
            why.append(Reason("escalation_g1", params))
        return Decision(lead.id, tuple(participants), lead.level, way.steps[at].code, tuple(why))

    def _topic(self, facts: Facts) -> dict[str, str]:
        return {"topic": facts.topic, "topic_name": self.topic_names.get(facts.topic, "")}

    def _doubts(self, facts: Facts) -> list[Reason]:
        """Every reason for which no rule may be asked at all."""
        doubts = []
        if not facts.topic:
            doubts.append(Reason("no_topic", {}))
        elif facts.topic not in self.topic_names:
            code = "out_of_scope" if facts.topic.startswith(OUT_OF_SCOPE) else "unknown_topic"
            doubts.append(Reason(code, {"topic": facts.topic}))
        if facts.needs_review:
            doubts.append(Reason("needs_review", {"confidence": f"{facts.confidence:.2f}", **self._topic(facts)}))
        if not facts.region:
            doubts.append(Reason("no_region", {}))
        elif facts.region not in self.ways:
            doubts.append(Reason("unknown_region", {"region": facts.region}))
        return doubts

    def _rule_reason(self, facts: Facts, rule: Rule) -> Reason:
        params = {
            **self._topic(facts),
            "rule": rule.code,
            "version": str(rule.version),
            "bureau": rule.bureau,
            "bureau_name": rule.bureau_name,
        }
        if rule.region:
            params |= {"scope": rule.region, "scope_name": rule.region_name}
        if rule.field:
            params |= _condition(rule.field, rule.value)
        code = "rule_condition" if rule.field else "rule_local" if rule.region else "rule_default"
        return Reason(code, params)

    def _office(self, bureau: str, way: Way, start: int) -> tuple[Office, int] | None:
        """The bureau's unit on this step or the next one up that has any, and the step."""
        for at in range(start, len(way.steps)):
            office = self.offices.get((bureau, way.steps[at].code))
            if office:
                return office, at
        return None

    def _participants(self, facts: Facts, rule: Rule, way: Way, start: int, why: list[Reason]) -> dict[int, None]:
        """Ids of the units that take part, in order; the lead bureau is never among them."""
        chosen: dict[int, None] = {}
        for part in self.joining.get(facts.topic, ()):
            if part.bureau == rule.bureau or (part.field and facts.fields.get(part.field) != part.value):
                continue
            params = {"bureau": part.bureau, "bureau_name": part.bureau_name}
            if part.field:
                params |= _condition(part.field, part.value)
            found = self._office(part.bureau, way, start)
            if found is None:
                why.append(Reason("participant_missing", params))
            elif found[0].id not in chosen:
                chosen[found[0].id] = None
                params |= {"unit": str(found[0].id), "unit_name": found[0].name}
                why.append(Reason("participant_condition" if part.field else "participant", params))
        return chosen

    def _city_office(self, bureau: str, way: Way, at: int) -> Office | None:
        """The bureau's unit in the city above a step, if both exist."""
        city = next((step for step in way.steps[at + 1 :] if step.level == RegionLevel.CITY), None)
        return self.offices.get((bureau, city.code)) if city else None


def _to_triage(reasons: list[Reason]) -> Decision:
    return Decision(None, (), "", "", tuple(reasons))


def _region(step: Step) -> dict[str, str]:
    return {"region": step.code, "region_name": step.name}


def _condition(field: str, value: str) -> dict[str, str]:
    """A condition with the Chinese names it has today, so that the stored reason stays readable."""
    field_name, value_name = vocabulary().get((field, value), (field, value))
    return {"field": field, "value": value, "field_name": field_name, "value_name": value_name}


def _where(way: Way, rule: Rule, start: int, at: int) -> Reason:
    """Which region's unit was taken, and why that one."""
    own, used = way.steps[0], way.steps[at]
    params = {**_region(own), "unit_region": used.code, "unit_region_name": used.name}
    if at == 0:
        coarse = own.level == RegionLevel.CITY and rule.level in (Start.COUNTY, Start.TOWNSHIP)
        code = ("region_city_only" if way.has_counties else "region_no_counties") if coarse else "region"
    elif own.level == RegionLevel.ZONE and at == 1:
        code = "region_host"
    else:
        code = "region_level" if at == start else "region_above"
    return Reason(code, params)


def _ways(codes: Collection[str], on: date) -> dict[str, Way]:
    """The way up of every region that exists on that day."""
    ways = {}
    for region in Region.objects.filter(code__in=codes).valid_on(on).with_way_up():
        steps, above = [_step(region)], region.host or region.parent
        while above:
            steps.append(_step(above))
            above = above.parent
        ways[region.code] = Way(tuple(steps), region.has_counties)
    return ways


def _step(region: Region) -> Step:
    return Step(region.code, region.full_name, region.level)


def _rules(topics: Collection[str], on: date) -> dict[str, list[Rule]]:
    """Rules in force by topic: smallest priority first, of equal ones the narrowest region first."""
    rules: dict[str, list[Rule]] = defaultdict(list)
    for row in RoutingRule.objects.filter(topic__in=topics).valid_on(on).select_related("lead", "region"):
        rules[row.topic_id].append(
            Rule(
                code=row.code,
                version=row.version,
                region=row.region.code if row.region else "",
                region_name=row.region.full_name if row.region else "",
                field=row.field,
                value=row.value,
                priority=row.priority,
                bureau=row.lead.id,
                bureau_name=row.lead.name,
                level=row.level,
                basis=row.basis,
            )
        )
    for found in rules.values():
        found.sort(key=lambda rule: (rule.priority, -len(scope_prefix(rule.region)), rule.code))
    return dict(rules)


def _joining(topics: Collection[str], on: date) -> dict[str, list[Joining]]:
    """Participants in force by topic, in their order."""
    joining: dict[str, list[Joining]] = defaultdict(list)
    rows = RoutingParticipant.objects.filter(topic__in=topics).valid_on(on).order_by("topic", "position", "id")
    for topic, bureau, name, field, value in rows.values_list(
        "topic_id", "bureau_id", "bureau__name", "field", "value"
    ):
        joining[topic].append(Joining(bureau, name, field, value))
    return dict(joining)


def _offices(bureaus: set[str], regions: set[str], on: date) -> dict[tuple[str, str], Office]:
    """Units that receive cases, of bureaus that exist on that day."""
    alive = Bureau.objects.filter(id__in=bureaus).valid_on(on)
    units = Unit.objects.filter(bureau__in=alive, region__in=regions, active=True)
    return {
        (bureau, region): Office(pk, name, level)
        for pk, bureau, region, name, level in units.values_list("id", "bureau_id", "region_id", "name", "level")
    }
