"""A person's word about a topic: who gives it, when there is none, and that it is never taken back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from complaints import actions
from complaints.errors import DomainError
from complaints.models import Case, TopicLabel
from tests import make

pytestmark = pytest.mark.django_db


def triaged(text: str = make.MILK, **more: str) -> Case:
    case = make.case(text, **more)
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    return case


def give(case: Case, topic: str, *, unit: str = "samr", second: str = "") -> TopicLabel | None:
    case.refresh_from_db()
    actions.dispatch(
        make.dispatcher(), case.number, case.version, lead=make.unit(unit).pk, topic=topic, second=second, reason="核过"
    )
    case.refresh_from_db()
    return case.topic_labels.order_by("-pk").first()


def test_what_was_routed_and_never_looked_at_carries_no_label(shipped):
    case = triaged()
    assert case.state == "dispatched"
    assert case.predictions.get().auto_routed
    assert not TopicLabel.objects.exists()


def test_a_dispatcher_confirms_or_corrects_and_the_newest_word_counts(shipped):
    case = triaged()
    said = case.predictions.get()
    confirmed = give(case, "P01")
    assert (confirmed.origin, confirmed.topic, confirmed.domain) == ("confirm", "P01", "product")
    assert confirmed.prediction == said
    assert (confirmed.reason, confirmed.second) == ("核过", "")
    corrected = give(case, "S03", second="P01")
    assert (corrected.origin, corrected.topic, corrected.domain) == ("correct", "S03", "service")
    assert corrected.second == "P01"
    assert list(TopicLabel.objects.newest()) == [corrected]


def test_before_any_answer_the_word_judges_none(shipped):
    label = give(make.case(), "P01")
    assert (label.origin, label.prediction) == ("dispatch", None)


def test_giving_a_case_back_is_no_word_on_its_topic_but_giving_it_out_anew_is(shipped):
    case = triaged()
    actions.return_case(make.officer(), case.number, case.version, ground_code="not_our_duty", reason="不归我局")
    assert not TopicLabel.objects.exists()
    label = give(case, "S03", unit="transport")
    assert (label.origin, label.prediction.topic, label.topic) == ("correct", "P01", "S03")


def test_a_ruling_is_a_word_on_the_topic(shipped):
    case = triaged()
    actions.open_adjudication(make.dispatcher(), case.number, case.version, "两家推诿")
    case.refresh_from_db()
    actions.adjudicate(
        make.dispatcher(), case.number, case.version, lead=make.unit().pk, topic="S03", basis="三定规定", reason="裁定"
    )
    label = TopicLabel.objects.get(case=case)
    assert (label.origin, label.topic, label.prediction.topic) == ("adjudication", "S03", "P01")


def test_who_names_no_topic_has_said_nothing_of_it(shipped):
    assert give(triaged(), "") is None


@pytest.mark.parametrize(("topic", "second", "lead"), [("Z99", "", 0), ("P01", "Z99", 0), ("P01", "", 10**8)])
def test_a_refused_dispatch_leaves_no_label(shipped, topic, second, lead):
    case = triaged()
    with pytest.raises(DomainError):
        actions.dispatch(
            make.dispatcher(), case.number, case.version, lead=lead or make.unit().pk, topic=topic, second=second,
            reason="核过",
        )  # fmt: skip
    case.refresh_from_db()
    assert (case.topic, case.version) == ("P01", 2)
    assert not TopicLabel.objects.exists()


def test_labels_are_never_changed_or_deleted(shipped):
    label = give(triaged(), "P01")
    for change in (lambda: TopicLabel.objects.update(topic="S03"), lambda: TopicLabel.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert TopicLabel.objects.get() == label
    assert TopicLabel.objects.get().topic == "P01"
