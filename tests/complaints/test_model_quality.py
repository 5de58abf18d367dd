"""Live figures against values reckoned by hand: shares with their denominators, drift, groups, and who sees what."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints import actions, quality
from complaints.models import Case, Prediction, Role, TopicLabel
from complaints.models.case import Channel
from routing.models import Bureau
from tests import make

pytestmark = pytest.mark.django_db
URL = "/api/v1/model/quality/"
NOW = datetime(2026, 11, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
SINCE = NOW - timedelta(days=14)


def said(case: Case, topic: str = "P01", **more) -> Prediction:
    """A stored answer, as triage writes one."""
    domains = {"P": "product", "S": "service", "V": "environment", "E": "engineering", "X": ""}
    fields = {
        "model_version": "m-1", "confidence": 0.9, "topics": [], "intent": "complaint", "urgency": "U4",
        "urgency_hits": [], "needs_review": False, "auto_routed": False, "at": NOW - timedelta(hours=1),
    }  # fmt: skip
    return Prediction.objects.create(case=case, topic=topic, domain=domains[topic[0]], **(fields | more))


def decided(case: Case, topic: str, domain: str) -> TopicLabel:
    return TopicLabel.objects.create(case=case, topic=topic, domain=domain, by=make.dispatcher(), origin="confirm")


def asked(viewer, by: str = "none") -> list[quality.Group]:
    return quality.quality(viewer, by, SINCE, NOW)


@pytest.fixture
def chief():
    return make.user(Role.SUPERVISOR, region=make.ZHEJIANG)


@pytest.fixture
def five(chief):
    """Five cases: three judged (one right, one right in domain only, one wrong), two never looked at."""
    cases = [make.case(f"{make.MILK}，第{n}件", region=(make.XIHU, make.YINZHOU)[n % 2]) for n in range(5)]
    said(cases[0], "P01", confidence=0.95, auto_routed=True)
    said(cases[1], "P02", confidence=0.75, auto_routed=True)
    said(cases[2], "S03", confidence=0.40, needs_review=True)
    said(cases[3], "P01", confidence=0.85, auto_routed=True)
    said(cases[4], "V05", confidence=0.55, needs_review=True)
    decided(cases[0], "S08", "service")  # taken back by the next word
    for case in cases[:3]:
        decided(case, "P01", "product")
    said(cases[0], "S03", role="shadow", model_version="m-2", confidence=0.6)
    said(cases[3], "P01", role="shadow", model_version="m-2", confidence=0.8)
    said(cases[2], "P01", role="reclassified", model_version="m-3")
    said(cases[0], "P09", at=SINCE - timedelta(minutes=1), model_version="m-0")  # before the period
    return cases


def test_shares_with_what_they_are_shares_of(five, chief):
    [group] = asked(chief)
    served = group.served
    assert served.answers == 5
    assert served.mean_confidence == pytest.approx((0.95 + 0.75 + 0.40 + 0.85 + 0.55) / 5)
    assert (served.review.count, served.review.of, served.review.share) == (2, 5, 0.4)
    assert (served.auto_routed.count, served.auto_routed.of) == (3, 5)
    # only what a person judged can be right: three of the five
    assert (served.topic.count, served.topic.of) == (1, 3)
    assert (served.domain.count, served.domain.of) == (2, 3)
    assert (served.auto_domain.count, served.auto_domain.of) == (2, 2)
    assert (served.sure_domain.count, served.sure_domain.of) == (2, 2)
    assert group.shadow is not None
    assert (group.shadow.answers, group.shadow.topic.count, group.shadow.topic.of) == (2, 0, 1)
    assert (group.shadow.auto_routed.count, group.shadow.auto_domain.of) == (0, 0)
    assert group.shadow.auto_domain.share is None


def test_the_score_interval():
    eight = quality.share(8, 10)  # Wilson 1927: (0.8 + 0.1921 ± 1.96 sqrt(0.016 + 0.0096)) / 1.3841
    assert (eight.low, eight.high) == (pytest.approx(0.49016, abs=1e-5), pytest.approx(0.94332, abs=1e-5))
    all_ten = quality.share(10, 10)
    assert (all_ten.low, all_ten.high) == (pytest.approx(0.72247, abs=1e-5), pytest.approx(1.0))
    none = quality.share(0, 0)
    assert (none.share, none.low, none.high) == (None, None, None)


def test_the_stability_index():
    even, shifted = {"a": 50, "b": 50}, {"a": 80, "b": 20}
    # (0.8 - 0.5) ln 1.6 + (0.2 - 0.5) ln 0.4
    assert quality.stability_index(even, shifted) == pytest.approx(0.41589, abs=1e-5)
    assert quality.stability_index(even, even) == 0
    # a new class stands against 0.0001: (0.5 - 1) ln 0.5 + (0.5 - 0.0001) ln 5000
    assert quality.stability_index({"a": 100}, even) == pytest.approx(4.60432, abs=1e-5)
    assert quality.stability_index({"a": 29}, even) is None


def test_by_channel_region_and_bureau(five, chief):
    Case.objects.filter(pk=five[1].pk).update(channel=Channel.PHONE, lead_unit=make.unit("samr", make.YINZHOU))
    by_channel = {group.key: group for group in asked(chief, "channel")}
    assert {key: group.served.answers for key, group in by_channel.items()} == {"web": 4, "phone": 1}
    assert (by_channel["phone"].served.domain.count, by_channel["phone"].served.domain.of) == (1, 1)
    assert by_channel["web"].name == Channel.WEB.label
    by_region = {group.key: group for group in asked(chief, "region")}
    assert {key: group.served.answers for key, group in by_region.items()} == {make.XIHU: 3, make.YINZHOU: 2}
    assert "西湖区" in by_region[make.XIHU].name
    by_bureau = {group.key: group for group in asked(chief, "bureau")}
    assert {key: group.served.answers for key, group in by_bureau.items()} == {"samr": 1, "": 4}
    assert by_bureau["samr"].name == Bureau.objects.get(pk="samr").name


def test_by_week_with_drift_against_the_time_before(chief):
    case = make.case()
    monday = datetime(2026, 11, 9, tzinfo=NOW.tzinfo)
    for n in range(40):
        said(case, "P01", at=SINCE - timedelta(days=1 + n % 20), confidence=0.95)
        said(case, "P01" if n < 20 else "S03", at=monday + timedelta(hours=n), confidence=0.95 if n < 20 else 0.35)
    said(case, "P01", at=monday - timedelta(seconds=1), confidence=1.0)  # Sunday night, the week before
    weeks = {group.key: group for group in asked(chief, "week")}
    assert {key: group.served.answers for key, group in weeks.items()} == {"2026-11-02": 1, "2026-11-09": 40}
    drift = weeks["2026-11-09"].drift
    assert (drift.answers, drift.reference) == (40, 40)
    # half of what was all: (0.5 - 1) ln 0.5 + (0.5 - 0.0001) ln 5000, for topics and for tenths of confidence
    assert drift.topics == pytest.approx(4.60432, abs=1e-5)
    assert drift.confidence == pytest.approx(4.60432, abs=1e-5)
    quiet = weeks["2026-11-02"].drift
    assert (quiet.topics, quiet.answers, quiet.reference) == (None, 1, 40)


def test_only_over_cases_that_the_viewer_may_see(five):
    [here] = asked(make.user(Role.SUPERVISOR, region=make.HANGZHOU))
    assert (here.served.answers, here.served.topic.of) == (3, 2)
    assert asked(make.user(Role.SUPERVISOR, region="331100")) == []


@pytest.mark.parametrize("by", sorted(quality.BY))
def test_a_few_queries_whatever_there_is(five, chief, by, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        assert asked(chief, by)


def test_over_http(five, chief):
    client = make.client(chief)
    span = {"since": SINCE.isoformat(), "until": NOW.isoformat()}
    answer = client.get(URL, {"by": "region", **span}).json()
    assert datetime.fromisoformat(answer["since"]) - datetime.fromisoformat(answer["reference_since"]) == timedelta(28)
    xihu = next(group for group in answer["groups"] if group["key"] == make.XIHU)
    assert xihu["served"]["topic"]["of"] == 2
    assert xihu["served"]["topic"]["share"] == 0.5
    assert client.get(URL).json()["groups"] is not None
    assert client.get(URL, {"by": "moon"}).status_code == 400
    assert client.get(URL, {"since": NOW.isoformat(), "until": SINCE.isoformat()}).status_code == 400
    for viewer in (make.dispatcher(), make.officer(), make.user(Role.PARTNER)):
        assert make.client(viewer).get(URL).status_code == 403
    assert make.client().get(URL).status_code == 401


def test_the_pulse(shipped):
    cases = [make.case(f"{make.MILK}，第{n}件") for n in range(3)]
    while actions.triage_waiting():
        pass
    for case, topic in zip(cases, ("P01", "P01", "S03"), strict=True):
        case.refresh_from_db()
        actions.dispatch(make.dispatcher(), case.number, case.version, lead=make.unit().pk, topic=topic, reason="核过")
    make.case()
    now = quality.pulse()
    assert now.by_answer == {("served", shipped, "P01", False): 3}
    assert (now.right, now.wrong, now.waiting) == (2, 1, 1)
    assert 0 <= now.oldest < 60
