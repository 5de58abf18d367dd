"""Why and matters over HTTP: offsets that fit the text as shown, matters with their bureaus, a fixed cost."""

from __future__ import annotations

import pytest

import classifier
from complaints import actions
from complaints.actions.closer_look import look_closer
from complaints.models import AnswerRole, CaseEmbedding, Prediction
from tests import make
from tests.complaints.test_triage import settled

pytestmark = pytest.mark.django_db

TWO = (
    "一、楼下烧烤店的油烟直接排到我家窗户，关着窗都呛人，要求装净化设备。"
    "二、小区3号电梯上周两次困人，年检标志是前年的，要求停梯检修。"
)
THIRD = "三、在门口超市买的牛奶已经过期三天，孩子喝了拉肚子，要求赔偿。"
WITH_NUMBERS = "请打我电话13812341234😀，买的牛奶已经过期三天，孩子喝了拉肚子，要求退款赔偿"


def get(viewer, case, path):
    response = make.client(viewer).get(f"/api/v1/cases/{case.number}/{path}")
    assert response.status_code == 200, response.content
    return response.json()


def test_the_phrases_behind_a_topic_stand_where_it_says_in_the_masked_text_and_the_title():
    case = settled(make.case(WITH_NUMBERS, title="超市卖过期牛奶"))
    shown = make.client(make.dispatcher()).get(f"/api/v1/cases/{case.number}/").json()
    assert "13812341234" not in shown["text"]
    why = get(make.dispatcher(), case, "why/")
    assert why["topic"] == {"code": case.topic, "name": shown["topic"]["name"]}
    assert why["model_version"] == classifier.active().version
    assert 1 <= len(why["phrases"]) <= 6
    for phrase in why["phrases"]:
        assert shown[phrase["part"]][phrase["start"] : phrase["end"]] == phrase["text"]
    assert any("过期" in phrase["text"] for phrase in why["phrases"])
    assert [phrase["weight"] for phrase in why["phrases"]] == sorted(
        (phrase["weight"] for phrase in why["phrases"]), reverse=True
    )


def test_another_topic_can_be_asked_about_but_not_an_unknown_one():
    case = settled(make.case(TWO))
    fume, lift = (get(make.dispatcher(), case, f"why/?topic={code}") for code in ("V05", "P10"))
    assert "油烟" in "".join(phrase["text"] for phrase in fume["phrases"])
    assert "电梯" in "".join(phrase["text"] for phrase in lift["phrases"])
    refused = make.client(make.dispatcher()).get(f"/api/v1/cases/{case.number}/why/?topic=Z99")
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_topic")


def test_two_matters_are_stored_with_the_prediction_and_shown_with_their_bureaus():
    case = settled(make.case(TWO, title="两件事"))
    assert len(case.predictions.get(role=AnswerRole.SERVED).matters) == 2
    first, second = get(make.dispatcher(), case, "matters/")["matters"]
    assert (first["topic"]["code"], second["topic"]["code"]) == ("V05", "P10")
    assert first["text"] == TWO[first["start"] : first["end"]]
    assert "油烟" in first["text"]
    assert "困人" in second["text"]
    assert second["lead"] == {"id": make.unit("samr").pk, "name": make.unit("samr").name}
    assert first["lead"]["id"] != second["lead"]["id"]
    assert first["topic"]["name"]


def test_without_a_region_nobody_is_named():
    case = settled(make.case(TWO, region=""))
    assert [matter["lead"] for matter in get(make.dispatcher(), case, "matters/")["matters"]] == [None, None]


def test_one_matter_is_no_list():
    case = settled(make.case())
    assert get(make.dispatcher(), case, "matters/") == {"matters": []}


def test_a_case_that_waits_for_triage_has_no_matters_yet_but_can_be_explained():
    case = make.case()
    assert get(make.dispatcher(), case, "matters/") == {"matters": []}
    assert get(make.dispatcher(), case, "why/")["topic"]["code"] == "P01"


def test_they_cost_a_fixed_number_of_queries(django_assert_num_queries, django_assert_max_num_queries):
    two, three = settled(make.case(TWO)), settled(make.case(TWO + THIRD))
    said = two.predictions.get().matters
    third = {"start": len(TWO), "end": len(TWO + THIRD), "topic": "P01", "probability": 0.9}
    three.predictions.update(matters=[*said, third])  # whatever the model found
    client = make.client(make.dispatcher())
    client.get(f"/api/v1/cases/{two.number}/why/")
    with django_assert_num_queries(4):  # session, user, case, names of topics
        client.get(f"/api/v1/cases/{two.number}/why/")
    with django_assert_max_num_queries(16) as counted:  # the same, the prediction, routing's, the units
        assert len(client.get(f"/api/v1/cases/{two.number}/matters/").json()["matters"]) == 2
    with django_assert_num_queries(len(counted)):
        assert len(client.get(f"/api/v1/cases/{three.number}/matters/").json()["matters"]) == 3


class Broken:
    """A model that classifies, and fails at everything else."""

    version = "broken"
    labels = ("P01",)

    def __init__(self) -> None:
        self.calls = 0

    def classify(self, messages):
        raise RuntimeError("out of order")

    def embeddings(self, messages):
        raise RuntimeError("out of order")


def test_what_fails_beside_the_prediction_is_left_empty():
    [look] = look_closer(Broken(), [classifier.Message(TWO)])
    assert (look.version, look.matters, look.vector) == ("broken", [], None)
    case = make.case(TWO)
    look.store(case)
    assert not CaseEmbedding.objects.exists()


def test_a_model_without_embeddings_still_triages(monkeypatch):
    baseline = classifier.open_model(classifier.registry.BASELINE)
    monkeypatch.setattr("classifier.registry._loaded", classifier.registry._Loaded(baseline))
    case = settled(make.case())
    assert case.state == "dispatched"
    assert Prediction.objects.get(case=case).model_version == baseline.version
    assert not CaseEmbedding.objects.exists()
    with pytest.raises(ValueError, match="no embeddings"):
        actions.embed_batch()
    assert get(make.dispatcher(), case, "similar/") == {"results": []}
    assert any("过期" in phrase["text"] for phrase in get(make.dispatcher(), case, "why/")["phrases"])
