"""What routing is asked and what it answers: plain values, so that a decision can be stored and replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when its bureau is chosen.

    topic: code of the taxonomy, "" when unknown. region: six-digit code (GB/T 2260), "" when unknown.
    fields: sub-fields that rules may ask for (stage, trade, owner, works, source ...), only known ones.
    """

    topic: str
    region: str
    urgency: str = "U4"
    channel: str = "web"
    confidence: float = 1.0
    needs_review: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One stored fact of a decision: a stable code and its parameters; `reasons.sentence` words it."""

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is responsible. `lead` and `participants` are ids of routing.Unit; lead None: a dispatcher decides.

    level: province, city, county, township or branch (of a central body). region: where the lead unit sits.
    """

    lead: int | None
    participants: tuple[int, ...]
    level: str
    region: str
    reasons: tuple[Reason, ...]
