"""A draft tried out: past cases decided by two rule sets, and what the set itself gets wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils import timezone

from routing.analysis import Finding, broken_of, conflicts, uncovered, unreachable
from routing.decide import Router
from routing.facts import Decision, Facts
from routing.models import RuleSet, Topic, Unit
from routing.rulebook import Rulebook

SHOWN: Final = 200  # changed cases and cells in a report
STEP: Final = 250  # decisions between two reports of progress
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Shift:
    """How a unit's or a bureau's cases would change."""

    name: str
    before: int = 0
    after: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "before": self.before, "after": self.after, "change": self.after - self.before}


@dataclass(slots=True)
class Report:
    """What a draft would change. changed: [{case, from, to, rule_from, rule_to}]; "": a dispatcher decides."""

    ruleset: int
    against: int
    cases: int = 0
    changed_cases: int = 0
    to_triage: int = 0
    from_triage: int = 0
    changed: list[dict[str, str]] = field(default_factory=list)
    bureaus: list[Shift] = field(default_factory=list)
    units: list[Shift] = field(default_factory=list)
    unreachable: list[Finding] = field(default_factory=list)
    conflicts: list[Finding] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    uncovered: list[tuple[str, str]] = field(default_factory=list)
    lost_cells: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the API and the command; cells as [topic, region], at most 200 of them beside their number."""
        return {
            "ruleset": self.ruleset,
            "against": self.against,
            "cases": self.cases,
            "changed_cases": self.changed_cases,
            "to_triage": self.to_triage,
            "from_triage": self.from_triage,
            "changed": self.changed,
            "bureaus": [shift.as_json() for shift in self.bureaus],
            "units": [shift.as_json() for shift in self.units],
            "unreachable": [finding.as_json() for finding in self.unreachable],
            "conflicts": [finding.as_json() for finding in self.conflicts],
            "broken": [{"rule": code, "error": error} for code, error in self.broken],
            "uncovered_count": len(self.uncovered),
            "uncovered": [{"topic": topic, "region": region} for topic, region in self.uncovered[:SHOWN]],
            "lost_cells_count": len(self.lost_cells),
            "lost_cells": [{"topic": topic, "region": region} for topic, region in self.lost_cells[:SHOWN]],
        }


def simulate(
    draft: RuleSet,
    cases: Sequence[tuple[str, Facts]],
    progress: Progress = lambda done, total: None,
    on: date | None = None,
) -> Report:
    """Decide past cases, (number, facts) each, by the draft and by the set in force, both as of that day.

    progress(done, total) is called now and then. Nothing is written.
    """
    on = on or timezone.localdate()
    current = RuleSet.objects.in_force(on)
    regions = {facts.region for _number, facts in cases if facts.region}
    topics = {facts.topic for _number, facts in cases if facts.topic}
    old, new = Router.load(regions, topics, on, current), Router.load(regions, topics, on, draft)
    report = Report(ruleset=draft.number, against=current.number if current else 0, cases=len(cases))
    tally: dict[int | None, list[int]] = {}
    for done, (number, facts) in enumerate(cases, 1):
        before, after = old.decide(facts), new.decide(facts)
        tally.setdefault(before.lead, [0, 0])[0] += 1
        tally.setdefault(after.lead, [0, 0])[1] += 1
        if _differ(before, after):
            _note(report, number, before, after)
        if done % STEP == 0:
            progress(done, len(cases))
    _shifts(report, tally)
    inspect(report, draft, current, on)
    progress(len(cases), len(cases))
    return report


def inspect(report: Report, draft: RuleSet, current: RuleSet | None, on: date) -> None:
    """Fill in what is wrong with the draft itself, whatever the cases."""
    book = Rulebook.read(set(Topic.objects.values_list("code", flat=True)), on, draft)
    report.unreachable, report.conflicts, report.broken = unreachable(book), conflicts(book), broken_of(book)
    report.uncovered = uncovered(draft, on)
    lost = set(report.uncovered) - set(uncovered(current, on)) if current else set()
    report.lost_cells = sorted(lost)


def _differ(before: Decision, after: Decision) -> bool:
    return (before.lead, set(before.participants)) != (after.lead, set(after.participants))


def _note(report: Report, number: str, before: Decision, after: Decision) -> None:
    report.changed_cases += 1
    report.to_triage += before.lead is not None and after.lead is None
    report.from_triage += before.lead is None and after.lead is not None
    if len(report.changed) < SHOWN:
        report.changed.append(
            {
                "case": number,
                "from": before.names.get(before.lead, "") if before.lead else "",
                "to": after.names.get(after.lead, "") if after.lead else "",
                "rule_from": before.rule,
                "rule_to": after.rule,
            }
        )


def _shifts(report: Report, tally: dict[int | None, list[int]]) -> None:
    """Who gains and who loses, the largest change first; units without change are left out."""
    units = Unit.objects.select_related("bureau").in_bulk([unit for unit in tally if unit])
    bureaus: dict[str, Shift] = {}
    for pk, unit in units.items():
        before, after = tally[pk]
        total = bureaus.setdefault(unit.bureau_id, Shift(unit.bureau.name))
        total.before, total.after = total.before + before, total.after + after
        if before != after:
            report.units.append(Shift(unit.name, before, after))
    report.units.sort(key=_size)
    report.bureaus = sorted(bureaus.values(), key=_size)


def _size(shift: Shift) -> tuple[int, str]:
    return -abs(shift.after - shift.before), shift.name
