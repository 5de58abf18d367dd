"""The secrets of the embedded default: made once, kept 0600 in the state folder, never printed."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

NAMES = ("ZST_SECRET_KEY", "ZST_DATA_KEY")


def new_keys() -> dict[str, str]:
    """ZST_SECRET_KEY: 50 random URL-safe bytes. ZST_DATA_KEY: base64 of 32 random bytes (AES-256)."""
    return {
        "ZST_SECRET_KEY": secrets.token_urlsafe(50),
        "ZST_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def kept_keys(state: Path) -> dict[str, str]:
    """The keys of this state folder, made at the first call. Two processes that race get the same keys."""
    file = state / "keys"
    if not file.exists():
        draft = state / f"keys.{secrets.token_hex(4)}"
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.writelines(f"{name}={value}\n" for name, value in new_keys().items())
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)  # fails when the other process was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    lines = (line.partition("=") for line in file.read_text().splitlines())
    return {name: value for name, _, value in lines}


def missing_keys(environ: Mapping[str, str]) -> list[str]:
    return [name for name in NAMES if not environ.get(name)]
