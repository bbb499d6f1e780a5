"""A small invented hamlet whose forms lie in a stack."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup
from desktop_app.services.context import Context
from desktop_app.services.keying.batches import add_batch
from desktop_app.services.keying.records import BatchRecord, Cover
from tests.factories import make_register
from tests.services.assessment.world import YEAR, add_people, row_uid

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    yield made
    made.close()


@pytest.fixture
def people(context: Context) -> dict[str, str]:
    """Name → uid: five of Thôn 1 (one of another group, one of none, one dead), two of Thôn 2 (one a namesake)."""
    plain = {"birth": "1984", "citizen_group": "resident"}
    first = [
        {"full_name": "Nguyễn Thị Lan", "cccd": "079184000319", **plain},
        {"full_name": "Trần Văn Bình", "cccd": "079084001234", **plain},
        {"full_name": "Lê Thị Mai", "birth": "1984", "citizen_group": "worker"},
        {"full_name": "Phạm Đức Thắng", "birth": "1984"},
        {"full_name": "Võ Thị Hạnh", "life_status": "dead", **plain},
    ]
    second = [{"full_name": "Nguyễn Thị Lan", **plain}, {"full_name": "Đỗ Hữu Lợi", "birth": "2015"}]
    found: dict[str, str] = {}
    for rows, hamlet, code in ((first, "Thôn 1", "01-0127"), (second, "Thôn 2", "02-0127")):
        uids = add_people(context, rows, hamlet=hamlet, code=code)[1]
        for row, uid in zip(rows, uids, strict=True):
            name = str(row["full_name"])
            found[f"{name} 2" if name in found else name] = uid
    return found


@pytest.fixture
def cover(context: Context) -> Cover:
    return Cover(
        group=CitizenGroup.RESIDENT,
        hamlet=row_uid(context, "hamlet", "Thôn 1"),
        collector="Nguyễn Văn Bình",
        collected_on="2026-11-20",
    )


@pytest.fixture
def batch(context: Context, people: dict[str, str], cover: Cover) -> BatchRecord:
    return add_batch(context, YEAR, cover, today=TODAY)


def first_uid(context: Context, table: str) -> str:
    """The first present row of a table."""
    with context.read() as connection:
        found: bytes = (
            connection.exec_driver_sql(f"SELECT uid FROM {table} WHERE present ORDER BY id").scalars().first()
        )
    return found.hex()
