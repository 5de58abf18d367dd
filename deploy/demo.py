"""Demo data: accounts of every role and 300 complaints that the project wrote itself, filed and handled by the
same actions that people use, then dated back over the last month."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints import actions, feed
from complaints.actions import knowledge
from complaints.lifecycle import State
from complaints.management.commands.import_companies import company_rows
from complaints.models import Case, CaseKey, Part, Role, User, Viewer
from deploy.demo_accounts import ACCOUNTS, PASSWORD, Account
from routing.decide import Router
from routing.facts import Facts
from routing.fields import recognise
from routing.models import Unit

DISPATCHED_AFTER: Final = 2  # days; younger ones still wait on the triage desks
FOLDER: Final = settings.BASE_DIR / "complaints" / "demo"
Progress = Callable[[str], None]


@transaction.atomic
@feed.silence()
def load(progress: Progress) -> None:
    """Make the demo data once, whole or not at all; does nothing when it is already there."""
    if User.objects.filter(username=ACCOUNTS[0].username).exists():
        return
    with connection.cursor() as cursor:  # on a busy machine a batch of the model outlasts the patience of the server
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    people = {account.username: _make_account(account) for account in ACCOUNTS}
    actions.import_companies(company_rows(FOLDER / "companies.csv"))
    rows = list(_rows(FOLDER / "complaints.jsonl"))
    replies = {row["id"]: row["text"] for row in _rows(FOLDER / "replies.jsonl")}
    filed: dict[str, tuple[str, dict[str, Any]]] = {}
    for count, row in enumerate(rows, start=1):
        filed[row["id"]] = (_file(row, people), row)
        if count % 100 == 0:
            progress(_("%(count)d of %(all)d complaints filed") % {"count": count, "all": len(rows)})
    while actions.triage_waiting():
        pass
    progress(_("classified and dispatched"))
    router = _router({row["topic"] for row in rows})
    for number, row in filed.values():
        if row["event_days_ago"] >= DISPATCHED_AFTER:
            _dispatch(number, row, people["supervisor"], router)
    for demo_id, (number, row) in filed.items():
        _handle(number, row["event_days_ago"], replies.get(demo_id))
    User.objects.filter(username__startswith=StandIn.prefix).update(is_active=False)
    load_articles(people["supervisor"], people["admin"])
    progress(_("knowledge articles released"))
    _date_back({number: row["event_days_ago"] for number, row in filed.values()})
    actions.rebuild_clocks(Case.objects.filter(synthetic=True).values_list("pk", flat=True))
    actions.index_cases(Case.objects.filter(synthetic=True).values_list("pk", flat=True))


def load_articles(writer: User, releaser: User) -> None:
    """The starter articles, written by one account and released by another. A place of its own writes its own."""
    for row in _rows(FOLDER / "knowledge.jsonl"):
        code, valid_from = row.pop("code"), date.fromisoformat(row.pop("valid_from"))
        article = knowledge.draft(writer, knowledge.Content(**row, valid_from=valid_from), code=code)
        knowledge.submit(writer, code, 1)
        knowledge.release(releaser, article.code, 1)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _make_account(account: Account) -> User:
    unit = Unit.objects.get(bureau=account.bureau, region=account.region) if account.bureau else None
    user = User(
        username=account.username,
        display_name=account.display_name,
        role=account.role,
        unit=unit,
        region_id=(account.region if account.role != Role.OFFICER else "") or None,
        is_staff=account.admin,
        is_superuser=account.admin,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def _file(row: dict[str, Any], people: dict[str, User]) -> str:
    """On the web by a citizen, over the partner's interface, or taken down on the phone."""
    person, respondent = row["requester"], row.get("respondent") or {}
    intake = actions.Intake(
        text=row["text"],
        title=row.get("title", ""),
        channel=row["channel"],
        place=row.get("place", ""),
        region=row.get("region") or "",
        requester=actions.Person(
            name=person.get("name", ""),
            phone=person.get("phone", ""),
            anonymous=person.get("anonymous", False),
        ),
        respondent=actions.RespondentFacts(name=respondent.get("name", ""), address=respondent.get("address", "")),
    )
    by_system: dict[str, Viewer] = {"web": AnonymousUser(), "api": people["partner"], "import": people["partner"]}
    viewer = by_system.get(row["channel"], people["calltaker"])
    return actions.submit(viewer, intake, synthetic=True).case.number


class StandIn:
    """An officer without password for units that have no demo account of their own; switched off afterwards."""

    prefix = "demo-unit-"

    @classmethod
    def of(cls, unit: int) -> User:
        officer = User.objects.filter(role=Role.OFFICER, unit=unit).first()
        if officer:
            return officer
        officer = User(username=f"{cls.prefix}{unit}", display_name=_("duty officer"), role=Role.OFFICER, unit_id=unit)
        officer.set_unusable_password()
        officer.save()
        return officer


def _router(topics: set[str]) -> Router:
    """The rules in force for these topics in every region of the cases, read once."""
    regions = Case.objects.filter(synthetic=True, region__isnull=False).values_list("region_id", flat=True)
    return Router.load({str(region) for region in regions}, topics)


def _dispatch(number: str, row: dict[str, Any], dispatcher: User, router: Router) -> None:
    """What the model left to a person went out long ago, by the topic its writer meant and the rules' suggestion."""
    case = Case.objects.get(number=number)
    if case.state != State.NEEDS_TRIAGE or case.region_id is None:
        return
    facts = Facts(topic=row["topic"], region=case.region_id, fields=recognise(case.text, row["topic"]))
    decision = router.decide(facts)
    if decision.lead is not None:
        actions.dispatch(
            dispatcher,
            number,
            case.version,
            lead=decision.lead,
            participants=decision.participants,
            topic=row["topic"],
            reason=_("Read and dispatched by duty."),
        )


def _handle(number: str, days_ago: int, reply: str | None) -> None:
    """Older cases have come further; a written reply is only given where one was written for this very case."""
    case = Case.objects.get(number=number)
    if case.state != State.DISPATCHED or case.lead_unit_id is None or (days_ago < 2 and not reply):
        return
    officer = StandIn.of(case.lead_unit_id)
    actions.sign(officer, number, case.version)
    if days_ago >= 4 or reply:
        actions.start(officer, number, case.version + 1)
    if reply:
        _answer_for_participants(case)
        case.refresh_from_db()
        actions.reply(officer, number, case.version, reply)
        if days_ago >= 10:
            actions.close(officer, number, case.version + 1, _("The citizen was told and agrees."), _result(case))
            if case.pk % 3 == 0:
                actions.rate(CaseKey(number), number, grade=(5, 4, 5, 3, 4, 2)[case.pk // 3 % 6])


def _result(case: Case) -> actions.Result:
    """Most are solved; some not, each for another of the shipped reasons."""
    if case.pk % 4:
        recovered = Decimal(50 * (case.pk % 9)) if case.domain in ("product", "service") else None
        return actions.Result(solved="yes", recovered=recovered)
    code = ("respondent_refuses", "no_evidence", "not_yet", "beyond_law")[case.pk // 4 % 4]
    solved = "partly" if case.pk % 8 else "no"
    return actions.Result(solved=solved, ground_code=code, why_not=_("Told to the citizen with the answer."))


def _answer_for_participants(case: Case) -> None:
    for row in case.assignments.filter(active=True, part=Part.PARTICIPANT):
        officer = StandIn.of(row.unit_id)
        actions.sign_part(officer, case.number)
        actions.reply_part(officer, case.number, _("We have looked into our side of it and have nothing to add."))


_SHIFT: Final = """
UPDATE complaints_event e
SET at = e.at - make_interval(secs => %(back)s)
    + (e.version - 1) * make_interval(secs => %(span)s / greatest(6, c.version))
FROM complaints_case c WHERE c.id = e.case_id AND c.number = %(number)s
"""
_CLOSED: Final = """
UPDATE complaints_case SET closed_at = (
    SELECT max(at) FROM complaints_event WHERE case_id = complaints_case.id AND kind = 'close')
WHERE number = %(number)s AND closed_at IS NOT NULL
"""
_SHIFT_LEDGER: Final = (
    """
UPDATE complaints_prediction SET at = at - make_interval(secs => %(back)s)
WHERE case_id = (SELECT id FROM complaints_case WHERE number = %(number)s)
""",
    """
UPDATE complaints_topiclabel SET at = at - make_interval(secs => %(back)s)
WHERE case_id = (SELECT id FROM complaints_case WHERE number = %(number)s)
""",
)


def _date_back(days: dict[str, int]) -> None:
    """The log is append-only for everyone but its owner; only demo data is ever moved in time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered with checks pending
        cursor.execute("ALTER TABLE complaints_event DISABLE TRIGGER complaints_event_append_only")
        cursor.execute("ALTER TABLE complaints_topiclabel DISABLE TRIGGER complaints_topiclabel_append_only")
        for number, ago in days.items():
            back, span = timedelta(days=ago, hours=1).total_seconds(), timedelta(days=ago).total_seconds()
            cursor.execute(_SHIFT, {"back": back, "span": span, "number": number})
            cursor.execute(
                "UPDATE complaints_case SET received_at = received_at - make_interval(secs => %s) WHERE number = %s",
                [back, number],
            )
            cursor.execute(_CLOSED, {"number": number})
            for shift in _SHIFT_LEDGER:
                cursor.execute(shift, {"back": back, "number": number})
        cursor.execute("ALTER TABLE complaints_event ENABLE TRIGGER complaints_event_append_only")
        cursor.execute("ALTER TABLE complaints_topiclabel ENABLE TRIGGER complaints_topiclabel_append_only")
