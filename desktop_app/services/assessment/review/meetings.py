"""The meeting (họp bình xét) at which a hamlet or branch reviews: when, where, who led it, who came, how they voted.

Invariant: one meeting a round, stage and hamlet, kept once and shared with the office; its numbers are never guessed.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.assessment import meeting as table
from desktop_app.models.types import ReviewStage, Uid
from desktop_app.services.assessment.keys import round_uid
from desktop_app.services.assessment.review.recording import today
from desktop_app.services.assessment.review.rules import read_rules, require_may
from desktop_app.services.assessment.rounds import require_open, round_of
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import one_row
from desktop_app.services.vietnamese import nfc, nfc_lines

MOST = 120
MOST_CONTENT = 3_000


@dataclass(frozen=True)
class Meeting:
    """What the minutes need.

    Attributes:
        held_on: ISO date, empty while nobody has written it down; ``began`` and ``ended`` as people write times.
        came, stayed_away: households represented and not.
        votes_for, votes_against: of those present; None where there was no count.
        content: what else was said.
    """

    held_on: str = ""
    began: str = ""
    ended: str = ""
    place: str = ""
    chair: str = ""
    secretary: str = ""
    came: int | None = None
    stayed_away: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    content: str = ""

    @property
    def day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.held_on) if self.held_on else None


_FIELDS = (
    "held_on", "began", "ended", "place", "chair", "secretary", "came", "stayed_away", "votes_for", "votes_against",
    "content",
)  # fmt: skip
"""Columns of a meeting, named as its fields."""


def meeting_uid(year: int, stage: ReviewStage, hamlet: Uid | None) -> Uid:
    """The identity of a meeting, the same on every machine."""
    return natural_uid("meeting", round_uid(year), stage.value, hamlet or "")


def load_meeting(context: Context, year: int, stage: ReviewStage, hamlet: Uid | None) -> Meeting:
    """The meeting of a hamlet (None: of the whole commune); empty where none was written down."""
    with context.read() as connection:
        return read_meeting(connection, year, stage, hamlet)


def read_meeting(connection: Connection, year: int, stage: ReviewStage, hamlet: Uid | None) -> Meeting:
    """The same within a reading transaction; a day that is none is left out."""
    key = bytes.fromhex(meeting_uid(year, stage, hamlet))
    row = one_row(connection, f"SELECT {', '.join(_FIELDS)} FROM meeting WHERE uid = ? AND present", (key,))
    if row is None:
        return Meeting()
    given: dict[str, Any] = {name: value for name, value in zip(_FIELDS, row, strict=True) if value is not None}
    found = Meeting(**given)
    with suppress(ValueError):
        dt.date.fromisoformat(found.held_on or "2000-01-01")
        return found
    return replace(found, held_on="")


def save_meeting(context: Context, year: int, stage: ReviewStage, hamlet: Uid | None, meeting: Meeting) -> Meeting:
    """Write a meeting down, or correct it; undoable.

    Raises:
        UserError: ``meeting.date``, ``meeting.count``, ``meeting.votes``, ``meeting.long``, ``round.closed``,
            ``round.unknown``, and the refusals of the stage (``review.not_allowed`` …).
    """
    clean = _checked(context, meeting)
    with context.operation("review.meeting", {"year": year}) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        require_may(context, read_rules(op.connection), stage)
        values = {
            "assessment_round_id": round_.id,
            "hamlet_id": op.writer.references.id("hamlet", hamlet) if hamlet else None,
            "stage": stage.value,
            **{name: None if value == "" else value for name, value in asdict(clean).items()},
        }
        op.writer.insert(table, values, uid=meeting_uid(year, stage, hamlet))
    return clean


def households_of(context: Context, hamlet: Uid | None) -> int:
    """How many households the hamlet (None: the commune) has in the register, to hold the attendance against."""
    query = (
        "SELECT count(*) FROM household AS h LEFT JOIN hamlet AS v ON v.id = h.hamlet_id "
        "WHERE h.present AND h.valid_to IS NULL AND (? IS NULL OR v.uid = ?)"
    )
    key = bytes.fromhex(hamlet) if hamlet else None
    with context.read() as connection:
        row = one_row(connection, query, (key, key))
    return int(row[0]) if row else 0


def _checked(context: Context, meeting: Meeting) -> Meeting:
    if meeting.day is not None and meeting.day > today(context):
        raise UserError(
            f"Ngày họp {meeting.day:%d/%m/%Y} còn ở phía trước; chưa lưu. Hãy xem lại ngày họp.", code="meeting.date"
        )
    counts = (meeting.came, meeting.stayed_away, meeting.votes_for, meeting.votes_against)
    if any(count is not None and not 0 <= count <= 100_000 for count in counts):
        raise UserError("Số hộ và số phiếu phải là số từ 0 trở lên; chưa lưu. Hãy nhập lại.", code="meeting.count")
    votes = (meeting.votes_for or 0) + (meeting.votes_against or 0)
    if meeting.came is not None and votes > meeting.came:
        raise UserError(
            f"Tổng số phiếu {votes} nhiều hơn số hộ có mặt {meeting.came}; chưa lưu. Hãy xem lại hai số này.",
            code="meeting.votes",
        )
    short = {name: nfc(getattr(meeting, name)) for name in ("began", "ended", "place", "chair", "secretary")}
    content = nfc_lines(meeting.content)
    if max(map(len, short.values())) > MOST or len(content) > MOST_CONTENT:
        raise UserError(
            f"Tên và nơi họp không quá {MOST} chữ, diễn biến không quá {MOST_CONTENT} chữ; chưa lưu. Hãy viết gọn lại.",
            code="meeting.long",
        )
    return Meeting(
        held_on=meeting.held_on,
        **short,
        came=meeting.came,
        stayed_away=meeting.stayed_away,
        votes_for=meeting.votes_for,
        votes_against=meeting.votes_against,
        content=content,
    )
