"""The list of citizens: filtered, counted and sorted by SQL, read in pages.

Invariant: rows hold no CCCD and no phone; whether a CCCD is there is all that a list shows.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.records import CitizenRow, VerdictState
from desktop_app.models.types import CitizenGroup, LearningModel, LifeStatus, Poverty, Sex, Uid
from desktop_app.services.context import Context
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.lists import (
    SCORE_COLUMNS,
    STATE_RANK,
    Query,
    Sort,
    SqlList,
    as_json,
    outcome_condition,
    score_join,
    score_of,
    title_condition,
)
from desktop_app.services.registry.lookups import local_id
from desktop_app.services.registry.rounds import RoundKey, counting_day, round_key
from desktop_app.services.registry.search_terms import filter_expression
from desktop_app.services.vietnamese import PartialDate

if TYPE_CHECKING:
    from desktop_app.services.registry.list_memory import Remembered


class Residence(StrEnum):
    """Which of the people of the register a list is of."""

    CURRENT = "current"  # living here, or away for a time
    AWAY = "away"
    MOVED = "moved"
    DEAD = "dead"
    ALL = "all"


@dataclass(frozen=True)
class CitizenFilter:
    """What the list is narrowed to; what is not set does not matter.

    Attributes:
        hamlet, household, branch, organization, clan: uids.
        has_group: False for those whose form is not chosen.
        has_cccd, has_birth, has_sex, has_phone, has_household: False for those of whom that is missing.
        min_age, max_age: complete years on ``age_on`` (default: the round's counting day); a person of whom only the
            year is known counts by the year.
        outcome: where they stand in the round.
        is_assessed: whether any answer was given in the round.
        has_title: whether they hold the title of the round's year; had_title: of the year before.
        text: as typed into a search box.
        round: uid; the newest round when None.
    """

    hamlet: Uid | None = None
    household: Uid | None = None
    branch: Uid | None = None
    organization: Uid | None = None
    clan: Uid | None = None
    group: CitizenGroup | None = None
    has_group: bool | None = None
    sex: Sex | None = None
    poverty: Poverty | None = None
    has_cccd: bool | None = None
    has_birth: bool | None = None
    has_sex: bool | None = None
    has_phone: bool | None = None
    has_household: bool | None = None
    min_age: int | None = None
    max_age: int | None = None
    age_on: datetime.date | None = None
    residence: Residence = Residence.CURRENT
    outcome: VerdictState | None = None
    is_assessed: bool | None = None
    has_title: bool | None = None
    had_title: bool | None = None
    text: str = ""
    round: Uid | None = None


_GROUP_RANK = (
    "CASE c.citizen_group WHEN 'resident' THEN 1 WHEN 'worker' THEN 2 WHEN 'official' THEN 3 WHEN 'student' THEN 4 END"
)
_NAME = ("c.sort_key", "c.id")


class CitizenList(SqlList[CitizenRow]):
    """Citizens in one order; made by ``citizen_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "name": Sort("c.sort_key", is_indexed=True),
        "birth": Sort("c.birth", is_indexed=True),
        "hamlet": Sort("h.sort_key", _NAME, "LEFT JOIN hamlet AS h ON h.id = c.hamlet_id"),
        "household": Sort(
            "hh.sort_key", ("hh.id", "c.position", "c.id"), "LEFT JOIN household AS hh ON hh.id = c.household_id"
        ),
        "group": Sort(_GROUP_RANK, _NAME),
        "sex": Sort("c.sex", _NAME),
        "score": Sort("CASE WHEN a.answered > 0 THEN a.total END", _NAME, "{score}"),
        "verdict": Sort(STATE_RANK, _NAME, "{score}"),
    }

    def __init__(
        self,
        context: Context,
        query: Query,
        sort: str = "name",
        *,
        descending: bool = False,
        key: RoundKey,
        chosen: CitizenFilter,
    ) -> None:
        super().__init__(context, query, sort, descending=descending)
        self._key = key
        self._chosen = chosen

    def _like(self, sort: str, descending: bool) -> CitizenList:
        return CitizenList(self._context, self._query, sort, descending=descending, key=self._key, chosen=self._chosen)

    def is_wanted(self) -> bool:
        from desktop_app.services.registry import citizen_memory, list_memory

        return list_memory.is_wanted(self._context, citizen_memory.citizen_plan(self._key))

    def remember(self, progress: Progress = NO_PROGRESS) -> bool:
        from desktop_app.services.registry import citizen_memory, list_memory

        return list_memory.remember(self._context, citizen_memory.citizen_plan(self._key), progress)

    def remembered(self, connection: Connection) -> Remembered | None:
        if not self._context.memory:  # nothing is loaded for it before the first list is to be seen
            return None
        from desktop_app.services.registry import citizen_memory, list_memory

        memory = list_memory.recall(self._context, citizen_memory.citizen_plan(self._key).name)
        if memory is None or not memory.has(self.sort, descending=self.descending):
            return None
        chosen = self._chosen
        hamlet = None if chosen.hamlet is None else local_id(connection, "hamlet", chosen.hamlet)
        mask = citizen_memory.citizens_left(connection, memory, chosen, hamlet)
        return None if mask is None else list_memory.Remembered(memory, mask, self.sort, descending=self.descending)

    def _statement(self, is_reversed: bool) -> str:
        statement = super()._statement(is_reversed)
        if self.sort in _UNINDEXED and not self._query.is_narrowed:
            statement = statement.replace("WHERE c.is_current", "WHERE +c.is_current")
        if self.sort != "birth":  # the index by name holds the birth too, the one by birth would need every row
            statement = statement.replace(" c.birth <= ?", " +c.birth <= ?").replace(" c.birth > ?", " +c.birth > ?")
        return statement.replace("{score}", score_join("c", self._key, LearningModel.CITIZEN))

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[CitizenRow]:
        query = f"""
        SELECT c.uid, c.full_name, c.sex, c.birth, h.name, hh.uid, hh.code, c.relation, c.citizen_group, c.occupation,
               c.cccd IS NOT NULL, c.life_status, {SCORE_COLUMNS}
        FROM json_each(?) AS k CROSS JOIN citizen AS c ON c.id = k.value
        LEFT JOIN household AS hh ON hh.id = c.household_id LEFT JOIN hamlet AS h ON h.id = c.hamlet_id
        {score_join("c", self._key, LearningModel.CITIZEN)} ORDER BY k.key"""
        return [_row(values) for values in all_rows(connection, query, (as_json(keys),))]


def citizen_list(context: Context, filters: CitizenFilter | None = None) -> CitizenList:
    """The citizens that a filter leaves, by name; ``.sorted`` gives other orders (``CitizenList.sorts``)."""
    chosen = filters or CitizenFilter()
    with context.read() as connection:
        key = round_key(connection, chosen.round)
        query = _narrowed(connection, chosen, key)
    return CitizenList(context, query, key=key, chosen=chosen)


def birth_text(iso: str | None) -> str:
    """A stored birth as people read it: "1984", "05/1984", "08/05/1984"."""
    if not iso:
        return ""
    return iso if len(iso) == 4 else PartialDate.from_iso(iso).text()


def _row(values: Sequence[Any]) -> CitizenRow:
    uid, name, sex, birth, hamlet, household, code, relation, group, occupation, has_cccd, life, *score = values
    return CitizenRow(
        uid.hex(),
        name or "",
        Sex(sex) if sex else None,
        birth_text(birth),
        hamlet or "",
        household.hex() if household else None,
        code or "",
        relation or "",
        CitizenGroup(group) if group else None,
        occupation or "",
        bool(has_cccd),
        LifeStatus(life or "living"),
        score_of(score),
    )


_UNINDEXED = ("household", "sex")
"""Orders for which every row must be seen. The plus before ``is_current`` keeps the planner from the indexes, whose
rows lie scattered: to see all rows in the order of the file takes a tenth of the time."""
_RESIDENCE = {
    Residence.CURRENT: "c.is_current = 1",
    Residence.AWAY: "+c.is_current = 1 AND c.life_status = 'away'",
    Residence.MOVED: "c.present = 1 AND c.life_status = 'moved'",
    Residence.DEAD: "c.present = 1 AND c.life_status = 'dead'",
    Residence.ALL: "c.present = 1",
}


def _narrowed(connection: Connection, chosen: CitizenFilter, key: RoundKey) -> Query:
    query = Query("citizen AS c", "c.id", (_RESIDENCE[chosen.residence],))
    if chosen.has_cccd is False and chosen.residence is Residence.CURRENT and chosen.hamlet is None:
        query = replace(query, source="citizen AS c INDEXED BY ix_citizen_no_cccd")
    if _sees_all(chosen):
        query = replace(query, where=(f"+{_RESIDENCE[Residence.CURRENT]}",))
    query = _by_place(connection, query, chosen)
    if chosen.group is not None:
        query = query.having("c.citizen_group = ?", chosen.group.value)
    if chosen.sex is not None:
        query = query.having("c.sex = ?", chosen.sex.value)
    for wanted, column in (
        (chosen.has_group, "c.citizen_group"),
        (chosen.has_cccd, "c.cccd"),
        (chosen.has_birth, "c.birth"),
        (chosen.has_sex, "c.sex"),
        (chosen.has_phone, "c.phone"),
        (chosen.has_household, "c.household_id"),
    ):
        if wanted is not None:
            query = query.having(f"{column} IS {'NOT ' if wanted else ''}NULL")
    query = _by_age(connection, query, chosen)
    if chosen.outcome is not None:
        query = query.having(outcome_condition("c", key, LearningModel.CITIZEN, chosen.outcome))
    if chosen.is_assessed is not None:
        condition = outcome_condition("c", key, LearningModel.CITIZEN, VerdictState.NONE)
        query = query.having(f"NOT ({condition})" if chosen.is_assessed else condition)
    if chosen.had_title is not None:
        condition = title_condition(
            "c", "citizen", key, LearningModel.CITIZEN, has_title=chosen.had_title, is_last_year=True
        )
        query = query.having(condition)
    if chosen.has_title is not None:
        query = query.having(title_condition("c", "citizen", key, LearningModel.CITIZEN, has_title=chosen.has_title))
    expression = filter_expression(chosen.text)
    if expression is not None:
        query = query.having(
            "c.id IN (SELECT rowid & 16777215 FROM citizen_search WHERE citizen_search MATCH ?)", expression
        )
    return query


def _sees_all(chosen: CitizenFilter) -> bool:
    """Whether every row must be looked at, as no index holds what is asked for."""
    asked = (chosen.sex, chosen.has_sex, chosen.has_phone)
    return chosen.residence is Residence.CURRENT and asked != (None, None, None) and chosen.has_cccd is not False


def _by_place(connection: Connection, query: Query, chosen: CitizenFilter) -> Query:
    for uid, table, condition in (
        (chosen.hamlet, "hamlet", "c.hamlet_id = ?"),
        (chosen.household, "household", "c.household_id = ?"),
        (chosen.branch, "branch", "c.branch_id = ?"),
        (
            chosen.organization,
            "organization",
            "c.id IN (SELECT citizen_id FROM organization_member WHERE organization_id = ? AND present = 1)",
        ),
        (
            chosen.clan,
            "clan",
            "c.household_id IN (SELECT household_id FROM clan_household WHERE clan_id = ? AND present = 1)",
        ),
    ):
        if uid is not None:
            query = query.having(condition, local_id(connection, table, uid))
    if chosen.poverty is not None:
        query = query.having(_POVERTY, chosen.poverty.value)
    return query


_POVERTY = (
    "c.id IN (SELECT m.id FROM household AS x CROSS JOIN citizen AS m ON m.household_id = x.id WHERE x.poverty = ?)"
)


def _by_age(connection: Connection, query: Query, chosen: CitizenFilter) -> Query:
    """Ages as comparisons of text: "1984" stands before every day of 1984, so a bare year counts by the year."""
    if chosen.min_age is None and chosen.max_age is None:
        return query
    day = chosen.age_on or counting_day(connection, chosen.round)
    if chosen.min_age is not None:
        query = query.having("c.birth <= ?", f"{day.year - chosen.min_age:04d}-{day.month:02d}-{day.day:02d}")
    if chosen.max_age is not None:
        query = query.having("c.birth > ?", f"{day.year - chosen.max_age - 1:04d}-{day.month:02d}-{day.day:02d}")
    return query
