"""The models over HTTP: how they do, which there are, and the steps a supervisor takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions, permissions, quality
from complaints.errors import Missing
from complaints.keyset import NEWEST
from complaints.models import ModelEvent, ModelVersion, ReclassifyRun
from complaints.serializers.incoming import ReasonIn
from complaints.serializers.models import (
    ActivateIn,
    ModelVersionOut,
    OtherTopicsPage,
    QualityIn,
    QualityOut,
    ReclassifyIn,
    RunOut,
    ShadowIn,
    VersionsOut,
)
from complaints.serializers.reference import ProblemOut
from complaints.views.viewer import context_for

USUAL_PERIOD: Final = timedelta(weeks=12)
RUNS: Final = 50
PAGE: Final = 50
_REFUSALS: Final = {400: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut}


class QualityView(APIView):
    """Live figures over the cases that the viewer may see; the last twelve weeks unless asked otherwise."""

    @extend_schema(operation_id="model_quality", parameters=[QualityIn], responses={200: QualityOut, 403: ProblemOut})
    def get(self, request: Request) -> Response:
        viewer = permissions.require_figures(request.user)
        given = QualityIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        by = given.validated_data["by"]
        until = given.validated_data.get("until") or timezone.now()
        since = given.validated_data.get("since") or until - USUAL_PERIOD
        answer = {
            "by": by,
            "since": since,
            "until": until,
            "reference_since": since - quality.REFERENCE,
            "groups": quality.quality(viewer, by, since, until),
        }
        return Response(QualityOut(answer).data)


class VersionsView(APIView):
    """Every model that was made known, the serving one first, each with its history."""

    @extend_schema(operation_id="model_versions", responses={200: VersionsOut, 403: ProblemOut})
    def get(self, request: Request) -> Response:
        viewer = permissions.require_figures(request.user)
        actions.active_version()
        events = Prefetch("events", ModelEvent.objects.select_related("by").order_by("-pk"))
        rows = ModelVersion.objects.select_related("created_by", "activated_by", "previous").prefetch_related(events)
        ordered = sorted(rows, key=lambda row: (row.state, -row.pk))  # active, candidate, challenger, retired
        answer = {"may_change": permissions.may_change_models(viewer), "results": ordered}
        return Response(VersionsOut(answer).data)


class ActivateView(APIView):
    """Let a model take over. Reads up to 400 cases with both models first, so it may take half a minute."""

    @extend_schema(operation_id="model_activate", request=ActivateIn, responses={200: ModelVersionOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = ActivateIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(ModelVersionOut(actions.activate(request.user, **given.validated_data)).data)


class RollbackView(APIView):
    @extend_schema(operation_id="model_rollback", request=ReasonIn, responses={200: ModelVersionOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(ModelVersionOut(actions.rollback(request.user, given.validated_data["reason"])).data)


class ShadowView(APIView):
    @extend_schema(operation_id="model_shadow", request=ShadowIn, responses={200: ModelVersionOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = ShadowIn(data=request.data)
        given.is_valid(raise_exception=True)
        version, reason = given.validated_data["version"], given.validated_data["reason"]
        if version:
            row = actions.start_shadow(request.user, version, reason)
        else:
            row = actions.stop_shadow(request.user, reason)
        return Response(ModelVersionOut(row).data)


class ReclassifyView(APIView):
    @extend_schema(operation_id="model_reclassify", request=ReclassifyIn, responses={200: RunOut, **_REFUSALS})
    def post(self, request: Request) -> Response:
        given = ReclassifyIn(data=request.data)
        given.is_valid(raise_exception=True)
        asked: dict[str, Any] = dict(given.validated_data)
        run, move = asked.pop("run", None), asked.pop("move", None)
        if run:
            row = actions.move_run(request.user, run, move, asked["reason"])
        else:
            row = actions.reclassify(request.user, **asked)
        return Response(RunOut(row).data)


class RunsView(APIView):
    """Runs over history with their progress, newest first."""

    @extend_schema(operation_id="model_reclassifications", responses={200: RunOut(many=True), 403: ProblemOut})
    def get(self, request: Request) -> Response:
        permissions.require_second_look(request.user)
        runs = ReclassifyRun.objects.select_related("model", "created_by").order_by("-pk")[:RUNS]
        return Response(RunOut(runs, many=True).data)


class RunView(APIView):
    """Cases of a run whose topic its model sees differently, of those that the viewer may see."""

    @extend_schema(
        operation_id="model_reclassification_cases",
        parameters=[OpenApiParameter("cursor")],
        responses={200: OtherTopicsPage, 403: ProblemOut, 404: ProblemOut},
    )
    def get(self, request: Request, run: int) -> Response:
        viewer = permissions.require_second_look(request.user)
        row = ReclassifyRun.objects.select_related("model").filter(pk=run).first()
        if row is None:
            raise Missing("no_such_run", _("There is no such run."))
        found = actions.would_differ(row, viewer)
        page, following = NEWEST.page(found, request.query_params.get("cursor", ""), PAGE)
        names = context_for(viewer)["topics"]
        results = [
            {
                "number": one.case.number,
                "state_name": one.case.get_state_display(),
                "topic": {"code": one.case.topic, "name": names.get(one.case.topic, "")},
                "would_be": {"code": one.topic, "name": names.get(one.topic, "")},
                "confidence": one.confidence,
                "received_at": one.case.received_at,
            }
            for one in page
        ]
        return Response(OtherTopicsPage({"results": results, "next": following}).data)
