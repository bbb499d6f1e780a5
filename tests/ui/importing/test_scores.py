"""A scoring workbook goes the same way: columns, a preview of each form, one undoable import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from desktop_app.services.assessment.scores_standing import Judged
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.raw import all_rows
from desktop_app.ui import theme
from desktop_app.ui.importing.scores_rows import COLUMNS as SCORE_COLUMNS
from desktop_app.ui.importing.scores_rows import ShownForm
from desktop_app.ui.importing.wizard_page import COLUMNS, DONE, PREVIEW, ImportPage
from tests.ui.importing.conftest import person, write_list

SCORES = "07_phieu_cham_thon_2.xlsx"


@pytest.fixture
def with_people(register: Context, samples: Path) -> Context:
    import_citizens(register, parse_workbook(samples / "01_mot_bang.xlsx"))
    return register


def answers(context: Context) -> int:
    with context.read() as connection:
        return int(all_rows(connection, "SELECT count(*) FROM answer WHERE present")[0][0])


def forms(wizard: ImportPage) -> list[ShownForm]:
    model = wizard.scores.table.paged
    assert model is not None
    return [model.row_at(place) for place in range(model.rowCount())]


def test_the_scores_come_in_and_go_out_by_keyboard(
    with_people: Context, wizard: ImportPage, key, read, samples: Path, chosen_files: list[Path], window
) -> None:
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["scores"]
    chosen_files.append(samples / SCORES)
    key(Qt.Key.Key_O)
    assert (wizard.step, wizard.columns.count.chip.text) == (COLUMNS, f"{len(expected)} phiếu")
    key(Qt.Key.Key_Return)
    assert (wizard.step, wizard.next_button.text()) == (PREVIEW, f"Nhập {len(expected)} phiếu")
    assert [item.row.row for item in forms(wizard)][:3] == [2, 3, 4]
    assert answers(with_people) == 0
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    assert answers(with_people) == 10 * len(expected)
    key(Qt.Key.Key_Z)
    assert answers(with_people) == 0


@pytest.mark.parametrize("percent", [100, 200])
def test_names_of_the_preview_stand_whole_in_a_small_window(
    with_people: Context, wizard: ImportPage, key, samples: Path, chosen_files: list[Path], window, look, percent: int
) -> None:
    theme.apply(look, percent=percent, contrast=False)
    window.resize(1366, 728)
    chosen_files.append(samples / SCORES)
    key(Qt.Key.Key_O)
    key(Qt.Key.Key_Return)
    view = wizard.scores.table.view
    place = next(i for i, column in enumerate(SCORE_COLUMNS) if column.key == "name")
    metrics = QFontMetrics(theme.font(strong=True))
    widest = max(metrics.horizontalAdvance(item.row.name) for item in forms(wizard))
    assert view.columnWidth(place) >= widest + theme.px(20)


def test_the_done_step_leads_to_assessment(
    with_people: Context, wizard: ImportPage, key, read, samples, window
) -> None:
    read(samples / SCORES)
    for _ in range(3):
        key(Qt.Key.Key_Return)
    assert window.current_key == "assessment"


def test_forms_that_cannot_come_in_say_why_and_can_be_taken_out(
    with_people: Context, wizard: ImportPage, key, read, samples: Path, tmp_path: Path, chosen_files: list[Path]
) -> None:
    book = load_workbook(samples / SCORES)
    page = book.active
    page["F2"] = 42  # more than an indicator's maximum
    page["B3"], page["D3"] = "Người Không Có", None
    book.save(tmp_path / "a.xlsx")
    read(tmp_path / "a.xlsx")
    key(Qt.Key.Key_Return)
    wizard.scores.show_only(RowFate.REFUSED)
    assert [item.row.row for item in forms(wizard)] == [2, 3]
    assert "Người Không Có" in " ".join(issue.message for issue in forms(wizard)[1].issues)
    chosen_files.append(tmp_path / "out.xlsx")
    key(Qt.Key.Key_D)
    (sheet,) = load_workbook(tmp_path / "out.xlsx").worksheets
    assert sheet.max_row == 3
    wizard.scores.show_only(None)
    wizard.on_search("nguoi khong co")
    assert [item.row.row for item in forms(wizard)] == [3]


def test_a_form_that_fits_two_people_is_settled_side_by_side(
    register: Context, wizard: ImportPage, key, read, samples: Path, tmp_path: Path
) -> None:
    known = write_list(
        tmp_path / "a.xlsx", person("01", "Lê Văn An", "1984"), person("02", "Lê Văn An", "1984", hamlet="Thôn 2")
    )
    import_citizens(register, parse_workbook(known))
    headings = ("TT", "Họ và tên", "Ngày sinh", "Nhóm", *(f"CS{n}" for n in range(1, 11)))
    forms_file = write_list(
        tmp_path / "b.xlsx", (1, "Lê Văn An", 1984, "Người dân trong xã", *[8] * 10), headings=headings
    )
    read(forms_file)
    key(Qt.Key.Key_Return)
    assert [item.fate for item in forms(wizard)] == [RowFate.DOUBTFUL]
    assert not wizard.next_button.isEnabled()
    panel = wizard.scores.panel
    assert panel.isVisibleTo(wizard)
    assert [person.home for person in panel.people] == ["01 · Thôn 1", "02 · Thôn 2"]
    key(Qt.Key.Key_N)  # a scoring list makes nobody
    assert [item.fate for item in forms(wizard)] == [RowFate.DOUBTFUL]
    key(Qt.Key.Key_2)
    assert [item.fate for item in forms(wizard)] == [None]
    assert wizard.next_button.text() == "Nhập 1 phiếu"
    key(Qt.Key.Key_Return)
    assert answers(register) == 10
    with register.read() as connection:
        rows = all_rows(
            connection,
            "SELECT household.code FROM assessment JOIN citizen ON citizen.id = assessment.subject_id "
            "JOIN household ON household.id = citizen.household_id WHERE assessment.present",
        )
    assert [row[0] for row in rows] == ["02"]


def test_a_closed_round_is_said_and_nothing_is_lost(
    with_people: Context, wizard: ImportPage, key, read, samples: Path
) -> None:
    from sqlalchemy import select

    from desktop_app.models.tables.assessment import assessment_round

    with with_people.operation("round.close", {"year": 2026}) as op:
        row = op.connection.execute(select(assessment_round.c.id)).scalar_one()
        op.writer.update(assessment_round, row, {"status": "closed"})
    read(samples / SCORES)
    key(Qt.Key.Key_Return)
    assert wizard.step == COLUMNS
    assert wizard.banner is not None and "2026" in wizard.banner.text_label.text()


HEADINGS = ("TT", "Họ và tên", "Ngày sinh", "Nhóm", *(f"CS{n}" for n in range(1, 11)), "Tổng")


def with_people_of(register: Context, tmp_path: Path, *people: tuple) -> None:
    import_citizens(register, parse_workbook(write_list(tmp_path / "people.xlsx", *people)))


def test_a_wrong_cell_is_typed_over_in_place(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path, window
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"), person("02", "Trần Thị Bé", "1970"))
    rows = [(1, "Lê Văn An", 1984, "ND", *[8] * 9, 80, 152), (2, "Trần Thị Bé", 1970, "ND", *[9] * 10, 90)]
    read(write_list(tmp_path / "b.xlsx", *rows, headings=HEADINGS))
    key(Qt.Key.Key_Return)
    assert [item.fate for item in forms(wizard)] == [RowFate.REFUSED, None]
    key(Qt.Key.Key_F6, Qt.KeyboardModifier.NoModifier)
    key(Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    editor = wizard.scores.editor
    assert editor.isVisible() and "Chỉ số 10 chấm từ 0 đến 10" in editor.said.text()
    cell = list(editor.editors.values())[-1]
    assert cell.text() == "80"
    cell.set_raw("8")
    cell.setFocus()
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert [item.fate for item in forms(wizard)] == [None, None]
    assert [item.is_typed for item in forms(wizard)] == [True, False]
    assert editor.isVisible() and editor.restore.isVisible()
    key(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert not editor.isVisible()
    key(Qt.Key.Key_Return)
    assert (wizard.step, answers(register)) == (DONE, 20)


def test_a_typed_cell_can_stand_as_in_the_file_again(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path, window
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"))
    read(write_list(tmp_path / "b.xlsx", (1, "Lê Văn An", 1984, "ND", *[8] * 10, 80), headings=HEADINGS))
    key(Qt.Key.Key_Return)
    wizard.scores.edit()
    list(wizard.scores.editor.editors.values())[-1].set_raw("3")
    wizard.scores.editor.check.click()
    assert window.tasks.wait_all()
    assert forms(wizard)[0].row.scores["10"] == 3
    wizard.scores.editor.restore.click()
    assert window.tasks.wait_all()
    assert (forms(wizard)[0].row.scores["10"], forms(wizard)[0].is_typed) == (8, False)


def test_of_two_forms_of_one_person_the_one_picked_last_comes_in(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path, window
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"))
    rows = [(n, "Lê Văn An", 1984, "ND", *[score] * 10, 10 * score) for n, score in ((1, 8), (2, 9))]
    read(write_list(tmp_path / "b.xlsx", *rows, headings=HEADINGS))
    key(Qt.Key.Key_Return)
    assert [item.fate for item in forms(wizard)] == [RowFate.DOUBTFUL] * 2
    panel = wizard.scores.panel
    assert panel.isVisibleTo(wizard) and not panel.all_same.isVisibleTo(wizard)
    wizard.scores.all_same()
    assert window.tasks.wait_all()
    assert [item.fate for item in forms(wizard)] == [RowFate.DOUBTFUL] * 2
    for place, fates in ((0, [None, RowFate.DOUBTFUL]), (1, [RowFate.DOUBTFUL, None])):
        wizard.scores.table.select_row(place)
        key(Qt.Key.Key_1)
        assert [item.fate for item in forms(wizard)] == fates
    key(Qt.Key.Key_Return)
    with register.read() as connection:
        assert all_rows(connection, "SELECT total FROM assessment WHERE present") == [(90.0,)]


def test_cells_of_a_form_are_named_by_their_indicators_not_by_who_scored_them(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"))
    headings = ("TT", "Họ và tên", "Ngày sinh", *(text for n in range(1, 11) for text in (f"CS{n}", "")))
    rows = [("", "", "", *["Tự chấm", "Thôn chấm"] * 10), (1, "Lê Văn An", 1984, *[9, 8] * 10)]
    read(write_list(tmp_path / "b.xlsx", *rows, headings=headings))
    key(Qt.Key.Key_Return)
    assert forms(wizard)[0].judged == Judged(80.0, True, True)
    wizard.scores.edit()
    titles = [editor.accessibleName() for editor in wizard.scores.editor.editors.values()]
    assert titles[-10:] == [f"CS{n}" for n in range(1, 11)]


def test_a_form_is_given_to_somebody_found_in_the_register(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path, window
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"), person("02", "Trần Thị Bé", "1970"))
    read(write_list(tmp_path / "b.xlsx", (1, "Ông Tư", 1984, "ND", *[8] * 10, 80), headings=HEADINGS))
    key(Qt.Key.Key_Return)
    assert [item.fate for item in forms(wizard)] == [RowFate.REFUSED]
    key(Qt.Key.Key_4)
    wizard.scores.who.set_raw("Không Có Ai")
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert "không có" in wizard.scores.find_said.text()
    wizard.scores.who.set_raw("le van an")
    wizard.scores.who.setFocus()
    key(Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert [person.home for person in wizard.scores.panel.people] == ["01 · Thôn 1"]
    key(Qt.Key.Key_1)
    shown = forms(wizard)[0]
    assert (shown.fate, shown.subject) == (None, "Lê Văn An (01 · Thôn 1)")
    key(Qt.Key.Key_Return)
    assert answers(register) == 10


def test_many_doubts_of_one_reason_are_settled_at_once(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path, window
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"), person("02", "Trần Thị Bé", "1970"))
    rows = [(1, "Lê Văn An", "", "ND", *[8] * 10, 80), (2, "Trần Thị Bé", "", "ND", *[9] * 10, 90)]
    read(write_list(tmp_path / "b.xlsx", *rows, headings=HEADINGS))
    key(Qt.Key.Key_Return)
    assert [item.fate for item in forms(wizard)] == [RowFate.DOUBTFUL] * 2
    assert not wizard.scores.panel.all_new.isVisible()
    key(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert [item.fate for item in forms(wizard)] == [None, None]
    key(Qt.Key.Key_Return)
    assert answers(register) == 20


def test_changed_and_equal_forms_are_told_apart(
    register: Context, wizard: ImportPage, key, read, tmp_path: Path
) -> None:
    with_people_of(register, tmp_path, person("01", "Lê Văn An", "1984"), person("02", "Trần Thị Bé", "1970"))
    rows = [(1, "Lê Văn An", 1984, "ND", *[8] * 10, 80), (2, "Trần Thị Bé", 1970, "ND", *[9] * 10, 90)]
    read(write_list(tmp_path / "b.xlsx", *rows, headings=HEADINGS))
    for _ in range(2):
        key(Qt.Key.Key_Return)
    rows[0] = (1, "Lê Văn An", 1984, "ND", *[8] * 9, 9, 81)
    read(write_list(tmp_path / "c.xlsx", *rows, headings=HEADINGS))
    key(Qt.Key.Key_Return)
    assert [item.fate for item in forms(wizard)] == [RowFate.CHANGED, RowFate.UNCHANGED]
    assert wizard.next_button.text() == "Nhập 1 phiếu"
    wizard.scores.show_only(RowFate.CHANGED)
    assert [item.row.name for item in forms(wizard)] == ["Lê Văn An"]
