"""Making cases findable that are not, or whose words were counted by other rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import transaction

from complaints import search

BATCH: Final = 500  # cases


def index_cases(cases: Iterable[int]) -> int:
    """Make the search words of these cases (ids) anew; returns how many."""
    with transaction.atomic():
        return search.index(cases)


def index_unindexed() -> int:
    """One batch of cases that have no search words yet; returns how many there were."""
    return index_cases(search.unindexed().order_by("pk").values_list("pk", flat=True)[:BATCH])
