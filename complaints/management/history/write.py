"""Lives and words become rows of every table that a case has.

What a case has for itself (`made`) is copied into a temporary table, what it shares with others of the same life
(`Pattern`) once a life; the rows of the real tables are joined from both inside the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random
from typing import Final

from django.db import connection, models

from complaints import numbers, privacy
from complaints.management.history import texts
from complaints.management.history.copy import NULL, Pattern, array, literal, numbers_of, temporary, write
from complaints.management.history.lives import MODEL, Life, decision_columns
from complaints.models import (
    Assignment,
    Case,
    Clock,
    Event,
    Outcome,
    Prediction,
    Requester,
    Respondent,
    RoutingDecision,
    Satisfaction,
    SearchEntry,
)
from complaints.search.entries import SPOKEN, company, scopes, street
from complaints.search.words import lexemes, vector
from routing.models import Region

ANONYMOUS: Final = 0.4  # share of the reports
_CASE: Final = (
    "channel", "state", "held_from", "version", "region_id", "domain", "topic", "intent", "urgency", "sealed",
    "lead_unit_id", "received_at", "due_at", "updated_at", "synthetic",
)  # fmt: skip
_EVENT: Final = (
    "version", "kind", "at", "actor_kind", "actor_id", "unit_id", "from_state", "to_state", "public", "data",
)  # fmt: skip
_ASSIGNMENT: Final = ("unit_id", "part", "active", "since", "status", "signed_at", "replied_at")
_CLOCK: Final = [
    field.attname for field in Clock._meta.concrete_fields if field.name not in ("id", "case", "assignment")
]
_OWN_TABLES: Final = {
    "past_made": "id bigint, life int, number text, title text, text text, words tsvector,"
    " place int, person int, company int",
    "past_place": "place int, sealed bytea, words tsvector",
    "past_person": "person int, name bytea, phone bytea, phone_index text",
    "past_company": "company int, name bytea, name_index text, words tsvector",
}
_OF_CASE: Final = {"case_id": "made.id"}
_PLACES: Final = "JOIN past_place place ON place.place = made.place"
_COMPANIES: Final = "JOIN past_company company ON company.company = made.company"


@dataclass(frozen=True, slots=True)
class Batch:
    """So many cases as rows of temporary tables."""

    cases: int
    rows: list[tuple[str, list[str]]]


class Writer:
    """Makes a batch of cases as rows of temporary tables, and joins such a batch into the real ones.

    Making asks no database, so that the next batch can be made while one is written.
    """

    def __init__(self, random: Random, phrases: texts.Phrases, cases: int, regions: Iterable[str]) -> None:
        self.random, self.phrases = random, phrases
        self.cases = Pattern(
            Case,
            {"id": "made.id", "number": "made.number", "title": "made.title", "text": "made.text"}
            | {"place": "place.sealed"},
            _PLACES,
        )
        self.requesters = Pattern(
            Requester,
            {name: f"coalesce(person.{name}, shared.{name})" for name in ("name", "phone", "phone_index")}
            | {"case_id": "made.id", "anonymous": "made.person IS NULL"},
            "LEFT JOIN past_person person ON person.person = made.person",
        )
        self.respondents = Pattern(
            Respondent, _OF_CASE | {"name": "company.name", "name_index": "company.name_index"}, _COMPANIES
        )
        self.entries = Pattern(
            SearchEntry,
            _OF_CASE | {"words": "made.words || shared.words || place.words || company.words"},
            f"{_PLACES} {_COMPANIES}",
        )
        self.events = Pattern(Event, _OF_CASE, order="ORDER BY made.id, shared.version")
        self.assignments = Pattern(Assignment, _OF_CASE, order="ORDER BY made.id, shared.part, shared.unit_id")
        self.clocks = Pattern(
            Clock,
            # the pattern names the unit, which has one assignment in each case
            _OF_CASE | {"id": _new_uuid(), "assignment_id": "part.id"},
            "LEFT JOIN parts part ON part.case_id = made.id AND part.unit_id = shared.assignment_id",
        )
        self.clocks.insert = (
            f"WITH parts AS ({self.assignments.insert} RETURNING id, case_id, unit_id) {self.clocks.insert}"
        )
        self.decisions, self.predictions = Pattern(RoutingDecision, _OF_CASE), Pattern(Prediction, _OF_CASE)
        self.outcomes, self.satisfactions = Pattern(Outcome, _OF_CASE), Pattern(Satisfaction, _OF_CASE)
        self.patterns = [
            self.cases, self.requesters, self.respondents, self.assignments, self.events, self.clocks, self.decisions,
            self.predictions, self.outcomes, self.satisfactions, self.entries,
        ]  # fmt: skip
        self.companies = {
            letter: [texts.company(random, letter) for _ in range(texts.COMPANIES // 4)] for letter in "PESV"
        }
        self.places = texts.places()
        named = Region.objects.filter(pk__in=regions).values_list("pk", "full_name")
        self.regions = {code: frozenset(lexemes(name)) for code, name in named}
        self.made: list[str] = []
        self.lives = 0
        self._sealed: dict[tuple[str, str], str] = {}
        self.ids = iter(numbers_of("complaints_case_id_seq", cases))
        self.running = iter(numbers_of("complaints_case_running", cases))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            self.txid = cursor.fetchone()[0]

    @property
    def tables(self) -> list[str]:
        return [pattern.name for pattern in self.patterns]

    def prepare(self) -> None:
        """The temporary tables, and the people, companies and places that all batches share."""
        for table, columns in _OWN_TABLES.items():
            temporary(table, f"({columns}) ON COMMIT DROP")
        for pattern in self.patterns:
            pattern.create()
        people = self.phrases.people(self.random)
        write("past_person", [
            f"{number}\t{self.requesters.sealed('name', name)}\t{self.requesters.sealed('phone', phone)}\t"
            + privacy.phone_index(phone)
            for number, (name, phone) in enumerate(people)
        ])  # fmt: skip
        write("past_company", [
            f"{number}\t{self.respondents.sealed('name', name)}\t{privacy.keyed_hash(name, 'respondent-name')}\t"
            + literal(vector(_words(company(Respondent(name=name)))))
            for number, name in enumerate(name for names in self.companies.values() for name in names)
        ])  # fmt: skip
        write("past_place", [
            f"{number}\t{self.cases.sealed('place', place)}\t{literal(vector(_words(street(place))))}"
            for number, place in enumerate(self.places)
        ])  # fmt: skip

    def make(self, lives: Iterable[tuple[Life, int]]) -> Batch:
        """So many cases of each life, in the order of their receipt."""
        count = 0
        for life, many in lives:
            self.lives += 1
            self._share(life)
            self._make(life, many)
            count += many
        made, self.made = self.made, []
        return Batch(count, [("past_made", made), *(pattern.take() for pattern in self.patterns)])

    def write(self, batch: Batch) -> None:
        """A batch into the real tables."""
        with connection.cursor() as cursor:
            for table, rows in batch.rows:
                cursor.execute(f'TRUNCATE "{table}"')
                write(table, rows)
                cursor.execute(f'ANALYZE "{table}" (life)')
            for pattern in self.patterns:
                if pattern is not self.assignments:  # written by the clocks' statement
                    cursor.execute(pattern.insert)

    def _share(self, life: Life) -> None:
        """The rows that all cases of a life have alike."""
        case, key = life.case, self.lives
        self.cases.add(key, _literals(case, _CASE) | {"closed_at": literal(life.closed_at)})
        self.requesters.add(key)
        self.respondents.add(key)
        for event in life.events:
            sealed = {name: self._seal(name, getattr(event, name)) for name in ("reason", "note")}
            self.events.add(key, _literals(event, _EVENT) | sealed | {"txid": self.txid})
        units: dict[int | None, str] = {None: NULL}
        for part in life.assignments:
            units[part.pk] = str(part.unit_id)
            self.assignments.add(key, _literals(part, _ASSIGNMENT))
        for clock in life.clocks:
            self.clocks.add(key, _literals(clock, _CLOCK) | {"assignment_id": units[clock.assignment_id]})
        first = {"at": literal(life.events[0].at)}
        decided = {name: literal(value) for name, value in decision_columns(life).items()}
        self.decisions.add(key, first | decided)
        self.predictions.add(key, first | _predicted(life))
        if life.closed_at:
            self.outcomes.add(key, {"solved": "yes", "at": literal(life.closed_at)})
        if life.grade is not None:
            rated = {"grade": str(life.grade), "solved": "yes", "at": literal(life.events[-1].at)}
            self.satisfactions.add(key, rated)
        said = [_words(privacy.mask_text(event.note)) for event in life.events if event.kind in SPOKEN]
        words = self.regions.get(case.region_id or "", frozenset()).union(*said)
        found = [*scopes(case), *(f"u{unit}" for unit in units.values() if unit != NULL)]
        self.entries.add(key, {"words": literal(vector(words)), "scopes": array(found)})

    def _seal(self, column: str, plain: str) -> str:
        """An event's words; equal ones are sealed once."""
        key = (column, plain)
        if key not in self._sealed:
            self._sealed[key] = self.events.sealed(column, plain)
        return self._sealed[key]

    def _make(self, life: Life, many: int) -> None:
        """What each case has for itself."""
        topic, sealed, chance = life.case.topic, life.case.sealed, self.random.random
        letter, day = topic[0], life.case.received_at.astimezone().date()
        names = self.companies[letter]
        before = "PESV".index(letter) * len(names)
        for pk, running in islice(zip(self.ids, self.running, strict=True), many):
            who = int(chance() * len(names))
            said = self.phrases.say(self.random, topic, names[who])
            person = NULL if sealed and chance() < ANONYMOUS else str(int(chance() * texts.PEOPLE))
            self.made.append(
                f"{pk}\t{self.lives}\t{numbers.make_number(day, running)}\t{said.title}\t{said.text}\t{said.words}\t"
                f"{int(chance() * len(self.places))}\t{person}\t{before + who}"
            )


def _literals(row: models.Model, columns: Iterable[str]) -> dict[str, str]:
    return {name: literal(getattr(row, name)) for name in columns}


def _predicted(life: Life) -> dict[str, str]:
    case, confidence = life.case, life.facts.confidence
    return {
        "model_version": MODEL, "domain": case.domain, "topic": case.topic, "confidence": str(confidence),
        "topics": literal([{"code": case.topic, "probability": confidence}]), "intent": case.intent,
        "urgency": case.urgency, "urgency_hits": "[]", "needs_review": literal(life.facts.needs_review),
        "auto_routed": literal(life.decision.lead is not None),
    }  # fmt: skip


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(lexemes(text))


def _new_uuid() -> str:
    """One that grows, where the server knows how (PostgreSQL 18): its index is filled from one end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('uuidv7') IS NOT NULL")
        return "uuidv7()" if cursor.fetchone()[0] else "gen_random_uuid()"
