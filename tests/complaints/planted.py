"""Cases whose end is known, planted through the actions: what tests of rates and repeats count by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from complaints import actions
from complaints.models import Case, CaseKey, Clock
from tests import make

CODE, OTHER_CODE, THIRD_CODE = "91330100MA0000001F", "91330106MA00000029", "91330108MA00000039"


def ended(
    solved: str = "yes", *, topic: str = "P01", days_ago: float = 5, grade: int | None = None, region: str = make.XIHU,
    bureau: str = "samr", says: str = "", late: bool = False, recovered: str | None = None, **more: Any,
) -> Case:  # fmt: skip
    """A closed case: what the unit says of it, what the citizen says, whether the unit signed in time."""
    case = make.dispatched(bureau, region=region, **more)
    officer = make.officer(bureau, region)
    actions.sign(officer, case.number, case.version)
    actions.start(officer, case.number, case.version + 1)
    actions.reply(officer, case.number, case.version + 2, "已核实处理。")
    open_matter = solved != "yes"
    result = actions.Result(
        solved=solved,
        recovered=Decimal(recovered) if recovered else None,
        why_not="证据不足" if open_matter else "",
        ground_code="no_evidence" if open_matter else "",
    )
    actions.close(officer, case.number, case.version + 3, "办结", result)
    if grade or says:
        actions.rate(CaseKey(case.number), case.number, grade=grade or 3, solved=says)
    closed = timezone.now() - timedelta(days=days_ago)
    Case.objects.filter(pk=case.pk).update(closed_at=closed, received_at=closed - timedelta(days=2), topic=topic)
    if late:
        Clock.objects.filter(case=case, policy__clock="hot.sign").update(state="missed")
    case.refresh_from_db()
    return case


def received(case: Case, at: datetime, topic: str = "P01") -> Case:
    """Dated, and under the topic that triage would have given it."""
    Case.objects.filter(pk=case.pk).update(received_at=at, topic=topic)
    case.refresh_from_db()
    return case


def log_of(case: Case) -> list[str]:
    return list(case.events.order_by("version").values_list("kind", flat=True))
