"""Where evidence files lie: named by their content, copied whole or not at all, photos shrunk on the way.

Invariants: the bytes of a file are those its name in the folder says (SHA-256); the name a person gave never becomes a
path; a file that was refused leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop_app.services.assessment.photos import heic_refused, shrink
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.vietnamese import nfc

MAX_BYTES = 20_000_000
"""Largest file kept as it is, in bytes; photos are shrunk and may come larger."""

SLOW_BYTES = 2_000_000

PHOTOS = frozenset({"jpg", "jpeg", "png", "webp"})
"""Extensions of what is shrunk when it is added."""

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "webp": "image/webp",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
}
"""Extensions taken, with their types; programs and scripts are never among them."""

_CHUNK = 1 << 20
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file's name without what could make it a path, a device or a disguise; at most 120 letters."""
    base = _FORBIDDEN.sub(" ", nfc(name.replace("\\", "/").rpartition("/")[2])).rstrip(" .")
    stem, dot, extension = base.rpartition(".")
    stem, extension = (stem, extension[:10].strip()) if dot else (base, "")
    stem = " ".join(stem.split())[: 110 - len(extension)].strip(" .") or "minh chứng"
    if _RESERVED.fullmatch(stem):
        stem = f"tệp {stem}"
    return f"{stem}.{extension}" if extension else stem


def stored_path(folder: Path, digest: str, extension: str) -> Path:
    """Where the content of a digest lies; a digest or extension from elsewhere is checked before it becomes a path."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or extension not in MEDIA_TYPES:
        return folder / "missing"
    return folder / digest[:2] / f"{digest}.{extension}"


def is_there(folder: Path, digest: str, name: str, size: int) -> bool:
    try:
        return stored_path(folder, digest, name.rpartition(".")[2].lower()).stat().st_size == size
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that lies beside its future place.

    Args:
        path: the copy.
        name: as it will be called; a photo that was made anew is a .jpg or .png.
        size: bytes.
    """

    path: Path
    name: str
    digest: str
    size: int

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].lower()

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.extension]


def stage(source: Path, folder: Path) -> Staged:
    """Copy a file, or make the small form of a photo, beside its future place: the slow part, without the register.

    Who asks for it takes the copy away (``discard``) when it was not put in its place.

    Raises:
        UserError: ``evidence.kind``, ``evidence.heic``, ``evidence.too_big``, ``evidence.empty``,
            ``evidence.unreadable``, ``evidence.not_picture``, ``evidence.too_many_points``.
        EnvironmentProblem: ``evidence.disk``.
    """
    name = safe_name(source.name)
    extension = name.rpartition(".")[2].lower()
    check_kind(name, extension)
    part = folder / f"{uuid.uuid4().hex}.part"
    try:
        if extension in PHOTOS:
            photo = shrink(source, name)
            name = f"{name.rpartition('.')[0]}.{photo.extension}"
            digest, size = _write(io.BytesIO(photo.content), folder, part, name)
        else:
            digest, size = _copy(source, folder, part, name)
    except BaseException:
        discard(part)
        raise
    return Staged(part, name, digest, size)


def discard(part: Path) -> None:
    """Take a copy away that was not needed, as far as the disk lets us."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def is_slow(source: Path) -> bool:
    """Whether staging takes so long that a window would stand still: a photo, or a large file."""
    try:
        return source.suffix.lower().lstrip(".") in PHOTOS or source.stat().st_size > SLOW_BYTES
    except OSError:
        return False


def check_kind(name: str, extension: str) -> None:
    """Refuse what is never evidence, and photos that cannot be read here."""
    if extension == "heic":
        raise heic_refused(name)
    if extension not in MEDIA_TYPES or "." not in name:
        kinds = ", ".join(sorted(set(MEDIA_TYPES) - {"heic"}))
        raise UserError(
            f"Không nhận loại tệp của “{name}” làm minh chứng; chưa đính kèm. Các loại nhận được: {kinds}.",
            code="evidence.kind",
        )


def digest_of(path: Path) -> str:
    """SHA-256 of a file as it is; empty when it cannot be read."""
    try:
        with path.open("rb") as reader:
            return hashlib.file_digest(reader, "sha256").hexdigest()
    except OSError:
        return ""


def restore(source: Path, folder: Path, digest: str, extension: str) -> None:
    """Put the very file that is missing back in its place."""
    part = folder / f"{uuid.uuid4().hex}.part"
    try:
        _copy(source, folder, part, source.name)
        put_in_place(part, stored_path(folder, digest, extension))
    finally:
        discard(part)


def _copy(source: Path, folder: Path, part: Path, name: str) -> tuple[str, int]:
    try:
        if not source.is_file():
            raise FileNotFoundError(name)
        reader = source.open("rb")
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp “{name}” nên chưa đính kèm. Hãy kiểm tra tệp còn đó và mở được.",
            code="evidence.unreadable",
        ) from error
    with reader:
        return _write(reader, folder, part, name)


def _write(reader: BinaryIO, folder: Path, part: Path, name: str) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as writer:
            while block := reader.read(_CHUNK):
                size += len(block)
                if size > MAX_BYTES:
                    raise _too_big(name)
                digest.update(block)
                writer.write(block)
            writer.flush()
            os.fsync(writer.fileno())
    except OSError as error:
        raise EnvironmentProblem(
            f"Không chép được “{name}” vào thư mục dữ liệu (đĩa đầy hoặc không có quyền ghi); chưa đính kèm. "
            "Phiếu và điểm vẫn giữ nguyên; hãy dọn chỗ trống rồi làm lại.",
            code="evidence.disk",
        ) from error
    if size == 0:
        raise UserError(f"Tệp “{name}” trống nên chưa đính kèm; hãy chọn lại tệp.", code="evidence.empty")
    return digest.hexdigest(), size


def put_in_place(part: Path, target: Path) -> None:
    """The last step before the commit: a failed commit leaves at most a file that nothing names."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
    except OSError as error:
        raise EnvironmentProblem(
            "Không ghi được tệp minh chứng vào thư mục dữ liệu; chưa đính kèm. Phiếu và điểm vẫn giữ nguyên.",
            code="evidence.disk",
        ) from error


def _too_big(name: str) -> UserError:
    return UserError(
        f"Tệp “{name}” lớn hơn {MAX_BYTES // 1_000_000} MB nên chưa đính kèm. Hãy chụp lại nhỏ hơn hoặc nén tệp.",
        code="evidence.too_big",
    )
