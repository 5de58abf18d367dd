"""Input fields that forgive what people and machines paste, and name what they cannot take."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from stdnum import ean
from stdnum.cn import uscc

from complaints import privacy
from complaints.numbers import is_identity_number

# C0 and C1 controls without tab and line feed, and lone surrogates: nobody can see them and PostgreSQL takes none
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# with its extension; or a service number. Local numbers never begin with 1: a mobile with a digit missing is none.
_LANDLINE = re.compile(r"(0\d{2,3}\d{7,8}|[48]00\d{7}|[2-9]\d{6,7})\d{0,4}|1\d{4,5}")
_MOBILE = re.compile(r"1[3-9]\d{9}")


class PlainText(serializers.CharField):
    """Text as typed, without characters that nobody can see; line ends become \\n."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, str):
            data = _UNSEEN.sub("", data.replace("\r\n", "\n").replace("\r", "\n"))
        if self.required and isinstance(data, str) and not data.strip():
            self.fail("blank")
        return str(super().to_internal_value(data))


class MaskedText(serializers.CharField):
    """Words that somebody wrote, shown with phone and identity numbers masked, and without the words that the context
    names as `unsaid` (a sealed reporter's name, numbers, address)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        return privacy.hide(privacy.mask_text(super().to_representation(value)), self.context.get("unsaid", ()))


class PhoneNumber(PlainText):
    """A Chinese mobile, landline, 400 or service number, in any of its usual spellings; "" when empty."""

    default_error_messages = {"phone": _("This does not look like a phone number.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        typed = super().to_internal_value(data)
        if not typed.strip():
            return ""
        digits = privacy.normalise_phone(typed)
        if re.search(r"[^\d\s()（）+＋\-—－转#*]", typed) or not (
            _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)
        ):
            self.fail("phone")
        return typed.strip()


class IdentityNumber(PlainText):
    """A resident identity number (GB 11643), checked by its check digit and date; "" when empty."""

    default_error_messages = {"identity": _("This is not a valid identity number.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        typed = re.sub(r"\s", "", super().to_internal_value(data)).upper()
        if typed and not is_identity_number(typed):
            self.fail("identity")
        return typed


class CreditCode(PlainText):
    """A unified social credit code (GB 32100), checked by its check digit; "" when empty."""

    default_error_messages = {"uscc": _("This is not a valid unified social credit code.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        typed = re.sub(r"\s", "", super().to_internal_value(data)).upper()
        if typed and not uscc.is_valid(typed):
            self.fail("uscc")
        return typed


class ArticleNumber(PlainText):
    """A GTIN as printed under the bars, checked by its check digit (GS1 mod 10); "" when empty."""

    default_error_messages = {"gtin": _("This is not a valid article number.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        typed = re.sub(r"[\s-]", "", super().to_internal_value(data))
        if typed and not (typed.isascii() and ean.is_valid(typed)):
            self.fail("gtin")
        return typed
