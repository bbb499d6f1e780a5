"""Lists read in pages by SQL: the pieces that every list of the register is made of.

Invariant: the database filters, counts and sorts; Python holds at most the keys of a list, never all its rows. A page
near an end is read directly; the first page far from it reads the keys once (8 bytes each), later ones only slice. Of a
long list the keys come from ``list_memory`` as soon as a worker has made it.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from sqlalchemy.engine import Connection

from desktop_app.models.records import NOT_ASSESSED, Score, VerdictState
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.rounds import RoundKey

if TYPE_CHECKING:
    from desktop_app.services.registry.list_memory import Remembered

RowT = TypeVar("RowT")

NEAR = 600
"""So far from an end a page is read with LIMIT and OFFSET; the database keeps only that many rows while it sorts."""


@dataclass(frozen=True)
class Sort:
    """An order.

    Attributes:
        term: SQL expression; rows where it is NULL stand last in both directions.
        then: expressions that break ties, always ascending.
        join: what must be joined for them.
        is_indexed: an index gives this order to a list that is narrowed by nothing, so any page is read with OFFSET.
    """

    term: str
    then: tuple[str, ...] = ()
    join: str = ""
    is_indexed: bool = False

    def order_by(self, *, descending: bool, is_reversed: bool) -> str:
        """The ORDER BY; ``is_reversed`` turns the whole list round, to read its far end first."""
        first = f"{self.term} {'DESC' if descending != is_reversed else 'ASC'}"
        first += " NULLS FIRST" if is_reversed else " NULLS LAST"
        return ", ".join([first, *(term + (" DESC" if is_reversed else "") for term in self.then)])


@dataclass(frozen=True)
class Query:
    """What a list is of: the table with its alias, conditions and their parameters in order."""

    source: str
    key: str
    where: tuple[str, ...] = ()
    parameters: tuple[Any, ...] = ()

    def having(self, condition: str, *parameters: Any) -> Query:
        return replace(self, where=(*self.where, condition), parameters=(*self.parameters, *parameters))

    @property
    def is_narrowed(self) -> bool:
        """Whether more than its first condition narrows it."""
        return len(self.where) > 1

    @property
    def condition(self) -> str:
        return " AND ".join(self.where) or "1"


MANY = 20_000
"""From so many people on, counting a list takes longer than a window may stand still."""


def has_many(context: Context) -> bool:
    """Whether the register is so large that lists are counted in a worker."""
    with context.read() as connection:
        row = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM citizen").first()
    return row is not None and int(row[0]) >= MANY


class SqlList(Generic[RowT]):
    """A list in one order (``PageSource``); subclasses say what its sorts are and how rows are fetched by key."""

    sorts: ClassVar[Mapping[str, Sort]] = {}

    def __init__(self, context: Context, query: Query, sort: str, *, descending: bool = False) -> None:
        self._context = context
        self._query = query
        self.sort = sort
        self.descending = descending
        self._order = self.sorts[sort]
        self._count: int | None = None
        self._keys: array[int] | None = None
        self._kept: Remembered | None = None
        self._is_by_index = False

    def count(self) -> int:
        """How many rows there are; counted once."""
        if self._count is None:
            with self._context.read() as connection:
                self._recall(connection)
                self._count = self._counted(connection) if self._kept is None else self._kept.count()
        return self._count

    def is_wanted(self) -> bool:
        """Whether what this list is made of should be brought into memory."""
        return False

    def remember(self, progress: Progress = NO_PROGRESS) -> bool:
        """Bring what this list is made of into memory, where it is long; for a worker. Whether it is there now."""
        return False

    def remembered(self, connection: Connection) -> Remembered | None:
        """This list from memory; None while there is none that is as the file is."""
        return None

    def rows(self, offset: int, limit: int) -> Sequence[RowT]:
        """The rows from ``offset`` (from 0), at most ``limit``."""
        if limit <= 0 or offset < 0:
            return ()
        with self._context.read() as connection:
            keys = self._page(connection, offset, limit)
            return self.fetch(connection, keys) if keys else ()

    def sorted(self, column: str, *, descending: bool = False) -> SqlList[RowT]:
        """The same rows in another order.

        Raises:
            KeyError: there is no such order; ``sorts`` names them.
        """
        if (column, descending) == (self.sort, self.descending):
            return self
        other = self._like(column, descending)
        other._count = self._count
        return other

    def position(self, uid: Uid) -> int | None:
        """The place of a record in the list, to keep it selected; None where the filter hides it."""
        with self._context.read() as connection:
            table = self._query.source.split()[0]
            row = connection.exec_driver_sql(f"SELECT id FROM {table} WHERE uid = ?", (bytes.fromhex(uid),)).first()
            if row is None:
                return None
            self._recall(connection)
            if self._kept is not None:
                return self._kept.position(row[0])
            near = self._page(connection, 0, NEAR) if self._keys is None else ()
            if row[0] in near:
                return list(near).index(row[0])
            keys = self._all_keys(connection)
        try:
            return keys.index(row[0])
        except ValueError:
            return None

    def uids(self) -> tuple[Uid, ...]:
        """The uids of all rows in order, for an export or a change of all that is shown."""
        table = self._query.source.split()[0]
        rows = f"json_each(?) AS k CROSS JOIN {table} AS t ON t.id = k.value"
        query = f"SELECT lower(hex(t.uid)) FROM {rows} ORDER BY k.key"
        with self._context.read() as connection:
            keys = self._all_keys(connection)
            return tuple(row[0] for row in all_rows(connection, query, (as_json(keys),)))

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[RowT]:
        """The rows of these keys, in their order."""
        raise NotImplementedError  # each kind of list says it for itself

    def _like(self, sort: str, descending: bool) -> SqlList[RowT]:
        return type(self)(self._context, self._query, sort, descending=descending)

    def _recall(self, connection: Connection) -> None:
        """Take the list from memory; not once rows were read in the order of an index, whose ties differ."""
        if self._kept is None and self._keys is None and not self._is_by_index:
            self._kept = self.remembered(connection)
            if self._kept is not None:
                self._count = self._kept.count()

    def _counted(self, connection: Connection) -> int:
        if self._keys is not None:
            return len(self._keys)
        query = f"SELECT count(*) FROM {self._query.source} WHERE {self._query.condition}"
        return int(all_rows(connection, query, self._query.parameters)[0][0])

    def _page(self, connection: Connection, offset: int, limit: int) -> Sequence[int]:
        self._recall(connection)
        if self._kept is not None:
            return self._kept.page(offset, limit)
        if self._keys is not None:
            return self._keys[offset : offset + limit]
        self._is_by_index = self._order.is_indexed and not self._query.is_narrowed
        if offset + limit <= NEAR:
            return self._read(connection, offset, limit, is_reversed=False)
        if self._count is None:
            self._count = self._counted(connection)
        limit = min(limit, self._count - offset)
        if limit <= 0:
            return ()
        behind = self._count - offset - limit
        if (self._order.is_indexed and not self._query.is_narrowed) or behind + limit <= NEAR:
            if behind < offset:
                return self._read(connection, behind, limit, is_reversed=True)[::-1]
            return self._read(connection, offset, limit, is_reversed=False)
        return self._all_keys(connection)[offset : offset + limit]

    def _read(self, connection: Connection, offset: int, limit: int, *, is_reversed: bool) -> list[int]:
        statement = self._statement(is_reversed) + " LIMIT ? OFFSET ?"
        return [row[0] for row in all_rows(connection, statement, (*self._query.parameters, limit, offset))]

    def _all_keys(self, connection: Connection) -> array[int]:
        self._recall(connection)
        if self._kept is not None:
            return self._kept.keys()
        if self._keys is None:
            rows = all_rows(connection, self._statement(False), self._query.parameters)
            self._keys = array("q", [row[0] for row in rows])
            self._count = len(self._keys)
        return self._keys

    def _statement(self, is_reversed: bool) -> str:
        order = self._order.order_by(descending=self.descending, is_reversed=is_reversed)
        if self._order.is_indexed and self._query.is_narrowed:
            order += f", {self._query.key}" + (" DESC" if is_reversed else "")
        source = f"{self._query.source} {self._order.join}"
        return f"SELECT {self._query.key} FROM {source} WHERE {self._query.condition} ORDER BY {order}"


class Hidden(NamedTuple):
    """What a row of a small list is sorted and found by besides what it shows; the first columns of its statement."""

    own: str | None
    id: int
    place: str | None
    unit: str | None
    words: str


class SmallList(Generic[RowT]):
    """A list of at most some hundreds of rows (hamlets, clans …): one statement reads it whole.

    Invariant: it is read once as long as nothing is written; other orders and words cost no reading. Blanks stand last
    in both directions, ties by the list's own order.
    """

    sorts: ClassVar[Mapping[str, Callable[[Any, Hidden], Any]]] = {}

    def __init__(
        self,
        context: Context,
        statement: str,
        parameters: tuple[Any, ...],
        sort: str,
        *,
        words: tuple[str, ...] = (),
        descending: bool = False,
    ) -> None:
        self._context = context
        self._statement = statement
        self._parameters = parameters
        self._words = words
        self.sort = sort
        self.descending = descending
        self._order = self.sorts[sort]
        self._rows: tuple[RowT, ...] | None = None

    def count(self) -> int:
        return len(self._all())

    def rows(self, offset: int, limit: int) -> Sequence[RowT]:
        return self._all()[max(offset, 0) : max(offset, 0) + limit]

    def sorted(self, column: str, *, descending: bool = False) -> SmallList[RowT]:
        """The same rows in another order.

        Raises:
            KeyError: there is no such order; ``sorts`` names them.
        """
        return type(self)(
            self._context, self._statement, self._parameters, column, words=self._words, descending=descending
        )

    def position(self, uid: Uid) -> int | None:
        """The place of a record in the list; None where the filter hides it."""
        return next((place for place, row in enumerate(self._all()) if getattr(row, "uid", None) == uid), None)

    def uids(self) -> tuple[Uid, ...]:
        """The uids of all rows in order."""
        return tuple(getattr(row, "uid", "") for row in self._all())

    def row(self, values: Sequence[Any]) -> RowT:
        """One record from the statement's columns behind the hidden ones."""
        raise NotImplementedError  # each kind of list says it for itself

    def _all(self) -> tuple[RowT, ...]:
        if self._rows is None:
            found = [(row, hidden) for row, hidden in self._read() if all(word in hidden.words for word in self._words)]
            found.sort(key=lambda each: (each[1].own is None, each[1].own or "", each[1].id))
            known = [each for each in found if self._order(*each) is not None]
            known.sort(key=lambda each: self._order(*each), reverse=self.descending)
            blank = [each for each in found if self._order(*each) is None]
            self._rows = tuple(row for row, _ in (*known, *blank))
        return self._rows

    def _read(self) -> list[tuple[RowT, Hidden]]:
        """Every row with what it is sorted by; kept while the file is as it was."""
        asked = (self._statement, self._parameters)
        version, kept = self._context.version(), self._context.memory.get(type(self).__name__)
        if kept is not None and version is not None and kept[:2] == (version, asked):
            rows: list[tuple[RowT, Hidden]] = kept[2]
            return rows
        size = len(Hidden._fields)
        with self._context.read() as connection:
            found = all_rows(connection, *asked)
        rows = [(self.row(values[size:]), Hidden(*values[:size])) for values in found]
        self._context.memory[type(self).__name__] = (version, asked, rows)
        return rows


def hamlet_names(context: Context) -> tuple[tuple[Uid, str, str], ...]:
    """Uid, name and former commune of each present hamlet in order: what filters offer."""
    query = """SELECT lower(hex(uid)), coalesce(name, ''), coalesce(former_commune, '') FROM hamlet
    WHERE present = 1 AND valid_to IS NULL ORDER BY sort_key, id"""
    with context.read() as connection:
        return tuple((uid, name, former) for uid, name, former in all_rows(connection, query))


def as_json(keys: Sequence[int]) -> str:
    """Keys as the parameter of ``json_each``."""
    return json.dumps(list(keys))


def score_join(alias: str, key: RoundKey, model: LearningModel) -> str:
    """LEFT JOIN of the round's assessment of each row as ``a``; the values are local and need no parameters."""
    return (
        f"LEFT JOIN assessment AS a ON a.assessment_round_id = {key.id} AND a.subject_id = {alias}.id "
        f"AND a.model = '{model.value}' AND a.present = 1"
    )


def passing_subjects(model: LearningModel, key: RoundKey) -> str:
    """SELECT of the local keys (``subject_id``) of those whose form of the round stands as passed.

    Whom the facts of the criteria count as holders of the round's title: recognised or not yet, but not returned.
    """
    return (
        f"SELECT t.subject_id FROM assessment AS t WHERE t.assessment_round_id = {key.id} "
        f"AND t.model = '{model.value}' AND t.present = 1 AND t.passed = 1 AND t.status <> 'returned'"
    )


SCORE_COLUMNS = "a.uid, a.answered, a.total, a.passed, a.is_complete, a.grade"

STATE_RANK = (
    "CASE WHEN a.id IS NULL OR coalesce(a.answered, 0) = 0 THEN 4 WHEN a.passed THEN 1 "
    "WHEN a.is_complete THEN 2 ELSE 3 END"
)
"""Order of the chips: passed, failed, partial, not assessed."""


def score_of(values: Sequence[Any]) -> Score:
    """A score from ``SCORE_COLUMNS``."""
    uid, answered, total, passed, is_complete, grade = values
    if uid is None:
        return NOT_ASSESSED
    if not answered:
        return Score(assessment=uid.hex())
    state = VerdictState.PASSED if passed else VerdictState.FAILED if is_complete else VerdictState.PARTIAL
    return Score(state, total, grade, uid.hex())


def outcome_condition(alias: str, key: RoundKey, model: LearningModel, outcome: VerdictState) -> str:
    """Condition that a row's subject stands so in the round."""
    which = {
        VerdictState.PASSED: " AND passed = 1",
        VerdictState.FAILED: " AND is_complete = 1 AND coalesce(passed, 0) = 0",
        VerdictState.PARTIAL: " AND coalesce(is_complete, 0) = 0",
        VerdictState.NONE: "",
    }[outcome]
    word = "NOT IN" if outcome is VerdictState.NONE else "IN"
    return (
        f"{alias}.id {word} (SELECT subject_id FROM assessment WHERE assessment_round_id = {key.id} "
        f"AND model = '{model.value}' AND present = 1 AND answered > 0 AND subject_id IS NOT NULL{which})"
    )


def title_condition(
    alias: str, table: str, key: RoundKey, model: LearningModel, *, has_title: bool, is_last_year: bool = False
) -> str:
    """Condition that a row's subject holds (or does not hold) the title of the round's year, or of the year before."""
    from desktop_app.services.registry.former_titles import held_subjects

    held = held_subjects(model, key.year - 1 if is_last_year else key.year)
    word = "IN" if has_title else "NOT IN"
    return f"{alias}.id {word} (SELECT s.id FROM ({held}) AS x JOIN {table} AS s ON s.uid = x.subject)"
