"""The sample commune in a window, for the overview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from tests.ui.assessment.stage import copy_register, make_sample, make_window


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample(tmp_path_factory.mktemp("sample") / "data")


@pytest.fixture
def sample(sample_folder: Path, tmp_path: Path) -> Iterator[Context]:
    context = copy_register(sample_folder, tmp_path / "sample")
    yield context
    context.close()


@pytest.fixture
def window(qtbot, sample: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, sample)
    qtbot.waitUntil(lambda: made.current_page is not None)
    yield made
    made.close()
