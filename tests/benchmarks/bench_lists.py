"""Search as you type and lists over 100,000 people, each against the bare driver doing the same work.

Run: ``python -m tests.benchmarks.bench_lists``; prints one JSON object a line.

- ``search``: keystroke to rows, with order and count, against the same query raw: FTS5 with prefixes, ordered by rank
  (one letter ranks its first 1,000 hits), counted, joined to the same columns. At most 3 x, the worst query counts.
- ``search_frame``: the slowest keystroke against a frame of 16 ms.
- ``page``: the slowest page of 50 in the order of names and of births, anywhere in the list, against a frame.
- ``sort``: the first pages after choosing four other orders, together, against the same statements raw. At most 3 x.
- ``sort_frame``, ``filter_frame``, ``jump_frame``: with forms, totals and verdicts of all (``scored_register``), the
  slowest of every order, of every filter that the window offers and of the first jump to any place, of the register's
  lists and of the work lists of Đánh giá, counted and with the page's records made, against a frame. The lists are in
  memory then, as they are some two seconds after a page is shown or something was written; ``before_that`` says how
  long the slowest order takes until then.
- ``undo``: taking back the import of the 125,000 rows, against raw statements that change the same rows and write the
  same records. At most 4 x.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop_app.models.database import connect
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.register import open_register
from desktop_app.services.registry.citizen_list import citizen_list
from desktop_app.services.registry.search import search
from desktop_app.services.registry.search_terms import match_all, words_of
from tests.benchmarks.big_register import PEOPLE, big_register
from tests.benchmarks.list_frames import FRAME, measure_frames
from tests.benchmarks.scored_register import scored_register

QUERIES = (
    "n", "t", "ng", "th", "nguy", "nguyen", "nguyễn", "nguyen v", "nguyen van", "nguyen van l", "nguyen thi lan", "lan",
    "uoc", "lan thon 3", "thon 3", "3-0", "01-00000", "0900012", "999", "lan 1984", "khong co",
)  # fmt: skip
_ROW = """
SELECT c.uid, c.full_name, c.birth, h.name, hh.code, c.is_current FROM ({hits}) AS s
JOIN citizen AS c ON c.id = s.id LEFT JOIN household AS hh ON hh.id = c.household_id
LEFT JOIN hamlet AS h ON h.id = c.hamlet_id ORDER BY s.place LIMIT 50"""
_RANKED = "SELECT rowid & 16777215 AS id, rank AS place FROM citizen_search WHERE citizen_search MATCH ?"
_SHORT = "SELECT rowid & 16777215 AS id, rank AS place FROM citizen_search WHERE citizen_search MATCH ? LIMIT 1000"
_PAGE = """
SELECT c.uid, c.full_name, c.sex, c.birth, h.name, hh.uid, hh.code, c.relation, c.citizen_group, c.occupation,
       c.cccd IS NOT NULL, c.life_status, a.uid, a.answered, a.total, a.passed, a.is_complete, a.grade
FROM (SELECT id FROM citizen AS x {join} WHERE x.is_current = 1 ORDER BY {order} LIMIT 50 OFFSET {offset}) AS s
JOIN citizen AS c ON c.id = s.id LEFT JOIN household AS hh ON hh.id = c.household_id
LEFT JOIN hamlet AS h ON h.id = c.hamlet_id
LEFT JOIN assessment AS a
  ON a.assessment_round_id = 1 AND a.subject_id = c.id AND a.model = 'citizen' AND a.present = 1"""


def best(work: Callable[[], Any], tries: int = 7) -> float:
    """Milliseconds of work of the quickest of some tries; time in which the machine did something else is not ours."""
    times = []
    for _ in range(tries):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times)


def measure_search(context: Context, raw: Any) -> list[dict[str, Any]]:
    """One object for the worst ratio and one for the slowest keystroke."""
    found = []
    for text in QUERIES:
        expression = match_all(words_of(text))
        hits = _SHORT if len(text) == 1 else _RANKED

        def by_hand(expression: str = expression, hits: str = hits) -> None:
            raw.execute("SELECT count(*) FROM citizen_search WHERE citizen_search MATCH ?", (expression,)).fetchone()
            raw.execute(_ROW.format(hits=hits), (expression,)).fetchall()

        found.append((best(lambda text=text: search(context, text, 50)), best(by_hand), text))
    worst = max(found, key=lambda item: item[0] / item[1])
    slowest = max(found)
    return [
        {
            "name": "search", "query": worst[2], "ms": round(worst[0], 2), "raw_ms": round(worst[1], 2),
            "ratio": round(worst[0] / worst[1], 2), "limit": 3.0,
            "all": {text: [round(ours, 2), round(bare, 2)] for ours, bare, text in found},
        },
        {
            "name": "search_frame", "query": slowest[2], "ms": round(slowest[0], 2),
            "ratio": round(slowest[0] / FRAME, 2), "limit": 1.0,
        },
    ]  # fmt: skip


def measure_pages(context: Context) -> dict[str, Any]:
    """The slowest page anywhere in two orders."""
    found = []
    for sort in ("name", "birth"):
        source = citizen_list(context).sorted(sort)
        source.count()
        found += [
            (best(lambda source=source, offset=offset: source.rows(offset, 50)), f"{sort} {offset}")
            for offset in (0, 500, 10_000, PEOPLE // 2, PEOPLE - 10_000, PEOPLE - 60)
        ]
    slowest = max(found)
    return {
        "name": "page", "page": slowest[1], "ms": round(slowest[0], 2), "ratio": round(slowest[0] / FRAME, 2),
        "limit": 1.0,
    }  # fmt: skip


def measure_sorts(context: Context, raw: Any) -> dict[str, Any]:
    """The first page after another order was chosen; the count is known already."""
    hamlet = "LEFT JOIN hamlet AS y ON y.id = x.hamlet_id"
    household = "LEFT JOIN household AS y ON y.id = x.household_id"
    orders = {
        "birth": ("x.birth NULLS LAST", ""),
        "hamlet": ("y.sort_key NULLS LAST, x.sort_key", hamlet),
        "household": ("y.sort_key NULLS LAST, x.position", household),
        "group": ("x.citizen_group NULLS LAST, x.sort_key", ""),
    }
    base = citizen_list(context)
    base.count()
    found = []
    for sort, (order, join) in orders.items():
        bare = _PAGE.format(order=order, offset=0, join=join).replace("SELECT id", "SELECT x.id")
        ours = best(lambda sort=sort: base.sorted(sort, descending=False).rows(0, 50))
        found.append((ours, best(lambda bare=bare: raw.execute(bare).fetchall()), sort))
    ours, bare = sum(item[0] for item in found), sum(item[1] for item in found)
    return {
        "name": "sort", "ms": {sort: round(ms, 2) for ms, _, sort in found},
        "ratio": round(ours / bare, 2), "limit": 3.0,
    }  # fmt: skip


def measure_undo(context: Context, copy: Path) -> dict[str, Any]:
    """Take the import back, and do the same to a copy by hand."""
    with context.read() as connection:
        uid = connection.exec_driver_sql(
            "SELECT lower(hex(uid)) FROM operation WHERE kind = 'import.citizens'"
        ).scalar_one()
    start = time.process_time()
    context.journal.undo(uid)
    ours = time.process_time() - start
    raw = connect(copy)
    start = time.process_time()
    _undo_by_hand(raw)
    bare = time.process_time() - start
    raw.close()
    return {
        "name": "undo", "s": round(ours, 2), "raw_s": round(bare, 2), "ratio": round(ours / bare, 2), "limit": 4.0,
    }  # fmt: skip


def _undo_by_hand(raw: Any) -> None:
    """Read the records, read the rows, set them absent, take them out of the index, write the same records."""
    raw.execute("BEGIN IMMEDIATE")
    records = raw.execute(
        "SELECT c.id, c.table_code, c.row_uid, v.salt, v.payload FROM change AS c "
        "JOIN change_value AS v ON v.change_id = c.id ORDER BY c.id"
    ).fetchall()
    for table, columns in (("citizen", "present = ?, is_current = 0"), ("household", "present = ?")):
        rows = raw.execute(f"SELECT * FROM {table}").fetchall()
        raw.executemany(f"UPDATE {table} SET {columns} WHERE id = ?", [(0, row[0]) for row in rows])
    raw.execute("DELETE FROM citizen_search WHERE rowid IN (SELECT search_rowid FROM citizen)")
    raw.execute("UPDATE citizen SET search_rowid = NULL")
    last = raw.execute("SELECT max(id) FROM change").fetchone()[0]
    heads = [(last + n, 1, record[1], record[2], 2) for n, record in enumerate(records, start=1)]
    raw.executemany("INSERT INTO change (id, operation_id, table_code, row_uid, action) VALUES (?, ?, ?, ?, ?)", heads)
    values = [(last + n, os.urandom(16), json.dumps({"present": [True, False]})) for n in range(1, len(records) + 1)]
    raw.executemany("INSERT INTO change_value (change_id, salt, payload) VALUES (?, ?, ?)", values)
    raw.execute("COMMIT")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = big_register(Path(folder))
        copy = Path(folder) / "copy.db"
        shutil.copy(data / REGISTER_FILE, copy)
        context = open_register(data)
        raw = connect(data / REGISTER_FILE)
        results = [*measure_search(context, raw), measure_pages(context), measure_sorts(context, raw)]
        raw.close()
        results.append(measure_undo(context, copy))
        context.close()
    with tempfile.TemporaryDirectory() as folder:
        context = open_register(scored_register(Path(folder)))
        results += measure_frames(context)
        context.close()
    for result in results:
        print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
