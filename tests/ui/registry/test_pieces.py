"""The pieces: list and panel by width, rows moved through by keys, questions in place; nothing is cut at any size."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.models.records import Score, VerdictState
from desktop_app.models.types import LifeStatus, Poverty
from desktop_app.services.context import Context
from desktop_app.services.registry.units_edit import save_clan, save_organization
from desktop_app.ui import theme
from desktop_app.ui.registry import cells
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.registry.row_list import MOST_ROWS, ROW_HEIGHT, RowItem, RowList
from desktop_app.ui.widgets.layouts import ScrollBody, vbox
from desktop_app.ui.widgets.pair import ListAndPanel
from tests.ui.conftest import press
from tests.ui.registry.conftest import focused
from tests.ui.test_main_window import _cut_widgets as cut_widgets


def test_list_and_panel_stand_side_by_side_or_one_at_a_time(look: QApplication, qtbot: Any) -> None:
    left, right = QWidget(), QWidget()
    pair = ListAndPanel(left, right)
    qtbot.addWidget(pair)
    pair.resize(1100, 500)
    pair.show()
    assert left.isVisible() and right.isVisible() and not pair.is_narrow
    pair.resize(600, 500)
    QApplication.processEvents()
    assert pair.is_narrow and left.isVisible() and not right.isVisible()
    pair.show_panel()
    assert right.isVisible() and not left.isVisible()
    pair.show_list()
    assert left.isVisible() and not right.isVisible()
    pair.resize(1100, 500)
    QApplication.processEvents()
    pair.set_has_panel(False)
    assert left.isVisible() and not right.isVisible()


def test_rows_are_moved_through_and_opened_by_keys(look: QApplication, qtbot: Any) -> None:
    rows = RowList("Thành viên", [RowItem("a", "Nguyễn Văn Ước", "Chủ hộ"), RowItem("b", "Trần Thị Ánh", "Vợ")])
    qtbot.addWidget(rows)
    rows.show()
    assert rows.current_key == ""
    rows.setFocus()
    qtbot.waitUntil(lambda: rows.current_key == "a")
    with qtbot.waitSignal(rows.row_chosen) as chosen:
        press(rows, Qt.Key.Key_Down)
    assert chosen.args == ["b"]
    with qtbot.waitSignal(rows.opened) as opened:
        press(rows, Qt.Key.Key_Return)
    assert opened.args == ["b"]
    assert rows.item(1).text() == "Trần Thị Ánh, Vợ"


def test_a_list_of_rows_is_as_high_as_its_rows_and_then_scrolls(look: QApplication, qtbot: Any) -> None:
    rows = RowList("Thành viên", [RowItem("a", "Một người")])
    qtbot.addWidget(rows)
    assert rows.sizeHint().height() == ROW_HEIGHT
    rows.set_items([RowItem(str(n), f"Người {n}") for n in range(40)])
    assert rows.sizeHint().height() == MOST_ROWS * ROW_HEIGHT


def test_a_question_gives_the_focus_to_its_harmless_answer(look: QApplication, qtbot: Any) -> None:
    given: list[str] = []
    bar = AskBar()
    qtbot.addWidget(bar)
    bar.ask("Xóa?", Answer("Xóa", lambda: given.append("xóa"), "danger"), Answer("Giữ", lambda: given.append("giữ")))
    bar.activateWindow()
    qtbot.waitUntil(lambda: bar.buttons[1].hasFocus())
    press(bar.buttons[1], Qt.Key.Key_Return)
    press(bar.buttons[1], Qt.Key.Key_Escape)
    assert given[-1] == "giữ"
    assert "xóa" not in given
    assert not bar.isVisible()


def test_answers_stay_in_sight_when_the_text_grows_under_an_open_question(look: QApplication, qtbot: Any) -> None:
    body = QWidget()
    column = vbox(body)
    tall = QWidget()
    tall.setMinimumHeight(380)
    bar = AskBar()
    column.addWidget(tall)
    column.addWidget(bar)
    scroll = ScrollBody(body)
    qtbot.addWidget(scroll)
    scroll.resize(420, 500)
    scroll.show()
    bar.ask("Xóa Nguyễn Văn Ước khỏi sổ? Hoàn tác được bằng Ctrl+Z.", Answer("Xóa"), Answer("Giữ lại"))
    qtbot.wait(5)
    bar.buttons[0].clearFocus()
    theme.apply(look, percent=175)
    qtbot.wait(5)
    for button in bar.buttons:
        foot = button.mapTo(scroll.viewport(), button.rect().bottomLeft()).y()
        assert button.height() <= foot <= scroll.viewport().height(), button.text()


def test_a_question_put_away_is_answered_harmlessly_once(look: QApplication, qtbot: Any) -> None:
    given: list[str] = []
    bar = AskBar()
    qtbot.addWidget(bar)
    bar.say("Đã đổi chủ hộ.", Answer("Đã hiểu", lambda: given.append("hiểu")))
    bar.dismiss()
    bar.dismiss()
    assert given == ["hiểu"]


def test_facts_look_the_same_everywhere() -> None:
    assert cells.verdict_chip(Score()).text == "Chưa chấm"
    assert cells.verdict_chip(Score(VerdictState.PASSED, 83.0)).tone == "passed"
    assert cells.points_text(Score(VerdictState.FAILED, 77.5)) == "77,5"
    assert cells.points_text(Score(VerdictState.PASSED, 83.0)) == "83"
    assert cells.points_text(Score()) is None
    assert cells.poverty_chip(Poverty.NONE) is None
    assert cells.life_chip(LifeStatus.DEAD).text == "Đã mất"
    assert cells.years_chip((2026, 2025, 2025)).text == "Danh hiệu 2025, 2026"
    assert cells.years_chip(()) is None


@pytest.mark.parametrize(
    "percent",
    [100, 200, *(pytest.param(percent, marks=pytest.mark.full) for percent in (90, 110, 125, 150, 175))],
)
def test_nothing_is_cut_on_a_1366_by_768_screen(percent: int, sample: Context, show: Any, qtbot: Any) -> None:
    save_clan(sample, None, {"name": "Dòng họ Nguyễn Hữu chi trưởng xã Phú An", "leader": "Nguyễn Hoàng Thị Ngọc Ẩn"})
    save_organization(sample, None, {"name": "Trường Tiểu học và Trung học cơ sở Phú An", "kind": "school"})
    page = show(sample, "citizens")
    window = page.window()
    window.zoom.set_percent(percent)
    cut: list[str] = []
    for key in ("citizens", "households", "clans", "hamlets", "organizations", "journal"):
        window.open_page(key)
        shown = window.page(key)
        qtbot.waitUntil(lambda shown=shown: not shown._load_timer.isActive())
        _settle()
        cut += [f"{key}: {text}" for text in cut_widgets(window)]
        shown.enter_panel()
        _settle()
        cut += [f"{key}, panel: {text}" for text in cut_widgets(window)]
        if hasattr(shown, "form_pane"):
            shown.on_edit()
            _settle()
            cut += [f"{key}, form: {text}" for text in cut_widgets(window)]
            shown.form_pane.close_form()
    assert cut == []


def _settle() -> None:
    """Let layouts find their places; a focused button is some pixels larger than it asks for, so none is focused."""
    widget = QApplication.focusWidget()
    if widget is not None:
        widget.clearFocus()
    for _ in range(3):
        QApplication.processEvents()


def test_at_double_size_the_panel_takes_the_lists_place_and_esc_gives_it_back(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    page.window().zoom.set_percent(200)
    QApplication.processEvents()
    assert page.pair.is_narrow
    assert page.list.isVisible()
    press(page.list.view, Qt.Key.Key_Return)
    assert page.panel.isVisible() and not page.list.isVisible()
    assert focused().text() == "Mở phiếu"
    press(focused(), Qt.Key.Key_Escape)
    assert page.list.isVisible() and not page.panel.isVisible()
    page.on_edit()
    assert page.form_pane.isVisible()
    press(focused(), Qt.Key.Key_Escape)
    assert page.list.isVisible()
