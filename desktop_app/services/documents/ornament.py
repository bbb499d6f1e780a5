"""The certificate's ornament as vectors: frame with woven bands, lotus corners, a pale bronze drum behind the text.

All is drawn in millimetres on an A4 landscape sheet and only once a document, as Form XObjects that pages refer to.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.pdfgen.pathobject import PDFPathObject

WIDTH, HEIGHT = 297.0, 210.0  # millimetres
TEAL = (0.047, 0.345, 0.333)
GOLD = (0.690, 0.541, 0.227)
PALE_GOLD = (0.953, 0.914, 0.812)
MIST = (0.957, 0.937, 0.886)
RED = (0.616, 0.122, 0.098)
INK = (0.118, 0.157, 0.153)
FRAME = "frame"
DIVIDER = "divider"

_EDGE = 8.0  # outer rule, from the paper's edge: beyond what office printers can reach
_BAND = 13.0  # middle of the woven band
_INNER = 17.2  # inner rule
_CORNER = 27.0  # end of the corner square
_WAVE = 11.0
_STRANDS: tuple[tuple[str, tuple[float, float, float], float, float, tuple[float, ...]], ...] = (
    ("strand1", PALE_GOLD, 0.22, 2.35, (0, 1 / 12, 2 / 12, 3 / 12, 4 / 12, 5 / 12)),
    ("strand2", GOLD, 0.2, 2.35, (0, 1 / 4)),
    ("strand3", TEAL, 0.2, 1.25, (1 / 8, 3 / 8)),
)
Point = tuple[float, float]


def define_forms(canvas: Canvas) -> None:
    """Draw the frame and the divider into the document, to be used with ``canvas.doForm``."""
    _define_strands(canvas)
    canvas.beginForm(FRAME, 0, 0, WIDTH, HEIGHT)
    _draw_drum(canvas, WIDTH / 2, HEIGHT / 2 + 1.5)
    _draw_rules(canvas)
    _draw_bands(canvas)
    for flip_x, flip_y in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        canvas.saveState()
        canvas.translate(0 if flip_x > 0 else WIDTH, 0 if flip_y > 0 else HEIGHT)
        canvas.scale(flip_x, flip_y)
        _draw_corner(canvas)
        canvas.restoreState()
    canvas.endForm()
    canvas.beginForm(DIVIDER, -40, -5, 40, 5)
    _draw_divider(canvas)
    canvas.endForm()


def _draw_rules(canvas: Canvas) -> None:
    canvas.setStrokeColorRGB(*TEAL)
    canvas.setLineWidth(0.7)
    canvas.rect(_EDGE, _EDGE, WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE)
    canvas.setLineWidth(0.16)
    canvas.rect(_EDGE + 1.2, _EDGE + 1.2, WIDTH - 2 * _EDGE - 2.4, HEIGHT - 2 * _EDGE - 2.4)
    canvas.setStrokeColorRGB(*GOLD)
    for inset, thickness in ((_INNER - 1.0, 0.16), (_INNER, 0.4)):
        canvas.setLineWidth(thickness)
        canvas.drawPath(_notched(canvas, inset, _CORNER + inset - _INNER))


def _notched(canvas: Canvas, inset: float, corner: float) -> PDFPathObject:
    """A rectangle whose corners step inward around the corner squares."""
    right, top = WIDTH - inset, HEIGHT - inset
    far_right, far_top = WIDTH - corner, HEIGHT - corner
    points = [
        (corner, inset), (far_right, inset), (far_right, corner), (right, corner), (right, far_top),
        (far_right, far_top), (far_right, top), (corner, top), (corner, far_top), (inset, far_top),
        (inset, corner), (corner, corner),
    ]  # fmt: skip
    return _polygon(canvas, points)


def _polygon(canvas: Canvas, points: list[Point]) -> PDFPathObject:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    return path


def _define_strands(canvas: Canvas) -> None:
    """One form a colour, of a single wave with a little more at both ends, so that waves join without a seam."""
    for name, colour, thickness, amplitude, phases in _STRANDS:
        canvas.beginForm(name, -_WAVE / 4, -3, _WAVE * 5 / 4, 3)
        canvas.setStrokeColorRGB(*colour)
        canvas.setLineWidth(thickness)
        path = canvas.beginPath()
        for phase in phases:
            _sine(path, amplitude, phase)
            _sine(path, -amplitude, phase)
        canvas.drawPath(path)
        canvas.endForm()


def _sine(path: PDFPathObject, amplitude: float, phase: float) -> None:
    """Append ten eighths of a sine wave as cubic arcs with exact slopes."""
    rate, step = 2 * math.pi / _WAVE, _WAVE / 8

    def at(x: float) -> tuple[float, float]:
        angle = rate * x + 2 * math.pi * phase
        return amplitude * math.sin(angle), amplitude * rate * math.cos(angle)

    value, slope = at(-step)
    path.moveTo(-step, value)
    for i in range(-1, 9):
        left, right = i * step, (i + 1) * step
        end, end_slope = at(right)
        path.curveTo(
            left + step / 3, value + slope * step / 3, right - step / 3, end - end_slope * step / 3, right, end
        )
        value, slope = end, end_slope


def _draw_bands(canvas: Canvas) -> None:
    """Four woven bands between the corner squares."""
    start = _CORNER + 1.2
    for length, x, y, angle in (
        (WIDTH - 2 * start, start, _BAND, 0),
        (WIDTH - 2 * start, start, HEIGHT - _BAND, 0),
        (HEIGHT - 2 * start, _BAND, start, 90),
        (HEIGHT - 2 * start, WIDTH - _BAND, start, 90),
    ):
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(angle)
        _draw_band(canvas, length)
        canvas.restoreState()


def _draw_band(canvas: Canvas, length: float) -> None:
    """A band from the origin to the right, closed by a bar at each end."""
    waves = round(length / _WAVE)
    canvas.saveState()
    window = canvas.beginPath()
    window.rect(0, -3, length, 6)
    canvas.clipPath(window, stroke=0)
    canvas.scale(length / waves / _WAVE, 1)
    for name, *_ in _STRANDS:
        canvas.saveState()
        for _wave in range(waves):
            canvas.doForm(name)
            canvas.translate(_WAVE, 0)
        canvas.restoreState()
    canvas.restoreState()
    canvas.setStrokeColorRGB(*GOLD)
    canvas.setLineWidth(0.3)
    for end in (-0.15, length + 0.15):
        canvas.line(end, -2.6, end, 2.6)


def _draw_corner(canvas: Canvas) -> None:
    """The lower left corner square: two rules and an open lotus seen from above."""
    low, high = _EDGE + 2.0, _CORNER - 2.2
    middle = (low + high) / 2
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setStrokeColorRGB(*TEAL)
    canvas.setLineWidth(0.4)
    canvas.rect(low, low, high - low, high - low, fill=1)
    canvas.setStrokeColorRGB(*GOLD)
    canvas.setLineWidth(0.16)
    canvas.rect(low + 0.9, low + 0.9, high - low - 1.8, high - low - 1.8)
    canvas.saveState()
    canvas.translate(middle, middle)
    _draw_rosette(canvas)
    canvas.restoreState()


def _draw_rosette(canvas: Canvas) -> None:
    """Three rings of petals around a seed head; the outer diagonal petals reach into the square's corners."""
    canvas.setStrokeColorRGB(*GOLD)
    canvas.setLineWidth(0.2)
    rings = (
        (45.0, 90, 7.9, 1.75, MIST),
        (0.0, 90, 6.2, 1.9, MIST),
        (22.5, 45, 5.7, 1.35, PALE_GOLD),
        (0.0, 45, 4.4, 1.25, (1.0, 1.0, 1.0)),
    )
    for start, step, length, width, colour in rings:
        canvas.setFillColorRGB(*colour)
        for i in range(360 // step):
            canvas.saveState()
            canvas.rotate(start + i * step)
            canvas.drawPath(_petal(canvas, length, width), fill=1)
            canvas.line(0, length * 0.45, 0, length * 0.78)
            canvas.restoreState()
    canvas.setFillColorRGB(*TEAL)
    canvas.circle(0, 0, 1.75, stroke=0, fill=1)
    canvas.setFillColorRGB(*PALE_GOLD)
    for x, y in ((0.0, 0.0), *(_polar(1.05, i * 60) for i in range(6))):
        canvas.circle(x, y, 0.27, stroke=0, fill=1)


def _draw_lotus(canvas: Canvas, height: float) -> None:
    """A lotus seen from the side, its foot at the origin, growing upward."""
    canvas.saveState()
    canvas.scale(height, height)
    canvas.setLineWidth(0.022)
    canvas.setLineJoin(1)
    canvas.setStrokeColorRGB(*GOLD)
    for angle, length, width, colour in (
        (72, 0.66, 0.13, MIST), (-72, 0.66, 0.13, MIST),
        (36, 0.90, 0.13, MIST), (-36, 0.90, 0.13, MIST), (13, 0.97, 0.13, MIST), (-13, 0.97, 0.13, MIST),
        (52, 0.78, 0.15, PALE_GOLD), (-52, 0.78, 0.15, PALE_GOLD),
        (25, 0.86, 0.16, PALE_GOLD), (-25, 0.86, 0.16, PALE_GOLD),
        (0, 0.90, 0.17, (1.0, 1.0, 1.0)),
    ):  # fmt: skip
        canvas.setFillColorRGB(*colour)
        canvas.saveState()
        canvas.rotate(angle)
        canvas.drawPath(_petal(canvas, length, width), fill=1)
        canvas.restoreState()
    canvas.setStrokeColorRGB(*TEAL)
    for side in (1, -1):
        path = canvas.beginPath()
        path.moveTo(0, -0.04)
        path.curveTo(side * 0.22, -0.16, side * 0.45, -0.10, side * 0.62, 0.06)
        path.moveTo(0, -0.04)
        path.curveTo(side * 0.15, -0.20, side * 0.32, -0.22, side * 0.44, -0.16)
        canvas.drawPath(path)
    canvas.setFillColorRGB(*TEAL)
    canvas.circle(0, -0.04, 0.045, stroke=0, fill=1)
    canvas.restoreState()


def _petal(canvas: Canvas, length: float, width: float) -> PDFPathObject:
    """A lotus petal along the upward axis: narrow foot, full body, drawn-out tip; ``width`` is half its breadth."""
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.curveTo(-width * 0.75, length * 0.12, -width, length * 0.35, -width, length * 0.52)
    path.curveTo(-width, length * 0.78, -width * 0.3, length * 0.86, 0, length)
    path.curveTo(width * 0.3, length * 0.86, width, length * 0.78, width, length * 0.52)
    path.curveTo(width, length * 0.35, width * 0.75, length * 0.12, 0, 0)
    path.close()
    return path


def _draw_divider(canvas: Canvas) -> None:
    """Two tapering rules with a small lotus between them."""
    canvas.setFillColorRGB(*GOLD)
    for side in (1, -1):
        canvas.drawPath(_polygon(canvas, [(side * 7, -0.16), (side * 36, 0), (side * 7, 0.16)]), stroke=0, fill=1)
        canvas.circle(side * 5.8, 0, 0.42, stroke=0, fill=1)
    canvas.translate(0, -1.3)
    _draw_lotus(canvas, 4.8)


def _draw_drum(canvas: Canvas, x: float, y: float) -> None:
    """The face of a Đông Sơn drum: star of fourteen rays, rings, tangent circles, combs and flying birds."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setStrokeColorRGB(*MIST)
    canvas.setFillColorRGB(*MIST)
    canvas.setLineWidth(0.35)
    points = [_polar(12.5 if i % 2 == 0 else 4.2, i * 360 / 28) for i in range(28)]
    canvas.drawPath(_polygon(canvas, points), stroke=0, fill=1)
    for radius in (13.6, 14.6, 19.0, 20.0, 25.0, 38.5, 39.5, 44.0, 45.0, 50.0, 51.5):
        canvas.circle(0, 0, radius)
    for radius, count, size in ((16.8, 32, 1.35), (41.75, 76, 1.35)):
        for i in range(count):
            cx, cy = _polar(radius, i * 360 / count)
            canvas.circle(cx, cy, size)
            canvas.circle(cx, cy, 0.35, stroke=0, fill=1)
    _comb(canvas, 21.0, 24.0, 90)
    _comb(canvas, 46.0, 49.0, 180)
    for i in range(12):
        canvas.saveState()
        canvas.rotate(i * 30)
        canvas.translate(0, 31.2)
        canvas.scale(1.14, 1.14)
        canvas.drawPath(_bird(canvas), stroke=0, fill=1)
        canvas.restoreState()
    canvas.restoreState()


def _comb(canvas: Canvas, inner: float, outer: float, count: int) -> None:
    path = canvas.beginPath()
    for i in range(count):
        path.moveTo(*_polar(inner, i * 360 / count))
        path.lineTo(*_polar(outer, i * 360 / count))
    canvas.drawPath(path)


def _bird(canvas: Canvas) -> PDFPathObject:
    """A chim Lạc in flight to the left: long bill, crest, swept wings, fanned tail."""
    path = canvas.beginPath()
    path.moveTo(-6.4, -0.35)
    path.curveTo(-5.2, 0.1, -4.4, 0.55, -3.6, 0.75)
    path.curveTo(-2.9, 1.5, -2.0, 1.9, -0.9, 2.0)
    path.curveTo(-1.6, 1.4, -1.9, 0.9, -1.9, 0.55)
    path.curveTo(-1.2, 0.45, -0.6, 0.55, 0.0, 0.8)
    path.curveTo(0.7, 2.6, 1.8, 3.9, 3.4, 4.5)
    path.curveTo(2.9, 3.0, 2.6, 1.8, 2.7, 0.7)
    path.lineTo(6.2, 1.5)
    path.lineTo(5.6, 0.45)
    path.lineTo(6.4, -0.1)
    path.lineTo(5.5, -0.5)
    path.lineTo(5.9, -1.5)
    path.lineTo(2.6, -0.5)
    path.curveTo(2.3, -1.7, 1.7, -2.9, 0.7, -3.9)
    path.curveTo(0.6, -2.5, 0.1, -1.4, -0.6, -0.7)
    path.curveTo(-1.6, -0.6, -2.6, -0.5, -3.4, -0.15)
    path.curveTo(-4.4, -0.1, -5.4, -0.15, -6.4, -0.35)
    path.close()
    return path


def _polar(radius: float, degrees: float) -> Point:
    return radius * math.sin(math.radians(degrees)), radius * math.cos(math.radians(degrees))
