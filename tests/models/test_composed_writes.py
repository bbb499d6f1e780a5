"""Every text in the register is composed (NFC), whatever a service hands to the writer, and one form everywhere:
rows, derived columns, change records and the arguments of deeds."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.journal.codec import References, composed, dump_made, is_composed
from desktop_app.models.tables import SHARED, registry
from desktop_app.models.tables.system import setting
from desktop_app.services.context import Context
from tests.factories import make_register

NAME, WORK = "Nguyễn Thị Ước", "Thợ mộc"


def loose(text: str) -> str:
    found = unicodedata.normalize("NFD", text)
    assert found != text
    return found


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    yield made
    made.close()


def loose_texts(context: Context) -> list[str]:
    """Every text of the file that is not composed, packed change records aside."""
    found = []
    with context.read() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
        for name in names:
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'):
                found += [value for value in row if isinstance(value, str) and composed(value) != value]
    return found


def people(context: Context) -> list[tuple[Any, ...]]:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT full_name, occupation, name_fold FROM citizen ORDER BY id")
        return [tuple(row) for row in rows]


def test_one_row_is_composed_when_it_is_made_and_when_it_is_changed(context: Context) -> None:
    with context.operation("citizen.add", {"file": loose("tệp.xlsx")}) as op:
        key = op.writer.insert(registry.citizen, {"full_name": loose(NAME)})
    with context.operation("citizen.edit") as op:
        assert op.writer.update(registry.citizen, key, {"occupation": loose(WORK)})
        op.args["file"] = loose("tệp.xlsx")
    assert people(context) == [(NAME, WORK, "nguyen thi uoc")]
    assert loose_texts(context) == []
    with context.operation("citizen.edit") as op:
        assert not op.writer.update(registry.citizen, key, {"occupation": loose(WORK)})


def test_many_rows_are_composed_when_they_are_made_and_when_they_are_changed(context: Context) -> None:
    with context.operation("import.citizens") as op:
        rows = [{"full_name": loose(NAME)}, {"full_name": "Le Van Ba"}, {"full_name": NAME}]
        keys = op.writer.insert_many(registry.citizen, rows)
    with context.operation("import.citizens") as op:
        assert op.writer.update_many(registry.citizen, {key: {"occupation": loose(WORK)} for key in keys}) == 3
    assert [row[:2] for row in people(context)] == [(NAME, WORK), ("Le Van Ba", WORK), (NAME, WORK)]
    assert loose_texts(context) == []


def test_texts_inside_a_setting_and_a_sitting_are_composed(context: Context) -> None:
    with context.operation("settings.change") as op:
        value = {"ten": [loose(NAME)], loose("nghề"): loose(WORK)}
        op.writer.insert(setting, {"key": "thu", "value": value})
    for _ in range(2):
        with context.sitting("answer.form", {"file": loose("phiếu")}) as op:
            op.writer.insert(registry.citizen, {"full_name": loose(NAME)})
            sitting = op.uid
    with context.read() as connection:
        stored = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'thu'").scalar_one()
        assert json.loads(stored) == {"ten": [NAME], "nghề": WORK}
        kinds = "SELECT uid FROM operation WHERE kind = 'answer.form'"
        assert [row[0].hex() for row in connection.exec_driver_sql(kinds)] == [sitting]
    assert loose_texts(context) == []


def test_what_was_typed_with_loose_marks_is_undone_like_anything_else(context: Context) -> None:
    with context.operation("citizen.add") as op:
        key = op.writer.insert(registry.citizen, {"full_name": NAME})
        added = op.uid
    with context.operation("citizen.edit") as op:
        op.writer.update(registry.citizen, key, {"occupation": loose(WORK)})
        edited = op.uid
    context.journal.undo(edited)
    assert people(context)[0][1] is None
    context.journal.undo(added)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["full_name", "note", "occupation"]),
        st.text(st.sampled_from('anđ\\"\n\u0001=<\u0301\u0303\u0323\u0338\u1100\u1161') | st.characters(), max_size=8),
        min_size=1,
    )
)
def test_one_look_at_a_payload_never_misses_a_loose_text(texts: dict[str, str]) -> None:
    payload = dump_made(SHARED["citizen"], texts, References(None))  # type: ignore[arg-type]  # no reference is asked
    if is_composed(payload):
        assert composed(texts) == texts
