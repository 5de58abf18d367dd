"""`make run`: the whole system in one process tree.

Order: PostgreSQL, Valkey (each only where no real one is named), preparation, then web and worker side by side. A part
that dies is started again, later each time it dies young. Ctrl-C or SIGTERM stops all in reverse order. One thread:
it sleeps until a signal comes or a second has passed.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, MutableMapping
from types import FrameType

from deploy import programs
from deploy.demo_accounts import ACCOUNTS, PASSWORD
from deploy.embedded.child import Child
from deploy.embedded.environment import embeds_postgres, embeds_valkey, fill_in
from deploy.embedded.keys import missing_keys
from deploy.embedded.lock import Lock
from deploy.embedded.place import EmbeddedError, place_of, state_folder
from deploy.embedded.postgres import Postgres
from deploy.embedded.server import Server
from deploy.embedded.valkey import Valkey
from deploy.logs import Tail, trim
from deploy.readiness import ANY_ADDRESS, ask_ready

READY_SECONDS = 90
LONGEST_BACKOFF = 30.0
STABLE_SECONDS = 60.0  # after this long a part's earlier deaths are forgotten


class StopRequested(Exception):
    """Ctrl-C or SIGTERM came while something was waited for."""


class StartError(Exception):
    """The system cannot start; the message (Chinese) says why and what to do."""


class Part:
    """A child that must keep running, with the memory of its deaths."""

    def __init__(self, child: Child, launch: Callable[[], None], alarming: str) -> None:
        self.child = child
        self.launch = launch
        self.tail = Tail(child.log, re.compile(alarming))
        self.deaths = 0
        self.restart_at: float | None = None

    def tend(self, now: float) -> str | None:
        """Restarts it when it is dead and its time has come. Returns what there is to say."""
        if self.child.running:
            if self.deaths and now - self.child.started_at > STABLE_SECONDS:
                self.deaths = 0
            return None
        if self.restart_at is None:
            delay = min(0.5 * 2**self.deaths, LONGEST_BACKOFF)
            self.deaths += 1
            self.restart_at = now + delay
            how = ending(self.child.exit_code)
            return f"{self.child.name} 意外退出（{how}），{delay:g} 秒后重启；日志 {self.child.log}"
        if now < self.restart_at:
            return None
        self.restart_at = None
        self.launch()
        return f"{self.child.name} 已重启（进程 {self.child.pid}）"


class Supervisor:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ: MutableMapping[str, str] = dict(environ)
        self.place = place_of(state_folder(environ))
        self.host = environ.get("ZST_HOST") or "127.0.0.1"
        self.port = port_number(environ.get("ZST_PORT") or "8000")
        self.lock = Lock(self.place.state / "run.lock")
        self.servers: list[Server] = []
        self.programs: list[Child] = []
        self.parts: list[Part] = []
        self.stopping = False
        self._wake_end, self._signal_end = socket.socketpair()

    def run(self) -> int:
        """Serves until told to stop. The exit status: 0 after a request to stop, 1 when it could not start."""
        self._catch_signals()
        try:
            self._start()
            while True:
                self._tick(1.0)
        except StopRequested:
            return 0
        except (StartError, EmbeddedError) as error:
            print(f"\n{error}", file=sys.stderr, flush=True)
            return 1
        finally:
            self._stop()

    def _start(self) -> None:
        begun = time.monotonic()
        embedded = embeds_postgres(self.environ)
        if not embedded and (missing := missing_keys(self.environ)):
            raise StartError(HOW_TO_SET_KEYS.format(missing="、".join(missing)))
        self.place.create()
        if not self.lock.take():
            raise StartError(
                f"质诉通已在运行（进程 {self.lock.taken_by()}，状态目录 {self.place.state}）。"
                "请先停止它，或用 ZST_STATE_DIR 和 ZST_PORT 另起一份。"
            )
        check_port(self.host, self.port)
        if embedded:
            self.servers.append(Postgres(self.place))
        if embeds_valkey(self.environ):
            self.servers.append(Valkey(self.place))
        fill_in(self.environ)
        self.environ.setdefault("ZST_DEMO", "1" if embedded else "0")
        for server in self.servers:
            self._step(f"启动 {server.title}", lambda server=server: server.start(self._pause))  # type: ignore[misc]
            self._supervise(server.child, server.launch, server.alarming)
        self._step("准备数据库与静态文件", self._prepare)
        web = programs.web(self.environ, self.place.logs, self.host, self.port)
        for child in (web, programs.worker(self.environ, self.place.logs)):
            child.start()
            self.programs.append(child)
            self._supervise(child, child.start, r"\b(WARNING|ERROR|CRITICAL)\b|^Traceback|^\w+(\.\w+)*Error\b")
        self._step("启动网站与后台任务", self._wait_until_ready)
        self._say(self._welcome(time.monotonic() - begun))

    def _supervise(self, child: Child, launch: Callable[[], None], alarming: str) -> None:
        self.parts.append(Part(child, launch, alarming))

    def _prepare(self) -> None:
        child = programs.preparation(self.environ, self.place.logs)
        trim(child.log)
        tail = Tail(child.log, re.compile(""))
        child.start()
        try:
            while child.running:
                self._tick(0.2)
                self._show(tail, "   ")
            self._show(tail, "   ")
        finally:
            child.stop()
        if child.exit_code:
            raise StartError(f"准备失败，原因见上（日志 {child.log}）。")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not (answer := ask_ready(self.host, self.port, self.environ)).ready:
            if time.monotonic() > deadline:
                self._say(f"{READY_SECONDS} 秒内未就绪：{answer.text}\n仍在继续尝试；日志目录 {self.place.logs}")
                return
            self._tick(0.1)

    def _tick(self, seconds: float) -> None:
        """Waits, then looks after every part. Raises StopRequested."""
        self._pause(seconds)
        for part in self.parts:
            self._show(part.tail, f"[{part.child.name}] ")
            if said := part.tend(time.monotonic()):
                self._say(said)
            trim(part.child.log)

    def _pause(self, seconds: float) -> None:
        if select.select([self._wake_end], [], [], seconds)[0]:
            self._wake_end.recv(4096)
        if self.stopping:
            raise StopRequested

    def _catch_signals(self) -> None:
        def request(_number: int, _frame: FrameType | None) -> None:
            self.stopping = True

        for end in (self._wake_end, self._signal_end):
            end.setblocking(False)
        signal.set_wakeup_fd(self._signal_end.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, request)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored under nohup
            signal.signal(signal.SIGHUP, request)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only to wake up

    def _stop(self) -> None:
        if self.parts:
            self._say("正在停止 …")
        for child in self.programs:
            child.ask_to_stop()
        deadline = time.monotonic() + 8
        for child in self.programs:
            if not child.wait(deadline - time.monotonic()):
                child.kill()
        for server in reversed(self.servers):
            server.stop()
        self.lock.release()
        if self.parts:
            folders = dict.fromkeys([str(self.place.state), str(self.place.servers)])
            self._say("已停止。数据保留在 " + "、".join(folders))

    def _step(self, title: str, work: Callable[[], None]) -> None:
        begun = time.monotonic()
        self._say(f"{title} …")
        work()
        self._say(f"{title}：完成，用时 {time.monotonic() - begun:.1f} 秒")

    def _show(self, tail: Tail, prefix: str) -> None:
        for line in tail.new_lines():
            print(prefix + line, flush=True)

    def _say(self, text: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    def _welcome(self, seconds: float) -> str:
        shown = ANY_ADDRESS.get(self.host, self.host)
        base = f"http://{'[' + shown + ']' if ':' in shown else shown}:{self.port}"
        pages = [
            ("提交投诉", "/"),
            ("查询进度", "/track"),
            ("工作人员", "/staff/"),
            ("接口文档", "/api/docs/"),
        ]
        lines = [f"质诉通已就绪（{seconds:.1f} 秒）", *(f"  {name}  {base}{path}" for name, path in pages)]
        if self.environ["ZST_DEMO"] == "1":
            lines.append(f"演示账号（密码均为 {PASSWORD}）：")
            lines.extend(f"  {account.username:<16}{account.shows}" for account in ACCOUNTS)
        if self.host in ANY_ADDRESS and not self.environ.get("ZST_ALLOWED_HOSTS"):
            lines.append("其他机器要访问，请把它们使用的域名或地址写入 ZST_ALLOWED_HOSTS。")
        return "\n".join([*lines, "按 Ctrl-C 停止。"])


HOW_TO_SET_KEYS = """使用外部数据库时，必须用环境变量提供密钥，缺少：{missing}
  ZST_SECRET_KEY  任意 50 个以上的随机字符
  ZST_DATA_KEY    32 字节的 base64，用于加密个人信息；丢失后已存的个人信息无法读取，请妥善备份
生成：python3 -c "import base64,os;print(base64.b64encode(os.urandom(32)).decode())\""""


def ending(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        return f"信号 {signal.Signals(-exit_code).name}"
    return f"退出码 {exit_code}"


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"ZST_PORT 必须是 1 到 65535 的整数，现在是 {text!r}。")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Raises StartError where the address cannot be served."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise StartError(
            f"无法使用地址 {host}:{port}：{error.strerror}。端口可能已被其他程序占用，"
            f"请换一个，例如 ZST_PORT={port + 1} make run。"
        ) from error


def main() -> int:
    try:
        return Supervisor(os.environ).run()
    except (StartError, EmbeddedError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
