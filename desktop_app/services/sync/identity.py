"""Who this machine is: its uid, its name and its keys, kept beside the register and never inside it.

Invariant: private keys never leave the data folder; a copied register on another machine is another device.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_app.models.tables.base import new_uid
from desktop_app.models.types import Uid
from desktop_app.services.errors import EnvironmentProblem

DEVICE_FILE = "device.json"


@dataclass(frozen=True)
class DeviceIdentity:
    """This machine.

    Attributes:
        uid: identity in journals and packages.
        name: how people call it.
        sign_private: Ed25519 private key, 32 bytes as hex.
        sign_public: its public half, hex.
        age_private: age identity (``AGE-SECRET-KEY-…``).
        age_public: age recipient (``age1…``).
    """

    uid: Uid
    name: str
    sign_private: str
    sign_public: str
    age_private: str
    age_public: str


def load_identity(folder: Path, name: str = "") -> DeviceIdentity:
    """The machine's identity, made at its first start.

    Raises:
        EnvironmentProblem: the file is damaged or the folder cannot be written.
    """
    path = folder / DEVICE_FILE
    try:
        if path.exists():
            return _checked(DeviceIdentity(**json.loads(path.read_text(encoding="utf-8"))))
        identity = _make(name)
        save_identity(folder, identity)
    except (ValueError, TypeError, AttributeError) as error:
        raise EnvironmentProblem(
            f"Tệp nhận dạng máy {path.name} bị hỏng; sổ vẫn còn nguyên. Hãy lấy lại tệp này từ bản sao lưu.",
            code="device.damaged",
        ) from error
    except OSError as error:
        raise EnvironmentProblem(
            f"Không đọc hoặc ghi được thư mục dữ liệu {folder}. Hãy kiểm tra ổ đĩa và quyền ghi.",
            code="device.unwritable",
        ) from error
    return identity


def _checked(identity: DeviceIdentity) -> DeviceIdentity:
    """The identity when its parts have the shape of uid, name and keys.

    Raises:
        ValueError, TypeError: they have not.
    """
    for value, length in ((identity.uid, 16), (identity.sign_private, 32), (identity.sign_public, 32)):
        if len(bytes.fromhex(value)) != length:
            raise ValueError("length")
    if not identity.age_private.startswith("AGE-SECRET-KEY-") or not identity.age_public.startswith("age1"):
        raise ValueError("age key")
    return replace(identity, name=str(identity.name))


def rename_device(folder: Path, name: str) -> DeviceIdentity:
    """Give the machine another name."""
    identity = replace(load_identity(folder), name=name)
    save_identity(folder, identity)
    return identity


def save_identity(folder: Path, identity: DeviceIdentity) -> None:
    """Write the identity whole or not at all, readable by this user only."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (DEVICE_FILE + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(identity.__dict__, file, ensure_ascii=False, indent=1)
    part.replace(folder / DEVICE_FILE)


def _make(name: str) -> DeviceIdentity:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage import x25519

    sign = Ed25519PrivateKey.generate()
    age = x25519.Identity.generate()
    return DeviceIdentity(
        uid=new_uid(),
        name=name or "Máy chưa đặt tên",
        sign_private=sign.private_bytes_raw().hex(),
        sign_public=sign.public_key().public_bytes_raw().hex(),
        age_private=str(age),
        age_public=str(age.to_public()),
    )
