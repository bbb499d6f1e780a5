"""How the preview and the last step speak of titles of former years."""

from __future__ import annotations

from pathlib import Path

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import apply_plan
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.ui.importing.outcomes import people_outcome
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
