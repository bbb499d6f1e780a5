"""What a record is used for, and so why it cannot be removed: counted and said in plain Vietnamese.

Invariant: a record that others hang on is never removed silently; what only joins it to another goes with it.
"""

from __future__ import annotations

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import SUBJECT_TABLES, Writer
from desktop_app.models.tables import registry
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.vietnamese import number_text

_ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "citizen": (
        (
            "SELECT count(*) FROM household AS h JOIN citizen AS m ON m.household_id = h.id AND m.id <> h.head_id "
            "WHERE h.head_id = ? AND h.present = 1 AND m.present = 1",
            "Đang là chủ hộ của hộ còn {count} người khác; hãy chọn chủ hộ mới trước.",
        ),
    ),
    "household": (
        (
            "SELECT count(*) FROM citizen WHERE household_id = ? AND present = 1",
            "Hộ còn {count} người; hãy chuyển họ sang hộ khác hoặc xóa từng người trước.",
        ),
        (
            "SELECT count(DISTINCT r.citizen_id) FROM residence AS r JOIN citizen AS c ON c.id = r.citizen_id "
            "WHERE r.household_id = ? AND r.present = 1 AND c.present = 1 AND c.household_id IS NOT r.household_id",
            "Từng có {count} người ở hộ này; hộ được giữ để xem lại các năm trước.",
        ),
    ),
    "hamlet": (
        ("SELECT count(*) FROM household WHERE hamlet_id = ? AND present = 1", "Còn {count} hộ ở đây."),
        ("SELECT count(*) FROM clan WHERE hamlet_id = ? AND present = 1", "Còn {count} dòng họ ở đây."),
        ("SELECT count(*) FROM organization WHERE hamlet_id = ? AND present = 1", "Còn {count} đơn vị ở đây."),
        ("SELECT count(*) FROM branch WHERE hamlet_id = ? AND present = 1", "Còn {count} chi hội ở đây."),
        (
            "SELECT count(DISTINCT p.household_id) FROM household_place AS p JOIN household AS h "
            "ON h.id = p.household_id WHERE p.hamlet_id = ? AND p.present = 1 AND h.present = 1",
            "Từng có {count} hộ ở đây; thôn, tổ được giữ để xem lại các năm trước.",
        ),
    ),
    "clan": (),
    "organization": (
        (
            "SELECT count(*) FROM branch WHERE organization_id = ? AND present = 1",
            "Còn {count} chi hội của đơn vị này.",
        ),
    ),
    "branch": (
        ("SELECT count(*) FROM citizen WHERE branch_id = ? AND present = 1", "Còn {count} người thuộc chi hội này."),
    ),
}
"""Table → (count by local key, sentence)."""

_SUBJECT: tuple[tuple[str, str], ...] = (
    ("assessment", "Đã có {count} phiếu chấm; hãy xóa phiếu trước."),
    ("registration", "Đã có {count} lượt đăng ký danh hiệu; hãy bỏ đăng ký trước."),
    ("certificate", "Đã có {count} giấy công nhận; số đã vào sổ thì không bỏ được."),
)

_JOINS: dict[str, tuple[tuple[Table, str], ...]] = {
    "citizen": ((registry.organization_member, "citizen_id"), (registry.residence, "citizen_id")),
    "household": ((registry.clan_household, "household_id"), (registry.household_place, "household_id")),
    "clan": ((registry.clan_household, "clan_id"),),
    "organization": ((registry.organization_member, "organization_id"),),
}
"""What only joins a record to another, or tells where it was before: it goes with the record."""


def why_not_remove(context: Context, table: str, uid: Uid) -> tuple[str, ...]:
    """Sentences that stand against removing a record; empty when it can go."""
    with context.read() as connection:
        row = find_row(connection, table, uid)
        return reasons(connection, table, row["id"], uid)


def reasons(connection: Connection, table: str, row_id: int, uid: Uid) -> tuple[str, ...]:
    """The same over an open connection."""
    found = []
    for query, sentence in _ROWS[table]:
        if count := connection.exec_driver_sql(query, (row_id,)).scalar_one():
            found.append(sentence.format(count=number_text(count)))
    models = [model.value for model, name in SUBJECT_TABLES.items() if name == table]
    for name, sentence in _SUBJECT if models else ():
        query = f"SELECT count(*) FROM {name} WHERE subject = ? AND present = 1 AND model = ?"
        if count := connection.exec_driver_sql(query, (bytes.fromhex(uid), models[0])).scalar_one():
            found.append(sentence.format(count=number_text(count)))
    return tuple(found)


def refuse_if_used(connection: Connection, table: str, row_id: int, uid: Uid) -> None:
    """Raise with every reason at once.

    Raises:
        UserError: ``remove.used``.
    """
    found = reasons(connection, table, row_id, uid)
    if found:
        raise UserError(f"Chưa xóa được; chưa có gì bị thay đổi. {' '.join(found)}", code="remove.used")


def remove_joins(writer: Writer, table: str, row_id: int) -> None:
    """Take away the memberships and former places of a record that is being removed."""
    for joining, column in _JOINS.get(table, ()):
        query = select(joining.c.id).where(joining.c[column] == row_id, joining.c.present)
        rows = writer.connection.execute(query).scalars().all()
        writer.update_many(joining, {row: {"present": False} for row in rows})
