"""The levels of an indicator in two lines, for windows where the list of levels lies below the edge.

Invariant: says the same names, ranges and words as the list; the level that the score reaches stands out.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop_app.services.criteria.definition import Indicator
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.scoring import LETTERS, Level


class LevelLine(QLabel):
    """ "A 9–10 Thành thạo · **B 7–8 Khá** · …" and below it what the reached level looks like."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "small")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(label("", wrap=True).sizePolicy())

    def show_levels(self, indicator: Indicator, current: int | None) -> None:
        """Name the levels, the reached one with its description."""
        levels = [Level(level.name, level.min, level.max, level.description) for level in indicator.levels]
        parts = []
        for place, level in enumerate(levels):
            words = f"{LETTERS[place]}\u00a0{level.range_text()}\u00a0{level.name}".replace(" ", "\u00a0")
            parts.append(f"<b>{escape(words)}</b>" if place == current else escape(words))
        said = levels[current].text if current is not None else ""
        self.setText(" · ".join(parts) + (f"<br>{escape(said)}" if said else ""))
