"""All that the register holds about one person, as titled tables in words, for the person to read.

Invariant: other people appear only as far as the person's own data name them (the head of the household); the
person's own numbers are shown whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.records import ExportSection
from desktop_app.models.tables import SHARED
from desktop_app.models.types import MoveReason, Uid
from desktop_app.services.context import Context
from desktop_app.services.history.labels import field_label
from desktop_app.services.history.reading import record_history
from desktop_app.services.history.rendering import Names, value_text
from desktop_app.services.moves.residence import former_places
from desktop_app.services.registry.words import word

_PAIR = ("Mục", "Nội dung")
_SHOWN_WHOLE = frozenset({"cccd", "phone"})
MAX_DEEDS = 500


def sections_of(context: Context, connection: Connection, row: Mapping[str, Any]) -> tuple[ExportSection, ...]:
    """The tables of a person's sheet; empty ones are left out."""
    names = Names(connection)
    found = (
        _fields(names, "Thông tin cá nhân", "citizen", row),
        _household(connection, names, row["household_id"]),
        _residences(connection, names, row["id"]),
        *_merged(connection, names, row["id"]),
        *(_table(connection, names, *table, row) for table in _TABLES),
        _answers(connection, names, row["uid"]),
        _deeds(context, row["uid"]),
    )
    return tuple(section for section in found if section.rows)


def _fields(
    names: Names, title: str, table: str, row: Mapping[str, Any], leave_out: Sequence[str] = ()
) -> ExportSection:
    rows = []
    for field, column in SHARED[table].columns.items():
        value = row[column.name]
        if value is None or field in ("present", "position", *leave_out):
            continue
        if field in SHARED[table].refs:
            text = names.by_id(SHARED[table].refs[field], value)
        elif field in _SHOWN_WHOLE:
            text = str(value)
        else:
            text = value_text(names, table, field, value)
        rows.append((field_label(table, field), text))
    return ExportSection(title, _PAIR, tuple(rows))


def _household(connection: Connection, names: Names, household_id: int | None) -> ExportSection:
    query = "SELECT * FROM household WHERE id = ?"
    row = connection.exec_driver_sql(query, (household_id,)).mappings().first()
    if row is None:
        return ExportSection("Hộ gia đình", _PAIR, ())
    return _fields(names, "Hộ gia đình", "household", dict(row), ("note", "split_from"))


def _residences(connection: Connection, names: Names, citizen_id: int) -> ExportSection:
    """Where the person lived before, the last first, also outside the commune."""
    rows = []
    for place in former_places(connection, citizen_id):
        away = place.reason is MoveReason.AWAY
        where = f"Hộ {place.where.name}" if place.where else "Đi vắng" if away else "Ngoài xã"
        days = " – ".join((place.since or "từ trước", place.until or "nay"))
        rows.append((where, place.relation, days, word(place.reason), place.words))
    return ExportSection("Nơi ở trước", ("Nơi ở", "Quan hệ với chủ hộ", "Thời gian", "Vì sao", "Nơi đi"), tuple(rows))


_LONGEST_CHAIN = 20


def _merged(connection: Connection, names: Names, citizen_id: int) -> tuple[ExportSection, ...]:
    """Records that were found to be the same person and merged into this one, with all their fields."""
    query = "SELECT * FROM citizen WHERE merged_into_id = ? AND present = 0 ORDER BY id"
    found: list[ExportSection] = []
    queue = [citizen_id]
    while queue and len(found) < _LONGEST_CHAIN:
        for row in connection.exec_driver_sql(query, (queue.pop(0),)).mappings().all():
            found.append(_fields(names, "Hồ sơ trùng đã gộp vào", "citizen", dict(row), ("merged_into",)))
            queue.append(row["id"])
    return tuple(found)


_TABLES: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (
        "Đơn vị",
        "organization_member",
        ("organization", "role", "since", "until"),
        "SELECT t.* FROM organization_member AS t WHERE t.citizen_id = :id AND t.present = 1",
    ),
    (
        "Đăng ký danh hiệu",
        "registration",
        ("assessment_round", "model", "kind", "registered_on", "note"),
        "SELECT t.* FROM registration AS t WHERE t.subject = :uid AND t.model = 'citizen' AND t.present = 1",
    ),
    (
        "Danh hiệu năm trước",
        "former_title",
        ("year", "number", "source", "note"),
        "SELECT t.* FROM former_title AS t WHERE t.subject = :uid AND t.model = 'citizen' AND t.present = 1",
    ),
    (
        "Tài khoản trên trang quốc gia",
        "site_account",
        ("assessment_round", "state", "changed_on", "source", "note"),
        "SELECT t.* FROM site_account AS t WHERE t.citizen_id = :id AND t.present = 1",
    ),
    (
        "Nhập lần hai",
        "second_entry",
        ("status", "entered_on", "first_values", "second_values", "settled"),
        "SELECT t.* FROM second_entry AS t JOIN assessment AS a ON a.id = t.assessment_id "
        "WHERE a.subject = :uid AND a.model = 'citizen' AND t.present = 1",
    ),
    (
        "Ý kiến khiếu nại",
        "objection",
        ("raised_by", "content", "received_on", "outcome", "answer", "answered_on"),
        "SELECT t.* FROM objection AS t JOIN assessment AS a ON a.id = t.assessment_id "
        "WHERE a.subject = :uid AND a.model = 'citizen' AND t.present = 1",
    ),
    (
        "Phiếu chấm",
        "assessment",
        ("assessment_round", "criteria_set", "status", "assessed_on", "assessor", "note"),
        "SELECT t.* FROM assessment AS t WHERE t.subject = :uid AND t.model = 'citizen' AND t.present = 1",
    ),
    (
        "Minh chứng",
        "evidence",
        ("file_name", "indicator", "media_type", "note"),
        "SELECT t.* FROM evidence AS t JOIN assessment AS a ON a.id = t.assessment_id "
        "WHERE a.subject = :uid AND a.model = 'citizen' AND t.present = 1",
    ),
    (
        "Thẩm định",
        "review",
        ("stage", "outcome", "reason", "reviewed_on", "reviewer"),
        "SELECT t.* FROM review AS t JOIN assessment AS a ON a.id = t.assessment_id "
        "WHERE a.subject = :uid AND a.model = 'citizen' AND t.present = 1",
    ),
    (
        "Giấy công nhận",
        "certificate",
        ("year", "number", "decision", "recipient", "birth", "address", "issued_on", "status", "handed_over_on"),
        "SELECT t.* FROM certificate AS t WHERE t.subject = :uid AND t.model = 'citizen' AND t.present = 1",
    ),
)
"""Title, table, columns and statement."""


def _table(
    connection: Connection,
    names: Names,
    title: str,
    table: str,
    fields: Sequence[str],
    query: str,
    row: Mapping[str, Any],
) -> ExportSection:
    spec = SHARED[table]
    found = connection.exec_driver_sql(
        f"{query} ORDER BY t.id", {"id": row["id"], "uid": bytes.fromhex(row["uid"])}
    ).mappings()
    rows = tuple(
        tuple(
            names.by_id(spec.refs[field], item[spec.columns[field].name])
            if field in spec.refs
            else value_text(names, table, field, item[field])
            for field in fields
        )
        for item in found
    )
    return ExportSection(title, tuple(field_label(table, field) for field in fields), rows)


def _answers(connection: Connection, names: Names, uid: Uid) -> ExportSection:
    query = """
    SELECT r.name, t.assessment_id, t.indicator, t.value, t.note FROM answer AS t
    JOIN assessment AS a ON a.id = t.assessment_id JOIN assessment_round AS r ON r.id = a.assessment_round_id
    WHERE a.subject = ? AND a.model = 'citizen' AND t.present = 1 AND t.value IS NOT NULL ORDER BY r.year, t.id"""
    rows = tuple(
        (
            row[0] or "",
            f"Chỉ số {names.indicator(row[1], row[2])}",
            value_text(names, "answer", "value", row[3]),
            row[4] or "",
        )
        for row in connection.exec_driver_sql(query, (bytes.fromhex(uid),))
    )
    return ExportSection("Điểm từng chỉ số", ("Đợt", "Chỉ số", "Điểm", "Ghi chú"), rows)


def _deeds(context: Context, uid: Uid) -> ExportSection:
    rows = tuple(
        (
            f"{item.operation.at.astimezone():%d/%m/%Y %H:%M}",
            item.operation.user,
            item.operation.sentence,
            "; ".join(
                f"{field.label}: {field.before} → {field.after}" if field.before else f"{field.label}: {field.after}"
                for change in item.changes
                for field in change.fields
            ),
        )
        for item in record_history(context, "citizen", uid, MAX_DEEDS)
    )
    return ExportSection("Nhật ký", ("Khi nào", "Ai", "Việc", "Thay đổi"), rows)
