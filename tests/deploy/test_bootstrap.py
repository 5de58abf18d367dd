"""Setting up: a real run of the bootstrap on a tiny project, twice. No network: it depends on nothing."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bootstrap import Stamps
from deploy.embedded.place import PROJECT

BUILD = "node -e \"fs.mkdirSync('dist',{recursive:true});fs.copyFileSync('page.txt','dist/page.txt')\""


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project on which the first set-up has been done."""
    root = tmp_path_factory.mktemp("project")
    (root / "deploy" / "requirements").mkdir(parents=True)
    for name in ("__init__.py", "bootstrap.py", "progress.py", "chromium.py"):
        shutil.copy(PROJECT / "deploy" / name, root / "deploy")
    for name in ("run.txt", "dev.txt", "node.txt"):
        (root / "deploy" / "requirements" / name).write_text("# nothing\n")
    (root / "frontend").mkdir()
    package = {"name": "tiny", "version": "1.0.0", "scripts": {"build": BUILD}}
    (root / "frontend" / "package.json").write_text(json.dumps(package))
    lock = {"name": "tiny", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "tiny"}}}
    (root / "frontend" / "package-lock.json").write_text(json.dumps(lock))
    (root / "frontend" / "page.txt").write_text("一")
    (root / "frontend" / "node_modules").mkdir()  # npm makes none where there is nothing to install
    done = bootstrap(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line[:3] for line in done.stdout.splitlines() if "完成" in line] == ["[1]", "[2]", "[3]", "[4]"]
    return root


def bootstrap(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A run with the Node of this test session, be it the machine's or the wheel's beside our Python."""
    base = Path(getattr(sys, "_base_executable", sys.executable))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [base, root / "deploy" / "bootstrap.py", *words],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )


def times(root: Path) -> dict[str, int]:
    return {
        str(path): path.stat().st_mtime_ns
        for path in root.rglob("*")
        if path.is_file() and path.name != "set-up.lock" and "__pycache__" not in path.parts
    }


def test_a_second_run_does_nothing(set_up_once: Path) -> None:
    before = times(set_up_once)
    done = bootstrap(set_up_once)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert times(set_up_once) == before


def test_only_what_changed_is_done_again(set_up_once: Path) -> None:
    (set_up_once / "frontend" / "page.txt").write_text("二")
    done = bootstrap(set_up_once)
    assert done.stdout.splitlines()[0] == "[1] 构建前端 …"
    assert "[2]" not in done.stdout
    assert (set_up_once / "frontend" / "dist" / "page.txt").read_text() == "二"
    (set_up_once / "deploy" / "requirements" / "run.txt").write_text("# still nothing\n")
    done = bootstrap(set_up_once)
    assert "安装 Python 依赖" in done.stdout
    assert "构建前端" not in done.stdout
    assert bootstrap(set_up_once).stdout == ""


def test_an_error_names_the_command_and_is_tried_again(set_up_once: Path) -> None:
    page = set_up_once / "frontend" / "page.txt"
    page.rename(page.with_suffix(".away"))
    try:
        for _attempt in range(2):
            done = bootstrap(set_up_once)
            assert done.returncode == 1
            assert "命令失败" in done.stderr
            assert "npm run build" in done.stderr
            assert "page.txt" in done.stderr, "the command's own words"
    finally:
        page.with_suffix(".away").rename(page)
    assert bootstrap(set_up_once).returncode == 0


def test_an_impossible_requirement_names_pip_and_leaves_the_step_open(set_up_once: Path) -> None:
    lock = set_up_once / "deploy" / "requirements" / "run.txt"
    kept = lock.read_text()
    lock.write_text("./no-such-package-here.whl --hash=sha256:" + "0" * 64 + "\n")
    done = bootstrap(set_up_once)
    assert done.returncode == 1
    assert "-m pip install" in done.stderr
    assert "镜像" in done.stderr
    assert "run.txt" not in Stamps(set_up_once / ".venv" / "set-up.json").read()
    lock.write_text(kept)
    assert bootstrap(set_up_once).returncode == 0


def test_an_environment_whose_python_went_away_is_made_anew(set_up_once: Path) -> None:
    python = set_up_once / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    done = bootstrap(set_up_once)
    assert done.returncode == 0, done.stderr
    assert "创建 Python 环境" in done.stdout
    assert subprocess.run([python, "-c", "import pip"], check=False).returncode == 0


def test_what_runs_before_the_version_check_can_be_read_by_older_pythons() -> None:
    """Python reads the whole file before it runs the check, so all of it must parse there."""
    ast.parse((PROJECT / "deploy" / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_locks_are_hashed_and_name_no_index() -> None:
    for name in ("run.txt", "dev.txt", "node.txt"):
        lines = (PROJECT / "deploy" / "requirements" / name).read_text().splitlines()
        assert not [line for line in lines if line.startswith("-") or "://" in line]
        starts = [number for number, line in enumerate(lines) if line and line[0] not in " #"]
        assert starts
        assert all("--hash=sha256:" in lines[number + 1] for number in starts)
    packages = json.loads((PROJECT / "frontend" / "package-lock.json").read_text())["packages"]
    installed = [package for name, package in packages.items() if name]
    assert installed
    assert all(package["integrity"].startswith("sha512-") for package in installed)
    sources = {package["resolved"].split("/")[2] for package in installed if "resolved" in package}
    assert sources <= {"registry.npmjs.org"}
    assert os.access(PROJECT / ".ci" / "run", os.X_OK)
