"""People at work on one case, through the API; and everything of a case that a refused step must leave alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from complaints import privacy
from complaints.clocks.calendar import ZONE
from complaints.models import (
    Case,
    CaseLink,
    Clock,
    Event,
    Mediation,
    MediationSession,
    RewardProposal,
    Verification,
)
from tests import make

KEPT = (Case, CaseLink, Clock, Event, Mediation, MediationSession, RewardProposal, Verification)


class Desk:
    """One person: `do` posts a verb with the version that stands now, `refused` expects no."""

    def __init__(self, case: Case, viewer: Any = None, **headers: str):
        self.case, self.viewer, self.client = case, viewer, make.client(viewer, **headers)

    def post(self, verb: str, /, **body: Any):
        self.case.refresh_from_db()
        body.setdefault("version", self.case.version)
        return self.client.post(f"/api/v1/cases/{self.case.number}/{verb}/", body, format="json")

    def do(self, verb: str, /, **body: Any) -> Any:
        answer = self.post(verb, **body)
        assert answer.status_code == 200, answer.json()
        self.case.refresh_from_db()
        return answer.json()

    def refused(self, verb: str, status: int, code: str, /, **body: Any) -> Any:
        """The step is refused, in Chinese, and nothing at all has changed."""
        before = everything()
        answer = self.post(verb, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
        assert any("\u4e00" <= char <= "\u9fff" for char in answer.json()["detail"])
        assert everything() == before
        return answer.json()

    def see(self) -> Any:
        return self.client.get(f"/api/v1/cases/{self.case.number}/").json()

    def steps(self) -> Any:
        return self.client.get(f"/api/v1/cases/{self.case.number}/events/").json()


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def lead(case: Case) -> Desk:
    return Desk(case, make.officer())


def hotline(case: Case) -> Desk:
    return Desk(case, make.dispatcher())


def citizen(case: Case) -> Desk:
    return Desk(case, X_Case_Code=privacy.query_code(case.number))


def clock(case: Case, name: str) -> Clock:
    return case.clocks.filter(policy__clock=name).latest("started_at", "pk")


def day(moment: datetime) -> str:
    return moment.astimezone(ZONE).date().isoformat()
