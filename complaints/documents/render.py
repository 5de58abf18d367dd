"""Facts to A4 pages. Typesetting is typst's (docs/adr/0008), the words of each form stand in templates/<form>.typ.

The same documents give the same bytes as long as engine, fonts and templates are the same versions.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import pylopdf_fonts_zh_cn as fonts
import segno
import typst
from django.utils import timezone

from complaints.documents.codes import code_of
from complaints.documents.facts import in_words
from complaints.documents.masking import masked
from complaints.models import Document

TEMPLATES: Final = Path(__file__).parent / "templates"
STANDARD: Final[Literal["a-2b"]] = "a-2b"  # PDF/A-2b, ISO 19005-2


@cache
def _faces() -> typst.Fonts:
    """Song (body) and Hei (headings) from the package; nothing of the machine's."""
    folder = fonts.serif_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def pdf(documents: Sequence[Document], *, clear: bool = False) -> bytes:
    """One PDF of all of them, in this order, each with page numbers of its own. Needs case and unit of each.

    clear: personal data unmasked; the caller has asked whether that is allowed and has recorded it.
    """
    made_at = max(document.made_at for document in documents)
    return compile_sheets([_sheet(document, clear) for document in documents], made_at)


def _sheet(document: Document, clear: bool) -> dict[str, Any]:
    """What the templates get."""
    stored = json.loads(document.facts)
    content = stored["content"]
    return {
        **(content if clear else masked(content, document.case.sealed, document.case.requester.telltales())),
        "masked": not clear,
        "number": document.number,
        "made_on": in_words(timezone.localdate(document.made_at)),
        "code": code_of(document),
        "check_at": stored["check_at"],
        "square": _square(check_address(stored["check_at"], document)),
    }


def check_address(check_at: str, document: Document) -> str:
    """What the square code says."""
    return f"{check_at}?code={code_of(document)}"


def _square(payload: str) -> str:
    drawing = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(drawing, kind="svg", xmldecl=False, border=0)
    return drawing.getvalue().decode()


def compile_sheets(sheets: Sequence[dict[str, Any]], made_at: datetime) -> bytes:
    """PDF/A; where a citizen wrote a character that the fonts lack, plain PDF with an empty box in its place."""
    inputs = {"sheets": json.dumps(sheets, ensure_ascii=False, sort_keys=True)}
    return compile_typst(TEMPLATES / "main.typ", inputs, made_at)


def compile_typst(main: Path, inputs: dict[str, str], made_at: datetime) -> bytes:
    """A template with its inputs; PDF/A, or plain PDF where the fonts lack a character."""
    try:
        return _compile(str(main), inputs, STANDARD, made_at)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compile(str(main), inputs, "1.7", made_at)


def _compile(main: str, inputs: dict[str, str], standard: Literal["a-2b", "1.7"], made_at: datetime) -> bytes:
    made: bytes = typst.compile(
        main,
        root=str(TEMPLATES),
        font_paths=_faces(),
        sys_inputs=inputs,
        pdf_standards=standard,
        timestamp=int(made_at.timestamp()),
    )
    return made
