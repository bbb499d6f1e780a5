"""Step "Xem trước" for a workbook of scores: each form with its total, and what would become of it.

Invariant: counts are those of a trial run of the very import; remarks stand beside the true Excel row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.scores_import import ScoresResult
from desktop_app.services.importing.planned import RowFate
from desktop_app.services.importing.preview import Issue, ParsedScores, ScoreRow, Severity
from desktop_app.services.vietnamese import fold, number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.doubt_panel import DoubtPanel, form_side
from desktop_app.ui.importing.preview_view import FOOT
from desktop_app.ui.importing.words import FATES, birth_text, charset_notice, show_notice

DOUBTFUL_CODES = frozenset({"person.doubtful", "scores.repeated"})
TAKEN = ("Sẽ nhập", "passed", "check")


@dataclass(frozen=True)
class ShownForm:
    """A row of a scoring list with all that is said of it; ``fate`` None is one that comes in."""

    row: ScoreRow
    fate: RowFate | None
    issues: tuple[Issue, ...]


def _total(item: ShownForm) -> float | None:
    return sum(item.row.scores.values()) if item.row.scores else None


def _remark(item: ShownForm) -> w.ToneText:
    ordered = sorted(item.issues, key=lambda issue: issue.severity is not Severity.ERROR)
    tone = "failed" if item.fate is RowFate.REFUSED else "attention" if ordered else "neutral"
    return w.ToneText("; ".join(issue.message for issue in ordered), tone)


def _chip(item: ShownForm) -> w.ChipData:
    return w.ChipData(*(FATES[item.fate] if item.fate is not None else TAKEN))


COLUMNS = (
    w.Column("row", "Dòng Excel", 96, "number", value=lambda item: item.row.row, is_sortable=False),
    w.Column("name", "Họ và tên", 190, "strong", value=lambda item: item.row.name, stretch=2, is_sortable=False),
    w.Column("birth", "Ngày sinh", 104, value=lambda item: birth_text(item.row.birth), is_sortable=False),
    w.Column("group", "Nhóm", 190, value=lambda item: item.row.group_text, stretch=1, is_sortable=False),
    w.Column("answered", "Chỉ số", 72, "number", value=lambda item: len(item.row.scores), is_sortable=False,
             tip="Số chỉ số đã có điểm"),
    w.Column("total", "Tổng", 64, "number", value=_total, is_sortable=False),
    w.Column("fate", "Sẽ làm", 130, "chip", value=_chip, is_sortable=False),
    w.Column("note", "Ghi chú", 220, value=_remark, stretch=4, is_sortable=False),
)  # fmt: skip


class ScoresView(QWidget):
    """Shows the forms of a workbook.

    Signals:
        download_requested: the refused rows are wanted as a workbook.
        columns_requested: the meaning of the columns is to be looked at again.
        settled(object, object): a doubtful row, (sheet, row), is this person (uid); None leaves it out again.
    """

    settled = Signal(object, object)
    download_requested = Signal()
    columns_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._forms: list[ShownForm] = []
        self._fate: RowFate | str | None = None
        self._search = ""
        self._parsed: ParsedScores | None = None
        self._outcome: ScoresResult | None = None
        self._choices: dict[tuple[str, int], Uid] = {}
        column = w.vbox(self, spacing=12)
        self.notice = w.Banner("", "attention", icon="languages", closable=False, button="Xem lại cột",
                               on_button=self.columns_requested.emit)  # fmt: skip
        column.addWidget(self.notice)
        line = w.hbox(spacing=8)
        self.filters = w.FlowRow()
        line.addWidget(self.filters, 1)
        self.download = w.QuietButton("Tải các dòng không nhận", icon="download", key="Ctrl+D", small=True)
        self.download.clicked.connect(self.download_requested)
        line.addWidget(self.download, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        self.facts = w.label("", "small", wrap=True)
        column.addWidget(self.facts)
        self.table = w.DataTable("import.scores", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các phiếu của tệp và việc sẽ làm")
        self.table.set_placeholder(w.EmptyState("file-spreadsheet", "Không có phiếu nào như vậy."))
        self.table.row_selected.connect(self._on_selected)
        column.addWidget(self.table, 1)
        self.panel = DoubtPanel()
        self.panel.person_chosen.connect(self._on_person)
        self.panel.left_chosen.connect(lambda: self._on_person(None))
        self.panel.hide()
        column.addWidget(self.panel)
        self.foot = w.label(FOOT, "small", wrap=True)
        column.addWidget(self.foot)

    @property
    def refused(self) -> list[ShownForm]:
        """Rows that do not come in because of an error."""
        return [item for item in self._forms if item.fate is RowFate.REFUSED]

    def set_scores(
        self, parsed: ParsedScores, outcome: ScoresResult, year: int, choices: Mapping[tuple[str, int], Uid]
    ) -> None:
        """Show the forms and what the trial run said of them; the place in the same list stays."""
        is_same = self._parsed is parsed
        place = self.table.view.currentIndex().row()
        self._parsed, self._outcome, self._choices = parsed, outcome, dict(choices)
        self._forms = shown_forms(parsed, outcome)
        if not is_same:
            self._fate, self._search = None, ""
        notice = charset_notice(parsed.sheets)
        show_notice(self.notice, notice)
        parts = [f"Nhập vào đợt {year}: {number_text(outcome.created)} phiếu mới"]
        if outcome.updated:
            parts.append(f"{number_text(outcome.updated)} phiếu có điểm thay đổi")
        if outcome.unchanged:
            parts.append(f"{number_text(outcome.unchanged)} phiếu như đã có")
        judged = f"Sau khi nhập: {number_text(outcome.assessed)} người chấm đủ, {number_text(outcome.passed)} đạt."
        self.facts.setText(f"{', '.join(parts)}. {judged}")
        self.download.setVisible(bool(self.refused))
        self._show()
        if is_same and place >= 0:
            self.table.select_row(min(place, max(len([f for f in self._forms if self._is_shown(f)]) - 1, 0)))

    def show_only(self, fate: RowFate | str | None, *_: object) -> None:
        """Show the rows of one fate, or all."""
        self._fate = fate
        self._show()

    def search(self, text: str) -> None:
        """Show only rows with these letters in the name, or this row number."""
        self._search = fold(text)
        self._show()

    def go_to_next(self, *fates: RowFate) -> bool:
        """Select the next row of these fates below the present one; False when there is none."""
        rows = [item for item in self._forms if self._is_shown(item)]
        start = self.table.view.currentIndex().row()
        for step in range(1, len(rows) + 1):
            place = (start + step) % len(rows)
            if rows[place].fate in fates:
                self.table.select_row(place)
                return True
        return False

    def _show(self) -> None:
        counts: Counter[RowFate | str] = Counter(item.fate or "taken" for item in self._forms)
        self.filters.clear()
        self._add_filter(None, f"Tất cả {number_text(len(self._forms))}", "neutral")
        if counts["taken"]:
            self._add_filter("taken", f"{TAKEN[0]} {number_text(counts['taken'])}", "passed")
        for fate in (RowFate.DOUBTFUL, RowFate.REFUSED):
            word, tone, _ = FATES[fate]
            if counts[fate]:
                self._add_filter(fate, f"{word} {number_text(counts[fate])}", tone)
        self.table.set_source(w.ListSource([item for item in self._forms if self._is_shown(item)]))

    def _on_selected(self, item: ShownForm | None) -> None:
        key = (item.row.sheet, item.row.row) if item is not None else None
        others = self._outcome.doubts.get(key, ()) if self._outcome is not None and key is not None else ()
        said = " ".join(issue.message for issue in item.issues) if item is not None else ""
        self.foot.setText(f"Dòng {item.row.row}: {said}" if item is not None and said else FOOT)
        self.panel.setVisible(bool(others))
        if item is not None and others:
            choice = (self._choices[key],) if key in self._choices else ()
            open_rows = sum(form.fate is RowFate.DOUBTFUL for form in self._forms)
            people = [(person, "") for person in others]
            self.panel.set_question(form_side(item.row), people, choice, open_rows, can_be_new=False)

    def _on_person(self, uid: Uid | None) -> None:
        item = self.table.current()
        if isinstance(item, ShownForm):
            self.settled.emit((item.row.sheet, item.row.row), uid)

    def _add_filter(self, fate: RowFate | str | None, text: str, tone: str) -> None:
        chip = w.FilterChip.switch(text, tone)
        chip.setChecked(fate == self._fate)
        chip.clicked.connect(partial(self.show_only, fate))
        self.filters.add(chip)

    def _is_shown(self, item: ShownForm) -> bool:
        was_asked = self._outcome is not None and (item.row.sheet, item.row.row) in self._outcome.doubts
        if self._fate is not None and (item.fate or "taken") != self._fate:
            return self._fate is RowFate.DOUBTFUL and was_asked
        return not self._search or self._search in fold(item.row.name) or self._search == str(item.row.row)


def shown_forms(parsed: ParsedScores, outcome: ScoresResult) -> list[ShownForm]:
    """Each row with its remarks and its fate by them."""
    said: dict[tuple[str, int], list[Issue]] = {}
    for issue in (*outcome.errors, *outcome.warnings):
        if issue.row is not None:
            said.setdefault((issue.sheet, issue.row), []).append(issue)
    return [ShownForm(row, _fate(found), tuple(found)) for row in parsed.rows
            for found in (said.get((row.sheet, row.row), []),)]  # fmt: skip


def _fate(issues: Sequence[Issue]) -> RowFate | None:
    if any(issue.severity is Severity.ERROR for issue in issues):
        return RowFate.REFUSED
    return RowFate.DOUBTFUL if any(issue.code in DOUBTFUL_CODES for issue in issues) else None
