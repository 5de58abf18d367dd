"""The life of a case as one table that a clerk can read. No database here.

`who` names the part that somebody plays for the case (complaints.permissions.parts): citizen, call_taker, dispatcher,
supervisor, lead (officer of the lead unit), participant (officer of a participating unit), informed (officer of a unit
that was told of it), system.
Sources: rules of Orders 20 and 121 of the market regulator, and the hotline practice collected in docs/lifecycle.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    REGISTERED = "registered", _("registered")
    NEEDS_TRIAGE = "needs_triage", _("waiting for a dispatcher")
    WAITING_CITIZEN = "waiting_citizen", _("waiting for the citizen")
    ADJUDICATION = "adjudication", _("responsibility being decided")
    DISPATCHED = "dispatched", _("dispatched")
    SIGNED = "signed", _("signed for")
    IN_PROGRESS = "in_progress", _("in progress")
    SUSPENDED = "suspended", _("suspended")
    REPLIED = "replied", _("replied")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("not accepted")
    HANDED_OVER = "handed_over", _("handed over")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MERGED = "merged", _("merged into another case")
    ARCHIVED = "archived", _("archived")


# at a unit's desk, its own or the joint one
AT_WORK: Final = frozenset({"dispatched", "signed", "in_progress", "suspended", "replied"})
OPEN: Final = AT_WORK | {"registered", "needs_triage", "waiting_citizen", "adjudication"}
ENDED: Final = frozenset({"closed", "rejected", "handed_over", "withdrawn", "merged", "archived"})
ANY: Final = OPEN | ENDED
HANDLERS: Final = ("lead", "participant")
HOTLINE: Final = ("call_taker", "dispatcher", "supervisor")
DESK: Final = ("dispatcher", "supervisor")
HELD: Final = frozenset({"waiting_citizen", "suspended", "merged"})  # the case comes back to where it was held from
BACK: Final = "back"  # a target: the state that the case was held from


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states, to which (None: it stays; BACK), by whom, and whether the citizen sees it."""

    verb: str
    sources: frozenset[str]
    target: str | None
    who: tuple[str, ...]
    public: bool
    label: Any


def _move(  # noqa: PLR0917 (the columns of the table)
    verb: str, sources: str | frozenset[str], target: str | None, who: Any, public: bool, label: Any
) -> Move:
    """Sources as words, so that the table below reads in one line a verb."""
    states = frozenset(sources.split()) if isinstance(sources, str) else sources
    return Move(verb, states, target, (who,) if isinstance(who, str) else who, public, label)


_SEEN, _INNER = True, False
_UNDER_WAY: Final = "signed in_progress"
_BEFORE_ANSWER: Final = "needs_triage dispatched signed in_progress"

_MOVES: Final = (
    # verb, from which states, to which, by whom, does the citizen see it, its name
    # taking in and giving out
    _move("register", "", "registered", ("citizen", "call_taker", "dispatcher", "system"), _SEEN, _("filed")),
    _move("route", "registered", "dispatched", "system", _SEEN, _("dispatched automatically")),
    _move("hold", "registered", "needs_triage", "system", _SEEN, _("given to a dispatcher")),
    _move(
        "dispatch",
        "registered needs_triage dispatched signed in_progress",
        "dispatched",
        DESK,
        _SEEN,
        pgettext_lazy("event", "dispatched"),
    ),
    _move("refuse", _BEFORE_ANSWER, "rejected", (*DESK, "lead"), _SEEN, _("not accepted, with the ground")),
    _move("ask_supplement", _BEFORE_ANSWER, "waiting_citizen", (*DESK, "lead"), _SEEN, _("asked the citizen for more")),
    _move("supplement", OPEN, None, ("citizen", "call_taker"), _SEEN, _("supplemented")),
    _move("go_on", "waiting_citizen", BACK, (*DESK, "lead", "system"), _SEEN, _("goes on without the supplement")),
    # whose matter it is
    _move("return", "dispatched", "needs_triage", "lead", _INNER, _("returned")),
    _move("open_adjudication", "dispatched needs_triage", "adjudication", (*DESK, "system"), _INNER,
          _("responsibility in dispute")),
    _move("adjudicate", "adjudication", "dispatched", DESK, _SEEN, _("responsibility decided")),
    # the lead unit
    _move("sign", "dispatched", "signed", "lead", _SEEN, pgettext_lazy("event", "signed for")),
    _move("accept", "signed", "in_progress", "lead", _SEEN, pgettext_lazy("event", "accepted")),
    _move("start", "signed", "in_progress", "lead", _SEEN, _("work begun")),
    _move("reply", _UNDER_WAY, "replied", "lead", _SEEN, pgettext_lazy("event", "replied")),
    _move("close", "replied", "closed", ("lead", "dispatcher"), _SEEN, pgettext_lazy("event", "closed")),
    # participating units: never move the case, never freeze it
    _move("invite", AT_WORK, None, (*DESK, "lead"), _INNER, _("unit asked to take part")),
    _move("sign_part", AT_WORK, None, "participant", _INNER, _("participant signed for")),
    _move("reply_part", AT_WORK, None, "participant", _INNER, _("participant answered")),
    _move("return_part", AT_WORK, None, "participant", _INNER, _("participant returned its part")),
    _move("waive", AT_WORK, None, (*DESK, "lead"), _INNER, _("participant waived")),
    # time
    _move("request_extension", "signed in_progress", None, "lead", _INNER, _("extension requested")),
    _move("grant_extension", "signed in_progress suspended", None, DESK, _SEEN, _("time extended")),
    _move("refuse_extension", OPEN, None, DESK, _INNER, _("extension refused")),
    _move("request_suspension", "signed in_progress", None, "lead", _INNER, _("suspension requested")),
    _move("suspend", "signed in_progress", "suspended", DESK, _SEEN, pgettext_lazy("event", "suspended")),
    _move("refuse_suspension", OPEN, None, DESK, _INNER, _("suspension refused")),
    _move("resume", "suspended", BACK, (*DESK, "lead", "system"), _SEEN, _("resumed")),
    _move("begin_appraisal", "in_progress", None, "lead", _SEEN, _("appraisal begun")),
    _move("end_appraisal", "in_progress", None, "lead", _SEEN, _("appraisal ended")),
    # mediation of a complaint, between its parties (docs/lifecycle.md)
    _move("begin_mediation", "in_progress", None, "lead", _SEEN, _("mediation begun")),
    _move("mediation_session", "in_progress", None, "lead", _SEEN, _("mediation session")),
    _move("ask_recusal", "in_progress", None, "lead", _SEEN, _("recusal of the mediator asked for")),
    _move("decide_recusal", "in_progress", None, "lead", _SEEN, _("recusal decided")),
    _move("mediation_agreed", "in_progress", None, "lead", _SEEN, _("agreement reached")),
    _move("end_mediation", "in_progress", None, "lead", _SEEN, _("mediation ended")),
    _move("tell_parties", "in_progress replied closed", None, "lead", _SEEN, _("parties told of the end of mediation")),
    # verification of a report, and its reward
    _move("begin_verification", _UNDER_WAY, "in_progress", "lead", _SEEN, _("verification begun")),
    _move("decide_report", "in_progress", None, "lead", _INNER, _("report decided on")),
    _move("tell_reporter", "in_progress replied closed", None, "lead", _SEEN, _("reporter told of the decision")),
    _move("tell_result", "in_progress replied closed", None, "lead", _SEEN, _("reporter told of the result")),
    _move("close_report", "in_progress", "closed", "lead", _SEEN, _("report settled")),
    _move("propose_reward", "in_progress replied closed", None, "lead", _INNER, _("reward proposed")),
    _move("approve_reward", "in_progress replied closed archived", None, "supervisor", _SEEN, _("reward approved")),
    _move("refuse_reward", "in_progress replied closed archived", None, "supervisor", _INNER, _("reward refused")),
    _move("pay_reward", "in_progress replied closed archived", None, ("lead", "supervisor"), _SEEN, _("reward paid")),
    # other authorities
    _move("transfer", OPEN, None, HOTLINE, _SEEN, _("passed on to the emergency service")),
    _move("hand_over", _BEFORE_ANSWER, "handed_over", (*DESK, "lead"), _SEEN, _("handed over to another authority")),
    _move("refer_crime", "signed in_progress", None, ("lead", *DESK), _INNER, _("clue referred")),
    _move("hand_over_receipt", "handed_over archived", None, (*DESK, "lead"), _SEEN, _("hand-over received")),
    _move("clue_receipt", ANY, None, (*DESK, "lead"), _INNER, _("referred clue received")),
    # after the answer
    _move("publish_reply", "replied closed", None, ("lead", *DESK), _SEEN, _("reply published")),
    _move("rate", "replied closed", None, ("citizen", "call_taker"), _SEEN, _("rated")),
    _move("follow_up", "replied closed", None, HOTLINE, _INNER, _("follow-up call")),
    _move("reopen", "replied closed", "in_progress", ("citizen", *HOTLINE), _SEEN, _("reopened for rework")),
    _move("level_up", AT_WORK | {"closed", "needs_triage"}, "dispatched", (*DESK, "system"), _SEEN,
          _("raised to the higher level")),
    _move("archive", "closed rejected handed_over withdrawn", "archived", ("supervisor", "system"), _INNER,
          pgettext_lazy("event", "archived")),
    # cases and cases
    _move("merge", OPEN - HELD - {"replied"}, "merged", DESK, _SEEN, _("merged with an earlier case")),
    _move("unmerge", "merged", BACK, DESK, _SEEN, _("separated again")),
    _move("take_in", OPEN, None, "system", _INNER, _("another case merged into this one")),
    _move("split", OPEN - HELD - {"replied"}, None, DESK, _SEEN, _("matters handled separately")),
    _move("link_respondent", ANY, None, (*HOTLINE, "lead"), _INNER, _("respondent found in the register")),
    _move("refiled", ANY, None, "system", _INNER, _("filed again after it was closed")),
    _move("dismiss_refiling", ANY, None, DESK, _INNER, _("repeat signal dismissed")),
    _move("separate_report", OPEN - HELD - {"replied"}, None, DESK, _SEEN, _("complaint and report separated")),
    # at any time
    _move("withdraw", OPEN, "withdrawn", ("citizen", "call_taker"), _SEEN, pgettext_lazy("event", "withdrawn")),
    _move("attach", OPEN, None, ("citizen", *HOTLINE, *HANDLERS), _SEEN, _("file added")),
    _move("note", ANY, None, (*HOTLINE, *HANDLERS), _INNER, _("internal note")),
    # supervision (督办): never moves the case, and the citizen sees nothing of it
    _move("order_supervision", OPEN | {"closed"}, None, "supervisor", _INNER, _("supervision ordered")),
    _move("instruct", OPEN | {"closed"}, None, "supervisor", _INNER, _("leader's instruction passed on")),
    _move("answer_supervision", ANY, None, (*HANDLERS, "informed"), _INNER, _("supervision order answered")),
    _move("return_supervision", ANY, None, "supervisor", _INNER, _("answer to the supervision order sent back")),
    _move("close_supervision", ANY, None, "supervisor", _INNER, _("supervision closed")),
    _move("cancel_supervision", ANY, None, "supervisor", _INNER, _("supervision cancelled")),
    _move("supervision_overdue", ANY, None, "system", _INNER, _("supervision order overdue")),
    _move("escalate", ANY, None, "system", _INNER, _("escalated by rule")),
    _move("acknowledge", ANY, None, (*DESK, *HANDLERS, "informed"), _INNER, _("notice seen")),
    _move("decline_crime", ANY, None, ("lead", *DESK), _INNER, _("no hand-over to the police")),
    # what the clocks say by themselves
    _move("remind", ANY, None, "system", _INNER, _("deadline reminder")),
    _move("overdue", ANY, None, "system", _INNER, pgettext_lazy("event", "overdue")),
    _move("recount", ANY, None, "system", _INNER, _("deadlines counted anew")),
    _move("make_document", ANY, None, (*HOTLINE, *HANDLERS), _INNER, _("document made")),
    _move("reveal", ANY, None, (*HOTLINE, "lead"), _INNER, _("personal data looked at")),
)  # fmt: skip
MOVES: Final = {move.verb: move for move in _MOVES}
# Steps that would tell a bureau whose report it handles: neither shown nor pushed to officers (Order 20 art. 33).
DESK_ONLY: Final = frozenset({"separate_report"})
_NOT_BUTTONS: Final = frozenset(
    {
        "register", "route", "hold", "attach", "take_in", "remind", "overdue", "recount", "refiled", "transfer",
        "make_document", "escalate", "supervision_overdue", "acknowledge", "hand_over_receipt", "clue_receipt",
    }
)  # fmt: skip
# Verbs a person finds as buttons, in this order; the rest are steps of the system or have a place of their own.
BUTTONS: Final = tuple(verb for verb in MOVES if verb not in _NOT_BUTTONS)


NEW_RULES_FROM: Final = date(2026, 4, 15)  # Order 121 replaced Order 20


def ruleset_on(received_on: date) -> str:
    """The rules under which a case of that day of receipt is handled to its end."""
    return "samr_2026" if received_on >= NEW_RULES_FROM else "samr_2020"


def is_possible(verb: str, state: str) -> bool:
    """Whether the table has this verb for a case in this state."""
    return state in MOVES[verb].sources
