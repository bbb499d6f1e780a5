"""The present round as the register's lists need it: which year's scores and titles are shown beside the names."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import get_meta
from desktop_app.models.tables.assessment import assessment_round
from desktop_app.models.types import RoundStatus, Uid

WORKING_YEAR = "working_year"
"""Fact of this file: the year of the round that a person chose to work in."""


@dataclass(frozen=True, slots=True)
class RoundKey:
    """A round by its local key, its uid and its year; key -1 where there is none."""

    id: int
    uid: Uid | None
    year: int
    counted_on: str | None


NO_ROUND = RoundKey(-1, None, 0, None)


def round_key(connection: Connection, uid: Uid | None = None) -> RoundKey:
    """The round with this uid; without one, the round that people work in.

    It is the one that was chosen on this machine, else the newest that is not closed, else the newest.
    """
    query = select(assessment_round).where(assessment_round.c.present)
    if uid is not None:
        query = query.where(assessment_round.c.uid == uid)
    else:
        is_chosen = assessment_round.c.year == (get_meta(connection, WORKING_YEAR) or 0)
        is_closed = func.coalesce(assessment_round.c.status, "") == RoundStatus.CLOSED.value
        query = query.order_by(is_chosen.desc(), is_closed, assessment_round.c.year.desc())
    row = connection.execute(query.limit(1)).first()
    return NO_ROUND if row is None else RoundKey(row.id, row.uid, row.year, row.counted_on)


def open_working_year(connection: Connection) -> int | None:
    """The year that was chosen to be worked in; None where none was, or its round is closed or gone."""
    year = get_meta(connection, WORKING_YEAR)
    if not year:
        return None
    is_open = func.coalesce(assessment_round.c.status, "") != RoundStatus.CLOSED.value
    found = select(assessment_round.c.id).where(assessment_round.c.present, assessment_round.c.year == year, is_open)
    return None if connection.execute(found).first() is None else int(year)


def has_stale_year(connection: Connection) -> bool:
    """Whether a chosen year stands in the file that nobody can work in any more."""
    return bool(get_meta(connection, WORKING_YEAR)) and open_working_year(connection) is None


def counting_day(connection: Connection, uid: Uid | None = None) -> datetime.date:
    """The day on which age and residence count: 31/12 of the round's year (of this year where there is no round)."""
    key = round_key(connection, uid)
    if key.counted_on and len(key.counted_on) == 10:
        return datetime.date.fromisoformat(key.counted_on)
    return datetime.date(key.year or datetime.date.today().year, 12, 31)
