"""Sealing a report: its words are kept without the reporter's name, numbers and address (Order 20 art. 33)."""

from __future__ import annotations

from complaints import privacy
from complaints.models import Case, Requester


def seal(case: Case, person: Requester) -> None:
    """Mark the case sealed and redact its title and text in place; the original stays in `sealed_text`, which only the
    hotline can reveal. The caller saves. Stored redacted, so that search, lists, exports and models read no name."""
    case.sealed = True
    words = person.telltales()
    redacted = privacy.hide(case.text, words)
    if redacted != case.text and case.sealed_text is None:
        case.sealed_text = case.text
    case.text, case.title = redacted, privacy.hide(case.title, words)
