"""Setting lines of text on a canvas: measuring, wrapping, shrinking to fit, spaced capitals, kerning, centred rules.

Every text is cleaned (NFC, one line) before it is measured or drawn; sizes and widths are points.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from desktop_app.services.documents.fonts import Face, clean, font_named, is_plain, metrics_of, pieces_of

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.pdfgen.textobject import PDFTextObject

ELLIPSIS = "…"
MM = 72 / 25.4
_SHARED = 0.82
_DENSEST = 6.0  # letters to the em that a cut line may hold: bounds the work on endless words
_LONGEST = 400  # letters that a fitted text is cut to before its lines are sought


class Align(Enum):
    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set.

    Args:
        tracking: extra space between letters, in parts of the size (0.08 for spaced capitals).
        is_kerned: pairs such as "TÂ", "VĂ" are drawn together; for lines set large.
    """

    face: Face = Face.REGULAR
    size: float = 12.0
    tracking: float = 0.0
    is_kerned: bool = False

    def at(self, size: float) -> Style:
        """The same style at another size."""
        return Style(self.face, size, self.tracking, self.is_kerned)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit their width, and the style that made them fit."""

    lines: tuple[str, ...]
    style: Style


def width_of(text: str, style: Style) -> float:
    """Width of a clean line in points, kerning and tracking counted."""
    if is_plain(text, style.face):
        width: float = font_named(style.face.value).stringWidth(text, style.size)
        if style.is_kerned:
            width += sum(kern for _, kern in _kerned(text, style.face)) * style.size / 1000
    else:
        width = sum(piece.advance for piece in pieces_of(text, style.face)) * style.size / 1000
    return width + style.tracking * style.size * max(0, len(text) - 1)


def wrap(text: str, style: Style, width: float) -> list[str]:
    """Cut a clean text into lines not wider than ``width``; a word that is too long is cut inside."""
    lines: list[str] = []
    line, used = "", 0.0
    gap = style.tracking * style.size
    for word in text.split(" "):
        added = width_of(f" {word}" if line else word, style) if len(word) < _LONGEST else width + 1
        if used + added + (gap if line else 0.0) <= width:
            line, used = (f"{line} {word}", used + gap + added) if line else (word, added)
            continue
        if line:
            lines.append(line)
        *full, line = _cut_word(word, style, width)
        used = width_of(line, style)
        lines.extend(full)
    return [*lines, line]


def _cut_word(word: str, style: Style, width: float) -> list[str]:
    """Parts of an overlong word; no part has more than ``_DENSEST`` letters to the em, which bounds the work."""
    parts: list[str] = []
    most = max(2, int(width / style.size * _DENSEST))
    while len(word) > 1 and (len(word) > most or width_of(word, style) > width):
        low, high = 1, min(len(word), most)
        while low < high - 1:
            middle = (low + high) // 2
            low, high = (middle, high) if width_of(word[:middle], style) <= width else (low, middle)
        while low > 1 and unicodedata.combining(word[low]):
            low -= 1
        parts.append(word[:low])
        word = word[low:]
    return [*parts, word]


def balance(text: str, style: Style, width: float) -> list[str]:
    """Like ``wrap``, with lines of about the same length: the narrowest width that needs no more lines."""
    lines = wrap(text, style, width)
    narrow, wide = width / len(lines) / 2, width
    for _ in range(8 if len(lines) > 1 else 0):
        middle = (narrow + wide) / 2
        trial = wrap(text, style, middle)
        if len(trial) <= len(lines):
            lines, wide = trial, middle
        else:
            narrow = middle
    return lines


@functools.lru_cache(maxsize=1024)
def fit(text: str, style: Style, width: float, *, smallest: float, lines: int = 1) -> Fitted:
    """Set a text as large as it goes: shrunk to the size ``smallest``, then on more lines, at last cut with "…".

    One line a little smaller is preferred to two; a further line is taken when shrinking would pass ``smallest``,
    and lines that share a text start at ``_SHARED`` of the size.
    """
    text = clean(text)
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + ELLIPSIS
    for count in range(1, lines + 1):
        size = style.size if count == 1 else max(smallest, style.size * _SHARED)
        while size >= smallest:
            trial = style.at(size)
            needed = width_of(text, trial)
            if needed <= width * count:
                set_lines = [text] if count == 1 else balance(text, trial, width)
                if len(set_lines) <= count:
                    return Fitted(tuple(set_lines), trial)
                size -= 0.5
            else:
                size = min(size - 0.25, size * width * count / needed)
    last = style.at(smallest)
    kept = wrap(text, last, width)[:lines]
    return Fitted((*kept[:-1], _shorten(kept[-1], last, width)), last)


def _shorten(line: str, style: Style, width: float) -> str:
    while line and width_of(line + ELLIPSIS, style) > width:
        line = line[:-1].rstrip()
    return line + ELLIPSIS


def draw_line(canvas: Canvas, x: float, y: float, text: str, style: Style, align: Align = Align.LEFT) -> float:
    """Draw one clean line with its baseline at ``y``; returns its width in points."""
    width = width_of(text, style)
    x -= width * align.value
    if not is_plain(text, style.face):
        _draw_pieces(canvas, x, y, text, style)
    elif style.is_kerned:
        line = canvas.beginText(x, y)
        line.setFont(style.face.value, style.size)
        _kern_out(line, text, style)
        canvas.drawText(line)
    else:
        canvas.setFont(style.face.value, style.size)
        canvas.drawString(x, y, text, charSpace=style.tracking * style.size)
    return width


def draw_justified(canvas: Canvas, x: float, y: float, text: str, style: Style, width: float) -> None:
    """Draw one clean line stretched to ``width`` by its spaces; letters that need care are not stretched."""
    spaces = text.count(" ")
    if not spaces or not is_plain(text, style.face):
        draw_line(canvas, x, y, text, style)
        return
    canvas.setFont(style.face.value, style.size)
    canvas.drawString(x, y, text, wordSpace=(width - width_of(text, style)) / spaces)


def draw_rule(canvas: Canvas, centre: float, y: float, width: float, thickness: float = 0.7) -> None:
    """A centred rule, e.g. as long as the line above it (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
    canvas.setLineWidth(thickness)
    canvas.line(centre - width / 2, y, centre + width / 2, y)


def _draw_pieces(canvas: Canvas, x: float, y: float, text: str, style: Style) -> None:
    unit = style.size / 1000
    for piece in pieces_of(text, style.face):
        canvas.setFont(piece.font, style.size)
        canvas.drawString(x + piece.dx * unit, y + piece.dy * unit, piece.text, charSpace=style.tracking * style.size)
        if piece.advance:
            x += piece.advance * unit + style.tracking * style.size * len(piece.text)


def _kern_out(line: PDFTextObject, text: str, style: Style) -> None:
    """Emit a line in stretches, each ending where the next letter is drawn nearer."""
    for part, kern in _kerned(text, style.face):
        if len(part) > 1 or not kern:
            line.setCharSpace(style.tracking * style.size)
            line.textOut(part[:-1] if kern else part)
        if kern:
            line.setCharSpace((style.tracking + kern / 1000) * style.size)
            line.textOut(part[-1])
    line.setCharSpace(0)


@functools.lru_cache(maxsize=2048)
def _kerned(text: str, face: Face) -> tuple[tuple[str, float], ...]:
    """Stretches of a plain line, each with the kerning after its last letter, in thousandths of the em.

    The font's table knows base letters only: "TẬ" is kerned as "TA". Before a small letter with a mark above
    half is taken, so that an arm of T or V does not touch the mark.
    """
    pairs = metrics_of(face.value).kerning
    glyphs = font_named(face.value).face.charToGlyph
    parts: list[tuple[str, float]] = []
    start = 0
    for i in range(1, len(text)):
        left, right = _base(text[i - 1]), _base(text[i])
        kern = pairs.get((glyphs.get(ord(left), 0), glyphs.get(ord(right), 0)), 0.0)
        if kern and right != text[i] and right.islower():
            kern /= 2
        if abs(kern) > 8:
            parts.append((text[start:i], kern))
            start = i
    parts.append((text[start:], 0.0))
    return tuple(parts)


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]
