"""What the watchdog shows: each step with its numbers, the things that wait in it, and the daily digest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import CharField, Count, DateTimeField, F, IntegerField, Min, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import permissions
from complaints.actions.watchdog import BY_CODE, STEPS, Step
from complaints.errors import Missing
from complaints.keyset import Keyset
from complaints.lifecycle import MOVES
from complaints.models import Case, Clock, Digest, Event, Role, User, Viewer, WaitingLimit
from complaints.models.clock import RUNS

PAGE: Final = 50
NAMED: Final = 5  # cases that a line of the digest names


@dataclass(frozen=True, slots=True)
class Line:
    """A step and its numbers. after: how long is too long; stuck: how many wait longer; oldest: the first one."""

    step: Step
    after: timedelta
    waiting: int
    stuck: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. why: what stands in the way, in words. next_try: when the system moves by itself."""

    case: Case | None
    unit: str
    since: datetime | None
    stuck_at: datetime | None
    stuck: bool
    attempts: int
    why: str
    next_try: datetime | None


def watch(viewer: Viewer, now: datetime | None = None) -> list[Line]:
    """Every step with its numbers over what the viewer may see; one query a step."""
    user, now = permissions.require_watch(viewer), now or timezone.now()
    lines, limits = [], WaitingLimit.objects.in_bulk()
    for step in STEPS:
        after = _after(limits.get(step.code))
        found = step.waiting(user, after).aggregate(
            waiting=Count("pk"), stuck=Count("pk", Q(stuck_at__lte=now)), oldest=Min("since_at")
        )
        lines.append(Line(step, after, found["waiting"], found["stuck"], found["oldest"]))
    return lines


def waiting(
    viewer: Viewer, code: str, cursor: str = "", *, stuck: bool = False, now: datetime | None = None
) -> tuple[list[Waiting], str | None]:
    """A page of what waits in a step, the longest waiting first, and the cursor of the next one. Raises Missing."""
    user, now = permissions.require_watch(viewer), now or timezone.now()
    step = BY_CODE.get(code)
    if step is None:
        raise Missing("no_such_step", _("There is no such step."))
    after = _after(WaitingLimit.objects.filter(pk=code).first())
    rows = step.waiting(user, after).filter(since_at__isnull=False)
    if stuck:
        rows = rows.filter(stuck_at__lte=now)
    page, following = Keyset("since_at").page(_with_facts(rows, step), cursor, PAGE)
    return _shown(page, step, now), following


def _after(limit: WaitingLimit | None) -> timedelta:
    """A day where nothing is set; as shipped, every step has its own."""
    return limit.after if limit else timedelta(days=1)


def _with_facts(rows: QuerySet[Any], step: Step) -> QuerySet[Any]:
    facts: dict[str, Any] = {"case_at": F(step.case) if step.case else Value(None, IntegerField())}
    facts["unit_at"] = F(f"{step.unit}__name") if step.unit else Value("", CharField())
    facts["attempts_at"] = step.attempts or Value(0)
    facts["reason_at"] = step.reason or Value("", CharField())
    facts["next_at_at"] = step.next_try or Value(None, DateTimeField())
    names = ("pk", "since_at", "stuck_at", *facts)
    found: QuerySet[Any] = rows.annotate(**facts).values(*names)
    return found


def _shown(rows: list[dict[str, Any]], step: Step, now: datetime) -> list[Waiting]:
    cases = Case.objects.select_related("region").in_bulk({row["case_at"] for row in rows if row["case_at"]})
    own = _case_facts(list(cases)) if step.case == "pk" else {}
    shown = []
    for row in rows:
        attempts, why, following = own.get(row["case_at"], (row["attempts_at"], row["reason_at"], row["next_at_at"]))
        shown.append(
            Waiting(
                case=cases.get(row["case_at"]),
                unit=row["unit_at"] or "",
                since=row["since_at"],
                stuck_at=row["stuck_at"],
                stuck=row["stuck_at"] is not None and row["stuck_at"] <= now,
                attempts=attempts,
                why=_words(step, why),
                next_try=following,
            )
        )
    return shown


def _case_facts(cases: list[int]) -> dict[int, tuple[int, str, datetime | None]]:
    """Of cases: how many reminders, the step that brought each to where it is, and its clocks' next step."""
    reminders = (
        Event.objects.filter(case__in=cases, kind__in=["remind", "overdue"])
        .order_by()
        .values_list("case")
        .annotate(Count("pk"))
    )
    moved = Event.objects.filter(case__in=cases).exclude(from_state=F("to_state"))
    brought = moved.order_by("case", "-version").distinct("case").values_list("case", "kind")
    ahead = (
        Clock.objects.filter(case__in=cases, state__in=RUNS, next_at__isnull=False)
        .order_by()
        .values_list("case")
        .annotate(Min("next_at"))
    )
    count, kind, following = dict(reminders), dict(brought), dict(ahead)
    return {pk: (count.get(pk, 0), kind.get(pk, ""), following.get(pk)) for pk in cases}


def _words(step: Step, why: str) -> str:
    """A code as people read it; what is in words already stays."""
    if step.case == "pk":
        return str(MOVES[why].label) if why in MOVES else ""
    named = getattr(step.reason, "name", "")
    field = None if "__" in named or not named else step.rows().model._meta.get_field(named)
    return str(dict(field.flatchoices).get(why, why)) if field is not None else str(why)


def make_digests(now: datetime | None = None) -> int:
    """This morning's digest for every region that somebody covers; made once a day, however often this runs. Returns
    how many were made."""
    now = now or timezone.now()
    day = timezone.localdate(now)
    people = User.objects.filter(is_active=True, role__in=[Role.SUPERVISOR, Role.DISPATCHER], region__isnull=False)
    done = set(Digest.objects.filter(day=day).values_list("region", flat=True))
    made = 0
    for user in people.order_by("region_id", "-role", "pk").distinct("region_id"):
        if user.region_id not in done:
            lines = digest_lines(user, now)
            made += Digest.objects.get_or_create(region_id=user.region_id, day=day, defaults={"lines": lines})[1]
    return made


def digest_lines(viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """What has not moved, as Digest.lines holds it: the fullest step first."""
    stuck = sorted((line for line in watch(viewer, now) if line.stuck), key=lambda line: -line.stuck)
    return [
        {
            "step": line.step.code,
            "stuck": line.stuck,
            "oldest": line.oldest.isoformat() if line.oldest else None,
            "cases": [
                one.case.number for one in waiting(viewer, line.step.code, stuck=True, now=now)[0][:NAMED] if one.case
            ],
        }
        for line in stuck
    ]


def latest_digest(viewer: Viewer) -> Digest | None:
    """The last one for the region that the viewer covers; for a superuser the last of the largest region."""
    user = permissions.require_watch(viewer)
    digests = Digest.objects.select_related("region").order_by("-day", "region")
    return (digests.filter(region=user.region_id) if user.region_id else digests).first()


def digest_text(lines: list[dict[str, Any]]) -> str:
    """The digest as plain text, one step a line."""
    if not lines:
        return _("Everything moves.")
    words = _("%(step)s: %(stuck)s, since %(oldest)s %(cases)s")
    return "\n".join(
        (
            words
            % {
                "step": BY_CODE[line["step"]].name if line["step"] in BY_CODE else line["step"],
                "stuck": line["stuck"],
                "oldest": f"{timezone.localtime(datetime.fromisoformat(line['oldest'])):%Y-%m-%d %H:%M}",
                "cases": "、".join(line["cases"]),
            }
        ).rstrip()
        for line in lines
    )
