"""The form's 13 digits as bars (EAN-13), for the cheapest scanners, which read lines only.

Encoding: ISO/IEC 15420, written here as its table of element widths.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MODULES = 95
QUIET_LEFT, QUIET_RIGHT = 11, 7
_ODD = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
_GUARD, _MIDDLE = "101", "01010"


@lru_cache(maxsize=16)
def bars_of(digits: str) -> tuple[tuple[int, int], ...]:
    """Start and width in modules of each dark bar; ``digits`` are 13 with a sound check digit."""
    pattern = _pattern(digits)
    bars: list[tuple[int, int]] = []
    start = pattern.find("1")
    while start >= 0:
        end = pattern.find("0", start)
        end = len(pattern) if end < 0 else end
        bars.append((start, end - start))
        start = pattern.find("1", end)
    return tuple(bars)


def _pattern(digits: str) -> str:
    parities = _PARITY[int(digits[0])]
    left = "".join(_left(int(digit), parity) for digit, parity in zip(digits[1:7], parities, strict=True))
    right = "".join(_turned(_ODD[int(digit)]) for digit in digits[7:])
    return f"{_GUARD}{left}{_MIDDLE}{right}{_GUARD}"


def _left(digit: int, parity: str) -> str:
    return _ODD[digit] if parity == "L" else _turned(_ODD[digit])[::-1]


def _turned(pattern: str) -> str:
    return pattern.translate(str.maketrans("01", "10"))


def draw_bars(
    canvas: Canvas, bars: tuple[tuple[int, int], ...], x: float, y: float, width: float, height: float
) -> None:
    """Fill the bars as one path within ``width``, which is without the quiet zones; lower left corner at (x, y)."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width / MODULES, height)
    canvas.addLiteral("\n".join([*(f"{start} 0 {length} 1 re" for start, length in bars), "f"]))
    canvas.restoreState()
