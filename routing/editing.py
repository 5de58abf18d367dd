"""Rules of a draft added, changed, taken out and put in another order.

Every function is one transaction under the lock of the rule sets. RuleSetError: not possible as things stand;
RuleFault: something in the rule is wrong, said at its field. Either way nothing has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from routing import describe
from routing.conditions import CODES, MOST, ConditionError, known, parse
from routing.models import Bureau, Origin, Region, RoutingRule, RuleSet, Start, Topic
from routing.models.rules import DEFAULT_PRIORITY
from routing.rulesets import RuleSetError, hold_draft

STEP: Final = 5  # between two priorities when a topic's rules are numbered anew
AT: Final = {  # where the form shows what a constraint says
    "rule_one_at_a_time": "conditions",
    "rule_one_version_at_a_time": "valid_from",
    "rule_days": "valid_to",
}


class RuleFault(Exception):
    """A rule that cannot be like that: field -> what is wrong, for people. "conditions.0": the first condition."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rule as somebody writes it; "" and None: nothing. Codes: see RoutingRule."""

    topic: str
    lead: str
    level: str
    priority: int
    region: str = ""
    conditions: Sequence[Mapping[str, Any]] = field(default_factory=list)
    supervisor: str = ""
    enforcer: str = ""
    participants: Sequence[str] = field(default_factory=list)
    list_entry: str = ""
    basis: str = ""
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def add(number: int, wanted: Wanted) -> RoutingRule:
    """A new rule in the draft; its code is made from what it asks for."""
    rule = RoutingRule(ruleset=hold_draft(number), origin=Origin.HAND)
    _write(rule, wanted)
    rule.code = _free_code(rule)
    _keep(rule)
    return rule


@transaction.atomic
def change(number: int, pk: int, stamp: str, wanted: Wanted) -> RoutingRule:
    """Another content of a rule. stamp: of the rule as it was seen; raises RuleSetError(stale) when it moved on."""
    rule = _seen(hold_draft(number), pk, stamp)
    before = describe.content(rule)
    _write(rule, wanted)
    if describe.content(rule) != before:
        _keep(rule)
    return rule


@transaction.atomic
def remove(number: int, pk: int, stamp: str) -> RoutingRule:
    """Takes a rule out. One that was shipped would come again with the next load: it ends yesterday instead."""
    rule = _seen(hold_draft(number), pk, stamp)
    if rule.origin == Origin.HAND:
        rule.delete()
        return rule
    yesterday = timezone.localdate() - timedelta(days=1)
    rule.valid_to = yesterday
    if rule.valid_from and rule.valid_from > yesterday:
        rule.valid_from = yesterday
    _keep(rule)
    return rule


@transaction.atomic
def order(number: int, topic: str, pks: Sequence[int], stamp: str) -> list[RoutingRule]:
    """A topic's rules are tried in this order; the ones whose priority changes for it.

    pks: all of the topic's rules in the draft. stamp: of all of them. Few priorities change: that of one rule moved
    between two others, or all before the default when there is no room.
    """
    ruleset = hold_draft(number)
    rows = describe.ordered(RoutingRule.objects.filter(ruleset=ruleset, topic=topic))
    if {row.pk for row in rows} != set(pks) or len(pks) != len(rows) or stamp != describe.stamp(rows):
        raise _stale()
    by_pk = {row.pk: row for row in rows}
    wanted = [by_pk[pk] for pk in pks]
    was = {row.pk: row.priority for row in rows}
    if not _move_one(rows, wanted):
        _number_anew(wanted)
    if describe.ordered(rows) != wanted:
        raise RuleFault({"rules": _("A rule that asks for nothing cannot stand before one that does.")})
    moved = [row for row in rows if row.priority != was[row.pk]]
    for row in moved:
        _keep(row)
    return moved


@transaction.atomic
def discard(number: int) -> None:
    """A draft that nobody needs any more."""
    hold_draft(number).delete()


def _stale() -> RuleSetError:
    return RuleSetError("stale_version", _("Somebody changed the rule meanwhile. Look at it again."))


def _seen(ruleset: RuleSet, pk: int, stamp: str) -> RoutingRule:
    rule = RoutingRule.objects.filter(ruleset=ruleset, pk=pk).first()
    if rule is None or describe.stamp([rule]) != stamp:
        raise _stale()
    return rule


def _write(rule: RoutingRule, wanted: Wanted) -> None:
    """Put what was written into the row. Raises RuleFault with everything that is wrong."""
    faults: dict[str, str] = {}
    bureaus = set(Bureau.objects.valid_on(timezone.localdate()).values_list("pk", flat=True))
    regions = set(Region.objects.values_list("code", flat=True))
    topics = set(Topic.objects.values_list("code", flat=True))
    if wanted.topic not in topics:
        faults["topic"] = _("There is no topic with this code.")
    if wanted.region and wanted.region not in regions:
        faults["region"] = _("There is no region with this code.")
    if wanted.level not in Start.values:
        faults["level"] = _("There is no code “%(codes)s”.") % {"codes": wanted.level}
    named = {"lead": wanted.lead, "supervisor": wanted.supervisor, "enforcer": wanted.enforcer}
    for name, key in named.items():
        if (key or name == "lead") and key not in bureaus:
            faults[name] = _("There is no bureau “%(bureau)s” today.") % {"bureau": key}
    if unknown := sorted(set(wanted.participants) - bureaus):
        faults["participants"] = _("There is no bureau “%(bureau)s” today.") % {"bureau": "、".join(unknown)}
    faults |= _condition_faults(wanted.conditions, {"topic": topics}, regions)
    faults |= _day_faults(rule, wanted)
    if faults:
        raise RuleFault(faults)
    for name in ("topic", "lead"):
        setattr(rule, f"{name}_id", getattr(wanted, name))
    for name in ("region", "supervisor", "enforcer"):
        setattr(rule, f"{name}_id", getattr(wanted, name) or None)
    for name in ("level", "priority", "list_entry", "basis", "source", "valid_from", "valid_to"):
        setattr(rule, name, getattr(wanted, name))
    rule.participants = list(dict.fromkeys(wanted.participants))
    rule.conditions = [condition.as_json() for condition in parse([dict(one) for one in wanted.conditions], known())]
    if problem := rule.problem(rule.parsed(), bureaus):
        raise RuleFault({"conditions": problem})
    try:
        rule.clean_fields(exclude={"code", *describe.DUTIES})
    except ValidationError as error:
        raise RuleFault({name: " ".join(said) for name, said in error.message_dict.items()}) from error


def _condition_faults(
    conditions: Sequence[Mapping[str, Any]], codes: dict[str, Collection[str]], regions: Collection[str]
) -> dict[str, str]:
    """What is wrong with each condition, the place of the condition in the list as part of the field."""
    if len(conditions) > MOST:
        return {"conditions": _("At most %(most)s conditions.") % {"most": MOST}}
    faults, words = {}, known()
    for at, one in enumerate(conditions):
        if not one["field"]:
            faults[f"conditions.{at}"] = _("Choose what the condition asks for.")
            continue
        try:
            [condition] = parse([dict(one)], words)
        except ConditionError as error:
            faults[f"conditions.{at}"] = str(error)
            continue
        if condition.field in CODES and condition.op != "prefix":
            unknown = set(condition.values) - set(codes.get(condition.field, regions))
            if unknown:
                faults[f"conditions.{at}"] = _("There is no code “%(codes)s”.") % {"codes": "、".join(sorted(unknown))}
    return faults


def _day_faults(rule: RoutingRule, wanted: Wanted) -> dict[str, str]:
    """Days that are written anew lie today or later: what was decided stays decided."""
    today, faults = timezone.localdate(), {}
    for name in ("valid_from", "valid_to"):
        day = getattr(wanted, name)
        if day and day < today and day != getattr(rule, name):
            faults[name] = _("This day lies in the past.")
    if wanted.valid_from and wanted.valid_to and wanted.valid_to < wanted.valid_from:
        faults["valid_to"] = _("The last day lies before the first.")
    return faults


def _keep(rule: RoutingRule) -> None:
    """Save a rule that was changed by hand, as another version than any other set has of it."""
    if rule.origin == Origin.FILE:
        rule.origin = Origin.EDITED
    others = RoutingRule.objects.filter(code=rule.code).exclude(pk=rule.pk)
    last = others.aggregate(last=Max("version"))["last"] or 0
    rule.version = rule.version if rule.version > last else last + 1
    for constraint in RoutingRule._meta.constraints:
        try:
            constraint.validate(RoutingRule, rule)
        except ValidationError as error:
            raise RuleFault({AT.get(constraint.name, ""): " ".join(error.messages)}) from error
    rule.error = rule.fault(set(Bureau.objects.valid_on(timezone.localdate()).values_list("pk", flat=True)))[:200]
    rule.save()


def _free_code(rule: RoutingRule) -> str:
    """P03-stage-farm, V05-330000: topic, region, first condition; numbered where there is one already."""
    parts = [rule.topic_id, rule.region_id or ""]
    parts += [f"{one['field']}-{one['values'][0]}" for one in rule.conditions[:1]]
    base = "-".join(filter(None, parts))[:50]
    taken = set(RoutingRule.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := base if n == 1 else f"{base}-{n}") not in taken)


def _move_one(rows: Sequence[RoutingRule], wanted: Sequence[RoutingRule]) -> bool:
    """One rule moved: give it a priority that puts it there. False: it takes more than that."""
    for rule in rows:
        if [row for row in rows if row is not rule] != [row for row in wanted if row is not rule]:
            continue
        at, own = list(wanted).index(rule), rule.priority
        low = wanted[at - 1].priority if at else 0
        high = wanted[at + 1].priority if at + 1 < len(wanted) else low + 2 * STEP
        for priority in (own, (low + high) // 2, low, high):
            rule.priority = priority
            asks = rule.conditions or rule.region_id or priority >= DEFAULT_PRIORITY  # else it is broken
            if asks and describe.ordered(rows) == list(wanted):
                return True
        rule.priority = own
    return False


def _number_anew(wanted: Sequence[RoutingRule]) -> None:
    """Priorities 5, 10, 15 ... before the default, 100 and on from it."""
    plain = [at for at, rule in enumerate(wanted) if not rule.conditions and not rule.region_id]
    before = plain[0] if plain else len(wanted)
    step = max(1, min(STEP, (DEFAULT_PRIORITY - 1) // max(1, before)))
    for at, rule in enumerate(wanted):
        rule.priority = step * (at + 1) if at < before else DEFAULT_PRIORITY + at - before
