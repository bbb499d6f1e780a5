"""Which drawn form lies on the table: by its code, the end of a CCCD, its place in the stack or a name.

Invariant: only forms that are drawn are found; of any other form it is said that nobody keys it again; a code that
several share, or a name that several bear, is never decided by the program.
"""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.models.types import LearningModel, SecondEntryStatus
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.keying.finding import LIMIT, SHORTEST_TAIL, Candidate, Found
from desktop_app.services.keying.second_records import SecondRow, SecondSheet
from desktop_app.services.paper.codes import form_code, looks_like_code, parse_code, require_form
from desktop_app.services.raw import one_row
from desktop_app.services.vietnamese import fold, nfc


def find_drawn(context: Context, sheet: SecondSheet, text: str) -> Found:
    """Who is meant among the drawn forms by what was typed or scanned.

    Raises:
        UserError: ``code.…`` for a code that cannot be of this batch, ``second.not_drawn`` for a form that is not to
            be keyed again.
    """
    text = text if looks_like_code(text) else nfc(text).split("|")[0].strip()
    rows = [row for row in sheet.rows if row.is_open]
    if looks_like_code(text):
        return _by_code(sheet, rows, text)
    if text.isascii() and text.isdigit():
        found = [row for row in rows if str(row.order) == text] or _by_tail(context, sheet, rows, text)
    else:
        words = fold(text).split()
        found = [row for row in rows if words and all(f" {word}" in f" {fold(row.name)}" for word in words)]
    return _found(found)


def still_to_key(rows: Iterable[SecondRow], limit: int = LIMIT) -> tuple[Candidate, ...]:
    """The forms that are to be keyed next, in the order of the stack."""
    open_rows = [row for row in rows if row.status is SecondEntryStatus.DRAWN and not row.locked]
    return _found(open_rows[:limit]).candidates


def _by_code(sheet: SecondSheet, rows: list[SecondRow], text: str) -> Found:
    code = parse_code(text)
    require_form(code, year=sheet.batch.year, set_key=sheet.definition.key)
    found = [row for row in rows if form_code(row.subject) == code.digits]
    if found:
        return _found(found)
    if any(form_code(row.subject) == code.digits for row in sheet.rows):
        raise UserError("Phiếu này đã nhập lần hai và đối chiếu rồi; để riêng ra.", code="second.compared")
    raise UserError(
        f"Phiếu có mã {code.text} không nằm trong số phiếu được chọn của tập này nên không phải nhập lại; để riêng ra.",
        code="second.not_drawn",
    )


def _by_tail(context: Context, sheet: SecondSheet, rows: list[SecondRow], text: str) -> list[SecondRow]:
    """People by the end of their CCCD."""
    if sheet.batch.model is not LearningModel.CITIZEN or len(text) < SHORTEST_TAIL:
        return []
    with context.read() as connection:
        query = "SELECT 1 FROM citizen WHERE uid = ? AND cccd LIKE ?"
        return [row for row in rows if one_row(connection, query, (bytes.fromhex(row.subject), f"%{text}"))]


def _found(rows: list[SecondRow]) -> Found:
    made = tuple(
        Candidate(row.subject, row.name, " · ".join(part for part in (row.birth, row.detail) if part), is_near=True)
        for row in rows
    )
    return Found(made, made[0] if len(made) == 1 else None)
