"""Twenty officers at the same two hundred cases: every move happens once, the rest is told so, none waits for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from complaints import actions
from complaints.errors import Conflict, Forbidden, Missing
from complaints.models import Case, Event, User
from tests import make

OFFICERS, CASES = 20, 200
AT_ONCE = 8  # connections; the pool has sixteen
Step = Callable[[User, str, int], None]


def at_once(officers: list[User], cases: list[tuple[str, int]], steps: list[Step]) -> Counter[str]:
    """Every officer tries a step on every case, all officers on one case at a time; what came of it, counted."""

    def attempt(place: int, number: str, version: int) -> str:
        try:
            steps[place % len(steps)](officers[place], number, version)
        except (Conflict, Forbidden, Missing) as refusal:
            in_chinese = any("\u4e00" <= char <= "\u9fff" for char in refusal.message)
            return type(refusal).__name__ if in_chinese else "wordless"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        tries = [
            pool.submit(attempt, place, number, version) for number, version in cases for place in range(len(officers))
        ]
        return Counter(one.result() for one in tries)


def standing(cases: list[Case]) -> list[tuple[str, int]]:
    return list(Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk").values_list("number", "version"))


def dispatched(desk: User) -> Case:
    case = make.case()
    actions.dispatch(desk, case.number, case.version, lead=make.unit().pk, reason="职责明确")
    return case


def sign(officer: User, number: str, version: int) -> None:
    actions.sign(officer, number, version)


def give_back(officer: User, number: str, version: int) -> None:
    actions.return_case(officer, number, version, ground_code="not_our_duty", reason="不属本局")


def reply(officer: User, number: str, version: int) -> None:
    actions.reply(officer, number, version, "已责令整改")


def close(officer: User, number: str, version: int) -> None:
    actions.close(officer, number, version, "办结")


@pytest.mark.django_db
def test_the_later_of_two_is_told_and_changes_nothing():
    case = make.dispatched()
    sign(make.officer(), case.number, case.version)
    with pytest.raises(Conflict, match="wrong_state"):
        give_back(make.officer(), case.number, case.version)
    case.refresh_from_db()
    assert (case.state, case.events.count()) == ("signed", 3)


def test_each_move_happens_once(django_db_setup, django_db_blocker):
    """Committed for real, for other connections must see it; the rows are taken away afterwards."""
    with django_db_blocker.unblock():
        people = [make.officer() for _ in range(OFFICERS)]
        desk = make.dispatcher()
        cases = [dispatched(desk) for _ in range(CASES)]
        try:
            first = at_once(people, standing(cases), [sign, give_back])
            assert first["done"] == CASES
            assert sum(first.values()) == OFFICERS * CASES
            assert not first["wordless"]
            kinds = Counter(Event.objects.filter(case__in=cases, version=3).values_list("kind", flat=True))
            assert set(kinds) <= {"sign", "return"}
            assert sum(kinds.values()) == CASES
            signed = [case for case in cases if Case.objects.get(pk=case.pk).state == "signed"]
            assert len(signed) == kinds["sign"]
            for step, state in ((reply, "replied"), (close, "closed")):
                met = at_once(people, standing(signed), [step])
                assert (met["done"], met["Conflict"]) == (len(signed), (OFFICERS - 1) * len(signed))
                assert Case.objects.filter(pk__in=[case.pk for case in signed], state=state).count() == len(signed)
        finally:
            make.take_away(cases)
            User.objects.filter(pk__in=[person.pk for person in (*people, desk)]).delete()
