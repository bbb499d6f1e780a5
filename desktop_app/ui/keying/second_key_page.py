"""Keying drawn forms a second time in the same grid as the first, blind, and the comparison at the end.

Invariants: nothing of the first entry is on this screen, neither value nor total nor verdict; each cell is on the disk
before the next is typed; who keyed a form first cannot key it here, unless nobody else works here and that was said.
"""

from __future__ import annotations

from typing import Any

from desktop_app.services.keying.finding import Candidate, Found
from desktop_app.services.keying.second_finding import find_drawn, still_to_key
from desktop_app.services.keying.second_keying import compare
from desktop_app.services.keying.second_records import Compared
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.finder import Finder
from desktop_app.ui.keying.grid_page import GridPage
from desktop_app.ui.keying.room import Room
from desktop_app.ui.keying.second_drop import ask_drop
from desktop_app.ui.keying.second_store import SecondStore
from desktop_app.ui.registry.ask_bar import Answer

SCOPE = "Nhập lần hai một tập"
FIND_HINT = "Quét mã, hoặc gõ tên, thứ tự trong tập, 4 số cuối CCCD…"


HINTS = {
    "Enter": "ô kế",
    "F7": "lặp giá trị trên",
    "F4": "tìm phiếu kế",
    "F8": "bỏ phiếu này khỏi nhập lần hai",
    "Ctrl+L": "đối chiếu",
}


class SecondKeyPage(GridPage):
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
        super().__init__(context)
        self.store = SecondStore(context, year, key)
        self._year, self._key = year, key
        self._has_begun = False
        self._build()
        self._bind()

    def _build(self) -> None:
        self._add_grid(self.store.batch.model)
        self.finder = Finder(self._find, self._following, FIND_HINT)
        self.grid.set_entry(self.finder)
        self._add_lines(HINTS)
        self.room = Room(self, (self.ask_bar,), (self.frame, self.row_label), (self.hints, self.where_label))

    def _bind(self) -> None:
        self._bind_grid("second.one_key", {"delete": self._ask_drop, "second.consent": self._consent})
        self.compare_button = self.button_for("second.compare", self.begin_compare, text="Đối chiếu", primary=True)
        self.set_header_buttons(self.one_key_button, self.compare_button)
        self.grid.moved.connect(lambda _row, _column: self.show_progress())
        self.grid.cell_saved.connect(self.on_saved)
        self.grid.row_left.connect(lambda _row: self.store.leave())
        self.grid.end_reached.connect(self._on_end)
        self.finder.chosen.connect(self._on_chosen)
        self.finder.nobody.connect(
            lambda text: self._refuse(f"Không có phiếu nào được chọn của “{text}” trong tập này; để phiếu ấy riêng ra.")
        )
        self.finder.refused.connect(self._refuse)

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
        if row is None and self.store.count():
            self.grid.go_to_row(self._first_open_row() or 0)
        self.set_title(f"Nhập lần hai: {self.store.batch.name}")
        if self.store.sheet.closed:
            self.show_banner(self.store.sheet.closed, "attention")
        self.show_progress()

    def show_progress(self) -> None:
        progress = f"còn {self.store.todo}/{self.store.batch.total} phiếu"
        self.set_subtitle(progress)
        if not self.store.count():
            self.row_label.setText("Mọi phiếu được chọn của tập này đã đối chiếu.")
            self.where_label.setText("")
            return
        lead = self.store.lead(self.grid.row)
        parts = (progress if self.room.is_low else "", lead.name, lead.birth, lead.detail, f"mã {lead.code}")
        self.row_label.setText(" · ".join(part for part in parts if part))
        self._show_where()

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

    def focus_work(self) -> None:
        self.focus_grid()

    def focus_grid(self) -> None:
        """Back to the rows."""
        self.grid.set_adding(False)
        super().focus_grid()

    def _consent(self) -> None:
        if self.store.sheet.is_alone:
            self.store.allow_same = True
            self.grid.viewport().update()
            if self.store.count():
                self.grid.go_to_row(self._first_open_row() or 0)
        self.ask_bar.hide()
        self.focus_grid()

    def _go_back(self) -> None:
        if self.shell is not None:
            self.shell.pop()

    # -- finding -----------------------------------------------------------------------------------------------

    def _find(self, text: str) -> Found:
        return find_drawn(self.context, self.store.sheet, text)

    def _following(self) -> tuple[Candidate, ...]:
        return still_to_key(self.store.rows)

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

    def on_saved(self, row: int, column: int) -> None:
        """A cell reached the disk: the questions before it are past."""
        self.ask_bar.hide()
        super().on_saved(row, column)

    def _on_end(self) -> None:
        """After the last cell: whatever is still open, else the comparison."""
        if self.store.todo or not self.store.keyed:
            self.begin_search()
            return
        self.ask_bar.ask(
            f"Đã nhập lần hai đủ {self.store.keyed} phiếu. Sau khi đối chiếu, lần nhập này không sửa nữa.",
            Answer("Đối chiếu", self.begin_compare, key="Ctrl+L"),
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
        said = " (mất phiếu giấy, không còn cần)? Điểm nhập lần đầu vẫn giữ nguyên."
        ask_drop(self, row.entry, row.name, said, is_last=self.store.batch.total == 1)
