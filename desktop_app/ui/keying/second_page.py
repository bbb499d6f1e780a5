"""Nhập lần hai: the batches of which forms are keyed again, how far each is, and the way to each step of the work.

Invariant: nothing of the first entry is in this list, neither totals nor verdicts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QResizeEvent
from shiboken6 import isValid

from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.keying.second_queue import read_queue
from desktop_app.services.keying.second_records import SecondBatch
from desktop_app.services.registry.lists import has_many
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.second_draw_page import SecondDrawPage
from desktop_app.ui.keying.second_key_page import SecondKeyPage
from desktop_app.ui.keying.second_rates_page import SecondRatesPage
from desktop_app.ui.keying.second_settle_page import SecondSettlePage
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.widgets.basics import KeyHint
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow
from desktop_app.ui.widgets.paged_model import BarCell, Column, ListSource
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.ui.tasks import Task

SCOPE = "Nhập lần hai"


def kind_of(batch: SecondBatch) -> str:
    """The kind of forms in few words: "Người dân trong xã"."""
    title, _, group = batch.set_name.partition(": ")
    return f"{group[:1].upper()}{group[1:]}" if group else title


def _status(batch: SecondBatch) -> ChipData:
    if batch.differs:
        return ChipData(f"{number_text(batch.differs)} phiếu khác nhau", "attention")
    if batch.todo:
        is_begun = batch.keyed or batch.done
        return ChipData("Đang nhập", "accent", "keyboard") if is_begun else ChipData("Chưa nhập", "neutral")
    if batch.keyed:
        return ChipData("Đủ phiếu, chờ đối chiếu", "attention")
    if batch.shut:
        return ChipData(f"{number_text(batch.shut)} phiếu không nhập được", "attention")
    return ChipData("Đã xong", "passed")


def _share(batch: SecondBatch) -> BarCell:
    most = max(batch.total, 1)
    return BarCell(batch.done / most, also=(batch.done + batch.keyed + batch.differs) / most)


LOW = 520
"""Height (at 100 %) below which the key hints give way."""

COLUMNS = (
    Column("name", "Tập phiếu", 200, "strong", is_sortable=False, stretch=2),
    Column("kind", "Loại phiếu", 160, "quiet", value=kind_of, is_sortable=False, stretch=2, gives_way=1),
    Column("first", "Nhập lần đầu", 160, value=lambda b: ", ".join(b.first), is_sortable=False, gives_way=2),
    Column("second", "Nhập lần hai", 160, value=lambda b: ", ".join(b.second), is_sortable=False, gives_way=5),
    Column("progress", "Còn nhập", 164, is_sortable=False),
    Column("share", "", 96, "bar", value=_share, is_sortable=False, gives_way=6),
    Column("done", "Đã xong", 84, "number", is_sortable=False, gives_way=4),
    Column("status", "Tình trạng", 190, "chip", value=_status, is_sortable=False),
)


class SecondPage(Page):
    """The screen."""

    title_text = "Nhập lần hai"
    help_topic = "nhap_lan_hai"
    ACTIONS = (
        ActionSpec("second.open", "Làm tiếp tập đang chọn", "Ctrl+Enter", "keyboard", scope=SCOPE),
        ActionSpec("second.rates", "Tỷ lệ lỗi", "Ctrl+T", "chart-column", scope=SCOPE),
        ActionSpec("second.key", "Nhập tiếp tập đang chọn", "Ctrl+K", "keyboard", scope=SCOPE),
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.round: RoundRecord | None = None
        self.batches: tuple[SecondBatch, ...] = ()
        self._reading: Task | None = None
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)
        self.table = DataTable("second.queue", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các tập nhập lần hai")
        self.table.row_opened.connect(lambda batch: self.open_batch(batch) if batch is not None else None)
        self.empty = EmptyState(
            "repeat-2",
            "Chưa có phiếu nào để nhập lần hai. Khi đóng một tập phiếu, chương trình tự chọn một số phiếu của tập; "
            "hoặc chọn ngay từ một thôn hay cả đợt.",
            "Chọn phiếu",
            key="Ctrl+N",
        )
        self.empty.activated.connect(self.open_draw)
        self.table.set_placeholder(self.empty)
        self.body.addWidget(self.table, 1)
        self.hints = FlowRow(
            KeyHint("Enter", "nhập tiếp, hoặc đối chiếu chỗ khác nhau"),
            KeyHint("Ctrl+N", "chọn thêm phiếu"),
            KeyHint("Ctrl+T", "tỷ lệ lỗi"),
            KeyHint("F2", "thiết lập"),
            spacing=18,
        )
        self.body.addWidget(self.hints)
        self._bind()

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "list": self.table.take_focus,
            "edit": self.open_rules,
            "second.open": self._on_open,
            "second.key": self._on_key,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.rates_button = self.button_for("second.rates", self.open_rates, text="Tỷ lệ lỗi")
        self.draw_button = self.button_for("add", self.open_draw, text="Chọn phiếu", primary=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low or zoomed window the list takes the room of the hints."""
        super().resizeEvent(event)
        self.hints.setVisible(self.height() >= theme.px(LOW))

    # -- showing -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the queue: at once, or behind the window in a register so large that counting takes long."""
        with self.errors():
            self.round = current_round(self.context)
            year = self.round.year
            if self.shell is None or not has_many(self.context):
                self._show(read_queue(self.context, year))
                return
            if not self.batches:
                self.set_subtitle(f"Đợt {year} · đang đếm phiếu")
            task: Task | None = None

            def show(batches: tuple[SecondBatch, ...]) -> None:
                if isValid(self) and self._reading is task:
                    self._show(batches)

            def fail(error: Exception) -> None:
                if isValid(self) and self._reading is task:
                    self.set_subtitle(self._subtitle_text() if self.batches else f"Đợt {year}")
                    with self.errors():
                        raise error

            task = self._reading = self.shell.tasks.run(
                lambda _progress: read_queue(self.context, year), show, fail, title="Đang đếm", shows_dialog=False
            )

    def _show(self, batches: tuple[SecondBatch, ...]) -> None:
        current = self._current()
        self.batches = batches
        self.table.set_source(ListSource(batches))
        wanted = current.key if current is not None else ""
        if batches:
            self.table.select_row(next((n for n, batch in enumerate(batches) if batch.key == wanted), 0))
        self.set_subtitle(self._subtitle_text())
        self.set_header_buttons(*((self.rates_button, self.draw_button) if batches else ()))

    def _subtitle_text(self) -> str:
        if self.round is None:
            return ""
        todo = sum(batch.todo for batch in self.batches)
        total = sum(batch.total for batch in self.batches)
        differs = sum(batch.differs for batch in self.batches)
        said = f"Đợt {self.round.year} · còn {number_text(todo)}/{number_text(total)} phiếu"
        return f"{said} · {number_text(differs)} phiếu khác nhau" if differs else said

    def _current(self) -> SecondBatch | None:
        found = self.table.current() if self.batches else None
        return found if isinstance(found, SecondBatch) else None

    def on_shown(self) -> None:
        self.table.take_focus()

    # -- deeds -------------------------------------------------------------------------------------------------

    def open_batch(self, batch: SecondBatch) -> None:
        """The next step of a batch: what differs first, then what is to be keyed."""
        if batch.differs and batch.todo:
            self.ask_bar.ask(
                f"“{batch.name}” có {number_text(batch.differs)} phiếu khác nhau chờ đối chiếu và còn "
                f"{number_text(batch.todo)} phiếu chưa nhập.",
                Answer("Đối chiếu", lambda: self._push_settle(batch), "primary"),
                Answer("Nhập tiếp", lambda: self._push_key(batch)),
            )
        elif batch.differs or batch.shut_differs == batch.total - batch.done > 0:
            self._push_settle(batch)
        elif batch.total > batch.done:
            self._push_key(batch)
        else:
            self.ask_bar.ask(
                f"“{batch.name}” đã xong: {number_text(batch.done)} phiếu nhập hai lần đã đối chiếu.",
                Answer("Xem tỷ lệ lỗi", self.open_rates),
                Answer("Đã hiểu", self.table.take_focus),
            )

    def _push_key(self, batch: SecondBatch) -> None:
        if self.shell is not None:
            with self.errors():
                self.shell.push(SecondKeyPage(self.context, batch.year, batch.key))

    def _push_settle(self, batch: SecondBatch) -> None:
        if self.shell is not None:
            with self.errors():
                self.shell.push(SecondSettlePage(self.context, batch.year, batch.key))

    def _on_open(self) -> None:
        batch = self._current()
        if batch is not None:
            self.open_batch(batch)

    def _on_key(self) -> None:
        batch = self._current()
        if batch is not None and batch.total > batch.done:
            self._push_key(batch)

    def open_draw(self) -> None:
        """Ctrl+N: choose forms from a hamlet, a batch or the whole round."""
        if self.shell is not None and self.round is not None:
            with self.errors():
                self.shell.push(SecondDrawPage(self.context, self.round.year))

    def open_rates(self) -> None:
        """Ctrl+T: errors per 10,000 fields."""
        if self.shell is not None and self.round is not None:
            with self.errors():
                self.shell.push(SecondRatesPage(self.context, self.round.year))

    def open_rules(self) -> None:
        """F2: shares and distances."""
        from desktop_app.ui.keying.second_rules_page import SecondRulesPage

        if self.shell is not None:
            with self.errors():
                self.shell.push(SecondRulesPage(self.context))
