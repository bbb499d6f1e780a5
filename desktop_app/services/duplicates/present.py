"""Whom a link means now: nearly always the record itself; merging is loaded only for one that was absorbed."""

from __future__ import annotations

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.raw import one_row


def present_record(context: Context, uid: Uid) -> Uid:
    """The person that a link means now: who stayed, where the record was merged into another."""
    with context.read() as connection:
        row = one_row(connection, "SELECT present FROM citizen WHERE uid = ?", (bytes.fromhex(uid),))
        if row is not None and row[0]:
            return uid
        from desktop_app.services.duplicates.merging import survivor_of

        return survivor_of(connection, uid) or uid
