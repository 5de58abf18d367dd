"""/metrics: Prometheus' text format for who holds the token; for everybody else there is no such page."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import clear_url_caches
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from complaints import actions
from deploy import urls
from tests import make

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-monitoring"


def load_urls() -> None:
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def token(settings: Settings) -> Iterator[str]:
    settings.METRICS_TOKEN = TOKEN
    load_urls()
    yield TOKEN
    settings.METRICS_TOKEN = ""
    load_urls()


def samples(token: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_what_prometheus_reads(token: str) -> None:
    case = make.case()
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    said = case.predictions.get()
    other = "S03" if said.topic != "S03" else "P01"
    actions.dispatch(make.dispatcher(), case.number, case.version, lead=make.unit().pk, topic=other, reason="核过")
    make.case()
    found = samples(token)
    labels = {
        "role": "served", "model": said.model_version, "topic": said.topic,
        "needs_review": "true" if said.needs_review else "false",
    }  # fmt: skip
    assert found["zst_predictions_24h", tuple(sorted(labels.items()))] == 1
    assert found["zst_topic_labels_30d", (("verdict", "right"),)] == 0
    assert found["zst_topic_labels_30d", (("verdict", "wrong"),)] == 1
    assert found["zst_triage_waiting", ()] == 1
    assert 0 <= found["zst_triage_oldest_seconds", ()] < 60


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", f"Token {TOKEN}", "Bearer 令牌"])
def test_without_the_token_there_is_no_such_page(token: str, header: str) -> None:
    assert Client().get("/metrics", headers={"Authorization": header}).status_code == 404
    assert Client().get("/metrics").status_code == 404


def test_where_no_token_is_set_there_is_no_such_page() -> None:
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
