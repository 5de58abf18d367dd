"""One classifier a process, from the folder that the environment names or else the shipped one."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

import classifier
from classifier import registry
from classifier.baseline.artefact import CARD, WEIGHTS
from classifier.interface import Message


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.delenv(registry.MODEL_DIR, raising=False)
    registry.forget()
    yield
    monkeypatch.undo()
    registry.forget()


@pytest.fixture
def copy(tmp_path):
    """A copy of the shipped artefact that may be changed."""
    return shutil.copytree(registry.SHIPPED, tmp_path / "model")


def change_card(folder, **fields):
    card = json.loads((folder / CARD).read_text(encoding="utf-8")) | fields
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def test_loaded_once_whichever_thread_comes_first():
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: classifier.active(), range(32)))
    assert len({id(one) for one in found}) == 1


def test_the_shipped_model_is_ok():
    state, version, detail = classifier.status()
    assert (state, version) == ("ok", classifier.active().version)
    assert detail


def test_another_folder(monkeypatch, copy):
    change_card(copy, version="ngrams-other")
    monkeypatch.setenv(registry.MODEL_DIR, str(copy))
    assert classifier.status()[:2] == ("ok", "ngrams-other")
    assert classifier.active().classify([Message("牛奶过期了要求退款")])[0].model_version == "ngrams-other"


def no_folder(folder):
    shutil.rmtree(folder)


def no_weights(folder):
    (folder / WEIGHTS).unlink()


def cut_weights(folder):
    content = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(content[: len(content) // 2])


def one_wrong_byte(folder):
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / WEIGHTS).write_bytes(bytes(content))


def no_json(folder):
    (folder / CARD).write_text("{", encoding="utf-8")


def card_is_a_list(folder):
    (folder / CARD).write_text("[]", encoding="utf-8")


def other_format(folder):
    change_card(folder, format=99)


def unknown_label(folder):
    labels = json.loads((folder / CARD).read_text(encoding="utf-8"))["labels"]
    change_card(folder, labels=["Z99", *labels[1:]])


def label_missing(folder):
    change_card(folder, labels=json.loads((folder / CARD).read_text(encoding="utf-8"))["labels"][1:])


@pytest.mark.parametrize(
    "damage",
    [
        no_folder, no_weights, cut_weights, one_wrong_byte, no_json, card_is_a_list, other_format, unknown_label,
        label_missing,
    ],
)  # fmt: skip
def test_a_damaged_folder_is_reported_and_the_shipped_model_serves(monkeypatch, copy, caplog, damage):
    shipped = classifier.active().version
    registry.forget()
    damage(copy)
    monkeypatch.setenv(registry.MODEL_DIR, str(copy))
    assert classifier.status()[:2] == ("degraded", shipped)
    assert str(copy) in caplog.text
    assert classifier.active().version == shipped


def test_without_any_model_the_error_is_clear_and_the_next_call_tries_again(monkeypatch, copy):
    shipped = registry.SHIPPED
    monkeypatch.setattr(registry, "SHIPPED", copy / "none")
    with pytest.raises(classifier.ClassifierUnavailable, match="none"):
        classifier.active()
    assert classifier.status()[:2] == ("down", "")
    monkeypatch.setattr(registry, "SHIPPED", shipped)
    assert classifier.status()[0] == "ok"
