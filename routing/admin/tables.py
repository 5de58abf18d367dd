"""The pages on which regions, bureaus, units, topics and rules are kept.

A saved row is marked as changed or added by hand, and `load_routing` leaves it alone. Rows that came from the
files are ended or switched off, not deleted: the next load would bring them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from routing.admin.exchange import (
    BureauNameResource,
    BureauResource,
    ExchangeMixin,
    ParticipantResource,
    RegionResource,
    TopicResource,
    UnitResource,
)
from routing.fields import vocabulary
from routing.load import refresh_units
from routing.models import (
    Bureau,
    BureauName,
    Origin,
    Region,
    RegionLevel,
    RoutingParticipant,
    Topic,
    Unit,
    scope_prefix,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

DAYS = ("valid_from", "valid_to")


class LoadedAdmin(ModelAdmin):
    """A table that the loader fills and people correct. renames_units: units follow from these rows."""

    list_per_page = 50
    renames_units = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> tuple[str, ...]:
        """Where the row comes from; and its key, once it has one that other rows point at."""
        key = self.model._meta.pk
        fixed = (key.name,) if obj is not None and not key.auto_created else ()
        return (*self.readonly_fields, *fixed, "origin")

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Only what was added by hand can be deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.origin == Origin.HAND)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Mark the row as a person's, so that the next load keeps it."""
        if form.changed_data and obj.origin == Origin.FILE:
            obj.origin = Origin.EDITED
        super().save_model(request, obj, form, change)
        self._follow()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Units follow."""
        super().delete_model(request, obj)
        self._follow()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Units follow."""
        super().delete_queryset(request, queryset)
        self._follow()

    def _follow(self) -> None:
        if self.renames_units:
            refresh_units()


class ProvinceFilter(admin.SimpleListFilter):
    """A province and everything below it."""

    title = _("province")
    parameter_name = "province"
    path = "region__code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The provinces there are."""
        return list(Region.objects.filter(level=RegionLevel.PROVINCE).values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the leading digits of the code."""
        value = self.value()
        return queryset.filter(**{f"{self.path}__startswith": scope_prefix(value)}) if value else queryset


class RegionProvinceFilter(ProvinceFilter):
    """For the regions themselves."""

    path = "code"


@admin.register(Topic)
class TopicAdmin(ExchangeMixin, LoadedAdmin):
    """What cases are about."""

    resource = TopicResource
    list_display = ("code", "name", "domain", "slug", "external_code", "origin")
    list_filter = ("domain", "origin")
    search_fields = ("code", "name", "slug", "external_code")


@admin.register(Region)
class RegionAdmin(ExchangeMixin, LoadedAdmin):
    """Provinces, cities, counties and special zones."""

    resource = RegionResource
    renames_units = True
    list_display = ("code", "full_name", "level", "host", *DAYS, "origin")
    list_filter = ("level", RegionProvinceFilter, "origin")
    list_select_related = ("host",)
    search_fields = ("code", "full_name")
    autocomplete_fields = ("parent", "host")


@admin.register(Bureau)
class BureauAdmin(ExchangeMixin, LoadedAdmin):
    """Kinds of authorities, today's and past ones."""

    resource = BureauResource
    renames_units = True
    list_display = ("id", "name", "short_name", "kind", "hotline", *DAYS, "successor", "origin")
    list_filter = ("kind", "origin", ("valid_to", admin.EmptyFieldListFilter))
    list_select_related = ("successor",)
    search_fields = ("id", "name", "short_name", "note")
    autocomplete_fields = ("successor",)


@admin.register(BureauName)
class BureauNameAdmin(ExchangeMixin, LoadedAdmin):
    """What units are called, then and now."""

    resource = BureauNameResource
    renames_units = True
    list_display = ("bureau", "region", "level", "pattern", *DAYS, "source", "origin")
    list_filter = ("level", ProvinceFilter, "origin", "bureau")
    list_select_related = ("bureau", "region")
    search_fields = ("bureau__id", "bureau__name", "pattern", "source")
    autocomplete_fields = ("bureau", "region")


@admin.register(Unit)
class UnitAdmin(ExchangeMixin, LoadedAdmin):
    """The units that receive cases."""

    resource = UnitResource
    list_display = ("name", "bureau", "region", "level", "active", "origin")
    list_filter = ("level", "active", ProvinceFilter, "origin", "bureau")
    list_select_related = ("bureau", "region")
    search_fields = ("name", "region__code", "region__full_name", "bureau__id", "bureau__name")
    autocomplete_fields = ("bureau", "region")


class ConditionalAdmin(LoadedAdmin):
    """A table whose rows may hold on a condition only."""

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Conditions are picked from the known sub-fields, never typed."""
        if db_field.name == "field":
            return _choice(db_field, {field: name for (field, _value), (name, _label) in vocabulary().items()})
        if db_field.name == "value":
            labels: dict[str, str] = {}
            for (_field, value), (name, label) in vocabulary().items():
                labels[value] = " / ".join(filter(None, (labels.get(value), f"{name}：{label}")))
            return _choice(db_field, labels)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _choice(db_field: models.Field[Any, Any], labels: dict[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(label=db_field.verbose_name, required=False, choices=[("", "---------"), *labels.items()])


@admin.register(RoutingParticipant)
class RoutingParticipantAdmin(ExchangeMixin, ConditionalAdmin):
    """Who takes part."""

    resource = ParticipantResource
    list_display = ("topic", "position", "bureau", "condition", *DAYS, "origin")
    list_filter = ("topic__domain", "origin", "bureau", "topic")
    list_select_related = ("topic", "bureau")
    search_fields = ("topic__code", "topic__name", "bureau__id", "bureau__name", "field", "value")
    autocomplete_fields = ("topic", "bureau")

    @admin.display(description=_("condition"))
    def condition(self, row: RoutingParticipant) -> str:
        """The condition in words."""
        names = vocabulary().get((row.field, row.value), (row.field, row.value))
        return "：".join(names) if row.field else ""
