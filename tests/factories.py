"""Valid records with defaults, made through the program's own services; every person here is invented."""

from __future__ import annotations

from pathlib import Path

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.register import RegisterPlan, create_register

PHU_AN = "30436"
"""Code of a real commune (Xã Phú An, An Giang), under which the invented people of the samples live."""


def make_register(folder: Path, *, hamlets: tuple[str, ...] = ("Thôn 1", "Thôn 2"), year: int = 2026) -> Context:
    """An office's new register."""
    return create_register(folder, RegisterPlan(PHU_AN, year, hamlets=hamlets))


def add_household(
    context: Context, code: str = "01-0001", *, hamlet: str = "Thôn 1", members: tuple[str, ...] = ("Nguyễn Văn Ước",)
) -> tuple[Uid, list[Uid]]:
    """A household with members named so; the first is its head.

    Returns:
        The household's uid and its members'.
    """
    from sqlalchemy import select

    from desktop_app.models.tables import registry

    with context.operation("household.add", {}) as op:
        hamlet_id = op.connection.execute(
            select(registry.hamlet.c.id).where(registry.hamlet.c.name == hamlet)
        ).scalar_one()
        household_id = op.writer.insert(registry.household, {"code": code, "hamlet_id": hamlet_id})
        ids = [
            op.writer.insert(
                registry.citizen,
                {"full_name": name, "household_id": household_id, "position": place, "birth": f"{1960 + place}"},
            )
            for place, name in enumerate(members, start=1)
        ]
        if ids:
            op.writer.update(registry.household, household_id, {"head_id": ids[0]})
        uids = [op.writer.references.uid("citizen", row_id) for row_id in ids]
        return op.writer.references.uid("household", household_id), uids
