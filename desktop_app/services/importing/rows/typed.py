"""Turns the distinct values of a column into what they mean; each parser gives the value and what should be said of it.

Parsers are pure and called once per distinct value. What cannot be read becomes empty and is told, never guessed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from desktop_app.models.types import CitizenGroup, Poverty, Sex
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.words import (
    group_of,
    is_blank_mark,
    is_ditto,
    is_mark,
    poverty_of,
    relation_of,
    sex_of_word,
)
from desktop_app.services.registry.cleaning import MAX_NAME, MAX_NOTE, MAX_TEXT, MAX_WORD
from desktop_app.services.registry.groups import group_of_occupation
from desktop_app.services.vietnamese import (
    PartialDate,
    fold,
    name_case,
    parse_cccd,
    parse_date,
    parse_phone,
    suggests_month_first,
)

T = TypeVar("T")
V = TypeVar("V")
Told = tuple[tuple[str, dict[str, object]], ...]
"""Issue codes with the values of their sentences."""

Parser = Callable[[CellValue], tuple[T, Told]]

LONGEST_NAME = MAX_NAME
_FEW = 6
_MONTHS = 12
_SOME = 3
_MIXED = 0.1
_NUMBERING = re.compile(r"\d{1,3}\s*[.)]\s*(?=\D)")
_NOTE_AFTER = re.compile(r"\s*(?:[(\[]([^()\[\]]*)[)\]]|\s[-–]\s*(\w[^()-]*))\s*$")
"""What stands in brackets or behind a dash after a name."""
_NOTE_WORDS = re.compile(
    r"kt ?[1-4]|tam (?:vang|tru)|thuong tru|tv|tt|ch|chu ho|(?:ho )?(?:can )?ngheo|hn|hcn|di lam (?:an )?xa|vang mat|"
    r"moi (?:den|sinh|nhap khau)|chuyen den(?: \d{4})?"
)
_NOT_IN_NAMES = re.compile(r"[^\w\s'’‘ʼ`\-.(),/]|_")
_EXCEL_BEGINS = datetime.date(1899, 12, 30)
_FIRST_YEAR, _LAST_YEAR = 1910, 2100
_FOUR_DIGIT_YEAR = re.compile(r"(?<!\d)(?:18[89]\d|19\d\d|20\d\d)(?!\d)")
_DMY = re.compile(r"\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(?:\d{4}|\d{2})\s*")
_PLAIN_PHONE = re.compile(r"0[35789]\d{8}", re.ASCII).fullmatch
_TYPED_DIGITS = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"})
_ROUNDED = "00000"  # 7.9183E+10 that was saved as a number
_WORD = re.compile(r"[^\W\d_lIoO]{2,}")
_DIGIT_SPACES = re.compile(r"(?<=\d)[ .-](?=\d)")
_TWELVE = re.compile(r"(?<!\d)\d{12}(?!\d)")
_DITTO_STARTS = frozenset("nN -–—.'\"″〃”“„‟`´’‘′,/\\=|")
_DIGIT = re.compile(r"\d(?=(?:\D*\d){3})")


def parse_values(
    values: Sequence[CellValue], parse: Parser[T], distinct: Set[CellValue], known: dict[CellValue, T] | None = None
) -> tuple[list[T], dict[CellValue, Told]]:
    """Parse a column; return the meanings row by row, and what is to be told by value (only where there is something).

    Args:
        distinct: the distinct values, and perhaps a few more.
        known: meanings of values that need no parser; the others are added to it.
    """
    meanings = known if known is not None else {}
    told: dict[CellValue, Told] = {}
    for value in distinct - meanings.keys():
        meanings[value], notes = parse(value)
        if notes:
            told[value] = notes
    return list(map(meanings.__getitem__, values)), _present(told, values)


def parse_odd_values(
    values: Sequence[CellValue], parse: Parser[T], odd: Iterable[CellValue]
) -> tuple[list[T], dict[CellValue, Told]]:
    """Parse the odd values of a column whose other values mean themselves; else like `parse_values`."""
    meanings: dict[CellValue, T] = {}
    told: dict[CellValue, Told] = {}
    for value in odd:
        meaning, notes = parse(value)
        if notes:
            told[value] = notes
        if meaning != value:
            meanings[value] = meaning
    told, meanings = _present(told, values), _present(meanings, values)
    if not meanings:
        return cast("list[T]", list(values)), told
    get = cast("Callable[[CellValue, CellValue], T]", meanings.get)
    return [get(value, value) for value in values], told


def _present(by_value: dict[CellValue, V], values: Sequence[CellValue]) -> dict[CellValue, V]:
    """Leave out what is not among the values (a heading, a title), where that is found out quickly."""
    if len(by_value) > _FEW:
        return by_value
    return {value: meaning for value, meaning in by_value.items() if value in values}


def odd_texts(distinct: Iterable[CellValue]) -> list[CellValue]:
    """Return the values that are not simply taken as they are."""
    return [value for value in distinct if type(value) is not str or not 3 < len(value) <= MAX_TEXT]


def odd_notes(distinct: Iterable[CellValue]) -> list[CellValue]:
    """Return the values that are not simply taken as notes."""
    return [value for value in distinct if type(value) is not str or not 3 < len(value) <= MAX_NOTE]


def odd_names(distinct: Iterable[CellValue]) -> list[CellValue]:
    """Return the values that are not names of letters and spaces only, and those that point to the name above."""
    distinct = list(distinct)
    odd = [v for v in distinct if type(v) is not str or not v.replace(" ", "").isalpha() or len(v) > LONGEST_NAME]
    return odd + [v for v in dittos_among(distinct) if type(v) is str and v.replace(" ", "").isalpha()]


def odd_cccds(distinct: Iterable[CellValue]) -> list[CellValue]:
    """Return the values that are not citizen numbers as they should be: text of twelve digits."""
    return [v for v in distinct if type(v) is not str or len(v) != 12 or not (v.isdigit() and v.isascii())]


def odd_phones(distinct: Iterable[CellValue]) -> list[CellValue]:
    """Return the values that are not mobile numbers as they should be: text of ten digits from 03 to 09 on."""
    return [v for v in distinct if type(v) is not str or not _PLAIN_PHONE(v)]


def plain_births(
    distinct: Iterable[CellValue], latest: datetime.date | None = None
) -> dict[CellValue, PartialDate | None]:
    """Return the dates written in full, dd/mm/yyyy, of years before that of `latest`."""
    known: dict[CellValue, PartialDate | None] = {}
    this_year = str(latest.year) if latest else "2100"
    for value in distinct:
        if type(value) is str and len(value) == 10 and value[2] == value[5] == "/" and "1900" <= value[6:] < this_year:
            try:
                known[value] = PartialDate(int(value[6:]), int(value[3:5]), int(value[:2]))
            except ValueError:
                continue
    return known


def dittos_among(distinct: Iterable[CellValue]) -> set[CellValue]:
    """Return those of a column's distinct values that repeat the cell above."""
    return {value for value in distinct if type(value) is str and value[:1] in _DITTO_STARTS and is_ditto(value)}


def resolve_dittos(
    values: Sequence[CellValue], dittos: Collection[CellValue]
) -> tuple[list[CellValue], list[int], list[int]]:
    """Replace ditto marks by the last value above; return (values, where resolved, where nothing stood above)."""
    result = list(values)
    resolved: list[int] = []
    lost: list[int] = []
    last: CellValue = ""
    for position, value in enumerate(values):
        if value in dittos:
            result[position] = last
            (resolved if last != "" else lost).append(position)
        elif value != "":
            last = value
    return result, resolved, lost


def masked(value: CellValue) -> str:
    """Return a number fit for a sentence: all digits but the last three hidden."""
    return _DIGIT.sub("•", _number_text(value))


def _number_text(value: CellValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def text_of(value: CellValue, longest: int = MAX_TEXT) -> tuple[str, Told]:
    """Read a free text, as long as the register's own forms take it; a lone dash or dots are nothing."""
    if type(value) is str:
        if len(value) > longest:
            return "", (("cell.too_long", {"length": len(value)}),)
        return (value if len(value) > 3 or value.strip(" -–—._…*/") else ""), ()
    if isinstance(value, datetime.datetime | datetime.date):
        return PartialDate.from_date(value).text(), ()
    return _number_text(value), ()


def note_of(value: CellValue) -> tuple[str, Told]:
    """Read a note, which may be longer than other texts."""
    return text_of(value, MAX_NOTE)


def code_of(value: CellValue) -> tuple[str, Told]:
    """Read a household's code: text, never a number; nothing about its form is changed."""
    text, told = text_of(value)
    return ("" if len(text) > 40 else text), told


def name_of(*, capitals_lost: bool = False, to_name_case: bool = False) -> Parser[str]:
    """Return a parser of names.

    Args:
        capitals_lost: the texts were TCVN3, which has no accented capitals: words may wrongly begin small.
        to_name_case: change names written in capitals, on the person's request.
    """

    def parse(value: CellValue) -> tuple[str, Told]:
        if type(value) is not str:
            return "", (("name.not_text", {"value": text_of(value)[0]}),)
        if is_ditto(value):
            return "", (("name.not_text", {"value": value}),)
        if not value.replace(" ", "").isalpha():
            value, told = _cleaned_name(value)
            if not value or (told[:1] and told[0][0] in ("name.not_text", "name.too_long")):
                return "", told
        else:
            told = ()
        if len(value) > LONGEST_NAME:
            return "", (("name.too_long", {"length": len(value)}),)
        if to_name_case or (capitals_lost and value.islower()):
            return name_case(value), told
        return (_one_case(_with_capitals(value)) if capitals_lost else value), told

    return parse


def _cleaned_name(value: str) -> tuple[str, Told]:
    if is_blank_mark(value):
        return "", ()
    if len(value) > 4 * LONGEST_NAME:
        return "", (("name.too_long", {"length": len(value)}),)
    name = _NUMBERING.sub("", value, count=1) if value[0].isdigit() else value
    name = _without_note(name)
    clean = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(" -.,/")
    letters = sum(character.isalpha() for character in clean)
    digits = sum(character.isdigit() for character in clean)
    if letters < 2 or digits > letters:
        return "", (("name.not_text", {"value": value}),)
    if digits:
        return clean, (("name.digits", {"value": value}),)
    if len(clean) < len(name.strip(" -.,/*")):
        return clean, (("name.cleaned", {"value": value, "kept": clean}),)
    return clean, ()


def _without_note(name: str) -> str:
    """A name without what is only remarked after it; another name in brackets, or a death, stays to be seen."""
    match = _NOTE_AFTER.search(name)
    return name[: match.start()] if match and _NOTE_WORDS.fullmatch(fold(match[1] or match[2])) else name


def _with_capitals(name: str) -> str:
    return " ".join(
        word[0].upper() + word[1:] if not word[0].isascii() and word[0].islower() else word for word in name.split()
    )


def _one_case(name: str) -> str:
    """Give words in capitals the case of the others: a charset without accented capitals cannot tell "HỒ" from "Hồ"."""
    words = name.split()
    if not any(word[1:].islower() for word in words):
        return name
    return " ".join(name_case(word) if len(word) > 1 and word.isupper() else word for word in words)


def with_capital(value: str) -> str:
    """Return a text with its first letter in capital."""
    return value[:1].upper() + value[1:]


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How the dates of a column are written.

    Args:
        day_first: False where several can only be read with the month first, and none with the day.
        is_mixed: some need the month first, others the day (or too few tell): where both could be, nobody can tell.
        is_machine: a machine set to English took days for months; its date cells cannot be told.
    """

    day_first: bool = True
    is_mixed: bool = False
    is_machine: bool = False

    def is_unclear(self, value: CellValue) -> bool:
        """Whether day and month of a value could change places, and nothing tells which is which."""
        if isinstance(value, datetime.date):
            return self.is_machine and value.day <= _MONTHS and value.day != value.month
        match = _DMY.fullmatch(value) if self.is_mixed and isinstance(value, str) else None
        return match is not None and match[1] != match[2] and max(int(match[1]), int(match[2])) <= _MONTHS


_USUAL = DateStyle()


def date_style(values: Collection[CellValue]) -> DateStyle:
    """Find out how a column's dates are written, from its distinct values.

    A machine that took days for months has left as text only what it could not take.
    """
    day = month = either = 0
    has_dates = False
    for value in values:
        if type(value) is not str:
            has_dates = has_dates or isinstance(value, datetime.date)
        elif len(value) == 10 and value[2] == value[5] == "/":
            day += value[:2] > "12" >= value[3:5]
            month += value[3:5] > "12" >= value[:2]
            either += value[:2] <= "12" >= value[3:5]
        elif match := _DMY.fullmatch(value):
            first, second = int(match[1]), int(match[2])
            day += first > _MONTHS >= second
            month += second > _MONTHS >= first
            either += max(first, second) <= _MONTHS
    if month >= _SOME and not day:
        return DateStyle(day_first=False)
    is_mixed = month > _MIXED * (day + month)
    return DateStyle(
        is_mixed=is_mixed, is_machine=has_dates and not month and not either and suggests_month_first(values)
    )


def birth_of(style: DateStyle = _USUAL, latest: datetime.date | None = None) -> Parser[PartialDate | None]:
    """Return a parser of dates of birth.

    Args:
        latest: the day after which nobody on the list was born.
    """

    def parse(value: CellValue) -> tuple[PartialDate | None, Told]:
        if isinstance(value, datetime.date) and (year := _year_shown_as_date(value, latest)):
            return PartialDate(year), (("birth.year_as_date", {"value": f"{value:%d/%m/%Y}", "kept": str(year)}),)
        result = parse_date(value, day_first=style.day_first, latest=latest)
        if result.value is not None and style.is_unclear(value):
            return PartialDate(result.value.year), (_unclear(value, result.value),)
        if result.value is None and value != "":
            return _other_birth(value, result.error)
        if not result.repairs and not result.ambiguous:
            return result.value, ()
        shown: dict[str, object] = {"value": value, "kept": result.value.text() if result.value else ""}
        told = [(f"birth.{code}", shown) for code in result.repairs if code in ("two_digit_year", "month_first")]
        if result.ambiguous:
            told.append(("birth.ambiguous", shown))
        return result.value, tuple(told)

    return parse


def _year_shown_as_date(value: datetime.date, latest: datetime.date | None) -> int | None:
    """The year in a cell that Excel shows as a date of 1905: day 1,958 of its calendar is 11/05/1905.

    Nobody of a living list was born in those four months.
    """
    days = (datetime.date(value.year, value.month, value.day) - _EXCEL_BEGINS).days
    return days if _FIRST_YEAR <= days <= (latest.year if latest else _LAST_YEAR) else None


def _unclear(value: CellValue, read: PartialDate) -> tuple[str, dict[str, object]]:
    shown = read.text() if isinstance(value, datetime.date) else value
    return "birth.unclear", {"value": shown, "kept": str(read.year)}


def _other_birth(value: CellValue, error: str | None) -> tuple[PartialDate | None, Told]:
    """Read what is no usual date: digits without separators, a year among words, nothing."""
    text = _number_text(value).strip()
    if error is None or (isinstance(value, str) and is_blank_mark(value)) or text in ("0", "00:00:00", "False"):
        return None, ()
    if text.isascii() and text.isdigit() and len(text) in (7, 8):
        day_first, year_first = text.zfill(8), f"{text[:4]}-{text[4:6]}-{text[6:]}"
        for written in (day_first, year_first):
            found = parse_date(written).value
            if found is not None:
                return found, ()
    years = _FOUR_DIGIT_YEAR.findall(text)
    if len(years) == 1 and error in ("impossible_date", "not_a_date") and len(re.findall(r"\d", text)) <= 8:
        return PartialDate(int(years[0])), (("birth.kept_year", {"value": text, "kept": years[0]}),)
    return None, ((f"birth.{error}", {"value": text}),)


def cccd_of(value: CellValue) -> tuple[str | None, Told]:
    """Read a citizen number; a wrong one is left out and told, with all but its last digits hidden."""
    result = parse_cccd(value)
    if result.error == "not_digits" and (number := _number_within(str(value))):
        return number, (("cccd.typed_letters", {"value": masked(value)}),)
    if result.error is not None:
        return None, ((f"cccd.{result.error}", {"value": masked(value)}),)
    if type(value) is not str and result.value and result.value.endswith(_ROUNDED):
        return None, (("cccd.digits_lost", {"value": masked(value)}),)
    if "letter_o" in result.repairs:
        return result.value, (("cccd.typed_letters", {"value": masked(value)}),)
    if "lost_zero" in result.repairs:
        return result.value, (("cccd.lost_zero", {"value": masked(value)}),)
    return result.value, ()


def _number_within(text: str) -> str:
    """Return the one number of 12 digits in a text: typed with l for 1, or beside words ("CCCD: …", "… (cũ: …)")."""
    plain = _DIGIT_SPACES.sub("", text.translate(_TYPED_DIGITS) if not _WORD.search(text) else text)
    found = _TWELVE.findall(plain)
    return found[0] if len(found) == 1 else ""


def phone_of(value: CellValue) -> tuple[str, Told]:
    """Read a telephone number; a wrong one is left out and told."""
    result = parse_phone(value)
    if result.error is not None:
        return "", (("phone.unreadable", {"value": masked(value)}),)
    if not result.repairs:
        return result.value or "", ()
    shown: dict[str, object] = {"value": masked(value), "kept": masked(result.value or "")}
    codes = ("lost_zero", "old_prefix", "first_of_several")
    return result.value or "", tuple((f"phone.{code}", shown) for code in result.repairs if code in codes)


def sex_of(value: CellValue) -> tuple[Sex | None, Told]:
    """Read a sex in words."""
    if value == "" or (type(value) is str and is_blank_mark(value)):
        return None, ()
    found = sex_of_word(str(value))
    return found, () if found else (("sex.unknown_word", {"value": value}),)


def relation_word(value: CellValue) -> tuple[str, Told]:
    """Read a relation to the head of the household."""
    text, told = text_of(value, MAX_WORD)
    return relation_of(text), told


def poverty_word(value: CellValue) -> tuple[Poverty | None, Told]:
    """Read a household's poverty status."""
    if value == "":
        return None, ()
    found = poverty_of(_number_text(value))
    if found is not None or (type(value) is str and is_blank_mark(value)):
        return found, ()
    return None, (("poverty.unknown_word", {"value": value}),)


def group_word(value: CellValue) -> tuple[CitizenGroup | None, Told]:
    """Read a form group; an occupation in its place stands for the group that it belongs to."""
    if value == "" or (type(value) is str and is_blank_mark(value)):
        return None, ()
    text = _number_text(value)
    found = group_of(f"nhóm {text}" if text.isdigit() else text) or group_of_occupation(text)
    return found, () if found else (("group.unknown_word", {"value": value}),)


def mark_of(value: CellValue) -> tuple[bool, Told]:
    """Read a tick."""
    return value != "" and is_mark(_number_text(value)), ()


@lru_cache(maxsize=512)
def ethnicity_case(text: str) -> str:
    """Return an ethnic group's name begun with a capital: "kinh", "KINH" → "Kinh"."""
    return name_case(text) if text.isupper() or text.islower() else with_capital(text)


def religion_of(value: CellValue) -> tuple[str, Told]:
    """Read a religion; "không" is a word of it, a dash says nothing."""
    text, told = text_of(value, MAX_WORD)
    return ("" if text and not text.strip(" -–—._…*") else ethnicity_case(text)), told


def ethnicity_of(value: CellValue) -> tuple[str, Told]:
    """Read an ethnic group's name."""
    text, told = text_of(value, MAX_WORD)
    return ethnicity_case(text), told
