"""Citizen numbers: what Excel did to them is mended where nothing was lost, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.models.types import Sex
from desktop_app.services.vietnamese import (
    PROVINCE_OF_CCCD,
    CccdResult,
    cccd_birth_year,
    cccd_sex,
    check_cccd,
    mask_cccd,
    parse_cccd,
    province_of_cccd,
)

NUMBERS = st.builds(
    lambda province, century, year, tail: f"{province}{century}{year:02}{tail:06}",
    st.sampled_from(sorted(PROVINCE_OF_CCCD)),
    st.integers(0, 3),
    st.integers(0, 30),
    st.integers(0, 999_999),
)


def test_a_good_number_needs_no_repair() -> None:
    assert parse_cccd("079209153576") == CccdResult("079209153576")
    assert parse_cccd("273123456") == CccdResult("273123456")


@pytest.mark.parametrize("blank", [None, "", "   ", float("nan")])
def test_an_empty_cell_is_no_number_and_no_error(blank: object) -> None:
    assert parse_cccd(blank) == CccdResult(None)


@pytest.mark.parametrize("word", ["-", "0", 0, 0.0, "chưa có", "Không có", "CHƯA CÓ", "x", "?"])
def test_words_for_nothing_are_read_as_blank(word: object) -> None:
    assert parse_cccd(word) == CccdResult(None, ("placeholder",))


@given(NUMBERS)
def test_zeros_that_excel_took_off_come_back(number: str) -> None:
    for cell in (int(number), float(int(number))):
        assert parse_cccd(cell) == CccdResult(number, ("from_number", "lost_zero"))
    assert parse_cccd(number.lstrip("0")) == CccdResult(number, ("lost_zero",))
    assert parse_cccd(f"{int(number)}.0").value == number


@given(NUMBERS)
def test_scientific_notation_is_read_only_when_it_carries_every_digit(number: str) -> None:
    digits = number.lstrip("0")
    power = len(digits) - 1
    assert parse_cccd(f"{digits[0]}.{digits[1:]}E+{power}").value == number
    assert parse_cccd(f"{digits[0]},{digits[1:]}e+{power}").value == number
    for kept in (1, 2, 5, power - 1):
        assert parse_cccd(f"{digits[0]}.{digits[1 : kept + 1]}E+{power}") == CccdResult(
            None, ("from_number",), "digits_lost"
        )


def test_a_rounded_number_is_an_error() -> None:
    assert parse_cccd("7.92E+10").error == "digits_lost"
    assert parse_cccd("8E+10").error == "digits_lost"


@pytest.mark.parametrize(
    "written", [" 079 209 153 576 ", "079.209.153.576", "'079209153576", "079-209-153-576", "079209153\u00a0576"]
)
def test_spaces_and_dots_are_taken_out(written: str) -> None:
    assert parse_cccd(written) == CccdResult("079209153576", ("spaces",))


def test_invisible_characters_do_not_hurt() -> None:
    assert parse_cccd("\u200b079209153576\u200e").value == "079209153576"


def test_a_letter_o_is_a_zero() -> None:
    assert parse_cccd("O792O9153576") == CccdResult("079209153576", ("letter_o",))


def test_an_old_number_that_lost_its_zero_gets_it_back_only_from_a_number() -> None:
    assert parse_cccd(12345678.0) == CccdResult("012345678", ("from_number", "lost_zero"))
    assert parse_cccd("12345678").error == "length"


@pytest.mark.parametrize(
    "written",
    [
        "07920915357",  # a digit is missing, the zero is there
        "0792091535761",
        "99209153576",  # no province 099
        "79409153576",  # the century 2100
        "79399153576",  # born in 2099
        "0951164366",  # a telephone number
        12345,
    ],
)
def test_zeros_are_not_put_before_what_would_make_no_sense(written: object) -> None:
    result = parse_cccd(written)
    assert (result.value, result.error) == (None, "length")


@pytest.mark.parametrize("cell", ["abc", 79209153576.5, -79209153576, True, "079209153576 (cũ)", float("inf")])
def test_what_is_not_digits_is_refused(cell: object) -> None:
    assert parse_cccd(cell).error == "not_digits"
    assert parse_cccd(cell).value is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_whatever_stands_in_the_cell_the_answer_is_a_number_or_nothing(cell: object) -> None:
    result = parse_cccd(cell)
    assert result.value is None or (result.value.isascii() and result.value.isdigit() and len(result.value) in (9, 12))
    assert result.value is None or result.error is None


def test_a_number_tells_sex_year_and_province() -> None:
    assert cccd_sex("079209153576") is Sex.MALE
    assert cccd_sex("079187508480") is Sex.FEMALE
    assert cccd_sex("273123456") is cccd_sex(None) is None
    assert cccd_birth_year("079209153576") == 2009
    assert cccd_birth_year("079187508480") == 1987
    assert cccd_birth_year("273123456") is cccd_birth_year("079409153576") is None
    assert province_of_cccd("079209153576") == "Thành phố Hồ Chí Minh"
    assert province_of_cccd("003209153576") is province_of_cccd("273123456") is None


def test_there_are_63_provinces_of_registration() -> None:
    assert len(PROVINCE_OF_CCCD) == len(set(PROVINCE_OF_CCCD.values())) == 63
    assert list(PROVINCE_OF_CCCD) == sorted(PROVINCE_OF_CCCD)


@pytest.mark.parametrize(
    ("number", "sex", "year", "warnings"),
    [
        ("079209153576", Sex.MALE, 2009, ()),
        ("079209153576", None, None, ()),
        ("079209153576", Sex.FEMALE, 2009, ("sex_mismatch",)),
        ("079209153576", Sex.MALE, 1909, ("year_mismatch",)),
        ("003209153576", Sex.FEMALE, 2010, ("bad_province", "sex_mismatch", "year_mismatch")),
        ("079909153576", None, None, ("year_mismatch",)),
        ("07920915357", Sex.MALE, 2009, ("length",)),
        ("07920915357a", Sex.MALE, 2009, ("length",)),
        ("273123456", Sex.MALE, 1950, ()),
        (None, Sex.MALE, 1950, ()),
        ("", None, None, ()),
    ],
)
def test_what_does_not_agree_is_a_warning(
    number: str | None, sex: Sex | None, year: int | None, warnings: tuple[str, ...]
) -> None:
    assert check_cccd(number, sex, year) == warnings


def test_a_masked_number_shows_its_first_and_last_three_digits() -> None:
    assert mask_cccd("079209153319") == "0•• ••• ••• 319"
    assert mask_cccd("273123456") == "2•• ••• 456"
    assert mask_cccd(None) == mask_cccd("") == ""


@given(st.text(max_size=15))
def test_a_mask_never_shows_more_than_four_characters(number: str) -> None:
    shown = mask_cccd(number).replace("•", "").replace(" ", "")
    assert len(shown) <= 4
