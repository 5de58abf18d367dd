"""The check of translations finds what is missing, and this project's catalogue is complete."""

from __future__ import annotations

import polib
import pytest

from deploy.checks import translations
from deploy.checks.translations import Text, faults, texts_of

SOURCE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy as named
_("Saved")
ngettext("%(count)d case", "%(count)d cases", 2)
named("part", "lead")
other("not a text")
"""


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    made = polib.POFile()
    made.extend(entries)
    return made


def test_reads_the_texts_of_a_source() -> None:
    assert list(texts_of(SOURCE, "a.py")) == [
        Text(None, "Saved", "a.py:3"),
        Text(None, "%(count)d case", "a.py:4"),
        Text("part", "lead", "a.py:5"),
    ]


def test_a_text_that_is_not_written_out_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.py:2"):
        list(texts_of('from django.utils.translation import gettext\ngettext("a" + b)', "a.py"))


def test_finds_what_is_missing_empty_fuzzy_or_has_other_placeholders() -> None:
    texts = [Text(None, "Saved", "a.py:1"), Text("part", "lead", "a.py:2")]
    found = faults(
        texts,
        catalogue(
            polib.POEntry(msgid="Saved", msgstr="已保存"),
            polib.POEntry(msgid="lead", msgstr="没有语境"),
            polib.POEntry(msgid="Empty", msgstr=""),
            polib.POEntry(msgid="Fuzzy", msgstr="大概", flags=["fuzzy"]),
            polib.POEntry(msgid="%(count)d cases", msgstr="%(cuont)d 件"),
        ),
    )
    assert len(found) == 4
    assert found[0] == "a.py:2: not in the catalogue: 'lead'"
    assert [line.rsplit(": ", 1)[1] for line in found[1:]] == ["'Empty'", "'Fuzzy'", "'%(count)d cases'"]


def test_nothing_is_found_in_a_complete_catalogue() -> None:
    plural = polib.POEntry(msgid="%(count)d case", msgid_plural="%(count)d cases", msgstr_plural={0: "%(count)d 件"})
    assert faults([Text(None, "%(count)d case", "a.py:1")], catalogue(plural)) == []


def test_this_project_is_translated(capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main() == 0, capsys.readouterr().err
