"""May a model take over? Only if it fits, opens, and is not worse on the frozen messages and on what people decided.

Noise is one standard error. Frozen messages: of the active model's accuracy, sqrt(p (1 - p) / n). What people decided
(both models read the same cases): of the difference of the cases that only one got right, sqrt(b + c) (McNemar 1947).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from classifier import ArtefactError, Classifier, Message, trouble_in_words
from complaints.actions.serving import model_of
from complaints.errors import Conflict
from complaints.models import ModelVersion, TopicLabel
from routing.models import Topic

RECENT: Final = timedelta(days=90)
LEAST_LABELS: Final = 50
MOST_LABELS: Final = 400  # the newest; both models read them all before an activation is answered


@dataclass(frozen=True, slots=True)
class Paired:
    """Of the cases that people labelled: how many, and how many only one of the two models got right."""

    count: int
    only_active: int
    only_candidate: int

    @property
    def candidate_is_worse(self) -> bool:
        return self.only_active - self.only_candidate > math.sqrt(self.only_active + self.only_candidate)


def check(candidate: ModelVersion, active: ModelVersion) -> dict[str, Any]:
    """The figures on which the candidate may take over. Raises Conflict, in words, when it may not."""
    model = opened(candidate)
    _check_labels(model)
    figures = {"frozen": _check_frozen(candidate, active)}
    return figures | {"recent": _check_recent(model, opened(active))}


def opened(version: ModelVersion) -> Classifier:
    """The classifier of a version; Conflict, in words, when its folder cannot be opened."""
    try:
        return model_of(version)
    except ArtefactError as error:
        message = _("The model %(version)s cannot be opened: %(reason)s")
        words = {"version": version.version, "reason": trouble_in_words(error.trouble, error.file)}
        raise Conflict("model_unusable", message % words) from error


def _check_labels(model: Classifier) -> None:
    known = {label for label in model.labels if not label.startswith("X")}
    routed = set(Topic.objects.values_list("code", flat=True))
    if known != routed:
        message = _(
            "The model's topics do not fit those of the routing table: missing %(missing)s, unknown %(unknown)s."
        )
        named = {"missing": _codes(routed - known), "unknown": _codes(known - routed)}
        raise Conflict("labels_do_not_fit", message % named)


def _codes(codes: set[str]) -> str:
    return " ".join(sorted(codes)[:8]) + (" …" if len(codes) > 8 else "") if codes else "–"


def _check_frozen(candidate: ModelVersion, active: ModelVersion) -> dict[str, Any]:
    for version in (candidate, active):
        if version.frozen_messages is None:
            message = _("The model %(version)s has no figures on the frozen test messages; measure it first.")
            raise Conflict("frozen_missing", message % {"version": version.version})
    if candidate.frozen_split != active.frozen_split:
        raise Conflict("frozen_other_split", _("The two models were measured on different frozen test messages."))
    figures: dict[str, Any] = {"split": active.frozen_split, "messages": active.frozen_messages}
    for name, of, now, new in (
        ("topic", _("topic"), active.frozen_topic or 0.0, candidate.frozen_topic or 0.0),
        ("domain", _("domain"), active.frozen_domain or 0.0, candidate.frozen_domain or 0.0),
    ):
        noise = math.sqrt(now * (1 - now) / (active.frozen_messages or 1))
        figures[name] = {"active": now, "candidate": new, "noise": round(noise, 4)}
        if new < now - noise:
            message = _(
                "Worse on the frozen test messages: %(of)s right in %(new).1f %% instead of %(now).1f %%, "
                "more than the noise of %(noise).1f points."
            )
            words = {"of": of, "new": new * 100, "now": now * 100, "noise": noise * 100}
            raise Conflict("frozen_worse", message % words)
    return figures


def _check_recent(candidate: Classifier, active: Classifier) -> dict[str, Any]:
    newest = TopicLabel.objects.newest().values("pk")
    recent = TopicLabel.objects.filter(pk__in=newest, at__gte=timezone.now() - RECENT)
    labels = list(recent.select_related("case").order_by("-pk")[:MOST_LABELS])
    if len(labels) < LEAST_LABELS:
        message = _(
            "Only %(count)d cases of the last %(days)d days carry a person's decision; %(least)d are needed to compare."
        )
        words = {"count": len(labels), "days": RECENT.days, "least": LEAST_LABELS}
        raise Conflict("too_few_corrections", message % words)
    messages = [Message(label.case.text, label.case.title) for label in labels]
    by_active, by_candidate = active.classify(messages), candidate.classify(messages)
    figures: dict[str, Any] = {"cases": len(labels)}
    for name, of, truth, now, new in (
        (
            "topic", _("topic"), [label.topic for label in labels],
            [said.topic for said in by_active], [said.topic for said in by_candidate],
        ),
        (
            "domain", _("domain"), [label.domain for label in labels],
            [said.domain or "" for said in by_active], [said.domain or "" for said in by_candidate],
        ),
    ):  # fmt: skip
        found = paired(truth, now, new)
        figures[name] = {"only_active": found.only_active, "only_candidate": found.only_candidate}
        if found.candidate_is_worse:
            message = _(
                "Worse on what people decided in the last %(days)d days (%(count)d cases): the %(of)s of %(lost)d "
                "cases would be wrong that is right now, and of %(won)d right that is wrong now."
            )
            named = {
                "days": RECENT.days, "count": found.count, "of": of, "lost": found.only_active,
                "won": found.only_candidate,
            }  # fmt: skip
            raise Conflict("corrections_worse", message % named)
    return figures


def paired(truth: Sequence[str], active: Sequence[str], candidate: Sequence[str]) -> Paired:
    """Both models' answers beside the truth, case by case."""
    rows = [(right == now, right == new) for right, now, new in zip(truth, active, candidate, strict=True)]
    return Paired(len(rows), sum(now and not new for now, new in rows), sum(new and not now for now, new in rows))
