"""Filing, queues and one case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from complaints import actions, clocks, privacy
from complaints.errors import Invalid, Missing
from complaints.lifecycle import State
from complaints.models import Attachment, Case, CaseKey, Event
from complaints.models.case import within
from complaints.numbers import normalise_number
from complaints.serializers.incoming import AttachmentIn, IntakeIn
from complaints.serializers.outgoing import (
    AttachmentOut,
    CaseDetail,
    CasePage,
    CaseRow,
    CountsOut,
    EventOut,
    SubmittedOut,
)
from complaints.serializers.reference import ProblemOut
from complaints.views.viewer import CODE_HEADER, CodeThrottle, context_for, detail_response, viewer_of

PAGE: Final = 50
MAX_PAGE: Final = 200
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CODE = OpenApiParameter(CODE_HEADER, location="header", description="the citizen's query code for this case")
_KEY = OpenApiParameter("Idempotency-Key", location="header", description="at most 64 characters; a resend is safe")


class IntakeThrottle(AnonRateThrottle):
    scope = "intake"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method != "POST" or super().allow_request(request, view)


def intake_from(data: Mapping[str, Any]) -> actions.Intake:
    """What `IntakeIn` validated, as the action takes it."""
    return actions.Intake(
        **{name: data[name] for name in ("text", "title", "channel", "source_line", "event_at", "place")},
        region=data["region"] or "",
        requester=actions.Person(**data.get("requester", {})),
        respondent=actions.RespondentFacts(**data.get("respondent", {})),
    )


class CasesView(APIView):
    """Everyone may file; accounts list what they may see."""

    throttle_classes = [IntakeThrottle]

    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    @extend_schema(
        parameters=[_KEY],
        request=IntakeIn,
        responses={201: SubmittedOut, 200: SubmittedOut, 400: ProblemOut, 409: ProblemOut},
    )
    def post(self, request: Request) -> Response:
        given = IntakeIn(data=request.data)
        given.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")
        if len(key) > 64:
            raise Invalid("key_too_long", _("The Idempotency-Key may have at most 64 characters."))
        submitted = actions.submit(request.user, intake_from(given.validated_data), key)
        case = submitted.case
        receipt = {
            "number": case.number,
            "query_code": privacy.query_code(case.number),
            "state": case.state,
            "state_name": case.get_state_display(),
            "received_at": case.received_at,
        }
        return Response(SubmittedOut(receipt).data, status=201 if submitted.created else 200)

    @extend_schema(
        operation_id="cases_list",
        parameters=[
            OpenApiParameter("queue", enum=["mine", "triage", "all"]),
            OpenApiParameter("order", enum=["newest", "due"], description="due: only cases with a running deadline"),
            *(OpenApiParameter(name) for name in ("state", "topic", "domain", "urgency", "region", "q", "cursor")),
            OpenApiParameter("limit", type=int),
        ],
        responses=CasePage,
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        cases = filtered(Case.objects.queue(asked.get("queue", "all"), request.user), asked)
        limit = min(whole_number(asked.get("limit"), "limit", PAGE), MAX_PAGE)
        by_due = asked.get("order") == "due"
        cases = _from_cursor(cases, asked.get("cursor"), by_due)
        rows_wanted = clocks.with_open_clocks(cases.select_related("region", "lead_unit"))
        page = list(rows_wanted.prefetch_related("assignments")[: limit + 1])
        more = len(page) > limit
        page = page[:limit]
        rows = CaseRow(page, many=True, context=context_for(request.user)).data
        return Response({"results": rows, "next": _cursor(page[-1], by_due) if more else None})


def _from_cursor(cases: QuerySet[Case], cursor: str | None, by_due: bool) -> QuerySet[Case]:
    """The page after the cursor: newest first, or by deadline (equal ones by id)."""
    if not by_due:
        return (cases.filter(pk__lt=whole_number(cursor, "cursor", 0)) if cursor else cases).order_by("-pk")
    cases = cases.filter(due_at__isnull=False).order_by("due_at", "pk")
    if not cursor:
        return cases
    moment, _dot, pk = cursor.partition(".")
    due = EPOCH + timedelta(microseconds=min(whole_number(moment, "cursor", 0), 10**17))
    same_moment = Q(due_at=due, pk__gt=whole_number(pk, "cursor", 0))
    return cases.filter(Q(due_at__gt=due) | same_moment, due_at__gte=due)


def _cursor(last: Case, by_due: bool) -> str:
    if not by_due or last.due_at is None:
        return str(last.pk)
    return f"{(last.due_at - EPOCH) // timedelta(microseconds=1)}.{last.pk}"


def whole_number(value: str | None, name: str, default: int) -> int:
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and 0 < int(value[:19]) < 2**62):
        message = _("This must be a whole number.")
        raise Invalid("not_a_number", message, {name: message})
    return int(value)


def filtered(cases: Any, asked: Any) -> Any:
    """The filters of a queue, from its URL. Several values of one filter are comma-separated."""
    for name in ("state", "topic", "domain", "urgency"):
        if values := [value for value in asked.get(name, "").split(",") if value]:
            cases = cases.filter(**{f"{name}__in": values})
    if region := asked.get("region", ""):
        cases = cases.filter(within(region))
    if words := asked.get("q", "").strip().replace("\x00", ""):
        number = normalise_number(words)
        cases = (
            cases.filter(number=number) if number else cases.filter(Q(text__contains=words) | Q(title__contains=words))
        )
    return cases


class CountsView(APIView):
    @extend_schema(responses=CountsOut)
    def get(self, request: Request) -> Response:
        visible = Case.objects.visible_to(request.user)
        counts = dict(visible.order_by().values_list("state").annotate(Count("pk")))
        return Response(
            {
                "by_state": {state: counts.get(state, 0) for state in State.values},
                "triage": visible.awaiting_dispatcher().count(),
            }
        )


class CaseView(APIView):
    """One case, for staff who may see it and for the citizen who holds its code."""

    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]

    @extend_schema(parameters=[_CODE], responses={200: CaseDetail, 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        return detail_response(viewer_of(request, number), normalise_number(number) or number)


class EventsView(APIView):
    """The timeline, oldest first; citizens get the public part."""

    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]

    @extend_schema(parameters=[_CODE], responses={200: EventOut(many=True), 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        viewer = viewer_of(request, number)
        case = visible_case(viewer, number)
        events = Event.objects.filter(case=case).select_related("actor", "unit").order_by("version")
        if isinstance(viewer, CaseKey):
            events = events.filter(public=True)
        return Response(EventOut(events, many=True, context={"viewer": viewer}).data)


def visible_case(viewer: Any, number: str) -> Case:
    return Case.objects.visible_to(viewer).by_number(normalise_number(number) or number)


class AttachmentsView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]
    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[_CODE],
        request={"multipart/form-data": AttachmentIn},
        responses={201: AttachmentOut, 400: ProblemOut, 404: ProblemOut, 409: ProblemOut},
    )
    def post(self, request: Request, number: str) -> Response:
        given = AttachmentIn(data=request.data)
        given.is_valid(raise_exception=True)
        upload = given.validated_data["file"]
        viewer = viewer_of(request, number)
        number = normalise_number(number) or number
        attachment = actions.attach(viewer, number, upload.name, upload, upload.size)
        return Response(AttachmentOut(attachment, context={"number": number}).data, status=201)


class AttachmentView(APIView):
    permission_classes = [AllowAny]
    throttle_classes = [CodeThrottle]

    @extend_schema(parameters=[_CODE], responses={(200, "application/octet-stream"): bytes, 404: ProblemOut})
    def get(self, request: Request, number: str, attachment: int) -> FileResponse:
        case = visible_case(viewer_of(request, number), number)
        found = Attachment.objects.filter(case=case, pk=attachment).first()
        if found is None:
            raise Missing("no_such_file", _("There is no such file."))
        response = FileResponse(
            default_storage.open(found.stored_as),
            content_type=found.content_type,
            filename=found.name,
            as_attachment=not found.content_type.startswith(("image/", "video/", "audio/")),
        )
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = "private, no-store"
        return response
