"""How the preview and the last step speak of titles of former years."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import apply_plan
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.ui.importing.outcomes import people_outcome
from desktop_app.ui.importing.title_years import TitleYears
from desktop_app.ui.importing.wizard_page import DONE, PREVIEW, ImportPage
from desktop_app.ui.importing.words import ShownRow, change_lines, plan_notices, remark
from tests.services.importing.helpers import HEADING, write_xlsx

PERSON = ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "046060000001")


def test_the_preview_names_each_title_and_the_last_step_counts_them(register: Context, tmp_path: Path) -> None:
    rows = [(*HEADING, "Danh hiệu"), (*PERSON, "CDHT 2023, 2024, 2025; GĐHT 2025")]
    path = write_xlsx(tmp_path / "ds.xlsx", {"Thôn 1": rows})
    with register.read() as connection:
        plan = plan_import(connection, parse_workbook(path))
    named = "Công dân học tập 2023, Công dân học tập 2024, Công dân học tập 2025, Gia đình học tập 2025"
    row = ShownRow(0, plan.rows[0], was_doubtful=False)
    assert remark(row).text == f"Danh hiệu {named}: ghi mới"
    assert change_lines(row) == [("danh hiệu năm trước", "", named)]
    assert any(notice.startswith("Sẽ ghi 4 danh hiệu năm trước") for notice in plan_notices(plan))
    outcome = people_outcome(apply_plan(register, plan), "ds.xlsx")
    assert (4, "danh hiệu năm trước", "passed") in outcome.figures


TITLED = (*HEADING, "Đạt công dân học tập")


def _former(register: Context) -> list[int]:
    with register.read() as connection:
        rows = connection.exec_driver_sql("SELECT year FROM former_title WHERE present = 1 ORDER BY year").all()
    return [year for (year,) in rows]


def _preview(wizard: ImportPage, read, key, tmp_path: Path) -> TitleYears:
    read(write_xlsx(tmp_path / "ds.xlsx", {"Thôn 1": [TITLED, (*PERSON, "x")]}))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    return wizard.preview.years


def test_the_year_of_a_column_of_titles_is_typed_in_the_preview(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path, qtbot
) -> None:
    years = _preview(wizard, read, key, tmp_path)
    assert [editor.text() for editor in years.editors] == ["2025"]
    assert wizard.plan.rows[0].changes["former_title"][1] == "Công dân học tập 2025"
    key(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert years.editors[0].hasFocus()
    years.editors[0].selectAll()
    qtbot.keyClicks(years.editors[0], "1850")
    qtbot.keyClick(years.editors[0], Qt.Key.Key_Return)
    assert years.trouble.isVisibleTo(wizard)
    assert "“1850” không phải năm" in years.trouble.text()
    years.editors[0].selectAll()
    qtbot.keyClicks(years.editors[0], "2023")
    qtbot.keyClick(years.editors[0], Qt.Key.Key_Return)
    assert not years.trouble.isVisibleTo(wizard)
    assert wizard.plan.rows[0].changes["former_title"][1] == "Công dân học tập 2023"
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    assert _former(register) == [2023]


def test_a_typed_year_is_given_back_and_outlives_another_comparison(
    wizard: ImportPage, read, key, register: Context, tmp_path: Path
) -> None:
    years = _preview(wizard, read, key, tmp_path)
    years.given.emit("Thôn 1", 6, 2022)
    key(Qt.Key.Key_B)
    key(Qt.Key.Key_Return)
    assert (wizard.step, years.editors[0].text()) == (PREVIEW, "2022")
    assert wizard.plan.rows[0].changes["former_title"][1] == "Công dân học tập 2022"
    years.given.emit("Thôn 1", 6, None)
    assert wizard.plan.rows[0].changes["former_title"][1] == "Công dân học tập 2025"
    assert years.editors[0].text() == "2025"
