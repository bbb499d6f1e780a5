"""The sealed file: a zip of label, signature and parts, inside one age file.

Invariants: sealed to its receivers, signed by its sender; a file is opened whole or not at all; sizes are checked
before anything is unpacked. The outer format is plain age (age-encryption.org/v1), the inner a plain zip, so an
independent tool can open both.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from desktop_app.services.errors import EnvironmentProblem, UserError
from desktop_app.services.sync.identity import DeviceIdentity
from desktop_app.services.sync.manifest import Manifest, Part, dump_manifest, parse_manifest

MAX_SEALED = 600 * 2**20
"""Bytes of a sealed file that are read at all."""

MAX_UNPACKED = 2 * 2**30
"""Bytes that a package may hold unpacked."""

MAX_RATIO = 200
"""Unpacked to packed; plain text of a register stays far below."""

LABEL, SIGNATURE = "manifest.json", "manifest.sig"


@dataclass(frozen=True)
class Opened:
    """A package whose seal, label and hashes were found right; the signature is not judged yet."""

    manifest: Manifest
    label: bytes
    signature: bytes
    parts: Mapping[str, bytes]

    def is_signed_by(self, sign_key: str) -> bool:
        """Whether the label carries this key's signature (Ed25519, hex)."""
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(sign_key)).verify(self.signature, self.label)
        except (InvalidSignature, ValueError):
            return False
        return True


def part_of(name: str, content: bytes) -> Part:
    """A part's line on the label."""
    return Part(name, len(content), hashlib.sha256(content).hexdigest())


def seal(
    manifest: Manifest, parts: Mapping[str, bytes], identity: DeviceIdentity, recipients: Sequence[str], out: Path
) -> bytes:
    """Write a package whole or not at all.

    Returns:
        The SHA-256 of the file.

    Raises:
        EnvironmentProblem: disk full or no rights (``package.unwritable``).
    """
    label = dump_manifest(manifest)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.sign_private))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr(LABEL, label)
        archive.writestr(SIGNATURE, key.sign(label))
        for name, content in parts.items():
            archive.writestr(name, content)
    sealed = pyrage.encrypt(buffer.getvalue(), [pyrage.x25519.Recipient.from_str(item) for item in recipients])
    part = out.with_name(out.name + ".part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(sealed)
        part.replace(out)
    except OSError as error:
        raise EnvironmentProblem(
            f"Không ghi được gói vào {out.parent}; sổ vẫn như cũ. Hãy kiểm tra USB còn chỗ trống và cho phép ghi.",
            code="package.unwritable",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return hashlib.sha256(sealed).digest()


def unseal(path: Path, identity: DeviceIdentity) -> Opened:
    """Open a package's seal and check label and hashes.

    Raises:
        UserError: not a package, damaged, of a newer program, or not sealed to this machine.
        EnvironmentProblem: the file cannot be read.
    """
    sealed = _read(path)
    try:
        plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity.age_private)])
    except pyrage.DecryptError as error:
        raise _not_for_us(path, sealed) from error
    except Exception as error:
        raise _damaged(path) from error
    try:
        return _unpack(path, plain)
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(path) from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_SEALED:
            raise UserError(
                f"Tệp {path.name} quá lớn để là một gói đồng bộ; chưa có gì thay đổi. Hãy chọn đúng tệp gói.",
                code="package.too_large",
            )
        return path.read_bytes()
    except OSError as error:
        raise EnvironmentProblem(
            f"Không đọc được tệp {path.name}. Hãy kiểm tra USB còn cắm và tệp còn đó.", code="package.unreadable"
        ) from error


def _not_for_us(path: Path, sealed: bytes) -> UserError:
    if not sealed.startswith(b"age-encryption.org/"):
        return UserError(
            f"Tệp {path.name} không phải gói đồng bộ của chương trình; chưa có gì thay đổi. Hãy chọn đúng tệp gói.",
            code="package.foreign",
        )
    return UserError(
        f"Không mở được gói {path.name}: gói niêm phong cho máy khác, hoặc tệp bị hỏng hay chép chưa hết; chưa có "
        "gì thay đổi. Hãy chép lại tệp; nếu vẫn không mở được, xin máy gửi đóng lại gói cho máy này.",
        code="package.sealed",
    )


def _damaged(path: Path) -> UserError:
    return UserError(
        f"Gói {path.name} bị hỏng hoặc thiếu; chưa có gì thay đổi. Hãy chép lại tệp hoặc xin máy gửi đóng gói lại.",
        code="package.damaged",
    )


def _unpack(path: Path, plain: bytes) -> Opened:
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        sizes = {item.filename: item.file_size for item in archive.infolist()}
        total = sum(sizes.values())
        if len(sizes) != len(archive.infolist()) or total > min(MAX_UNPACKED, max(MAX_RATIO * len(plain), 10**7)):
            raise ValueError("sizes")
        label = _bounded(archive, LABEL, 10**7)
        if b'"format": 1' not in label[:200]:
            raise UserError(
                f"Gói {path.name} do một bản chương trình mới hơn ghi; chưa có gì thay đổi. Hãy cài bản mới.",
                code="package.newer",
            )
        manifest = parse_manifest(label)
        signature = _bounded(archive, SIGNATURE, 64)
        if set(sizes) != {LABEL, SIGNATURE, *(item.name for item in manifest.parts)}:
            raise ValueError("parts")
        parts = {}
        for item in manifest.parts:
            content = _bounded(archive, item.name, item.size)
            if part_of(item.name, content) != item:
                raise ValueError("hash")
            parts[item.name] = content
    return Opened(manifest, label, signature, parts)


def _bounded(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise ValueError("size")
    return content
