"""Printing without what only few may see."""

from __future__ import annotations

import json
from typing import Any, Final

from complaints import privacy
from complaints.documents.facts import Section

# sections with people's own words
_SAID: Final = (
    "matter", "given", "refused", "session", "end", "agreement", "handling", "handover", "files", "steps", "evidence",
)  # fmt: skip


def masked(content: Section, sealed: bool, telltales: tuple[str, ...]) -> Section:
    """The content as everybody may read it; of a sealed reporter nothing is left. telltales: words that name them."""
    shown: Section = json.loads(json.dumps(content))
    hidden = sealed or shown.get("requester", {}).get("sealed", False)
    if person := shown.get("requester"):
        person["name"] = "（举报人信息已封存）" if hidden else privacy.mask_name(person["name"])
        person["phone"] = "" if hidden else privacy.mask_phone(person["phone"])
        person["id_number"] = "" if hidden else privacy.mask_id_number(person["id_number"])
        person["address"] = "" if hidden else privacy.mask_address(person["address"])
    if respondent := shown.get("respondent"):
        respondent["name"] = privacy.mask_text(respondent["name"])
        respondent["phone"] = privacy.mask_phone(respondent["phone"])
    for name in _SAID:
        if name in shown:
            shown[name] = _without(shown[name], telltales if hidden else ())
    return shown


def _without(value: Any, unsaid: tuple[str, ...]) -> Any:
    """The same without numbers and without these words."""
    if isinstance(value, str):
        return privacy.mask_text(privacy.hide(value, unsaid))
    if isinstance(value, list):
        return [_without(one, unsaid) for one in value]
    if isinstance(value, dict):
        return {name: _without(one, unsaid) for name, one in value.items()}
    return value
