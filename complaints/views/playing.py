"""Video and sound in pieces (RFC 9110, section 14), so that a phone plays and seeks without fetching the whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from django.http import FileResponse, HttpResponse, HttpResponseBase
from rest_framework.request import Request

from complaints.views.cases import AttachmentView

_ASKED: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_BLOCK: Final = 64 * 1024


# What the API says of an attachment stays as it is, words included.
class PlayableAttachmentView(AttachmentView):
    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Whether somebody may have it was decided as for the whole file; only then the range is looked at."""
        whole: Any = super().finalize_response(request, response, *args, **kwargs)
        plays = isinstance(whole, FileResponse) and whole["Content-Type"].startswith(("video/", "audio/"))
        if not plays or request.method != "GET":
            return whole
        whole["ETag"] = f'"{kwargs["attachment"]}"'  # a file never changes under its id
        whole["Accept-Ranges"] = "bytes"
        return _part(whole, request.headers.get("Range", ""), request.headers.get("If-Range", ""))


def _part(whole: FileResponse, asked: str, only_if: str) -> HttpResponseBase:
    """What was asked of the file: all, a part (206), or nothing that there is (416). What cannot be read, and several
    ranges at once, mean all."""
    found = _ASKED.fullmatch(asked.replace(" ", ""))
    size, file = int(whole["Content-Length"]), whole.file_to_stream
    if found is None or file is None or found[0] == "bytes=-" or only_if not in {"", whole["ETag"]}:
        return whole
    first, last = _bounds(found[1], found[2], size)
    if found[1] and found[2] and int(found[2]) < first:
        return whole
    if first >= size or last < first:
        whole.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    file.seek(first)
    whole.streaming_content = _blocks(file, last - first + 1)
    whole.status_code = 206
    whole["Content-Range"] = f"bytes {first}-{last}/{size}"
    whole["Content-Length"] = str(last - first + 1)
    return whole


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte; "-500" means the last 500."""
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(int(last or size), size - 1)


def _blocks(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (block := file.read(min(_BLOCK, left))):
        left -= len(block)
        yield block
