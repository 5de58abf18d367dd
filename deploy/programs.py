"""How our own processes are started: by the supervisor, and by the tests that serve the whole system."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.child import Child
from deploy.embedded.place import PROJECT

WEB = "deploy.asgi:application"


def manage(name: str, *words: str, environ: Mapping[str, str], logs: Path) -> Child:
    """A management command as a child process, logging to <logs>/<name>.log."""
    argv = [sys.executable, "-X", "utf8", str(PROJECT / "manage.py"), *words]
    return Child(name, argv, logs / f"{name}.log", environ=environ, cwd=PROJECT)


def preparation(environ: Mapping[str, str], logs: Path) -> Child:
    """Brings the database and the files up to this version; ends by itself."""
    return manage("prepare", "prepare", environ=environ, logs=logs)


def worker(environ: Mapping[str, str], logs: Path) -> Child:
    return manage("worker", "procrastinate", "worker", environ=environ, logs=logs)


def web(environ: Mapping[str, str], logs: Path, host: str, port: int) -> Child:
    """HTTP and websockets in one process. Open sockets get three seconds to close when it is told to stop."""
    argv = [
        *(sys.executable, "-X", "utf8", "-m", "uvicorn", WEB, "--host", host, "--port", str(port)),
        *("--lifespan", "off", "--no-access-log", "--no-server-header", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", "3"),
    ]
    return Child("web", argv, logs / "web.log", environ=environ, cwd=PROJECT)
