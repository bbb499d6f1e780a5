"""The window and its pages: made late, moved between by key, never losing work."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from desktop_app.services.errors import UserError
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.widgets.chrome import NavItem
from desktop_app.ui.zoom import Zoom
from tests.ui.conftest import press, settle
from tests.ui.gallery import SHOWN, make_window


class SomePage(Page):
    title_text = "Một trang"
    help_topic = "khong_co"
    ACTIONS = (ActionSpec("test.import", "Nhập thử", "Ctrl+J", "file-up", scope="Một trang"),)
    made: ClassVar[list[SomePage]] = []

    def __init__(self, context: object) -> None:
        super().__init__(context)
        type(self).made.append(self)
        self.refreshed = 0
        self.opened: list[object] = []
        self.searched: list[str] = []
        self.imports = 0
        self.field = QLineEdit()
        self.body.addWidget(self.field)
        self.set_header_buttons(self.button_for("test.import", self.on_import))

    def on_import(self) -> None:
        self.imports += 1

    def refresh(self) -> None:
        self.refreshed += 1

    def open_target(self, target: object) -> None:
        self.opened.append(target)

    def on_search(self, text: str) -> None:
        self.searched.append(text)


class OtherPage(SomePage):
    title_text = "Trang khác"
    searches_itself = True
    made: ClassVar[list[SomePage]] = []


SPECS = (PageSpec("one", "Một", "house", SomePage), PageSpec("two", "Hai", "users", OtherPage))


@pytest.fixture
def window(look: QApplication, qtbot):
    SomePage.made, OtherPage.made = [], []
    made = MainWindow(SPECS, "ngữ cảnh", zoom=Zoom(look))
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: made.current_page is not None)
    yield made
    made.close()


def test_a_page_is_made_when_first_opened_and_only_once(window: MainWindow) -> None:
    assert (len(SomePage.made), len(OtherPage.made)) == (1, 0)
    window.open_page("two")
    window.open_page("one")
    window.open_page("two")
    assert (len(SomePage.made), len(OtherPage.made)) == (1, 1)
    assert OtherPage.made[0].context == "ngữ cảnh"
    assert OtherPage.made[0].refreshed == 1


def test_pages_are_reached_by_alt_digit_and_ctrl_tab(window: MainWindow) -> None:
    shortcuts = {a.shortcut().toString(): a for a in window.actions() if not a.shortcut().isEmpty()}
    shortcuts["Alt+2"].trigger()
    assert window.current_key == "two"
    next_page = next(a for a in window.actions() if a.objectName() == "next_page")
    next_page.trigger()
    assert window.current_key == "one"


def test_the_header_shows_the_page_in_front_with_its_buttons(window: MainWindow) -> None:
    page = SomePage.made[0]
    page.set_subtitle("11.830 người")
    assert window.header.title_label.text() == "Một trang"
    assert window.header.subtitle_label.text() == "11.830 người"
    assert page.header_buttons[0].isVisible()
    window.open_page("two")
    assert not page.header_buttons[0].isVisible()
    page.set_subtitle("khác")
    assert window.header.subtitle_label.text() == ""


def test_a_header_button_and_its_key_do_the_same(window: MainWindow) -> None:
    page = SomePage.made[0]
    page.header_buttons[0].click()
    page.action("test.import").trigger()
    assert page.imports == 2
    page.action("test.import").setEnabled(False)
    assert not page.header_buttons[0].isEnabled()


def test_after_a_write_pages_behind_read_again_when_they_come_to_the_front(window: MainWindow) -> None:
    window.open_page("two")
    first, second = SomePage.made[0], OtherPage.made[0]
    window.announce_change("citizen")
    assert (first.refreshed, second.refreshed) == (1, 2)
    window.open_page("one")
    assert first.refreshed == 2


def test_a_pushed_page_has_a_way_back_and_the_one_below_reads_again(window: MainWindow) -> None:
    below = SomePage.made[0]
    top = OtherPage("x")
    window.push(top)
    assert window.current_page is top
    assert window.header.back_button.isVisible()
    window.header.back_button.click()
    assert window.current_page is below
    assert below.refreshed == 2
    assert not window.header.back_button.isVisible()


def test_choosing_the_entry_of_the_screen_in_front_goes_back_to_its_bottom_page(window: MainWindow) -> None:
    below = SomePage.made[0]
    alt = next(action for action in window.actions() if action.shortcut().toString() == "Alt+1")
    for choose in (lambda: window.navigation.page_chosen.emit("one"), alt.trigger):
        window.push(OtherPage("x"))
        window.push(OtherPage("y"))
        choose()
        assert window.current_page is below
    window.push(OtherPage("x"))
    window.open_page("two")
    window.navigation.page_chosen.emit("one")
    assert window.current_page is not below, "what stood there is found again on return"


def test_a_screen_that_lets_nobody_go_or_holds_what_is_not_stored_stays_when_its_entry_is_chosen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("can_leave", lambda: False), ("stays_open", True)):
        top = OtherPage("x")
        window.push(top)
        with monkeypatch.context() as patch:
            patch.setattr(top, name, value)
            window.navigation.page_chosen.emit("one")
            assert window.current_page is top
        window.pop()


def test_a_page_that_must_first_be_answered_is_not_left(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    page = SomePage.made[0]
    monkeypatch.setattr(page, "can_leave", lambda: False)
    window.open_page("two")
    assert window.current_key == "one"
    assert not window.close()
    monkeypatch.setattr(page, "can_leave", lambda: True)
    with qtbot.waitSignal(window.closing):
        assert window.close()


def test_esc_leaves_what_was_typed(window: MainWindow) -> None:
    page = SomePage.made[0]
    page.field.setText("Nguyễn Thị Lan")
    press(page.field, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Escape)
    assert page.field.text() == "Nguyễn Thị Lan"
    assert window.isVisible()


def test_typing_in_the_header_goes_to_the_page_or_to_the_whole_register(window: MainWindow, qtbot) -> None:
    box = window.header.search_box
    found: list[str] = []
    window.set_search(lambda text: found.append(text) or [w.SearchHit("Lan", "1984", "user-round", "two", 7)])
    box.setText("lan")
    with qtbot.waitSignal(box.search_changed):
        press(box, Qt.Key.Key_Return)
    assert found == ["lan"]
    press(box, Qt.Key.Key_Return)
    assert window.current_key == "two"
    assert OtherPage.made[0].opened == [7]
    box.setText("binh")
    press(box, Qt.Key.Key_Return)
    assert OtherPage.made[0].searched == ["binh"]
    assert found == ["lan"]


def test_each_page_keeps_its_own_search_text(window: MainWindow) -> None:
    window.open_page("two")
    window.header.search_box.setText("binh")
    press(window.header.search_box, Qt.Key.Key_Return)
    window.open_page("one")
    assert window.header.search_box.text() == ""
    window.open_page("two")
    assert window.header.search_box.text() == "binh"


def test_undo_goes_to_the_page_first_and_then_to_the_program(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    undo = next(a for a in window.actions() if a.objectName() == "undo")
    with qtbot.waitSignal(window.undo_requested):
        undo.trigger()
    monkeypatch.setattr(SomePage.made[0], "undo", lambda: True)
    with qtbot.assertNotEmitted(window.undo_requested):
        undo.trigger()


def test_a_toast_says_what_was_done_and_offers_undo(window: MainWindow, qtbot) -> None:
    window.notify("Đã xóa 3 hộ.", can_undo=True)
    toast = window.findChild(w.Toast)
    assert toast.isVisible()
    with qtbot.waitSignal(window.undo_requested):
        toast.undo_button.click()
    assert not toast.isVisible()


def test_a_toast_that_is_long_says_all_of_it_within_the_window(window: MainWindow, look: QApplication) -> None:
    theme.apply(look, percent=200, contrast=False)
    settle()
    said = "Đã đóng Ấp Bình Hòa · tập 1: 3 phiếu, tổng 241. 3 phiếu được chọn để nhập lần hai. "
    window.notify(said * 2, can_undo=True)
    toast = window.findChild(w.Toast)
    settle()
    assert toast.isVisible()
    assert toast.parentWidget().rect().contains(toast.geometry())
    words, undo = toast.text_label, toast.undo_button
    assert words.height() >= words.heightForWidth(words.width())
    assert toast.rect().contains(undo.geometry()) and undo.width() >= undo.sizeHint().width()
    window.notify("Đã lưu.")
    settle()
    assert toast.height() < theme.px(60) and toast.width() < window.width() // 2


def test_a_toast_goes_with_its_screen_because_undo_would_mean_another_deed(window: MainWindow) -> None:
    for leave in (lambda: window.open_page("two"), lambda: window.push(OtherPage("x"))):
        window.notify("Đã cất Lê Thị Lan.", can_undo=True)
        assert window._toast.isVisible()
        leave()
        assert not window._toast.isVisible()
    window.notify("Đã cất.")
    window.open_page("two")
    assert window._toast.isVisible()


def test_the_status_line_says_when_it_was_saved(window: MainWindow) -> None:
    window.saved(datetime(2026, 11, 12, 14, 32, 5))
    assert window.status.saved_label.text() == "Đã lưu 14:32:05"
    window.status.set_unsent(1214)
    assert window.status.unsent_button.text() == "Chưa gửi: 1.214 thay đổi"


def test_a_badge_is_seen_and_heard(window: MainWindow) -> None:
    window.set_badge("two", 12)
    item = next(i for i in window.findChildren(NavItem) if i.text() == "Hai")
    assert item.accessibleName() == "Hai, 12 việc chờ"
    window.set_badge("two", 0)
    assert item.accessibleName() == "Hai"


def test_an_app_error_becomes_a_banner_on_its_page(window: MainWindow) -> None:
    page = SomePage.made[0]
    with page.errors():
        raise UserError("Số CCCD này đã có người dùng.")
    banner = page.findChild(w.Banner)
    assert banner.text_label.text() == "Số CCCD này đã có người dùng."
    with pytest.raises(ZeroDivisionError), page.errors():
        raise ZeroDivisionError


def test_training_mode_looks_different(window: MainWindow) -> None:
    before = window.grab().toImage().pixelColor(2, 300)
    window.set_training("Đang ở chế độ tập huấn.")
    after = window.grab().toImage().pixelColor(2, 300)
    assert before != after
    window.set_training("")
    QApplication.processEvents()
    assert window.grab().toImage().pixelColor(2, 300) == before


def test_f1_shows_the_keys_of_this_screen(window: MainWindow, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop_app.ui.help import HelpDialog
    from desktop_app.ui.widgets import dialogs

    next(a for a in window.actions() if a.objectName() == "help").trigger()
    dialog = window.findChild(HelpDialog)
    words = dialog.text.toPlainText()
    assert "Ctrl+J" in words
    assert "Nhập thử" in words
    path = tmp_path / "phim.pdf"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_a, **_k: path)
    assert dialog.save_key_card() == path
    assert _text_of_pdf(path).count("Hoàn tác việc vừa làm") == 1
    dialog.close()


def _text_of_pdf(path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_the_navigation_keeps_only_pictures_when_the_room_is_short(window: MainWindow, look: QApplication) -> None:
    window.resize(1366, 728)
    assert not window.navigation.is_collapsed
    window.zoom.set_percent(200)
    assert window.navigation.is_collapsed
    window.zoom.set_percent(100)
    assert not window.navigation.is_collapsed


@pytest.mark.parametrize("percent", [90, 100, 150, 200])
def test_nothing_is_cut_on_a_1366_by_768_screen(percent: int, look: QApplication, qtbot) -> None:
    window = make_window()
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    qtbot.waitExposed(window)
    window.zoom.set_percent(percent)
    cut: list[str] = []
    for key in SHOWN:
        window.open_page(key)
        QApplication.processEvents()
        QApplication.processEvents()
        cut += [f"{key}: {text}" for text in _cut_widgets(window)]
    window.close()
    assert cut == []


def _cut_widgets(window: MainWindow) -> list[str]:
    """Widgets that are wider or higher inside than outside, or that stand beyond the right edge of their page."""
    cut = []
    page = window.current_page
    assert page is not None
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.size().isEmpty():
            continue
        words = ""
        if isinstance(widget, w.Button):
            need = widget.sizeHint()
            words = widget.text() or widget.accessibleName()
        elif type(widget) is QLabel and not widget.wordWrap():
            need = widget.sizeHint()
            words = widget.text()
        elif isinstance(widget, QLabel) and widget.wordWrap():
            need = widget.size()
            need.setHeight(widget.heightForWidth(widget.width()))
            words = widget.text()
        elif isinstance(widget, NavItem):
            need = widget.size()
            if widget.mapTo(window, QPoint(0, widget.height())).y() > window.height():
                cut.append(f"navigation {widget.text()}")
        else:
            continue
        if need.width() > widget.width() + 1 or need.height() > widget.height() + 1:
            cut.append(f"{type(widget).__name__} {words!r} needs {need.toTuple()} has {widget.size().toTuple()}")
        parent = widget.parentWidget()
        if parent is not None and not parent.rect().adjusted(-1, -1, 1, 1).contains(widget.geometry()):
            cut.append(f"{type(widget).__name__} {words!r} stands outside {type(parent).__name__}")
        if page.isAncestorOf(widget):
            right = widget.mapTo(page, QPoint(widget.width(), 0)).x()
            if right > page.width() + 1:
                cut.append(f"{type(widget).__name__} {words!r} beyond the right edge")
    return cut


def test_every_interactive_widget_has_a_name_for_screen_readers(look: QApplication, qtbot) -> None:
    window = make_window()
    qtbot.addWidget(window)
    window.show()
    nameless = []
    for key in SHOWN:
        window.open_page(key)
        QApplication.processEvents()
        for widget in window.findChildren(QWidget):
            if not widget.isVisible() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                continue
            text = getattr(widget, "text", lambda: "")()
            if not (widget.accessibleName() or text):
                nameless.append(f"{key}: {type(widget).__name__}")
    window.close()
    assert sorted(set(nameless)) == []


def test_the_focus_can_be_seen_on_buttons_and_fields(look: QApplication, qtbot) -> None:
    holder = QWidget()
    column = w.vbox(holder, margins=16)
    other, button, field = w.QuietButton("Trước"), w.QuietButton("Sửa"), QLineEdit("chữ")
    for widget in (other, button, field):
        column.addWidget(widget)
    qtbot.addWidget(holder)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    for widget in (button, field):
        other.setFocus()
        before = widget.grab().toImage()
        widget.setFocus()
        assert widget.hasFocus()
        after = widget.grab().toImage()
        ring = theme.color("accent")
        assert after != before
        assert after.pixelColor(widget.width() // 2, 0) == ring


def test_actions_of_a_hidden_page_do_not_answer(window: MainWindow) -> None:
    window.open_page("two")
    hidden = SomePage.made[0]
    assert not hidden.isVisible()
    owners = [a for a in hidden.actions() if isinstance(a, QAction)]
    assert owners
    assert all(a.shortcutContext() == Qt.ShortcutContext.WindowShortcut for a in owners)
