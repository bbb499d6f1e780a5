"""What benchmarks of lists and deeds are held against: the same rows by the bare driver, in the same run."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

from desktop_app.models.database import connect
from desktop_app.services.context import REGISTER_FILE, Context

_FORMS = """
FROM assessment AS a JOIN citizen AS c ON c.id = a.subject_id LEFT JOIN hamlet AS h ON h.id = c.hamlet_id
LEFT JOIN household AS hh ON hh.id = c.household_id
LEFT JOIN review AS r ON r.id = (SELECT max(id) FROM review AS x WHERE x.assessment_id = a.id AND x.present = 1)
WHERE a.assessment_round_id = 1 AND a.model = 'citizen' AND a.present = 1"""
_PEOPLE = """
FROM citizen AS c LEFT JOIN hamlet AS h ON h.id = c.hamlet_id LEFT JOIN household AS hh ON hh.id = c.household_id
LEFT JOIN site_account AS s ON s.citizen_id = c.id AND s.present = 1
LEFT JOIN assessment AS a ON a.subject_id = c.id AND a.model = 'citizen' AND a.present = 1 WHERE c.is_current = 1"""

_CHANGE = "INSERT INTO change (id, operation_id, table_code, row_uid, action) VALUES (?, ?, ?, ?, ?)"


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of work of this process, with the result: what else the machine does is not ours."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


class Floor:
    """The bare driver on the register of a context, beside it."""

    def __init__(self, context: Context) -> None:
        self.raw: Any = connect(context.folder / REGISTER_FILE)

    def close(self) -> None:
        self.raw.close()

    def page(self, offset: int = 0, size: int = 100) -> Any:
        """One page of the forms in the order of names, and how many there are."""
        columns = "a.uid, a.total, a.passed, a.status, c.full_name, c.birth, h.name, hh.code, r.stage, r.outcome"
        query = f"SELECT {columns} {_FORMS} ORDER BY c.sort_key, c.id LIMIT {size} OFFSET {offset}"
        return self.raw.execute(query).fetchall(), self.forms()

    def forms(self) -> Any:
        """How many forms stand in each state of review."""
        return self.raw.execute(f"SELECT r.stage, r.outcome, a.passed, count(*) {_FORMS} GROUP BY 1, 2, 3").fetchall()

    def people(self) -> Any:
        """One page of people with their accounts, and how many stand in each state."""
        columns = "c.uid, c.full_name, c.birth, h.name, hh.code, s.state, a.passed"
        page = self.raw.execute(f"SELECT {columns} {_PEOPLE} ORDER BY c.sort_key, c.id LIMIT 100").fetchall()
        return page, self.accounts()

    def accounts(self) -> Any:
        """How many people of each hamlet stand in each state."""
        return self.raw.execute(f"SELECT h.name, s.state, count(*) {_PEOPLE} GROUP BY 1, 2").fetchall()

    def people_read(self) -> Any:
        """All people by their number and by name with birth, as a comparison needs them."""
        rows = self.raw.execute("SELECT uid, full_name, cccd, birth FROM citizen WHERE present = 1").fetchall()
        return {row[2]: row for row in rows}, {(row[1], row[3]): row for row in rows}

    def write(self, table: str, count: int) -> None:
        """Insert so many rows like those of a table, under the same indexes, with a record of each; taken back."""
        raw = self.raw
        names = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        like = raw.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        place = names.index("uid")
        rows = [(*like[:place], os.urandom(16), *like[place + 1 :])[1:] for _ in range(count)]
        raw.execute("BEGIN IMMEDIATE")
        marks = ", ".join("?" * (len(names) - 1))
        raw.executemany(f"INSERT INTO {table} ({', '.join(names[1:])}) VALUES ({marks})", rows)
        last = raw.execute("SELECT max(id) FROM change").fetchone()[0]
        heads = [(last + n, 1, 1, row[place - 1], 1) for n, row in enumerate(rows, start=1)]
        raw.executemany(
            "INSERT INTO change (id, operation_id, table_code, row_uid, action) VALUES (?, ?, ?, ?, ?)", heads
        )
        values = [(last + n, os.urandom(16), json.dumps(dict.fromkeys(names, 1))) for n in range(1, count + 1)]
        raw.executemany("INSERT INTO change_value (change_id, salt, payload) VALUES (?, ?, ?)", values)
        raw.execute("ROLLBACK")


def tell(name: str, work: Callable[[], Any], floor: Callable[[], Any], limit: float) -> Any:
    """Do the work and its floor, print their ratio with its limit, and give back what the work gave."""
    seconds, result = timed(work)
    bare, _ = timed(floor)
    ratio = round(seconds / max(bare, 1e-9), 2)
    values = {"name": name, "s": round(seconds, 3), "floor_s": round(bare, 3), "ratio": ratio, "limit": limit}
    print(json.dumps(values, ensure_ascii=False), flush=True)
    return result
