"""Closing a batch: control totals against the cover, and the way to whatever does not meet.

Invariant: a batch closes by one key only when everything meets and is whole; else the difference is said first, with
the rows that are likeliest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.services.keying.batches import close_batch, reopen_batch
from desktop_app.services.keying.control import Control, check_totals
from desktop_app.services.keying.second_queue import drawn_in
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.registry.ask_bar import Answer

if TYPE_CHECKING:
    from desktop_app.ui.keying.batch_page import BatchPage

MOST_WAYS = 3


class ClosingWork:
    """Serves one batch page; not a widget."""

    def __init__(self, page: BatchPage) -> None:
        self._page = page

    def begin(self) -> None:
        """Ctrl+L: compare, and close or say what is in the way."""
        page = self._page
        if page.store.batch.is_closed:
            self._reopen()
            return
        if not page.grid.commit():
            return
        if not page.store.count():
            page.ask_bar.ask("Tập này chưa có phiếu nào nên chưa đóng.", Answer("Làm tiếp", page.focus_work))
            return
        control = check_totals(page.store.current_sheet())
        cover = page.store.batch.cover
        if not control.is_met:
            self._say_mismatch(control)
        elif cover.form_count is None and cover.score_sum is None:
            page.ask_bar.ask(
                "Bìa chưa ghi số phiếu và tổng điểm nên không có gì để đối chiếu.",
                Answer("Ghi vào bìa", page.edit_cover, "primary"),
                Answer("Đóng không đối chiếu", self._close),
                Answer("Làm tiếp", page.focus_work),
            )
        elif control.incomplete:
            self._ask_incomplete(control)
        else:
            self._close()

    def _say_mismatch(self, control: Control) -> None:
        page = self._page
        said = control.sentence
        if control.suspects:
            named = "; ".join(f"dòng {item.place} {item.name} ({item.why})" for item in control.suspects)
            said += f" Dễ sai nhất: {named}."
        page.ask_bar.ask(
            said,
            *self._ways([item.place for item in control.suspects]),
            Answer("Sửa bìa", page.edit_cover),
            Answer("Làm tiếp", page.focus_work),
        )

    def _ask_incomplete(self, control: Control) -> None:
        places = ", ".join(map(str, control.incomplete[:8]))
        self._page.ask_bar.ask(
            f"Số phiếu và tổng điểm khớp bìa, nhưng {len(control.incomplete)} phiếu còn ô trống (dòng {places}). "
            "Nếu trên giấy cũng để trống thì đóng được.",
            *self._ways(control.incomplete),
            Answer("Đóng tập", self._close),
            Answer("Làm tiếp", self._page.focus_work),
        )

    def _ways(self, places: list[int] | tuple[int, ...]) -> list[Answer]:
        def way(place: int) -> Callable[[], object]:
            return partial(self._page.focus_row, place - 1)

        return [Answer(f"Tới dòng {place}", way(place)) for place in places[:MOST_WAYS]]

    def _close(self) -> None:
        page = self._page
        with page.errors():
            batch = close_batch(page.context, page.store.batch.uid)
            drawn = drawn_in(page.context, batch.uid)
            again = f" {number_text(drawn)} phiếu được chọn để nhập lần hai." if drawn else ""
            if page.shell is not None:
                page.shell.notify(
                    f"Đã đóng {batch.name}: {number_text(batch.forms)} phiếu, tổng {score_text(batch.total)}.{again}",
                    can_undo=True,
                )
                page.shell.pop()

    def _reopen(self) -> None:
        page = self._page
        with page.errors():
            reopen_batch(page.context, page.store.batch.uid)
            page.refresh()
            page.focus_work()
