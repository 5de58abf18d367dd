"""A case is one citizen matter; around it the people, the units at work and the evidence."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.errors import Missing
from complaints.lifecycle import AT_WORK, ENDED, OPEN, State
from complaints.models.respondent import Company, LinkedBy, Lot, Product
from complaints.models.sealed import SealedText
from complaints.models.user import Role, User
from complaints.models.viewer import CaseKey, Viewer
from routing.models import Region, Unit
from routing.models.places import scope_prefix

NOWHERE = "none"  # matches no region code


def within(scope: str) -> Q:
    """Cases of a region and of all below it, as a range that the region index serves."""
    prefix = scope_prefix(scope)
    return Q(region__gte=prefix.ljust(6, "0"), region__lte=prefix.ljust(6, "9"))


class Channel(models.TextChoices):
    """How the case came in; the legacy numbers stay apart even where they are merged into 12345."""

    WEB = "web", _("web")
    PHONE = "phone", _("phone")
    L12315 = "12315", _("12315 consumer line")
    L12365 = "12365", _("12365 quality line")
    L12369 = "12369", _("12369 environment line")
    L12312 = "12312", _("12312 commerce line")
    L12345 = "12345", _("12345 government line")
    IMPORT = "import", _("file import")
    API = "api", _("partner interface")


class Domain(models.TextChoices):
    PRODUCT = "product", _("product quality")
    ENGINEERING = "engineering", _("engineering quality")
    SERVICE = "service", _("service quality")
    ENVIRONMENT = "environment", _("environment quality")


class Urgency(models.TextChoices):
    U1 = "U1", _("emergency")
    U2 = "U2", _("urgent")
    U3 = "U3", _("important")
    U4 = "U4", _("ordinary")


# Waiting at the triage desk; also the condition of the index that serves it
AWAITING_DISPATCHER = Q(state="needs_triage") | Q(state="registered", urgency="U1")


class CaseQuerySet(models.QuerySet["Case"]):
    """Questions about cases. `visible_to` is the one rule of who may see what, used by every surface."""

    def visible_to(self, viewer: Viewer) -> CaseQuerySet:
        """Deny by default.

        citizen: the one case whose number and code they hold. officer: cases their unit leads, takes part in or once
        did. call-taker: cases their own unit took down. dispatcher, supervisor: cases of the region they cover and
        those whose place nobody knows yet. partner system: what it filed itself. superuser: all.
        """
        if isinstance(viewer, CaseKey):
            return self.filter(number=viewer.number) if viewer.number else self.none()
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.none()
        if viewer.is_superuser:
            return self
        match viewer.role:
            case Role.OFFICER:
                return self.filter(Exists(Assignment.objects.filter(case=OuterRef("pk"), unit=viewer.unit_id)))
            case Role.CALL_TAKER:
                return self.filter(Q(taken_by=viewer.pk) | Q(taken_by_unit=viewer.unit_id, taken_by_unit__isnull=False))
            case Role.DISPATCHER | Role.SUPERVISOR:
                return self.filter(within(viewer.region_id or NOWHERE) | Q(region__isnull=True))
            case Role.PARTNER:
                return self.filter(taken_by=viewer.pk)
        return self.none()

    def by_number(self, number: str) -> Case:
        """The case; Missing when there is none or it was filtered away, for the two are not told apart."""
        case = self.filter(number=number).first()
        if case is None:
            raise Missing("no_such_case", gettext("There is no such case, or you may not see it."))
        return case

    def hinted_in(self, region: str) -> CaseQuerySet:
        """Open cases of a region that a stranger may be asked about, redacted: classified, and nobody's to hide."""
        return self.filter(within(region), state__in=sorted(OPEN), sealed=False).exclude(topic="")

    def of_caller(self, phone_index: str, viewer: Viewer) -> CaseQuerySet:
        """A caller's own cases, open ones first, for the call-taker who has that caller on the line.

        Wider than visible_to on purpose, because people call back at whatever desk answers: who holds the call may
        hear of the caller's cases wherever they were filed, but only number, state, day and topic (CallerCaseOut).
        Reports stay out, for a number must not tell who reported (rules of Order 20 art. 33), unless the viewer sees
        them anyhow. `mine`: visible to the viewer, who may open it.
        """
        if not phone_index:
            return self.none()
        mine = Exists(Case.objects.visible_to(viewer).filter(pk=OuterRef("pk")))
        return (
            self.filter(requester__phone_index=phone_index)
            .annotate(mine=mine, ended=Q(state__in=sorted(ENDED)))
            .filter(Q(sealed=False) | Q(mine=True))
            .order_by("ended", "-pk")
        )

    def queue(self, name: str, viewer: Viewer) -> CaseQuerySet:
        """mine: open cases where the viewer's unit is at work. triage: those waiting for a dispatcher. all: any."""
        visible = self.visible_to(viewer)
        if name == "mine" and isinstance(viewer, User) and viewer.unit_id:
            active = Assignment.objects.filter(case=OuterRef("pk"), unit=viewer.unit_id, active=True)
            return visible.filter(Exists(active))
        if name == "triage":
            return visible.awaiting_dispatcher()
        return visible

    def awaiting_dispatcher(self) -> CaseQuerySet:
        """At the triage desk: what the system gave up to a person, and emergencies before they are classified."""
        return self.filter(AWAITING_DISPATCHER)


class Case(models.Model):
    """One citizen matter. `text` and `title` are stored with phone and identity numbers masked; when that changed
    anything, the original is in `sealed_text`. `version` counts the events and guards against lost updates."""

    number = models.CharField(_("case number"), max_length=24, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    source_line = models.CharField(_("source line"), max_length=50, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.REGISTERED)
    appraising = models.BooleanField(_("appraisal under way"), default=False)
    held_from = models.CharField(max_length=20, choices=State.choices, blank=True)
    version = models.PositiveIntegerField(default=0)

    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("demand"))
    sealed_text = SealedText(null=True)
    event_at = models.DateTimeField(_("when it happened"), null=True)
    place = SealedText(verbose_name=_("where it happened"), default="")
    place_index = models.CharField(max_length=64, blank=True)  # blind; "" where the words name no one place
    region = models.ForeignKey(Region, verbose_name=_("region"), null=True, on_delete=models.PROTECT, related_name="+")

    domain = models.CharField(_("domain"), max_length=20, choices=Domain.choices, blank=True)
    topic = models.CharField(_("topic"), max_length=3, blank=True)
    intent = models.CharField(_("intent"), max_length=20, blank=True)
    urgency = models.CharField(_("urgency"), max_length=2, choices=Urgency.choices, default=Urgency.U4)
    sealed = models.BooleanField(_("reporter sealed"), default=False)

    lead_unit = models.ForeignKey(
        Unit, verbose_name=_("lead unit"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_by_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(_("next deadline"), null=True, editable=False)  # of its running clocks
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)  # null again once it is reopened
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    synthetic = models.BooleanField(_("demo data"), default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="case_urgency_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="case_channel_known"),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(AT_WORK)) | Q(lead_unit__isnull=False),
                name="case_at_work_has_lead",
            ),
        ]
        indexes = [
            models.Index("region", models.F("id").desc(), name="case_region_newest"),
            models.Index(models.F("id").desc(), name="case_triage_newest", condition=Q(state="needs_triage")),
            models.Index(
                "state", models.F("id").desc(), name="case_open_by_state", condition=Q(state__in=sorted(OPEN))
            ),
            models.Index("taken_by_unit", models.F("id").desc(), name="case_taken_newest"),
            models.Index("due_at", "id", name="case_due", condition=Q(due_at__isnull=False)),
            models.Index(
                "due_at", "id", name="case_open_due", condition=Q(due_at__isnull=False, state__in=sorted(OPEN))
            ),
            models.Index("urgency", "id", name="case_triage_urgent", condition=AWAITING_DISPATCHER),
            models.Index(
                "state", models.F("id").desc(), name="case_ended_by_state", condition=Q(state__in=sorted(ENDED))
            ),
            models.Index("topic", models.F("id").desc(), name="case_topic_newest"),
            models.Index("received_at", name="case_received"),
            models.Index("topic", "closed_at", name="case_closed", condition=Q(closed_at__isnull=False)),
            models.Index("place_index", name="case_place", condition=~Q(place_index="")),
        ]

    def __str__(self) -> str:
        return self.number

    def evidence(self) -> models.QuerySet[Attachment]:
        """Its files; a report also has those of the complaint in the same text, never the other way round."""
        beside = Q(case__linked_from__case=self, case__linked_from__kind="twin", case__linked_from__active=True)
        return Attachment.objects.filter(Q(case=self) | beside).order_by("pk")

    @property
    def original_text(self) -> str:
        """The demand as it was said, with every number in it. Reading it is a reveal."""
        return self.sealed_text if self.sealed_text is not None else self.text


class Requester(models.Model):
    """Who speaks. Kept apart from the case, every personal column encrypted; looked up by phone through the index."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="requester")
    name = SealedText(default="")
    phone = SealedText(default="")
    phone_index = models.CharField(max_length=64, blank=True)
    id_number = SealedText(default="")
    address = SealedText(default="")
    anonymous = models.BooleanField(_("anonymous"), default=False)

    class Meta:
        indexes = [models.Index("phone_index", name="requester_phone", condition=~Q(phone_index=""))]

    def __str__(self) -> str:
        return f"requester of {self.case_id}"

    @property
    def is_named(self) -> bool:
        """Whether they gave a name and a way to be told."""
        return not self.anonymous and bool(self.name.strip()) and bool((self.phone + self.address).strip())

    def telltales(self) -> tuple[str, ...]:
        """What names this person where it stands in a text: name, numbers, address; single characters prove nothing."""
        return tuple(word for word in (self.name, self.phone, self.id_number, self.address) if len(word.strip()) > 1)


class Respondent(models.Model):
    """Who is complained about, as it was told; may be a person, so encrypted too. `name_index` finds the same name
    again. company, product, lot: the entries of the register that are meant, where that is sure."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="respondent")
    name = SealedText(default="")
    name_index = models.CharField(max_length=64, blank=True)
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    address = SealedText(default="")
    phone = SealedText(default="")
    product_name = models.CharField(_("product"), max_length=200, blank=True)
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    lot_number = models.CharField(_("lot number"), max_length=60, blank=True)
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="respondents")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="respondents")
    lot = models.ForeignKey(Lot, null=True, on_delete=models.PROTECT, related_name="respondents")
    linked_by = models.CharField(max_length=6, choices=LinkedBy.choices, blank=True)

    class Meta:
        indexes = [
            models.Index("name_index", name="respondent_name", condition=~Q(name_index="")),
            models.Index("name_index", models.F("case").desc(), name="respondent_recent", condition=~Q(name_index="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(company=None, linked_by="") | Q(company__isnull=False, linked_by__in=LinkedBy.values),
                name="respondent_linked_somehow",
            ),
            models.CheckConstraint(condition=Q(lot=None) | Q(product__isnull=False), name="respondent_lot_of_product"),
        ]

    def __str__(self) -> str:
        return f"respondent of {self.case_id}"


class Part(models.TextChoices):
    LEAD = "lead", pgettext_lazy("part", "lead unit")
    PARTICIPANT = "participant", _("participating unit")
    INFORMED = "informed", _("informed unit")


class PartyStatus(models.TextChoices):
    WAITING = "waiting", _("not yet signed for")
    SIGNED = "signed", pgettext_lazy("party", "signed for")
    REPLIED = "replied", _("answered")
    RETURNED = "returned", pgettext_lazy("party", "returned")
    WAIVED = "waived", _("waived")


# what a participant still owes while the case goes on
OWING = (PartyStatus.WAITING, PartyStatus.SIGNED)


class Assignment(models.Model):
    """A unit at work on a case. `active` falls when the case ends or moves on; the row stays, and with it the sight.
    An informed unit was told of it (Notice, SupervisionOrder): it is never active, sees the case and owes nothing.

    answer: what a participant told the lead. reason: why it was returned or waived.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part.choices)
    active = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=PartyStatus.choices, default=PartyStatus.WAITING)
    signed_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    answer = SealedText(default="")
    reason = SealedText(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "unit", name="one_assignment_per_unit"),
            models.UniqueConstraint("case", condition=Q(part="lead", active=True), name="one_active_lead"),
            models.CheckConstraint(condition=Q(status__in=PartyStatus.values), name="party_status_known"),
        ]
        indexes = [
            models.Index("unit", models.F("case").desc(), name="assignment_active", condition=Q(active=True)),
            models.Index("unit", models.F("case").desc(), name="assignment_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.unit_id} of {self.case_id}"


class Attachment(models.Model):
    """A file of evidence. Stored under a random name; the name people see is encrypted."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    stored_as = models.CharField(max_length=80, unique=True)
    name = SealedText()
    content_type = models.CharField(max_length=50)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.content_type} of {self.case_id}"


class IntakeKey(models.Model):
    """An Idempotency-Key that was used, so that a resend after a dropped network makes no second case."""

    key = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.key[:8]
