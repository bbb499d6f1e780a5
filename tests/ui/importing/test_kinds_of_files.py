"""A file of scores, of two kinds, or held by another program: the wizard says so and goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.preview import WorkbookKind
from desktop_app.services.importing.understanding import understand_workbook
from desktop_app.services.registry.export import exported_citizens
from desktop_app.ui.importing.wizard_page import CHOOSE, COLUMNS, DONE, PREVIEW, ImportPage
from tests.ui.importing.conftest import HEADINGS, person, write_list

SCORES = ("TT", "Họ và tên", "Ngày sinh", "Nhóm", *(f"CS{n}" for n in range(1, 11)))
FORM = (1, "Lê Văn An", 1984, "Người dân trong xã", *[8] * 10)


def two_kinds(path: Path) -> Path:
    book = Workbook()
    people, scores = book.active, book.create_sheet("Chấm điểm")
    people.title = "Danh sách"
    for row in (HEADINGS, person("01", "Lê Văn An", "1984")):
        people.append(row)
    for row in (SCORES, FORM):
        scores.append(row)
    book.save(path)
    return path


def test_a_file_of_scores_given_as_a_list_of_people_is_known_for_what_it_is(tmp_path: Path) -> None:
    path = write_list(tmp_path / "a.xlsx", FORM, headings=SCORES)
    found = understand_workbook(path, kind=WorkbookKind.CITIZENS)
    assert (found.kind, found.count, found.refusal) == (WorkbookKind.SCORES, 1, "")
    people = write_list(tmp_path / "b.xlsx", person("01", "Lê Văn An"))
    assert understand_workbook(people, kind=WorkbookKind.SCORES).kind is WorkbookKind.CITIZENS


def test_scores_beside_people_are_told_and_read_by_one_button(
    wizard: ImportPage, key, read, window, tmp_path: Path, register: Context
) -> None:
    read(two_kinds(tmp_path / "a.xlsx"))
    assert wizard.columns.count.chip.text == "1 người"
    assert wizard.banner is not None and "“Chấm điểm” là phiếu chấm" in wizard.banner.text_label.text()
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert (wizard.step, len(exported_citizens(register))) == (DONE, 1)
    read(tmp_path / "a.xlsx")
    assert wizard.banner.button is not None
    wizard.banner.button.click()
    assert window.tasks.wait_all()
    assert (wizard.step, wizard.columns.count.chip.text) == (COLUMNS, "1 phiếu")
    key(Qt.Key.Key_Return)
    assert (wizard.step, wizard.next_button.text()) == (PREVIEW, "Nhập 1 phiếu")
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Files that another program holds."""
    files: set[Path] = set()
    really = Path.open

    def opened(self: Path, *how: Any, **more: Any) -> Any:
        if self in files:
            raise PermissionError(13, "held", str(self))
        return really(self, *how, **more)

    monkeypatch.setattr(Path, "open", opened)
    return files


def test_a_file_open_in_excel_is_read_once_it_is_closed(
    wizard: ImportPage, key, read, tmp_path: Path, held: set[Path]
) -> None:
    path = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"))
    held.add(path)
    read(path)
    assert wizard.step == CHOOSE
    assert wizard.banner is not None and "đóng tệp trong Excel" in wizard.banner.text_label.text()
    held.clear()
    key(Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert (wizard.step, wizard.banner) == (COLUMNS, None)


def test_a_file_opened_in_excel_after_the_preview_is_not_imported_unseen(
    wizard: ImportPage, key, read, tmp_path: Path, held: set[Path], register: Context
) -> None:
    path = write_list(tmp_path / "a.xlsx", person("01", "Lê Văn An"))
    read(path)
    key(Qt.Key.Key_Return)
    held.add(path)
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert wizard.banner is not None and "Excel" in wizard.banner.text_label.text()
    assert exported_citizens(register) == []
    held.clear()
    key(Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert wizard.step == DONE
    assert len(exported_citizens(register)) == 1
