"""The knowledge base: read by everybody, kept by those who answer for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from complaints import permissions
from complaints.actions import knowledge
from complaints.errors import Invalid, Missing
from complaints.models import Article, Viewer
from complaints.models.article import ArticleState
from complaints.search.articles import Asked, find_articles
from complaints.search.words import MAX_TYPED, Query, highlight
from complaints.serializers.knowledge import (
    ArticleDetail,
    ArticleIn,
    ArticleMoveIn,
    ArticleOut,
    ArticlePage,
    RevisionIn,
    SuggestIn,
    SuggestionsOut,
    VoteIn,
    plain,
)
from complaints.serializers.outgoing import topic_names
from complaints.serializers.reference import ProblemOut

PAGE: Final = 30
STATES: Final = ("due", *ArticleState.values)
MOVES: Final[dict[str, Callable[..., Article]]] = {
    "submit": knowledge.submit,
    "release": knowledge.release,
    "send_back": knowledge.send_back,
    "review": knowledge.review,
    "withdraw": knowledge.withdraw,
}
EXPLAINED: Final = ("send_back", "review", "withdraw")
_REFUSALS: Final[dict[int, Any]] = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}


class KnowledgeThrottle(AnonRateThrottle):
    """For those without an account; staff are not counted."""

    scope = "knowledge"


class KnowledgeView(APIView):
    """Everybody reads; without an account an address may only ask so often."""

    permission_classes = [AllowAny]
    throttle_classes = [KnowledgeThrottle]


def _content(given: dict[str, Any]) -> knowledge.Content:
    """The shape of the input as the action takes it."""
    lists: dict[str, Any] = {"questions": "\n".join(given.pop("questions")), "topics": " ".join(given.pop("topics"))}
    return knowledge.Content(**lists, **given)


def _detail(viewer: Viewer, article: Article) -> Response:
    article = knowledge.readable(viewer, article.code)
    inside = permissions.releases_article(viewer, article.unit)
    context = {"topics": topic_names(), "inside": inside, "actions": knowledge.verbs(viewer, article)}
    return Response(ArticleDetail(article, context=context).data)


class ArticlesView(KnowledgeView):
    """The articles that one may read, and the way in for a new one."""

    @extend_schema(
        operation_id="knowledge",
        parameters=[
            *(OpenApiParameter(name) for name in ("q", "topic", "region", "cursor")),
            OpenApiParameter("state", enum=STATES, description="none: in force; due: to be looked through"),
        ],
        responses={200: ArticlePage, 400: ProblemOut, 429: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        asked = {name: request.query_params.get(name, "").replace("\x00", "") for name in Asked.__dataclass_fields__}
        if len(asked["q"]) > MAX_TYPED:
            message = _("Look for at most %(count)d characters.") % {"count": MAX_TYPED}
            raise Invalid("query_too_long", message, {"q": message})
        if asked["state"] and asked["state"] not in STATES:
            message = _("There is no such filter.")
            raise Invalid("unknown_filter", message, {"state": message})
        rows, following = find_articles(request.user, Asked(**asked), request.query_params.get("cursor", ""), PAGE)
        query = Query.parse(asked["q"])
        hits = {row.code: _hits(row, query) for row in rows} if query else {}
        context = {"topics": topic_names(), "hits": hits}
        told = {
            "results": ArticleOut(rows, many=True, context=context).data,
            "next": following,
            "may_write": permissions.writes_articles(request.user),
        }
        return Response(told)

    @extend_schema(operation_id="knowledge_draft", request=ArticleIn, responses={201: ArticleDetail, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = ArticleIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        unit = said.pop("unit")
        made = knowledge.draft(request.user, _content(said), unit)
        answer = _detail(request.user, made)
        answer.status_code = 201
        return answer


def _hits(article: Any, query: Query) -> dict[str, Any]:
    pieces = {"title": highlight(article.shown.title, query), "text": highlight(plain(article.shown.body), query)}
    return {name: [{"text": piece.text, "hit": piece.hit} for piece in found] for name, found in pieces.items()}


class ArticleView(KnowledgeView):
    """One article; reading it is counted."""

    @extend_schema(operation_id="knowledge_article", responses={200: ArticleDetail, 404: ProblemOut})
    def get(self, request: Request, code: str) -> Response:
        article = knowledge.readable(request.user, code)
        knowledge.opened(article)
        return _detail(request.user, article)

    @extend_schema(operation_id="knowledge_revise", request=RevisionIn, responses={200: ArticleDetail, **_REFUSALS})
    def patch(self, request: Request, code: str) -> Response:
        given = RevisionIn(data=request.data)
        given.is_valid(raise_exception=True)
        said = dict(given.validated_data)
        version = said.pop("version")
        return _detail(request.user, knowledge.revise(request.user, code, version, _content(said)))


class ArticleMoveView(KnowledgeView):
    """A step of an article: submit, release, send_back, review or withdraw."""

    @extend_schema(
        operation_id="knowledge_move",
        parameters=[OpenApiParameter("verb", enum=list(MOVES), location=OpenApiParameter.PATH)],
        request=ArticleMoveIn,
        responses={200: ArticleDetail, **_REFUSALS},
    )
    def post(self, request: Request, code: str, verb: str) -> Response:
        given = ArticleMoveIn(data=request.data)
        given.is_valid(raise_exception=True)
        if verb not in MOVES:
            raise Missing("no_such_step", _("There is no such step."))
        said = given.validated_data
        reason = {"reason": said["reason"]} if verb in EXPLAINED else {}
        return _detail(request.user, MOVES[verb](request.user, code, said["version"], **reason))


class ArticleVoteView(KnowledgeView):
    """Whether it helped; once a person."""

    @extend_schema(operation_id="knowledge_vote", request=VoteIn, responses={204: None, **_REFUSALS, 429: ProblemOut})
    def post(self, request: Request, code: str) -> Response:
        given = VoteIn(data=request.data)
        given.is_valid(raise_exception=True)
        knowledge.vote(request.user, code, **given.validated_data)
        return Response(status=204)


class SuggestView(KnowledgeView):
    """Articles that may answer what somebody just writes. Nothing is stored."""

    @extend_schema(
        operation_id="knowledge_suggest",
        request=SuggestIn,
        responses={200: SuggestionsOut, 400: ProblemOut, 429: ProblemOut},
    )
    def post(self, request: Request) -> Response:
        given = SuggestIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(SuggestionsOut({"results": knowledge.suggest(request.user, **given.validated_data)}).data)
