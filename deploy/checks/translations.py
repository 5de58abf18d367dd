"""Is every text that Python shows to people translated? `python -m deploy.checks.translations`

Reads the calls of gettext and its relatives from the sources (no GNU gettext needed) and compares them with the
catalogue: missing, empty, fuzzy, and placeholders that differ.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

PROJECT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = PROJECT / "deploy" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PACKAGES = ("deploy", "complaints", "routing", "classifier")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")
# What the arguments of each function are.
CALLS = {
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}


class Text(NamedTuple):
    """A text in the sources: its context (or None) and English wording."""

    context: str | None
    id: str
    where: str


def texts_of(source: str, name: str) -> Iterator[Text]:
    """The translatable texts of one Python file. Raises ValueError for a call whose text is not written out."""
    tree = ast.parse(source, name)
    aliases = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in CALLS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in aliases:
            where = f"{name}:{node.lineno}"
            arguments: dict[str, str] = {}
            for part, value in zip(CALLS[aliases[node.func.id]], node.args, strict=False):
                if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
                    raise ValueError(f"{where}: the text of a translation must be a plain string")
                arguments[part] = value.value
            yield Text(arguments.get("context"), arguments["id"], where)


def faults(texts: list[Text], catalogue: polib.POFile) -> list[str]:
    """What is wrong, one line each."""
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    found = [
        f"{text.where}: not in the catalogue: {text.id!r}" for text in texts if (text.context, text.id) not in entries
    ]
    for entry in entries.values():
        if not entry.translated():
            found.append(f"{CATALOGUE.name}:{entry.linenum}: not translated: {entry.msgid!r}")
            continue
        wanted = sorted(set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)))
        for translation in entry.msgstr_plural.values() or [entry.msgstr]:
            if sorted(set(PLACEHOLDER.findall(translation))) != wanted:
                found.append(f"{CATALOGUE.name}:{entry.linenum}: placeholders differ: {entry.msgid!r}")
    return found


def main() -> int:
    files = [file for package in PACKAGES for file in sorted((PROJECT / package).rglob("*.py"))]
    texts = [
        text for file in files for text in texts_of(file.read_text(encoding="utf-8"), str(file.relative_to(PROJECT)))
    ]
    found = faults(texts, polib.pofile(str(CATALOGUE)))
    print("\n".join(found) or f"translations: {len(texts)} texts, all there", file=sys.stderr if found else sys.stdout)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
