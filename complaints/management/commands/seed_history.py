"""A made-up past of many cases, to try the system at its real size."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.clocks.policies import current_book
from complaints.management.history.copy import check_links, take_down, trust_links
from complaints.management.history.lives import Life, World, live
from complaints.management.history.texts import Phrases
from complaints.management.history.write import Writer
from complaints.models import Case, Role, User
from routing.decide import Router
from routing.models import Region, RegionLevel, Topic, Unit

PROVINCE: Final = "33"  # whose counties the cases come from
LIVES_A_DAY: Final = 12
AT_LEAST: Final = 8  # cases that share a life, where there are so many in a day
BATCH: Final = 5_000  # cases
GREAT: Final = 20_000  # cases from which on it pays to build the indexes afterwards
ACCOUNT: Final = "history-unit-"


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is no positive number")
    return int(text)


class Command(BaseCommand):
    help = "Make N synthetic cases over the last years, whole in every table, by COPY. For trials, never for real use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cases", type=_positive, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--years", type=_positive, default=2)
        parser.add_argument("--yes", action="store_true", help="although the database holds real cases")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["yes"] and Case.objects.filter(synthetic=False).exists():
            raise CommandError(_("This database holds real cases. Nothing was made. --yes makes them all the same."))
        begun = time.monotonic()
        random = Random(options["seed"])  # noqa: S311 (made-up data)
        with transaction.atomic(), connection.cursor() as cursor:
            for setting in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
                cursor.execute(f"SET LOCAL {setting} = 0")
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("SET LOCAL work_mem = '256MB'")
            world, phrases = _world(), Phrases()
            writer = Writer(random, phrases, options["cases"], world.regions)
            writer.prepare()
            trusted = trust_links()
            put_back = take_down(writer.tables, links=not trusted) if options["cases"] >= GREAT else []
            done = 0
            batches = map(writer.make, _lives(world, random, phrases, options["cases"], options["years"]))
            with ThreadPoolExecutor(1) as ahead:  # one batch is made while the one before is written
                coming = ahead.submit(next, batches, None)
                while batch := coming.result():
                    coming = ahead.submit(next, batches, None)
                    writer.write(batch)
                    done += batch.cases
                    rate = done / (time.monotonic() - begun)
                    self.stdout.write(_("%(count)d cases, %(rate)d a second") % {"count": done, "rate": rate})
            if trusted:
                check_links()
            for statement in put_back:
                cursor.execute(statement)
            if put_back:
                self.stdout.write(_("%(count)d indexes and constraints built") % {"count": len(put_back)})
        with connection.cursor() as cursor:
            for table in writer.tables:
                cursor.execute(f'ANALYZE "{table}"')
        seconds = time.monotonic() - begun
        self.stdout.write(_("%(count)d cases made in %(seconds)d s") % {"count": done, "seconds": seconds})


def _lives(world: World, random: Random, phrases: Phrases, cases: int, years: int) -> Iterator[list[tuple[Life, int]]]:
    """Batches of lives in the order of their receipt, with how many cases live each of them."""
    days = years * 365
    batch: list[tuple[Life, int]] = []
    size = left = 0
    for day in range(days):
        left += cases
        today, left = divmod(left, days)
        lives = min(-(-today // AT_LEAST), LIVES_A_DAY)
        midnight = timezone.localtime(world.now).replace(hour=0, minute=0, second=0, microsecond=0)
        midnight -= timedelta(days=days - 1 - day)
        moments = sorted(_moment(random, midnight, world.now) for _ in range(lives))
        for number, moment in enumerate(moments):
            many = today // lives + (number < today % lives)
            batch.append((live(world, random, phrases.topic(random), moment), many))
            size += many
            if size >= BATCH:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def _moment(random: Random, midnight: datetime, now: datetime) -> datetime:
    """Mostly by day; never in the future."""
    hour = random.choices(range(24), [1, 1, 1, 1, 1, 1, 2, 4, 9, 12, 11, 8, 5, 8, 10, 10, 9, 7, 5, 5, 5, 4, 3, 2])[0]
    moment = midnight + timedelta(hours=hour, seconds=random.randrange(3600))
    return min(moment, now - timedelta(minutes=1))


def _world() -> World:
    units = {unit.pk: unit for unit in Unit.objects.filter(active=True)}
    regions = [
        code
        for code in Region.objects.filter(code__startswith=PROVINCE, level=RegionLevel.COUNTY).values_list(
            "pk", flat=True
        )
        if any(unit.region_id == code for unit in units.values())
    ]
    topics = dict(Topic.objects.values_list("code", "domain"))
    return World(
        regions=regions,
        units=units,
        router=Router.load(set(regions), set(topics), on=timezone.localdate()),
        book=current_book(),
        officers=_officers(regions, units),
        dispatcher=_account(f"{ACCOUNT}dispatcher", Role.DISPATCHER, region_id=f"{PROVINCE}0000").pk,
        domains=topics,
        now=timezone.now(),
    )


def _officers(regions: list[str], units: dict[int, Unit]) -> dict[int, int]:
    """An account that nobody can use for each unit of the province."""
    cities = {region[:4] for region in regions}
    here = [pk for pk, unit in units.items() if unit.region_id[:2] == PROVINCE or unit.region_id[:4] in cities]
    User.objects.bulk_create(
        [
            User(username=f"{ACCOUNT}{pk}", role=Role.OFFICER, unit_id=pk, is_active=False, password="!")  # noqa: S106
            for pk in here
        ],
        ignore_conflicts=True,
    )
    return dict(User.objects.filter(username__startswith=ACCOUNT, unit__in=here).values_list("unit_id", "pk"))


def _account(name: str, role: str, **more: Any) -> User:
    return User.objects.get_or_create(
        username=name, defaults={"role": role, "is_active": False, "password": "!", **more}
    )[0]
