"""The pages on which administrators keep what routing knows."""

from routing.admin import gazetteer, rules, tables
from routing.admin.tables import LoadedAdmin

__all__ = ["LoadedAdmin", "gazetteer", "rules", "tables"]
