"""Compiles the message catalogues (.po to .mo) without GNU gettext and without Django: before either is needed.

`python -m deploy.translations` is a step of the set-up; the tests and `manage.py prepare` call it too.
"""

from __future__ import annotations

import os
from pathlib import Path

import polib

LOCALES = Path(__file__).parent / "locale"


def compile_catalogues() -> None:
    """Writes django.mo beside every django.po that is newer."""
    for source in LOCALES.glob("*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(f".{os.getpid()}")
            polib.pofile(str(source)).save_as_mofile(str(draft))
            draft.replace(target)  # whole at any moment: somebody may be reading it


if __name__ == "__main__":
    compile_catalogues()
