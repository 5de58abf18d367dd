"""The knowledge base (知识库): articles, their versions, who did what with them, and what readers make of them.

What is read is always a released version. Versions and steps are append-only (trigger); a release by whoever wrote
the version is refused by the database as well.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.case import NOWHERE
from complaints.models.user import Role, User
from complaints.models.viewer import Viewer
from routing.models import Region, Unit
from routing.models.places import scope_prefix

TOPICS = RegexValidator(r"^(?:[PESV]\d\d|[PESV])(?: (?:[PESV]\d\d|[PESV]))*$", _("Topic codes, or P, E, S, V."))


class ArticleState(models.TextChoices):
    """Of the newest version. While it is written or waits, the version released before goes on being read."""

    DRAFT = "draft", pgettext_lazy("article", "draft")
    WAITING = "waiting", pgettext_lazy("article", "waits for release")
    RELEASED = "released", pgettext_lazy("article", "released")
    WITHDRAWN = "withdrawn", pgettext_lazy("article", "withdrawn")


class ArticleVerb(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("article", "written")
    SUBMIT = "submit", pgettext_lazy("article", "handed in")
    SEND_BACK = "send_back", pgettext_lazy("article", "sent back")
    RELEASE = "release", pgettext_lazy("article", "released")
    REVIEW = "review", pgettext_lazy("article", "looked through again")
    WITHDRAW = "withdraw", pgettext_lazy("article", "withdrawn")


class WhyNot(models.TextChoices):
    """Why an article did not help."""

    UNCLEAR = "unclear", _("hard to understand")
    INCOMPLETE = "incomplete", _("my question is not answered")
    OUTDATED = "outdated", _("out of date")
    WRONG = "wrong", _("not right")
    OTHER = "other", pgettext_lazy("article", "something else")


def regions_over(code: str) -> list[str]:
    """A region and those above it: what is said for any of them holds there."""
    return [code, f"{code[:4]}00", f"{code[:2]}0000"]


def applies_in(code: str, path: str = "live") -> Q:
    """Articles that hold in a region: said for it, for one above it, or for everywhere."""
    return Q(**{f"{path}__region__isnull": True}) | Q(**{f"{path}__region__in": regions_over(code)})


class ArticleQuerySet(models.QuerySet["Article"]):
    """Questions about articles. `readable_by` is the one rule of who may read what."""

    def readable_by(self, viewer: Viewer) -> ArticleQuerySet:
        """Everybody: what is released and in force; staff of a place: where it holds for their place or below.

        Besides, in any state: officers what their unit owns, and what waits for release in their region; dispatchers
        and supervisors what units of the region they cover own; superusers everything.
        """
        open_now = self.in_force_on(timezone.localdate())
        if not isinstance(viewer, User) or not viewer.is_active:
            return open_now
        if viewer.is_superuser:
            return self
        place = home_of(viewer)
        force = in_force(timezone.localdate())
        if place:
            below = Q(live__region__code__startswith=scope_prefix(place))
            force &= applies_in(place) | below
        return self.filter(force | _own(viewer))

    def in_force_on(self, day: date) -> ArticleQuerySet:
        """Released, begun and not run out."""
        return self.filter(in_force(day))

    def holding_in(self, region: str) -> ArticleQuerySet:
        """Those whose released version holds in a region."""
        return self.filter(applies_in(region))


def in_force(day: date) -> Q:
    """Released, begun and not run out on that day."""
    return Q(live__valid_from__lte=day) & (Q(live__valid_to__isnull=True) | Q(live__valid_to__gte=day))


def home_of(viewer: User) -> str:
    """The region that somebody works for; "" for none."""
    if viewer.role == Role.OFFICER:
        return viewer.unit.region_id if viewer.unit else NOWHERE
    return viewer.region_id or ""


def _own(viewer: User) -> Q:
    if viewer.role == Role.OFFICER and viewer.unit:
        waits = Q(unit__region=viewer.unit.region_id, state=ArticleState.WAITING)
        return Q(unit=viewer.unit_id) | waits
    if viewer.role in (Role.DISPATCHER, Role.SUPERVISOR) and viewer.region_id:
        return Q(unit__region__code__startswith=scope_prefix(viewer.region_id))
    return Q(pk__in=[])


class Article(models.Model):
    """One question and its answer, kept by a unit. latest: the newest version. live: the one that is read, if any.

    review_due: when somebody has to look through it again; half a year after a release or a review.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    unit = models.ForeignKey(Unit, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=ArticleState.choices, default=ArticleState.DRAFT)
    latest = models.ForeignKey("ArticleVersion", null=True, on_delete=models.PROTECT, related_name="+")
    live = models.ForeignKey("ArticleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    review_due = models.DateField(_("review due"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    hits = models.PositiveIntegerField(_("times read"), default=0)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("knowledge article")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ArticleState.values), name="article_state_known"),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(live__isnull=False, live=F("latest")),
                name="article_released_is_live",
            ),
            models.CheckConstraint(condition=~Q(state="withdrawn") | Q(live=None), name="article_withdrawn_is_gone"),
            models.CheckConstraint(
                condition=Q(live=None, review_due=None) | Q(live__isnull=False, review_due__isnull=False),
                name="article_live_is_reviewed",
            ),
        ]
        indexes = [models.Index("state", models.F("id").desc(), name="article_by_state")]

    def __str__(self) -> str:
        return self.code


class ArticleVersion(models.Model):
    """What an article says. questions: other wordings of its question, one a line. body: paragraphs; `## ` begins a
    heading, `- ` and `1. ` a list, `**` encloses what stands out; nothing else is markup. region None: everywhere.
    topics: codes with blanks between them, P, E, S, V for a whole domain, "" for none. basis: law and articles."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=80)
    questions = models.TextField(_("other wordings"), blank=True)
    body = models.TextField(_("text"))
    topics = models.CharField(_("topics"), max_length=200, blank=True, validators=[TOPICS])
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = models.TextField(_("legal basis"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    words = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint("article", "number", name="article_version_once"),
            models.UniqueConstraint(fields=["id", "written_by"], name="article_version_writer"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="article_version_days"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body="") & ~Q(basis=""), name="article_version_full"),
        ]
        indexes = [GinIndex(fields=["words"], name="article_words")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    @property
    def wordings(self) -> list[str]:
        return [line.strip() for line in self.questions.splitlines() if line.strip()]


class ArticleStep(models.Model):
    """Who did what with which version. writer: who wrote that version (held by a foreign key of both columns)."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="steps")
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="+")
    writer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=9, choices=ArticleVerb.choices)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=ArticleVerb.values), name="article_verb_known"),
            models.CheckConstraint(
                condition=~Q(verb="release") | ~Q(actor=F("writer")), name="article_released_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.verb}"


class ArticleVote(models.Model):
    """Whether an article helped; once a person: an account, or the hash of a browser's own random number."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    visitor = models.CharField(max_length=64, blank=True)
    helpful = models.BooleanField()
    reason = models.CharField(max_length=10, choices=WhyNot.choices, blank=True)
    comment = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("article", "user", condition=Q(user__isnull=False), name="one_vote_an_account"),
            models.UniqueConstraint("article", "visitor", condition=~Q(visitor=""), name="one_vote_a_visitor"),
            models.CheckConstraint(condition=Q(helpful=True, reason="") | Q(helpful=False), name="vote_reason_if_not"),
            models.CheckConstraint(condition=Q(reason="") | Q(reason__in=WhyNot.values), name="vote_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.helpful}"
