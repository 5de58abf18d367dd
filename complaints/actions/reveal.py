"""Looking at personal data in clear: allowed to few, with a reason, and always recorded."""

from __future__ import annotations

from dataclasses import dataclass

from complaints.actions.record import change, required_text
from complaints.models import Viewer


@dataclass(frozen=True, slots=True)
class Revealed:
    """The requester as they gave themselves, and the demand with every number in it."""

    name: str
    phone: str
    id_number: str
    address: str
    text: str


def reveal(viewer: Viewer, number: str, reason: str) -> Revealed:
    """Personal data of the requester in clear; writes a reveal event with the reason in the same transaction."""
    with change(viewer, number, "reveal") as doing:
        doing.reason = required_text(reason, "reason")
        person = doing.case.requester
        return Revealed(person.name, person.phone, person.id_number, person.address, doing.case.original_text)
