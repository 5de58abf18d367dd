"""What a citizen said about the case when filing it: consents, a word about its topic, "the same happened to me".

It stands in the first event of the case (codes and numbers only), so it can neither be changed nor lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from complaints.models.case import Case

NOTICE: Final = "2026-11-22"  # the wording of the privacy notice in force (frontend: citizen.file.notice)


class Consent(models.TextChoices):
    """Each is given for itself (Personal Information Protection Law, arts. 14, 17 and 29)."""

    NOTICE = "notice", _("has read the privacy notice")
    SENSITIVE = "sensitive", _("use of the identity number")
    PUBLISH = "publish", _("publication of the answer, without personal data")
    MEDIATION = "mediation", _("mediation by an organisation the office delegates to")


class TopicAnswer(models.TextChoices):
    """The citizen's answer to the question whether the case is about a topic."""

    YES = "yes", _("yes, it is")
    NO = "no", _("no, it is not")
    UNSURE = "unsure", _("cannot say")


@dataclass(frozen=True, slots=True)
class Declared:
    """topic: code the page asked about, "" when it did not ask. same_as: number of a like case, "" for none.

    Never a label and never a ground for routing by itself: a word of the citizen for people to read.
    """

    consents: tuple[str, ...] = ()
    topic: str = ""
    topic_answer: str = ""
    same_as: str = ""

    def data(self) -> dict[str, Any]:
        """For the event: {} when nothing was said."""
        said: dict[str, Any] = {}
        if self.consents:
            said |= {"consents": sorted(set(self.consents)), "notice": NOTICE}
        if self.topic and self.topic_answer:
            said |= {"topic": self.topic, "topic_answer": self.topic_answer}
        if self.same_as:
            said["same_as"] = self.same_as
        return {"declared": said} if said else {}

    @classmethod
    def of(cls, case: Case) -> Self | None:
        """None for a case whose requester was not asked, as on the phone."""
        first = case.events.filter(version=1).values_list("data", flat=True).first()
        said = (first or {}).get("declared")
        if not said:
            return None
        rest = {name: said.get(name, "") for name in ("topic", "topic_answer", "same_as")}
        return cls(consents=tuple(said.get("consents", ())), **rest)
