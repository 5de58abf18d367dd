"""What goes to another authority: the package of a case that was handed over or of a clue referred, and its receipt."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import documents, permissions
from complaints.actions.documents import issuer, make_document, write_sheet
from complaints.actions.record import change, required_text
from complaints.documents import FORMS, HANDING, HANDOVER_LETTER, Sources
from complaints.errors import Forbidden, Missing
from complaints.models import Case, Document, Event, User, Viewer

RECEIPTS: Final = {"hand_over": "hand_over_receipt", "refer_crime": "clue_receipt"}  # verb: its receipt
_IN_MEMORY: Final = 8 << 20  # bytes of a package; larger ones lie in a temporary file


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the receiving authority said: its own number for the matter."""

    number: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Handing:
    """One hand-over, named by the version of its event. receipt: the latest that was recorded."""

    version: int
    verb: str
    to: str
    to_name: str
    at: datetime
    receipt: Receipt | None


def handings(viewer: Viewer, number: str) -> list[Handing]:
    """Where the case or a clue of it went, the latest first. For those who may hand over."""
    case = Case.objects.visible_to(viewer).by_number(number)
    permissions.require(viewer, "refer_crime", case)
    return list(_handings(case))


def _handings(case: Case) -> Iterator[Handing]:
    receipts: dict[int, Receipt] = {}
    for event in case.events.filter(kind__in=(*HANDING, *RECEIPTS.values())).order_by("-version"):
        if event.kind in HANDING:
            where, to = event.reason, event.data["to"]
            yield Handing(event.version, event.kind, to, where, event.at, receipts.get(event.version))
        else:
            receipts.setdefault(event.data["of"], Receipt(event.reason, event.note, event.at))


def _handed(case: Case, of: int) -> Event:
    found = case.events.filter(kind__in=HANDING, version=of).first()
    if found is None:
        raise Missing("not_handed_over", _("Nothing of this case was handed over at that step."))
    return found


@transaction.atomic
def make_package(viewer: Viewer, number: str, of: int, *, clear_because: str | None = None) -> tuple[str, IO[bytes]]:
    """The ZIP for the receiving authority and the number of its letter; each making is an event of the case.

    of: version of the hand-over. clear_because: personal data unmasked, for that reason; for those who may reveal.
    Raises Conflict when a file of evidence is gone or changed; nothing is written then.
    """
    case = Case.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",)).by_number(number)
    permissions.require(viewer, "refer_crime", case)
    _handed(case, of)
    clear = clear_because is not None
    if clear:
        permissions.require(viewer, "reveal", case)
    make_document(viewer, number, "work_order", {})
    with change(viewer, number, "reveal" if clear else "make_document") as doing:
        if clear_because is not None:
            doing.reason = required_text(clear_because, "reason")
        handed = _handed(doing.case, of)
        pieces = documents.pieces_of(doing.case, clear=clear)
        sheet = _letter(viewer, doing.case, handed, pieces, clear=clear)
        doing.data = {"form": HANDOVER_LETTER, "document": sheet.pk, "of": of}
        target: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (the caller sends it)
        try:
            documents.write_package(target, sheet, pieces, clear=clear)
        except BaseException:
            target.close()
            raise
    target.seek(0)
    return sheet.number, target


def _letter(viewer: Viewer, case: Case, handed: Event, pieces: list[documents.Piece], *, clear: bool) -> Document:
    """The letter with the list; the same pieces under the same words keep their number."""
    if not isinstance(viewer, User):
        raise Forbidden("not_allowed", _("You may not do this to the case."))
    unit, sources, form = issuer(viewer, case), Sources(case), FORMS[HANDOVER_LETTER]
    content = documents.gather(form, sources, unit, None).content
    frozen = documents.freeze(content | documents.letter(sources, handed, pieces, clear=clear))
    same = Document.objects.filter(case=case, form=form.code, unit=unit, sha256=frozen[1])
    return same.order_by("-pk").first() or write_sheet(case, form, unit, viewer, frozen)


def record_receipt(viewer: Viewer, number: str, of: int, *, receipt_number: str, text: str) -> None:
    """The receiving authority took it in under a number of its own; the citizen sees it for a case handed over."""
    with transaction.atomic():
        case = Case.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",)).by_number(number)
        verb = RECEIPTS[_handed(case, of).kind]
        with change(viewer, number, verb) as doing:
            doing.reason = required_text(receipt_number, "receipt_number")
            doing.note = text.strip()
            doing.data = {"of": of}
