"""Case numbers: 20261122-000123-4, the Beijing date, a running number, and a check digit (ISO 7064 mod 11,10)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stdnum.iso7064 import mod_11_10

_SHAPE = re.compile(r"\d{8}\d{6,10}\d")


def make_number(day: date, running: int) -> str:
    """The number of the `running`-th case; readable on the phone, and a mistyped digit is noticed."""
    body = f"{day:%Y%m%d}{running:06d}"
    return f"{body[:8]}-{body[8:]}-{mod_11_10.calc_check_digit(body)}"


def normalise_number(typed: str) -> str | None:
    """The number as stored, from what somebody typed (spaces, full-width digits, no dashes), or None if impossible."""
    digits = re.sub(r"[\s\-—－_]", "", unicodedata.normalize("NFKC", typed))
    if not _SHAPE.fullmatch(digits) or not digits.isascii() or not mod_11_10.is_valid(digits):
        return None
    return f"{digits[:8]}-{digits[8:-1]}-{digits[-1]}"


_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_identity_number(number: str) -> bool:
    """Whether 18 characters are a resident identity number: shape, birth date, check digit (GB 11643-1999).

    The place is not checked: codes of abolished counties stay valid in old cards.
    """
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number) or not number.isascii():
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False)) % 11
    return "10X98765432"[remainder] == number[17]
