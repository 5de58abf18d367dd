"""Where a case or a clue of it was handed over to: the package for the receiving authority, and its receipt."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, permissions
from complaints.models import Viewer
from complaints.numbers import normalise_number
from complaints.serializers.handing import HandingsOut, PackageIn, ReceiptIn
from complaints.serializers.reference import ProblemOut
from complaints.views.cases import visible_case
from complaints.views.rules import AnyAccept

_REFUSALS = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}


def _answer(viewer: Viewer, number: str) -> Response:
    case = visible_case(viewer, number)
    found = actions.handings(viewer, case.number)
    answer = {"handings": found, "may_reveal": permissions.may(viewer, "reveal", case)}
    return Response(HandingsOut(answer).data)


class HandingsView(APIView):
    @extend_schema(operation_id="handings_list", responses={200: HandingsOut, 403: ProblemOut, 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        return _answer(request.user, number)


class PackageView(APIView):
    """The file of the case as one ZIP; every making is an event of the case."""

    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="handings_package",
        request=PackageIn,
        responses={(200, "application/zip"): bytes, **_REFUSALS},
    )
    def post(self, request: Request, number: str, of: int) -> FileResponse:
        given = PackageIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        number = normalise_number(number) or number
        because = asked["reason"] if asked["clear"] else None
        name, content = actions.make_package(request.user, number, of, clear_because=because)
        answer = FileResponse(content, content_type="application/zip")
        answer["Content-Disposition"] = f"attachment; filename=\"{number}.zip\"; filename*=UTF-8''{quote(name)}.zip"
        answer["Cache-Control"] = "private, no-store"
        return answer


class ReceiptView(APIView):
    @extend_schema(operation_id="handings_receipt", request=ReceiptIn, responses={200: HandingsOut, **_REFUSALS})
    def post(self, request: Request, number: str, of: int) -> Response:
        given = ReceiptIn(data=request.data)
        given.is_valid(raise_exception=True)
        number = normalise_number(number) or number
        actions.record_receipt(request.user, number, of, **given.validated_data)
        return _answer(request.user, number)
