"""What callers were asked: answers are checked, stored with the case, and read by the routing rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from complaints.errors import Invalid
from complaints.models import Answer, Case, Question
from routing.fields import recognise, vocabulary

MOST: Final = 40  # answers of one case


def checked(answers: Sequence[tuple[int, str]]) -> list[Answer]:
    """The answers as rows without a case; empty ones are left out. Invalid at `answers.<id>` where one does not fit."""
    given = {question: value.strip() for question, value in answers[:MOST] if value.strip()}
    known = Question.objects.filter(active=True).in_bulk(given) if given else {}
    rows: dict[str, Answer] = {}
    for pk, value in given.items():
        question = known.get(pk)
        if question is None or not question.takes(value):
            message = _("This answer does not fit the question.")
            raise Invalid("bad_answer", message, {f"answers.{pk}": message})
        rows[question.field] = Answer(
            field=question.field, label=question.label, value=value, wording=question.wording(value)
        )
    return list(rows.values())


def known_fields(case: Case, text: str, topic: str) -> dict[str, str]:
    """The sub-fields that rules may read: what was asked and answered counts before what the text says."""
    return recognise(text, topic) | routing_fields({row.field: row.value for row in case.answers.all()})


def routing_fields(answers: Mapping[str, str]) -> dict[str, str]:
    """Of answers by field, those that routing/data/fields.csv knows."""
    return {field: value for field, value in answers.items() if (field, value) in vocabulary()}
