"""Numbers of documents and the check that tells a real one from a forged paper."""

from __future__ import annotations

import hmac
import re
import unicodedata
from typing import Final

from complaints import privacy
from complaints.documents.forms import Form
from complaints.models import Document
from routing.models import Region, Unit
from routing.names import SUFFIX

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH: Final = 6  # about 30 bits
_SHAPE: Final = re.compile(r"(\d{1,9})-(\d{4})-(\d{1,9})-([0-9A-Z]{6})")
_WORDS: Final = {"samr": "市监", "mpa": "药监", "data12345": "热线"}


def sign_of(unit: Unit) -> str:
    """The usual sign of a unit: 浙市监, 杭市监, 杭西市监. Only a proposal; the administrator may set another."""
    line: list[str] = []
    region: Region | None = unit.region
    while region is not None:
        line.append(SUFFIX.sub("", region.name)[:1])
        region = region.parent
    above = line[:-1] or line  # below the province, without it
    return "".join(reversed(above)) + _WORDS.get(unit.bureau_id, unit.bureau.short_name)


def number_of(sign: str, form: Form, year: int, serial: int) -> str:
    """杭西市监诉受〔2026〕第3号"""
    return f"{sign}{form.word}〔{year}〕第{serial}号"


def check_code(document: Document) -> str:
    """Six characters under a key of ours over number, form, day and content; no one else can make them."""
    said = f"{document.unit_id}|{document.year}|{document.serial}|{document.form}|{document.made_at:%Y%m%d}"
    value = int(privacy.keyed_hash(f"{said}|{document.sha256}", "document-check")[:16], 16)
    code = ""
    for _ in range(_LENGTH):
        value, rest = divmod(value, len(_ALPHABET))
        code += _ALPHABET[rest]
    return code


def code_of(document: Document) -> str:
    """What stands beside the square code and in it: unit, year, number, check, e.g. 2043-2026-3-7KQ4MZ."""
    return f"{document.unit_id}-{document.year}-{document.serial}-{check_code(document)}"


def find(typed: str) -> Document | None:
    """The document of a code as somebody typed it; None when there is none or its check is wrong."""
    plain = re.sub(r"[—–_−]", "-", re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))).upper()
    shape = _SHAPE.fullmatch(plain) if plain.isascii() else None
    if shape is None:
        return None
    unit, year, serial, check = shape.groups()
    document = (
        Document.objects.select_related("unit").filter(unit=int(unit), year=int(year), serial=int(serial)).first()
    )
    if document is None or not hmac.compare_digest(check_code(document), check):
        return None
    return document
