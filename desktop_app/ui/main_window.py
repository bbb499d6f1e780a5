"""The window: navigation, header, pages made when first opened, status line, and the keys that work everywhere.

Invariant: knows pages only through ``Page`` and ``PageSpec`` and no service beyond errors and progress; a page is built
once, when it is first opened, and its actions work only while it is in front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QMenu, QStackedWidget, QWidget

from desktop_app.ui import theme
from desktop_app.ui.actions import REGISTRY
from desktop_app.ui.page import Page, PageSpec
from desktop_app.ui.tasks import TaskRunner
from desktop_app.ui.widgets.chrome import HeaderBar, Navigation, StatusBar
from desktop_app.ui.widgets.feedback import Banner, Toast
from desktop_app.ui.widgets.layouts import hbox, vbox
from desktop_app.ui.zoom import STEPS, Zoom

if TYPE_CHECKING:
    from desktop_app.ui.help import HelpDialog
    from desktop_app.ui.widgets.search_popup import SearchHit, SearchPopup

COLLAPSE_BELOW = 1040
"""Below this width (at 100 %) the navigation keeps only its pictures."""


class MainWindow(QMainWindow):
    """The shell around the pages (implements ``page.Shell``).

    Args:
        pages: entries of the navigation, in order.
        context: handed to each page's factory; the window itself never looks into it.
        zoom: made by the composition root so that it can remember the size.
        first: key of the page to open with; the first entry where there is none of that name.

    Signals:
        undo_requested: Ctrl+Z outside a text field, or "Hoàn tác" on a toast, where the page has no undo of its own.
        search_changed(str), search_submitted(str): typing in the header where the page does not search itself.
        user_clicked, backup_clicked, unsent_clicked: the person's name, the status line's words.
        closing: the window goes; tasks are stopped already.
    """

    undo_requested = Signal()
    search_changed = Signal(str)
    search_submitted = Signal(str)
    user_clicked = Signal()
    backup_clicked = Signal()
    unsent_clicked = Signal()
    page_opened = Signal(str)
    closing = Signal()

    def __init__(
        self, pages: Sequence[PageSpec], context: object, *, zoom: Zoom | None = None, first: str = ""
    ) -> None:
        super().__init__()
        self._first = first
        self.is_starting = False
        self._specs = {spec.key: spec for spec in pages}
        self._context = context
        self._stacks: dict[str, list[Page]] = {}
        self._current_key = ""
        self._popup: SearchPopup | None = None
        self._help: HelpDialog | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.zoom = zoom or Zoom(app)
        self.tasks = TaskRunner(self)
        self.setWindowTitle("Sổ Học Tập")
        self.setMinimumSize(640, 480)
        self.resize(1366, 728)
        self._build()
        self._bind_keys()
        self.zoom.changed.connect(self._on_zoomed)
        self._on_zoomed(self.zoom.percent)

    def _build(self) -> None:
        frame = QFrame()
        self._frame = frame
        row = hbox(frame, spacing=0)
        self.navigation = Navigation()
        row.addWidget(self.navigation)
        right = QWidget()
        column = vbox(right, spacing=0)
        self.header = HeaderBar()
        self._training = Banner("", "attention", closable=False, icon="graduation-cap")
        self._training.hide()
        self._pages = QStackedWidget()
        self.status = StatusBar()
        for widget, stretch in ((self._training, 0), (self.header, 0), (self._pages, 1), (self.status, 0)):
            column.addWidget(widget, stretch)
        row.addWidget(right, 1)
        self.setCentralWidget(frame)
        self._toast = Toast(self._pages)
        self._connect()
        for index, spec in enumerate(self._specs.values()):
            tip = f"Alt+{index + 1}" if index < 9 else ""
            self.navigation.add_page(spec.key, spec.text, spec.icon, tip_key=tip, is_bottom=spec.is_bottom)

    def _connect(self) -> None:
        self.navigation.page_chosen.connect(self.choose_page)
        self.navigation.help_chosen.connect(self._on_help)
        self.navigation.user_chosen.connect(self.user_clicked)
        self.header.back_chosen.connect(self.pop)
        self.header.search_box.search_changed.connect(self._on_search_changed)
        self.header.search_box.submitted.connect(self._on_search_submitted)
        self.status.zoom_clicked.connect(self._on_zoom_menu)
        self.status.backup_clicked.connect(self.backup_clicked)
        self.status.unsent_clicked.connect(self.unsent_clicked)
        self._toast.undo_requested.connect(self._on_undo)

    def _bind_keys(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "help": self._on_help,
            "search": self.focus_search,
            "undo": self._on_undo,
            "zoom_in": self.zoom.zoom_in,
            "zoom_out": self.zoom.zoom_out,
            "zoom_reset": self.zoom.reset,
            "next_page": lambda: self._step(1),
            "previous_page": lambda: self._step(-1),
        }
        for action_id, handler in handlers.items():
            REGISTRY.make(action_id, handler, self)
        for index, key in enumerate(list(self._specs)[:9]):
            self._add_key(f"Alt+{index + 1}", partial(self.choose_page, key))
        self._add_key("Alt+Left", self.pop)

    def _add_key(self, key: str, handler: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: handler())
        self.addAction(action)

    @property
    def current_page(self) -> Page | None:
        stack = self._stacks.get(self._current_key)
        return stack[-1] if stack else None

    @property
    def current_key(self) -> str:
        return self._current_key

    def page(self, key: str) -> Page:
        """The bottom page of a navigation entry, made if need be."""
        if key not in self._stacks:
            page = self._specs[key].factory(self._context)
            self._adopt(page)
            self._stacks[key] = [page]
        return self._stacks[key][0]

    def _adopt(self, page: Page) -> None:
        page.shell = self
        page.header_changed.connect(lambda: self._on_header_changed(page))
        for button in page.header_buttons:
            button.hide()
        self._pages.addWidget(page)

    def open_page(self, key: str, target: object = None) -> None:
        """Bring a screen to the front; with a target, its bottom page shows that record."""
        leaving = self.current_page
        if leaving is not None and key != self._current_key and not leaving.can_leave():
            self.navigation.set_current(self._current_key)
            return
        bottom = self.page(key)
        if target is not None:
            while len(self._stacks[key]) > 1:
                if not self._drop_top(key):
                    return
        self._say_no_more(self._current_key not in ("", key))
        self._current_key = key
        self.navigation.set_current(key)
        self._bring_to_front()
        if target is not None:
            bottom.open_target(target)
        self.page_opened.emit(key)

    def choose_page(self, key: str) -> None:
        """A screen chosen in the navigation; choosing the one in front again goes back to its bottom page."""
        stack = self._stacks.get(key, ())
        while key == self._current_key and len(stack) > 1 and not stack[-1].stays_open:
            if not self._drop_top(key):
                return
        self.open_page(key)

    def push(self, page: Page) -> None:
        """Put a screen on top of the present one; Alt+← or the arrow takes it away."""
        self._adopt(page)
        page.borrow_keys(self._stacks[self._current_key][0])
        self._say_no_more(True)
        self._stacks[self._current_key].append(page)
        self._bring_to_front()

    def push_once(self, kind: type[Page], make: Callable[[], Page]) -> None:
        """Show a screen that is asked for from wherever above the bottom page: the open one of its kind again, without
        what stands on it; else a new one on top, if the screen in front lets go."""
        stack = self._stacks[self._current_key]
        place = next((n for n, page in enumerate(stack) if n and type(page) is kind), None)
        if place is None or any(page.stays_open for page in stack[place + 1 :]):
            if stack[-1].can_leave():
                self.push(make())
            return
        while len(stack) > place + 1:
            if not self._drop_top(self._current_key):
                break
        self._bring_to_front()

    def pop(self) -> None:
        """Go back to the screen below, if there is one and the top lets go."""
        if len(self._stacks.get(self._current_key, ())) > 1 and self._drop_top(self._current_key):
            self._bring_to_front()

    def _drop_top(self, key: str) -> bool:
        top = self._stacks[key][-1]
        if not top.can_leave():
            return False
        self._stacks[key].pop()
        if top.header_buttons and top.header_buttons[0].isVisible():
            self.header.set_buttons(())
        self._pages.removeWidget(top)
        for button in top.header_buttons:
            button.setParent(top)
        top.deleteLater()
        self._stacks[key][-1].is_stale = True
        return True

    def _bring_to_front(self) -> None:
        page = self.current_page
        assert page is not None
        if self._popup is not None:
            self._popup.hide()
        self._pages.setCurrentWidget(page)
        self._toast.raise_()
        self._show_header(page)
        if page.is_stale:
            page.is_stale = False
            page.refresh()
        page.on_shown()

    def _show_header(self, page: Page) -> None:
        self.header.back_button.setVisible(len(self._stacks[self._current_key]) > 1)
        self.header.search_box.set_placeholder(page.search_placeholder)
        self.header.search_box.set_text_silently(page.search_text)
        self.header.set_buttons(page.header_buttons)
        self.header.set_title(page.title, page.subtitle)
        self.setWindowTitle(f"{page.title} – Sổ Học Tập")

    def _on_header_changed(self, page: Page) -> None:
        if page is self.current_page:
            self.header.set_buttons(page.header_buttons)
            self.header.set_title(page.title, page.subtitle)

    def notify(self, text: str, tone: str = "passed", *, can_undo: bool = False) -> None:
        """A short word that something was done."""
        self._toast.show_message(text, tone, can_undo=can_undo)

    def _say_no_more(self, is_elsewhere: bool) -> None:
        """On another screen "Hoàn tác" would mean another deed than the one the word is about."""
        if is_elsewhere:
            self._toast.hide()

    def saved(self, when: datetime) -> None:
        """Show when the last answer or change reached the disk."""
        self.status.set_saved(when)

    def set_badge(self, key: str, count: int, tone: str = "attention") -> None:
        self.navigation.set_badge(key, count, tone)

    def set_place(self, text: str) -> None:
        """Commune and round under the product's name, e.g. "Xã Phú An · Đợt 2026"."""
        self.navigation.set_place(text)

    def set_user(self, name: str) -> None:
        self.navigation.set_user(name)

    def set_training(self, text: str) -> None:
        """Training mode: a coloured frame and a sentence; an empty text takes both away."""
        self._frame.setObjectName("training" if text else "")
        edge = 5 if text else 0
        layout = self._frame.layout()
        assert layout is not None
        theme.remember_layout(layout, (edge, edge, edge, edge), 0)
        self._training.set_message(text, "attention")
        self._training.setVisible(bool(text))
        self._frame.style().unpolish(self._frame)
        self._frame.style().polish(self._frame)

    def announce_change(self, *kinds: str) -> None:
        """Something was written: every page hears it; the one in front reads again at once if it became stale."""
        for stack in self._stacks.values():
            for page in stack:
                page.on_data_changed(kinds)
        front = self.current_page
        if front is not None and front.is_stale:
            front.is_stale = False
            front.refresh()

    def announce_behind(self, *kinds: str) -> None:
        """Something was written by the page in front, which knows it: the others hear it."""
        for stack in self._stacks.values():
            for page in stack:
                if page is not self.current_page:
                    page.on_data_changed(kinds)

    def focus_search(self) -> None:
        self.header.search_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.header.search_box.selectAll()

    def set_search(self, find: Callable[[str], Sequence[SearchHit]]) -> None:
        """Search the whole register from the header: ``find(text)`` gives the best hits, at most some twenty."""
        from desktop_app.ui.widgets.search_popup import SearchPopup

        self._popup = SearchPopup(self.header.search_box, find, self)
        self._popup.hit_chosen.connect(self._on_hit_chosen)

    def _on_hit_chosen(self, hit: SearchHit) -> None:
        self.header.search_box.set_text_silently("")
        self.open_page(hit.page_key, hit.target)

    def _on_search_changed(self, text: str) -> None:
        page = self.current_page
        if page is not None:
            page.search_text = text
            if page.searches_itself:
                page.on_search(text)
                if self._popup is not None:  # what this list does not have, the rest of the register may
                    self._popup.search(text if page.finds_nothing else "", says_nothing=False)
                return
        if self._popup is not None:
            self._popup.search(text)
        self.search_changed.emit(text)

    def _on_search_submitted(self, text: str) -> None:
        page = self.current_page
        if self._popup is not None and self._popup.isVisible():
            self._popup.open_current()
        elif page is not None and page.searches_itself:
            page.on_search_submitted()
        else:
            self.search_submitted.emit(text)

    def _on_help(self) -> None:
        from desktop_app.ui.help import HelpDialog

        if self._help is not None:
            self._help.close()
        self._help = HelpDialog(self.current_page, self)
        self._help.show()

    def _on_undo(self) -> None:
        page = self.current_page
        if page is None or not page.undo():
            self.undo_requested.emit()

    def _step(self, by: int) -> None:
        keys = list(self._specs)
        if keys:
            index = keys.index(self._current_key) if self._current_key in keys else 0
            self.open_page(keys[(index + by) % len(keys)])

    def _on_zoom_menu(self) -> None:
        menu = QMenu(self)
        for step in STEPS:
            action = menu.addAction(f"{step} %")
            action.setCheckable(True)
            action.setChecked(step == self.zoom.percent)
            action.triggered.connect(lambda _checked=False, s=step: self.zoom.set_percent(s))
        button = self.status.zoom_button
        corner = button.mapToGlobal(button.rect().topLeft())
        menu.popup(QPoint(corner.x(), corner.y() - menu.sizeHint().height()))
        menu.aboutToHide.connect(menu.deleteLater)

    def _on_zoomed(self, percent: int) -> None:
        self.status.set_zoom(percent)
        self._fit()

    def _fit(self) -> None:
        self.navigation.set_collapsed(self.width() < theme.px(COLLAPSE_BELOW))
        self.navigation.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """The frame is seen first; the first page is built right after."""
        super().showEvent(event)
        if not self._current_key and self._specs:
            QTimer.singleShot(0, self._open_first)

    def _open_first(self) -> None:
        if not self._current_key:
            self.is_starting = True
            self.open_page(self._first if self._first in self._specs else next(iter(self._specs)))
            self.is_starting = False

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is asked, for nothing is unsaved; work under way is stopped and awaited."""
        for stack in self._stacks.values():
            for page in reversed(stack):
                if not page.can_leave():
                    event.ignore()
                    return
        self.tasks.close()
        self.closing.emit()
        event.accept()
