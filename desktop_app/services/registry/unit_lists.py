"""The lists of hamlets, clans, organizations and branches with their counts; each at most some hundreds of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from desktop_app.models.records import BranchRow, ClanRow, HamletRow, OrganizationRow, VerdictState
from desktop_app.models.types import HamletKind, LearningModel, OrganizationKind, Uid
from desktop_app.services.context import Context
from desktop_app.services.registry.lists import (
    SCORE_COLUMNS,
    Hidden,
    SmallList,
    passing_subjects,
    score_join,
    score_of,
)
from desktop_app.services.registry.lookups import local_id
from desktop_app.services.registry.rounds import RoundKey, round_key
from desktop_app.services.registry.search_terms import words_of

_RANKS = {VerdictState.PASSED: 1, VerdictState.FAILED: 2, VerdictState.PARTIAL: 3, VerdictState.NONE: 4}
_Order = Callable[[Any, Hidden], Any]
_PLACED = "LEFT JOIN hamlet AS h ON h.id = t.hamlet_id"


def _by(name: str) -> _Order:
    """Sorted by what a row shows; nothing written is blank."""

    def shown(row: Any, _: Hidden) -> Any:
        value = getattr(row, name)
        return None if value == "" else value

    return shown


def _by_place(_: Any, hidden: Hidden) -> str | None:
    return hidden.place


def _by_unit(_: Any, hidden: Hidden) -> str | None:
    return hidden.unit


_NAMED_SORTS: dict[str, _Order] = {
    "name": lambda _, hidden: hidden.own,
    "leader": _by("leader"),
}
_SCORE_SORTS: dict[str, _Order] = {
    "score": lambda row, _: row.score.total,
    "verdict": lambda row, _: _RANKS[row.score.state],
}


class HamletList(SmallList[HamletRow]):
    sorts: ClassVar[Mapping[str, _Order]] = {
        **_NAMED_SORTS,
        **_SCORE_SORTS,
        "former_commune": _by("former_commune"),
        "households": _by("households"),
        "citizens": _by("citizens"),
        "passing_families": _by("passing_families"),
        "passing_citizens": _by("passing_citizens"),
    }

    def row(self, values: Sequence[Any]) -> HamletRow:
        uid, name, kind, former, leader, households, citizens, families, titled, *score = values
        return HamletRow(
            uid.hex(), name or "", HamletKind(kind or "other"), former or "", leader or "", households, citizens,
            families or 0, titled or 0, score_of(score),
        )  # fmt: skip


class ClanList(SmallList[ClanRow]):
    sorts: ClassVar[Mapping[str, _Order]] = {
        **_NAMED_SORTS,
        **_SCORE_SORTS,
        "hamlet": _by_place,
        "households": _by("households"),
        "passing_families": _by("passing_families"),
        "share": _by("share"),
    }

    def row(self, values: Sequence[Any]) -> ClanRow:
        uid, name, surname, hamlet, leader, households, families, *score = values
        return ClanRow(
            uid.hex(), name or "", surname or "", hamlet or "", leader or "", households, families or 0, score_of(score)
        )


class OrganizationList(SmallList[OrganizationRow]):
    sorts: ClassVar[Mapping[str, _Order]] = {
        **_NAMED_SORTS,
        **_SCORE_SORTS,
        "kind": _by("kind"),
        "hamlet": _by_place,
        "members": _by("members"),
        "passing_citizens": _by("passing_citizens"),
    }

    def row(self, values: Sequence[Any]) -> OrganizationRow:
        uid, name, kind, hamlet, leader, members, titled, *score = values
        return OrganizationRow(
            uid.hex(), name or "", OrganizationKind(kind or "other"), hamlet or "", leader or "", members, titled or 0,
            score_of(score),
        )  # fmt: skip


class BranchList(SmallList[BranchRow]):
    sorts: ClassVar[Mapping[str, _Order]] = {
        **_NAMED_SORTS,
        "code": _by("code"),
        "hamlet": _by_place,
        "organization": _by_unit,
        "members": _by("members"),
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
    statement = f"""
    SELECT {_hidden()}, t.uid, t.name, t.kind, t.former_commune, t.leader,
      (SELECT count(*) FROM household AS x WHERE x.hamlet_id = t.id AND x.present = 1 AND x.valid_to IS NULL)
        AS households,
      (SELECT count(*) FROM citizen AS x WHERE x.hamlet_id = t.id AND x.is_current = 1) AS citizens,
      coalesce(t1.n, 0) AS families, coalesce(t2.n, 0) AS titled, {SCORE_COLUMNS}
    FROM hamlet AS t
    LEFT JOIN ({_titled(key, LearningModel.FAMILY, "household", "s.hamlet_id")}) AS t1 ON t1.place = t.id
    LEFT JOIN ({_titled(key, LearningModel.CITIZEN, "citizen", "s.hamlet_id")}) AS t2 ON t2.place = t.id
    {score_join("t", key, LearningModel.COMMUNITY)}
    WHERE t.present = 1 AND t.valid_to IS NULL"""
    return HamletList(context, statement, (), "name", words=_begun(text))


def clan_list(context: Context, text: str = "", *, hamlet: Uid | None = None, round: Uid | None = None) -> ClanList:
    """All clans, with their households and how many of them pass in the round."""
    with context.read() as connection:
        key = round_key(connection, round)
        place, here = (
            ("", ()) if hamlet is None else (" AND t.hamlet_id = ?", (local_id(connection, "hamlet", hamlet),))
        )
    link = "JOIN clan_household AS k ON k.household_id = s.id AND k.present = 1 AND k.until IS NULL"
    statement = f"""
    SELECT {_hidden("h.sort_key")}, t.uid, t.name, t.surname, h.name, t.leader,
      (SELECT count(*) FROM clan_household AS k JOIN household AS x ON x.id = k.household_id
       WHERE k.clan_id = t.id AND k.present = 1 AND k.until IS NULL AND x.present = 1 AND x.valid_to IS NULL)
        AS households,
      coalesce(t1.n, 0) AS families, {SCORE_COLUMNS}
    FROM clan AS t {_PLACED}
    LEFT JOIN ({_titled(key, LearningModel.FAMILY, "household", "k.clan_id", link)}) AS t1 ON t1.place = t.id
    {score_join("t", key, LearningModel.CLAN)}
    WHERE t.present = 1{place}"""
    return ClanList(context, statement, here, "name", words=_begun(text))


def organization_list(context: Context, text: str = "", *, round: Uid | None = None) -> OrganizationList:
    """All organizations, with their members and how many of them pass in the round."""
    with context.read() as connection:
        key = round_key(connection, round)
    link = "JOIN organization_member AS k ON k.citizen_id = s.id AND k.present = 1 AND k.until IS NULL"
    statement = f"""
    SELECT {_hidden("h.sort_key")}, t.uid, t.name, t.kind, h.name, t.leader,
      (SELECT count(*) FROM organization_member AS k JOIN citizen AS x ON x.id = k.citizen_id
       WHERE k.organization_id = t.id AND k.present = 1 AND k.until IS NULL AND x.is_current = 1) AS members,
      coalesce(t1.n, 0) AS titled, {SCORE_COLUMNS}
    FROM organization AS t {_PLACED}
    LEFT JOIN ({_titled(key, LearningModel.CITIZEN, "citizen", "k.organization_id", link)}) AS t1 ON t1.place = t.id
    {score_join("t", key, LearningModel.ORGANIZATION)}
    WHERE t.present = 1 AND t.valid_to IS NULL"""
    return OrganizationList(context, statement, (), "name", words=_begun(text))


def branch_list(context: Context, text: str = "") -> BranchList:
    """All branches of the association, with the people who belong to them."""
    within = "t.name_fold || ' ' || lower(coalesce(t.code, ''))"
    statement = f"""
    SELECT {_hidden("h.sort_key", "o.sort_key", within)}, t.uid, t.code, t.name, h.name, o.name, t.leader,
      (SELECT count(*) FROM citizen AS x WHERE x.branch_id = t.id AND x.is_current = 1) AS members
    FROM branch AS t {_PLACED} LEFT JOIN organization AS o ON o.id = t.organization_id
    WHERE t.present = 1"""
    return BranchList(context, statement, (), "name", words=_begun(text))


def _hidden(place: str = "NULL", unit: str = "NULL", within: str = "t.name_fold") -> str:
    """The columns of ``Hidden``."""
    return f"t.sort_key, t.id, {place}, {unit}, ' ' || coalesce({within}, '')"


def _begun(text: str) -> tuple[str, ...]:
    """Every typed word begins a word of the name."""
    return tuple(f" {word.folded}" for word in words_of(text))
