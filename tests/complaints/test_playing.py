"""Ranges of video: what phones ask for to play and seek."""

from __future__ import annotations

import pytest

from tests import make
from tests.complaints.test_attachments_and_import import PNG, media, upload

pytestmark = pytest.mark.django_db
__all__ = ["media"]
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 1000
SIZE = len(MP4)


def kept(content: bytes = MP4, name: str = "现场.mp4", kind: str = "video/mp4") -> str:
    return str(upload(make.dispatched(), content, name, kind).json()["url"])


def asked(url: str, ranges: str, **more: str):
    return make.client(make.officer(), Range=ranges, **more).get(url)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("ranges", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=100-70000", 100, 70000),
        ("bytes=200000-9999999", 200000, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        ("bytes=-9999999", 0, SIZE - 1),
    ],
)
def test_a_range_is_that_part_of_the_file(ranges, first, last):
    answer = asked(kept(), ranges)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert int(answer["Content-Length"]) == last - first + 1
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert body(answer) == MP4[first : last + 1]


@pytest.mark.parametrize("ranges", [f"bytes={SIZE}-", "bytes=9999999-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused_with_the_size(ranges):
    answer = asked(kept(), ranges)
    assert (answer.status_code, answer["Content-Range"], answer.content) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize("ranges", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-9", "pages=1-2", "bytes=x-y"])
def test_what_is_no_single_range_gets_the_whole_file(ranges):
    answer = asked(kept(), ranges)
    assert (answer.status_code, answer["Accept-Ranges"], body(answer)) == (200, "bytes", MP4)


def test_a_part_of_another_version_is_never_mixed_in():
    url = kept()
    whole = asked(url, "")
    assert body(whole) == MP4
    assert body(asked(url, "bytes=5-9", If_Range=whole["ETag"])) == MP4[5:10]
    assert body(asked(url, "bytes=5-9", If_Range='"other"')) == MP4


def test_pictures_come_whole_and_strangers_learn_nothing():
    picture = kept(PNG, "小票.png", "image/png")
    assert body(asked(picture, "bytes=0-1")) == PNG
    url = kept()
    for stranger in (make.officer("hurd"), None):
        answer = make.client(stranger, Range="bytes=0-1").get(url)
        assert answer.status_code == 404
        assert "Content-Range" not in answer
