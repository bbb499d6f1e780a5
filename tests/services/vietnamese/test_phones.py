"""Telephone numbers begin with 0 and have the digits of a Vietnamese number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.vietnamese import PhoneResult, mask_phone, parse_phone


@pytest.mark.parametrize(
    ("cell", "value", "repairs"),
    [
        ("0912345678", "0912345678", ()),
        ("0912 345.678", "0912345678", ("spaces",)),
        (912345678.0, "0912345678", ("from_number", "lost_zero")),
        ("912345678", "0912345678", ("lost_zero",)),
        ("+84912345678", "0912345678", ("country_code",)),
        ("+84 (0)912 345 678", "0912345678", ("spaces", "country_code")),
        ("84912345678", "0912345678", ("country_code",)),
        ("01691234567", "0391234567", ("old_prefix",)),
        (1201234567, "0701234567", ("from_number", "lost_zero", "old_prefix")),
        ("0912345678/0987654321", "0912345678", ("first_of_several",)),
        ("0912345678 - 0987654321", "0912345678", ("first_of_several",)),
        ("(024) 3825 1234", "02438251234", ("spaces",)),
        ("9.12345678E+08", "0912345678", ("from_number", "lost_zero")),
    ],
)
def test_a_number_is_read_as_people_write_it(cell: object, value: str, repairs: tuple[str, ...]) -> None:
    assert parse_phone(cell) == PhoneResult(value, repairs)


@pytest.mark.parametrize("cell", [None, "", " ", float("nan")])
def test_an_empty_cell_is_no_telephone(cell: object) -> None:
    assert parse_phone(cell) == PhoneResult(None)


def test_a_dash_is_read_as_blank() -> None:
    assert parse_phone("-") == PhoneResult(None, ("placeholder",))


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        ("12345", "length"),
        ("0112345678", "length"),
        ("gọi con", "not_digits"),
        ("9.12E+08", "digits_lost"),
        (True, "not_digits"),
    ],
)
def test_what_cannot_be_a_number_is_refused(cell: object, error: str) -> None:
    assert parse_phone(cell).error == error
    assert parse_phone(cell).value is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.text("0123456789+-/ .", max_size=16)))
def test_whatever_stands_in_the_cell_the_answer_is_a_number_or_nothing(cell: object) -> None:
    result = parse_phone(cell)
    assert result.value is None or (result.value[0] == "0" and result.value.isdigit() and 10 <= len(result.value) <= 11)


def test_a_masked_telephone_shows_its_last_three_digits() -> None:
    assert mask_phone("0951164366") == "0••• ••• 366"
    assert mask_phone("02438251234") == "0••• •••• 234"
    assert mask_phone(None) == ""
