"""The file of a case for another authority (移送材料包): a letter that lists every piece with its hash, and the pieces.

The letter is a Document like any other (number, check code); its pieces are the sheets made of the case and the files
of evidence. Masked, of a sealed report the reporter's own files stay here: they are listed, with their hash, as kept.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.documents.codes import code_of
from complaints.documents.facts import Section, Sources, in_words, moment_in_words
from complaints.documents.forms import FORMS, HANDOVER_LETTER
from complaints.documents.render import pdf
from complaints.errors import Conflict
from complaints.lifecycle import DESK_ONLY, MOVES
from complaints.models import ActorKind, Attachment, Case, Document, Event, Role

HANDING: Final = ("hand_over", "refer_crime")
# steps that the citizen does not read but the receiving authority needs
_ALSO: Final = ("decide_report", "refer_crime")
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the same pieces make the same archive
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """One entry of the package. content: a sheet; stored: name of a file in the storage; neither: kept here."""

    file: str
    label: str
    size: int
    sha256: str
    content: bytes = b""
    stored: str = ""

    @property
    def kept(self) -> bool:
        return not self.content and not self.stored


def pieces_of(case: Case, *, clear: bool) -> list[Piece]:
    """Sheets in the order of their making, then evidence. The case must be visible to whoever asks."""
    sheets = case.documents.exclude(form=HANDOVER_LETTER).select_related("case__requester", "unit").order_by("pk")
    pieces = [_sheet(place, document, clear) for place, document in enumerate(sheets, start=1)]
    files = list(case.evidence())
    ours = _from_units(files) if case.sealed and not clear else {file.pk for file in files}
    return pieces + [_file(place, file, file.pk in ours) for place, file in enumerate(files, start=1)]


def _sheet(place: int, document: Document, clear: bool) -> Piece:
    content = pdf([document], clear=clear)
    title = FORMS[document.form].title.replace("/", "")
    name = f"{place:02d}-{title}-{code_of(document)}.pdf"
    label = f"{title}（{document.number}）"
    return Piece(name, label, len(content), hashlib.sha256(content).hexdigest(), content)


def _file(place: int, file: Attachment, goes: bool) -> Piece:
    name = f"附件/{place:02d}{PurePosixPath(file.stored_as).suffix}"
    return Piece(name, file.name, file.size, file.sha256, stored=file.stored_as if goes else "")


def _from_units(files: Sequence[Attachment]) -> set[int]:
    """Files that a unit at work on the case added, not the citizen nor the hotline for them."""
    added = Event.objects.filter(case__in={file.case_id for file in files}, kind="attach", actor__role=Role.OFFICER)
    return {data["attachment"] for data in added.values_list("data", flat=True)}


def letter(sources: Sources, handed: Event, pieces: Sequence[Piece], *, clear: bool) -> Section:
    """What the letter says beside the facts that every sheet has."""
    return {
        "clear": clear,
        "handover": {
            "to": handed.data["to"],
            "to_name": handed.reason,
            "on": in_words(timezone.localdate(handed.at)),
            "why": handed.note,
            "topic": sources.topic_name,
        },
        "files": [
            {"file": piece.file, "label": piece.label, "size": piece.size, "sha256": piece.sha256, "kept": piece.kept}
            for piece in pieces
        ],
        "steps": _steps(sources.case, handed),
    }


def _steps(case: Case, handed: Event) -> list[Section]:
    """The timeline up to the hand-over: what the citizen reads, and the few steps that the receiver needs."""
    events = case.events.filter(version__lte=handed.version).exclude(kind__in=DESK_ONLY).select_related("unit")
    return [
        {
            "at": moment_in_words(event.at),
            "what": str(MOVES[event.kind].label),
            "who": event.unit.name if event.unit else _("the citizen") if event.actor_kind == ActorKind.CITIZEN else "",
            "words": "；".join(filter(None, (event.reason, event.note))),
        }
        for event in events.order_by("version")
        if event.public or event.kind in _ALSO
    ]


def write_package(target: IO[bytes], sheet: Document, pieces: Sequence[Piece], *, clear: bool) -> None:
    """The ZIP, letter first. Raises Conflict when a stored file is gone or is no longer what was handed in."""
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(_entry("00-移送函和材料清单.pdf"), pdf([sheet], clear=clear))
        for piece in pieces:
            if piece.content:
                archive.writestr(_entry(piece.file), piece.content)
            elif piece.stored:
                _copy(archive, piece)


def _copy(archive: zipfile.ZipFile, piece: Piece) -> None:
    digest = hashlib.sha256()
    try:
        with default_storage.open(piece.stored) as source, archive.open(_entry(piece.file), "w") as entry:
            while block := source.read(_BLOCK):
                digest.update(block)
                entry.write(block)
    except FileNotFoundError as error:
        raise _spoilt(piece) from error
    if digest.hexdigest() != piece.sha256:
        raise _spoilt(piece)


def _spoilt(piece: Piece) -> Conflict:
    return Conflict(
        "evidence_changed",
        _("“%(file)s” is missing or no longer what was handed in; the package was not made.") % {"file": piece.file},
    )


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _FIRST_DAY)
