"""From what a person typed to what is stored, field by field; pure. A blank becomes None, nothing is guessed.

Every cleaner gives the stored value and the issues of that field alone; rules over several fields and over the
register stand in ``validation``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from desktop_app.models.records import Issue, Severity
from desktop_app.services.importing.words import relation_of
from desktop_app.services.vietnamese import nfc, nfc_lines, parse_cccd, parse_date, parse_phone

MAX_TEXT = 200
MAX_WORD = 60
MAX_NAME = 100
MAX_NOTE = 4_000

Cleaned = tuple[Any, tuple[Issue, ...]]
Cleaner = Callable[[str, object, datetime.date], Cleaned]
"""(field name, raw value, today) → stored value and issues."""


@dataclass
class Checked:
    """Values ready to be stored and all that was found; errors block."""

    values: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def errors(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.is_error)

    @property
    def warnings(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if not issue.is_error)

    def error(self, name: str, code: str, message: str, other: str | None = None) -> None:
        self.issues.append(Issue(name, code, message, Severity.ERROR, other))

    def warn(self, name: str, code: str, message: str, other: str | None = None) -> None:
        self.issues.append(Issue(name, code, message, Severity.WARNING, other))


def clean(values: Mapping[str, object], cleaners: Mapping[str, Cleaner], today: datetime.date) -> Checked:
    """Clean the given fields; a field that is not given is left as it is.

    Raises:
        KeyError: a field that the record does not have.
    """
    checked = Checked()
    for name, raw in values.items():
        checked.values[name], issues = cleaners[name](name, raw, today)
        checked.issues.extend(issues)
    return checked


def text(limit: int = MAX_TEXT) -> Cleaner:
    """One line of text, spaces collapsed."""

    def cleaner(name: str, raw: object, today: datetime.date) -> Cleaned:
        value = " ".join(nfc(str(raw)).split()) if raw is not None else ""
        if len(value) > limit:
            return value, (Issue(name, "text.long", f"Dài quá {limit} ký tự; hãy viết gọn lại."),)
        return value or None, ()

    return cleaner


def note(name: str, raw: object, today: datetime.date) -> Cleaned:
    """Text of several lines."""
    value = nfc_lines(str(raw)) if raw is not None else ""
    if len(value) > MAX_NOTE:
        return value, (Issue(name, "text.long", f"Ghi chú dài quá {MAX_NOTE} ký tự; hãy viết gọn lại."),)
    return value or None, ()


def person_name(name: str, raw: object, today: datetime.date) -> Cleaned:
    """A full name: letters are needed, figures are refused."""
    value, issues = text(MAX_NAME)(name, raw, today)
    if value is None:
        return None, (Issue(name, "name.missing", "Chưa nhập họ và tên."),)
    if not any(character.isalpha() for character in value):
        return value, (Issue(name, "name.letters", "Họ và tên phải có chữ cái."),)
    if any(character.isdigit() for character in value):
        return value, (Issue(name, "name.digits", "Họ và tên không được có chữ số."),)
    return value, issues


def unit_name(name: str, raw: object, today: datetime.date) -> Cleaned:
    """The name of a hamlet, clan, organization or branch: needed."""
    value, issues = text()(name, raw, today)
    if value is None:
        return None, (Issue(name, "name.missing", "Chưa nhập tên."),)
    return value, issues


def choice(kind: type[StrEnum]) -> Cleaner:
    """A value of an enum, or blank."""

    def cleaner(name: str, raw: object, today: datetime.date) -> Cleaned:
        if raw is None or raw == "":
            return None, ()
        try:
            return kind(str(raw)).value, ()
        except ValueError:
            return None, (Issue(name, "choice.unknown", "Giá trị này không có trong danh sách chọn."),)

    return cleaner


def relation(name: str, raw: object, today: datetime.date) -> Cleaned:
    """The relation to the head in one spelling: "CHỦ HỘ" and "ch" are "Chủ hộ"."""
    value, issues = text(MAX_WORD)(name, raw, today)
    return (relation_of(value) if value and not issues else value), issues


_DATE_SENTENCES = {
    "not_a_date": "Không đọc được ngày; hãy ghi 08/05/1984, 05/1984 hoặc chỉ năm 1984.",
    "impossible_date": "Ngày này không có trong lịch; hãy xem lại.",
    "out_of_range": "Năm phải từ 1880 đến 2100.",
    "in_future": "Ngày này ở tương lai; hãy xem lại.",
}


def past_date(name: str, raw: object, today: datetime.date) -> Cleaned:
    """A date, perhaps of only a year, not after today; stored as ISO text of whatever is known."""
    return _date(name, raw, today)


def any_date(name: str, raw: object, today: datetime.date) -> Cleaned:
    """A date that may lie ahead."""
    return _date(name, raw, None)


def _date(name: str, raw: object, latest: datetime.date | None) -> Cleaned:
    result = parse_date(_from_iso(raw), latest=latest)
    if result.error is not None:
        return None, (Issue(name, f"date.{result.error}", _DATE_SENTENCES.get(result.error, "Ngày không hợp lệ.")),)
    return (result.value.iso() if result.value is not None else None), ()


def _from_iso(raw: object) -> object:
    """Stored dates come back into forms as "1984-05", which people do not write."""
    if isinstance(raw, str) and len(raw) == 7 and raw[4] == "-":
        return f"{raw[5:]}/{raw[:4]}"
    return raw


_NUMBER_SENTENCES = {
    "not_digits": "chỉ được có chữ số",
    "digits_lost": "đã mất chữ số vì Excel đổi thành số; hãy nhập lại từ giấy tờ",
    "length": "không đủ hoặc thừa chữ số",
}


def cccd(name: str, raw: object, today: datetime.date) -> Cleaned:
    """12 digits, or a CMND of 9; spaces are taken out."""
    result = parse_cccd(raw)
    if result.error is not None:
        reason = _NUMBER_SENTENCES.get(result.error, "không hợp lệ")
        return None, (Issue(name, f"cccd.{result.error}", f"Số CCCD {reason} (CCCD có 12 số, CMND cũ có 9 số)."),)
    return result.value, ()


def phone(name: str, raw: object, today: datetime.date) -> Cleaned:
    """A telephone number that begins with 0."""
    result = parse_phone(raw)
    if result.error is not None:
        reason = _NUMBER_SENTENCES.get(result.error, "không hợp lệ")
        return None, (Issue(name, f"phone.{result.error}", f"Số điện thoại {reason}."),)
    return result.value, ()


def uid(name: str, raw: object, today: datetime.date) -> Cleaned:
    """The uid of another record, or blank."""
    return (str(raw) if raw else None), ()
