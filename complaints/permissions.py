"""Who may DO what to a case they can see. Seeing is decided by `Case.objects.visible_to`, doing only here."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from complaints.errors import Forbidden
from complaints.lifecycle import BUTTONS, DESK_ONLY, MOVES, State, is_possible
from complaints.models import (
    OWING,
    Case,
    CaseKey,
    Decided,
    LinkKind,
    Mediation,
    NoticeKind,
    NoticeState,
    OrderLevel,
    OrderState,
    Part,
    PartyStatus,
    RequestKind,
    Role,
    User,
    Verification,
    Viewer,
)
from routing.models import Unit, scope_prefix


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
        if (assignment.active or assignment.part == Part.INFORMED) and assignment.unit_id == viewer.unit_id
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


def offers(viewer: Viewer, verb: str, case: Case) -> bool:
    """Whether a verb fits somebody's part and what has happened so far; the state is asked apart."""
    return may(viewer, verb, case) and _fits(viewer, verb, case)


def asks_citizens(viewer: Viewer) -> bool:
    """Whether a viewer makes follow-up calls; about which cases, `visible_to` says."""
    return (
        isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in MOVES["follow_up"].who)
    )


def unseen(viewer: Viewer) -> frozenset[str]:
    """Kinds of events that are kept from a viewer who sees the case: they would tell a bureau who reported."""
    officer = isinstance(viewer, User) and viewer.role == Role.OFFICER and not viewer.is_superuser
    return DESK_ONLY if officer else frozenset()


_NEEDS_REQUEST = {
    "grant_extension": RequestKind.EXTENSION,
    "refuse_extension": RequestKind.EXTENSION,
    "suspend": RequestKind.SUSPENSION,
    "refuse_suspension": RequestKind.SUSPENSION,
}
_ASKS = {"request_extension": RequestKind.EXTENSION, "request_suspension": RequestKind.SUSPENSION}
_OWN_STATUS = {"sign_part": {PartyStatus.WAITING}, "reply_part": set(OWING), "return_part": set(OWING)}


def _mediation(case: Case) -> Mediation | None:
    return next((row for row in case.mediations.all() if row.is_open), None)


def _mediates(case: Case) -> bool:
    """A mediation is open and nothing holds it up."""
    row = _mediation(case)
    return row is not None and row.recusal_asked_at is None


def _may_mediate(case: Case) -> bool:
    apart = case.intent == "report" or _mediation(case) is not None
    return not apart and case.state == State.IN_PROGRESS and case.events.filter(kind="accept").exists()


def _verified(case: Case) -> Verification | None:
    """The last verification, if it was decided."""
    row = max(case.verifications.all(), key=lambda each: each.pk, default=None)
    return row if row and row.decided_at else None


def _may_verify(case: Case) -> bool:
    if case.intent != "report" or any(row.decided_at is None for row in case.verifications.all()):
        return False
    return case.clocks.filter(policy__clock="samr.verify", stopped_at=None).exists()


def _to_tell(case: Case, *, result: bool = False) -> bool:
    row = _verified(case)
    told = row is None or (row.result_told_at if result else row.told_at) is not None
    return not told and case.requester.is_named


def _rewarded(case: Case, *states: str) -> bool:
    return any(row.state in states for row in case.rewards.all())


def _has_twin(case: Case) -> bool:
    links = [*case.links.all(), *case.linked_from.all()]
    return any(link.active and link.kind == LinkKind.TWIN for link in links)


# What the table of states cannot say of mediation, reports and rewards. Reads what a detail view has prefetched.
_HALF: dict[str, Callable[[Case], bool]] = {
    "begin_mediation": _may_mediate,
    "mediation_session": _mediates,
    "mediation_agreed": _mediates,
    "ask_recusal": _mediates,
    "decide_recusal": lambda case: _mediation(case) is not None and not _mediates(case),
    "end_mediation": lambda case: _mediation(case) is not None,
    "tell_parties": lambda case: any(row.ended_at and not row.told_at for row in case.mediations.all()),
    "reply": lambda case: _mediation(case) is None and not (case.intent == "report" and case.verifications.all()),
    "begin_verification": _may_verify,
    "decide_report": lambda case: any(row.decided_at is None for row in case.verifications.all()),
    "tell_reporter": _to_tell,
    "tell_result": lambda case: _to_tell(case, result=True),
    "close_report": lambda case: _verified(case) is not None,
    "propose_reward": lambda case: (
        bool((row := _verified(case)) and row.filed) and not _rewarded(case, "proposed", "approved", "paid")
    ),
    "approve_reward": lambda case: _rewarded(case, "proposed"),
    "refuse_reward": lambda case: _rewarded(case, "proposed"),
    "pay_reward": lambda case: _rewarded(case, "approved"),
    "separate_report": lambda case: not case.requester.anonymous and not _has_twin(case),
}


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
    if verb == "dismiss_refiling":
        links = [*case.links.all(), *case.linked_from.all()]
        return any(link.active and link.kind == LinkKind.PREVIOUS for link in links)
    if verb == "waive":
        return any(
            row.active and row.part == Part.PARTICIPANT and row.status in OWING for row in case.assignments.all()
        )
    if verb in _HALF:
        return _HALF[verb](case)
    if verb in ("begin_appraisal", "end_appraisal"):
        return case.appraising == (verb == "end_appraisal")
    if verb in _NEEDS_ORDER:
        orders = [order for order in case.supervision.all() if order.state in _NEEDS_ORDER[verb]]
        if verb == "answer_supervision":
            return any(isinstance(viewer, User) and order.unit_id == viewer.unit_id for order in orders)
        return any(supervises(viewer, order.level) for order in orders)
    if verb == "decline_crime":
        return any(row.kind == NoticeKind.POLICE and row.state == NoticeState.UNSEEN for row in case.notices.all())
    return True


_RUNNING = {OrderState.OPEN, OrderState.ANSWERED}
_NEEDS_ORDER = {
    "answer_supervision": {OrderState.OPEN},
    "return_supervision": {OrderState.ANSWERED},
    "close_supervision": _RUNNING,
    "cancel_supervision": _RUNNING,
}


def highest_level(viewer: Viewer) -> OrderLevel | None:
    """The level at which somebody supervises: that of the region they cover; None: not at all."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return None
    if viewer.is_superuser:
        return OrderLevel.PROVINCE
    if viewer.role != Role.SUPERVISOR or viewer.region is None:
        return None
    known = viewer.region.level in OrderLevel.values
    return OrderLevel(viewer.region.level) if known else OrderLevel.COUNTY


def supervises(viewer: Viewer, level: str) -> bool:
    """Whether somebody may give, close or cancel orders of that level: of their own or a lower one."""
    highest = highest_level(viewer)
    return highest is not None and OrderLevel.values.index(level) >= OrderLevel.values.index(highest)


def require_supervision(viewer: Viewer) -> User:
    """The supervision desk: supervisors, dispatchers, and officers for what their unit was told; raises Forbidden."""
    allowed = (Role.SUPERVISOR, Role.DISPATCHER, Role.OFFICER)
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in allowed):
        return viewer
    raise Forbidden("not_allowed", _("You have no part in supervision."))


def require_watch(viewer: Viewer) -> User:
    """What has not moved: supervisors and dispatchers, over the cases that they may see; raises Forbidden."""
    allowed = (Role.SUPERVISOR, Role.DISPATCHER)
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in allowed):
        return viewer
    raise Forbidden("not_allowed", _("Only supervisors and dispatchers may see what has not moved."))


def require_switch(viewer: Viewer) -> User:
    """Who may report calls: the exchange, a partner account that belongs to a desk, and call-takers; raises Forbidden.

    Both report for accounts of their own unit only (actions.calls); a partner without a unit sends files, not calls.
    """
    reports = {Role.PARTNER, Role.CALL_TAKER}
    if isinstance(viewer, User) and viewer.is_active and viewer.role in reports and viewer.unit_id:
        return viewer
    raise Forbidden("not_allowed", _("This account may not report calls."))


def require_call_taker(viewer: Viewer) -> User:
    """Who takes complaints down in person; raises Forbidden."""
    roles = {Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR}
    if isinstance(viewer, User) and viewer.is_active and (viewer.role in roles or viewer.is_superuser):
        return viewer
    raise Forbidden("not_allowed", _("Your role does not take in complaints."))


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


_STAFF = (Role.CALL_TAKER, Role.DISPATCHER, Role.OFFICER, Role.SUPERVISOR)


def works_here(viewer: Viewer) -> bool:
    """Staff, who see which colleagues look at a case; citizens and partner systems do not."""
    return isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in _STAFF)


def require_register(viewer: Viewer) -> User:
    """Staff read the register of respondents and enter companies; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in _STAFF):
        return viewer
    raise Forbidden("not_allowed", _("Only staff may use the register of respondents."))


def keeps_register(viewer: Viewer) -> bool:
    """Whether the viewer may correct and merge what stands in the register: dispatchers and supervisors."""
    keepers = (Role.DISPATCHER, Role.SUPERVISOR)
    return isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in keepers)


def require_register_keeper(viewer: Viewer) -> User:
    """The account that may correct and merge; raises Forbidden."""
    if isinstance(viewer, User) and keeps_register(viewer):
        return viewer
    raise Forbidden("not_allowed", _("Only dispatchers and supervisors may change the register of respondents."))


def require_rates(viewer: Viewer) -> User:
    """Supervisors see rates, over the cases that they may see; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role == Role.SUPERVISOR):
        return viewer
    raise Forbidden("not_allowed", _("Only supervisors may see the rates."))


_WRITERS = (Role.OFFICER, Role.DISPATCHER, Role.SUPERVISOR)


def writes_articles(viewer: Viewer) -> bool:
    """Whether somebody may write for the knowledge base at all."""
    return isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role in _WRITERS)


def require_writer(viewer: Viewer) -> User:
    """Raises Forbidden unless `writes_articles`."""
    if isinstance(viewer, User) and writes_articles(viewer):
        return viewer
    raise Forbidden("not_allowed", _("You may not write knowledge articles."))


def keeps_article(viewer: Viewer, unit: Unit) -> bool:
    """Whether somebody writes for a unit: its officers, and dispatchers and supervisors of a region that holds it."""
    if not isinstance(viewer, User) or not writes_articles(viewer):
        return False
    if viewer.is_superuser:
        return True
    if viewer.role == Role.OFFICER:
        return viewer.unit_id == unit.pk
    return bool(viewer.region_id) and unit.region_id.startswith(scope_prefix(viewer.region_id or ""))


def releases_article(viewer: Viewer, unit: Unit) -> bool:
    """Whether somebody may release what a unit owns, were it not their own writing: as `keeps_article`, and officers
    of the unit's region."""
    officer = isinstance(viewer, User) and viewer.is_active and viewer.role == Role.OFFICER and viewer.unit
    return keeps_article(viewer, unit) or bool(officer and officer.region_id == unit.region_id)


def require_templates(viewer: Viewer) -> User:
    """Supervisors keep the templates for answers; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and (viewer.is_superuser or viewer.role == Role.SUPERVISOR):
        return viewer
    raise Forbidden("not_allowed", _("Only supervisors may change the templates for answers."))


def keeps_template_of(viewer: User, region: str | None) -> bool:
    """Whether a supervisor may change a template of a unit in that region; None: a template for everyone."""
    if region is None:
        return may_change_models(viewer)
    return viewer.is_superuser or region.startswith(scope_prefix(viewer.region_id or "-"))


def require_officer(viewer: Viewer) -> User:
    """The officer of a unit, whose deadlines they are; raises Forbidden."""
    if isinstance(viewer, User) and viewer.is_active and viewer.role == Role.OFFICER:
        return viewer
    raise Forbidden("not_allowed", _("The calendar of deadlines is that of a unit and its officers."))
