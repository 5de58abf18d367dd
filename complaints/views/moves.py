"""The verbs of a case: POST /cases/{number}/{verb}/ -> the case as it is afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from complaints import actions
from complaints.models import Viewer
from complaints.numbers import normalise_number
from complaints.serializers.incoming import (
    DispatchIn,
    MoveIn,
    ReasonIn,
    ReplyIn,
    TextIn,
    VersionIn,
    WithdrawIn,
)
from complaints.serializers.outgoing import CaseDetail, ProblemOut, RevealOut
from complaints.views.cases import _CODE
from complaints.views.viewer import CodeThrottle, detail_response, viewer_of

Given = Mapping[str, Any]
Run = Callable[[Viewer, str, Given], Any]


class MoveView(APIView):
    """Base of all verbs: `shape` is what is sent, `run` the action."""

    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]
    shape: type[Serializer[Any]]
    run: Run

    def post(self, request: Request, number: str) -> Response:
        given = self.shape(data=request.data)
        given.is_valid(raise_exception=True)
        viewer = viewer_of(request, number)
        number = normalise_number(number) or number
        type(self).run(viewer, number, given.validated_data)
        return detail_response(viewer, number)


def _view(verb: str, shape: type[Serializer[Any]], run: Run) -> type[MoveView]:
    view = type(f"{verb.title()}View", (MoveView,), {"shape": shape, "run": staticmethod(run)})
    responses = {200: CaseDetail, 400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}
    schema = extend_schema(operation_id=f"cases_{verb}", parameters=[_CODE], request=shape, responses=responses)
    documented: type[MoveView] = extend_schema_view(post=schema)(view)
    return documented


MOVE_VIEWS: dict[str, type[MoveView]] = {
    verb: _view(verb, shape, run)
    for verb, shape, run in (
        ("sign", VersionIn, lambda viewer, number, given: actions.sign(viewer, number, given["version"])),
        ("start", VersionIn, lambda viewer, number, given: actions.start(viewer, number, given["version"])),
        ("reply", ReplyIn, lambda viewer, number, given: actions.reply(viewer, number, **given)),
        ("close", MoveIn, lambda viewer, number, given: actions.close(viewer, number, **given)),
        ("return", MoveIn, lambda viewer, number, given: actions.return_case(viewer, number, **given)),
        ("dispatch", DispatchIn, lambda viewer, number, given: actions.dispatch(viewer, number, **given)),
        ("withdraw", WithdrawIn, lambda viewer, number, given: actions.withdraw(viewer, number, **given)),
        ("note", TextIn, lambda viewer, number, given: actions.note(viewer, number, given["text"])),
        (
            "supplement",
            TextIn,
            lambda viewer, number, given: actions.supplement(viewer, number, given["text"]),
        ),
    )
}


class RevealView(APIView):
    """Personal data in clear, for a reason; every look is an event of the case."""

    @extend_schema(request=ReasonIn, responses={200: RevealOut, 403: ProblemOut, 404: ProblemOut})
    def post(self, request: Request, number: str) -> Response:
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        revealed = actions.reveal(request.user, normalise_number(number) or number, given.validated_data["reason"])
        return Response(RevealOut(revealed).data, headers={"Cache-Control": "no-store"})
