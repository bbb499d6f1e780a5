"""Whose titles a form shows: a family's adults, a clan's families, a hamlet's households, a unit's members.

Invariant: these lists show what facts count (the same titles of the same round); they decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.facts import holds
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.moves.as_of import past_day
from desktop_app.services.moves.as_of_lists import source_then
from desktop_app.services.vietnamese import PartialDate

SHOWN = 300
"""Most members listed on a form; their number is told whole."""


@dataclass(frozen=True, slots=True)
class MemberTitle:
    """One member of a unit.

    Args:
        model: of the title: citizens of a family or unit, families of a clan or hamlet, hamlets of the commune.
        detail: "1984 · Vợ", "hộ 03-0127".
        total: of the member's own form in this round, None where there is none.
        has_title: holds the title in this round.
    """

    uid: Uid
    model: LearningModel
    name: str
    detail: str
    total: float | None
    has_title: bool


@dataclass(frozen=True, slots=True)
class MemberTitles:
    """The members that are shown, of how many."""

    rows: tuple[MemberTitle, ...] = ()
    count: int = 0
    with_title: int = 0


def read_members(connection: Connection, model: LearningModel, subject_id: int, round_: RoundRecord) -> MemberTitles:
    """Members of a subject with their titles in the round; empty for a citizen."""
    if model not in _MEMBERS:
        return MemberTitles()
    held, alias, name, detail, tables, order = _MEMBERS[model]
    day, keys = past_day(round_.counted_on), f"({subject_id})"
    source = source_then(f"FROM {tables.format(alias=alias)}", day, _OF.get(model, ""), keys)
    title = holds(f"{alias}.id", held)
    arguments = {"round": round_.id, "subject": subject_id, "limit": SHOWN}
    rows = connection.exec_driver_sql(
        f"SELECT {alias}.uid, {name}, {detail}, o.total, {title} {source} "
        f"LEFT JOIN assessment o ON o.assessment_round_id = :round AND o.model = '{held.value}' "
        f"AND o.subject_id = {alias}.id AND o.present WHERE {_WHERE[model]} ORDER BY {order}, {alias}.id LIMIT :limit",
        arguments,
    ).all()
    members = tuple(
        MemberTitle(row[0].hex(), held, row[1] or "", _detail(model, row[2] or ""), row[3], bool(row[4]))
        for row in rows
    )
    if len(rows) < SHOWN:
        return MemberTitles(members, len(members), sum(item.has_title for item in members))
    count, with_title = connection.exec_driver_sql(
        f"SELECT count(*), total({title}) {source} WHERE {_WHERE[model]}",
        {"round": round_.id, "subject": subject_id},
    ).one()
    return MemberTitles(members, count, int(with_title))


_CITIZEN = LearningModel.CITIZEN
_FAMILY = LearningModel.FAMILY
_HEAD = "coalesce(n.full_name, h.code)"
_MEMBERS: dict[LearningModel, tuple[LearningModel, str, str, str, str, str]] = {
    LearningModel.FAMILY: (
        _CITIZEN, "c", "c.full_name", "coalesce(c.birth, '') || '|' || coalesce(c.relation, '')", "citizen {alias}",
        "c.position",
    ),
    LearningModel.ORGANIZATION: (
        _CITIZEN, "c", "c.full_name", "coalesce(c.birth, '') || '|' || coalesce(m.role, '')",
        "organization_member m JOIN citizen {alias} ON {alias}.id = m.citizen_id", "c.sort_key",
    ),
    LearningModel.CLAN: (
        _FAMILY, "h", _HEAD, "h.code",
        "clan_household k JOIN household {alias} ON {alias}.id = k.household_id "
        "LEFT JOIN citizen n ON n.id = h.head_id",
        "h.sort_key",
    ),
    LearningModel.COMMUNITY: (
        _FAMILY, "h", _HEAD, "h.code", "household {alias} LEFT JOIN citizen n ON n.id = h.head_id", "h.sort_key",
    ),
    LearningModel.COMMUNE: (LearningModel.COMMUNITY, "v", "v.name", "v.former_commune", "hamlet {alias}", "v.sort_key"),
}  # fmt: skip
"""Model → whose title, alias, name, detail, source and order."""

_OF = {LearningModel.FAMILY: "c.household_id", LearningModel.ORGANIZATION: "m.organization_id"}
_WHERE = {
    LearningModel.FAMILY: "c.household_id = :subject AND c.is_current",
    LearningModel.ORGANIZATION: "m.organization_id = :subject AND m.present AND m.until IS NULL AND c.is_current",
    LearningModel.CLAN: ("k.clan_id = :subject AND k.present AND k.until IS NULL AND h.present AND h.valid_to IS NULL"),
    LearningModel.COMMUNITY: "h.hamlet_id = :subject AND h.present AND h.valid_to IS NULL",
    LearningModel.COMMUNE: ":subject > 0 AND v.present AND v.valid_to IS NULL",
}


def _detail(model: LearningModel, text: str) -> str:
    if model in (LearningModel.FAMILY, LearningModel.ORGANIZATION):
        birth, _, word = text.partition("|")
        parts = (PartialDate.from_iso(birth).text() if birth else "", word)
        return " · ".join(part for part in parts if part)
    return f"hộ {text}" if text and model is not LearningModel.COMMUNE else text
