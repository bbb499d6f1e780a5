"""Step "Chọn tệp": one sentence, one button, the files of late; a file can be dropped anywhere on the page."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.ui import widgets as w
from desktop_app.ui.importing.template_card import TemplateCard
from desktop_app.ui.widgets import state

RECENT = "import/recent"
KEPT = 4
SENTENCE = "Chọn tệp Excel của xã, hoặc kéo tệp thả vào đây."
HINTS = (
    ("users", "Danh sách hộ, nhân khẩu", "Một bảng chung, hoặc mỗi thôn một trang tính."),
    ("languages", "Phông chữ cũ", "Bảng gõ bằng .VnTime (TCVN3) hay VNI được tự chuyển sang Unicode."),
    ("clipboard-check", "Phiếu chấm điểm", "Mỗi dòng một người, mỗi cột một chỉ số."),
    ("shield-check", "Xem trước rồi mới ghi", "Chưa có gì được ghi cho tới bước cuối; nhập xong vẫn hoàn tác được."),
)


class ChooseView(QWidget):
    """Asks for a file.

    Signals:
        open_requested: the button was pressed.
        file_chosen(object): a file of late was chosen (its Path).
        template_requested(object): a TemplateScope, or None for the empty template.
    """

    open_requested = Signal()
    file_chosen = Signal(object)
    template_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = w.vbox(self, spacing=12)
        card = w.Card()
        self.empty = w.EmptyState("file-spreadsheet", SENTENCE, "Chọn tệp", key="Ctrl+O")
        self.empty.activated.connect(self.open_requested)
        card.body.addWidget(self.empty, 1)
        column.addWidget(card, 1)
        self.template = TemplateCard()
        self.template.requested.connect(self.template_requested)
        column.addWidget(self.template)
        column.addWidget(w.CardGrid(*(_hint(*hint) for hint in HINTS), min_width=240, spacing=12))
        self.recent = w.FlowRow()
        self.recent_label = w.label("Tệp mở gần đây", "small")
        column.addWidget(self.recent_label)
        column.addWidget(self.recent)

    def show_recent(self) -> None:
        """Offer the files of late that are still there."""
        self.recent.clear()
        paths = [path for path in recent_files() if path.is_file()]
        for path in paths:
            button = w.QuietButton(path.name, icon="file-spreadsheet", small=True)
            button.setToolTip(str(path))
            button.clicked.connect(partial(self._on_recent, path))
            self.recent.add(button)
        self.recent_label.setVisible(bool(paths))
        self.recent.setVisible(bool(paths))

    def _on_recent(self, path: Path, _checked: bool = False) -> None:
        self.file_chosen.emit(path)


def _hint(icon: str, title: str, sentence: str) -> w.Card:
    card = w.Card(margins=(16, 12), spacing=4)
    head = w.hbox(spacing=8)
    head.addWidget(w.IconView(icon, 18, "accent"))
    head.addWidget(w.label(title, "strong"), 1)
    card.body.addLayout(head)
    card.body.addWidget(w.label(sentence, "help", wrap=True))
    card.body.addStretch(1)
    return card


def recent_files() -> list[Path]:
    """The files that were read last, newest first."""
    try:
        kept = json.loads(state.recall(RECENT) or "[]")
    except ValueError:
        return []
    return [Path(str(item)) for item in kept] if isinstance(kept, list) else []


def remember_file(path: Path) -> None:
    """Put a file first among those of late."""
    kept = [path, *(item for item in recent_files() if item != path)][:KEPT]
    state.remember(RECENT, json.dumps([str(item) for item in kept], ensure_ascii=False))
