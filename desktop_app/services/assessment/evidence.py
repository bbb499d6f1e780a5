"""Evidence (minh chứng) of a form: files beside the database and notes without a file, listed by indicator.

Invariants: a file lies in its place before the row that names it is committed; removing or replacing evidence leaves
the file, so that it can be taken back.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation, Writer
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import ensure_form, load_form, require_writable
from desktop_app.services.assessment.evidence_files import (
    Staged,
    digest_of,
    discard,
    is_there,
    put_in_place,
    restore,
    stage,
    stored_path,
)
from desktop_app.services.context import EVIDENCE_FOLDER, Context, subject_of
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc

MAX_FILES = 50
"""Most pieces of evidence of one form."""

MAX_WORDS = 1000
"""Most letters of a note."""


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One attached file, or a note without one.

    Args:
        indicator: code, empty for the form as a whole.
        file_name: empty for a note without a file.
        size: bytes.
        is_there: the file still lies in the folder with that size; a note is always there.
    """

    uid: Uid
    indicator: str
    file_name: str
    size: int
    media_type: str
    sha256: str
    note: str
    is_there: bool

    @property
    def is_note(self) -> bool:
        return not self.file_name


@dataclass(frozen=True, slots=True)
class Prepared:
    """A chosen file, ready to be attached: its copy lies beside its place; made in a worker, where photos take long.

    Args:
        staged: the copy; None for the very file that a piece of evidence lost (``source`` is put back as it is).
    """

    source: Path
    staged: Staged | None

    def discard(self) -> None:
        """Take the copy away; nothing happens to one that was put in its place."""
        if self.staged is not None:
            discard(self.staged.path)


def prepare_evidence(context: Context, path: Path, *, instead_of: Uid | None = None) -> Prepared:
    """Copy or shrink a file for ``attach_prepared`` or ``replace_prepared``; nothing is written in the register.

    Args:
        instead_of: the piece of evidence that it is to replace.

    Raises:
        UserError: ``evidence.kind``, ``evidence.too_big``, ``evidence.empty``, ``evidence.unreadable``,
            ``evidence.not_picture``, ``evidence.too_many_points``, ``evidence.heic``, ``evidence.unknown``.
        EnvironmentProblem: ``evidence.disk`` when the copy cannot be written.
    """
    if instead_of is not None:
        with context.read() as connection:
            found = _found(connection, instead_of)
        if found.digest and digest_of(path) == found.digest:
            return Prepared(path, None)
    return Prepared(path, stage(path, context.folder / EVIDENCE_FOLDER))


def attach_evidence(
    context: Context, model: LearningModel, subject_uid: Uid, year: int, indicator: str, path: Path, note: str = ""
) -> EvidenceRecord:
    """Copy a file into the register's evidence folder and attach it to an indicator ("" for the whole form).

    Photos are kept small, upright and without the place where they were taken; other files as they are.

    Raises:
        UserError, EnvironmentProblem: as ``prepare_evidence`` and ``attach_prepared``.
    """
    return attach_prepared(context, model, subject_uid, year, indicator, prepare_evidence(context, path), note)


def attach_prepared(
    context: Context, model: LearningModel, subject_uid: Uid, year: int, indicator: str, chosen: Prepared,
    note: str = "",
) -> EvidenceRecord:  # fmt: skip
    """Attach a prepared file; its copy is in its place afterwards, or gone.

    Raises:
        UserError: ``evidence.too_many``, ``evidence.twice``, ``answer.unknown_indicator``, and those of a form that
            takes no changes.
        EnvironmentProblem: ``evidence.disk``.
    """
    new = chosen.staged
    assert new is not None
    try:
        arguments = {"subject": subject_of(keys.subject_table(model), subject_uid), "model": model.value, "year": year}
        with context.operation("evidence.add", arguments) as op:
            _refuse_twice(op.connection, keys.assessment_uid(year, model, subject_uid), indicator, new)
            values = {**_file_values(new), "note": nfc(note) or None}
            uid = _insert(op.writer, model, subject_uid, year, indicator, values)
            put_in_place(new.path, stored_path(context.folder / EVIDENCE_FOLDER, new.digest, new.extension))
    finally:
        chosen.discard()
    return EvidenceRecord(uid, indicator, new.name, new.size, new.media_type, new.digest, nfc(note), True)


def _refuse_twice(connection: Connection, form: Uid, indicator: str, new: Staged) -> None:
    """One file stands once beside one indicator; beside others it may stand again and takes no more room."""
    row = one_row(
        connection,
        "SELECT e.file_name FROM evidence AS e JOIN assessment AS a ON a.id = e.assessment_id "
        "WHERE a.uid = ? AND e.present AND e.sha256 = ? AND coalesce(e.indicator, '') = ?",
        (bytes.fromhex(form), new.digest, indicator),
    )
    if row is not None:
        raise UserError(
            f"Tệp “{new.name}” đã có ở mục này (tên “{row[0]}”) nên không thêm lần nữa.", code="evidence.twice"
        )


def add_note(context: Context, model: LearningModel, subject_uid: Uid, year: int, indicator: str, text: str) -> Uid:
    """Evidence in words alone: what was seen, who said so, where the paper lies.

    Raises:
        UserError: ``evidence.no_text``, ``evidence.long_text``, ``evidence.too_many``, ``answer.unknown_indicator``,
            and those of a form that takes no changes.
    """
    words = _checked_words(text)
    if not words:
        raise UserError("Ghi chú còn trống nên chưa ghi; hãy gõ vài chữ.", code="evidence.no_text")
    arguments = {"subject": subject_of(keys.subject_table(model), subject_uid), "model": model.value, "year": year}
    with context.operation("evidence.add", arguments) as op:
        return _insert(op.writer, model, subject_uid, year, indicator, {"note": words})


def edit_note(context: Context, evidence_uid: Uid, text: str) -> None:
    """Other words beside a file, or for a note without one; a note without a file cannot become empty.

    Raises:
        UserError: ``evidence.unknown``, ``evidence.no_text``, ``evidence.long_text``.
    """
    words = _checked_words(text)
    with context.operation("evidence.edit") as op:
        found = _found(op.connection, evidence_uid)
        _let_change(op, found)
        if not words and not found.file_name:
            raise UserError("Ghi chú còn trống nên chưa ghi; muốn bỏ ghi chú, hãy bấm Bỏ.", code="evidence.no_text")
        op.writer.update(tables.evidence, found.row_id, {"note": words or None})


def replace_evidence(context: Context, evidence_uid: Uid, path: Path) -> bool:
    """Give a piece of evidence another file, as when its own is gone from the disk; its note stays (undoable).

    Returns:
        True when it was the very same file, which is only put back in its place.

    Raises:
        UserError, EnvironmentProblem: as ``prepare_evidence``, and those of a form that takes no changes.
    """
    return replace_prepared(context, evidence_uid, prepare_evidence(context, path, instead_of=evidence_uid))


def replace_prepared(context: Context, evidence_uid: Uid, chosen: Prepared) -> bool:
    """``replace_evidence`` with a file that was prepared for it."""
    folder, new = context.folder / EVIDENCE_FOLDER, chosen.staged
    try:
        if new is None:
            with context.read() as connection:
                found = _found(connection, evidence_uid)
            restore(chosen.source, folder, found.digest, found.extension)
            return True
        with context.operation("evidence.edit") as op:
            found = _found(op.connection, evidence_uid)
            is_same = (new.digest, new.extension) == (found.digest, found.extension)
            if not is_same:
                _let_change(op, found)
                op.writer.update(tables.evidence, found.row_id, _file_values(new))
            put_in_place(new.path, stored_path(folder, new.digest, new.extension))
        return is_same
    finally:
        chosen.discard()


def folder_size(context: Context) -> int:
    """Bytes of all evidence files of this register, those included that were taken off and can come back."""
    query = "SELECT coalesce(sum(size), 0) FROM (SELECT DISTINCT sha256, size FROM evidence WHERE sha256 IS NOT NULL)"
    with context.read() as connection:
        row = one_row(connection, query)
    return int(row[0]) if row is not None else 0


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
            not name or is_there(folder / EVIDENCE_FOLDER, digest or "", name, size or 0),
        )
        for uid, indicator, name, size, media, digest, note in rows
    )


def remove_evidence(context: Context, evidence_uid: Uid) -> None:
    """Detach a file (undoable; the file stays in the folder).

    Raises:
        UserError: ``evidence.unknown``.
    """
    with context.operation("evidence.remove") as op:
        found = _found(op.connection, evidence_uid)
        _let_change(op, found)
        op.writer.remove(tables.evidence, found.row_id)


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
    path = stored_path(context.folder / EVIDENCE_FOLDER, row[0] or "", (row[1] or "").rpartition(".")[2].lower())
    if not path.is_file():
        raise EnvironmentProblem(
            f"Tệp minh chứng “{row[1]}” không còn trong thư mục dữ liệu (có thể nằm ở máy khác hoặc đã bị xóa). "
            "Phiếu và điểm vẫn giữ nguyên; hãy đính kèm lại tệp nếu còn.",
            code="evidence.gone",
        )
    return path


# -- inside ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    row_id: int
    model: LearningModel
    subject: Uid
    year: int
    file_name: str
    digest: str

    @property
    def extension(self) -> str:
        return self.file_name.rpartition(".")[2].lower()


def _found(connection: Connection, evidence_uid: Uid) -> _Found:
    row = one_row(
        connection,
        "SELECT e.id, a.model, a.subject, r.year, e.file_name, e.sha256 FROM evidence e "
        "JOIN assessment a ON a.id = e.assessment_id JOIN assessment_round r ON r.id = a.assessment_round_id "
        "WHERE e.uid = ? AND e.present",
        (bytes.fromhex(evidence_uid),),
    )
    if row is None:
        raise _unknown()
    return _Found(row[0], LearningModel(row[1]), row[2].hex(), row[3], row[4] or "", row[5] or "")


def _let_change(op: Operation, found: _Found) -> None:
    """The deed names whose form it is, and is refused where that form takes no changes."""
    op.args["subject"] = subject_of(keys.subject_table(found.model), found.subject)
    require_writable(load_form(op.connection, found.model, found.subject, found.year))


def _insert(
    writer: Writer, model: LearningModel, subject: Uid, year: int, indicator: str, values: Mapping[str, object]
) -> Uid:
    form = load_form(writer.connection, model, subject, year)
    require_writable(form)
    _check_place(writer.connection, form.assessment_id, indicator, form.used.definition.by_code)
    form_id = ensure_form(writer, form)
    row = {"assessment_id": form_id, "indicator": indicator or None, **values}
    return writer.references.uid("evidence", writer.insert(tables.evidence, row))


def _file_values(new: Staged) -> dict[str, object]:
    return {"file_name": new.name, "sha256": new.digest, "size": new.size, "media_type": new.media_type}


def _checked_words(text: str) -> str:
    words = nfc(text)
    if len(words) > MAX_WORDS:
        raise UserError(f"Ghi chú dài quá {MAX_WORDS} chữ cái nên chưa ghi; hãy rút gọn.", code="evidence.long_text")
    return words


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


def _unknown() -> UserError:
    return UserError("Không tìm thấy minh chứng này (có thể đã bị bỏ); chưa có gì thay đổi.", code="evidence.unknown")
