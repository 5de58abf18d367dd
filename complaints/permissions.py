"""Who may DO what to a case they can see. Seeing is decided by `Case.objects.visible_to`, doing only here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from complaints.errors import Forbidden
from complaints.lifecycle import BUTTONS, MOVES, is_possible
from complaints.models import OWING, Case, CaseKey, Decided, Part, PartyStatus, RequestKind, Role, User, Viewer
from routing.models import scope_prefix


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
    """The verbs that fit now, in the order in which buttons stand. Looks at assignments, requests and links."""
    return [
        verb
        for verb in BUTTONS
        if is_possible(verb, case.state) and may(viewer, verb, case) and _fits(viewer, verb, case)
    ]


_NEEDS_REQUEST = {
    "grant_extension": RequestKind.EXTENSION,
    "refuse_extension": RequestKind.EXTENSION,
    "suspend": RequestKind.SUSPENSION,
    "refuse_suspension": RequestKind.SUSPENSION,
}
_ASKS = {"request_extension": RequestKind.EXTENSION, "request_suspension": RequestKind.SUSPENSION}
_OWN_STATUS = {"sign_part": {PartyStatus.WAITING}, "reply_part": set(OWING), "return_part": set(OWING)}


def _fits(viewer: Viewer, verb: str, case: Case) -> bool:
    """What the table of states cannot say: whether somebody asked for it, whether the own part is still open."""
    if verb in _NEEDS_REQUEST or verb in _ASKS:
        kind = _NEEDS_REQUEST.get(verb) or _ASKS[verb]
        asked = any(request.kind == kind and request.state == Decided.ASKED for request in case.requests.all())
        return asked == (verb in _NEEDS_REQUEST)
    if verb in _OWN_STATUS:
        unit = viewer.unit_id if isinstance(viewer, User) else None
        own = [row for row in case.assignments.all() if row.active and row.unit_id == unit]
        return any(row.part == Part.PARTICIPANT and row.status in _OWN_STATUS[verb] for row in own)
    if verb == "waive":
        return any(
            row.active and row.part == Part.PARTICIPANT and row.status in OWING for row in case.assignments.all()
        )
    if verb in ("begin_appraisal", "end_appraisal"):
        return case.appraising == (verb == "end_appraisal")
    return True


def may_change_models(viewer: Viewer) -> bool:
    """Superusers and supervisors of a whole province: a model answers for every case there is."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    covers_province = viewer.role == Role.SUPERVISOR and len(scope_prefix(viewer.region_id or "")) == 2
    return viewer.is_superuser or covers_province


def require_models(viewer: Viewer) -> User:
    """The account that may change models; raises Forbidden."""
    if isinstance(viewer, User) and may_change_models(viewer):
        return viewer
    raise Forbidden("not_allowed", _("Only a supervisor of the province may change models."))


def require_figures(viewer: Viewer) -> User:
    """Supervisors see how well the model does, over the cases that they may see; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role == Role.SUPERVISOR):
        return viewer
    raise Forbidden("not_allowed", _("Only supervisors may see how the model does."))


def require_second_look(viewer: Viewer) -> User:
    """Dispatchers and supervisors look at cases on which a newer model thinks differently; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and viewer.role == Role.DISPATCHER:
        return viewer
    return require_figures(viewer)


def require_rules(viewer: Viewer) -> User:
    """Supervisors see rule sets and try them out, over the cases that they may see; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role == Role.SUPERVISOR):
        return viewer
    raise Forbidden("not_allowed", _("Only supervisors may see rule sets and try them out."))


def require_rules_of_province(viewer: Viewer) -> User:
    """Who may put a rule set in force: rules decide for the whole province, as models do; raises Forbidden."""
    if isinstance(viewer, User) and may_change_models(viewer):
        return viewer
    raise Forbidden("not_allowed", _("Only a supervisor of the province may put rules in force."))
