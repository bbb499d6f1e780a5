"""A list without a household's head is no trouble where the register knows him."""

from __future__ import annotations

from pathlib import Path

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, write_xlsx

HEAD = ("H01", "Nguyễn Văn An", "Chủ hộ", "Nam", "05/03/1960", "046060000001")
WIFE = ("H01", "Trần Thị Bình", "Vợ", "Nữ", "07/08/1962", "046162000002")
CHILD = ("H01", "Nguyễn Văn Mới", "Con", "Nam", "01/02/2010", "")
OTHER = ("H02", "Nguyễn Văn Cường", "Chủ hộ", "Nam", "11/11/1970", "046070000003")
STRANGER = ("H09", "Lê Thị Lạ", "Vợ", "Nữ", "02/01/1980", "")


def planned(context: Context, folder: Path, *rows: tuple[object, ...]) -> ImportPlan:
    parsed = parse_workbook(write_xlsx(folder / "part.xlsx", {"Thôn 1": [HEADING, *rows]}))
    with context.read() as connection:
        return plan_import(connection, parsed)


def codes(plan: ImportPlan) -> list[str]:
    return [issue.code for issue in plan.issues() if issue.code == "household.no_head"]


def test_a_partial_list_does_not_miss_the_head_whom_the_register_has(tmp_path: Path) -> None:
    register = make_register(tmp_path, hamlets=())
    assert codes(planned(register, tmp_path, WIFE, CHILD, OTHER)) == ["household.no_head"]
    whole = write_xlsx(tmp_path / "whole.xlsx", {"Thôn 1": [HEADING, HEAD, WIFE]})
    import_citizens(register, parse_workbook(whole))
    plan = planned(register, tmp_path, WIFE, CHILD, OTHER)
    assert [row.fate for row in plan.rows][:2] == [RowFate.UNCHANGED, RowFate.NEW]
    assert codes(plan) == []
    assert codes(planned(register, tmp_path, WIFE, CHILD, STRANGER, OTHER)) == ["household.no_head"]
