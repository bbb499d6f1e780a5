"""Records of one person entered twice: found on demand, or among what an import or a merge of packages brought.

Invariants: nothing is written here but the count of the last search (this machine only); a pair that a person has
called two people is not shown again; what speaks against a pair is told as well as what speaks for it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.tables import SHARED
from desktop_app.models.types import LifeStatus, Uid
from desktop_app.services.context import Context
from desktop_app.services.duplicates.evidence import (
    DOUBTFUL,
    STRANGERS,
    SURE,
    Frequencies,
    Person,
    Reason,
    Weighed,
    score_of,
    weigh,
)
from desktop_app.services.duplicates.known import COUNT
from desktop_app.services.duplicates.names import ALIKE
from desktop_app.services.duplicates.pairs import candidate_pairs, split
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.settings import set_local
from desktop_app.services.vietnamese import PartialDate, mask_cccd, mask_phone

"""Local setting: [pairs of the last search, sure ones among them, newest change of the journal by then]."""
_SHARED_HOME = 3.0
"""Bits that every further person gives whom two households seem to share."""
_MOST_SHARED = 9.0
_AGAINST = -3.0
"""A reason that weighs so much against a pair keeps it from being sure."""
_LOOK = -1.0
"""Bits of a pair that is worth a look although little speaks for it: 33 per cent."""


class Likelihood(StrEnum):
    """What a person should do with a pair: merge it after a glance, or look well."""

    SURE = "sure"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Glance:
    """One of the two people, as a list shows him; numbers masked."""

    uid: Uid
    name: str
    birth: str
    sex: str
    cccd: str
    phone: str
    hamlet: str
    hamlet_uid: Uid | None
    household: str
    household_uid: Uid | None
    relation: str
    life_status: str


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two records that may be one person; ``first`` is the older one, which stays when they are merged.

    Attributes:
        score: 0–99, per cent.
        reasons: the weightiest first, those against after those for.
        newest: the newest operation (local key) that wrote either of them.
        is_linked: more than name and birth joins them.
    """

    first: Glance
    second: Glance
    score: int
    likelihood: Likelihood
    reasons: tuple[Reason, ...]
    newest: int = 0
    is_linked: bool = False

    @property
    def key(self) -> tuple[Uid, Uid]:
        return self.first.uid, self.second.uid

    @property
    def uid(self) -> str:
        """A key for lists."""
        return self.first.uid + self.second.uid

    @property
    def words(self) -> str:
        """The reasons in one line: "cùng họ tên, cùng ngày sinh; nhưng khác giới tính"."""
        good = ", ".join(item.text for item in self.reasons if item.text and not item.is_against)
        bad = ", ".join(item.text for item in self.reasons if item.text and item.is_against)
        return f"{good}; nhưng {bad}" if bad else good


@dataclass(frozen=True)
class DuplicateSearch:
    """What a search found: the sure ones, then the doubtful ones, each the likeliest first."""

    pairs: tuple[DuplicatePair, ...]
    people: int

    @property
    def sure(self) -> tuple[DuplicatePair, ...]:
        return tuple(pair for pair in self.pairs if pair.likelihood is Likelihood.SURE)


def find_duplicates(
    context: Context, *, among: Collection[Uid] | None = None, progress: Progress = NO_PROGRESS
) -> DuplicateSearch:
    """Search the whole register (100,000 people: some seconds).

    Args:
        among: only pairs in which one of these people is; a search of all also keeps its count (``known_count``).

    Raises:
        Cancelled: the person stopped it.
    """
    progress.step(0, 0, "Đang đọc sổ")
    with context.read() as connection:
        people = _read_people(connection)
        mark = _newest_change(connection)
        distinct = _distinct(connection)
    asked = None if among is None else frozenset(among)
    wanted = None if asked is None else {person.place for person in people if person.uid in asked}
    found = _weigh_all(people, wanted, distinct, progress)
    with context.read() as connection:
        pairs = _pairs(connection, people, found)
    result = DuplicateSearch(pairs, len(people))
    if among is None:
        set_local(context, COUNT, [len(pairs), len(result.sure), mark])
    return result


def find_among_operation(context: Context, operation: Uid, *, progress: Progress = NO_PROGRESS) -> DuplicateSearch:
    """Pairs in which somebody is whom an import, or a merge of packages with all it brought, made or changed."""
    return find_duplicates(context, among=people_of_operation(context, operation), progress=progress)


def weigh_pair(context: Context, first: Uid, second: Uid) -> DuplicatePair:
    """The evidence about two people whom somebody wants to compare, however little speaks for them.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    with context.read() as connection:
        for uid in (first, second):
            find_row(connection, "citizen", uid)
        people = _read_people(connection)
        sides = sorted((person for person in people if person.uid in (first, second)), key=lambda side: side.uid)
        found = weigh(sides[0], sides[-1], Frequencies.of(people)) or STRANGERS
        return _pairs(connection, people, [(sides[0], sides[-1], found, found.bits, found.reasons)])[0]


def people_of_operation(context: Context, operation: Uid) -> frozenset[Uid]:
    """Citizens whom an operation, or the operations that came with a merge, made or changed."""
    with context.read() as connection:
        rows = all_rows(connection, _WRITTEN_BY, (bytes.fromhex(operation), SHARED["citizen"].code))
    return frozenset(row[0].hex() for row in rows)


def keep_count(context: Context, search: DuplicateSearch) -> None:
    """Keep the count of what is left of a whole search after pairs of it were settled."""
    with context.read() as connection:
        mark = _newest_change(connection)
    set_local(context, COUNT, [len(search.pairs), len(search.sure), mark])


_WRITTEN_BY = """
WITH o AS (SELECT id FROM operation WHERE uid = ?)
SELECT DISTINCT c.row_uid FROM change AS c WHERE c.table_code = ?
AND c.operation_id IN (SELECT id FROM o UNION SELECT id FROM operation WHERE merged_in IN (SELECT id FROM o))"""

_PEOPLE = """
SELECT id, lower(hex(uid)), full_name, name_fold, sex, birth, cccd, phone, household_id, hamlet_id, relation,
       life_status = 'dead'
FROM citizen WHERE present = 1 ORDER BY id"""

_HELD_NUMBERS = """
SELECT lower(hex(row_uid)), json_extract(theirs, '$') FROM conflict
WHERE status = 'open' AND field = 'cccd' AND table_code = ?"""


def _read_people(connection: Connection) -> list[Person]:
    """Everybody present; a number that waits in the inbox counts as his where he has none."""
    held = dict(all_rows(connection, _HELD_NUMBERS, (SHARED["citizen"].code,)))
    people = []
    for place, row in enumerate(all_rows(connection, _PEOPLE)):
        key, uid, name, folded, sex, birth, cccd, phone, household, hamlet, relation, is_dead = row
        number = cccd or str(held.get(uid) or "")
        people.append(
            Person(
                place, key, uid, name or "", folded or "", sex or "", birth or "", number, phone or "", household,
                hamlet, relation or "", bool(is_dead),
            )
        )  # fmt: skip
    return people


def _newest_change(connection: Connection) -> int:
    """A mark of the newest write."""
    row = one_row(connection, "SELECT max(id) FROM change")
    return int(row[0] or 0) if row else 0


def _distinct(connection: Connection) -> frozenset[tuple[int, int]]:
    rows = all_rows(connection, "SELECT first_id, second_id FROM distinct_pair WHERE present = 1")
    return frozenset((min(pair), max(pair)) for pair in rows if None not in pair)


_Found = list[tuple[Person, Person, Weighed, float, tuple[Reason, ...]]]


def _weigh_all(
    people: list[Person], among: Collection[int] | None, distinct: Collection[tuple[int, int]], progress: Progress
) -> _Found:
    known = Frequencies.of(people)
    pairs = sorted(candidate_pairs(people, among, progress))
    weighed = []
    for done, pair in enumerate(pairs):
        if done % 5_000 == 0:
            progress.step(done, len(pairs), "Đang cân nhắc từng cặp")
        first, second = (people[place] for place in split(pair))
        item = weigh(first, second, known)
        if item is not None and item.bits > -20 and (first.id, second.id) not in distinct:
            weighed.append((first, second, item))
    shared = _shared_homes(weighed)
    found: _Found = []
    for first, second, item in weighed:
        bits, reasons = item.bits, item.reasons
        count = shared.get(_homes(first, second), 0)
        if count > 1 and _looks_same(item):
            extra = min(_SHARED_HOME * (count - 1), _MOST_SHARED)
            bits += extra
            reasons = (*reasons, Reason("homes.shared", f"hai hộ có {count} người giống nhau", extra))
        if score_of(bits) < DOUBTFUL and _are_only_two(first, second, item, known):
            bits = max(bits, _LOOK)
            reasons = (*reasons, Reason("name.only", "trong sổ chỉ hai hồ sơ mang tên này", 0.0))
        if score_of(bits) >= DOUBTFUL:
            found.append((first, second, item, bits, reasons))
    return found


def _are_only_two(first: Person, second: Person, item: Weighed, known: Frequencies) -> bool:
    """Nobody else has the name, the year of birth is the same, and nothing speaks against it: worth a look."""
    if first.folded != second.folded or known.names[first.folded] != 2 or item.birth_bits <= 0:
        return False
    return item.name in ALIKE and not any(reason.is_against for reason in item.reasons if reason.code != "name.same")


def _homes(first: Person, second: Person) -> tuple[int, int]:
    homes = first.household or 0, second.household or 0
    return min(homes), max(homes)


def _looks_same(item: Weighed) -> bool:
    return item.name in ALIKE and item.birth_bits > 0 and all(r.bits > _AGAINST for r in item.reasons)


def _shared_homes(weighed: Iterable[tuple[Person, Person, Weighed]]) -> Counter[tuple[int, int]]:
    """How many people two households seem to have in common: a family that was entered twice."""
    members: dict[tuple[int, int], set[int]] = {}
    for first, second, item in weighed:
        if first.household and second.household and first.household != second.household and _looks_same(item):
            homes = _homes(first, second)
            lower = first if first.household == homes[0] else second
            members.setdefault(homes, set()).add(lower.place)
    return Counter({homes: len(places) for homes, places in members.items()})


# -- records -----------------------------------------------------------------------------------------------------


def _pairs(connection: Connection, people: Sequence[Person], found: _Found) -> tuple[DuplicatePair, ...]:
    keys = sorted({person.id for item in found for person in item[:2]})
    glances = read_glances(connection, keys)
    newest = _newest_operations(connection, keys)
    order = sorted(found, key=lambda item: (-score_of(item[3]), -item[3], item[0].folded, item[0].place, item[1].place))
    pairs = []
    for first, second, item, bits, reasons in order:
        older, younger = sorted((first, second), key=lambda person: person.uid)
        score = score_of(bits)
        is_linked = item.is_linked or any(r.code == "homes.shared" for r in reasons)
        is_fair = item.name in ALIKE and is_linked and all(r.bits > _AGAINST for r in reasons)
        pairs.append(
            DuplicatePair(
                glances[older.id],
                glances[younger.id],
                score,
                Likelihood.SURE if is_fair and score >= SURE else Likelihood.DOUBTFUL,
                tuple(sorted((r for r in reasons if r.text), key=lambda r: (r.is_against, -abs(r.bits)))),
                max(newest.get(older.id, 0), newest.get(younger.id, 0)),
                is_linked,
            )
        )
    return tuple(sorted(pairs, key=lambda pair: pair.likelihood is not Likelihood.SURE))


_GLANCES = """
SELECT c.id, lower(hex(c.uid)), c.full_name, c.birth, c.sex, c.cccd, c.phone, h.name, lower(hex(h.uid)), hh.code,
       lower(hex(hh.uid)), c.relation, c.life_status
FROM json_each(?) AS k CROSS JOIN citizen AS c ON c.id = k.value
LEFT JOIN household AS hh ON hh.id = c.household_id LEFT JOIN hamlet AS h ON h.id = hh.hamlet_id"""


def read_glances(connection: Connection, ids: Sequence[int]) -> Mapping[int, Glance]:
    """People by their local keys, present or not."""
    found = {}
    for row in all_rows(connection, _GLANCES, (json.dumps(list(ids)),)):
        key, uid, name, birth, sex, cccd, phone, hamlet, hamlet_uid, code, home_uid, relation, life = row
        found[key] = Glance(
            uid, name or "", PartialDate.from_iso(birth).text() if birth else "", sex or "", mask_cccd(cccd),
            mask_phone(phone), hamlet or "", hamlet_uid or None, code or "", home_uid or None, relation or "",
            life or LifeStatus.LIVING.value,
        )  # fmt: skip
    return found


_NEWEST = """
SELECT c.id, (SELECT max(x.operation_id) FROM change AS x WHERE x.row_uid = c.uid)
FROM json_each(?) AS k CROSS JOIN citizen AS c ON c.id = k.value"""


def _newest_operations(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    rows: list[tuple[Any, ...]] = all_rows(connection, _NEWEST, (json.dumps(list(ids)),))
    return {key: newest or 0 for key, newest in rows}


_LAST_BROUGHT = """
SELECT max(id) FROM operation WHERE kind IN ('import.citizens', 'merge.package') AND undone_by IS NULL"""


def last_brought(context: Context) -> int:
    """The newest import or merge (local key), for "only what is new since"; 0 where there was none. A merged
    operation has a higher key than its merge, so it counts as new as well."""
    with context.read() as connection:
        row = one_row(connection, _LAST_BROUGHT)
    return int(row[0] or 0) if row else 0
