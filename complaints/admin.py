"""Accounts in the admin, and cases to look at. Cases are changed by actions only, never here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, User


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Role, unit and region decide what an account may see."""

    list_display = ["username", "display_name", "role", "unit", "region", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["unit", "region"]
    autocomplete_fields = ["unit", "region"]
    search_fields = ["username", "display_name", "unit__name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "role", "unit", "region"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2", "display_name", "role", "unit", "region"]}),
    ]


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    """Read only, without words or personal data: for administrators who look for a case, not into it."""

    list_display = ["number", "state", "channel", "topic", "urgency", "region", "lead_unit", "received_at"]
    list_filter = ["state", "channel", "urgency"]
    list_select_related = ["region", "lead_unit"]
    search_fields = ["number"]
    readonly_fields = fields = (
        "number", "state", "channel", "domain", "topic", "intent", "urgency", "region", "lead_unit", "received_at",
        "updated_at", "version",
    )  # fmt: skip
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
