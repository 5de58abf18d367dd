"""The two pages of the frontend; everything behind them is done in the browser."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _


@cache
def _built(name: str) -> bytes:
    return (settings.FRONTEND_DIST / name).read_bytes()


def _page(name: str) -> HttpResponse:
    try:
        response = HttpResponse(_built(name))
    except FileNotFoundError:
        return HttpResponse(
            _("The pages have not been built; run “make run”."),
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    response["Cache-Control"] = "no-cache"
    return response


def citizen(request: HttpRequest) -> HttpResponse:
    """Filing and tracking."""
    return _page("index.html")


def staff(request: HttpRequest, path: str = "") -> HttpResponse:
    """Everything for people who work here."""
    return _page("staff.html")
