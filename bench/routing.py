"""Decisions per second on one core, and a simulation of as many cases: 10,000 cases through 500 rules.

`make bench-routing` or `python -m bench.routing [CASES] [RULES]`. A server of its own; one rule set with rules spread
over all topics, one with all on a single topic (the worst there is). Both the processor's time of this process (that is
what "one core" means when the machine is shared) and the time on the wall are told.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.servers import replace_environment, start_servers

SERVERS = start_servers("bench-routing", os.environ)
replace_environment(SERVERS.environ | {"DJANGO_SETTINGS_MODULE": "deploy.settings"})

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402

from bench.system import record  # noqa: E402
from routing import rulesets  # noqa: E402
from routing.conditions import known  # noqa: E402
from routing.decide import Router  # noqa: E402
from routing.facts import Facts  # noqa: E402
from routing.models import Region, RoutingRule, RuleSet, Topic  # noqa: E402
from routing.simulate import simulate  # noqa: E402

WORST = "S04"


def main() -> None:
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rules = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    try:
        call_command("migrate", verbosity=0)
        call_command("load_routing", verbosity=0)
        chance = random.Random(20260414)
        topics = sorted(Topic.objects.values_list("code", flat=True))
        regions = list(Region.objects.exclude(level="province").values_list("code", flat=True))
        spread, worst = rulesets.draft("spread"), rulesets.draft("worst")
        grow(spread, rules, topics, regions, chance)
        grow(worst, rules, [WORST], regions, chance)
        many = [some_facts(chance, topics, regions) for _case in range(cases)]
        single = [some_facts(chance, [WORST], regions) for _case in range(cases)]
        figures: dict[str, Any] = {
            "command": f"python -m bench.routing {cases} {rules}",
            "cases": cases,
            "rules": RoutingRule.objects.filter(ruleset=spread).count(),
            "spread": decided(spread, topics, regions, many),
            "all_rules_on_one_topic": decided(worst, topics, regions, single),
        }
        numbered = [(str(at), facts) for at, facts in enumerate(many)]
        seconds, report = timed(lambda: simulate(spread, numbered))
        figures["simulation"] = seconds | {"changed_cases": report.changed_cases}
        record("routing", figures)
    finally:
        SERVERS.stop()


def grow(ruleset: RuleSet, rules: int, topics: Sequence[str], regions: Sequence[str], chance: random.Random) -> None:
    """More rules with two conditions each, until the set has that many."""
    pairs = [pair for pair in known().values if pair[0] not in ("urgency", "channel", "intent", "flag")]
    present = RoutingRule.objects.filter(ruleset=ruleset).count()
    RoutingRule.objects.bulk_create(
        RoutingRule(
            ruleset=ruleset,
            code=f"bench-{at}",
            topic_id=chance.choice(topics),
            region_id=chance.choice(regions) if at % 3 == 0 else None,
            conditions=[
                {"field": "channel", "op": "in", "values": ["12315", "12345"]},
                {"field": pairs[at % len(pairs)][0], "op": "is", "values": [pairs[at % len(pairs)][1]]},
                {"field": "same_subject_30d", "op": "at_least", "values": [str(at + 1)]},
            ],
            priority=chance.randint(1, 9),
            lead_id="samr",
            level="C",
        )
        for at in range(rules - present)
    )


def some_facts(chance: random.Random, topics: Sequence[str], regions: Sequence[str]) -> Facts:
    """A case with two sub-fields."""
    fields = [pair for pair in known().values if pair[0] not in ("urgency", "channel", "intent", "flag")]
    return Facts(
        topic=chance.choice(topics),
        region=chance.choice(regions),
        urgency=chance.choice(["U1", "U2", "U3", "U4", "U4", "U4"]),
        channel=chance.choice(["web", "12345", "12315"]),
        fields=dict(chance.sample(fields, 2)),
        numbers={"same_subject_30d": chance.randint(0, 400)},
    )


def decided(ruleset: RuleSet, topics: Sequence[str], regions: Sequence[str], cases: Sequence[Facts]) -> dict[str, Any]:
    router = Router.load(regions, topics, ruleset=ruleset)
    seconds, leads = timed(lambda: sum(router.decide(facts).lead is not None for facts in cases))
    return {
        "decisions_per_s_one_core": round(len(cases) / seconds["cpu_s"]),
        "decisions_per_s_wall": round(len(cases) / seconds["wall_s"]),
        "with_a_lead": leads,
    }


def timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return {
        "cpu_s": round(time.process_time() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
    }, result


if __name__ == "__main__":
    main()
