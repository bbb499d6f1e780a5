"""One batch: its cover above, the grid of its forms, and the line on which the next person is found.

Invariants: each cell is on the disk before the next is typed; the place is remembered, so a batch left in the middle is
taken up exactly there; a half typed number keeps the page until it is saved (Enter) or given up (Esc).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.keying.batches import read_batch
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.batch_store import BatchStore
from desktop_app.ui.keying.closing_work import ClosingWork
from desktop_app.ui.keying.cover_card import CoverCard
from desktop_app.ui.keying.grid import KeyGrid
from desktop_app.ui.keying.keyed_form import KeyedFormPage, Place
from desktop_app.ui.keying.placing_work import PlacingWork
from desktop_app.ui.keying.row_work import RowWork
from desktop_app.ui.keying.words import BESIDE_TITLES, NAME_TITLES
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import AskBar
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Card, ElidedLabel, KeyHint, QuietButton
from desktop_app.ui.widgets.layouts import FlowRow, vbox

SCOPE = "Nhập tập phiếu"
LOW = 470
"""Height (at 100 %) below which cover and hints give their room to the rows."""

TIGHT = 340
"""Below this a question takes the room of the rows while it is asked."""

PLACE_KEY, ONE_KEY = "keying.place", "keying.one_key"


class BatchPage(Page):
    """The screen.

    Args:
        batch_uid: which batch.
    """

    title_text = "Nhập tập phiếu"
    help_topic = "nhap_tap_phieu"
    ACTIONS = (
        ActionSpec("keying.close", "Đóng tập (đối chiếu với bìa)", "Ctrl+L", "package-check", scope=SCOPE),
        ActionSpec("keying.guided", "Sang phiếu đầy đủ của dòng này", "Ctrl+Shift+G", "clipboard-check", scope=SCOPE),
        ActionSpec("keying.one_key", "Gõ một phím mỗi ô (0 là 10)", "Ctrl+1", "keyboard", scope=SCOPE),
    )

    def __init__(self, context: Any, batch_uid: Uid) -> None:
        super().__init__(context, scroll=False)
        self.store = BatchStore(context, batch_uid)
        self._at: Place | None = _remembered(batch_uid)
        self._guided: Place | None = None
        self._has_begun = False
        self._build()
        self._bind()

    # -- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.body.setProperty("marginsAt100", [24, 16, 24, 12, 10])
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)
        self.card = CoverCard()
        self.body.addWidget(self.card)
        model = self.store.batch.cover.model
        self.grid = KeyGrid(self.store, name_title=NAME_TITLES[model], birth_title=BESIDE_TITLES.get(model, ""))
        self.placing = PlacingWork(self)
        self.closing = ClosingWork(self)
        self.rows = RowWork(self)
        self.grid.set_entry(self.placing.finder)
        self.frame = Card(margins=(8, 4, 8, 6), spacing=0)
        self.frame.body.addWidget(self.grid)
        self.body.addWidget(self.frame, 1)
        self.body.addWidget(self.placing.strip)
        self._filler = QWidget()
        self._filler.hide()
        self.body.addWidget(self._filler, 1)
        self.verdict_label = ElidedLabel("", "small")
        self.where_label = ElidedLabel("", "small")
        lines = vbox(spacing=3)
        lines.addWidget(self.verdict_label)
        lines.addWidget(self.where_label)
        self.body.addLayout(lines)
        self.hints = FlowRow(
            KeyHint("Enter", "ô kế"),
            KeyHint("F7", "lặp giá trị trên"),
            KeyHint("F4", "tìm người kế"),
            KeyHint("Ctrl+N", "thêm người"),
            KeyHint("F8", "bỏ dòng"),
            KeyHint("F2", "sửa bìa"),
            KeyHint("Ctrl+Shift+G", "phiếu đầy đủ"),
            spacing=16,
        )
        self.body.addWidget(self.hints)
        for part in (self.ask_bar, self.placing.strip):
            part.installEventFilter(self)
        self.grid.moved.connect(self._on_moved)
        self.grid.cell_saved.connect(self.on_saved)
        self.grid.end_reached.connect(self.placing.begin)
        self.grid.opened.connect(lambda _row: self.open_guided())
        self.grid.paste_asked.connect(self.rows.paste)
        self.grid.scanned.connect(self.placing.take_scan)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "list": self.placing.begin,
            "repeat": self._on_repeat,
            "reload": self._on_reload,
            "delete": self.rows.ask_remove,
            "edit": self.edit_cover,
            "add": self.placing.ask_newcomer,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.one_key_button = QuietButton("Một phím", icon="keyboard", key="Ctrl+1")
        self.one_key_button.setCheckable(True)
        self.one_key_button.setToolTip("Gõ một chữ số là xong ô: 0 là 10, dấu trừ là 0 (Ctrl+1)")
        self.bind("keying.one_key", self.one_key_button.toggle)
        self.one_key_button.toggled.connect(self._on_one_key)
        self.one_key_button.setChecked(state.recall(ONE_KEY) == "1")
        self.guided_button = self.button_for("keying.guided", self.open_guided, text="Phiếu đầy đủ", show_key=False)
        self.close_button = self.button_for("keying.close", self.closing.begin, text="Đóng tập", primary=True)
        self.set_header_buttons(self.one_key_button, self.guided_button, self.close_button)

    # -- showing -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the batch (again); the cursor stays with its person and indicator."""
        if self.grid.is_typing:
            return
        was_adding = self._has_begun and self.grid.is_adding and self._guided is None
        keep = self._guided or self._at or (self._here() if self._has_begun else None)
        self._has_begun = True
        with self.errors():
            self.store.reload()
            self.grid.set_store(self.store)
            self._go_to(keep)
            if was_adding:
                self.grid.set_adding(not self.store.batch.is_closed)
        self.placing.finder.setEnabled(not self.store.batch.is_closed)
        self.set_title(self.store.batch.name)
        self.set_subtitle("đã đóng" if self.store.batch.is_closed else "")
        words = "Mở lại tập" if self.store.batch.is_closed else "Đóng tập"
        self.close_button.setText(words)
        self.close_button.setAccessibleName(words)
        self.show_progress()

    def _here(self) -> Place | None:
        if not self.store.count():
            return None
        return Place(self.store.rows[self.grid.row].subject, self.store.cells[self.grid.column].code)

    def _go_to(self, place: Place | None) -> None:
        """A person's cell; without one the first row that is not whole, else the line for the next person."""
        self._at = None
        row = self.store.row_of(place.subject) if place is not None else None
        if row is not None and place is not None:
            codes = [cell.code for cell in self.store.cells]
            column = codes.index(place.code) if place.code in codes else 0
            self.grid.set_adding(False)
            self.grid.go_to(row, column)
            return
        cells = range(len(self.store.cells))
        for number in range(self.store.count()):
            if any(self.store.value(number, c) is None and not self.store.why_shut(number, c) for c in cells):
                self.grid.set_adding(False)
                self.grid.go_to_row(number)
                return
        self.grid.set_adding(not self.store.batch.is_closed)

    def show_progress(self) -> None:
        """How far the batch is, above the rows or (in a low window) in the header."""
        batch, forms, complete = self.store.batch, self.store.count(), self.store.complete
        self.card.show_batch(batch, forms=forms, complete=complete, total=self.store.total)
        self._show_lines()

    def _show_lines(self) -> None:
        """The verdict of the row, and what the current cell asks."""
        progress = self.store.complete, self.store.batch.cover.form_count
        self.grid.set_corner("/".join(str(n) for n in progress if n is not None) if self.is_low else "")
        if not self.store.count():
            self.verdict_label.setText("")
            self.where_label.setText("Chưa có phiếu nào: tìm người đầu tiên ở dòng 1.")
            return
        lead, tail = self.store.lead(self.grid.row), self.store.tail(self.grid.row)
        cell = self.store.cells[self.grid.column]
        said = tail.sentence or "Chưa có điểm."
        self.verdict_label.setText(said if self.is_low else f"{lead.name}: {said[:1].lower()}{said[1:]}")
        self.where_label.setText(f"{cell.word.capitalize()} {cell.number} ({cell.range_text}): {cell.title}")

    def say_saved(self) -> None:
        """ "Đã lưu 14:32:05"."""
        if self.shell is not None and self.store.saved_at is not None:
            self.shell.saved(self.store.saved_at)

    # -- where the work is -------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self._guided = None
        self.focus_work()

    def focus_work(self) -> None:
        """Put the focus where work goes on."""
        if (self.grid.is_adding or not self.store.count()) and not self.store.batch.is_closed:
            self.placing.begin()
        else:
            self.focus_grid()

    def focus_grid(self) -> None:
        """Back to the rows."""
        if self.store.count():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_row(self, row: int) -> None:
        """Work goes on in this row."""
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.set_adding(False)
        self.grid.go_to_row(row)
        self._on_moved(self.grid.row, self.grid.column)

    def _on_moved(self, _row: int, _column: int) -> None:
        self._show_lines()
        self._remember()

    def _remember(self) -> None:
        here = self._here()
        if here is not None:
            kept = {"batch": self.store.batch.uid, "subject": here.subject, "code": here.code}
            state.remember(PLACE_KEY, json.dumps(kept))

    def on_saved(self, _row: int, _column: int) -> None:
        """A cell reached the disk: progress, verdict and the time say so."""
        if self._banner is not None:
            self.clear_banner()
        self.show_progress()
        self.say_saved()

    def _on_one_key(self, on: bool) -> None:
        self.grid.one_key = on
        state.remember(ONE_KEY, "1" if on else "0")

    # -- deeds -------------------------------------------------------------------------------------------------

    def _on_repeat(self) -> None:
        if not self.grid.is_adding:
            self.grid.repeat_above()

    def _on_reload(self) -> None:
        if self.grid.is_typing:
            self.grid.say_half_typed()
        else:
            self.refresh()

    def open_guided(self) -> None:
        """Ctrl+Shift+G: the form of this row with its help and evidence, at the same indicator."""
        here = self._here()
        if self.shell is None or here is None or not self.grid.commit():
            return
        self._guided = here
        self.shell.push(KeyedFormPage(self.context, self.store, here))

    def edit_cover(self) -> None:
        """F2: correct what was typed from the cover."""
        from desktop_app.ui.keying.cover_page import CoverPage

        if self.shell is not None and self.grid.commit():
            with self.errors():
                batch = read_batch(self.context, self.store.batch.uid)
                self.shell.push(CoverPage(self.context, batch.year, batch))

    def undo(self) -> bool:
        """Ctrl+Z: a half typed number, then cells of the present sitting; what was before is undone deed by deed."""
        if self.grid.restore():
            return True
        place = None
        with self.errors():
            place = self.store.undo()
        if place is None:
            return False
        self.grid.set_adding(False)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        self.grid.go_to(*place)
        self.on_saved(*place)
        return True

    # -- page --------------------------------------------------------------------------------------------------

    def can_leave(self) -> bool:
        """A half typed number is neither saved nor dropped: it is asked about in its place."""
        if self.grid.is_typing:
            self.focus_grid()
            self.grid.say_half_typed()
            return False
        with self.errors():
            self.store.leave()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts questions away and goes back to the work; it throws nothing away."""
        if event.key() == Qt.Key.Key_Escape:
            self.ask_bar.hide()
            self.clear_banner()
            self.focus_work()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self.show_progress()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._arrange()
        return False

    @property
    def is_low(self) -> bool:
        """The window is low, or the text large: cover and hints give way."""
        return self.height() < theme.px(LOW)

    def _arrange(self) -> None:
        """In a low window the rows have the room; in a tight one a question has it while it is asked."""
        is_asking = not self.ask_bar.isHidden() or not self.placing.strip.isHidden()
        gives_way = is_asking and self.height() < theme.px(TIGHT)
        for part in (self.card, self.hints, self.where_label):
            part.setVisible(not self.is_low)
        for row_part in (self.frame, self.verdict_label):
            row_part.setVisible(not gives_way)
        self._filler.setVisible(gives_way)


def _remembered(batch_uid: Uid) -> Place | None:
    """Where this batch was left, if it was the last."""
    kept = remembered_place()
    return Place(kept["subject"], kept["code"]) if kept.get("batch") == batch_uid else None


def remembered_place() -> dict[str, str]:
    """The batch, person and indicator where keying was left last; empty where nothing is known."""
    try:
        kept = json.loads(state.recall(PLACE_KEY) or "{}")
    except ValueError:
        return {}
    wanted = ("batch", "subject", "code")
    return {key: str(kept[key]) for key in wanted} if isinstance(kept, dict) and all(k in kept for k in wanted) else {}
