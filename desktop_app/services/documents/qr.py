"""QR codes as one vector path; the content is kept short so that a cheap printer and a cheap scanner agree on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.services.errors import UserError

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

LONGEST = 120  # bytes; beyond this the modules get too small for a code of 2 cm
Matrix = tuple[bytearray, ...]


def qr_matrix(content: str) -> Matrix:
    """Modules of the code, row by row from the top, 1 is dark; medium error correction or better, no quiet zone.

    Raises:
        UserError: the content is longer than ``LONGEST`` bytes.
    """
    import segno

    if len(content.encode("utf-8", "replace")) > LONGEST:
        raise UserError(
            "Nội dung mã QR quá dài nên chưa tạo giấy nào. Hãy dùng số vào sổ (dưới 100 ký tự) làm nội dung mã QR.",
            code="document.qr_too_long",
        )
    return tuple(segno.make_qr(content.encode("utf-8", "replace").decode("utf-8"), error="m").matrix)


def draw_qr(canvas: Canvas, matrix: Matrix, x: float, y: float, size: float) -> None:
    """Fill the dark modules in the present colour, lower left corner at (x, y); neighbours in a row are one bar."""
    count = len(matrix)
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(size / count, size / count)
    bars = [
        f"{start} {count - 1 - row} {length} 1 re"
        for row, modules in enumerate(matrix)
        for start, length in _bars(modules)
    ]
    canvas.addLiteral("\n".join([*bars, "f"]))  # whole numbers: reportlab's path objects format each as a fraction
    canvas.restoreState()


def _bars(modules: bytearray) -> list[tuple[int, int]]:
    bars: list[tuple[int, int]] = []
    start = modules.find(1)
    while start >= 0:
        end = modules.find(0, start)
        end = len(modules) if end < 0 else end
        bars.append((start, end - start))
        start = modules.find(1, end)
    return bars
