"""Where a case lies among all others: its embedding, and the cases like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, models, transaction
from pgvector.django import CosineDistance, HnswIndex, VectorField

from complaints.models.case import Case, CaseQuerySet

DIMENSIONS: Final = 384
LIKE: Final = 10  # similar cases that are shown
LEAST_LIKE: Final = 0.5  # cosine; what is less like it helps nobody
SAME_MATTER: Final = 0.9  # cosine from which on two texts may be about one and the same thing
SAME_TIME: Final = timedelta(days=30)
# Candidates of one look into the index; it looks on until enough of them are visible, or 20,000 were read.
_SEARCH = "SELECT set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', '80', true)"


class CaseEmbedding(models.Model):
    """Unit vector of title and text by one version of the model; only vectors of one version can be compared."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="embedding")
    model_version = models.CharField(max_length=80)
    vector = VectorField(dimensions=DIMENSIONS)

    class Meta:
        indexes = [HnswIndex(fields=["vector"], name="embedding_nearest", opclasses=["vector_cosine_ops"])]

    def __str__(self) -> str:
        return f"embedding of {self.case_id} by {self.model_version}"

    @staticmethod
    def nearness(vector: Sequence[float]) -> CosineDistance:
        """The cosine distance of a case's embedding, 0..2, as an expression that the index serves in ORDER BY."""
        return CosineDistance("embedding__vector", list(vector))


@dataclass(frozen=True, slots=True)
class Similar:
    """A case like another one; similarity: cosine. duplicate: probably the same matter, for a person to see."""

    case: Case
    similarity: float
    duplicate: bool


def similar_to(
    case: Case, version: str, vector: Sequence[float], among: CaseQuerySet, limit: int = LIKE
) -> list[Similar]:
    """The cases of `among` that are most like a case, most alike first.

    case: with requester and respondent. vector: its embedding by `version`. However few of all cases are in `among`,
    the index is read until `limit` of them are found.
    """
    others = among.exclude(pk=case.pk).select_related("requester", "respondent")
    return [
        Similar(other, similarity, similarity >= SAME_MATTER and _same_event(case, other))
        for other, similarity in nearest(version, vector, others, limit)
        if similarity >= LEAST_LIKE
    ]


def nearest(version: str, vector: Sequence[float], among: CaseQuerySet, limit: int) -> list[tuple[Case, float]]:
    """The cases of `among` nearest to a vector of that model version, each with its cosine, most alike first."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SEARCH)
        found = list(
            among.filter(embedding__model_version=version)
            .annotate(distance=CaseEmbedding.nearness(vector))
            .order_by("distance")[:limit]
        )
    return [(other, 1 - float(other.distance)) for other in found]  # type: ignore[attr-defined]  # annotated above


def _same_event(case: Case, other: Case) -> bool:
    """Within thirty days, and the same respondent, place or requester."""
    if abs(case.received_at - other.received_at) > SAME_TIME:
        return False
    ours, theirs = _known(case), _known(other)
    return any(mine and mine == yours for mine, yours in zip(ours, theirs, strict=True))


def _known(case: Case) -> tuple[str, ...]:
    """What tells that two cases are about the same: "" where it is not known."""
    return (
        case.respondent.uscc,
        case.respondent.name_index,
        "" if case.sealed else case.requester.phone_index,  # a likeness must not tell who reported
        "".join(case.place.split()),
    )
