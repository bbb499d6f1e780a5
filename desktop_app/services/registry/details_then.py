"""One record as a past round counts it: who lived in a household, what a hamlet, clan or unit had on the counting day.

Invariant: the figures are those of the criteria's facts on that day; while a round still counts the present there is
nothing to tell, and the record's page alone has the word.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.records import Link, Member
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.words import HEAD
from desktop_app.services.moves.as_of import citizens_then, households_then, lived_in, past_day
from desktop_app.services.moves.as_of_lists import source_then
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.detail_parts import any_row, member_of
from desktop_app.services.registry.lists import SCORE_COLUMNS, passing_subjects, score_join
from desktop_app.services.registry.rounds import RoundKey, round_key

SHOWN = 300
"""Most people or households that are named; their number is told whole."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a whole hold the round's title."""

    passing: int
    whole: int


@dataclass(frozen=True, slots=True)
class HomeThen:
    """A household of a clan on the day."""

    household: Link
    head: str
    hamlet: str
    passes: bool


@dataclass(frozen=True, slots=True)
class RecordThen:
    """A record on a round's counting day.

    Attributes:
        year, day: of the round; the day in words.
        existed: False of a household that was not made yet or was closed.
        hamlet, address: of a household.
        members: the people of a household or unit, the first of them.
        homes: the households of a clan, the first of them.
        families, people: shares that pass; None where the record has no such share.
    """

    year: int
    day: str
    existed: bool = True
    hamlet: Link | None = None
    address: str = ""
    members: tuple[Member, ...] = ()
    homes: tuple[HomeThen, ...] = ()
    families: Share | None = None
    people: Share | None = None


def household_then(context: Context, uid: Uid, *, round: Uid | None = None) -> RecordThen | None:
    """Who lived in a household on the round's day, and where it stood; None while the round counts the present.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        then = _then(connection, "household", uid, round)
        if then is None:
            return None
        key, day, here = then
        source = f"{citizens_then(day, lived_in(f'({here})'))} AS c JOIN household AS h ON h.id = c.household_id"
        heads = "iif(c.was_elsewhere, c.relation = ?, c.id = h.head_id)"
        where = "c.household_id = ? AND c.is_current"
        members = _members(connection, key, source, heads, "c.relation", where, "8 DESC, c.position", (HEAD, here))
        query = f"""
        SELECT h.valid_to IS NULL, v.uid, v.name, h.address FROM {households_then(day)} AS h
        LEFT JOIN hamlet AS v ON v.id = h.hamlet_id WHERE h.id = ?"""
        existed, hamlet, name, address = all_rows(connection, query, (here,))[0]
        place = None if hamlet is None else Link(hamlet.hex(), name or "")
        return RecordThen(key.year, birth_text(day), bool(existed), place, address or "", members)


def hamlet_then(context: Context, uid: Uid, *, round: Uid | None = None) -> RecordThen | None:
    """How many households and people a hamlet had on the round's day, and how many of them pass.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        then = _then(connection, "hamlet", uid, round)
        if then is None:
            return None
        key, day, here = then
        homes = source_then("FROM household h WHERE h.hamlet_id = ? AND h.present AND h.valid_to IS NULL", day)
        people = source_then("FROM citizen c WHERE c.hamlet_id = ? AND c.is_current", day, "c.hamlet_id", f"({here})")
        return RecordThen(
            key.year,
            birth_text(day),
            families=_share(connection, key, LearningModel.FAMILY, "h.id", homes, here),
            people=_share(connection, key, LearningModel.CITIZEN, "c.id", people, here),
        )


def clan_then(context: Context, uid: Uid, *, round: Uid | None = None) -> RecordThen | None:
    """The households of a clan that were on the round's day, and how many of them pass.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        then = _then(connection, "clan", uid, round)
        if then is None:
            return None
        key, day, here = then
        joined = f"clan_household AS k JOIN {households_then(day)} AS h ON h.id = k.household_id"
        where = "WHERE k.clan_id = ? AND k.present AND k.until IS NULL AND h.present AND h.valid_to IS NULL"
        passes = f"h.id IN ({passing_subjects(LearningModel.FAMILY, key)})"
        rows = all_rows(
            connection,
            f"SELECT h.uid, h.code, n.full_name, v.name, {passes} FROM {joined} "
            "LEFT JOIN citizen AS n ON n.id = h.head_id LEFT JOIN hamlet AS v ON v.id = h.hamlet_id "
            f"{where} ORDER BY h.sort_key, h.id LIMIT {SHOWN}",
            (here,),
        )
        return RecordThen(
            key.year,
            birth_text(day),
            homes=tuple(HomeThen(Link(r[0].hex(), r[1] or ""), r[2] or "", r[3] or "", bool(r[4])) for r in rows),
            families=_share(connection, key, LearningModel.FAMILY, "h.id", f"FROM {joined} {where}", here),
        )


def organization_then(context: Context, uid: Uid, *, round: Uid | None = None) -> RecordThen | None:
    """The people of a unit who lived on the round's day and had not left, and how many of them pass.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        then = _then(connection, "organization", uid, round)
        if then is None:
            return None
        key, day, here = then
        within = f"c.id IN (SELECT citizen_id FROM organization_member WHERE organization_id = {here})"
        joined = f"organization_member AS m JOIN {citizens_then(day, within)} AS c ON c.id = m.citizen_id"
        where = "m.organization_id = ? AND m.present AND m.until IS NULL AND c.is_current"
        return RecordThen(
            key.year,
            birth_text(day),
            members=_members(connection, key, joined, "0", "m.role", where, "c.sort_key", (here,)),
            people=_share(connection, key, LearningModel.CITIZEN, "c.id", f"FROM {joined} WHERE {where}", here),
        )


def _then(connection: Connection, table: str, uid: Uid, round: Uid | None) -> tuple[RoundKey, str, int] | None:
    """The round, its day and the record's key; None while the round counts the present."""
    key = round_key(connection, round)
    day = past_day(key.counted_on or "")
    return None if day is None else (key, day, any_row(connection, table, uid)["id"])


def _share(connection: Connection, key: RoundKey, model: LearningModel, of: str, source: str, here: int) -> Share:
    """How many of a source (with one parameter, the record's key) there are, and how many of them pass."""
    passes = f"total({of} IN ({passing_subjects(model, key)}))"
    whole, passing = all_rows(connection, f"SELECT count(*), {passes} {source}", (here,))[0]
    return Share(int(passing), whole)


def _members(
    connection: Connection,
    key: RoundKey,
    source: str,
    heads: str,
    relation: str,
    where: str,
    order: str,
    values: tuple[object, ...],
) -> tuple[Member, ...]:
    query = f"""
    SELECT c.uid, c.full_name, c.birth, c.sex, {relation}, c.citizen_group, c.life_status, {heads}, {SCORE_COLUMNS}
    FROM {source} {score_join("c", key, LearningModel.CITIZEN)} WHERE {where} ORDER BY {order}, c.id LIMIT {SHOWN}"""
    return tuple(member_of(row) for row in all_rows(connection, query, values))
