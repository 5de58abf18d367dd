"""How well the model does in life: figures over stored answers, people's labels and time, for one viewer's cases.

Only cases with a person's label say whether an answer was right; each share comes with what it is a share of and its
95 % interval (Wilson 1927). What was routed automatically and never looked at counts as neither right nor wrong.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Avg, Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Floor, Least, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import AnswerRole, Case, Prediction, TopicLabel, TriageTask, Viewer
from complaints.models.case import Channel
from routing.models import Bureau, Region

REFERENCE: Final = timedelta(days=28)  # the time before the period that drift is measured against
LEAST_FOR_DRIFT: Final = 30  # answers on either side, below which a distribution says nothing
LEAST_SHARE: Final = 0.0001  # stands for an empty class, whose logarithm does not exist
Z: Final = 1.959963984540054  # 97.5 % quantile of the normal distribution
BY: Final[Mapping[str, Combinable]] = {
    "none": Value(""),
    "channel": F("case__channel"),
    "region": Coalesce("case__region_id", Value("")),
    "bureau": Coalesce("case__lead_unit__bureau_id", Value("")),
    "week": TruncWeek("at"),
}


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`; share, low and high (95 %, Wilson) are None where `of` is 0."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one model role in one group.

    review: answers left to a person. auto_routed: cases that went to a bureau without one. topic, domain: right, of
    the cases with a label. sure_domain: the same of the answers that were not left to a person; auto_domain: of the
    cases routed without one.
    """

    answers: int = 0
    mean_confidence: float | None = None
    review: Share = field(default_factory=lambda: share(0, 0))
    auto_routed: Share = field(default_factory=lambda: share(0, 0))
    topic: Share = field(default_factory=lambda: share(0, 0))
    domain: Share = field(default_factory=lambda: share(0, 0))
    sure_domain: Share = field(default_factory=lambda: share(0, 0))
    auto_domain: Share = field(default_factory=lambda: share(0, 0))


@dataclass(frozen=True, slots=True)
class Drift:
    """Population stability index of topics and of confidence (ten bins) against the reference; None: too few."""

    topics: float | None
    confidence: float | None
    answers: int
    reference: int


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    name: str
    served: Figures
    shadow: Figures | None
    drift: Drift


def share(count: int, of: int) -> Share:
    """A share with its 95 % score interval (Wilson 1927)."""
    if not of:
        return Share(count, of, None, None, None)
    p, z2 = count / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(count, of, p, max(middle - half, 0.0), min(middle + half, 1.0))


def stability_index(reference: Mapping[Any, int], now: Mapping[Any, int]) -> float | None:
    """Population stability index, sum of (p - q) ln(p / q); under 0.1 is calm, over 0.25 a shift. None: too few."""
    total, before = sum(now.values()), sum(reference.values())
    if min(total, before) < LEAST_FOR_DRIFT:
        return None
    index = 0.0
    for key in {*reference, *now}:
        p = max(now.get(key, 0) / total, LEAST_SHARE)
        q = max(reference.get(key, 0) / before, LEAST_SHARE)
        index += (p - q) * math.log(p / q)
    return index


def quality(viewer: Viewer, by: str, since: datetime, until: datetime) -> list[Group]:
    """Figures of the answers given from `since` until before `until`, by group, over what the viewer may see."""
    answers = Prediction.objects.filter(case__in=Case.objects.visible_to(viewer)).order_by()
    period = answers.filter(at__gte=since, at__lt=until, role__in=[AnswerRole.SERVED, AnswerRole.SHADOW])
    given = {(row["key"], row["role"]): row for row in _given(period, by)}
    judged = {(row["key"], row["role"]): row for row in _judged(period, by)}
    drifts = _drifts(answers.filter(role=AnswerRole.SERVED, at__gte=since - REFERENCE, at__lt=until), by, since)
    keys = sorted({key for key, _role in given})
    names = _names(by, keys)
    groups = []
    for key in keys:
        served, shadow = (
            _figures(given.get((key, role)), judged.get((key, role), {}))
            for role in (AnswerRole.SERVED, AnswerRole.SHADOW)
        )
        text = _text(key)
        groups.append(Group(text, names.get(text, text), served or Figures(), shadow, drifts(key)))
    return groups


def _given(period: QuerySet[Prediction], by: str) -> Iterable[Mapping[str, Any]]:
    return (
        period.annotate(key=BY[by])
        .values("key", "role")
        .annotate(
            answers=Count("pk"),
            review=Count("pk", filter=Q(needs_review=True)),
            auto=Count("pk", filter=Q(auto_routed=True)),
            mean=Avg("confidence"),
        )
    )


def _judged(period: QuerySet[Prediction], by: str) -> Iterable[Mapping[str, Any]]:
    """Answers to cases that carry a label, beside the newest label."""
    right_domain = Q(domain=F("case__topic_labels__domain"))
    return (
        period.filter(case__topic_labels__in=TopicLabel.objects.newest().values("pk"))
        .annotate(key=BY[by])
        .values("key", "role")
        .annotate(
            labelled=Count("pk"),
            right_topic=Count("pk", filter=Q(topic=F("case__topic_labels__topic"))),
            right_in_domain=Count("pk", filter=right_domain),
            sure=Count("pk", filter=Q(needs_review=False)),
            sure_right=Count("pk", filter=right_domain & Q(needs_review=False)),
            auto=Count("pk", filter=Q(auto_routed=True)),
            auto_right=Count("pk", filter=right_domain & Q(auto_routed=True)),
        )
    )


def _figures(given: Mapping[str, Any] | None, judged: Mapping[str, Any]) -> Figures | None:
    if given is None:
        return None
    answers, labels = given["answers"], judged.get("labelled", 0)
    return Figures(
        answers=answers,
        mean_confidence=given["mean"],
        review=share(given["review"], answers),
        auto_routed=share(given["auto"], answers),
        topic=share(judged.get("right_topic", 0), labels),
        domain=share(judged.get("right_in_domain", 0), labels),
        sure_domain=share(judged.get("sure_right", 0), judged.get("sure", 0)),
        auto_domain=share(judged.get("auto_right", 0), judged.get("auto", 0)),
    )


def _drifts(answers: QuerySet[Prediction], by: str, since: datetime) -> Any:
    """A function from a group's key to its drift. Weeks are all measured against the one time before the period;
    other groups each against their own."""
    tenth = Least(Cast(Floor(F("confidence") * 10), IntegerField()), Value(9))
    now = ExpressionWrapper(Q(at__gte=since), output_field=IntegerField())
    rows = (
        answers.annotate(key=BY[by], now=now, tenth=tenth)
        .values_list("key", "now", "topic", "tenth")
        .annotate(count=Count("pk"))
    )
    topics: dict[tuple[Any, bool], Counter[str]] = defaultdict(Counter)
    tenths: dict[tuple[Any, bool], Counter[int]] = defaultdict(Counter)
    for key, is_now, topic, in_tenth, count in rows:
        at = (None if by == "week" and not is_now else key, bool(is_now))
        topics[at][topic] += count
        tenths[at][in_tenth] += count

    def drift(key: Any) -> Drift:
        before, at = (None if by == "week" else key, False), (key, True)
        return Drift(
            stability_index(topics[before], topics[at]),
            stability_index(tenths[before], tenths[at]),
            topics[at].total(),
            topics[before].total(),
        )

    return drift


def _text(key: Any) -> str:
    return timezone.localtime(key).date().isoformat() if isinstance(key, datetime) else str(key)


def _names(by: str, keys: Iterable[Any]) -> dict[str, str]:
    """What groups are called; a week is called by its Monday."""
    if by == "channel":
        return {value: str(label) for value, label in Channel.choices}
    if by == "region":
        regions = Region.objects.filter(code__in=list(keys))
        return {region.code: region.full_name for region in regions} | {"": _("place unknown")}
    if by == "bureau":
        return dict(Bureau.objects.filter(pk__in=list(keys)).values_list("pk", "name")) | {"": _("no bureau yet")}
    return {}


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a monitoring system asks every few seconds. by_answer: answers of the last day by role, model, topic and
    needs_review. right, wrong: labels of the last 30 days that agree with the served topic or not. oldest: seconds."""

    by_answer: Mapping[tuple[str, str, str, bool], int]
    right: int
    wrong: int
    waiting: int
    oldest: float


def pulse() -> Pulse:
    """Four queries over what indexes find."""
    now = timezone.now()
    given = (
        Prediction.objects.filter(role__in=AnswerRole.values, at__gte=now - timedelta(days=1))
        .order_by()
        .values_list("role", "model_version", "topic", "needs_review")
        .annotate(count=Count("pk"))
    )
    labels = TopicLabel.objects.filter(at__gte=now - timedelta(days=30), prediction__isnull=False).aggregate(
        right=Count("pk", filter=Q(prediction__topic=F("topic"))), all=Count("pk")
    )
    tasks = list(TriageTask.objects.order_by("created_at").values_list("created_at", flat=True)[:1])
    return Pulse(
        by_answer={(role, model, topic, review): count for role, model, topic, review, count in given},
        right=labels["right"],
        wrong=labels["all"] - labels["right"],
        waiting=TriageTask.objects.count(),
        oldest=(now - tasks[0]).total_seconds() if tasks else 0.0,
    )
