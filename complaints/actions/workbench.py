"""Kept views of the queue and templates for answers: who keeps them, and what a template says about one case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import clocks, permissions, privacy
from complaints.errors import Conflict, Forbidden, Invalid, Missing
from complaints.models import Case, Part, PartyStatus, ReplyTemplate, SavedView, User, Viewer
from complaints.models.workbench import PLACEHOLDER
from routing.models import Topic, Unit, scope_prefix

MOST_VIEWS: Final = 30  # of one account
_OFFICE_PHONE: Final = re.compile(r"(?<!\d)0\d{2,3}[-\s]\d{7,8}(?!\d)")  # a bureau's own number may be told


def save_view(viewer: Viewer, view: int | None, facts: Mapping[str, Any]) -> SavedView:
    """Keep filters under a name, or change one's own view. facts: name, queue, query, shared, position, as given."""
    owner = _staff(viewer)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # the count below holds
        if view is None:
            if SavedView.objects.filter(owner=owner).count() >= MOST_VIEWS:
                raise Conflict("too_many_views", _("At most %(count)d views are kept.") % {"count": MOST_VIEWS})
            row = SavedView(owner=owner)
        else:
            row = _own(owner, view)
        for name in ("name", "queue", "query", "position"):
            if name in facts:
                setattr(row, name, facts[name])
        if privacy.mask_text(row.query) != row.query or privacy.mask_text(row.name) != row.name:
            message = _("Phone and identity numbers are not kept in a view.")
            raise Invalid("personal_data", message, {"name": message})
        if "shared" in facts:
            if facts["shared"] and not owner.unit_id:
                message = _("You belong to no unit with which the view could be shared.")
                raise Invalid("no_unit", message, {"shared": message})
            row.unit_id = owner.unit_id if facts["shared"] else None
        if SavedView.objects.filter(owner=owner, name=row.name).exclude(pk=row.pk).exists():
            message = _("You have a view of this name already.")
            raise Invalid("name_taken", message, {"name": message})
        row.save()
    return row


def remove_view(viewer: Viewer, view: int) -> None:
    """Take away one's own view."""
    _own(_staff(viewer), view).delete()


def _staff(viewer: Viewer) -> User:
    if isinstance(viewer, User) and permissions.works_here(viewer):
        return viewer
    raise Forbidden("not_allowed", _("Only staff may keep views."))


def _own(owner: User, view: int) -> SavedView:
    row = SavedView.objects.of(owner).filter(pk=view).first()
    if row is None:
        raise Missing("no_such_view", _("There is no such view."))
    if row.owner_id != owner.pk:
        raise Forbidden("not_yours", _("Only who made the view may change it."))
    return row


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with the facts of one case in it. missing: placeholders for which there is no fact yet."""

    id: int
    title: str
    text: str
    missing: list[str]


def filled_templates(viewer: Viewer, case: Case, verb: str) -> list[Filled]:
    """What may be said in that form of the case, which the viewer must see and whose clocks they may know of are
    fetched (clocks.with_nearest_clock). Holds no personal data: facts only."""
    user = _staff(viewer)
    units = {unit for unit in (user.unit_id, case.lead_unit_id) if unit}
    rows = ReplyTemplate.objects.fitting(verb, case.topic, case.intent, units)
    facts = _facts(case, user) if rows else {}
    return [_fill(row, facts) for row in rows]


def _fill(row: ReplyTemplate, facts: Mapping[str, str]) -> Filled:
    missing = sorted({name for name in PLACEHOLDER.findall(row.body) if not facts.get(name)})
    text = PLACEHOLDER.sub(lambda found: facts.get(found[1]) or f"【请填写{found[1]}】", row.body)
    return Filled(row.pk, row.title, text, missing)


def _facts(case: Case, user: User) -> dict[str, str]:
    """The words behind the placeholders; what a unit answers for is its own name, not the lead's."""
    topic = Topic.objects.filter(code=case.topic).values_list("name", flat=True).first()
    others = [
        row.unit.name
        for row in case.assignments.select_related("unit").order_by("pk")
        if row.part == Part.PARTICIPANT and row.active and row.status != PartyStatus.RETURNED
    ]
    due = clocks.row_due(case)
    own = user.unit or case.lead_unit
    return {
        "编号": case.number,
        "收件日期": _day(timezone.localdate(case.received_at)),
        "主题": topic or "",
        "单位": own.name if own else "",
        "参与单位": "、".join(others),
        "来源": case.get_channel_display(),
        "办理期限": _day(timezone.localdate(due)) if due else "",
        "今天": _day(timezone.localdate()),
    }


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def templates_kept(viewer: Viewer) -> QuerySet[ReplyTemplate]:
    """The templates on a supervisor's list: everyone's, and those of units in the region covered."""
    user = permissions.require_templates(viewer)
    rows = ReplyTemplate.objects.select_related("unit", "changed_by")
    if user.is_superuser:
        return rows
    prefix = scope_prefix(user.region_id or "-")
    return rows.filter(Q(unit=None) | Q(unit__region__code__startswith=prefix))


def save_template(viewer: Viewer, template: int | None, facts: Mapping[str, Any]) -> ReplyTemplate:
    """Write a template, or change one. facts: verb, title, body, topics, intents, unit, position, active, as given.

    Templates for everyone are kept by those who answer for the whole province.
    """
    user = permissions.require_templates(viewer)
    with transaction.atomic():
        if template is None:
            row = ReplyTemplate()
        else:
            row = _kept(user, template)
            _require_region(user, row.unit)
        for name in ("verb", "title", "body", "topics", "intents", "position", "active"):
            if name in facts:
                setattr(row, name, facts[name])
        if "unit" in facts:
            row.unit = _unit(facts["unit"])
        _require_region(user, row.unit)
        row.changed_by, row.changed_at = user, timezone.now()
        _check(row)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            message = _("There is a template of this title already.")
            raise Invalid("title_taken", message, {"title": message}) from error
    return row


def remove_template(viewer: Viewer, template: int) -> None:
    """Take a template away; answers that were written with it stay as they are."""
    user = permissions.require_templates(viewer)
    row = _kept(user, template)
    _require_region(user, row.unit)
    row.delete()


def _kept(user: User, template: int) -> ReplyTemplate:
    row = templates_kept(user).filter(pk=template).first()
    if row is None:
        raise Missing("no_such_template", _("There is no such template."))
    return row


def _unit(pk: int | None) -> Unit | None:
    if pk is None:
        return None
    unit = Unit.objects.filter(pk=pk).first()
    if unit is None:
        message = _("There is no such unit.")
        raise Invalid("unknown_unit", message, {"unit": message})
    return unit


def _require_region(user: User, unit: Unit | None) -> None:
    if not permissions.keeps_template_of(user, unit.region_id if unit else None):
        raise Forbidden("not_allowed", _("This template belongs to units outside your region."))


def _check(row: ReplyTemplate) -> None:
    words = _OFFICE_PHONE.sub("", row.body)
    if privacy.mask_text(words) != words:
        message = _("A template holds no phone or identity numbers of people.")
        raise Invalid("personal_data", message, {"body": message})
    try:
        row.clean_fields(exclude=["unit", "changed_by"])
        row.clean()
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        raise Invalid("bad_template", next(iter(fields.values())), fields) from error
