"""Columns that a person has corrected are understood so the next time, and can be forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.headings.remembered import (
    KEPT,
    SETTING,
    forget,
    forget_all,
    mappings,
    remember,
    remembered,
    understand_with_memory,
)
from desktop_app.services.importing.headings.sheets import ParseOptions
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.understanding import understand_workbook
from desktop_app.services.settings import set_local
from tests.factories import make_register
from tests.services.importing.helpers import write_xlsx

HEADING = ("Mã hộ", "Họ và tên", "Ngày sinh", "Cột lạ")
ROWS = [(f"H{n}", "Lê Văn An", "1984", "Thợ mộc") for n in range(6)]
MINE = ColumnMapping((Field.HOUSEHOLD_CODE, Field.NAME, Field.BIRTH, Field.OCCUPATION))


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path / "register", hamlets=())
    yield made
    made.close()


def a_list(path: Path, heading: tuple[str, ...] = HEADING) -> Path:
    return write_xlsx(path, {"Danh sách": [heading, *ROWS]})


def learn(register: Context, path: Path, day: dt.date | None = None) -> int:
    return remember(register, understand_workbook(path).sheets, {"Danh sách": MINE}, today=day)


def test_a_list_of_the_same_headings_is_understood_as_it_was_corrected(register: Context, tmp_path: Path) -> None:
    assert learn(register, a_list(tmp_path / "a.xlsx")) == 1
    again = write_xlsx(tmp_path / "b.xlsx", {"Thôn 5": [("DANH SÁCH",), (), ("MÃ HỘ", *HEADING[1:]), *ROWS]})
    found = understand_with_memory(register, again)
    (sheet,) = found.book.sheets
    assert sheet.column_of(Field.OCCUPATION) is not None
    assert found.book.people is not None and found.book.people.rows[0].occupation == "Thợ mộc"
    assert [(name, item.day[:2].isdigit()) for name, item in found.sheets.items()] == [("Thôn 5", True)]
    parsed = parse_workbook(again, mapping=mappings(register))
    assert parsed.rows == found.book.people.rows


def test_other_headings_are_asked_anew(register: Context, tmp_path: Path) -> None:
    learn(register, a_list(tmp_path / "a.xlsx"))
    other = understand_with_memory(register, a_list(tmp_path / "b.xlsx", (*HEADING[:3], "Cột khác")))
    assert other.sheets == {}


def test_what_is_proposed_anyway_is_not_called_remembered(register: Context, tmp_path: Path) -> None:
    path = a_list(tmp_path / "a.xlsx")
    sheet = understand_workbook(path).sheets[0]
    same = ColumnMapping(tuple(column.field for column in sheet.columns))
    assert remember(register, [sheet], {"Danh sách": same}) == 1
    assert understand_with_memory(register, path).sheets == {}


def test_a_shape_can_be_forgotten(register: Context, tmp_path: Path) -> None:
    path = a_list(tmp_path / "a.xlsx")
    learn(register, path)
    (shape,) = remembered(register)
    assert forget(register, shape)
    assert not forget(register, shape)
    assert understand_with_memory(register, path).sheets == {}
    learn(register, path)
    assert forget_all(register) == 1
    assert remembered(register) == {}


def test_saying_the_same_again_is_nothing_new_and_odd_entries_are_left_out(register: Context, tmp_path: Path) -> None:
    path = a_list(tmp_path / "a.xlsx")
    assert (learn(register, path), learn(register, path)) == (1, 0)
    set_local(register, SETTING, {"x": {"fields": ["unheard"], "headings": [], "used": "2026-01-01"}, "y": 3})
    assert remembered(register) == {}
    set_local(register, SETTING, ["not", "a", "mapping"])
    assert remembered(register) == {}


def test_the_oldest_shape_goes_when_there_are_too_many(register: Context, tmp_path: Path) -> None:
    old = {f"s{n}": {"fields": ["name"], "headings": ["Tên"], "used": f"2020-01-{1 + n % 28:02d}"} for n in range(KEPT)}
    set_local(register, SETTING, old)
    learn(register, a_list(tmp_path / "a.xlsx"))
    assert len(remembered(register)) == KEPT
    assert next(iter(remembered(register).values())).mapping == MINE


def test_no_cell_of_the_list_is_stored(register: Context, tmp_path: Path) -> None:
    learn(register, a_list(tmp_path / "a.xlsx"))
    assert "Lê Văn An" not in str(remembered(register))


def test_a_list_without_headings_is_not_remembered(register: Context, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Danh sách": ROWS})
    assert learn(register, path) == 0


def test_where_the_heading_stands_is_remembered_with_it(register: Context, tmp_path: Path) -> None:
    """A heading that no word of gives away, below a line that looks like one."""
    top = [("Ghi chú của xã",), ("Cột một", "Cột hai", "Cột ba", "Cột bốn")]
    path = write_xlsx(tmp_path / "a.xlsx", {"Danh sách": [*top, *ROWS]})
    options = ParseOptions(header_rows={"Danh sách": (2, 2)})
    book = understand_workbook(path, mapping={"Danh sách": MINE}, options=options)
    assert remember(register, book.sheets, {"Danh sách": MINE}, {"Danh sách": (2, 2)}) == 1
    again = understand_with_memory(register, write_xlsx(tmp_path / "b.xlsx", {"Thôn 3": [*top, *ROWS[:3]]}))
    assert again.header_rows == {"Thôn 3": (2, 2)}
    assert again.book.people is not None
    assert [row.occupation for row in again.book.people.rows] == ["Thợ mộc"] * 3
    other = write_xlsx(tmp_path / "c.xlsx", {"Thôn 3": [top[0], ("Khác", *top[1][1:]), *ROWS]})
    assert understand_with_memory(register, other).header_rows == {}
