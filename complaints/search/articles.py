"""Finding knowledge articles: by the words somebody typed, and by those of a complaint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from complaints import keyset
from complaints.models import Article, ArticleState, Viewer
from complaints.models.article import in_force
from complaints.search.words import Query, lexemes, quoted, vector

CAP: Final = 500  # hits of a search
MOST_WORDS: Final = 60  # of a complaint's words that are compared
STRONG: Final = 3  # what a word of the title or of a question counts; one of the text counts 1
# Words that stand in most complaints and so say nothing about which
_COMMON_WORDS: Final = """
我们 你们 他们 要求 投诉 举报 反映 希望 处理 部门 相关 有关 问题 现在 已经 没有 可以 不能 怎么 什么 为什么
如何 这个 那个 时候 今天 昨天 明天 小时 多次 一直 但是 因为 所以 请问 帮忙 尽快 核实 解决 情况 位于 附近 市民
来电 联系 电话 商家 老板 购买 表示 认为 进行 就是 还是 不是 一个 自己 公司 单位 知道 应该 需要 东西 人员 工作
工作人员
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


def article_vector(title: str, questions: str, body: str, basis: str) -> str:
    """What an article is found by; words of the title weigh most, then those of the other wordings."""
    strong, asked = lexemes(title), lexemes(questions)
    rest = lexemes(f"{body}\n{basis}") - asked
    return " ".join([vector(rest, strong), *(f"{quoted(word)}:2B" for word in asked - strong)])


def matching(query: Query) -> dict[int, float]:
    """Versions that hold every word of a query, and how well each fits."""
    if not query.words:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, ts_rank(words, q) FROM complaints_articleversion, CAST(%s AS tsquery) q WHERE words @@ q",
            [query.tsquery],
        )
        return dict(cursor.fetchall())


def resembling(text: str, versions: Iterable[int]) -> dict[int, int]:
    """How much of these versions a complaint's words touch: the count of words that both have, strong ones STRONG."""
    words = sorted(word for word in lexemes(text) - _COMMON if len(word) > 1)[:MOST_WORDS]
    among = list(versions)
    if not words or not among:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT v.id, sum(CASE WHEN w.weights && '{A,B}' THEN %s ELSE 1 END)
            FROM complaints_articleversion v, unnest(v.words) w
            WHERE v.id = ANY(%s) AND w.lexeme = ANY(%s) GROUP BY v.id
            """,
            [STRONG, among, words],
        )
        return {pk: int(score) for pk, score in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of articles is narrowed to; "" for no wish. state "": in force now; due: past its review or its
    last day; else one of ArticleState."""

    q: str = ""
    topic: str = ""
    region: str = ""
    state: str = ""

    @property
    def path(self) -> str:
        """The version that such a list shows: what is read, or what is being written."""
        return "latest" if self.state in (ArticleState.DRAFT, ArticleState.WAITING, ArticleState.WITHDRAWN) else "live"


def find_articles(viewer: Viewer, asked: Asked, cursor: str, limit: int) -> tuple[list[Article], str | None]:
    """A page, each article with `shown`, and the cursor of the next one: the best fits first, without words the newest
    first. Raises Invalid for a cursor that is none."""
    rows = _narrowed(Article.objects.readable_by(viewer), asked)
    if not asked.q.strip():
        page, following = keyset.NEWEST.page(_with_all(rows, asked), cursor, limit)
        return _shown(page, asked), following
    ranks = matching(Query.parse(asked.q))
    hits = rows.filter(**{f"{asked.path}__in": list(ranks)}).values_list("pk", asked.path)
    order = sorted(((-round(ranks[version] * 1e6), pk) for pk, version in hits))[:CAP]
    if cursor:
        rank, last = keyset.numbers(cursor)
        order = [key for key in order if key > (-rank, last)]
    found = _with_all(Article.objects.all(), asked).in_bulk([pk for _rank, pk in order[:limit]])
    following = f"{-order[limit - 1][0]}.{order[limit - 1][1]}" if len(order) > limit else None
    return _shown([found[pk] for _rank, pk in order[:limit]], asked), following


def _narrowed(rows: QuerySet[Article], asked: Asked) -> QuerySet[Article]:
    today, path = timezone.localdate(), asked.path
    if asked.state == "due":
        rows = rows.filter(due_for_review(), live__isnull=False)
    elif asked.state:
        rows = rows.filter(state=asked.state)
    else:
        rows = rows.filter(in_force(today))
    if asked.topic:
        codes = Q(**{f"{path}__topics__contains": asked.topic})
        rows = rows.filter(codes | Q(**{f"{path}__topics__regex": f"(^| ){asked.topic[:1]}( |$)"}))
    if asked.region:
        over = [asked.region, f"{asked.region[:4]}00", f"{asked.region[:2]}0000"]
        rows = rows.filter(Q(**{f"{path}__region__isnull": True}) | Q(**{f"{path}__region__in": over}))
    return rows


def due_for_review() -> Q:
    """Past the day of its review, or past its last day in force."""
    today = timezone.localdate()
    return Q(review_due__lt=today) | Q(live__valid_to__lt=today)


def _with_all(rows: QuerySet[Article], asked: Asked) -> QuerySet[Article]:
    return rows.select_related("unit", f"{asked.path}__region").annotate(
        helped=Count("votes", filter=Q(votes__helpful=True)), failed=Count("votes", filter=Q(votes__helpful=False))
    )


def _shown(rows: list[Article], asked: Asked) -> list[Article]:
    for row in rows:
        made: Any = row
        made.shown = getattr(row, asked.path)
    return rows
