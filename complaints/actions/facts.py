"""What is known of a case, as routing and its escalation rules ask for it; what is measured is measured here.

routing/data/facts.csv names the flags and numbers. A number that is not known is absent, and no rule holds on it.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from django.db.models import Q

from complaints.actions import signs
from complaints.actions.questions import known_fields
from complaints.models import Case, OrderKind, OrderState, Respondent
from routing.facts import Facts

WINDOWS: Final = {"same_subject_24h": 1, "same_subject_7d": 7, "same_subject_30d": 30}  # days before receipt
MOST_OF_A_SUBJECT: Final = 200  # cases looked at, the latest first: more than any threshold asks for
DISSATISFIED: Final = 2  # grades 1 and 2 of five
_STATE_BODY: Final = re.compile(
    r"^(?:浙江|江苏|广东)省.{1,12}(?:厅|委员会|管理局|集团(?:股份)?(?:有限(?:责任)?)?公司)$"
)
_SHORTEST_NAME: Final = 6  # characters of a unit's name that say which one it is


def facts_of(case: Case, respondent_region: str = "") -> Facts:
    """The facts of a case as it stands; its topic may be a person's word by now."""
    text = f"{case.title}\n{case.text}" if case.title else case.text
    lead = case.lead_unit.name if case.lead_unit else ""
    return Facts(
        topic=case.topic,
        region=case.region_id or "",
        urgency=case.urgency,
        channel=case.channel,
        fields=known_fields(case, text, case.topic),
        intent=case.intent,
        respondent_region=respondent_region,
        flags=flags_of(case, case.intent, respondent_region) | about_unit(case, lead) | _instructed(case),
        numbers=stated_numbers(case) | same_subject(case) | history(case),
    )


def flags_of(case: Case, intent: str, respondent_region: str = "") -> frozenset[str]:
    """What is known at intake."""
    region = case.region_id or ""
    both = bool(region and respondent_region)
    known = {
        "anonymous": case.requester.anonymous,
        "report": case.sealed or intent == "report",
        "respondent_is_state_body": bool(_STATE_BODY.match(case.respondent.name.strip())),
        "cross_province": both and region[:2] != respondent_region[:2],
        "cross_city": both and region[:2] == respondent_region[:2] and _city(region) != _city(respondent_region),
    }
    return frozenset(flag for flag, holds in known.items() if holds) | signs.flags_in(f"{case.title}\n{case.text}")


def about_unit(case: Case, lead: str) -> frozenset[str]:
    """Whether the one complained about is the unit that would handle it (rule G11); lead: its name."""
    name = case.respondent.name.strip()
    same = len(name) >= _SHORTEST_NAME and bool(lead) and (lead.endswith(name) or name.endswith(lead))
    return frozenset({"about_handling_unit"} if same else ())


def stated_numbers(case: Case) -> dict[str, float]:
    """How many people the text says are dead, badly hurt or poisoned."""
    return signs.numbers_in(f"{case.title}\n{case.text}")


def subjects(case: Case) -> dict[str, Q]:
    """What a case may have in common with others: the respondent (its entry in the register, else its name) and the
    lot; key -> which respondents' rows share it."""
    about = case.respondent
    found: dict[str, Q] = {}
    if about.company_id:
        found[f"company:{about.company_id}"] = Q(company=about.company_id)
    elif about.name_index:
        found[f"name:{about.name_index}"] = Q(name_index=about.name_index)
    if about.lot_id:
        found[f"lot:{about.lot_id}"] = Q(lot=about.lot_id)
    return found


def same_subject(case: Case) -> dict[str, float]:
    """Cases about the same respondent or lot in the days before this one was received, itself included, whichever are
    more; nothing when it stands alone or nobody is named."""
    most: dict[str, float] = {}
    longest = timedelta(days=max(WINDOWS.values()))
    for shared in subjects(case).values():
        latest = Respondent.objects.filter(shared, case__lte=case.pk).order_by("-case")
        rows = list(latest.values_list("case__received_at", "case__region")[:MOST_OF_A_SUBJECT])
        counts: dict[str, float] = {
            name: sum(case.received_at - received < timedelta(days=days) for received, _region in rows)
            for name, days in WINDOWS.items()
        }
        counties = {region for received, region in rows if region and case.received_at - received < longest}
        counts["same_subject_counties"] = len(counties)
        most = {name: max(most.get(name, 0), count) for name, count in counts.items()}
    return most if most.get("same_subject_30d", 0) > 1 else {}


def history(case: Case) -> dict[str, float]:
    """What happened to the case so far: units that returned it since the last ruling, reworks, bad grades."""
    refused: set[int] = set()
    reopened = 0
    events = case.events.filter(kind__in=["return", "adjudicate", "reopen"]).order_by("version")
    for kind, data in events.values_list("kind", "data"):
        if kind == "return":
            refused.add(data["unit"])
        elif kind == "adjudicate":
            refused.clear()
        else:
            reopened += 1
    dissatisfied = case.satisfactions.filter(grade__lte=DISSATISFIED).count()
    counts: dict[str, float] = {"refusals": len(refused), "reopened": reopened, "dissatisfied": dissatisfied}
    return {name: count for name, count in counts.items() if count}


def _instructed(case: Case) -> frozenset[str]:
    told = case.supervision.filter(kind=OrderKind.INSTRUCTION).exclude(state=OrderState.CANCELLED).exists()
    return frozenset({"leader_instruction"} if told else ())


def _city(region: str) -> str:
    return region[:4] if not region.endswith("0000") else ""
