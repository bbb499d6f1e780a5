"""Where the grid's columns stand: what names a row stays at the left, what judges it at the right, scores between.

Invariant: pure arithmetic in pixels; the name and at least two scores are in sight at every width and text size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtGui import QFontMetrics

from desktop_app.services.criteria.definition import AnswerType
from desktop_app.ui import theme
from desktop_app.ui.keying.cell_keys import CellSpec

NUMBER, CODE, NAME, BIRTH, TOTAL, CHIP = "number", "code", "name", "birth", "total", "chip"
TITLES = {NUMBER: "TT", CODE: "Mã phiếu", NAME: "Họ và tên", BIRTH: "Sinh", TOTAL: "Tổng", CHIP: ""}
LEAST_CELLS = 2
_LEAST = {NUMBER: 40, CODE: 132, NAME: 176, BIRTH: 92, TOTAL: 60, CHIP: 118}
_MOST_NAME, _MOST_CELL, _MOST_CHIP = 250, 72, 170
_CELL = 44
_PERCENT_CELL = 60


@dataclass
class Shape:
    """Columns for one width.

    Attributes:
        lead: columns at the left with (x, width); ``tail`` at the right.
        cells: x of each score column from the first, before scrolling; ``cell_width``.
        left, right: where the scores begin and end in sight.
    """

    lead: dict[str, tuple[int, int]] = field(default_factory=dict)
    tail: dict[str, tuple[int, int]] = field(default_factory=dict)
    cell_width: int = 0
    count: int = 0
    left: int = 0
    right: int = 0

    @property
    def hidden(self) -> int:
        """How many pixels of scores are out of sight: the range of the horizontal scroll bar."""
        return max(0, self.cell_width * self.count - (self.right - self.left))

    def cell_x(self, column: int, scrolled: int) -> int:
        return self.left + column * self.cell_width - scrolled

    def column_at(self, x: int, scrolled: int) -> int | None:
        """The score column at a pixel; None beside them."""
        if not self.left <= x < self.right or not self.cell_width:
            return None
        column = (x - self.left + scrolled) // self.cell_width
        return column if 0 <= column < self.count else None


def shape_for(width: int, cells: Sequence[CellSpec], *, has_birth: bool = True, has_tail: bool = True) -> Shape:
    """Lay the columns out; code, then birth, give way before anything scrolls.

    Args:
        has_birth: something stands beside the names (births, household codes).
    """
    px = theme.px
    metrics = QFontMetrics(theme.font(theme.SMALL, strong=True))
    widest = max((metrics.horizontalAdvance(cell.number) for cell in cells), default=0)
    least = _PERCENT_CELL if any(cell.kind is AnswerType.PERCENT for cell in cells) else _CELL
    cell = max(px(least), widest + px(18))
    lead = [NUMBER, CODE, NAME, BIRTH] if has_birth else [NUMBER, CODE, NAME]
    tail = [TOTAL, CHIP] if has_tail else []
    wanted = cell * len(cells)
    for giving_way in (CODE, BIRTH):
        fixed = sum(px(_LEAST[key]) for key in (*lead, *tail))
        if fixed + wanted <= width:
            break
        if giving_way in lead:
            lead.remove(giving_way)
    fixed = sum(px(_LEAST[key]) for key in (*lead, *tail))
    if tail and fixed + cell * min(LEAST_CELLS, len(cells)) > width:
        tail = [TOTAL]
        fixed = sum(px(_LEAST[key]) for key in (*lead, *tail))
    spare = max(0, width - fixed - wanted)
    scrolls = fixed + wanted > width
    if scrolls:  # what scrolls is shown in whole columns, the rest of the room is the name's
        spare = max(0, width - fixed) % cell
    widths = {key: px(_LEAST[key]) for key in (*lead, *tail)}
    spare -= _grow(widths, NAME, px(_MOST_NAME), spare)
    if CHIP in widths:
        spare -= _grow(widths, CHIP, px(_MOST_CHIP), spare)
    if cells and not scrolls:
        more = min(spare // len(cells), max(0, px(_MOST_CELL) - cell))
        cell += more
        spare -= more * len(cells)
    widths[NAME] += max(0, spare)
    made = Shape(cell_width=cell, count=len(cells))
    x = 0
    for key in lead:
        made.lead[key] = (x, widths[key])
        x += widths[key]
    made.left = x
    made.right = width - sum(widths[key] for key in tail)
    x = made.right
    for key in tail:
        made.tail[key] = (x, widths[key])
        x += widths[key]
    return made


def _grow(widths: dict[str, int], key: str, most: int, spare: int) -> int:
    more = min(spare, max(0, most - widths[key]))
    widths[key] += more
    return more
