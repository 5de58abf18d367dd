"""Tables out of the admin and into it again, as CSV or XLSX (django-import-export, BSD).

A row is known by its natural key, so that a file brought in twice changes nothing the second time. Bringing in first
shows what would change and names what is wrong, row by row; then all rows are taken, or none. Superusers only; what
went out, and every row that came in, stands in the admin's log.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm
from import_export.resources import ModelResource
from import_export.widgets import DateWidget, ForeignKeyWidget, JSONWidget, Widget

from routing import rulesets
from routing.load import refresh_units
from routing.models import (
    Bureau,
    BureauName,
    EscalationRule,
    Origin,
    PlaceName,
    Platform,
    Region,
    RegionSuccession,
    RoutingParticipant,
    RoutingRule,
    RuleSet,
    RuleSetState,
    Topic,
    Township,
    Unit,
)
from routing.models.dated import Loaded

FORMATS: Final = (CSV, XLSX)


class Refers(ForeignKeyWidget):
    """A row of another table by its key; an unknown one is named in the user's language."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The row; ValueError names what there is not."""
        key = str(value).strip() if value is not None else ""
        if not key:
            return None
        found = self.model._default_manager.filter(**{self.field: key}).first()
        if found is None:
            what = self.model._meta.verbose_name
            raise ValueError(_("There is no %(what)s “%(value)s”.") % {"what": what, "value": key})
        return found


class UnitKey(Widget):
    """A unit as bureau/region, such as samr/330106."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Unit | None:
        """The unit; ValueError names what there is not."""
        key = str(value or "").strip()
        if not key:
            return None
        bureau, _slash, region = key.partition("/")
        found = Unit.objects.filter(bureau=bureau, region=region).first()
        if found is None:
            raise ValueError(_("There is no %(what)s “%(value)s”.") % {"what": Unit._meta.verbose_name, "value": key})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """bureau/region."""
        return f"{value.bureau_id}/{value.region_id}" if value else ""


class Day(DateWidget):
    """A day as files hold it: 2026-11-22, as spreadsheets save it 2026/11/22, or a spreadsheet's own date."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        """The day; ValueError for anything else."""
        if isinstance(value, datetime):
            return value.date()
        text = str(value or "").strip().partition(" ")[0].replace("/", "-")
        if not text:
            return None
        try:
            year, month, day = map(int, text.split("-"))
            return date(year, month, day)
        except ValueError as error:
            raise ValueError(_("“%(value)s” is no day, like 2026-11-22.") % {"value": value}) from error


class ConditionList(JSONWidget):
    """Conditions as JSON; an empty cell: none."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """The list; ValueError for what is no JSON."""
        return super().clean(value, row, **kwargs) or []


class Exchange(ModelResource):
    """A table as a file. Meta names the columns and, as import_id_fields, the natural key."""

    WIDGETS_MAP = {**ModelResource.WIDGETS_MAP, "DateField": Day}

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """A file without the key's columns is none of this table."""
        missing = [name for name in self._meta.import_id_fields if name not in (dataset.headers or [])]
        if missing:
            raise ValidationError(_("The file lacks these columns: %(names)s") % {"names": "、".join(missing)})

    def export_field(self, field: Any, instance: Model, **kwargs: Any) -> Any:
        """Nothing is an empty cell."""
        value = super().export_field(field, instance, **kwargs)
        return "" if value is None else value

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        """A key that cannot be read is the row's fault, like any other cell."""
        try:
            found: tuple[Any, bool] = super().get_or_init_instance(instance_loader, row)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return found

    def before_save_instance(self, instance: Model, row: Any, **kwargs: Any) -> None:
        """A changed row is a person's from now on, so that the next load keeps it."""
        if isinstance(instance, Loaded) and instance.origin == Origin.FILE:
            instance.origin = Origin.EDITED

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """What follows from the rows, in the same transaction."""
        super().after_import(dataset, result, **kwargs)
        if not (result.has_errors() or result.has_validation_errors()):
            self.follow()

    def follow(self) -> None:
        """Nothing, for most tables."""


def columns(model: type[Model], names: str, key: str, *, strict: bool = True) -> type:
    """The Meta of a resource: whole or not at all, quiet about what does not change. names, key: with blanks between
    them. strict: rows are checked as by the model's form."""
    order = tuple(names.split())
    named = {"fields": order, "export_order": order, "import_order": order, "import_id_fields": tuple(key.split())}
    quiet = dict.fromkeys(("skip_unchanged", "report_skipped", "use_transactions"), True)
    return type("Meta", (), {"model": model, "clean_model_instances": strict} | named | quiet)


class ExchangeMixin(ImportExportMixin):
    """Brings a table's pages for files into its admin. resource: an Exchange."""

    resource: Any = None
    export_form_class = ExportForm
    import_template_name = "routing/import.html"
    to_encoding = "utf-8-sig"  # so that spreadsheet programs read the characters
    from_encoding = "utf-8-sig"
    skip_export_form = False

    def get_import_formats(self) -> list[Any]:
        return list(FORMATS)

    def get_export_formats(self) -> list[Any]:
        return list(FORMATS)

    def get_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [self.resource]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return bool(request.user.is_active and request.user.is_superuser)

    has_export_permission = has_import_permission

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """All rows or none."""
        return {**super().get_import_data_kwargs(**kwargs), "rollback_on_validation_errors": True}

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any) -> Any:
        """The file; that it went out is noted."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        said = _("Exported %(count)d rows as %(format)s") % {
            "count": queryset.count(), "format": file_format.get_title().upper(),
        }  # fmt: skip
        LogEntry.objects.create(
            user_id=int(request.user.pk or 0),
            content_type=ContentType.objects.get_for_model(self.model),
            object_repr=str(self.model._meta.verbose_name_plural)[:200],
            action_flag=CHANGE,
            change_message=said,
        )
        return data


def reference(name: str, model: type[Model], field: str = "pk") -> Field:
    """A column that names a row of another table."""
    return Field(attribute=name, column_name=name, widget=Refers(model, field=field))


class UnitResource(Exchange):
    bureau, region = reference("bureau", Bureau), reference("region", Region)

    Meta = columns(Unit, "bureau region name level active", key="bureau region")


class RegionResource(Exchange):
    """A parent stands before its children, or is there already."""

    parent, host = reference("parent", Region), reference("host", Region)

    Meta = columns(Region, "code name level parent host valid_from valid_to", key="code")

    def follow(self) -> None:
        """Units are named after it."""
        refresh_units()


class SuccessionResource(Exchange):
    new = reference("new", Region)

    Meta = columns(RegionSuccession, "old_code old_name new valid_from source", key="old_code new")


class TownshipResource(Exchange):
    region = reference("region", Region)

    Meta = columns(Township, "code name region twins valid_from valid_to", key="code")


class PlaceNameResource(Exchange):
    region = reference("region", Region)

    Meta = columns(PlaceName, "name kind region valid_from valid_to source", key="name region")


class PlatformResource(Exchange):
    region = reference("region", Region)

    Meta = columns(Platform, "slug names company region elsewhere valid_from valid_to source", key="slug")


class BureauResource(Exchange):
    successor = reference("successor", Bureau)

    Meta = columns(Bureau, "id name short_name kind hotline valid_from valid_to successor note", key="id")

    def follow(self) -> None:
        """Units are named after it."""
        refresh_units()


class BureauNameResource(Exchange):
    bureau, region = reference("bureau", Bureau), reference("region", Region)

    Meta = columns(
        BureauName, "bureau region level pattern valid_from valid_to source", key="bureau region level valid_from"
    )

    def follow(self) -> None:
        """Units are named after it."""
        refresh_units()


class TopicResource(Exchange):
    Meta = columns(Topic, "code slug domain name external_code", key="code")


class ParticipantResource(Exchange):
    topic, bureau = reference("topic", Topic), reference("bureau", Bureau)

    Meta = columns(
        RoutingParticipant,
        "topic position bureau field value valid_from valid_to",
        key="topic bureau field value valid_from",
    )


class RuleExchange(Exchange):
    """Rules; those of drafts may change. Rows of other sets pass while they say what stands there."""

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """As the form does, and refused outside of drafts."""
        if instance.ruleset_id and instance.ruleset.state != RuleSetState.DRAFT:
            number = {"number": instance.ruleset_id}
            raise ValidationError(_("Rule set %(number)s is no draft; make a draft of it first.") % number)
        super().validate_instance(instance, import_validation_errors, validate_unique)

    def follow(self) -> None:
        """Every rule is read again."""
        rulesets.check()


class RuleResource(RuleExchange):
    ruleset = reference("ruleset", RuleSet, "number")
    conditions = Field(attribute="conditions", column_name="conditions", widget=ConditionList())
    topic, region, lead = reference("topic", Topic), reference("region", Region), reference("lead", Bureau)
    supervisor, enforcer = reference("supervisor", Bureau), reference("enforcer", Bureau)

    Meta = columns(
        RoutingRule,
        "ruleset code version topic region priority conditions lead level supervisor enforcer "
        "participants list_entry basis source valid_from valid_to",
        key="ruleset code version",
    )


class EscalationResource(RuleExchange):
    ruleset = reference("ruleset", RuleSet, "number")
    conditions = Field(attribute="conditions", column_name="conditions", widget=ConditionList())

    Meta = columns(
        EscalationRule,
        "ruleset code version label position conditions do bureau at amount unit source valid_from valid_to",
        key="ruleset code version",
    )
