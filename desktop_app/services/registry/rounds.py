"""The present round as the register's lists need it: which year's scores and titles are shown beside the names."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.tables.assessment import assessment_round
from desktop_app.models.types import Uid


@dataclass(frozen=True, slots=True)
class RoundKey:
    """A round by its local key, its uid and its year; key -1 where there is none."""

    id: int
    uid: Uid | None
    year: int
    counted_on: str | None


NO_ROUND = RoundKey(-1, None, 0, None)


def round_key(connection: Connection, uid: Uid | None = None) -> RoundKey:
    """The round with this uid, or the newest one."""
    query = select(assessment_round).where(assessment_round.c.present)
    if uid is not None:
        query = query.where(assessment_round.c.uid == uid)
    row = connection.execute(query.order_by(assessment_round.c.year.desc()).limit(1)).first()
    return NO_ROUND if row is None else RoundKey(row.id, row.uid, row.year, row.counted_on)


def counting_day(connection: Connection, uid: Uid | None = None) -> datetime.date:
    """The day on which age and residence count: 31/12 of the round's year (of this year where there is no round)."""
    key = round_key(connection, uid)
    if key.counted_on and len(key.counted_on) == 10:
        return datetime.date.fromisoformat(key.counted_on)
    return datetime.date(key.year or datetime.date.today().year, 12, 31)
