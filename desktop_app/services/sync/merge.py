"""Merging a package: checked, previewed or applied as one operation, and withdrawn again.

Invariants: a package applied twice changes nothing; a gap is seen and waited for; an unknown signer, another
commune or another machine's package is refused; nothing is overwritten silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal import LOCAL_GENERATION, Operation, erase, foreign, get_meta, wire
from desktop_app.models.journal.closed import closed_rounds, is_of_people, years_of, years_text
from desktop_app.models.journal.journal import mark_standing, mark_undone
from desktop_app.models.journal.undo import UndoRefused, apply_reversal, reversal_of
from desktop_app.models.journal.writer import Writer
from desktop_app.models.tables.registry import commune
from desktop_app.models.tables.sync import conflict, device_progress, held_field, log_entry, package, peer
from desktop_app.models.tables.system import change, operation
from desktop_app.models.types import DeviceRole, OperationState, Uid
from desktop_app.services.context import Context
from desktop_app.services.duplicates.carrying import carry_over
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.moves.mend import give_back_mends, mend_households, take_back_mends
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.sync import authority, follower
from desktop_app.services.sync.collisions import refusing_collisions
from desktop_app.services.sync.evidence_parts import keep_evidence
from desktop_app.services.sync.identity import load_identity
from desktop_app.services.sync.manifest import Manifest
from desktop_app.services.sync.seal import Opened, unseal
from desktop_app.services.sync.writer import OPERATIONS_PART
from desktop_app.services.vietnamese import nfc

NOTHING_CLOSED: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True)
class MergeResult:
    """What a merge did, in operations: applied now, known before, waiting for earlier ones; fields in the inbox."""

    applied: int
    already: int
    conflicts: int
    waiting: int
    operation: Uid | None
    sender: str
    number: int


class _DryRun(Exception):
    def __init__(self, result: MergeResult) -> None:
        self.result = result


def inspect_package(folder: Path, path: Path) -> Manifest:
    """The label of a package that is sealed to this machine."""
    return unseal(path, load_identity(folder)).manifest


def merge_package(
    context: Context, path: Path, *, is_dry_run: bool = False, progress: Progress = NO_PROGRESS
) -> MergeResult:
    """Take in a package as one operation that can be withdrawn.

    Args:
        is_dry_run: work out what would happen and leave everything as it is.

    Raises:
        UserError: unknown signer, another commune, not for this machine, damaged, out of the star, or with rows that
            cannot stand beside those of this register (``package.collides``), or with work of a round that is closed
            here (``package.closed_round``).
    """
    opened = unseal(path, load_identity(context.folder))
    operations = read_operations(opened, path)
    context.journal.seal_open()
    args = {"number": opened.manifest.number, "device": opened.manifest.sender_name}
    try:
        with context.operation("merge.package", args) as op:
            check_sender(context, op.connection, opened, path)
            with refusing_collisions(path):
                if get_meta(op.connection, "office") == opened.manifest.sender:
                    result = follower.follow(context, op, opened.manifest, operations, progress)
                else:
                    result = _take_in(op, opened.manifest, operations, progress)
            op.args["count"] = result.applied
            op.is_kept = result.applied > 0 or result.waiting > 0 or result.conflicts > 0
            _note(op, opened.manifest, path)
            final = MergeResult(
                *(result.applied, result.already, result.conflicts, result.waiting),
                op.uid if op.is_kept else None,
                opened.manifest.sender_name,
                opened.manifest.number,
            )
            if is_dry_run:
                raise _DryRun(final)
            keep_evidence(context, opened.parts)
    except _DryRun as preview:
        return preview.result
    except foreign.TamperedError as error:
        raise UserError(
            f"Gói {path.name} không khớp với nhật ký của máy gửi nên bị từ chối; chưa có gì thay đổi. "
            "Hãy báo máy gửi kiểm tra sổ (Thiết lập, Kiểm tra sổ) rồi đóng gói lại.",
            code="package.tampered",
        ) from error
    except OSError as error:
        raise EnvironmentProblem(
            f"Không cất được các tệp minh chứng của gói {path.name}; chưa có gì thay đổi. "
            "Hãy kiểm tra ổ đĩa còn chỗ trống và quyền ghi.",
            code="package.unstorable",
        ) from error
    set_right(context)
    return final


def set_right(context: Context) -> None:
    """What is done after packages met: households whole again; at the office, survivors get what came for doubles."""
    mend_households(context)
    if context.role is DeviceRole.OFFICE:
        carry_over(context)


def read_operations(opened: Opened, path: Path) -> list[foreign.ForeignOperation]:
    """The operations of an opened package.

    Raises:
        UserError: a line is not one.
    """
    content = opened.parts.get(OPERATIONS_PART, b"")
    try:
        items = [wire.decode(line) for line in content.split(b"\n") if line]
        if len(items) != opened.manifest.operations:
            raise ValueError("count")
    except ValueError as error:
        raise UserError(
            f"Nội dung gói {path.name} không đúng khuôn dạng nên bị từ chối; chưa có gì thay đổi. "
            "Hãy xin máy gửi đóng gói lại; nếu vẫn vậy, hai máy cần cùng một bản chương trình.",
            code="package.damaged",
        ) from error
    return items


def check_sender(context: Context, connection: Connection, opened: Opened, path: Path) -> None:
    """Refuse what this machine must not take in.

    Raises:
        UserError: with the reason.
    """
    manifest = opened.manifest
    known = connection.execute(select(peer).where(peer.c.device == manifest.sender)).first()
    if manifest.sender == context.device:
        raise UserError(f"Gói {path.name} do chính máy này đóng; hãy mang nó sang máy kia để nhận.", code="package.own")
    if known is None or not opened.is_signed_by(known.sign_key):
        raise UserError(
            f"Gói {path.name} do một máy chưa được tin cậy ký (“{manifest.sender_name}”) nên bị từ chối; "
            "chưa có gì thay đổi. Hãy nhận tệp giới thiệu của máy đó và so mã 8 chữ số trước.",
            code="package.unknown_signer",
        )
    home = connection.execute(select(commune.c.code).where(commune.c.present).order_by(commune.c.id)).scalars().all()
    if manifest.commune_code not in home:
        raise UserError(
            f"Gói này của {manifest.commune_name or 'xã khác'}, không phải của sổ đang mở; chưa có gì thay đổi.",
            code="package.other_commune",
        )
    office = get_meta(connection, "office")
    if context.role is DeviceRole.VOLUNTEER and manifest.sender != office:
        raise UserError(
            "Máy cộng tác viên chỉ nhận gói của máy xã; chưa có gì thay đổi. Hãy gửi gói này cho máy xã.",
            code="package.not_office",
        )


def _take_in(
    op: Operation, manifest: Manifest, operations: Sequence[foreign.ForeignOperation], progress: Progress
) -> follower.Outcome:
    """The office takes in a volunteer's operations: stored, then applied in order as far as there is no gap."""
    connection = op.connection
    own = [item for item in operations if item.header.device == manifest.sender]
    reserves = authority.reserved_from(connection, manifest, own)
    known = foreign.stored_uids(connection, [item.header.uid for item in own])
    for item in own:
        if item.header.uid not in known:
            foreign.store(connection, item.without_held(), op.id)
    closed = closed_rounds(connection)
    applied, conflicts = apply_waiting(op, manifest.sender, progress, reserves, closed)
    _erase_again(op)
    waiting = sum(1 for _ in foreign.waiting(connection, manifest.sender))
    fresh = len(own) - len(known)
    already = len(operations) - fresh if applied <= fresh else max(0, len(operations) - applied - waiting)
    _note_peer(op, manifest)
    return follower.Outcome(applied, already, conflicts, waiting)


def _erase_again(op: Operation) -> None:
    """Work on an erased person that a volunteer did before knowing is blanked as well."""
    writer = Writer(op.connection, op.id, op.writer.derivers, is_recording=False)
    erase.carry_out_all(writer)
    for table, ids in writer.touched.items():
        op.writer.touched.setdefault(table, set()).update(ids)


def apply_waiting(
    op: Operation,
    device: Uid,
    progress: Progress = NO_PROGRESS,
    reserves: foreign.Reserves = foreign.nothing,
    closed: Mapping[int, int] = NOTHING_CLOSED,
) -> tuple[int, int]:
    """Apply a device's waiting operations in order, stream by stream, up to the first gap.

    Args:
        closed: rounds that take no work (local key → year).

    Returns:
        Operations applied and fields put into the inbox.

    Raises:
        UserError: ``package.closed_round``.
    """
    connection = op.connection
    applied = conflicts = 0
    queue = list(foreign.waiting(connection, device))
    for index, (generation, sequence, operation_id) in enumerate(queue):
        progress.step(index, len(queue), "Đang nhận thao tác")
        if sequence != _applied_to(connection, device, generation) + 1:
            continue
        foreign.check(connection, foreign.load(connection, operation_id))
        writer = Writer(connection, operation_id, op.writer.derivers, is_recording=False)
        outcome = foreign.apply_as_authority(writer, operation_id, reserves)
        _refuse_closed(connection, operation_id, writer.touched, closed)
        for table, ids in writer.touched.items():
            op.writer.touched.setdefault(table, set()).update(ids)
        conflicts += foreign.note_conflicts(connection, operation_id, outcome, op_now(op))
        foreign.close_agreed(connection, operation_id, outcome)
        _mark_applied(connection, op, operation_id, device, generation, sequence)
        applied += 1
    return applied, conflicts


def _refuse_closed(
    connection: Connection, operation_id: int, touched: Mapping[str, set[int]], closed: Mapping[int, int]
) -> None:
    years = years_of(connection, touched, closed)
    kind = connection.execute(select(operation.c.kind).where(operation.c.id == operation_id)).scalar_one()
    if years and not is_of_people(kind):
        text = years_text(years)
        raise UserError(
            f"Gói này có điểm, đăng ký hoặc việc khác của đợt {text} đã khóa nên chưa nhận; chưa có gì thay đổi. Hãy "
            f"mở lại đợt {text} ở màn hình Đợt đánh giá (Ctrl+Shift+K), nhận gói rồi khóa lại; gói vẫn dùng được.",
            code="package.closed_round",
        )


def op_now(op: Operation) -> int:
    """When the operation at hand began."""
    return int(op.connection.execute(select(operation.c.at).where(operation.c.id == op.id)).scalar_one())


def _applied_to(connection: Connection, device: Uid, generation: int) -> int:
    return (
        connection.execute(
            select(device_progress.c.applied).where(
                device_progress.c.device == device, device_progress.c.generation == generation
            )
        ).scalar()
        or 0
    )


def _mark_applied(
    connection: Connection, op: Operation, operation_id: int, device: Uid, generation: int, sequence: int
) -> None:
    row = connection.execute(
        update(operation)
        .where(operation.c.id == operation_id)
        .values(state=OperationState.APPLIED, merged_in=op.id)
        .returning(operation.c.uid, operation.c.undoes)
    ).one()
    if row.undoes is not None:
        mark_undone(connection, row.undoes, row.uid)
    connection.execute(insert(log_entry).values(operation_id=operation_id))
    set_progress(connection, device, generation, sequence)


def set_progress(connection: Connection, device: Uid, generation: int, sequence: int) -> None:
    """Note how far a device's stream has been applied."""
    key = (device_progress.c.device == device) & (device_progress.c.generation == generation)
    if connection.execute(update(device_progress).where(key).values(applied=sequence)).rowcount == 0:
        connection.execute(insert(device_progress).values(device=device, generation=generation, applied=sequence))


def _note_peer(op: Operation, manifest: Manifest) -> None:
    """Take over what the sender says it holds; a late package never lowers what a newer one said."""
    connection = op.connection
    row = connection.execute(select(peer).where(peer.c.device == manifest.sender)).one()
    if (manifest.generation, manifest.number) <= (row.their_generation, row.last_package):
        return
    me = connection.execute(select(operation.c.device).where(operation.c.id == op.id)).scalar_one()
    log, position = manifest.positions.get(me, (0, 0))
    values: dict[str, Any] = {
        "their_generation": manifest.generation,
        "last_package": manifest.number,
        "name": nfc(manifest.sender_name),
        "acked_log": log,
        "acked_position": position,
        "acked_own": {str(generation): last for generation, last in manifest.has.get(me, {}).items()},
    }
    connection.execute(update(peer).where(peer.c.device == manifest.sender).values(**values))


def _note(op: Operation, manifest: Manifest, path: Path) -> None:
    known = op.connection.execute(
        select(package.c.id).where(package.c.uid == manifest.uid, package.c.direction == "received")
    ).first()
    if known is None:
        op.connection.execute(
            insert(package).values(
                uid=manifest.uid, direction="received", peer=manifest.sender, number=manifest.number, at=manifest.at,
                file_name=path.name, operations=manifest.operations, records=manifest.records,
            )
        )  # fmt: skip


# -- withdrawing -------------------------------------------------------------------------------------------------


def withdraw_merge(context: Context, uid: Uid, *, progress: Progress = NO_PROGRESS) -> Uid:
    """Take a merge back: its operations wait again, nothing is sent to their author, merging again applies them.

    Args:
        progress: tells how many changes are looked at and given back; stopped, the merge stands.

    Raises:
        Cancelled: nothing was changed.
        UndoRefused: later work stands on it, or it was forwarded in a package already.
    """
    with context.database.read() as connection:
        row = connection.execute(select(operation).where(operation.c.uid == uid)).first()
    if row is None or row.kind != "merge.package":
        raise UndoRefused("Không tìm thấy lần nhận gói này trong nhật ký.", code="undo.unknown")
    if row.undone_by is not None:
        raise UndoRefused("Lần nhận gói này đã được rút lại rồi.", code="undo.already")
    context.journal.seal_open()
    mends = take_back_mends(context, row.id)
    try:
        with context.operation("undo.merge.package", row.args) as op:
            if context.role is DeviceRole.VOLUNTEER:
                follower.withdraw(op, row.id, progress)
            else:
                _withdraw_taken_in(op, row.id, progress)
            op.is_kept = True
            op.connection.execute(update(operation).where(operation.c.id == op.id).values(undoes=uid))
            mark_undone(op.connection, uid, op.uid)
    except BaseException:
        give_back_mends(context, mends)
        raise
    set_right(context)
    return op.uid


def _withdraw_taken_in(op: Operation, merge_id: int, progress: Progress) -> None:
    connection = op.connection
    rows = connection.execute(
        select(operation.c.id, operation.c.uid, operation.c.device, operation.c.generation, operation.c.sequence)
        .where(operation.c.merged_in == merge_id, operation.c.state == OperationState.APPLIED)
        .order_by(operation.c.id.desc())
    ).all()
    ids = [row.id for row in rows]
    _refuse_if_followed(connection, merge_id, rows)
    _refuse_if_forwarded(connection, ids)
    _refuse_if_settled(connection, [row.uid for row in rows])
    writer = Writer(connection, op.id, op.writer.derivers, is_recording=False)
    order = {row.operation_id: row.position for row in connection.execute(
        select(log_entry.c.operation_id, log_entry.c.position).where(log_entry.c.operation_id.in_(ids))
    )}  # fmt: skip
    newest_first = sorted(ids, key=lambda item: -order.get(item, 0))
    reversal = reversal_of(connection, newest_first, is_withdrawal=True, step=progress.step)
    apply_reversal(writer, reversal, step=progress.step)
    for table, touched in writer.touched.items():
        op.writer.touched.setdefault(table, set()).update(touched)
    foreign.forget_conflicts(connection, [row.uid for row in rows])
    held = select(change.c.id).where(change.c.operation_id.in_(ids))
    connection.execute(delete(held_field).where(held_field.c.change_id.in_(held)))
    connection.execute(delete(log_entry).where(log_entry.c.operation_id.in_(ids)))
    for row in rows:
        set_progress(connection, row.device, row.generation, row.sequence - 1)
    mark_standing(connection, [row.uid for row in rows])
    connection.execute(update(operation).where(operation.c.id.in_(ids)).values(state=OperationState.WAITING))


def _refuse_if_followed(connection: Connection, merge_id: int, rows: Sequence[Any]) -> None:
    """A machine's operations stand in their order: what a later merge brought is withdrawn before what came earlier."""
    reached: dict[tuple[Uid, int], int] = {}
    for row in rows:
        key = (row.device, row.generation)
        reached[key] = max(reached.get(key, 0), row.sequence)
    for (device, generation), sequence in reached.items():
        later = connection.execute(
            select(operation.c.id).where(
                operation.c.device == device,
                operation.c.generation == generation,
                operation.c.sequence > sequence,
                operation.c.state == OperationState.APPLIED,
                operation.c.merged_in != merge_id,
            )
        ).first()
        if later is not None:
            raise UndoRefused(
                "Không rút lại được lần nhận này vì sau đó đã nhận thêm gói của cùng máy; chưa có gì bị thay đổi. "
                "Hãy rút lại lần nhận mới hơn trước.",
                code="undo.not_newest",
            )


def _refuse_if_forwarded(connection: Connection, ids: Sequence[int]) -> None:
    sent = connection.execute(select(func.max(peer.c.sent_position))).scalar() or 0
    last = connection.execute(select(func.max(log_entry.c.position)).where(log_entry.c.operation_id.in_(ids))).scalar()
    if (
        last is not None
        and sent
        and (
            connection.execute(
                select(log_entry.c.position).where(log_entry.c.operation_id.in_(ids), log_entry.c.position <= sent)
            ).first()
        )
    ):
        raise UndoRefused(
            "Không rút lại được lần nhận này vì các thao tác của nó đã được gửi tiếp trong một gói; "
            "chưa có gì bị thay đổi. Hãy hoàn tác riêng từng thao tác cần bỏ.",
            code="undo.forwarded",
        )


def _refuse_if_settled(connection: Connection, uids: Sequence[Uid]) -> None:
    if connection.execute(
        select(conflict.c.id).where(conflict.c.operation_uid.in_(uids), conflict.c.status == "settled")
    ).first():
        raise UndoRefused(
            "Không rút lại được lần nhận này vì đã phân xử một chỗ khác nhau của nó; chưa có gì bị thay đổi. "
            "Hãy hoàn tác riêng từng việc cần bỏ, hoặc sửa lại hồ sơ.",
            code="undo.settled",
        )


__all__ = ["LOCAL_GENERATION", "MergeResult", "inspect_package", "merge_package", "withdraw_merge"]
