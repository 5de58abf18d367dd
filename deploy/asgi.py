"""HTTP and websockets in one process: Django for the first, Channels for the second."""

import gc
import os

from asgiref.sync import sync_to_async
from django import setup
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")
setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 (models are ready only after the line above)

from complaints.urls import websocket_urlpatterns  # noqa: E402
from deploy.socket_auth import SocketAuth  # noqa: E402


class OneThread(ASGIHandler):
    """Django's handler, with middleware and view run in one go in the thread of the request.

    They are synchronous; the chain as Django builds it for ASGI would change threads twice for each middleware, which
    took more time than the work itself (docs/adr/0004). Bodies are still read and sent by the event loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)


application = ProtocolTypeRouter({"http": OneThread(), "websocket": SocketAuth(URLRouter(websocket_urlpatterns))})

# What is loaded by now stays for good. Unfrozen, each full collection walked through it all: a tenth of a second in
# which no request was answered, and the p95 of every page.
gc.collect()
gc.freeze()
