"""Titles of years before the program was used: typed by hand or read from the office's lists, beside its certificates.

Invariants: one row a subject, model and year (``natural_uid``), brought back where it was removed; where the program
itself gave or voided a certificate of that year, the certificate has the word; a title counts where it is shown.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import SUBJECT_TABLES, Operation
from desktop_app.models.records import Title
from desktop_app.models.tables import SHARED, natural_uid
from desktop_app.models.tables.registry import former_title
from desktop_app.models.types import CertificateStatus, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.words import word
from desktop_app.services.vietnamese import nfc

FIRST_YEAR = 1990
MAX_NUMBER = 60
MAX_NOTE = 500
BY_HAND = "ghi tay"
"""Source of a title that a person typed; a list's is its file name."""
_CHUNK = 2_000
_OWN_WORD = (
    "EXISTS (SELECT 1 FROM certificate AS c WHERE c.subject = f.subject AND c.model = f.model AND c.year = f.year "
    "AND c.present = 1)"
)


@dataclass(frozen=True, slots=True)
class GivenTitle:
    """One title to be written down.

    Args:
        subject: uid of the citizen, household, clan, organization or hamlet, as the model wants.
        number, note: what the list gives; "" leaves what is known.
    """

    model: LearningModel
    subject: Uid
    year: int
    number: str = ""
    note: str = ""

    @property
    def uid(self) -> Uid:
        """Identity of the row that stands for it."""
        return natural_uid(former_title.name, self.model.value, self.subject, self.year)


def former_titles_of(connection: Connection, model: LearningModel, subject: Uid) -> tuple[Title, ...]:
    """A subject's titles of former years, newest first."""
    rows = all_rows(
        connection,
        "SELECT year, coalesce(number, ''), uid, coalesce(source, ''), coalesce(note, '') FROM former_title "
        "WHERE subject = ? AND model = ? AND present = 1 ORDER BY year DESC",
        (bytes.fromhex(subject), model.value),
    )
    return tuple(
        Title(model, year, number, "", CertificateStatus.ISSUED, "", uid.hex(), source, note)
        for year, number, uid, source, note in rows
    )


def held_subjects(model: LearningModel, year: int) -> str:
    """SELECT of the uids (``subject``) of those who hold a year's title, by certificate or by an earlier list."""
    return (
        f"SELECT t.subject AS subject FROM certificate AS t WHERE t.model = '{model.value}' AND t.year = {year} "
        "AND t.present = 1 AND t.status <> 'voided' "
        f"UNION SELECT f.subject FROM former_title AS f WHERE f.model = '{model.value}' AND f.year = {year} "
        f"AND f.present = 1 AND NOT {_OWN_WORD}"
    )


def held_years(columns: str, source: str, model: LearningModel, condition: str) -> str:
    """SELECT of ``year`` and further columns of those of a source (alias ``s``) who hold titles; two parameter sets.

    Args:
        columns: further columns of ``s``, e.g. ``s.full_name``.
        condition: of ``s``; its parameters are given twice.
    """
    return (
        f"SELECT t.year AS year, {columns} FROM {source} JOIN certificate AS t ON t.subject = s.uid "
        f"AND t.model = '{model.value}' AND t.present = 1 AND t.status <> 'voided' WHERE {condition} "
        f"UNION SELECT f.year, {columns} FROM {source} JOIN former_title AS f ON f.subject = s.uid "
        f"AND f.model = '{model.value}' AND f.present = 1 WHERE {condition} AND NOT {_OWN_WORD}"
    )


def own_years(connection: Connection, model: LearningModel, subject: Uid) -> set[int]:
    """The years whose title a subject holds."""
    one = (bytes.fromhex(subject), model.value)
    query = (
        "SELECT t.year FROM certificate AS t WHERE t.subject = ? AND t.model = ? AND t.present = 1 "
        "AND t.status <> 'voided' UNION SELECT f.year FROM former_title AS f WHERE f.subject = ? AND f.model = ? "
        f"AND f.present = 1 AND NOT {_OWN_WORD}"
    )
    return {row[0] or 0 for row in all_rows(connection, query, one * 2)}


def renewable(connection: Connection, model: LearningModel, year: int, subject: Uid | None = None) -> set[Uid]:
    """Who held a year's title by an earlier list, unless the program's own round of that year says otherwise.

    Args:
        subject: ask only about this one.
    """
    one, values = ("", ()) if subject is None else ("AND f.subject = ? ", (bytes.fromhex(subject),))
    rows = all_rows(
        connection,
        f"SELECT f.subject FROM former_title AS f WHERE f.model = ? AND f.year = ? AND f.present = 1 {one}"
        f"AND NOT {_OWN_WORD} AND NOT EXISTS (SELECT 1 FROM assessment AS a JOIN assessment_round AS r "
        "ON r.id = a.assessment_round_id WHERE r.year = f.year AND a.subject = f.subject AND a.model = f.model "
        "AND a.present = 1 AND a.is_complete = 1 AND coalesce(a.passed, 0) = 0)",
        (model.value, year, *values),
    )
    return {row[0].hex() for row in rows}


def last_year(connection: Connection) -> int | None:
    """The latest year whose titles the program does not give itself: the one before its newest round; None without."""
    row = connection.exec_driver_sql("SELECT max(year) FROM assessment_round WHERE present = 1").first()
    return int(row[0]) - 1 if row is not None and row[0] is not None else None


def latest_year(context: Context) -> int:
    """The latest year whose title can be typed; without any round last year by the calendar."""
    with context.read() as connection:
        return last_year(connection) or datetime.date.today().year - 1


def record_title(
    context: Context, model: LearningModel, subject: Uid, year: int, *, number: str = "", note: str = ""
) -> Uid | None:
    """Write down by hand that a subject held a title; a year that is known already takes the number and note over.

    Returns:
        uid of the title's row.

    Raises:
        UserError: ``title.year``, ``title.in_round``, ``title.certified``, ``title.too_long``, ``record.unknown``.
    """
    given = GivenTitle(model, subject, year, nfc(number), nfc(note))
    with context.operation("title.record", {"count": 1, "model": model.value, "year": year}) as op:
        _check(op.connection, given)
        write_titles(op, [given], BY_HAND)
    return given.uid


def change_title(context: Context, uid: Uid, *, number: str, note: str) -> None:
    """Write the number and the note of a title of a former year anew; a blank one is cleared.

    Raises:
        UserError: ``title.too_long``, ``record.unknown``.
    """
    with context.operation("title.record", {"count": 1}) as op:
        row_id = op.writer.references.id(former_title.name, uid)
        rows = all_rows(op.connection, "SELECT model, year FROM former_title WHERE id = ? AND present = 1", (row_id,))
        if row_id is None or not rows:
            raise _unknown()
        given = {"number": nfc(number), "note": nfc(note)}
        _refuse_long(given["number"], given["note"])
        op.args.update(model=rows[0][0], year=rows[0][1])
        op.writer.update(former_title, row_id, {name: text or None for name, text in given.items()})


def remove_title(context: Context, uid: Uid) -> None:
    """Take one title back that was typed or read from a list (undoable).

    Raises:
        UserError: it is not in the register any more (``record.unknown``).
    """
    with context.operation("title.remove", {"count": 1}) as op:
        row_id = op.writer.references.id(former_title.name, uid)
        rows = all_rows(op.connection, "SELECT model, year FROM former_title WHERE id = ? AND present = 1", (row_id,))
        if row_id is None or not rows:
            raise _unknown()
        op.args.update(model=rows[0][0], year=rows[0][1])
        op.writer.remove(former_title, row_id)


def write_titles(op: Operation, titles: Iterable[GivenTitle], source: str) -> int:
    """Write titles down within an operation; what is there already is only completed by number and note.

    Returns:
        How many are new or were brought back.
    """
    wanted = {title.uid: title for title in titles}
    standing = _standing(op.connection, wanted)
    fresh: list[tuple[Uid, dict[str, Any]]] = []
    made = 0
    for uid, title in wanted.items():
        values = {name: text for name, text in (("number", title.number), ("note", title.note)) if text}
        row_id, is_present = standing.get(uid, (None, False))
        if is_present and row_id is not None:
            op.writer.update(former_title, row_id, values)
            continue
        made += 1
        whole = {
            "model": title.model.value, "subject": title.subject, "year": title.year, "source": source,
            "number": title.number or None, "note": title.note or None,
        }  # fmt: skip
        if row_id is None:
            fresh.append((uid, whole))
        else:
            op.writer.insert(former_title, whole, uid=uid)
    op.writer.insert_many(former_title, [values for _, values in fresh], uids=[uid for uid, _ in fresh])
    return made


def _standing(connection: Connection, uids: Mapping[Uid, object]) -> dict[Uid, tuple[int, bool]]:
    found: dict[Uid, tuple[int, bool]] = {}
    every = list(uids)
    for start in range(0, len(every), _CHUNK):
        rows = all_rows(
            connection,
            "SELECT t.uid, t.id, t.present FROM json_each(?) j JOIN former_title t ON t.uid = unhex(j.value)",
            (json.dumps(every[start : start + _CHUNK]),),
        )
        found.update((uid.hex(), (row_id, bool(present))) for uid, row_id, present in rows)
    return found


def _check(connection: Connection, title: GivenTitle) -> None:
    table = SHARED[SUBJECT_TABLES[title.model]].table
    known = f'SELECT 1 FROM "{table.name}" WHERE uid = ? AND present = 1'
    if not all_rows(connection, known, (bytes.fromhex(title.subject),)):
        raise _unknown()
    refuse_year(title.year, last_year(connection))
    _refuse_long(title.number, title.note)
    own = "SELECT number, status FROM certificate WHERE subject = ? AND model = ? AND year = ? AND present = 1"
    found = all_rows(connection, own, (bytes.fromhex(title.subject), title.model.value, title.year))
    if found:
        number, status = found[-1]
        state = "đã bị hủy" if status == "voided" else "đã có"
        raise UserError(
            f"Năm {title.year} giấy công nhận {word(title.model)} số {number or '(chưa có số)'} {state} trong sổ; "
            "chưa ghi gì thêm. Danh hiệu năm này theo giấy đó.",
            code="title.certified",
        )


def _refuse_long(number: str, note: str) -> None:
    if len(number) > MAX_NUMBER or len(note) > MAX_NOTE:
        raise UserError(
            f"Số giấy dài quá {MAX_NUMBER} chữ hoặc ghi chú dài quá {MAX_NOTE} chữ; chưa ghi gì. Hãy rút ngắn lại.",
            code="title.too_long",
        )


def refuse_year(year: int, latest: int | None) -> None:
    """A title by hand or list is of a year before the newest round.

    Raises:
        UserError: ``title.year`` for a year that cannot be, ``title.in_round`` for one that a round decides.
    """
    if latest is not None and year > latest:
        raise UserError(
            f"Danh hiệu năm {year} do đợt đánh giá trong sổ công nhận; chỉ ghi thêm được danh hiệu từ năm {latest} trở "
            "về trước. Chưa ghi gì.",
            code="title.in_round",
        )
    if not FIRST_YEAR <= year <= 2100:
        raise UserError(
            f"Năm {year} không đúng; hãy ghi năm đủ bốn chữ số, từ {FIRST_YEAR} trở về sau. Chưa ghi gì.",
            code="title.year",
        )


def _unknown() -> UserError:
    return UserError("Không tìm thấy mục này trong sổ. Hãy nạp lại danh sách.", code="record.unknown")
