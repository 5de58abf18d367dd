"""What people see: personal data masked, and for citizens without the inner workings of the offices."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

import classifier
from complaints import clocks, permissions, privacy, search
from complaints.lifecycle import ENDED, State, is_possible
from complaints.models import (
    AnswerRole,
    Case,
    CaseKey,
    Consent,
    Declared,
    Event,
    LinkKind,
    Part,
    PartyStatus,
    Role,
)
from complaints.models.case import Channel
from complaints.serializers.answers import AnswerOut
from complaints.serializers.clocks import ClockOut, DeadlineFields
from complaints.serializers.declared import DeclaredOut
from complaints.serializers.mediating import MediationOut, latest_mediation
from complaints.serializers.pieces import (
    AttachmentOut,
    DecisionOut,
    HighlightsOut,
    PredictionOut,
    ReplyOut,
    RequesterOut,
    RespondentOut,
    senders,
    worded_reasons,
)
from complaints.serializers.proceedings import LINK_NAMES, LinkedOut, OutcomeOut, PartyOut, RequestOut, SatisfactionOut
from complaints.serializers.reference import Named, NamedOut, UnitRef
from complaints.serializers.reporting import (
    RewardOut,
    VerificationOut,
    latest_reward,
    latest_verification,
    unsaid,
)
from complaints.serializers.respondents import RefilingOut, linked_of, refilings_of
from complaints.serializers.supervision import NoticeOut, OrderOut, shown_notices, shown_orders
from routing.models import Topic

SUMMARY = 80  # characters


class CaseRow(DeadlineFields):
    """A line of a queue. Context: viewer, topics = {code: name}, and query where words were looked for."""

    READS: ClassVar = (
        "number", "state", "domain", "topic", "urgency", "intent", "title", "text", "region__full_name",
        "lead_unit__name", "channel", "received_at", "updated_at", "version", "due_at",
    )  # fmt: skip

    state_name = serializers.SerializerMethodField()
    channel_name = serializers.SerializerMethodField()
    topic = serializers.SerializerMethodField()
    region = serializers.SerializerMethodField()
    lead = UnitRef(source="lead_unit", allow_null=True)
    summary = serializers.SerializerMethodField()
    my_part = serializers.SerializerMethodField()
    highlights = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "number", "state", "state_name", "domain", "topic", "urgency", "intent", "summary", "region", "lead",
            "my_part", "channel", "channel_name", "received_at", "updated_at", "version", "due_at", "clock_state",
            "highlights",
        ]  # fmt: skip

    def get_state_name(self, case: Case) -> str:
        return str(State(case.state).label)

    def get_channel_name(self, case: Case) -> str:
        return str(Channel(case.channel).label)

    @extend_schema_field(NamedOut(allow_null=True))
    def get_topic(self, case: Case) -> Named | None:
        return {"code": case.topic, "name": self.context["topics"].get(case.topic, "")} if case.topic else None

    @extend_schema_field(NamedOut(allow_null=True))
    def get_region(self, case: Case) -> Named | None:
        return {"code": case.region.code, "name": case.region.full_name} if case.region else None

    def get_summary(self, case: Case) -> str:
        return case.title or " ".join(case.text[: SUMMARY * 2].split())[:SUMMARY]

    @extend_schema_field(serializers.ChoiceField(choices=Part.choices, allow_null=True))
    def get_my_part(self, case: Case) -> str | None:
        unit = getattr(self.context["viewer"], "unit_id", None)
        mine = [a.part for a in case.assignments.all() if a.active and a.unit_id == unit and unit]
        return str(mine[0]) if mine else None

    @extend_schema_field(HighlightsOut(allow_null=True))
    def get_highlights(self, case: Case) -> dict[str, Any] | None:
        query = self.context.get("query")
        if query is None:
            return None
        found = {"title": search.highlight(case.title, query), "text": search.highlight(case.text, query)}
        return {name: [segment._asdict() for segment in segments] for name, segments in found.items()}


class CaseDetail(CaseRow):
    """Everything about one case that the viewer may see. Prediction and decision are null for citizens."""

    place = serializers.SerializerMethodField()
    requester = serializers.SerializerMethodField()
    respondent = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField()
    participants = serializers.SerializerMethodField()
    parties = serializers.SerializerMethodField()
    requests = serializers.SerializerMethodField()
    supervision = serializers.SerializerMethodField()
    notices = serializers.SerializerMethodField()
    linked = serializers.SerializerMethodField()
    refilings = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    satisfaction = serializers.SerializerMethodField()
    mediation = serializers.SerializerMethodField()
    verification = serializers.SerializerMethodField()
    reward = serializers.SerializerMethodField()
    suggests_report = serializers.SerializerMethodField()
    declared = serializers.SerializerMethodField()
    answers = AnswerOut(many=True)
    decision = serializers.SerializerMethodField()
    prediction = serializers.SerializerMethodField()
    replies = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()

    class Meta(CaseRow.Meta):
        fields = [
            *CaseRow.Meta.fields, "title", "text", "event_at", "place", "source_line", "sealed", "requester",
            "respondent", "attachments", "participants", "parties", "requests", "supervision", "notices", "linked",
            "refilings", "outcome", "satisfaction", "answers", "decision", "prediction", "replies", "clocks",
            "mediation", "verification", "reward", "suggests_report", "declared",
            "actions",
        ]  # fmt: skip

    @property
    def _is_citizen(self) -> bool:
        return isinstance(self.context["viewer"], CaseKey)

    def _unsaid(self, case: Case) -> tuple[str, ...]:
        return unsaid(case, self.context["viewer"])

    def _words(self, case: Case) -> dict[str, Any]:
        return {"unsaid": self._unsaid(case)}

    @property
    def _sees_twin(self) -> bool:
        """A bureau may not learn who reported by looking at the complaint of the same text."""
        viewer = self.context["viewer"]
        hotline = (Role.CALL_TAKER, Role.DISPATCHER, Role.SUPERVISOR)
        return self._is_citizen or viewer.is_superuser or viewer.role in hotline

    @extend_schema_field(MediationOut(allow_null=True))
    def get_mediation(self, case: Case) -> Any:
        return latest_mediation(case, self.context["viewer"])

    @extend_schema_field(VerificationOut(allow_null=True))
    def get_verification(self, case: Case) -> Any:
        return latest_verification(case, self.context["viewer"])

    @extend_schema_field(RewardOut(allow_null=True))
    def get_reward(self, case: Case) -> Any:
        return latest_reward(case, self.context["viewer"])

    def get_suggests_report(self, case: Case) -> bool:
        """To the desk: the text names both a remedy and punishment, and has only one case."""
        viewer = self.context["viewer"]
        may = is_possible("separate_report", case.state) and permissions.offers(viewer, "separate_report", case)
        return may and classifier.demands_of(case.text).both_named

    def get_place(self, case: Case) -> str:
        return privacy.hide(case.place, self._unsaid(case))

    @extend_schema_field(RequesterOut)
    def get_requester(self, case: Case) -> dict[str, Any]:
        person = case.requester
        hidden = case.sealed and not self._is_citizen
        return {
            "name": "" if hidden else privacy.mask_name(person.name),
            "phone": "" if hidden else privacy.mask_phone(person.phone),
            "id_number": "" if hidden else privacy.mask_id_number(person.id_number),
            "address": "" if hidden else privacy.mask_address(person.address),
            "anonymous": person.anonymous,
        }

    @extend_schema_field(RespondentOut)
    def get_respondent(self, case: Case) -> dict[str, Any]:
        respondent = case.respondent
        return {
            "name": privacy.mask_text(respondent.name),
            "uscc": respondent.uscc,
            "address": respondent.address,
            "phone": privacy.mask_phone(respondent.phone),
            "product_name": respondent.product_name,
            "gtin": respondent.gtin,
            "lot_number": respondent.lot_number,
            "linked": None if self._is_citizen else linked_of(respondent),
        }

    @extend_schema_field(AttachmentOut(many=True))
    def get_attachments(self, case: Case) -> Any:
        twins = any(link.active and link.kind == LinkKind.TWIN for link in case.links.all())
        files = case.evidence() if twins else case.attachments.all()
        context: dict[str, Any] = {"number": case.number, "unsaid": self._unsaid(case)}
        if files and not self._is_citizen:
            context["senders"] = senders({file.case_id for file in files})
        return AttachmentOut(files, many=True, context=context).data

    @extend_schema_field(UnitRef(many=True))
    def get_participants(self, case: Case) -> Any:
        """Those at work; of a case that has ended, those that were. A unit that returned it is neither."""
        ended = case.state in ENDED
        units = [
            a.unit
            for a in case.assignments.all()
            if a.part == Part.PARTICIPANT
            and a.unit_id != case.lead_unit_id
            and a.status != PartyStatus.RETURNED
            and (a.active or ended)
        ]
        return UnitRef(units, many=True).data

    @extend_schema_field(PartyOut(many=True))
    def get_parties(self, case: Case) -> Any:
        return [] if self._is_citizen else PartyOut(case.assignments.all(), many=True, context=self._words(case)).data

    @extend_schema_field(RequestOut(many=True))
    def get_requests(self, case: Case) -> Any:
        return [] if self._is_citizen else RequestOut(case.requests.all(), many=True, context=self._words(case)).data

    @extend_schema_field(OrderOut(many=True))
    def get_supervision(self, case: Case) -> Any:
        return OrderOut(shown_orders(self.context["viewer"], case), many=True).data

    @extend_schema_field(NoticeOut(many=True))
    def get_notices(self, case: Case) -> Any:
        return NoticeOut(shown_notices(self.context["viewer"], case), many=True).data

    @extend_schema_field(LinkedOut(many=True))
    def get_linked(self, case: Case) -> list[dict[str, Any]]:
        """Citizens see what their case was merged into or split into, never whose other cases were merged here.
        What was filed again stands in `refilings`, where each viewer sees no more than they may."""
        links, from_others = (
            [link for link in rows.all() if link.active and link.kind != LinkKind.PREVIOUS]
            for rows in (case.links, case.linked_from)
        )
        to = [(link.kind, link.other) for link in links]
        here = {LinkKind.MERGED_INTO: "merged_here", LinkKind.SPLIT_FROM: "split_off"}
        back = [(here.get(LinkKind(link.kind), link.kind), link.case) for link in from_others]
        if self._is_citizen:
            back = [(kind, other) for kind, other in back if kind in ("split_off", "twin")]
        code = privacy.query_code if self._is_citizen else lambda _number: ""
        return [
            {
                "kind": kind,
                "kind_name": str(LINK_NAMES[kind]),
                "number": other.number,
                "state": other.state,
                "state_name": other.get_state_display(),
                "query_code": code(other.number) if kind == "twin" else "",
            }
            for kind, other in to + back
            if kind != "twin" or self._sees_twin
        ]

    @extend_schema_field(RefilingOut(many=True))
    def get_refilings(self, case: Case) -> list[dict[str, Any]]:
        return refilings_of(self.context["viewer"], case)

    @extend_schema_field(OutcomeOut(allow_null=True))
    def get_outcome(self, case: Case) -> Any:
        found = getattr(case, "outcome", None)
        return OutcomeOut(found, context=self._words(case)).data if found else None

    @extend_schema_field(SatisfactionOut(many=True))
    def get_satisfaction(self, case: Case) -> Any:
        rows = [row for row in case.satisfactions.all() if not (self._is_citizen and row.by_phone)]
        return SatisfactionOut(rows, many=True).data

    @extend_schema_field(DeclaredOut(allow_null=True))
    def get_declared(self, case: Case) -> Any:
        """A like case is named to staff who may see it, never to a citizen."""
        said = Declared.of(case)
        if said is None:
            return None
        known = False
        if said.same_as and not self._is_citizen:
            known = Case.objects.visible_to(self.context["viewer"]).filter(number=said.same_as).exists()
        return DeclaredOut(
            {
                "consents": [{"code": one, "name": str(Consent(one).label)} for one in said.consents],
                "topic": {"code": said.topic, "name": self.context["topics"].get(said.topic, "")}
                if said.topic
                else None,
                "topic_answer": said.topic_answer,
                "same_as": said.same_as if known else "",
            }
        ).data

    @extend_schema_field(DecisionOut(allow_null=True))
    def get_decision(self, case: Case) -> dict[str, Any] | None:
        decision = None if self._is_citizen else case.decisions.order_by("-id").first()
        if decision is None:
            return None
        return {"level": decision.level, "region": decision.region_id, "reasons": worded_reasons(decision)}

    @extend_schema_field(PredictionOut(allow_null=True))
    def get_prediction(self, case: Case) -> dict[str, Any] | None:
        said = None if self._is_citizen else case.predictions.filter(role=AnswerRole.SERVED).order_by("-id").first()
        if said is None:
            return None
        names = self.context["topics"]
        return {
            "topic": said.topic,
            "confidence": said.confidence,
            "topics": [{**score, "name": names.get(score["code"], "")} for score in said.topics],
            "intent": said.intent,
            "urgency": said.urgency,
            "urgency_hits": [{"level": hit["level"], "phrase": hit["phrase"]} for hit in said.urgency_hits],
            "needs_review": said.needs_review,
            "model_version": said.model_version,
        }

    @extend_schema_field(ReplyOut(many=True))
    def get_replies(self, case: Case) -> list[dict[str, Any]]:
        """The case's own, those of matters split off, and those of the case it was merged into."""
        links = [link.case_id for link in case.linked_from.all() if link.kind == LinkKind.SPLIT_FROM]
        links += [link.other_id for link in case.links.all() if link.active and link.kind == LinkKind.MERGED_INTO]
        replies = Event.objects.filter(case__in=[case.pk, *links], kind="reply").select_related("unit").order_by("at")
        return [
            {
                "unit": event.unit.name if event.unit else "",
                "text": privacy.hide(privacy.mask_text(event.note), self._unsaid(case)),
                "at": event.at,
            }
            for event in replies
        ]

    @extend_schema_field(ClockOut(many=True))
    def get_clocks(self, case: Case) -> Any:
        shown: Any = clocks.visible(case)
        return ClockOut(shown, many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_actions(self, case: Case) -> list[str]:
        return permissions.available(self.context["viewer"], case)


class CasePage(serializers.Serializer[Any]):
    """A page of a queue; `next` is the cursor of the following page or null. capped: a search has older hits, too, than
    those it shows."""

    results = CaseRow(many=True)
    next = serializers.CharField(allow_null=True)
    capped = serializers.BooleanField()


class CountsOut(serializers.Serializer[Any]):
    """Cases by state; of a state that ends a case, 1000 means that or more."""

    by_state = serializers.DictField(child=serializers.IntegerField())
    triage = serializers.IntegerField()


def topic_names() -> dict[str, str]:
    """Names of the 46 topics, one query; dispositions are added by the view."""
    return dict(Topic.objects.values_list("code", "name"))
