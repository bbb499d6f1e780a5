"""A list whose title is the commune's of today and a former one's: the preview asks which, with a proposal."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.moves.hamlet_merge import take_over
from desktop_app.ui.importing.wizard_page import DONE, PREVIEW, ImportPage
from tests.services.importing.helpers import HEADING, write_xlsx

PERSON = ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "046060000001")


def _home(register: Context) -> str:
    with register.read() as connection:
        query = "SELECT h.former_commune FROM citizen AS c JOIN hamlet AS h ON h.id = c.hamlet_id WHERE c.present"
        return str(connection.exec_driver_sql(query).scalar_one())


def _asking(wizard: ImportPage, register: Context, read, key, folder: Path) -> None:
    take_over(register, "Phú An", [], ["Thôn 1"])
    take_over(register, "Phú Hữu", [], ["Thôn 1"])
    rows = [("UBND XÃ PHÚ AN",), ("DANH SÁCH NHÂN KHẨU",), HEADING, PERSON]
    read(write_xlsx(folder / "ds.xlsx", {"Thôn 1": rows}))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW


def test_the_proposal_is_shown_as_chosen_and_taken(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path
) -> None:
    _asking(wizard, register, read, key, tmp_path)
    asked = wizard.preview.communes
    assert asked.isVisibleTo(wizard)
    assert [editor.currentText() for editor in asked.editors] == ["Thôn của xã Phú An cũ (đề xuất)"]
    key(Qt.Key.Key_Return)
    assert (wizard.step, _home(register)) == (DONE, "Phú An")


def test_another_former_commune_is_chosen_by_keyboard(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path, qtbot, window
) -> None:
    _asking(wizard, register, read, key, tmp_path)
    (editor,) = wizard.preview.communes.editors
    for _ in range(60):
        if editor.hasFocus():
            break
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert editor.hasFocus()
    key(Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    assert [each.currentText() for each in wizard.preview.communes.editors] == ["Thôn của xã Phú Hữu cũ"]
    assert "hamlet.proposed" not in [issue.code for issue in wizard.plan.issues()]
    key(Qt.Key.Key_Return)
    assert (wizard.step, _home(register)) == (DONE, "Phú Hữu")
