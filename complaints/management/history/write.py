"""Lives and words become rows of every table that a case has."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from django.db import connection

from complaints import numbers, privacy
from complaints.management.history import texts
from complaints.management.history.copy import NULL, Table, array, literal
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
from complaints.models.sealed import SealedText
from complaints.search.entries import SPOKEN, region_words, scopes
from complaints.search.words import lexemes, vector

_CLOCK: Final = [
    field.attname for field in Clock._meta.concrete_fields if field.name not in ("id", "case", "assignment")
]


@dataclass(slots=True)
class _Rows:
    """A life's rows that are the same in every case that lives it, but for numbers."""

    case: dict[str, str]
    events: list[dict[str, str]]
    assignments: list[dict[str, str]]
    clocks: list[tuple[int | None, dict[str, str]]]
    decision: dict[str, str]
    prediction: dict[str, str]
    scopes: list[str]
    said: frozenset[str]


class Writer:
    """Collects a batch of cases and writes it with one COPY a table."""

    def __init__(self, random: Random, phrases: texts.Phrases) -> None:
        self.random, self.phrases = random, phrases
        self.cases, self.requesters, self.respondents = Table(Case), Table(Requester), Table(Respondent)
        self.events, self.assignments, self.clocks = Table(Event), Table(Assignment), Table(Clock)
        self.decisions, self.predictions = Table(RoutingDecision), Table(Prediction)
        self.outcomes, self.satisfactions = Table(Outcome), Table(Satisfaction)
        self.entries = Table(SearchEntry)
        self.tables = [
            self.cases, self.requesters, self.respondents, self.assignments, self.events, self.clocks, self.decisions,
            self.predictions, self.outcomes, self.satisfactions, self.entries,
        ]  # fmt: skip
        self.next: dict[str, Iterator[int]] = {}
        self._sealed: dict[tuple[str, str, str], str] = {}
        self.companies = {
            letter: [texts.company(random, letter) for _ in range(texts.COMPANIES // 4)] for letter in "PESV"
        }
        self.people = [(texts.person(random), texts.phone(random)) for _ in range(texts.PEOPLE)]
        self.empty: dict[str, dict[str, str]] = {table.name: _nothing_said(table) for table in self.tables}

    def seal(self, table: Table, column: str, plain: str) -> str:
        """A sealed literal; equal ones are made once."""
        key = (table.name, column, plain)
        if key not in self._sealed:
            self._sealed[key] = table.sealed(column, plain)
        return self._sealed[key]

    def write(self, lives: list[tuple[Life, int]]) -> None:
        """So many cases of each life, in the order of their receipt."""
        count = sum(many for _life, many in lives)
        case_ids, running = iter(self.cases.ids(count)), iter(_running(count))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            txid = cursor.fetchone()[0]
        prepared = [(life, many, self._prepare(life, txid)) for life, many in lives]
        needed: dict[str, int] = defaultdict(int)
        for life, many, rows in prepared:
            needed["event"] += many * len(rows.events)
            needed["assignment"] += many * len(rows.assignments)
            needed["satisfaction"] += many * (life.grade is not None)
            needed["outcome"] += many * (life.closed_at is not None)
        self.next = {
            "requester": iter(self.requesters.ids(count)),
            "respondent": iter(self.respondents.ids(count)),
            "decision": iter(self.decisions.ids(count)),
            "prediction": iter(self.predictions.ids(count)),
            "event": iter(self.events.ids(needed["event"])),
            "assignment": iter(self.assignments.ids(needed["assignment"])),
            "satisfaction": iter(self.satisfactions.ids(needed["satisfaction"])),
            "outcome": iter(self.outcomes.ids(needed["outcome"])),
        }
        for life, many, rows in prepared:
            for _ in range(many):
                self._case(life, rows, next(case_ids), next(running))
        for table in self.tables:
            table.flush()

    def _prepare(self, life: Life, txid: str) -> _Rows:
        case = life.case
        shared = {
            name: literal(getattr(case, name))
            for name in (
                "channel", "state", "held_from", "version", "region_id", "domain", "topic", "intent", "urgency",
                "sealed", "lead_unit_id", "received_at", "due_at", "updated_at", "synthetic",
            )
        }  # fmt: skip
        shared["closed_at"] = literal(life.closed_at)
        shared |= self.empty[self.cases.name]
        events = []
        for event in life.events:
            row = {
                name: literal(getattr(event, name))
                for name in (
                    "version", "kind", "at", "actor_kind", "actor_id", "unit_id", "from_state", "to_state", "public",
                    "data",
                )
            }  # fmt: skip
            row |= {name: self.seal(self.events, name, getattr(event, name)) for name in ("reason", "note")}
            events.append(row | {"txid": txid})
        assignments = []
        for part in life.assignments:
            names = ("unit_id", "part", "active", "since", "status", "signed_at", "replied_at")
            row = {name: literal(getattr(part, name)) for name in names}
            assignments.append(row | self.empty[self.assignments.name])
        clocks = [
            (clock.assignment_id, {name: literal(getattr(clock, name)) for name in _CLOCK}) for clock in life.clocks
        ]
        first = life.events[0].at
        decided = {name: literal(value) for name, value in decision_columns(life).items()}
        said = [event.note for event in life.events if event.kind in SPOKEN]
        confidence = life.facts.confidence
        return _Rows(
            shared, events, assignments, clocks, decided | {"at": literal(first)},
            {
                "at": literal(first), "model_version": MODEL, "domain": case.domain, "topic": case.topic,
                "confidence": str(confidence), "topics": literal([{"code": case.topic, "probability": confidence}]),
                "intent": case.intent, "urgency": case.urgency, "urgency_hits": "[]",
                "needs_review": literal(life.facts.needs_review),
                "auto_routed": literal(life.decision.lead is not None),
            },
            [*scopes(case), *(f"u{part.unit_id}" for part in life.assignments)],
            frozenset().union(*map(_words, said)) | region_words(case.region_id or ""),
        )  # fmt: skip

    def _case(self, life: Life, rows: _Rows, pk: int, running: int) -> None:
        random, case_id = self.random, str(pk)
        company = random.choice(self.companies[life.case.topic[0]])
        said = self.phrases.say(random, life.case.topic, company)
        place = texts.street(random)
        of_case = {"case_id": case_id}
        self.cases.add(
            rows.case
            | {
                "id": case_id,
                "number": numbers.make_number(life.case.received_at.astimezone().date(), running),
                "title": literal(said.title),
                "text": literal(said.text),
                "place": self.seal(self.cases, "place", place),
            }
        )
        self._people(of_case, life, company)
        parts: dict[int | None, str] = {None: NULL}
        for order, row in enumerate(rows.assignments, start=1):
            parts[order] = str(next(self.next["assignment"]))
            self.assignments.add(row | of_case | {"id": parts[order]})
        for row in rows.events:
            self.events.add(row | of_case | {"id": str(next(self.next["event"]))})
        for part, row in rows.clocks:
            self.clocks.add(row | of_case | {"id": str(uuid.uuid4()), "assignment_id": parts[part]})
        self.decisions.add(rows.decision | of_case | {"id": str(next(self.next["decision"]))})
        self.predictions.add(rows.prediction | of_case | {"id": str(next(self.next["prediction"]))})
        if life.closed_at:
            self.outcomes.add(
                self.empty[self.outcomes.name]
                | of_case
                | {"id": str(next(self.next["outcome"])), "solved": "yes", "at": literal(life.closed_at)}
            )
        if life.grade is not None:
            self.satisfactions.add(
                self.empty[self.satisfactions.name]
                | of_case
                | {
                    "id": str(next(self.next["satisfaction"])), "grade": str(life.grade), "solved": "yes",
                    "at": literal(life.events[-1].at),
                }
            )  # fmt: skip
        words = said.words | rows.said | _words(place[: place.find("号")].rstrip("0123456789")) | _words(company)
        self.entries.add(of_case | {"words": literal(vector(words, said.title_words)), "scopes": array(rows.scopes)})

    def _people(self, of_case: dict[str, str], life: Life, company: str) -> None:
        name, phone = self.random.choice(self.people)
        anonymous = life.case.sealed and self.random.random() < 0.4
        person = {"name": "", "phone": ""} if anonymous else {"name": name, "phone": phone}
        sealed = {column: self.seal(self.requesters, column, plain) for column, plain in person.items()}
        self.requesters.add(
            self.empty[self.requesters.name]
            | of_case
            | sealed
            | {
                "id": str(next(self.next["requester"])),
                "phone_index": "" if anonymous else _phone_index(phone),
                "anonymous": literal(anonymous),
            }
        )
        self.respondents.add(
            self.empty[self.respondents.name]
            | of_case
            | {
                "id": str(next(self.next["respondent"])),
                "name": self.seal(self.respondents, "name", company),
                "name_index": _name_index(company),
            }
        )


def _nothing_said(table: Table) -> dict[str, str]:
    """The sealed columns of a table without a word in them."""
    sealed = [name for name, column in table.fields.items() if isinstance(column, SealedText) and not column.null]
    return {name: table.sealed(name, "") for name in sealed}


def _running(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('complaints_case_running') FROM generate_series(1, %s)", [count])
        return [number for (number,) in cursor.fetchall()]


@lru_cache(maxsize=100_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(lexemes(text))


@lru_cache(maxsize=100_000)
def _phone_index(phone: str) -> str:
    return privacy.phone_index(phone)


@lru_cache(maxsize=100_000)
def _name_index(name: str) -> str:
    return privacy.keyed_hash(name, "respondent-name")
