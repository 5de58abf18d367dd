"""Evidence: files are checked by their content, hashed, and stored under a name that says nothing."""

from __future__ import annotations

import hashlib
import uuid
from typing import BinaryIO, Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.record import change
from complaints.errors import Invalid
from complaints.models import Attachment, Viewer

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_FILES: Final = 12
# first bytes -> (content type, extension); what is not here is not taken
_KINDS: Final = (
    (0, b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (0, b"GIF8", "image/gif", "gif"),
    (8, b"WEBP", "image/webp", "webp"),
    (0, b"%PDF-", "application/pdf", "pdf"),
    (4, b"ftyp", "video/mp4", "mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm", "webm"),
    (0, b"ID3", "audio/mpeg", "mp3"),
    (0, b"\xff\xfb", "audio/mpeg", "mp3"),
)


def attach(viewer: Viewer, number: str, name: str, content: BinaryIO, size: int) -> Attachment:
    """Add a file to an open case. Raises Invalid for a kind, size or count that is not taken."""
    head = content.read(16)
    content.seek(0)
    kind = next((kind for kind in _KINDS if head[kind[0] : kind[0] + len(kind[1])] == kind[1]), None)
    if kind is None:
        raise _refused(_("Only pictures, PDF, MP4 or WebM video and MP3 sound are taken."))
    if size > MAX_BYTES:
        raise _refused(_("A file may have at most 20 MB."))
    with change(viewer, number, "attach") as doing:
        if doing.case.attachments.count() >= MAX_FILES:
            raise _refused(_("A case takes at most %(count)d files.") % {"count": MAX_FILES})
        digest = hashlib.sha256()
        while block := content.read(1 << 20):
            digest.update(block)
        content.seek(0)
        stored = default_storage.save(f"evidence/{uuid.uuid4().hex}.{kind[3]}", File(content))
        try:
            with transaction.atomic():
                attachment = Attachment.objects.create(
                    case=doing.case,
                    stored_as=stored,
                    name=name[:150] or stored,
                    content_type=kind[2],
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
