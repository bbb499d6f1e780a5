"""The stored second entries of a round as the other rooms of second entry work on them; never handed to a screen.

Invariant: reading only; why an entry takes nothing is decided here, once for keying, comparing and settling.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, SecondEntryStatus, Uid
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row

OPEN = (SecondEntryStatus.DRAWN, SecondEntryStatus.KEYED)
DONE = (SecondEntryStatus.AGREED, SecondEntryStatus.SETTLED)
LOOSE = "Phiếu lẻ"
"""What forms of no batch are called; with their hamlet."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One drawn form; ``id`` and ``assessment_id`` are local.

    Args:
        key: line of the queue: batch and criteria set; of forms in no batch their hamlet and criteria set.
        first, second: values as stored; ``settled``: indicator → {"value", "from"}.
        locked: why it takes nothing; the closed round is not told here.
    """

    id: int
    uid: Uid
    key: str
    status: SecondEntryStatus
    reason: str
    year: int
    model: LearningModel
    subject: Uid
    assessment_id: int
    set_id: int
    set_uid: Uid
    batch: Uid | None
    batch_name: str
    collector: str
    order: int
    first_by: Uid | None
    entered_by: Uid | None
    first: Mapping[str, float | None]
    second: Mapping[str, float | None]
    settled: Mapping[str, Mapping[str, Any]]
    finished_on: str
    is_accepted: bool
    locked: str

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_done(self) -> bool:
        return self.status in DONE

    @property
    def differing(self) -> tuple[str, ...]:
        """Indicators of which the two entries differ, as compared."""
        return tuple(code for code, value in self.first.items() if self.second.get(code) != value)

    def errors(self) -> tuple[int, int]:
        """Of a finished entry: fields whose settled value is not the first, and not the second."""
        first = second = 0
        for code, item in self.settled.items():
            first += item.get("value") != self.first.get(code)
            second += item.get("value") != self.second.get(code)
        return first, second


_SELECT = """
SELECT e.id, e.uid, e.status, e.reason, e.entered_by, e.entered_on, e.second_values, e.first_by, e.first_values,
       e.settled_on, e.settled, a.id, a.subject, a.model, a.criteria_set_id, c.uid, b.uid, b.name, b.collector,
       CASE WHEN a.batch_id = b.id THEN a.batch_order END, a.status, a.frozen IS NOT NULL, r.year,
       p.life_status, p.birth, r.counted_on, v.uid, v.name
"""
DRAWN = """
FROM second_entry e JOIN assessment a ON a.id = e.assessment_id JOIN assessment_round r ON r.id = a.assessment_round_id
JOIN criteria_set c ON c.id = a.criteria_set_id LEFT JOIN batch b ON b.id = e.batch_id AND b.present
LEFT JOIN citizen p ON p.uid = a.subject AND a.model = 'citizen'
LEFT JOIN household f ON f.uid = a.subject AND a.model = 'family'
LEFT JOIN hamlet v ON b.id IS NULL AND v.id = coalesce(p.hamlet_id, f.hamlet_id)
WHERE e.present AND a.present"""
"""Every drawn form with its form, round, set, batch and, of those in no batch, hamlet."""


def read_entries(
    connection: Connection,
    year: int | None = None,
    *,
    batch: Uid | None = None,
    key: str | None = None,
    people: Collection[Uid] | None = None,
) -> list[Entry]:
    """The entries of a round (or of all), in the order of their stacks.

    Args:
        batch: only of this one; ``key``: only of this line of the queue; ``people``: only what these keyed first.
    """
    where, values = narrowed(year, key)
    if batch is not None:
        where, values = f"{where} AND b.uid = ?", [*values, bytes.fromhex(batch)]
    if people is not None:
        raw = json.dumps(sorted(people))
        where, values = f"{where} AND lower(hex(e.first_by)) IN (SELECT value FROM json_each(?))", [*values, raw]
    query = f"{_SELECT}{DRAWN}{where} ORDER BY b.id, a.batch_order, e.id"
    return [_entry(row) for row in all_rows(connection, query, values)]


def narrowed(year: int | None, key: str | None) -> tuple[str, list[object]]:
    """What narrows ``DRAWN`` to a round and to one line of the queue, with its values."""
    where = "" if year is None else " AND r.year = ?"
    values: list[object] = [] if year is None else [year]
    if key is not None:
        for column, uid in zip(("b.uid", "c.uid", "v.uid"), (*key.split(":"), "", "")[:3], strict=True):
            where, values = f"{where} AND {column} IS ?", [*values, _raw(uid)]
    return where, values


def _raw(uid: Uid) -> bytes | None:
    """A part of a line's key; what is no uid means nothing here."""
    try:
        return bytes.fromhex(uid) or None
    except ValueError:
        return b""


def entry_of(connection: Connection, uid: Uid) -> Entry:
    """One entry; raises UserError ``second.unknown``."""
    row = one_row(connection, f"{_SELECT}{DRAWN} AND e.uid = ?", (bytes.fromhex(uid),))
    if row is None:
        raise UserError(
            "Phiếu này không còn trong danh sách nhập lần hai (đã hoàn tác hoặc bỏ chọn) nên chưa ghi gì; các phiếu "
            "khác vẫn giữ nguyên. Hãy nhấn F5 để xem danh sách mới.",
            code="second.unknown",
        )
    return _entry(row)


def first_authors(connection: Connection, forms: Iterable[int]) -> dict[int, tuple[Uid | None, ...]]:
    """Who gave the answers that stand in each form, who gave most of them first.

    What was settled between two entries is nobody's first keying and is left out.
    """
    found: dict[int, list[tuple[int, Uid]]] = {}
    for form_id, author, count in all_rows(connection, _AUTHORS, (json.dumps(list(forms)),)):
        found.setdefault(form_id, []).append((-count, author.hex() if author is not None else ""))
    return {form_id: tuple(uid or None for _, uid in sorted(authors)) for form_id, authors in found.items()}


_AUTHORS = """
SELECT n.assessment_id, o.author, count(*) FROM answer n CROSS JOIN operation o ON o.id = (
  SELECT d.id FROM change g CROSS JOIN operation d ON d.id = g.operation_id
  WHERE g.row_uid = n.uid AND d.kind NOT IN ('second.settle', 'undo.second.settle') ORDER BY g.id DESC LIMIT 1)
WHERE n.assessment_id IN (SELECT value FROM json_each(?)) AND n.present AND n.value IS NOT NULL
GROUP BY n.assessment_id, o.author"""
"""The last change of each answer tells its author; the index of changes gives it without reading the others."""


def user_names(connection: Connection) -> dict[Uid, str]:
    """Everybody who ever worked here by name."""
    return {uid.hex(): name or "" for uid, name in all_rows(connection, 'SELECT uid, name FROM "user"')}


def is_alone(connection: Connection) -> bool:
    """Only one person works on this register, so nobody else could key a form again."""
    row = one_row(connection, 'SELECT count(*) FROM "user" WHERE present')
    return row is None or row[0] <= 1


def require_other(context: Context, connection: Connection, entry: Entry, *, allow_same: bool) -> None:
    """Refuse whoever keyed a form first as its second keyer.

    Raises:
        UserError: ``second.same_person``; ``second.alone`` where nobody else works here, until that was said.
    """
    authors = first_authors(connection, [entry.assessment_id]).get(entry.assessment_id, ())
    if context.user not in {*authors, entry.first_by}:
        return
    if not is_alone(connection):
        raise UserError(
            "Bạn đã nhập phiếu này lần đầu nên người khác phải nhập lần hai; chưa ghi gì. Hãy đổi người làm việc (tên "
            "ở góc trên) hoặc chọn phiếu khác.",
            code="second.same_person",
        )
    if not allow_same:
        raise UserError(
            "Sổ này chỉ có một người làm, và bạn đã nhập phiếu này lần đầu; chưa ghi gì. Vẫn nhập được nếu bạn đồng ý, "
            "phiếu sẽ được ghi là một người nhập cả hai lần.",
            code="second.alone",
        )


def _entry(row: tuple[Any, ...]) -> Entry:
    (row_id, uid, status, reason, entered_by, entered_on, second, first_by, first, settled_on, settled, form_id,
     subject, model, set_id, set_uid, batch, batch_name, collector, order, form_status, is_frozen, year, life, birth,
     counted_on, hamlet, hamlet_name) = row  # fmt: skip
    batch_uid = batch.hex() if batch else None
    return Entry(
        id=row_id,
        uid=uid.hex(),
        key=line_key(batch, set_uid, hamlet),
        status=SecondEntryStatus(status) if status else SecondEntryStatus.DRAWN,
        reason=reason or "",
        year=year,
        model=LearningModel(model),
        subject=subject.hex(),
        assessment_id=form_id,
        set_id=set_id,
        set_uid=set_uid.hex(),
        batch=batch_uid,
        batch_name=line_name(batch, batch_name, hamlet_name),
        collector=collector or "",
        order=order or 0,
        first_by=first_by.hex() if first_by else None,
        entered_by=entered_by.hex() if entered_by else None,
        first=_numbers(first),
        second=_numbers(second),
        settled={code: item for code, item in _mapping(settled).items() if isinstance(item, Mapping)},
        finished_on=settled_on or entered_on or "",
        is_accepted=form_status == "accepted",
        locked=why_locked(form_status, life, is_frozen=bool(is_frozen), is_young=_is_young(birth, counted_on)),
    )


def _numbers(text: str | None) -> dict[str, float | None]:
    """Values of a form; what is no number, as another machine may send, is left out."""
    return {
        code: value
        for code, value in _mapping(text).items()
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    }


def _mapping(text: str | None) -> dict[str, Any]:
    """A JSON column; something odd that another machine sent is nothing."""
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _is_young(birth: str | None, counted_on: str | None) -> bool:
    if not birth or not counted_on:
        return False
    return birth > f"{int(counted_on[:4]) - DEFAULT_MIN_AGE:04d}{counted_on[4:]}"


def line_key(batch: bytes | None, set_uid: bytes, hamlet: bytes | None) -> str:
    """The line of the queue that a drawn form stands on; ``narrowed`` reads it back."""
    return ":".join(uid.hex() if uid else "" for uid in (batch, set_uid, hamlet))


def line_name(batch: bytes | None, name: str | None, hamlet: str | None) -> str:
    """What a line of the queue is called."""
    return (name or "(chưa có tên)") if batch else " · ".join(part for part in (LOOSE, hamlet) if part)


def why_locked(status: str | None, life: str | None, *, is_frozen: bool, is_young: bool) -> str:
    """Why a drawn form takes nothing, a sentence; "" when it does. The closed round is not told here."""
    if is_frozen or status == "recognised":
        return "Phiếu này đã được công nhận trong lúc chờ nên không nhập lần hai nữa; điểm và kết quả vẫn giữ nguyên."
    if life in _GONE:
        return f"Người này {_GONE[life]} nên không nhập lần hai nữa; những gì đã ghi vẫn giữ nguyên."
    if is_young:
        return f"Người này chưa đủ {DEFAULT_MIN_AGE} tuổi trong đợt này nên không nhập lần hai."
    if status == "returned":
        return "Phiếu này đã bị trả lại để chấm lại; nhập lần hai sau khi chấm xong."
    return ""


_GONE = {"dead": "đã mất", "moved": "đã chuyển đi nơi khác"}
