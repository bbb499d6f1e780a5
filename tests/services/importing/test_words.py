"""The everyday words of lists: ditto, relations, sex, poverty, groups, totals, signatures, communes."""

from __future__ import annotations

import pytest

from desktop_app.models.types import CitizenGroup, Poverty, Sex
from desktop_app.services.importing import words
from desktop_app.services.importing.headings.captions import find_communes, hamlet_of_titles


@pytest.mark.parametrize(
    "text", ["nt", "NT", "-nt-", "- nt -", "n.t", '"', "''", "″", "”", "//", '-"-', "như trên", "〃"]
)
def test_ways_to_repeat_the_cell_above(text: str) -> None:
    assert words.is_ditto(text)


@pytest.mark.parametrize("text", ["", "-", "--", ".", "…", "Nam", "n", "t", "0", "x", "Ngô", "nto"])
def test_what_repeats_nothing(text: str) -> None:
    assert not words.is_ditto(text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("CHỦ HỘ", "Chủ hộ"), ("ch", "Chủ hộ"), ("chủ  hộ", "Chủ hộ"), ("Bản thân", "Chủ hộ"), ("V", "Vợ"),
        ("con", "Con"), ("Con đẻ", "Con đẻ"), ("CON DÂU", "Con dâu"), ("mẹ", "Mẹ"), ("Chú", "Chú"), ("Bà cô", "Bà cô"),
        ("em họ", "Em họ"),
    ],
)  # fmt: skip
def test_relations_have_one_spelling(written: str, kept: str) -> None:
    assert words.relation_of(written) == kept


def test_relations_tell_a_sex_only_where_they_do() -> None:
    assert [words.sex_of_relation(relation) for relation in ("Vợ", "Chồng", "Con", "Con dâu", "Cháu", "Chủ hộ")] == [
        Sex.FEMALE, Sex.MALE, None, Sex.FEMALE, None, None,
    ]  # fmt: skip


def test_sexes_are_read_in_words() -> None:
    told = [words.sex_of_word(text) for text in ("Nam", "NỮ", "nữ.", "F", "trai", "khác")]
    assert told == [Sex.MALE, Sex.FEMALE, Sex.FEMALE, Sex.FEMALE, Sex.MALE, None]


@pytest.mark.parametrize(
    ("text", "column", "note"),
    [
        ("Hộ nghèo", Poverty.POOR, Poverty.POOR),
        ("Hộ cận nghèo", Poverty.NEAR_POOR, Poverty.NEAR_POOR),
        ("CN", Poverty.NEAR_POOR, None),
        ("HN", Poverty.POOR, None),
        ("Không", Poverty.NONE, None),
        ("Thoát nghèo 2024", Poverty.NONE, None),
        ("Gia đình thuộc hộ nghèo, khuyết tật", Poverty.POOR, Poverty.POOR),
        ("Đi làm xa", None, None),
    ],
)
def test_poverty_is_read_from_its_column_and_from_plain_notes(
    text: str, column: Poverty | None, note: Poverty | None
) -> None:
    assert (words.poverty_of(text), words.poverty_of_note(text)) == (column, note)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Người dân trong xã", CitizenGroup.RESIDENT),
        ("(a) người dân trong xã", CitizenGroup.RESIDENT),
        ("nông dân và lao động nông thôn", CitizenGroup.RESIDENT),
        ("Người lao động", CitizenGroup.WORKER),
        ("công nhân, lao động tiểu thủ công, thợ sửa chữa thiết bị gia dụng", CitizenGroup.WORKER),
        ("Cán bộ, công nhân viên, doanh nhân", CitizenGroup.OFFICIAL),
        ("cán bộ, công chức, viên chức, nhân viên từ cấp xã trở lên", CitizenGroup.OFFICIAL),
        ("Học sinh, sinh viên, học viên", CitizenGroup.STUDENT),
        ("Nhóm d", CitizenGroup.STUDENT),
        ("CNLĐ", CitizenGroup.WORKER),
        ("Người lao động trong DN", CitizenGroup.WORKER),
        ("người già", CitizenGroup.RESIDENT),
        ("Cán bộ hưu trí", CitizenGroup.RESIDENT),
        ("C.bộ", CitizenGroup.OFFICIAL),
        ("CNVC", CitizenGroup.OFFICIAL),
        ("HSSV", CitizenGroup.STUDENT),
        ("HS lớp 11", CitizenGroup.STUDENT),
        ("Nhóm II", CitizenGroup.WORKER),
        ("gì đó", None),
    ],
)
def test_groups_are_known_by_the_words_of_the_decision_and_of_the_tool_kit(
    text: str, group: CitizenGroup | None
) -> None:
    assert words.group_of(text) is group


@pytest.mark.parametrize(
    "text", ["Tổng cộng: 51 hộ, 163 nhân khẩu", "Cộng", "Cộng trang 1", "TỔNG SỐ", "Mang sang", "Danh sách có 12 người"]
)
def test_lines_of_totals(text: str) -> None:
    assert words.is_total(text)


@pytest.mark.parametrize(
    "text",
    [
        "TRƯỞNG THÔN",
        "(Ký, ghi rõ họ tên)",
        "Người lập biểu",
        "TM. UBND XÃ",
        "Phú An, ngày 5 tháng 3 năm 2026",
        "Trang 2/5",
    ],
)
def test_lines_of_signatures(text: str) -> None:
    assert words.is_signature(text)


@pytest.mark.parametrize(
    "name", ["Phó Đức Chính", "Công Thị Nghĩa", "Trương Công An", "Tống Văn Tổng", "Cộng Hòa", "K'Tùng"]
)
def test_names_that_only_look_like_totals_or_signatures(name: str) -> None:
    assert not words.is_total(name)
    assert not words.is_signature(name)


@pytest.mark.parametrize(
    ("title", "communes"),
    [
        ("ỦY BAN NHÂN DÂN XÃ PHÚ AN", ("Xã Phú An",)),
        ("UBND xã Phú An, tỉnh Đắk Lắk", ("Xã Phú An",)),
        ("danh sách nhân khẩu xã phú an", ("Xã Phú An",)),
        ("PHƯỜNG 12", ("Phường 12",)),
        ("Danh sách thôn 1 xã Phú An cũ", ("Xã Phú An",)),
        ("Hợp tác xã Bình Minh", ()),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", ()),
        ("DANH SÁCH CÔNG CHỨC XÃ NĂM 2026", ()),
        ("Thị xã Buôn Hồ", ()),
    ],
)
def test_the_commune_a_title_names(title: str, communes: tuple[str, ...]) -> None:
    assert find_communes([title]) == communes


def test_titles_that_name_two_settlements_tell_none() -> None:
    assert hamlet_of_titles(["Thôn 1", "Danh sách Thôn 2"]) is None
