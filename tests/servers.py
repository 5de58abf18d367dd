"""PostgreSQL and Valkey for tests: embedded in a folder of their own, or the real ones that the environment names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from deploy.embedded.environment import embeds_postgres, embeds_valkey, fill_in
from deploy.embedded.keys import new_keys
from deploy.embedded.place import Place, place_of
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey

STARTED = "ZST_TEST_SERVERS"
LEAD_TO = {"postgres": ("PG", "DATABASE_URL"), "valkey": ("REDIS_URL",)}  # variables


@dataclass
class Servers:
    """Running servers and the environment that leads to them. None stands for a real server that is not ours."""

    environ: dict[str, str]
    place: Place
    postgres: Postgres | None
    valkey: Valkey | None

    def stop(self) -> None:
        """Stops what was started and removes its files."""
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
        self.place.erase()


def start_servers(name: str, environ: MutableMapping[str, str]) -> Servers:
    """Fresh servers, empty but for an empty database. Test data may be lost when the machine, not a process, dies.

    Those that another test process started for itself and passed on (xdist) are not taken for real ones.
    """
    chosen = {key: value for key, value in environ.items() if not key.startswith("ZST_") or key == "ZST_CHROMIUM"}
    for name_of_server in environ.get(STARTED, "").split():
        chosen = {key: value for key, value in chosen.items() if not key.startswith(LEAD_TO[name_of_server])}
    chosen["ZST_STATE_DIR"] = tempfile.mkdtemp(prefix=f"zst-{name}-")
    place = place_of(Path(chosen["ZST_STATE_DIR"]))
    place.create()
    postgres = Postgres(place, durable=False) if embeds_postgres(chosen) else None
    valkey = Valkey(place) if embeds_valkey(chosen) else None
    for server in (postgres, valkey):
        if server:
            server.start()
    chosen |= new_keys()
    chosen[STARTED] = " ".join(name for name, server in (("postgres", postgres), ("valkey", valkey)) if server)
    fill_in(chosen)
    return Servers(chosen, place, postgres, valkey)


def fresh_database(environ: MutableMapping[str, str], name: str) -> None:
    """Makes an empty database of that name on the same server, and points the environment to it."""
    with psycopg.connect(environ.get("DATABASE_URL", ""), autocommit=True) as connection:
        target = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(target))
    if environ.get("DATABASE_URL"):
        environ["DATABASE_URL"] = urlunsplit(urlsplit(environ["DATABASE_URL"])._replace(path=f"/{name}"))
    else:
        environ["PGDATABASE"] = name


def replace_environment(environ: MutableMapping[str, str]) -> None:
    """Makes it the environment of this process."""
    os.environ.clear()
    os.environ.update(environ)
