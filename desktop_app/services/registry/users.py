"""Who works on this register: several people on one PC, each by name, with a PIN where somebody wants one.

Invariants: there is always somebody; a PIN never leaves this file (its Argon2 hash is a local column, neither
journalled nor sent); after wrong PINs nothing is looked at for a growing time, also after a restart.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal import get_meta, set_meta
from desktop_app.models.records import Issue, PinCheck, SaveResult, UserRecord
from desktop_app.models.tables.system import user
from desktop_app.models.types import Uid
from desktop_app.services.context import Context, subject_of
from desktop_app.services.errors import UserError
from desktop_app.services.registry.lookups import find_row
from desktop_app.services.vietnamese import nfc

FREE_TRIES = 3
"""Wrong PINs in a row before there is a wait."""
LONGEST_WAIT = 300
"""Seconds."""
DEFAULT_ROLE = "officer"

_PIN = re.compile(r"\d{4,8}", re.ASCII)


def list_users(context: Context) -> tuple[UserRecord, ...]:
    """Everybody who works here, in the order in which they were added."""
    with context.read() as connection:
        rows = connection.execute(select(user).where(user.c.present).order_by(user.c.id)).all()
    return tuple(
        UserRecord(row.uid, row.name or "", row.role or DEFAULT_ROLE, row.pin_hash is not None, row.uid == context.user)
        for row in rows
    )


def add_user(context: Context, name: str, role: str = DEFAULT_ROLE) -> SaveResult:
    """Add somebody by name."""
    with context.operation("user.add") as op:
        clean, issue = _checked_name(op.connection, name, None)
        if issue is not None:
            return SaveResult(None, (issue,))
        uid = op.writer.references.uid("user", op.writer.insert(user, {"name": clean, "role": role}))
        op.args["subject"] = subject_of("user", uid)
    return SaveResult(uid)


def rename_user(context: Context, uid: Uid, name: str) -> SaveResult:
    """Correct somebody's name; what he did stays his."""
    with context.operation("user.edit", {"subject": subject_of("user", uid)}) as op:
        row = find_row(op.connection, "user", uid)
        clean, issue = _checked_name(op.connection, name, uid)
        if issue is not None:
            return SaveResult(None, (issue,))
        op.writer.update(user, row["id"], {"name": clean})
    return SaveResult(uid)


def remove_user(context: Context, uid: Uid) -> None:
    """Take somebody off the list; his deeds keep his name.

    Raises:
        UserError: who works now, or the last one (``user.current``, ``user.last``).
    """
    with context.operation("user.edit", {"subject": subject_of("user", uid)}) as op:
        row = find_row(op.connection, "user", uid)
        others = op.connection.execute(select(user.c.id).where(user.c.present, user.c.uid != uid)).first()
        if others is None:
            raise UserError("Phải còn ít nhất một người làm việc; chưa có gì bị thay đổi.", code="user.last")
        if uid == context.user:
            raise UserError(
                "Người này đang làm việc; hãy đổi sang người khác rồi mới bỏ tên. Chưa có gì bị thay đổi.",
                code="user.current",
            )
        op.writer.remove(user, row["id"])


def switch_user(context: Context, uid: Uid, pin: str = "") -> PinCheck:
    """Let somebody else work from now on; asks his PIN where he has one.

    Returns:
        Whether it was done; ``context.user`` is unchanged where not.

    Raises:
        UserError: not on the list any more (``record.gone``).
    """
    with context.read() as connection:
        has_pin = find_row(connection, "user", uid)["pin_hash"] is not None
    if has_pin:
        found = check_pin(context, uid, pin)
        if not found.is_right:
            return found
    context.journal.seal_open()
    with context.database.write() as connection:
        set_meta(connection, "last_user", uid)
    context.user = uid
    return PinCheck(True)


def set_pin(context: Context, uid: Uid, pin: str) -> None:
    """Give somebody a PIN of 4 to 8 figures; an empty one takes it away.

    Raises:
        UserError: ``pin.bad``; ``record.gone``.
    """
    if pin and not _PIN.fullmatch(pin):
        raise UserError("Mã PIN phải có từ 4 đến 8 chữ số; mã cũ vẫn còn. Hãy nhập lại.", code="pin.bad")
    hashed = _hasher().hash(pin) if pin else None
    with context.database.write() as connection:
        row = find_row(connection, "user", uid)
        connection.execute(update(user).where(user.c.id == row["id"]).values(pin_hash=hashed))
        set_meta(connection, _key(uid), None)


def check_pin(context: Context, uid: Uid, pin: str) -> PinCheck:
    """Compare a PIN; a try during a wait is not looked at and does not lengthen it.

    Raises:
        UserError: ``record.gone``.
    """
    from argon2.exceptions import Argon2Error, InvalidHashError

    with context.database.write() as connection:
        row = find_row(connection, "user", uid)
        failures, since = get_meta(connection, _key(uid)) or (0, 0)
        now = context.journal.clock()
        wait = _wait(failures) - max(now - since, 0) // 1000
        if wait > 0:
            return PinCheck(False, int(wait))
        try:
            is_right = row["pin_hash"] is None or _hasher().verify(row["pin_hash"], pin)
        except (Argon2Error, InvalidHashError):
            is_right = False
        failures = 0 if is_right else failures + 1
        set_meta(connection, _key(uid), [failures, now] if failures else None)
    return PinCheck(is_right, 0 if is_right else _wait(failures))


def _wait(failures: int) -> int:
    """Seconds after so many wrong tries in a row: none for three, then 2, 4, 8 … to five minutes."""
    return 0 if failures < FREE_TRIES else min(2 ** min(failures - FREE_TRIES + 1, 16), LONGEST_WAIT)


def _key(uid: Uid) -> str:
    return f"pin_failures:{uid}"


def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def _checked_name(connection: Connection, name: str, but: Uid | None) -> tuple[str, Issue | None]:
    clean = " ".join(nfc(name).split())
    if not clean:
        return clean, Issue("name", "name.missing", "Chưa nhập tên người làm việc.")
    if len(clean) > 100:
        return clean, Issue("name", "text.long", "Tên dài quá 100 ký tự; hãy viết gọn lại.")
    rows = connection.execute(select(user.c.uid, user.c.name).where(user.c.present)).all()
    if any((row.name or "").lower() == clean.lower() for row in rows if row.uid != but):
        return clean, Issue("name", "name.used", f"Đã có “{clean}” trong danh sách; hãy ghi thêm để phân biệt.")
    return clean, None
