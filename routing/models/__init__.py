"""Who exists and who does what. Loaded from CSV (`routing.load`), edited in the admin."""

from routing.models.bureaus import Bureau, BureauKind, BureauName, NameLevel, Unit, UnitLevel
from routing.models.dataload import DataLoad
from routing.models.dated import Origin
from routing.models.places import Domain, Region, RegionLevel, Topic, scope_prefix
from routing.models.rules import RoutingParticipant, RoutingRule, Start

__all__ = [
    "Bureau",
    "BureauKind",
    "BureauName",
    "DataLoad",
    "Domain",
    "NameLevel",
    "Origin",
    "Region",
    "RegionLevel",
    "RoutingParticipant",
    "RoutingRule",
    "Start",
    "Topic",
    "Unit",
    "UnitLevel",
    "scope_prefix",
]
