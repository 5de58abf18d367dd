"""One classifier a process, from the folder that the environment names or else the shipped one."""

import hashlib
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import classifier
from classifier import ArtefactError, registry
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
    """A copy of the shipped baseline that may be changed."""
    return shutil.copytree(registry.BASELINE, tmp_path / "model")


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
    state, version, detail = classifier.status()
    assert (state, version) == ("degraded", shipped)
    assert registry.trouble().file in detail
    assert str(copy) in caplog.text
    assert str(copy) not in detail
    assert classifier.active().version == shipped


def test_without_any_model_the_error_is_clear_and_the_next_call_tries_again(monkeypatch, tmp_path):
    with monkeypatch.context() as nowhere:
        nowhere.setattr(registry, "SHIPPED", tmp_path / "no-encoder")
        nowhere.setattr(registry, "BASELINE", tmp_path / "no-baseline")
        with pytest.raises(classifier.ClassifierUnavailable, match="no-baseline"):
            classifier.active()
        assert classifier.status()[:2] == ("down", "")
    assert classifier.status()[0] == "ok"


def test_the_model_can_be_changed_while_the_process_runs(copy):
    shipped = classifier.active()
    change_card(copy, version="ngrams-other")
    assert classifier.use(copy).version == "ngrams-other"
    assert classifier.status()[:2] == ("ok", "ngrams-other")
    one_wrong_byte(copy)
    with pytest.raises(ArtefactError, match="damaged"):
        classifier.use(copy)
    assert classifier.status()[:2] == ("ok", "ngrams-other")
    assert classifier.use(None).version == shipped.version


def test_a_folder_without_a_model_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(ArtefactError, match=r"artefact\.json"):
        classifier.open_model(tmp_path)
    with pytest.raises(ArtefactError, match="missing"):
        classifier.open_model(tmp_path / "none")


def test_a_checkpoint_without_its_libraries_is_refused_in_plain_words(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch", None)  # as where it is not installed
    monkeypatch.delitem(sys.modules, "classifier.checkpoint", raising=False)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ArtefactError, match="torch"):
        classifier.open_model(tmp_path)
    monkeypatch.setenv(registry.MODEL_DIR, str(tmp_path))
    state, version, detail = classifier.status()
    assert (state, version) == ("degraded", classifier.open_model(registry.SHIPPED).version)
    assert "torch" in detail


class TestDamagedEncoder:
    """Where the shipped encoder is damaged the baseline serves, and /readyz names the file."""

    @pytest.fixture
    def encoder(self, tmp_path):
        """The shipped encoder by links: what is to be changed must be replaced, not written to."""
        return shutil.copytree(registry.SHIPPED, tmp_path / "encoder", copy_function=os.symlink)

    @staticmethod
    def replace(path, content):
        path.unlink()
        path.write_bytes(content)

    def change_manifest(self, folder, **fields):
        content = json.loads((folder / "artefact.json").read_text(encoding="utf-8")) | fields
        self.replace(folder / "artefact.json", json.dumps(content).encode())

    def serves_baseline(self, monkeypatch, folder, file, caplog):
        monkeypatch.setattr(registry, "SHIPPED", folder)
        state, version, detail = classifier.status()
        assert (state, version) == ("degraded", classifier.open_model(registry.BASELINE).version)
        assert file in detail
        assert str(folder) in caplog.text
        assert classifier.active().classify([Message("牛奶过期了要求退款")])[0].topic == "P01"

    @pytest.mark.parametrize("file", ["model.int8.onnx", "tokenizer.json", "heads.npz", "ngrams/weights.npz"])
    def test_a_missing_file(self, monkeypatch, encoder, caplog, file):
        (encoder / file).unlink()
        self.serves_baseline(monkeypatch, encoder, file.rpartition("/")[2], caplog)

    @pytest.mark.parametrize("file", ["model.int8.onnx", "ngrams/model.json"])
    def test_a_file_cut_short(self, monkeypatch, encoder, caplog, file):
        content = (encoder / file).read_bytes()
        self.replace(encoder / file, content[: len(content) // 2])
        self.serves_baseline(monkeypatch, encoder, file, caplog)

    def test_a_model_that_is_none_although_its_hash_fits(self, monkeypatch, encoder, caplog):
        self.replace(encoder / "model.int8.onnx", b"no model")
        files = json.loads((encoder / "artefact.json").read_text(encoding="utf-8"))["files"]
        files["model.int8.onnx"] = hashlib.sha256(b"no model").hexdigest()
        self.change_manifest(encoder, files=files)
        self.serves_baseline(monkeypatch, encoder, "encoder", caplog)

    def test_labels_that_are_not_the_programs(self, monkeypatch, encoder, caplog):
        labels = json.loads((encoder / "artefact.json").read_text(encoding="utf-8"))["labels"]
        self.change_manifest(encoder, labels=["Z99", *labels[1:]])
        self.serves_baseline(monkeypatch, encoder, "artefact.json", caplog)

    def test_labels_that_do_not_fit_the_model(self, monkeypatch, encoder, caplog):
        labels = json.loads((encoder / "artefact.json").read_text(encoding="utf-8"))["labels"]
        self.change_manifest(encoder, labels=labels[1:])
        self.serves_baseline(monkeypatch, encoder, "model.int8.onnx", caplog)

    def test_another_format(self, monkeypatch, encoder, caplog):
        self.change_manifest(encoder, format=99)
        self.serves_baseline(monkeypatch, encoder, "artefact.json", caplog)

    def test_a_chosen_folder_that_is_damaged_leaves_the_shipped_encoder(self, monkeypatch, encoder):
        (encoder / "tokenizer.json").unlink()
        monkeypatch.setenv(registry.MODEL_DIR, str(encoder))
        assert classifier.status()[:2] == ("degraded", classifier.open_model(registry.SHIPPED).version)
