"""The wizard tells of clans, units and branches before it makes them, shows whom they gain, and takes all out again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planned import RowFate
from desktop_app.ui.importing.wizard_page import DONE, PREVIEW, ImportPage
from desktop_app.ui.importing.words import plan_notices, remark
from tests.ui.importing.conftest import HEADINGS, person, write_list


def units(context: Context) -> list[tuple[int, ...]]:
    query = "SELECT (SELECT count(*) FROM clan WHERE present), (SELECT count(*) FROM branch WHERE present)"
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_clans_and_branches_are_told_made_and_taken_out_again(
    wizard: ImportPage, key, read, register: Context, tmp_path: Path
) -> None:
    people = [person("01", "Võ Đạt"), person("02", "Lê Thị Dung", "02/01/1980", sex="Nữ")]
    import_citizens(register, parse_workbook(write_list(tmp_path / "known.xlsx", *people)))
    rows = [(*row, clan, "CH01") for row, clan in zip(people, ("Họ Võ", ""), strict=True)]
    read(write_list(tmp_path / "units.xlsx", *rows, headings=(*HEADINGS, "Dòng họ", "Mã chi hội")))
    key(Qt.Key.Key_Return)
    assert wizard.step == PREVIEW
    assert wizard.plan is not None
    told = " ".join(plan_notices(wizard.plan))
    assert "Sẽ thêm dòng họ vì sổ chưa có: Họ Võ." in told
    assert "Sẽ thêm chi hội vì sổ chưa có: Chi hội CH01." in told
    model = wizard.preview.table.paged
    assert model is not None
    items = [model.row_at(place) for place in range(model.rowCount())]
    assert [item.plan.fate for item in items] == [RowFate.CHANGED, RowFate.CHANGED]
    assert remark(items[0]).text == "thêm chi hội: CH01; thêm dòng họ: Họ Võ"
    assert units(register) == [(0, 0)]
    key(Qt.Key.Key_Return)
    assert wizard.step == DONE
    assert units(register) == [(1, 1)]
    key(Qt.Key.Key_Z)
    assert units(register) == [(0, 0)]
