"""The objections of a round: who said what of whom, in time or late, and what was answered.

Invariant: those without an answer stand first; a name that nobody gave is shown as not given.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.review.objections import ObjectionRecord, list_objections
from desktop_app.services.context import Context
from desktop_app.services.vietnamese import fold, number_text
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.review.deed_side import DeedSide
from desktop_app.ui.review.words import day, objection_chip
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow, vbox
from desktop_app.ui.widgets.paged_model import Column, ListSource
from desktop_app.ui.widgets.painting import ChipData
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.widgets.search import FilterChip

LATE = ChipData("Quá hạn", "attention", "clock")
COLUMNS = (
    Column("name", "Về ai", 160, "strong", stretch=1, is_sortable=False),
    Column("model", "Mô hình", 96, value=lambda o: SEGMENTS[o.model], is_sortable=False, gives_way=3),
    Column("hamlet", "Thôn", 92, is_sortable=False, gives_way=1),
    Column("content", "Nội dung", 200, value=lambda o: " ".join(o.content.split()), stretch=3, is_sortable=False),
    Column("received_on", "Nhận ngày", 100, value=lambda o: day(o.received_on), is_sortable=False),
    Column("late", "Hạn", 92, value=lambda o: "quá hạn" if o.is_late else "", is_sortable=False, gives_way=2),
    Column("state", "Trả lời", 132, "chip", value=objection_chip, is_sortable=False),
)


class ObjectionsView(QWidget):
    """The objections with their panel.

    Signals:
        opened(object): Enter or double click: an ObjectionRecord.
        add_asked: the one button of an empty screen.
        counted(int): how many wait for an answer.
    """

    opened = Signal(object)
    add_asked = Signal()
    counted = Signal(int)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.year = 0
        self.records: tuple[ObjectionRecord, ...] = ()
        self.text = ""
        self.waiting_chip = FilterChip.switch("Chưa trả lời 0", "attention", "hourglass")
        self.waiting_chip.toggled.connect(lambda _on: self.show_year(self.year))
        self.late_chip = FilterChip.switch("Quá hạn 0", "neutral", "clock")
        self.late_chip.toggled.connect(lambda _on: self.show_year(self.year))
        self.table = DataTable("review.objections", COLUMNS, single=True)
        self.table.view.setAccessibleName("Ý kiến của dân")
        self.empty = EmptyState("gavel", "", "Ghi ý kiến", key="Ctrl+N")
        self.empty.activated.connect(self.add_asked)
        self.table.set_placeholder(self.empty)
        self.side = DeedSide()
        self.facts, self.deed = self.side.facts, self.side.deed
        left = QWidget()
        column = vbox(left, spacing=10)
        column.addWidget(FlowRow(self.waiting_chip, self.late_chip))
        column.addWidget(self.table, 1)
        self.pair = ListAndPanel(left, self.side)
        vbox(self, spacing=0).addWidget(self.pair, 1)
        self._rest = QTimer(self, singleShot=True, interval=30)
        self._rest.timeout.connect(self.show_facts)
        self.table.row_selected.connect(lambda _row: self._rest.start())
        self.table.row_opened.connect(lambda row: self.opened.emit(row) if row is not None else None)

    def show_year(self, year: int, keep: Uid = "") -> None:
        """Read the objections of a round under the chips; the current one stays."""
        kept = keep or self.current_uid()
        self.year = year
        every = list_objections(self.context, year)
        waiting, late = sum(item.is_open for item in every), sum(item.is_late for item in every)
        for chip, words, count in (
            (self.waiting_chip, "Chưa trả lời", waiting),
            (self.late_chip, "Quá hạn", late),
        ):
            chip.set_label(f"{words} {number_text(count)}")
            chip.setVisible(bool(count) or chip.isChecked())
        self.records = tuple(item for item in every if self._is_shown(item))
        self.empty.set_sentence(
            "Không có ý kiến nào khớp điều kiện lọc."
            if every
            else "Chưa có ý kiến nào trong đợt này. Ai nói gì về danh sách niêm yết thì ghi ở đây, rồi trả lời."
        )
        self.table.set_source(ListSource(self.records))
        place = next((i for i, item in enumerate(self.records) if item.uid == kept), 0)
        if self.records:
            self.table.select_row(place)
        self.pair.set_has_panel(bool(self.records) or self.side.is_asking)
        self.show_facts()
        self.counted.emit(waiting)

    def _is_shown(self, item: ObjectionRecord) -> bool:
        if (self.waiting_chip.isChecked() and not item.is_open) or (self.late_chip.isChecked() and not item.is_late):
            return False
        whole = fold(f"{item.name} {item.content} {item.raised_by}")
        return all(word in whole for word in fold(self.text).split())

    def current(self) -> ObjectionRecord | None:
        row = self.table.current() if self.records else None
        return row if isinstance(row, ObjectionRecord) else None

    def current_uid(self) -> Uid:
        row = self.current()
        return row.uid if row is not None else ""

    def show_facts(self) -> None:
        """The current objection whole."""
        self._rest.stop()
        item = self.current()
        self.facts.clear()
        if item is None:
            self.facts.set_title("")
            return
        self.facts.set_title(item.name, objection_chip(item), *((LATE,) if item.is_late else ()))
        self.facts.add_text(item.content)
        for name, value in (
            ("Người nói", item.raised_by or "không ghi tên"),
            ("Nhận ngày", day(item.received_on)),
            ("Danh sách", item.posting_words or "không theo danh sách nào"),
            ("Danh hiệu", SEGMENTS[item.model]),
            ("Thôn", item.hamlet),
        ):
            if value:
                self.facts.add_row(name, value)
        self.facts.add_section("Trả lời")
        if item.is_open:
            self.facts.add_text("Chưa trả lời. Trong lúc này người được nói tới chưa được công nhận.", tone="attention")
            return
        self.facts.add_text(item.answer)
        self.facts.add_text(" · ".join(p for p in (item.answered_by, day(item.answered_on)) if p), "quiet")
