"""Which servers and keys a process uses."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.embedded.environment import fill_in
from deploy.embedded.keys import kept_keys, missing_keys
from deploy.embedded.place import place_of


def test_the_embedded_default(tmp_path: Path) -> None:
    environ = {"ZST_STATE_DIR": str(tmp_path)}
    fill_in(environ)
    place = place_of(tmp_path)
    assert environ["DATABASE_URL"] == place.database_url()
    assert environ["REDIS_URL"] == place.redis_url
    assert len(base64.b64decode(environ["ZST_DATA_KEY"])) == 32
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o600
    again = {"ZST_STATE_DIR": str(tmp_path)}
    fill_in(again)
    assert again == environ


def test_real_servers_are_used_as_named_and_no_key_is_made_up(tmp_path: Path) -> None:
    for named in ({"DATABASE_URL": "postgresql://db/zst"}, {"PGHOST": "db"}, {"PGSERVICE": "zst"}):
        environ = {"ZST_STATE_DIR": str(tmp_path / "state"), "REDIS_URL": "redis://cache", **named}
        before = dict(environ)
        fill_in(environ)
        assert environ == before
        assert missing_keys(environ) == ["ZST_SECRET_KEY", "ZST_DATA_KEY"]
    assert not (tmp_path / "state").exists()


def test_a_real_database_beside_the_embedded_valkey(tmp_path: Path) -> None:
    environ = {"ZST_STATE_DIR": str(tmp_path), "DATABASE_URL": "postgresql://db/zst"}
    fill_in(environ)
    assert environ["DATABASE_URL"] == "postgresql://db/zst"
    assert environ["REDIS_URL"] == place_of(tmp_path).redis_url
    assert not (tmp_path / "keys").exists()


def test_given_keys_win(tmp_path: Path) -> None:
    environ = {"ZST_STATE_DIR": str(tmp_path), "ZST_DATA_KEY": "given", "ZST_SECRET_KEY": ""}
    fill_in(environ)
    assert environ["ZST_DATA_KEY"] == "given"
    assert environ["ZST_SECRET_KEY"] == kept_keys(tmp_path)["ZST_SECRET_KEY"]


def test_first_starts_that_race_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(kept_keys, [tmp_path] * 40))
    assert all(keys == seen[0] for keys in seen)
    assert [file.name for file in tmp_path.iterdir()] == ["keys"]
