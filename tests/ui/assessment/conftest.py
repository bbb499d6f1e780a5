"""Registers for the tests of forms and lists: a small one made anew, and the sample commune copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.ui.main_window import MainWindow
from tests.factories import make_register
from tests.services.assessment.world import add_people
from tests.ui.assessment.stage import make_window
from tests.ui.conftest import copy_register


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hamlets; in Thôn 1 a family of three whose groups are known and one person whose group is not."""
    folder = tmp_path_factory.mktemp("small") / "data"
    folder.mkdir()
    context = make_register(folder)
    grown = {"citizen_group": "resident", "birth": "1984"}
    add_people(
        context,
        [
            {"full_name": "Nguyễn Văn An", **grown},
            {"full_name": "Lê Thị Bình", **grown},
            {"full_name": "Nguyễn Văn Chính", **grown},
            {"full_name": "Nguyễn Thị Dung", "birth": "1990", "occupation": "Công nhân"},
        ],
    )
    context.close()
    return folder


@pytest.fixture
def small(small_folder: Path, tmp_path: Path) -> Iterator[Context]:
    context = copy_register(small_folder, tmp_path / "small")
    yield context
    context.close()


@pytest.fixture
def window(qtbot, small: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, small, has_overview=False)
    yield made
    made.close()
