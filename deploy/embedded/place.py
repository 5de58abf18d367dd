"""Where the embedded servers keep their files, where their sockets are, and as whom they run.

Normally everything lies in the state folder and the servers run as the current user. PostgreSQL refuses to run as
root, so root's servers run as `nobody`, and `nobody` must be able to enter every folder above their files. A checkout
in a 0700 home does not allow that: then data and binaries go to /var/lib/zhisutong/<id>, which only root can create
and which no clean-up job empties (unlike /tmp and /var/tmp). The id is random and kept in the state folder, so a fresh
clone at an old path starts with fresh data that fits its fresh keys.

A unix socket path has room for about 100 bytes: under a long state path the sockets lie in /tmp/zhisutong-<hash>.
Both socket folders are 0700 and their owner is checked: whoever can open a socket is the owner or root.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
ROOTS_SERVERS = Path("/var/lib/zhisutong")
LONGEST_SOCKET = 100  # bytes; the kernel's limit is 108 on Linux and 104 on macOS
DATABASE = "zhisutong"


class EmbeddedError(RuntimeError):
    """The embedded servers cannot work here; the message (Chinese) says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user that servers run as when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Place:
    """One installation of embedded servers. `account` is None when they run as the current user."""

    state: Path
    servers: Path
    sockets: Path
    account: Account | None

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def owner(self) -> int:
        return self.account.uid if self.account else os.getuid()

    @property
    def state_mode(self) -> int:
        """Root's servers pass through the state folder; they cannot list it."""
        return 0o711 if self.account else 0o700

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.valkey_socket))}"

    def database_url(self, name: str = DATABASE) -> str:
        return f"postgresql://{DATABASE}@/{name}?host={quote(str(self.sockets), safe='/')}"

    def create(self) -> None:
        """Makes the folders, owned and closed as they must be. Raises EmbeddedError where that is not possible."""
        private_folder(self.state, os.getuid(), mode=self.state_mode)
        private_folder(self.logs, os.getuid())
        if self.servers != self.state:
            private_folder(self.servers.parent, os.getuid(), mode=0o711)
            private_folder(self.servers, os.getuid(), mode=0o711)
        private_folder(self.sockets, self.owner)

    def erase(self) -> None:
        """Removes all data. Only when nothing runs here."""
        for folder in {self.sockets, self.servers, self.state}:
            if folder.exists():
                shutil.rmtree(folder)


def place_of(state: Path) -> Place:
    """The place that belongs to a state folder: the same answer each time. Makes the state folder's id when root."""
    state = Path(os.path.abspath(state))  # as written: resolving links may lead into a folder nobody can enter
    account, servers = None, state
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        account = Account(nobody.pw_uid, nobody.pw_gid)
        if (state / "server-id").exists() or not enterable(state):
            servers = ROOTS_SERVERS / server_id(state)
    sockets = servers / "run"
    if len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET:
        sockets = Path("/tmp") / f"zhisutong-{hashlib.sha256(os.fsencode(state)).hexdigest()[:16]}"  # noqa: S108
    return Place(state, servers, sockets, account)


def state_folder(environ: Mapping[str, str]) -> Path:
    """ZST_STATE_DIR, else <project>/.state."""
    return Path(environ.get("ZST_STATE_DIR") or PROJECT / ".state")


def enterable(folder: Path) -> bool:
    """Whether a stranger may pass through every existing folder above this one."""
    return all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents if parent.exists())


def server_id(state: Path) -> str:
    note = state / "server-id"
    if not note.exists():
        private_folder(state, os.getuid(), mode=0o711)
        note.write_text(secrets.token_hex(8))
    return note.read_text().strip()


def private_folder(folder: Path, owner: int, mode: int = 0o700) -> None:
    """Makes a folder that only `owner` may write. A folder that someone else put there is refused, not taken over."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = folder.stat()
        planted = folder.is_symlink() and folder.parent.stat().st_mode & 0o002
        if made.st_uid not in {owner, os.getuid()} or planted:
            raise EmbeddedError(f"{folder} 属于其他用户，无法使用。请换一个状态目录（ZST_STATE_DIR）或删除它。")
        if made.st_uid != owner:
            os.chown(folder, owner, -1)
        folder.chmod(mode)
    except OSError as error:
        raise EmbeddedError(f"无法创建目录 {folder}：{error.strerror}。请用 ZST_STATE_DIR 指定可写的目录。") from error
    if folder.stat().st_mode & 0o077 & ~mode:
        raise EmbeddedError(f"{folder} 所在的文件系统不支持文件权限。请用 ZST_STATE_DIR 指定本地磁盘上的目录。")
