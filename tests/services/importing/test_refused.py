"""The rows that were not taken come out as a workbook that can be mended and imported again, whatever its letters."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.importing.apply import apply_plan
from desktop_app.services.importing.corrections.plan import replanned
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import RowFate, plan_import
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.importing.refused import write_refused
from desktop_app.services.registry.export import exported_citizens
from tests.factories import make_register


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path / "register", hamlets=())


def spoilt(samples: Path, folder: Path, name: str) -> Path:
    """A sample of which three births are not dates."""
    book = load_workbook(samples / name)
    page = book.worksheets[0]
    heading = next(row for row in page.iter_rows(max_row=8) for cell in row if str(cell.value) == "Nam")
    column = next(cell.column for cell in heading if cell.value == "Nam")
    rows = [cell.row for (cell,) in page.iter_rows(min_row=heading[0].row + 1, min_col=column, max_col=column)
            if cell.value]  # fmt: skip
    for row in rows[:3]:
        page.cell(row, column, "hoi xua")
    book.save(folder / name)
    return folder / name


def planned(context: Context, path: Path) -> ImportPlan:
    with context.read() as connection:
        return plan_import(connection, parse_workbook(path))


@pytest.mark.parametrize("name", ["02_moi_thon_mot_trang.xlsx", "03_tcvn3.xlsx", "04_vni.xlsx"])
def test_refused_rows_written_out_and_mended_come_in(
    register: Context, samples: Path, tmp_path: Path, name: str
) -> None:
    plan = planned(register, spoilt(samples, tmp_path, name))
    refused = [item.row for item in plan.rows if item.fate is RowFate.REFUSED]
    out = tmp_path / "khong nhan.xlsx"
    assert write_refused(plan, out) == len(refused) == 3
    book = load_workbook(out)
    (page,) = book.worksheets
    for row in page.iter_rows():
        for cell in row:
            if cell.value == "hoi xua":
                assert cell.comment is not None and "không đọc được" in cell.comment.text
                cell.value = "1984"
    book.save(out)
    again = parse_workbook(out)
    assert [row.name for row in again.rows] == [row.name for row in refused]
    assert [row.household_code for row in again.rows] == [row.household_code for row in refused]
    assert [row.hamlet for row in again.rows] == [row.hamlet for row in refused]
    assert [row.occupation for row in again.rows] == [row.occupation for row in refused]
    assert not any(row.is_refused for row in again.rows)
    assert again.communes == ("Xã Phú An",)


def test_the_reason_names_the_row_of_the_first_file(register: Context, samples: Path, tmp_path: Path) -> None:
    plan = planned(register, spoilt(samples, tmp_path, "02_moi_thon_mot_trang.xlsx"))
    first = next(item.row for item in plan.rows if item.fate is RowFate.REFUSED)
    write_refused(plan, tmp_path / "out.xlsx")
    (page,) = load_workbook(tmp_path / "out.xlsx").worksheets
    comments = [cell.comment.text for row in page.iter_rows() for cell in row if cell.comment]
    assert len(comments) == 3
    assert comments[0].startswith(f"Dòng {first.row}: ")


def test_a_file_that_excel_holds_at_the_import_is_said_so(
    register: Context, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(register, samples / "04_vni.xlsx")

    def held(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "held", str(self))

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(EnvironmentProblem) as caught:
        apply_plan(register, plan)
    assert caught.value.code == "workbook.locked"
    assert "Excel" in caught.value.message


def test_the_mended_workbook_comes_in_beside_the_first_import_and_again_changes_nothing(
    register: Context, samples: Path, tmp_path: Path
) -> None:
    plan = planned(register, spoilt(samples, tmp_path, "02_moi_thon_mot_trang.xlsx"))
    apply_plan(register, plan)
    out = tmp_path / "khong nhan.xlsx"
    write_refused(plan, out)
    book = load_workbook(out)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if cell.value == "hoi xua":
                cell.value = "1984"
    book.save(out)
    mended = planned(register, out)
    assert [row.fate for row in mended.rows] == [RowFate.NEW] * 3
    homes = {row.household_code for row in exported_citizens(register)}
    result = apply_plan(register, mended)
    assert (result.created, result.refused) == (3, 0)
    added = {row.household_code for row in exported_citizens(register)} - homes
    assert added <= {row.row.household_code for row in mended.rows}
    assert planned(register, out).counts()[RowFate.UNCHANGED] == 3


def test_a_row_mended_in_the_preview_is_not_among_the_refused(register: Context, samples: Path, tmp_path: Path) -> None:
    plan = planned(register, spoilt(samples, tmp_path, "02_moi_thon_mot_trang.xlsx"))
    place = next(at for at, row in enumerate(plan.rows) if row.fate is RowFate.REFUSED)
    with register.read() as connection:
        plan = replanned(connection, plan, place, {Field.BIRTH: "1984"}, dt.date(2026, 11, 22))
    assert write_refused(plan, tmp_path / "out.xlsx") == 2
