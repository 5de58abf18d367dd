"""Whether there is a model, in words for operators: the one place of this package, beside the commands, with Django."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _

from classifier import registry

State = Literal["ok", "degraded", "down"]


def status() -> tuple[State, str, str]:
    """State, model version and a word of detail for /readyz."""
    try:
        version = registry.active().version
    except registry.ClassifierUnavailable:
        return "down", "", _("no model could be loaded; new cases wait and then go to the dispatchers")
    if registry.in_its_place():
        return "degraded", version, _("the model folder set in ZST_MODEL_DIR cannot be used; the shipped model serves")
    return "ok", version, _("loaded")
