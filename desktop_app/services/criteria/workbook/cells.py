"""Reading single cells liberally: points, percentages, dates, words; a sentence where that fails. Pure.

Invariant: what is not surely a number is an error, never a guess; "10", "10,0" and "10 điểm" are the same number, and
so are 60, 0,6 and 60 % of a percentage.
"""

from __future__ import annotations

import datetime as dt
import math
import re

from desktop_app.services.importing.preview import CellValue
from desktop_app.services.vietnamese import PartialDate, fold, nfc_lines, parse_date

MAX_TEXT = 4000

_SHARE = r"(\d{1,6}(?:[.,]\d{1,4})?)"
_NUMBER = r"([1-9]\d{0,2}[.,]\d{3}(?:[.,]\d{1,2})?|\d{1,6}(?:[.,]\d{1,4})?)"
_THOUSANDS = re.compile(r"([1-9]\d{0,2}[.,]\d{3})([.,]\d{1,2})?")
_AT_LEAST = r"(?:>=|≥|tu|dat tu|dat|it nhat|toi thieu|toi da|khong duoi)?\s*"
_UNIT = r"(?:\s*\([^)]*\))?\s*(?:diem|d)?\.?(?:\s*/\s*(?:chi so|chi tieu|tieu chi))?(?:\s*tro len)?"
_POINTS = re.compile(f"{_AT_LEAST}{_NUMBER}{_UNIT}")
_OF = re.compile(rf"{_AT_LEAST}{_NUMBER}\s*(?:diem\s*)?(?:/|tren)\s*{_NUMBER}{_UNIT}")
_PERCENT = re.compile(rf"{_AT_LEAST}{_SHARE}\s*(%|phan tram)?(?:\s*tro len)?")
_RANGE = re.compile(rf"(?:tu\s*)?{_NUMBER}\s*(?:-|–|—|den)\s*{_NUMBER}\s*(?:diem|d)?")
_FROM = re.compile(
    rf"(?:tu\s*)?{_NUMBER}\s*(?:diem|d)?\s*(?:-|–|—|den)\s*(?:(?:duoi|can|<=?|≤)\s*)?{_NUMBER}\s*(?:diem|d)?\.?"
)
_NONE = ("", "-", "–", "khong", "khong co", "khong ap dung", "x")


class CellError(Exception):
    """What a cell holds cannot be read; the message is the end of a sentence ("phải là số")."""


def text_of(value: CellValue) -> str:
    """A cell's words, NFC, of several lines; whole numbers without decimals.

    Raises:
        CellError: too long.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        return f"{value:.10g}" if math.isfinite(value) else ""
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%d/%m/%Y")
    text = nfc_lines(str(value))
    if len(text) > MAX_TEXT:
        raise CellError(f"dài quá {MAX_TEXT} chữ")
    return text


def line_of(value: CellValue) -> str:
    """A cell's words in one line: what Word breaks into lines when it is pasted is one name all the same.

    Raises:
        CellError: too long.
    """
    return " ".join(text_of(value).split())


def lines_of(value: CellValue) -> tuple[str, ...]:
    """A cell of several lines; empty ones are left out."""
    return tuple(line.strip() for line in text_of(value).split("\n") if line.strip())


def points_of(
    value: CellValue, name: str, *, of_total: bool = False, of_range: bool = False, from_range: bool = False
) -> float | None:
    """A number of points, None for an empty cell; "1.000" is a thousand, as points have no three decimals.

    Args:
        name: begins the sentence ("điểm tối đa").
        of_total: "80/100" is understood as 80.
        of_range: "0-10" is understood as 10, the most that can be given.
        from_range: "70 đến dưới 85" is understood as 70, where a band begins.

    Raises:
        CellError
    """
    number = _plain(value)
    if number is None:
        text = _folded(value)
        if text in _NONE:
            return None
        found = _POINTS.fullmatch(text) or (_OF.fullmatch(text) if of_total else None)
        span = _FROM.fullmatch(text) if found is None and (of_range or from_range) else None
        if span is not None and (from_range or _value(span[1]) == 0):
            return _value(span[1] if from_range else span[2])
        if found is None:
            raise CellError(f"{name} phải là số{_seen(value)}")
        number = _value(found[1])
    if number < 0:
        raise CellError(f"{name} không được âm")
    return number


def range_of(value: CellValue) -> tuple[float, float] | None:
    """ "9-10" or "từ 9 đến 10"; None where it is no range."""
    found = _RANGE.fullmatch(_folded(value)) if isinstance(value, str) else None
    return (_value(found[1]), _value(found[2])) if found else None


def percent_of(value: CellValue, name: str) -> float | None:
    """A percentage in percent: 60, 0,6 and "60 %" are sixty; None for an empty cell.

    Raises:
        CellError
    """
    number = _plain(value)
    is_share = True
    if number is None:
        text = _folded(value)
        if text in _NONE:
            return None
        found = _PERCENT.fullmatch(text)
        if found is None:
            raise CellError(f"{name} phải là tỷ lệ phần trăm, ví dụ 60 hoặc 60%{_seen(value)}")
        number, is_share = float(found[1].replace(",", ".")), not found[2]
    if number < 0:
        raise CellError(f"{name} không được âm")
    return round(number * 100, 6) if is_share and 0 < number <= 1 else number


def whole_of(value: CellValue, name: str) -> int | None:
    """A whole number, None for an empty cell; raises CellError."""
    number = points_of(value, name)
    if number is None:
        return None
    if number != int(number):
        raise CellError(f"{name} phải là số nguyên")
    return int(number)


def date_of(value: CellValue, name: str) -> PartialDate | None:
    """A date, perhaps only a month or a year; raises CellError."""
    if value is None or (isinstance(value, str) and fold(value) in _NONE):
        return None
    if isinstance(value, dt.datetime | dt.date):
        return PartialDate(value.year, value.month, value.day)
    plain = int(value) if isinstance(value, float) and value == int(value) else value
    found = parse_date(plain).value
    if found is None:
        raise CellError(f"{name} phải là ngày như 25/10/2023{_seen(value)}")
    return found


def _value(text: str) -> float:
    """ "7,5" and "7.5" are seven and a half, "1.000" and "1,000" a thousand."""
    found = _THOUSANDS.fullmatch(text)
    if found is not None:
        text = re.sub("[.,]", "", found[1]) + (found[2] or "")
    return float(text.replace(",", "."))


def _plain(value: CellValue) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else None
    return None


def _folded(value: CellValue) -> str:
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta | bool):
        return "?"
    return fold(str(value or "")).replace("\u00a0", " ")


def _seen(value: CellValue) -> str:
    text = nfc_lines(str(value)).replace("\n", " ")
    return f" (đang là “{text[:24]}{'…' if len(text) > 24 else ''}”)"
