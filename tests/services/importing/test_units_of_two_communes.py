"""Two merged communes have a "Thôn 1" each: what a list of units says of one never goes to the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.moves.hamlet_merge import take_over
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, write_xlsx

HAMLETS = ("TT", "Tên thôn", "Trưởng thôn", "Điện thoại", "Số hộ")
CLANS = ("TT", "Tên dòng họ", "Trưởng họ", "Thôn")
SOUTH = "UBND XÃ PHÚ HỮU"


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    """Two hamlets of one name, of the former communes Phú An and Phú Hữu."""
    made = make_register(tmp_path / "register", hamlets=("Thôn 1",))
    first = next(row.uid for row in hamlet_list(made).rows(0, 9))
    take_over(made, "Phú An", [first])
    take_over(made, "Phú Hữu", [], ["Thôn 1"])
    yield made
    made.close()


def load(register: Context, folder: Path, *rows: tuple[Any, ...], **how: Any) -> ImportResult:
    path = write_xlsx(folder / "units.xlsx", {"DS": rows})
    return import_citizens(register, parse_workbook(path), **how)


def leaders(register: Context) -> dict[str, str]:
    query = "SELECT former_commune, coalesce(leader, '') FROM hamlet WHERE present = 1 ORDER BY id"
    with register.read() as connection:
        return dict(connection.exec_driver_sql(query).all())


def clans(register: Context) -> list[tuple[str, str, str]]:
    query = """SELECT c.name, coalesce(h.former_commune, ''), coalesce(c.leader, '') FROM clan AS c
    LEFT JOIN hamlet AS h ON h.id = c.hamlet_id WHERE c.present = 1 ORDER BY c.id"""
    with register.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_a_list_that_names_its_former_commune_fills_that_communes_hamlet(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, (SOUTH,), ("DANH SÁCH CÁC THÔN",), HAMLETS, (1, "Thôn 1", "Lê Văn Ba", "", 40))
    assert result.unit_rows.updated == 1
    assert leaders(register) == {"Phú An": "", "Phú Hữu": "Lê Văn Ba"}
    again = load(register, tmp_path, (SOUTH,), ("DANH SÁCH CÁC THÔN",), HAMLETS, (1, "Thôn 1", "Lê Văn Ba", "", 40))
    assert again.operation is None


def test_a_list_that_names_no_commune_is_asked_to(register: Context, tmp_path: Path) -> None:
    result = load(register, tmp_path, ("DANH SÁCH CÁC THÔN",), HAMLETS, (1, "Thôn 1", "Lê Văn Ba", "", 40))
    assert (result.operation, result.unit_rows.refused) == (None, 1)
    assert [issue.code for issue in result.errors] == ["hamlet.unclear"]
    named = load(register, tmp_path, ("DANH SÁCH CÁC THÔN",), HAMLETS, (1, "Thôn 1 (Phú An cũ)", "Ngô Văn Tư", "", 40))
    assert named.unit_rows.updated == 1
    assert leaders(register) == {"Phú An": "Ngô Văn Tư", "Phú Hữu": ""}


def test_clans_of_one_name_in_both_stay_two_and_come_in_once(register: Context, tmp_path: Path) -> None:
    south = (("UBND XÃ PHÚ HỮU",), ("DANH SÁCH DÒNG HỌ",), CLANS, (1, "Họ Nguyễn", "Nguyễn Văn Nam", "Thôn 1"))
    north = (("UBND XÃ PHÚ AN",), ("DANH SÁCH DÒNG HỌ",), CLANS, (1, "Họ Nguyễn", "Nguyễn Văn Bắc", "Thôn 1"))
    assert "hamlet.proposed" not in [issue.code for issue in load(register, tmp_path, *south).warnings]
    assert "hamlet.proposed" in [issue.code for issue in load(register, tmp_path, *north).warnings]
    found = [(former, leader) for _, former, leader in clans(register)]
    assert found == [("Phú Hữu", "Nguyễn Văn Nam"), ("Phú An", "Nguyễn Văn Bắc")]
    for rows in (south, north):
        assert load(register, tmp_path, *rows).operation is None


def test_households_that_name_their_clan_join_it_again_and_not_a_new_one(register: Context, tmp_path: Path) -> None:
    rows = (
        (SOUTH,), ("DANH SÁCH NHÂN KHẨU THÔN 1",), (*HEADING, "Dòng họ"),
        ("01", "Nguyễn Văn An", "Chủ hộ", "Nam", "02/03/1960", "", "Họ Nguyễn"),
    )  # fmt: skip
    load(register, tmp_path, *rows)
    assert [former for _, former, _ in clans(register)] == ["Phú Hữu"]
    more = (*rows, ("02", "Nguyễn Văn Bưởi", "Chủ hộ", "Nam", "05/06/1963", "", "Họ Nguyễn"))
    load(register, tmp_path, *more)
    assert len(clans(register)) == 1
    assert load(register, tmp_path, *more).operation is None


def test_a_hamlet_that_ended_leads_to_the_one_of_its_own_commune(register: Context, tmp_path: Path) -> None:
    from desktop_app.services.moves.hamlet_merge import merge_hamlets

    take_over(register, "Phú Hữu", [], ["Thôn 2"])
    uids: dict[tuple[str, str], Uid] = {(r.name, r.former_commune): r.uid for r in hamlet_list(register).rows(0, 9)}
    merge_hamlets(register, uids["Thôn 1", "Phú Hữu"], uids["Thôn 2", "Phú Hữu"], on="01/02/2026")
    rows = ((SOUTH,), ("DANH SÁCH DÒNG HỌ",), CLANS, (1, "Họ Lê", "Lê Văn Nam", "Thôn 1"))
    load(register, tmp_path, *rows)
    with register.read() as connection:
        query = "SELECT h.name, h.former_commune FROM clan AS c JOIN hamlet AS h ON h.id = c.hamlet_id"
        assert connection.exec_driver_sql(query).all() == [("Thôn 2", "Phú Hữu")]
