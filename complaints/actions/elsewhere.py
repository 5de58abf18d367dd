"""When it is a matter for others: another authority or province, the police, or the same bureau one level up."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from complaints.actions.mediate import end_with_case
from complaints.actions.record import Change, change, required_text
from complaints.actions.supervise import decide_crime
from complaints.actions.units import give_to
from complaints.errors import Conflict
from complaints.models import TriageTask, Viewer
from routing.models import Unit

HANDED_TO: Final = ("authority", "province")
REFERRED_TO: Final = ("police", "procuratorate", "discipline")


def hand_over(viewer: Viewer, number: str, version: int, *, to: str, to_name: str, text: str) -> None:
    """The matter belongs to another authority or province (移送); the citizen is told where it went and why.

    to: one of HANDED_TO.
    """
    with change(viewer, number, "hand_over", version) as doing:
        doing.reason = required_text(to_name, "to_name")
        doing.note = required_text(text, "text")
        doing.data = {"to": to}
        end_with_case(doing, "other_law")
        TriageTask.objects.filter(case=doing.case).delete()


def refer_crime(viewer: Viewer, number: str, version: int, *, to_name: str, text: str, to: str = "police") -> None:
    """A clue goes elsewhere with its list of evidence while the case itself stays open.

    to: one of REFERRED_TO; suspected crime to the police (行刑衔接, rule G10), harm to the public to the procuratorate
    (公益诉讼线索), misconduct of officials to the discipline inspection (行纪衔接).
    """
    with change(viewer, number, "refer_crime", version) as doing:
        doing.reason = required_text(to_name, "to_name")
        doing.note = required_text(text, "text")
        doing.data = {"to": to}
        if to == "police":
            decide_crime(doing.case, viewer)


def level_up(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The higher office of the same bureau takes the matter over (提级办理, rules G6 and G11)."""
    with change(viewer, number, "level_up", version) as doing:
        doing.reason = required_text(reason, "reason")
        higher = higher_office(doing.case.lead_unit)
        if higher is None:
            raise Conflict("no_higher_office", _("There is no higher office of this bureau in the province."))
        take_up(doing, higher)


def take_up(doing: Change, higher: Unit) -> None:
    """Put the higher office in the lead; the unit that led stays as a participant, for it knows the matter."""
    case, before = doing.case, doing.case.lead_unit_id
    give_to(case, higher, [before] if before else [], "level_up", {"topic": case.topic})
    doing.data = {"lead": higher.pk, "from": before}


def higher_office(unit: Unit | None) -> Unit | None:
    """The nearest active unit of the same bureau in a region above, or None."""
    region = unit.region.parent if unit else None
    while unit and region:
        found = Unit.objects.filter(bureau=unit.bureau_id, region=region, active=True).first()
        if found:
            return found
        region = region.parent
    return None
