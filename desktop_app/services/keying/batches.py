"""Batches of paper forms: a cover typed once, progress, and its closing against the control totals of the paper.

Invariants: a closed batch met its cover when it was closed, and its rows are not keyed any more; a cover that was
corrected keeps what it said before, with the reason; taking a batch away takes no answers away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import CitizenGroup, LearningModel, SetKind, Uid
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_by_id, round_of
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.office import OfficeSet, office_set, read_sets, set_in_use
from desktop_app.services.criteria.round_sets import require_taking_part
from desktop_app.services.errors import UserError
from desktop_app.services.keying.covers import require_year
from desktop_app.services.keying.records import CLOSED, OPEN, BatchRecord, Cover
from desktop_app.services.paper.codes import looks_like_stack, parse_stack, parse_stack_code
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import nfc, number_text

MOST_FORMS = 2_000
LONGEST = 120


def list_batches(context: Context, year: int) -> tuple[BatchRecord, ...]:
    """The batches of a round, the open ones first, then the newest."""
    with context.read() as connection:
        rows = all_rows(connection, f"{_SELECT} WHERE r.year = ? AND b.present GROUP BY b.id {_ORDER}", (year,))
        return tuple(_record(connection, row) for row in rows)


def read_batch(context: Context, batch_uid: Uid) -> BatchRecord:
    """One batch as it stands; raises UserError ``batch.unknown``."""
    with context.read() as connection:
        return find_batch(connection, batch_uid)


def find_batch(connection: Connection, batch_uid: Uid) -> BatchRecord:
    """The same within a transaction."""
    row = one_row(connection, f"{_SELECT} WHERE b.uid = ? AND b.present GROUP BY b.id", (bytes.fromhex(batch_uid),))
    if row is None:
        raise unknown_batch()
    return _record(connection, row)


def next_cover(context: Context, year: int) -> Cover:
    """What the next cover begins with: the last one of the round, without its own counts and code."""
    with context.read() as connection:
        row = one_row(
            connection, f"{_SELECT} WHERE r.year = ? AND b.present GROUP BY b.id ORDER BY b.id DESC LIMIT 1", (year,)
        )
        if row is None:
            return Cover(group=CitizenGroup.RESIDENT)
        last = _record(connection, row).cover
    return Cover(
        last.model, last.group, last.set_uid, last.hamlet, last.organization, last.collector, last.collected_on
    )


def add_batch(context: Context, year: int, cover: Cover, *, today: dt.date | None = None) -> BatchRecord:
    """Begin a batch.

    Raises:
        UserError: ``round.closed``, ``round.unknown``, ``batch.…`` for what is wrong on the cover,
            ``criteria.none_in_use``, ``round.not_taking_part``; nothing is stored then.
    """
    with context.operation("batch.add") as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        used = _set_of(op.connection, cover, round_.id)
        require_taking_part(op.connection, round_.id, cover.model, used.definition.group)
        columns = _columns(op, cover, used, today or dt.date.today())
        _require_year(cover.code, year)
        columns["code"] = _free_code(op.connection, round_.id, cover, None)
        columns["name"] = nfc(cover.name)[:LONGEST] or _next_name(op.connection, round_, cover)
        columns["assessment_round_id"] = round_.id
        row_id = op.writer.insert(tables.batch, {**columns, "status": OPEN})
        uid = op.writer.references.uid("batch", row_id)
        op.args["subject"] = subject_of("batch", uid)
        return find_batch(op.connection, uid)


def edit_cover(
    context: Context, batch_uid: Uid, cover: Cover, *, reason: str = "", today: dt.date | None = None
) -> BatchRecord:
    """Correct a cover. Control totals that change once forms are keyed need a reason, which is kept with the old ones.

    Raises:
        UserError: ``batch.reason_missing``, ``batch.has_forms`` (another model, group or set), ``batch.closed``,
            ``round.closed``, and what is wrong on the cover.
    """
    with context.operation("batch.edit", {"subject": subject_of("batch", batch_uid)}) as op:
        row = require_open_batch(op.connection, batch_uid)
        old = find_batch(op.connection, batch_uid)
        used = _set_of(op.connection, cover, row["round_id"])
        if old.forms and used.uid != old.set_uid:
            raise UserError(
                f"Tập “{old.name}” đã có {old.forms} phiếu nên không đổi được mô hình, nhóm hay bộ tiêu chí; chưa sửa "
                "gì. Hãy lập tập khác cho những phiếu của bộ kia.",
                code="batch.has_forms",
            )
        day = today or dt.date.today()
        columns = _columns(op, cover, used, day)
        _require_year(cover.code, old.year)
        columns["code"] = _free_code(op.connection, row["round_id"], cover, row["id"])
        columns["name"] = nfc(cover.name)[:LONGEST] or old.name
        said = _correction(old, cover)
        if said and old.forms:
            if not nfc(reason):
                raise UserError(
                    f"Bìa đổi {said}. Hãy ghi lý do (ví dụ: một phiếu trùng, người thu cộng nhầm) rồi cất; chưa sửa "
                    "gì.",
                    code="batch.reason_missing",
                )
            line = f"{day:%d/%m/%Y}: {said}. Lý do: {nfc(reason)}"
            columns["note"] = f"{old.note}\n{line}".strip()
        op.writer.update(tables.batch, row["id"], columns)
        if columns["collector"] != (old.cover.collector or None) or columns["collected_on"] != old.cover.collected_on:
            _pass_on(op, row["id"], columns)
        return find_batch(op.connection, batch_uid)


def close_batch(context: Context, batch_uid: Uid, *, today: dt.date | None = None) -> BatchRecord:
    """Close a batch whose forms meet its cover; in the same deed some of them are drawn to be keyed a second time.

    Raises:
        UserError: ``batch.mismatch`` with the difference, ``batch.empty``, ``batch.closed``.
    """
    from desktop_app.services.keying.control import check_totals
    from desktop_app.services.keying.second_draw import draw_into
    from desktop_app.services.keying.sheet import read_sheet_in

    with context.operation("batch.close", {"subject": subject_of("batch", batch_uid)}) as op:
        row = require_open_batch(op.connection, batch_uid)
        sheet = read_sheet_in(op.connection, batch_uid)
        if not sheet.rows:
            raise UserError("Tập này chưa có phiếu nào nên chưa đóng.", code="batch.empty")
        control = check_totals(sheet)
        if not control.is_met:
            raise UserError(control.sentence, code="batch.mismatch")
        values = {"status": CLOSED, "closed_on": (today or dt.date.today()).isoformat()}
        op.writer.update(tables.batch, row["id"], values)
        draw_into(op, round_by_id(op.connection, row["round_id"]), batch_uid)
        return find_batch(op.connection, batch_uid)


def reopen_batch(context: Context, batch_uid: Uid) -> BatchRecord:
    """Take up a closed batch again; its round must still take answers."""
    with context.operation("batch.reopen", {"subject": subject_of("batch", batch_uid)}) as op:
        row = _row(op.connection, batch_uid)
        require_open(round_by_id(op.connection, row["round_id"]))
        op.writer.update(tables.batch, row["id"], {"status": OPEN, "closed_on": None})
        return find_batch(op.connection, batch_uid)


def remove_batch(context: Context, batch_uid: Uid) -> None:
    """Take a batch away; its forms keep their answers and belong to no batch."""
    with context.operation("batch.remove", {"subject": subject_of("batch", batch_uid)}) as op:
        row = _row(op.connection, batch_uid)
        require_open(round_by_id(op.connection, row["round_id"]))
        forms = all_rows(op.connection, "SELECT id FROM assessment WHERE batch_id = ?", (row["id"],))
        op.writer.update_many(
            tables.assessment, {form_id: {"batch_id": None, "batch_order": None} for (form_id,) in forms}
        )
        op.writer.remove(tables.batch, row["id"])


def require_open_batch(connection: Connection, batch_uid: Uid) -> dict[str, Any]:
    """A batch's row, of which forms may be keyed; raises UserError ``batch.unknown``, ``batch.closed``,
    ``round.closed``."""
    row = _row(connection, batch_uid)
    require_open(round_by_id(connection, row["round_id"]))
    if row["status"] == CLOSED:
        raise UserError(
            f"Tập “{row['name']}” đã đóng nên không ghi thêm; những gì đã ghi vẫn giữ nguyên. Hãy mở lại tập trước.",
            code="batch.closed",
        )
    return row


def unknown_batch() -> UserError:
    """The refusal of work in a batch that is gone."""
    return UserError(
        "Không tìm thấy tập phiếu này trong sổ (có thể đã bị xóa); chưa có gì được ghi. Hãy chọn lại trong danh sách.",
        code="batch.unknown",
    )


# -- inside ------------------------------------------------------------------------------------------------------

_SELECT = """
SELECT b.uid, r.year, b.model, b.citizen_group, h.uid, o.uid, b.collector, b.collected_on, b.form_count, b.score_sum,
       b.code, b.name, coalesce(h.name, o.name, ''), b.criteria_set_id, c.uid, b.status, b.closed_on, b.note,
       count(a.id), coalesce(sum(a.is_complete), 0), coalesce(sum(a.total), 0)
FROM batch b JOIN assessment_round r ON r.id = b.assessment_round_id
LEFT JOIN hamlet h ON h.id = b.hamlet_id LEFT JOIN organization o ON o.id = b.organization_id
LEFT JOIN criteria_set c ON c.id = b.criteria_set_id
LEFT JOIN assessment a ON a.batch_id = b.id AND a.present"""
_ORDER = f"ORDER BY b.status = '{CLOSED}', b.id DESC"


def _record(connection: Connection, row: tuple[Any, ...]) -> BatchRecord:
    (uid, year, model, group, hamlet, organization, collector, collected_on, form_count, score_sum, code, name, place,
     set_id, set_uid, status, closed_on, note, forms, complete, total) = row  # fmt: skip
    set_hex = set_uid.hex() if set_uid else ""
    used = read_sets(connection, [set_id]).get(set_id) if set_id is not None else None
    set_name = used.definition.name if used is not None else ""
    cover = Cover(
        LearningModel(model),
        CitizenGroup(group) if group else None,
        set_hex or None,
        hamlet.hex() if hamlet else None,
        organization.hex() if organization else None,
        collector or "",
        collected_on,
        form_count,
        score_sum,
        code or "",
        name or "",
    )
    return BatchRecord(
        uid.hex(), year, cover, name or "(chưa có tên)", place, set_hex, set_name, status == CLOSED, closed_on,
        forms, complete, float(total), note or "",
    )  # fmt: skip


def _row(connection: Connection, batch_uid: Uid) -> dict[str, Any]:
    found = one_row(
        connection,
        "SELECT id, assessment_round_id, status, name, criteria_set_id FROM batch WHERE uid = ? AND present",
        (bytes.fromhex(batch_uid),),
    )
    if found is None:
        raise unknown_batch()
    return dict(zip(("id", "round_id", "status", "name", "set_id"), found, strict=True))


def _set_of(connection: Connection, cover: Cover, round_id: int) -> OfficeSet:
    group = cover.group if cover.model is LearningModel.CITIZEN else None
    if cover.model is LearningModel.CITIZEN and group is None:
        raise UserError("Chưa chọn nhóm đối tượng của tập phiếu công dân.", code="batch.group_missing")
    if cover.set_uid is None:
        return set_in_use(connection, cover.model, group, round_id=round_id)
    used = office_set(connection, cover.set_uid)
    if (used.definition.model, used.definition.group) != (cover.model, group):
        raise UserError(
            f"Bộ tiêu chí “{used.definition.name}” không dành cho mô hình và nhóm đã chọn; hãy chọn lại.",
            code="batch.wrong_set",
        )
    return used


def _columns(op: Operation, cover: Cover, used: OfficeSet, today: dt.date) -> dict[str, Any]:
    if cover.hamlet and cover.organization:
        raise UserError("Một tập phiếu thuộc một thôn hoặc một đơn vị, không cả hai.", code="batch.two_places")
    _check_counts(cover, used)
    collected = _day(cover.collected_on, today)
    collector = nfc(cover.collector)
    if len(collector) > LONGEST:
        raise UserError(f"Tên người thu dài quá {LONGEST} chữ.", code="batch.collector_long")
    return {
        "model": cover.model.value,
        "citizen_group": cover.group.value if cover.group and cover.model is LearningModel.CITIZEN else None,
        "hamlet_id": _reference(op, "hamlet", cover.hamlet),
        "organization_id": _reference(op, "organization", cover.organization),
        "criteria_set_id": used.id,
        "collector": collector or None,
        "collected_on": collected,
        "form_count": cover.form_count,
        "score_sum": cover.score_sum,
    }


def _free_code(connection: Connection, round_id: int, cover: Cover, but: int | None) -> str | None:
    """The code on the cover: scanned, or seven digits as the program prints them, or whatever the office writes there;
    one batch a code."""
    code = stack_code_of(cover.code)
    if not code:
        return None
    row = one_row(
        connection,
        "SELECT name FROM batch WHERE assessment_round_id = ? AND code = ? AND present AND id IS NOT ?",
        (round_id, code, but),
    )
    if row is not None:
        raise UserError(
            f"Bìa mang mã {code} đã lập thành tập “{row[0]}”; hãy mở tập ấy để nhập tiếp.", code="batch.code_used"
        )
    return code


def stack_code_of(text: str) -> str:
    """A cover's code as it is kept; raises UserError ``code.not_a_stack`` where a printed one has a wrong digit."""
    code = _as_scanned(text)
    return parse_stack_code(code) if looks_like_stack(code) else code[:LONGEST]


def _as_scanned(text: str) -> str:
    """A printed code as it came: where a Vietnamese keyboard made accents of its figures, NFC would change their order;
    anything else in NFC."""
    return text if looks_like_stack(text) else nfc(text)


def _require_year(text: str, year: int) -> None:
    code = _as_scanned(text)
    if looks_like_stack(code):
        require_year(parse_stack(code), year)


def _check_counts(cover: Cover, used: OfficeSet) -> None:
    count, total = cover.form_count, cover.score_sum
    if count is not None and not 1 <= count <= MOST_FORMS:
        raise UserError(f"Số phiếu trên bìa phải từ 1 đến {number_text(MOST_FORMS)}.", code="batch.count_bad")
    if total is None:
        return
    most = used.definition.max_total * (count or MOST_FORMS)
    if not 0 <= total <= most:
        is_list = used.definition.kind is SetKind.CHECKLIST
        what, unit = ("Tổng số chỉ tiêu đạt", " chỉ tiêu") if is_list else ("Tổng điểm", "")
        raise UserError(
            f"{what} trên bìa phải từ 0 đến {_n(most)} ({_n(used.definition.max_total)}{unit} mỗi phiếu).",
            code="batch.sum_bad",
        )


def _day(text: str | None, today: dt.date) -> str | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise UserError("Ngày thu chưa đủ ngày, tháng, năm; hãy gõ như 20/11/2026.", code="batch.date_bad") from None
    if day > today:
        raise UserError(f"Ngày thu {day:%d/%m/%Y} còn ở phía trước; hãy xem lại.", code="batch.date_bad")
    return day.isoformat()


def _reference(op: Operation, table: str, uid: Uid | None) -> int | None:
    if uid is None:
        return None
    row_id = op.writer.references.id(table, uid)
    if row_id is None:
        raise UserError("Thôn hoặc đơn vị này không còn trong sổ; hãy chọn lại.", code="batch.place_gone")
    return row_id


def _next_name(connection: Connection, round_: RoundRecord, cover: Cover) -> str:
    """ "Thôn 3 · tập 2": the place and the next number of that place in the round."""
    place, column = "", ""
    for table, uid in (("hamlet", cover.hamlet), ("organization", cover.organization)):
        if uid is not None:
            row = one_row(connection, f"SELECT name FROM {table} WHERE uid = ?", (bytes.fromhex(uid),))
            place, column = (row[0] or "" if row else ""), table
    if not place:
        place = "Cả xã"
    uid = cover.hamlet or cover.organization
    more: tuple[bytes, ...] = ()
    if uid is None:
        where = "b.hamlet_id IS NULL AND b.organization_id IS NULL"
    else:
        where = f"b.{column}_id = (SELECT id FROM {column} WHERE uid = ?)"
        more = (bytes.fromhex(uid),)
    taken = {
        row[0]
        for row in all_rows(
            connection, f"SELECT b.name FROM batch b WHERE b.assessment_round_id = ? AND {where}", (round_.id, *more)
        )
    }
    number = len(taken) + 1
    while f"{place} · tập {number}" in taken:
        number += 1
    return f"{place} · tập {number}"


def _correction(old: BatchRecord, cover: Cover) -> str:
    """What changes in the control totals, in words; empty when nothing does."""
    parts = []
    if old.cover.form_count != cover.form_count:
        parts.append(f"số phiếu {_n(old.cover.form_count)} → {_n(cover.form_count)}")
    if old.cover.score_sum != cover.score_sum:
        parts.append(f"tổng điểm {_n(old.cover.score_sum)} → {_n(cover.score_sum)}")
    return ", ".join(parts)


def _pass_on(op: Operation, batch_id: int, columns: Mapping[str, Any]) -> None:
    """Who collected and when stand on every form of the batch."""
    forms = all_rows(
        op.connection,
        "SELECT id FROM assessment WHERE batch_id = ? AND present AND status <> 'recognised'",
        (batch_id,),
    )
    values = {"assessor": columns["collector"], "assessed_on": columns["collected_on"]}
    op.writer.update_many(tables.assessment, {form_id: values for (form_id,) in forms})


def _n(value: float | None) -> str:
    if value is None:
        return "chưa ghi"
    return number_text(value, 0 if value == int(value) else 1)
