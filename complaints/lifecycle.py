"""The life of a case as one table that a clerk can read. No database here.

`who` names the part that somebody plays for the case (complaints.permissions.parts): citizen, call_taker, dispatcher,
supervisor, lead (officer of the lead unit), participant (officer of a participating unit), system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    REGISTERED = "registered", _("registered")
    NEEDS_TRIAGE = "needs_triage", _("waiting for a dispatcher")
    DISPATCHED = "dispatched", _("dispatched")
    SIGNED = "signed", _("signed for")
    IN_PROGRESS = "in_progress", _("in progress")
    REPLIED = "replied", _("replied")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN: Final = frozenset({"registered", "needs_triage", "dispatched", "signed", "in_progress", "replied"})
ENDED: Final = frozenset({"closed", "withdrawn"})
ANY: Final = OPEN | ENDED
HANDLERS: Final = ("lead", "participant")
HOTLINE: Final = ("call_taker", "dispatcher", "supervisor")


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states, to which (None: it stays), by whom, and whether the citizen sees it."""

    verb: str
    sources: frozenset[str]
    target: str | None
    who: tuple[str, ...]
    public: bool
    label: Any


_MOVES: Final = (
    # verb, from which states, to which, by whom, does the citizen see it, its name
    Move(
        "register",
        frozenset(),
        "registered",
        ("citizen", "call_taker", "dispatcher", "system"),
        True,
        _("filed"),
    ),
    Move("route", frozenset({"registered"}), "dispatched", ("system",), True, _("dispatched automatically")),
    Move("hold", frozenset({"registered"}), "needs_triage", ("system",), True, _("given to a dispatcher")),
    Move(
        "dispatch",
        frozenset({"registered", "needs_triage", "dispatched"}),
        "dispatched",
        ("dispatcher", "supervisor"),
        True,
        pgettext_lazy("event", "dispatched"),
    ),
    Move("return", frozenset({"dispatched"}), "needs_triage", ("lead",), False, _("returned")),
    Move("sign", frozenset({"dispatched"}), "signed", ("lead",), True, pgettext_lazy("event", "signed for")),
    Move("start", frozenset({"signed"}), "in_progress", ("lead",), True, _("work begun")),
    Move(
        "reply",
        frozenset({"signed", "in_progress"}),
        "replied",
        ("lead",),
        True,
        pgettext_lazy("event", "replied"),
    ),
    Move(
        "close",
        frozenset({"replied"}),
        "closed",
        ("lead", "dispatcher"),
        True,
        pgettext_lazy("event", "closed"),
    ),
    Move("withdraw", OPEN, "withdrawn", ("citizen", "call_taker"), True, pgettext_lazy("event", "withdrawn")),
    Move("supplement", OPEN, None, ("citizen", "call_taker"), True, _("supplemented")),
    Move("attach", OPEN, None, ("citizen", *HOTLINE, *HANDLERS), True, _("file added")),
    Move("note", ANY, None, (*HOTLINE, *HANDLERS), False, _("internal note")),
    Move("reveal", ANY, None, (*HOTLINE, "lead"), False, _("personal data looked at")),
)
MOVES: Final = {move.verb: move for move in _MOVES}
# Verbs a person finds as buttons; the rest are steps of the system or have a place of their own on the page.
BUTTONS: Final = (
    "dispatch",
    "return",
    "sign",
    "start",
    "reply",
    "close",
    "withdraw",
    "supplement",
    "note",
    "reveal",
)


def is_possible(verb: str, state: str) -> bool:
    """Whether the table has this verb for a case in this state."""
    return state in MOVES[verb].sources
