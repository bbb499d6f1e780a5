"""The line of the grid on which the next person is found: a code typed or scanned, the end of a CCCD, a name.

Invariants: a scanner is a keyboard that ends in Enter, so Enter never waits for the list; several matches are asked
about, and nobody is taken from the list who was not pointed at or alone meant by what stands in the field; what was
typed stays until it led to somebody or Esc cleared it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit

from desktop_app.services.errors import AppError
from desktop_app.services.keying.finding import Candidate, Found
from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.search_popup import SearchHit, SearchPopup

REST_MS = 120


class FinderPopup(SearchPopup):
    """The suggestions, above the line where there is more room than below it."""

    @property
    def is_marked(self) -> bool:
        """One of them is pointed at."""
        return self._list.currentItem() is not None

    def unmark(self) -> None:
        """Point at nobody: an arrow key begins at the first."""
        self._list.setCurrentRow(-1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """An arrow key points into the list of what stands in the field now."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(self._box, Finder) and self._box.is_stale:
            self._box.suggest()
        return super().eventFilter(watched, event)

    def _place(self, rows: int) -> None:
        super()._place(rows)
        window, box = self._window, self._box
        top = box.mapTo(window, QPoint(0, 0)).y()
        below = window.height() - top - box.height() - theme.px(12)
        wanted = min(rows, 8) * theme.px(46) + theme.px(12)
        if below < wanted and top > below:
            height = min(wanted, top - theme.px(8))
            self.setGeometry(self.x(), top - height - theme.px(4), self.width(), height)


class Finder(QLineEdit):
    """The field.

    Args:
        find: who is meant by a text.
        following: who probably comes next, for arrow down in the empty field.
        hint: stands in the empty field.

    Signals:
        chosen(object): the Candidate whose form it is.
        nobody(str): Enter, and nobody fits what was typed.
        refused(str): Enter, and the code cannot be taken; the sentence why.
        left_up: arrow up or Esc in the empty field: back to the rows.
        focused: the focus came here.
    """

    chosen = Signal(object)
    nobody = Signal(str)
    refused = Signal(str)
    left_up = Signal()
    focused = Signal()

    def __init__(self, find: Callable[[str], Found], following: Callable[[], Sequence[Candidate]], hint: str) -> None:
        super().__init__()
        self._find = find
        self._following = following
        self._hits: tuple[Candidate, ...] = ()
        self._popup: FinderPopup | None = None
        self.setPlaceholderText(hint)
        self.setProperty("role", "search")
        self.setAccessibleName("Tìm người kế")
        self.setAccessibleDescription(hint)
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self.suggest)
        self.textEdited.connect(self._on_edited)

    @property
    def is_open(self) -> bool:
        """The suggestions are in sight."""
        return self._popup is not None and self._popup.isVisible()

    @property
    def hits(self) -> tuple[Candidate, ...]:
        """What the suggestions show."""
        return self._hits

    @property
    def is_stale(self) -> bool:
        """The suggestions are of an earlier text."""
        return self.is_open and self._timer.isActive()

    def close_list(self) -> None:
        """Put the suggestions away."""
        self._timer.stop()
        if self._popup is not None:
            self._popup.hide()

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z in an untouched field is about the batch, not about the field."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
            and not self.isUndoAvailable()
        ):
            event.ignore()
            return False
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self.suggest() if self.text() else self._propose()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.close_list()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Escape):
            self.left_up.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = theme.px(17)
        box = QRect(theme.px(11), (self.height() - side) // 2, side, side)
        icons.paint(QPainter(self), "scan-barcode", box, "quiet")

    def _on_enter(self) -> None:
        """The suggestion that is pointed at; without one whoever alone is meant."""
        if self.is_open and self._popup is not None and self._popup.is_marked:
            self._popup.open_current()
        else:
            self.submit()

    def _on_edited(self) -> None:
        if self._popup is not None:
            self._popup.unmark()
        self._timer.start()

    def submit(self) -> None:
        """Take whoever alone is meant by what stands there; several are asked about."""
        self._timer.stop()
        text = self.text().strip()
        if not text:
            return
        try:
            found = self._find(text)
        except AppError as error:
            self.refused.emit(error.message)
            self.selectAll()
            return
        if found.sure is not None:
            self._choose(found.sure)
        elif found.candidates:
            self._show(found.candidates)
        else:
            self.close_list()
            self.nobody.emit(text)

    def suggest(self) -> None:
        """The list while typing, pointing at nobody; a code that is not whole yet is no fault."""
        self._timer.stop()
        text = self.text().strip()
        try:
            found = self._find(text) if len(text) > 1 else Found(())
        except AppError:
            found = Found(())
        if found.candidates:
            self._show(found.candidates)
            assert self._popup is not None
            self._popup.unmark()
        else:
            self._hits = ()
            self.close_list()

    def _propose(self) -> None:
        """The next of the list, where the stack lies in its order."""
        found = self._following()
        if found:
            self._show(found)

    def _show(self, candidates: Sequence[Candidate]) -> None:
        """The list, pointing at the likeliest: a person asked for it and looks at it."""
        self._hits = tuple(candidates)
        if self._popup is None or self._popup.parentWidget() is not self.window():
            self._popup = FinderPopup(
                self,  # type: ignore[arg-type]  # has what a popup asks of a search box
                lambda _text: [_hit(item) for item in self._hits],
                self.window(),
            )
            self._popup.hit_chosen.connect(lambda hit: self._choose(hit.target))
        self._popup.search(self.text() or "↓")

    def _choose(self, candidate: Candidate) -> None:
        self.close_list()
        self._hits = ()
        self.chosen.emit(candidate)

    def done(self) -> None:
        """What was typed led to somebody."""
        self.clear()
        self.close_list()


def _hit(item: Candidate) -> SearchHit:
    where = "" if item.is_near else "ngoài nơi thu của tập"
    detail = " · ".join(part for part in (item.detail, where, item.note) if part)
    return SearchHit(item.name, detail or "–", "user-round", "", item)
