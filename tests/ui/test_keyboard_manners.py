"""What the keyboard may rely on: Enter presses, the focus has a place, and nothing opens a window by mistake."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QWidget

from desktop_app.ui import widgets as w
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.tasks import Task
from desktop_app.ui.widgets.chrome import HeaderBar
from desktop_app.ui.widgets.dialogs import Dialog
from desktop_app.ui.widgets.progress_dialog import ProgressDialog
from desktop_app.ui.zoom import Zoom
from tests.ui.conftest import press


class Shown(QObject):
    """Notes what shows itself as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(watched)
        return False


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_the_button_with_the_focus_as_the_space_bar_does(qtbot, key: Qt.Key) -> None:
    button = w.PrimaryButton("Nhập khẩu")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    press(button, key)
    assert pressed == [True]
    press(button, key, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert len(pressed) == 1 or key is Qt.Key.Key_Space


def test_parts_of_a_widget_never_show_themselves_as_windows(qtbot, look: QApplication) -> None:
    shown = Shown()
    look.installEventFilter(shown)
    tabs = Tabs("Bước", [Tab("a", "Xét"), Tab("b", "Giấy")])
    tabs.set_tabs([Tab("c", "Sổ")])
    banner = w.Banner("Đã cất.", "passed")
    dialog = ProgressDialog(Task("Đang đọc", shows_dialog=True, can_cancel=True))
    look.removeEventFilter(shown)
    for made in (tabs, banner, dialog):
        qtbot.addWidget(made)
    assert not shown.windows


def test_an_empty_list_gives_the_focus_to_what_stands_in_its_place(qtbot) -> None:
    table = w.DataTable("t", (w.Column("a", "A", 100),))
    qtbot.addWidget(table)
    with_button, without = w.EmptyState("list", "Chưa có gì.", "Thêm"), w.EmptyState("list", "Chưa có gì.")
    table.show()
    qtbot.waitUntil(table.isActiveWindow)
    for state, wanted in ((with_button, with_button.button), (without, without)):
        table.set_placeholder(state)
        table.set_source(w.ListSource([]))
        table.take_focus()
        assert QApplication.focusWidget() is wanted
        state.hide()


def test_a_dialog_has_room_for_all_its_words_at_the_greatest_size(qtbot, look: QApplication) -> None:
    zoom = Zoom(look)
    zoom.set_percent(200)
    dialog = Dialog(None, "Công nhận?", "Số đã cấp không hoàn tác được. " * 6, width=300)
    qtbot.addWidget(dialog)
    dialog.add_button(w.QuietButton("Thôi"), rejects=True)
    dialog.show()
    words = dialog.sentence_label
    most = dialog.screen().availableGeometry().height() - 80
    assert words.height() >= words.heightForWidth(words.width()) or dialog.height() == most
    zoom.set_percent(100)


def test_words_beside_the_title_are_left_out_where_they_would_say_nothing(qtbot) -> None:
    header = HeaderBar()
    qtbot.addWidget(header)
    header.set_title("Nhập khẩu", "danh_sach_rat_dai_cua_thon_1.xlsx")
    header.resize(1100, 56)
    header.show()
    assert header.subtitle_label.isVisible()
    header.resize(420, 56)
    assert not header.subtitle_label.isVisible()
    header.resize(1100, 56)
    assert header.subtitle_label.isVisible()


def test_a_question_far_below_comes_into_sight_with_its_focus(qtbot) -> None:
    body = QWidget()
    column = w.vbox(body)
    column.addWidget(w.sized(w.Card("Cao"), min_height=900))
    question = w.ConfirmBar("Xóa hộ này?", "Xóa")
    column.addWidget(question)
    page = w.ScrollBody(body)
    qtbot.addWidget(page)
    page.resize(600, 300)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    question.ask()
    no = question.no_button

    def is_in_sight() -> bool:
        top = no.mapTo(page.viewport(), no.rect().topLeft()).y()
        return top >= 0 and top + no.height() <= page.viewport().height()

    qtbot.waitUntil(is_in_sight)


def test_ctrl_enter_answers_a_question_from_any_of_its_fields(qtbot) -> None:
    dialog = Dialog(None, "Ghi trạng thái")
    qtbot.addWidget(dialog)
    form = w.FormView(w.FormSpec((w.Field("day", "Từ ngày", "date"),)))
    dialog.body.addWidget(form)
    dialog.add_button(w.QuietButton("Thôi"), rejects=True)
    dialog.add_button(w.PrimaryButton("Ghi"), accepts=True).setDefault(True)
    dialog.show()
    press(form.field("day").editor.focus_widget(), Qt.Key.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert dialog.result() == Dialog.DialogCode.Accepted


def test_a_page_whose_list_has_the_focus_opens_with_the_words_above_the_list(qtbot) -> None:
    body = QWidget()
    column = w.vbox(body)
    column.addWidget(w.sized(w.Card("Đầu trang"), min_height=120))
    table = w.sized(QListWidget(), min_height=280)
    column.addWidget(table)
    page = w.ScrollBody(body)
    qtbot.addWidget(page)
    page.resize(600, 300)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    table.setFocus()
    qtbot.wait(90)
    assert page.verticalScrollBar().value() == 0
    assert page.verticalScrollBar().maximum() > 0


def test_a_field_in_a_pane_that_scrolls_by_itself_comes_into_sight_on_the_page_too(qtbot) -> None:
    inside = QWidget()
    fields = w.vbox(inside)
    fields.addWidget(w.sized(w.Card("Trên"), min_height=400))
    field = QLineEdit()
    fields.addWidget(field)
    fields.addWidget(w.sized(w.Card("Dưới"), min_height=200))
    body = QWidget()
    column = w.vbox(body)
    column.addWidget(w.sized(w.Card("Đầu trang"), min_height=260))
    column.addWidget(w.sized(w.ScrollBody(inside), min_height=240))
    page = w.ScrollBody(body)
    qtbot.addWidget(page)
    page.resize(600, 300)
    page.show()
    qtbot.waitUntil(page.isActiveWindow)
    field.setFocus()

    def is_in_sight() -> bool:
        top = field.mapTo(page.viewport(), field.rect().topLeft()).y()
        return top >= 0 and top + field.height() <= page.viewport().height()

    qtbot.waitUntil(is_in_sight)
