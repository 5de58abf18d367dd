"""A prediction as the row that `manage.py classify` writes and POST /api/v1/classify/ answers."""

from __future__ import annotations

from typing import Any

from classifier.interface import Prediction


def as_row(row_id: Any, prediction: Prediction) -> dict[str, Any]:
    """JSON-ready; `row_id` is handed through as it came. Probabilities are rounded to four places."""
    return {
        "id": row_id,
        "domain": prediction.domain,
        "topic": prediction.topic,
        "confidence": round(prediction.confidence, 4),
        "topics": [{"code": t.code, "probability": round(t.probability, 4)} for t in prediction.topics],
        "intent": prediction.intent,
        "urgency": prediction.urgency,
        "urgency_hits": [
            {"level": h.level, "danger": h.danger, "phrase": h.phrase, "start": h.start, "end": h.end}
            for h in prediction.urgency_hits
        ],
        "needs_review": prediction.needs_review,
        "model_version": prediction.model_version,
    }
