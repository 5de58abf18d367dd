"""Which tables of complaints go out and in as files (routing.admin.exchange). No citizen stands in any of them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.fields import Field

from complaints.actions import knowledge
from complaints.clocks.policies import changed
from complaints.errors import DomainError
from complaints.models import (
    Article,
    ArticleVersion,
    CalendarDay,
    ClockPolicy,
    ClockProfile,
    FollowUpQuestion,
    Ground,
    Question,
    ReplyTemplate,
    RewardLevel,
    SamplingRule,
    User,
    WaitingLimit,
)
from routing.admin.exchange import Day, Exchange, UnitKey, columns, reference
from routing.models import Region


class UserResource(Exchange):
    """Accounts without passwords and without rights in the admin. A new one cannot log in before it has a password."""

    unit = Field(attribute="unit", column_name="unit", widget=UnitKey())
    region = reference("region", Region)

    Meta = columns(User, "username display_name role unit region extension is_active", key="username")

    def init_instance(self, row: Any = None) -> User:
        """An account that nobody can log in with yet."""
        user = User()
        user.set_unusable_password()
        return user


class QuestionResource(Exchange):
    Meta = columns(Question, "topics field label kind choices required position active", key="topics field")


class DeadlineResource(Exchange):
    """Data that decide deadlines; every process reads them again."""

    calendar = False

    def follow(self) -> None:
        """Tell it to all."""
        changed(calendar=self.calendar)


class CalendarResource(DeadlineResource):
    calendar = True

    Meta = columns(CalendarDay, "date kind name source", key="date")


class ProfileResource(DeadlineResource):
    calendar = True
    region = reference("region", Region)

    Meta = columns(
        ClockProfile,
        "code region opens noon_from noon_to closes late_is_next_day amber_below red_below "
        "remind_after supervise_after superior_after source",
        key="code",
    )


class PolicyResource(DeadlineResource):
    region = reference("region", Region)

    Meta = columns(
        ClockPolicy,
        "code clock label ruleset party public intents channels domains bureaus urgencies region "
        "priority starts_on counts_from ends_on cancelled_on pauses amount unit is_window "
        "outlives_case extension_limit source confidence valid_from valid_to",
        key="code",
    )


class GroundResource(Exchange):
    Meta = columns(Ground, "kind code ruleset label source valid_from valid_to position", key="kind code ruleset")


class RewardLevelResource(Exchange):
    Meta = columns(RewardLevel, "code label percent floor cap finance_from source valid_from valid_to", key="code")


class SamplingResource(Exchange):
    Meta = columns(
        SamplingRule,
        "position name urgencies intents channels reworked share valid_from valid_to source",
        key="position",
    )


class WaitingLimitResource(Exchange):
    """The steps are the watchdog's: none can be added, only their limits change."""

    Meta = columns(WaitingLimit, "step amount unit source", key="step")

    def init_instance(self, row: Any = None) -> WaitingLimit:
        """Refused."""
        raise ValueError(_("There is no such step."))


class ReplyTemplateResource(Exchange):
    unit = Field(attribute="unit", column_name="unit", widget=UnitKey())

    Meta = columns(ReplyTemplate, "verb title unit body topics intents position active", key="verb title unit")

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Whose words they are now."""
        instance.changed_by, instance.changed_at = kwargs.get("user"), timezone.now()


class ScriptResource(Exchange):
    Meta = columns(FollowUpQuestion, "code position text kind intents active", key="code")


def _said(name: str, widget: Any = None) -> Field:
    return Field(attribute=f"latest__{name}", column_name=name, **({"widget": widget} if widget else {}))


class ArticleResource(Exchange):
    """Articles as they were written last. What comes in is a draft by whoever brings it in: somebody else releases."""

    unit = Field(attribute="unit", column_name="unit", widget=UnitKey())
    title, questions, body = _said("title"), _said("questions"), _said("body")
    topics, basis, source = _said("topics"), _said("basis"), _said("source")
    region = Field(attribute="latest__region", column_name="region", widget=reference("region", Region).widget)
    valid_from, valid_to = _said("valid_from", Day()), _said("valid_to", Day())

    Meta = columns(
        Article,
        "code unit title questions body topics region basis source valid_from valid_to",
        key="code",
        strict=False,
    )

    def get_queryset(self) -> Any:
        """With what they say."""
        return Article.objects.select_related("unit", "latest__region")

    def init_instance(self, row: Any = None) -> Article:
        """Something to write the row onto."""
        return Article(latest=ArticleVersion())

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Whose draft it will be."""
        instance.brought_by = kwargs.get("user")

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """By the same verbs as on the pages; their refusals are the row's."""
        said = instance.latest
        if said.valid_from is None:
            raise ValidationError({"valid_from": Article.live.field.default_error_messages["null"]})
        content = knowledge.Content(
            title=said.title or "",
            body=said.body or "",
            basis=said.basis or "",
            valid_from=said.valid_from,
            questions=said.questions or "",
            topics=said.topics or "",
            region=said.region.code if said.region else "",
            source=said.source or "",
            valid_to=said.valid_to,
        )
        try:
            if is_create:
                made = knowledge.draft(instance.brought_by, content, instance.unit_id, instance.code)
            else:
                made = knowledge.revise(instance.brought_by, instance.code, said.number, content)
        except DomainError as error:
            raise ValidationError(error.fields or error.message) from error
        instance.pk = made.pk
