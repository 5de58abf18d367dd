"""Who is responsible for a case: one decision from facts, by rules that are rows.

`Router.load` reads what a batch needs in eight queries; `Router.decide` is pure. A rule names a bureau and the
level that normally begins; the unit is looked for there, then upwards (county, city, province), a zone's by
way of its host region. What is missing or doubtful goes to the dispatcher's desk: lead None.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.utils import timezone

from routing.facts import Action, Decision, Facts, Reason
from routing.fields import vocabulary
from routing.models import At, Do, Region, RegionLevel, RuleSet, Start, Topic, Unit
from routing.models.escalations import LEAD
from routing.rulebook import Escalation, Rule, Rulebook, condition_words

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

    def too_coarse(self, level: str) -> bool:
        """Only the province is known, and the rule begins below it."""
        return self.steps[0].level == RegionLevel.PROVINCE and level in (Start.COUNTY, Start.CITY, Start.TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Office:
    """A unit that receives cases."""

    id: int
    name: str
    level: str


@dataclass(slots=True)
class _Draft:
    """A decision in the making: who takes part, and why."""

    why: list[Reason]
    joined: dict[int, None] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)

    def join(self, office: Office, reason: Reason) -> None:
        """Takes part, with its reason; a unit that does already is not said twice."""
        if office.id not in self.names:
            self.joined[office.id] = None
            self.names[office.id] = office.name
            unit = {"unit": str(office.id), "unit_name": office.name}
            self.why.append(Reason(reason.code, {**reason.params, **unit}))


@dataclass(frozen=True, slots=True)
class Router:
    """Everything that decisions on some regions and topics need, as it stood on one day."""

    regions: frozenset[str]  # asked for, known or not
    topics: frozenset[str]
    ways: Mapping[str, Way]
    topic_names: Mapping[str, str]
    book: Rulebook
    offices: Mapping[tuple[str, str], Office]  # (bureau, region)
    _here: dict[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(
        cls,
        region_codes: Collection[str],
        topics: Collection[str],
        on: date | None = None,
        ruleset: RuleSet | None = None,
    ) -> Self:
        """Read what cases of these regions and topics need; eight queries however many there are.

        ruleset: another one than that in force, to try it out.
        """
        on = on or timezone.localdate()
        ways = _ways(region_codes, on)
        book = Rulebook.read(topics, on, ruleset)
        return cls(
            regions=frozenset(region_codes),
            topics=frozenset(topics),
            ways=ways,
            topic_names=dict(Topic.objects.filter(code__in=topics).values_list("code", "name")),
            book=book,
            offices=_offices(book.named(), {step.code for way in ways.values() for step in way.steps}),
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
        rule = next((rule for rule in self._rules_here(facts.topic, facts.region) if rule.holds(facts)), None)
        if rule is None:
            return _to_triage([Reason("no_rule", self._topic(facts))])
        if rule.error:
            broken = {"rule": rule.code, "version": str(rule.version), "error": rule.error}
            return _to_triage([Reason("broken_rule", {**self._topic(facts), **broken})], self.book.number, rule)
        draft = _Draft([self._rule_reason(facts, rule)])
        if way.too_coarse(rule.level):
            return _to_triage([*draft.why, Reason("region_too_coarse", _region(way.steps[0]))], self.book.number, rule)
        start = way.start(rule.level)
        found = self._office(rule.bureau, way, start)
        if found is None:
            missing = {**self._bureau(rule.bureau), **_region(way.steps[0])}
            return _to_triage([*draft.why, Reason("no_unit", missing)], self.book.number, rule)
        holding = [escalation for escalation in self.book.escalations if escalation.holds(facts)]
        at, raised = self._raise(rule.bureau, way, found[1], holding)
        lead = self.offices[rule.bureau, way.steps[at].code]
        start = max(start, at) if raised else start
        draft.names[lead.id] = lead.name
        draft.why += [Reason("level", {"level": rule.level}), raised or _where(way, rule, start, at)]
        draft.why += [
            Reason(code, params)
            for code, params in (
                ("basis", {"basis": rule.basis, "source": rule.source}),
                ("list_entry", {"entry": rule.list_entry}),
            )
            if next(iter(params.values()))
        ]
        supervisor = self._join_bureau(draft, rule.supervisor, way, start, "supervisor") if rule.supervisor else lead.id
        enforcer = self._join_bureau(draft, rule.enforcer, way, start, "enforcer") if rule.enforcer else lead.id
        self._join_listed(draft, facts, rule, way, start)
        self._escalate(draft, rule.bureau, way, at, holding)
        return Decision(
            lead=lead.id,
            participants=tuple(draft.joined),
            level=lead.level,
            region=way.steps[at].code,
            reasons=tuple(draft.why),
            rule=rule.code,
            version=rule.version,
            ruleset=self.book.number,
            supervisor=supervisor,
            enforcer=enforcer,
            actions=tuple(draft.actions),
            names=draft.names,
        )

    def covers(self, topic: str, region: str) -> bool:
        """Whether a case of which nothing but topic and region is known would find its unit."""
        facts, way = Facts(topic, region), self.ways.get(region)
        rule = next((rule for rule in self._rules_here(topic, region) if rule.holds(facts)), None) if way else None
        if rule is None or way is None or rule.error or way.too_coarse(rule.level):
            return False
        return self._office(rule.bureau, way, way.start(rule.level)) is not None

    def escalations(self, facts: Facts) -> tuple[Action, ...]:
        """What the escalation rules ask for now: for callers that measure anew (returns, days overdue ...)."""
        return tuple(_action(found) for found in self.book.escalations if not found.error and found.holds(facts))

    def _rules_here(self, topic: str, region: str) -> tuple[Rule, ...]:
        """The topic's rules that speak of this region, in order; remembered."""
        key = (topic, region)
        if key not in self._here:
            codes = {"", *(step.code for step in self.ways[region].steps)}
            self._here[key] = tuple(rule for rule in self.book.rules.get(topic, ()) if rule.region in codes)
        return self._here[key]

    def _topic(self, facts: Facts) -> dict[str, str]:
        return {"topic": facts.topic, "topic_name": self.topic_names.get(facts.topic, "")}

    def _bureau(self, bureau: str) -> dict[str, str]:
        return {"bureau": bureau, "bureau_name": self.book.bureaus.get(bureau, bureau)}

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
            **self._bureau(rule.bureau),
        }
        if rule.region:
            params |= {"scope": rule.region, "scope_name": rule.region_name}
        if not rule.conditions:
            return Reason("rule_local" if rule.region else "rule_default", params)
        only = rule.conditions[0]
        if len(rule.conditions) == 1 and only.op == "is" and (only.field, only.values[0]) in vocabulary():
            return Reason("rule_condition", params | _condition(only.field, only.values[0]))
        return Reason("rule_conditions", params | {"conditions": condition_words(rule.conditions)})

    def _office(self, bureau: str, way: Way, start: int) -> tuple[Office, int] | None:
        """The bureau's unit on this step or the next one up that has any, and the step."""
        for at in range(start, len(way.steps)):
            office = self.offices.get((bureau, way.steps[at].code))
            if office:
                return office, at
        return None

    def _raise(self, bureau: str, way: Way, at: int, holding: list[Escalation]) -> tuple[int, Reason | None]:
        """The step on which the lead sits after the rules that raise it, and the reason of the one that counted."""
        reason, lowest = None, at
        for found in holding:
            if found.do != Do.RAISE_LEVEL or found.error:
                continue
            target = lowest + 1 if found.at == At.UP else way.start(_START[found.at])
            office = self._office(bureau, way, target) if target > at else None
            if office:
                at = office[1]
                own, used = way.steps[0], way.steps[at]
                where = {**_region(own), "unit_region": used.code, "unit_region_name": used.name}
                reason = Reason("escalation_level", {**_named(found), **where})
        return at, reason

    def _join_bureau(self, draft: _Draft, bureau: str, way: Way, start: int, code: str) -> int | None:
        """A bureau takes part by the rule itself; says so where it has no unit. The unit's id."""
        found = self._office(bureau, way, start)
        if found is None:
            draft.why.append(Reason("participant_missing", self._bureau(bureau)))
            return None
        draft.join(found[0], Reason(code, self._bureau(bureau)))
        return found[0].id

    def _join_listed(self, draft: _Draft, facts: Facts, rule: Rule, way: Way, start: int) -> None:
        """The topic's participants, then the rule's own; the lead bureau is never among them."""
        for part in self.book.joining.get(facts.topic, ()):
            if part.bureau == rule.bureau or (part.field and facts.fields.get(part.field) != part.value):
                continue
            if part.bureau not in self.book.bureaus:
                draft.why.append(Reason("participant_missing", self._bureau(part.bureau)))
                continue
            params = self._bureau(part.bureau)
            if part.field:
                params |= _condition(part.field, part.value)
            found = self._office(part.bureau, way, start)
            if found is None:
                draft.why.append(Reason("participant_missing", params))
            else:
                draft.join(found[0], Reason("participant_condition" if part.field else "participant", params))
        for bureau in rule.participants:
            if bureau != rule.bureau:
                self._join_bureau(draft, bureau, way, start, "participant_rule")

    def _escalate(self, draft: _Draft, lead: str, way: Way, at: int, holding: list[Escalation]) -> None:
        """Units that escalation rules add, and what they ask of the caller."""
        for found in holding:
            if found.error:  # the decision stands without it, and says so
                draft.why.append(Reason("broken_escalation", {**_named(found), "error": found.error}))
            elif found.do == Do.ADD_PARTICIPANT:
                bureau = lead if found.bureau == LEAD else found.bureau
                step = min(at + 1, len(way.steps) - 1) if found.at == At.UP else way.start(_START[found.at])
                office = self._office(bureau, way, step)
                if office:
                    draft.join(office[0], Reason("escalation_participant", _named(found)))
                else:
                    draft.why.append(Reason("participant_missing", self._bureau(bureau)))
            elif found.do != Do.RAISE_LEVEL:
                draft.actions.append(_action(found))
                params = {
                    "do": found.do,
                    "bureau": found.bureau,
                    "bureau_name": self.book.bureaus.get(found.bureau, ""),
                }
                draft.why.append(Reason("escalation_action", {**_named(found), **params}))


_START: Mapping[str, Start] = {At.CITY: Start.CITY, At.PROVINCE: Start.PROVINCE}


def _named(found: Escalation) -> dict[str, str]:
    return {"rule": found.code, "version": str(found.version), "label": found.label}


def _action(found: Escalation) -> Action:
    return Action(found.code, found.version, found.do, found.bureau, found.at, found.amount, found.unit)


def _to_triage(reasons: list[Reason], ruleset: int = 0, rule: Rule | None = None) -> Decision:
    code, version = (rule.code, rule.version) if rule else ("", 0)
    return Decision(None, (), "", "", tuple(reasons), code, version, ruleset)


def _region(step: Step) -> dict[str, str]:
    return {"region": step.code, "region_name": step.name}


def _condition(name: str, value: str) -> dict[str, str]:
    """A condition with the Chinese names it has today, so that the stored reason stays readable."""
    field_name, value_name = vocabulary().get((name, value), (name, value))
    return {"field": name, "value": value, "field_name": field_name, "value_name": value_name}


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


def _offices(bureaus: set[str], regions: set[str]) -> dict[tuple[str, str], Office]:
    """Units of those bureaus that receive cases. (The bureaus are those of the day already.)"""
    units = Unit.objects.filter(bureau__in=bureaus, region__in=regions, active=True)
    return {
        (bureau, region): Office(pk, name, level)
        for pk, bureau, region, name, level in units.values_list("id", "bureau_id", "region_id", "name", "level")
    }
