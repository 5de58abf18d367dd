"""Rule sets through their life: drafted from the one in force, checked, activated, rolled back.

Every function is one transaction under one lock; a refusal (RuleSetError) leaves everything as it was.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from routing.analysis import broken_of, uncovered
from routing.models import Bureau, DataLoad, EscalationRule, RoutingRule, RuleSet, RuleSetState, Topic
from routing.models.rule_sets import InRuleSet
from routing.rulebook import Rulebook

LOCK: Final = 0x5A535253  # any number that nothing else in this database locks
KINDS: Final[tuple[type[InRuleSet], ...]] = (RoutingRule, EscalationRule)
NAMED: Final = 5  # rules or cells that a refusal names


class RuleSetError(Exception):
    """A rule set that cannot be used like that. code: stable; message: for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def ensure() -> RuleSet:
    """The set in force; the first one is made when there is none, and rules without a set go into it."""
    return RuleSet.objects.in_force() or RuleSet.objects.create(
        number=_next_number(), name=_("Shipped rules"), state=RuleSetState.ACTIVE
    )


def draft(name: str, by: str = "", of: RuleSet | None = None) -> RuleSet:
    """A new draft: a copy of a set, by default of the one in force."""
    with transaction.atomic():
        _lock()
        base = of or ensure()
        made = RuleSet.objects.create(number=_next_number(), name=name, created_by=by, changed_by=by)
        for model in KINDS:
            rows: list[Any] = list(model._default_manager.filter(ruleset=base))
            for row in rows:
                row.pk, row.ruleset = None, made
            model._default_manager.bulk_create(rows)
        return made


def activate(number: int, by: str = "", effective_from: date | None = None) -> RuleSet:
    """A draft begins to decide, today or on a later day.

    Raises RuleSetError: no_such_set, not_a_draft, day_past, broken_rules, coverage_falls (a topic has a unit
    somewhere now and would have none).
    """
    today = timezone.localdate()
    with transaction.atomic():
        made = hold_draft(number)
        day = effective_from or today
        if day < today:
            raise RuleSetError("day_past", _("The first day in force lies in the past."))
        if broken := broken_of(Rulebook.read(set(Topic.objects.values_list("code", flat=True)), day, made)):
            names = "、".join(f"{code}（{error}）" for code, error in broken[:NAMED])
            raise RuleSetError("broken_rules", _("These rules are broken: %(rules)s") % {"rules": names})
        current = RuleSet.objects.in_force(day)
        if current:
            lost = sorted(set(uncovered(made, day)) - set(uncovered(current, day)))
            if lost:
                cells = "、".join(f"{topic} {region}" for topic, region in lost[:NAMED])
                raise RuleSetError(
                    "coverage_falls",
                    _("%(count)s combinations of topic and region would have no unit any more: %(cells)s")
                    % {"count": len(lost), "cells": cells},
                )
        if current and day == today:
            _set_state(current, RuleSetState.RETIRED, by)
        made.effective_from, made.replaced = day, current
        _set_state(made, RuleSetState.ACTIVE, by)
        _load_again()
        return made


def roll_back(number: int, by: str = "") -> RuleSet:
    """The set of that number stops deciding, and the one it took the place of decides again, at once.

    Raises RuleSetError: no_such_set, not_active (somebody was faster), nothing_before.
    """
    with transaction.atomic():
        _lock()
        current = _locked(number)
        if current.state != RuleSetState.ACTIVE:
            raise RuleSetError("not_active", _("Rule set %(number)s is not active.") % {"number": number})
        before = current.replaced
        if before is None:
            raise RuleSetError("nothing_before", _("There is no rule set to go back to."))
        _set_state(current, RuleSetState.RETIRED, by)
        _set_state(before, RuleSetState.ACTIVE, by)
        _load_again()
        return before


def check(on: date | None = None) -> int:
    """Write into every rule of a draft or active set what breaks it today; the number of broken ones in force."""
    on = on or timezone.localdate()
    bureaus = set(Bureau.objects.valid_on(on).values_list("pk", flat=True))
    current = RuleSet.objects.in_force(on)
    broken = 0
    for model in KINDS:
        changed = []
        for row in model._default_manager.exclude(ruleset__state=RuleSetState.RETIRED):
            ended = row.valid_to is not None and row.valid_to < on
            error = "" if ended else row.fault(bureaus)[:200]
            broken += bool(error) and current is not None and row.ruleset_id == current.number
            if error != row.error:
                row.error = error
                changed.append(row)
        model._default_manager.bulk_update(changed, ["error"], batch_size=500)
    return broken


def hold_draft(number: int) -> RuleSet:
    """The draft of that number, which nobody else changes or activates until the transaction ends.

    Raises RuleSetError: no_such_set, not_a_draft.
    """
    _lock()
    found = _locked(number)
    if found.state != RuleSetState.DRAFT:
        raise RuleSetError("not_a_draft", _("Rule set %(number)s is not a draft.") % {"number": number})
    return found


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _locked(number: int) -> RuleSet:
    found = RuleSet.objects.filter(number=number).select_related("replaced").first()
    if found is None:
        raise RuleSetError("no_such_set", _("There is no rule set %(number)s.") % {"number": number})
    return found


def _next_number() -> int:
    return (RuleSet.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _set_state(ruleset: RuleSet, state: RuleSetState, by: str) -> None:
    ruleset.state, ruleset.changed_by, ruleset.changed_at = state, by, timezone.now()
    ruleset.save()


def _load_again() -> None:
    """The set in force is another one: the files are laid over it at the next start."""
    DataLoad.objects.filter(id=1).update(fingerprint="")
