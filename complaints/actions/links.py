"""Cases and cases: the same matter filed twice is merged, several matters in one text are split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import privacy
from complaints.actions.dispatch import set_topic
from complaints.actions.opening import next_number
from complaints.actions.record import Change, change, required_text, write
from complaints.actions.units import hand_to
from complaints.errors import Conflict, Invalid
from complaints.lifecycle import ENDED, is_possible
from complaints.models import Case, CaseLink, LinkKind, Part, Requester, Respondent, TriageTask, Viewer


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter that gets a case of its own: its words, topic and, where it is known, its units."""

    text: str
    topic: str
    lead: int
    participants: tuple[int, ...] = ()


def merge(viewer: Viewer, number: str, version: int, *, into: str, reason: str) -> None:
    """The same matter is already being handled (并单). Each caller keeps number and code and follows the other case.

    into: number of the case that goes on; the viewer must see it too. Reversible by `unmerge`.
    """
    with change(viewer, number, "merge", version) as doing:
        doing.reason = required_text(reason, "reason")
        case = doing.case
        other = Case.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",)).filter(number=into).first()
        message = _("There is no such case, or you may not see it.")
        if other is None:
            raise Invalid("no_such_case", message, {"into": message})
        if other.pk == case.pk or not is_possible("take_in", other.state):
            message = _("A case can only be merged into another one that is still open.")
            raise Invalid("not_open", message, {"into": message})
        if case.linked_from.filter(kind=LinkKind.MERGED_INTO, active=True).exists():
            raise Conflict("others_merged", _("Other cases were merged into this one; it has to go on."))
        CaseLink.objects.update_or_create(
            case=case, other=other, kind=LinkKind.MERGED_INTO, defaults={"active": True, "at": timezone.now()}
        )
        TriageTask.objects.filter(case=case).delete()
        doing.data = {"into": other.number, "units": list(_active_units(case))}
        write(Change(other, data={"case": case.number}), "take_in", None)


def unmerge(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """It was another matter after all: the case comes back as it was, with its units at work."""
    with change(viewer, number, "unmerge", version) as doing:
        doing.reason = required_text(reason, "reason")
        case = doing.case
        link = case.links.filter(kind=LinkKind.MERGED_INTO, active=True).select_related("other").first()
        merged = case.events.filter(kind="merge").order_by("-version").first()
        if link is None or merged is None:
            raise Conflict("not_merged", _("This case is not merged into another one."))
        link.active = False
        link.save(update_fields=["active"])
        units = merged.data["units"]
        case.assignments.filter(unit__in=units).update(active=True)
        case.assignments.filter(unit=case.lead_unit_id).update(part=Part.LEAD)
        if case.held_from == "registered":
            case.held_from = "needs_triage"  # its waiting row is gone: a person decides
        doing.data = {"from": link.other.number}


def split(viewer: Viewer, number: str, version: int, *, matters: Sequence[Matter], reason: str) -> list[str]:
    """Further matters of the text get cases of their own (一诉多求); returns their numbers.

    The children belong to the citizen's first case: there the citizen follows all of them, and it cannot be closed
    before they have ended. They share its people and its day of receipt, so that no deadline moves.
    """
    with change(viewer, number, "split", version) as doing:
        doing.reason = required_text(reason, "reason")
        if not matters:
            message = _("Name at least one matter.")
            raise Invalid("no_matter", message, {"matters": message})
        children = [_child(viewer, doing.case, matter, doing.reason) for matter in matters]
        doing.data = {"children": [child.number for child in children]}
        return [child.number for child in children]


def require_children_ended(doing: Change) -> None:
    """Conflict, naming them, while a matter that was split off is still open."""
    links = doing.case.linked_from.filter(kind=LinkKind.SPLIT_FROM, active=True).select_related("case")
    numbers = "、".join(link.case.number for link in links if link.case.state not in ENDED)
    if numbers:
        message = _("Matters that were split off are still open: %(numbers)s.")
        raise Conflict("matters_open", message % {"numbers": numbers})


def _child(viewer: Viewer, parent: Case, matter: Matter, reason: str) -> Case:
    text = required_text(matter.text, "text")
    masked = privacy.mask_text(text)
    child = Case(
        number=next_number(),
        channel=parent.channel,
        source_line=parent.source_line,
        text=masked,
        sealed_text=text if masked != text else None,
        event_at=parent.event_at,
        place=parent.place,
        region_id=parent.region_id,
        intent=parent.intent,
        urgency=parent.urgency,
        sealed=parent.sealed,
        taken_by_id=parent.taken_by_id,
        taken_by_unit_id=parent.taken_by_unit_id,
        received_at=parent.received_at,
        synthetic=parent.synthetic,
    )
    set_topic(child, matter.topic)
    child.save()
    copy_people(parent, child)
    CaseLink.objects.create(case=child, other=parent, kind=LinkKind.SPLIT_FROM)
    write(Change(child, data={"channel": child.channel, "split_from": parent.number}), "register", None)
    data = hand_to(child, matter.lead, matter.participants, "dispatcher")
    write(Change(child, reason=reason, data=data), "dispatch", viewer)
    return child


def copy_people(parent: Case, child: Case) -> None:
    """The requester and the respondent of one case as those of another."""
    for copied in (Requester.objects.get(case=parent), Respondent.objects.get(case=parent)):
        copied.pk, copied.case = None, child
        copied.save(force_insert=True)


def _active_units(case: Case) -> Sequence[int]:
    return list(case.assignments.filter(active=True).values_list("unit_id", flat=True))
