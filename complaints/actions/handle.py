"""What the lead unit does: sign for the case, begin, reply, close; and notes among colleagues."""

from __future__ import annotations

from complaints.actions.record import change, required_text
from complaints.models import Viewer


def sign(viewer: Viewer, number: str, version: int) -> None:
    """The lead unit acknowledges the case (签收)."""
    with change(viewer, number, "sign", version):
        pass


def start(viewer: Viewer, number: str, version: int) -> None:
    """Work begins (办理)."""
    with change(viewer, number, "start", version):
        pass


def reply(viewer: Viewer, number: str, version: int, text: str) -> None:
    """The answer to the citizen (答复), shown to them at once."""
    with change(viewer, number, "reply", version) as doing:
        doing.note = required_text(text, "text")


def close(viewer: Viewer, number: str, version: int, reason: str) -> None:
    """The matter is settled (结案); the units at work are released."""
    with change(viewer, number, "close", version) as doing:
        doing.reason = required_text(reason, "reason")


def note(viewer: Viewer, number: str, text: str) -> None:
    """An internal note; citizens never see it."""
    with change(viewer, number, "note") as doing:
        doing.note = required_text(text, "text")
