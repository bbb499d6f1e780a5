"""Corrected columns are remembered for lists of the same headings, said so, and forgotten at one press."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.remembered import remembered
from desktop_app.ui.importing.wizard_page import COLUMNS, PREVIEW, ImportPage
from tests.ui.importing.conftest import HEADINGS, person, write_list

ODD = (*HEADINGS[:7], "Cột lạ")


@pytest.fixture
def taught(wizard: ImportPage, read, key, tmp_path: Path, qtbot, window) -> ImportPage:
    """A person has said what "Cột lạ" means and has looked at the preview."""
    read(write_list(tmp_path / "a.xlsx", *(person(f"{n}", "Lê Văn An", job="Thợ mộc") for n in range(6)), headings=ODD))
    editor = wizard.columns.grid.editors[7]
    assert editor.raw() is None
    editor.set_raw(Field.OCCUPATION.value)
    editor.activated.emit(editor.currentIndex())
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    return wizard


def another(folder: Path) -> Path:
    rows = [person(f"{n}", "Trần Bình", job="Thợ nề") for n in range(6)]
    return write_list(folder / "b.xlsx", *rows, headings=ODD, sheet="Thôn 9")


def test_a_list_of_the_same_headings_is_read_as_it_was_corrected(
    taught: ImportPage, read, key, register: Context, tmp_path: Path
) -> None:
    assert len(remembered(register)) == 1
    read(another(tmp_path))
    assert taught.step == COLUMNS
    assert taught.columns.grid.editors[7].raw() == Field.OCCUPATION.value
    assert "Dùng cách ghép cột đã nhớ" in taught.columns.memory.text_label.text()
    assert taught.columns.memory.isVisibleTo(taught)
    key(Qt.Key.Key_Return)
    assert taught.plan is not None and taught.plan.rows[0].row.occupation == "Thợ nề"


def test_it_can_be_forgotten_on_the_spot(taught: ImportPage, read, register: Context, tmp_path: Path, window) -> None:
    read(another(tmp_path))
    button = taught.columns.memory.button
    assert button is not None
    button.click()
    assert window.tasks.wait_all()
    assert remembered(register) == {}
    assert taught.columns.grid.editors[7].raw() is None
    assert not taught.columns.memory.isVisibleTo(taught)


def test_a_list_that_needs_no_memory_says_nothing_of_it(taught: ImportPage, read, samples: Path) -> None:
    read(samples / "04_vni.xlsx")
    assert not taught.columns.memory.isVisibleTo(taught)
