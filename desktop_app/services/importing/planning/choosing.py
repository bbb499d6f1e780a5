"""A plan after a person has said who its doubtful rows are, and which standing household a code means; pure.

Invariants: one person of the register is written by one row at most; people join a standing household of which none of
them is a member only where somebody has said so, or has chosen one of its members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop_app.models.types import Uid
from desktop_app.services.importing.planning.alone import own_issue
from desktop_app.services.importing.planning.asked_homes import code_issue, in_standing, lived_in
from desktop_app.services.importing.planning.differences import fill_household, own_number, row_issue
from desktop_app.services.importing.planning.heads import without_known_heads
from desktop_app.services.importing.planning.matching import Known
from desktop_app.services.importing.planning.planned import TAKEN, WRITTEN, HouseholdPlan, ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.planning.settled import tell_household_changes, updated
from desktop_app.services.importing.preview import PersonRow
from desktop_app.services.importing.titles.former import with_titles


def choose(plan: ImportPlan, choices: Mapping[int, Uid | None]) -> ImportPlan:
    """Settle doubtful rows by a person's word.

    Args:
        choices: index of a row → uid of the person that it is, or None for a new person; where only its household is
            asked about, uid of the standing household or None for another one.
    """
    rows = list(plan.rows)
    homes = [replace(home, changes=dict(home.changes)) for home in plan.households]
    joined = _settle_homes(rows, homes, choices)
    taken = {item.person.id: item.row for item in rows if item.person is not None}
    lived = {home.id for home in homes}
    used = {item.row.cccd: item.row for item in rows if item.row.cccd and item.fate in TAKEN}
    answers = {**dict.fromkeys(joined), **choices}
    for index, uid in sorted(answers.items()):
        item = rows[index]
        if item.fate is not RowFate.DOUBTFUL:
            continue
        person = _person_of(item, uid)
        if person is not None and person.id in taken and item.person is None:
            text = f"Người này đã là dòng {taken[person.id].row} nên không nhập lần nữa."
            issue = row_issue(item.row, "person.repeated", text)
            rows[index] = replace(item, fate=RowFate.UNCHANGED, candidates=(), issues=(issue,))
            continue
        rows[index] = _chosen(plan, item, person, homes, lived, used)
        number = rows[index].row.cccd
        if number:
            used[number] = item.row
        if person is not None:
            taken[person.id] = item.row
    _tell_shared_codes(rows, homes)
    rows = without_known_heads(tell_household_changes(rows, homes), homes, plan.homes)
    return with_titles(replace(plan, rows=tuple(rows), households=tuple(homes)))


def _settle_homes(
    rows: Sequence[RowPlan], homes: Sequence[HouseholdPlan], choices: Mapping[int, Uid | None]
) -> set[int]:
    """Give the households that are asked about what was answered; returns rows that are answered with it."""
    asked: dict[int, list[int]] = defaultdict(list)
    for index, item in enumerate(rows):
        if item.household is not None and homes[item.household].asked is not None:
            asked[item.household].append(index)
    joined: set[int] = set()
    for place, indices in asked.items():
        home = homes[place]
        if home.asked is not None and in_standing(home.asked, rows, indices, choices):
            home.id = home.asked.home.id
            joined.update(index for index in indices if rows[index].asked is not None and not rows[index].candidates)
        elif any(index in choices for index in indices):
            people = (_person_of(rows[index], choices.get(index)) for index in indices)
            home.id = lived_in([person for person in people if person is not None], homes)
    return joined


def _person_of(item: RowPlan, uid: Uid | None) -> Known | None:
    """Who a row is about, with this answer."""
    return next((found.person for found in item.candidates if found.person.uid == uid), item.person)


def _tell_shared_codes(rows: list[RowPlan], homes: Sequence[HouseholdPlan]) -> None:
    """Say of a household that was parted from the standing one that its code is used twice, on its first row."""
    told: set[int] = set()
    for index, item in enumerate(rows):
        place = item.household
        if place is None or place in told or item.fate not in WRITTEN:
            continue
        home = homes[place]
        if home.asked is not None and home.id is None:
            told.add(place)
            rows[index] = replace(item, issues=(*item.issues, code_issue(item.row, home.asked.home.hamlet)))


def _chosen(
    plan: ImportPlan,
    item: RowPlan,
    person: Known | None,
    homes: Sequence[HouseholdPlan],
    lived: set[int | None],
    used: Mapping[str, PersonRow],
) -> RowPlan:
    """A row with its answer.

    Args:
        lived: households of the register that are one of the list's; the one that is found now is added.
    """
    row, issues = own_number(item.row, person, item.cccd_holder, used)
    settled = replace(item, row=row, fate=RowFate.NEW, candidates=(), issues=())
    home = homes[item.household] if item.household is not None else None
    if home is not None and home.is_own:
        if person is None:
            return replace(settled, issues=(*issues, own_issue(row)))
        settled, home = replace(settled, household=None), None
    if home is not None:
        lives_in = plan.homes.get(person.household_id or 0) if person is not None else None
        is_free = lives_in is not None and home.id is None and lives_in.id not in lived
        if lives_in is not None and is_free and not (home.code and lives_in.code):
            home.id = lives_in.id
            lived.add(lives_in.id)
        fill_household(home, row, plan.homes.get(home.id) if home.id is not None else None, plan.units)
    if person is None:
        return replace(settled, issues=issues)
    return updated(settled, person, home, plan.units, issues)
