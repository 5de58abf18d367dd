"""Filing, queues and one case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db.models import Count, Prefetch, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from complaints import actions, clocks, permissions, privacy, search
from complaints.errors import Invalid, Missing
from complaints.filters import ORDERS, PARAMETERS, Filters, Order, whole_number
from complaints.lifecycle import ENDED, OPEN, State
from complaints.models import Assignment, Case, CaseKey, Declared, Event, Viewer
from complaints.numbers import normalise_number
from complaints.search.words import MAX_TYPED
from complaints.serializers.incoming import AttachmentIn, IntakeIn
from complaints.serializers.outgoing import CaseDetail, CasePage, CaseRow, CountsOut
from complaints.serializers.pieces import AttachmentOut, SubmittedOut
from complaints.serializers.reference import ProblemOut
from complaints.serializers.reporting import unsaid
from complaints.serializers.timeline import EventOut
from complaints.views.viewer import CODE_HEADER, CodeThrottle, context_for, detail_response, viewer_of

PAGE: Final = 50
MAX_PAGE: Final = 200
COUNTED: Final = 1_000  # ended cases of a state are counted up to here; a province has a million
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
        declared=_declared(data.get("declared", {})),
        asks=tuple(sorted(set(data.get("asks", ())))),
        call=data["call"],
        answers=tuple((answer["question"], answer["value"]) for answer in data["answers"]),
        transferred_to=data["transferred_to"],
    )


def _declared(data: Mapping[str, Any]) -> Declared:
    return Declared(**{**data, "consents": tuple(data["consents"])}) if data else Declared()


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
        case, twin = submitted.case, submitted.twin
        receipt = {
            "number": case.number,
            "query_code": privacy.query_code(case.number),
            "state": case.state,
            "state_name": case.get_state_display(),
            "received_at": case.received_at,
            "twin": {"number": twin.number, "query_code": privacy.query_code(twin.number)} if twin else None,
        }
        return Response(SubmittedOut(receipt).data, status=201 if submitted.created else 200)

    @extend_schema(
        operation_id="cases_list",
        parameters=[
            OpenApiParameter("queue", enum=["mine", "triage", "all"]),
            OpenApiParameter(
                "order",
                enum=[*ORDERS, "best"],
                description="due: only cases with a running deadline; best: how well a search fits",
            ),
            *PARAMETERS,
            OpenApiParameter("q", description="words, or the beginning of a case number; at most 100 characters"),
            OpenApiParameter("cursor"),
            OpenApiParameter("limit", type=int),
        ],
        responses={200: CasePage, 400: ProblemOut},
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        filters = Filters.read(asked, request.user)
        cases = filters.apply(Case.objects.queue(asked.get("queue", "all"), request.user))
        limit = min(whole_number(asked.get("limit"), "limit", PAGE), MAX_PAGE)
        if asked.get("q", "").strip():
            return _search(request, cases, filters, limit)
        order = Order.named(asked.get("order", ""), filters.of_days)
        page = list(_whole_rows(order.page(cases, asked.get("cursor", "")), request.user)[: limit + 1])
        return _page(request, page[:limit], order.cursor(page[limit - 1]) if len(page) > limit else None)


def _search(request: Request, cases: QuerySet[Case], filters: Filters, limit: int) -> Response:
    """Hits as pages: at most search.CAP in all. The cursor is the place of the last one in its order."""
    asked = request.query_params
    if len(asked["q"]) > MAX_TYPED:
        message = _("Look for at most %(count)d characters.") % {"count": MAX_TYPED}
        raise Invalid("query_too_long", message, {"q": message})
    query = search.Query.parse(asked["q"])
    best = asked.get("order") == "best"
    found = search.find(request.user, cases, query, filters.scopes, best=best)
    places = [(-round(found.ranks.get(pk, 0.0) * 1e6), place, pk) for place, (pk, _received) in enumerate(found.hits)]
    places.sort()
    if cursor := asked.get("cursor"):
        skipped = whole_number(cursor, "cursor", 0)
        places = places[next((n for n, (_rank, _place, pk) in enumerate(places, 1) if pk == skipped), len(places)) :]
    ids = [pk for _rank, _place, pk in places]
    rows = {case.pk: case for case in _whole_rows(cases.filter(pk__in=ids[:limit]), request.user)}
    page = [rows[pk] for pk in ids[:limit] if pk in rows]
    more = str(ids[limit - 1]) if len(ids) > limit else None
    return _page(request, page, more, query, capped=found.capped)


def _whole_rows(cases: QuerySet[Case], viewer: Viewer) -> QuerySet[Case]:
    """With what a row shows the viewer and no more: unsealing what nobody reads would cost more than the page."""
    unit = getattr(viewer, "unit_id", None)
    own = Assignment.objects.filter(unit=unit, active=True) if unit else Assignment.objects.none()
    rows = clocks.with_nearest_clock(cases.select_related("region", "lead_unit"), viewer).only(*CaseRow.READS)
    return rows.prefetch_related(Prefetch("assignments", own.only("case", "unit", "part", "active")))


def _page(
    request: Request, page: list[Case], more: str | None, query: search.Query | None = None, *, capped: bool = False
) -> Response:
    rows = CaseRow(page, many=True, context=context_for(request.user) | {"query": query}).data
    return Response({"results": rows, "next": more, "capped": capped})


class CountsView(APIView):
    @extend_schema(responses=CountsOut)
    def get(self, request: Request) -> Response:
        visible = Case.objects.visible_to(request.user)
        counts = dict(visible.filter(state__in=OPEN).order_by().values_list("state").annotate(Count("pk")))
        for state in ENDED:
            counts[state] = visible.filter(state=state)[:COUNTED].count()
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
        elif hidden := permissions.unseen(viewer):
            events = events.exclude(kind__in=hidden)
        context = {"viewer": viewer, "unsaid": unsaid(case, viewer)}
        return Response(EventOut(events, many=True, context=context).data)


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
        viewer = viewer_of(request, number)
        case = visible_case(viewer, number)
        found = case.evidence().filter(pk=attachment).first()
        if found is None:
            raise Missing("no_such_file", _("There is no such file."))
        response = FileResponse(
            default_storage.open(found.stored_as),
            content_type=found.content_type,
            filename=privacy.hide(privacy.mask_text(found.name), unsaid(case, viewer)),
            as_attachment=not found.content_type.startswith(("image/", "video/", "audio/")),
        )
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = "private, no-store"
        return response
