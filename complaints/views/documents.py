"""Documents: what was made of a case, what can be made, the PDFs, batches, and the public check."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from complaints import actions, documents, permissions
from complaints.documents import FORMS, Sources
from complaints.models import Document
from complaints.numbers import normalise_number
from complaints.serializers.documents import BatchIn, BatchOut, CheckOut, DocumentOut, DocumentsOut, MakeDocumentIn
from complaints.serializers.incoming import ReasonIn
from complaints.serializers.reference import ProblemOut
from complaints.views.cases import visible_case
from complaints.views.rules import AnyAccept

_REFUSALS = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}
_PDF = {(200, "application/pdf"): bytes, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}


def _row(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "form": document.form,
        "title": FORMS[document.form].title,
        "number": document.number,
        "code": documents.code_of(document),
        "unit": document.unit.name,
        "made_at": document.made_at,
        "made_by": str(document.made_by),
    }


def paper(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at, kept nowhere."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class DocumentsView(APIView):
    """What was made of a case, and what can be made."""

    @extend_schema(operation_id="documents_list", responses={200: DocumentsOut, 403: ProblemOut, 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        case = visible_case(request.user, number)
        permissions.require(request.user, "make_document", case)
        unit, sources = actions.issuer(request.user, case), Sources(case)
        made = Document.objects.filter(case=case).select_related("unit", "made_by").order_by("-pk")
        forms = [
            {
                "code": form.code,
                "title": form.title,
                "style": form.style,
                "basis": form.basis(sources.ruleset),
                "missing": documents.gather(form, sources, unit, None).missing,
                "asks": form.asks,
            }
            for form in actions.forms_for(request.user, case, unit, sources)
        ]
        may_reveal = permissions.may(request.user, "reveal", case)
        answer = {"made": [_row(document) for document in made], "forms": forms, "may_reveal": may_reveal}
        return Response(DocumentsOut(answer).data)

    @extend_schema(
        operation_id="documents_make",
        request=MakeDocumentIn,
        responses={201: DocumentOut, 200: DocumentOut, **_REFUSALS},
    )
    def post(self, request: Request, number: str) -> Response:
        given = MakeDocumentIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        made, new = actions.make_document(
            request.user, normalise_number(number) or number, asked["form"], asked["given"]
        )
        return Response(DocumentOut(_row(made)).data, status=201 if new else 200)


class DocumentView(APIView):
    """One sheet as PDF, masked."""

    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="documents_pdf", responses=_PDF)
    def get(self, request: Request, number: str, document: int) -> HttpResponse:
        found = actions.document_of(request.user, normalise_number(number) or number, document)
        return paper(documents.pdf([found]), documents.code_of(found))


class ClearDocumentView(APIView):
    """The same with personal data in clear, for a reason; recorded as a reveal."""

    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="documents_pdf_in_clear", request=ReasonIn, responses={**_PDF, 400: ProblemOut})
    def post(self, request: Request, number: str, document: int) -> HttpResponse:
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        number = normalise_number(number) or number
        content = actions.print_in_clear(request.user, number, document, given.validated_data["reason"])
        return paper(content, f"{number}-{document}")


class BatchesView(APIView):
    """One form for up to 100 cases. 201: made; 202: the worker makes them, ask again."""

    @extend_schema(
        operation_id="documents_batch", request=BatchIn, responses={201: BatchOut, 202: BatchOut, **_REFUSALS}
    )
    def post(self, request: Request) -> Response:
        given = BatchIn(data=request.data)
        given.is_valid(raise_exception=True)
        batch = actions.ask_batch(request.user, given.validated_data["form"], given.validated_data["numbers"])
        return Response(BatchOut(batch).data, status=201 if batch.done == batch.total else 202)


class BatchView(APIView):
    @extend_schema(operation_id="documents_batch_read", responses={200: BatchOut, 404: ProblemOut})
    def get(self, request: Request, batch: int) -> Response:
        return Response(BatchOut(actions.batch_of(request.user, batch)).data)


class BatchPaperView(APIView):
    content_negotiation_class = AnyAccept

    @extend_schema(operation_id="documents_batch_pdf", responses=_PDF)
    def get(self, request: Request, batch: int) -> HttpResponse:
        return paper(actions.batch_pdf(request.user, batch), f"batch-{batch}")


class CheckThrottle(SimpleRateThrottle):
    """Limits guessing of check codes, by address."""

    scope = "check"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


class CheckView(APIView):
    """Whether a paper is genuine: for everybody, without personal data."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes = [CheckThrottle]

    @extend_schema(
        operation_id="documents_check", parameters=[OpenApiParameter("code", required=True)], responses=CheckOut
    )
    def get(self, request: Request) -> Response:
        found = documents.find(request.query_params.get("code", "")[:60])
        answer: dict[str, Any] = {"genuine": found is not None}
        if found is not None:
            made_on = timezone.localdate(found.made_at)
            title = FORMS[found.form].title
            answer |= {"title": title, "number": found.number, "unit": found.unit.name, "made_on": made_on}
        return Response(CheckOut(answer).data, headers={"Cache-Control": "no-store"})
