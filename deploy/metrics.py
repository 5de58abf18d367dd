"""/metrics for Prometheus, in its text format. Only for who holds ZST_METRICS_TOKEN; for all others, no such page."""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from complaints.quality import pulse


class Ledger(Collector):
    """What the database knows, asked at each scrape: every process gives the same answer."""

    def collect(self) -> Iterator[Metric]:
        now = pulse()
        predictions = GaugeMetricFamily(
            "zst_predictions_24h",
            "Answers of the classifier in the last 24 hours.",
            labels=["role", "model", "topic", "needs_review"],
        )
        for (role, model, topic, review), count in now.by_answer.items():
            predictions.add_metric([role, model, topic, "true" if review else "false"], count)
        yield predictions
        labels = GaugeMetricFamily(
            "zst_topic_labels_30d", "People's decisions on served topics in the last 30 days.", labels=["verdict"]
        )
        labels.add_metric(["right"], now.right)
        labels.add_metric(["wrong"], now.wrong)
        yield labels
        yield GaugeMetricFamily("zst_triage_waiting", "Cases that wait to be classified and routed.", now.waiting)
        yield GaugeMetricFamily(
            "zst_triage_oldest_seconds", "How long the oldest of them has waited, in seconds.", now.oldest
        )


def metrics(request: HttpRequest) -> HttpResponse:
    """404 without the token, so that nobody learns whether there is anything here."""
    given, wanted = request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Ledger())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
