"""The few dialogs: telling, asking, choosing files; all in Vietnamese, all the same calm shape.

Invariant: the safe answer has the focus when the deed cannot be undone; Esc is the safe answer. Tests replace the
functions of this module, so call them as ``dialogs.confirm(...)``.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui import theme
from desktop_app.ui.widgets.basics import Button, PrimaryButton, QuietButton, label
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import ScrollBody, hbox, sized, vbox

FRAME = 40
"""Height (at 100 %) that is left to the system's title bar."""
SLACK = 8
"""Height more than the words ask, so that a rounding never brings a scroll bar."""


class Dialog(QDialog):
    """A dialog's frame: icon, title, sentence, own contents in ``body``, buttons at the lower right.

    Add contents to ``body`` and buttons by ``add_button``; the primary button last.
    """

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str = "",
        *,
        icon: str = "",
        tone: str = "accent",
        width: int = 480,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        outer = vbox(self, margins=24, spacing=20)
        inner = QWidget()
        contents = vbox(inner, spacing=20)
        self._scroll = ScrollBody(inner)
        outer.addWidget(self._scroll, 1)
        top = hbox(spacing=16)
        if icon:
            tint = tone if tone != "neutral" else "quiet"
            top.addWidget(IconView(icon, 28, tint), 0, Qt.AlignmentFlag.AlignTop)
        column = vbox(spacing=8)
        column.addWidget(label(title, "title", wrap=True))
        self.sentence_label = label(sentence, wrap=True)
        self.sentence_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.sentence_label)
        top.addLayout(column, 1)
        contents.addLayout(top)
        self.sentence_label.setVisible(bool(sentence))  # not before it has its place: alone it would be a window
        self.body: QVBoxLayout = vbox(spacing=12)
        contents.addLayout(self.body)
        contents.addStretch(1)
        self._buttons = hbox(spacing=12)
        self._buttons.addStretch(1)
        outer.addLayout(self._buttons)
        self._focus: QWidget | None = None
        sized(self, min_width=width)

    def add_button(
        self, button: Button, *, accepts: bool = False, rejects: bool = False, focus: bool = False
    ) -> Button:
        self._buttons.addWidget(button)
        if accepts:
            button.clicked.connect(self.accept)
        if rejects:
            button.clicked.connect(self.reject)
        if focus:
            self._focus = button
        return button

    def take_room(self) -> None:
        """Be as high as the words ask at this width; what the screen cannot show scrolls, the buttons stay."""
        layout, inner = self.layout(), self._scroll.widget()
        assert layout is not None and inner is not None
        margins = layout.contentsMargins()
        width = self.width() - margins.left() - margins.right()
        wanted = inner.heightForWidth(width) if inner.hasHeightForWidth() else inner.sizeHint().height()
        wanted += margins.top() + margins.bottom() + layout.spacing() + self._buttons.sizeHint().height()
        wanted += theme.px(SLACK)
        most = self.screen().availableGeometry().height() - theme.px(FRAME)
        self.resize(self.width(), min(wanted, most))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter answers as it does in the forms beside lists; Enter and Esc as in every dialog."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            for button in self.findChildren(QPushButton):
                if button.isDefault():
                    button.click()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.take_room()
        if self._focus is not None:
            self._focus.setFocus(Qt.FocusReason.OtherFocusReason)


def tell(parent: QWidget | None, title: str, sentence: str, *, tone: str = "accent", icon: str = "info") -> None:
    """Say one thing and wait until it is read."""
    dialog = Dialog(parent, title, sentence, icon=icon, tone=tone)
    dialog.add_button(PrimaryButton("Đã hiểu"), accepts=True, focus=True)
    dialog.exec()
    dialog.deleteLater()


def confirm(
    parent: QWidget | None,
    title: str,
    sentence: str,
    *,
    yes: str,
    no: str = "Giữ nguyên",
    is_danger: bool = False,
    icon: str = "",
) -> bool:
    """Ask before a deed; True for ``yes``. Name the deed on the button: "Xóa 3 hộ", not "Đồng ý"."""
    tone = "failed" if is_danger else "accent"
    picture = icon or ("triangle-alert" if is_danger else "circle-question-mark")
    dialog = Dialog(parent, title, sentence, icon=picture, tone=tone)
    dialog.add_button(QuietButton(no), rejects=True, focus=is_danger)
    button = Button(yes, role="danger") if is_danger else PrimaryButton(yes)
    dialog.add_button(button, accepts=True, focus=not is_danger)
    answer = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return answer


def _file_dialog(parent: QWidget | None, title: str, folder: Path | None, filters: str) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder) if folder else "", filters)
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, "Xem trong:")
    dialog.setLabelText(QFileDialog.DialogLabel.FileName, "Tên tệp:")
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, "Loại tệp:")
    dialog.setLabelText(QFileDialog.DialogLabel.Reject, "Hủy")
    return dialog


def _run(dialog: QFileDialog) -> list[Path]:
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    files = [Path(name) for name in dialog.selectedFiles()] if accepted else []
    dialog.deleteLater()
    return files


def ask_open_files(
    parent: QWidget | None, title: str, filters: str, *, folder: Path | None = None, many: bool = False
) -> list[Path]:
    """Choose files to read; an empty list when cancelled. ``filters`` as Qt writes them: "Bảng tính (*.xlsx *.xls)"."""
    dialog = _file_dialog(parent, title, folder, filters)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles if many else QFileDialog.FileMode.ExistingFile)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Mở")
    return _run(dialog)


def ask_save_file(
    parent: QWidget | None, title: str, filters: str, *, name: str = "", folder: Path | None = None, suffix: str = ""
) -> Path | None:
    """Choose where to write; asks before overwriting. ``suffix`` ("pdf") is added when none was typed."""
    dialog = _file_dialog(parent, title, folder, filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Cất")
    if suffix:
        dialog.setDefaultSuffix(suffix)
    if name:
        dialog.selectFile(name)
    chosen = _run(dialog)
    return chosen[0] if chosen else None
