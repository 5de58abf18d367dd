"""Whether there is a model, in words for operators: the one place of this package, beside the commands, with Django."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from classifier import registry
from classifier.errors import ClassifierUnavailable, Trouble

State = Literal["ok", "degraded", "down"]
WORDS = {
    "missing": gettext_lazy("%(file)s is missing"),
    "damaged": gettext_lazy("%(file)s is damaged"),
    "labels": gettext_lazy("its labels do not fit this program (%(file)s)"),
    "format": gettext_lazy("%(file)s was made for another version of this program"),
    "libraries": gettext_lazy("it needs libraries that are not installed (onnxruntime, or torch and transformers)"),
}


def status() -> tuple[State, str, str]:
    """State, model version and a word of detail for /readyz, which names files but no paths."""
    try:
        version = registry.active().version
    except ClassifierUnavailable:
        return "down", "", _("no model could be loaded; new cases wait and then go to the dispatchers")
    if trouble := registry.trouble():
        reason = trouble_in_words(trouble.trouble, trouble.file)
        return (
            "degraded",
            version,
            _("the chosen model cannot be used: %(reason)s; this one serves") % {"reason": reason},
        )
    return "ok", version, _("loaded")


def trouble_in_words(trouble: Trouble, file: str) -> str:
    """What is wrong with a model folder, in the reader's language."""
    return str(WORDS[trouble]) % {"file": file}
