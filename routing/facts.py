"""What routing is asked and what it answers: plain values, so that a decision can be stored and replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case when its bureau is chosen.

    topic: code of the taxonomy, "" when unknown. region: six-digit code (GB/T 2260), "" when unknown.
    fields: sub-fields that rules may ask for (stage, trade, owner, works, source ...), only known ones.
    respondent_region: where the respondent sits, "" when unknown. flags and numbers: what the caller measured, by
    the names of data/facts.csv (anonymous, report, deaths, reopened, overdue_working_days ...); absent: not known.
    """

    topic: str
    region: str
    urgency: str = "U4"
    channel: str = "web"
    confidence: float = 1.0
    needs_review: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    intent: str = ""
    respondent_region: str = ""
    flags: frozenset[str] = frozenset()
    numbers: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """To be stored with the decision; equal facts give equal JSON."""
        return {
            "topic": self.topic,
            "region": self.region,
            "urgency": self.urgency,
            "channel": self.channel,
            "confidence": round(self.confidence, 4),
            "needs_review": self.needs_review,
            "fields": dict(sorted(self.fields.items())),
            "intent": self.intent,
            "respondent_region": self.respondent_region,
            "flags": sorted(self.flags),
            "numbers": dict(sorted(self.numbers.items())),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The facts as they were stored; what an older version did not store has its default."""
        known = {name: stored[name] for name in cls.__slots__ if name in stored}
        return cls(**{**known, "flags": frozenset(known.get("flags", ()))})


@dataclass(frozen=True, slots=True)
class Reason:
    """One stored fact of a decision: a stable code and its parameters; `reasons.sentence` words it."""

    code: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Action:
    """What an escalation rule asks the caller to do; routing only says so.

    do: one of models.Do (notify, supervise, adjudicate, hand_over ...). bureau, at, amount, unit: see EscalationRule.
    """

    rule: str
    version: int
    do: str
    bureau: str = ""
    at: str = ""
    amount: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who is responsible. `lead` and `participants` are ids of routing.Unit; lead None: a dispatcher decides.

    level: province, city, county, township or branch (of a central body). region: where the lead unit sits.
    supervisor: who keeps supervision; enforcer: who decides on penalties, where the rule tells them apart from the
    lead (both also take part). rule, version and ruleset name the rule that decided; "" and 0: none did.
    names: what the units were called when this was decided, by id.
    """

    lead: int | None
    participants: tuple[int, ...]
    level: str
    region: str
    reasons: tuple[Reason, ...]
    rule: str = ""
    version: int = 0
    ruleset: int = 0
    supervisor: int | None = None
    enforcer: int | None = None
    actions: tuple[Action, ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
