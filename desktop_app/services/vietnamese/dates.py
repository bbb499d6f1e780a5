"""Dates of which only a year or a month may be known; day before month, and no day is ever made up."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.services.vietnamese.text import fold

EARLIEST_YEAR = 1880
LATEST_YEAR = 2100
_SERIAL_EPOCH = datetime.date(1899, 12, 30)
_LAST_SERIAL = (datetime.date(LATEST_YEAR, 12, 31) - _SERIAL_EPOCH).days
_LATEST_SHORT_YEAR = 30
_UNKNOWN = r"0{1,2}|\?{1,2}|-{1,2}|\.{2,3}|x{1,2}|_{1,2}"
_SEP = r"\s*[-/.,\\ ]\s*"
_TIME = r"(?:[ t]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DMY = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}}|\d{{2}}){_TIME}")
_YMD = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}}){_TIME}")
_MY = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{4}}|\d{{2}})")
_YM = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}})")
_HALF_KNOWN = re.compile(rf"(?:(?:{_UNKNOWN})?\s*[-/.]\s*)?(?:(?:{_UNKNOWN})?|(\d{{1,2}}))\s*[-/.]\s*(\d{{4}})")
_WORDS = re.compile(r"(?:(?:ngay )?(\d{1,2})[ ,/-]*)?thang (\d{1,2})[ ,/-]*nam (\d{4})")
_YEAR = re.compile(r"(?:(?:sinh )?nam )?(\d{4})(?:[.,]0+)?")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_SERIAL_TEXT = re.compile(r"(\d{5})(?:[.,]\d+)?")
_MONTH_NAME = re.compile(r"(\d{1,2})[-/ ]([a-z]{3})[a-z]*[-/, ]+(\d{4}|\d{2})")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date whose day, or month and day, may be unknown; ordered with the unknown first.

    Raises:
        ValueError: the date does not exist, or has a day without a month.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month")
        datetime.date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    def iso(self) -> str:
        """Return "1984", "1984-05" or "1984-05-08": the form that is stored; its text order is date order."""
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def text(self) -> str:
        """Return "1984", "05/1984" or "08/05/1984": the form that is read."""
        parts = [f"{part:02}" for part in (self.day, self.month) if part is not None]
        return "/".join([*parts, f"{self.year:04}"])

    @classmethod
    def from_iso(cls, text: str) -> PartialDate:
        """Read what `iso` wrote; anything else raises ValueError."""
        if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text, re.ASCII):
            raise ValueError(f"not a partial ISO date: {text!r}")
        return cls(*(int(part) for part in text.split("-")))

    @classmethod
    def from_date(cls, date: datetime.date) -> PartialDate:
        """Return a whole date (the time of a datetime is dropped)."""
        return cls(date.year, date.month, date.day)

    def _key(self) -> tuple[int, int, int]:
        return self.year, self.month or 0, self.day or 0

    def __lt__(self, other: object) -> bool:
        return self._key() < other._key() if isinstance(other, PartialDate) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._key() <= other._key() if isinstance(other, PartialDate) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._key() > other._key() if isinstance(other, PartialDate) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._key() >= other._key() if isinstance(other, PartialDate) else NotImplemented


@dataclass(frozen=True, slots=True)
class DateResult:
    """What was read; `repairs` and `error` are codes, `ambiguous` when day and month could change places."""

    value: PartialDate | None
    repairs: tuple[str, ...] = ()
    error: str | None = None
    ambiguous: bool = False


_BLANK = DateResult(None)
_NOT_A_DATE = DateResult(None, (), "not_a_date")


def parse_date(obj: object, *, day_first: bool = True) -> DateResult:
    """Read a date from a cell: text, a year as a number, an Excel serial number, a date.

    Args:
        obj: the cell's value; None and blank text give neither value nor error.
        day_first: False where the source is known to write the month first; only then may a date be ambiguous.

    Repairs: "year_number", "serial", "two_digit_year", "month_first", "unknown_day", "no_separator".
    Errors: "not_a_date" ("nt" among them), "impossible_date" (31/02), "out_of_range" (before 1880, after 2100).
    """
    if isinstance(obj, str):
        return _parse_text(obj, day_first)
    if obj is None:
        return _BLANK
    if isinstance(obj, datetime.date):
        swappable = not day_first and obj.day <= 12 and obj.day != obj.month
        return DateResult(PartialDate.from_date(obj), ambiguous=swappable)
    if isinstance(obj, bool) or not isinstance(obj, (int, float)):
        return _NOT_A_DATE
    return _parse_number(obj)


def age_on(birth: PartialDate, on: datetime.date) -> int:
    """Return complete years of age on a day; what is unknown of the birth counts as reached."""
    years = on.year - birth.year
    if birth.month is None:
        return years
    reached = (on.month, on.day) >= (birth.month, 0 if birth.day is None else birth.day)
    return years if reached else years - 1


def _parse_number(number: int | float) -> DateResult:
    if number != number:
        return _BLANK
    if not 0 < number <= _LAST_SERIAL + 1:
        return _NOT_A_DATE
    if EARLIEST_YEAR <= number <= LATEST_YEAR and number == int(number):
        return DateResult(PartialDate(int(number)), ("year_number",))
    if number <= LATEST_YEAR:
        return _NOT_A_DATE
    return DateResult(PartialDate.from_date(_SERIAL_EPOCH + datetime.timedelta(days=int(number))), ("serial",))


@lru_cache(maxsize=16384)
def _parse_text(text: str, day_first: bool) -> DateResult:
    text = fold(text).strip(" '\"")
    if not text:
        return _BLANK
    if match := _DMY.fullmatch(text):
        return _from_dmy(match, day_first)
    if match := _YEAR.fullmatch(text):
        return _made(int(match[1]), None, None)
    for pattern, order in ((_YMD, (1, 2, 3)), (_WORDS, (3, 2, 1)), (_YM, (1, 2, 0)), (_COMPACT, (3, 2, 1))):
        if match := pattern.fullmatch(text):
            year, month, day = (int(match[i]) if i and match[i] else None for i in order)
            return _made(year or 0, month, day, ("no_separator",) if pattern is _COMPACT else ())
    return _parse_rare(text)


def _parse_rare(text: str) -> DateResult:
    if match := _MY.fullmatch(text):
        year, repairs = _full_year(match[2])
        return _NOT_A_DATE if repairs and int(match[2]) <= 31 else _made(year, int(match[1]), None, repairs)
    if match := _HALF_KNOWN.fullmatch(text):
        return _made(int(match[2]), int(match[1]) if match[1] else None, None, ("unknown_day",))
    if (match := _MONTH_NAME.fullmatch(text)) and match[2] in _ENGLISH:
        year, repairs = _full_year(match[3])
        return _made(year, _ENGLISH.index(match[2]) + 1, int(match[1]), repairs)
    if match := _SERIAL_TEXT.fullmatch(text):
        return _parse_number(int(match[1]))
    return _NOT_A_DATE


def _from_dmy(match: re.Match[str], day_first: bool) -> DateResult:
    first, second = int(match[1]), int(match[2])
    year, repairs = _full_year(match[3])
    if first == 0 or second == 0:
        return _made(year, second or None, None, (*repairs, "unknown_day")) if first == 0 else _impossible(repairs)
    day, month = (first, second) if day_first else (second, first)
    if month > 12 >= day:
        day, month = month, day
        repairs = (*repairs, "month_first") if day_first else repairs
    both = not day_first and first <= 12 and second <= 12 and first != second
    return _made(year, month, day, repairs, ambiguous=both)


def _full_year(digits: str) -> tuple[int, tuple[str, ...]]:
    if len(digits) == 4:
        return int(digits), ()
    short = int(digits)
    return short + (2000 if short <= _LATEST_SHORT_YEAR else 1900), ("two_digit_year",)


def _impossible(repairs: tuple[str, ...]) -> DateResult:
    return DateResult(None, repairs, "impossible_date")


def _made(
    year: int, month: int | None, day: int | None, repairs: tuple[str, ...] = (), *, ambiguous: bool = False
) -> DateResult:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return DateResult(None, repairs, "out_of_range")
    try:
        return DateResult(PartialDate(year, month, day), repairs, None, ambiguous)
    except ValueError:
        return _impossible(repairs)
