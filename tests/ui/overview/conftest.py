"""The sample commune in a window, for the overview."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from tests.ui.assessment.stage import make_window


@pytest.fixture
def window(qtbot, sample: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, sample)
    qtbot.waitUntil(lambda: made.current_page is not None)
    assert made.tasks.wait_all()
    yield made
    made.close()
