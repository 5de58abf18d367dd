"""Log files: whole lines that matter are shown once, and a file does not grow for ever."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from deploy import logs
from deploy.logs import Tail, trim


def add(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(text)


def test_whole_new_matching_lines_once(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    add(log, "ERROR of yesterday\n")
    tail = Tail(log, re.compile("ERROR"))
    add(log, "INFO fine\nERROR 数据库无法连接\nERROR half")
    assert list(tail.new_lines()) == ["ERROR 数据库无法连接"]
    assert list(tail.new_lines()) == []
    add(log, " and whole\n")
    assert list(tail.new_lines()) == ["ERROR half and whole"]


def test_a_log_that_comes_later(tmp_path: Path) -> None:
    tail = Tail(tmp_path / "none.log", re.compile(""))
    assert list(tail.new_lines()) == []
    add(tmp_path / "none.log", "first\n")
    assert list(tail.new_lines()) == ["first"]


def test_a_large_log_is_set_aside_while_its_writer_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 10)
    log = tmp_path / "web.log"
    tail = Tail(log, re.compile(""))
    with open(os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY), "w", buffering=1) as writer:
        writer.write("eleven characters\n")
        assert list(tail.new_lines()) == ["eleven characters"]
        trim(log)
        writer.write("after\n")
        trim(log)
    assert log.with_name("web.log.1").read_text() == "eleven characters\n"
    assert log.read_text() == "after\n"
    assert list(tail.new_lines()) == ["after"]
