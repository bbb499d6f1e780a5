"""The fonts of documents, registered with reportlab once and lazily; no letter is ever drawn as an empty box.

Liberation Serif (widths of Times New Roman) carries the text; what it lacks is taken from Noto Sans, then from the
letter's plain form, and at last a question mark stands where a person must look.
"""

from __future__ import annotations

import functools
import threading
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop_app.services.documents.metrics import FontMetrics, read_metrics
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.resources import resource_path
from desktop_app.services.vietnamese import nfc

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFont

UNKNOWN = "?"
_GAP = 45  # between a letter and a mark set above or below it, in thousandths of the em
_LOCK = threading.Lock()


class Face(StrEnum):
    """Faces of the text; the value is the font's file and its name inside reportlab."""

    REGULAR = "LiberationSerif-Regular"
    ITALIC = "LiberationSerif-Italic"
    BOLD = "LiberationSerif-Bold"
    BOLD_ITALIC = "LiberationSerif-BoldItalic"


_FALLBACK = {
    Face.REGULAR: "NotoSans-Regular",
    Face.ITALIC: "NotoSans-Italic",
    Face.BOLD: "NotoSans-Bold",
    Face.BOLD_ITALIC: "NotoSans-Bold",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters of one font, or one mark set on the letter before it.

    Args:
        advance: width in thousandths of the em; 0 for marks.
        dx, dy: shift of a mark from the pen's place, in thousandths of the em.
    """

    font: str
    text: str
    advance: float
    dx: float = 0.0
    dy: float = 0.0


@functools.cache
def font_named(name: str) -> TTFont:
    """reportlab's font of that file name, loaded and registered at its first use.

    Raises:
        EnvironmentProblem: the font's file is not where the program was installed.
    """
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    with _LOCK:
        rl_config.useA85 = 0  # binary streams: smaller and quicker than the old text-only encoding
        try:
            font = TTFont(name, str(resource_path("fonts", f"{name}.ttf")))
        except (OSError, TTFError) as error:
            raise EnvironmentProblem(
                f"Không đọc được phông chữ {name} của chương trình. Dữ liệu không bị ảnh hưởng. "
                "Hãy cài lại Sổ Học Tập rồi in lại.",
                code="document.font_missing",
            ) from error
        pdfmetrics.registerFont(font)
    return font


@functools.cache
def metrics_of(name: str) -> FontMetrics:
    """Kerning and glyph boxes of a font, read at their first use."""
    return read_metrics(resource_path("fonts", f"{name}.ttf").read_bytes())


@functools.cache
def plain_letters(face: Face) -> frozenset[str]:
    """Letters that the face draws well by itself: all it has but combining marks, which must be placed."""
    return frozenset(
        letter
        for letter in map(chr, font_named(face.value).face.charToGlyph)
        if not unicodedata.combining(letter) and letter >= " "
    )


def clean(text: str) -> str:
    """One line of NFC text: line breaks and runs of spaces become one space, invisible characters go.

    Halves of a pair of code units (from damaged workbooks) become ``UNKNOWN``: no file can hold them.
    """
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join(nfc(text).split())


def is_plain(text: str, face: Face) -> bool:
    """True if the text can go to reportlab in one piece."""
    return plain_letters(face).issuperset(text)


def missing_letters(text: str, face: Face = Face.REGULAR) -> tuple[str, ...]:
    """Letters of the text that documents can only print as "?", in their order; to warn before printing."""
    text = clean(text)
    if is_plain(text, face):
        return ()
    marks = (cluster for cluster in _clusters(text) if _spell(cluster, face)[0] == UNKNOWN)
    return tuple(dict.fromkeys(cluster for cluster in marks if not cluster.startswith(UNKNOWN)))


@functools.lru_cache(maxsize=4096)
def pieces_of(text: str, face: Face) -> tuple[Piece, ...]:
    """The clean text cut into pieces that reportlab can draw one after the other."""
    pieces: list[Piece] = []
    for cluster in _clusters(text):
        font, letters, marks = _choose(cluster, face)
        advance = font_named(font).stringWidth(letters, 1000)
        if pieces and not marks and pieces[-1].font == font and pieces[-1].advance and not _is_marked(pieces):
            last = pieces[-1]
            pieces[-1] = Piece(font, last.text + letters, last.advance + advance)
        else:
            pieces.append(Piece(font, letters, advance))
        pieces.extend(_place_marks(font, letters, marks, advance))
    return tuple(pieces)


def _is_marked(pieces: list[Piece]) -> bool:
    return pieces[-1].dx != 0 or pieces[-1].dy != 0


def _clusters(text: str) -> list[str]:
    """Letters, each with the combining marks that follow it."""
    clusters: list[str] = []
    for letter in text:
        if clusters and unicodedata.combining(letter):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _spell(cluster: str, face: Face) -> tuple[str, str]:
    """Letters to draw for a cluster and its marks; ``UNKNOWN`` where no font has them."""
    letter, marks = cluster[0], cluster[1:]
    if unicodedata.combining(letter):
        return " ", cluster
    if letter in plain_letters(face) or ord(letter) in font_named(_FALLBACK[face]).face.charToGlyph:
        return letter, marks
    compatible = unicodedata.normalize("NFKC", letter)
    if compatible != letter and is_plain(compatible, face):
        return compatible, marks
    base = unicodedata.normalize("NFKD", letter)
    return (base[0], base[1:] + marks) if base[0] in plain_letters(face) else (UNKNOWN, "")


def _choose(cluster: str, face: Face) -> tuple[str, str, str]:
    letters, marks = _spell(cluster, face)
    font = face.value if is_plain(letters, face) else _FALLBACK[face]
    known = font_named(font).face.charToGlyph
    return font, letters, "".join(mark for mark in marks if ord(mark) in known)


def _place_marks(font: str, letters: str, marks: str, advance: float) -> list[Piece]:
    """Set each mark centred over or under the last letter's ink, the next one beyond it.

    reportlab draws a mark where the font's own origin leaves it, across tall letters and other marks.
    """
    boxes = metrics_of(font).boxes
    glyphs = font_named(font).face.charToGlyph
    left, bottom, right, top = boxes.get(glyphs[ord(letters[-1])], (0.0, 0.0, advance, 450.0))
    start = advance - font_named(font).stringWidth(letters[-1], 1000)
    placed: list[Piece] = []
    for mark in marks:
        box = boxes.get(glyphs[ord(mark)])
        if box is None:
            continue
        height = box[3] - box[1]
        if unicodedata.combining(mark) in (202, 220, 240):
            dy = min(0.0, bottom - _GAP - box[3])
            bottom = box[1] + dy
        else:
            dy = top + _GAP - box[1]
            top += _GAP + height
        dx = start + (left + right) / 2 - (box[0] + box[2]) / 2 - advance
        placed.append(Piece(font, mark, 0.0, dx, dy))
    return placed
