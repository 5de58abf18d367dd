"""A period report (complaints.figures.report) as Excel workbook and as A4 pages: the same words and numbers."""

from __future__ import annotations

import io
import json
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from complaints.documents.render import TEMPLATES, compile_typst
from complaints.figures.periods import period_words

_HEAD: Final = PatternFill("solid", fgColor="E7EFFA")
_WIDEST: Final = 42  # of a column, in characters


def report_xlsx(report: dict[str, Any]) -> bytes:
    """A first sheet with the sentences, then one sheet a table; counts are numbers, so that they can be added up."""
    book = Workbook()
    first = book.active
    first.title = _("Summary")
    _text(first, 1, 1, report["title"], Font(bold=True, size=14))
    _text(first, 2, 1, _span(report))
    for row, sentence in enumerate(report["sentences"], 4):
        _text(first, row, 1, sentence).alignment = Alignment(wrap_text=True, vertical="top")
    first.column_dimensions["A"].width = 100
    for section in report["sections"]:
        _table(book.create_sheet(section["title"]), section)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _table(sheet: Worksheet, section: dict[str, Any]) -> None:
    widths = [4] * len(section["columns"])
    for column, name in enumerate(section["columns"], 1):
        _text(sheet, 1, column, name, Font(bold=True)).fill = _HEAD
    for row, cells in enumerate(section["rows"], 2):
        for column, cell in enumerate(cells, 1):
            if cell["number"] is None:
                _text(sheet, row, column, cell["text"])
            else:
                sheet.cell(row, column, cell["number"])
            widths[column - 1] = max(widths[column - 1], _width(cell["text"]))
    for column, name in enumerate(section["columns"], 1):
        wide = min(_WIDEST, max(widths[column - 1], _width(name)) + 2)
        sheet.column_dimensions[get_column_letter(column)].width = wide
    if section["note"]:
        _text(sheet, len(section["rows"]) + 3, 1, section["note"], Font(italic=True))
    sheet.freeze_panes = "B2"


def _text(sheet: Worksheet, row: int, column: int, text: str, font: Font | None = None) -> Any:
    """Always as text, never as a formula."""
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"
    if font:
        cell.font = font
    return cell


def _width(text: str) -> int:
    """Chinese characters are two wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _span(report: dict[str, Any]) -> str:
    at = date_format(timezone.localtime(report["at"]), "DATETIME_FORMAT")
    return _("%(period)s, counted at %(at)s") % {"period": period_words(report["since"], report["until"]), "at": at}


def report_pdf(report: dict[str, Any]) -> bytes:
    """PDF/A-2b, A4; words and numbers of the report, nothing of its own."""
    told = {
        "title": report["title"],
        "span": _span(report),
        "sentences": report["sentences"],
        "sections": [
            {
                "title": section["title"],
                "columns": section["columns"],
                "numeric": _numeric(section),
                "rows": [[cell["text"] for cell in row] for row in section["rows"]],
                "note": section["note"],
            }
            for section in report["sections"]
        ],
        "nothing": _("nothing"),
    }
    inputs = {"report": json.dumps(told, ensure_ascii=False, sort_keys=True)}
    return compile_typst(TEMPLATES / "period_report.typ", inputs, report["at"])


def _numeric(section: dict[str, Any]) -> list[bool]:
    """Which columns stand to the right: those that hold a number in some row, or a share, or only "—" for shares."""

    def holds(cell: dict[str, Any]) -> bool:
        return cell["number"] is not None or "%" in cell["text"]

    def nothing(cell: dict[str, Any]) -> bool:
        return bool(cell["text"] == "—")

    columns = [[row[n] for row in section["rows"]] for n in range(len(section["columns"]))]
    return [any(holds(cell) for cell in cells) or all(nothing(cell) for cell in cells) for cells in columns]
