"""The foot of a form: running total, the verdict's sentence as it stands now, and the way to the next person.

Invariant: the sentence is the service's own, word for word; colour only repeats its first words.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QSizePolicy, QWidget

from desktop_app.services.assessment.scoring import Verdict
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.ui import theme
from desktop_app.ui.assessment.words import sentence_tone, total_words
from desktop_app.ui.widgets.basics import PrimaryButton, QuietButton, repolish
from desktop_app.ui.widgets.charts import Figure
from desktop_app.ui.widgets.layouts import hbox, vbox

WAY = " Nếu "
SHORT = 96
"""Letters of the verdict that a narrow window has room for beside the way to pass; the rest stands below the help."""


class VerdictBar(QFrame):
    """The bar.

    Signals:
        back_clicked: the person before.
        forward_clicked: the next indicator, or the next person once the form has been gone through.
    """

    back_clicked = Signal()
    forward_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._said = ""
        self._is_compact = False
        self._total = ("", "")
        row = hbox(self, margins=(18, 11), spacing=18)
        self._row: QBoxLayout = row
        self.figure = Figure()
        row.addWidget(self.figure)
        words = QWidget()
        column = vbox(words, spacing=1)
        self.sentence_label = _rich()
        self.way_label = _rich()
        self.way_label.setProperty("role", "small")
        column.addStretch(1)
        column.addWidget(self.sentence_label)
        column.addWidget(self.way_label)
        column.addStretch(1)
        row.addWidget(words, 1)
        self.back_button = QuietButton("Người trước", icon="arrow-left")
        self.forward_button = PrimaryButton("Tiếp", trailing="corner-down-left")
        self.back_button.clicked.connect(self.back_clicked)
        self.forward_button.clicked.connect(self.forward_clicked)
        row.addWidget(self.back_button)
        row.addWidget(self.forward_button)
        theme.notifier().changed.connect(self._paint_words)

    @property
    def said(self) -> str:
        """The whole sentence, as the service gave it."""
        return self._said

    def set_verdict(self, definition: CriteriaSet, verdict: Verdict, said: str) -> None:
        """Show a verdict."""
        self._total = total_words(definition, verdict)
        self._show_total()
        if said != self._said:
            self._said = said
            self._paint_words()

    def _show_total(self) -> None:
        """The running total; a narrow window leaves its room to the sentence, which says what it is measured by."""
        figure, unit = self._total
        self.figure.set_figure(figure, "" if self._is_compact else unit)

    def set_buttons(self, back: str, forward: str, *, can_go_back: bool) -> None:
        """New words on the two buttons."""
        for button, text in ((self.back_button, back), (self.forward_button, forward)):
            if button.text() != text:
                button.setText(text)
                button.setAccessibleName(text)
                button.updateGeometry()
        self.back_button.setEnabled(can_go_back)

    def set_compact(self, compact: bool) -> None:
        """In a narrow or zoomed window the first button keeps only its picture."""
        self._is_compact = compact
        theme.remember_layout(self._row, (14, 6, 14, 6) if compact else (18, 11, 18, 11), 12 if compact else 18)
        self.back_button.set_compactness(2 if compact else 0)
        self._show_total()
        self._paint_words()

    def _paint_words(self) -> None:
        main, found, way = self._said.partition(WAY)
        head, colon, rest = main.partition(":")
        if self._is_compact and len(main) > SHORT:
            first, found_more, _ = rest.partition(";")
            rest = f"{first} …" if found_more else rest
        colour = theme.color(sentence_tone(self._said)).name()
        ink = theme.color("ink").name()
        how = escape(found.strip() + " " + way) if way else ""
        below = f" {how}" if how and self._is_compact else ""
        words = f'<b style="color:{colour}">{escape(head + colon)}</b>'
        self.sentence_label.setText(f'{words}<span style="color:{ink}">{escape(rest)}{below}</span>')
        self.sentence_label.setAccessibleName(self._said if self._is_compact else main)
        role = "small" if self._is_compact else ""
        if (self.sentence_label.property("role") or "") != role:
            self.sentence_label.setProperty("role", role)
            repolish(self.sentence_label)
        self.way_label.setText(how)
        self.way_label.setVisible(bool(how) and not self._is_compact)
        self.setToolTip(self._said if self._is_compact else "")


def _rich() -> QLabel:
    """A wrapping label of our own markup; every word in it is escaped."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made
