"""The register book of a round and model, as it stands on paper: every number in order, voided ones among them.

Invariant: shows, changes nothing.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.recognition.lists import certificate_source
from desktop_app.services.recognition.records import CertificateFilter, CertificateRecord
from desktop_app.ui.recognition.cells import birth_text, date_text, rename_column
from desktop_app.ui.recognition.words import NAME_TITLES, QUEUES
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import vbox
from desktop_app.ui.widgets.paged_model import Column, ToneText


def _number(row: CertificateRecord) -> ToneText:
    return ToneText(row.number, "failed" if row.is_voided else "neutral")


COLUMNS = (
    Column("number", "Số vào sổ", 124, value=_number),
    Column("recipient", "Họ và tên", 178, "strong", stretch=2),
    Column("birth", "Sinh", 98, value=lambda row: birth_text(row.birth), is_sortable=False, is_hidden=True),
    Column("hamlet", "Thôn", 112, stretch=1),
    Column("address", "Địa chỉ", 150, stretch=2, is_sortable=False, is_hidden=True),
    Column("decision_number", "Quyết định", 120, "quiet"),
    Column("issued_on", "Ngày cấp", 98, value=lambda row: date_text(row.issued_on)),
    Column("handed_over_on", "Ngày trao", 98, value=lambda row: date_text(row.handed_over_on)),
    Column("handed_over_to", "Người nhận", 140, stretch=1, is_sortable=False),
    Column("status", "Tình trạng", 108, "chip", value=lambda row: QUEUES[row.status]),
    Column("remark", "Ghi chú", 90, "small", stretch=3, is_sortable=False),
)


class BookView(QWidget):
    """The book.

    Signals:
        opened(object): Enter or double click: the certificate's uid.
    """

    opened = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.year, self.model = 0, LearningModel.CITIZEN
        self.text = ""
        self.list = DataTable("recognition.book", COLUMNS, single=True)
        self.list.view.setAccessibleName("Sổ theo dõi cấp giấy")
        self.list.set_placeholder(EmptyState("book-open-check", "Sổ chưa có số nào: chưa cấp giấy trong đợt này."))
        self.list.row_opened.connect(lambda row: self.opened.emit(row.uid) if row is not None else None)
        vbox(self, spacing=0).addWidget(self.list, 1)

    @property
    def count(self) -> int:
        return self.list.paged.rowCount() if self.list.paged is not None else 0

    def show_model(self, year: int, model: LearningModel) -> None:
        self.year, self.model = year, model
        rename_column(self.list, "recipient", NAME_TITLES[model])
        self.apply()

    def apply(self) -> None:
        chosen = CertificateFilter(text=self.text)
        self.list.set_source(certificate_source(self.context, self.year, self.model, chosen))

    def set_text(self, text: str) -> None:
        self.text = text
        self.apply()

    def focus_list(self) -> None:
        self.list.take_focus()
