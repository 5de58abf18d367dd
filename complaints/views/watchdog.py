"""What has not moved: every waiting step with its numbers, and the things that wait in one."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import actions
from complaints.serializers.reference import ProblemOut
from complaints.serializers.watchdog import WaitingPage, WatchOut


class WatchView(APIView):
    @extend_schema(operation_id="watchdog", responses={200: WatchOut, 403: ProblemOut})
    def get(self, request: Request) -> Response:
        lines, digest = actions.watch(request.user), actions.latest_digest(request.user)
        told = {
            "day": digest.day if digest else None,
            "region": digest.region.full_name if digest else "",
            "text": actions.digest_text(digest.lines) if digest else "",
        }
        return Response(WatchOut({"steps": lines, "digest": told}).data)


class WaitingView(APIView):
    @extend_schema(
        operation_id="watchdog_step",
        parameters=[OpenApiParameter("cursor"), OpenApiParameter("stuck", type=bool)],
        responses={200: WaitingPage, 403: ProblemOut, 404: ProblemOut},
    )
    def get(self, request: Request, step: str) -> Response:
        asked = request.query_params
        stuck = asked.get("stuck", "") in {"1", "true"}
        results, following = actions.waiting(request.user, step, asked.get("cursor", ""), stuck=stuck)
        return Response(WaitingPage({"results": results, "next": following}).data)
