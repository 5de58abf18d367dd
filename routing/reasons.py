"""The sentences behind the reasons of a decision. Facts are stored; words are made for the reader."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from routing.facts import Reason
from routing.models import Do, Start

SENTENCES: Mapping[str, Promise] = {
    "rule_default": _("Topic %(topic)s %(topic_name)s: %(bureau_name)s leads (rule %(rule)s, version %(version)s)."),
    "rule_local": _(
        "Topic %(topic)s %(topic_name)s: in %(scope_name)s %(bureau_name)s leads (rule %(rule)s, version %(version)s)."
    ),
    "rule_condition": _(
        "Topic %(topic)s %(topic_name)s, %(field_name)s: %(value_name)s: %(bureau_name)s leads"
        " (rule %(rule)s, version %(version)s)."
    ),
    "rule_conditions": _(
        "Topic %(topic)s %(topic_name)s, %(conditions)s: %(bureau_name)s leads (rule %(rule)s, version %(version)s)."
    ),
    "level": _("First handled at this level: %(level_name)s."),
    "region": _("Handled where it happened: %(unit_region_name)s."),
    "region_level": _("From %(region_name)s to the level that begins: %(unit_region_name)s."),
    "region_above": _("The bureau has no unit in %(region_name)s; one level up: %(unit_region_name)s."),
    "region_host": _("%(region_name)s is a special zone without a unit of the bureau; its host: %(unit_region_name)s."),
    "region_city_only": _("Only the city is known, so its own unit begins: %(unit_region_name)s."),
    "region_no_counties": _("%(unit_region_name)s has no counties; the city's unit does their work."),
    "list_entry": _("Responsibility list: %(entry)s."),
    "basis": _("Basis: %(basis)s."),
    "supervisor": _("Keeps supervision: %(unit_name)s."),
    "enforcer": _("Decides on penalties: %(unit_name)s."),
    "participant": _("Takes part by the topic's list: %(unit_name)s."),
    "participant_condition": _("Takes part (%(field_name)s: %(value_name)s): %(unit_name)s."),
    "participant_rule": _("Takes part by the rule itself: %(unit_name)s."),
    "participant_missing": _("Should take part, but has no unit there: %(bureau_name)s."),
    "escalation_g1": _("Life in danger: the city's unit takes part at once: %(unit_name)s."),
    "escalation_level": _("%(rule)s %(label)s: raised to %(unit_region_name)s."),
    "escalation_participant": _("%(rule)s %(label)s: %(unit_name)s takes part."),
    "escalation_action": _("%(rule)s %(label)s: %(do_name)s %(bureau_name)s"),
    "broken_escalation": _("Escalation rule %(rule)s %(label)s is broken and was not applied: %(error)s"),
    "region_found": _("The place was found in the words “%(matched)s”: %(region_name)s (confidence %(confidence)s)."),
    "region_asked": _("The place is not certain; it may be: %(candidates)s."),
    "seat_business": _("The seller belongs to its place of business (%(region)s)."),
    "seat_domicile": _("The seller belongs to its domicile (%(region)s)."),
    "seat_platform": _(
        "Bought on %(platform)s: its operator %(company)s sits in %(region_name)s, which may take it too."
    ),
    "seat_unreachable": _(
        "Bought on %(platform)s, and the seller's address is not known: under Order 121 the platform's seat"
        " %(region_name)s (%(company)s) may take it."
    ),
    "seat_hand_over": _("If it is to be handled at the platform's seat, hand it over to %(region_name)s."),
    "seat_unknown": _("Where the seller sits is not known."),
    "dispatcher": _("Decided by a dispatcher; the ground stands in the timeline."),
    "no_topic": _("The topic is not known; a dispatcher decides."),
    "unknown_topic": _("There is no topic %(topic)s; a dispatcher decides."),
    "out_of_scope": _("Outside the four domains (%(topic)s); a dispatcher decides."),
    "needs_review": _("The classification is not certain (confidence %(confidence)s); a dispatcher decides."),
    "no_region": _("The place is not known; a dispatcher decides."),
    "unknown_region": _("There is no region %(region)s; a dispatcher decides."),
    "region_too_coarse": _("Only the province is known (%(region_name)s); a dispatcher decides."),
    "no_rule": _("No rule holds for topic %(topic)s %(topic_name)s; a dispatcher decides."),
    "broken_rule": _(
        "Rule %(rule)s (version %(version)s) for topic %(topic)s %(topic_name)s is broken (%(error)s);"
        " a dispatcher decides."
    ),
    "no_unit": _("%(bureau_name)s has no unit in %(region_name)s or above; a dispatcher decides."),
}


class _Params(dict[str, str]):
    """What a stored reason does not hold reads as nothing: old decisions stay readable."""

    def __missing__(self, key: str) -> str:
        return ""


def sentence(reason: Reason) -> str:
    """A reason in the reader's language; a code that is not known any more stands for itself."""
    if reason.code not in SENTENCES:
        return reason.code
    params = _Params(reason.params)
    if "level" in params:
        params["level_name"] = str(dict(Start.choices).get(params["level"], params["level"]))
    if "do" in params:
        params["do_name"] = str(dict(Do.choices).get(params["do"], params["do"]))
    return str(SENTENCES[reason.code]) % params
