"""Former places of people and households: written when a deed ends one, read for pages, exports and past rounds.

Invariants: a person's former places follow one another without gaps, the present one begins where the last ended;
a time away (``MoveReason.AWAY``) lies over them and ends none. The place on a day is the first former one that ended
after that day, else the present one. Days may be known by year or month only and compare as text.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.records import Issue, Link
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.registry import household_place, residence
from desktop_app.models.types import LifeStatus, MoveReason, Uid
from desktop_app.services.importing.words import HEAD
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.vietnamese import parse_date

Row = Mapping[str, Any]

_DATE_SENTENCES = {
    "not_a_date": "Không đọc được ngày; hãy ghi 08/05/2026, 05/2026 hoặc chỉ năm 2026.",
    "impossible_date": "Ngày này không có trong lịch; hãy xem lại.",
    "out_of_range": "Năm phải từ 1880 đến 2100.",
    "in_future": "Ngày này ở tương lai; việc chỉ ghi khi đã xảy ra.",
}


@dataclass(frozen=True, slots=True)
class FormerPlace:
    """Where a person lived before, or where a household stood before.

    Attributes:
        where: the household of a person, the hamlet of a household; None outside the commune or of no place.
        relation: to the head then.
        since, until: in words, "" for always; ``until`` is the first day elsewhere.
        words: where to or from outside the commune; a household's former address.
    """

    where: Link | None
    relation: str
    since: str
    until: str
    reason: MoveReason | None
    words: str


def read_day(raw: object, today: datetime.date) -> tuple[str, Issue | None]:
    """The day on which a deed came into force: ISO text of whatever is known; today where nothing is said."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return today.isoformat(), None
    found = parse_date(raw, latest=today)
    if found.value is None:
        code = found.error or "not_a_date"
        return "", Issue("on", f"date.{code}", _DATE_SENTENCES.get(code, "Ngày không hợp lệ."))
    return found.value.iso(), None


def is_before(day: str, other: str | None) -> bool:
    """Whether a day surely lies before another; "2025" does not lie before "2025-03-01"."""
    return bool(other) and day[: len(other or "")] < (other or "")[: len(day)]


def later(day: str, other: str | None) -> str:
    """The later of two days; of "2025" and "2025-03-01" the one that is known better."""
    return max(day, other or "")


def present_since(connection: Connection, citizen_ids: Iterable[int]) -> dict[int, str]:
    """Since when people are where they are now; who always was is left out."""
    query = """
    SELECT citizen_id, max(until) FROM residence WHERE present = 1 AND reason IS NOT 'away' AND until IS NOT NULL
    AND citizen_id IN (SELECT value FROM json_each(?)) GROUP BY 1"""
    return dict(all_rows(connection, query, (json.dumps(sorted(citizen_ids)),)))


def standing_since(connection: Connection, household_ids: Iterable[int]) -> dict[int, str]:
    """Since when households are in the hamlet they are in now."""
    query = """
    SELECT household_id, max(until) FROM household_place WHERE present = 1 AND until IS NOT NULL
    AND household_id IN (SELECT value FROM json_each(?)) GROUP BY 1"""
    return dict(all_rows(connection, query, (json.dumps(sorted(household_ids)),)))


def end_places(
    op: Operation,
    people: Sequence[Row],
    until: str,
    reason: MoveReason,
    *,
    heads: Collection[int] = (),
    place: str | None = None,
    is_outside: bool = False,
) -> None:
    """Write down that people's present place ended on a day; their new one is written by the caller.

    Args:
        people: citizens as they stand before the deed.
        heads: local keys of those who headed their household there.
        place: where to, outside the commune.
        is_outside: the time that ends was spent outside the commune.
    """
    since = present_since(op.connection, [row["id"] for row in people])
    for row in people:
        begun = since.get(row["id"])
        if row["household_id"] is None and not is_outside:
            continue
        _write(op, row, begun, later(until, begun), reason, is_outside, place, heads)


def _write(
    op: Operation,
    row: Row,
    since: str | None,
    until: str,
    reason: MoveReason,
    is_outside: bool,
    place: str | None,
    heads: Collection[int],
) -> None:
    if since == until:
        return
    values = {
        "citizen_id": row["id"],
        "household_id": None if is_outside else row["household_id"],
        "relation": None if is_outside else HEAD if row["id"] in heads else row["relation"],
        "since": since,
        "until": until,
        "reason": reason.value,
        "place": place,
        "note": None,
    }
    where = op.writer.references.uid("household", values["household_id"]) if values["household_id"] else ""
    uid = natural_uid("residence", row["uid"], until, reason.value, where)
    op.writer.insert(residence, values, uid=uid)


def begin_outside(op: Operation, row: Row, until: str, place: str | None) -> None:
    """A person who came from elsewhere was outside the commune until that day."""
    _write(op, row, None, until, MoveReason.MOVED, True, place, ())


def begin_away(op: Operation, row: Row, since: str, place: str | None) -> None:
    """A time away begins; it stands open until ``end_away``."""
    values = {
        "citizen_id": row["id"],
        "household_id": None,
        "relation": None,
        "since": since,
        "until": None,
        "reason": MoveReason.AWAY.value,
        "place": place,
        "note": None,
    }
    op.writer.insert(residence, values, uid=natural_uid("residence", row["uid"], "away", since))


def end_away(op: Operation, people: Iterable[Row], until: str) -> None:
    """The time away of those who are away ends; one that began by a plain edit is written down now."""
    for row in people:
        if row["life_status"] != LifeStatus.AWAY.value:
            continue
        query = """
        SELECT id, since FROM residence WHERE citizen_id = ? AND present = 1 AND reason = 'away' AND until IS NULL
        ORDER BY since DESC LIMIT 1"""
        found = op.connection.exec_driver_sql(query, (row["id"],)).first()
        if found is None:
            begin_away(op, row, row["status_date"] or "", None)
            found = op.connection.exec_driver_sql(query, (row["id"],)).one()
        op.writer.update(residence, found[0], {"until": later(until, found[1]), "since": found[1] or None})


def end_household_place(
    op: Operation, row: Row, until: str, reason: MoveReason, *, is_outside: bool = False, since: str | None = None
) -> None:
    """Write down that a household's present place ended on a day.

    Args:
        row: the household as it stands before the deed.
        is_outside: it was outside the commune, or nobody lived in it, from ``since`` to that day.
    """
    begun = since or standing_since(op.connection, [row["id"]]).get(row["id"])
    end = later(until, begun)
    if begun == end or (row["hamlet_id"] is None and not is_outside):
        return
    values = {
        "household_id": row["id"],
        "hamlet_id": None if is_outside else row["hamlet_id"],
        "address": None if is_outside else row["address"],
        "since": begun,
        "until": end,
        "reason": reason.value,
        "note": None,
    }
    op.writer.insert(household_place, values, uid=place_uid(op, row["uid"], end, reason, values["hamlet_id"]))


def place_uid(op: Operation, household: Uid, until: str, reason: MoveReason, hamlet_id: int | None) -> Uid:
    """The identity of a household's former place: two machines that write down the same deed make one row."""
    where = op.writer.references.uid("hamlet", hamlet_id) if hamlet_id is not None else ""
    return natural_uid("household_place", household, until, reason.value, where)


# -- reading -------------------------------------------------------------------------------------------------------

_OF_CITIZEN = """
SELECT h.uid, coalesce(nullif(h.code, ''), c.full_name, ''), r.relation, r.since, r.until, r.reason, r.place
FROM residence AS r LEFT JOIN household AS h ON h.id = r.household_id LEFT JOIN citizen AS c ON c.id = h.head_id
WHERE r.citizen_id = ? AND r.present = 1 ORDER BY r.until IS NOT NULL, r.until DESC, r.since DESC, r.id"""
_OF_HOUSEHOLD = """
SELECT v.uid, v.name, NULL, p.since, p.until, p.reason, p.address FROM household_place AS p
LEFT JOIN hamlet AS v ON v.id = p.hamlet_id
WHERE p.household_id = ? AND p.present = 1 ORDER BY p.until DESC, p.id"""


def former_places(connection: Connection, citizen_id: int) -> tuple[FormerPlace, ...]:
    """Where a person lived before, the last first; spans in one household (its head changed) are one."""
    rows = all_rows(connection, _OF_CITIZEN, (citizen_id,))
    found = [tuple(row) for row in rows if row[5] == MoveReason.AWAY]
    query = "SELECT h.uid FROM citizen AS c JOIN household AS h ON h.id = c.household_id WHERE c.id = ?"
    home = connection.exec_driver_sql(query, (citizen_id,)).scalar()
    last: tuple[Any, ...] | None = None
    for row in rows:
        if row[5] == MoveReason.AWAY:
            continue
        if row[5] == MoveReason.HEAD and row[0] == (home if last is None else last[0]):
            last = None if last is None else (*last[:3], row[3], *last[4:])
        else:
            if last is not None:
                found.append(last)
            last = tuple(row)
    if last is not None:
        found.append(last)
    found.sort(key=lambda row: row[4] or "9", reverse=True)
    return tuple(map(_former, found))


def former_household_places(connection: Connection, household_id: int) -> tuple[FormerPlace, ...]:
    """Where a household stood before, the last first."""
    return tuple(map(_former, all_rows(connection, _OF_HOUSEHOLD, (household_id,))))


def _former(row: Sequence[Any]) -> FormerPlace:
    uid, name, relation, since, until, reason, words = row
    known = reason if reason in set(MoveReason) else None
    return FormerPlace(
        None if uid is None else Link(uid.hex(), name or ""),
        relation or "",
        birth_text(since),
        birth_text(until),
        MoveReason(known) if known else None,
        words or "",
    )
