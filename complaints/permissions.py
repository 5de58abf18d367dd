"""Who may DO what to a case they can see. Seeing is decided by `Case.objects.visible_to`, doing only here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from complaints.errors import Forbidden
from complaints.lifecycle import BUTTONS, MOVES, is_possible
from complaints.models import Case, CaseKey, Role, User, Viewer


def parts(viewer: Viewer, case: Case) -> frozenset[str]:
    """The parts that a viewer plays for this case, as lifecycle.MOVES names them; the case must be visible to them."""
    if isinstance(viewer, CaseKey):
        return frozenset({"citizen"})
    if not isinstance(viewer, User):
        return frozenset()
    if viewer.is_superuser:
        return frozenset({"supervisor", "dispatcher"})
    if viewer.role != Role.OFFICER:
        return frozenset({str(viewer.role)})
    return frozenset(
        str(assignment.part)
        for assignment in case.assignments.all()
        if assignment.active and assignment.unit_id == viewer.unit_id
    ) | ({"lead"} if case.lead_unit_id == viewer.unit_id else frozenset())


def may(viewer: Viewer, verb: str, case: Case) -> bool:
    """The one predicate: whether this viewer's part allows the verb, whatever the state of the case."""
    playing = parts(viewer, case)
    if verb == "reveal" and case.sealed and "lead" in playing:
        return False  # a reporter's identity stays sealed from the bureau (rules.md 6.10; Order 20 art. 33)
    return bool(playing.intersection(MOVES[verb].who))


def require(viewer: Viewer, verb: str, case: Case) -> None:
    """Raises Forbidden unless `may`."""
    if not may(viewer, verb, case):
        raise Forbidden("not_allowed", _("You may not do this to the case."))


def available(viewer: Viewer, case: Case) -> list[str]:
    """The verbs that would succeed now, in the order in which buttons stand."""
    return [verb for verb in BUTTONS if is_possible(verb, case.state) and may(viewer, verb, case)]
