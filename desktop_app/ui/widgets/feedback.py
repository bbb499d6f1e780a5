"""What a screen says back: banners, an empty state with its one button, and asking in place before a deed.

Invariant: nothing here blocks; a banner stays until closed or replaced, a question answers by signal.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QLabel, QSizePolicy, QWidget

from desktop_app.ui import icons, theme
from desktop_app.ui.widgets.basics import Button, IconButton, PrimaryButton, QuietButton, label, set_tone
from desktop_app.ui.widgets.layouts import FlowRow, hbox, vbox

BANNER_ICONS = {
    "neutral": "info",
    "accent": "info",
    "passed": "circle-check",
    "failed": "circle-x",
    "attention": "triangle-alert",
}


class IconView(QWidget):
    """An icon alone, as large as asked (at 100 %)."""

    def __init__(self, name: str, size: int = 20, tint: str = "ink") -> None:
        super().__init__()
        self._name, self._size, self._tint = name, size, tint
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, tint: str) -> None:
        self._name, self._tint = name, tint
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            icons.paint(QPainter(self), self._name, QRect(self.rect()), self._tint)


class Banner(QFrame):
    """A sentence across the page with an icon, at most one button, and a cross.

    Signals:
        closed: the person has put it away.
    """

    closed = Signal()

    def __init__(
        self,
        text: str = "",
        tone: str = "accent",
        *,
        button: str = "",
        on_button: Callable[[], object] | None = None,
        icon: str = "",
        closable: bool = True,
    ) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        row = hbox(self, margins=(16, 10), spacing=12)
        self._icon = IconView(icon or BANNER_ICONS[tone], 20, tone if tone != "neutral" else "quiet")
        row.addWidget(self._icon)
        self.text_label: QLabel = label(text, wrap=True)
        row.addWidget(self.text_label, 1)
        self.button: Button | None = None
        if button:
            self.button = QuietButton(button)
            if on_button is not None:
                self.button.clicked.connect(lambda _checked=False: on_button())
            row.addWidget(self.button)
        self._cross = IconButton("x", "Đóng thông báo")
        self._cross.clicked.connect(self._on_close)
        row.addWidget(self._cross)
        self._cross.setVisible(closable)  # not before it has its place: alone it would be a window
        self.setAccessibleName(text)

    def set_message(self, text: str, tone: str = "accent") -> None:
        self.text_label.setText(text)
        self.setAccessibleName(text)
        set_tone(self, tone)
        self._icon.set_icon(BANNER_ICONS[tone], tone if tone != "neutral" else "quiet")

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()


class ConfirmBar(QFrame):
    """A question in place of a dialog: "Xóa 3 hộ? [Xóa] [Giữ lại]"; Enter never confirms by itself.

    Where the question would be left with less than ``QUESTION_ROOM`` (at 100 %), the answers go below it.

    Signals:
        confirmed, declined.
    """

    confirmed = Signal()
    declined = Signal()
    QUESTION_ROOM = 400

    def __init__(self, question: str, yes: str, no: str = "Giữ lại", *, is_danger: bool = True) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", "attention")
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        theme.remember_layout(self._lines, (16, 10, 16, 10), 12)
        asking = hbox(spacing=12)
        self._icon = IconView("triangle-alert", 20, "attention")
        asking.addWidget(self._icon)
        self.question_label = label(question, wrap=True)
        asking.addWidget(self.question_label, 1)
        self.yes_button = Button(yes, role="danger") if is_danger else PrimaryButton(yes)
        self.no_button = QuietButton(no)
        self.yes_button.clicked.connect(self._on_yes)
        self.no_button.clicked.connect(self._on_no)
        self._lines.addLayout(asking, 1)
        self._answers = FlowRow(self.yes_button, self.no_button, spacing=12)
        self._lines.addWidget(self._answers)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.notifier().changed.connect(self._arrange)
        self.setAccessibleName(question)
        self.hide()

    @property
    def is_stacked(self) -> bool:
        """Do the answers stand below the question?"""
        return self._is_narrow(self.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the question needs in the shape that this width leads to."""
        margins = self._lines.contentsMargins()
        room = width - margins.left() - margins.right()
        asked = room - self._icon.sizeHint().width() - theme.px(12)
        answers = self._answers.sizeHint()
        edges = margins.top() + margins.bottom()
        if self._is_narrow(width):
            below = self._answers.heightForWidth(max(room, 1))
            return self._question_height(asked) + self._lines.spacing() + below + edges
        beside = asked - answers.width() - self._lines.spacing()
        return max(self._question_height(beside), answers.height()) + edges

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(self.width() if self.isVisible() else hint.width()))

    def minimumSizeHint(self) -> QSize:
        margins = self._lines.contentsMargins()
        widest = max(self.yes_button.sizeHint().width(), self.no_button.sizeHint().width())
        return QSize(widest + margins.left() + margins.right(), self.heightForWidth(max(self.width(), 1)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _question_height(self, width: int) -> int:
        icon = self._icon.sizeHint().height()
        return max(self.question_label.heightForWidth(max(width, 1)), icon)

    def _is_narrow(self, width: int) -> bool:
        answers = self._answers.sizeHint().width()
        return width - answers < theme.px(self.QUESTION_ROOM)

    def _arrange(self) -> None:
        direction = QBoxLayout.Direction.TopToBottom if self.is_stacked else QBoxLayout.Direction.LeftToRight
        if self._lines.direction() != direction:
            self._lines.setDirection(direction)
        self.updateGeometry()

    def ask(self, question: str = "") -> None:
        """Show it, with the focus on the harmless answer."""
        if question:
            self.question_label.setText(question)
            self.setAccessibleName(question)
        self.show()
        self.no_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._on_no()
            return
        super().keyPressEvent(event)

    def _on_yes(self) -> None:
        self.hide()
        self.confirmed.emit()

    def _on_no(self) -> None:
        self.hide()
        self.declined.emit()


PICTURE_ROOM = 230
"""Height (at 100 %) from which an empty screen has room for its picture beside sentence and button."""


class EmptyState(QWidget):
    """An empty screen's one sentence and one button.

    Args:
        is_primary: the button is the main deed of the screen; the header then has none.

    Signals:
        activated: the button was pressed.
    """

    activated = Signal()

    def __init__(self, icon: str, sentence: str, button: str = "", *, key: str = "", is_primary: bool = True) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        column = vbox(self, margins=24, spacing=16)
        column.addStretch(2)
        self._picture = IconView(icon, 48, "accent_soft")
        column.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence_label = label(sentence, "quiet", wrap=True)
        self.sentence_label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence_label)
        self.button: Button | None = None
        if button:
            self.button = PrimaryButton(button, key=key) if is_primary else QuietButton(button, key=key)
            self.button.clicked.connect(self.activated)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.setAccessibleName(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the room is short the picture gives way to the words."""
        super().resizeEvent(event)
        self._picture.setVisible(self.height() >= theme.px(PICTURE_ROOM))

    def set_sentence(self, sentence: str) -> None:
        self.sentence_label.setText(sentence)
        self.setAccessibleName(sentence)


STAYS_MS, STAYS_WITH_UNDO_MS = 3_500, 8_000
NARROW, ABOVE_BUTTONS = 940, 84
"""Where only one half of a page is shown, a toast stands above the buttons at its foot."""
"""A word that can be acted on stays longer than one that is only read."""


class Toast(QFrame):
    """A short word at the bottom that something was done, with "Hoàn tác"; goes by itself.

    Signals:
        undo_requested.
    """

    undo_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        from PySide6.QtCore import QTimer

        self._parent = parent
        self.setProperty("role", "popup")
        row = hbox(self, margins=(16, 8, 8, 8), spacing=12)
        self._icon = IconView("circle-check", 18, "passed")
        row.addWidget(self._icon)
        self.text_label = label("")
        row.addWidget(self.text_label)
        self.undo_button = Button("Hoàn tác", role="link", key="Ctrl+Z")
        self.undo_button.clicked.connect(self._on_undo)
        row.addWidget(self.undo_button)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self._is_settled = False
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._settle)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)
        parent.installEventFilter(self)
        self.hide()

    def show_message(self, text: str, tone: str = "passed", *, can_undo: bool = False) -> None:
        self.text_label.setText(text)
        self.setAccessibleName(text)
        self._icon.set_icon(BANNER_ICONS[tone], tone if tone != "neutral" else "quiet")
        self.undo_button.setVisible(can_undo)
        self._place()
        self.show()
        self.raise_()
        self._is_settled = False
        self._rest.start()
        self._timer.start(STAYS_WITH_UNDO_MS if can_undo else STAYS_MS)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """In a narrow window it lies over what the person now goes on with; Ctrl+Z is still the way back."""
        if self._is_settled and now is not None and not self.isAncestorOf(now) and self._is_narrow:
            self.hide()

    @property
    def _is_narrow(self) -> bool:
        return self._parent.width() < theme.px(NARROW)

    def _settle(self) -> None:
        """What the deed itself did with the focus is done."""
        self._is_settled = True

    def _place(self) -> None:
        parent = self._parent
        left, below = theme.px(24), theme.px(24)
        self._wrap(False)
        size = self.sizeHint()
        room = max(parent.width() - 2 * left, 1)
        if size.width() > room:  # the whole sentence, on more lines
            self._wrap(True)
            size = QSize(room, self.heightForWidth(room))
        if self._is_narrow:
            below = theme.px(ABOVE_BUTTONS)  # a panel's buttons stand along the whole foot there
        self.setGeometry(left, parent.height() - size.height() - below, size.width(), size.height())

    def _wrap(self, is_wrapped: bool) -> None:
        self.text_label.setWordWrap(is_wrapped)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # else it keeps the least width of before

    def _on_undo(self) -> None:
        self.hide()
        self.undo_requested.emit()
