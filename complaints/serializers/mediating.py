"""Mediation: what is sent, and what people see of it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.models import By, CaseKey, Manner, Mediation, MediationSession, Side
from complaints.serializers.fields import MaskedText, PlainText
from complaints.serializers.incoming import MoveIn, VersionIn


class BeginMediationIn(VersionIn):
    """How and on which day each side agreed; without both the answer is 400."""

    complainant_how = serializers.ChoiceField(choices=By.choices, required=False, allow_blank=True, default="")
    complainant_on = serializers.DateField(required=False, allow_null=True, default=None)
    respondent_how = serializers.ChoiceField(choices=By.choices, required=False, allow_blank=True, default="")
    respondent_on = serializers.DateField(required=False, allow_null=True, default=None)
    delegated_to = PlainText(max_length=100, required=False, allow_blank=True, default="")
    delegation_agreed = serializers.BooleanField(required=False, default=False)


class MediationSessionIn(VersionIn):
    """A session ahead is planned (nobody has come yet); one that was held names who came."""

    at = serializers.DateTimeField()
    manner = serializers.ChoiceField(choices=Manner.choices)
    place = PlainText(max_length=200, required=False, allow_blank=True, default="")
    complainant_came = serializers.BooleanField(required=False, allow_null=True, default=None)
    respondent_came = serializers.BooleanField(required=False, allow_null=True, default=None)
    notes = PlainText(max_length=5000, required=False, allow_blank=True, default="")


class AskRecusalIn(MoveIn):
    side = serializers.ChoiceField(choices=Side.choices)


class DecideRecusalIn(MoveIn):
    granted = serializers.BooleanField()


class AgreedIn(VersionIn):
    """The statement: its terms, and the amount in yuan where money is owed."""

    terms = PlainText(max_length=5000)
    amount = serializers.DecimalField(14, 2, min_value=0, required=False, allow_null=True, default=None)
    performed = serializers.BooleanField(required=False, default=False)
    statement_number = PlainText(max_length=60, required=False, allow_blank=True, default="")


class EndMediationIn(VersionIn):
    ground = serializers.CharField(source="ground_code", max_length=30, help_text="code of a mediation ground")
    text = PlainText(max_length=5000)


class TellPartiesIn(VersionIn):
    how = serializers.ChoiceField(choices=By.choices)
    text = PlainText(max_length=5000, required=False, allow_blank=True, default="")


class MediationSessionOut(serializers.ModelSerializer[MediationSession]):
    """notes: for staff only. Who came is null while the session is planned."""

    manner_name = serializers.CharField(source="get_manner_display")
    place = MaskedText()
    notes = serializers.SerializerMethodField()

    class Meta:
        model = MediationSession
        fields = ["at", "manner", "manner_name", "place", "complainant_came", "respondent_came", "notes"]

    def get_notes(self, session: MediationSession) -> str:
        hidden = isinstance(self.context["viewer"], CaseKey)
        return "" if hidden else MaskedText().to_representation(session.notes)


class MediationOut(serializers.ModelSerializer[Mediation]):
    """The latest mediation of a case; ground: in words."""

    complainant_how_name = serializers.CharField(source="get_complainant_how_display")
    respondent_how_name = serializers.CharField(source="get_respondent_how_display")
    recusal_asked_by_name = serializers.CharField(source="get_recusal_asked_by_display")
    told_how_name = serializers.CharField(source="get_told_how_display")
    ground = serializers.CharField(source="ground.label", default="")
    terms = MaskedText()
    sessions = MediationSessionOut(many=True)

    class Meta:
        model = Mediation
        fields = [
            "begun_at", "complainant_how_name", "complainant_on", "respondent_how_name", "respondent_on",
            "delegated_to", "recusal_asked_at", "recusal_asked_by_name", "sessions", "agreed_at", "statement_number",
            "terms", "amount", "performed", "ended_at", "ground", "told_at", "told_how_name",
        ]  # fmt: skip


def latest_mediation(case: Any, viewer: Any) -> Any:
    """What a viewer of the case sees of its last mediation, or None; the rows are prefetched."""
    found = max(case.mediations.all(), key=lambda row: row.pk, default=None)
    return MediationOut(found, context={"viewer": viewer}).data if found else None
