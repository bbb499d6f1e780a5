"""Long work: results come back in the window's thread, progress can be cancelled, errors become words."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_app.services.errors import AppError, BugError, EnvironmentProblem, UserError
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.ui import errors, tasks
from desktop_app.ui.tasks import TaskRunner
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.progress_dialog import ProgressDialog
from tests.ui.conftest import press


@pytest.fixture
def window(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def runner(window: QWidget):
    made = TaskRunner(window)
    yield made
    assert made.close(10)


def test_a_result_comes_back_in_the_thread_of_the_window(runner: TaskRunner) -> None:
    seen: list[object] = []

    def work(progress: Progress) -> str:
        seen.append(threading.current_thread() is threading.main_thread())
        return "xong"

    runner.run(work, lambda result: seen.append((result, threading.current_thread() is threading.main_thread())))
    assert runner.is_busy
    assert runner.wait_all(10)
    assert seen == [False, ("xong", True)]
    assert not runner.is_busy


def test_an_error_of_the_work_reaches_its_own_handler(runner: TaskRunner) -> None:
    seen: list[Exception] = []

    def work(progress: Progress) -> None:
        raise UserError("Tệp này trống.", code="workbook.empty")

    runner.run(work, lambda _r: seen.append(AssertionError()), seen.append)
    runner.wait_all(10)
    assert [getattr(e, "code", None) for e in seen] == ["workbook.empty"]


def test_an_error_without_handler_is_said_in_words(runner: TaskRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(dialogs, "tell", lambda parent, title, sentence, **_k: said.append((title, sentence)))

    def work(progress: Progress) -> None:
        raise EnvironmentProblem("Ổ đĩa đã đầy.", code="disk_full")

    runner.run(work, lambda _r: None)
    runner.wait_all(10)
    assert said == [("Máy chưa cho làm việc này", "Ổ đĩa đã đầy.")]


def test_long_work_shows_its_count_and_huy_stops_it(
    runner: TaskRunner, window: QWidget, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "DIALOG_AFTER_S", 0.0)
    ended: list[str] = []
    go_on = threading.Event()

    def work(progress: Progress) -> None:
        for done in range(10_000):
            progress.step(1204 + done, 30000, "Đang ghi")
            go_on.wait(0.01)

    runner.run(work, lambda _r: ended.append("done"), title="Nhập danh sách", on_cancelled=lambda: ended.append("stop"))
    qtbot.waitUntil(lambda: bool(window.findChildren(ProgressDialog)), timeout=5000)
    dialog = window.findChildren(ProgressDialog)[0]
    qtbot.waitUntil(lambda: "/ 30.000" in dialog.count_label.text(), timeout=5000)
    assert dialog.count_label.text().startswith("Đang ghi · 1.")
    press(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not ended
    dialog.cancel_button.click()
    assert runner.wait_all(10)
    assert ended == ["stop"]


def test_short_work_shows_no_dialog(runner: TaskRunner, window: QWidget) -> None:
    runner.run(lambda progress: None, lambda _r: None)
    runner.wait_all(10)
    assert window.findChildren(ProgressDialog) == []


def test_closing_stops_and_awaits_all_work(window: QWidget) -> None:
    runner = TaskRunner(window)
    started = threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        while True:
            progress.step(1)

    runner.run(work, lambda _r: None)
    assert started.wait(10)
    assert runner.close(10)
    assert not runner.is_busy


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PermissionError(13, "x"), "permission"),
        (FileNotFoundError(2, "x"), "file_missing"),
        (OSError(28, "x"), "disk_full"),
        (MemoryError(), "memory"),
        (ValueError("x"), "bug"),
        (UserError("Sai.", code="mine"), "mine"),
    ],
)
def test_every_error_becomes_a_plain_sentence_with_a_code(error: BaseException, code: str) -> None:
    shown = errors.as_app_error(error)
    assert shown.code == code
    assert shown.message.endswith(".")
    assert "Traceback" not in shown.message


def test_an_unforeseen_error_is_logged_before_it_is_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda parent, title, sentence, **_k: said.append(title))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    errors.install_excepthook()
    with caplog.at_level(logging.ERROR):
        try:
            raise ZeroDivisionError("lỗi thử")
        except ZeroDivisionError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert said == ["Lỗi của chương trình"]
    assert "lỗi thử" in caplog.text


def test_a_user_error_is_not_logged_as_a_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dialogs, "tell", lambda *_a, **_k: None)
    with caplog.at_level(logging.ERROR):
        errors.show_error(UserError("Chưa chọn tệp."))
        errors.show_error(Cancelled())
    assert caplog.text == ""


def test_kinds_of_errors_look_different() -> None:
    kinds: list[AppError] = [UserError("a."), EnvironmentProblem("b."), BugError("c.")]
    assert len({errors.heading(kind)[0] for kind in kinds}) == 3
    assert errors.heading(kinds[2])[1] == "failed"
