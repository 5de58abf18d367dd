"""What stands around one case: fetched only where there is any, found out by one question for all kinds."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.db import connection, models
from django.db.models import Prefetch, prefetch_related_objects

from complaints.models import (
    Answer,
    Assignment,
    Attachment,
    Case,
    CaseLink,
    Mediation,
    Notice,
    Request,
    RewardProposal,
    Satisfaction,
    SupervisionOrder,
    Verification,
)


class Kind(NamedTuple):
    """Rows of a model that belong to a case, and what is fetched with them."""

    model: type[models.Model]
    lookup: str | Prefetch[Any]
    column: str = "case_id"


AROUND: Final = {
    "assignments": Kind(Assignment, "assignments__unit"),
    "attachments": Kind(Attachment, "attachments"),
    "answers": Kind(Answer, "answers"),
    "requests": Kind(Request, "requests"),
    "satisfactions": Kind(Satisfaction, "satisfactions"),
    "links": Kind(CaseLink, "links__other"),
    "linked_from": Kind(CaseLink, "linked_from__case", "other_id"),
    "mediations": Kind(
        Mediation, Prefetch("mediations", Mediation.objects.select_related("ground").prefetch_related("sessions"))
    ),
    "verifications": Kind(Verification, "verifications__ground"),
    "rewards": Kind(RewardProposal, "rewards__level"),
    "supervision": Kind(
        SupervisionOrder, Prefetch("supervision", SupervisionOrder.objects.select_related("unit", "issuer"))
    ),
    "notices": Kind(Notice, Prefetch("notices", Notice.objects.select_related("unit", "seen_by"))),
}
_EACH: Final = [(kind.model._meta.db_table, kind.column) for kind in AROUND.values()]
_THERE: Final = ", ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE {column} = %(case)s)"  # noqa: S608 (names of our own tables)
    for table, column in _EACH
)


def fetch(case: Case) -> Case:
    """The case with everything of AROUND in memory: a query for each kind that it has, none for the others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_THERE}", {"case": case.pk})
        there = dict(zip(AROUND, cursor.fetchone(), strict=True))
    prefetch_related_objects([case], *(AROUND[name].lookup for name, found in there.items() if found))
    known = vars(case).setdefault("_prefetched_objects_cache", {})
    known.update({name: AROUND[name].model._default_manager.none() for name, found in there.items() if not found})
    return case
