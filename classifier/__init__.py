"""Reads a text and guesses what it is about. The rest of the system imports only from here."""

from classifier.interface import Classifier, Message, Prediction, TopicScore, UrgencyHit
from classifier.labels import disposition_names
from classifier.readiness import status
from classifier.registry import ClassifierUnavailable, active
from classifier.rows import as_row
from classifier.urgency import urgency_of

__all__ = [
    "Classifier",
    "ClassifierUnavailable",
    "Message",
    "Prediction",
    "TopicScore",
    "UrgencyHit",
    "active",
    "as_row",
    "disposition_names",
    "status",
    "urgency_of",
]
