"""The register of companies: entered, corrected, given other names, merged and separated, imported from a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.cn import uscc as uscc_check

from complaints import permissions
from complaints.actions.record import required_text
from complaints.errors import Conflict, Invalid, Missing
from complaints.models import Company, CompanyAlias, CompanyChange, CompanyStep, User, Viewer
from complaints.models.respondent import name_key
from routing.models import Region

MAX_REASON: Final = 300  # characters


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """An entry as it is written down. uscc, region, parent (a code): "" when not known."""

    name: str
    uscc: str = ""
    address: str = ""
    region: str = ""
    platform: str = ""
    parent: str = ""


def register_company(viewer: Viewer, facts: CompanyFacts) -> Company:
    """A new entry. Raises Forbidden; Invalid for a wrong code, region or parent; Conflict when the code is known."""
    user = permissions.require_register(viewer)
    with transaction.atomic():
        columns = _columns(facts)
        if facts.uscc and Company.objects.filter(uscc=columns["uscc"]).exists():
            raise Conflict("company_known", _("A company with this code is already in the register."))
        company = Company.objects.create(**columns)
        _note(company, CompanyStep.REGISTERED, user)
        return company


def correct_company(viewer: Viewer, company: int, facts: CompanyFacts, reason: str) -> Company:
    """Other facts for an entry; the ones before stay in its history, a former name as an other name."""
    user = permissions.require_register_keeper(viewer)
    with transaction.atomic():
        entry = _locked(company)
        why = required_text(reason, "reason")
        columns = _columns(facts)
        if columns["uscc"] and Company.objects.exclude(pk=entry.pk).filter(uscc=columns["uscc"]).exists():
            raise Conflict("company_known", _("A company with this code is already in the register."))
        _change(entry, columns, CompanyStep.CORRECTED, user, why)
        return entry


def add_alias(viewer: Viewer, company: int, name: str) -> Company:
    """What it is also called: a shop sign, a brand. The same name twice is one."""
    user = permissions.require_register_keeper(viewer)
    with transaction.atomic():
        entry = _locked(company)
        if _add_aliases(entry, [required_text(name, "name")]):
            _note(entry, CompanyStep.ALIAS_ADDED, user, reason=name)
        return entry


def remove_alias(viewer: Viewer, company: int, alias: int) -> Company:
    """It is not called that."""
    user = permissions.require_register_keeper(viewer)
    with transaction.atomic():
        entry = _locked(company)
        row = entry.aliases.filter(pk=alias).first()
        if row is None:
            raise Missing("no_such_alias", _("There is no such name."))
        _note(entry, CompanyStep.ALIAS_REMOVED, user, before={"name": row.name})
        row.delete()
        return entry


def merge_company(viewer: Viewer, company: int, *, into: int, reason: str) -> Company:
    """Two entries are one company. This one's cases count with the other from now on; both keep what they were."""
    user = permissions.require_register_keeper(viewer)
    with transaction.atomic():
        rows = {
            row.pk: row for row in Company.objects.select_for_update().filter(pk__in=[company, into]).order_by("pk")
        }
        why = required_text(reason, "reason")
        entry, goes_on = rows.get(company), rows.get(into)
        if entry is None:
            raise Missing("no_such_company", _("There is no such company in the register."))
        if goes_on is None or goes_on.pk == entry.pk or goes_on.merged_into_id:
            message = _("Choose another entry that still stands by itself.")
            raise Invalid("no_such_company", message, {"into": message})
        if entry.merged_into_id or entry.merged.exists():
            raise Conflict("merged_already", _("This entry is part of a merge already. Separate it first."))
        entry.merged_into = goes_on
        entry.save(update_fields=["merged_into"])
        _note(entry, CompanyStep.MERGED, user, why, {"into": goes_on.pk})
        return goes_on


def separate_company(viewer: Viewer, company: int, reason: str) -> Company:
    """They were two after all: each stands by itself again, with the cases that are linked to it."""
    user = permissions.require_register_keeper(viewer)
    with transaction.atomic():
        entry = _locked(company)
        why = required_text(reason, "reason")
        if entry.merged_into_id is None:
            raise Conflict("not_merged", _("This entry is not merged into another one."))
        before = {"into": entry.merged_into_id}
        entry.merged_into = None
        entry.save(update_fields=["merged_into"])
        _note(entry, CompanyStep.SEPARATED, user, why, before)
        return entry


@dataclass(slots=True)
class Imported:
    """What an import did; errors: (line of the file, what is wrong), in its order."""

    new: int = 0
    changed: int = 0
    same: int = 0
    errors: list[tuple[int, str]] | None = None


class _DryRun(Exception):
    pass


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A line of a file: facts, other names, and the number of the line."""

    line: int
    facts: CompanyFacts
    aliases: tuple[str, ...] = ()


def import_companies(rows: Iterable[CompanyRow], *, dry_run: bool = False) -> Imported:
    """Enter or bring up to date, by code; the same file twice changes nothing. Wrong lines are told, the others done.

    A parent may stand anywhere in the file. dry_run: everything is tried, nothing is kept.
    """
    done = Imported(errors=[])
    with suppress(_DryRun), transaction.atomic():
        given = list(rows)
        for row in given:
            _tried(done, row, _import_row, replace(row.facts, parent=""), row.aliases)
        for row in given:
            if row.facts.parent:
                _tried(done, row, _set_parent)
        if dry_run:
            raise _DryRun
    errors = sorted(set(done.errors or []))
    done.errors = errors
    return done


def _tried(done: Imported, row: CompanyRow, step: Any, *more: Any) -> None:
    try:
        with transaction.atomic():
            step(done, row, *more)
    except (Invalid, Conflict) as error:
        assert done.errors is not None  # noqa: S101
        done.errors.append((row.line, error.message))


def _import_row(done: Imported, row: CompanyRow, facts: CompanyFacts, aliases: Sequence[str]) -> None:
    if not facts.uscc:
        raise Invalid("no_code", _("The unified social credit code is missing."))
    columns = _columns(facts)
    columns.pop("parent")
    entry = Company.objects.select_for_update().filter(uscc=columns["uscc"]).first()
    if entry is None:
        entry = Company.objects.create(**columns)
        _note(entry, CompanyStep.IMPORTED, None)
        _add_aliases(entry, aliases)
        done.new += 1
        return
    changed = _change(entry, columns, CompanyStep.IMPORTED, None)
    changed = bool(_add_aliases(entry, aliases)) or changed
    done.changed, done.same = done.changed + changed, done.same + (not changed)


def _set_parent(done: Imported, row: CompanyRow) -> None:
    entry = Company.objects.filter(uscc=_code(row.facts.uscc)).first()
    if entry is not None:  # else the line was refused for something else
        parent = _parent(row.facts)
        if parent.pk not in {entry.parent_id, entry.pk}:
            entry.parent = parent
            entry.save(update_fields=["parent"])


def _columns(facts: CompanyFacts) -> dict[str, Any]:
    name = required_text(facts.name, "name")
    if not name_key(name):
        message = _("A name needs letters.")
        raise Invalid("empty", message, {"name": message})
    if facts.region and not Region.objects.filter(pk=facts.region).exists():
        message = _("There is no region with this code.")
        raise Invalid("unknown_region", message, {"region": message})
    return {
        "uscc": _code(facts.uscc),
        "name": name,
        "name_key": name_key(name),
        "address": facts.address.strip(),
        "region_id": facts.region or None,
        "platform": facts.platform.strip(),
        "parent": _parent(facts) if facts.parent else None,
    }


def _code(typed: str, field: str = "uscc") -> str:
    """In capitals, checked (GB 32100-2015)."""
    code = "".join(typed.split()).upper()
    if code and not uscc_check.is_valid(code):
        message = _("This is not a valid unified social credit code.")
        raise Invalid("wrong_code", message, {field: message})
    return code


def _parent(facts: CompanyFacts) -> Company:
    parent = Company.objects.filter(uscc=_code(facts.parent, "parent")).first()
    if parent is None or parent.uscc == facts.uscc.upper():
        message = _("There is no company with the code of the parent.")
        raise Invalid("unknown_parent", message, {"parent": message})
    return parent


def _change(entry: Company, columns: dict[str, Any], step: str, by: User | None, reason: str = "") -> bool:
    """Save what differs, with a line in the history; whether anything did."""
    before = {name: getattr(entry, name) for name, value in columns.items() if getattr(entry, name) != value}
    if not before:
        return False
    for name in before:
        setattr(entry, name, columns[name])
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise Invalid("wrong_facts", _("These facts do not fit together.")) from error
    if "name" in before:
        _add_aliases(entry, [before["name"]])
    told = {name: value.pk if isinstance(value, Company) else value for name, value in before.items()}
    told.pop("name_key", None)
    _note(entry, step, by, reason, told)
    return True


def _add_aliases(entry: Company, names: Sequence[str]) -> int:
    added = 0
    for name in names:
        key = name_key(name)
        if key and key != entry.name_key:
            _row, new = CompanyAlias.objects.get_or_create(company=entry, name_key=key, defaults={"name": name.strip()})
            added += new
    return added


def _locked(company: int) -> Company:
    entry = Company.objects.select_for_update().filter(pk=company).first()
    if entry is None:
        raise Missing("no_such_company", _("There is no such company in the register."))
    return entry


def _note(entry: Company, step: str, by: User | None, reason: str = "", before: dict[str, Any] | None = None) -> None:
    row = CompanyChange(company=entry, step=step, by=by, reason=reason[:MAX_REASON], before=before or {})
    row.save(force_insert=True)
