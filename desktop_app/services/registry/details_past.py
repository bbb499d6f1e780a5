"""The past of one record for its page: former places and people, what a hamlet took up, titles year by year.

Invariant: reads only; who left a household stands here with the day and the reason, who died or left the commune
stands among its members with that status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.records import Link
from desktop_app.models.types import LearningModel, MoveReason, Uid
from desktop_app.services.context import Context
from desktop_app.services.moves.residence import FormerPlace, former_household_places, former_places
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.citizen_list import birth_text
from desktop_app.services.registry.detail_parts import any_row
from desktop_app.services.registry.former_titles import held_years, own_years
from desktop_app.services.registry.titles_then import Held, families_in_hamlet, titles_in_hamlet, titles_in_household


@dataclass(frozen=True, slots=True)
class FormerMember:
    """Who lived in a household and lives elsewhere now; ``until`` is the first day elsewhere, in words."""

    uid: Uid
    name: str
    relation: str
    until: str
    reason: MoveReason | None


@dataclass(frozen=True, slots=True)
class YearTitles:
    """What a unit and its people hold of one year's titles.

    Attributes:
        names: of the people or households with the title, as far as they are named.
        count: how many there are.
    """

    year: int
    has_own: bool
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseholdPast:
    places: tuple[FormerPlace, ...]
    members: tuple[FormerMember, ...]
    titles: tuple[YearTitles, ...]
    split_off: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class HamletPast:
    """Attributes: predecessors: hamlets that were merged into this one; families and citizens: titles by year."""

    predecessors: tuple[Link, ...]
    families: tuple[YearTitles, ...]
    citizens: tuple[YearTitles, ...]


def citizen_past(context: Context, uid: Uid) -> tuple[FormerPlace, ...]:
    """Where a person lived before, the last first.

    Raises:
        UserError: this file never had the person (``record.unknown``).
    """
    with context.read() as connection:
        return former_places(connection, any_row(connection, "citizen", uid)["id"])


def household_past(context: Context, uid: Uid) -> HouseholdPast:
    """A household's former places and people, its titles with its members', and what split off from it.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        key = any_row(connection, "household", uid)["id"]
        split = "SELECT uid, coalesce(code, '') FROM household WHERE split_from_id = ? AND present = 1 ORDER BY id"
        return HouseholdPast(
            former_household_places(connection, key),
            _former_members(connection, key),
            _years(connection, uid, LearningModel.FAMILY, titles_in_household(connection, key), names=True),
            tuple(Link(row[0].hex(), row[1]) for row in all_rows(connection, split, (key,))),
        )


def hamlet_past(context: Context, uid: Uid) -> HamletPast:
    """What was merged into a hamlet, and how many of its families and people hold each year's titles.

    Raises:
        UserError: this file never had it (``record.unknown``).
    """
    with context.read() as connection:
        key = any_row(connection, "hamlet", uid)["id"]
        before = "SELECT uid, name FROM hamlet WHERE successor_id = ? AND present = 1 ORDER BY sort_key"
        return HamletPast(
            tuple(Link(row[0].hex(), row[1] or "") for row in all_rows(connection, before, (key,))),
            _years(connection, uid, LearningModel.COMMUNITY, families_in_hamlet(connection, key)),
            _years(connection, uid, LearningModel.COMMUNITY, titles_in_hamlet(connection, key)),
        )


def clan_titles(context: Context, uid: Uid) -> tuple[YearTitles, ...]:
    """How many of a clan's families hold each year's title, and the clan's own."""
    where = "s.id IN (SELECT household_id FROM clan_household WHERE clan_id = ? AND present = 1) AND s.present = 1"
    return _unit_titles(context, "clan", uid, LearningModel.CLAN, where, LearningModel.FAMILY)


def organization_titles(context: Context, uid: Uid) -> tuple[YearTitles, ...]:
    """How many of an organization's people hold each year's title, and its own."""
    where = (
        "s.id IN (SELECT citizen_id FROM organization_member WHERE organization_id = ? AND present = 1 "
        "AND until IS NULL) AND s.present = 1"
    )
    return _unit_titles(context, "organization", uid, LearningModel.ORGANIZATION, where, LearningModel.CITIZEN)


def branch_titles(context: Context, uid: Uid) -> tuple[YearTitles, ...]:
    """How many of a branch's people hold each year's title."""
    return _unit_titles(context, "branch", uid, None, "s.branch_id = ? AND s.present = 1", LearningModel.CITIZEN)


def _unit_titles(
    context: Context, table: str, uid: Uid, own: LearningModel | None, where: str, of: LearningModel
) -> tuple[YearTitles, ...]:
    with context.read() as connection:
        return _titles(connection, uid, own, where, any_row(connection, table, uid)["id"], of)


def _titles(
    connection: Connection, uid: Uid, own: LearningModel | None, where: str, key: int, of: LearningModel
) -> tuple[YearTitles, ...]:
    """Years with a title, newest first: the unit's own, and those of who belong to it today."""
    table = "household" if of is LearningModel.FAMILY else "citizen"
    shown = "s.id" if table == "household" else "s.full_name"
    held = held_years(f"{shown} AS name, s.id AS id", f'"{table}" AS s', of, where)
    rows = all_rows(connection, f"SELECT * FROM ({held}) ORDER BY year DESC, id", (key, key))
    return _years(connection, uid, own, [(year or 0, str(name or ""), row_id) for year, name, row_id in rows])


def _years(
    connection: Connection, uid: Uid, own: LearningModel | None, held: Sequence[Held], *, names: bool = False
) -> tuple[YearTitles, ...]:
    """Years with a title, newest first: the record's own, and these."""
    found: dict[int, list[str]] = {}
    for year, name, _ in held:
        found.setdefault(year, []).append(name)
    years = own_years(connection, own, uid) if own is not None else set()
    return tuple(
        YearTitles(year, year in years, len(found.get(year, ())), _shown(found.get(year, ()), names))
        for year in sorted({*years, *found}, reverse=True)
    )


def _shown(found: Sequence[str], names: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found)) if names else ()


def _former_members(connection: Connection, household_id: int) -> tuple[FormerMember, ...]:
    query = """
    SELECT c.uid, c.full_name, r.relation, r.until, r.reason
    FROM residence AS r JOIN citizen AS c ON c.id = r.citizen_id
    WHERE r.household_id = ? AND r.present = 1 AND c.present = 1 AND c.household_id IS NOT r.household_id
    AND r.until = (SELECT max(x.until) FROM residence AS x WHERE x.citizen_id = r.citizen_id AND x.present = 1
                   AND x.household_id = r.household_id)
    ORDER BY r.until DESC, c.position, c.id"""
    found: dict[Any, FormerMember] = {}
    for uid, name, relation, until, reason in all_rows(connection, query, (household_id,)):
        known = MoveReason(reason) if reason in set(MoveReason) else None
        found.setdefault(uid, FormerMember(uid.hex(), name or "", relation or "", birth_text(until), known))
    return tuple(found.values())
