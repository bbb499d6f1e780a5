"""Writing a package: what the receiver does not have yet, as far as it has told us.

Invariants: a volunteer sends its own operations; the office sends its log, which forwards its volunteers'. What a
package says of acknowledgements is true at the moment it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, false, func, insert, not_, null, or_, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal import LOCAL_GENERATION, foreign, get_meta, wire
from desktop_app.models.tables.base import new_uid
from desktop_app.models.tables.registry import commune
from desktop_app.models.tables.sync import device_progress, log_entry, package, peer
from desktop_app.models.tables.system import operation
from desktop_app.models.types import DeviceRole, OperationState, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.sync import seal
from desktop_app.services.sync.devices import FILE_MARK, card_of, find_peer, peers
from desktop_app.services.sync.evidence_parts import evidence_parts
from desktop_app.services.sync.identity import load_identity
from desktop_app.services.sync.manifest import FORMAT, Manifest

OPERATIONS_PART = "operations.jsonl"


@dataclass(frozen=True)
class PackageMade:
    """What was written: ``operations`` deeds with ``records`` changed rows, for ``receivers``."""

    path: Path
    uid: Uid
    number: int
    operations: int
    records: int
    receivers: tuple[str, ...]


def create_package(
    context: Context,
    out: Path,
    *,
    to: str | None = None,
    is_snapshot: bool = False,
    progress: Progress = NO_PROGRESS,
) -> PackageMade:
    """Write a package for one trusted machine, or for all of them.

    Args:
        out: the file.
        to: uid or name of the receiver; None for every trusted machine (a volunteer: its office).
        is_snapshot: everything from the beginning, so that a new machine can be set up from it.

    Raises:
        UserError: nobody is trusted yet (``package.nobody``), unknown receiver.
        EnvironmentProblem: the file cannot be written.
    """
    context.journal.seal_open()
    identity = load_identity(context.folder)
    with context.operation("package.create", {}) as op:
        connection = op.connection
        receivers = _receivers(context, connection, to)
        items = _operations(context, connection, receivers, is_snapshot)
        lines = []
        records = 0
        for index, row in enumerate(items.rows):
            progress.step(index, len(items.rows), "Đang gom thao tác")
            loaded = foreign.load(connection, row.id)
            records += len(loaded.changes)
            lines.append(wire.encode(_placed(loaded, row.position)))
        parts: dict[str, bytes] = {OPERATIONS_PART: "\n".join(lines).encode()}
        parts.update(evidence_parts(context, connection, [row.id for row in items.rows]))
        number = (connection.execute(select(func.max(package.c.number)).where(_sent)).scalar() or 0) + 1
        manifest = _manifest(context, connection, receivers, items, number, records, parts, is_snapshot)
        names = tuple(row.name for row in receivers)
        digest = seal.seal(manifest, parts, identity, [row.age_key for row in receivers] + [identity.age_public], out)
        _note(connection, manifest, receivers, out, digest)
        op.args.update(count=manifest.operations, device=", ".join(names), number=number)
        op.is_kept = True
    return PackageMade(out, manifest.uid, number, manifest.operations, records, names)


def count_carried(context: Context, connection: Connection, receivers: Iterable[Row[Any]]) -> int:
    """How many operations a package for these peers would carry, if it were written now."""
    return connection.execute(
        select(func.count()).select_from(_carried(context, connection, receivers, is_snapshot=False).subquery())
    ).scalar_one()


_sent = package.c.direction == "sent"


@dataclass(frozen=True)
class _Items:
    rows: list[Row[Any]]
    log_from: int
    log_to: int


def _receivers(context: Context, connection: Connection, to: str | None) -> list[Row[Any]]:
    if to is not None:
        wanted = {find_peer(connection, to).card.uid}
    elif context.role is DeviceRole.VOLUNTEER:
        wanted = {get_meta(connection, "office")}
    else:
        wanted = {item.card.uid for item in peers(connection)}
    rows = list(connection.execute(select(peer).where(peer.c.device.in_(wanted)).order_by(peer.c.name)))
    if not rows:
        raise UserError(
            "Chưa có máy nào để gửi. Hãy nhận tệp giới thiệu của máy kia (Đồng bộ, Tin cậy máy) rồi đóng gói lại.",
            code="package.nobody",
        )
    return rows


def _operations(context: Context, connection: Connection, receivers: Iterable[Row[Any]], is_snapshot: bool) -> _Items:
    rows = list(connection.execute(_carried(context, connection, receivers, is_snapshot=is_snapshot)))
    if context.role is DeviceRole.VOLUNTEER:
        return _Items(rows, 0, 0)
    start = 0 if is_snapshot else _common_start(connection, receivers)
    end = connection.execute(select(func.max(log_entry.c.position))).scalar() or 0
    return _Items(rows, start, max(end, start))


def _carried(
    context: Context, connection: Connection, receivers: Iterable[Row[Any]], *, is_snapshot: bool
) -> Select[Any]:
    """The operations that some of the receivers has not confirmed: a volunteer's own, or those of the office's log."""
    if context.role is DeviceRole.VOLUNTEER:
        acked: dict[str, int] = {} if is_snapshot else _common_ack(receivers)
        known = (
            (operation.c.generation == int(generation)) & (operation.c.sequence <= last)
            for generation, last in acked.items()
        )
        return (
            select(operation.c.id, operation.c.generation, operation.c.sequence, null().label("position"))
            .where(
                operation.c.device == context.device,
                operation.c.generation > LOCAL_GENERATION,
                operation.c.state == OperationState.APPLIED,
                not_(or_(false(), *known)),
            )
            .order_by(operation.c.generation, operation.c.sequence)
        )
    start = 0 if is_snapshot else _common_start(connection, receivers)
    return (
        select(operation.c.id, operation.c.generation, operation.c.sequence, log_entry.c.position)
        .join(operation, operation.c.id == log_entry.c.operation_id)
        .where(log_entry.c.position > start)
        .order_by(log_entry.c.position)
    )


def _common_start(connection: Connection, receivers: Iterable[Row[Any]]) -> int:
    generation = get_meta(connection, "generation")
    return min((row.acked_position if row.acked_log == generation else 0 for row in receivers), default=0)


def _common_ack(receivers: Iterable[Row[Any]]) -> dict[str, int]:
    acks = [row.acked_own or {} for row in receivers]
    keys = set().union(*acks)
    return {key: min(int(ack.get(key, 0)) for ack in acks) for key in keys}


def _placed(loaded: foreign.ForeignOperation, position: int | None) -> foreign.ForeignOperation:
    return foreign.ForeignOperation(loaded.header, loaded.hash, loaded.changes, position)


def _manifest(
    context: Context,
    connection: Connection,
    receivers: list[Row[Any]],
    items: _Items,
    number: int,
    records: int,
    parts: Mapping[str, bytes],
    is_snapshot: bool,
) -> Manifest:
    identity = load_identity(context.folder)
    home = connection.execute(select(commune).where(commune.c.present).order_by(commune.c.id)).first()
    own = connection.execute(
        select(operation.c.generation, func.max(operation.c.sequence))
        .where(
            operation.c.device == context.device,
            operation.c.generation > LOCAL_GENERATION,
            operation.c.state == OperationState.APPLIED,
        )
        .group_by(operation.c.generation)
    ).all()
    has: dict[Uid, dict[int, int]] = {}
    for row in connection.execute(select(device_progress)):
        has.setdefault(row.device, {})[row.generation] = row.applied
    office = get_meta(connection, "office")
    position = get_meta(connection, "office_position") or [0, 0]
    return Manifest(
        format=FORMAT,
        uid=new_uid(),
        number=number,
        sender=context.device,
        sender_name=identity.name,
        sender_role=context.role,
        receivers=tuple(row.device for row in receivers),
        commune_code=home.code if home else "00000",
        commune_name=home.name if home else "",
        at=context.journal.clock(),
        generation=get_meta(connection, "generation") or 1,
        log_from=items.log_from,
        log_to=items.log_to,
        own_to={row[0]: row[1] for row in own},
        has=has,
        positions={office: (position[0], position[1])} if office else {},
        is_snapshot=is_snapshot,
        operations=len(items.rows),
        records=records,
        parts=tuple(seal.part_of(name, content) for name, content in parts.items()),
        card={"format": FILE_MARK, **{k: str(v) for k, v in card_of(identity, context.role).__dict__.items()}},
    )


def _note(connection: Connection, manifest: Manifest, receivers: list[Row[Any]], out: Path, digest: bytes) -> None:
    connection.execute(
        insert(package).values(
            uid=manifest.uid, direction="sent", peer=receivers[0].device if len(receivers) == 1 else None,
            number=manifest.number, at=manifest.at, file_name=out.name, sha256=digest.hex(),
            operations=manifest.operations, records=manifest.records,
            detail={"receivers": list(manifest.receivers), "log_to": manifest.log_to, "own_to": manifest.own_to},
        )
    )  # fmt: skip
    for row in receivers:
        connection.execute(
            update(peer)
            .where(peer.c.device == row.device)
            .values(sent_position=max(row.sent_position, manifest.log_to))
        )


def file_name_for(commune_name: str, device_name: str, number: int) -> str:
    """A name that people recognise on a stick: plain letters, the package's number, ``.sht``."""
    from desktop_app.services.vietnamese import fold

    plain = "-".join(fold(f"{commune_name} {device_name}").split())
    safe = "".join(letter if letter.isalnum() or letter == "-" else "" for letter in plain)
    return f"{safe[:60] or hashlib.sha256(device_name.encode()).hexdigest()[:8]}-{number:04d}.sht"
