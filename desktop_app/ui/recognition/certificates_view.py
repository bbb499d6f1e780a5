"""Certificates in their queues: chờ in, chờ ký, chờ trao, đã trao; one certificate beside the list, and what is done
with it.

Invariant: every deed goes through a service and is told to the window; a deed that cannot be taken back is asked for
in place, with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import CertificateStatus, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.recognition.lists import (
    CertificateSource,
    certificate_counts,
    certificate_source,
    decisions,
)
from desktop_app.services.recognition.records import CertificateFilter, CertificateRecord, DecisionRecord
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.recognition.cells import birth_text, date_text, rename_column
from desktop_app.ui.recognition.deed_form import DeedForm
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.recognition.words import NAME_TITLES, QUEUES
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow, sized, vbox
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.widgets.panels import SidePanel
from desktop_app.ui.widgets.search import FilterChip

ALL = "all"
COLUMNS = (
    Column("number", "Số vào sổ", 128),
    Column("recipient", "Họ và tên", 190, "strong", stretch=3),
    Column("birth", "Sinh", 98, value=lambda row: birth_text(row.birth), is_sortable=False),
    Column("hamlet", "Thôn", 116, stretch=1),
    Column("decision_number", "Quyết định", 122, "quiet"),
    Column("status", "Tình trạng", 112, "chip", value=lambda row: QUEUES[row.status]),
    Column("issued_on", "Ngày cấp", 100, value=lambda row: date_text(row.issued_on), is_hidden=True),
    Column("printed_count", "Số lần in", 84, "number", is_hidden=True),
    Column("handed_over_on", "Ngày trao", 100, value=lambda row: date_text(row.handed_over_on), is_hidden=True),
)


ButtonMaker = Callable[[CertificateRecord, int], tuple[Sequence[QWidget], Sequence[QWidget]]]
"""Gives, for the current certificate and the number selected, the buttons at the foot and those among the facts."""


class CertificatesView(QWidget):
    """The queues of one round and model.

    Signals:
        queue_changed: another queue is shown, or other certificates are selected.
        opened(object): Enter or double click: the certificate's uid.
    """

    queue_changed = Signal()
    opened = Signal(object)

    def __init__(self, context: Context, buttons: ButtonMaker) -> None:
        super().__init__()
        self.context = context
        self.year, self.model = 0, LearningModel.CITIZEN
        self.text = ""
        self.counts: dict[CertificateStatus, int] = {}
        self._buttons = buttons
        self.decision_chip = FilterChip("Quyết định", [(None, "tất cả")])
        self.hamlet_chip = FilterChip("Thôn", [(None, "tất cả")])
        self.queues = Tabs(
            "Tình trạng giấy", self._queue_tabs(), is_pill=True, extras=(self.decision_chip, self.hamlet_chip)
        )
        self.list = DataTable("recognition.certificates", COLUMNS)
        self.list.view.setAccessibleName("Danh sách giấy công nhận")
        self.facts = sized(SidePanel(), min_height=176)
        self.deed = DeedForm()
        self.panel = QStackedWidget()
        self.panel.addWidget(self.facts)
        self.panel.addWidget(self.deed)
        self.pair = ListAndPanel(self._left(), self.panel)
        vbox(self, spacing=0).addWidget(self.pair, 1)
        self._rest = QTimer(self, singleShot=True, interval=30)
        self._rest.timeout.connect(self._show_facts)
        self._connect()

    def _left(self) -> QWidget:
        left = QWidget()
        column = vbox(left, spacing=10)
        column.addWidget(self.queues)
        column.addWidget(self.list, 1)
        self.empty = EmptyState("award", "")
        self.list.set_placeholder(self.empty)
        return left

    def _connect(self) -> None:
        self.queues.chosen.connect(lambda _queue: self.apply())
        self.decision_chip.chosen.connect(lambda _uid: self.apply())
        self.hamlet_chip.chosen.connect(lambda _uid: self.apply())
        self.list.row_selected.connect(lambda _row: self._rest.start())
        self.list.view.selectionModel().selectionChanged.connect(lambda *_: self._rest.start())
        self.list.row_opened.connect(lambda row: self.opened.emit(row.uid) if row is not None else None)
        self.deed.left.connect(self._leave_deed)

    def _queue_tabs(self) -> tuple[Tab, ...]:
        shown = [status for status in CertificateStatus if status is not CertificateStatus.VOIDED]
        tabs = [Tab(ALL, "Tất cả", sum(self.counts.values()))]
        tabs += [Tab(status, QUEUES[status].text, self.counts.get(status, 0)) for status in shown]
        if self.counts.get(CertificateStatus.VOIDED):
            tabs.append(Tab(CertificateStatus.VOIDED, "Đã hủy", self.counts[CertificateStatus.VOIDED]))
        return tuple(tabs)

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def queue(self) -> CertificateStatus | None:
        """The queue in front; None for all of them."""
        value = self.queues.value
        return value if isinstance(value, CertificateStatus) else None

    def show_model(self, year: int, model: LearningModel) -> None:
        """Read a round and model afresh; the queue in front stays while it is the same model."""
        is_new = (year, model) != (self.year, self.model)
        self.year, self.model = year, model
        rename_column(self.list, "recipient", NAME_TITLES[model])
        self._show_decisions(decisions(self.context, year, model), is_new)
        shown = {"birth": model is LearningModel.CITIZEN, "decision_number": len(self.known_decisions) > 1}
        for index, column in enumerate(COLUMNS):
            if column.key in shown:
                self.list.set_column_shown(index, shown[column.key])
        self._show_hamlets(is_new)
        self._read_counts()
        if is_new:
            first = (status for status in CertificateStatus if self.counts[status])
            self.queues.set_value(next(first, ALL))
        self.apply()

    def _show_decisions(self, known: tuple[DecisionRecord, ...], is_new: bool) -> None:
        kept = None if is_new else self.decision_chip.value
        choices: list[tuple[object, str]] = [(None, "tất cả")]
        choices += [(item.uid, f"{item.label} ({number_text(item.standing)})") for item in known]
        self.decision_chip.set_choices(choices)
        self.decision_chip.set_value(kept if kept in dict(choices) else None)
        self.decision_chip.setVisible(len(known) > 1)
        self.known_decisions = known

    def _show_hamlets(self, is_new: bool) -> None:
        from desktop_app.services.recognition.lists import certificate_hamlets

        kept = None if is_new else self.hamlet_chip.value
        found = certificate_hamlets(self.context, self.year, self.model)
        choices: list[tuple[object, str]] = [(None, "tất cả"), *((uid, name) for uid, name in found)]
        self.hamlet_chip.set_choices(choices)
        self.hamlet_chip.set_value(kept if kept in dict(choices) else None)
        self.hamlet_chip.setVisible(len(found) > 1)

    def _read_counts(self) -> None:
        """Bring the counts on the queues up to date."""
        self.counts = certificate_counts(self.context, self.year, self.model)
        self.queues.set_tabs(self._queue_tabs())

    def apply(self, keep: Uid = "") -> None:
        """Read the list under the present queue, filters and text."""
        self._say_empty()
        source = self.source()
        self.list.set_source(source)
        row = source.position(keep) if keep else None
        if row is not None:
            self.list.select_row(row)
        self._leave_deed()
        self._show_facts()

    def source(self, *, is_standing: bool = False) -> CertificateSource:
        """The list in front; with ``is_standing`` without what was voided."""
        decision, hamlet = self.decision_chip.value, self.hamlet_chip.value
        chosen = CertificateFilter(
            status=self.queue,
            decision=str(decision) if decision else None,
            hamlet=str(hamlet) if hamlet else None,
            text=self.text,
            is_standing=is_standing,
        )
        return certificate_source(self.context, self.year, self.model, chosen)

    def set_text(self, text: str) -> None:
        """Words, a number, or a scanned code in the header's box; a found number is shown whatever its queue."""
        self.text = text
        if text.strip() and self.queue is not None and not self.source().count():
            self.queues.set_value(ALL)
        self.apply()

    def show_queue(self, queue: CertificateStatus | None) -> None:
        self.queues.set_value(queue or ALL)
        self.apply()

    def show_certificate(self, uid: Uid) -> None:
        """Bring one certificate to the front, whatever hides it."""
        self.text = ""
        for chip in (self.decision_chip, self.hamlet_chip):
            chip.set_value(None)
        self.queues.set_value(ALL)
        self.apply(uid)
        self.pair.show_panel()

    def _say_empty(self) -> None:
        queue = self.queue
        if self.text.strip():
            sentence = f"Không có giấy nào khớp với “{self.text.strip()}”."
        elif queue is not None and any(self.counts.values()):
            sentence = f"Không có giấy nào ở mục “{QUEUES[queue].text}”."
        else:
            sentence = "Chưa cấp giấy nào. Hãy công nhận ở bước “Xét công nhận” trước."
        self.empty.set_sentence(sentence)

    # -- the selection -------------------------------------------------------------------------------------------

    def selected_uids(self) -> tuple[Uid, ...]:
        """The selected certificates; when all are selected, they are named by SQL and not read one by one."""
        count = len(self.list.view.selectionModel().selectedRows())
        if count > 1 and self.list.paged is not None and count == self.list.paged.rowCount():
            return self.source().uids()
        return tuple(row.uid for row in self.list.selected() if row is not None)

    def picked_uids(self) -> tuple[Uid, ...]:
        """What a deed of the header is about: several selected ones, else the whole list in front."""
        return self.selected_uids() if self.is_picking else self.source(is_standing=self.queue is None).uids()

    def picked_count(self) -> int:
        """How many that are."""
        if self.is_picking:
            return len(self.list.view.selectionModel().selectedRows())
        return self.source(is_standing=self.queue is None).count()

    @property
    def is_picking(self) -> bool:
        """Were several certificates selected?"""
        return len(self.list.view.selectionModel().selectedRows()) > 1

    def current(self) -> CertificateRecord | None:
        return self.list.current()

    def _show_facts(self) -> None:
        self._rest.stop()
        row = self.current()
        total = self.list.paged.rowCount() if self.list.paged is not None else 0
        self.pair.set_has_panel(total > 0)
        self.facts.clear()
        if row is None:
            self.facts.set_title("")
            self.facts.set_buttons()
        elif self.is_picking:
            count = len(self.list.view.selectionModel().selectedRows())
            self.facts.set_title(f"{number_text(count)} giấy đã chọn")
            self.facts.add_text("Các nút ở đầu màn hình làm với tất cả giấy đã chọn.", "quiet")
            self._add_buttons(row, count)
        else:
            self._fill(row)
        self.queue_changed.emit()

    def _fill(self, row: CertificateRecord) -> None:
        panel = self.facts
        panel.set_title(" ".join(part for part in (row.honorific, row.recipient) if part), QUEUES[row.status])
        for name, value in (
            ("Số vào sổ", row.number),
            ("Sinh", birth_text(row.birth)),
            ("Địa chỉ", row.address),
            ("Kết quả", row.result),
            ("Quyết định", f"{row.decision_number} ngày {date_text(row.decision_date)}"),
            ("Ngày cấp", date_text(row.issued_on) if row.issued_on != row.decision_date else ""),
            ("Đã in", f"{row.printed_count} lần" if row.printed_count else "chưa"),
            ("Đã trao", f"{date_text(row.handed_over_on)}, {row.handed_over_to}" if row.handed_over_on else ""),
        ):
            if value:
                panel.add_row(name, value)
        if row.remark:
            panel.add_row("Ghi chú", row.remark)
        self._add_buttons(row, 1)

    def _add_buttons(self, row: CertificateRecord, count: int) -> None:
        foot, among = self._buttons(row, count)
        if among:
            self.facts.add_section("Việc khác")
            self.facts.add(FlowRow(*among))
        self.facts.set_buttons(*foot)

    # -- deeds in place ------------------------------------------------------------------------------------------

    def ask(
        self,
        title: str,
        sentence: str,
        fields: tuple[Any, ...],
        yes: str,
        do: Callable[[Mapping[str, Any]], bool],
        *,
        values: Mapping[str, Any] | None = None,
        is_danger: bool = False,
    ) -> None:
        """Ask for a deed in place of the facts."""
        self.pair.show_panel()
        self.panel.setCurrentWidget(self.deed)
        self.deed.ask(title, sentence, fields, yes, do, values=values, is_danger=is_danger)

    def _leave_deed(self) -> None:
        """Back to the facts and the list."""
        if self.panel.currentWidget() is self.deed:
            self.panel.setCurrentWidget(self.facts)
            self.focus_list()

    def focus_list(self) -> None:
        self.pair.show_list()
        self.list.take_focus()

    def switch_half(self, focused: QWidget | None) -> None:
        """F6: from the list to the panel and back."""
        in_list = focused is not None and (focused is self.list or self.list.isAncestorOf(focused))
        if not in_list:
            self.focus_list()
            return
        self.pair.show_panel()
        half = self.deed if self.panel.currentWidget() is self.deed else self.facts
        half.setFocus(Qt.FocusReason.TabFocusReason)
        half.focusNextChild()


def today(context: Context) -> dt.date:
    """The present day of this machine's clock."""
    return dt.datetime.fromtimestamp(context.journal.clock() / 1000).date()
