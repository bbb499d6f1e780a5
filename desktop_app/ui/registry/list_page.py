"""The scaffold of list screens: a filtered list and, beside it, the chosen record.

Invariants: the list is counted, sorted and cut by SQL; the chosen record stays chosen while it is in the list; all of
it works by keyboard alone (arrows, Enter and F6 to the panel, Esc back).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from desktop_app.services.errors import AppError
from desktop_app.ui import theme
from desktop_app.ui.page import Page
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.ask_bar import AskBar
from desktop_app.ui.registry.cells import count_words
from desktop_app.ui.registry.list_tools import list_tools
from desktop_app.ui.registry.record_panel import RecordPanel
from desktop_app.ui.registry.target import ListTarget, target_of
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow, hbox, sized, vbox
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.widgets.search import FilterChip

FIRST_REST_MS = 120
"""When the program starts, the list is to be seen and used before the panel beside it is made."""
LOAD_REST_MS = 40
"""A held arrow key moves through the list without reading every record on the way."""


class ListPage(Page):
    """A list with a panel. Subclasses give ``columns``, ``source``, ``whole_count``, ``read`` and ``show_record``.

    Attributes:
        table: stable name of the list, under which its columns are remembered.
        one: "công dân"; unit: what is counted, "người".
        current_uid: of the record in the panel, "" for none.
        filters_hamlet: the first chip narrows the list to a hamlet.
        can_import: the list comes from workbooks, so its template is offered.
    """

    table = ""
    one = ""
    unit = ""
    columns: tuple[Column, ...] = ()
    searches_itself = True
    filters_hamlet = False
    can_import = False

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.current_uid = ""
        self._is_listing = False
        self._shown_uid = ""
        self._whole: int | None = None
        self._chips: list[FilterChip] = []
        self.hamlet_chip = self.add_choice("Thôn", [choices.ALL])
        self.list = DataTable(f"registry.{self.table}", self.columns, single=True)
        self.list.view.setAccessibleName(self.title_text)
        sized(self.list, min_height=150)
        self.panel = sized(RecordPanel(), min_height=190)
        self.side = QStackedWidget()
        self.side.addWidget(self.panel)
        self.ask_bar = AskBar()
        self.pair = ListAndPanel(self._left_half(), self._right_half())
        self.body.addWidget(self.pair, 1)
        self._load_timer = QTimer(self, singleShot=True, interval=LOAD_REST_MS)
        self._load_timer.timeout.connect(self.load_record)
        self.list.row_selected.connect(self._on_row_selected)
        self.list.row_opened.connect(lambda _row: self.enter_panel())
        self.list.menu_requested.connect(self._on_menu)
        self.panel.link_opened.connect(self.open_link)
        self.pair.shape_changed.connect(lambda _narrow: self.settle_halves())
        theme.notifier().changed.connect(self._on_look_changed)
        self.bind("reload", self.refresh)
        self.bind("preview", self.on_print)

    # -- what a screen says of itself --------------------------------------------------------------------------

    def make_filters(self) -> Sequence[FilterChip]:
        """The chips above the list after the hamlet's, in order; made by ``add_choice`` and ``add_switch``."""
        return ()

    def more_filters(self) -> Sequence[FilterChip]:
        """Chips that are wanted less often: behind one of their own until they are asked for."""
        return ()

    def tools(self) -> Sequence[FilterChip]:
        """Small pills at the right of the filters."""
        return list_tools(self)

    def read_filters(self) -> None:
        """Bring names and counts on the chips up to date."""
        if self.filters_hamlet:
            self.hamlet_chip.set_choices([choices.ALL, *choices.hamlets(self.context)])

    @property
    def chosen_hamlet(self) -> str | None:
        """Uid of the hamlet that the list is narrowed to."""
        return str(self.hamlet_chip.value) or None

    def summary(self) -> str:
        """One line above a list that has no filters: what it adds up to."""
        return ""

    def source(self) -> Any:
        """The list under the present filters and text."""
        raise NotImplementedError

    def whole_count(self) -> int:
        """How many there are without any filter."""
        raise NotImplementedError

    def read(self, uid: str) -> Any:
        """The record with all that hangs on it; raises UserError when it is gone."""
        raise NotImplementedError

    def show_record(self, record: Any) -> None:
        """Fill ``self.panel``."""
        raise NotImplementedError

    def empty_state(self) -> EmptyState:
        """What an empty list says, with its one button."""
        return EmptyState("list", f"Chưa có {self.one} nào.")

    def menu_actions(self) -> Sequence[QAction]:
        """What the right button offers on a row."""
        return ()

    @property
    def holds_form(self) -> bool:
        """Is something being typed in the panel's place, so that the record must not be shown there?"""
        return False

    def may_choose(self, uid: str) -> bool:
        """May the panel turn to another record? False when the person must first answer something."""
        return True

    # -- building ----------------------------------------------------------------------------------------------

    def _left_half(self) -> QWidget:
        left = QWidget()
        column = vbox(left, spacing=10)
        self.filter_row = FlowRow(spacing=6)
        for chip in ([self.hamlet_chip] if self.filters_hamlet else []) + list(self.make_filters()):
            self.filter_row.add(chip)
        self._add_more_filters()
        self._top = QWidget()
        top = hbox(self._top, spacing=8)
        self.summary_label = label("", "small", wrap=True)
        self.summary_label.hide()
        top.addWidget(self.summary_label, 1)
        top.addWidget(self.filter_row, 1)
        for pill in self.tools():
            top.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._top)
        column.addWidget(self.list, 1)
        self._nothing = QStackedWidget()
        self._empty = self.empty_state()
        self._no_match = EmptyState("search", "", "Bỏ điều kiện lọc", is_primary=False)
        self._no_match.activated.connect(self.clear_filters)
        self._nothing.addWidget(self._empty)
        self._nothing.addWidget(self._no_match)
        self.list.set_placeholder(self._nothing)
        return left

    def _add_more_filters(self) -> None:
        more = self.more_filters()
        if not more:
            return
        opener = FilterChip("Lọc thêm")
        opener.icon_name = "funnel"
        opener.setAccessibleName("Lọc thêm theo điều khác")
        self.filter_row.add(opener)
        for chip in more:
            self.filter_row.add(chip)
            chip.hide()

        def show_them() -> None:
            for chip in more:
                chip.show()
            opener.hide()
            more[0].setFocus(Qt.FocusReason.OtherFocusReason)

        opener.clicked.connect(lambda _checked=False: show_them())

    def _right_half(self) -> QWidget:
        right = QWidget()
        column = vbox(right, spacing=10)
        column.addWidget(self.side, 1)
        column.addWidget(self.ask_bar)
        return right

    def add_choice(self, name: str, choices: Sequence[tuple[object, str]]) -> FilterChip:
        """A chip with a menu; the list follows it."""
        chip = FilterChip(name, choices)
        chip.chosen.connect(lambda _value: self.apply_filters())
        self._chips.append(chip)
        return chip

    def add_switch(self, text: str, tone: str = "attention", icon: str = "") -> FilterChip:
        """A chip that narrows the list while it is on."""
        chip = FilterChip.switch(text, tone, icon)
        chip.toggled.connect(lambda _on: self.apply_filters())
        self._chips.append(chip)
        return chip

    # -- the list ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._whole = None
        with self.errors():
            self.read_filters()
            self.show_list(self.current_uid)

    def on_shown(self) -> None:
        if not self.holds_form:
            self.focus_list()

    def on_search(self, text: str) -> None:
        self.apply_filters()

    @property
    def finds_nothing(self) -> bool:
        return bool(self.search_text.strip()) and self.list.current() is None

    def on_search_submitted(self) -> None:
        """Enter in the box goes on to what was found."""
        self.focus_list()

    def apply_filters(self) -> None:
        """Words or chips are others now: the rows at once, the record a moment later."""
        with self.errors():
            self.show_list(self.current_uid, is_typing=True)

    @property
    def is_filtered(self) -> bool:
        return bool(self.search_text.strip()) or any(chip.is_set for chip in self._chips)

    def clear_filters(self) -> None:
        """Show the whole list again."""
        for chip in self._chips:
            chip.reset()
        self.show_search_text("")
        self.apply_filters()
        self.focus_list()

    def show_list(self, keep: str = "", *, is_typing: bool = False) -> None:
        """Read the list again; the record ``keep`` stays chosen while it is in it."""
        source = self.source()
        count = source.count()
        self._is_listing = True
        try:
            self._say_empty(count)
            self.list.set_source(source)
            self.choose_row(keep)
        finally:
            self._is_listing = False
        self._say_count(count)
        self._say_summary()
        if not self.holds_form:
            row = self.list.current() if count else None
            self.current_uid = row.uid if row is not None else ""
            if self.shell is not None and self.shell.is_starting:
                QTimer.singleShot(FIRST_REST_MS, self, self.load_record)
            elif is_typing and self.current_uid:
                self._load_timer.start()
            else:
                self.load_record()
        self.settle_halves()

    def choose_row(self, uid: str) -> None:
        """Make a record's row the current one, where the list has it."""
        paged = self.list.paged
        row = paged.position(uid) if uid and paged is not None else None
        if row is not None:
            was, self._is_listing = self._is_listing, True
            self.list.select_row(row)
            self._is_listing = was

    def _choose_current(self) -> None:
        self.choose_row(self.current_uid)

    def _say_count(self, count: int) -> None:
        words = count_words(count, self.unit)
        if self.is_filtered:
            self._whole = self.whole_count() if self._whole is None else self._whole
            words = f"{count_words(count, '').strip()} / {count_words(self._whole, self.unit)}"
        self.set_subtitle(words)

    def _say_summary(self) -> None:
        words = self.summary()
        self.summary_label.setText(words)
        self.summary_label.setVisible(bool(words))
        self.filter_row.setVisible(not words)

    def _say_empty(self, count: int) -> None:
        self._top.setVisible(bool(count) or self.is_filtered)
        if count:
            return
        self._nothing.setCurrentWidget(self._no_match if self.is_filtered else self._empty)
        text = self.search_text.strip()
        if text:
            self._no_match.set_sentence(f"Không có {self.one} nào khớp với “{text}”. Thử gõ ít chữ hơn, hoặc bỏ lọc.")
        else:
            self._no_match.set_sentence(f"Không có {self.one} nào thỏa các điều kiện đang lọc.")

    def _on_row_selected(self, row: Any | None) -> None:
        uid = row.uid if row is not None else ""
        if self._is_listing or uid == self.current_uid:
            return
        if not self.may_choose(uid):
            QTimer.singleShot(0, self, self._choose_current)  # the view still turns to the new row by itself
            return
        self.ask_bar.hide()
        self.current_uid = uid
        self._load_timer.start()

    def _on_menu(self, at: QPoint) -> None:
        actions = self.menu_actions() if self.current_uid else ()
        if actions:
            menu = QMenu(self)
            menu.addActions(list(actions))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(at)

    # -- the list, taken out -----------------------------------------------------------------------------------

    def filter_words(self) -> str:
        """What the list is narrowed to, in words, for the head of a printed list."""
        words = [chip.text() for chip in self._chips if chip.is_set]
        if self.search_text.strip():
            words.append(f"tìm “{self.search_text.strip()}”")
        return "; ".join(words)

    def output_actions(self) -> Sequence[QAction]:
        """What can be done with the list as it is shown."""
        return (self.action("preview"),)

    def show_output_menu(self, owner: QWidget) -> None:
        """The same as a menu below its pill, with the templates where the list comes from workbooks."""
        from desktop_app.ui.registry.list_output import output_menu

        output_menu(self).popup(owner.mapToGlobal(owner.rect().bottomLeft()))

    def on_print(self) -> None:
        """Show the list as paper (F9)."""
        from desktop_app.ui.registry.list_output import print_list

        with self.errors():
            print_list(self)

    def on_export(self) -> None:
        """Write the list as a workbook."""
        from desktop_app.ui.registry.list_output import export_list

        with self.errors():
            export_list(self)

    # -- the record --------------------------------------------------------------------------------------------

    def want(self, uid: str) -> None:
        """Show this record in the panel now."""
        self.current_uid = uid
        self.load_record()

    def load_record(self) -> None:
        """Read the current record and fill the panel."""
        self._load_timer.stop()
        if self.holds_form:
            return
        place = self.panel.place() if self._shown_uid == self.current_uid else None
        if place is None:
            self.ask_bar.hide()  # it asked about the record before
        self._shown_uid = self.current_uid
        self.panel.clear()
        self.panel.set_buttons()
        if not self.current_uid:
            self.panel.set_title("")
            return
        try:
            record = self.read(self.current_uid)
        except AppError as error:
            self.panel.set_title("Không còn trong sổ")
            self.panel.add_text(error.message, "quiet")
            return
        self.show_record(record)
        if place is not None:
            self.panel.return_to(place)

    def open_target(self, target: object) -> None:
        """Show one record by its uid, or a narrowed list; filters that would hide the record are cleared."""
        if isinstance(target, ListTarget):
            self.show_narrowed(target)
            return
        if not self.may_choose(uid := str(target)):
            return
        if self.is_filtered and self.source().position(uid) is None:
            self.clear_filters()
        self.show_list(uid)
        if self.current_uid != uid:
            self.want(uid)
            self.settle_halves()
        self.pair.show_panel()
        self.focus_list_or_panel()

    def show_narrowed(self, target: ListTarget) -> None:
        """Show the list of a hamlet, or what some words find."""
        if not self.may_choose(""):
            return
        for chip in self._chips:
            chip.reset()
        self.read_filters()
        if target.hamlet:
            self.hamlet_chip.set_value(target.hamlet)
        self.show_search_text(target.text)
        self.apply_filters()
        self.focus_list()

    def show_search_text(self, text: str) -> None:
        """Put words into the header's box as if they had been typed."""
        self.search_text = text
        box = getattr(getattr(self.shell, "header", None), "search_box", None)
        if box is not None and self.isVisible():
            box.set_text_silently(text)

    def open_link(self, page_key: str, uid: str) -> None:
        """Open another record on its own page."""
        if self.shell is not None:
            self.shell.open_page(page_key, target_of(uid))

    def _on_look_changed(self) -> None:
        """Words drawn in the old look's colours are made again."""
        if self.current_uid and self.isVisible():
            self._load_timer.start()

    # -- halves and focus --------------------------------------------------------------------------------------

    def settle_halves(self) -> None:
        """The panel is there while it has something to show."""
        self.pair.set_has_panel(bool(self.holds_form or self.current_uid))

    def focus_list(self) -> None:
        self.pair.show_list()
        if self.list.view.isVisibleTo(self.list):
            self.list.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            state = self._nothing.currentWidget()
            button = state.button if isinstance(state, EmptyState) else None
            (button or self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_list_or_panel(self) -> None:
        """Where work goes on after another screen named a record."""
        if self.pair.is_narrow:
            self.panel.focus_first()
        else:
            self.focus_list()

    def enter_panel(self) -> None:
        """Enter on a row: the record, with the focus on what is done with it most."""
        if self._load_timer.isActive():
            self.load_record()
        self.pair.show_panel()
        self.panel.focus_first()

    def switch_half(self) -> None:
        """F6: from the list to the panel and back."""
        focused = self.window().focusWidget()
        if focused is not None and self.list.isAncestorOf(focused) and self.current_uid:
            self.enter_panel()
        else:
            self.focus_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.on_escape()
            return
        super().keyPressEvent(event)

    def on_escape(self) -> None:
        """Out of what stands in front, one step at a time."""
        if self.ask_bar.isVisibleTo(self):
            self.ask_bar.dismiss()
        else:
            self.focus_list()


def noop() -> None:
    """Nothing: the answer that leaves everything as it is."""


Callback = Callable[[], object]
