"""Knowledge articles as they are read and written."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.models import Article, ArticleStep, ArticleVersion, WhyNot
from complaints.serializers.fields import PlainText
from complaints.serializers.incoming import MAX_TEXT
from complaints.serializers.reference import Named, UnitRef

MAX_BODY = 20_000
SUMMARY = 90  # characters
REGION = r"^(\d{6})?$"
ContentDict = dict[str, Any]


class PieceOut(serializers.Serializer[Any]):
    text = serializers.CharField()
    hit = serializers.BooleanField()


class ArticleHitsOut(serializers.Serializer[Any]):
    """The title, and a piece of the text round its first hit, cut into hits and the rest; [] where there is none."""

    title = PieceOut(many=True)
    text = PieceOut(many=True)


def plain(body: str) -> str:
    """The text of an article in one line, without its marks."""
    lines = (re.sub(r"^(## |- |\d+\. )", "", line.strip()) for line in body.split("\n"))
    return " ".join(line for line in lines if line).replace("**", "")


def topic_list(version: ArticleVersion, names: dict[str, str]) -> list[Named]:
    """Topics by code and name; a whole domain is one letter and has its name from the page."""
    return [{"code": code, "name": names.get(code, "")} for code in version.topics.split()]


class ArticleOut(serializers.Serializer[Any]):
    """A line of a list. `shown` of the article is the version it tells of; context: topics (names by code), and hits
    by code of article where words were looked for."""

    code = serializers.CharField()
    title = serializers.CharField(source="shown.title")
    topics = serializers.SerializerMethodField()
    region = serializers.SerializerMethodField()
    unit = UnitRef()
    state = serializers.CharField()
    state_name = serializers.CharField(source="get_state_display")
    valid_from = serializers.DateField(source="shown.valid_from")
    valid_to = serializers.DateField(source="shown.valid_to", allow_null=True)
    review_due = serializers.DateField(allow_null=True)
    expired = serializers.SerializerMethodField(help_text="past its last day")
    review_overdue = serializers.SerializerMethodField()
    hits = serializers.IntegerField()
    helped = serializers.IntegerField()
    failed = serializers.IntegerField()
    highlights = serializers.SerializerMethodField()

    def get_topics(self, article: Any) -> list[Named]:
        return topic_list(article.shown, self.context["topics"])

    def get_region(self, article: Any) -> Named | None:
        region = article.shown.region
        return {"code": region.code, "name": region.full_name} if region else None

    def get_expired(self, article: Any) -> bool:
        return bool(article.shown.valid_to and article.shown.valid_to < timezone.localdate())

    def get_review_overdue(self, article: Any) -> bool:
        return bool(article.review_due and article.review_due < timezone.localdate())

    @extend_schema_field(ArticleHitsOut(allow_null=True))
    def get_highlights(self, article: Any) -> ContentDict | None:
        found: dict[str, ContentDict] = self.context.get("hits", {})
        return found.get(article.code)


class ArticlePage(serializers.Serializer[Any]):
    results = ArticleOut(many=True)
    next = serializers.CharField(allow_null=True)
    may_write = serializers.BooleanField()


class ContentOut(serializers.ModelSerializer[ArticleVersion]):
    """One version. written_by: only for those who keep or release the article."""

    version = serializers.IntegerField(source="number")
    questions = serializers.ListField(source="wordings", child=serializers.CharField())
    topics = serializers.SerializerMethodField()
    region = serializers.SerializerMethodField()
    written_by = serializers.SerializerMethodField()

    class Meta:
        model = ArticleVersion
        fields = [
            "version", "title", "questions", "body", "topics", "region", "basis", "source", "valid_from", "valid_to",
            "written_by", "written_at",
        ]  # fmt: skip

    def get_topics(self, version: ArticleVersion) -> list[Named]:
        return topic_list(version, self.context["topics"])

    def get_region(self, version: ArticleVersion) -> Named | None:
        return {"code": version.region.code, "name": version.region.full_name} if version.region else None

    def get_written_by(self, version: ArticleVersion) -> str:
        return str(version.written_by) if self.context.get("inside") else ""


class ArticleStepOut(serializers.ModelSerializer[ArticleStep]):
    verb_name = serializers.CharField(source="get_verb_display")
    actor = serializers.CharField()
    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = ArticleStep
        fields = ["verb", "verb_name", "actor", "version", "note", "at"]


class VotesOut(serializers.Serializer[Any]):
    """reasons: how often each was given by those whom it did not help; comments only for those inside."""

    helped = serializers.IntegerField()
    failed = serializers.IntegerField()
    reasons = serializers.DictField(child=serializers.IntegerField())
    comments = serializers.ListField(child=serializers.CharField())


class ArticleDetail(serializers.Serializer[Any]):
    """live: what is read. latest: what was written last, steps: who did what; both only for those inside, who keep or
    release it. actions: what the viewer may do now."""

    code = serializers.CharField()
    unit = UnitRef()
    state = serializers.CharField()
    state_name = serializers.CharField(source="get_state_display")
    review_due = serializers.DateField(allow_null=True)
    review_overdue = serializers.SerializerMethodField()
    expired = serializers.SerializerMethodField()
    hits = serializers.IntegerField()
    live = ContentOut(allow_null=True)
    latest = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    votes = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    def get_review_overdue(self, article: Article) -> bool:
        return bool(article.review_due and article.review_due < timezone.localdate())

    def get_expired(self, article: Article) -> bool:
        return bool(article.live and article.live.valid_to and article.live.valid_to < timezone.localdate())

    @extend_schema_field(ContentOut(allow_null=True))
    def get_latest(self, article: Article) -> ContentDict | None:
        return dict(ContentOut(article.latest, context=self.context).data) if self.context["inside"] else None

    @extend_schema_field(ArticleStepOut(many=True))
    def get_steps(self, article: Article) -> list[ContentDict]:
        if not self.context["inside"]:
            return []
        steps = article.steps.select_related("actor", "version").order_by("-pk")
        return [dict(row) for row in ArticleStepOut(steps, many=True).data]

    @extend_schema_field(VotesOut)
    def get_votes(self, article: Article) -> ContentDict:
        votes = list(article.votes.values_list("helpful", "reason", "comment"))
        reasons = [reason for helpful, reason, _comment in votes if not helpful]
        inside = self.context["inside"]
        told = {
            "helped": len(votes) - len(reasons),
            "failed": len(reasons),
            "reasons": {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)},
            "comments": [comment for _helpful, _reason, comment in votes if comment] if inside else [],
        }
        return dict(VotesOut(told).data)

    def get_actions(self, article: Article) -> list[str]:
        return list(self.context["actions"])


class ContentIn(serializers.Serializer[Any]):
    """What somebody wrote. questions: other wordings of the question, one each; topics: codes, or a domain's letter."""

    title = PlainText(max_length=80)
    questions = serializers.ListField(child=PlainText(max_length=80), max_length=20, required=False, default=list)
    body = PlainText(max_length=MAX_BODY)
    topics = serializers.ListField(
        child=serializers.RegexField(re.compile(r"^[PESV](\d\d)?$")), max_length=20, required=False, default=list
    )
    region = serializers.RegexField(REGION, required=False, default="", allow_blank=True)
    basis = PlainText(max_length=2000)
    source = PlainText(max_length=200, required=False, default="", allow_blank=True)  # type: ignore[assignment]
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, default=None, allow_null=True)


class ArticleIn(ContentIn):
    unit = serializers.IntegerField(required=False, default=None, allow_null=True, min_value=1)


class RevisionIn(ContentIn):
    version = serializers.IntegerField(min_value=1, help_text="the newest version as it was shown")


class ArticleMoveIn(serializers.Serializer[Any]):
    """reason: asked for by send_back and withdraw; a remark for review."""

    version = serializers.IntegerField(min_value=1)
    reason = PlainText(max_length=500, required=False, default="", allow_blank=True)


class VoteIn(serializers.Serializer[Any]):
    """visitor: a random number that the browser keeps; for those without an account."""

    helpful = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=WhyNot.choices, required=False, default="", allow_blank=True)
    comment = PlainText(max_length=200, required=False, default="", allow_blank=True)
    visitor = serializers.RegexField(r"^([A-Za-z0-9-]{16,64})?$", required=False, default="", allow_blank=True)


class SuggestIn(serializers.Serializer[Any]):
    """A complaint's words, sent in the body: an address would stand in logs."""

    text = PlainText(max_length=MAX_TEXT, required=False, default="", allow_blank=True)
    topic = serializers.RegexField(r"^([PESV]\d\d)?$", required=False, default="", allow_blank=True)
    region = serializers.RegexField(REGION, required=False, default="", allow_blank=True)


class SuggestedOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField(source="live.title")
    summary = serializers.SerializerMethodField()
    basis = serializers.CharField(source="live.basis")
    review_overdue = serializers.SerializerMethodField()

    def get_summary(self, article: Any) -> str:
        """How its text begins."""
        text = plain(article.live.body)
        return text if len(text) <= SUMMARY else text[:SUMMARY] + "…"

    def get_review_overdue(self, article: Article) -> bool:
        return bool(article.review_due and article.review_due < timezone.localdate())


class SuggestionsOut(serializers.Serializer[Any]):
    results = SuggestedOut(many=True)
