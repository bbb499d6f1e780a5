"""The meeting (họp bình xét) at which a hamlet or branch reviews: when, where, who led it, who came, how they voted.

Invariant: one meeting a round, stage and hamlet, kept once and shared with the office; its numbers are never guessed.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import ReviewStage, Uid
from desktop_app.services.assessment.keys import round_uid
from desktop_app.services.assessment.review.recording import today
from desktop_app.services.assessment.review.rules import read_rules, require_may
from desktop_app.services.assessment.rounds import require_open, round_of
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import one_row
from desktop_app.services.settings import write_setting
from desktop_app.services.vietnamese import nfc, nfc_lines

PREFIX = "meeting:"
"""Keys of the shared settings that hold meetings begin so."""
MOST = 120
MOST_CONTENT = 3_000


@dataclass(frozen=True)
class Meeting:
    """What the minutes need.

    Attributes:
        held_on: ISO date, empty while nobody has written it down; ``began`` and ``ended`` as people write times.
        present, absent: households represented and not.
        votes_for, votes_against: of those present; None where there was no count.
        content: what else was said.
    """

    held_on: str = ""
    began: str = ""
    ended: str = ""
    place: str = ""
    chair: str = ""
    secretary: str = ""
    present: int | None = None
    absent: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    content: str = ""

    @property
    def day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.held_on) if self.held_on else None

    @property
    def is_empty(self) -> bool:
        return self == Meeting()


def meeting_key(year: int, stage: ReviewStage, hamlet: Uid | None) -> str:
    """Under which setting a meeting is kept."""
    return f"{PREFIX}{round_uid(year)}:{stage.value}:{hamlet or 'all'}"


def load_meeting(context: Context, year: int, stage: ReviewStage, hamlet: Uid | None) -> Meeting:
    """The meeting of a hamlet (None: of the whole commune); empty where none was written down."""
    with context.read() as connection:
        return read_meeting(connection, year, stage, hamlet)


def read_meeting(connection: Connection, year: int, stage: ReviewStage, hamlet: Uid | None) -> Meeting:
    """The same within a reading transaction; what is stored oddly is left out."""
    row = one_row(
        connection, "SELECT value FROM setting WHERE key = ? AND present", (meeting_key(year, stage, hamlet),)
    )
    try:
        stored: Any = json.loads(row[0]) if row and isinstance(row[0], str) else {}
    except ValueError:
        stored = {}
    if not isinstance(stored, dict):
        return Meeting()
    values: dict[str, Any] = {}
    for item in fields(Meeting):
        value = stored.get(item.name)
        wanted = str if isinstance(item.default, str) else int
        if isinstance(value, wanted) and not isinstance(value, bool):
            values[item.name] = value
    try:
        dt.date.fromisoformat(values.get("held_on") or "2000-01-01")
    except ValueError:
        values.pop("held_on")
    return Meeting(**values)


def save_meeting(context: Context, year: int, stage: ReviewStage, hamlet: Uid | None, meeting: Meeting) -> Meeting:
    """Write a meeting down, or correct it; undoable.

    Raises:
        UserError: ``meeting.date``, ``meeting.count``, ``meeting.votes``, ``meeting.long``, ``round.closed``,
            ``round.unknown``, and the refusals of the stage (``review.not_allowed`` …).
    """
    clean = _checked(context, meeting)
    with context.operation("review.meeting", {"year": year}) as op:
        require_open(round_of(op.connection, year))
        require_may(context, read_rules(op.connection), stage)
        write_setting(op.writer, meeting_key(year, stage, hamlet), asdict(clean))
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
    counts = (meeting.present, meeting.absent, meeting.votes_for, meeting.votes_against)
    if any(count is not None and not 0 <= count <= 100_000 for count in counts):
        raise UserError("Số hộ và số phiếu phải là số từ 0 trở lên; chưa lưu. Hãy nhập lại.", code="meeting.count")
    votes = (meeting.votes_for or 0) + (meeting.votes_against or 0)
    if meeting.present is not None and votes > meeting.present:
        raise UserError(
            f"Tổng số phiếu {votes} nhiều hơn số hộ có mặt {meeting.present}; chưa lưu. Hãy xem lại hai số này.",
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
        present=meeting.present,
        absent=meeting.absent,
        votes_for=meeting.votes_for,
        votes_against=meeting.votes_against,
        content=content,
    )
