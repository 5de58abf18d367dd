"""Every refusal as RFC 9457 problem+json, in the user's language. The one place where errors become status codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

import classifier
from complaints.errors import Conflict, DomainError, Forbidden, Invalid, Missing

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
STATUS: Mapping[type[DomainError], int] = {Invalid: 400, Forbidden: 403, Missing: 404, Conflict: 409}
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout, PoolClosed, TooManyRequests)


def problem(status: int, code: str, detail: str, errors: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of a problem. type: a stable path; title: the kind in words; errors: messages by field."""
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": _title(status),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = dict(errors)
    return body


def _title(status: int) -> str:
    titles = {
        400: _("Something in the input is not right"),
        401: _("Please log in"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Not possible here"),
        409: _("Overtaken by another change"),
        413: _("Too large"),
        415: _("Unknown format"),
        429: _("Too many requests"),
        503: _("Not available at the moment"),
    }
    return titles.get(status, _("Something went wrong"))


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None (a bug of ours) goes on to `server_error` and the log."""
    set_rollback()
    if isinstance(error, DomainError):
        status = STATUS[type(error)]
        return _response(problem(status, error.code, error.message, {k: [v] for k, v in error.fields.items()}))
    if isinstance(error, UNAVAILABLE):
        logger.error("the database is not available: %s", error)
        return _unavailable()
    if isinstance(error, classifier.ClassifierUnavailable):
        logger.error("the classifier is not available: %s", error)
        return _unavailable()
    if isinstance(error, DatabaseError) and "terminating connection" in str(error):
        return _unavailable()
    if isinstance(error, DataError):
        return _response(problem(400, "bad_value", _("A value has a form that cannot be stored.")))
    if isinstance(error, RequestDataTooBig):
        return _response(problem(413, "too_large", _("The request is larger than the server takes.")))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    return _from_api(error)


def _from_api(error: exceptions.APIException) -> Response:
    headers: dict[str, str] = {}
    status = error.status_code
    if isinstance(error, exceptions.ValidationError):
        errors = _flat(error.detail)
        first = next(iter(errors.values()), [""])[0]
        return _response(problem(400, "invalid", first, errors))
    if isinstance(error, exceptions.Throttled) and (seconds := getattr(error, "wait", None)):
        headers["Retry-After"] = str(int(seconds) + 1)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        status = 401
    code = error.get_codes()
    detail = _("The body is not valid JSON.") if isinstance(error, exceptions.ParseError) else str(error.detail)
    return _response(problem(status, code if isinstance(code, str) else "error", detail), headers)


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """{"requester": {"phone": ["..."]}} -> {"requester.phone": ["..."]}"""
    if isinstance(detail, Mapping):
        flat: dict[str, list[str]] = {}
        for name, inner in detail.items():
            at = "" if name == "non_field_errors" else str(name)
            flat |= _flat(inner, f"{path}.{at}".strip(".") if at else path)
        return flat
    if isinstance(detail, list) and any(isinstance(item, Mapping) for item in detail):
        flat = {}
        for index, item in enumerate(detail):
            flat |= _flat(item, f"{path}.{index}".strip("."))
        return flat
    return {path: [str(item) for item in detail]}


def _unavailable() -> Response:
    body = problem(503, "unavailable", _("The system cannot take this at the moment. Nothing was lost; try again."))
    return _response(body, {"Retry-After": "5"})


def _response(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def _plain(status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(
        problem(status, code, detail),
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return _plain(400, "bad_request", _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> JsonResponse:
    return _plain(403, "not_allowed", _("You may not do this."))


def csrf_failed(request: HttpRequest, reason: str = "") -> JsonResponse:
    return _plain(403, "csrf", _("The page is too old or was opened elsewhere. Reload it and try again."))


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return _plain(404, "not_found", _("There is nothing at this address."))


def server_error(request: HttpRequest) -> JsonResponse:
    return _plain(500, "error", _("Something went wrong on our side. It has been recorded."))


class Outage:
    """Middleware: a database that went away outside a view (session, login) is a 503 in words, too."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        try:
            return self.get_response(request)
        except UNAVAILABLE as error:
            logger.error("the database is not available: %s", error)
            body = _unavailable()
            response = JsonResponse(body.data, status=503, content_type=CONTENT_TYPE)
            response["Retry-After"] = "5"
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> JsonResponse | None:
        if isinstance(exception, UNAVAILABLE):
            logger.error("the database is not available: %s", exception)
            return _plain(
                503,
                "unavailable",
                _("The system cannot take this at the moment. Nothing was lost; try again."),
            )
        return None
