"""One batch: its cover above, the grid of its forms, and the line on which the next person is found.

Invariants: each cell is on the disk before the next is typed; the place is remembered, so a batch left in the middle is
taken up exactly there; a half typed number keeps the page until it is saved (Enter) or given up (Esc).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from desktop_app.models.types import Uid
from desktop_app.services.keying.batches import read_batch
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.batch_store import BatchStore
from desktop_app.ui.keying.closing_work import ClosingWork
from desktop_app.ui.keying.cover_card import CoverCard
from desktop_app.ui.keying.grid_page import GridPage
from desktop_app.ui.keying.keyed_form import KeyedFormPage, Place
from desktop_app.ui.keying.placing_work import PlacingWork
from desktop_app.ui.keying.room import Room
from desktop_app.ui.keying.row_work import RowWork
from desktop_app.ui.widgets import state

SCOPE = "Nhập tập phiếu"
TIGHT = 340
"""Height (at 100 %) below which a question takes the room of the rows while it is asked."""

PLACE_KEY = "keying.place"
HINTS = {
    "Enter": "ô kế",
    "F7": "lặp giá trị trên",
    "F4": "tìm người kế",
    "Ctrl+N": "thêm người",
    "F8": "bỏ dòng",
    "F2": "sửa bìa",
    "Ctrl+Shift+G": "phiếu đầy đủ",
}


class BatchPage(GridPage):
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
        super().__init__(context)
        self.store = BatchStore(context, batch_uid)
        self._at: Place | None = _remembered(batch_uid)
        self._guided: Place | None = None
        self._has_begun = False
        self._build()
        self._bind()

    # -- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.card = CoverCard()
        self.body.addWidget(self.card)
        self._add_grid(self.store.batch.cover.model)
        self.placing = PlacingWork(self)
        self.closing = ClosingWork(self)
        self.rows = RowWork(self)
        self.finder = self.placing.finder
        self.grid.set_entry(self.finder)
        self.body.addWidget(self.placing.strip)
        self._add_lines(HINTS)
        self.room = Room(
            self,
            (self.ask_bar, self.placing.strip),
            (self.frame, self.row_label),
            (self.card, self.hints, self.where_label),
            tight=TIGHT,
        )
        self.grid.moved.connect(self._on_moved)
        self.grid.cell_saved.connect(self.on_saved)
        self.grid.end_reached.connect(self.begin_search)
        self.grid.opened.connect(lambda _row: self.open_guided())
        self.grid.paste_asked.connect(self.rows.paste)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "delete": self.rows.ask_remove,
            "edit": self.edit_cover,
            "add": self.placing.ask_newcomer,
        }
        self._bind_grid("keying.one_key", handlers)
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
        self.finder.setEnabled(not self.store.batch.is_closed)
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
        first = self._first_open_row()
        if first is not None:
            self.grid.set_adding(False)
            self.grid.go_to_row(first)
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
        self.grid.set_corner("/".join(str(n) for n in progress if n is not None) if self.room.is_low else "")
        if not self.store.count():
            self.row_label.setText("")
            self.where_label.setText("Chưa có phiếu nào: tìm người đầu tiên ở dòng 1.")
            return
        lead, tail = self.store.lead(self.grid.row), self.store.tail(self.grid.row)
        said = tail.sentence or "Chưa có điểm."
        self.row_label.setText(said if self.room.is_low else f"{lead.name}: {said[:1].lower()}{said[1:]}")
        self._show_where()

    # -- where the work is -------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self._guided = None
        self.focus_work()

    def focus_work(self) -> None:
        """Put the focus where work goes on."""
        if (self.grid.is_adding or not self.store.count()) and not self.store.batch.is_closed:
            self.begin_search()
        else:
            self.focus_grid()

    def begin_search(self) -> None:
        """F4: the line on which the next person is looked for; a closed batch takes nobody."""
        if not self.store.batch.is_closed:
            super().begin_search()

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

    # -- deeds -------------------------------------------------------------------------------------------------

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
