"""Reads a text and guesses what it is about. The rest of the system imports only from here."""

from classifier.baseline.examples import Example, ExamplesError, read_examples
from classifier.demands import Demands, demands_of
from classifier.embedding import embeddings
from classifier.errors import ArtefactError, ClassifierBusy, ClassifierUnavailable
from classifier.frozen import FrozenFigures, frozen_figures, measured
from classifier.interface import Abstaining, Classifier, Message, Prediction, TopicScore, UrgencyHit
from classifier.labels import disposition_names
from classifier.matters import Matter, matters, matters_of
from classifier.readiness import status, trouble_in_words
from classifier.registry import active, default_folder, in_its_place, open_model, use
from classifier.rows import as_row
from classifier.urgency import urgency_of
from classifier.why import Phrase, phrases

__all__ = [
    "Abstaining",
    "ArtefactError",
    "Classifier",
    "ClassifierBusy",
    "ClassifierUnavailable",
    "Demands",
    "Example",
    "ExamplesError",
    "FrozenFigures",
    "Matter",
    "Message",
    "Phrase",
    "Prediction",
    "TopicScore",
    "UrgencyHit",
    "active",
    "as_row",
    "default_folder",
    "demands_of",
    "disposition_names",
    "embeddings",
    "frozen_figures",
    "in_its_place",
    "matters",
    "matters_of",
    "measured",
    "open_model",
    "phrases",
    "read_examples",
    "status",
    "trouble_in_words",
    "urgency_of",
    "use",
]
