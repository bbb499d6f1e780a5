"""The lists of hamlets, clans, organizations and branches with their counts; each at most some hundreds of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from desktop_app.models.records import BranchRow, ClanRow, HamletRow, OrganizationRow
from desktop_app.models.types import HamletKind, LearningModel, OrganizationKind, Uid
from desktop_app.services.context import Context
from desktop_app.services.registry.lists import (
    SCORE_COLUMNS,
    STATE_RANK,
    SmallList,
    Sort,
    passing_subjects,
    score_join,
    score_of,
)
from desktop_app.services.registry.lookups import local_id
from desktop_app.services.registry.rounds import RoundKey, round_key
from desktop_app.services.registry.search_terms import words_of

_NAME = ("t.sort_key", "t.id")
_SCORE_SORTS = {
    "score": Sort("CASE WHEN a.answered > 0 THEN a.total END", _NAME),
    "verdict": Sort(STATE_RANK, _NAME),
}
_PLACED = "LEFT JOIN hamlet AS h ON h.id = t.hamlet_id"
_NAMED_SORTS = {
    "name": Sort("t.sort_key", ("t.id",)),
    "leader": Sort("t.leader", _NAME),
}


class HamletList(SmallList[HamletRow]):
    sorts: ClassVar[Mapping[str, Sort]] = {
        **_NAMED_SORTS,
        **_SCORE_SORTS,
        "former_commune": Sort("t.former_commune", _NAME),
        "households": Sort("households", _NAME),
        "citizens": Sort("citizens", _NAME),
        "passing_families": Sort("families", _NAME),
        "passing_citizens": Sort("titled", _NAME),
    }

    def row(self, values: Sequence[Any]) -> HamletRow:
        uid, name, kind, former, leader, households, citizens, families, titled, *score = values
        return HamletRow(
            uid.hex(), name or "", HamletKind(kind or "other"), former or "", leader or "", households, citizens,
            families or 0, titled or 0, score_of(score),
        )  # fmt: skip


class ClanList(SmallList[ClanRow]):
    sorts: ClassVar[Mapping[str, Sort]] = {
        **_NAMED_SORTS,
        **_SCORE_SORTS,
        "hamlet": Sort("h.sort_key", _NAME),
        "households": Sort("households", _NAME),
        "passing_families": Sort("families", _NAME),
        "share": Sort("1.0 * families / nullif(households, 0)", _NAME),
    }

    def row(self, values: Sequence[Any]) -> ClanRow:
        uid, name, surname, hamlet, leader, households, families, *score = values
        return ClanRow(
            uid.hex(), name or "", surname or "", hamlet or "", leader or "", households, families or 0, score_of(score)
        )


class OrganizationList(SmallList[OrganizationRow]):
    sorts: ClassVar[Mapping[str, Sort]] = {
        **_NAMED_SORTS,
        **_SCORE_SORTS,
        "kind": Sort("t.kind", _NAME),
        "hamlet": Sort("h.sort_key", _NAME),
        "members": Sort("members", _NAME),
        "passing_citizens": Sort("titled", _NAME),
    }

    def row(self, values: Sequence[Any]) -> OrganizationRow:
        uid, name, kind, hamlet, leader, members, titled, *score = values
        return OrganizationRow(
            uid.hex(), name or "", OrganizationKind(kind or "other"), hamlet or "", leader or "", members, titled or 0,
            score_of(score),
        )  # fmt: skip


class BranchList(SmallList[BranchRow]):
    sorts: ClassVar[Mapping[str, Sort]] = {
        **_NAMED_SORTS,
        "code": Sort("t.code", _NAME),
        "hamlet": Sort("h.sort_key", _NAME),
        "organization": Sort("o.sort_key", _NAME),
        "members": Sort("members", _NAME),
    }

    def row(self, values: Sequence[Any]) -> BranchRow:
        uid, code, name, hamlet, organization, leader, members = values
        return BranchRow(uid.hex(), code or "", name or "", hamlet or "", organization or "", leader or "", members)


_COUNTED = {"household": "s.present = 1 AND s.valid_to IS NULL", "citizen": "s.is_current = 1"}
"""Who are counted: the same as in the whole that stands beside it."""


def _titled(key: RoundKey, model: LearningModel, table: str, by: str, joins: str = "") -> str:
    """Subquery ``t1`` or ``t2``: how many of ``table`` pass in the round, by ``by``, as the criteria's facts count."""
    return (
        f"SELECT {by} AS place, count(DISTINCT s.id) AS n FROM ({passing_subjects(model, key)}) AS t "
        f"JOIN {table} AS s ON s.id = t.subject_id AND {_COUNTED[table]} {joins} GROUP BY {by}"
    )


def hamlet_list(context: Context, text: str = "", *, round: Uid | None = None) -> HamletList:
    """All hamlets, Thôn 2 before Thôn 10, with households, people and passes of the round."""
    with context.read() as connection:
        key = round_key(connection, round)
    words, parameters = _by_words(text)
    statement = f"""
    SELECT t.uid, t.name, t.kind, t.former_commune, t.leader,
      (SELECT count(*) FROM household AS x WHERE x.hamlet_id = t.id AND x.present = 1 AND x.valid_to IS NULL)
        AS households,
      (SELECT count(*) FROM citizen AS x WHERE x.hamlet_id = t.id AND x.is_current = 1) AS citizens,
      coalesce(t1.n, 0) AS families, coalesce(t2.n, 0) AS titled, {SCORE_COLUMNS}
    FROM hamlet AS t
    LEFT JOIN ({_titled(key, LearningModel.FAMILY, "household", "s.hamlet_id")}) AS t1 ON t1.place = t.id
    LEFT JOIN ({_titled(key, LearningModel.CITIZEN, "citizen", "s.hamlet_id")}) AS t2 ON t2.place = t.id
    {score_join("t", key, LearningModel.COMMUNITY)}
    WHERE t.present = 1 AND t.valid_to IS NULL{words}"""
    return HamletList(context, statement, parameters, "name")


def clan_list(context: Context, text: str = "", *, hamlet: Uid | None = None, round: Uid | None = None) -> ClanList:
    """All clans, with their households and how many of them pass in the round."""
    with context.read() as connection:
        key = round_key(connection, round)
        place, here = (
            ("", ()) if hamlet is None else (" AND t.hamlet_id = ?", (local_id(connection, "hamlet", hamlet),))
        )
    words, parameters = _by_words(text)
    link = "JOIN clan_household AS k ON k.household_id = s.id AND k.present = 1 AND k.until IS NULL"
    statement = f"""
    SELECT t.uid, t.name, t.surname, h.name, t.leader,
      (SELECT count(*) FROM clan_household AS k JOIN household AS x ON x.id = k.household_id
       WHERE k.clan_id = t.id AND k.present = 1 AND k.until IS NULL AND x.present = 1 AND x.valid_to IS NULL)
        AS households,
      coalesce(t1.n, 0) AS families, {SCORE_COLUMNS}
    FROM clan AS t {_PLACED}
    LEFT JOIN ({_titled(key, LearningModel.FAMILY, "household", "k.clan_id", link)}) AS t1 ON t1.place = t.id
    {score_join("t", key, LearningModel.CLAN)}
    WHERE t.present = 1{words}{place}"""
    return ClanList(context, statement, (*parameters, *here), "name")


def organization_list(context: Context, text: str = "", *, round: Uid | None = None) -> OrganizationList:
    """All organizations, with their members and how many of them pass in the round."""
    with context.read() as connection:
        key = round_key(connection, round)
    words, parameters = _by_words(text)
    link = "JOIN organization_member AS k ON k.citizen_id = s.id AND k.present = 1 AND k.until IS NULL"
    statement = f"""
    SELECT t.uid, t.name, t.kind, h.name, t.leader,
      (SELECT count(*) FROM organization_member AS k JOIN citizen AS x ON x.id = k.citizen_id
       WHERE k.organization_id = t.id AND k.present = 1 AND k.until IS NULL AND x.is_current = 1) AS members,
      coalesce(t1.n, 0) AS titled, {SCORE_COLUMNS}
    FROM organization AS t {_PLACED}
    LEFT JOIN ({_titled(key, LearningModel.CITIZEN, "citizen", "k.organization_id", link)}) AS t1 ON t1.place = t.id
    {score_join("t", key, LearningModel.ORGANIZATION)}
    WHERE t.present = 1 AND t.valid_to IS NULL{words}"""
    return OrganizationList(context, statement, parameters, "name")


def branch_list(context: Context, text: str = "") -> BranchList:
    """All branches of the association, with the people who belong to them."""
    words, parameters = _by_words(text, "' ' || t.name_fold || ' ' || lower(coalesce(t.code, ''))")
    statement = f"""
    SELECT t.uid, t.code, t.name, h.name, o.name, t.leader,
      (SELECT count(*) FROM citizen AS x WHERE x.branch_id = t.id AND x.is_current = 1) AS members
    FROM branch AS t {_PLACED} LEFT JOIN organization AS o ON o.id = t.organization_id
    WHERE t.present = 1{words}"""
    return BranchList(context, statement, parameters, "name")


def _by_words(text: str, within: str = "' ' || t.name_fold") -> tuple[str, tuple[str, ...]]:
    """Condition that every typed word begins a word of the name."""
    parameters = tuple(f" {word.folded}" for word in words_of(text))
    return f" AND instr({within}, ?) > 0" * len(parameters), parameters
