"""Lists that tell no households keep the hamlet of new people; hamlets written without their kind are found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.choosing import choose
from desktop_app.services.importing.planning.plan import plan_import
from tests.factories import make_register
from tests.services.importing.generator.registers import households, stored_people
from tests.services.importing.helpers import write_xlsx

MEMBERS = [
    ("TT", "Họ và tên", "Ngày sinh", "Thôn"),
    (1, "Nguyễn Văn An", "05/03/1960", "Thôn 2"),
    (2, "Trần Thị Bình", "06/04/1962", "Thôn 2"),
    (3, "Lê Văn Cường", "07/05/1970", "Thôn 1"),
]
HOMES = [
    ("Mã hộ", "Họ và tên", "Quan hệ", "Ngày sinh", "Thôn"),
    ("H1", "Nguyễn Văn An", "Chủ hộ", "05/03/1960", "Thôn 2"),
    ("H1", "Trần Thị Bình", "Vợ", "06/04/1962", "Thôn 2"),
    ("H2", "Lê Văn Cường", "Chủ hộ", "07/05/1970", "Thôn 1"),
]


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    context = make_register(tmp_path / "register")
    yield context
    context.close()


def import_rows(context: Context, folder: Path, rows: list[tuple[object, ...]], name: str = "list") -> ImportResult:
    return import_citizens(context, parse_workbook(write_xlsx(folder / f"{name}.xlsx", {"Danh sách": rows})))


def homes_of(context: Context) -> dict[str, tuple[str, str]]:
    return {person.name: (person.code, person.hamlet) for person in stored_people(context)}


def test_new_people_of_a_list_without_households_keep_their_hamlet(register: Context, tmp_path: Path) -> None:
    result = import_rows(register, tmp_path, MEMBERS)
    assert (result.created, result.households_created, households(register)) == (3, 3, 3)
    assert homes_of(register) == {
        "Nguyễn Văn An": ("", "thon:2"), "Trần Thị Bình": ("", "thon:2"), "Lê Văn Cường": ("", "thon:1"),
    }  # fmt: skip
    assert [issue.code for issue in result.warnings].count("person.own_household") == 3


@pytest.mark.parametrize("order", [(MEMBERS, HOMES), (HOMES, MEMBERS)])
def test_the_households_come_right_whichever_list_is_first(
    register: Context, tmp_path: Path, order: tuple[list[tuple[object, ...]], list[tuple[object, ...]]]
) -> None:
    for place, rows in enumerate(order):
        import_rows(register, tmp_path, rows, f"list{place}")
    assert homes_of(register) == {
        "Nguyễn Văn An": ("H1", "thon:2"), "Trần Thị Bình": ("H1", "thon:2"), "Lê Văn Cường": ("H2", "thon:1"),
    }  # fmt: skip
    assert households(register) == 2


def test_a_household_that_was_left_comes_back_with_undo(register: Context, tmp_path: Path) -> None:
    import_rows(register, tmp_path, MEMBERS, "a")
    second = import_rows(register, tmp_path, HOMES, "b")
    assert second.operation is not None
    register.journal.undo(second.operation)
    assert households(register) == 3
    assert {code for code, _ in homes_of(register).values()} == {""}


def test_a_doubtful_row_gets_a_home_only_when_it_is_somebody_new(register: Context, tmp_path: Path) -> None:
    import_rows(register, tmp_path, HOMES, "a")
    rows = [MEMBERS[0], (1, "Nguyễn Văn An", "1960", "Thôn 2")]
    path = write_xlsx(tmp_path / "b.xlsx", {"Danh sách": rows})
    with register.read() as connection:
        plan = plan_import(connection, parse_workbook(path))
    (row,) = plan.rows
    known = choose(plan, {0: row.candidates[0].person.uid}).rows[0]
    new = choose(plan, {0: None}).rows[0]
    assert (known.household, "household_id" in known.changes) == (None, False)
    assert new.household is not None
    assert [issue.code for issue in new.issues] == ["person.own_household"]


@pytest.mark.parametrize(
    ("title", "heading", "written", "stored"),
    [
        ("", "Thôn/TDP", "1", "thon:1"),
        ("UBND PHƯỜNG PHÚ AN", "Thôn/TDP", "2", "to_dan_pho:2"),
        ("", "TDP", 3, "to_dan_pho:3"),
        ("", "Ấp/khóm", "4", "ap:4"),
        ("", "Địa bàn", "Bình Hòa", "other:binh hoa"),
    ],
)
def test_a_hamlet_written_as_a_number_takes_its_kind_from_what_stands_around(
    tmp_path: Path, title: str, heading: str, written: object, stored: str
) -> None:
    context = make_register(tmp_path / "r", hamlets=())
    rows: list[tuple[object, ...]] = [(title,)] if title else []
    rows += [("Họ và tên", "Ngày sinh", heading), ("Nguyễn Văn An", "05/03/1960", written)]
    parsed = parse_workbook(write_xlsx(tmp_path / "a.xlsx", {"Danh sách": rows}))
    import_citizens(context, parsed, is_other_commune=True)
    assert [person.hamlet for person in stored_people(context)] == [stored]
    context.close()


@pytest.mark.parametrize(("known", "written"), [("Tổ dân phố 1", "1"), ("Ấp Bình Hòa", "Bình Hòa")])
def test_a_hamlet_of_the_register_is_found_without_its_kind(tmp_path: Path, known: str, written: str) -> None:
    context = make_register(tmp_path / "r", hamlets=(known,))
    rows = [("Họ và tên", "Ngày sinh", "Thôn/ấp/TDP"), ("Nguyễn Văn An", "05/03/1960", written)]
    result = import_citizens(context, parse_workbook(write_xlsx(tmp_path / "a.xlsx", {"Danh sách": rows})))
    assert result.created == 1
    with context.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM hamlet WHERE present").scalars().all()
    assert names == [known]
    context.close()
