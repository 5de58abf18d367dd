"""The rules of a set as they stand on one day, compiled: rows become tests of the facts.

A rule that is broken stays in its place. It is asked what can still be asked of it; where that holds, nobody knows
what it would have said, and a dispatcher decides (reason `broken_rule`). The log says so at every reading.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from routing.conditions import Condition, Test, Vocabulary, compiled, known, parse_some, worded
from routing.facts import Facts
from routing.models import Bureau, EscalationRule, RoutingParticipant, RoutingRule, RuleSet, scope_prefix
from routing.models.rule_sets import InRuleSet

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force; region "" means everywhere, no conditions always. bureaus: what it leads to."""

    code: str
    version: int
    topic: str
    region: str
    region_name: str
    conditions: tuple[Condition, ...]
    tests: tuple[Test, ...]
    priority: int
    bureau: str
    level: str
    supervisor: str
    enforcer: str
    participants: tuple[str, ...]
    list_entry: str
    basis: str
    source: str
    error: str

    def holds(self, facts: Facts) -> bool:
        """Whether the conditions do; the region is looked at apart."""
        return all(test(facts) for test in self.tests)

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Smallest priority first; of equal ones the narrower region, then the one that asks for more."""
        return (self.priority, -len(scope_prefix(self.region)), -len(self.conditions), self.code)

    @property
    def outcome(self) -> tuple[object, ...]:
        """What two rules must share not to contradict each other."""
        return (self.bureau, self.level, self.supervisor, self.enforcer, frozenset(self.participants))


@dataclass(frozen=True, slots=True)
class Escalation:
    """An escalation rule in force; see models.EscalationRule."""

    code: str
    version: int
    label: str
    tests: tuple[Test, ...]
    do: str
    bureau: str
    at: str
    amount: int | None
    unit: str
    error: str

    def holds(self, facts: Facts) -> bool:
        return all(test(facts) for test in self.tests)


@dataclass(frozen=True, slots=True)
class Joining:
    """A bureau that takes part in a topic, always or where field has value."""

    bureau: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that decides on some topics. rules: by topic, in the order in which they are tried."""

    number: int
    bureaus: Mapping[str, str]  # those of the day, with their names
    rules: Mapping[str, list[Rule]]
    joining: Mapping[str, list[Joining]]
    escalations: tuple[Escalation, ...]

    @classmethod
    def read(cls, topics: Collection[str], on: date, ruleset: RuleSet | None = None) -> Rulebook:
        """The rules of that set, by default the one in force; five queries however many topics."""
        chosen = ruleset or RuleSet.objects.in_force(on)
        words, bureaus = known(), dict(Bureau.objects.valid_on(on).values_list("id", "name"))
        return cls(
            number=chosen.number if chosen else 0,
            bureaus=bureaus,
            rules=_rules(chosen, topics, on, words, bureaus),
            joining=_joining(topics, on),
            escalations=_escalations(chosen, on, words, bureaus),
        )

    def named(self) -> set[str]:
        """Every bureau whose units may be needed."""
        rules = [rule for found in self.rules.values() for rule in found]
        wanted = {part.bureau for found in self.joining.values() for part in found}
        wanted |= {bureau for rule in rules for bureau in (rule.bureau, rule.supervisor, rule.enforcer)}
        wanted |= {bureau for rule in rules for bureau in rule.participants}
        return (wanted | {escalation.bureau for escalation in self.escalations}) & set(self.bureaus)


def _rules(
    ruleset: RuleSet | None, topics: Collection[str], on: date, words: Vocabulary, bureaus: Mapping[str, str]
) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = defaultdict(list)
    rows = RoutingRule.objects.filter(ruleset=ruleset, topic__in=topics).valid_on(on).select_related("region")
    for row in rows:
        conditions = parse_some(row.conditions, words)
        rules[row.topic_id].append(
            Rule(
                code=row.code,
                version=row.version,
                topic=row.topic_id,
                region=row.region.code if row.region else "",
                region_name=row.region.full_name if row.region else "",
                conditions=conditions,
                tests=tuple(compiled(condition, words) for condition in conditions),
                priority=row.priority,
                bureau=row.lead_id,
                level=row.level,
                supervisor=row.supervisor_id or "",
                enforcer=row.enforcer_id or "",
                participants=tuple(row.participants),
                list_entry=row.list_entry,
                basis=row.basis,
                source=row.source,
                error=_fault(row, bureaus),
            )
        )
    for found in rules.values():
        found.sort(key=lambda rule: rule.order)
    return dict(rules)


def _escalations(
    ruleset: RuleSet | None, on: date, words: Vocabulary, bureaus: Mapping[str, str]
) -> tuple[Escalation, ...]:
    rows = EscalationRule.objects.filter(ruleset=ruleset).valid_on(on).order_by("position", "code")
    return tuple(
        Escalation(
            code=row.code,
            version=row.version,
            label=row.label,
            tests=tuple(compiled(condition, words) for condition in parse_some(row.conditions, words)),
            do=row.do,
            bureau=row.bureau,
            at=row.at,
            amount=row.amount,
            unit=row.unit,
            error=_fault(row, bureaus),
        )
        for row in rows
    )


def _fault(row: InRuleSet, bureaus: Collection[str]) -> str:
    error = row.fault(bureaus)
    if error:
        logger.error("rule %s version %s of set %s is broken: %s", row.code, row.version, row.ruleset_id, error)
    return error


def _joining(topics: Collection[str], on: date) -> dict[str, list[Joining]]:
    """Participants in force by topic, in their order."""
    joining: dict[str, list[Joining]] = defaultdict(list)
    rows = RoutingParticipant.objects.filter(topic__in=topics).valid_on(on).order_by("topic", "position", "id")
    for topic, bureau, field, value in rows.values_list("topic_id", "bureau_id", "field", "value"):
        joining[topic].append(Joining(bureau, field, value))
    return dict(joining)


def condition_words(conditions: Collection[Condition]) -> str:
    """The conditions with the Chinese names they have today, so that the stored reason stays readable."""
    return worded(tuple(conditions), known())
