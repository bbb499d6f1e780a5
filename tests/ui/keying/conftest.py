"""A hamlet of forty-five invented people whose forms lie in a stack, and the window over it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from desktop_app.ui.keying import scanning
from desktop_app.ui.main_window import MainWindow
from tests.factories import make_register
from tests.services.assessment.world import add_people
from tests.ui.keying.walk import make_window

_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ")
_NAMES = ("Lan", "Bình", "Mai", "Thắng", "Hạnh")


@pytest.fixture(autouse=True)
def _fingers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys come at the pace of fingers, not of a test; a test of a scanner has a clock of its own."""
    presses = count(1)
    monkeypatch.setattr(scanning, "monotonic", lambda: next(presses) * 0.2)


@pytest.fixture(scope="session")
def stack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty-five people of Thôn 1 (all residents but the last two), one namesake in Thôn 2."""
    folder = tmp_path_factory.mktemp("stack") / "data"
    folder.mkdir()
    context = make_register(folder)
    people = []
    for place in range(45):
        group = {43: "worker", 44: None}.get(place, "resident")
        name = f"{_SURNAMES[place // 5]} Văn {_NAMES[place % 5]}"
        people.append(
            {"full_name": name, "birth": str(1950 + place), "cccd": f"0790{place:08d}", "citizen_group": group}
        )
    for start in range(0, 45, 5):
        add_people(context, people[start : start + 5], code=f"01-{start:04d}")
    add_people(context, [{"full_name": "Nguyễn Văn Lan", "birth": "1999"}], hamlet="Thôn 2", code="02-0001")
    context.close()
    return folder


@pytest.fixture
def context(stack_folder: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(stack_folder, tmp_path / "data")
    made = open_register(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def window(qtbot, context: Context) -> Iterator[MainWindow]:
    made = make_window(qtbot, context)
    yield made
    made.close()
