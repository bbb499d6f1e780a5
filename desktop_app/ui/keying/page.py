"""Nhập nhanh theo tập phiếu: the batches of the round, how far each is, and the one that was left in the middle.

Invariant: every batch shows its progress against its own cover; taking one away takes no answers away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_app.models.types import Uid
from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.errors import UserError
from desktop_app.services.keying.batches import list_batches, remove_batch, stack_code_of
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.paper.codes import looks_like_code, looks_like_stack
from desktop_app.services.vietnamese import fold
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.batch_page import BatchPage, remembered_place
from desktop_app.ui.keying.words import cover_line, day_text, kind_words, score_text
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.widgets.basics import KeyHint
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow
from desktop_app.ui.widgets.paged_model import BarCell, Column, ListSource
from desktop_app.ui.widgets.painting import ChipData

SCOPE = "Nhập theo tập phiếu"


def _share(batch: BatchRecord) -> BarCell:
    most = max(batch.cover.form_count or batch.forms, 1)
    return BarCell(batch.complete / most, also=batch.forms / most)


def _status(batch: BatchRecord) -> ChipData:
    if batch.lost:
        return ChipData(f"Đóng rồi thiếu {batch.lost}", "attention", "lock")
    if batch.is_closed:
        return ChipData("Đã đóng", "passed", "lock")
    if batch.cover.form_count is not None and batch.forms >= batch.cover.form_count:
        return ChipData("Chờ đóng tập", "attention")
    return ChipData("Đang nhập", "accent", "keyboard") if batch.forms else ChipData("Chưa nhập", "neutral")


_EMPTY = "Chưa có tập phiếu nào trong đợt này. Lập một tập cho mỗi chồng phiếu: ghi bìa một lần, rồi nhập."

COLUMNS = (
    Column("name", "Tập phiếu", 170, "strong", is_sortable=False, stretch=2),
    Column("set_name", "Loại phiếu", 150, "quiet", value=kind_words, is_sortable=False, stretch=2, gives_way=3),
    Column("collector", "Người thu", 140, value=lambda b: b.cover.collector, is_sortable=False, gives_way=2),
    Column("day", "Ngày thu", 100, "quiet", value=lambda b: day_text(b.cover.collected_on), is_sortable=False,
           gives_way=4),
    Column("progress", "Đã nhập", 80, "number", is_sortable=False),
    Column("share", "", 96, "bar", value=_share, is_sortable=False, gives_way=5),
    Column("total", "Tổng đang có", 110, value=lambda b: score_text(b.total), is_sortable=False, gives_way=6),
    Column("cover", "Trên bìa", 168, "quiet", value=lambda b: cover_line(b), is_sortable=False, gives_way=1),
    Column("status", "Tình trạng", 172, "chip", value=_status, is_sortable=False),
)  # fmt: skip


class KeyingPage(Page):
    """The screen."""

    title_text = "Nhập theo tập phiếu"
    help_topic = "nhap_tap_phieu"
    search_placeholder = "Tìm tập, quét mã trên bìa…"
    searches_itself = True
    ACTIONS = (ActionSpec("keying.open", "Nhập tiếp tập đang chọn", "Ctrl+Enter", "keyboard", scope=SCOPE),)

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.round: RoundRecord | None = None
        self.batches: tuple[BatchRecord, ...] = ()
        self._rows: tuple[BatchRecord, ...] = ()
        self._has_offered = False
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)
        self.table = DataTable("keying.batches", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các tập phiếu")
        self.table.row_opened.connect(lambda batch: self.open_batch(batch.uid) if batch is not None else None)
        self.empty = EmptyState(
            "layers",
            _EMPTY,
            "Lập tập đầu tiên",
            key="Ctrl+N",
        )
        self.empty.activated.connect(self.on_add)
        self.table.set_placeholder(self.empty)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(
            FlowRow(
                KeyHint("Enter", "nhập tiếp"),
                KeyHint("Ctrl+N", "lập tập mới"),
                KeyHint("F2", "sửa bìa"),
                KeyHint("F8", "xóa tập (điểm vẫn giữ)"),
                spacing=18,
            )
        )
        self._bind()

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "list": self.table.take_focus,
            "edit": self._on_edit,
            "delete": self._ask_remove,
            "keying.open": self._on_open,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.add_button = self.button_for("add", self.on_add, text="Lập tập mới", primary=True)

    # -- showing -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        with self.errors():
            current, known = self._current(), {batch.uid for batch in self.batches}
            self.round = current_round(self.context)
            self.batches = list_batches(self.context, self.round.year)
            made = next((batch.uid for batch in self.batches if known and batch.uid not in known), "")
            kept = current.uid if current is not None else remembered_place().get("batch", "")
            self._show_rows(made or kept)
        self.set_subtitle(f"Đợt {self.round.year} · {len(self.batches)} tập" if self.round is not None else "")
        self.set_header_buttons(*((self.add_button,) if self.batches else ()))
        self._offer()

    def _offer(self) -> None:
        """Once a visit: the batch that was left in the middle."""
        if self._has_offered:
            return
        self._has_offered = True
        kept = remembered_place().get("batch", "")
        batch = next((item for item in self.batches if item.uid == kept and not item.is_closed), None)
        if batch is not None and (batch.cover.form_count is None or batch.forms < batch.cover.form_count
                                  or batch.complete < batch.forms):  # fmt: skip
            self.show_banner(
                f"“{batch.name}” đang nhập dở, {batch.progress} phiếu. Enter để nhập tiếp đúng chỗ đã dừng.",
                "accent",
                button="Nhập tiếp",
                on_button=lambda: self.open_batch(batch.uid),
            )

    def _show_rows(self, uid: Uid) -> None:
        """The batches that the search box means, one of them current."""
        self._rows = tuple(batch for batch in self.batches if _is_meant(batch, self.search_text))
        is_all = len(self._rows) == len(self.batches)
        self.empty.set_sentence(_EMPTY if is_all else "Không có tập nào khớp ô tìm.")
        if self.empty.button is not None:
            self.empty.button.setVisible(is_all)
        self.table.set_source(ListSource(self._rows))
        place = next((i for i, batch in enumerate(self._rows) if batch.uid == uid), 0)
        if self._rows:
            self.table.select_row(place)

    def on_search(self, text: str) -> None:
        """Names, collectors and codes; the code of a cover that no batch has begins one."""
        self.clear_banner()
        self.search_text = text
        current = self._current()
        self._show_rows(current.uid if current is not None else "")
        if self._rows or not text.strip():
            return
        with self.errors():
            if looks_like_code(text):
                self.show_banner(
                    "Đây là mã của một phiếu, không phải mã bìa tập. Hãy mở tập có phiếu ấy rồi quét.",
                    "attention",
                )
            elif looks_like_stack(text):
                code = stack_code_of(text)
                self.show_banner(
                    f"Chưa có tập nào mang mã bìa {code}.",
                    button="Lập tập với mã này",
                    on_button=lambda: self._push_cover(None, code=text.strip()),
                )

    def _current(self) -> BatchRecord | None:
        found = self.table.current() if self._rows else None
        return found if isinstance(found, BatchRecord) else None

    def on_shown(self) -> None:
        self.table.take_focus()

    # -- deeds -------------------------------------------------------------------------------------------------

    def open_batch(self, uid: Uid) -> None:
        """Show one batch's grid on top of the list."""
        self.clear_banner()
        if self.shell is not None:
            with self.errors():
                self.shell.push(BatchPage(self.context, uid))

    def _on_open(self) -> None:
        batch = self._current()
        if batch is not None:
            self.open_batch(batch.uid)

    def on_add(self) -> None:
        """Ctrl+N: the cover of a new batch."""
        self._push_cover(None)

    def _on_edit(self) -> None:
        batch = self._current()
        if batch is not None and batch.is_closed:
            self.ask_bar.ask(
                f"“{batch.name}” đã đóng; mở tập ra rồi chọn Mở lại tập trước khi sửa bìa.",
                Answer("Đã hiểu", self.table.take_focus),
            )
        elif batch is not None:
            self._push_cover(batch)

    def _push_cover(self, batch: BatchRecord | None, *, code: str = "") -> None:
        from desktop_app.ui.keying.cover_page import CoverPage

        if self.shell is not None and self.round is not None:
            with self.errors():
                self.clear_banner()
                self.shell.push(CoverPage(self.context, self.round.year, batch, code=code))

    def _ask_remove(self) -> None:
        batch = self._current()
        if batch is None:
            return
        kept = f" {batch.forms} phiếu trong tập vẫn giữ nguyên điểm." if batch.forms else ""
        self.ask_bar.ask(
            f"Xóa “{batch.name}”?{kept}",
            Answer("Xóa tập", lambda: self._remove(batch), "danger"),
            Answer("Giữ lại", self.table.take_focus),
        )

    def _remove(self, batch: BatchRecord) -> None:
        with self.errors():
            remove_batch(self.context, batch.uid)
            self.refresh()
            if self.shell is not None:
                self.shell.notify(f"Đã xóa {batch.name}; điểm của các phiếu vẫn giữ.", can_undo=True)
        self.table.take_focus()


def _is_meant(batch: BatchRecord, text: str) -> bool:
    """Every typed word stands in the name, the place, the collector or the code; a scanned cover means its own."""
    if looks_like_stack(text):
        try:
            return stack_code_of(text) == batch.cover.code
        except UserError:
            return False
    words = fold(text).split()
    own = fold(" ".join((batch.name, batch.place, batch.cover.collector, batch.cover.code, batch.set_name)))
    return all(word in own for word in words)
