"""One form of a scoring list typed over in place: who it is about, each score, and what is wrong with it.

Invariant: Enter reads the form again with what was typed, Esc goes back to the list; nothing typed is thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.preview import ScoreRow
from desktop_app.services.importing.scores.cells import Place, ScoreCell
from desktop_app.ui import theme
from desktop_app.ui import widgets as w

WIDE, NARROW = 200, 96
LONGEST = 24


class ScoresEdit(w.Card):
    """The cells of one form.

    Signals:
        checked(object): place → text, of what was typed over.
        restored: the form is to stand as in the file again.
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
        self.restore = w.QuietButton("Như trong tệp", icon="undo-2", small=True)
        self.restore.setToolTip("Bỏ những gì đã sửa ở dòng này")
        self.restore.clicked.connect(lambda _checked=False: self.restored.emit())
        self.check = w.QuietButton("Kiểm tra lại", icon="check", key="Enter", small=True)
        self.check.clicked.connect(lambda _checked=False: self._emit())
        self.close_button = w.QuietButton("Xong", key="Esc", small=True)
        self.close_button.clicked.connect(lambda _checked=False: self._close())
        for button in (self.restore, self.check, self.close_button):
            head.addWidget(button)
        self.body.addLayout(head)
        self.said = w.label("", "error", wrap=True)
        self.body.addWidget(self.said)
        self._area = QWidget()
        self._grid = w.grid(self._area, spacing=8)
        self.body.addWidget(self._area)
        self.editors: dict[Place, w.LineEditor] = {}
        self._cells: list[tuple[QWidget, bool]] = []
        self._start: dict[Place, str] = {}
        self._columns = 0
        self._last: Place | None = None

    @property
    def front(self) -> QWidget | None:
        """The cell that was typed into last, else the first."""
        last = self.editors.get(self._last) if self._last is not None else None
        return last or next(iter(self.editors.values()), None)

    def set_form(
        self, row: ScoreRow, cells: Sequence[ScoreCell], said: str, typed: Collection[Place], *, is_wrong: bool
    ) -> None:
        """Show a form; the keyboard is where it was, else at its first cell."""
        focused = next((place for place, editor in self.editors.items() if editor.hasFocus()), self._last)
        self._last = focused
        self.title.setText(f"Sửa dòng {row.row}: {row.name or '(thiếu tên)'}")
        self.said.setText(said)
        self.said.setProperty("role", "error" if is_wrong else "warning")
        w.repolish(self.said)
        self.said.setVisible(bool(said))
        self.restore.setVisible(any(cell.place in typed for cell in cells))
        for cell, _ in self._cells:
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self._cells.clear()
        self.editors.clear()
        self._start.clear()
        for item in cells:
            self._cells.append((self._cell(item), item.is_score))
        self._columns = 0
        self._place()
        if self.editors:
            editor = self.front
            assert isinstance(editor, w.LineEditor)
            editor.setFocus(Qt.FocusReason.OtherFocusReason)
            editor.selectAll()

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

    @property
    def texts(self) -> dict[Place, str]:
        """What was typed since the form was shown."""
        return {place: editor.text() for place, editor in self.editors.items() if editor.text() != self._start[place]}

    def _cell(self, item: ScoreCell) -> QWidget:
        cell = QWidget()
        column = w.vbox(cell, spacing=3)
        shown = item.title if len(item.title) <= LONGEST else f"{item.title[: LONGEST - 1]}…"
        title = w.label(shown, "field")
        title.setToolTip(item.title)
        column.addWidget(title)
        editor = w.LineEditor(w.Field("cell", item.title))
        editor.set_raw(item.text)
        editor.setAccessibleName(item.title)
        editor.returnPressed.connect(self._emit)
        column.addWidget(editor)
        self.editors[item.place], self._start[item.place] = editor, editor.text()
        return cell

    def _place(self) -> None:
        room = max(self.width() - theme.px(28), 1)
        columns = max(1, min(12, room // theme.px(NARROW + 8)))
        if columns == self._columns:
            return
        self._columns = columns
        for index in range(12):
            self._grid.setColumnStretch(index, 1 if index < columns else 0)
        row = at = 0
        for cell, is_score in self._cells:
            span = min(columns, 1 if is_score else 2)
            if at + span > columns:
                row, at = row + 1, 0
            self._grid.addWidget(cell, row, at, 1, span)
            cell.show()  # at once: a field that is not shown yet cannot take the keyboard
            at += span

    def _emit(self) -> None:
        """Also where nothing was typed: Enter says "look again"."""
        self._last = next((place for place, editor in self.editors.items() if editor.hasFocus()), self._last)
        self.checked.emit(self.texts)

    def _close(self) -> None:
        texts = self.texts
        if texts:
            self.checked.emit(texts)
        self.closed.emit()
