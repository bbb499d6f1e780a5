"""Asks of which former commune a list is whose title leaves it open: a choice for each title, the proposal chosen.

Invariant: what is shown as chosen is what the import would do; nothing chosen means that no hamlet is written.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.planning.places import AskedCommune
from desktop_app.ui import widgets as w


class AskedCommunes(QWidget):
    """The questions, one below the other.

    Signals:
        given(object, object): the titles asked about, and the former commune that was chosen; None takes it back.
    """

    given = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._column = w.vbox(self, spacing=4)
        self._asked: tuple[AskedCommune, ...] = ()
        self._lines: list[QWidget] = []
        self.editors: list[w.ChoiceEditor] = []
        self.hide()

    def set_asked(self, asked: tuple[AskedCommune, ...]) -> None:
        """Show what is asked, with what is taken so far."""
        if [(item.titles, item.hamlets, dict(item.options)) for item in asked] != [
            (item.titles, item.hamlets, dict(item.options)) for item in self._asked
        ]:
            self._build(asked)
        self._asked = asked
        for editor, item in zip(self.editors, asked, strict=True):
            editor.blockSignals(True)
            editor.set_raw(item.taken)
            editor.blockSignals(False)
        self.setVisible(bool(asked))

    def _build(self, asked: tuple[AskedCommune, ...]) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self._lines, self.editors = [], []
        for place, item in enumerate(asked):
            text = w.label(f"{item.words()}; hãy chọn ghi vào đâu.", "warning", wrap=True)
            choices = [
                (commune, f"{words[:1].upper()}{words[1:]}{' (đề xuất)' if commune == item.proposal else ''}")
                for commune, words in item.options.items()
            ]
            field = w.Field("commune", "Xã cũ của danh sách", "choice", is_required=True, choices=tuple(choices))
            editor = w.sized(w.ChoiceEditor(field), width=360)
            editor.setAccessibleName(f"Xã cũ của {', '.join(item.hamlets[:4])}")
            editor.changed.connect(partial(self._on_changed, place))
            line = QWidget()
            inner = w.vbox(line, spacing=4)
            inner.addWidget(text)
            inner.addWidget(w.FlowRow(w.label("Ghi vào", "field"), editor))
            self._column.addWidget(line)
            self._lines.append(line)
            self.editors.append(editor)

    def _on_changed(self, place: int) -> None:
        self.given.emit(self._asked[place].titles, self.editors[place].raw())
