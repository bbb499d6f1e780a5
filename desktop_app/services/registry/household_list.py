"""The list of households: filtered, counted and sorted by SQL, read in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.records import HouseholdRow, VerdictState
from desktop_app.models.types import LearningModel, Poverty, Uid
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
from desktop_app.services.registry.rounds import RoundKey, round_key
from desktop_app.services.registry.search_terms import filter_expression
from desktop_app.services.vietnamese import fold

if TYPE_CHECKING:
    from desktop_app.services.registry.list_memory import Remembered


@dataclass(frozen=True)
class HouseholdFilter:
    """What the list is narrowed to; what is not set does not matter.

    Attributes:
        hamlet, clan: uids.
        has_head: False for those without a head.
        has_members: False for those in which nobody lives now.
        has_title: whether it holds the title of the round's year; had_title: of the year before.
        with_former: those that left the commune too (``valid_to`` is set).
        text: as typed into a search box: the code's beginning, or what finds one of its people.
        round: uid; the newest round when None.
    """

    hamlet: Uid | None = None
    clan: Uid | None = None
    poverty: Poverty | None = None
    has_head: bool | None = None
    has_members: bool | None = None
    has_title: bool | None = None
    had_title: bool | None = None
    outcome: VerdictState | None = None
    is_assessed: bool | None = None
    with_former: bool = False
    text: str = ""
    round: Uid | None = None


_CODE = ("h.sort_key", "h.id")
_MEMBERS = "(SELECT count(*) FROM citizen AS m WHERE m.household_id = h.id AND m.is_current = 1)"


class HouseholdList(SqlList[HouseholdRow]):
    """Households in one order; made by ``household_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "code": Sort("h.sort_key", ("h.id",)),
        "head": Sort("head.sort_key", _CODE, "LEFT JOIN citizen AS head ON head.id = h.head_id"),
        "hamlet": Sort("hm.sort_key", _CODE, "LEFT JOIN hamlet AS hm ON hm.id = h.hamlet_id"),
        "members": Sort(_MEMBERS, _CODE),
        "poverty": Sort("CASE h.poverty WHEN 'poor' THEN 1 WHEN 'near_poor' THEN 2 ELSE 3 END", _CODE),
        "score": Sort("CASE WHEN a.answered > 0 THEN a.total END", _CODE, "{score}"),
        "verdict": Sort(STATE_RANK, _CODE, "{score}"),
    }

    def __init__(
        self,
        context: Context,
        query: Query,
        sort: str = "code",
        *,
        descending: bool = False,
        key: RoundKey,
        chosen: HouseholdFilter,
    ) -> None:
        super().__init__(context, query, sort, descending=descending)
        self._key = key
        self._chosen = chosen

    def _like(self, sort: str, descending: bool) -> HouseholdList:
        return HouseholdList(
            self._context, self._query, sort, descending=descending, key=self._key, chosen=self._chosen
        )

    def is_wanted(self) -> bool:
        from desktop_app.services.registry import household_memory, list_memory

        return list_memory.is_wanted(self._context, household_memory.household_plan(self._key))

    def remember(self, progress: Progress = NO_PROGRESS) -> bool:
        from desktop_app.services.registry import household_memory, list_memory

        return list_memory.remember(self._context, household_memory.household_plan(self._key), progress)

    def remembered(self, connection: Connection) -> Remembered | None:
        if not self._context.memory:  # nothing is loaded for it before the first list is to be seen
            return None
        from desktop_app.services.registry import household_memory, list_memory

        memory = list_memory.recall(self._context, household_memory.household_plan(self._key).name)
        if memory is None or not memory.has(self.sort, descending=self.descending):
            return None
        chosen = self._chosen
        hamlet = None if chosen.hamlet is None else local_id(connection, "hamlet", chosen.hamlet)
        mask = household_memory.households_left(connection, memory, chosen, hamlet)
        return None if mask is None else list_memory.Remembered(memory, mask, self.sort, descending=self.descending)

    def _statement(self, is_reversed: bool) -> str:
        return super()._statement(is_reversed).replace("{score}", score_join("h", self._key, LearningModel.FAMILY))

    def _counted(self, connection: Connection) -> int:
        """Whom words find is looked up once, for the count, the first page and the place of the chosen household."""
        if any("citizen_search" in condition for condition in self._query.where):
            return len(self._all_keys(connection))
        return super()._counted(connection)

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[HouseholdRow]:
        query = f"""
        SELECT h.uid, h.code, head.full_name, hm.name, h.address, {_MEMBERS}, h.poverty,
               (SELECT group_concat(DISTINCT t.year) FROM certificate AS t WHERE t.subject = h.uid
                AND t.model = 'family' AND t.present = 1 AND t.status <> 'voided'), {SCORE_COLUMNS}
        FROM json_each(?) AS k CROSS JOIN household AS h ON h.id = k.value
        LEFT JOIN citizen AS head ON head.id = h.head_id LEFT JOIN hamlet AS hm ON hm.id = h.hamlet_id
        {score_join("h", self._key, LearningModel.FAMILY)} ORDER BY k.key"""
        return [_row(values) for values in all_rows(connection, query, (as_json(keys),))]


def household_list(context: Context, filters: HouseholdFilter | None = None) -> HouseholdList:
    """The households that a filter leaves, by code; ``.sorted`` gives other orders (``HouseholdList.sorts``)."""
    chosen = filters or HouseholdFilter()
    with context.read() as connection:
        key = round_key(connection, chosen.round)
        query = _narrowed(connection, chosen, key)
    return HouseholdList(context, query, key=key, chosen=chosen)


def _row(values: Sequence[Any]) -> HouseholdRow:
    uid, code, head, hamlet, address, members, poverty, years, *score = values
    return HouseholdRow(
        uid.hex(),
        code or "",
        head or "",
        hamlet or "",
        address or "",
        members,
        Poverty(poverty or "none"),
        tuple(sorted(map(int, years.split(",")))) if years else (),
        score_of(score),
    )


def _narrowed(connection: Connection, chosen: HouseholdFilter, key: RoundKey) -> Query:
    query = Query("household AS h", "h.id", ("h.present = 1",))
    if not chosen.with_former:
        query = query.having("h.valid_to IS NULL")
    if chosen.hamlet is not None:
        query = query.having("h.hamlet_id = ?", local_id(connection, "hamlet", chosen.hamlet))
    if chosen.clan is not None:
        condition = "h.id IN (SELECT household_id FROM clan_household WHERE clan_id = ? AND present = 1)"
        query = query.having(condition, local_id(connection, "clan", chosen.clan))
    if chosen.poverty is not None:
        query = query.having("coalesce(h.poverty, 'none') = ?", chosen.poverty.value)
    if chosen.has_head is not None:
        query = query.having(f"h.head_id IS {'NOT ' if chosen.has_head else ''}NULL")
    if chosen.has_members is not None:
        query = query.having(f"{_MEMBERS} {'>' if chosen.has_members else '='} 0")
    if chosen.outcome is not None:
        query = query.having(outcome_condition("h", key, LearningModel.FAMILY, chosen.outcome))
    if chosen.is_assessed is not None:
        condition = outcome_condition("h", key, LearningModel.FAMILY, VerdictState.NONE)
        query = query.having(f"NOT ({condition})" if chosen.is_assessed else condition)
    if chosen.had_title is not None:
        condition = title_condition(
            "h", "household", key, LearningModel.FAMILY, has_title=chosen.had_title, is_last_year=True
        )
        query = query.having(condition)
    if chosen.has_title is not None:
        query = query.having(title_condition("h", "household", key, LearningModel.FAMILY, has_title=chosen.has_title))
    return _by_text(query, chosen.text)


def _by_text(query: Query, text: str) -> Query:
    expression = filter_expression(text)
    if expression is None:
        return query
    code = fold(text)
    return query.having(
        "(h.id IN (SELECT id FROM household WHERE code_fold >= ? AND code_fold < ?) OR h.id IN (SELECT c.household_id "
        "FROM citizen_search AS s JOIN citizen AS c ON c.id = s.rowid & 16777215 WHERE s.citizen_search MATCH ?))",
        code,
        code + "\U0010ffff",
        expression,
    )
