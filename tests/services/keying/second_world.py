"""Stacks that one person keyed and another keys again, in a register with three people at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from desktop_app.models.types import CitizenGroup
from desktop_app.services.context import Context
from desktop_app.services.keying.batches import add_batch, close_batch
from desktop_app.services.keying.placing import place
from desktop_app.services.keying.records import BatchRecord, Cover
from desktop_app.services.keying.second_keying import compare, save_second
from desktop_app.services.keying.second_queue import read_queue, read_second
from desktop_app.services.keying.second_records import SecondBatch, SecondRow
from desktop_app.services.keying.sheet import read_sheet
from desktop_app.services.keying.writing import save_cells
from desktop_app.services.registry.users import add_user
from tests.services.assessment.world import YEAR, add_people, row_uid
from tests.services.keying.conftest import TODAY

HIGH = (9, 9, 9, 9, 9, 9, 9, 9, 9, 9)
"""Far from every threshold of the citizens' set."""


def people_at_work(context: Context, *names: str) -> list[str]:
    """People who work here by name; the first works now."""
    found = []
    for name in names:
        made = add_user(context, name)
        assert made.uid is not None
        found.append(made.uid)
    context.user = found[0]
    return found


@contextmanager
def working(context: Context, user: str):
    """Somebody else sits down for a while."""
    before, context.user = context.user, user
    yield
    context.user = before


def keyed_batch(
    context: Context,
    scores: Sequence[Sequence[float]],
    *,
    hamlet: str = "Thôn 1",
    code: str = "01-0900",
    close: bool = True,
) -> BatchRecord:
    """A batch of new people with these scores, keyed by who works now."""
    rows = [{"full_name": f"Đinh Văn {number}", "birth": "1980", "citizen_group": "resident"} for number in
            range(1, len(scores) + 1)]  # fmt: skip
    uids = add_people(context, rows, hamlet=hamlet, code=code)[1]
    cover = Cover(group=CitizenGroup.RESIDENT, hamlet=row_uid(context, "hamlet", hamlet), collector="Lê Thị Hạnh")
    batch = add_batch(context, YEAR, cover, today=TODAY)
    codes = [i.code for i in read_sheet(context, batch.uid).definition.indicators]
    for uid, row in zip(uids, scores, strict=True):
        save_cells(context, batch, place(context, batch.uid, uid), dict(zip(codes, row, strict=False)))
    return close_batch(context, batch.uid, today=TODAY) if close else batch


def line_of(context: Context, batch: BatchRecord) -> SecondBatch:
    """The batch's line of the queue."""
    return next(item for item in read_queue(context, YEAR) if item.batch == batch.uid)


def rows_of(context: Context, batch: BatchRecord) -> tuple[SecondRow, ...]:
    return read_second(context, YEAR, line_of(context, batch).key).rows


def key_again(context: Context, batch: BatchRecord, other: Mapping[int, Mapping[int, float]] | None = None) -> None:
    """Key every drawn form again as it was keyed first, but for ``other``: row → column → value."""
    sheet = read_second(context, YEAR, line_of(context, batch).key)
    with context.read() as connection:
        first = {
            (subject.hex(), code): value
            for subject, code, value in connection.exec_driver_sql(
                "SELECT a.subject, n.indicator, n.value FROM answer n JOIN assessment a ON a.id = n.assessment_id"
            )
        }
    codes = [i.code for i in sheet.definition.indicators]
    for number, row in enumerate(sheet.rows):
        values: dict[str, Any] = {code: first[row.subject, code] for code in codes}
        for column, value in (other or {}).get(number, {}).items():
            values[codes[column]] = value
        save_second(context, row, values, today=TODAY)


def compare_all(context: Context, batch: BatchRecord):
    return compare(context, YEAR, line_of(context, batch).key, today=TODAY)
