"""Finding cases by their words, and keeping what finds them. docs/search.md tells the whole."""

from complaints.search.entries import follow, index, unindexed
from complaints.search.lookup import CAP, Found, find
from complaints.search.words import Query, Segment, highlight

__all__ = ["CAP", "Found", "Query", "Segment", "find", "follow", "highlight", "index", "unindexed"]
