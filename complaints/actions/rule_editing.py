"""Drafts of rules in the hands of supervisors of a province: made, written, put in order, thrown away, asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.contrib.admin.models import ADDITION, DELETION
from django.db import transaction
from django.utils.translation import gettext as _

from complaints import permissions
from complaints.actions.rules import noted, refusals
from complaints.errors import Conflict, Invalid, Missing
from complaints.models import User, Viewer
from routing import describe, editing, rulesets
from routing.conditions import known
from routing.decide import Router
from routing.editing import Wanted
from routing.facts import Decision, Facts
from routing.models import RoutingRule, RuleSet

MOST_DRAFTS: Final = 20


@transaction.atomic
def draft_rules(viewer: Viewer, name: str, of: int | None = None) -> RuleSet:
    """A draft: a copy of a set, by default of the one in force."""
    by = permissions.require_rules_of_province(viewer)
    base = RuleSet.objects.filter(number=of).first() if of else None
    if of and base is None:
        raise Missing("no_such_set", _("There is no rule set %(number)s.") % {"number": of})
    if RuleSet.objects.filter(state="draft").count() >= MOST_DRAFTS:
        raise Conflict("too_many_drafts", _("There are %(most)s drafts; discard one first.") % {"most": MOST_DRAFTS})
    with refusals():
        made = rulesets.draft(name, str(by), base)
    noted(by, made, _("Drafted as a copy of %(set)s") % {"set": base or rulesets.ensure()}, ADDITION)
    return made


@transaction.atomic
def discard_rules(viewer: Viewer, ruleset: int) -> None:
    """Throw a draft away, with its simulations. Refused (409) for a set that decides or did."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        draft = rulesets.hold_draft(ruleset)
        noted(by, draft, _("Draft discarded"), DELETION)
        editing.discard(ruleset)


@transaction.atomic
def add_rule(viewer: Viewer, ruleset: int, wanted: Wanted) -> RoutingRule:
    """A new rule in a draft. Invalid (400) says at the field what is wrong."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        rule = editing.add(ruleset, wanted)
    _say(by, rule, _("Added %(rule)s: %(words)s"))
    return rule


@transaction.atomic
def change_rule(viewer: Viewer, ruleset: int, rule: int, stamp: str, wanted: Wanted) -> RoutingRule:
    """Another content of a rule in a draft. stamp: what was seen; 409 when somebody was faster."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        changed = editing.change(ruleset, rule, stamp, wanted)
    _say(by, changed, _("Changed %(rule)s: %(words)s"))
    return changed


@transaction.atomic
def remove_rule(viewer: Viewer, ruleset: int, rule: int, stamp: str) -> None:
    """Take a rule out of a draft; a shipped one ends."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        removed = editing.remove(ruleset, rule, stamp)
    _say(by, removed, _("Took out %(rule)s: %(words)s"))


@transaction.atomic
def order_rules(viewer: Viewer, ruleset: int, topic: str, rules: Sequence[int], stamp: str) -> None:
    """Another order of a topic's rules in a draft."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        moved = editing.order(ruleset, topic, rules, stamp)
    if moved:
        said = "，".join(f"{rule.code} → {rule.priority}" for rule in moved)
        noted(by, moved[0].ruleset, _("Other order of %(topic)s: %(moved)s") % {"topic": topic, "moved": said})


def try_rules(viewer: Viewer, ruleset: int, facts: Facts) -> Decision:
    """What a set would decide on a case with these facts; nothing is written."""
    permissions.require_rules(viewer)
    chosen = RuleSet.objects.filter(number=ruleset).first()
    if chosen is None:
        raise Missing("no_such_set", _("There is no rule set %(number)s.") % {"number": ruleset})
    words, wrong = known(), {}
    given = [(f"sub_fields.{name}", name, value) for name, value in facts.fields.items()]
    given += [("flags", "flag", flag) for flag in facts.flags]
    given += [("intent", "intent", facts.intent)] if facts.intent else []
    for at, name, value in given:
        if (name, value) not in words.values:
            wrong[at] = _("This sub-field and value are not known.")
    for name in facts.numbers:
        if name not in words.numbers:
            wrong[f"numbers.{name}"] = _("There is no field “%(field)s”.") % {"field": name}
    if wrong:
        raise Invalid("unknown_fact", next(iter(wrong.values())), wrong)
    return Router.load([facts.region], [facts.topic], ruleset=chosen).decide(facts)


def _say(by: User, rule: RoutingRule, pattern: str) -> None:
    words = describe.rule_words(rule, describe.Names.read())
    noted(by, rule.ruleset, pattern % {"rule": rule.code, "words": words})
