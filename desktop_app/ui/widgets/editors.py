"""The fields people type in: each gives its raw answer, takes one, and says when it changed.

Invariant: an editor never refuses or rewrites what is typed; reading it is ``form_spec``'s work. No inline completion,
Backspace untouched.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QWidget,
)

from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import IconButton, label
from desktop_app.ui.widgets.choice_editor import ChoiceEditor as ChoiceEditor
from desktop_app.ui.widgets.form_spec import MASK, Field, Unchosen
from desktop_app.ui.widgets.layouts import hbox, sized, vbox

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
KIND_WIDTHS = {"date": 180, "integer": 120, "cccd": 220, "phone": 180, "choice": 280, "text": 400, "search": 400}


class Editor(Protocol):
    """What a form needs of a field."""

    changed: Any

    def raw(self) -> Any: ...
    def set_raw(self, raw: Any) -> None: ...
    def focus_widget(self) -> QWidget: ...


class LineEditor(QLineEdit):
    """One line of text.

    Signals:
        changed: the answer is another one now.
        left: the focus went elsewhere.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self.setPlaceholderText(spec.placeholder or ("ngày/tháng/năm hoặc năm" if spec.kind == "date" else ""))
        self.textChanged.connect(self.changed)

    def raw(self) -> Any:
        return self.text()

    def set_raw(self, raw: Any) -> None:
        self.setText(str(raw or ""))
        self.setCursorPosition(0)

    def focus_widget(self) -> QWidget:
        return self

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class SecretEditor(QWidget):
    """A number that is masked while nobody types in it: CCCD, phone; the eye shows it.

    A number that came masked is fetched only by the eye (``Field.reveal``); until then the field is empty while it is
    typed in, and what is typed replaces the number. Nothing typed leaves it as it is.

    Signals: changed, left (see LineEditor).
    """

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self._kind = spec.kind
        self._reveal = spec.reveal
        self._raw = ""
        self._sealed = ""
        self._fetched = ""
        self._is_revealed = False
        row = hbox(self, spacing=4)
        self._line = LineEditor(spec)
        self._line.textEdited.connect(self._on_edited)
        self._line.installEventFilter(self)
        self._line.left.connect(self._on_left)
        row.addWidget(self._line, 1)
        self.eye = IconButton("eye", "Hiện số")
        self.eye.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.eye.clicked.connect(lambda _checked=False: self.set_revealed(not self._is_revealed))
        row.addWidget(self.eye)
        self.setFocusProxy(self._line)

    def raw(self) -> Any:
        if self._sealed and self._raw in (self._sealed, self._fetched):
            return self._sealed
        return self._raw

    def set_raw(self, raw: Any) -> None:
        changed = str(raw or "") != self._raw
        self._raw = str(raw or "")
        if MASK in self._raw:
            self._sealed, self._fetched = self._raw, ""
        self.eye.setVisible(not self._is_sealed or self._reveal is not None)
        self._show()
        if changed:
            self.changed.emit()

    def focus_widget(self) -> QWidget:
        return self._line

    @property
    def shown_text(self) -> str:
        return self._line.text()

    @property
    def _is_sealed(self) -> bool:
        return bool(self._sealed) and self._raw == self._sealed

    def set_revealed(self, revealed: bool) -> None:
        if revealed and self._is_sealed:
            self._fetched = (self._reveal() if self._reveal is not None else None) or ""
            if not self._fetched:
                return
            self._raw = self._fetched
        self._is_revealed = revealed
        self.eye.icon_name = "eye-off" if revealed else "eye"
        words = "Ẩn số" if revealed else "Hiện số"
        self.eye.setToolTip(words)
        self.eye.setAccessibleName(words)
        self._show()

    def eventFilter(self, watched: object, event: Any) -> bool:
        if watched is self._line and event.type() == event.Type.FocusIn:
            self._line.setPlaceholderText("gõ số mới để thay số cũ" if self._is_sealed else "")
            self._line.setText("" if self._is_sealed else self._raw)
        return False

    def _on_edited(self, text: str) -> None:
        is_untouched = bool(self._sealed) and not self._fetched and not text
        self._raw = self._sealed if is_untouched else text
        self.changed.emit()

    def _on_left(self) -> None:
        self._show()
        self.left.emit()

    def _show(self) -> None:
        if self._line.hasFocus():
            self._line.setText("" if self._is_sealed else self._raw)
        else:
            self._line.setText(self._raw if self._is_revealed else self._masked())
        self.eye.update()

    def _masked(self) -> str:
        from desktop_app.services.vietnamese import mask_cccd, mask_phone, parse_cccd, parse_phone

        if self._kind == "cccd":
            value = parse_cccd(self._raw).value
            return mask_cccd(value) if value else self._raw
        phone = parse_phone(self._raw).value
        return mask_phone(phone) if phone else self._raw


class TextAreaEditor(QPlainTextEdit):
    """Several lines; Enter makes a new line, Ctrl+Enter goes on. Signals: changed, left."""

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self.setPlaceholderText(spec.placeholder)
        self.setTabChangesFocus(True)
        self.textChanged.connect(self.changed)
        sized(self, height=96)

    def raw(self) -> Any:
        return self.toPlainText()

    def set_raw(self, raw: Any) -> None:
        self.setPlainText(str(raw or ""))

    def focus_widget(self) -> QWidget:
        return self

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class CheckEditor(QCheckBox):
    """Yes or no; its words stand beside the box. Signals: changed, left."""

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__(spec.label)
        self.toggled.connect(lambda _on: self.changed.emit())

    def raw(self) -> Any:
        return self.isChecked()

    def set_raw(self, raw: Any) -> None:
        self.setChecked(bool(raw))

    def focus_widget(self) -> QWidget:
        return self


class StaticEditor(QLabel):
    """Shown, not asked. Signals: changed, left (never)."""

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self._raw: Any = None
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def raw(self) -> Any:
        return self._raw

    def set_raw(self, raw: Any) -> None:
        self._raw = raw
        self.setText("–" if raw in (None, "") else str(raw))

    def focus_widget(self) -> QWidget:
        return self


class SearchEditor(QLineEdit):
    """One of a long list, found by typing with or without accents; the list stands below, nothing is completed inline.
    It points at nothing until an arrow key goes into it; Enter takes what is pointed at, or what alone is found.
    Signals: changed, left."""

    changed = Signal()
    left = Signal()

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self._spec = spec
        self._value: Any = None
        self._words = ""
        self._popup: QFrame | None = None
        self._list: QListWidget | None = None
        self._note = label("", "small")
        self.setPlaceholderText(spec.placeholder or "gõ để tìm, F4 xem danh sách")
        self._timer = QTimer(self, singleShot=True, interval=120)
        self._timer.timeout.connect(self.open_list)
        self.textEdited.connect(self._on_edited)

    def raw(self) -> Any:
        if self.text() == self._words:
            return self._value
        return Unchosen(self.text()) if self.text().strip() else None

    def set_raw(self, raw: Any) -> None:
        words = raw.text if isinstance(raw, Unchosen) else ""
        if raw is not None and not isinstance(raw, Unchosen):
            words = self._spec.words_of(raw) if self._spec.words_of else str(raw)
        self._set(raw, words)

    def focus_widget(self) -> QWidget:
        return self

    def open_list(self, note: str = "") -> None:
        """Show what fits the typed text (everything when nothing was typed since the last choice), with a sentence."""
        self._timer.stop()
        found = self._spec.find(self.text() if isinstance(self.raw(), Unchosen) else "") if self._spec.find else ()
        view = self._made_list()
        view.clear()
        for value, words in found:
            view.addItem(words)
            view.item(view.count() - 1).setData(Qt.ItemDataRole.UserRole, value)
        if not found:
            view.addItem("Không tìm thấy")
            view.item(0).setFlags(Qt.ItemFlag.NoItemFlags)
        view.setCurrentRow(-1)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._place(max(1, len(found)))

    def settle(self) -> None:
        """End typing: words that fit one entry alone choose it, others stay as an answer that is not chosen yet."""
        self.close_list()
        if not self.text().strip():
            self._set(None, "")
        elif self.text() != self._words:
            found = self._spec.find(self.text()) if self._spec.find else ()
            self._set(*(found[0] if len(found) == 1 else (Unchosen(self.text()), self.text())))

    def close_list(self) -> None:
        self._timer.stop()
        if self._popup is not None:
            self._popup.hide()

    @property
    def is_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _ENTER and self.is_open:
            self._on_enter()
        elif key in _ENTER and isinstance(self.raw(), Unchosen):
            self.open_list()
        elif key == Qt.Key.Key_Down or (key == Qt.Key.Key_Up and self.is_open):
            self._point(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_F4 and not self.is_open:
            self.open_list()
        elif key == Qt.Key.Key_Escape and self.is_open:
            self.close_list()
        else:
            super().keyPressEvent(event)

    def _point(self, step: int) -> None:
        """An arrow key: into the list of what stands there now, which may have to be opened, at its first row."""
        if not self.is_open or self._timer.isActive():
            self.open_list()
        view = self._made_list()
        if step > 0 or view.currentRow() > 0:
            view.setCurrentRow(min(view.count() - 1, view.currentRow() + step))

    def _on_enter(self) -> None:
        """Take what is pointed at, else what alone is found; of several or none nothing is taken, and it stays said."""
        if self._timer.isActive():
            self.open_list()
        view = self._made_list()
        if view.currentItem() is None and not isinstance(self.raw(), Unchosen) and self._value is not None:
            self.close_list()
        elif view.currentItem() is None and view.count() > 1:
            self.open_list(f"{view.count()} mục: mũi tên xuống để chọn, hoặc gõ thêm.")
        elif view.count() and view.item(0).flags() & Qt.ItemFlag.ItemIsEnabled:
            self._choose(view.currentItem() or view.item(0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.settle()
        self.left.emit()

    def _on_edited(self, text: str) -> None:
        self._timer.start()

    def _set(self, value: Any, words: str) -> None:
        changed = value != self._value
        self._value, self._words = value, words
        self.setText(words)
        if changed:
            self.changed.emit()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._set(item.data(Qt.ItemDataRole.UserRole), item.text())
        self.close_list()

    def _made_list(self) -> QListWidget:
        if self._list is None:
            self._popup = QFrame(self.window())
            self._popup.setProperty("role", "popup")
            self._list = QListWidget()
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.setAccessibleName("Các mục tìm thấy")
            self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._list.itemClicked.connect(self._choose)
            column = vbox(self._popup, margins=(8, 4), spacing=0)
            column.addWidget(self._list, 1)
            column.addWidget(self._note)
        return self._list

    def _place(self, rows: int) -> None:
        assert self._popup is not None
        window = self.window()
        corner = self.mapTo(window, QPoint(0, self.height() + 2))
        height = min(theme.px(34) * rows + theme.px(14), theme.px(300))
        height += self._note.sizeHint().height() if self._note.text() else 0
        if corner.y() + height > window.height():
            corner.setY(max(0, self.mapTo(window, QPoint(0, 0)).y() - height - 2))
        self._popup.setGeometry(corner.x(), corner.y(), max(self.width(), theme.px(240)), height)
        self._popup.show()
        self._popup.raise_()


_EDITORS: dict[str, Any] = {
    "text": LineEditor,
    "date": LineEditor,
    "integer": LineEditor,
    "multiline": TextAreaEditor,
    "choice": ChoiceEditor,
    "search": SearchEditor,
    "cccd": SecretEditor,
    "phone": SecretEditor,
    "check": CheckEditor,
    "static": StaticEditor,
}


def make_editor(spec: Field) -> Any:
    """The editor for a field's kind, with its width, accessible name and description."""
    editor = _EDITORS[spec.kind](spec)
    width = spec.width or KIND_WIDTHS.get(spec.kind, 0)
    if width:
        sized(editor, max_width=width, min_width=min(width, 96))
    for widget in {editor, editor.focus_widget()}:
        widget.setAccessibleName(spec.label)
        widget.setAccessibleDescription(spec.help)
    return editor


def field_label(text: str, *, is_required: bool) -> QLabel:
    """The words above a field; what must be filled says so in words, not by a star."""
    return label(f"{text} (cần có)" if is_required else text, "field")
