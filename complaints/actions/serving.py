"""Which model answers: every process follows the active model version, and a challenger answers in its shadow."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.db import transaction

import classifier
from classifier import Abstaining, ArtefactError, Classifier, Message
from complaints.models import AnswerRole, Case, ModelState, ModelVersion, Prediction

logger = logging.getLogger(__name__)
LOOK_EVERY: Final = 5.0  # seconds between looks at what shall serve

_lock = threading.Lock()
_looked_at: float | None = None
_folder = ""  # of the active version; "": what the process serves when nobody chose
_challenger = ""  # folder of the challenger; "": there is none


def follow() -> None:
    """Serve by the active model version: one query, at most every LOOK_EVERY seconds.

    A folder that cannot be opened is logged and tried again at the next look; what served until then goes on.
    """
    global _looked_at, _folder, _challenger  # noqa: PLW0603 (what one process serves)
    with _lock:
        if _looked_at is not None and time.monotonic() - _looked_at < LOOK_EVERY:
            return
        chosen = dict(
            ModelVersion.objects.filter(state__in=[ModelState.ACTIVE, ModelState.CHALLENGER]).values_list(
                "state", "folder"
            )
        )
        _looked_at = time.monotonic()
        if (folder := chosen.get(ModelState.ACTIVE, "")) != _folder:
            try:
                classifier.use(Path(folder) if folder else None)
                _folder = folder
            except ArtefactError:
                logger.exception("the active model in %s cannot be used; the one before goes on serving", folder)
        if (folder := chosen.get(ModelState.CHALLENGER, "")) != _challenger:
            _challenger = folder
            open_beside.cache_clear()


def look_again() -> None:
    """Let the next `follow` of this process ask at once: something was changed here."""
    global _looked_at  # noqa: PLW0603
    _looked_at = None


@lru_cache(maxsize=2)
def open_beside(folder: str) -> Classifier:
    """A model beside the one that serves; kept open, for a challenger answers every batch. Raises ArtefactError."""
    return classifier.open_model(Path(folder))


def model_of(version: ModelVersion) -> Classifier:
    """The classifier of a version, opened beside when it is not the one that serves. Raises ArtefactError."""
    serving = classifier.active()
    if serving.version == version.version:
        return serving
    opened = open_beside(version.folder or str(classifier.default_folder()))
    if opened.version != version.version:
        raise ArtefactError(f"{version.version} is not there any more", "missing", version.version)
    return opened


def shadow(cases: Sequence[Case]) -> None:
    """The challenger's answers to cases that are settled; they change nothing, and no failure of theirs does either."""
    if not _challenger or not cases:
        return
    try:
        model = open_beside(_challenger)
        said = model.classify([Message(case.text, case.title) for case in cases])
        rows = [answer_row(case, one, model, AnswerRole.SHADOW) for case, one in zip(cases, said, strict=True)]
        with transaction.atomic():
            Prediction.objects.bulk_create(rows, ignore_conflicts=True)
    except Exception:
        logger.exception("the challenger in %s did not answer; triage is not concerned", _challenger)


def answer_row(case: Case, said: classifier.Prediction, model: Classifier, role: AnswerRole) -> Prediction:
    """An answer as it is stored, not saved yet."""
    return Prediction(
        case=case,
        role=role,
        model_version=said.model_version,
        review_below=model.review_below if isinstance(model, Abstaining) else None,
        domain=said.domain or "",
        topic=said.topic,
        confidence=said.confidence,
        topics=[asdict(score) for score in said.topics],
        intent=said.intent,
        urgency=said.urgency,
        urgency_hits=[asdict(hit) for hit in said.urgency_hits],
        needs_review=said.needs_review,
    )
