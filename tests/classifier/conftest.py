"""Sentences and models that several modules of classifier tests use."""

import pytest

from tests.classifier.urgency_sentences import LOOK_ALIKE, URGENT


@pytest.fixture(scope="session")
def urgency_texts():
    return [*(text for texts in URGENT.values() for text in texts), *LOOK_ALIKE]
