"""Who opens a websocket: a browser by its session, another system by its token."""

from __future__ import annotations

from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.security.websocket import AllowedHostsOriginValidator
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class SocketAuth:
    """Sets scope["user"]. A browser's socket must come from our own pages; a token cannot be sent by a stranger's page,
    so with one the origin does not matter. A token that is none ends the handshake (403)."""

    def __init__(self, inner: Any) -> None:
        self.by_token = inner
        self.by_session = AllowedHostsOriginValidator(AuthMiddlewareStack(inner))

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        """One socket, from its handshake to its end."""
        word, _blank, key = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").partition(" ")
        if word.lower() != "token":
            return await self.by_session(scope, receive, send)
        try:
            user, _token = await database_sync_to_async(TokenAuthentication().authenticate_credentials)(key.strip())
        except AuthenticationFailed:
            return await send({"type": "websocket.close", "code": 4401})
        return await self.by_token({**scope, "user": user}, receive, send)
