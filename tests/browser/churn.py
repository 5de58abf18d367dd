"""A program of its own: many changes to a handful of cases, as two people at their desks would make them, only faster.

    python -m tests.browser.churn CHANGES SEED        (in the environment of a served system)

Prints the numbers of the cases once they are there, and "done" at the end.
"""

from __future__ import annotations

import random
import sys

import django

django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402

from complaints import actions  # noqa: E402
from complaints.lifecycle import State  # noqa: E402
from complaints.models import Case, User  # noqa: E402
from tests.waiting import until  # noqa: E402

CASES = 30
UNSURE = "有个事情想反映一下，希望有关部门管一管"


def main() -> None:
    changes, chance = int(sys.argv[1]), random.Random(int(sys.argv[2]))
    dispatcher = User.objects.get(username="dispatcher")
    officers = [User.objects.get(username=name) for name in ("xihu_samr", "xihu_mee")]
    numbers = [
        actions.submit(AnonymousUser(), actions.Intake(f"{UNSURE}（{n}）", region="330106")).case.number
        for n in range(CASES)
    ]
    waiting = Case.objects.filter(number__in=numbers, state=State.REGISTERED)
    until(lambda: not waiting.exists(), seconds=60)
    sys.stdout.write(" ".join(numbers) + "\n")
    sys.stdout.flush()
    known = {case.number: (case.state, case.version, -1) for case in Case.objects.filter(number__in=numbers)}
    for _ in range(changes):
        number = chance.choice(numbers)
        state, version, at = known[number]
        dice = chance.random()
        if at < 0 or dice < 0.2:
            at = chance.randrange(len(officers))
            unit = officers[at].unit_id
            assert unit is not None
            actions.dispatch(dispatcher, number, version, lead=unit, reason="轮转")
            state = State.DISPATCHED
        elif dice < 0.4 and state == State.DISPATCHED:
            actions.sign(officers[at], number, version)
            state = State.SIGNED
        elif dice < 0.5 and state == State.SIGNED:
            actions.start(officers[at], number, version)
            state = State.IN_PROGRESS
        else:
            actions.note(dispatcher, number, "记一笔")
            known[number] = (state, version + 1, at)
            continue
        if state == State.IN_PROGRESS:
            at = -1  # work begun cannot be begun again: give it out anew
        known[number] = (state, Case.objects.values_list("version", flat=True).get(number=number), at)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
