"""Rule sets in the hands of supervisors: trying a draft out on past cases, putting it in force, going back.

What was done to a set, by whom and why stands in the log that the admin shows as its history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from complaints import permissions
from complaints.errors import Conflict, Invalid, Missing
from complaints.models import Case, RoutingDecision, RuleSimulation, SimulationState, User, Viewer
from routing import rulesets
from routing.editing import RuleFault
from routing.facts import Facts
from routing.models import RuleSet
from routing.simulate import Report, simulate

logger = logging.getLogger(__name__)
SIMULATE_JOB: Final = "complaints.simulate_rules"
MOST_CASES: Final = 10_000
_MISSING: Final = ("no_such_set",)


def ask_simulation(viewer: Viewer, ruleset: int, cases: int = MOST_CASES) -> RuleSimulation:
    """Try a rule set out on the latest decided cases that the viewer may see; the worker does it."""
    owner = permissions.require_rules(viewer)
    if not 1 <= cases <= MOST_CASES:
        message = _("Between 1 and %(most)s cases.") % {"most": MOST_CASES}
        raise Invalid("too_many_cases", message, {"cases": message})
    with transaction.atomic():
        asked = RuleSimulation.objects.create(ruleset=_ruleset(ruleset), owner=owner, cases=cases)
        jobs.configure_task(SIMULATE_JOB).defer(simulation=asked.pk)
    return asked


def run_simulation(pk: int) -> None:
    """Work one off, with progress in its row. One that runs or is over already is left alone."""
    waiting = RuleSimulation.objects.filter(pk=pk, state=SimulationState.WAITING)
    if not waiting.update(state=SimulationState.RUNNING, beat_at=timezone.now()):
        return
    row = RuleSimulation.objects.select_related("ruleset", "owner").get(pk=pk)
    try:
        facts = latest_facts(row.owner, row.cases)
        report = simulate(row.ruleset, facts, _progress(pk))
    except Exception as error:
        logger.exception("simulation %s failed", pk)
        RuleSimulation.objects.filter(pk=pk).update(
            state=SimulationState.FAILED, error=f"{type(error).__name__}: {error}"[:300]
        )
        return
    RuleSimulation.objects.filter(pk=pk).update(
        state=SimulationState.DONE, report=report.as_json(), beat_at=timezone.now()
    )


def simulate_now(ruleset: int, cases: int, progress: Callable[[int, int], None]) -> Report:
    """The same at once, over everybody's cases: for the command line."""
    return simulate(_ruleset(ruleset), latest_facts(None, cases), progress)


def latest_facts(viewer: User | None, cases: int) -> list[tuple[str, Facts]]:
    """Number and facts of the latest decided cases, each case's last decision with facts. viewer None: of all."""
    decisions = RoutingDecision.objects.exclude(facts={})
    if viewer is not None:
        decisions = decisions.filter(case__in=Case.objects.visible_to(viewer))
    found: dict[str, Facts] = {}
    for number, facts in decisions.order_by("-pk").values_list("case__number", "facts")[: cases * 2]:
        found.setdefault(number, Facts.from_json(facts))
        if len(found) == cases:
            break
    return list(found.items())


@transaction.atomic
def activate_rules(viewer: Viewer, ruleset: int, effective_from: date | None = None, reason: str = "") -> RuleSet:
    """A draft begins to decide. Refused (409) when a rule is broken or a topic would lose its unit somewhere."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        made = rulesets.activate(ruleset, str(by), effective_from)
    noted(by, made, _("Activated from %(day)s: %(reason)s") % {"day": made.effective_from, "reason": reason})
    return made


@transaction.atomic
def roll_back_rules(viewer: Viewer, ruleset: int, reason: str = "") -> RuleSet:
    """From this rule set, which must be active, back to the one before it; returns the one that decides now."""
    by = permissions.require_rules_of_province(viewer)
    with refusals():
        before = rulesets.roll_back(ruleset, str(by))
    what = {"number": ruleset, "to": before.number, "reason": reason}
    noted(by, before, _("Back from rule set %(number)s to %(to)s: %(reason)s") % what)
    return before


def noted(by: User, ruleset: RuleSet, said: str, flag: int = CHANGE) -> None:
    """One line in the history of a set."""
    LogEntry.objects.log_actions(by.pk, [ruleset], flag, said, single_object=True)


@contextmanager
def refusals() -> Iterator[None]:
    """What routing refuses, as errors of this package."""
    try:
        yield
    except RuleFault as error:
        raise Invalid("rule_wrong", next(iter(error.fields.values())), error.fields) from error
    except rulesets.RuleSetError as error:
        kind = Missing if error.code in _MISSING else Conflict
        raise kind(error.code, error.message) from error


def _ruleset(number: int) -> RuleSet:
    found = RuleSet.objects.filter(number=number).first()
    if found is None:
        raise Missing("no_such_set", _("There is no rule set %(number)s.") % {"number": number})
    return found


def _progress(pk: int) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        RuleSimulation.objects.filter(pk=pk).update(done=done, total=total, beat_at=timezone.now())

    return report
