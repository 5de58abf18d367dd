"""Who is looking: an account, a citizen with the number and code of one case, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from complaints import numbers, privacy
from complaints.models.user import User


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A citizen's proof for one case: number and query code as typed; `number` is None when they do not match."""

    number: str | None

    @classmethod
    def check(cls, typed_number: str, typed_code: str) -> CaseKey:
        number = numbers.normalise_number(typed_number)
        return cls(number if number and privacy.is_query_code(number, typed_code) else None)


Viewer = User | CaseKey | AnonymousUser
