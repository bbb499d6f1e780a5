"""Couples side by side come in as two people of one household; a name alone is told, parents are nobody."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from desktop_app.models.types import Sex
from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.corrections.edits import Corrections, original_text
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.preview import ParsedWorkbook
from tests.factories import make_register
from tests.services.importing.helpers import codes_of, parse_rows, write_xlsx

BESIDE = (
    ("TT", "Họ tên vợ", "Năm sinh vợ", "Họ tên chồng", "Năm sinh chồng", "Địa chỉ"),
    (1, "Lê Thị Hoa", "1980", "Trần Văn Ba", "1978", "Xóm 1"),
    (2, "Phan Thị Lan", "05/06/1985", "", "", ""),
    ("", "Tổng cộng: 2"),
)
HEADS = (
    ("Mã hộ", "Chủ hộ", "Năm sinh", "Số CCCD", "Vợ/chồng", "Năm sinh", "Số CCCD", "Địa chỉ"),
    ("H1", "Nguyễn Văn An", "1960", "046060000001", "Trần Thị Bình", "1962", "46162000002", "Số 1"),
    ("H2", "Lê Thị Dung", "1980", "", "", "", "", "Số 2"),
    ("H3", "Phan Thị Em", "1970", "046170000009", "Võ Giang", "1969", "", ""),
)


def said(found: ParsedWorkbook) -> list[tuple[object, ...]]:
    return [(row.row, row.name, row.relation, row.birth.text() if row.birth else "", row.household)
            for row in found.rows]  # fmt: skip


def test_a_wife_and_a_husband_of_one_row_are_one_household(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, *BESIDE)
    assert said(found) == [
        (2, "Lê Thị Hoa", "Vợ", "1980", 0), (2, "Trần Văn Ba", "Chồng", "1978", 0),
        (3, "Phan Thị Lan", "Vợ", "05/06/1985", None),
    ]  # fmt: skip
    assert [row.sex for row in found.rows] == [Sex.FEMALE, Sex.MALE, Sex.FEMALE]
    assert found.rows[1].address == "Xóm 1"
    assert "columns.other_people" not in codes_of(found)


def test_a_head_and_a_spouse_are_told_apart_by_their_own_columns(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, *HEADS)
    assert said(found) == [
        (2, "Nguyễn Văn An", "Chủ hộ", "1960", 0), (2, "Trần Thị Bình", "Vợ", "1962", 0),
        (3, "Lê Thị Dung", "Chủ hộ", "1980", 1),
        (4, "Phan Thị Em", "Chủ hộ", "1970", 2), (4, "Võ Giang", "Chồng", "1969", 2),
    ]  # fmt: skip
    assert [row.cccd for row in found.rows] == ["046060000001", "046162000002", None, "046170000009", None]
    assert found.sheets[0].persons == 5
    assert [(issue.code, issue.column) for issue in found.rows[1].issues] == [("cccd.lost_zero", "G")]


def test_a_heading_over_several_columns_tells_whose_they_are(tmp_path: Path) -> None:
    rows = (("STT", "VỢ", "", "", "CHỒNG", "", ""), ("", "Họ tên", "Năm sinh", "CCCD", "Họ tên", "Năm sinh", "CCCD"),
            (1, "Lê Thị Hoa", "1980", "046180000004", "Trần Văn Ba", "1978", "046078000004"))  # fmt: skip
    found = parse_rows(tmp_path, *rows, merges=["A1:A2", "B1:D1", "E1:G1"])
    assert said(found) == [(3, "Lê Thị Hoa", "Vợ", "1980", 0), (3, "Trần Văn Ba", "Chồng", "1978", 0)]
    assert [row.cccd for row in found.rows] == ["046180000004", "046078000004"]


def test_births_without_a_word_belong_to_the_name_before_them(tmp_path: Path) -> None:
    rows = (("STT", "Họ và tên chồng", "Năm sinh", "Họ và tên vợ", "Năm sinh"),
            (1, "Trần Văn Ba", "1978", "Lê Thị Hoa", "1980"))  # fmt: skip
    assert said(parse_rows(tmp_path, *rows)) == [
        (2, "Trần Văn Ba", "Chồng", "1978", 0), (2, "Lê Thị Hoa", "Vợ", "1980", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "row", "is_told"),
    [
        (("STT", "Họ và tên", "Ngày sinh", "Họ tên vợ/chồng"), (1, "Trần Văn Ba", "1978", "Lê Thị Hoa"), True),
        (
            ("STT", "Họ và tên", "Ngày sinh", "Họ tên cha", "Năm sinh cha", "Họ tên mẹ", "Năm sinh mẹ"),
            (1, "Trần Văn Ba", "2010", "Trần Văn A", "1980", "Lê Thị B", "1981"), False,
        ),
    ],
)  # fmt: skip
def test_a_name_alone_is_told_and_parents_are_nobody(
    tmp_path: Path, heading: tuple[str, ...], row: tuple[object, ...], is_told: bool
) -> None:
    found = parse_rows(tmp_path, heading, row)
    assert [person.name for person in found.rows] == ["Trần Văn Ba"]
    assert ("columns.other_people" in codes_of(found)) == is_told


def test_a_spouse_who_has_a_row_of_his_own_is_not_read_twice(tmp_path: Path) -> None:
    heading = ("Mã hộ", "Họ và tên", "Ngày sinh", "Họ tên vợ/chồng", "Năm sinh vợ/chồng")
    rows = (("H1", "Trần Văn Ba", "1978", "Lê Thị Hoa", "1980"), ("H1", "Lê Thị Hoa", "1980", "Trần Văn Ba", "1978"))
    assert [person.name for person in parse_rows(tmp_path, heading, *rows).rows] == ["Trần Văn Ba", "Lê Thị Hoa"]


@pytest.fixture
def register(tmp_path: Path) -> Context:
    return make_register(tmp_path, hamlets=())


def test_couples_come_in_once_live_together_and_go_out_again(register: Context, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": HEADS})
    done = import_citizens(register, parse_workbook(path))
    assert (done.created, done.households_created) == (5, 3)
    query = """SELECT household.code, count(*), max(citizen.id = household.head_id) FROM citizen
    JOIN household ON household.id = citizen.household_id WHERE citizen.present GROUP BY household.id"""
    with register.read() as connection:
        assert [tuple(row) for row in connection.exec_driver_sql(query)] == [("H1", 2, 1), ("H2", 1, 1), ("H3", 2, 1)]
    assert import_citizens(register, parse_workbook(path)).operation is None
    assert done.operation is not None
    register.journal.undo(done.operation)
    with register.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present").scalar() == 0


def test_each_of_a_couple_is_corrected_for_himself(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, *BESIDE)
    wife, husband = found.rows[:2]
    assert original_text(husband, Field.NAME, found.sheets[0]) == "Trần Văn Ba"
    assert original_text(wife, Field.NAME, found.sheets[0]) == "Lê Thị Hoa"
    typed = Corrections()
    typed.put(husband, {Field.BIRTH: "1977"})
    mended = typed.applied(found, datetime.date(2026, 1, 1))
    assert [row[3] for row in said(mended)] == ["1980", "1977", "05/06/1985"]
    assert typed.of(wife) == {}
