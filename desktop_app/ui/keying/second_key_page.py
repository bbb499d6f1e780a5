"""Keying drawn forms a second time in the same grid as the first, blind, and the comparison at the end.

Invariants: nothing of the first entry is on this screen, neither value nor total nor verdict; each cell is on the disk
before the next is typed; who keyed a form first cannot key it here, unless nobody else works here and that was said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent

from desktop_app.services.keying.finding import Candidate, Found
from desktop_app.services.keying.second_draw import drop
from desktop_app.services.keying.second_finding import find_drawn, still_to_key
from desktop_app.services.keying.second_keying import compare
from desktop_app.services.keying.second_records import Compared
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.batch_page import ONE_KEY
from desktop_app.ui.keying.finder import Finder
from desktop_app.ui.keying.grid import KeyGrid
from desktop_app.ui.keying.second_room import Room
from desktop_app.ui.keying.second_store import SecondStore
from desktop_app.ui.keying.words import BESIDE_TITLES, NAME_TITLES
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.basics import Card, ElidedLabel, KeyHint, QuietButton
from desktop_app.ui.widgets.layouts import FlowRow, vbox

SCOPE = "Nhập lần hai một tập"
FIND_HINT = "Quét mã, hoặc gõ tên, thứ tự trong tập, 4 số cuối CCCD…"


class SecondKeyPage(Page):
    """The screen.

    Args:
        year: of the round.
        key: line of the queue.
    """

    title_text = "Nhập lần hai"
    help_topic = "nhap_lan_hai"
    ACTIONS = (
        ActionSpec("second.compare", "Đối chiếu với lần nhập đầu", "Ctrl+L", "git-compare-arrows", scope=SCOPE),
        ActionSpec("second.one_key", "Gõ một phím mỗi ô (0 là 10)", "Ctrl+1", "keyboard", scope=SCOPE),
        ActionSpec("second.consent", "Đồng ý một người nhập cả hai lần", "Ctrl+Shift+G", "user-check", scope=SCOPE),
    )

    def __init__(self, context: Any, year: int, key: str) -> None:
        super().__init__(context, scroll=False)
        self.store = SecondStore(context, year, key)
        self._year, self._key = year, key
        self._has_begun = False
        self._build()
        self._bind()

    def _build(self) -> None:
        self.body.setProperty("marginsAt100", [24, 16, 24, 12, 10])
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)
        model = self.store.batch.model
        self.grid = KeyGrid(self.store, name_title=NAME_TITLES[model], birth_title=BESIDE_TITLES.get(model, ""))
        self.finder = Finder(self._find, self._following, FIND_HINT)
        self.grid.set_entry(self.finder)
        self.frame = Card(margins=(8, 4, 8, 6), spacing=0)
        self.frame.body.addWidget(self.grid)
        self.body.addWidget(self.frame, 1)
        self.row_label = ElidedLabel("", "small")
        self.where_label = ElidedLabel("", "small")
        lines = vbox(spacing=3)
        lines.addWidget(self.row_label)
        lines.addWidget(self.where_label)
        self.body.addLayout(lines)
        self.hints = FlowRow(
            KeyHint("Enter", "ô kế"),
            KeyHint("F7", "lặp giá trị trên"),
            KeyHint("F4", "tìm phiếu kế"),
            KeyHint("F8", "bỏ phiếu này khỏi nhập lần hai"),
            KeyHint("Ctrl+L", "đối chiếu"),
            spacing=16,
        )
        self.body.addWidget(self.hints)
        self.room = Room(self, self.ask_bar, (self.frame, self.row_label), (self.hints, self.where_label))

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "list": self.begin_search,
            "repeat": self.grid.repeat_above,
            "reload": self._on_reload,
            "delete": self._ask_drop,
            "second.consent": self._consent,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.one_key_button = QuietButton("Một phím", icon="keyboard", key="Ctrl+1")
        self.one_key_button.setCheckable(True)
        self.one_key_button.setToolTip("Gõ một chữ số là xong ô: 0 là 10, dấu trừ là 0 (Ctrl+1)")
        self.bind("second.one_key", self.one_key_button.toggle)
        self.one_key_button.toggled.connect(self._on_one_key)
        self.one_key_button.setChecked(state.recall(ONE_KEY) == "1")
        self.compare_button = self.button_for("second.compare", self.begin_compare, text="Đối chiếu", primary=True)
        self.set_header_buttons(self.one_key_button, self.compare_button)
        self.grid.moved.connect(lambda _row, _column: self._show_lines())
        self.grid.cell_saved.connect(lambda _row, _column: self._on_saved())
        self.grid.row_left.connect(lambda _row: self.store.leave())
        self.grid.end_reached.connect(self._on_end)
        self.grid.scanned.connect(self._on_scanned)
        self.finder.chosen.connect(self._on_chosen)
        self.finder.nobody.connect(
            lambda text: self._refuse(f"Không có phiếu nào được chọn của “{text}” trong tập này; để phiếu ấy riêng ra.")
        )
        self.finder.refused.connect(self._refuse)
        self.finder.left_up.connect(self.focus_grid)
        self.finder.focused.connect(self._on_finder_focused)

    # -- showing -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the drawn forms (again); the cursor stays with its person."""
        if self.grid.is_typing:
            return
        here = self.store.rows[self.grid.row].subject if self.store.count() else None
        is_first, self._has_begun = not self._has_begun, True
        with self.errors():
            self.store.reload()
            self.grid.set_store(self.store)
        row = self.store.row_of(here) if here is not None and not is_first else None
        if row is None:
            row = next((n for n, item in enumerate(self.store.rows) if self._is_open_row(n)), 0)
            if self.store.count():
                self.grid.go_to_row(row)
        self.set_title(f"Nhập lần hai: {self.store.batch.name}")
        if self.store.sheet.closed:
            self.show_banner(self.store.sheet.closed, "attention")
        self._show_lines()

    def _is_open_row(self, row: int) -> bool:
        cells = range(len(self.store.cells))
        return any(self.store.value(row, c) is None and not self.store.why_shut(row, c) for c in cells)

    def _show_lines(self) -> None:
        progress = f"còn {self.store.todo}/{self.store.batch.total} phiếu"
        self.set_subtitle(progress)
        if not self.store.count():
            self.row_label.setText("Mọi phiếu được chọn của tập này đã đối chiếu.")
            self.where_label.setText("")
            return
        lead, cell = self.store.lead(self.grid.row), self.store.cells[self.grid.column]
        parts = (progress if self.room.is_low else "", lead.name, lead.birth, lead.detail, f"mã {lead.code}")
        self.row_label.setText(" · ".join(part for part in parts if part))
        self.where_label.setText(f"{cell.word.capitalize()} {cell.number} ({cell.range_text}): {cell.title}")

    # -- where the work is -------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        """The rows; but first what has to be said to who works here alone."""
        if self.store.needs_consent:
            self.ask_bar.ask(
                "Sổ này chỉ có một người làm, và bạn đã nhập những phiếu này lần đầu. Nhập lần hai tốt nhất do người "
                "khác làm; nếu vẫn nhập, phiếu được ghi là một người nhập cả hai lần.",
                Answer("Vẫn nhập, ghi rõ một người", self._consent),
                Answer("Để người khác nhập", self._go_back),
            )
            return
        self.focus_grid()

    def focus_grid(self) -> None:
        """Back to the rows."""
        self.grid.set_adding(False)
        if self.store.count():
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_search(self) -> None:
        """F4: the line on which the next form is looked for."""
        if self.grid.commit():
            self.grid.set_adding(True)
            self.finder.setFocus(Qt.FocusReason.OtherFocusReason)

    def _consent(self) -> None:
        if self.store.sheet.is_alone:
            self.store.allow_same = True
            self.grid.viewport().update()
            if self.store.count():
                self.grid.go_to_row(next((n for n in range(self.store.count()) if self._is_open_row(n)), 0))
        self.focus_grid()

    def _go_back(self) -> None:
        if self.shell is not None:
            self.shell.pop()

    def _on_one_key(self, on: bool) -> None:
        self.grid.one_key = on
        state.remember(ONE_KEY, "1" if on else "0")

    # -- finding -----------------------------------------------------------------------------------------------

    def _find(self, text: str) -> Found:
        return find_drawn(self.context, self.store.sheet, text)

    def _following(self) -> tuple[Candidate, ...]:
        return still_to_key(self.store.rows)

    def _on_finder_focused(self) -> None:
        if self.grid.is_typing:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.grid.say_half_typed()
        elif not self.grid.is_adding:
            self.grid.set_adding(True)

    def _on_scanned(self, text: str) -> None:
        if self.grid.is_typing:
            self.grid.say_half_typed()
            return
        self.begin_search()
        self.finder.setText(text)
        self.finder.submit()

    def _on_chosen(self, candidate: Candidate) -> None:
        row = self.store.row_of(candidate.subject)
        self.finder.done()
        self.ask_bar.hide()
        self.focus_grid()
        if row is not None:
            self.grid.go_to_row(row)

    def _refuse(self, sentence: str) -> None:
        self.ask_bar.hide()
        self.ask_bar.say(sentence)

    # -- deeds -------------------------------------------------------------------------------------------------

    def _on_saved(self) -> None:
        self.ask_bar.hide()
        self.clear_banner()
        self._show_lines()
        if self.shell is not None and self.store.saved_at is not None:
            self.shell.saved(self.store.saved_at)

    def _on_end(self) -> None:
        """After the last cell: whatever is still open, else the comparison."""
        if self.store.todo or not self.store.keyed:
            self.begin_search()
            return
        self.ask_bar.ask(
            f"Đã nhập lần hai đủ {self.store.keyed} phiếu. Sau khi đối chiếu, lần nhập này không sửa nữa.",
            Answer("Đối chiếu", self.begin_compare, "primary"),
            Answer("Xem lại", self.focus_grid),
        )

    def begin_compare(self) -> None:
        """Ctrl+L: compare what is whole; of what is keyed in part ask first."""
        if not self.grid.commit():
            return
        self._compare(with_blanks=False)

    def _compare(self, *, with_blanks: bool) -> None:
        with self.errors():
            self.store.leave()
            found = compare(self.context, self._year, self._key, with_blanks=with_blanks)
            self._say_compared(found)

    def _say_compared(self, found: Compared) -> None:
        if found.unfinished:
            names = ", ".join(found.unfinished[:5])
            more = f" và {len(found.unfinished) - 5} phiếu nữa" if len(found.unfinished) > 5 else ""
            self.refresh()
            self.ask_bar.hide()
            self.ask_bar.ask(
                f"{self._words(found)}{len(found.unfinished)} phiếu nhập chưa đủ ô: {names}{more}. Nếu trên giấy cũng "
                "để trống thì đối chiếu luôn được.".replace("  ", " "),
                Answer("Giấy để trống, đối chiếu luôn", lambda: self._compare(with_blanks=True)),
                Answer("Nhập tiếp", self.focus_grid),
            )
            return
        if not found.agreed and not found.differs:
            self.ask_bar.ask(
                "Chưa có phiếu nào nhập đủ để đối chiếu. Hãy nhập một phiếu cho đủ ô trước.",
                Answer("Nhập tiếp", self.focus_grid),
            )
            return
        if self.shell is not None:
            self.shell.notify(self._words(found), can_undo=True)
        if found.differs:
            self._open_differences()
        elif self.store.todo:
            self.refresh()
            self.focus_grid()
        else:
            self._go_back()

    def _words(self, found: Compared) -> str:
        if not found.agreed and not found.differs:
            return ""
        return f"Đã đối chiếu {found.agreed + found.differs} phiếu: {found.agreed} khớp, {found.differs} khác nhau. "

    def _open_differences(self) -> None:
        """The third view takes this page's place."""
        from desktop_app.ui.keying.second_settle_page import SecondSettlePage

        if self.shell is not None:
            self.shell.pop()
            self.shell.push(SecondSettlePage(self.context, self._year, self._key))

    def _ask_drop(self) -> None:
        if not self.store.count() or self.grid.is_adding:
            return
        if self.grid.is_typing:
            self.grid.say_half_typed()
            return
        row = self.store.rows[self.grid.row]
        self.ask_bar.hide()
        self.ask_bar.ask(
            f"Bỏ phiếu của {row.name} khỏi nhập lần hai (mất phiếu giấy, không còn cần)? Điểm nhập lần đầu vẫn giữ "
            "nguyên.",
            Answer("Bỏ phiếu này", lambda: self._drop(row.entry, row.name), "danger"),
            Answer("Giữ lại", self.focus_grid),
        )

    def _drop(self, entry: str, name: str) -> None:
        with self.errors():
            drop(self.context, entry)
            if self.shell is not None:
                self.shell.notify(f"Đã bỏ phiếu của {name} khỏi nhập lần hai.", can_undo=True)
            if self.store.batch.total == 1:
                self._go_back()
                return
            self.refresh()
        self.focus_grid()

    def undo(self) -> bool:
        """Ctrl+Z: a half typed number, then cells of the present row; what was before is undone deed by deed."""
        if self.grid.restore():
            return True
        place = None
        with self.errors():
            place = self.store.undo()
        if place is None:
            return False
        self.focus_grid()
        self.grid.go_to(*place)
        self._on_saved()
        return True

    # -- page --------------------------------------------------------------------------------------------------

    def _on_reload(self) -> None:
        if self.grid.is_typing:
            self.grid.say_half_typed()
        else:
            self.refresh()

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
            self.focus_grid()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.room.arrange()
        self._show_lines()
