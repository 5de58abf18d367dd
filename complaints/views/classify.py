"""The classifier over HTTP, for staff and partner systems."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import classifier
from complaints.actions.serving import follow
from complaints.serializers.classified import ClassifyOut
from complaints.serializers.incoming import ClassifyIn


class ClassifyView(APIView):
    """Up to 64 messages at once; nothing is stored."""

    @extend_schema(request=ClassifyIn, responses=ClassifyOut)
    def post(self, request: Request) -> Response:
        given = ClassifyIn(data=request.data)
        given.is_valid(raise_exception=True)
        items = given.validated_data["items"]
        follow()
        predictions = classifier.active().classify([classifier.Message(row["text"], row["title"]) for row in items])
        rows = [classifier.as_row(item["id"], prediction) for item, prediction in zip(items, predictions, strict=True)]
        return Response({"results": rows})
