"""Everything that waits, in one table (STEPS): where it waits, since when, whose move it is. When it counts as stuck is
data (WaitingLimit), which administrators change.

A test walks through the open states of a case, the models with a state and the worker's jobs, and fails when one of
them is neither here nor named in RESTING or JOBS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinatePeriodicDefer

from complaints import permissions
from complaints.actions.handing import RECEIPTS
from complaints.models import (
    OWING,
    Article,
    ArticleStep,
    Assignment,
    Case,
    Clock,
    DocumentBatch,
    Event,
    FollowUpTask,
    Mediation,
    Notice,
    Part,
    ReclassifyRun,
    Refiling,
    Request,
    RewardProposal,
    RiskSignal,
    RuleSimulation,
    SupervisionOrder,
    TriageTask,
    User,
    Verification,
)
from complaints.search.articles import due_for_review

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MISSED: Final = 3  # turns of a periodic job that may be missed before it counts as stuck
UNIT, LEAD, PART = pgettext_lazy("owner", "unit"), pgettext_lazy("owner", "lead unit"), _("participating unit")
DESK, HOTLINE = pgettext_lazy("owner", "dispatcher"), pgettext_lazy("owner", "hotline body")
SUPERVISOR = _("supervisor")
CITIZEN, WORKER, ADMIN = pgettext_lazy("owner", "citizen"), pgettext_lazy("owner", "system"), _("whoever began it")


def _entered() -> Any:
    """When a case came into the state that it is in."""
    moves = Event.objects.filter(case=OuterRef("pk")).exclude(from_state=F("to_state")).order_by("-version")
    return Subquery(moves.values("at")[:1])


@dataclass(frozen=True)
class Step:
    """One place where things wait.

    rows: what waits there. case: how to come from a row to its case ("pk": it is one; "": it has none). since: from
    when. due: until when, where it has its own time; else WaitingLimit says how long. unit: path to the unit whose move
    it is. attempts, reason, next_try: what was tried, what stands in the way, and when it is tried again;
    for a case these are the reminders, the step that brought it here and the next step of its clocks.
    covers: the states of models that wait here, as "Model.state=value".
    """

    code: str
    name: Any
    owner: Any
    rows: Callable[[], QuerySet[Any]]
    since: Any
    covers: tuple[str, ...] = ()
    case: str = "case"
    unit: str = ""
    due: Any = None
    attempts: Any = None
    reason: Any = None
    next_try: Any = None

    def waiting(self, viewer: User, after: timedelta) -> QuerySet[Any]:
        """Rows that the viewer may see, with since_at and stuck_at; rows without a case are for those who answer for
        the whole province. after: how long until one counts as stuck."""
        rows = self.rows()
        if not self.case:
            rows = rows if permissions.may_change_models(viewer) else rows.none()
        elif self.case == "pk":
            rows = rows.filter(pk__in=Case.objects.visible_to(viewer).values("pk"))
        else:
            rows = rows.filter(**{f"{self.case}__in": Case.objects.visible_to(viewer)})
        rows = rows.annotate(since_at=self.since)
        long = ExpressionWrapper(F("since_at") + after, output_field=DateTimeField())
        stuck: QuerySet[Any] = rows.annotate(stuck_at=long if self.due is None else Coalesce(self.due, long))
        return stuck


def _case(code: str, name: Any, owner: Any, *states: str, unit: str = "lead_unit") -> Step:
    """Cases in these states; the state is what they wait in."""
    return Step(
        code, name, owner, lambda: Case.objects.filter(state__in=states), _entered(),
        _states("Case.state", *states), case="pk", unit=unit,
    )  # fmt: skip


def _states(field: str, *values: str) -> tuple[str, ...]:
    return tuple(f"{field}={value}" for value in values)


def _of(model: Any, **facts: Any) -> Callable[[], QuerySet[Any]]:
    return lambda: model._default_manager.filter(**facts)


def _lost() -> QuerySet[Any]:
    return Case.objects.filter(state="registered", triage_task=None)


def _missed_turns() -> QuerySet[Any]:
    """The last turn of each periodic job that should have come again by now."""
    now, late = timezone.now().timestamp(), Q(pk=None)
    for name, every in JOBS.items():
        if every:
            late |= Q(task_name=name, defer_timestamp__lt=now - MISSED * max(every, MINUTE).total_seconds())
    return ProcrastinatePeriodicDefer.objects.filter(late)


def _without_receipt() -> QuerySet[Any]:
    """Hand-overs of cases still elsewhere, and clues referred, whose receiver has not said that it has them."""
    said = Event.objects.filter(case=OuterRef("case"), kind__in=RECEIPTS.values()).annotate(
        of=Cast(KeyTextTransform("of", "data"), IntegerField())
    )
    elsewhere = Q(kind="hand_over", case__state="handed_over") | Q(kind="refer_crime")
    handed = Event.objects.filter(elsewhere, kind__in=tuple(RECEIPTS))
    return handed.exclude(Exists(said.filter(of=OuterRef("version"))))


def _told(kind: str) -> Any:
    """When the log of a case said so last."""
    said = Event.objects.filter(case=OuterRef("pk"), kind=kind).order_by("-version")
    return Subquery(said.values("at")[:1])


def _written() -> Any:
    """When the last step of an article was made."""
    steps = ArticleStep.objects.filter(article=OuterRef("pk")).order_by("-pk")
    return Subquery(steps.values("at")[:1])


def _touched() -> Any:
    """When anything was last said of a job."""
    said = ProcrastinateEvent.objects.filter(job=OuterRef("pk")).order_by().values("job").annotate(last=Max("at"))
    return Coalesce(Subquery(said.values("last")), F("scheduled_at"))


STEPS: Final[tuple[Step, ...]] = (
    # taking in and giving out
    Step("triage", _("waits to be classified"), WORKER, _of(TriageTask), F("created_at"),
         ("Case.state=registered",), attempts=F("attempts"), reason=F("last_error"),
         next_try=Coalesce(Greatest("lease_until", "due_at"), "due_at")),
    Step("lost", _("registered, and nobody has it"), DESK, _lost, F("received_at"), case="pk"),
    _case("dispatcher", _("waits for a dispatcher"), DESK, "needs_triage", unit=""),
    _case("adjudication", _("responsibility being decided"), HOTLINE, "adjudication", unit=""),
    # at the units
    _case("unsigned", _("not signed for"), LEAD, "dispatched"),
    _case("signed", _("signed for, not begun"), LEAD, "signed"),
    _case("in_progress", _("in progress without an answer"), LEAD, "in_progress"),
    _case("replied", _("answered, not closed"), LEAD, "replied"),
    _case("waiting_citizen", _("waits for the citizen's supplement"), CITIZEN, "waiting_citizen"),
    _case("suspended", pgettext_lazy("step", "suspended"), LEAD, "suspended"),
    Step("appraisal", _("appraisal under way"), LEAD, _of(Case, appraising=True), _told("begin_appraisal"),
         case="pk", unit="lead_unit"),
    Step("participants", _("participants that owe an answer"), PART,
         _of(Assignment, active=True, part=Part.PARTICIPANT, status__in=OWING), F("since"),
         _states("Assignment.status", "waiting", "signed"), unit="unit"),
    Step("requests", _("extension or suspension not decided"), HOTLINE, _of(Request, state="asked"), F("asked_at"),
         _states("Request.state", "asked"), unit="unit", reason=F("kind")),
    Step("mediation", _("mediation under way"), LEAD, _of(Mediation, agreed_at=None, ended_at=None), F("begun_at"),
         unit="case__lead_unit"),
    Step("verification", _("report being verified"), LEAD, _of(Verification, decided_at=None), F("begun_at"),
         unit="case__lead_unit"),
    Step("rewards", _("reward not decided or not paid"), SUPERVISOR,
         _of(RewardProposal, state__in=["proposed", "approved"]), Coalesce("decided_at", "proposed_at"),
         _states("RewardProposal.state", "proposed", "approved"), reason=F("state")),
    Step("clocks", _("deadline running"), UNIT,
         _of(Clock, state__in=["running", "paused"], policy__is_window=False), F("started_at"),
         _states("Clock.state", "running", "paused"), due=F("due_at"), unit="assignment__unit", attempts=F("told"),
         reason=F("policy__label"), next_try=F("next_at")),
    Step("handed", _("handed over, no receipt"), LEAD, _without_receipt, F("at"), ("Case.state=handed_over",),
         unit="case__lead_unit", reason=F("reason")),
    # after the answer
    Step("follow_up", _("follow-up call owed"), HOTLINE, _of(FollowUpTask, state="waiting"), F("created_at"),
         _states("FollowUpTask.state", "waiting"), attempts=F("attempts"), next_try=F("next_at")),
    Step("refilings", _("filed again, not looked at"), DESK, _of(Refiling, dismissed_at=None), F("at"),
         case="first"),
    # supervision
    Step("orders", _("supervision order not answered"), UNIT, _of(SupervisionOrder, state="open"), F("issued_at"),
         _states("SupervisionOrder.state", "open"), due=F("due_at"), unit="unit", attempts=F("returned"),
         reason=F("kind")),
    Step("answers", _("answer to a supervision order not looked at"), SUPERVISOR,
         _of(SupervisionOrder, state="answered"), F("answered_at"),
         _states("SupervisionOrder.state", "answered"), reason=F("kind")),
    Step("notices", _("notice not seen"), UNIT, _of(Notice, state="unseen"), F("at"),
         _states("Notice.state", "unseen"), due=F("due_at"), unit="unit", reason=F("why")),
    Step("signals", _("risk signal not settled"), SUPERVISOR, _of(RiskSignal, state="open"), F("at"),
         _states("RiskSignal.state", "open"), reason=F("why")),
    # the knowledge base
    Step("articles", _("knowledge article waiting for release"), SUPERVISOR, _of(Article, state="waiting"), _written(),
         _states("Article.state", "waiting"), case="", unit="unit", reason=F("latest__title")),
    Step("article_review", _("knowledge article past its review or validity"), SUPERVISOR,
         lambda: Article.objects.filter(due_for_review(), live__isnull=False),
         Cast(Least("review_due", "live__valid_to"), DateTimeField()), case="", unit="unit",
         reason=F("live__title")),
    # work of the system
    Step("reclassification", _("history being read again"), ADMIN,
         _of(ReclassifyRun, state__in=["running", "paused", "failed"]), F("updated_at"),
         _states("ReclassifyRun.state", "running", "paused", "failed"), case="", reason=F("error")),
    Step("simulations", _("rules being tried out"), ADMIN, _of(RuleSimulation, state__in=["waiting", "running"]),
         F("beat_at"), _states("RuleSimulation.state", "waiting", "running"), case="", reason=F("error")),
    Step("documents", _("documents being made"), ADMIN, _of(DocumentBatch, state__in=["waiting", "running"]),
         F("beat_at"), _states("DocumentBatch.state", "waiting", "running"), case="", reason=F("form")),
    Step("jobs", _("job not done"), WORKER, _of(ProcrastinateJob, status__in=["todo", "doing", "failed"]), _touched(),
         _states("ProcrastinateJob.status", "todo", "doing", "failed"), case="", attempts=F("attempts"),
         reason=F("task_name"), next_try=F("scheduled_at")),
    Step("periodic", _("periodic job that did not come again"), WORKER, _missed_turns,
         Func(F("defer_timestamp"), function="to_timestamp", output_field=DateTimeField()), case="",
         reason=F("task_name")),
)  # fmt: skip
BY_CODE: Final = {step.code: step for step in STEPS}

# States in which nothing waits: ends, and what lasts until somebody changes it.
RESTING: Final[Mapping[str, frozenset[str]]] = {
    "Case.state": frozenset({"closed", "rejected", "withdrawn", "merged", "archived"}),
    "Article.state": frozenset({"draft", "released", "withdrawn"}),
    "Assignment.status": frozenset({"replied", "returned", "waived"}),
    "Clock.state": frozenset({"met", "missed", "cancelled"}),
    "Request.state": frozenset({"granted", "refused"}),
    "SupervisionOrder.state": frozenset({"closed", "cancelled"}),
    "Notice.state": frozenset({"seen"}),
    "RiskSignal.state": frozenset({"settled"}),
    "RewardProposal.state": frozenset({"refused", "paid"}),
    "ReclassifyRun.state": frozenset({"cancelled", "done"}),
    "RuleSimulation.state": frozenset({"done", "failed"}),
    "DocumentBatch.state": frozenset({"done", "failed"}),
    "FollowUpTask.state": frozenset({"done", "dropped", "unreached"}),
    "ModelVersion.state": frozenset({"active", "challenger", "candidate", "retired"}),
    "RuleSet.state": frozenset({"draft", "active", "retired"}),
    # a call is on somebody's screen while it lasts; a missed one stands on the desk's list (models.call)
    "Call.state": frozenset({"ringing", "answered", "ended", "wrapped"}),
    "ProcrastinateJob.status": frozenset({"succeeded", "cancelled", "aborted"}),
}
# Jobs of the worker -> every how often they begin by themselves; None: when somebody asks.
JOBS: Final[Mapping[str, timedelta | None]] = {
    "complaints.triage": None,
    "complaints.triage_tick": timedelta(seconds=5),
    "complaints.reclassify": None,
    "complaints.reclassify_tick": timedelta(seconds=10),
    "complaints.deadline_tick": MINUTE,
    "complaints.recount": HOUR,
    "complaints.mark_refilings": HOUR,
    "complaints.end_waits": HOUR,
    "complaints.simulate_rules": None,
    "complaints.make_documents": None,
    "complaints.check_rules": 10 * MINUTE,
    "complaints.bury_dead_jobs": MINUTE,
    "complaints.digest": DAY,
}
