"""The pages for what addresses are read with, and for platforms' seats."""

from __future__ import annotations

from django.contrib import admin

from routing.admin.exchange import (
    ExchangeMixin,
    PlaceNameResource,
    PlatformResource,
    SuccessionResource,
    TownshipResource,
)
from routing.admin.tables import DAYS, LoadedAdmin, ProvinceFilter
from routing.models import PlaceName, Platform, RegionSuccession, Township


class NewRegionProvinceFilter(ProvinceFilter):
    """By the region of today."""

    path = "new__code"


@admin.register(RegionSuccession)
class RegionSuccessionAdmin(ExchangeMixin, LoadedAdmin):
    """What became of abolished and divided regions."""

    resource = SuccessionResource
    list_display = ("old_code", "old_name", "new", "valid_from", "source", "origin")
    list_filter = (NewRegionProvinceFilter, "origin")
    list_select_related = ("new",)
    search_fields = ("old_code", "old_name", "new__code", "new__full_name")
    autocomplete_fields = ("new",)


@admin.register(Township)
class TownshipAdmin(ExchangeMixin, LoadedAdmin):
    """Towns, townships and streets."""

    resource = TownshipResource
    list_display = ("code", "name", "region", "twins", *DAYS, "origin")
    list_filter = (ProvinceFilter, "twins", "origin")
    list_select_related = ("region",)
    search_fields = ("code", "name", "region__full_name")
    autocomplete_fields = ("region",)


@admin.register(PlaceName)
class PlaceNameAdmin(ExchangeMixin, LoadedAdmin):
    """Aliases, ordinary words, false friends, places elsewhere."""

    resource = PlaceNameResource
    list_display = ("name", "kind", "region", *DAYS, "source", "origin")
    list_filter = ("kind", "origin")
    list_select_related = ("region",)
    search_fields = ("name", "source", "region__full_name")
    autocomplete_fields = ("region",)


@admin.register(Platform)
class PlatformAdmin(ExchangeMixin, LoadedAdmin):
    """Where platforms sit."""

    resource = PlatformResource
    list_display = ("slug", "names", "company", "region", "elsewhere", *DAYS, "source", "origin")
    list_filter = ("origin",)
    list_select_related = ("region",)
    search_fields = ("slug", "names", "company")
    autocomplete_fields = ("region",)
