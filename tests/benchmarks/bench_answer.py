"""One saved answer against raw SQLite writing the same rows with synchronous FULL (at most 3 x), and what it weighs.

Run: ``python -m tests.benchmarks.bench_answer [FORMS]``; prints two JSON objects. The season is invented: every form
has ten answers, one in five of them is corrected once. Bytes are those of the file's pages after a checkpoint:
``bytes_per_answer`` is all that the season added to the file; ``journal_bytes_per_answer`` is what the journal's tables
and indexes (operation, change, change_value, log_entry) hold of it, at most 150. Pages are counted by dbstat, which
only the standard library's SQLite has.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from desktop_app.models.database import connect
from desktop_app.models.tables import natural_uid, new_uid, registry
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.register import open_register
from tests.factories import make_register

LIMIT = 3.0
JOURNAL_LIMIT = 150
"""Bytes that one answer may cost in the journal, on average over a season."""

CODES = tuple(str(n) for n in range(1, 11))


def register_with_people(folder: Path, count: int) -> tuple[Context, list[Uid]]:
    """A register with ``count`` people who can be assessed."""
    context = make_register(folder)
    with context.operation("citizen.add", {}) as op:
        rows = [{"full_name": f"Nguyễn Văn {n}", "birth": "1980", "citizen_group": "resident"} for n in range(count)]
        uids = [new_uid() for _ in rows]
        op.writer.insert_many(registry.citizen, rows, uids=uids)
    return context, uids


class RawWriter:
    """The floor: the rows of one answer, and nothing else, through the bare driver."""

    def __init__(self, folder: Path) -> None:
        self.raw = connect(folder / "raw.db")
        self.raw.execute(
            "CREATE TABLE answer (id INTEGER PRIMARY KEY, uid BLOB UNIQUE, present INTEGER, assessment_id INTEGER, "
            "indicator TEXT, value REAL, note TEXT)"
        )
        self.raw.execute("CREATE UNIQUE INDEX uq_answer ON answer (assessment_id, indicator)")
        self.raw.execute(
            "CREATE TABLE assessment (id INTEGER PRIMARY KEY, total REAL, answered INTEGER, passed INTEGER)"
        )
        self.raw.execute(
            "CREATE TABLE change (id INTEGER PRIMARY KEY, operation_id INTEGER, table_code INTEGER, row_uid BLOB, "
            "action INTEGER)"
        )
        self.raw.execute("CREATE INDEX ix_change_row ON change (row_uid)")
        self.raw.execute("CREATE INDEX ix_change_operation ON change (operation_id)")
        self.raw.execute("CREATE TABLE change_value (change_id INTEGER PRIMARY KEY, salt BLOB, payload TEXT)")
        self.forms = 0

    def form(self) -> int:
        self.forms += 1
        self.raw.execute("INSERT INTO assessment (id) VALUES (?)", (self.forms,))
        return self.forms

    def answer(self, form: int, code: str, value: float, done: int) -> None:
        uid = bytes.fromhex(natural_uid("answer", form, code))
        payload = json.dumps({"assessment": uid.hex(), "indicator": code, "value": value}, separators=(",", ":"))
        execute = self.raw.execute
        execute("BEGIN IMMEDIATE")
        execute(
            "INSERT INTO answer (uid, present, assessment_id, indicator, value) VALUES (?, 1, ?, ?, ?)",
            (uid, form, code, value),
        )
        made = execute(
            "INSERT INTO change (operation_id, table_code, row_uid, action) VALUES (?, 34, ?, 1)", (form, uid)
        )
        execute("INSERT INTO change_value VALUES (?, ?, ?)", (made.lastrowid, os.urandom(16), payload))
        execute("UPDATE assessment SET total = ?, answered = ?, passed = 0 WHERE id = ?", (value * done, done, form))
        execute("COMMIT")


def measure_time(folder: Path, forms: int = 40) -> dict[str, float]:
    """Median milliseconds of one answer in both, form by form in turn, and their ratio.

    The first answer of a form also makes the form and its registration; it is told apart.
    """
    context, uids = register_with_people(folder, forms + 5)
    raw = RawWriter(folder)
    ours: list[float] = []
    first: list[float] = []
    bare: list[float] = []
    for turn, uid in enumerate(uids):
        form = raw.form()
        for done, code in enumerate(CODES, 1):
            start = time.perf_counter()
            raw.answer(form, code, 7, done)
            middle = time.perf_counter()
            answer(context, LearningModel.CITIZEN, uid, 2026, code, 7)
            end = time.perf_counter()
            if turn >= 5:
                bare.append(middle - start)
                (first if done == 1 else ours).append(end - middle)
    context.close()
    raw.raw.close()
    return {
        "raw_ms": round(statistics.median(bare) * 1000, 3),
        "answer_ms": round(statistics.median(ours) * 1000, 3),
        "first_answer_ms": round(statistics.median(first) * 1000, 3),
        "ratio": round(statistics.median(ours) / statistics.median(bare), 2),
        "limit": LIMIT,
    }


def measure_bytes(folder: Path, forms: int) -> dict[str, float]:
    """Bytes that one answer of a season leaves in the file, and in the journal's part of it."""
    context, uids = register_with_people(folder, forms)
    context.close()
    before = _pages(folder)
    context = open_register(folder)
    rng = random.Random(2026)
    for uid in uids:
        for code in CODES:
            answer(context, LearningModel.CITIZEN, uid, 2026, code, rng.randint(4, 10))
            if rng.random() < 0.2:
                answer(context, LearningModel.CITIZEN, uid, 2026, code, rng.randint(4, 10))
        leave_form(context)
    context.close()
    after = _pages(folder)
    count = forms * len(CODES)
    journal = {name: after.get(name, 0) - before.get(name, 0) for name in after if _is_journal(name)}
    result: dict[str, float] = {
        "answers": count,
        "bytes_per_answer": round((sum(after.values()) - sum(before.values())) / count, 1),
        "journal_bytes_per_answer": round(sum(journal.values()) / count, 1),
        "ratio": round(sum(journal.values()) / count / JOURNAL_LIMIT, 2),
        "limit": 1,
    }
    result.update({f"journal.{name}": round(size / count, 1) for name, size in sorted(journal.items()) if size})
    return result


def _is_journal(name: str) -> bool:
    return any(part in name for part in ("operation", "change", "log_entry"))


def _pages(folder: Path) -> dict[str, int]:
    """Bytes of each table and index, by SQLite's own count of their pages; of a copy, for the register is closed."""
    copy = folder / "copy.db"
    shutil.copyfile(folder / REGISTER_FILE, copy)
    plain = sqlite3.connect(copy)
    try:
        rows = plain.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
    finally:
        plain.close()
    return dict(rows)


def measure(forms: int = 2000) -> list[dict[str, float]]:
    """Both measurements, each in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        times = measure_time(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        return [times, measure_bytes(Path(folder), forms)]


if __name__ == "__main__":
    for measured in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 2000):
        print(json.dumps(measured))
