"""The first start reads what people type: communes without accents, hamlets in every way lists are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.safety.first_start import find_communes, find_provinces, read_hamlets


def test_a_commune_is_found_without_accents_and_its_province_tells_it_from_others() -> None:
    assert find_communes("phu an an giang")[0] == ("30436", "Xã Phú An, An Giang")
    assert all("Phú An" in words for _, words in find_communes("phu an")[:2])


def test_within_a_province_the_name_stands_alone_and_exact_names_stand_first() -> None:
    found = find_communes("hoan kiem", "01")
    assert found == [("00070", "Phường Hoàn Kiếm")]
    assert find_communes("hoan kiem", "91") == []


def test_the_code_finds_too_and_nothing_typed_gives_the_first_of_the_list() -> None:
    assert find_communes("30436")[0][0] == "30436"
    assert len(find_communes("")) == 40
    assert find_communes("không có đâu") == []


def test_provinces_are_found_by_any_word() -> None:
    assert [name for _, name in find_provinces("giang")] == ["An Giang"]
    assert [code for code, _ in find_provinces("ho chi")] == ["79"]
    assert len(find_provinces("")) == 34


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Thôn 1\nThôn 2\n\n  Ấp Bình Hòa ", ["Thôn 1", "Thôn 2", "Ấp Bình Hòa"]),
        ("thôn 01; T2, TDP số 3", ["Thôn 1", "Thôn 2", "Tổ dân phố số 3"]),
        ("1. Thôn Đông\n2) Thôn Đoài\n- Thôn Thượng", ["Thôn Đông", "Thôn Đoài", "Thôn Thượng"]),
        ("1\tThôn Đông\t120\n2\tThôn Đoài\t98", ["Thôn Đông", "Thôn Đoài"]),
        ("Thôn 1-4", ["Thôn 1", "Thôn 2", "Thôn 3", "Thôn 4"]),
        ("Khóm 2 đến 3", ["Khóm 2", "Khóm 3"]),
        ("Thôn 1 (Phú An cũ)\nThôn 1 (Hòa Lạc cũ)", ["Thôn 1 (Phú An cũ)", "Thôn 1 (Hòa Lạc cũ)"]),
        ("Thôn 9-3", ["Thôn 9-3"]),
        ("", []),
        (" ;;\n,,", []),
    ],
)
def test_hamlets_are_read_however_they_are_written(text: str, names: list[str]) -> None:
    assert list(read_hamlets(text).names) == names


def test_a_doubled_hamlet_is_named_with_both_lines() -> None:
    found = read_hamlets("Thôn 1\nThôn 2\nthôn số 01")
    assert found.names == ("Thôn 1", "Thôn 2")
    assert found.notes == ("Dòng 3: “thôn số 01” trùng với Thôn 1 ở dòng 1, chỉ lấy một.",)


def test_a_range_is_said_so_that_it_can_be_checked() -> None:
    assert read_hamlets("Ấp 1-3").notes == ("Dòng 1: “Ấp 1-3” là 3 thôn, tổ.",)


@given(st.text(max_size=200))
def test_no_pasted_text_breaks_the_reading_and_no_name_comes_twice(text: str) -> None:
    names = read_hamlets(text).names
    assert len(set(names)) == len(names)
    assert all(names)
