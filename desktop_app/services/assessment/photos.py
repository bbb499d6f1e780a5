"""Photos as evidence: shrunk, turned upright, and without what a camera writes beside the picture.

Invariant: what comes out is a JPEG or PNG made anew from the picture's points alone: no place, no device, no owner, no
thumbnail; the content decides what a file is, never its name; a picture too large to open is never opened.
"""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.services.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 1600
"""Longest side that is kept, in points: enough to read a page of text."""

QUALITY = 80

MAX_POINTS = 120_000_000
"""Largest JPEG that is opened (decoded smaller at once)."""

MAX_WHOLE_POINTS = 50_000_000
"""Largest PNG or WebP, which must be decoded whole."""

MAX_SOURCE_BYTES = 60_000_000

_FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error, MemoryError)
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim")


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture as it is kept; ``extension`` is jpg or png."""

    content: bytes
    extension: str
    width: int
    height: int


def shrink(path: Path, name: str) -> Photo:
    """Read a photo and make the small, upright copy without its camera's notes.

    Args:
        name: what the file is called in sentences.

    Raises:
        UserError: ``evidence.too_big``, ``evidence.too_many_points``, ``evidence.heic``, ``evidence.not_picture``,
            ``evidence.unreadable``.
    """
    source = _read(path, name)
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(source), formats=_FORMATS) as picture:
                _check_points(picture, name)
                return _made(picture)
    except Image.DecompressionBombError as error:
        raise _too_many(name) from error
    except _BROKEN as error:
        raise _not_picture(source, name) from error


def _read(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_SOURCE_BYTES:
            raise UserError(
                f"Ảnh “{name}” lớn hơn {MAX_SOURCE_BYTES // 1_000_000} MB nên chưa đính kèm; các minh chứng khác vẫn "
                "giữ nguyên. Hãy chụp lại hoặc cắt nhỏ ảnh.",
                code="evidence.too_big",
            )
        if not path.is_file():
            raise FileNotFoundError(name)
        return path.read_bytes()
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp “{name}” nên chưa đính kèm. Hãy kiểm tra tệp còn đó và mở được.",
            code="evidence.unreadable",
        ) from error


def _check_points(picture: Image, name: str) -> None:
    points = picture.width * picture.height
    if points > (MAX_POINTS if picture.format in ("JPEG", "MPO") else MAX_WHOLE_POINTS):
        raise _too_many(name)


def _made(picture: Image) -> Photo:
    from PIL import ImageOps
    from PIL.Image import Resampling

    is_png = picture.format == "PNG"
    picture.draft("RGB", (LONGEST, LONGEST))
    upright = ImageOps.exif_transpose(picture)
    plain = _plain(upright)
    plain.thumbnail((LONGEST, LONGEST), Resampling.LANCZOS)
    plain.info.clear()
    content, extension = _encoded(plain, "JPEG"), "jpg"
    if is_png:
        drawn = _encoded(plain, "PNG")
        if len(drawn) <= len(content):
            content, extension = drawn, "png"
    return Photo(content, extension, plain.width, plain.height)


def _plain(picture: Image) -> Image:
    """Grey or colour without transparency, on white."""
    from PIL.Image import new

    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    if picture.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = new("RGB", whole.size, "white")
        ground.paste(whole, mask=whole.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _encoded(picture: Image, kind: str) -> bytes:
    out = io.BytesIO()
    options = {"quality": QUALITY, "optimize": True} if kind == "JPEG" else {"optimize": True}
    picture.save(out, kind, **options)
    return out.getvalue()


def _too_many(name: str) -> UserError:
    return UserError(
        f"Ảnh “{name}” quá lớn để mở (quá nhiều điểm ảnh) nên chưa đính kèm; các minh chứng khác vẫn giữ nguyên. "
        "Hãy lưu lại ảnh với cỡ nhỏ hơn rồi thêm lại.",
        code="evidence.too_many_points",
    )


def _not_picture(source: bytes, name: str) -> UserError:
    if not source:
        return UserError(f"Tệp “{name}” trống nên chưa đính kèm; hãy chọn lại tệp.", code="evidence.empty")
    if any(mark in source[:32] for mark in _HEIC):
        return heic_refused(name)
    return UserError(
        f"“{name}” không phải là ảnh hoặc ảnh đã hỏng nên chưa đính kèm; các minh chứng khác vẫn giữ nguyên. "
        "Hãy mở thử ảnh, chụp hoặc lưu lại rồi thêm lại.",
        code="evidence.not_picture",
    )


def heic_refused(name: str) -> UserError:
    """Photos of a kind that cannot be read here, so that the place in them could not be taken off."""
    return UserError(
        f"Chưa đọc được ảnh kiểu HEIC “{name}” nên không bỏ được vị trí chụp trong ảnh; chưa đính kèm. Trên điện "
        "thoại hãy chọn chụp kiểu JPEG (tương thích nhất), hoặc gửi ảnh qua Zalo rồi tải về, và thêm lại.",
        code="evidence.heic",
    )
