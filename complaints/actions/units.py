"""Putting units to work on a case; the verbs that do so say why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from complaints.actions.facts import facts_of
from complaints.errors import Invalid
from complaints.models import Assignment, Case, Part, RoutingDecision
from routing import card
from routing.models import Unit


def known_units(lead: int | None, participants: Sequence[int]) -> dict[int, Unit]:
    """The units by id; Invalid at the field that names one that does not exist or receives nothing any more.

    lead: None where only participants are named.
    """
    named = [*participants, *([] if lead is None else [lead])]
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=named, active=True)}
    message = _("There is no such unit.")
    if lead is not None and lead not in units:
        raise Invalid("unknown_unit", message, {"lead": message})
    if any(unit not in units for unit in participants):
        raise Invalid("unknown_unit", message, {"participants": message})
    return units


def give_to(case: Case, lead: Unit, participants: Sequence[int], code: str, params: dict[str, str]) -> list[int]:
    """Put the lead and the others to work, and keep why; returns the others, each once and without the lead."""
    others = [unit for unit in dict.fromkeys(participants) if unit != lead.pk]
    assign(case, lead.pk, others)
    names = dict(Unit.objects.filter(pk__in=others).values_list("pk", "name"))
    RoutingDecision.objects.create(
        case=case,
        lead_unit_id=lead.pk,
        participant_units=others,
        level=lead.level,
        region_id=lead.region_id,
        reasons=[{"code": code, "params": params}],
        **card.by_hand(facts_of(case), lead.name, [names[unit] for unit in others]),
    )
    return others


def hand_to(case: Case, lead: int, participants: Sequence[int], code: str, **params: str) -> dict[str, Any]:
    """Put the units that a person named to work; Invalid where there is no such unit. Returns the event's data."""
    units = known_units(lead, participants)
    others = give_to(case, units[lead], participants, code, {"topic": case.topic, **params})
    return {"lead": lead, "participants": others, "topic": case.topic}


def assign(case: Case, lead: int, participants: Sequence[int]) -> None:
    """Make these units, and only these, active on the case. Units that leave keep sight of what they did."""
    case.lead_unit_id = lead
    case.assignments.filter(active=True).update(active=False, part=Part.PARTICIPANT)
    rows = [Assignment(case=case, unit_id=lead, part=Part.LEAD, active=True)]
    rows += [Assignment(case=case, unit_id=unit, part=Part.PARTICIPANT, active=True) for unit in participants]
    begin_afresh(rows)


def begin_afresh(rows: Sequence[Assignment]) -> None:
    """Write parties that start, or start again, without anything signed or answered."""
    fresh = ["part", "active", "since", "status", "signed_at", "replied_at", "reason"]
    Assignment.objects.bulk_create(rows, update_conflicts=True, unique_fields=["case", "unit"], update_fields=fresh)


def inform(case: Case, unit: int) -> None:
    """A unit that is told of the case sees it from now on, and owes nothing by that."""
    Assignment.objects.bulk_create(
        [Assignment(case=case, unit_id=unit, part=Part.INFORMED, active=False)], ignore_conflicts=True
    )
