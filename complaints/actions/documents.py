"""Making documents of a case, alone and many at once, and printing them in clear."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from complaints import documents, permissions
from complaints.actions.record import change, required_text
from complaints.documents import FORMS, Form, Sources
from complaints.errors import Conflict, DomainError, Forbidden, Invalid, Missing
from complaints.models import BatchState, Case, Document, DocumentBatch, DocumentCounter, User, Viewer
from complaints.numbers import normalise_number
from routing.models import Unit

logger = logging.getLogger(__name__)
BATCH_JOB: Final = "complaints.make_documents"
MOST_IN_BATCH: Final = 100
AT_ONCE: Final = 20  # cases; more are made by the worker


def make_document(viewer: Viewer, number: str, form_code: str, given: Mapping[str, Any]) -> tuple[Document, bool]:
    """Make the sheet, or find it where the same facts are on paper already (False).

    Takes the next number of the issuing unit; the counter is locked until the case is written, so numbers have no
    gaps. Raises Invalid (unknown form, a field), Forbidden (not this part's form), Conflict (facts are missing).
    """
    with transaction.atomic():
        case = Case.objects.visible_to(viewer).select_for_update(no_key=True, of=("self",)).by_number(number)
        permissions.require(viewer, "make_document", case)
        if not isinstance(viewer, User):
            raise Forbidden("not_allowed", _("You may not do this to the case."))
        sources = Sources(case)
        unit = issuer(viewer, case)
        form = _form(viewer, sources, unit, form_code)
        facts = documents.gather(form, sources, unit, given)
        if facts.bad:
            raise Invalid("bad_fields", _("Some fields are missing or wrong."), facts.bad)
        if facts.missing:
            what = "、".join(facts.missing)
            raise Conflict("facts_missing", _("This document cannot be made yet; missing: %(what)s.") % {"what": what})
        frozen = documents.freeze(facts.content)
        same = Document.objects.filter(case=case, form=form.code, unit=unit, sha256=frozen[1])
        earlier = same.order_by("-pk").first()
        if earlier is not None:
            return earlier, False
        with change(viewer, number, "make_document") as doing:
            made = write_sheet(doing.case, form, unit, viewer, frozen)
            doing.data = {"form": form.code, "document": made.pk}
        return made, True


def issuer(viewer: Viewer, case: Case) -> Unit:
    """The unit in whose name a viewer makes documents: their own; for the hotline's people that of their region."""
    found = None
    units = Unit.objects.select_related("bureau", "region__parent__parent")
    if isinstance(viewer, User):
        if viewer.unit_id:
            found = units.filter(pk=viewer.unit_id).first()
        elif viewer.is_superuser:
            found = units.filter(pk=case.lead_unit_id or 0).first()
        else:
            region = viewer.region
            while region is not None and found is None:
                found = units.filter(bureau=documents.HOTLINE, region=region).first()
                region = region.parent
    if found is None:
        raise Forbidden("no_unit", _("You belong to no unit in whose name a document could be made."))
    return found


def forms_for(viewer: Viewer, case: Case, unit: Unit, sources: Sources) -> list[Form]:
    """The forms that make sense for the case and that the viewer's part may make."""
    playing = permissions.parts(viewer, case)
    fitting = documents.fitting(case.intent, sources.received_on, unit.bureau_id)
    return [form for form in fitting if form.who & playing]


def _form(viewer: Viewer, sources: Sources, unit: Unit, code: str) -> Form:
    if code not in FORMS:
        message = _("There is no such form.")
        raise Invalid("unknown_form", message, {"form": message})
    form = FORMS[code]
    if form not in documents.fitting(sources.case.intent, sources.received_on, unit.bureau_id):
        raise Conflict("form_does_not_fit", _("“%(form)s” does not fit this case.") % {"form": form.title})
    if not form.who & permissions.parts(viewer, sources.case):
        raise Forbidden("not_allowed", _("You may not make “%(form)s” for this case.") % {"form": form.title})
    return form


def write_sheet(case: Case, form: Form, unit: Unit, maker: User, frozen: tuple[str, str]) -> Document:
    """The sheet under the unit's next number; frozen: as from `documents.freeze`. Inside a change of the case."""
    content, digest = frozen
    now = timezone.now()
    year = timezone.localdate(now).year
    before = DocumentCounter.objects.filter(unit=unit).order_by("-year").first()
    sign = before.sign if before else documents.sign_of(unit)
    DocumentCounter.objects.get_or_create(unit=unit, year=year, defaults={"sign": sign})
    counter = DocumentCounter.objects.select_for_update().get(unit=unit, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    check_at = f"{settings.PUBLIC_URL}/check"
    return Document.objects.create(
        case=case,
        form=form.code,
        unit=unit,
        year=year,
        serial=counter.last,
        number=documents.number_of(counter.sign, form, year, counter.last),
        made_at=now,
        made_by=maker,
        sha256=digest,
        facts=json.dumps({"content": json.loads(content), "check_at": check_at}, ensure_ascii=False, sort_keys=True),
    )


def document_of(viewer: Viewer, number: str, pk: int) -> Document:
    """A document of a case that the viewer may see and may make documents of."""
    case = Case.objects.visible_to(viewer).by_number(number)
    permissions.require(viewer, "make_document", case)
    found = Document.objects.select_related("case__requester", "unit").filter(case=case, pk=pk).first()
    if found is None:
        raise Missing("no_such_document", _("There is no such document."))
    return found


def print_in_clear(viewer: Viewer, number: str, pk: int, reason: str) -> bytes:
    """The sheet with personal data unmasked; for those who may reveal, and recorded as a reveal with the reason."""
    document = document_of(viewer, number, pk)
    with change(viewer, number, "reveal") as doing:
        doing.reason = required_text(reason, "reason")
        doing.data = {"document": document.pk}
        return documents.pdf([document], clear=True)


def ask_batch(viewer: Viewer, form_code: str, numbers: Sequence[str]) -> DocumentBatch:
    """One form for many cases, masked, in one PDF. Up to AT_ONCE cases are made at once, more by the worker."""
    if not isinstance(viewer, User):
        raise Forbidden("not_allowed", _("You may not do this to the case."))
    if form_code not in FORMS or any(ask.required for ask in FORMS[form_code].asks):
        message = _("This form cannot be made for many cases at once.")
        raise Invalid("unknown_form", message, {"form": message})
    wanted = list(dict.fromkeys(normalise_number(number) or number for number in numbers))
    if not 1 <= len(wanted) <= MOST_IN_BATCH:
        message = _("Between 1 and %(most)s cases.") % {"most": MOST_IN_BATCH}
        raise Invalid("too_many_cases", message, {"numbers": message})
    with transaction.atomic():
        batch = DocumentBatch.objects.create(owner=viewer, form=form_code, numbers=wanted)
        if len(wanted) > AT_ONCE:
            jobs.configure_task(BATCH_JOB).defer(batch=batch.pk)
    if len(wanted) <= AT_ONCE:
        run_batch(batch.pk)
        batch.refresh_from_db()
    return batch


def run_batch(pk: int) -> None:
    """Make what a batch asks for, case by case, with progress in its row. One that runs or is over is left alone."""
    waiting = DocumentBatch.objects.filter(pk=pk, state=BatchState.WAITING)
    if not waiting.update(state=BatchState.RUNNING, beat_at=timezone.now()):
        return
    batch = DocumentBatch.objects.select_related("owner").get(pk=pk)
    try:
        for number in batch.numbers:
            try:
                made, _new = make_document(batch.owner, number, batch.form, {})
                batch.documents.append(made.pk)
            except DomainError as refusal:
                batch.refused.append({"number": number, "reason": refusal.message})
            batch.beat_at = timezone.now()
            batch.save(update_fields=["documents", "refused", "beat_at"])
    except Exception:
        logger.exception("batch of documents %s failed", pk)
        DocumentBatch.objects.filter(pk=pk).update(state=BatchState.FAILED)
        return
    DocumentBatch.objects.filter(pk=pk).update(state=BatchState.DONE)


def batch_of(viewer: Viewer, pk: int) -> DocumentBatch:
    """One's own batch."""
    found = DocumentBatch.objects.filter(pk=pk, owner=viewer).first() if isinstance(viewer, User) else None
    if found is None:
        raise Missing("no_such_batch", _("There is no such batch."))
    return found


def batch_pdf(viewer: Viewer, pk: int) -> bytes:
    """All sheets of a batch that is done, masked; those of cases that the viewer no longer sees are left out."""
    batch = batch_of(viewer, pk)
    if batch.state != BatchState.DONE:
        raise Conflict("not_done", _("The documents are still being made."))
    found = Document.objects.select_related("case__requester", "unit").filter(
        pk__in=batch.documents, case__in=Case.objects.visible_to(viewer)
    )
    sheets = sorted(found, key=lambda document: batch.documents.index(document.pk))
    if not sheets:
        raise Conflict("nothing_to_print", _("None of the documents could be made."))
    return documents.pdf(sheets)
