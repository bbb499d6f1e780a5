"""Figures drawn, not only listed: bars with a target mark, stacked shares, a ring; all by QPainter.

Invariant: every drawing carries its numbers in its accessible description; colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop_app.ui import theme
from desktop_app.ui.texts import number, percent
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.layouts import hbox, vbox
from desktop_app.ui.widgets.painting import paint_bar, paint_focus


class Bar(QWidget):
    """A bar of shares 0 to 1: dark ``done``, pale up to ``also`` (two tones), a mark at ``target``."""

    def __init__(
        self, done: float = 0.0, *, also: float = 0.0, target: float | None = None, tone: str = "accent"
    ) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_shares(done, also=also, target=target, tone=tone)

    def set_shares(self, done: float, *, also: float = 0.0, target: float | None = None, tone: str = "accent") -> None:
        self._done, self._also, self._target, self._tone = done, also, target, tone
        words = percent(done) + (f", chỉ tiêu {percent(target, 0)}" if target is not None else "")
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = min(theme.px(10), self.height())
        rect = QRectF(1, (self.height() - height) / 2, self.width() - 2, height)
        paint_bar(painter, rect, self._done, also=self._also, target=self._target, tone=self._tone)


class Figure(QWidget):
    """A large number with its small unit on the same line: "54,2 %", "53 / 100"."""

    def __init__(self, figure: str = "", unit: str = "", *, tone: str = "") -> None:
        super().__init__()
        self._figure, self._unit, self._tone = figure, unit, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_figure(self, figure: str, unit: str = "", *, tone: str = "") -> None:
        self._figure, self._unit, self._tone = figure, unit, tone
        self.setAccessibleName(f"{figure} {unit}".strip())
        self.updateGeometry()
        self.update()

    def _widths(self) -> tuple[int, int]:
        big = QFontMetrics(theme.font(theme.DISPLAY, bold=True)).horizontalAdvance(self._figure)
        small = QFontMetrics(theme.font(theme.BODY)).horizontalAdvance(self._unit)
        return big, small + theme.px(6) if self._unit else 0

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()) + 2, theme.px(theme.DISPLAY * 1.25))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        base = self.height() - theme.px(7)
        painter.setFont(theme.font(theme.DISPLAY, bold=True))
        painter.setPen(theme.color(self._tone or "ink"))
        painter.drawText(0, base, self._figure)
        if self._unit:
            painter.setFont(theme.font(theme.BODY))
            painter.setPen(theme.color("quiet"))
            painter.drawText(self._widths()[0] + theme.px(6), base, self._unit)


@dataclass(frozen=True)
class StatData:
    """What a StatCard shows.

    Args:
        title: e.g. "Công dân học tập".
        done: how many have it.
        whole: out of how many; 0 when there is nobody yet.
        unit: word of the denominator, e.g. "người từ 16 tuổi" (a percentage names its denominator).
        target: the year's share 0 to 1, or None.
        also: how many were assessed (pale part of the bar), 0 for none.
    """

    title: str
    done: int
    whole: int
    unit: str
    target: float | None = None
    also: int = 0

    def share(self) -> float:
        return self.done / self.whole if self.whole else 0.0

    def sentence(self) -> tuple[str, str]:
        """The words against the target and their tone."""
        if self.target is None:
            return "Năm nay chưa đặt chỉ tiêu", "neutral"
        if not self.whole:
            return "Chưa có ai trong diện", "neutral"
        needed = -(-round(self.target * 10000) * self.whole // 10000)
        goal = percent(self.target, 0)
        if self.done < needed:
            return f"Còn thiếu {number(needed - self.done)} so với chỉ tiêu {goal}", "attention"
        if self.done == needed:
            return f"Vừa đủ chỉ tiêu {goal}", "passed"
        return f"Vượt {number(self.done - needed)} so với chỉ tiêu {goal}", "passed"


class StatCard(QFrame):
    """An overview card: big share, its fraction, a bar with the target, what is missing in words.

    Signals:
        activated: clicked, or Enter while it has the focus.
    """

    activated = Signal()

    def __init__(self, data: StatData) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = vbox(self, margins=(18, 14), spacing=4)
        self._title = label("", "quiet")
        column.addWidget(self._title)
        row = hbox(spacing=8)
        self._figure = Figure()
        row.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBottom)
        self._fraction = label("", "small", wrap=True)
        self._fraction.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._fraction, 1)
        column.addLayout(row)
        self._bar = Bar()
        column.addWidget(self._bar)
        self._sentence = label("", "small", wrap=True)
        column.addWidget(self._sentence)
        column.addStretch(1)
        self.set_data(data)

    def set_data(self, data: StatData) -> None:
        from desktop_app.ui.widgets.basics import set_tone

        self._title.setText(data.title)
        self._figure.set_figure(number(data.share() * 100, 1) if data.whole else "–", "%" if data.whole else "")
        self._fraction.setText(f"{number(data.done)} / {number(data.whole)} {data.unit}")
        also = data.also / data.whole if data.whole else 0.0
        self._bar.set_shares(data.share(), also=also, target=data.target)
        words, tone = data.sentence()
        self._sentence.setText(words)
        set_tone(self._sentence, tone)
        self.setAccessibleName(f"{data.title}: {percent(data.share())}, {self._fraction.text()}. {words}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, self.rect(), 12)


@dataclass(frozen=True)
class Slice:
    """One part of a whole: its word, its count, its tone ("accent", "accent_soft", "passed", …)."""

    text: str
    count: int
    tone: str = "accent"

    def colour(self) -> str:
        return "track" if self.tone == "neutral" else self.tone


class DonutOrBars(QWidget):
    """Parts of a whole as a ring with its legend, or as bars one under the other when there are many or no whole.

    Args:
        slices: at most six for a ring; more are drawn as bars.
        unit: word after the total, e.g. "người".
        as_bars: bars whatever the number.
    """

    def __init__(self, slices: Sequence[Slice] = (), unit: str = "", *, as_bars: bool = False) -> None:
        super().__init__()
        self._unit = unit
        self._as_bars = as_bars
        self._slices: tuple[Slice, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_slices(slices)

    def set_slices(self, slices: Sequence[Slice]) -> None:
        self._slices = tuple(slices)
        total = self._total()
        self.setAccessibleName("; ".join(f"{s.text}: {number(s.count)}" for s in self._slices))
        self.setAccessibleDescription(f"Tổng {number(total)} {self._unit}")
        self.updateGeometry()
        self.update()

    def _total(self) -> int:
        return sum(s.count for s in self._slices)

    @property
    def _is_ring(self) -> bool:
        return not self._as_bars and len(self._slices) <= 6

    def sizeHint(self) -> QSize:
        rows = max(1, len(self._slices))
        if self._is_ring:
            return QSize(theme.px(360), max(theme.px(150), rows * theme.px(26)))
        return QSize(theme.px(320), rows * theme.px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_ring:
            self._paint_ring(painter)
        else:
            self._paint_bars(painter)

    def _paint_ring(self, painter: QPainter) -> None:
        side = min(theme.px(150), self.height())
        width = theme.px(20)
        ring = QRectF(0, (self.height() - side) / 2, side, side).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        pen = QPen(theme.color("track"), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawEllipse(ring)
        total = self._total()
        start = 90.0 * 16
        for part in self._slices:
            span = 360.0 * 16 * part.count / total if total else 0.0
            pen.setColor(theme.color(part.colour()))
            painter.setPen(pen)
            painter.drawArc(ring, round(start), -round(span))
            start -= span
        painter.setPen(theme.color("ink"))
        painter.setFont(theme.font(theme.TITLE, bold=True))
        upper = QRectF(0, ring.top(), side, ring.height() * 0.56)
        painter.drawText(upper, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, number(total))
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.color("quiet"))
        lower = QRectF(0, upper.bottom(), side, ring.height() * 0.3)
        painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._unit)
        self._paint_legend(painter, side + theme.px(24), total)

    def _paint_legend(self, painter: QPainter, left: int, total: int) -> None:
        row = theme.px(26)
        top = (self.height() - row * len(self._slices)) // 2
        font = theme.font(theme.SMALL)
        metrics = QFontMetrics(font)
        for part in self._slices:
            dot = theme.px(10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(part.colour()))
            painter.drawRoundedRect(QRect(left, top + (row - dot) // 2, dot, dot), theme.px(3), theme.px(3))
            share = f" · {percent(part.count / total, 0)}" if total else ""
            figure = number(part.count) + share
            width = metrics.horizontalAdvance(figure)
            right = min(self.width(), left + theme.px(260))
            painter.setFont(font)
            painter.setPen(theme.color("ink"))
            words = QRect(left + dot + theme.px(8), top, right - left - dot - width - theme.px(20), row)
            shown = metrics.elidedText(part.text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, _LEFT, shown)
            painter.setPen(theme.color("quiet"))
            painter.drawText(QRect(right - width - 2, top, width + 2, row), _LEFT, figure)
            top += row

    def _paint_bars(self, painter: QPainter) -> None:
        font = theme.font(theme.SMALL)
        metrics = QFontMetrics(font)
        widest = max((metrics.horizontalAdvance(s.text) for s in self._slices), default=0)
        names = min(widest + theme.px(12), self.width() // 2)
        figures = max((metrics.horizontalAdvance(number(s.count)) for s in self._slices), default=0) + theme.px(12)
        most = max((s.count for s in self._slices), default=0) or 1
        row = self.height() / max(1, len(self._slices))
        painter.setFont(font)
        for index, part in enumerate(self._slices):
            top = int(index * row)
            painter.setPen(theme.color("ink"))
            shown = metrics.elidedText(part.text, Qt.TextElideMode.ElideRight, names - theme.px(8))
            painter.drawText(QRect(0, top, names, int(row)), _LEFT, shown)
            height = theme.px(10)
            rect = QRectF(names, top + (row - height) / 2, self.width() - names - figures, height)
            paint_bar(painter, rect, part.count / most, tone=part.tone if part.tone in theme.TONES else "accent")
            painter.setFont(font)
            painter.setPen(theme.color("ink"))
            box = QRect(self.width() - figures, top, figures, int(row))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), number(part.count))


_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
