"""Who is asking, and what every case view shares."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle

import classifier
from complaints import clocks
from complaints.models import Case, CaseKey, Viewer
from complaints.serializers.outgoing import CaseDetail, topic_names
from complaints.views import surroundings

CODE_HEADER = "X-Case-Code"


class CodeThrottle(SimpleRateThrottle):
    """Limits guessing of query codes: counts requests that carry a code, by address."""

    scope = "code"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if CODE_HEADER not in request.headers:
            return None
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


def viewer_of(request: Request, number: str = "") -> Viewer:
    """The citizen when the request carries a query code for this case, else the account behind the request."""
    code = request.headers.get(CODE_HEADER)
    if code is not None and number:
        return CaseKey.check(number, code)
    return request.user


def context_for(viewer: Viewer) -> dict[str, Any]:
    """What the outgoing serializers need."""
    return {"viewer": viewer, "topics": topic_names() | classifier.disposition_names()}


def detail_response(viewer: Viewer, number: str) -> Response:
    """The case as it is now, or Missing."""
    related = ("region", "lead_unit", "requester", "respondent", "outcome__ground")
    case = clocks.with_clocks(Case.objects.visible_to(viewer), viewer).select_related(*related).by_number(number)
    return Response(CaseDetail(surroundings.fetch(case), context=context_for(viewer)).data)
