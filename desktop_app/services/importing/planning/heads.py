"""A household without a head in the list may have one in the register: then nothing is missing; pure.

Invariant: only the remark goes; who is head stays as the register has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desktop_app.services.importing.planning.planned import TAKEN, HouseholdPlan, KnownHousehold, RowPlan

NO_HEAD = "household.no_head"


def without_known_heads(
    rows: Sequence[RowPlan], households: Sequence[HouseholdPlan], known: Mapping[int, KnownHousehold]
) -> list[RowPlan]:
    """The rows, without the remark on a missing head where the household of the register has one.

    Args:
        households: those of the list.
        known: those of the register by id.
    """
    return [_told(item, households, known) for item in rows]


def _told(item: RowPlan, households: Sequence[HouseholdPlan], known: Mapping[int, KnownHousehold]) -> RowPlan:
    if item.household is None or not item.row.issues or not any(issue.code == NO_HEAD for issue in item.row.issues):
        return item
    home = households[item.household]
    found = known.get(home.id) if home.id is not None else None
    has_head = found is not None and found.head is not None
    if item.fate in TAKEN and item.person is not None:
        has_head = has_head or item.person.head is not None
    if not has_head:
        return item
    issues = tuple(issue for issue in item.row.issues if issue.code != NO_HEAD)
    return replace(item, row=replace(item.row, issues=issues))
