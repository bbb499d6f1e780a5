"""The template is had on the wizard's first page, empty or filled, and what came in new is listed on its last."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.history import operations
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.ui.importing.template_card import EMPTY
from desktop_app.ui.importing.wizard_page import CHOOSE, DONE, ImportPage
from desktop_app.ui.main_window import MainWindow
from tests.ui.importing.conftest import person, write_list

NO_KEY = Qt.KeyboardModifier.NoModifier


def test_an_empty_template_is_one_key_away(wizard: ImportPage, key, chosen_files: list[Path], tmp_path: Path) -> None:
    assert wizard.step == CHOOSE
    assert not wizard.chooser.template.scope.isVisibleTo(wizard)
    chosen_files.append(tmp_path / "mau.xlsx")
    key(Qt.Key.Key_T)
    assert load_workbook(tmp_path / "mau.xlsx").worksheets[0].max_row == 2
    assert wizard.banner is not None and "mẫu trống" in wizard.banner.text_label.text()
    key(Qt.Key.Key_T)
    assert chosen_files == []


def test_a_filled_template_goes_out_and_comes_back_with_its_changes(
    wizard: ImportPage, key, read, register: Context, chosen_files: list[Path], tmp_path: Path
) -> None:
    people = (person("01", "Lê Văn An"), person("02", "Trần Bình", hamlet="Thôn 2"))
    import_citizens(register, parse_workbook(write_list(tmp_path / "a.xlsx", *people)))
    wizard.refresh()
    card = wizard.chooser.template
    words = [action.text() for action in card.scope.menu().actions()]
    assert words == ["trống", "cả xã (2 người)", "Thôn 1 (1 người)", "Thôn 2 (1 người)"]
    assert card.scope.value == EMPTY
    card.scope.menu().actions()[1].trigger()
    out = tmp_path / "ca xa.xlsx"
    chosen_files.append(out)
    key(Qt.Key.Key_T)
    assert wizard.banner is not None and "2 người" in wizard.banner.text_label.text()
    assert operations(register, limit=1)[0].kind == "list.export"
    book = load_workbook(out)
    page = book.worksheets[0]
    column = next(cell.column for cell in page[2] if cell.value == "Nghề nghiệp")
    page.cell(4, column).value = "Thợ mộc"
    book.save(out)
    read(out)
    key(Qt.Key.Key_Return)
    assert wizard.next_button.text() == "Nhập 1 người"


def test_who_came_in_new_is_listed_and_leads_to_the_register(
    wizard: ImportPage, key, read, samples: Path, window: MainWindow
) -> None:
    read(samples / "04_vni.xlsx")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    key(Qt.Key.Key_F4, NO_KEY)
    table = wizard.done.people
    assert table.isVisibleTo(wizard)
    assert table.paged is not None and table.paged.rowCount() == 336
    assert window.focusWidget() is table.view
    key(Qt.Key.Key_Return, NO_KEY)
    assert window.current_key == "citizens"


def test_after_undoing_nobody_is_listed(wizard: ImportPage, key, read, samples: Path) -> None:
    read(samples / "06_thon_1_cu.xls")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_F4, NO_KEY)
    key(Qt.Key.Key_Z)
    assert not wizard.done.people.isVisibleTo(wizard)
    assert not wizard.done.show_new.isVisibleTo(wizard)


def test_an_undo_that_was_stopped_keeps_the_import_and_can_be_done_again(
    wizard: ImportPage, key, read, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(samples / "06_thon_1_cu.xls")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE

    def stopped(*_args: object) -> None:
        raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", stopped)
        key(Qt.Key.Key_Z)
    assert "chưa hoàn tác gì" in wizard.banner.text_label.text()
    assert "import.citizens" in [item.kind for item in operations(wizard.context)][:1]
    key(Qt.Key.Key_Z)
    assert operations(wizard.context)[0].kind == "undo.import.citizens"
