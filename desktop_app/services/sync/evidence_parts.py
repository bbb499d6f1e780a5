"""Evidence files that travel with the operations that name them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.tables import SHARED
from desktop_app.models.tables.system import change, change_value
from desktop_app.services.context import EVIDENCE_FOLDER, Context

PREFIX = "evidence/"


def evidence_parts(context: Context, connection: Connection, operation_ids: Sequence[int]) -> dict[str, bytes]:
    """The files that these operations name and that lie on this machine, as parts of a package."""
    parts: dict[str, bytes] = {}
    for start in range(0, len(operation_ids), 500):
        rows = connection.execute(
            select(change_value.c.payload)
            .join(change, change.c.id == change_value.c.change_id)
            .where(
                change.c.operation_id.in_(operation_ids[start : start + 500]),
                change.c.table_code == SHARED["evidence"].code,
            )
        ).scalars()
        for payload in rows:
            digest = json.loads(payload).get("sha256")
            if not isinstance(digest, str):
                continue
            path = context.folder / EVIDENCE_FOLDER / digest[:2] / digest
            if path.is_file():
                parts[PREFIX + digest] = path.read_bytes()
    return parts


def keep_evidence(context: Context, parts: Mapping[str, bytes]) -> None:
    """Put a package's files where this machine keeps them, by their content's hash; known ones are left alone."""
    for name, content in parts.items():
        digest = name.removeprefix(PREFIX)
        if not name.startswith(PREFIX) or hashlib.sha256(content).hexdigest() != digest:
            continue
        path = context.folder / EVIDENCE_FOLDER / digest[:2] / digest
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(content)
            part.replace(path)
