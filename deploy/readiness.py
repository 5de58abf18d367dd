"""Asking a started web process whether it is ready."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


@dataclass(frozen=True, slots=True)
class Answer:
    """What /readyz said; `text` is its body, or why there is none."""

    ready: bool
    text: str


def ask_ready(host: str, port: int, environ: Mapping[str, str]) -> Answer:
    """One GET /readyz, under a host name the site accepts. A web server that does not answer is not ready."""
    allowed = (environ.get("ZST_ALLOWED_HOSTS") or "127.0.0.1").split(",")[0].lstrip(".*") or "127.0.0.1"
    connection = http.client.HTTPConnection(ANY_ADDRESS.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": allowed, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        return Answer(response.status == 200, response.read(5000).decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(False, str(error) or type(error).__name__)
    finally:
        connection.close()
