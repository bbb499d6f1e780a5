"""Setting up a volunteer's machine from the office's assignment package.

Invariant: the register is filled whole from the package or not made at all.
"""

from __future__ import annotations

from pathlib import Path

from desktop_app.models.journal import foreign, set_meta
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.sync import device
from desktop_app.models.tables.system import user
from desktop_app.models.types import DeviceRole
from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.register import blank_register, discard_register, discard_unfinished, has_register
from desktop_app.services.sync import follower
from desktop_app.services.sync.collisions import refusing_collisions
from desktop_app.services.sync.devices import DeviceCard, parse_card, put_peer, take_up_waiting, waiting_cards
from desktop_app.services.sync.evidence_parts import keep_evidence
from desktop_app.services.sync.identity import load_identity
from desktop_app.services.sync.merge import read_operations
from desktop_app.services.sync.seal import Opened, unseal


def receive_register(
    folder: Path, path: Path, *, user_name: str = "Cộng tác viên", progress: Progress = NO_PROGRESS
) -> Context:
    """Make a volunteer's register from a package that holds everything from the beginning.

    The office's card travels in the package, which is sealed to this very machine: where the office was not
    introduced before, it is trusted on this first use and its code should be compared by voice.

    Raises:
        UserError: not such a package, a register exists already, damaged, signed by somebody else than it says.
    """
    discard_unfinished(folder)
    if has_register(folder):
        raise UserError("Máy này đã có sổ; chưa có gì thay đổi. Hãy dùng Nhận gói.", code="register.exists")
    opened = unseal(path, load_identity(folder))
    card = _sender_card(opened, folder, path)
    operations = read_operations(opened, path)
    context = blank_register(folder, DeviceRole.VOLUNTEER)
    try:
        with context.operation("register.receive", {"device": opened.manifest.sender_name}) as op:
            op.is_kept = True
            op.writer.is_recording = False
            take_up_waiting(folder, op.connection)
            is_compared = any(known.uid == card.uid and compared for known, compared in waiting_cards(folder))
            put_peer(op.connection, card, is_code_compared=is_compared)
            set_meta(op.connection, "office", card.uid)
            with refusing_collisions(path):
                follower.follow(context, op, opened.manifest, operations, progress)
            keep_evidence(context, opened.parts)
        _introduce(context, folder, user_name)
    except foreign.TamperedError as error:
        _give_up(context, folder)
        raise _refused(path) from error
    except OSError as error:
        _give_up(context, folder)
        raise EnvironmentProblem(
            f"Không cất được các tệp minh chứng của gói {path.name}; chưa lập sổ. "
            "Hãy kiểm tra ổ đĩa còn chỗ trống và quyền ghi.",
            code="package.unstorable",
        ) from error
    except BaseException:
        _give_up(context, folder)
        raise
    return context


def _sender_card(opened: Opened, folder: Path, path: Path) -> DeviceCard:
    manifest = opened.manifest
    if not manifest.is_snapshot or manifest.log_from != 0 or manifest.sender_role is not DeviceRole.OFFICE:
        raise UserError(
            f"Gói {path.name} không phải gói giao việc đầy đủ của máy xã nên chưa lập được sổ. "
            "Hãy xin máy xã đóng gói giao việc cho máy này.",
            code="package.not_snapshot",
        )
    known = {card.uid: card for card, _ in waiting_cards(folder)}
    try:
        card = known.get(manifest.sender) or parse_card(manifest.card)
    except ValueError as error:
        raise _refused(path) from error
    if card.uid != manifest.sender or not opened.is_signed_by(card.sign_key):
        raise _refused(path)
    return card


def _refused(path: Path) -> UserError:
    return UserError(
        f"Gói {path.name} không đúng chữ ký của máy xã nên bị từ chối; chưa lập sổ. Hãy xin máy xã đóng gói lại.",
        code="package.unknown_signer",
    )


def _introduce(context: Context, folder: Path, user_name: str) -> None:
    identity = load_identity(folder)
    with context.operation("user.add", {"subject": {"table": "user", "uid": natural_uid("user", identity.uid)}}) as op:
        op.writer.insert(device, {"name": identity.name, "role": DeviceRole.VOLUNTEER.value}, uid=identity.uid)
        uid = natural_uid("user", identity.uid)
        op.writer.insert(user, {"name": user_name, "role": "volunteer"}, uid=uid)
        set_meta(op.connection, "last_user", uid)
    context.user = uid


def _give_up(context: Context, folder: Path) -> None:
    context.database.close()
    discard_register(folder)
