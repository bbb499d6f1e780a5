"""The columns of one sheet: heading, what stands below it (old letters beside the new), and the meaning to choose.

Invariant: shows what it is given and reports a choice; columns without any cell are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.score_choices import IndicatorChoice
from desktop_app.services.importing.fields import FIELD_TITLES, Field
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.preview import ParsedColumn
from desktop_app.services.importing.rows.typed import masked
from desktop_app.services.importing.understanding import Samples
from desktop_app.ui import theme
from desktop_app.ui import widgets as w

TITLES = ("Cột", "Tiêu đề trong tệp", "Trong cột", "Hiểu là")
WIDE_FROM = 640
"""From this width (at 100 %) samples stand beside the heading, else below it."""
TEXTS = frozenset(
    {Field.IGNORE, Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME, Field.HEAD_NAME, Field.RELATION, Field.SEX,
     Field.OCCUPATION, Field.NOTE, Field.ADDRESS, Field.ETHNICITY, Field.HAMLET, Field.POVERTY, Field.GROUP,
     Field.CLAN, Field.ORGANIZATION}
)  # fmt: skip
"""Meanings of which the letters matter; of the others the figures are shown."""
NUMBERS = (Field.CCCD, Field.OLD_NUMBER)
CCCD_LENGTHS = (11, 12)
"""Excel drops the first 0 of numbers."""


class ColumnsGrid(QWidget):
    """One line a column.

    Signals:
        meaning_chosen(int, object, str): position of a column, the Field a person gave it, and, of scores, the number
            of the indicator; "" where the heading says it.
    """

    meaning_chosen = Signal(int, object, str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = w.grid(self, spacing=8)
        self._sheet = ""
        self._is_wide = True
        self._lines: list[tuple[QWidget, QWidget, QWidget, QWidget]] = []
        self.editors: dict[int, w.ChoiceEditor] = {}

    def set_columns(self, columns: Sequence[ParsedColumn], samples: Samples, sheet: str,
                    fields: Sequence[Field], indicators: Sequence[IndicatorChoice] = ()) -> None:  # fmt: skip
        """Show a sheet's columns; the keyboard stays on the column where it is."""
        focused = next((index for index, editor in self.editors.items() if editor.hasFocus()), None)
        focused = focused if sheet == self._sheet else None
        self._sheet = sheet
        self._clear()
        meanings = [(_value(field), FIELD_TITLES[field]) for field in (Field.IGNORE, *fields)]
        meanings += [(_value(Field.SCORE, item.code), item.words) for item in indicators]
        shown = [item for item in columns if item.filled or item.field is not Field.IGNORE]
        if shown:
            number, heading, sample, meaning = (w.label(title, "small") for title in TITLES)
            self._lines.append((number, heading, sample, meaning))
        for item in shown:
            self._lines.append(self._line(item, samples.get((sheet, item.index), ()), meanings))
        self._place()
        if focused in self.editors:
            self.editors[focused].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_meanings(self, mapping: ColumnMapping) -> None:
        """Show meanings without reporting them."""
        for index, editor in self.editors.items():
            editor.blockSignals(True)
            field = mapping.fields[index] if index < len(mapping.fields) else Field.IGNORE
            editor.set_raw(_value(field, mapping.code_of(index)))
            editor.blockSignals(False)
            editor.tell_whole()
            editor.setAccessibleDescription(editor.currentText())

    def focus_first(self) -> None:
        """Put the keyboard on the first column."""
        if self.editors:
            next(iter(self.editors.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= theme.px(WIDE_FROM)
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._place()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(320), super().minimumSizeHint().height())

    def _clear(self) -> None:
        for line in self._lines:
            for widget in line:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._lines.clear()
        self.editors.clear()

    def _place(self) -> None:
        """Four cells a line where there is room; else the sample below its heading."""
        for place, (letter, heading, sample, editor) in enumerate(self._lines):
            row = 2 * place
            self._grid.addWidget(letter, row, 0)
            self._grid.addWidget(heading, row, 1)
            self._grid.addWidget(sample, *((row, 2) if self._is_wide else (row + 1, 1, 1, 2)))
            self._grid.addWidget(editor, row, 3 if self._is_wide else 2)
            w.sized(editor, min_width=236 if self._is_wide else 190)
        if self._lines:
            self._lines[0][2].setVisible(self._is_wide)
        for column, stretch in enumerate((0, 3, 5, 0) if self._is_wide else (0, 1, 0, 0)):
            self._grid.setColumnStretch(column, stretch)

    def _line(
        self, item: ParsedColumn, texts: Sequence[str], meanings: Sequence[tuple[str | None, str]]
    ) -> tuple[QWidget, QWidget, QWidget, QWidget]:
        heading = item.heading or "(không có tiêu đề)"
        choices, own = list(meanings), _value(item.field, item.code)
        if own not in [value for value, _ in choices]:
            choices.append((own, f"{FIELD_TITLES[item.field]} {item.code}".rstrip()))
        editor = w.ChoiceEditor(w.Field(f"column_{item.index}", heading, "choice", choices=tuple(choices)))
        editor.setAccessibleName(f"Cột {item.letter}, {heading}: hiểu là")
        editor.set_raw(own)
        editor.setAccessibleDescription(editor.currentText())
        longest = max(editor.fontMetrics().horizontalAdvance(words) for _, words in choices)
        editor.view().setMinimumWidth(longest + theme.px(48))
        editor.activated.connect(partial(self._on_chosen, item.index))
        self.editors[item.index] = editor
        title = w.label(heading, "strong" if item.heading else "quiet", wrap=True)
        return w.label(item.letter, "quiet"), title, _sample(item, texts), editor

    def _on_chosen(self, index: int, _position: int) -> None:
        editor = self.editors[index]
        editor.setAccessibleDescription(editor.currentText())
        raw = editor.raw()
        field, _, code = (raw or "").partition(_OF)
        self.meaning_chosen.emit(index, Field(field) if field else Field.IGNORE, code)


_OF = ":"


def _value(field: Field, code: str = "") -> str | None:
    """None stands for "(bỏ qua)", so that the editor adds no empty choice of its own."""
    if field is Field.IGNORE:
        return None
    return f"{field.value}{_OF}{code}" if code and field is Field.SCORE else field.value


def _safe(item: ParsedColumn, text: str) -> str:
    """A sample fit for the screen: a citizen number only with its last digits, whatever the column is taken for."""
    is_number = item.field in NUMBERS or (text.isdigit() and len(text) in CCCD_LENGTHS)
    return masked(text) if is_number else text


def _sample(item: ParsedColumn, texts: Sequence[str]) -> QWidget:
    pairs = [pair for pair in item.samples if pair[1] not in item.heading] if item.field in TEXTS else []
    if not pairs:
        return w.label(" · ".join(_safe(item, text) for text in texts) or f"{item.filled} ô", "quiet", wrap=True)
    box = QWidget()
    line = w.hbox(box, spacing=8)
    before, after = pairs[0]
    line.addWidget(w.label(before, "quiet", wrap=True), 1)
    line.addWidget(w.IconView("arrow-right", 14, "quiet"))
    line.addWidget(w.label(after, "strong", wrap=True), 1)
    box.setAccessibleName(f"{before}, đã chuyển thành {after}")
    return box
