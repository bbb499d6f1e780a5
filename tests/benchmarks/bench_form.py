"""Opening a guided form, and one answer from its Enter key to saved and painted, in a register of 100,000 people.

Run: ``python -m tests.benchmarks.bench_form``; prints two JSON objects. Floor of opening: the same page with the same
widgets, filled from a literal in memory instead of the register (at most 2 x). An answer is held to the 100 ms that the
window may stand still; beside it stands the same key with an answer that is only kept in memory. Times are medians of
turns taken alternately.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.answers import Saved
from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.assessment.verdict import sentence, short_verdict
from desktop_app.services.register import open_register
from desktop_app.ui.assessment import session as session_module
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.assessment.page import AssessmentPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import PageSpec
from tests.benchmarks.big_register import big_register
from tests.benchmarks.dressed import dressed_app

OPEN_LIMIT = 2.0
STILL_MS = 100.0
"""The longest that the window may stand still (experience: the window never freezes longer)."""

TURNS = 15


def shown(window: MainWindow) -> None:
    """Everything laid out and painted."""
    QApplication.processEvents()
    window.repaint()


def timed(deed: Callable[[], object]) -> float:
    start = perf_counter()
    deed()
    return (perf_counter() - start) * 1000


@contextmanager
def replaced(name: str, value: Any) -> Iterator[None]:
    """One function of the form's session replaced by another."""
    kept = getattr(session_module, name)
    setattr(session_module, name, value)
    try:
        yield
    finally:
        setattr(session_module, name, kept)


def measure_opening(window: MainWindow, page: AssessmentPage, subjects: list[str]) -> dict[str, float]:
    """Milliseconds from Enter on a row to the painted form, against the same page filled with a literal."""
    ours: list[float] = []
    floor: list[float] = []

    def opened(uid: str) -> None:
        page.open_form(uid)
        shown(window)

    for turn, uid in enumerate(subjects):
        spent = timed(lambda uid=uid: opened(uid))
        form = window.current_page
        assert isinstance(form, FormPage)
        literal = form.session.state
        window.pop()
        shown(window)
        with replaced("open_form", lambda *_args, state=literal: state):
            bare = timed(lambda uid=uid: opened(uid))
        window.pop()
        shown(window)
        if turn >= 3:
            ours.append(spent)
            floor.append(bare)
    found = {"ours_ms": statistics.median(ours), "floor_ms": statistics.median(floor)}
    return {"ratio": found["ours_ms"] / found["floor_ms"], "limit": OPEN_LIMIT, **found}


def press(widget: QWidget, key: Qt.Key, text: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))


def answer_once(form: FormPage, score: int) -> float:
    """Type a digit, then the time from Enter to the next indicator painted."""
    box = form.view.box
    press(box, Qt.Key(ord(str(score))), str(score))
    window = form.window()
    assert isinstance(window, MainWindow)

    def entered() -> None:
        press(box, Qt.Key.Key_Return, "\r")
        shown(window)

    return timed(entered)


def kept_in_memory(form: FormPage) -> Callable[..., Saved]:
    """An answer that reaches no disk."""
    definition = form.session.definition

    def answer(_context: Any, _model: Any, _subject: Any, _year: int, code: str, value: Any, **_more: Any) -> Saved:
        answers = {**form.session.state.answers, code: value}
        verdict = evaluate(definition, answers)
        said, short = sentence(definition, verdict), short_verdict(definition, verdict)
        return Saved(verdict, said, short, verdict.total, len(answers), dt.datetime.now())

    return answer


def measure_answer(window: MainWindow, page: AssessmentPage, subjects: list[str]) -> dict[str, float]:
    ours: list[float] = []
    floor: list[float] = []
    for uid in subjects:
        page.open_form(uid)
        shown(window)
        form = window.current_page
        assert isinstance(form, FormPage)
        answer_once(form, 8)
        ours += [answer_once(form, 6 + place % 4) for place in range(4)]
        with replaced("answer", kept_in_memory(form)):
            floor += [answer_once(form, 6 + place % 4) for place in range(4)]
        window.pop()
        shown(window)
    spent = statistics.median(ours)
    return {
        "ratio": spent / STILL_MS,
        "limit": 1.0,
        "key_to_saved_and_painted_ms": spent,
        "slowest_ms": max(ours),
        "the_same_in_memory_ms": statistics.median(floor),
    }


def main() -> None:
    dressed_app()
    with tempfile.TemporaryDirectory() as name:
        context = open_register(big_register(Path(name)))
        window = MainWindow([PageSpec("assessment", "Đánh giá", "list", lambda _none: AssessmentPage(context))], None)
        window.resize(1366, 728)
        window.show()
        window.open_page("assessment")
        page = window.current_page
        assert isinstance(page, AssessmentPage)
        assert page.source is not None
        rows = page.source.rows(0, 400)
        subjects = [row.uid for row in rows if row.group is not None]
        opening = measure_opening(window, page, subjects[: TURNS + 3])
        print(json.dumps({"name": "open_guided_form", **_rounded(opening)}))
        answered = measure_answer(window, page, subjects[40 : 40 + TURNS])
        print(json.dumps({"name": "answer_from_key_to_paint", **_rounded(answered)}))
        window.close()
        context.close()
    assert LearningModel.CITIZEN is page.model


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main()
