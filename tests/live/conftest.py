"""After each test everybody hangs up."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.people import Person


@pytest.fixture(autouse=True)
def everybody_leaves() -> Iterator[None]:
    yield
    while Person.here:
        Person.here.pop().http.close()
