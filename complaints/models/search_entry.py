"""By what a case is found: kept apart from the case, so that a change of state does not touch the word index."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from complaints.models.case import Case


class SearchEntry(models.Model):
    """words: jieba's words of title, text, replies, place and company, without anything that says who filed it.
    scopes: complaints.search.entries. One GIN index over both, so that a common word of one unit stays a small set."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    words = SearchVectorField()
    scopes = ArrayField(models.TextField())

    class Meta:
        indexes = [GinIndex(fields=["words", "scopes"], name="search_words")]

    def __str__(self) -> str:
        return f"words of {self.case_id}"
