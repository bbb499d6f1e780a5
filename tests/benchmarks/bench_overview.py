"""The overview at 100,000 people and 20,000 forms: how long the window stands still while it is counted again.

Run: ``python -m tests.benchmarks.bench_overview``; prints one JSON object. The window may stand still for 100 ms;
beside it stands how long it takes until the new figures are seen.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
from pathlib import Path
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.bulk import FilledForm, write_forms
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.register import open_register
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.overview.page import OverviewPage
from desktop_app.ui.page import Page, PageSpec
from tests.benchmarks.big_register import big_register
from tests.benchmarks.dressed import dressed_app

STILL_MS = 100.0
FORMS = 20_000
TURNS = 8


def fill_forms(context: Context) -> None:
    """Forms of the citizens who stand first, around the pass mark."""
    chance = random.Random(3)
    with context.operation("import.scores", {"count": FORMS, "file": "benchmark"}) as op:
        round_ = round_of(op.connection, 2026)
        used = set_in_use(op.connection, LearningModel.CITIZEN, CitizenGroup.RESIDENT)
        query = "SELECT uid FROM citizen WHERE birth <= '2010' ORDER BY id LIMIT ?"
        people = op.connection.exec_driver_sql(query, (FORMS,)).all()
        codes = [indicator.code for indicator in used.definition.indicators]
        forms = [FilledForm(row[0].hex(), used.id, {c: chance.randint(6, 10) for c in codes}) for row in people]
        write_forms(op.writer, round_, LearningModel.CITIZEN, forms)


def refreshed(window: MainWindow, page: OverviewPage) -> tuple[float, float]:
    """Milliseconds until the new figures are painted, and the longest that the event loop stood still on the way."""
    before, start = page.overview, perf_counter()
    last, longest = start, 0.0
    page.refresh()
    while page.overview is before:
        QApplication.processEvents()
        now = perf_counter()
        longest, last = max(longest, now - last), now
    window.repaint()
    now = perf_counter()
    return (now - start) * 1000, max(longest, now - last) * 1000


def main() -> None:
    dressed_app()
    with tempfile.TemporaryDirectory() as name:
        context = open_register(big_register(Path(name)))
        fill_forms(context)
        specs = [
            PageSpec("overview", "Tổng quan", "list", lambda _none: OverviewPage(context)),
            PageSpec("assessment", "Đánh giá", "list", Page),
        ]
        window = MainWindow(specs, None)
        window.resize(1366, 728)
        window.show()
        window.open_page("overview")
        page = window.current_page
        assert isinstance(page, OverviewPage)
        window.tasks.wait_all()
        spent = [refreshed(window, page) for _ in range(TURNS)][2:]
        still = statistics.median(turn[1] for turn in spent)
        seen = statistics.median(turn[0] for turn in spent)
        found = {"ratio": still / STILL_MS, "limit": 1.0, "stands_still_ms": still, "seen_after_ms": seen}
        print(json.dumps({"name": "overview_refresh", **{key: round(value, 3) for key, value in found.items()}}))
        window.close()
        context.close()


if __name__ == "__main__":
    main()
