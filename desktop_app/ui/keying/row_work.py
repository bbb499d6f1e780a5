"""Deeds on rows of a batch: taking one out, and pasting a block of numbers over some.

Invariant: what is taken out of a batch keeps its points unless a person says otherwise; a block is pasted whole or not
at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop_app.services.keying.pasting import plan_paste
from desktop_app.ui.registry.ask_bar import Answer

if TYPE_CHECKING:
    from desktop_app.ui.keying.batch_page import BatchPage


class RowWork:
    """Serves one batch page; not a widget."""

    def __init__(self, page: BatchPage) -> None:
        self._page = page

    def ask_remove(self) -> None:
        """F8: out of the batch, with its points kept or cleared; a row without points goes at once."""
        page = self._page
        if not page.store.count() or page.grid.is_adding or page.store.batch.is_closed:
            return
        if page.grid.is_typing:
            page.grid.say_half_typed()
            return
        row = page.grid.row
        name = page.store.lead(row).name
        if not page.store.rows[row].values:
            self._remove(row, clears=False)
            return
        page.ask_bar.ask(
            f"Bỏ dòng {row + 1}, {name}, khỏi tập này? Điểm đã ghi vẫn nằm trong phiếu của người ấy, trừ khi xóa luôn.",
            Answer("Bỏ khỏi tập, giữ điểm", lambda: self._remove(row, clears=False)),
            Answer("Bỏ và xóa điểm", lambda: self._remove(row, clears=True), "danger"),
            Answer("Giữ lại", page.focus_grid),
        )

    def _remove(self, row: int, *, clears: bool) -> None:
        page = self._page
        name = page.store.lead(row).name
        with page.errors():
            page.store.remove(row, clears=clears)
            page.grid.rows_changed()
            page.show_progress()
            if page.shell is not None:
                page.shell.notify(f"Đã bỏ {name} khỏi tập.", can_undo=True)
        page.focus_work()

    def paste(self) -> None:
        """Ctrl+V: a block of numbers copied from a spreadsheet, from the current cell on."""
        page = self._page
        clipboard = QApplication.clipboard()
        text = clipboard.text() if clipboard is not None else ""
        sheet = page.store.current_sheet()
        plan = plan_paste(sheet.definition, sheet.rows, page.grid.row, page.grid.column, text)
        if plan.problems:
            page.grid.refuse(plan.sentence)
            return
        page.grid.restore()
        with page.errors():
            page.store.save_block(plan.values)
            page.on_saved(page.grid.row, page.grid.column)
            if page.shell is not None:
                page.shell.notify(f"Đã dán {plan.count} ô vào {len(plan.values)} dòng.", can_undo=True)
        page.grid.viewport().update()
