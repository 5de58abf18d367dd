"""From a folder to the serving model and back: the gate's refusals, the worker that follows, the shadow kept apart."""

from __future__ import annotations

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

import classifier
from complaints import actions
from complaints.actions import gate, serving
from complaints.errors import DomainError, Forbidden
from complaints.models import AnswerRole, ModelEvent, ModelVersion, Prediction, Role, TopicLabel
from tests import make
from tests.complaints.artefacts import artefact

pytestmark = pytest.mark.django_db
API = "/api/v1/model"


@pytest.fixture
def chief():
    return make.user(Role.SUPERVISOR, region=make.ZHEJIANG)


def labelled(count: int = gate.LEAST_LABELS, topic: str = "P01", domain: str = "product") -> None:
    """Cases about spoilt milk on which a person has decided."""
    by = make.dispatcher()
    cases = [make.case(f"{make.MILK}，第{n}件") for n in range(count)]
    TopicLabel.objects.bulk_create(
        TopicLabel(case=case, topic=topic, domain=domain, by=by, origin="confirm") for case in cases
    )


def all_there_is():
    """What no refusal may change."""
    return list(ModelVersion.objects.order_by("pk").values()), ModelEvent.objects.count()


def settle(text: str = make.MILK):
    case = make.case(text)
    serving.look_again()
    while actions.triage_waiting():
        pass
    case.refresh_from_db()
    return case


def refused(chief, version: str = "new-1") -> DomainError:
    before = all_there_is()
    with pytest.raises(DomainError) as refusal:
        actions.activate(chief, version, "试用更好")
    assert all_there_is() == before
    assert settle().predictions.get(role="served").model_version == "shipped-1"
    return refusal.value


def test_the_shipped_model_registers_itself_and_serves_without_any_row(shipped):
    assert settle().predictions.get().model_version == shipped
    assert not ModelVersion.objects.exists()
    row = actions.active_version()
    assert (row.version, row.folder, row.state, row.frozen_topic) == (shipped, "", "active", 0.8)
    assert actions.active_version() == row
    assert ModelEvent.objects.get().kind == "shipped"


def test_activated_the_workers_next_batch_uses_it_and_one_step_leads_back(shipped, chief, tmp_path):
    labelled()
    settle()
    row = actions.register_model(chief, artefact(tmp_path / "new", "new-1", topic=0.82))
    assert (row.state, row.frozen_topic, row.frozen_messages) == ("candidate", 0.82, 1000)
    assert settle().predictions.get().model_version == shipped
    activated = actions.activate(chief, "new-1", "冻结测试更好")
    assert (activated.state, activated.previous.version, activated.activated_by) == ("active", shipped, chief)
    said = settle().predictions.get()
    assert said.model_version == "new-1"
    assert said.review_below == classifier.active().review_below
    event = ModelEvent.objects.get(kind="activate")
    assert (event.by, event.reason, event.model) == (chief, "冻结测试更好", activated)
    assert event.data["frozen"]["topic"] == {"active": 0.8, "candidate": 0.82, "noise": 0.0126}
    assert event.data["recent"]["topic"] == {"only_active": 0, "only_candidate": 0}
    assert event.data["recent"]["cases"] >= gate.LEAST_LABELS

    assert actions.rollback(chief, "夜间误派多").version == shipped
    assert settle().predictions.get().model_version == shipped
    states = dict(ModelVersion.objects.values_list("version", "state"))
    assert states == {shipped: "active", "new-1": "retired"}
    assert list(ModelEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "shipped", "register", "activate", "rollback",
    ]  # fmt: skip
    before = all_there_is()
    with pytest.raises(DomainError, match="nothing_before"):
        actions.rollback(chief, "再退一步")
    assert all_there_is() == before


@pytest.mark.parametrize(
    ("figures", "code", "words"),
    [
        ({"topic": None}, "frozen_missing", "new-1"),
        ({"split": "another"}, "frozen_other_split", "冻结"),
        ({"topic": 0.787}, "frozen_worse", "78.7"),
        ({"domain": 0.845}, "frozen_worse", "84.5"),
        ({"spoilt": True}, "corrections_worse", "50"),
    ],
)
@pytest.mark.usefixtures("shipped")
def test_a_model_that_is_worse_or_cannot_be_compared_is_refused(chief, tmp_path, figures, code, words):
    labelled()
    actions.register_model(chief, artefact(tmp_path / "new", "new-1", **figures))
    refusal = refused(chief)
    assert refusal.code == code
    assert words in refusal.message


def test_within_one_standard_error_is_not_worse(shipped, chief, tmp_path):
    # sqrt(0.8 * 0.2 / 1000) = 0.0126; sqrt(0.86 * 0.14 / 1000) = 0.0110
    labelled()
    actions.register_model(chief, artefact(tmp_path / "new", "new-1", topic=0.788, domain=0.85))
    assert actions.activate(chief, "new-1", "同样好，更快").state == "active"


def test_too_few_decisions_to_compare_are_refused(shipped, chief, tmp_path):
    labelled(gate.LEAST_LABELS - 1)
    actions.register_model(chief, artefact(tmp_path / "new", "new-1"))
    refusal = refused(chief)
    assert (refusal.code, f"{gate.LEAST_LABELS - 1}" in refusal.message) == ("too_few_corrections", True)


def test_topics_that_do_not_fit_the_routing_table_are_refused(shipped, chief, tmp_path):
    labels = list(classifier.active().labels)
    labels[labels.index("V10")] = "X06"
    actions.register_model(chief, artefact(tmp_path / "new", "new-1", labels=labels))
    refusal = refused(chief)
    assert (refusal.code, "V10" in refusal.message) == ("labels_do_not_fit", True)


def test_a_folder_that_went_away_is_refused_and_one_without_a_model_never_registered(shipped, chief, tmp_path):
    folder = artefact(tmp_path / "new", "new-1")
    actions.register_model(chief, folder)
    shutil.rmtree(folder)
    assert refused(chief).code == "model_unusable"
    before = all_there_is()
    for bad in (tmp_path / "none", tmp_path):
        with pytest.raises(DomainError, match="model_unusable"):
            actions.register_model(chief, bad)
    with pytest.raises(DomainError, match="model_known"):
        actions.register_model(chief, artefact(tmp_path / "twin", "new-1"))
    assert all_there_is() == before


def test_an_active_folder_that_goes_away_leaves_the_model_before_at_work(shipped, chief, tmp_path, caplog):
    labelled()
    folder = artefact(tmp_path / "new", "new-1")
    actions.register_model(chief, folder)
    actions.activate(chief, "new-1", "更好")
    shutil.rmtree(folder)
    assert settle().predictions.get().model_version == shipped
    assert str(folder) in caplog.text


def test_a_challengers_answers_are_kept_apart_and_never_shown(shipped, chief, tmp_path):
    actions.register_model(chief, artefact(tmp_path / "new", "new-1", spoilt=True))
    assert actions.start_shadow(chief, "new-1", "观察两周").state == "challenger"
    case = settle()
    served, shadow = case.predictions.get(role="served"), case.predictions.get(role="shadow")
    assert (served.model_version, served.topic) == (shipped, "P01")
    assert (shadow.model_version, shadow.auto_routed) == ("new-1", False)
    assert shadow.topic != "P01"
    assert (case.topic, case.state) == ("P01", "dispatched")
    shown = make.client(make.dispatcher()).get(f"/api/v1/cases/{case.number}/").json()["prediction"]
    assert (shown["topic"], shown["model_version"]) == ("P01", shipped)
    before = all_there_is()
    actions.register_model(chief, artefact(tmp_path / "third", "new-2"))
    with pytest.raises(DomainError, match="challenger_there"):
        actions.start_shadow(chief, "new-2", "也观察")
    assert len(all_there_is()[0]) == len(before[0]) + 1
    actions.stop_shadow(chief, "够了")
    assert not settle().predictions.filter(role="shadow").exists()


def test_a_challenger_that_fails_never_touches_triage(shipped, chief, tmp_path, caplog):
    folder = artefact(tmp_path / "new", "new-1")
    actions.register_model(chief, folder)
    actions.start_shadow(chief, "new-1", "观察")
    serving.open_beside.cache_clear()
    shutil.rmtree(folder)
    case = settle()
    assert (case.state, case.predictions.get().model_version) == ("dispatched", shipped)
    assert "challenger" in caplog.text


@pytest.mark.parametrize("who", ["dispatcher", "officer", "city supervisor"])
def test_only_a_supervisor_of_the_province_changes_models(shipped, who, chief, tmp_path):
    actions.register_model(chief, artefact(tmp_path / "new", "new-1"))
    viewer = {
        "dispatcher": lambda: make.dispatcher(make.ZHEJIANG),
        "officer": make.officer,
        "city supervisor": lambda: make.user(Role.SUPERVISOR, region=make.HANGZHOU),
    }[who]()
    before = all_there_is()
    client = make.client(viewer)
    for path, body in {
        "activate": {"version": "new-1", "reason": "要"},
        "rollback": {"reason": "要"},
        "shadow": {"version": "new-1", "reason": "要"},
        "reclassify": {"version": "new-1"},
    }.items():
        assert client.post(f"{API}/{path}/", body, format="json").status_code == 403
        assert make.client().post(f"{API}/{path}/", body, format="json").status_code == 401
    with pytest.raises(Forbidden):
        actions.register_model(viewer, tmp_path / "new")
    assert all_there_is() == before


def test_over_http(shipped, chief, tmp_path):
    labelled()
    actions.register_model(chief, artefact(tmp_path / "new", "new-1", topic=0.82), "训练第三轮")
    client = make.client(chief)
    body = {"version": "new-1", "reason": ""}
    assert client.post(f"{API}/activate/", body, format="json").status_code == 400
    assert client.post(f"{API}/activate/", body | {"reason": "更好", "version": "x"}, format="json").status_code == 404
    assert client.post(f"{API}/shadow/", body | {"reason": "看"}, format="json").json()["state"] == "challenger"
    assert client.post(f"{API}/activate/", body | {"reason": "更好"}, format="json").json()["state"] == "active"
    listed = client.get(f"{API}/versions/").json()
    assert listed["may_change"] is True
    first, second = listed["results"]
    assert (first["version"], first["state_name"], first["rollback_to"]) == ("new-1", "正在使用", shipped)
    assert first["frozen"] == {"split": "0123456789abcdef", "messages": 1000, "topic": 0.82, "domain": 0.86}
    assert [event["kind"] for event in first["events"]] == ["activate", "shadow", "register"]
    assert (second["version"], second["state"], second["rollback_to"]) == (shipped, "retired", "")
    answer = client.post(f"{API}/activate/", body | {"reason": "更好"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "model_in_use")
    assert client.post(f"{API}/rollback/", {"reason": "退"}, format="json").json()["version"] == shipped
    assert make.client(make.dispatcher()).get(f"{API}/versions/").status_code == 403


def test_the_list_costs_the_same_for_every_version(shipped, chief, tmp_path, django_assert_max_num_queries):
    for n in range(4):
        actions.register_model(chief, artefact(tmp_path / f"{n}", f"new-{n}"))
    client = make.client(chief)
    with django_assert_max_num_queries(10):
        assert len(client.get(f"{API}/versions/").json()["results"]) == 5


def test_the_steps_from_the_command_line(shipped, chief, tmp_path, capsys):
    labelled()
    folder = artefact(tmp_path / "new", "new-1", topic=None)
    who = ["--account", chief.username]
    call_command("models", "register", str(folder), *who)
    with pytest.raises(CommandError, match="冻结"):
        call_command("models", "activate", "new-1", *who, "--reason", "更好")
    test = tmp_path / "test.jsonl"
    test.write_text(f'{{"text": "{make.MILK}", "label": "P01"}}\n{{"text": "社保怎么转", "label": "P01"}}\n', "utf-8")
    for version in (shipped, "new-1"):
        call_command("models", "measure", version, *who, "--on", str(test))
    row = ModelVersion.objects.get(version="new-1")
    assert (row.frozen_messages, row.frozen_topic, row.frozen_domain) == (2, 0.5, 0.5)
    call_command("models", "shadow", "new-1", *who, "--reason", "观察")
    call_command("models", "activate", "new-1", *who, "--reason", "更好")
    capsys.readouterr()
    call_command("models", "list")
    assert "active     new-1" in capsys.readouterr().out
    call_command("models", "rollback", *who, "--reason", "退回")
    assert actions.active_version().version == shipped
    with pytest.raises(CommandError):
        call_command("models", "register", str(folder), "--account", "nobody")


def test_the_audit_trail_is_never_changed(shipped, chief):
    actions.active_version()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ModelEvent.objects.update(reason="")
    assert ModelEvent.objects.count() == 1


def test_one_answer_beside_a_case_for_each_model(shipped, chief, tmp_path):
    actions.register_model(chief, artefact(tmp_path / "new", "new-1"))
    actions.start_shadow(chief, "new-1", "观察")
    case = settle()
    serving.shadow([case])
    assert Prediction.objects.filter(case=case, role=AnswerRole.SHADOW).count() == 1
