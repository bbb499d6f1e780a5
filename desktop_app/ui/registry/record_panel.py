"""The side panel of one record: facts, links, numbers behind an eye, lists of people, the year's verdict, history.

Invariant: it shows and asks, it changes nothing; a masked number is fetched only when the eye is pressed, by a service
that writes down who looked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop_app.models.records import Score, VerdictState
from desktop_app.ui import theme
from desktop_app.ui.page import Page
from desktop_app.ui.registry.cells import verdict_chip
from desktop_app.ui.registry.link_label import LinkLabel
from desktop_app.ui.registry.row_list import RowItem, RowList
from desktop_app.ui.widgets.basics import Button, Chip, IconButton, QuietButton, label
from desktop_app.ui.widgets.layouts import FlowRow, ScrollBody, hbox, rule, sized, vbox
from desktop_app.ui.widgets.panels import SidePanel

NAME_WIDTH = 104


def small_button(text: str, icon: str, handler: Callable[[], object], key: str = "") -> Button:
    """A small button for a heading or below a list."""
    made = QuietButton(text, icon=icon, small=True)
    made.setToolTip(f"{text} ({key})" if key else text)
    made.clicked.connect(lambda _checked=False: handler())
    return made


def let_scroll(scroll: ScrollBody) -> None:
    """Where height is short it is taken from what scrolls, never from a title or from buttons."""
    scroll.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)


@dataclass(frozen=True)
class Place:
    """Where a person was in a panel, by the names of things, for the same record shown anew.

    Attributes:
        focus: what the thing with the focus is called; "" where the focus is elsewhere.
        chosen: list → key of its chosen row.
    """

    focus: str
    chosen: Mapping[str, str]


class RecordPanel(SidePanel):
    """A SidePanel with what records need.

    Signals:
        link_opened(str, str): key of a page and the uid to show there.
    """

    link_opened = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.lists: list[RowList] = []
        self._buttons: tuple[QWidget, ...] = ()
        for scroll in self.findChildren(ScrollBody):
            let_scroll(scroll)

    def set_buttons(self, *buttons: QWidget) -> None:
        super().set_buttons(*buttons)
        self._buttons = buttons
        self._fit_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        """In a narrow panel the buttons leave their keys out; the tooltips still say them."""
        buttons = [button for button in self._buttons if isinstance(button, Button)]
        room = self.width() - 2 * theme.px(18) - theme.px(8) * len(buttons)
        for level in (0, 1):
            for button in buttons:
                button.set_compactness(level)
            if sum(button.sizeHint().width() for button in buttons) <= room:
                break

    def focus_first(self) -> None:
        """Put the focus on what is done with a record most: the first button at the foot."""
        target = self._buttons[0] if self._buttons else self
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def place(self) -> Place:
        """Where the person is now."""
        focused = QApplication.focusWidget()
        is_here = focused is not None and self.isAncestorOf(focused)
        chosen = {rows.accessibleName(): rows.current_key for rows in self.lists if rows.current_key}
        return Place(_called(focused) if focused is not None and is_here else "", chosen)

    def return_to(self, place: Place) -> None:
        """Choose the same rows again, and give the focus back to what had it unless it has gone elsewhere."""
        for rows in self.lists:
            if key := place.chosen.get(rows.accessibleName()):
                rows.choose(key)
        if place.focus:
            QTimer.singleShot(0, self, lambda: self._focus_called(place.focus))

    def _focus_called(self, name: str) -> None:
        if self._is_working_elsewhere():
            return
        for widget in self.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and _called(widget) == name:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _is_working_elsewhere(self) -> bool:
        """Did the focus go on to the list, a form or a question beside this panel?"""
        focused = QApplication.focusWidget()
        around: QWidget | None = self.parentWidget()
        while around is not None and not isinstance(around, Page):
            around = around.parentWidget()
        return focused is not None and around is not None and around.isAncestorOf(focused)

    def clear(self) -> None:
        super().clear()
        self.lists.clear()
        QTimer.singleShot(0, self, self._show_beginning)

    def _show_beginning(self) -> None:
        """A record is read from its top, unless the person works further down."""
        focused = self.window().focusWidget()
        if focused is None or not self._contents.isAncestorOf(focused):
            for scroll in self.findChildren(ScrollBody):
                scroll.verticalScrollBar().setValue(0)

    def add_fact(self, name: str, value: QWidget) -> None:
        """A fact whose value is a widget; a hairline below."""
        holder = QWidget()
        column = vbox(holder, spacing=0)
        line = hbox(margins=(0, 7, 0, 7), spacing=12)
        line.addWidget(sized(label(name, "quiet", wrap=True), width=NAME_WIDTH), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(value, 1)
        column.addLayout(line)
        column.addWidget(rule())
        self.add(holder)

    def add_text_fact(self, name: str, value: str, *, skips_blank: bool = False) -> None:
        """A fact in words; a blank one shows a dash, or nothing at all with ``skips_blank``."""
        if value or not skips_blank:
            words = label(value or "–", wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            words.setAccessibleName(f"{name}: {value or 'chưa có'}")
            self.add_fact(name, words)

    def add_count(self, name: str, count: str) -> None:
        """A figure at the right of its name, close below the one before."""
        holder = QWidget()
        line = hbox(holder, margins=(0, 3, 0, 3), spacing=12)
        line.addWidget(label(name, "quiet", wrap=True), 1)
        line.addWidget(label(count))
        holder.setAccessibleName(f"{name}: {count}")
        self.add(holder)

    def add_link(self, name: str, text: str, page_key: str, uid: str, *, note: str = "") -> None:
        """Another record by name; Enter or a click opens it on its own page."""
        self.add_fact(name, self.link(text, page_key, uid, note=note, name=name))

    def link(self, text: str, page_key: str, uid: str, *, note: str = "", name: str = "") -> LinkLabel:
        """A link that wraps and can be reached by Tab."""
        made = LinkLabel(text, uid, note)
        spoken = f"{text} {note}".strip()
        made.setAccessibleName(f"{name}: {spoken}" if name else f"Mở {spoken}")
        made.opened.connect(lambda target: self.link_opened.emit(page_key, target))
        return made

    def add_reveal(self, name: str, masked: str, reveal: Callable[[], str | None]) -> None:
        """A number that stays masked until the eye is pressed; ``reveal`` fetches it and the journal notes it."""
        if not masked:
            self.add_text_fact(name, "")
            return
        holder = QWidget()
        line = hbox(holder, spacing=4)
        words = label(masked)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        words.setAccessibleName(f"{name}, đang che")
        line.addWidget(words)
        eye = IconButton("eye", f"Hiện {name} (nhật ký ghi lại ai đã xem)")
        eye.setCheckable(True)
        eye.setProperty("isTight", True)

        def show(on: bool) -> None:
            plain = reveal() if on else None
            words.setText(plain or masked)
            words.setAccessibleName(f"{name}: {plain}" if plain else f"{name}, đang che")
            eye.icon_name = "eye-off" if plain else "eye"
            eye.setAccessibleName(f"Che {name}" if plain else f"Hiện {name}")
            eye.update()

        eye.toggled.connect(show)
        line.addWidget(eye)
        line.addStretch(1)
        self.add_fact(name, holder)

    def add_heading(self, title: str, *buttons: Button) -> None:
        """A section's title with small buttons at its right."""
        holder = QWidget()
        line = hbox(holder, margins=(0, 16, 0, 4), spacing=8)
        line.addWidget(label(title, "strong"), 1)
        for button in buttons:
            line.addWidget(button)
        self.add(holder)

    def add_rows(self, name: str, items: Sequence[RowItem]) -> RowList:
        """A list of rows; ``name`` is what a screen reader calls it."""
        made = self.add(RowList(name, items))
        self.lists.append(made)
        return made

    def add_tools(self, *buttons: Button) -> FlowRow:
        """Small buttons below a list, acting on its current row."""
        holder = QWidget()
        column = vbox(holder, margins=(0, 8, 0, 0), spacing=0)
        row = FlowRow(*buttons, spacing=8)
        column.addWidget(row)
        self.add(holder)
        return row

    def add_verdict(self, year: int, score: Score, sentence: str, note: str = "") -> None:
        """The year's result: its chip, the whole sentence, and what makes it uncertain."""
        holder = QWidget()
        line = hbox(holder, margins=(0, 16, 0, 4), spacing=8)
        line.addWidget(label(f"Đánh giá {year}" if year else "Đánh giá", "strong"))
        chip = verdict_chip(score)
        line.addWidget(Chip(chip.text, chip.tone, chip.icon))
        line.addStretch(1)
        self.add(holder)
        told = sentence or "Chưa chấm phiếu nào trong đợt này."
        head, colon, rest = told.partition(":")
        words = self.add_text(told)
        if colon and len(head) < 40 and score.state is not VerdictState.NONE:
            tone = {VerdictState.PASSED: "passed", VerdictState.FAILED: "failed"}.get(score.state, "attention")
            words.setTextFormat(Qt.TextFormat.RichText)
            ink = theme.color(tone).name()
            words.setText(f'<b style="color:{ink}">{escape(head)}:</b>{escape(rest)}')
            words.setAccessibleName(told)
        if note:
            self.add_text(note, "warning")


def _called(widget: QWidget) -> str:
    """What a screen reader calls a widget."""
    return widget.accessibleName() or str(widget.property("text") or "")
