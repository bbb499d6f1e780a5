"""One row of the preview typed over in place: the fields with what was read, what stands in the file, what is wrong.

Invariant: Enter checks the row, Esc checks it too and goes back to the list; what was typed is never thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
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
from desktop_app.ui import theme
from desktop_app.ui import widgets as w

USUAL = (
    Field.NAME, Field.BIRTH, Field.SEX, Field.CCCD, Field.RELATION, Field.PHONE, Field.HOUSEHOLD_CODE, Field.HAMLET,
)  # fmt: skip
"""Fields that are always offered; the others where something is said of them, or on request."""
CELL_WIDTH = 220
PLACEHOLDERS = {Field.BIRTH: "08/05/1984 hoặc 1984", Field.SEX: "nam, nữ", Field.POVERTY: "hộ nghèo, hộ cận nghèo"}


class EditPanel(w.Card):
    """The fields of one row.

    Signals:
        checked(object): Field → text, of what was typed over; the row is to be checked again.
        restored: the row is to stand as in the file again.
        closed: back to the list.
    """

    checked = Signal(object)
    restored = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(14, 10), spacing=8)
        head = w.hbox(spacing=8)
        self.title = w.ElidedLabel("", "strong")
        head.addWidget(self.title, 1)
        self.more = w.QuietButton("Các ô khác", icon="sliders-horizontal", small=True)
        self.more.clicked.connect(lambda _checked=False: self._show_more())
        self.restore = w.QuietButton("Như trong tệp", icon="undo-2", small=True)
        self.restore.setToolTip("Bỏ những gì đã sửa ở dòng này")
        self.restore.clicked.connect(lambda _checked=False: self.restored.emit())
        self.check = w.QuietButton("Kiểm tra lại", icon="check", key="Enter", small=True)
        self.check.clicked.connect(lambda _checked=False: self._emit())
        self.close_button = w.QuietButton("Xong", key="Esc", small=True)
        self.close_button.clicked.connect(lambda _checked=False: self._close())
        for button in (self.more, self.restore, self.check, self.close_button):
            head.addWidget(button)
        self.body.addLayout(head)
        self._area = QWidget()
        self._grid = w.grid(self._area, spacing=10)
        self.body.addWidget(self._area)
        self.editors: dict[Field, w.LineEditor] = {}
        self.errors: dict[Field, QLabel] = {}
        self._cells: list[QWidget] = []
        self._start: dict[Field, str] = {}
        self._has_more = False
        self._last: Field | None = None
        self._columns = 0
        self._plan: RowPlan | None = None
        self._sheet: ParsedSheet | None = None

    def set_row(self, plan: RowPlan, sheet: ParsedSheet, typed: Mapping[Field, str], *, is_new: bool) -> None:
        """Show a row.

        Args:
            typed: what was typed over before.
            is_new: another row than the one before: the usual fields, the first wrong one gets the keyboard.
        """
        focused = next((of for of, editor in self.editors.items() if editor.hasFocus()), self._last)
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

    @property
    def texts(self) -> dict[Field, str]:
        """What was typed since the row was shown."""
        return {of: editor.text() for of, editor in self.editors.items() if editor.text() != self._start[of]}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(300), super().minimumSizeHint().height())

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self, plan: RowPlan, sheet: ParsedSheet, typed: Mapping[Field, str]) -> None:
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells.clear()
        self.editors.clear()
        self.errors.clear()
        self._start.clear()
        said: dict[Field, list[Issue]] = {}
        for issue in (*plan.row.issues, *plan.issues):
            of = field_of_issue(issue.code)
            if of is not None:
                said.setdefault(of, []).append(issue)
        for of in EDITABLE:
            if of in USUAL or of in said or of in typed or self._has_more:
                self._cells.append(self._cell(of, plan, sheet, said.get(of, []), typed.get(of)))
        self.more.setVisible(len(self._cells) < len(EDITABLE))
        self._columns = 0
        self._place()

    def _cell(self, of: Field, plan: RowPlan, sheet: ParsedSheet, said: Sequence[Issue], typed: str | None) -> QWidget:
        cell = QWidget()
        column = w.vbox(cell, spacing=3)
        name = FIELD_TITLES[of] + (" (cả hộ)" if of in OF_HOUSEHOLD else "")
        column.addWidget(w.label(name, "field"))
        in_file = original_text(plan.row, of, sheet)
        is_wrong = any(issue.severity is Severity.ERROR for issue in said)
        shown = shown_value(plan.row, of) or (typed or (in_file if is_wrong else ""))
        editor = w.LineEditor(w.Field(of.value, name, placeholder=PLACEHOLDERS.get(of, "")))
        editor.set_raw(shown)
        editor.setAccessibleName(name)
        editor.returnPressed.connect(self._emit)
        column.addWidget(editor)
        self.editors[of], self._start[of] = editor, editor.text()
        if in_file and in_file != shown:
            column.addWidget(w.label(f"trong tệp: {in_file}", "small", wrap=True))
        error = w.label(" ".join(issue.message for issue in said), "error" if is_wrong else "warning", wrap=True)
        error.setVisible(bool(said))
        editor.setAccessibleDescription(error.text())
        self.errors[of] = error
        column.addWidget(error)
        column.addStretch(1)
        return cell

    def _place(self) -> None:
        room = max(self.width() - theme.px(28), 1)
        columns = max(1, min(4, room // theme.px(CELL_WIDTH)))
        if columns == self._columns:
            return
        self._columns = columns
        for index in range(8):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
        for place, cell in enumerate(self._cells):
            self._grid.addWidget(cell, place // columns, place % columns)
            cell.show()  # at once: a field that is not shown yet cannot take the keyboard

    # -- answering -----------------------------------------------------------------------------------------------

    def _show_more(self) -> None:
        texts = self.texts
        self._has_more = True
        if self._plan is not None and self._sheet is not None:
            self._build(self._plan, self._sheet, {})
            for of, text in texts.items():
                self.editors[of].setText(text)
            self.editors[Field.ETHNICITY].setFocus(Qt.FocusReason.OtherFocusReason)

    def _emit(self) -> None:
        """Also where nothing was typed: Enter says "look again"."""
        self._last = next((of for of, editor in self.editors.items() if editor.hasFocus()), None)
        self.checked.emit(self.texts)

    def _close(self) -> None:
        texts = self.texts
        if texts:
            self.checked.emit(texts)
        self.closed.emit()
