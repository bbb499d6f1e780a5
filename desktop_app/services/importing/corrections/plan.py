"""A plan after one row was typed over: that row and its housemates are decided anew, the other rows keep their fates.

Invariants: the deciding is ``plan_import``'s own, on a list of these few rows; nobody of the register is written by two
rows, and no number is given twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.engine import Connection

from desktop_app.services.importing.corrections.edits import Texts, corrected
from desktop_app.services.importing.planning.differences import own_number, row_issue
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import TAKEN, HouseholdPlan, ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import ParsedWorkbook, PersonRow
from desktop_app.services.importing.titles.former import with_titles
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import fold


def replanned(
    connection: Connection,
    plan: ImportPlan,
    place: int,
    texts: Texts,
    today: dt.date,
    progress: Progress = NO_PROGRESS,
) -> ImportPlan:
    """The plan after one row was typed over.

    Args:
        plan: as it stands without any choice about doubtful rows.
        place: index of the row.
        today: the day of the import; nobody is born later.
    """
    return redecided(connection, plan, corrected(plan.parsed, place, texts, today), progress)


def redecided(
    connection: Connection, plan: ImportPlan, parsed: ParsedWorkbook, progress: Progress = NO_PROGRESS
) -> ImportPlan:
    """The plan of a workbook that differs in a few rows from the one that was planned."""
    changed = [at for at, row in enumerate(parsed.rows) if row is not plan.parsed.rows[at]]
    group = _touched(plan.parsed.rows, parsed.rows, changed)
    few = replace(parsed, rows=tuple(_apart(parsed.rows, group)))
    decided = plan_import(connection, few, is_other_commune=True, places=plan.places, progress=progress)
    homes = list(plan.households)
    found = _homes(plan, parsed.rows, decided, group, homes)
    rows = list(plan.rows)
    inside = frozenset(group)
    outside = [item for at, item in enumerate(rows) if at not in inside]
    for at, row in zip(group, decided.rows, strict=True):
        made = replace(row, household=found[row.household] if row.household is not None else None)
        rows[at] = _once(made, plan, parsed.rows[at], outside, inside)
    whole = replace(
        plan,
        parsed=parsed,
        rows=tuple(rows),
        households=tuple(homes),
        new_hamlets={**plan.new_hamlets, **decided.new_hamlets},
        homes={**plan.homes, **decided.homes},
    )
    return with_titles(whole)


def _touched(before: Sequence[PersonRow], after: Sequence[PersonRow], changed: Sequence[int]) -> list[int]:
    """The rows whose fate may be another now: those of the same name or number, all who live with any of them, and
    whoever bears the number of one of these, again with his home: a number twice in a list is rare, a name is not."""
    versions = [rows[at] for at in changed for rows in (before, after)]
    names = {fold(row.name) for row in versions if row.name}
    coded = [fold(row.household_code) if row.household_code else "" for row in after]
    group = {at for at, row in enumerate(after) if row.name and fold(row.name) in names} | set(changed)
    numbers: set[str] = set()
    while True:
        known = len(group), len(numbers)
        versions += [after[at] for at in group]
        numbers.update(row.cccd for row in versions if row.cccd)
        homes = {row.household for row in versions} - {None}
        codes = {fold(row.household_code) for row in versions if row.household_code}
        group.update(
            at
            for at, row in enumerate(after)
            if row.household in homes or (coded[at] and coded[at] in codes) or (row.cccd and row.cccd in numbers)
        )
        if (len(group), len(numbers)) == known:
            return sorted(group)


def _apart(rows: Sequence[PersonRow], group: Sequence[int]) -> list[PersonRow]:
    """The rows of a group as a list of their own: what they repeat is counted within it."""
    places = {at: place for place, at in enumerate(group)}
    return [
        replace(rows[at], repeats=places.get(repeated)) if (repeated := rows[at].repeats) is not None else rows[at]
        for at in group
    ]


def _homes(
    plan: ImportPlan,
    rows: Sequence[PersonRow],
    decided: ImportPlan,
    group: Sequence[int],
    homes: list[HouseholdPlan],
) -> dict[int, int]:
    """Where each household of the few rows stands among all; known ones are replaced, others are added to ``homes``."""
    found: dict[int, int] = {}
    for at, row in zip(group, decided.rows, strict=True):
        old = plan.rows[at].household
        is_settled = rows[at].household_code == plan.parsed.rows[at].household_code
        if row.household is not None and old is not None and is_settled and old not in found.values():
            found.setdefault(row.household, old)
    for index, home in enumerate(decided.households):
        if index in found:
            homes[found[index]] = home
        else:
            homes.append(home)
            found[index] = len(homes) - 1
    return found


def _once(
    made: RowPlan, plan: ImportPlan, row: PersonRow, outside: Sequence[RowPlan], inside: frozenset[int]
) -> RowPlan:
    """The row as decided, unless another row outside stands for its person or has its number."""
    repeated = row.repeats
    if made.fate is RowFate.REFUSED:
        return replace(made, row=row)
    if repeated is not None and repeated not in inside and plan.rows[repeated].fate is not RowFate.REFUSED:
        return _doubled(made, row, "Người này đã có ở một dòng trên nên không nhập.")
    if made.fate not in TAKEN:
        return replace(made, row=replace(made.row, repeats=repeated))
    person = made.person
    other = next((item for item in outside if person is not None and item.person is not None
                  and item.person.id == person.id), None)  # fmt: skip
    if other is not None:
        return _doubled(made, row, f"Người này đã là dòng {other.row.row} nên không nhập lần nữa.")
    if made.fate is not RowFate.NEW and person is None:
        return replace(made, row=row)  # it repeats a row of the group
    used = {item.row.cccd: item for item in outside if item.row.cccd and _is_somebody(item)}
    mended, issues = own_number(made.row, person, None, used)
    mended = replace(mended, repeats=repeated)
    if not issues:
        return replace(made, row=mended)
    changes = {name: pair for name, pair in made.changes.items() if name != "cccd"}
    is_same = made.fate is RowFate.CHANGED and not changes and not made.household_changes
    fate = RowFate.UNCHANGED if is_same else made.fate
    return replace(made, row=mended, changes=changes, fate=fate, issues=(*made.issues, *issues))


def _is_somebody(item: RowPlan) -> bool:
    """Does a row stand for somebody, so that its number is given?"""
    return item.fate is RowFate.NEW or (item.fate in TAKEN and item.person is not None)


def _doubled(made: RowPlan, row: PersonRow, said: str) -> RowPlan:
    """A row whose person is another row's: only what it tells of its household stays."""
    fate = RowFate.CHANGED if made.household_changes else RowFate.UNCHANGED
    issues = (row_issue(row, "person.repeated", said),)
    return replace(made, row=row, fate=fate, person=None, changes={}, candidates=(), issues=issues)
