"""Many households changed at once from the list: chosen rows or the whole list, seen before it is done."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QApplication

from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history.undoing import undo
from desktop_app.services.moves import bulk
from desktop_app.services.registry.details import household_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.ui.registry.bulk_pane import BulkPane
from tests.factories import add_household


@pytest.fixture
def homes(context: Context) -> list[str]:
    found = [add_household(context, f"01-000{n}", members=(f"Nguyễn Văn {n_}",))[0] for n, n_ in enumerate("ABC", 1)]
    return [*found, add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))[0]]


def hamlet(context: Context, name: str) -> str:
    return next(row.uid for row in hamlet_list(context).rows(0, 9) if row.name == name)


def opened(show: Any, context: Context) -> tuple[Any, BulkPane]:
    page = show(context, "households")
    page.action("households.bulk").trigger()
    QApplication.processEvents()
    return page, page.side.currentWidget()


def choose(page: Any, *rows: int) -> None:
    selection = page.list.view.selectionModel()
    flags = QItemSelectionModel.SelectionFlag
    for place, row in enumerate(rows):
        how = flags.ClearAndSelect if place == 0 else flags.Select
        selection.select(page.list.view.model().index(row, 0), how | flags.Rows)
    QApplication.processEvents()


def look(page: Any, pane: BulkPane) -> None:
    """What would come of it, once the worker has said it."""
    pane.show_preview()
    assert page.shell.tasks.wait_all()


def test_the_whole_list_is_meant_until_several_rows_are_chosen(context: Context, homes: list[str], show: Any) -> None:
    page, pane = opened(show, context)
    assert pane.who_label.text().startswith("Cả danh sách đang hiện: 4 hộ.")
    choose(page, 0, 1, 3)
    assert pane.who_label.text() == "3 hộ đang chọn trong danh sách."
    assert not pane.apply_button.isEnabled(), "nothing is asked for yet"


def test_a_change_is_shown_row_by_row_then_done_and_undone(context: Context, homes: list[str], show: Any) -> None:
    page, pane = opened(show, context)
    choose(page, 0, 1, 3)
    pane.form.set_raw({**pane.form.raw(), "hamlet": hamlet(context, "Thôn 2"), "on": "01/03/2026"})
    look(page, pane)
    assert pane.count_label.text() == "Sẽ đổi 2 hộ; 1 hộ đã đúng."
    assert pane.apply_button.text() == "Đổi 2 hộ"
    assert [row.detail for row in pane.rows.rows()][:2] == ["Thôn 1 → Thôn 2"] * 2
    pane.apply_button.click()
    assert page.shell.tasks.wait_all()
    assert page.side.currentWidget() is page.panel
    names = [household_detail(context, uid).hamlet.name for uid in homes]
    assert names == ["Thôn 2", "Thôn 2", "Thôn 1", "Thôn 2"]
    undo(context)
    assert household_detail(context, homes[0]).hamlet.name == "Thôn 1"


def test_a_day_ahead_is_refused_beside_its_field(context: Context, homes: list[str], show: Any) -> None:
    page, pane = opened(show, context)
    pane.form.set_raw({**pane.form.raw(), "hamlet": hamlet(context, "Thôn 2"), "on": "01/01/2099"})
    look(page, pane)
    assert "tương lai" in pane.form.field("on").message
    assert not pane.apply_button.isEnabled()


def test_only_the_questions_of_the_chosen_change_are_asked(context: Context, homes: list[str], show: Any) -> None:
    page, pane = opened(show, context)
    pane.form.field("what").editor.set_raw("group")
    QApplication.processEvents()
    shown = [key for key in ("hamlet", "on", "branch", "group") if pane.form.field(key).isVisibleTo(pane)]
    assert shown == ["group"]
    pane.form.field("group").editor.set_raw("worker")
    look(page, pane)
    assert pane.count_label.text() == "Sẽ đổi 4 người."
    pane.closed.emit()


def test_rows_are_judged_and_changed_in_a_worker_and_only_the_last_question_counts(
    context: Context, homes: list[str], show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, pane = opened(show, context)
    threads = []
    for name in ("preview", "apply"):
        deed = getattr(bulk, name)

        def noted(*args: Any, deed: Any = deed, **more: Any) -> Any:
            threads.append(threading.current_thread() is threading.main_thread())
            return deed(*args, **more)

        monkeypatch.setattr(bulk, name, noted)
    pane.form.set_raw({**pane.form.raw(), "hamlet": hamlet(context, "Thôn 2"), "on": ""})
    pane.show_preview()
    choose(page, 0, 2)
    look(page, pane)
    assert pane.count_label.text() == "Sẽ đổi 2 hộ."
    pane.apply_button.click()
    assert page.shell.tasks.wait_all()
    assert threads and not any(threads)
    assert [household_detail(context, uid).hamlet.name for uid in homes[:3]] == ["Thôn 2", "Thôn 1", "Thôn 2"]


def test_what_cannot_be_changed_is_said_on_the_page_and_can_be_tried_again(
    context: Context, homes: list[str], show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, pane = opened(show, context)
    pane.form.set_raw({**pane.form.raw(), "hamlet": hamlet(context, "Thôn 2"), "on": ""})
    look(page, pane)

    def refuse(*_: Any) -> Any:
        raise UserError("Thôn này không còn trong sổ.", code="record.gone")

    monkeypatch.setattr(bulk, "apply", refuse)
    pane.apply_button.click()
    assert page.shell.tasks.wait_all()
    assert page.ask_bar.isVisibleTo(page)
    assert pane.apply_button.isEnabled()


def test_a_change_of_many_can_be_stopped_and_says_that_nothing_was_done(
    context: Context, homes: list[str], show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, pane = opened(show, context)
    pane.form.set_raw({**pane.form.raw(), "hamlet": hamlet(context, "Thôn 2"), "on": ""})
    look(page, pane)
    deed = bulk.apply

    def pressed(*args: Any, progress: Any, **more: Any) -> Any:
        progress.cancel()
        return deed(*args, progress=progress, **more)

    monkeypatch.setattr(bulk, "apply", pressed)
    pane.apply_button.click()
    assert page.shell.tasks.wait_all()
    assert pane.count_label.text() == "Đã dừng; chưa đổi gì, sổ vẫn như cũ."
    assert pane.apply_button.isEnabled()
    assert household_detail(context, homes[0]).hamlet.name == "Thôn 1"
    monkeypatch.setattr(bulk, "apply", deed)
    pane.apply_button.click()
    assert page.shell.tasks.wait_all()
    assert household_detail(context, homes[0]).hamlet.name == "Thôn 2"
