"""The whole system, served for browser and crash tests: own servers, own database, demo data, web and worker."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass

from deploy import programs
from deploy.embedded.child import Child, last_lines
from deploy.readiness import ask_ready
from tests.servers import LEAD_TO, STARTED, Servers, fresh_database, start_servers
from tests.waiting import until

DATABASE = "zst_e2e"
HOST = "127.0.0.1"


@dataclass
class Stack:
    """A served system. `worker` and `web` may be killed and started again: worker.kill(), worker.start().

    `environ` is what a management command needs to act on this system. `servers.postgres` and `servers.valkey` are
    None when the environment named real servers.
    """

    port: int
    environ: dict[str, str]
    servers: Servers
    web: Child
    worker: Child

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def ready(self) -> dict[str, dict[str, str]]:
        """What /readyz says of each part; {} when it does not answer."""
        answer = ask_ready(HOST, self.port, self.environ)
        return (
            {name: part for name, part in json.loads(answer.text).items() if name != "status"} if answer.ready else {}
        )

    def wait_until_ready(self) -> None:
        """Web answers, its database is there and a worker has reported."""
        until(
            lambda: self.ready().get("worker", {}).get("status") == "ok",
            seconds=90,
            what=f"stack ready; web: {last_lines(self.web.log, 15)}; worker: {last_lines(self.worker.log, 15)}",
        )

    def stop(self) -> None:
        self.worker.stop()
        self.web.stop()
        self.servers.stop()


def start_stack(beside: Servers, *, own_servers: bool = False) -> Stack:
    """Starts a system of its own; where the test session uses real servers, on those in another database.

    `own_servers`: embedded ones in any case, which a test may stop.
    """
    kept = beside.environ | ({STARTED: " ".join(LEAD_TO)} if own_servers else {})
    servers = start_servers("stack", kept)
    try:
        environ = dict(servers.environ, ZST_DEMO="1", ZST_CHANNEL_PREFIX="zst-e2e", PYTHONWARNINGS="default")
        environ["ZST_LOGIN_RATE"] = "1000/min"  # tests log in more people a minute, from one address, than any office
        fresh_database(environ, DATABASE)
        logs = servers.place.logs
        preparation = programs.preparation(environ, logs)
        preparation.start()
        if not preparation.wait(300) or preparation.exit_code:
            preparation.kill()
            raise RuntimeError(f"manage.py prepare failed:\n{last_lines(preparation.log, 40)}")
        port = free_port()
        web, worker = programs.web(environ, logs, HOST, port), programs.worker(environ, logs)
        stack = Stack(port, environ, servers, web, worker)
        web.start()
        worker.start()
    except BaseException:
        servers.stop()
        raise
    try:
        stack.wait_until_ready()
    except BaseException:
        stack.stop()
        raise
    return stack


def free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
