"""Import of 50,000 people from a workbook: read, understood, compared, written and committed, against its floors.

Run: ``python -m tests.benchmarks.bench_import [rows]``; prints one JSON object a line. Seconds are of processor time.

- ``clean``: a Unicode list against calamine's bare reading plus raw executemany of the same rows, that is of the
  household and citizen rows that the import leaves, into the register's own tables with their indexes. At most 4 x.
  ``bare`` is the ratio where the cells go into one table without any index instead.
- ``fonts``: the same where every cell's font must be looked at. At most 8 x.
- ``openpyxl``: the whole import against openpyxl's mere reading of the file. At most 1.
- ``journal``: what recording and sealing the changes adds to the import. At most a quarter.
- ``memory``: peak over what the program holds before, against the raw values; in a process of its own. At most 6 x.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from desktop_app.models.database import connect
from desktop_app.models.journal import Operation
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.importing.apply import apply_plan
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from tests.benchmarks.big_list import TCVN3, clean_rows, write_list
from tests.factories import make_register

TRIES = 2


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def raw_read(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)


def import_all(context: Context, path: Path, *, is_recorded: bool = True) -> None:
    """From the file to the committed operation."""
    parsed = parse_workbook(path)
    with context.read() as connection:
        plan = plan_import(connection, parsed)
    if is_recorded:
        result = apply_plan(context, plan)
        assert result.operation is not None
    else:
        result = apply_plan(_Unrecorded(context), plan)  # type: ignore[arg-type]  # has what an import asks for
    assert result.created == len(parsed.rows), result.doubtful


class _Unrecorded:
    """A register whose operations leave no change records."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def operation(self, kind: str, args: dict[str, Any]) -> AbstractContextManager[Operation]:
        @contextmanager
        def unrecorded() -> Iterator[Operation]:
            with self._context.operation(kind, args) as op:
                op.writer.is_recording = False
                yield op

        return unrecorded()


def timed_import(folder: Path, path: Path, *, is_recorded: bool = True) -> float:
    """The quickest of some imports into a new register."""
    times = []
    for _ in range(TRIES):
        context = make_register(Path(tempfile.mkdtemp(dir=folder)), hamlets=())
        times.append(seconds(lambda at=context: import_all(at, path, is_recorded=is_recorded)))
        context.close()
    return min(times)


def raw_insert(folder: Path, path: Path) -> tuple[float, float]:
    """executemany of the rows that an import leaves into the same tables; and of the cells into one bare table."""
    source = make_register(Path(tempfile.mkdtemp(dir=folder)), hamlets=())
    import_all(source, path)
    source.close()
    rows = connect(source.folder / REGISTER_FILE)
    tables = {name: rows.execute(f"SELECT * FROM {name}") for name in ("hamlet", "household", "citizen")}
    filled = {name: ([column[0] for column in found.description], found.fetchall()) for name, found in tables.items()}
    rows.close()
    cells = raw_read(path)[1:]
    whole, bare = [], []
    for _ in range(TRIES):
        empty = make_register(Path(tempfile.mkdtemp(dir=folder)), hamlets=())
        empty.close()
        target = connect(empty.folder / REGISTER_FILE)
        target.execute("PRAGMA foreign_keys = OFF")
        whole.append(seconds(lambda at=target: _insert_all(at, filled)))
        names = [f"c{number}" for number in range(len(cells[0]))]
        target.execute(f"CREATE TABLE bare ({', '.join(names)})")
        bare.append(seconds(lambda at=target, names=names: _insert_all(at, {"bare": (names, cells)})))
        target.close()
    return min(whole), min(bare)


def _insert_all(target: Any, filled: dict[str, tuple[list[str], list[Any]]]) -> None:
    target.execute("BEGIN IMMEDIATE")
    for name, (columns, rows) in filled.items():
        marks = ", ".join("?" * len(columns))
        target.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})", rows)
    target.execute("COMMIT")


def openpyxl_read(path: Path) -> None:
    book = openpyxl.load_workbook(path, read_only=True)
    assert sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
    book.close()


def tell(name: str, ratio: float, limit: float, **more: object) -> None:
    print(json.dumps({"name": name, "ratio": round(ratio, 2), "limit": limit, **more}), flush=True)


def memory_of(folder: Path, path: Path) -> None:
    """Print peak over baseline and the size of the raw values; Linux tells a process's own peak."""
    tracemalloc.start()
    raw = raw_read(path)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del raw
    script = [sys.executable, "-m", "tests.benchmarks.bench_import", "--peak", str(folder / "peak"), str(path)]
    told = subprocess.run(script, capture_output=True, encoding="utf-8", check=True).stdout
    before, peak = (int(part) * 1024 for part in told.split())
    mega = {"raw_mb": size >> 20, "before_mb": before >> 20, "peak_mb": peak >> 20}
    tell("memory", (peak - before) / size, 6, **mega)


def print_peak(folder: Path, path: Path) -> None:
    """In a process of its own: what was held before an import and at its peak, in KiB."""
    context = make_register(folder)
    before = _status("VmRSS")
    import_all(context, path)
    print(before, _status("VmHWM"))
    context.close()


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def main() -> None:
    """Print what each part takes against its floor."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = clean_rows(count)
        clean, old = folder / "clean.xlsx", folder / "old.xlsx"
        write_list(clean, rows)
        write_list(old, [tuple(str(value).lower().translate(TCVN3) for value in row) for row in rows], ".VnTimeH")
        whole, bare = raw_insert(folder, clean)
        for label, path, limit in (("clean", clean, 4), ("fonts", old, 8)):
            read = min(seconds(lambda path=path: raw_read(path)) for _ in range(3))
            took = timed_import(folder, path)
            floors = {"read_s": round(read, 2), "rows_s": round(whole, 2), "import_s": round(took, 2)}
            tell(label, took / (read + whole), limit, **floors, bare=round(took / (read + bare), 1))
            if path is clean:
                mere = seconds(lambda: openpyxl_read(clean))
                tell("openpyxl", took / mere, 1, openpyxl_s=round(mere, 2))
                unrecorded = timed_import(folder, path, is_recorded=False)
                tell("journal", (took - unrecorded) / took, 0.25, unrecorded_s=round(unrecorded, 2))
        if sys.platform == "linux":
            memory_of(folder, clean)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        print_peak(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
