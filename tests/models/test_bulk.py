"""Many rows at once give what row by row gives: payloads, uids, derived columns, undo."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.journal import UndoRefused, steps
from desktop_app.models.journal.bulk import FEWEST
from desktop_app.models.journal.chain import broken_links
from desktop_app.models.journal.codec import References, dump, dump_made
from desktop_app.models.journal.rows import new_uids
from desktop_app.models.tables import SHARED, registry
from desktop_app.services.context import Context
from desktop_app.services.derivers import DERIVERS
from desktop_app.services.progress import Cancelled
from tests.factories import make_register

MANY = FEWEST + 20


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    opened = make_register(tmp_path)
    yield opened
    opened.close()


def make_many(context: Context) -> str:
    """Households of one person each, in one operation as an import makes them; returns its uid."""
    with context.operation("import.citizens", {"count": MANY, "file": "x"}) as op:
        homes = op.writer.insert_many(registry.household, [{"code": f"h{at}"} for at in range(MANY)])
        rows = [{"full_name": f"Lê Văn {at}", "household_id": home, "cccd": f"{at:012d}"}
                for at, home in enumerate(homes)]  # fmt: skip
        people = op.writer.insert_many(registry.citizen, rows)
        heads = {home: {"head_id": person} for home, person in zip(homes, people, strict=True)}
        op.writer.update_many(registry.household, heads)
        return op.uid


def stands(context: Context) -> list[Any]:
    with context.read() as connection:
        return [
            connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id").fetchall()
            for table in ("household", "citizen")
        ] + [connection.exec_driver_sql("SELECT rowid FROM citizen_search ORDER BY rowid").fetchall()]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(["full_name", "note", "cccd", "birth"]), st.text(max_size=12) | st.none()),
    st.integers(),
)
def test_a_made_rows_payload_is_what_plain_json_gives(texts: dict[str, str | None], position: int) -> None:
    spec = SHARED["citizen"]
    row = {"present": True, **texts, "position": position}
    fields = {name: value for name, value in row.items() if value is not None and name != "present"}
    assert dump_made(spec, row, References(None)) == dump(fields)  # type: ignore[arg-type]  # none is asked


def test_a_row_that_is_made_absent_says_so_in_its_payload() -> None:
    nothing = References(None)  # type: ignore[arg-type]  # none is asked
    assert dump_made(SHARED["citizen"], {"present": False}, nothing) == '{"present":false}'


def test_many_uids_are_of_version_7_and_all_different() -> None:
    before = time.time_ns() // 1_000_000
    uids = new_uids(2_000)
    after = time.time_ns() // 1_000_000
    assert len(set(uids)) == 2_000
    assert all(len(uid) == 32 and uid[12] == "7" and uid[16] in "89ab" for uid in uids)
    assert all(before <= int(uid[:12], 16) <= after for uid in uids)


@pytest.mark.parametrize("table", sorted(DERIVERS.absent))
@pytest.mark.parametrize("values", [{}, {"full_name": "A", "life_status": "dead"}, {"life_status": "away"}])
def test_what_goes_away_at_once_has_the_derived_columns_of_the_row_deriver(table: str, values: dict[str, str]) -> None:
    derived = DERIVERS.rows[table]({**values, "present": False}, {"present"})
    assert derived == DERIVERS.absent[table]


def test_an_undone_import_leaves_what_row_by_row_leaves_and_comes_back_whole(context: Context) -> None:
    empty = stands(context)
    uid = make_many(context)
    full = stands(context)
    undone = context.journal.undo(uid)
    with context.read() as connection:
        assert broken_links(connection) == []
        query = "SELECT count(*) FROM {} WHERE present = 1"
        assert connection.exec_driver_sql(query.format("citizen")).scalar() == len(empty[1])
        assert connection.exec_driver_sql(query.format("household")).scalar() == len(empty[0])
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE is_current = 1").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen_search").scalar() == 0
        payloads = connection.exec_driver_sql(
            "SELECT v.payload, count(*), count(DISTINCT v.salt) FROM operation AS o JOIN change AS c "
            "ON c.operation_id = o.id JOIN change_value AS v ON v.change_id = c.id WHERE o.uid = ? GROUP BY 1",
            (bytes.fromhex(undone),),
        ).fetchall()
        assert payloads == [('{"present":[true,false]}', 2 * MANY, 2 * MANY)]
    context.journal.undo(undone)
    assert stands(context) == full


def test_a_person_changed_since_keeps_a_big_import_from_being_undone(context: Context) -> None:
    uid = make_many(context)
    with context.operation("citizen.edit", {}) as op:
        op.writer.update(registry.citizen, 7, {"note": "khác"})
        later = op.uid
    before = stands(context)
    with pytest.raises(UndoRefused) as refusal:
        context.journal.undo(uid)
    assert refusal.value.later == (later,)
    assert stands(context) == before


def test_work_that_stands_on_one_made_row_keeps_a_big_import_from_being_undone(context: Context) -> None:
    uid = make_many(context)
    with context.operation("citizen.add", {}) as op:
        op.writer.insert(registry.citizen, {"full_name": "Lê Thị Sau", "household_id": 5})
        later = op.uid
    with pytest.raises(UndoRefused) as refusal:
        context.journal.undo(uid)
    assert refusal.value.later == (later,)
    context.journal.undo(later)
    context.journal.undo(uid)
    with context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present = 1").scalar() == 0


def test_a_row_edited_and_put_back_since_goes_away_with_the_others(context: Context) -> None:
    uid = make_many(context)
    with context.operation("citizen.edit", {}) as op:
        op.writer.update(registry.citizen, 7, {"note": "khác"})
        edit = op.uid
    context.journal.undo(edit)
    context.journal.undo(uid)
    with context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present = 1").scalar() == 0
        assert broken_links(connection) == []


def test_the_page_cache_is_as_small_as_before_after_much_was_written(context: Context) -> None:
    with context.database.write() as connection:
        before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    context.journal.undo(make_many(context))
    with context.database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == before


def test_nobody_comes_back_into_a_household_that_is_gone(context: Context) -> None:
    with context.operation("household.add", {}) as op:
        home = op.writer.insert(registry.household, {"code": "h"})
        added = op.uid
    with context.operation("citizen.add", {}) as op:
        op.writer.insert(registry.citizen, {"full_name": "Lê Văn Sau", "household_id": home})
        person = op.uid
    gone = context.journal.undo(person)
    home_gone = context.journal.undo(added)
    with pytest.raises(UndoRefused):
        context.journal.undo(gone)
    context.journal.undo(home_gone)
    context.journal.undo(gone)
    with context.read() as connection:
        query = "SELECT count(*) FROM citizen AS c JOIN household AS h ON h.id = c.household_id WHERE c.present"
        assert connection.exec_driver_sql(query + " AND h.present").scalar() == 1


@pytest.mark.parametrize("piece", [400, 100_000])
def test_taking_many_back_tells_how_far_it_is_and_leaves_all_where_it_is_stopped(
    context: Context, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(steps, "PIECE", piece)
    before = stands(context)
    uid = make_many(context)
    made = stands(context)
    seen: list[tuple[int, int, str]] = []
    for stop_at in range(100):
        seen.clear()

        def note(done: int, total: int, text: str, stop_at: int = stop_at) -> None:
            seen.append((done, total, text))
            if len(seen) > stop_at:
                raise Cancelled

        try:
            context.journal.undo(uid, step=note)
        except Cancelled:
            assert stands(context) == made
        else:
            break
    assert seen[0][2] == steps.LOOKING
    assert seen[-1][1:] == (seen[-1][0], steps.SEALING)
    writing = [done for done, total, text in seen if text == steps.WRITING]
    assert writing == sorted(writing)
    assert len(writing) >= 2 * (MANY // piece)
    assert stands(context)[2] == before[2]
    with context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present").scalar() == 0
        assert broken_links(connection) == []
