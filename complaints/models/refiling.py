"""The same trouble again, soon after it was closed as solved: a sign that the closing was not true (重复反映)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.user import User

BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)  # before every case
# praise, questions, proposals and withdrawals do not say that something was left unsolved
QUIET_INTENTS: Final = ("praise", "consult", "suggest", "withdraw")

# One arm for each sign. A reporter under seal is never recognised by phone: whoever saw the earlier case would know.
_ARM: Final = """
SELECT again.id AS again, earlier.id AS earlier, earlier.closed_at, '{sign}' AS sign
FROM complaints_case again {joins}
JOIN complaints_outcome outcome ON outcome.case_id = earlier.id AND outcome.solved = 'yes'
WHERE again.received_at >= %(since)s AND again.topic <> '' AND again.intent <> ALL(%(quiet)s)
  AND earlier.id <> again.id AND earlier.topic = again.topic
  AND earlier.closed_at <= again.received_at AND earlier.closed_at >= again.received_at - %(window)s {only}
  AND NOT EXISTS (SELECT FROM complaints_refiling known WHERE known.again_id = again.id)
"""
_SIGNS: Final = {
    "person": """
JOIN complaints_requester who ON who.case_id = again.id AND who.phone_index <> '' AND NOT again.sealed
JOIN complaints_requester before ON before.phone_index = who.phone_index AND before.phone_index <> ''
JOIN complaints_case earlier ON earlier.id = before.case_id AND NOT earlier.sealed""",
    "place": """
JOIN complaints_case earlier ON earlier.place_index = again.place_index AND earlier.place_index <> ''""",
    "respondent": """
JOIN complaints_respondent of_again ON of_again.case_id = again.id
JOIN complaints_company now ON now.id = of_again.company_id
JOIN complaints_company same ON COALESCE(same.merged_into_id, same.id) = COALESCE(now.merged_into_id, now.id)
JOIN complaints_respondent of_earlier ON of_earlier.company_id = same.id
JOIN complaints_case earlier ON earlier.id = of_earlier.case_id AND earlier.region_id = again.region_id""",
}
_FIND: Final = """
SELECT again, earlier, closed_at, array_agg(sign) FROM ({arms}) found GROUP BY again, earlier, closed_at
ORDER BY again, bool_or(sign = 'person') DESC, bool_or(sign = 'place') DESC, closed_at DESC, earlier DESC
"""


class Found(NamedTuple):
    """A case filed again and the one it points back to. signs: of person, place, respondent."""

    again: int
    earlier: int
    closed_at: datetime
    signs: list[str]


class RefilingQuerySet(models.QuerySet["Refiling"]):
    def standing(self) -> RefilingQuerySet:
        """Those that nobody has dismissed."""
        return self.filter(dismissed_at=None)

    def about(self, case: Case) -> RefilingQuerySet:
        """Those in which the case is the first or the one filed again."""
        return self.filter(Q(first=case) | Q(again=case))

    def find(self, cases: Sequence[int] | None = None) -> list[Found]:
        """What no row says yet, of these cases or of all of the last settings.REFILE_DAYS days: each case with the
        earlier one that speaks loudest (same person, then place, then respondent; the latest closed)."""
        only = "" if cases is None else "AND again.id = ANY(%(only)s)"
        arms = " UNION ALL ".join(_ARM.format(sign=sign, joins=joins, only=only) for sign, joins in _SIGNS.items())
        window = timedelta(days=settings.REFILE_DAYS)
        asked: dict[str, Any] = {
            "since": timezone.now() - window if cases is None else BEGINNING,
            "window": window,
            "quiet": list(QUIET_INTENTS),
            "only": list(cases or ()),
        }
        with connection.cursor() as cursor:
            cursor.execute(_FIND.format(arms=arms), asked)
            loudest: dict[int, Found] = {}
            for row in cursor.fetchall():
                loudest.setdefault(row[0], Found(*row))
        return list(loudest.values())


class Refiling(models.Model):
    """A signal, not a verdict: `again` came in within the window after `first` was closed as solved. Nothing is
    reopened by it. A person may dismiss it, with a reason in the log of the case."""

    first = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="refiled")
    again = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="refiling")
    same_person = models.BooleanField(_("same requester"))
    same_place = models.BooleanField(_("same place"))
    same_respondent = models.BooleanField(_("same respondent"))
    days = models.PositiveSmallIntegerField(help_text="whole days from the closing of the first to the filing")
    at = models.DateTimeField(default=timezone.now)
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = RefilingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("again")), name="refiling_of_another_case"),
            models.CheckConstraint(
                condition=Q(same_person=True) | Q(same_place=True) | Q(same_respondent=True),
                name="refiling_has_a_sign",
            ),
            models.CheckConstraint(
                condition=Q(dismissed_at=None, dismissed_by=None) | Q(dismissed_at__isnull=False),
                name="refiling_dismissed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.again_id} again after {self.first_id}"
