"""Numbers of the register book and of decisions.

Invariant: a model and year count on from where the paper book ended and never use a number twice; voided and absent
certificates keep theirs. The unique index of the table stands behind this.
"""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.recognition.records import NumberRange
from desktop_app.services.settings import OfficeSettings, read_office
from desktop_app.services.vietnamese import fold, nfc

LONGEST_NUMBER = 60


def next_sequence(connection: Connection, office: OfficeSettings, model: LearningModel, year: int) -> int:
    """The first number that is free for a model and year."""
    row = one_row(connection, "SELECT max(sequence) FROM certificate WHERE model = ? AND year = ?", (model.value, year))
    used = row[0] if row and row[0] is not None else 0
    first = office.first_numbers.get(f"{model.value}:{year}")
    return max(used + 1, first if isinstance(first, int) else 1, 1)


def format_number(office: OfficeSettings, model: LearningModel, year: int, sequence: int) -> str:
    """A register number as it is printed, "0412/2026-CD".

    Raises:
        UserError: ``settings.number_format`` when the office's format cannot be used.
    """
    try:
        text = office.number_format.format(sequence=sequence, year=year, code=office.number_codes.get(model.value, ""))
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise UserError(
            f"Mẫu số vào sổ “{office.number_format}” không dùng được nên chưa cấp số nào. Hãy sửa trong Thiết lập, "
            "ví dụ {sequence:04d}/{year}-{code}.",
            code="settings.number_format",
        ) from error
    number = nfc(text)
    if not number or not _tells_apart(office, sequence):
        raise UserError(
            f"Mẫu số vào sổ “{office.number_format}” không có số thứ tự nên chưa cấp số nào. Hãy sửa trong Thiết lập.",
            code="settings.number_format",
        )
    return number


def _tells_apart(office: OfficeSettings, sequence: int) -> bool:
    """Whether two running numbers give two texts, so that a number names one certificate."""
    first, second = (office.number_format.format(sequence=value, year=0, code="") for value in (sequence, sequence + 1))
    return first != second


def next_numbers(context: Context, year: int, model: LearningModel, count: int) -> NumberRange:
    """The register numbers that recognising ``count`` now would give, for the question before it."""
    with context.read() as connection:
        office = read_office(connection)
        first = next_sequence(connection, office, model, year)
    last = first + max(count, 1) - 1
    return NumberRange(
        format_number(office, model, year, first), format_number(office, model, year, last), max(count, 0)
    )


def decision_number(text: str, office: OfficeSettings) -> str:
    """The decision's number as it is printed; digits alone get the office's symbol: "112" → "112/QĐ-UBND".

    Raises:
        UserError: ``decision.number_missing``, ``decision.number_bad``.
    """
    number = nfc(text)
    if not number:
        raise UserError(
            "Chưa ghi số quyết định nên chưa công nhận. Hãy ghi số, ví dụ 112.", code="decision.number_missing"
        )
    if not any(letter.isdigit() for letter in number) or len(number) > LONGEST_NUMBER:
        raise UserError(
            f"Số quyết định “{number[:LONGEST_NUMBER]}” không hợp lệ nên chưa công nhận. Hãy ghi số, ví dụ 112 hoặc "
            f"112/{office.decision_symbol or 'QĐ-UBND'}.",
            code="decision.number_bad",
        )
    if number.isdigit() and office.decision_symbol:
        return f"{number}/{nfc(office.decision_symbol)}"
    return number


def refuse_used_number(connection: Connection, model: LearningModel, number: str, date: dt.date) -> None:
    """Refuse a decision's number that stands for this model already, or for a decision of another day of that year.

    One decision may recognise several models; it then has one number and one date.

    Raises:
        UserError: ``decision.used``, ``decision.other_date``.
    """
    rows = all_rows(
        connection,
        "SELECT d.number, d.decided_on, d.model FROM decision d WHERE d.present AND substr(d.decided_on, 1, 4) = ?",
        (f"{date.year:04d}",),
    )
    same = [(known, on, of) for known, on, of in rows if _plain(known) == _plain(number)]
    if any(of == model.value and on == date.isoformat() for _, on, of in same):
        raise UserError(
            f"Quyết định số {number} ngày {date:%d/%m/%Y} đã ghi cho mô hình này rồi nên không ghi thêm; những gì đã "
            "công nhận vẫn giữ nguyên. Người đạt thêm được công nhận bằng quyết định khác.",
            code="decision.used",
        )
    for _, on, _ in same:
        if on != date.isoformat():
            known = f"{dt.date.fromisoformat(on):%d/%m/%Y}"
            raise UserError(
                f"Số {number} đã dùng cho quyết định ngày {known} nên chưa công nhận. Một số chỉ có một ngày; "
                " hãy xem lại số hoặc ngày.",
                code="decision.other_date",
            )


def _plain(number: str | None) -> str:
    """A decision's number for comparing: no case, accents, spaces or leading zeros."""
    return re.sub(r"^0+(?=\d)", "", fold(number or "").replace(" ", ""))
