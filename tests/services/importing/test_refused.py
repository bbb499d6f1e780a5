"""The rows that were not taken come out as a workbook that can be mended and imported again, whatever its letters."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop_app.services.context import Context
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.plan import RowFate, plan_import
from desktop_app.services.importing.planned import ImportPlan
from desktop_app.services.importing.refused import write_refused
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
