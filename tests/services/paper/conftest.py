"""A register with what forms are handed out to: households, a unit, a clan, hamlets of one name after a merger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop_app.models.tables import registry
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from tests.factories import add_household, make_register
from tests.services.paper.helpers import TWELVE


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    """Empty but for its commune and two hamlets."""
    made = make_register(tmp_path / "so")
    yield made
    made.close()


@pytest.fixture
def homes(register: Context) -> dict[str, tuple[Uid, list[Uid]]]:
    """Three households of two hamlets, the last one of twelve people."""
    many = tuple(f"Lò Thị {name}" for name in TWELVE)
    return {
        "01-0010": add_household(register, "01-0010", members=("Nguyễn Văn Ước", "Nguyễn Thị Bé")),
        "01-0002": add_household(register, "01-0002", members=("K'Tùng", "H'Hen Niê")),
        "02-0001": add_household(register, "02-0001", hamlet="Thôn 2", members=many),
    }


def change(context: Context, table: str, uid: Uid, **values: object) -> None:
    """Set fields of a row."""
    with context.operation("citizen.edit", {}) as op:
        row = op.connection.execute(select(_TABLES[table].c.id).where(_TABLES[table].c.uid == uid)).scalar_one()
        op.writer.update(_TABLES[table], row, values)


def add_unit(context: Context, name: str, members: list[Uid]) -> Uid:
    """A unit with members."""
    with context.operation("organization.add", {}) as op:
        unit = op.writer.insert(registry.organization, {"name": name, "leader": "Phạm Thị Hiệu"})
        for uid in members:
            key = op.connection.execute(select(registry.citizen.c.id).where(registry.citizen.c.uid == uid)).scalar_one()
            op.writer.insert(registry.organization_member, {"organization_id": unit, "citizen_id": key})
        return op.writer.references.uid("organization", unit)


def hamlet_uid(context: Context, name: str) -> Uid:
    """The first hamlet of this name."""
    with context.read() as connection:
        statement = select(registry.hamlet.c.uid).where(registry.hamlet.c.name == name)
        return str(connection.execute(statement).scalars().first())


_TABLES = {"citizen": registry.citizen, "household": registry.household, "hamlet": registry.hamlet}
