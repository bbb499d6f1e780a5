"""The posted lists of a round: how long each hangs, and beside it what changed since it was posted.

Invariant: a posted list is never changed silently: what would be different now is shown, and posted anew on purpose.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.review.postings import (
    PostedForm,
    PostingChanges,
    PostingRecord,
    list_postings,
    posting_changes,
)
from desktop_app.services.assessment.review.recording import today
from desktop_app.services.assessment.subjects import UNITS
from desktop_app.services.context import Context
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.review.deed_side import DeedSide
from desktop_app.ui.review.words import STAGES, day, posting_chip, posting_title
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import vbox
from desktop_app.ui.widgets.paged_model import Column, ListSource
from desktop_app.ui.widgets.pair import ListAndPanel

MOST_SHOWN = 50
"""Lines of each kind of change beside the list; the paper has all."""
REST_MS = 40


def stage_words(item: PostingRecord) -> str:
    """Whose accepted forms stand on it."""
    return STAGES[item.stage] if item.stage is not None else "Mọi phiếu đạt"


class PostingsView(QWidget):
    """The lists with their panel.

    Signals:
        opened(object): Enter or double click: a PostingRecord.
        add_asked: the one button of an empty screen.
    """

    opened = Signal(object)
    add_asked = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.year = 0
        self.records: tuple[PostingRecord, ...] = ()
        self.table = DataTable("review.postings", self._columns(), single=True)
        self.table.view.setAccessibleName("Danh sách niêm yết")
        self.side = DeedSide()
        self.facts, self.deed = self.side.facts, self.side.deed
        self.empty = EmptyState(
            "scroll-text",
            "Chưa niêm yết danh sách nào trong đợt này. Niêm yết xong, ý kiến của dân được ghi và trả lời ở đây.",
            "Niêm yết danh sách",
            key="Ctrl+N",
        )
        self.empty.activated.connect(self.add_asked)
        self.table.set_placeholder(self.empty)
        self.pair = ListAndPanel(self.table, self.side)
        vbox(self, spacing=0).addWidget(self.pair, 1)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.show_facts)
        self.table.row_selected.connect(lambda _row: self._rest.start())
        self.table.row_opened.connect(lambda row: self.opened.emit(row) if row is not None else None)

    def _columns(self) -> tuple[Column, ...]:
        on = today(self.context)
        return (
            Column("where", "Phạm vi", 110, "strong", stretch=2, is_sortable=False),
            Column("model", "Mô hình", 100, value=lambda p: SEGMENTS[p.model], is_sortable=False),
            Column("stage", "Gồm phiếu", 138, "quiet", value=_stage, is_sortable=False, gives_way=4),
            Column("posted_on", "Từ ngày", 96, value=lambda p: day(p.posted_on), is_sortable=False, gives_way=3),
            Column("until", "Đến hết", 96, value=lambda p: day(p.until), is_sortable=False),
            Column("count", "Phiếu", 64, "number", is_sortable=False),
            Column("state", "Thời hạn", 148, "chip", value=lambda p: posting_chip(p, on), is_sortable=False),
            Column("objections", "Ý kiến", 124, value=_objections, is_sortable=False, gives_way=1),
            Column("place", "Nơi niêm yết", 140, "quiet", stretch=1, is_sortable=False, gives_way=5),
        )

    def show_year(self, year: int, keep: Uid = "") -> None:
        """Read the lists of a round; the current one stays."""
        kept = keep or self.current_uid()
        self.year = year
        self.records = list_postings(self.context, year)
        self.table.set_source(ListSource(self.records))
        place = next((i for i, item in enumerate(self.records) if item.uid == kept), 0)
        if self.records:
            self.table.select_row(place)
        self.pair.set_has_panel(bool(self.records) or self.side.is_asking)
        self.show_facts()

    def current(self) -> PostingRecord | None:
        row = self.table.current() if self.records else None
        return row if isinstance(row, PostingRecord) else None

    def current_uid(self) -> Uid:
        row = self.current()
        return row.uid if row is not None else ""

    def show_facts(self) -> None:
        """The current list: its days, and what would be different now."""
        self._rest.stop()
        record = self.current()
        self.facts.clear()
        if record is None:
            self.facts.set_title("")
            return
        on: dt.date = today(self.context)
        self.facts.set_title(posting_title(record), posting_chip(record, on))
        for name, value in (
            ("Danh hiệu", SEGMENTS[record.model]),
            ("Gồm phiếu", stage_words(record)),
            ("Số phiếu", f"{number_text(record.count)} {UNITS[record.model]}"),
            ("Nơi", record.place),
            ("Nhận ý kiến", f"{day(record.posted_on)} đến hết {day(record.until)}"),
            ("Ghi chú", record.note),
        ):
            if value:
                self.facts.add_row(name, value)
        self._add_changes(posting_changes(self.context, record.uid))

    def _add_changes(self, changes: PostingChanges) -> None:
        self.facts.add_section("Từ khi niêm yết đến nay")
        if not changes.is_any:
            self.facts.add_text("Không có gì đổi: ai đứng trong danh sách vẫn đứng, điểm vẫn thế.", tone="passed")
            return
        self._add_group("Thêm", changes.new)
        self._add_group("Không còn", changes.gone)
        self._add_group("Đổi điểm", changes.rescored)
        self.facts.add_text("Muốn niêm yết theo kết quả mới: Ctrl+N, lập danh sách mới.", "small")

    def _add_group(self, words: str, items: Sequence[PostedForm]) -> None:
        if not items:
            return
        self.facts.add_text(f"{words}: {number_text(len(items))}", "strong", tone="attention")
        for item in items[:MOST_SHOWN]:
            who = ", ".join(part for part in (item.name, item.birth_year, item.hamlet) if part)
            self.facts.add_text(f"{who}: {item.note}" if item.note else who, "small")
        if len(items) > MOST_SHOWN:
            self.facts.add_text(f"… và {number_text(len(items) - MOST_SHOWN)} nữa", "small")


def _stage(item: PostingRecord) -> str:
    return stage_words(item)


def _objections(item: PostingRecord) -> str:
    if not item.objections:
        return ""
    if item.waiting:
        return f"{number_text(item.waiting)} chưa trả lời"
    return f"{number_text(item.objections)} đã trả lời"
