"""Certificates of the five titles and of the commune: A4 or A5 landscape, one a page, written whole or not at all.

Composed once for A4; A5 is the same page reduced. Text blocks share the room that is left, so long names stay balanced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel
from desktop_app.services.documents import ornament
from desktop_app.services.documents.data import CertificateData, Paper
from desktop_app.services.documents.fonts import Face, clean, font_named
from desktop_app.services.documents.output import replacing
from desktop_app.services.documents.phrases import DOTS, MOTTO, NATION, REFERENCE, date_line, place_and_date
from desktop_app.services.documents.qr import draw_qr, qr_matrix
from desktop_app.services.documents.typography import MM, Align, Fitted, Style, draw_line, draw_rule, fit
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import fold, number_text

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

DRAFT = "BẢN XEM TRƯỚC"

_SIZES = {Paper.A4: (297.0, 210.0), Paper.A5: (210.0, 148.0)}
_CENTRE, _LEFT, _RIGHT = 148.5, 82.0, 215.0  # the page's three axes, in millimetres
_HEAD = 178.5  # baseline of the first line, from the foot of the page
_FOOT = 63.5  # top of the lower block
_LAST_STRETCH = 1.35  # share of the free room below the middle, so that the year stands apart from the date
_LEAST_GAP = 3.2  # millimetres of room for one share; a fuller page is reduced
_RGB = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of the middle of the page; ``stretch`` is its share of the free room above it."""

    fitted: Fitted
    colour: _RGB
    stretch: float
    leading: float = 1.22
    is_divider: bool = False

    def scaled(self, factor: float) -> _Block:
        style = self.fitted.style.at(self.fitted.style.size * factor)
        return replace(self, fitted=replace(self.fitted, style=style))

    @property
    def height(self) -> float:
        size = self.fitted.style.size / MM
        return (0.72 + (len(self.fitted.lines) - 1) * self.leading) * size


def write_certificates(
    items: Sequence[CertificateData], out: Path, *, paper: Paper | str = Paper.A4, progress: Progress = NO_PROGRESS
) -> int:
    """Write one page a certificate to ``out``; returns the number of pages.

    Raises:
        UserError: there is nothing to print, or a QR content is too long.
        EnvironmentProblem: the file cannot be written; an older file is kept.
        Cancelled: asked to stop; nothing is kept.
    """
    if not items:
        raise UserError(
            "Chưa có giấy công nhận nào để in. Hãy chọn ít nhất một người hoặc một hộ.", code="document.empty"
        )
    from reportlab.pdfgen.canvas import Canvas

    for face in Face:
        font_named(face.value)
    width, height = _SIZES[Paper(paper)]
    with replacing(out) as stream:
        canvas = Canvas(stream, pagesize=(width * MM, height * MM), pageCompression=1, lang="vi-VN")
        canvas.setTitle(clean(f"{items[0].wording.heading} {items[0].title} {items[0].year}"))
        canvas.setCreator("Sổ Học Tập")
        ornament.define_forms(canvas)
        for done, item in enumerate(items, start=1):
            _draw_page(canvas, item, width, height)
            progress.step(done, len(items), f"Đang tạo giấy {number_text(done)}/{number_text(len(items))}")
        canvas.save()
    return len(items)


def _draw_page(canvas: Canvas, item: CertificateData, width: float, height: float) -> None:
    scale = min(width / ornament.WIDTH, height / ornament.HEIGHT)
    canvas.translate((width - ornament.WIDTH * scale) / 2 * MM, (height - ornament.HEIGHT * scale) / 2 * MM)
    canvas.scale(scale, scale)
    canvas.saveState()
    canvas.scale(MM, MM)
    canvas.doForm(ornament.FRAME)
    canvas.restoreState()
    if item.is_draft:
        _draw_draft(canvas)
    top = min(_draw_authority(canvas, item), _draw_nation(canvas))
    foot = _FOOT + 6.0 * (len(item.signer_title_lines) - 1) if len(item.signer_title_lines) > 1 else _FOOT
    _draw_middle(canvas, _blocks(item), top, foot)
    _draw_references(canvas, item)
    _draw_signature(canvas, item, foot)
    if item.is_reference_form:
        _line(canvas, _CENTRE, 20.6, REFERENCE, Style(Face.ITALIC, 7), (0.45, 0.45, 0.42))
    canvas.showPage()


def _line(
    canvas: Canvas, x: float, y: float, text: str, style: Style, colour: _RGB, align: Align = Align.CENTRE
) -> float:
    """Draw a line at millimetres; returns its width in millimetres."""
    canvas.setFillColorRGB(*colour)
    return draw_line(canvas, x * MM, y * MM, clean(text), style, align) / MM


def _draw_authority(canvas: Canvas, item: CertificateData) -> float:
    y = _HEAD
    lines = [line for line in item.authority_lines if clean(line)]
    width = 0.0
    for number, text in enumerate(lines, start=1):
        face = Face.BOLD if number == len(lines) else Face.REGULAR
        fitted = fit(text, Style(face, 13), 100 * MM, smallest=10, lines=2)
        for line in fitted.lines:
            width = _line(canvas, _LEFT, y, line, fitted.style, ornament.INK)
            y -= 6.0
    if lines:
        _rule(canvas, _LEFT, y + 3.9, width / 2)
    return y + 3.9


def _draw_nation(canvas: Canvas) -> float:
    _line(canvas, _RIGHT, _HEAD, NATION, Style(Face.BOLD, 13), ornament.INK)
    width = _line(canvas, _RIGHT, _HEAD - 6.0, MOTTO, Style(Face.BOLD, 14), ornament.INK)
    _rule(canvas, _RIGHT, _HEAD - 8.1, width)
    return _HEAD - 8.1


def _rule(canvas: Canvas, centre: float, y: float, width: float) -> None:
    canvas.setStrokeColorRGB(*ornament.INK)
    draw_rule(canvas, centre * MM, y * MM, width * MM, 0.6)


def _blocks(item: CertificateData) -> list[_Block]:
    """The middle of the page from top to bottom; empty texts take no room."""
    words = item.wording
    teal, red, ink = ornament.TEAL, ornament.RED, ornament.INK
    quoted = f"“{clean(item.title).upper()}”"
    texts: list[tuple[str, Style, float, int, _RGB, float]] = [
        (words.heading.upper(), Style(Face.BOLD, 40, 0.1, True), 28, 1, red, 1.6),
        ("", Style(Face.REGULAR, 8), 8, 1, ornament.GOLD, 0.75),
        (words.lead or "Công nhận", Style(Face.ITALIC, 17), 12, 2, ink, 0.8),
        (recipient_text(item), Style(Face.BOLD, 33, 0.0, True), 23, 2, teal, 1.1),
        (details_text(item), Style(Face.REGULAR, 15.5), 12.5, 2, ink, 0.8),
        (words.award, Style(Face.ITALIC, 17), 12, 1, ink, 0.92),
        (quoted, Style(Face.BOLD, 29.5, 0.04, True), 19, 2, red, 0.9),
        (words.year.replace("{year}", str(item.year)), Style(Face.REGULAR, 17), 12, 1, ink, 0.82),
    ]
    return [
        _Block(fit(text, style, 222 * MM, smallest=smallest, lines=lines), colour, stretch, is_divider=not text)
        for text, style, smallest, lines, colour, stretch in texts
        if clean(text) or colour is ornament.GOLD
    ]


def recipient_text(item: CertificateData) -> str:
    """Who is recognised, as the certificate names them: "Bà …", "Gia đình ông …", "Dòng họ …", or the bare name."""
    name, honorific = clean(item.recipient), clean(item.honorific)
    folded = fold(name)
    if item.model is LearningModel.FAMILY and not folded.startswith(("gia dinh", "ho gia dinh", "ho ong", "ho ba")):
        return f"Gia đình {honorific.lower() or 'ông (bà)'} {name}"
    if item.model is LearningModel.CLAN and not folded.startswith(("dong ho", "chi ho", "nhanh ho")):
        return f"Dòng họ {name[3:] if folded.startswith('ho ') else name}"
    if item.model is LearningModel.CITIZEN and honorific:
        return f"{honorific} {name}"
    return name


def details_text(item: CertificateData) -> str:
    """Birth (citizens only) and address in one line, parted by a middle dot."""
    birth = clean(item.birth_text) if item.model is LearningModel.CITIZEN else ""
    if birth[:1].isdigit():
        birth = f"Sinh {('năm', 'tháng', 'ngày')[min(2, birth.count('/'))]} {birth}"
    return " · ".join(part for part in (birth, clean(item.address)) if part)


def _draw_middle(canvas: Canvas, blocks: list[_Block], top: float, foot: float) -> None:
    """Share the room between head and foot: each block gets its height, the rest is divided by stretch."""
    shares = sum(block.stretch for block in blocks) + _LAST_STRETCH
    needed = sum(block.height for block in blocks) + shares * _LEAST_GAP
    if needed > top - foot:
        blocks = [block.scaled((top - foot) / needed) for block in blocks]
    unit = (top - foot - sum(block.height for block in blocks)) / shares
    y = top
    for block in blocks:
        y -= unit * block.stretch + 0.72 * block.fitted.style.size / MM
        if block.is_divider:
            canvas.saveState()
            canvas.translate(_CENTRE * MM, y * MM)
            canvas.scale(MM, MM)
            canvas.doForm(ornament.DIVIDER)
            canvas.restoreState()
            continue
        for number, line in enumerate(block.fitted.lines):
            y -= block.leading * block.fitted.style.size / MM if number else 0
            _line(canvas, _CENTRE, y, line, block.fitted.style, block.colour)


def _draw_references(canvas: Canvas, item: CertificateData) -> None:
    """QR code with its number below, and beside it the decision and the register number."""
    x, ink = 38.0, ornament.INK
    if item.qr_content:
        canvas.setFillColorRGB(*ink)
        draw_qr(canvas, qr_matrix(item.qr_content), x * MM, 31.5 * MM, 21 * MM)
        caption = fit(item.register_number or item.qr_content, Style(Face.REGULAR, 8), 30 * MM, smallest=5)
        _line(canvas, x + 10.5, 26.5, caption.lines[0], caption.style, ink)
        x += 27.0
    number = item.decision_number or DOTS
    style = Style(Face.REGULAR, 12.5)
    for text, y in (
        (f"{item.wording.decision} {number}", 47.0),
        (date_line(item.decision_date, item.year), 40.4),
    ):
        fitted = fit(text, style, 72 * MM, smallest=8)
        _line(canvas, x, y, fitted.lines[0], fitted.style, ink, Align.LEFT)
    label = fit(item.wording.register, style, 40 * MM, smallest=8)
    used = _line(canvas, x, 33.8, label.lines[0], label.style, ink, Align.LEFT) + 1.2
    value = fit(item.register_number or DOTS, Style(Face.BOLD, 12.5), (72 - used) * MM, smallest=6)
    _line(canvas, x + used, 33.8, value.lines[0], value.style, ink, Align.LEFT)


def _draw_signature(canvas: Canvas, item: CertificateData, foot: float) -> None:
    ink = ornament.INK
    y = foot - 6.0
    words = place_and_date(clean(item.place), item.issue_date, item.year)
    dated = fit(words, Style(Face.ITALIC, 14), 104 * MM, smallest=9)
    _line(canvas, _RIGHT, y, dated.lines[0], dated.style, ink)
    for text in item.signer_title_lines:
        y -= 6.4
        title = fit(text, Style(Face.BOLD, 13.5), 104 * MM, smallest=8)
        _line(canvas, _RIGHT, y, title.lines[0], title.style, ink)
    name = fit(item.signer_name, Style(Face.BOLD, 15), 104 * MM, smallest=9)
    _line(canvas, _RIGHT, 26.5, name.lines[0], name.style, ink)


def _draw_draft(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(_CENTRE * MM, ornament.HEIGHT / 2 * MM)
    canvas.rotate(28)
    _line(canvas, 0, -9, DRAFT, Style(Face.BOLD, 76, 0.08), (0.93, 0.925, 0.91))
    canvas.restoreState()
