"""What is known of a case, as routing asks for it."""

from __future__ import annotations

from complaints.models import Case
from routing.facts import Facts
from routing.fields import recognise


def facts_of(case: Case) -> Facts:
    """The facts of a case as it stands; its topic may be a person's word by now."""
    text = f"{case.title}\n{case.text}" if case.title else case.text
    return Facts(
        topic=case.topic,
        region=case.region_id or "",
        urgency=case.urgency,
        channel=case.channel,
        fields=recognise(text, case.topic),
        intent=case.intent,
        flags=flags_of(case, case.intent),
    )


def flags_of(case: Case, intent: str) -> frozenset[str]:
    """What is known at intake; routing/data/facts.csv names the flags."""
    known = {"anonymous": case.requester.anonymous, "report": case.sealed or intent == "report"}
    return frozenset(flag for flag, holds in known.items() if holds)
