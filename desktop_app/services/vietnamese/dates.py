"""Dates of which only a year or a month may be known; day before month, and no day is ever made up."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from desktop_app.services.vietnamese.text import fold

EARLIEST_YEAR = 1880
LATEST_YEAR = 2100
_SERIAL_EPOCH = datetime.date(1899, 12, 30)
_LAST_SERIAL = (datetime.date(2049, 12, 31) - _SERIAL_EPOCH).days
_PLACEHOLDERS = frozenset({"-", "--", "?", ".", "...", "x", "khong ro", "chua ro", "khong nho", "khong co", "chua co"})
_SHORT_YEAR_PIVOT = 30
_UNKNOWN = r"(?:0{1,2}|\?{1,2}|-{1,2}|\.{1,3}|x{1,2}|_{1,2}|)"
_SEP = r"\s*[-/.,\\ ]\s*"
_TIME = r"(?:[ t]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_PREFIX = re.compile(r"(?:(?:sinh|sn|ns)\b[ :]*)?(?:(?:ngay|nam)\b[ :]*)*")
_DMY = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}(\d{{4}}|\d{{2}}){_TIME}")
_YMD = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}}){_SEP}(\d{{1,2}}){_TIME}")
_YEAR = re.compile(r"(\d{4})(?:[.,]0+)?")
_WORDS = re.compile(r"(?:(\d{1,2})[ ,/-]*)?thang (\d{1,2})(?:[ ,/-]*nam |[ /.-]+)(\d{4})")
_YEAR_MONTH = re.compile(rf"(\d{{4}}){_SEP}(\d{{1,2}})")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_MONTH_YEAR = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{4}}|\d{{2}})")
_DAY_UNKNOWN = re.compile(rf"(?:{_UNKNOWN} ?[-/.] ?)?(?:(\d{{1,2}})|{_UNKNOWN}) ?[-/.] ?(\d{{4}})")
_MONTH_NAME = re.compile(r"(\d{1,2})[-/ ]([a-z]{3})[a-z]*[-/, ]+(\d{4}|\d{2})")
_SERIAL_TEXT = re.compile(r"(\d{5})(?:[.,]\d+)?")
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENOUGH_DATES = 8


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
        if self.day is not None:
            return f"{self.year:04}-{self.month:02}-{self.day:02}"
        return f"{self.year:04}" if self.month is None else f"{self.year:04}-{self.month:02}"

    def text(self) -> str:
        """Return "1984", "05/1984" or "08/05/1984": the form that is read."""
        parts = [f"{part:02}" for part in (self.day, self.month) if part is not None]
        return "/".join([*parts, f"{self.year:04}"])

    @classmethod
    def from_iso(cls, text: str) -> PartialDate:
        """Read what `iso` wrote; anything else raises ValueError."""
        return _from_iso(text)

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


_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


@lru_cache(maxsize=1 << 16)
def _from_iso(text: str) -> PartialDate:
    """Kept, for a register's births are few days that many people share."""
    if not _ISO.fullmatch(text):
        raise ValueError(f"not a partial ISO date: {text!r}")
    return PartialDate(*map(int, text.split("-")))


@dataclass(frozen=True, slots=True)
class DateResult:
    """What was read; `repairs` and `error` are codes, `ambiguous` when day and month could change places."""

    value: PartialDate | None
    repairs: tuple[str, ...] = ()
    error: str | None = None
    ambiguous: bool = False


_BLANK = DateResult(None)
_NOT_A_DATE = DateResult(None, (), "not_a_date")


def parse_date(obj: object, *, day_first: bool = True, latest: datetime.date | None = None) -> DateResult:
    """Read a date from a cell: text, a year as a number, an Excel serial number, a date.

    Args:
        obj: the cell's value; None and blank text give neither value nor error.
        day_first: False where the source writes the month first (`suggests_month_first`); only then is a date of which
            day and month could change places marked ambiguous.
        latest: the last possible day, today for births; years of two digits lie in the century before it.

    A whole number from 1880 to 2100 is a year, never a serial number; serial numbers reach from there to 2049.

    Repairs: "serial", "two_digit_year", "month_first" (12/31/1984), "unknown_day" (00/00/1984), "no_separator",
    "placeholder" (a dash or "không rõ" read as blank).
    Errors: "not_a_date" ("nt" among them), "impossible_date" (31/02), "out_of_range" (before 1880 or after 2100),
    "in_future" (after `latest`).
    """
    if isinstance(obj, str):
        result = _parse_text(obj, day_first, _SHORT_YEAR_PIVOT if latest is None else latest.year % 100)
    elif obj is None:
        return _BLANK
    elif isinstance(obj, datetime.date):
        swappable = not day_first and obj.day <= 12 and obj.day != obj.month
        result = _made(obj.year, obj.month, obj.day, ambiguous=swappable)
    elif isinstance(obj, (int, float)) and not isinstance(obj, bool):
        result = _parse_number(obj)
    else:
        return _NOT_A_DATE
    if latest is not None and result.value is not None and result.value > PartialDate.from_date(latest):
        return DateResult(None, result.repairs, "in_future")
    return result


def suggests_month_first(values: Iterable[object]) -> bool:
    """Tell whether a column's dates look written month before day.

    Two signs: texts that can only be read so (05/24/1984) and none that can only be read the other way; or a machine
    set to English that took 05/08 for a date of May, so that no date cell has a day after the 12th, among at least 8,
    while texts it could not take (24/05/1984) stand beside them.
    """
    first_over, second_over, dates, late_days = 0, 0, 0, 0
    for value in values:
        if isinstance(value, datetime.date):
            dates += 1
            late_days += value.day > 12
        elif isinstance(value, str) and (match := _DMY.fullmatch(value.strip())):
            first_over += int(match[1]) > 12
            second_over += int(match[2]) > 12
    if second_over and not first_over:
        return True
    return bool(first_over) and dates >= _ENOUGH_DATES and not late_days and not second_over


def age_on(birth: PartialDate, on: datetime.date) -> int:
    """Return complete years of age on a day; a birth of which only the year is known counts by years.

    A birthday on 29 February is reached on 1 March of other years.
    """
    years = on.year - birth.year
    if birth.month is None:
        return years
    return years if (on.month, on.day) >= (birth.month, birth.day or 1) else years - 1


def _parse_number(number: int | float) -> DateResult:
    if number != number:
        return _BLANK
    if EARLIEST_YEAR <= number <= LATEST_YEAR and number == int(number):
        return DateResult(PartialDate(int(number)))
    if not LATEST_YEAR < number < _LAST_SERIAL + 1:
        return _NOT_A_DATE
    return DateResult(PartialDate.from_date(_SERIAL_EPOCH + datetime.timedelta(days=int(number))), ("serial",))


@lru_cache(maxsize=16384)
def _parse_text(text: str, day_first: bool, pivot: int) -> DateResult:
    if match := _DMY.fullmatch(text):
        return _from_dmy(match, day_first, pivot)
    text = fold(text)
    if not text:
        return _BLANK
    if text in _PLACEHOLDERS:
        return DateResult(None, ("placeholder",))
    text = text.lstrip("'").rstrip(" .,;")
    text = text[len(match[0]) :] if (match := _PREFIX.match(text)) else text
    if match := _DMY.fullmatch(text):
        return _from_dmy(match, day_first, pivot)
    if match := _YEAR.fullmatch(text):
        return _made(int(match[1]))
    for pattern, order in ((_YMD, (1, 2, 3)), (_WORDS, (3, 2, 1))):
        if match := pattern.fullmatch(text):
            year, month, day = (int(match[i]) if match[i] else None for i in order)
            return _made(year or 0, month, day)
    return _parse_rare(text, pivot)


def _parse_rare(text: str, pivot: int) -> DateResult:
    if match := _YEAR_MONTH.fullmatch(text):
        return _made(int(match[1]), int(match[2]))
    if match := _COMPACT.fullmatch(text):
        return _made(int(match[3]), int(match[2]), int(match[1]), ("no_separator",))
    if match := _DAY_UNKNOWN.fullmatch(text):
        known = _MONTH_YEAR.fullmatch(text) and match[1]
        return _made(int(match[2]), int(match[1] or 0) or None, None, () if known else ("unknown_day",))
    if match := _MONTH_YEAR.fullmatch(text):
        year, repairs = _full_year(match[2], pivot)
        return _made(year, int(match[1]), None, repairs) if int(match[2]) > 31 else _NOT_A_DATE
    if (match := _MONTH_NAME.fullmatch(text)) and match[2] in _ENGLISH_MONTHS:
        year, repairs = _full_year(match[3], pivot)
        return _made(year, _ENGLISH_MONTHS.index(match[2]) + 1, int(match[1]), repairs)
    if match := _SERIAL_TEXT.fullmatch(text):
        return _parse_number(int(match[1]))
    return _NOT_A_DATE


def _from_dmy(match: re.Match[str], day_first: bool, pivot: int) -> DateResult:
    first, second = int(match[1]), int(match[2])
    year, repairs = _full_year(match[3], pivot)
    if first == 0:
        return _made(year, second or None, None, (*repairs, "unknown_day"))
    day, month = (first, second) if day_first else (second, first)
    if month > 12 >= day:
        day, month = month, day
        repairs = (*repairs, "month_first") if day_first else repairs
    both = not day_first and first <= 12 and second <= 12 and first != second
    return _made(year, month, day, repairs, ambiguous=both)


def _full_year(digits: str, pivot: int) -> tuple[int, tuple[str, ...]]:
    if len(digits) == 4:
        return int(digits), ()
    short = int(digits)
    return short + (2000 if short <= pivot else 1900), ("two_digit_year",)


def _made(
    year: int,
    month: int | None = None,
    day: int | None = None,
    repairs: tuple[str, ...] = (),
    *,
    ambiguous: bool = False,
) -> DateResult:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return DateResult(None, repairs, "out_of_range")
    try:
        return DateResult(PartialDate(year, month, day), repairs, None, ambiguous)
    except ValueError:
        return DateResult(None, repairs, "impossible_date")
