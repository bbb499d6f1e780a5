"""Rows made many at a time are recorded word for word as rows made one by one."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.journal import chain
from desktop_app.models.journal.codec import References, dump_made, dump_made_many
from desktop_app.models.tables.base import SHARED
from desktop_app.models.tables.registry import citizen
from desktop_app.services.context import Context
from tests.factories import make_register

EVEN: list[dict[str, Any]] = [
    {"full_name": "Nguyễn Thị Lan", "birth": "1984-05-08", "position": 1, "note": None},
    {"full_name": 'Y "Hai"\\Êban', "birth": None, "position": 0, "note": "hai\ndòng\tvà\u2028nữa"},
    {"full_name": "K’Tùng", "birth": "1990", "position": None, "note": ""},
]
UNEVEN = [*EVEN, {"full_name": "Trần Văn Ba"}, {"full_name": "Lê An", "phone": "0912345678", "present": False}]
DECOMPOSED = [*EVEN, {**EVEN[0], "full_name": unicodedata.normalize("NFD", "Đỗ Ước")}]


@pytest.fixture
def register(tmp_path: Path) -> Any:
    context = make_register(tmp_path)
    yield context
    context.close()


def _recorded(context: Context) -> list[tuple[str, str | None, str | None]]:
    query = """SELECT v.payload, c.name_fold, c.sort_key FROM change_value AS v JOIN change AS h ON h.id = v.change_id
    JOIN citizen AS c ON c.uid = h.row_uid ORDER BY h.id DESC"""
    with context.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.mark.parametrize("rows", [EVEN, UNEVEN, DECOMPOSED, DECOMPOSED + UNEVEN])
def test_many_rows_are_recorded_and_derived_as_one_by_one(rows: list[dict[str, Any]], register: Context) -> None:
    filled = rows * 30  # more than one compressed piece holds
    with register.operation("citizen.edit", {}) as op:
        for row in filled:
            op.writer.insert(citizen, row)
    one_by_one = _recorded(register)
    with register.operation("citizen.edit", {}) as op:
        op.writer.insert_many(citizen, filled)
    assert len(one_by_one) == len(filled)
    assert _recorded(register)[: len(filled)] == one_by_one


def test_a_payload_made_with_others_has_the_same_bytes() -> None:
    spec, references = SHARED["citizen"], References(None)  # type: ignore[arg-type]  # asks nothing of a file
    references.learn_made("household", [3, 4], ["0" * 32, "f" * 32])
    rows = [
        {"household_id": 4, "position": 2, "present": True, "note": 1.5},
        {"household_id": None, "position": True, "present": False, "note": "“”"},
        {"household_id": 3, "position": 0, "present": 1, "note": None},
    ]
    assert dump_made_many(spec, rows, references) == [dump_made(spec, row, references) for row in rows]
    assert dump_made_many(spec, [{}, {}], references) == ["{}", "{}"]


def test_a_many_rowed_operation_is_sealed_over_what_stands_in_the_file(register: Context) -> None:
    with register.operation("citizen.edit", {}) as op:
        op.writer.insert_many(citizen, EVEN * 40)
    with register.read() as connection:
        assert chain.broken_links(connection) == []
        for operation_id in connection.exec_driver_sql("SELECT id FROM operation").scalars().all():
            told = [item.check_value() for item in chain.changes_of(connection, operation_id)]
            assert list(chain.digests_of(connection, operation_id)) == told
    with register.database.write() as connection:
        connection.exec_driver_sql("UPDATE change_value SET payload = replace(payload, 'Lan', 'Loan')")
    with register.read() as connection:
        assert len(chain.broken_links(connection)) == 1
