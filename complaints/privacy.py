"""Personal data: encryption at rest, blind index, masking, and the citizen's query code. No database here.

Keys: ZST_DATA_KEY holds one or more base64 keys of 32 bytes, comma-separated; the first encrypts, all decrypt, and
the last (oldest) one makes the blind index and the query codes, so that rotation keeps both.
Masking follows docs/glossary.md (surname kept, phone 138****1234, identity number first 3 + last 2).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_NONCE = 12


@cache
def _master_keys(configured: str) -> tuple[bytes, ...]:
    try:
        keys = tuple(base64.b64decode(part, validate=True) for part in configured.split(","))
    except ValueError as error:
        raise ImproperlyConfigured("ZST_DATA_KEY is not base64") from error
    if any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured("each key in ZST_DATA_KEY must be 32 bytes")
    return keys


@cache
def _derived(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master)


def _key_id(master: bytes) -> bytes:
    return hashlib.sha256(b"zst-key-id" + master).digest()[:4]


def encrypt(plain: str, context: str) -> bytes:
    """AES-256-GCM (NIST SP 800-38D): key id (4 bytes), nonce (12), ciphertext with tag.

    context: table and column, bound as associated data, so that a value cannot be moved to another column.
    """
    master = _master_keys(settings.DATA_KEY)[0]
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_derived(master, "data")).encrypt(nonce, plain.encode("utf-8"), context.encode())
    return _key_id(master) + nonce + sealed


def decrypt(stored: bytes, context: str) -> str:
    """The plain text of `encrypt`; raises cryptography's InvalidTag when tampered with, LookupError without the key."""
    for master in _master_keys(settings.DATA_KEY):
        if hmac.compare_digest(_key_id(master), stored[:4]):
            nonce, sealed = stored[4 : 4 + _NONCE], stored[4 + _NONCE :]
            return AESGCM(_derived(master, "data")).decrypt(nonce, sealed, context.encode()).decode("utf-8")
    raise LookupError("no key in ZST_DATA_KEY opens this value")


def _oldest(purpose: str) -> bytes:
    return _derived(_master_keys(settings.DATA_KEY)[-1], purpose)


def keyed_hash(value: str, purpose: str) -> str:
    """Hex HMAC-SHA256 of a value under a key of its own purpose; not reversible without the key."""
    return hmac.new(_oldest(purpose), value.encode("utf-8"), hashlib.sha256).hexdigest()


def normalise_phone(phone: str) -> str:
    """Digits only, without +86; "" when there is no digit."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def phone_index(phone: str) -> str:
    """The blind index of a phone number, "" for none."""
    digits = normalise_phone(phone)
    return keyed_hash(digits, "phone-index") if digits else ""


def query_code(number: str) -> str:
    """The eight characters (about 40 bits) that let a citizen follow a case; not stored anywhere."""
    digest = hmac.new(_oldest("query-code"), number.encode(), hashlib.sha256).digest()
    value = int.from_bytes(digest[:8], "big")
    code = ""
    for _ in range(8):
        value, rest = divmod(value, len(_CODE_ALPHABET))
        code += _CODE_ALPHABET[rest]
    return code


def is_query_code(number: str, typed: str) -> bool:
    """Whether `typed` (any case, spaces ignored) opens the case."""
    given = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    return hmac.compare_digest(query_code(number).encode(), given.encode("utf-8", "replace"))


def collection_code(number: str) -> str:
    """Ten characters with which the reporter of a case collects the reward without a name; not stored anywhere."""
    value, code = int(keyed_hash(number, "reward-code")[:16], 16), ""
    for _ in range(10):
        value, rest = divmod(value, len(_CODE_ALPHABET))
        code += _CODE_ALPHABET[rest]
    return code


def is_collection_code(number: str, typed: str) -> bool:
    """Whether `typed` (any case, spaces ignored) collects the reward of the case."""
    given = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()
    return hmac.compare_digest(collection_code(number).encode(), given.encode("utf-8", "replace"))


def hide(text: str, words: Iterable[str]) -> str:
    """The text with each of these words made unreadable, letter for letter, so that offsets in it stay true."""
    for word in sorted(set(words), key=len, reverse=True):
        text = text.replace(word, "*" * len(word)) if len(word) > 1 else text
    return text


def mask_name(name: str) -> str:
    """张三丰 -> 张**"""
    return name[:1] + "**" if name else ""


def mask_phone(phone: str) -> str:
    """13812341234 -> 138****1234; other numbers keep the last two digits."""
    digits = normalise_phone(phone)
    if not digits:
        return "***" if phone else ""
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) == 11 else "*" * max(len(digits) - 2, 3) + digits[-2:]


def mask_id_number(number: str) -> str:
    """330106199001011234 -> 330*************34"""
    return number[:3] + "*" * max(len(number) - 5, 3) + number[-2:] if len(number) > 5 else "***" if number else ""


_STREET = re.compile(r"^.*?(?:街道|大道|路|街|巷|弄|镇|乡|村)")


def mask_address(address: str) -> str:
    """文三路 90 号 3 幢 -> 文三路***"""
    if not address:
        return ""
    street = _STREET.match(address)
    return (street.group() if street else address[:2]) + "***"


_ID_IN_TEXT = re.compile(r"(?<![\dA-Za-z])(\d{3})\d{11,14}(\d[\dXxＸｘ])(?![\dA-Za-z])")
_PHONE_IN_TEXT = re.compile(r"(?<!\d)(1[3-9]\d)[\s-]?\d{4}[\s-]?(\d{4})(?!\d)")
_LANDLINE_IN_TEXT = re.compile(r"(?<!\d)(0\d{2,3}[-\s])\d{5,6}(\d{2})(?!\d)")


def mask_text(text: str) -> str:
    """Mobile, landline, identity and card numbers in running text made unreadable; everything else untouched."""
    text = _ID_IN_TEXT.sub(lambda found: f"{found[1]}***********{found[2]}", text)
    text = _PHONE_IN_TEXT.sub(lambda found: f"{found[1]}****{found[2]}", text)
    return _LANDLINE_IN_TEXT.sub(lambda found: f"{found[1]}*****{found[2]}", text)
