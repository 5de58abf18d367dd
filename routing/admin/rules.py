"""Rule sets, routing rules and escalation rules. Only a draft is edited; it is tried out, then activated."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from routing import rulesets
from routing.admin.conditions_field import ConditionsField, values_help
from routing.admin.exchange import (
    EscalationResource,
    ExchangeMixin,
    RuleResource,
)
from routing.admin.tables import DAYS, LoadedAdmin, ModelAdmin
from routing.conditions import ConditionError
from routing.models import EscalationRule, RoutingRule, RuleSet, RuleSetState
from routing.models.rule_sets import InRuleSet
from routing.rulebook import condition_words
from routing.rulesets import RuleSetError


@admin.register(RuleSet)
class RuleSetAdmin(ModelAdmin):
    """Drafts are made, activated and rolled back by the actions of this list."""

    list_display = (
        "number", "name", "state", "effective_from", "in_force", "replaced", "changed_by", "changed_at",
    )  # fmt: skip
    list_filter = ("state",)
    list_select_related = ("replaced",)
    search_fields = ("=number", "name")
    readonly_fields = ("number", "state", "effective_from", "replaced", "created_at", "created_by", "changed_at")
    actions = ("make_draft", "activate", "roll_back")

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, ruleset: RuleSet) -> bool:
        """Whether it decides today."""
        return ruleset == RuleSet.objects.in_force()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A set is made as a draft of another one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """Stored decisions name sets that were in force."""
        return super().has_delete_permission(request, obj) and obj is not None and obj.state == RuleSetState.DRAFT

    @admin.action(description=gettext_lazy("Make a draft of it"))
    def make_draft(self, request: HttpRequest, queryset: QuerySet[RuleSet]) -> None:
        """A copy to be edited."""
        for base in queryset:
            made = rulesets.draft(_("Draft of %(set)s") % {"set": base.number}, str(request.user), base)
            messages.success(request, _("Rule set %(number)s is a draft now.") % {"number": made.number})

    @admin.action(description=gettext_lazy("Activate from today"))
    def activate(self, request: HttpRequest, queryset: QuerySet[RuleSet]) -> None:
        """Refused when a rule is broken or coverage falls."""
        self._step(request, queryset, rulesets.activate)

    @admin.action(description=gettext_lazy("Go back to the set before it"))
    def roll_back(self, request: HttpRequest, queryset: QuerySet[RuleSet]) -> None:
        """One step, at once."""
        self._step(request, queryset, rulesets.roll_back)

    def _step(self, request: HttpRequest, queryset: QuerySet[RuleSet], step: Any) -> None:
        if queryset.count() != 1:
            messages.error(request, _("Choose one rule set."))
            return
        try:
            made = step(queryset.get().number, str(request.user))
        except RuleSetError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Rule set %(number)s decides now.") % {"number": made.number})


class InRuleSetAdmin(LoadedAdmin):
    """A table of rules: those of drafts can be changed, the others looked at."""

    readonly_fields = ("version", "error")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their set."""
        return super().get_queryset(request).select_related("ruleset")

    def _is_open(self, row: InRuleSet | None) -> bool:
        return row is None or row.ruleset.state == RuleSetState.DRAFT

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """What decides is not edited in place."""
        return super().has_change_permission(request, obj) and self._is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        """As `LoadedAdmin`, in drafts."""
        return super().has_delete_permission(request, obj) and self._is_open(obj)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """A rule is put into a draft."""
        if db_field.name == "ruleset":
            kwargs["queryset"] = RuleSet.objects.filter(state=RuleSetState.DRAFT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """Conditions are picked, line by line."""
        if db_field.name == "conditions":
            return ConditionsField()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """The values that conditions know stand below the form."""
        known_values = {"fields": [], "classes": ["collapse"], "description": values_help()}
        return [(None, {"fields": self.get_fields(request, obj)}), (_("Values of the conditions"), known_values)]

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm[Any], change: bool) -> None:
        """Another content than that of the set in force is another version: stored decisions name it."""
        if change and set(form.changed_data) - set(DAYS):
            last = type(obj)._default_manager.filter(code=obj.code).order_by("-version").first()
            obj.version = last.version + 1 if last else 1
        super().save_model(request, obj, form, change)
        rulesets.check()

    @admin.display(description=gettext_lazy("conditions"))
    def asks(self, rule: InRuleSet) -> str:
        """The conditions in words, one a line; a broken rule's error stands in its own column."""
        try:
            lines = condition_words(rule.parsed()).split("；")
        except ConditionError:
            return "?"
        return format_html_join("", '<div style="white-space: nowrap">{}</div>', ((line,) for line in lines))


@admin.register(RoutingRule)
class RoutingRuleAdmin(ExchangeMixin, InRuleSetAdmin):
    """Who leads."""

    resource = RuleResource
    list_display = (
        "code", "error", "asks", "region", "priority", "lead", "level", "supervisor", "enforcer", "topic", "version",
        "ruleset", *DAYS, "origin",
    )  # fmt: skip
    list_filter = (
        "ruleset", ("error", admin.EmptyFieldListFilter), "level", "topic__domain", "origin", "lead", "topic",
    )  # fmt: skip
    list_select_related = ("ruleset", "topic", "region", "lead", "supervisor", "enforcer")
    search_fields = ("code", "topic__code", "topic__name", "lead__id", "lead__name", "basis", "list_entry")
    autocomplete_fields = ("topic", "region", "lead", "supervisor", "enforcer")


@admin.register(EscalationRule)
class EscalationRuleAdmin(ExchangeMixin, InRuleSetAdmin):
    """What always applies."""

    resource = EscalationResource
    list_display = (
        "code", "error", "label", "asks", "do", "bureau", "at", "amount", "unit", "version", "ruleset", *DAYS, "origin",
    )  # fmt: skip
    list_filter = ("ruleset", ("error", admin.EmptyFieldListFilter), "do", "origin")
    list_select_related = ("ruleset",)
    search_fields = ("code", "label", "bureau", "source")
