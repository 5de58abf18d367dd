"""The "why here" card: why a case lies where it lies, from what was stored with the decision and nothing else.

`columns` is what the caller stores beside the decision, with the names of that day; `build` makes the card from it,
`page` prints it. Rules, names and regions may have changed since: the same stored decision gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from routing.conditions import known
from routing.facts import Action, Decision, Facts, Reason
from routing.reasons import sentence

RULE: Final = ("rule_default", "rule_local", "rule_condition", "rule_conditions")
JURISDICTION: Final = (
    "level", "region", "region_level", "region_above", "region_host", "region_city_only", "region_no_counties",
    "region_too_coarse", "no_region", "unknown_region", "no_unit", "escalation_level",
)  # fmt: skip
TAKING_PART: Final = (
    "supervisor", "enforcer", "participant", "participant_condition", "participant_rule", "participant_missing",
    "escalation_participant",
)  # fmt: skip


def columns(facts: Facts, decision: Decision) -> dict[str, Any]:
    """What to store of a decision so that its card can be made at any time; keys are columns of the caller's table."""
    return {
        "facts": facts.as_json(),
        "rule": decision.rule,
        "rule_version": decision.version,
        "ruleset": decision.ruleset,
        "record": {
            "lead": decision.names.get(decision.lead, "") if decision.lead else "",
            "supervisor": decision.names.get(decision.supervisor, "") if decision.supervisor else "",
            "enforcer": decision.names.get(decision.enforcer, "") if decision.enforcer else "",
            "facts": fact_lines(facts, decision.reasons),
            "actions": [_action(action) for action in decision.actions],
        },
    }


def by_hand(facts: Facts, lead_name: str, participants: Sequence[str]) -> dict[str, Any]:
    """The same for a decision that a person took: names as they are today, no rule."""
    record = {"lead": lead_name, "participants": list(participants), "facts": fact_lines(facts, ()), "actions": []}
    return {"facts": facts.as_json(), "record": record}


def fact_lines(facts: Facts, reasons: Sequence[Reason]) -> list[list[str]]:
    """What was known, as pairs of Chinese names, in one order; empty facts are left out."""
    words = known()
    topics = [reason.params["topic_name"] for reason in reasons if reason.params.get("topic_name")]
    regions = [reason.params["region_name"] for reason in reasons if reason.params.get("region_name")]
    lines = [
        [_("topic"), " ".join(filter(None, (facts.topic, *topics[:1])))],
        [_("region"), " ".join(filter(None, (facts.region, *regions[:1])))],
    ]
    given = [("urgency", facts.urgency), ("channel", facts.channel), ("intent", facts.intent)]
    for name, value in (*given, *sorted(facts.fields.items()), *(("flag", flag) for flag in sorted(facts.flags))):
        lines.append(list(words.values.get((name, value), (name, value))))
    lines += [[words.numbers.get(name, name), f"{value:g}"] for name, value in sorted(facts.numbers.items())]
    lines.append([_("respondent's region"), facts.respondent_region])
    return [line for line in lines if line[1]]


def build(number: str, decided_at: datetime, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The card as JSON. stored: the columns of `columns`, and `reasons` [{code, params}] and `level`."""
    reasons = [Reason(reason["code"], reason["params"]) for reason in stored["reasons"]]
    record = stored["record"] or {}
    rule = next((reason for reason in reasons if reason.code in RULE), None)
    parts = [reason for reason in reasons if reason.code in TAKING_PART]
    shown = {*RULE, *JURISDICTION, *TAKING_PART, "basis", "list_entry"}
    return {
        "number": number,
        "decided_at": timezone.localtime(decided_at).isoformat(timespec="seconds"),
        "lead": record.get("lead", ""),
        "level": stored["level"],
        "supervisor": record.get("supervisor", ""),
        "enforcer": record.get("enforcer", ""),
        "facts": [{"name": name, "value": value} for name, value in record.get("facts", [])],
        "rule": {
            "code": stored["rule"],
            "version": stored["rule_version"],
            "ruleset": stored["ruleset"],
            "text": sentence(rule) if rule else "",
        },
        "jurisdiction": _sentences(reasons, JURISDICTION),
        "list_entry": _param(reasons, "list_entry", "entry"),
        "basis": _param(reasons, "basis", "basis"),
        "source": _param(reasons, "basis", "source"),
        "participants": [
            {"name": reason.params.get("unit_name") or reason.params.get("bureau_name", ""), "why": sentence(reason)}
            for reason in parts
        ]
        + [{"name": name, "why": ""} for name in record.get("participants", [])],
        "notes": [sentence(reason) for reason in reasons if reason.code not in shown],
    }


def page(card: Mapping[str, Any]) -> str:
    """The card as a page for paper (A4)."""
    rule = card["rule"]
    heading = _("Why here: %(number)s") % {"number": card["number"]}
    which = _("%(code)s, version %(version)s, rule set %(ruleset)s") % rule if rule["code"] else ""
    split = {card["supervisor"], card["enforcer"]} - {"", card["lead"]}
    duties = [(_("supervising bureau"), card["supervisor"]), (_("enforcing bureau"), card["enforcer"])] if split else []
    sections = [
        (_("Lead unit"), [card["lead"] or _("A dispatcher decides."), *(f"{duty}：{name}" for duty, name in duties)]),
        (_("Matched facts"), [f"{fact['name']}：{fact['value']}" for fact in card["facts"]]),
        (_("Rule"), [line for line in (which, rule["text"]) if line]),
        (_("Jurisdiction"), card["jurisdiction"]),
        (_("Responsibility list entry"), [card["list_entry"]] if card["list_entry"] else []),
        (_("Legal basis"), [line for line in (card["basis"], card["source"]) if line]),
        (_("Participants"), [part["why"] or part["name"] for part in card["participants"]]),
        (_("Notes"), card["notes"]),
    ]
    context = {
        "heading": heading,
        "decided": _("Decided on %(at)s") % {"at": card["decided_at"].replace("T", " ")[:16]},
        "sections": [(title, lines) for title, lines in sections if lines],
    }
    return render_to_string("routing/card.html", context)


def _sentences(reasons: Sequence[Reason], codes: Sequence[str]) -> list[str]:
    return [sentence(reason) for reason in reasons if reason.code in codes]


def _param(reasons: Sequence[Reason], code: str, name: str) -> str:
    return next((reason.params.get(name, "") for reason in reasons if reason.code == code), "")


def _action(action: Action) -> dict[str, Any]:
    return {
        "rule": action.rule,
        "version": action.version,
        "do": action.do,
        "bureau": action.bureau,
        "at": action.at,
        "amount": action.amount,
        "unit": action.unit,
    }
