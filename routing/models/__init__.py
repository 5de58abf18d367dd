"""Who exists and who does what. Loaded from CSV (`routing.load`), edited in the admin."""

from routing.models.bureaus import Bureau, BureauKind, BureauName, NameLevel, Unit, UnitLevel
from routing.models.dataload import DataLoad
from routing.models.dated import Origin
from routing.models.escalations import AmountUnit, At, Do, EscalationRule
from routing.models.gazetteer import NameKind, PlaceName, Platform, RegionSuccession, Township
from routing.models.places import Domain, Region, RegionLevel, Topic, scope_prefix
from routing.models.rule_sets import RuleSet, RuleSetState
from routing.models.rules import RoutingParticipant, RoutingRule, Start

__all__ = [
    "AmountUnit",
    "At",
    "Bureau",
    "BureauKind",
    "BureauName",
    "DataLoad",
    "Do",
    "Domain",
    "EscalationRule",
    "NameKind",
    "NameLevel",
    "Origin",
    "PlaceName",
    "Platform",
    "Region",
    "RegionLevel",
    "RegionSuccession",
    "RoutingParticipant",
    "RoutingRule",
    "RuleSet",
    "RuleSetState",
    "Start",
    "Topic",
    "Township",
    "Unit",
    "UnitLevel",
    "scope_prefix",
]
