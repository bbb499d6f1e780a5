"""Evidence files (minh chứng): kept beside the database by content, listed by indicator.

Invariants: a file is copied whole or not at all, and its bytes are those its name in the folder says (SHA-256); the
name a person gave never becomes a path; removing evidence leaves the file, so that it can be taken back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import uuid
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import ensure_form, load_form, require_writable
from desktop_app.services.context import EVIDENCE_FOLDER, Context, subject_of
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc

MAX_BYTES = 20_000_000
"""Largest file, in bytes."""

MAX_FILES = 50
"""Most files of one form."""

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


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One attached file.

    Args:
        indicator: code, empty for the form as a whole.
        size: bytes.
        is_there: the file still lies in the folder with that size.
    """

    uid: Uid
    indicator: str
    file_name: str
    size: int
    media_type: str
    sha256: str
    note: str
    is_there: bool


def attach_evidence(
    context: Context, model: LearningModel, subject_uid: Uid, year: int, indicator: str, path: Path, note: str = ""
) -> EvidenceRecord:
    """Copy a file into the register's evidence folder and attach it to an indicator ("" for the whole form).

    Raises:
        UserError: ``evidence.kind``, ``evidence.too_big``, ``evidence.empty``, ``evidence.too_many``,
            ``evidence.unreadable``, ``answer.unknown_indicator``, and those of a form that takes no changes.
        EnvironmentProblem: ``evidence.disk`` when the copy cannot be written.
    """
    name = safe_name(path.name)
    extension = name.rpartition(".")[2].lower()
    if extension not in MEDIA_TYPES or "." not in name:
        kinds = ", ".join(sorted(MEDIA_TYPES))
        raise UserError(
            f"Không nhận loại tệp của “{name}” làm minh chứng; chưa đính kèm. Các loại nhận được: {kinds}.",
            code="evidence.kind",
        )
    folder = context.folder / EVIDENCE_FOLDER
    with _staged(path, folder, name) as (part, digest, size):
        arguments = {"subject": subject_of(keys.subject_table(model), subject_uid), "model": model.value, "year": year}
        with context.operation("evidence.add", arguments) as op:
            form = load_form(op.connection, model, subject_uid, year)
            require_writable(form)
            _check_place(op.connection, form.assessment_id, indicator, form.used.definition.by_code)
            values = {
                "assessment_id": ensure_form(op.writer, form),
                "indicator": indicator or None,
                "file_name": name,
                "sha256": digest,
                "size": size,
                "media_type": MEDIA_TYPES[extension],
                "note": nfc(note) or None,
            }
            row_id = op.writer.insert(tables.evidence, values)
            uid = op.writer.references.uid("evidence", row_id)
            _put_in_place(part, _stored(folder, digest, extension))
    return EvidenceRecord(uid, indicator, name, size, MEDIA_TYPES[extension], digest, nfc(note), True)


def list_evidence(context: Context, model: LearningModel, subject_uid: Uid, year: int) -> tuple[EvidenceRecord, ...]:
    """The attached files of a form, in the order they came."""
    with context.read() as connection:
        return read_evidence(connection, context.folder, keys.assessment_uid(year, model, subject_uid))


def read_evidence(connection: Connection, folder: Path, assessment: Uid) -> tuple[EvidenceRecord, ...]:
    """The same within a reading transaction."""
    rows = all_rows(
        connection,
        "SELECT e.uid, e.indicator, e.file_name, e.size, e.media_type, e.sha256, e.note FROM evidence e "
        "JOIN assessment a ON a.id = e.assessment_id WHERE a.uid = ? AND e.present ORDER BY e.id",
        (bytes.fromhex(assessment),),
    )
    return tuple(
        EvidenceRecord(
            uid.hex(),
            indicator or "",
            name or "",
            size or 0,
            media or "",
            digest or "",
            note or "",
            _is_there(folder / EVIDENCE_FOLDER, digest or "", name or "", size or 0),
        )
        for uid, indicator, name, size, media, digest, note in rows
    )


def remove_evidence(context: Context, evidence_uid: Uid) -> None:
    """Detach a file (undoable; the file stays in the folder).

    Raises:
        UserError: ``evidence.unknown``.
    """
    with context.operation("evidence.remove") as op:
        row = one_row(
            op.connection,
            "SELECT e.id, a.model, a.subject FROM evidence e JOIN assessment a ON a.id = e.assessment_id "
            "WHERE e.uid = ? AND e.present",
            (bytes.fromhex(evidence_uid),),
        )
        if row is None:
            raise _unknown()
        op.args["subject"] = subject_of(keys.subject_table(LearningModel(row[1])), row[2].hex())
        op.writer.remove(tables.evidence, row[0])


def evidence_path(context: Context, evidence_uid: Uid) -> Path:
    """The file to open.

    Raises:
        UserError: ``evidence.unknown``.
        EnvironmentProblem: ``evidence.gone`` when the file is not in the folder (any more).
    """
    with context.read() as connection:
        row = one_row(
            connection, "SELECT sha256, file_name FROM evidence WHERE uid = ?", (bytes.fromhex(evidence_uid),)
        )
    if row is None:
        raise _unknown()
    path = _stored(context.folder / EVIDENCE_FOLDER, row[0] or "", (row[1] or "").rpartition(".")[2].lower())
    if not path.is_file():
        raise EnvironmentProblem(
            f"Tệp minh chứng “{row[1]}” không còn trong thư mục dữ liệu (có thể nằm ở máy khác hoặc đã bị xóa). "
            "Phiếu và điểm vẫn giữ nguyên; hãy đính kèm lại tệp nếu còn.",
            code="evidence.gone",
        )
    return path


def safe_name(name: str) -> str:
    """A file's name without what could make it a path, a device or a disguise; at most 120 letters."""
    base = _FORBIDDEN.sub(" ", nfc(name.replace("\\", "/").rpartition("/")[2])).rstrip(" .")
    stem, dot, extension = base.rpartition(".")
    stem, extension = (stem, extension[:10].strip()) if dot else (base, "")
    stem = " ".join(stem.split())[: 110 - len(extension)].strip(" .") or "minh chứng"
    if _RESERVED.fullmatch(stem):
        stem = f"tệp {stem}"
    return f"{stem}.{extension}" if extension else stem


# -- inside ------------------------------------------------------------------------------------------------------


def _stored(folder: Path, digest: str, extension: str) -> Path:
    """Where the content of a digest lies; a digest or extension from elsewhere is checked before it becomes a path."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest) or extension not in MEDIA_TYPES:
        return folder / "missing"
    return folder / digest[:2] / f"{digest}.{extension}"


def _is_there(folder: Path, digest: str, name: str, size: int) -> bool:
    try:
        return _stored(folder, digest, name.rpartition(".")[2].lower()).stat().st_size == size
    except OSError:
        return False


@contextlib.contextmanager
def _staged(source: Path, folder: Path, name: str) -> Iterator[tuple[Path, str, int]]:
    """Copy a file beside its future place; gives (copy, SHA-256, bytes) and takes the copy away at the end."""
    part = folder / f"{uuid.uuid4().hex}.part"
    try:
        digest, size = _copy(source, folder, part, name)
        yield part, digest, size
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _copy(source: Path, folder: Path, part: Path, name: str) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
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


def _put_in_place(part: Path, target: Path) -> None:
    """The last step before the commit: a failed commit leaves at most a file that nothing names."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.replace(target)
    except OSError as error:
        raise EnvironmentProblem(
            "Không ghi được tệp minh chứng vào thư mục dữ liệu; chưa đính kèm. Phiếu và điểm vẫn giữ nguyên.",
            code="evidence.disk",
        ) from error


def _check_place(connection: Connection, form_id: int | None, indicator: str, known: Container[str]) -> None:
    if indicator and indicator not in known:
        raise UserError(
            f"Bộ tiêu chí của phiếu này không có mục {indicator}; chưa đính kèm.", code="answer.unknown_indicator"
        )
    if form_id is not None:
        row = one_row(connection, "SELECT count(*) FROM evidence WHERE assessment_id = ? AND present", (form_id,))
        if row is not None and row[0] >= MAX_FILES:
            raise UserError(
                f"Phiếu này đã có {MAX_FILES} tệp minh chứng nên chưa đính kèm thêm; hãy bỏ bớt tệp không cần.",
                code="evidence.too_many",
            )


def _too_big(name: str) -> UserError:
    return UserError(
        f"Tệp “{name}” lớn hơn {MAX_BYTES // 1_000_000} MB nên chưa đính kèm. Hãy chụp lại nhỏ hơn hoặc nén tệp.",
        code="evidence.too_big",
    )


def _unknown() -> UserError:
    return UserError("Không tìm thấy minh chứng này (có thể đã bị bỏ); chưa có gì thay đổi.", code="evidence.unknown")
