"""Start to a usable list of 100,000 people, the frame's first sight, and memory, against bare windows in the same run.

Floors: a bare PySide6 window; the same that has imported SQLAlchemy and run one query over the register. Each is a
process of its own, the best of several turns taken alternately. The list is usable when its rows are drawn; memory
is counted when the panel beside it is filled as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.big_register import big_register

TURNS = 12

_CLOCK = """
import json, os, sys, time
started = float(os.environ["BENCH_STARTED"])
def tell(**values):
    try:
        with open("/proc/self/status", encoding="utf-8") as status:
            memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    except OSError:
        memory = 0
    print(json.dumps({"seconds": time.time() - started, "memory_kib": memory, **values}), flush=True)
    os._exit(0)
"""

_BARE = (
    _CLOCK
    + """
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
from PySide6.QtCore import QTimer
app = QApplication(["bare", "-platform", "offscreen"])
window = QMainWindow()
window.setCentralWidget(QTableView())
window.resize(1366, 728)
window.show()
app.processEvents()
tell()
"""
)

_FLOOR = (
    _CLOCK
    + """
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget, QTableWidgetItem
app = QApplication(["floor", "-platform", "offscreen"])
window = QMainWindow()
table = QTableWidget(20, 6)
window.setCentralWidget(table)
window.resize(1366, 728)
window.show()
app.processEvents()
import sqlcipher3.dbapi2 as driver
import sqlalchemy
engine = sqlalchemy.create_engine("sqlite+pysqlite://", module=driver, creator=lambda: driver.connect(sys.argv[1]))
with engine.connect() as connection:
    rows = connection.execute(sqlalchemy.text(
        "SELECT full_name, birth, occupation, phone, cccd, household_id FROM citizen ORDER BY sort_key LIMIT 20")).all()
for number, row in enumerate(rows):
    for column, value in enumerate(row):
        table.setItem(number, column, QTableWidgetItem(str(value)))
app.processEvents()
tell()
"""
)

_OURS = (
    _CLOCK
    + """
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop_app.app import Program
app = QApplication(["ours", "-platform", "offscreen"])
program = Program(app, Path(sys.argv[1]).parent)
program.remembered.set("page", "citizens")
program.start()
window = program.window
frame = time.time() - started

def is_usable():
    page = window.current_page
    table = getattr(page, "list", None)
    model = getattr(table, "paged", None)
    return model is not None and model.rowCount() > 0 and bool(model.index(0, 0).data())
while not is_usable():
    app.processEvents()
app.processEvents()
usable = time.time() - started
while not window.current_page.panel.title_label.text():
    app.processEvents()
app.processEvents()
tell(frame=frame, usable=usable)
"""
)


def once(code: str, database: Path) -> dict[str, float]:
    """Run a program in a process of its own and take what it tells."""
    import time

    environment = dict(os.environ, BENCH_STARTED=str(time.time()), PYTHONDONTWRITEBYTECODE="")
    environment.pop("PYTHONDONTWRITEBYTECODE")
    ended = subprocess.run(
        [sys.executable, "-c", code, str(database)], capture_output=True, encoding="utf-8", env=environment, timeout=120
    )
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    assert lines, ended.stderr
    found: dict[str, float] = json.loads(lines[-1])
    return found


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        database = big_register(Path(folder)) / "sohoctap.db"
        turns = [{name: once(code, database) for name, code in
                  (("bare", _BARE), ("floor", _FLOOR), ("ours", _OURS))} for _ in range(TURNS)]  # fmt: skip
    best = {name: min(turn[name]["seconds"] for turn in turns) for name in ("bare", "floor")}
    usable = min(turn["ours"]["usable"] for turn in turns)
    frame = min(turn["ours"]["frame"] for turn in turns)
    memory = {name: min(turn[name]["memory_kib"] for turn in turns) for name in ("floor", "ours")}
    for what, ours, floor, limit in (
        ("start to a usable list", usable, best["floor"], 1.6),
        ("frame visible", frame, best["bare"], 2.0),
        ("memory with the list open", memory["ours"], memory["floor"], 1.6),
    ):
        line = {"what": what, "ours": round(ours, 3), "floor": round(floor, 3), "ratio": round(ours / floor, 2)}
        print(json.dumps({**line, "limit": limit}, ensure_ascii=False))


if __name__ == "__main__":
    main()
