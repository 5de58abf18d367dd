"""Making models known, letting one run in shadow, letting one take over, and going back. Each step is a ModelEvent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import classifier
from classifier import ArtefactError, Example, FrozenFigures
from complaints import permissions
from complaints.actions import gate, serving
from complaints.actions.record import required_text
from complaints.errors import Conflict, Invalid, Missing
from complaints.models import ModelEvent, ModelState, ModelVersion, User, Viewer

_LOCK: Final = 4_611_686  # one change of models at a time; any number that nothing else locks


@contextmanager
def _alone() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield
    serving.look_again()


def active_version() -> ModelVersion:
    """The version that serves. What came with the program registers itself, also after it was upgraded."""
    with _alone():
        serving.look_again()
        serving.follow()
        row = ModelVersion.objects.filter(state=ModelState.ACTIVE).first()
        serves = classifier.active().version
        fell_back = classifier.in_its_place()
        if row and (row.folder or row.version == serves or fell_back):
            return row
        if row:
            row.state = ModelState.RETIRED
            row.save(update_fields=["state"])
        made, _created = ModelVersion.objects.get_or_create(version=serves)
        made.state, made.activated_at = ModelState.ACTIVE, timezone.now()
        if not fell_back:
            _keep_figures(made, classifier.frozen_figures(classifier.default_folder()))
        made.save()
        _record(made, "shipped", None, "")
        return made


def register_model(viewer: Viewer, folder: Path, reason: str = "") -> ModelVersion:
    """Make an artefact folder of this machine known as a candidate. Raises Invalid (cannot be opened), Conflict."""
    staff = permissions.require_models(viewer)
    folder = folder.resolve()
    try:
        version = classifier.open_model(folder).version
    except ArtefactError as error:
        reason = classifier.trouble_in_words(error.trouble, error.file)
        message = _("The folder holds no model that can be opened: %(reason)s") % {"reason": reason}
        raise Invalid("model_unusable", message, {"folder": message}) from error
    active_version()
    with _alone():
        if ModelVersion.objects.filter(version=version).exists():
            raise Conflict("model_known", _("The model %(version)s is registered already.") % {"version": version})
        row = ModelVersion(version=version, folder=str(folder), created_by=staff)
        _keep_figures(row, classifier.frozen_figures(folder))
        row.save()
        _record(row, "register", staff, reason)
        return row


def measure_model(viewer: Viewer, version: str, examples: Sequence[Example]) -> FrozenFigures:
    """Measure a model, as it serves, on the frozen test messages, for artefacts that do not bring the figures."""
    staff = permissions.require_models(viewer)
    active_version()
    row = _known(version)
    figures = classifier.measured(gate.opened(row), examples)
    with _alone():
        _keep_figures(row, figures)
        row.save(update_fields=["frozen_split", "frozen_messages", "frozen_topic", "frozen_domain"])
        _record(row, "measure", staff, "", asdict(figures))
    return figures


def start_shadow(viewer: Viewer, version: str, reason: str) -> ModelVersion:
    """Let a model answer every new case beside the one that serves; its answers count for nothing but figures."""
    staff, reason = permissions.require_models(viewer), required_text(reason, "reason")
    active_version()
    gate.opened(_known(version))
    with _alone():
        row = _known(version)
        if row.state not in (ModelState.CANDIDATE, ModelState.RETIRED):
            raise Conflict("model_in_use", _("The model %(version)s is at work already.") % {"version": version})
        if not row.folder:
            raise Conflict("model_unusable", _("The model that came with the program cannot run in shadow."))
        if ModelVersion.objects.filter(state=ModelState.CHALLENGER).exists():
            raise Conflict("challenger_there", _("Another model runs in shadow; stop it first."))
        row.state = ModelState.CHALLENGER
        row.save(update_fields=["state"])
        _record(row, "shadow", staff, reason)
        return row


def stop_shadow(viewer: Viewer, reason: str) -> ModelVersion:
    """End the shadow; the answers stay."""
    staff, reason = permissions.require_models(viewer), required_text(reason, "reason")
    with _alone():
        row = ModelVersion.objects.filter(state=ModelState.CHALLENGER).first()
        if row is None:
            raise Conflict("no_challenger", _("No model runs in shadow."))
        row.state = ModelState.CANDIDATE
        row.save(update_fields=["state"])
        _record(row, "stop_shadow", staff, reason)
        return row


def activate(viewer: Viewer, version: str, reason: str) -> ModelVersion:
    """Let a model take over, when `gate.check` finds nothing against it; the one before stays for `rollback`."""
    staff, reason = permissions.require_models(viewer), required_text(reason, "reason")
    before, row = active_version(), _known(version)
    if row.pk == before.pk:
        raise Conflict("model_in_use", _("The model %(version)s is at work already.") % {"version": version})
    figures = gate.check(row, before)  # takes seconds, so it holds no lock
    with _alone():
        if not ModelVersion.objects.filter(pk=before.pk, state=ModelState.ACTIVE).exists():
            raise Conflict("stale_version", _("Somebody changed the models meanwhile. Look at them again."))
        _take_over(row, before, staff)
        row.previous = before
        row.save()
        _record(row, "activate", staff, reason, figures)
    return row


def rollback(viewer: Viewer, reason: str) -> ModelVersion:
    """One step back: the model that served before serves again, without conditions but that it opens."""
    staff, reason = permissions.require_models(viewer), required_text(reason, "reason")
    with _alone():
        now = ModelVersion.objects.select_related("previous").filter(state=ModelState.ACTIVE).first()
        if now is None or now.previous is None:
            raise Conflict("nothing_before", _("There is no model before this one to go back to."))
        row = now.previous
        if row.folder:
            gate.opened(row)
        _take_over(row, now, staff)
        row.save()
        _record(row, "rollback", staff, reason, {"from": now.version})
        return row


def _take_over(row: ModelVersion, before: ModelVersion, staff: User) -> None:
    before.state = ModelState.RETIRED
    before.save(update_fields=["state"])  # first: the database allows one active model
    row.state, row.activated_at, row.activated_by = ModelState.ACTIVE, timezone.now(), staff


def _known(version: str) -> ModelVersion:
    row = ModelVersion.objects.filter(version=version).first()
    if row is None:
        raise Missing("no_such_model", _("There is no model “%(version)s”.") % {"version": version})
    return row


def _keep_figures(row: ModelVersion, figures: FrozenFigures | None) -> None:
    if figures:
        row.frozen_split, row.frozen_messages = figures.split, figures.messages
        row.frozen_topic, row.frozen_domain = figures.topic, figures.domain


def _record(row: ModelVersion, kind: str, by: User | None, reason: str, data: dict[str, Any] | None = None) -> None:
    ModelEvent.objects.create(model=row, kind=kind, by=by, reason=reason.strip(), data=data or {})
