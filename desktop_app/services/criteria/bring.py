"""Bringing sets in from files and giving them out: the workbook, and signed files for other offices.

Invariants: what comes in stands beside what is there and replaces nothing; a file that says what the register holds
already leaves no trace; an unsigned file comes in as a draft only, a changed signed one not at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria.dates import date_warnings
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import SetVersion, add_version, load_version, next_version, read_any
from desktop_app.services.criteria.schema import MAX_BYTES, dump_set, json_text, parse_set
from desktop_app.services.criteria.stored import Origin
from desktop_app.services.criteria.workbook.grid import CellProblem
from desktop_app.services.criteria.workbook.read import WorkbookReading, read_workbook
from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.sync.devices import DeviceCard, card_of, parse_card
from desktop_app.services.sync.identity import load_identity

FILE_FORMAT = "sohoctap-criteria/1"
SUFFIX = ".botieuchi"
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class SetFile:
    """A file of one set that was read and found whole.

    Args:
        signer: the machine that signed it; None for an unsigned file.
        signed_on: ISO date that the signer gives.
        is_trusted: the signer is this machine, or one that it trusts and whose code was compared.
        warnings: what speaks against using the set now.
    """

    file: str
    definition: CriteriaSet
    signer: DeviceCard | None = None
    signed_on: str = ""
    is_trusted: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def origin(self) -> Origin:
        if self.signer is None:
            return Origin(file=self.file)
        card = self.signer
        return Origin("", self.file, card.name, card.code, card.sign_key, self.signed_on)


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: the version, and whether anything is new."""

    uid: Uid
    version: SetVersion
    is_new: bool


class BadCells(UserError):
    """A workbook that cannot be taken: every fault with its cell in ``problems``."""

    def __init__(self, file: str, problems: tuple[CellProblem, ...]) -> None:
        first = "; ".join(str(problem) for problem in problems[:3])
        more = f"; và {len(problems) - 3} ô nữa" if len(problems) > 3 else ""
        super().__init__(
            f"Chưa nạp được {file}: {first}{more}. Chưa có gì thay đổi; hãy sửa các ô đó rồi nạp lại.",
            code="criteria.workbook_invalid",
        )
        self.problems = problems


def is_workbook(path: Path) -> bool:
    """Whether a file is to be read as a workbook: by its name, or else by how it begins."""
    if path.suffix.lower() in _WORKBOOKS:
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _BEGINNINGS
    except OSError:
        return False


# -- the workbook ------------------------------------------------------------------------------------------------


def export_workbook(context: Context, set_uid: Uid, out: Path) -> SetVersion:
    """Write a version, a draft too, as the criteria workbook.

    Raises:
        EnvironmentProblem: the file cannot be written.
        UserError: ``criteria.unknown_set``.
    """
    from desktop_app.services.criteria.workbook.write import write_workbook

    item = load_version(context, set_uid)
    write_workbook(replace(item.definition, is_confirmed=False), out)
    return item


def preview_workbook(context: Context, path: Path, into: Uid | None = None) -> WorkbookReading:
    """Read a criteria workbook and compare it with what the register holds; nothing is written.

    Args:
        into: the version that a bare annex fills, where the file does not name its set.

    Raises:
        UserError, EnvironmentProblem: it is no workbook of criteria.
    """
    with context.read() as connection:
        base = read_any(connection, into).definition if into else None
        reading = read_workbook(
            path,
            lambda key, version: _base(connection, key, version),
            base,
            lambda key: [item.definition for item in _versions(connection, key)],
        )
        if reading.definition is None:
            return reading
        return replace(reading, warnings=(*reading.warnings, *date_warnings(connection, reading.definition)))


def bring_workbook(context: Context, reading: WorkbookReading) -> Brought:
    """Take a previewed workbook in as a draft; one that says nothing new leaves no trace.

    Raises:
        BadCells: it has faults (``criteria.workbook_invalid``).
        UserError: ``criteria.office_only``.
    """
    if reading.definition is None:
        raise BadCells(reading.file, reading.problems)
    return _bring(context, reading.definition, Origin(file=reading.file), is_draft=True)


# -- files of sets -----------------------------------------------------------------------------------------------


def export_set(context: Context, set_uid: Uid, out: Path) -> DeviceCard:
    """Write a version as one file, signed with this machine's key, for another office.

    Returns:
        This machine's card: its 8 digits are to be told by voice to who receives the file.

    Raises:
        UserError: ``criteria.not_clean`` for a draft with faults.
        EnvironmentProblem: the file cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from desktop_app.services.criteria.drafts import require_clean
    from desktop_app.services.documents.output import replacing

    item = load_version(context, set_uid)
    require_clean(item)
    identity = load_identity(context.folder)
    card = card_of(identity, context.role)
    today = dt.datetime.fromtimestamp(context.journal.clock() / 1000).date().isoformat()
    content: dict[str, Any] = {
        "format": FILE_FORMAT,
        "set": dump_set(replace(item.definition, is_confirmed=False)),
        "signed_on": today,
        "signer": _card_json(card),
    }
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(identity.sign_private))
    content["signature"] = key.sign(_signed_bytes(content)).hex()
    with replacing(out) as stream:
        stream.write(json.dumps(content, ensure_ascii=False, indent=1).encode())
    return card


def read_set_file(context: Context, path: Path) -> SetFile:
    """Read a file of one set, signed or a bare JSON text; nothing is written.

    Raises:
        UserError: ``criteria.unreadable``, ``criteria.invalid``, ``criteria.file_changed`` (the signature is not of
            this content).
        EnvironmentProblem: the file cannot be opened.
    """
    found = _read_set_file(context, path)
    with context.read() as connection:
        return replace(found, warnings=date_warnings(connection, found.definition))


def _read_set_file(context: Context, path: Path) -> SetFile:
    text = json_text(_bytes(path), path.name)
    content = json.loads(text)
    if not isinstance(content, dict) or "format" not in content:
        return SetFile(path.name, parse_set(text, path.name))
    if content["format"] != FILE_FORMAT or not isinstance(content.get("set"), str):
        raise UserError(
            f"Tệp {path.name} do bản chương trình mới hơn ghi hoặc không phải tệp bộ tiêu chí; chưa có gì thay đổi. "
            "Hãy cài bản mới hoặc chọn đúng tệp.",
            code="criteria.file_unknown",
        )
    if not content.get("signature"):
        return SetFile(path.name, parse_set(content["set"], path.name))
    card = _verified(content, path)
    definition = parse_set(content["set"], path.name)
    return SetFile(path.name, definition, card, str(content.get("signed_on", "")), _is_trusted(context, card))


def bring_set(context: Context, file: SetFile) -> Brought:
    """Install a read file: signed, as a version that can be brought into force; unsigned, as a draft.

    Raises:
        UserError: ``criteria.office_only``.
    """
    return _bring(context, file.definition, file.origin, is_draft=file.signer is None)


# -- inside ------------------------------------------------------------------------------------------------------


def _bring(context: Context, definition: CriteriaSet, origin: Origin, *, is_draft: bool) -> Brought:
    with context.operation("criteria.bring", {"file": origin.file}) as op:
        same = _same(op.connection, definition)
        if same is not None:
            op.args["set"] = same.label
            return Brought(same.uid, same, False)
        if _find(op.connection, definition.key, definition.version) is not None:
            version = next_version(op.connection, definition.key, definition.version)
            definition = replace(definition, version=version)
        uid = add_version(op, context, definition, origin, is_draft=is_draft)
        return Brought(uid, read_any(op.connection, uid), True)


def _versions(connection: Connection, key: str) -> list[SetVersion]:
    """Readable versions of a key, the newest row first."""
    rows = all_rows(connection, "SELECT uid FROM criteria_set WHERE key = ? AND present ORDER BY id DESC", (key,))
    found = []
    for (uid,) in rows:
        try:
            found.append(read_any(connection, uid.hex()))
        except AppError:
            continue
    return found


def _find(connection: Connection, key: str, version: str) -> SetVersion | None:
    return next((item for item in _versions(connection, key) if item.definition.version == version), None)


def _same(connection: Connection, definition: CriteriaSet) -> SetVersion | None:
    """A version that says the same: of the same number, or brought in before under the next free one."""
    versions = _versions(connection, definition.key)
    if not any(item.definition.version == definition.version for item in versions):
        return None
    for item in versions:
        if replace(item.definition, is_confirmed=False, version=definition.version) == definition:
            return item
    return None


def _base(connection: Connection, key: str, version: str) -> CriteriaSet | None:
    versions = _versions(connection, key)
    found = next((item for item in versions if item.definition.version == version), None)
    used = next((item for item in versions if item.is_in_use), None)
    chosen = found or used or (versions[0] if versions else None)
    return chosen.definition if chosen else None


def _card_json(card: DeviceCard) -> dict[str, Any]:
    from desktop_app.services.sync.devices import FILE_MARK

    return {"format": FILE_MARK, **card.__dict__}


def _signed_bytes(content: Mapping[str, Any]) -> bytes:
    parts = [content[name] for name in ("format", "set", "signed_on", "signer")]
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _verified(content: Mapping[str, Any], path: Path) -> DeviceCard:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        card = parse_card(content.get("signer"))
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(card.sign_key))
        key.verify(bytes.fromhex(content["signature"]), _signed_bytes(content))
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"Tệp {path.name} đã bị sửa sau khi ký, hoặc chữ ký không đúng, nên không được nạp; chưa có gì thay đổi. "
            "Hãy xin lại tệp từ nơi đã ký.",
            code="criteria.file_changed",
        ) from error
    return card


def _is_trusted(context: Context, card: DeviceCard) -> bool:
    from desktop_app.services.sync.devices import find_peer

    if card.sign_key == load_identity(context.folder).sign_public:
        return True
    with context.read() as connection:
        try:
            peer = find_peer(connection, card.uid)
        except AppError:
            return False
    return peer.card.sign_key == card.sign_key and peer.is_code_compared


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise EnvironmentProblem(
            f"Không mở được tệp {path.name}; chưa có gì thay đổi. Hãy kiểm tra tệp còn đó và chọn lại.",
            code="criteria.no_file",
        ) from error
