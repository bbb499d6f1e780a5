"""A card of one model: its share of those to be assessed, drawn against the year's target, and what is missing.

Invariant: the share names its denominator; the target says where it comes from and how sure its denominator is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from desktop_app.models.types import LearningModel, TextStatus
from desktop_app.services.assessment.overview import ModelOverview
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.texts import number, percent
from desktop_app.ui.widgets.basics import label, set_tone
from desktop_app.ui.widgets.charts import Bar, Figure
from desktop_app.ui.widgets.layouts import grid, sized, vbox
from desktop_app.ui.widgets.painting import paint_focus


def target_words(line: ModelOverview) -> tuple[str, str]:
    """The share against the target in words, and its tone."""
    target = line.target
    if not line.takes_part:
        return "Không tham gia đợt này", "neutral"
    if target is None:
        return "Năm nay chưa đặt chỉ tiêu", "neutral"
    if not line.tally.eligible:
        return f"Sổ chưa có {line.unit} nào", "neutral"
    goal = percent(target.percent / 100, 0 if target.percent == int(target.percent) else 1)
    goal = f"chỉ tiêu {goal}".replace(" ", "\N{NO-BREAK SPACE}")
    if target.short > 0:
        return f"Còn thiếu {number_text(target.short)} so với {goal}", "attention"
    if target.short == 0:
        return f"Vừa đủ {goal}", "passed"
    return f"Vượt {number_text(-target.short)} so với {goal}", "passed"


def target_source(line: ModelOverview) -> str:
    """Where the target comes from, and of whom it is."""
    target = line.target
    if target is None:
        return ""
    sure = "" if target.status is TextStatus.OFFICIAL else " (mẫu số suy ra)"
    source = f" theo {target.source}" if target.source else ""
    return f"Chỉ tiêu tính trên {target.denominator_name}{sure}{source}."


LEAST_WIDTH = 168


class ModelCards(QWidget):
    """The cards side by side, in as few rows of nearly equal length as the room allows."""

    def __init__(self, cards: Sequence[ModelCard]) -> None:
        super().__init__()
        self._cards = tuple(cards)
        self._columns = 0
        self._grid = grid(self, spacing=14)
        theme.notifier().changed.connect(self._arrange)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(LEAST_WIDTH), super().minimumSizeHint().height())

    def _arrange(self) -> None:
        gap, count = self._grid.spacing(), len(self._cards)
        fit = max(1, (self.width() + gap) // (theme.px(LEAST_WIDTH) + gap))
        rows = -(-count // min(fit, count))
        columns = -(-count // rows)
        if columns == self._columns:
            return
        self._columns = columns
        for place in range(count):
            self._grid.setColumnStretch(place, int(place < columns))
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)


class ModelCard(QFrame):
    """The card; choosing it shows the model's hamlets below.

    Signals:
        chosen(object): the model: clicked, or Enter or Space on it.
        stepped(int): arrow left (-1) or right (1).
    """

    chosen = Signal(object)
    stepped = Signal(int)

    def __init__(self, model: LearningModel) -> None:
        super().__init__()
        self.model = model
        self._is_chosen = False
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = vbox(self, margins=(16, 11, 16, 11), spacing=3)
        self.title_label = label("", "quiet")
        column.addWidget(self.title_label)
        self.figure = Figure()
        column.addWidget(self.figure)
        self.fraction_label = label("", "small", wrap=True)
        self.fraction_label.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(sized(self.fraction_label, min_height=36))
        self.bar = Bar()
        column.addWidget(self.bar)
        self.words_label = label("", "small", wrap=True)
        column.addWidget(self.words_label)
        column.addStretch(1)

    def set_line(self, line: ModelOverview) -> None:
        """Show one model."""
        tally = line.tally
        whole = tally.eligible
        share = tally.passed / whole if whole else 0.0
        self.title_label.setText(line.title)
        self.figure.set_figure(number(share * 100, 1) if whole else "–", "%" if whole else "")
        of = f"{number_text(tally.passed)} / {number_text(whole)} {line.denominator_name}" if line.takes_part else ""
        self.fraction_label.setText(of)
        target = line.target.percent / 100 if line.target is not None else None
        self.bar.set_shares(share, also=tally.assessed / whole if whole else 0.0, target=target)
        words, tone = target_words(line)
        self.words_label.setText(words)
        set_tone(self.words_label, tone)
        self.setToolTip(target_source(line))
        self.setAccessibleName(f"{line.title}: {percent(share) if whole else 'chưa có ai'}, {of}. {words}")
        self.setAccessibleDescription(target_source(line))

    def set_chosen(self, chosen: bool) -> None:
        if chosen != self._is_chosen:
            self._is_chosen = chosen
            self.update()

    @property
    def is_chosen(self) -> bool:
        return self._is_chosen

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.model)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self.model)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.stepped.emit(-1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            paint_focus(painter, self.rect(), 12)
        elif self._is_chosen:
            painter.setPen(QPen(theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), theme.px(12), theme.px(12))
