"""One settlement has one key, however an office writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.models.types import HamletKind
from desktop_app.services.importing.hamlets import (
    find_hamlet,
    hamlet_display,
    hamlet_key,
    hamlet_kind,
    hamlet_of_sheet_name,
    parse_hamlet,
    word_of_heading,
)


@pytest.mark.parametrize(
    "ways",
    [
        (
            "Thôn 1",
            "thôn 01",
            "T1",
            "T.1",
            "THÔN 1",
            "Thôn số 1",
            "Thôn I",
            "thon 1",
            "Th 1",
            "Thôn 1, xã Phú An",
            "Thôn Một",
        ),
        ("Tổ dân phố số 2", "TDP số 2", "TDP 02", "tdp2", "Tổ dân phố 2", "Tổ 2", "tổ số 2", "T.D.P 2"),
        ("Khu phố 3", "KP3", "KP 03", "khu phố số 3", "K.P 3"),
        ("Ấp Bình Hòa", "ẤP BÌNH HOÀ", "ấp bình hòa", "Ap Binh Hoa"),
        ("Thôn Hòa Bình 2", "thôn Hòa Bình II", "THÔN HÒA BÌNH 02"),
        ("Thôn 1A", "thôn 01a", "T1A"),
    ],
)
def test_ways_to_write_one_settlement_have_one_key(ways: tuple[str, ...]) -> None:
    assert len({hamlet_key(way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thôn 1", "Thôn 11"),
        ("Thôn 1", "Ấp 1"),
        ("Thôn 1", "Thôn 1A"),
        ("Thôn Bình Hòa", "Ấp Bình Hòa"),
        ("Thôn 1 (Phú An cũ)", "Thôn 1 (Ea Kar cũ)"),
        ("Thôn 1 (Phú An cũ)", "Thôn 1"),
        ("Bản Cờ", "Bàn Cờ"),
        ("Khu 2", "Khu phố 2"),
    ],
)
def test_different_settlements_have_different_keys(one: str, other: str) -> None:
    assert hamlet_key(one) != hamlet_key(other)


@pytest.mark.parametrize(
    ("written", "shown", "kind"),
    [
        ("TDP số 2", "Tổ dân phố số 2", HamletKind.TO_DAN_PHO),
        ("THÔN 01", "Thôn 1", HamletKind.THON),
        ("KP3", "Khu phố 3", HamletKind.KHU_PHO),
        ("ẤP BÌNH HÒA", "Ấp Bình Hòa", HamletKind.AP),
        ("khóm đông", "Khóm Đông", HamletKind.KHOM),
        ("Buôn Ea Đrăng", "Buôn Ea Đrăng", HamletKind.OTHER),
        ("Bình Hòa", "Bình Hòa", HamletKind.OTHER),
        ("Thôn 1 (xã Phú An cũ)", "Thôn 1 (Phú An cũ)", HamletKind.THON),
    ],
)
def test_a_settlement_is_shown_in_full(written: str, shown: str, kind: HamletKind) -> None:
    assert (hamlet_display(written), hamlet_kind(written)) == (shown, kind)


def test_blank_text_names_no_settlement() -> None:
    assert parse_hamlet("  ") is None
    assert hamlet_key("") == ""


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("DANH SÁCH HỘ GIA ĐÌNH VÀ NHÂN KHẨU Thôn 1 NĂM 2026", "Thôn 1"),
        ("DANH SÁCH HỘ GIA ĐÌNH VÀ NHÂN KHẨU Ấp Bình Hòa NĂM 2026", "Ấp Bình Hòa"),
        ("danh sách nhân khẩu thôn 1", "Thôn 1"),
        ("BAN NHÂN DÂN ẤP BÌNH HÒA", "Ấp Bình Hòa"),
        ("Danh sách thôn: Tân Lập - xã Phú An", "Thôn Tân Lập"),
        ("BẢN KHAI NHÂN KHẨU THÔN TÂN THÀNH NĂM 2026", "Thôn Tân Thành"),
        ("DANH SACH THON 5 NAM 2026", "Thôn 5"),
        ("Tổ dân phố số 2 phường Tân Lập", "Tổ dân phố số 2"),
    ],
)
def test_a_title_tells_its_settlement(title: str, shown: str) -> None:
    hamlet = find_hamlet(title)
    assert hamlet is not None
    assert hamlet.display == shown


@pytest.mark.parametrize(
    "title",
    [
        "ỦY BAN NHÂN DÂN XÃ PHÚ AN",
        "Danh sách các hộ trong thôn năm 2026",
        "Thôn 1 và Thôn 2",
        "Văn bản số 3",
        "Tổ trưởng",
        "Bản khai nhân khẩu",
        "Danh sách công dân",
    ],
)
def test_a_title_without_one_settlement_tells_none(title: str) -> None:
    assert find_hamlet(title) is None


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("T1", "thon:1"),
        ("T1 (2)", "thon:1"),
        ("DS Thôn 3", "thon:3"),
        ("Thon_4", "thon:4"),
        ("TDP số 2", "to_dan_pho:2"),
    ],
)
def test_a_sheet_name_tells_its_settlement(sheet: str, key: str) -> None:
    hamlet = hamlet_of_sheet_name(sheet)
    assert hamlet is not None
    assert hamlet.key == key


@pytest.mark.parametrize("sheet", ["Sheet1", "1", "Danh sách", "Tổng hợp", "2026"])
def test_a_sheet_name_without_a_settlement_tells_none(sheet: str) -> None:
    assert hamlet_of_sheet_name(sheet) is None


def test_a_heading_that_names_one_kind_gives_it() -> None:
    headings = ("Ấp", "Thôn/TDP", "Tổ dân phố", "Địa bàn", "KP", "Tổ", "Khu dân cư")
    assert [word_of_heading(heading) for heading in headings] == [
        "Ấp", "", "Tổ dân phố", "", "Khu phố", "Tổ dân phố", "Khu dân cư",
    ]  # fmt: skip


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault_and_its_full_form_means_the_same(text: str) -> None:
    shown = hamlet_display(text)
    assert hamlet_key(shown) == hamlet_key(text)


@given(st.sampled_from(["Thôn", "Ấp", "Khu phố", "TDP", "Bản", "Xóm"]), st.integers(1, 99), st.booleans())
def test_numbers_are_compared_by_value(word: str, number: int, says_so: bool) -> None:
    assert hamlet_key(f"{word} {'số ' if says_so else ''}{number:02d}") == hamlet_key(f"{word} {number}")
