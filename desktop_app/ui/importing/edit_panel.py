"""One row of the preview typed over in place: the fields with what was read, what stands in the file, what is wrong.

Invariant: Enter checks the row, Esc checks it too and goes back to the list; what was typed is never thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.services.importing.corrections.edits import (
    EDITABLE,
    OF_HOUSEHOLD,
    field_of_issue,
    original_text,
    shown_value,
)
from desktop_app.services.importing.fields import FIELD_TITLES, Field
from desktop_app.services.importing.planning.planned import RowPlan
from desktop_app.services.importing.preview import Issue, ParsedSheet, Severity
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.row_edit import RowEdit

USUAL = (
    Field.NAME, Field.BIRTH, Field.SEX, Field.CCCD, Field.RELATION, Field.PHONE, Field.HOUSEHOLD_CODE, Field.HAMLET,
)  # fmt: skip
"""Fields that are always offered; the others where something is said of them, or on request."""
PLACEHOLDERS = {Field.BIRTH: "08/05/1984 hoặc 1984", Field.SEX: "nam, nữ", Field.POVERTY: "hộ nghèo, hộ cận nghèo"}


class EditPanel(RowEdit):
    """The fields of one row; the keys are ``Field``s."""

    MOST_COLUMNS = 4
    COLUMN_WIDTH = 220

    def __init__(self) -> None:
        super().__init__(spacing=10)
        self.more = w.QuietButton("Các ô khác", icon="sliders-horizontal", small=True)
        self.more.clicked.connect(lambda _checked=False: self._show_more())
        self.head.insertWidget(1, self.more)
        self.body.addWidget(self._area)
        self.errors: dict[Field, QLabel] = {}
        self._has_more = False
        self._plan: RowPlan | None = None
        self._sheet: ParsedSheet | None = None

    def set_row(self, plan: RowPlan, sheet: ParsedSheet, typed: Mapping[Field, str], *, is_new: bool) -> None:
        """Show a row.

        Args:
            typed: what was typed over before.
            is_new: another row than the one before: the usual fields, the first wrong one gets the keyboard.
        """
        focused = self.focused
        self._plan, self._sheet = plan, sheet
        if is_new:
            self._has_more = False
        self.title.setText(f"Sửa dòng {plan.row.row}: {plan.row.name or '(thiếu họ tên)'}")
        self.restore.setVisible(bool(typed))
        self._build(plan, sheet, typed)
        wrong = [of for of in self.editors if self.errors[of].text()]
        first = wrong[0] if wrong else Field.NAME
        chosen = first if is_new or focused not in self.editors or not self.errors[focused].text() else focused
        self.editors[chosen].setFocus(Qt.FocusReason.OtherFocusReason)
        self.editors[chosen].selectAll()

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self, plan: RowPlan, sheet: ParsedSheet, typed: Mapping[Field, str]) -> None:
        self.clear_cells()
        self.errors.clear()
        said: dict[Field, list[Issue]] = {}
        for issue in (*plan.row.issues, *plan.issues):
            of = field_of_issue(issue.code)
            if of is not None:
                said.setdefault(of, []).append(issue)
        for of in EDITABLE:
            if of in USUAL or of in said or of in typed or self._has_more:
                self.add_cell(self._cell(of, plan, sheet, said.get(of, []), typed.get(of)))
        self.more.setVisible(len(self._cells) < len(EDITABLE))
        self.place()

    def _cell(self, of: Field, plan: RowPlan, sheet: ParsedSheet, said: Sequence[Issue], typed: str | None) -> QWidget:
        cell = QWidget()
        column = w.vbox(cell, spacing=3)
        name = FIELD_TITLES[of] + (" (cả hộ)" if of in OF_HOUSEHOLD else "")
        column.addWidget(w.label(name, "field"))
        in_file = original_text(plan.row, of, sheet)
        is_wrong = any(issue.severity is Severity.ERROR for issue in said)
        shown = shown_value(plan.row, of) or (typed or (in_file if is_wrong else ""))
        editor = self.add_editor(of, w.Field(of.value, name, placeholder=PLACEHOLDERS.get(of, "")), shown)
        column.addWidget(editor)
        if in_file and in_file != shown:
            column.addWidget(w.label(f"trong tệp: {in_file}", "small", wrap=True))
        error = w.label(" ".join(issue.message for issue in said), "error" if is_wrong else "warning", wrap=True)
        error.setVisible(bool(said))
        editor.setAccessibleDescription(error.text())
        self.errors[of] = error
        column.addWidget(error)
        column.addStretch(1)
        return cell

    # -- answering -----------------------------------------------------------------------------------------------

    def _show_more(self) -> None:
        texts = self.texts
        self._has_more = True
        if self._plan is not None and self._sheet is not None:
            self._build(self._plan, self._sheet, {})
            for of, text in texts.items():
                self.editors[of].setText(text)
            self.editors[Field.ETHNICITY].setFocus(Qt.FocusReason.OtherFocusReason)
