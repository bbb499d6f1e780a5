"""Whether a version's own dates fit the round that it would judge; a sentence where they do not.

Invariant: dates never stop an office, for sources give them late or not at all; they are told before it decides.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.engine import Connection

from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.raw import one_row


def date_warnings(connection: Connection, definition: CriteriaSet) -> tuple[str, ...]:
    """What speaks against using a set in the newest round that is not closed."""
    row = one_row(
        connection,
        "SELECT year, starts_on, counted_on FROM assessment_round WHERE present AND status <> 'closed' "
        "ORDER BY year DESC LIMIT 1",
    )
    if row is None:
        return ()
    year = row[0]
    starts = dt.date.fromisoformat(row[1]) if row[1] else dt.date(year, 1, 1)
    counted = dt.date.fromisoformat(row[2]) if row[2] else dt.date(year, 12, 31)
    since, until = definition.effective_from, definition.effective_to
    if until is not None and until < counted:
        when = "trước khi đợt bắt đầu" if until < starts else "giữa đợt"
        return (f"Bản này hết hiệu lực ngày {until:%d/%m/%Y}, {when} ({year}); hãy xem có đúng bản cần dùng không.",)
    if since is not None and since > counted:
        return (
            f"Bản này có hiệu lực từ {since:%d/%m/%Y}, sau ngày tính của đợt {year} ({counted:%d/%m/%Y}); "
            "hãy xem có đúng bản cần dùng không.",
        )
    return ()


def warnings_now(context: Context, definition: CriteriaSet) -> tuple[str, ...]:
    """``date_warnings`` of the opened register."""
    with context.read() as connection:
        return date_warnings(connection, definition)
