"""Evidence: files are checked by their content, hashed, and stored under a name that says nothing."""

from __future__ import annotations

import hashlib
import uuid
from typing import BinaryIO, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from complaints.actions.record import change
from complaints.errors import Invalid
from complaints.models import Attachment, Viewer

MEGABYTE: Final = 1024 * 1024
MAX_MB: Final = 20
MAX_VIDEO_MB: Final = 100  # about a minute from a phone
MAX_CASE_MB: Final = 300  # all files of a case together
MAX_FILES: Final = 12
# first bytes -> (content type, extension); what is not here is not taken
_KINDS: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (0, b"GIF8", "image/gif", "gif"),
    (8, b"WEBP", "image/webp", "webp"),
    (0, b"%PDF-", "application/pdf", "pdf"),
    (0, b"ID3", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3"),
)
# ISO base media files (ISO/IEC 14496-12) all begin with `ftyp`; the major brand says which. HEIC pictures are none.
_BRANDS: Final = (
    (b"qt  ", "video/quicktime", "mov"),
    (b"M4A ", "audio/mp4", "m4a"),
    *((brand, "video/mp4", "mp4") for brand in (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42")),
    *((brand, "video/mp4", "mp4") for brand in (b"avc1", b"M4V ", b"MSNV", b"dash", b"3gp4", b"3gp5", b"3gp6")),
)
_HEAD: Final = 64  # bytes that tell the kind


def _kind_of(head: bytes) -> tuple[str, str] | None:
    """(content type, extension) by the first bytes, or None."""
    if head[4:8] == b"ftyp":
        return next(((kind, ending) for brand, kind, ending in _BRANDS if head[8:12] == brand), None)
    if head.startswith(b"\x1aE\xdf\xa3"):  # Matroska; its kind of document is named in the first bytes (RFC 8794)
        return ("video/webm", "webm") if b"\x42\x82\x84webm" in head else None
    return next((kind[2:] for kind in _KINDS if head[kind[0] : kind[0] + len(kind[1])] == kind[1]), None)


def attach(viewer: Viewer, number: str, name: str, content: BinaryIO, size: int) -> Attachment:
    """Add a file to an open case. Raises Invalid for a kind, size or count that is not taken."""
    head = content.read(_HEAD)
    content.seek(0)
    kind = _kind_of(head)
    if kind is None:
        raise _refused(
            _("Only pictures (JPEG, PNG, GIF, WebP), PDF, video (MP4, MOV, WebM) and MP3 or M4A sound are taken.")
        )
    content_type, ending = kind
    allowed = MAX_VIDEO_MB if content_type.startswith("video/") else MAX_MB
    if size > allowed * MEGABYTE:
        raise _refused(_("A file of this kind may have at most %(size)d MB.") % {"size": allowed})
    with change(viewer, number, "attach") as doing:
        there = doing.case.attachments.aggregate(files=Count("pk"), size=Sum("size", default=0))
        if there["files"] >= MAX_FILES:
            raise _refused(_("A case takes at most %(count)d files.") % {"count": MAX_FILES})
        if there["size"] + size > MAX_CASE_MB * MEGABYTE:
            raise _refused(_("The files of a case may have %(size)d MB together.") % {"size": MAX_CASE_MB})
        digest = hashlib.sha256()
        while block := content.read(1 << 20):
            digest.update(block)
        content.seek(0)
        stored = default_storage.save(f"evidence/{uuid.uuid4().hex}.{ending}", File(content))
        try:
            with transaction.atomic():
                attachment = Attachment.objects.create(
                    case=doing.case,
                    stored_as=stored,
                    name=name[:150] or stored,
                    content_type=content_type,
                    size=size,
                    sha256=digest.hexdigest(),
                )
        except BaseException:
            default_storage.delete(stored)
            raise
        doing.data = {"attachment": attachment.pk}
        return attachment


def _refused(message: str) -> Invalid:
    return Invalid("file_refused", message, {"file": message})
