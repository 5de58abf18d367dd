"""What every new case needs, however it comes to be: a number that nobody has, and the job that triages it."""

from __future__ import annotations

from typing import Final

from django.db import connection
from django.utils import timezone

from complaints import numbers

TRIAGE_JOB: Final = "complaints.triage"


def next_number() -> str:
    """A case number nobody has; taken from the sequence, so it is never given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('complaints_case_running')")
        running = cursor.fetchone()[0]
    return numbers.make_number(timezone.localdate(), running)
