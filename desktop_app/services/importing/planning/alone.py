"""Homes for people of a list that tells no households, so that their hamlet is kept: each a household of his own.

Invariant: only a new person is given such a home, and it is said; it has no code, and goes again when a later list
brings him into a household of others.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer
from desktop_app.models.tables.registry import citizen, household
from desktop_app.services.importing.planning.differences import row_issue
from desktop_app.services.importing.planning.planned import HouseholdPlan
from desktop_app.services.importing.preview import Issue, PersonRow

_CHUNK = 500


def own_household(row: PersonRow, key: str) -> HouseholdPlan:
    """Return the household that a new person of a list without households gets.

    Args:
        key: of the hamlet in which he lives.
    """
    return HouseholdPlan("", key, row.hamlet, address=row.address, poverty=row.poverty, is_own=True)


def own_issue(row: PersonRow) -> Issue:
    """Say that a household was made up for a person."""
    text = f"Danh sách không cho biết hộ; tạm ghi thành hộ riêng một người ở {row.hamlet}."
    return row_issue(row, "person.own_household", text)


def remove_left_homes(connection: Connection, writer: Writer, homes: Collection[int]) -> None:
    """Take away households without code that an import has left without anybody."""
    ids = sorted(homes)
    left: list[int] = []
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        lived_in = select(citizen.c.household_id).where(citizen.c.present, citizen.c.household_id.in_(chunk))
        empty = select(household.c.id).where(
            household.c.present, household.c.code.is_(None), household.c.id.in_(chunk), household.c.id.not_in(lived_in)
        )
        left += connection.execute(empty).scalars().all()
    if left:
        writer.remove_many(household, left)
