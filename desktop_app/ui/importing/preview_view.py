"""Step "Xem trước": what becomes of each row, filtered by its fate, with remarks by true Excel row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.importing.matching import Candidate
from desktop_app.services.importing.plan import ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import Severity
from desktop_app.services.vietnamese import PartialDate, number_text
from desktop_app.ui import widgets as w

FATES: dict[RowFate, tuple[str, str]] = {
    RowFate.NEW: ("Mới", "passed"),
    RowFate.CHANGED: ("Thay đổi", "attention"),
    RowFate.UNCHANGED: ("Như cũ", "neutral"),
    RowFate.DOUBTFUL: ("Ngờ trùng", "attention"),
    RowFate.REFUSED: ("Không nhận", "failed"),
}
FIELD_WORDS = {
    "full_name": "họ tên", "sex": "giới tính", "birth": "ngày sinh", "cccd": "CCCD", "phone": "điện thoại",
    "ethnicity": "dân tộc", "occupation": "nghề nghiệp", "citizen_group": "nhóm", "relation": "quan hệ",
    "note": "ghi chú", "household_id": "hộ",
}  # fmt: skip
QUIET_FIELDS = ("cccd", "phone", "household_id", "citizen_group", "sex")
"""Fields whose change is named without its values."""

COLUMNS = (
    w.Column("row", "Dòng Excel", 90, "number", value=lambda item: item.row.row, is_sortable=False),
    w.Column("sheet", "Trang", 110, "quiet", value=lambda item: item.row.sheet, is_sortable=False),
    w.Column("name", "Họ và tên", 190, "strong", value=lambda item: item.row.name, stretch=1, is_sortable=False),
    w.Column("birth", "Ngày sinh", 100, value=lambda item: _birth(item), is_sortable=False),
    w.Column("cccd", "Số CCCD", 130, value=lambda item: item.row.cccd or "", is_sortable=False),
    w.Column("household", "Hộ", 90, "quiet", value=lambda item: item.row.household_code, is_sortable=False),
    w.Column("fate", "Sẽ làm", 120, "chip", value=lambda item: w.ChipData(*FATES[item.fate]), is_sortable=False),
    w.Column("note", "Ghi chú", 240, value=lambda item: remark(item), stretch=2, is_sortable=False),
)


def _birth(item: RowPlan) -> str:
    return item.row.birth.text() if item.row.birth else ""


def remark(item: RowPlan) -> w.ToneText:
    """The row's remarks and changes in one line, errors first."""
    issues = sorted((*item.row.issues, *item.issues), key=lambda issue: issue.severity is not Severity.ERROR)
    words = [issue.message for issue in issues]
    words += [_change(name, before, after) for name, (before, after) in item.changes.items()]
    tone = "failed" if item.fate is RowFate.REFUSED else "attention" if words else "neutral"
    return w.ToneText("; ".join(words), tone)


def _change(name: str, before: object, after: object) -> str:
    word = FIELD_WORDS.get(name, name)
    if name in QUIET_FIELDS:
        return f"{word}: thêm mới" if before is None else f"{word}: đổi"
    return f"{word}: {_shown(name, before)} → {_shown(name, after)}" if before else f"{word}: {_shown(name, after)}"


def _shown(name: str, value: object) -> str:
    return PartialDate.from_iso(str(value)).text() if name == "birth" and value else str(value or "")


class PreviewView(QWidget):
    """Shows a plan.

    Signals:
        chosen(int, object): a doubtful row (its index) was settled: uid of the person, or None for a new one.
        download_requested: the refused rows are wanted as a workbook.
    """

    chosen = Signal(int, object)
    download_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._plan: ImportPlan | None = None
        self._fate: RowFate | None = None
        column = w.vbox(self, spacing=12)
        self.notices = w.vbox(spacing=8)
        column.addLayout(self.notices)
        line = w.hbox(spacing=8)
        self.filters = w.FlowRow()
        line.addWidget(self.filters, 1)
        self.download = w.QuietButton("Tải các dòng không nhận", icon="download")
        self.download.clicked.connect(self.download_requested)
        line.addWidget(self.download)
        column.addLayout(line)
        self.table = w.DataTable("import.preview", COLUMNS, single=True)
        self.table.set_placeholder(w.EmptyState("file-spreadsheet", "Không có dòng nào như vậy."))
        self.table.row_selected.connect(self._on_selected)
        column.addWidget(self.table, 1)
        self.question = w.Card("Người này đã có trong sổ chưa?")
        self._question_text = w.label("", wrap=True)
        self._answers = w.FlowRow()
        self.question.body.addWidget(self._question_text)
        self.question.body.addWidget(self._answers)
        self.question.hide()
        column.addWidget(self.question)
        column.addWidget(w.label("Nhập xong vẫn hoàn tác được cả lần nhập bằng một nút, kể cả hôm sau.", "small"))

    def set_plan(self, plan: ImportPlan) -> None:
        """Show a plan; the filter stays where it still finds rows."""
        self._plan = plan
        counts = plan.counts()
        if self._fate is not None and not counts[self._fate]:
            self._fate = None
        self.filters.clear()
        self._add_filter(None, f"Tất cả {number_text(len(plan.rows))}", "neutral")
        for fate, (word, tone) in FATES.items():
            if counts[fate]:
                self._add_filter(fate, f"{word} {number_text(counts[fate])}", tone)
        self.download.setVisible(bool(counts[RowFate.REFUSED]))
        self._show_notices(plan)
        self._show_rows()

    def _add_filter(self, fate: RowFate | None, text: str, tone: str) -> None:
        chip = w.FilterChip.switch(text, tone)
        chip.set_value(fate is self._fate)
        chip.clicked.connect(partial(self.show_only, fate))
        self.filters.add(chip)

    def show_only(self, fate: RowFate | None, *_: object) -> None:
        """Show the rows of one fate, or all."""
        self._fate = fate
        if self._plan is not None:
            self.set_plan(self._plan)

    def _show_rows(self) -> None:
        assert self._plan is not None
        rows = [row for row in self._plan.rows if self._fate is None or row.fate is self._fate]
        self.table.set_source(w.ListSource(rows))

    def _show_notices(self, plan: ImportPlan) -> None:
        while (item := self.notices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for sentence, icon in _notices(plan):
            self.notices.addWidget(w.Banner(sentence, "attention", icon=icon, closable=False))

    def _on_selected(self, item: object) -> None:
        is_question = isinstance(item, RowPlan) and item.fate is RowFate.DOUBTFUL
        self.question.setVisible(is_question)
        if not is_question or self._plan is None:
            return
        assert isinstance(item, RowPlan)
        index = next(place for place, row in enumerate(self._plan.rows) if row is item)
        self._question_text.setText(
            f"Dòng {item.row.row}: {item.row.name}, sinh {_birth(item) or 'chưa rõ'}, "
            f"hộ {item.row.household_code or '–'}."
        )
        self._answers.clear()
        for candidate in item.candidates[:4]:
            self._add_answer(_candidate_text(candidate), partial(self._choose, index, candidate.person.uid))
        self._add_answer("Là người mới", partial(self._choose, index, None))

    def _add_answer(self, text: str, handler: Callable[[], None]) -> None:
        button = w.QuietButton(text, icon="user-check" if text != "Là người mới" else "user-plus")
        button.clicked.connect(lambda _checked=False: handler())
        self._answers.add(button)

    def _choose(self, index: int, uid: Uid | None) -> None:
        self.chosen.emit(index, uid)


def _candidate_text(candidate: Candidate) -> str:
    person = candidate.person
    birth = PartialDate.from_iso(str(person.values["birth"])).text() if person.values["birth"] else "chưa rõ"
    reasons = ", ".join(candidate.reasons)
    return f"Là {person.values['full_name']}, sinh {birth}, hộ {person.household_code or '–'} ({reasons})"


def _notices(plan: ImportPlan) -> list[tuple[str, str]]:
    """Repairs of whole columns and what will be created, as sentences."""
    found: list[tuple[str, str]] = []
    for sheet in plan.parsed.sheets:
        for item in sheet.columns:
            if item.charset is not None and item.samples:
                before, after = item.samples[0]
                name = "VNI" if item.charset == "vni" else "TCVN3"
                found.append((f"Bảng dùng phông cũ ({name}): đã chuyển “{before}” thành “{after}”.", "languages"))
                break
        if found:
            break
    if plan.new_hamlets:
        found.append((f"Sổ chưa có, sẽ thêm: {', '.join(plan.new_hamlets.values())}.", "map-pin"))
    zeros = sum(issue.code == "cccd.lost_zero" for row in plan.rows for issue in row.row.issues)
    if zeros:
        found.append((f"{number_text(zeros)} số CCCD bị Excel làm mất số 0 ở đầu: đã thêm lại.", "id-card"))
    return found
