"""Machines that know each other: device files, the 8-digit code, whom this machine trusts.

Invariants: trust is given by a person on this machine and never arrives in a package; before a register exists,
trusted machines wait in a small file of the data folder.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from desktop_app.models.journal import get_meta
from desktop_app.models.tables.sync import peer
from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.sync.identity import DeviceIdentity, load_identity
from desktop_app.services.vietnamese import nfc

FILE_MARK = "sohoctap-device"
MAX_DEVICE_FILE = 20_000
"""Bytes; a device file is a few hundred."""

WAITING_FILE = "trusted.json"

ROLE_WORDS = {
    DeviceRole.OFFICE: "máy của xã",
    DeviceRole.VOLUNTEER: "máy cộng tác viên",
    DeviceRole.PROVINCE: "máy cấp tỉnh",
}


@dataclass(frozen=True)
class DeviceCard:
    """The public half of a machine: what its device file says."""

    uid: Uid
    name: str
    role: DeviceRole
    sign_key: str
    age_key: str

    @property
    def code(self) -> str:
        """Eight digits that two people compare by voice. Slow to compute on purpose (scrypt), so that keys with
        the same code cannot be searched for."""
        content = f"{self.uid}|{self.sign_key}|{self.age_key}".encode()
        digest = hashlib.scrypt(content, salt=b"sohoctap-device-code", n=2**14, r=8, p=1, dklen=8)
        return f"{int.from_bytes(digest, 'big') % 10**8:08d}"


@dataclass(frozen=True)
class Peer:
    """A trusted machine, and how far the exchange with it has come."""

    card: DeviceCard
    is_code_compared: bool
    trusted_at: int
    is_office: bool


def card_of(identity: DeviceIdentity, role: DeviceRole) -> DeviceCard:
    """This machine's own card."""
    return DeviceCard(identity.uid, identity.name, role, identity.sign_public, identity.age_public)


def export_device(folder: Path, out: Path, role: DeviceRole = DeviceRole.VOLUNTEER) -> DeviceCard:
    """Write this machine's device file; works before there is a register.

    A machine without a register is introduced as a volunteer's, which gives the least rights; one on which the office
    makes its register later is introduced again, its code stays.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    card = card_of(load_identity(folder), role)
    try:
        out.write_text(json.dumps({"format": FILE_MARK, **card.__dict__}, ensure_ascii=False, indent=1), "utf-8")
    except OSError as error:
        raise EnvironmentProblem(
            f"Không ghi được tệp {out.name}. Hãy chọn nơi khác hoặc dọn chỗ trống.", code="device.unwritable"
        ) from error
    return card


def read_device_file(path: Path) -> DeviceCard:
    """Read another machine's device file.

    Raises:
        UserError: it is not one (``device.bad_file``).
    """
    try:
        if path.stat().st_size > MAX_DEVICE_FILE:
            raise ValueError("size")
        return parse_card(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            f"Tệp {path.name} không phải tệp giới thiệu máy; chưa có gì thay đổi. "
            "Hãy xuất lại tệp trên máy kia (Đồng bộ, Giới thiệu máy).",
            code="device.bad_file",
        ) from error


def parse_card(content: Any) -> DeviceCard:
    """A card from its JSON content.

    Raises:
        ValueError: it is not one.
    """
    try:
        if content["format"] != FILE_MARK:
            raise ValueError("format")
        card = DeviceCard(
            str(content["uid"]),
            nfc(str(content["name"])[:200]),
            DeviceRole(content["role"]),
            str(content["sign_key"]),
            str(content["age_key"]),
        )
        if len(bytes.fromhex(card.uid)) != 16 or len(bytes.fromhex(card.sign_key)) != 32:
            raise ValueError("length")
        _check_recipient(card.age_key)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("card") from error
    return card


def _check_recipient(key: str) -> None:
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(key)
    except (pyrage.RecipientError, ValueError) as error:
        raise ValueError("age key") from error


def trust(folder: Path, context: Context | None, path: Path, code: str | None = None) -> DeviceCard:
    """Take another machine up among the trusted.

    Args:
        context: the opened register, or None before there is one.
        code: the 8 digits that the other machine shows, when people compared them.

    Raises:
        UserError: not a device file, this machine itself, or the code differs (``device.code``).
    """
    card = read_device_file(path)
    if card.uid == load_identity(folder).uid:
        raise UserError("Đây là tệp của chính máy này; hãy chọn tệp của máy kia.", code="device.self")
    given = "".join(filter(str.isdigit, code)) if code is not None else None
    if given is not None and given != card.code:
        raise UserError(
            "Mã không khớp với máy kia, nên chưa tin cậy máy đó. Hãy đọc lại 8 chữ số trên hai máy; "
            "nếu vẫn khác, hãy lấy lại tệp từ chính máy kia.",
            code="device.code",
        )
    if context is None:
        _put_waiting(folder, card, given is not None)
    else:
        with context.operation("device.trust", {"device": card.name}) as op:
            op.is_kept = True
            put_peer(op.connection, card, is_code_compared=given is not None)
    return card


def put_peer(connection: Connection, card: DeviceCard, *, is_code_compared: bool) -> None:
    """Keep a trusted machine; a known one gets its new name and keys."""
    values: dict[str, Any] = {
        "name": card.name,
        "role": card.role.value,
        "sign_key": card.sign_key,
        "age_key": card.age_key,
        "is_code_compared": is_code_compared,
        "trusted_at": time.time_ns() // 1_000_000,
    }
    if connection.execute(update(peer).where(peer.c.device == card.uid).values(**values)).rowcount == 0:
        connection.execute(insert(peer).values(device=card.uid, **values))


def peers(connection: Connection) -> list[Peer]:
    """All trusted machines, by name."""
    office = get_meta(connection, "office")
    return [
        Peer(
            DeviceCard(row.device, row.name, DeviceRole(row.role), row.sign_key, row.age_key),
            row.is_code_compared,
            row.trusted_at,
            row.device == office,
        )
        for row in connection.execute(select(peer).order_by(peer.c.name))
    ]


def find_peer(connection: Connection, wanted: str) -> Peer:
    """A trusted machine by uid, the beginning of its uid, or its name.

    Raises:
        UserError: none, or more than one.
    """
    known = peers(connection)
    found = [item for item in known if item.card.uid == wanted or item.card.name == wanted]
    found = found or [item for item in known if len(wanted) >= 6 and item.card.uid.startswith(wanted.lower())]
    if len(found) == 1:
        return found[0]
    raise UserError(
        f"Chưa tin cậy máy nào tên “{wanted}”. Hãy nhận tệp giới thiệu của máy đó trước."
        if not found
        else f"Có hơn một máy tên “{wanted}”; hãy dùng mã của máy.",
        code="device.unknown",
    )


def _put_waiting(folder: Path, card: DeviceCard, is_code_compared: bool) -> None:
    path = folder / WAITING_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _read_waiting(folder)
        known[card.uid] = {"format": FILE_MARK, **card.__dict__, "is_code_compared": is_code_compared}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise EnvironmentProblem(
            f"Không ghi được thư mục dữ liệu {folder}. Hãy kiểm tra ổ đĩa và quyền ghi.", code="device.unwritable"
        ) from error


def _read_waiting(folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((folder / WAITING_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def waiting_cards(folder: Path) -> list[tuple[DeviceCard, bool]]:
    """Machines trusted before there was a register, and whether their code was compared."""
    cards = []
    for content in _read_waiting(folder).values():
        try:
            cards.append((parse_card(content), bool(content.get("is_code_compared"))))
        except ValueError:
            continue
    return cards


def take_up_waiting(folder: Path, connection: Connection) -> None:
    """Move machines that were trusted early into the register."""
    for card, is_code_compared in waiting_cards(folder):
        put_peer(connection, card, is_code_compared=is_code_compared)
