"""A new register for each test, closed behind it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from tests.factories import make_register

TODAY = datetime.date(2026, 6, 1)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    """An office's register with Thôn 1 and Thôn 2, round 2026."""
    made = make_register(tmp_path)
    yield made
    made.close()
