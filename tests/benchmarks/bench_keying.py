"""Keying a stack in a register of 100,000 people with 100,000 forms: each key to its picture, and the next row opened.

Run: ``python -m tests.benchmarks.bench_keying``; prints six JSON objects. A digit and an Enter (which saves the cell,
judges the row and moves on) are held to 50 ms at the 99th percentile, from the key to the picture. Opening the next row
(its code scanned, the person found, the form made, its row painted) and the suggestions under a name are held to 100 ms
(medians). Everybody else has a form with ten answers already. Choosing forms for second entry from all of them is held
to 3 times a bare loop that reads the same answers and adds them up, writing the chosen ones (a tenth and every form
near a threshold, a fifth of all) to 6 times.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.keying.batches import add_batch
from desktop_app.services.keying.records import Cover
from desktop_app.services.keying.second_draw import draw, look_at_draw
from desktop_app.services.paper.codes import form_code
from desktop_app.services.register import open_register
from desktop_app.ui.keying.batch_page import BatchPage
from desktop_app.ui.keying.page import KeyingPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from tests.benchmarks.big_register import big_register
from tests.benchmarks.dressed import dressed_app

KEY_MS, OPEN_MS = 50.0, 100.0
FORMS = 40
YEAR = 2026


def fill_forms(context: Context, *, but: int) -> list[str]:
    """A form with ten answers for everybody but the last; returns who has none. Written past the journal: only the
    weight of the tables matters here."""
    with context.database.write() as connection:
        round_ = round_of(connection, YEAR)
        used = set_in_use(connection, LearningModel.CITIZEN, CitizenGroup.RESIDENT)
        people = connection.exec_driver_sql(
            "SELECT id, uid FROM citizen WHERE citizen_group = 'resident' AND birth <= '2005' ORDER BY id DESC LIMIT ?",
            (but,),
        ).all()
        spared = {row[0] for row in people}
        everybody = connection.exec_driver_sql("SELECT id, uid FROM citizen").all()
        rows = [
            (
                number,
                bytes.fromhex(keys.assessment_uid(YEAR, LearningModel.CITIZEN, uid.hex())),
                round_.id,
                uid,
                used.id,
                key,
            )
            for number, (key, uid) in enumerate(everybody, 1)
            if key not in spared
        ]
        connection.exec_driver_sql(
            "INSERT INTO assessment (id, uid, assessment_round_id, model, subject, criteria_set_id, subject_id, "
            "status, present, total, answered, is_complete, passed) "
            "VALUES (?, ?, ?, 'citizen', ?, ?, ?, 'complete', 1, 80, 10, 1, 1)",
            rows,
        )
        codes = [indicator.code for indicator in used.definition.indicators]
        connection.exec_driver_sql(
            "INSERT INTO answer (uid, assessment_id, indicator, value, present) VALUES (randomblob(16), ?, ?, 8, 1)",
            [(row[0], code) for row in rows for code in codes],
        )
    return [uid.hex() for _, uid in people]


def form_uid(subject: bytes) -> bytes:
    return bytes.fromhex(keys.assessment_uid(YEAR, LearningModel.CITIZEN, subject.hex()))


def press(widget: QWidget, key: Qt.Key, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def timed(window: MainWindow, deed: Callable[[], object]) -> float:
    """Milliseconds until all that changed is painted."""
    QApplication.processEvents()
    start = perf_counter()
    deed()
    QApplication.processEvents()
    return (perf_counter() - start) * 1000


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def slow_fingers(page: BatchPage) -> None:
    """Keys of the benchmark have no time of their own and must not look like a scanner's."""
    presses = count(1)
    page.grid.scan_watch.clock = lambda: next(presses) * 0.2


def key_stack(window: MainWindow, page: BatchPage, people: list[str]) -> dict[str, list[float]]:
    """Key whole forms; the times by kind of key."""
    spent: dict[str, list[float]] = {"digit": [], "enter": [], "open": []}
    finder, grid = page.placing.finder, page.grid
    for place, uid in enumerate(people):
        finder.setText(form_code(uid))
        spent["open"].append(timed(window, lambda: press(finder, Qt.Key.Key_Return, "\r")))
        for column in range(10):
            digit = str(5 + (place + column) % 5)
            spent["digit"].append(timed(window, lambda d=digit: press(grid, Qt.Key(ord(d)), d)))
            spent["enter"].append(timed(window, lambda: press(grid, Qt.Key.Key_Return, "\r")))
    return spent


def find_names(window: MainWindow, page: BatchPage) -> list[float]:
    """The suggestions under a name that thousands bear."""
    spent = []
    for text in ("nguyen", "nguyen van", "van an", "tran thi lan", "le minh", "phuong"):
        page.placing.finder.setText(text)
        spent.append(timed(window, page.placing.finder.suggest))
    page.placing.finder.done()
    return spent


def draw_seconds(context: Context) -> tuple[float, float, float]:
    """Seconds of a bare loop over all answers, of looking at a draw from the whole round, and of drawing."""
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE answer SET value = 9 WHERE assessment_id % 5 <> 0")
    start = perf_counter()
    totals: dict[int, float] = {}
    with context.read() as connection:
        for form, value in connection.exec_driver_sql("SELECT assessment_id, value FROM answer WHERE present").all():
            totals[form] = totals.get(form, 0) + value
    bare, start = perf_counter() - start, perf_counter()
    look_at_draw(context, YEAR)
    looked, start = perf_counter() - start, perf_counter()
    draw(context, YEAR)
    return bare, looked, perf_counter() - start


def report_ratio(name: str, seconds: float, bare: float, limit: float) -> None:
    ratio = seconds / bare
    print(json.dumps({"name": name, "ratio": round(ratio / limit, 3), "limit": 1.0, "times_bare": round(ratio, 2)}))


def report(name: str, values: list[float], limit_ms: float, share: float) -> None:
    held = percentile(values, share)
    found = {"ratio": held / limit_ms, "limit": 1.0, "held_ms": held, "median_ms": statistics.median(values)}
    rounded = {key: round(value, 3) for key, value in {**found, "slowest_ms": max(values)}.items()}
    print(json.dumps({"name": name, **rounded, "of": len(values)}))


def main() -> None:
    dressed_app()
    with tempfile.TemporaryDirectory() as name:
        context = open_register(big_register(Path(name)))
        people = fill_forms(context, but=FORMS + 10)
        with context.read() as connection:
            hamlet: bytes = connection.exec_driver_sql("SELECT uid FROM hamlet ORDER BY id LIMIT 1").scalar_one()
        cover = Cover(group=CitizenGroup.RESIDENT, hamlet=hamlet.hex(), collector="Lê Thị Hạnh", form_count=FORMS)
        batch = add_batch(context, YEAR, cover)
        window = MainWindow([PageSpec("keying", "Nhập nhanh", "list", lambda _none: KeyingPage(context))], None)
        window.resize(1366, 728)
        window.show()
        window.open_page("keying")
        page = BatchPage(context, batch.uid)
        window.push(page)
        slow_fingers(page)
        key_stack(window, page, people[:10])
        spent = key_stack(window, page, people[10:])
        report("keying_digit_to_picture_p99", spent["digit"], KEY_MS, 0.99)
        report("keying_enter_saved_to_picture_p99", spent["enter"], KEY_MS, 0.99)
        report("keying_next_row_opened", spent["open"], OPEN_MS, 0.5)
        report("keying_names_suggested", find_names(window, page), OPEN_MS, 0.5)
        window.close()
        bare, looked, drawn = draw_seconds(context)
        report_ratio("second_draw_looked_at", looked, bare, 3)
        report_ratio("second_draw_written", drawn, bare, 6)
        context.close()


if __name__ == "__main__":
    main()
