"""Step "Xem trước" for a workbook of scores: each form with its total, and what would become of it.

Invariant: counts are those of a trial run of the very import; remarks stand beside the true Excel row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.scores_import import Key, ScoresResult
from desktop_app.services.importing.planning.matching import Known
from desktop_app.services.importing.planning.places import PROPOSED
from desktop_app.services.importing.planning.planned import RowFate
from desktop_app.services.importing.preview import ParsedScores, ScoreRow
from desktop_app.services.importing.scores.cells import Place, cells_of
from desktop_app.services.vietnamese import fold, number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.asked_communes import AskedCommunes
from desktop_app.ui.importing.doubt_panel import FORM_WORDS, PERSON_WORDS, Alike, DoubtPanel, form_side
from desktop_app.ui.importing.preview_view import FOOT
from desktop_app.ui.importing.scores_edit import ScoresEdit
from desktop_app.ui.importing.scores_rows import CHANGED, COLUMNS, SAME, SEVERAL_CODES, TAKEN, ShownForm, shown_forms
from desktop_app.ui.importing.words import FATES, charset_notice, show_notice

MOST_TOLD = 4
NOTED = "noted"
"""Forms that come in although something is to be looked at."""


class ScoresView(QWidget):
    """Shows the forms of a workbook.

    Signals:
        download_requested: the refused rows are wanted as a workbook.
        columns_requested: the meaning of the columns is to be looked at again.
        settled(object): doubtful forms (by their keys) are of these persons (uid); None leaves one out again.
        typed(object, object): cells of a form were typed over, place → text; restored(object): it is as in the file.
        search_requested(object, str): somebody of the register is looked for, whose form a row is.
        year_chosen(int): the forms go into the round of this year.
    """

    settled = Signal(object)
    typed = Signal(object, object)
    restored = Signal(object)
    search_requested = Signal(object, str)
    year_chosen = Signal(int)
    download_requested = Signal()
    columns_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._forms: list[ShownForm] = []
        self._fate: RowFate | str | None = None
        self._search = ""
        self._parsed: ParsedScores | None = None
        self._outcome: ScoresResult | None = None
        self._choices: dict[Key, Uid] = {}
        self._typed: set[Place] = set()
        self._offered: tuple[Key, tuple[Known, ...]] | None = None
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
        self.year = w.ChoiceEditor(w.Field("year", "Đợt", is_required=True))
        self.year.setAccessibleName("Nhập vào đợt")
        self.year.changed.connect(self._on_year)
        self.edit_button = w.QuietButton("Sửa dòng", icon="pencil", key="F2", small=True)
        self.edit_button.clicked.connect(lambda _checked=False: self.edit())
        self.other_button = w.QuietButton("Là người khác", icon="search", key="Ctrl+4", small=True)
        self.other_button.setToolTip("Tìm trong sổ người có phiếu đang chọn (Ctrl+4)")
        self.other_button.clicked.connect(lambda _checked=False: self.look_for())
        label = w.label("Nhập vào đợt", "field")
        column.addWidget(w.FlowRow(label, w.sized(self.year, width=136), self.edit_button, self.other_button))
        self.facts = w.label("", "small", wrap=True)
        column.addWidget(self.facts)
        self.communes = AskedCommunes()
        column.addWidget(self.communes)
        self.told = w.label("", "warning", wrap=True)
        column.addWidget(self.told)
        self.table = w.DataTable("import.scores", COLUMNS, single=True)
        self.table.view.setAccessibleName("Các phiếu của tệp và việc sẽ làm")
        self.table.set_placeholder(w.EmptyState("file-spreadsheet", "Không có phiếu nào như vậy."))
        self.table.row_selected.connect(self._on_selected)
        column.addWidget(self.table, 1)
        self.panel = DoubtPanel()
        self.panel.person_chosen.connect(self._on_person)
        self.panel.left_chosen.connect(lambda: self._on_person(None))
        self.panel.all_same_chosen.connect(self.all_same)
        self.panel.hide()
        column.addWidget(self.panel)
        self.editor = ScoresEdit()
        self.editor.checked.connect(self._on_checked)
        self.editor.restored.connect(self._on_restored)
        self.editor.closed.connect(self._close_editor)
        self.editor.hide()
        column.addWidget(self.editor)
        self._make_finder(column)
        self.foot = w.label(FOOT, "small", wrap=True)
        column.addWidget(self.foot)

    def _make_finder(self, column: QBoxLayout) -> None:
        """The line on which somebody else of the register is looked for."""
        self.finder = QWidget()
        line = w.hbox(self.finder, spacing=8)
        line.addWidget(w.label("Phiếu này là của", "field"))
        self.who = w.LineEditor(w.Field("who", "Tìm người trong sổ", placeholder="Họ tên, mã hộ hoặc số CCCD"))
        self.who.setAccessibleName("Tìm trong sổ người có phiếu này")
        self.who.returnPressed.connect(self._on_find)
        line.addWidget(self.who, 1)
        self.find_button = w.QuietButton("Tìm trong sổ", icon="search", key="Enter", small=True)
        self.find_button.clicked.connect(lambda _checked=False: self._on_find())
        line.addWidget(self.find_button)
        self.find_said = w.label("", "small")
        line.addWidget(self.find_said)
        self.finder.hide()
        column.addWidget(self.finder)

    @property
    def front(self) -> QWidget:
        """What the keyboard belongs to: the cell that is typed over, else the list."""
        return self.editor.front if self.editor.isVisible() and self.editor.front is not None else self.table

    @property
    def refused(self) -> list[ShownForm]:
        """Rows that do not come in because of an error."""
        return [item for item in self._forms if item.fate is RowFate.REFUSED]

    def set_scores(
        self, parsed: ParsedScores, outcome: ScoresResult, year: int, choices: Mapping[Key, Uid],
        years: Sequence[int] = (), typed: Collection[Place] = (),
    ) -> None:  # fmt: skip
        """Show the forms and what the trial run said of them; the place in the same list stays.

        Args:
            years: of the rounds that are open; typed: cells that were typed over.
        """
        is_same = self._parsed is not None and self._parsed.path == parsed.path
        place = self.table.view.currentIndex().row()
        self._parsed, self._outcome, self._choices, self._typed = parsed, outcome, dict(choices), set(typed)
        self._forms = shown_forms(parsed, outcome, self._typed)
        self._offered = None
        if not is_same:
            self._fate, self._search = None, ""
            self.editor.hide()
            self.finder.hide()
        show_notice(self.notice, charset_notice(parsed.sheets))
        self._show_year(year, years)
        self.facts.setText(_facts(outcome))
        self.communes.set_asked(outcome.asked)
        of_sheets = [
            issue for issue in (*outcome.errors, *outcome.warnings) if issue.row is None and issue.code != PROPOSED
        ]
        self.told.setText(" ".join(dict.fromkeys(issue.message for issue in of_sheets[:MOST_TOLD])))
        self.told.setVisible(bool(of_sheets))
        self.download.setVisible(bool(self.refused))
        self._show()
        if is_same and place >= 0:
            self.table.select_row(min(place, max(len([f for f in self._forms if self._is_shown(f)]) - 1, 0)))

    def _show_year(self, year: int, years: Sequence[int]) -> None:
        self.year.blockSignals(True)
        self.year.set_choices([(item, str(item)) for item in dict.fromkeys((*years, year))])
        self.year.set_raw(year)
        self.year.blockSignals(False)
        self.year.setEnabled(len({*years, year}) > 1)

    def _on_year(self) -> None:
        year = self.year.currentData()
        if isinstance(year, int):
            self.year_chosen.emit(year)

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

    def edit(self) -> None:
        """Type over the form in front."""
        item = self.table.current()
        if isinstance(item, ShownForm):
            self._fill_editor(item)
            self.editor.show()
            self.panel.hide()
            self._fill_editor(item)

    def look_for(self) -> None:
        """Look in the register for whom the form in front is."""
        item = self.table.current()
        if isinstance(item, ShownForm):
            self.finder.show()
            self.who.set_raw(item.row.name or item.row.household_code)
            self.find_said.setText("")
            self.who.setFocus(Qt.FocusReason.OtherFocusReason)
            self.who.selectAll()

    def offer(self, row: ScoreRow, text: str, found: tuple[tuple[Known, ...], int]) -> None:
        """Show who of the register was found for a form."""
        people, total = found
        item = self.table.current()
        if not people:
            self.find_said.setText(f"Trong sổ không có “{text}”.")
            return
        more = f"Thấy {number_text(total)}, hiện {len(people)}; gõ thêm để thu hẹp." if total > len(people) else ""
        self.find_said.setText(more)
        self._offered = (row.key, people)
        if isinstance(item, ShownForm) and item.row.key == row.key:
            self._ask(item, people)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.finder.isVisible():
            self.finder.hide()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        counts: Counter[RowFate | str] = Counter(item.fate or "taken" for item in self._forms)
        self.filters.clear()
        self._add_filter(None, f"Tất cả {number_text(len(self._forms))}", "neutral")
        named = {"taken": TAKEN, RowFate.CHANGED: CHANGED, RowFate.UNCHANGED: SAME,
                 RowFate.DOUBTFUL: FATES[RowFate.DOUBTFUL], RowFate.REFUSED: FATES[RowFate.REFUSED]}  # fmt: skip
        for fate, (word, tone, _) in named.items():
            if counts[fate]:
                self._add_filter(fate, f"{word} {number_text(counts[fate])}", tone)
        noted = sum(_is_noted(item) for item in self._forms)
        if noted:
            self._add_filter(NOTED, f"Có ghi chú {number_text(noted)}", "attention")
        self.table.set_source(w.ListSource([item for item in self._forms if self._is_shown(item)]))

    def _on_selected(self, item: ShownForm | None) -> None:
        key = item.row.key if item is not None else None
        others = self._outcome.doubts.get(key, ()) if self._outcome is not None and key is not None else ()
        if self._offered is not None and self._offered[0] == key:
            others = self._offered[1]
        said = " ".join(issue.message for issue in item.issues) if item is not None else ""
        self.foot.setText(f"Dòng {item.row.row}: {said}" if item is not None and said else FOOT)
        if item is not None and self.editor.isVisible():
            self._fill_editor(item)
            return
        self.panel.setVisible(bool(others))
        if item is not None and others:
            self._ask(item, others)

    def _ask(self, item: ShownForm, others: Sequence[Known]) -> None:
        choice = (self._choices[item.row.key],) if item.row.key in self._choices else ()
        open_rows = sum(form.fate is RowFate.DOUBTFUL for form in self._forms)
        people = [(person, _why(item)) for person in others]
        alike = None
        if item.fate is RowFate.DOUBTFUL and _reason(item):
            same = self._alike(item)
            clear = sum(len(self._others(form)) == 1 for form in same)
            alike = Alike(_reason(item), len(same), clear) if clear else None
        words = FORM_WORDS if _is_one_of_several(item) else PERSON_WORDS
        self.panel.set_question(
            form_side(item.row), people, choice, open_rows, can_be_new=False, alike=alike, words=words
        )
        self.panel.show_only_same()
        self.panel.show()
        self.panel.bring_in_sight()

    def _others(self, item: ShownForm) -> tuple[Known, ...]:
        return self._outcome.doubts.get(item.row.key, ()) if self._outcome is not None else ()

    def _alike(self, item: ShownForm) -> list[ShownForm]:
        """The open doubts of the same reason."""
        return [form for form in self._forms if form.fate is RowFate.DOUBTFUL and _reason(form) == _reason(item)]

    def all_same(self) -> None:
        """All open doubts of the same reason with one person each are that person."""
        item = self.table.current()
        if isinstance(item, ShownForm) and item.fate is RowFate.DOUBTFUL and _reason(item):
            people = {form.row.key: self._others(form) for form in self._alike(item)}
            self.settled.emit({key: others[0].uid for key, others in people.items() if len(others) == 1})

    def _on_person(self, uid: Uid | None) -> None:
        item = self.table.current()
        if isinstance(item, ShownForm):
            self.finder.hide()
            self.settled.emit({item.row.key: uid})

    def _on_find(self) -> None:
        item = self.table.current()
        text = self.who.text().strip()
        if isinstance(item, ShownForm) and text:
            self.search_requested.emit(item.row, text)

    def _fill_editor(self, item: ShownForm) -> None:
        if self._parsed is None:
            return
        said = " ".join(issue.message for issue in item.issues)
        is_wrong = item.fate is RowFate.REFUSED
        self.editor.set_form(item.row, cells_of(self._parsed, item.row), said, self._typed, is_wrong=is_wrong)

    def _on_checked(self, texts: Mapping[Place, str]) -> None:
        item = self.table.current()
        if isinstance(item, ShownForm):
            self.typed.emit(item.row, texts)

    def _on_restored(self) -> None:
        item = self.table.current()
        if isinstance(item, ShownForm):
            self.restored.emit(item.row)

    def _close_editor(self) -> None:
        self.editor.hide()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_filter(self, fate: RowFate | str | None, text: str, tone: str) -> None:
        chip = w.FilterChip.switch(text, tone)
        chip.setChecked(fate == self._fate)
        chip.clicked.connect(partial(self.show_only, fate))
        self.filters.add(chip)

    def _is_shown(self, item: ShownForm) -> bool:
        was_asked = self._outcome is not None and item.row.key in self._outcome.doubts
        if self._fate == NOTED:
            is_fitting = _is_noted(item)
        else:
            is_fitting = (item.fate or "taken") == self._fate or (self._fate is RowFate.DOUBTFUL and was_asked)
        if self._fate is not None and not is_fitting:
            return False
        return not self._search or self._search in fold(item.row.name) or self._search == str(item.row.row)


def _reason(item: ShownForm) -> str:
    """Why it is not sure whom a form is about, without the name."""
    said = next((issue.message for issue in item.issues if issue.code == "person.doubtful"), "")
    return said.partition(": ")[2]


def _why(item: ShownForm) -> str:
    """What is asked of a form, in a sentence; empty where nothing is."""
    if _is_one_of_several(item):
        return next(issue.message for issue in item.issues if issue.code in SEVERAL_CODES)
    reason = _reason(item).partition(";")[0]
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""


def _is_one_of_several(item: ShownForm) -> bool:
    return any(issue.code in SEVERAL_CODES for issue in item.issues)


def _is_noted(item: ShownForm) -> bool:
    return bool(item.issues) and item.fate not in (RowFate.REFUSED, RowFate.DOUBTFUL)


def _facts(outcome: ScoresResult) -> str:
    parts = [f"{number_text(outcome.created)} phiếu mới"]
    if outcome.updated:
        parts.append(f"{number_text(outcome.updated)} phiếu có điểm thay đổi")
    if outcome.unchanged:
        parts.append(f"{number_text(outcome.unchanged)} phiếu như đã có")
    judged = f"Sau khi nhập: {number_text(outcome.assessed)} phiếu chấm đủ, {number_text(outcome.passed)} đạt."
    return f"{', '.join(parts)}. {judged}"
