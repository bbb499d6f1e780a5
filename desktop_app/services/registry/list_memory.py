"""A long list kept in memory: its keys, marks by which it is narrowed, and its orders; made in a worker.

Invariant: used only while the file is what it was when the memory was made (``Context.version``); then it gives the
same keys in the same order as the list's SQL would. Everything heavy is done by the database, which leaves the window
its thread; what is left here are passes over bytes. A row is known by its *slot*: its place in the order of names,
counted as a code point (the surrogates are left out), so that an order of slots crosses from SQL as one text.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress, islice

from sqlalchemy.engine import Connection

from desktop_app.services.context import Context
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.search_terms import match_all, words_of

FEW = 5_000
"""Up to so many rows SQL alone is quick enough."""
FIRST = 600
"""So many rows from the beginning are given without the keys of all."""
MOST = 1_000_000
"""More rows, or greater keys, have no code points."""
_GAP_AT, _GAP = 0xD800, 0x800
_PERSON = 0xE000
"""Added to a citizen's key, so that it is a code point behind the surrogates."""
_UTF32 = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
_LINES = "temp.list_lines"


@dataclass(frozen=True)
class Plan:
    """What of a list is kept in memory.

    Attributes:
        name: under which it is kept; names the round too.
        source: FROM and WHERE of the whole list, with ``id``; ORDER BY its own order.
        key: the list's key in ``source``.
        marks: name → SQL of a number from 0 to 250, one byte a row.
        terms: name → SQL of what rows are sorted by.
        orders: sort → terms, the first of which is turned round and stands last where it is NULL.
        ranks: sort → mark whose values give the order, ties by ``own``, and the value that stands last.
        own: the sort of ``source``.
        people: SELECT of ``person`` and ``key``: the citizens by whom words find a row, each by all words; "" where
            rows are citizens themselves.
    """

    name: str
    source: str
    key: str
    marks: Mapping[str, str]
    terms: Mapping[str, str]
    orders: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, tuple[str, int | None]]
    own: str
    people: str = ""


class Memory:
    """One list as it stood; made by ``remember``."""

    def __init__(
        self, ids: array[int], marks: dict[str, bytes], slots: array[int], *, own: str, is_of_units: bool
    ) -> None:
        self.ids = ids
        self._own = own
        self.marks = marks
        self._slots = slots
        self.orders: dict[tuple[str, bool], tuple[array[int], array[int]]] = {}
        self._is_of_units = is_of_units
        self._words: dict[str, bytes] = {}
        self._latest: dict[str, bytes] = {}

    def where(self, mark: str, values: Iterable[int]) -> bytes:
        """A byte for each slot: 1 where the mark has one of these values."""
        table = bytearray(256)
        for value in values:
            table[value + 1] = 1
        return self.marks[mark].translate(bytes(table))

    def found(self, connection: Connection, text: str) -> bytes | None:
        """A byte for each slot: 1 where the typed words find it, or one of its people; None for a blank text."""
        words = words_of(text)
        if not words:
            return None
        kept = [self._known(match_all((word,))) for word in words]
        masks = [mask for mask in kept if mask is not None]
        fresh = tuple(word for word, mask in zip(words, kept, strict=True) if mask is None)
        if fresh:
            masks.append(self._begun(connection, match_all(fresh)))
        whole = both(masks)
        if not self._is_of_units:
            return whole
        mask = bytearray(len(self.ids))
        for slot in compress(self._slots, whole):
            mask[slot] = 1
        mask[0] = 0
        return bytes(mask)

    def _known(self, expression: str) -> bytes | None:
        return self._words.get(expression) or self._latest.get(expression)

    def _begun(self, connection: Connection, expression: str) -> bytes:
        """What words find: slots of a list of citizens, keys of citizens otherwise; the latest are kept."""
        mask = self._known(expression)
        if mask is None:
            mask = self._search(connection, expression)
            latest = self._latest if len(self._latest) < _KEPT_WORDS else {}
            self._latest = {**latest, expression: mask}
        return mask

    def _search(self, connection: Connection, expression: str) -> bytes:
        text = all_rows(connection, _HITS, (expression,))[0][0] or ""
        hits = array("I", text.encode(_UTF32))
        mask = bytearray(len(self._slots) if self._is_of_units else len(self.ids))
        if self._is_of_units:
            for hit in hits:
                mask[hit] = 1
        else:
            slots = self._slots
            for hit in hits:
                mask[slots[hit]] = 1
            mask[0] = 0
        return bytes(mask)

    def learn_words(self, connection: Connection) -> None:
        """Keep what the beginnings of words find that nearly everybody has ("t" of "thôn"); they take longest."""
        begun = list(_LETTERS)
        while begun and len(self._words) < _KEPT_WORDS:
            text = begun.pop(0)
            expression = match_all(words_of(text))
            if all_rows(connection, _COUNT, (expression,))[0][0] > _MANY_HITS:
                self._words[expression] = self._search(connection, expression)
                begun += [text + letter for letter in _LETTERS]

    def forget_latest(self) -> None:
        """Forget what the latest words found."""
        self._latest = {}

    def slots_of(self, keys: Iterable[int]) -> bytes:
        """A byte for each slot: 1 where it is one of these keys of the list."""
        wanted = frozenset(keys)
        return bytes(map(wanted.__contains__, self.ids))

    def has(self, sort: str, *, descending: bool) -> bool:
        """Whether an order is made already."""
        return (sort, descending) == (self._own, False) or (sort, descending) in self.orders

    def keys(self, mask: bytes, sort: str, *, descending: bool) -> Iterator[int]:
        """The keys of the slots that a mask leaves, in an order; as many as are asked for."""
        order = self.orders.get((sort, descending))
        if order is None:
            return compress(self.ids, mask)
        slots, ids = order
        return compress(ids, map(mask.__getitem__, slots))

    def position(self, key: int, mask: bytes, sort: str, *, descending: bool) -> int | None:
        """The place of a key among those that a mask leaves; None where it is not one of them."""
        try:
            slot = self.ids.index(key)
        except ValueError:
            return None
        if not mask[slot]:
            return None
        order = self.orders.get((sort, descending))
        if order is None:
            return mask.count(1, 0, slot)
        slots, _ = order
        return sum(map(mask.__getitem__, slots[: slots.index(slot)]))

    def order_by(self, sort: str, slots: array[int], *, descending: bool) -> None:
        """Keep an order."""
        self.orders[sort, descending] = slots, array("I", map(self.ids.__getitem__, slots))

    def rank_by(self, sort: str, mark: str, last: int | None) -> None:
        """Keep both orders by a mark, ties as the slots stand; ``last`` stands last in both."""
        values = {value - 1 for value in set(self.marks[mark])} - {-1}
        for is_descending in (False, True):
            ranked = sorted(values - {last}, reverse=is_descending) + [value for value in values if value == last]
            parts = (compress(range(len(self.ids)), self.where(mark, (value,))) for value in ranked)
            self.order_by(sort, array("I", chain.from_iterable(parts)), descending=is_descending)


class Remembered:
    """A list under one filter in one order, from memory; its first rows are had without walking through all of it."""

    def __init__(self, memory: Memory, mask: bytes, sort: str, *, descending: bool) -> None:
        self._memory = memory
        self._mask = mask
        self._sort = sort
        self._descending = descending
        self._keys: array[int] | None = None

    def count(self) -> int:
        return self._mask.count(1)

    def page(self, offset: int, limit: int) -> Sequence[int]:
        """The keys from ``offset``, at most ``limit``."""
        if self._keys is None and offset + limit <= FIRST:
            return list(islice(self._walk(), offset, offset + limit))
        return self.keys()[offset : offset + limit]

    def keys(self) -> array[int]:
        """All keys; walked through once."""
        if self._keys is None:
            self._keys = array("I", self._walk())
        return self._keys

    def position(self, key: int) -> int | None:
        """The place of a key; None where the filter hides it."""
        return self._memory.position(key, self._mask, self._sort, descending=self._descending)

    def _walk(self) -> Iterator[int]:
        return self._memory.keys(self._mask, self._sort, descending=self._descending)


def both(masks: Sequence[bytes]) -> bytes:
    """1 where all of the masks say so."""
    if len(masks) == 1:
        return masks[0]
    whole = int.from_bytes(masks[0], "little")
    for mask in masks[1:]:
        whole &= int.from_bytes(mask, "little")
    return whole.to_bytes(len(masks[0]), "little")


def either(*masks: bytes) -> bytes:
    """1 where one of the masks says so."""
    whole = 0
    for mask in masks:
        whole |= int.from_bytes(mask, "little")
    return whole.to_bytes(len(masks[0]), "little")


def recall(context: Context, name: str) -> Memory | None:
    """The memory of a list, while nothing was written since."""
    kept = context.memory.get(name)
    if kept is None:
        return None
    version, memory = kept
    if version != context.version():
        return None
    assert isinstance(memory, Memory)
    return memory


def is_wanted(context: Context, plan: Plan) -> bool:
    """Whether the list is long and not in memory as the file is now."""
    if recall(context, plan.name) is not None or context.version() is None:
        return False
    with context.read() as connection:
        greatest = all_rows(connection, f"SELECT max(id) FROM {plan.source.split()[0]}")[0][0]
    return FEW <= (greatest or 0) <= MOST


def remember(context: Context, plan: Plan, progress: Progress = NO_PROGRESS) -> bool:
    """Make the memory of a list, unless it is there or the list is short; for a worker.

    Returns:
        Whether the list is in memory now.

    Raises:
        Cancelled: its caller asked to stop.
    """
    if recall(context, plan.name) is not None:
        return True
    version = context.version()  # before reading: what is committed meanwhile makes the memory old
    if version is None:
        return False
    with context.read() as connection:
        size = all_rows(connection, f"SELECT count(*), max({plan.key}) FROM {plan.source}")[0]
        if not FEW <= size[0] <= MOST or size[1] > MOST or _greatest_person(connection) > MOST:
            return False
        try:
            _make_lines(connection, plan)
            memory = _made(connection, plan)
            _keep(context, plan.name, version, memory)
            _make_orders(connection, plan, memory, progress)
            memory.learn_words(connection)
        except BaseException:
            context.memory.pop(plan.name, None)
            raise
        finally:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_LINES}")
    return True


def _keep(context: Context, name: str, version: int, memory: Memory) -> None:
    """In place of what was kept of that table before, also of another round."""
    family = name.split(":")[0]
    for other in [other for other in context.memory if other.split(":")[0] == family]:
        context.memory.pop(other, None)
    context.memory[name] = (version, memory)


def _greatest_person(connection: Connection) -> int:
    return int(all_rows(connection, "SELECT coalesce(max(id), 0) FROM citizen")[0][0])


def _make_lines(connection: Connection, plan: Plan) -> None:
    """Every row with its marks and terms in a table of this connection, in the list's own order."""
    columns = {**plan.marks, **plan.terms}
    listed = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    names = ", ".join(["id", *columns])
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_LINES}")
    connection.exec_driver_sql(f"CREATE TABLE {_LINES} (slot INTEGER PRIMARY KEY, {names})")
    order = _order_by(plan, plan.own, is_descending=False)
    rows = f"SELECT {plan.key} AS id, {listed} FROM {plan.source}"
    connection.exec_driver_sql(f"INSERT INTO {_LINES} ({names}) SELECT * FROM ({rows}) ORDER BY {order}")


def _made(connection: Connection, plan: Plan) -> Memory:
    """The memory with its own order; it is of use from here on."""
    ids = array("I", [row[0] for row in all_rows(connection, f"SELECT id FROM {_LINES} ORDER BY slot")])
    each = ", ".join(f"group_concat(char(1 + {name}), '')" for name in plan.marks)
    texts = all_rows(connection, f"SELECT {each} FROM (SELECT * FROM {_LINES} ORDER BY slot)")[0]
    marks = {name: _with_gap(text.encode("latin-1")) for name, text in zip(plan.marks, texts, strict=True)}
    slots = _slots_of_people(connection, plan.people)
    return Memory(_ids_with_gap(ids), marks, slots, own=plan.own, is_of_units=bool(plan.people))


def _make_orders(connection: Connection, plan: Plan, memory: Memory, progress: Progress) -> None:
    for sort, (mark, last) in plan.ranks.items():
        memory.rank_by(sort, mark, last)
    asked = [(sort, is_descending) for sort in reversed(list(plan.orders)) for is_descending in (False, True)]
    for done, (sort, is_descending) in enumerate(asked):
        progress.step(done, len(asked))
        if (sort, is_descending) != (plan.own, False):
            order = _order_by(plan, sort, is_descending=is_descending)
            query = f"SELECT group_concat({_coded('slot')}, '') FROM (SELECT slot FROM {_LINES} ORDER BY {order})"
            slots = array("I", all_rows(connection, query)[0][0].encode(_UTF32))
            memory.order_by(sort, slots, descending=is_descending)


def _order_by(plan: Plan, sort: str, *, is_descending: bool) -> str:
    first, *then = plan.orders[sort]
    return ", ".join([f"{first} {'DESC' if is_descending else 'ASC'} NULLS LAST", *then])


def _slots_of_people(connection: Connection, people: str) -> array[int]:
    """The slot of each citizen, or of what it belongs to, by its key as a code point; 0 for none."""
    slots = array("I", bytes(4 * (_PERSON + 1 + _greatest_person(connection))))
    found = f"(SELECT id AS person, slot FROM {_LINES})"
    if people:
        connection.exec_driver_sql("CREATE INDEX temp.list_line_ids ON list_lines (id)")
        found = f"({people}) AS p JOIN {_LINES} AS x ON x.id = p.key"
    query = f"SELECT group_concat(char({_PERSON} + person), ''), group_concat({_coded('slot')}, '') FROM {found}"
    persons, places = all_rows(connection, query)[0]
    pairs = zip(array("I", (persons or "").encode(_UTF32)), array("I", (places or "").encode(_UTF32)), strict=True)
    for person, slot in pairs:
        slots[person] = slot
    return slots


def _coded(column: str) -> str:
    """SQL: a number as the character with that code, the surrogates left out."""
    return f"char({column} + iif({column} >= {_GAP_AT}, {_GAP}, 0))"


_COUNT = "SELECT count(*) FROM citizen_search WHERE citizen_search MATCH ?"
_HITS = _COUNT.replace("count(*)", f"group_concat(char({_PERSON} + (rowid & 16777215)), '')")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_MANY_HITS = 40_000
_KEPT_WORDS = 48


def _with_gap(values: bytes) -> bytes:
    """Bytes by slot: slots begin at 1 and step over the surrogates."""
    first = _GAP_AT - 1
    return b"\0" + values[:first] + (bytes(_GAP) + values[first:] if len(values) > first else b"")


def _ids_with_gap(values: array[int]) -> array[int]:
    first = _GAP_AT - 1
    gap = array("I", bytes(4 * _GAP)) if len(values) > first else array("I")
    return array("I", [0]) + values[:first] + gap + values[first:]
