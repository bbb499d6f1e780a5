"""Numbers and dates in words, as decisions and certificates write them."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.vietnamese import PartialDate, date_words, number_text, number_words


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (1234567.5, 1, "1.234.567,5"),
        (1234567, 0, "1.234.567"),
        (999, 0, "999"),
        (0, 0, "0"),
        (-1234.5, 2, "-1.234,50"),
        (0.125, 2, "0,13"),
        (2.5, 0, "3"),
        (-0.4, 0, "0"),
        (1e21, 0, "1.000.000.000.000.000.000.000"),
        (Decimal("87.25"), 1, "87,3"),
    ],
)
def test_thousands_have_dots_and_decimals_a_comma(number: float, decimals: int, text: str) -> None:
    assert number_text(number, decimals) == text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (11, "mười một"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (115, "một trăm mười lăm"),
        (1234, "một nghìn hai trăm ba mươi bốn"),
        (1005, "một nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (20_000, "hai mươi nghìn"),
        (1_000_000, "một triệu"),
        (1_000_050, "một triệu không trăm năm mươi"),
        (3_021_000_000, "ba tỷ không trăm hai mươi mốt triệu"),
        (1_000_000_001, "một tỷ không trăm linh một"),
        (5_000_000_000_000, "năm nghìn tỷ"),
        (-7, "âm bảy"),
    ],
)
def test_whole_numbers_are_said_in_words(number: int, words: str) -> None:
    assert number_words(number) == words


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_different_numbers_have_different_words(first: int, second: int) -> None:
    assert (number_words(first) == number_words(second)) == (first == second)
    assert "  " not in number_words(first)


def test_dates_in_words_pad_day_and_month() -> None:
    assert date_words(datetime.date(2026, 3, 5)) == "ngày 05 tháng 03 năm 2026"
    assert date_words(datetime.date(2026, 11, 25)) == "ngày 25 tháng 11 năm 2026"


def test_what_a_partial_date_does_not_know_is_left_out() -> None:
    assert date_words(PartialDate(1984, 5)) == "tháng 05 năm 1984"
    assert date_words(PartialDate(1984)) == "năm 1984"
