"""Documents of a case, the forms that can be made, batches, and what the public check says."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models import BatchState
from complaints.serializers.fields import PlainText


class DocumentOut(serializers.Serializer[Any]):
    """A sheet that was made. code: for the public check."""

    id = serializers.IntegerField()
    form = serializers.CharField()
    title = serializers.CharField()
    number = serializers.CharField()
    code = serializers.CharField()
    unit = serializers.CharField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()


class AskOut(serializers.Serializer[Any]):
    """What a form asks of whoever makes it."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["text", "long", "date"])
    label = serializers.CharField()  # type: ignore[assignment]
    required = serializers.BooleanField()  # type: ignore[assignment]


class FormOut(serializers.Serializer[Any]):
    """A form that fits the case. missing: facts that the case lacks; none means that it can be made now."""

    code = serializers.CharField()
    title = serializers.CharField()
    style = serializers.IntegerField(  # type: ignore[assignment]
        help_text="number among the ten forms of the market regulator, 0: the hotline's"
    )
    basis = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    asks = AskOut(many=True)


class DocumentsOut(serializers.Serializer[Any]):
    made = DocumentOut(many=True)
    forms = FormOut(many=True)
    may_reveal = serializers.BooleanField(help_text="may print with personal data in clear, for a reason")


class MakeDocumentIn(serializers.Serializer[Any]):
    form = serializers.CharField(max_length=24)
    given = serializers.DictField(
        child=PlainText(allow_blank=True, max_length=5000), default=dict, help_text="answers to the form's asks"
    )


class BatchIn(serializers.Serializer[Any]):
    form = serializers.CharField(max_length=24)
    numbers = serializers.ListField(child=serializers.CharField(max_length=40), max_length=200)


class RefusedOut(serializers.Serializer[Any]):
    number = serializers.CharField()
    reason = serializers.CharField()


class BatchOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    form = serializers.CharField()
    state = serializers.ChoiceField(choices=BatchState.choices, source="state_now")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    made = serializers.SerializerMethodField()
    refused = RefusedOut(many=True)

    def get_made(self, batch: Any) -> int:
        return len(batch.documents)


class CheckOut(serializers.Serializer[Any]):
    """Whether we made a document with this code; of its content, nothing."""

    genuine = serializers.BooleanField()
    title = serializers.CharField(required=False)
    number = serializers.CharField(required=False)
    unit = serializers.CharField(required=False)
    made_on = serializers.DateField(required=False)
