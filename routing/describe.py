"""Rules as people read and pick them: what a form may offer, a rule in one sentence, two sets compared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from itertools import zip_longest
from typing import Any, Final, cast

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from routing.analysis import leaves
from routing.conditions import CODES, MOST, OP_NAMES, Condition, Vocabulary, comparisons, known, parse_some, worded
from routing.models import (
    Bureau,
    EscalationRule,
    Region,
    RoutingParticipant,
    RoutingRule,
    RuleSet,
    Start,
    Topic,
    scope_prefix,
)
from routing.models.escalations import LEAD
from routing.models.rule_sets import InRuleSet

RULE: Final = (
    "topic_id", "region_id", "priority", "conditions", "lead_id", "level", "supervisor_id", "enforcer_id",
    "participants", "list_entry", "basis", "source", "valid_from", "valid_to",
)  # fmt: skip
ESCALATION: Final = (
    "label", "position", "conditions", "do", "bureau", "at", "amount", "unit", "source", "valid_from", "valid_to",
)  # fmt: skip


def content(row: InRuleSet) -> dict[str, Any]:
    """What a rule says, without its number, version and origin."""
    return {name: getattr(row, name) for name in (RULE if isinstance(row, RoutingRule) else ESCALATION)}


def stamp(rows: Iterable[InRuleSet]) -> str:
    """Changes whenever one of these rules does: who writes shows that he saw what is there."""
    said = [[row.pk, row.version, content(row)] for row in sorted(rows, key=lambda row: row.pk)]
    return md5(json.dumps(said, default=str, sort_keys=True).encode(), usedforsecurity=False).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called today; words knows topics and regions, too."""

    words: Vocabulary
    topics: Mapping[str, str]
    regions: Mapping[str, str]
    bureaus: Mapping[str, str]

    @classmethod
    def read(cls) -> Names:
        """Three queries."""
        topics = dict(Topic.objects.values_list("code", "name"))
        regions = dict(Region.objects.values_list("code", "full_name"))
        words = known()
        labels = words.names()
        values = dict(words.values)
        for field in CODES:
            named = topics if field == "topic" else regions
            values |= {(field, code): (labels[field], name) for code, name in named.items()}
        bureaus = dict(Bureau.objects.values_list("id", "name"))
        return cls(Vocabulary(values, words.numbers), topics, regions, bureaus)

    def conditions(self, row: InRuleSet) -> list[Condition]:
        """Those that can be read; a broken rule says in `error` what cannot."""
        return list(parse_some(row.conditions, known()))


def rule_words(rule: RoutingRule, names: Names) -> str:
    """如果 主题：… 且 环节：… → 牵头 …，参与 …"""
    asks = [_("topic: %(topic)s") % {"topic": names.topics.get(rule.topic_id, rule.topic_id)}]
    if rule.region_id:
        asks.append(_("in %(region)s") % {"region": names.regions.get(rule.region_id, rule.region_id)})
    asks += [worded((condition,), names.words) for condition in names.conditions(rule)]
    bureau = names.bureaus.get
    does = [_("lead: %(bureau)s (%(level)s)") % {"bureau": bureau(rule.lead_id), "level": Start(rule.level).label}]
    if rule.supervisor_id:
        does.append(_("supervision: %(bureau)s") % {"bureau": bureau(rule.supervisor_id)})
    if rule.enforcer_id:
        does.append(_("enforcement: %(bureau)s") % {"bureau": bureau(rule.enforcer_id)})
    if rule.participants:
        does.append(_("participants: %(bureaus)s") % {"bureaus": "、".join(bureau(p, p) for p in rule.participants)})
    return _("If %(asks)s → %(does)s") % {"asks": _(" and ").join(asks), "does": "，".join(does)}


def escalation_words(rule: EscalationRule, names: Names) -> str:
    """The same for an escalation rule."""
    asks = [worded((condition,), names.words) for condition in names.conditions(rule)]
    bureau = _("the bureau that leads") if rule.bureau == LEAD else names.bureaus.get(rule.bureau, rule.bureau)
    within = f"{rule.amount} {rule.get_unit_display()}" if rule.amount is not None else ""
    does = " ".join(filter(None, (rule.get_do_display(), rule.get_at_display(), bureau, within)))
    return _("If %(asks)s → %(does)s") % {"asks": _(" and ").join(asks), "does": does}


def words_of(row: InRuleSet, names: Names) -> str:
    """A rule of either kind in one sentence."""
    if isinstance(row, RoutingRule):
        return rule_words(row, names)
    return escalation_words(cast(EscalationRule, row), names)


def rules(ruleset: RuleSet, names: Names) -> list[dict[str, Any]]:
    """A set's routing rules in the order in which they are tried; one query besides those of `names`."""
    return [described(row, names) for row in ordered(RoutingRule.objects.filter(ruleset=ruleset))]


def ordered(rows: Iterable[RoutingRule]) -> list[RoutingRule]:
    """By topic, then as they are tried (see rulebook.Rule.order)."""
    return sorted(rows, key=lambda rule: (rule.topic_id, *place(rule)))


def place(rule: RoutingRule) -> tuple[int, int, int, str]:
    """What decides which of a topic's rules is tried first; the smallest is."""
    return (rule.priority, -len(scope_prefix(rule.region_id or "")), -len(rule.conditions), rule.code)


def described(row: RoutingRule, names: Names) -> dict[str, Any]:
    """One rule for the list and the form."""
    called = {f"{part}_name": names.bureaus.get(getattr(row, f"{part}_id") or "", "") for part in DUTIES}
    return {
        **content(row),
        **called,
        "id": row.pk,
        "code": row.code,
        "version": row.version,
        "topic": row.topic_id,
        "topic_name": names.topics.get(row.topic_id, ""),
        "region": row.region_id or "",
        "region_name": names.regions.get(row.region_id or "", ""),
        "conditions": [
            {**condition.as_json(), "text": worded((condition,), names.words)} for condition in names.conditions(row)
        ],
        "lead": row.lead_id,
        "level_name": row.get_level_display(),
        "supervisor": row.supervisor_id or "",
        "enforcer": row.enforcer_id or "",
        "participants": [{"id": key, "name": names.bureaus.get(key, key)} for key in row.participants],
        "shipped": row.origin != "hand",
        "error": row.error,
        "stamp": stamp([row]),
        "sentence": rule_words(row, names),
    }


DUTIES: Final = ("lead", "supervisor", "enforcer")


def escalations(ruleset: RuleSet, names: Names) -> list[dict[str, Any]]:
    """What applies whatever the topic."""
    rows = EscalationRule.objects.filter(ruleset=ruleset).order_by("position", "code")
    return [
        {"code": row.code, "label": row.label, "sentence": escalation_words(row, names), "error": row.error}
        for row in rows
    ]


def joining(names: Names, on: date) -> list[dict[str, str]]:
    """Who takes part in a topic's cases whatever set decides."""
    rows = RoutingParticipant.objects.valid_on(on).order_by("topic", "position", "id")
    labels = names.words.values
    return [
        {
            "topic": row.topic_id,
            "bureau": names.bureaus.get(row.bureau_id, row.bureau_id),
            "when": "：".join(labels.get((row.field, row.value), ())),
        }
        for row in rows
    ]


def difference(ruleset: RuleSet, base: RuleSet, names: Names) -> list[dict[str, Any]]:
    """What a set says otherwise than another one, by rule: added, removed or changed, with both sentences."""
    if ruleset == base:
        return []
    found = []
    for model in (RoutingRule, EscalationRule):
        sides: dict[str, tuple[list[InRuleSet], list[InRuleSet]]] = defaultdict(lambda: ([], []))
        for row in model._default_manager.filter(ruleset__in=(ruleset, base)).order_by("code", "version"):
            sides[row.code][row.ruleset_id != ruleset.pk].append(row)
        for code, (own, others) in sides.items():
            for after, before in zip_longest(own, others):
                if line := _differ(before, after, names):
                    found.append({"code": code, **line})
    return found


def _differ(before: InRuleSet | None, after: InRuleSet | None, names: Names) -> dict[str, Any] | None:
    some = cast(InRuleSet, after or before)
    old, new = (content(row) if row else {} for row in (before, after))
    if old == new:
        return None
    fields = [_called(type(some), name) for name in content(some) if before and after and old[name] != new[name]]
    topic = some.topic_id if isinstance(some, RoutingRule) else ""
    return {
        "kind": "changed" if before and after else "added" if after else "removed",
        "topic": topic,
        "topic_name": names.topics.get(topic, ""),
        "before": words_of(before, names) if before else "",
        "after": words_of(after, names) if after else "",
        "fields": fields,
    }


def _called(model: type[InRuleSet], name: str) -> str:
    try:
        return str(model._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def vocabulary(names: Names, on: date) -> dict[str, Any]:
    """What the form of a rule offers: fields with their comparisons and values, bureaus of today, levels, templates."""
    words = known()
    values: dict[str, list[dict[str, str]]] = defaultdict(list)
    for (field, value), (_name, label) in words.values.items():
        values[field].append({"code": value, "name": label})
    fields = [
        {
            "field": field,
            "name": name,
            "kind": "number"
            if field in words.numbers
            else field.removeprefix("respondent_")
            if field in CODES
            else "choice",
            "ops": [{"code": op, "name": str(OP_NAMES[op])} for op in comparisons(field, words)],
            "values": values[field],
        }
        for field, name in words.names().items()
    ]
    return {
        "fields": fields,
        "topics": [{"code": code, "name": name} for code, name in sorted(names.topics.items())],
        "bureaus": [{"code": key, "name": name} for key, name in Bureau.objects.valid_on(on).values_list("id", "name")],
        "levels": [{"code": code, "name": str(name)} for code, name in Start.choices],
        "templates": templates(),
        "most_conditions": MOST,
    }


def _kind(field: str, words: Vocabulary) -> str:
    if field in CODES:
        return field.removeprefix("respondent_")
    return "number" if field in words.numbers else "choice"


def templates() -> list[dict[str, Any]]:
    """Rules to begin with: the customary priorities of docs/routing.md, and the condition that is asked most."""

    shapes = (
        ("stage", _("By stage (production, market, catering ...)"), 10, ("stage", "is"), False),
        ("trade", _("By trade"), 10, ("trade", "is"), False),
        ("owner", _("By who owns the facility"), 10, ("owner", "is"), False),
        ("issue", _("By kind of grievance"), 30, ("issue", "is"), False),
        ("urgency", _("When it is urgent"), 10, ("urgency", "at_least"), False),
        ("local", _("A local division of work"), 50, None, True),
        ("default", _("Default of a topic"), 100, None, False),
    )
    return [
        {
            "code": code,
            "name": name,
            "priority": priority,
            "conditions": [{"field": asks[0], "op": asks[1], "values": []}] if asks else [],
            "local": local,
        }
        for code, name, priority, asks, local in shapes
    ]


def grid(uncovered: Iterable[tuple[str, str]], lost: Iterable[tuple[str, str]], on: date) -> dict[str, Any]:
    """Topics by cities: how many of a city's smallest places have no unit, and would lose theirs; whole rows only."""
    cities = list(Region.objects.valid_on(on).filter(level="city").values_list("code", "name"))
    at = {code[:4]: index for index, (code, _name) in enumerate(cities)}
    places = [0] * len(cities)
    for region in leaves(on):
        places[at[region[:4]]] += 1
    rows: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([0] * len(cities), [0] * len(cities)))
    for side, found in enumerate((uncovered, lost)):
        for topic, region in found:
            rows[topic][side][at[region[:4]]] += 1
    return {
        "cities": [{"code": code, "name": name, "places": n} for (code, name), n in zip(cities, places, strict=True)],
        "rows": [{"topic": topic, "uncovered": rows[topic][0], "lost": rows[topic][1]} for topic in sorted(rows)],
    }
