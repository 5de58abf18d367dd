"""The notation of trigger phrases: regular expressions with shorthand for gaps, word lists and the negatable word.

Most phrases cannot occur in most texts. Each therefore knows characters or pairs of characters one of which a text
must hold (`needs`), so that a set look-up spares the search: this makes the rule layer several times faster.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SENTENCE_END = "。!?;\n"
# Repetition is bounded, or a hostile text of one repeated character would take minutes.
_BOUNDED = (
    ("*", "{0,6}"),
    ("+", "{1,8}"),
    (",}", ",8}"),
    ("~~", f"[^{SENTENCE_END}]{{0,20}}?"),
    ("~", f"[^{SENTENCE_END}]{{0,8}}?"),
)
_NEEDS_KEPT = 2
_QUANTIFIER = re.compile(r"[?*+]\??|\{(\d*),?\d*\}\??")
_CLASS = re.compile(r"\[[^\]]*\]|\\.|[.^$]")

Need = frozenset[str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`pattern` has at most one capturing group: the word before which a negation would stand."""

    pattern: re.Pattern[str]
    needs: tuple[Need, ...]

    def may_occur(self, grams: set[str]) -> bool:
        """False when a text with these characters and pairs of characters cannot hold the phrase."""
        for need in self.needs:  # noqa: SIM110 (a generator here takes twice as long, and this runs 500 times a text)
            if need.isdisjoint(grams):
                return False
        return True


def grams_of(text: str) -> set[str]:
    """The characters and the pairs of neighbouring characters of a text."""
    return {text[i : i + 2] for i in range(len(text))} | set(text)


def expand(notation: str, words: Mapping[str, str]) -> str:
    """The regular expression that a phrase stands for. `words`: what {name} is replaced by."""
    for _ in range(2):  # lists may name lists
        for name, choices in words.items():
            notation = notation.replace("{" + name + "}", f"({choices})")
    notation = re.sub(r"\((?!\?)", "(?:", notation)
    notation = re.sub(r"(?<!\(\?)<", "(", notation).replace(">", ")")
    for sign, meaning in _BOUNDED:
        notation = notation.replace(sign, meaning)
    return notation


def phrase(notation: str, words: Mapping[str, str]) -> Phrase:
    """The phrase of a notation; re.error or ValueError when it is not well formed."""
    expression = expand(notation, words)
    needs = sorted(_Needs(expression).of_choice(), key=_cost)
    return Phrase(re.compile(expression), tuple(needs[:_NEEDS_KEPT]))


class _Needs:
    """Reads an expression once, left to right, and collects what every match must hold."""

    def __init__(self, expression: str) -> None:
        self._source = expression
        self._at = 0

    def of_choice(self) -> list[Need]:
        """Needs of alternatives up to a closing bracket: those of one, or one that unites the best of each."""
        options = [self._of_sequence()]
        while self._source.startswith("|", self._at):
            self._at += 1
            options.append(self._of_sequence())
        if len(options) == 1:
            return options[0]
        if not all(options):
            return []
        return [frozenset().union(*(min(needs, key=_cost) for needs in options))]

    def _of_sequence(self) -> list[Need]:
        needs: list[Need] = []
        run = ""
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            atom, literal = self._atom()
            quantifier = _QUANTIFIER.match(self._source, self._at)
            if quantifier:
                self._at = quantifier.end()
                if quantifier[0][0] in "?*" or quantifier[1] in {"0", ""}:
                    atom, literal = [], ""
                needs += _of_run(run) + _of_run(literal) + atom
                run = ""
            elif literal:
                run += literal
            else:
                needs += _of_run(run) + atom
                run = ""
        return needs + _of_run(run)

    def _atom(self) -> tuple[list[Need], str]:
        """Needs of the next group or character class, or the next literal character."""
        source = self._source
        if source[self._at] == "(":
            looks = source.startswith(("(?!", "(?=", "(?<"), self._at)
            self._at = source.index(":", self._at) + 1 if source.startswith("(?:", self._at) else self._at + 1
            if looks:
                self._at += 2 if source[self._at + 1] == "<" else 1
            needs = self.of_choice()
            if not source.startswith(")", self._at):
                raise ValueError(f"a bracket is not closed: {source}")
            self._at += 1
            return ([] if looks else needs), ""
        other = _CLASS.match(source, self._at)
        if other:
            self._at = other.end()
            return [], ""
        self._at += 1
        return [], source[self._at - 1]


def _of_run(run: str) -> list[Need]:
    """A literal text needs each of its pairs, or its one character."""
    if len(run) < 2:
        return [frozenset(run)] if run else []
    return [frozenset({run[i : i + 2]}) for i in range(len(run) - 1)]


def _cost(need: Need) -> tuple[int, int]:
    """Less is more selective: few alternatives, and pairs before single characters."""
    return len(need), -min(len(gram) for gram in need)
