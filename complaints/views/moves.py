"""The verbs of a case: POST /cases/{number}/{verb}/ -> the case as it is afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from complaints import actions
from complaints.models import Case, Viewer
from complaints.numbers import normalise_number
from complaints.serializers.calls import TransferIn
from complaints.serializers.incoming import (
    AdjudicateIn,
    CloseIn,
    CrimeIn,
    DispatchIn,
    ExtensionIn,
    FollowUpIn,
    HandOverIn,
    InviteIn,
    MergeIn,
    MoveIn,
    NothingIn,
    RateIn,
    ReasonIn,
    RefuseIn,
    ReplyIn,
    ReturnIn,
    SplitIn,
    SupplementAskedIn,
    SuspensionIn,
    TextIn,
    VersionIn,
    WaiveIn,
    WithdrawIn,
)
from complaints.serializers.mediating import (
    AgreedIn,
    AskRecusalIn,
    BeginMediationIn,
    DecideRecusalIn,
    EndMediationIn,
    MediationSessionIn,
    TellPartiesIn,
)
from complaints.serializers.outgoing import CaseDetail
from complaints.serializers.pieces import RevealOut
from complaints.serializers.reference import ProblemOut
from complaints.serializers.reporting import (
    ApproveRewardIn,
    DecideReportIn,
    PayRewardIn,
    ProposeRewardIn,
    TellReporterIn,
    TellResultIn,
)
from complaints.serializers.respondents import LinkRespondentIn
from complaints.serializers.supervision import (
    InstructIn,
    NoticeSeenIn,
    OrderAgainIn,
    OrderAnswerIn,
    OrderIn,
    OrderReasonIn,
)
from complaints.views.cases import _CODE
from complaints.views.viewer import CodeThrottle, detail_response, viewer_of

_PREFER = OpenApiParameter(
    "Prefer", location="header", description="return=minimal: 204 without a body in place of the case"
)
Given = Mapping[str, Any]
Run = Callable[[Viewer, str, Given], Any]


class MoveView(APIView):
    """Base of all verbs: `shape` is what is sent, `run` the action. A program that only drives cases asks for nothing
    back (RFC 7240, return=minimal) and goes on with the version in ETag; people's pages show the whole case."""

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
        if "return=minimal" not in request.headers.get("Prefer", ""):
            return detail_response(viewer, number)
        version = Case.objects.visible_to(viewer).only("version").by_number(number).version
        return Response(status=204, headers={"ETag": f'"{version}"', "Preference-Applied": "return=minimal"})


def _view(verb: str, shape: type[Serializer[Any]], run: Run) -> type[MoveView]:
    view = type(f"{verb.title()}View", (MoveView,), {"shape": shape, "run": staticmethod(run)})
    done = OpenApiResponse(description="after Prefer: return=minimal; ETag is the version of the case")
    responses = {200: CaseDetail, 204: done, 400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}
    schema = extend_schema(
        operation_id=f"cases_{verb}", parameters=[_CODE, _PREFER], request=shape, responses=responses
    )
    documented: type[MoveView] = extend_schema_view(post=schema)(view)
    return documented


def _close(viewer: Viewer, number: str, given: Given) -> None:
    facts = {name: given[name] for name in actions.Result.__dataclass_fields__}
    actions.close(viewer, number, given["version"], given["reason"], actions.Result(**facts))


def _split(viewer: Viewer, number: str, given: Given) -> None:
    matters = [
        actions.Matter(**{**matter, "participants": tuple(matter["participants"])}) for matter in given["matters"]
    ]
    actions.split(viewer, number, given["version"], matters=matters, reason=given["reason"])


def _merge(viewer: Viewer, number: str, given: Given) -> None:
    into = normalise_number(given["into"]) or given["into"]
    actions.merge(viewer, number, given["version"], into=into, reason=given["reason"])


def _plainly(run: Callable[..., Any]) -> Run:
    """An action whose arguments are named as what is sent."""
    return lambda viewer, number, given: run(viewer, number, **given)


MOVE_VIEWS: dict[str, type[MoveView]] = {
    verb: _view(verb, shape, run)
    for verb, shape, run in (
        ("dispatch", DispatchIn, _plainly(actions.dispatch)),
        ("refuse", RefuseIn, _plainly(actions.refuse)),
        ("ask_supplement", SupplementAskedIn, _plainly(actions.ask_supplement)),
        ("supplement", TextIn, _plainly(actions.supplement)),
        ("go_on", MoveIn, _plainly(actions.go_on)),
        ("return", ReturnIn, _plainly(actions.return_case)),
        ("open_adjudication", MoveIn, _plainly(actions.open_adjudication)),
        ("adjudicate", AdjudicateIn, _plainly(actions.adjudicate)),
        ("sign", VersionIn, _plainly(actions.sign)),
        ("accept", VersionIn, _plainly(actions.accept)),
        ("start", VersionIn, _plainly(actions.start)),
        ("reply", ReplyIn, _plainly(actions.reply)),
        ("close", CloseIn, _close),
        ("invite", InviteIn, _plainly(actions.invite)),
        ("sign_part", NothingIn, _plainly(actions.sign_part)),
        ("reply_part", TextIn, _plainly(actions.reply_part)),
        ("return_part", ReasonIn, _plainly(actions.return_part)),
        ("waive", WaiveIn, _plainly(actions.waive)),
        ("transfer", TransferIn, _plainly(actions.transfer)),
        ("request_extension", ExtensionIn, _plainly(actions.request_extension)),
        ("grant_extension", ExtensionIn, _plainly(actions.grant_extension)),
        ("refuse_extension", MoveIn, _plainly(actions.refuse_extension)),
        ("request_suspension", SuspensionIn, _plainly(actions.request_suspension)),
        ("suspend", MoveIn, _plainly(actions.suspend)),
        ("refuse_suspension", MoveIn, _plainly(actions.refuse_suspension)),
        ("resume", MoveIn, _plainly(actions.resume)),
        ("begin_appraisal", MoveIn, _plainly(actions.begin_appraisal)),
        ("end_appraisal", MoveIn, _plainly(actions.end_appraisal)),
        ("hand_over", HandOverIn, _plainly(actions.hand_over)),
        ("refer_crime", CrimeIn, _plainly(actions.refer_crime)),
        ("publish_reply", ReplyIn, _plainly(actions.publish_reply)),
        ("rate", RateIn, _plainly(actions.rate)),
        ("follow_up", FollowUpIn, _plainly(actions.follow_up)),
        ("reopen", MoveIn, _plainly(actions.reopen)),
        ("level_up", MoveIn, _plainly(actions.level_up)),
        ("archive", VersionIn, _plainly(actions.archive)),
        ("merge", MergeIn, _merge),
        ("unmerge", MoveIn, _plainly(actions.unmerge)),
        ("split", SplitIn, _split),
        ("link_respondent", LinkRespondentIn, _plainly(actions.link_respondent)),
        ("dismiss_refiling", MoveIn, _plainly(actions.dismiss_refiling)),
        ("withdraw", WithdrawIn, _plainly(actions.withdraw)),
        ("note", TextIn, _plainly(actions.note)),
        ("begin_mediation", BeginMediationIn, _plainly(actions.begin_mediation)),
        ("mediation_session", MediationSessionIn, _plainly(actions.mediation_session)),
        ("ask_recusal", AskRecusalIn, _plainly(actions.ask_recusal)),
        ("decide_recusal", DecideRecusalIn, _plainly(actions.decide_recusal)),
        ("mediation_agreed", AgreedIn, _plainly(actions.mediation_agreed)),
        ("end_mediation", EndMediationIn, _plainly(actions.end_mediation)),
        ("tell_parties", TellPartiesIn, _plainly(actions.tell_parties)),
        ("begin_verification", VersionIn, _plainly(actions.begin_verification)),
        ("decide_report", DecideReportIn, _plainly(actions.decide_report)),
        ("tell_reporter", TellReporterIn, _plainly(actions.tell_reporter)),
        ("tell_result", TellResultIn, _plainly(actions.tell_result)),
        ("close_report", MoveIn, _plainly(actions.close_report)),
        ("propose_reward", ProposeRewardIn, _plainly(actions.propose_reward)),
        ("approve_reward", ApproveRewardIn, _plainly(actions.approve_reward)),
        ("refuse_reward", MoveIn, _plainly(actions.refuse_reward)),
        ("pay_reward", PayRewardIn, _plainly(actions.pay_reward)),
        ("separate_report", MoveIn, _plainly(actions.separate_report)),
        ("order_supervision", OrderIn, _plainly(actions.order_supervision)),
        ("instruct", InstructIn, _plainly(actions.instruct)),
        ("answer_supervision", OrderAnswerIn, _plainly(actions.answer_supervision)),
        ("return_supervision", OrderAgainIn, _plainly(actions.return_supervision)),
        ("close_supervision", OrderReasonIn, _plainly(actions.close_supervision)),
        ("cancel_supervision", OrderReasonIn, _plainly(actions.cancel_supervision)),
        ("acknowledge", NoticeSeenIn, _plainly(actions.acknowledge)),
        ("decline_crime", MoveIn, _plainly(actions.decline_crime)),
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
