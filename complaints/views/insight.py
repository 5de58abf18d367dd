"""Beside a case, for staff: the phrases behind its topic, the matters in it, cases like it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import classifier
from classifier import Message
from complaints import actions
from complaints.actions.serving import follow
from complaints.errors import Invalid
from complaints.models import AnswerRole, Case
from complaints.models.embedding import similar_to
from complaints.serializers.insight import MattersOut, SimilarOut, WhyOut
from complaints.serializers.outgoing import CaseRow
from complaints.serializers.reference import ProblemOut
from complaints.views.cases import visible_case
from complaints.views.viewer import context_for
from routing.decide import Router
from routing.facts import Facts
from routing.fields import recognise
from routing.models import Unit


def _text_begins(case: Case) -> int:
    """Where the text begins in `title + "\\n" + text`, which the classifier's offsets refer to."""
    return len(case.title) + 1 if case.title else 0


class WhyView(APIView):
    """The phrases that spoke for a topic: the case's own, or one that is asked about."""

    @extend_schema(
        operation_id="cases_why",
        parameters=[OpenApiParameter("topic", description="a topic's code; left out: the topic of the case")],
        responses={200: WhyOut, 400: ProblemOut, 404: ProblemOut},
    )
    def get(self, request: Request, number: str) -> Response:
        case = visible_case(request.user, number)
        follow()
        model = classifier.active()
        message = Message(case.text, case.title)
        topic = request.query_params.get("topic") or case.topic or model.classify([message])[0].topic
        if topic not in model.labels:
            problem = _("The model does not know this topic.")
            raise Invalid("unknown_topic", problem, {"topic": problem})
        begins = _text_begins(case)
        shown = []
        for phrase in classifier.phrases(model, message, topic):
            part, before = ("text", begins) if phrase.start >= begins else ("title", 0)
            start, end = phrase.start - before, phrase.end - before
            text = (case.text if part == "text" else case.title)[start:end]
            shown.append({"part": part, "start": start, "end": end, "text": text, "weight": phrase.weight})
        names = context_for(request.user)["topics"]
        found = {"topic": {"code": topic, "name": names.get(topic, "")}, "model_version": model.version}
        return Response(WhyOut(found | {"phrases": shown}).data)


class MattersView(APIView):
    """The matters of a case that holds several, each with the unit that the rules would make responsible for it."""

    @extend_schema(operation_id="cases_matters", responses={200: MattersOut, 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        case = visible_case(request.user, number)
        said = case.predictions.filter(role=AnswerRole.SERVED).order_by("-pk").first()
        matters = said.matters if said else []
        return Response(MattersOut({"matters": self._shown(case, matters, request) if matters else []}).data)

    def _shown(self, case: Case, matters: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
        region, begins = case.region_id or "", _text_begins(case)
        topics = {matter["topic"] for matter in matters}
        router = Router.load({region} if region else set(), topics)
        names = context_for(request.user)["topics"]
        shown = []
        for matter in matters:
            start, end = matter["start"] - begins, matter["end"] - begins
            text, topic = case.text[start:end], matter["topic"]
            decision = router.decide(Facts(topic=topic, region=region, fields=recognise(text, topic)))
            shown.append(
                {
                    "start": start,
                    "end": end,
                    "text": text,
                    "topic": {"code": topic, "name": names.get(topic, "")},
                    "probability": matter["probability"],
                    "lead": decision.lead,
                }
            )
        units = Unit.objects.in_bulk([matter["lead"] for matter in shown if matter["lead"]])
        return [matter | {"lead": units.get(matter["lead"])} for matter in shown]


class SimilarView(APIView):
    """The cases most like this one among those that the viewer may see, and which of them are probably the same."""

    @extend_schema(operation_id="cases_similar", responses={200: SimilarOut, 404: ProblemOut})
    def get(self, request: Request, number: str) -> Response:
        case = visible_case(request.user, number)
        version, vector = actions.vector_of(case)
        found = similar_to(case, version, vector, Case.objects.visible_to(request.user)) if vector else []
        context = context_for(request.user) if found else {"viewer": request.user, "topics": {}}
        row = CaseRow(context=context)
        results = [
            {
                "number": one.case.number,
                "summary": row.get_summary(one.case),
                "state": one.case.state,
                "state_name": one.case.get_state_display(),
                "topic": row.get_topic(one.case),
                "received_at": one.case.received_at,
                "similarity": round(one.similarity, 4),
                "duplicate": one.duplicate,
            }
            for one in found
        ]
        return Response(SimilarOut({"results": results}).data)
