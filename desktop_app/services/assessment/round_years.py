"""Rounds of any year: one opened out of turn, and one that was opened by mistake taken away again.

Invariant: only a round in which nothing was done goes away, and never the last one, so no work loses its round.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.engine import Connection

from desktop_app.models.tables import assessment as tables
from desktop_app.services.assessment.round_closing import require_office
from desktop_app.services.assessment.rounds import RoundRecord, open_round, remember_year, require_open, round_of
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc, number_text

FIRST_YEAR = 2015
"""Before it there was none of the models (QĐ 281/QĐ-TTg 2014 began them)."""

_WORK: dict[str, str] = {
    "registration": "đăng ký",
    "assessment": "phiếu",
    "batch": "tập phiếu",
    "posting": "danh sách niêm yết",
    "site_account": "tài khoản trang quốc gia",
    "follow_up": "phân công theo dõi",
}
"""What keeps a round: tables with what one row of each is called."""


def open_year(context: Context, typed: str, today: dt.date) -> RoundRecord:
    """Open the round of a year that a person typed, be it one before or one left out.

    Args:
        today: no round is opened further ahead than the year after it.

    Raises:
        UserError: ``year.bad``, ``round.exists``, ``round.office_only``; nothing was opened.
    """
    require_office(context)
    year = checked_year(typed, today)
    with context.read() as connection:
        if one_row(connection, "SELECT 1 FROM assessment_round WHERE year = ? AND present", (year,)) is not None:
            raise UserError(f"Đợt năm {year} đã có; không mở thêm.", code="round.exists")
    return open_round(context, year)


def checked_year(typed: str, today: dt.date) -> int:
    """The year as typed; raises UserError ``year.bad``."""
    text, last = nfc(typed), today.year + 1
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    if not FIRST_YEAR <= year <= last:
        raise UserError(f"Năm của đợt phải từ {FIRST_YEAR} đến {last}, gõ đủ bốn chữ số; chưa mở đợt.", code="year.bad")
    return year


def remove_round(context: Context, year: int) -> None:
    """Take away a round in which nothing was done, as one that was opened for a wrong year (undoable).

    Raises:
        UserError: ``round.unknown``, ``round.closed``, ``round.used`` with what stands in it, ``round.last``,
            ``round.office_only``.
    """
    require_office(context)
    with context.operation("round.remove", {"year": year}) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        standing = _work(op.connection, round_)
        if standing:
            raise UserError(
                f"Đợt {year} đã có {', '.join(standing)} nên không bỏ được; chưa có gì thay đổi. Nếu đợt mở nhầm năm, "
                "hãy hoàn tác những việc đó trong Nhật ký trước.",
                code="round.used",
            )
        if len(all_rows(op.connection, "SELECT 1 FROM assessment_round WHERE present LIMIT 2")) < 2:
            raise UserError(
                f"Đợt {year} là đợt duy nhất nên chưa bỏ; hãy mở đợt của năm đúng trước, rồi bỏ đợt này.",
                code="round.last",
            )
        for table in (tables.target, tables.round_set):
            ids = all_rows(
                op.connection, f"SELECT id FROM {table.name} WHERE assessment_round_id = ? AND present", (round_.id,)
            )
            op.writer.remove_many(table, [row[0] for row in ids])
        op.writer.remove(tables.assessment_round, round_.id)
    if context.working_year == year:
        remember_year(context, None)


def may_remove(context: Context, round_: RoundRecord) -> bool:
    """Whether a round could be taken away: it is open, empty and not the only one."""
    with context.read() as connection:
        others = all_rows(connection, "SELECT 1 FROM assessment_round WHERE present LIMIT 2")
        return len(others) == 2 and not round_.is_closed and not _work(connection, round_)


def _work(connection: Connection, round_: RoundRecord) -> list[str]:
    found = []
    for table, noun in _WORK.items():
        query = f"SELECT count(*) FROM {table} WHERE assessment_round_id = ? AND present"
        count = int(all_rows(connection, query, (round_.id,))[0][0])
        if count:
            found.append(f"{number_text(count)} {noun}")
    papers = "SELECT count(*) FROM certificate WHERE year = ? AND present"
    count = int(all_rows(connection, papers, (round_.year,))[0][0])
    return [*found, f"{number_text(count)} giấy công nhận"] if count else found
