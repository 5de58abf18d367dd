"""The knowledge base: writing, releasing by a second person, withdrawing, looking through again, voting, suggesting.

Each verb: lock the article, check who and in which state, write the step, all in one transaction. docs/knowledge.md.
"""

from __future__ import annotations

import re
import secrets
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import permissions, privacy
from complaints.actions.record import required_text
from complaints.errors import Conflict, Forbidden, Invalid, Missing
from complaints.models import (
    Article,
    ArticleState,
    ArticleStep,
    ArticleVerb,
    ArticleVersion,
    ArticleVote,
    User,
    Viewer,
    WhyNot,
)
from complaints.models.article import TOPICS
from complaints.search.articles import STRONG, article_vector, resembling
from routing.models import Region, Unit, scope_prefix

REVIEW_MONTHS: Final = 6
SUGGESTED: Final = 3
ON_TOPIC: Final = 6  # what the same topic counts beside common words; the same domain counts half
ENOUGH: Final = 2 * STRONG  # below it an article is not suggested: two words of its title, or its topic
PROVINCE: Final = 2  # leading digits that a province's codes share
HOTLINE: Final = "data12345"  # the bureau for which dispatchers and supervisors without a unit write
_WRITE, _WAIT, _LIVE = ArticleState.DRAFT, ArticleState.WAITING, ArticleState.RELEASED


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says; models.article.ArticleVersion tells what each field is. region "": everywhere."""

    title: str
    body: str
    basis: str
    valid_from: date
    questions: str = ""
    topics: str = ""
    region: str = ""
    source: str = ""
    valid_to: date | None = None


def draft(viewer: Viewer, content: Content, unit: int | None = None, code: str = "") -> Article:
    """A new article. unit: who owns it; None: the writer's own unit, or the hotline of the region they cover."""
    user = permissions.require_writer(viewer)
    owner = _owner(user, unit)
    if not permissions.keeps_article(user, owner):
        raise Forbidden("not_allowed", _("You may not write for this unit."))
    with transaction.atomic():
        article = Article.objects.create(code=code or f"k{secrets.token_hex(5)}", unit=owner)
        return _write(article, user, content)


def revise(viewer: Viewer, code: str, version: int, content: Content) -> Article:
    """Other words for an article: a new version, to be released like the first; readers keep the one before."""
    with _held(viewer, code, version) as (user, article):
        _require_keeper(user, article)
        return _write(article, user, content)


def submit(viewer: Viewer, code: str, version: int) -> Article:
    """Hand the newest version in for release."""
    with _held(viewer, code, version) as (user, article):
        _require_keeper(user, article)
        _require_state(article, _WRITE)
        return _step(article, ArticleVerb.SUBMIT, user, state=_WAIT)


def send_back(viewer: Viewer, code: str, version: int, reason: str) -> Article:
    """Not yet: back to its writer, with a reason."""
    with _held(viewer, code, version) as (user, article):
        _require_releaser(user, article)
        _require_state(article, _WAIT)
        return _step(article, ArticleVerb.SEND_BACK, user, required_text(reason, "reason"), state=_WRITE)


def release(viewer: Viewer, code: str, version: int) -> Article:
    """Put the newest version in force. Raises Forbidden for whoever wrote any part of what would be released."""
    with _held(viewer, code, version) as (user, article):
        _require_releaser(user, article)
        _require_state(article, _WAIT)
        if user.pk in _writers(article):
            raise Forbidden("own_writing", _("Somebody else has to release what you wrote yourself."))
        article.live, article.review_due = article.latest, _half_a_year_on(timezone.localdate())
        return _step(article, ArticleVerb.RELEASE, user, state=_LIVE)


def review(viewer: Viewer, code: str, version: int, reason: str = "") -> Article:
    """Looked through and still right: due again in half a year."""
    with _held(viewer, code, version) as (user, article):
        _require_keeper(user, article)
        if article.live is None:
            raise Conflict("wrong_state", _("Nothing of this article is released."))
        article.review_due = _half_a_year_on(timezone.localdate())
        return _step(article, ArticleVerb.REVIEW, user, reason.strip())


def withdraw(viewer: Viewer, code: str, version: int, reason: str) -> Article:
    """Nobody reads it any more; its versions stay."""
    with _held(viewer, code, version) as (user, article):
        _require_keeper(user, article)
        _require_state(article, _WRITE, _WAIT, _LIVE)
        article.live = article.review_due = None
        return _step(article, ArticleVerb.WITHDRAW, user, required_text(reason, "reason"), state=ArticleState.WITHDRAWN)


def vote(
    viewer: Viewer, code: str, *, helpful: bool, reason: str = "", comment: str = "", visitor: str = ""
) -> ArticleVote:
    """Whether a released article helped; a second vote of the same person takes the place of the first.

    visitor: a random number that the browser keeps, for those without an account.
    """
    article = readable(viewer, code)
    if article.live is None:
        raise Conflict("wrong_state", _("Nothing of this article is released."))
    if not helpful and reason not in WhyNot.values:
        message = _("Say why it did not help.")
        raise Invalid("no_reason", message, {"reason": message})
    user = viewer if isinstance(viewer, User) else None
    if user is None and not visitor.strip():
        message = _("This field may not be empty.")
        raise Invalid("empty", message, {"visitor": message})
    mark = "" if user else privacy.keyed_hash(visitor.strip(), "article-visitor")
    said = {
        "helpful": helpful,
        "reason": "" if helpful else reason,
        "comment": privacy.mask_text(comment.strip()),
        "at": timezone.now(),
    }
    made, _new = ArticleVote.objects.update_or_create(article=article, user=user, visitor=mark, defaults=said)
    return made


def readable(viewer: Viewer, code: str) -> Article:
    """An article with its versions. Raises Missing where there is none that the viewer may read."""
    found = (
        Article.objects.readable_by(viewer)
        .select_related("unit__region", "latest__region", "latest__written_by", "live__region", "live__written_by")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise Missing("no_such_article", _("There is no such article, or you may not read it."))
    return found


def opened(article: Article) -> None:
    """Count a reader."""
    Article.objects.filter(pk=article.pk).update(hits=F("hits") + 1)


def suggest(viewer: Viewer, text: str, topic: str = "", region: str = "") -> list[Article]:
    """The few articles in force that a complaint is most likely answered by, the best first; [] where none fits."""
    found = Article.objects.readable_by(viewer).in_force_on(timezone.localdate())
    if region:
        found = found.holding_in(region)
    articles = {article.live_id: article for article in found.select_related("unit", "live__region")}
    touched = resembling(text, [pk for pk in articles if pk is not None])
    scores = {
        pk: said + _on_topic(article, topic)
        for pk, article in articles.items()
        if (said := touched.get(pk or 0, 0)) >= STRONG or not text.strip()  # the topic alone says little
    }
    best = sorted((pk for pk, score in scores.items() if score >= ENOUGH), key=lambda pk: (-scores[pk], pk))
    return [articles[pk] for pk in best[:SUGGESTED]]


def _on_topic(article: Article, topic: str) -> int:
    codes = article.live.topics.split() if article.live else []
    return ON_TOPIC if topic and topic in codes else ON_TOPIC // 2 if topic and topic[0] in codes else 0


def verbs(viewer: Viewer, article: Article) -> list[str]:
    """What the viewer may do with an article now, in the order of buttons. Looks at its versions when one waits."""
    state = article.state
    keeps, releases = (
        permissions.keeps_article(viewer, article.unit),
        permissions.releases_article(viewer, article.unit),
    )
    own = state == _WAIT and releases and isinstance(viewer, User) and viewer.pk in _writers(article)
    fits = {
        "revise": keeps,
        "submit": keeps and state == _WRITE,
        "release": releases and state == _WAIT and not own,
        "send_back": releases and state == _WAIT,
        "review": keeps and article.live_id is not None,
        "withdraw": keeps and state != ArticleState.WITHDRAWN,
    }
    return [verb for verb, fit in fits.items() if fit]


@contextmanager
def _held(viewer: Viewer, code: str, version: int) -> Iterator[tuple[User, Article]]:
    """The article, locked, as long as nobody wrote another version meanwhile."""
    user = permissions.require_writer(viewer)
    with transaction.atomic():
        article = (
            Article.objects.filter(pk__in=Article.objects.readable_by(user).values("pk"), code=code)
            .select_for_update(no_key=True, of=("self",))
            .select_related("unit", "latest", "live")
            .first()
        )
        if article is None:
            raise Missing("no_such_article", _("There is no such article, or you may not read it."))
        if article.latest is None or article.latest.number != version:
            raise Conflict("stale_version", _("Somebody changed the article meanwhile. Look at it again."))
        yield user, article


def _write(article: Article, user: User, content: Content) -> Article:
    columns = _columns(content, article.unit)
    words = Value(article_vector(content.title, content.questions, content.body, content.basis))
    made = ArticleVersion.objects.create(
        article=article,
        number=article.latest.number + 1 if article.latest else 1,
        written_by=user,
        words=Cast(words, SearchVectorField()),
        **columns,
    )
    article.latest = ArticleVersion.objects.select_related("region", "written_by").get(pk=made.pk)
    return _step(article, ArticleVerb.DRAFT, user, state=_WRITE)


def _columns(content: Content, owner: Unit) -> dict[str, object]:
    """The columns of a version; Invalid at the field that does not hold."""
    columns: dict[str, object] = {
        name: required_text(getattr(content, name), name) for name in ("title", "body", "basis")
    }
    topics = " ".join(dict.fromkeys(content.topics.split()))
    if topics and not re.fullmatch(TOPICS.regex, topics):
        message = str(TOPICS.message)
        raise Invalid("bad_topics", message, {"topics": message})
    if content.valid_to and content.valid_to < content.valid_from:
        message = _("The last day lies before the first.")
        raise Invalid("bad_days", message, {"valid_to": message})
    _require_place(content.region, owner)
    lines = [line.strip() for line in content.questions.splitlines()]
    return columns | {
        "questions": "\n".join(line for line in lines if line),
        "topics": topics,
        "region_id": content.region or None,
        "source": content.source.strip(),
        "valid_from": content.valid_from,
        "valid_to": content.valid_to,
    }


def _require_place(region: str, owner: Unit) -> None:
    """A unit speaks for its own region and below; for everywhere only one of a province."""
    own = scope_prefix(owner.region_id)
    if region and not Region.objects.filter(pk=region).exists():
        message = _("There is no such region.")
    elif not region.startswith(own) and not (region == "" and len(own) == PROVINCE):
        message = _("Choose the region of the unit that keeps the article, or one below it.")
    else:
        return
    raise Invalid("wrong_region", message, {"region": message})


def _step(
    article: Article, verb: ArticleVerb, user: User, note: str = "", state: ArticleState | None = None
) -> Article:
    version = article.latest
    if version is None:
        raise Conflict("wrong_state", _("The article has no text yet."))
    article.state = state or article.state
    article.save()
    ArticleStep.objects.create(
        article=article, version=version, writer=version.written_by, verb=verb, actor=user, note=note
    )
    return article


def _owner(user: User, unit: int | None) -> Unit:
    if unit is None and user.unit:
        return user.unit
    known = Unit.objects.filter(pk=unit) if unit else Unit.objects.filter(bureau=HOTLINE, region=user.region_id)
    owner = known.first()
    if owner is None:
        message = _("Choose the unit that keeps the article.")
        raise Invalid("no_unit", message, {"unit": message})
    return owner


def _writers(article: Article) -> set[int]:
    """Who wrote anything since the version that is read now."""
    since = article.live.number if article.live else 0
    return set(article.versions.filter(number__gt=since).values_list("written_by", flat=True))


def _require_keeper(user: User, article: Article) -> None:
    if not permissions.keeps_article(user, article.unit):
        raise Forbidden("not_allowed", _("You may not write for this unit."))


def _require_releaser(user: User, article: Article) -> None:
    if not permissions.releases_article(user, article.unit):
        raise Forbidden("not_allowed", _("You may not release articles of this unit."))


def _require_state(article: Article, *states: ArticleState) -> None:
    if article.state not in states:
        raise Conflict("wrong_state", _("The article has moved on; this step no longer fits."))


def _half_a_year_on(day: date) -> date:
    months = day.month - 1 + REVIEW_MONTHS
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
