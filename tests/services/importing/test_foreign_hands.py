"""Lists as offices beyond the samples write them: other headings, totals, stand-ins, former communes, no headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.fields import Field, field_of_heading
from desktop_app.services.importing.hamlets import find_hamlet
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.rows.typed import cccd_of
from desktop_app.services.moves.hamlet_merge import take_over
from desktop_app.services.registry.export import ExportedCitizen, exported_citizens
from tests.factories import make_register
from tests.services.importing.helpers import codes_of, parse_rows, write_xlsx

Table = Sequence[Sequence[object]]
HEADING = ("Mã hộ", "Họ và tên", "Quan hệ", "Ngày sinh", "Số CCCD")
AN = ("01-0001", "Nguyễn Văn An", "Chủ hộ", "05/03/1960", "079060123456")
BINH = ("01-0001", "Trần Thị Bình", "Vợ", "1962", "")
CUONG = ("02-0001", "Lê Văn Cường", "Chủ hộ", "1970", "")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    context = make_register(tmp_path / "register", hamlets=("Thôn 1", "Thôn 2"))
    yield context
    context.close()


def bring(context: Context, folder: Path, *sheets: Table, names: Sequence[str] = ("Danh sách",)) -> ImportResult:
    path = write_xlsx(folder / "brought.xlsx", dict(zip(names, sheets, strict=True)))
    return import_citizens(context, parse_workbook(path))


def people(context: Context) -> dict[str, ExportedCitizen]:
    found = exported_citizens(context)
    assert len({person.name for person in found}) == len(found)
    return {person.name: person for person in found}


@pytest.mark.parametrize(
    ("men", "women"),
    [
        ("Ngày sinh (Nam)", "Ngày sinh (Nữ)"),
        ("Nam sinh năm", "Nữ sinh năm"),
        ("Năm sinh nam", "Năm sinh nữ"),
        ("NS Nam", "NS Nữ"),
    ],
)
def test_births_in_a_column_for_each_sex_are_all_read(tmp_path: Path, men: str, women: str) -> None:
    found = parse_rows(
        tmp_path,
        ("TT", women, "Họ và tên", men, "Quan hệ"),
        (1, "", "Nguyễn Văn An", "05/03/1960", "Chủ hộ"),
        (2, "06/04/1962", "Trần Thị Bình", "", "Vợ"),
        (3, "", "Nguyễn Văn Cường", "1990", "Con"),
    )
    assert [(row.sex, row.birth.text() if row.birth else "") for row in found.rows] == [
        ("male", "05/03/1960"), ("female", "06/04/1962"), ("male", "1990"),
    ]  # fmt: skip


def test_household_numbers_with_a_hyphen_are_codes(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Hộ số", "Họ và tên", "Ngày sinh", "Quan hệ"),
        ("01-0001", "Nguyễn Văn An", "1960", "Chủ hộ"),
        ("01-0001", "Trần Thị Bình", "1962", "Vợ"),
        ("01-0002", "Lê Văn Cường", "1970", "Chủ hộ"),
    )
    assert [row.household_code for row in found.rows] == ["01-0001", "01-0001", "01-0002"]


def test_a_line_of_totals_with_figures_under_the_names_is_nobody(tmp_path: Path) -> None:
    rows = [("Ngày sinh", "Quan hệ", "Số CCCD", "Họ và tên"), ("1960", "Chủ hộ", "", "Nguyễn Văn An"),
            ("1962", "Vợ", "", "Trần Thị Bình"), ("Tổng cộng: 1 hộ", "", "", 2)]  # fmt: skip
    found = parse_rows(tmp_path, *rows)
    assert [row.name for row in found.rows if not row.is_refused] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert len(found.rows) == 2


def test_totals_of_each_household_do_not_hide_a_column_of_names(tmp_path: Path) -> None:
    rows: list[tuple[object, ...]] = [("TT", "Tên các khẩu", "Giới tính", "Ngày sinh", "Quan hệ", "Số CCCD")]
    for number, name in enumerate(("Nguyễn Văn An", "Lê Văn Cường", "Võ Văn Giang", "Đỗ Văn Hải", "Bùi Văn Khoa"), 1):
        rows += [(number, name, "Nam", f"05/03/{1960 + number}", "Chủ hộ", ""), ("", "Cộng hộ: 1 khẩu", "", "", "", "")]
    assert [row.name.split()[-1] for row in parse_rows(tmp_path, *rows).rows] == ["An", "Cường", "Giang", "Hải", "Khoa"]


def test_ditto_marks_beside_the_head_of_a_household_mean_that_head(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Chủ hộ", "Họ và tên", "Ngày sinh"),
        ("Nguyễn Văn An", "Nguyễn Văn An", "1960"),
        ("nt", "Trần Thị Bình", "1962"),
        ("-nt-", "Nguyễn Văn An", "05/03/1990"),
        ("Lê Văn Cường", "Lê Văn Cường", "1970"),
        ('"', "Phạm Thị Dung", "1972"),
    )
    assert [[row.relation for row in home] for home in found.households()] == [["Chủ hộ", "", ""], ["Chủ hộ", ""]]


def test_a_list_without_headings_keeps_codes_addresses_and_jobs(tmp_path: Path) -> None:
    rows = [
        (1, "01-0001", "Số 12, Thôn 1", "Nguyễn Văn An", "Chủ hộ", "05/03/1960", "Nông dân"),
        (2, "01-0001", "Số 12, Thôn 1", "Trần Thị Bình", "Vợ", "1962", "Nội trợ"),
        (3, "01-0002", "Số 14, Thôn 1", "Lê Văn Cường", "Chủ hộ", "06/07/1970", "Giáo viên"),
    ]
    found = parse_rows(tmp_path, *rows, sheet="Sheet1")
    assert [(row.household_code, row.address, row.occupation, row.hamlet) for row in found.rows] == [
        (code, address, job, "Thôn 1") for _, code, address, _, _, _, job in rows
    ]
    assert "header.missing" in codes_of(found)


@pytest.mark.parametrize(
    ("address", "hamlet"),
    [
        ("Xóm Đình, Thôn 1", "Thôn 1"),
        ("Tổ 5, Khu phố 3", "Khu phố 3"),
        ("Số 5, thôn 2, xã Phú An", "Thôn 2"),
        ("Xóm Mới thôn 2 xã Phú An", "Thôn 2"),
    ],
)
def test_the_greater_settlement_of_an_address_is_the_hamlet(tmp_path: Path, address: str, hamlet: str) -> None:
    found = parse_rows(
        tmp_path, ("Mã hộ", "Họ và tên", "Ngày sinh", "Địa chỉ"), ("H1", "Nguyễn Văn An", "1960", address),
        sheet="Sheet1",
    )  # fmt: skip
    assert (found.rows[0].hamlet, found.rows[0].address) == (hamlet, address)


def test_of_two_columns_of_places_the_one_with_settlements_only_is_the_hamlet(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        ("Địa chỉ", "Họ và tên", "Ngày sinh", "Nơi ở (thôn)"),
        ("Số 12, Lê Lợi", "Nguyễn Văn An", "1960", "Thôn 1"),
        ("Số 14, Lê Lợi", "Trần Thị Bình", "1962", "Thôn 2"),
        sheet="Sheet1",
    )
    assert [(row.hamlet, row.address) for row in found.rows] == [
        ("Thôn 1", "Số 12, Lê Lợi"), ("Thôn 2", "Số 14, Lê Lợi"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "hamlet"),
    [
        ("DANH SÁCH NHÂN KHẨU Ấp Phú Quý NĂM 2026", "Ấp Phú Quý"),
        ("DANH SÁCH NHÂN KHẨU THÔN TIẾN ĐẠT NĂM 2026", "Thôn Tiến Đạt"),
        ("Danh sách hộ thôn An Toàn năm 2026", "Thôn An Toàn"),
        ("Danh sách hộ thôn 3 quý II năm 2026", "Thôn 3"),
        ("Danh sách thôn Đông đạt chuẩn năm 2026", "Thôn Đông"),
    ],
)
def test_words_of_titles_that_may_be_names_stay_in_names(title: str, hamlet: str) -> None:
    found = find_hamlet(title)
    assert found is not None
    assert found.display == hamlet


@pytest.mark.parametrize(
    ("written", "stored", "code"),
    [
        ("O79O6O123456", "079060123456", "cccd.typed_letters"),
        ("0791620l2345", "079162012345", "cccd.typed_letters"),
        ("079162012345 (cũ: 271234567)", "079162012345", "cccd.typed_letters"),
        ("CCCD: 079162012345", "079162012345", "cccd.typed_letters"),
        ("07916201234S", None, "cccd.not_digits"),
        ("079162012345/079162012346", None, "cccd.length"),
        (79183000000.0, None, "cccd.digits_lost"),
    ],
)
def test_letters_among_the_digits_are_mended_and_said(written: object, stored: str | None, code: str) -> None:
    assert (cccd_of(written)[0], [told for told, _ in cccd_of(written)[1]]) == (stored, [code])  # type: ignore[arg-type]


def test_headings_that_are_not_of_settlements_stay_so() -> None:
    assert field_of_heading("Khối phố") is Field.HAMLET
    assert field_of_heading("Khối") is not Field.HAMLET  # a school's grade
    assert field_of_heading("Khu vực") is not Field.HAMLET


def test_a_summary_that_comes_first_does_not_lose_the_hamlets(register: Context, tmp_path: Path) -> None:
    whole, first, second = (HEADING, AN, BINH, CUONG), (HEADING, AN, BINH), (HEADING, CUONG)
    result = bring(register, tmp_path, whole, first, second, names=("Tổng hợp", "Thôn 1", "Thôn 2"))
    assert (result.created, result.households_created) == (3, 2)
    assert {name: person.hamlet for name, person in people(register).items()} == {
        AN[1]: "Thôn 1", BINH[1]: "Thôn 1", CUONG[1]: "Thôn 2",
    }  # fmt: skip


def test_who_stands_in_as_head_makes_way_for_the_head_that_a_later_list_names(
    register: Context, tmp_path: Path
) -> None:
    bring(register, tmp_path, (HEADING, BINH), names=("Thôn 1",))
    bring(register, tmp_path, (HEADING, AN, BINH), names=("Thôn 1",))
    with register.read() as connection:
        heads = connection.exec_driver_sql(
            "SELECT citizen.full_name FROM household JOIN citizen ON citizen.id = head_id WHERE household.present"
        )
        assert heads.scalars().all() == [AN[1]]


def _titled(commune: str, hamlet: str, name: str) -> Table:
    titles = ((f"UBND XÃ {commune}",), (f"DANH SÁCH NHÂN KHẨU {hamlet}",))
    return (*titles, HEADING, ("01-0001", name, "Chủ hộ", "1960", ""))


def test_hamlets_of_one_name_of_two_former_communes_are_told_apart_by_the_title(
    register: Context, tmp_path: Path
) -> None:
    take_over(register, "Xã Phú Hòa", [], ["Thôn 1", "Thôn 3"])
    take_over(register, "Xã Phú Lâm", [], ["Thôn 3"])
    for commune, hamlet, name in (
        ("PHÚ HÒA", "THÔN 1", "Nguyễn Văn An"),
        ("PHÚ AN", "THÔN 1", "Lê Văn Cường"),
        ("PHÚ LÂM", "THÔN 3", "Võ Thị Hà"),
    ):
        bring(register, tmp_path, _titled(commune, hamlet, name))
    with register.read() as connection:
        query = """SELECT citizen.full_name, hamlet.name, hamlet.former_commune FROM citizen JOIN household
        ON household.id = citizen.household_id JOIN hamlet ON hamlet.id = household.hamlet_id ORDER BY citizen.id"""
        assert [tuple(row) for row in connection.exec_driver_sql(query)] == [
            ("Nguyễn Văn An", "Thôn 1", "Xã Phú Hòa"), ("Lê Văn Cường", "Thôn 1", None),
            ("Võ Thị Hà", "Thôn 3", "Xã Phú Lâm"),
        ]  # fmt: skip
    again = bring(register, tmp_path, _titled("PHÚ HÒA", "THÔN 1", "Nguyễn Văn An"))
    assert (again.unchanged, again.operation) == (1, None)


def test_a_hamlet_of_two_former_communes_is_not_guessed(register: Context, tmp_path: Path) -> None:
    take_over(register, "Xã Phú Hòa", [], ["Thôn 3"])
    take_over(register, "Xã Phú Lâm", [], ["Thôn 3"])
    result = bring(register, tmp_path, _titled("PHÚ AN", "THÔN 3", "Nguyễn Văn An"))
    assert "hamlet.unclear" in [issue.code for issue in result.warnings]
    assert people(register)["Nguyễn Văn An"].hamlet is None


LISTED = (("Họ và tên", "Năm sinh", "Thôn"), ("Trần Thị Bình", "1962", "Thôn 1"))


def test_the_only_one_of_a_name_and_year_gets_the_household_that_a_later_list_tells(
    register: Context, tmp_path: Path
) -> None:
    bring(register, tmp_path, LISTED)
    full = ("01-0001", "Trần Thị Bình", "Vợ", "06/04/1962", "079162012345")
    result = bring(register, tmp_path, (HEADING, AN, full), names=("Thôn 1",))
    assert (result.created, result.updated, result.doubtful) == (1, 1, 0)
    assert (people(register)["Trần Thị Bình"].household_code, people(register)["Trần Thị Bình"].birth) == (
        "01-0001", "1962-04-06",
    )  # fmt: skip


def test_of_two_namesakes_of_one_year_in_a_later_list_neither_is_guessed(register: Context, tmp_path: Path) -> None:
    bring(register, tmp_path, LISTED)
    rows = [(code, "Trần Thị Bình", "Chủ hộ", day, "") for code, day in (("H1", "06/04/1962"), ("H2", "07/05/1962"))]
    assert bring(register, tmp_path, (HEADING, *rows), names=("Thôn 1",)).doubtful == 2
