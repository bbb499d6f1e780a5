"""Personal data: showing a masked number, handing a person all that is held, and erasing it by law.

Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15 and NĐ 356/2025/NĐ-CP: right to see, correct and delete. Invariants: every
number shown and every export is written down in this file's own stream; erasing leaves the chain of the journal whole
and reaches the other machines with the next packages. Backups made before keep what they held until they are thinned.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import erase
from desktop_app.models.records import ErasurePreview, PersonExport
from desktop_app.models.tables.registry import household
from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.context import EVIDENCE_FOLDER, Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.registry.personal_sheet import sections_of
from desktop_app.services.registry.usage import reasons

BACKUPS_REMAIN = (
    "Các bản sao lưu cũ và giấy tờ đã in vẫn còn tên người này cho đến khi bản sao lưu được thay hoặc giấy được hủy."
)


def reveal_cccd(context: Context, uid: Uid) -> str:
    """The whole CCCD, to be shown; that it was shown, to whom and when, is written down (``citizen.reveal``).

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    return _reveal(context, "citizen", uid, "cccd")


def reveal_phone(context: Context, uid: Uid) -> str:
    """The whole phone number; written down like a CCCD.

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    return _reveal(context, "citizen", uid, "phone")


def reveal_contact(context: Context, table: str, uid: Uid) -> str:
    """The phone number of who leads a hamlet, clan, organization or branch; written down like a person's.

    Raises:
        UserError: the record is gone (``record.gone``).
    """
    return _reveal(context, table, uid, "phone")


def _reveal(context: Context, table: str, uid: Uid, column: str) -> str:
    with context.operation("citizen.reveal", {"subject": subject_of(table, uid), "field": column}) as op:
        number = find_row(op.connection, table, uid)[column]
        op.is_kept = number is not None
    return str(number or "")


def export_person(context: Context, uid: Uid, *, today: dt.date | None = None) -> PersonExport:
    """All that this file holds about a person, unmasked, in words; that it was taken out is written down.

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    with context.read() as connection:
        row = find_row(connection, "citizen", uid)
        sections = sections_of(context, connection, row)
    with context.operation("person.export", {"subject": subject_of("citizen", uid)}) as op:
        op.is_kept = True
    day = today or dt.date.today()
    return PersonExport(uid, row["full_name"] or "", f"{day:%d/%m/%Y}", sections)


def erasure_preview(context: Context, uid: Uid) -> ErasurePreview:
    """What erasing a person would take away, and what stands against it.

    Raises:
        UserError: the person is gone (``record.gone``).
    """
    with context.read() as connection:
        row = find_row(connection, "citizen", uid)
        rows = erase.person_rows(connection, uid)
        counts = {name: sum(1 for table, _ in rows if table == name) for name in dict(rows)}
        uids = _uids(connection, rows)
        return ErasurePreview(
            row["full_name"] or "",
            counts.get("assessment", 0),
            counts.get("certificate", 0),
            counts.get("organization_member", 0),
            counts.get("evidence", 0),
            erase.count_values(connection, uids),
            _reasons(context, connection, row["id"], uid, uids),
        )


def erase_citizen(context: Context, uid: Uid) -> Uid:
    """Erase a person: fields, forms, answers, memberships and the journal's values; the chain stands.

    The register book keeps the numbers of certificates without name, birth and address. It cannot be taken back.
    Refused on a volunteer's machine (work on the person that the office has not received would lose its values
    before the office has it), while the inbox waits for a decision about the person, and while he heads others.

    Returns:
        The operation's uid.

    Raises:
        UserError: ``erase.refused`` with all reasons; ``record.gone``.
    """
    files: list[str] = []
    with context.operation(erase.ERASE, {"subject": subject_of("citizen", uid)}) as op:
        connection = op.connection
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        row = find_row(connection, "citizen", uid)
        rows = erase.person_rows(connection, uid)
        found = _reasons(context, connection, row["id"], uid, _uids(connection, rows))
        if found:
            raise UserError(f"Chưa xóa được; chưa có gì bị thay đổi. {' '.join(found)}", code="erase.refused")
        for household_id in connection.execute(
            select(household.c.id).where(household.c.head_id == row["id"])
        ).scalars():
            op.writer.update(household, household_id, {"head_id": None})
        files = _files_of(connection, [key for name, key in rows if name == "evidence"])
        op.args["rows"] = erase.erased_rows(op.writer, rows)
        erase.carry_out(op.writer, op.args["rows"])
    _purge(context, files)
    return op.uid


def _reasons(context: Context, connection: Connection, row_id: int, uid: Uid, uids: list[Uid]) -> tuple[str, ...]:
    found = [text for text in reasons(connection, "citizen", row_id, uid) if text.startswith("Đang là chủ hộ")]
    if context.role is DeviceRole.VOLUNTEER:
        found.append("Chỉ máy của xã được xóa dữ liệu cá nhân; hãy gửi yêu cầu về xã.")
    if erase.holds_open_conflict(connection, uids):
        found.append("Hộp xung đột còn chỗ khác nhau về người này; hãy phân xử trước.")
    return tuple(found)


def _uids(connection: Connection, rows: list[tuple[str, int]]) -> list[Uid]:
    return [
        connection.exec_driver_sql(f'SELECT lower(hex(uid)) FROM "{name}" WHERE id = ?', (key,)).scalar_one()
        for name, key in rows
    ]


def _files_of(connection: Connection, evidence_ids: list[int]) -> list[str]:
    """Digests of evidence files that nobody else's evidence uses."""
    found = []
    for key in evidence_ids:
        digest = connection.exec_driver_sql("SELECT sha256 FROM evidence WHERE id = ?", (key,)).scalar()
        others = connection.exec_driver_sql(
            f"SELECT 1 FROM evidence WHERE sha256 = ? AND id NOT IN ({', '.join('?' * len(evidence_ids))})",
            (digest, *evidence_ids),
        ).first()
        if digest and others is None:
            found.append(str(digest))
    return found


def _purge(context: Context, digests: list[str]) -> None:
    """Take the last traces out of the file: words of the search index, pages that were freed, evidence files."""
    with context.database.write() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.exec_driver_sql("INSERT INTO citizen_search (citizen_search) VALUES ('optimize')")
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
    folder = context.folder / EVIDENCE_FOLDER
    for digest in digests:
        _remove_files(folder, digest)


def _remove_files(folder: Path, digest: str) -> None:
    for path in (folder / digest[:2]).glob(f"{digest}.*"):
        path.unlink(missing_ok=True)
