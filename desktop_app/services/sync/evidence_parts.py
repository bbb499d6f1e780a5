"""Evidence files that travel with the operations that name them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal.chain import changes_of
from desktop_app.models.tables import SHARED
from desktop_app.models.tables.system import change
from desktop_app.services.context import EVIDENCE_FOLDER, Context

PREFIX = "evidence/"
_STORED = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
"""How a file is kept and travels: its content's SHA-256 and its kind; anything else becomes no path."""


def evidence_parts(context: Context, connection: Connection, operation_ids: Sequence[int]) -> dict[str, bytes]:
    """The files that these operations name and that lie on this machine, as parts of a package."""
    parts: dict[str, bytes] = {}
    code = SHARED["evidence"].code
    for start in range(0, len(operation_ids), 500):
        holding = connection.execute(
            select(change.c.operation_id)
            .where(change.c.operation_id.in_(operation_ids[start : start + 500]), change.c.table_code == code)
            .distinct()
        ).scalars()
        for operation_id in holding.all():
            for item in changes_of(connection, operation_id):
                if item.table_code == code:
                    _add_part(context, parts, item.fields())
    return parts


def _add_part(context: Context, parts: dict[str, bytes], fields: Mapping[str, tuple[Any, Any]]) -> None:
    digest, name = (fields.get(field, (None, None))[1] for field in ("sha256", "file_name"))
    stored = f"{digest}.{str(name).rpartition('.')[2].lower()}"
    if _STORED.fullmatch(stored):
        path = context.folder / EVIDENCE_FOLDER / stored[:2] / stored
        if path.is_file():
            parts[PREFIX + stored] = path.read_bytes()


def keep_evidence(context: Context, parts: Mapping[str, bytes]) -> None:
    """Put a package's files where this machine keeps them, by their content's hash; known ones are left alone."""
    for name, content in parts.items():
        stored = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or not _STORED.fullmatch(stored):
            continue
        if hashlib.sha256(content).hexdigest() != stored.partition(".")[0]:
            continue
        path = context.folder / EVIDENCE_FOLDER / stored[:2] / stored
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(content)
            part.replace(path)
