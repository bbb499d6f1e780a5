"""Operations as lines of a package: how they are written, and what of a line is taken at all.

Invariant: what was decoded fits the tables (types, lengths, enums, dates, references as uids), whoever signed it; a
line that does not is refused before anything is stored.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NoReturn

from sqlalchemy import JSON, Boolean, Column, Float, Integer

from desktop_app.models import types
from desktop_app.models.journal.chain import Header
from desktop_app.models.journal.codec import CREATE, SALT_BYTES, SETTLE, UPDATE, dump
from desktop_app.models.journal.erase import ERASE
from desktop_app.models.journal.foreign import ForeignChange, ForeignOperation
from desktop_app.models.tables import BY_CODE, SharedTable
from desktop_app.models.tables.base import UidType

MAX_TEXT = 20_000
"""Characters of one value; the longest honest ones are notes."""

MAX_JSON = 1_000_000
"""Characters of a payload, and of an operation's arguments (an erasure names its rows there)."""

LARGEST = 2**53

_UID = re.compile(r"[0-9a-f]{32}")
_PARTIAL_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

_ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("citizen", "sex"): types.Sex,
    ("citizen", "citizen_group"): types.CitizenGroup,
    ("citizen", "life_status"): types.LifeStatus,
    ("household", "poverty"): types.Poverty,
    ("certificate", "status"): types.CertificateStatus,
    **{
        (table, "model"): types.LearningModel
        for table in ("target", "registration", "assessment", "decision", "certificate", "criteria_set")
    },
}
"""Texts that this program reads as one of its enums; a package with another word is of a newer program or hostile."""

_PATTERNS: dict[tuple[str, str], re.Pattern[str]] = {
    ("citizen", "cccd"): re.compile(r"\d{1,20}"),
    ("evidence", "sha256"): re.compile(r"[0-9a-f]{64}"),
    ("commune", "code"): re.compile(r"\d{5}"),
}

_DATES = {
    "citizen": ("birth",),
    "assessment_round": ("starts_on", "ends_on", "counted_on"),
    "decision": ("decided_on",),
    "certificate": ("issued_on",),
}
"""Fields that are read as (partial) ISO dates."""


def encode(foreign: ForeignOperation) -> str:
    """One line of a package."""
    return dump(
        {
            "h": foreign.header.as_list(),
            "x": foreign.hash.hex(),
            "p": foreign.position,
            "c": [
                [
                    item.table_code,
                    item.row.hex(),
                    item.action,
                    item.salt.hex() if item.salt else None,
                    item.payload,
                    item.digest.hex() if item.digest else None,
                    list(item.held),
                ]
                for item in foreign.changes
            ],
        }
    )


def decode(line: str | bytes) -> ForeignOperation:
    """One line of a package.

    Raises:
        ValueError: it is not one, or does not fit the tables.
    """
    try:
        content = _loads(line)
        header = _header(*content["h"])
        position = content["p"]
        _require(position is None or _is_count(position, 1))
        return ForeignOperation(header, _bytes(content["x"], 32), tuple(map(_change, content["c"])), position)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("operation") from error


def _header(
    uid: Any, device: Any, generation: Any, sequence: Any, author: Any, kind: Any, args: Any, at: Any, undoes: Any
) -> Header:
    _require(_is_uid(uid) and _is_uid(device))
    _require(all(value is None or _is_uid(value) for value in (author, undoes)))
    _require(_is_count(generation, 1) and _is_count(sequence, 1) and _is_count(at, 0))
    _require(_is_text(kind) and 0 < len(kind) <= 200 and isinstance(args, dict))
    _require(len(dump(args).encode()) <= MAX_JSON)
    if kind == ERASE:
        _check_erasure(args.get("rows", []))
    return Header(uid, device, generation, sequence, author, kind, args, at, undoes)


def _check_erasure(rows: Any) -> None:
    _require(isinstance(rows, list))
    for code, uid, kept in rows:
        _require(code in BY_CODE and _is_uid(uid) and isinstance(kept, dict))
        for name, value in kept.items():
            _check_value(BY_CODE[code], name, value)


def _change(item: Any) -> ForeignChange:
    code, row, action, salt, payload, digest, held = item
    _require(type(code) is int and code in BY_CODE and action in (CREATE, UPDATE, SETTLE) and _is_uid(row))
    _require((payload is None) == (salt is None) and isinstance(held, list))
    spec = BY_CODE[code]
    if payload is not None:
        _require(isinstance(payload, str) and len(payload) <= MAX_JSON)
        _require("\n" not in payload and _is_storable(payload))
        content = _loads(payload)
        _require(isinstance(content, dict))
        _check_fields(spec, action, content)
    _require(all(name in spec.columns for name in held))
    return ForeignChange(
        code,
        bytes.fromhex(row),
        action,
        None if salt is None else _bytes(salt, SALT_BYTES),
        payload,
        None if digest is None else _bytes(digest, 32),
        tuple(held),
    )


def _check_fields(spec: SharedTable, action: int, content: dict[str, Any]) -> None:
    if action == CREATE:
        for name, column in spec.columns.items():
            _require(name == "present" or bool(column.nullable) or content.get(name) is not None)
    for name, value in content.items():
        if action == CREATE:
            _check_value(spec, name, value)
            continue
        first, last = value
        for given in (*(first if action == SETTLE else [first]), last):
            _check_value(spec, name, given)


def _check_value(spec: SharedTable, name: str, value: Any) -> None:
    column = spec.columns.get(name)
    if column is None:
        raise ValueError("field")
    if value is None:
        return
    if name in spec.refs or isinstance(column.type, UidType):
        _require(_is_uid(value))
        return
    _require(_type_check(column)(value))
    known = _ENUMS.get((spec.name, name))
    if known is not None:
        known(value)
    pattern = _PATTERNS.get((spec.name, name))
    _require(pattern is None or pattern.fullmatch(value) is not None)
    _require(name not in _DATES.get(spec.name, ()) or _is_date(value))


def _type_check(column: Column[Any]) -> Callable[[Any], bool]:
    for kind, check in _TYPES:
        if isinstance(column.type, kind):
            return check
    return _is_text


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and _is_storable(value)


def _is_date(value: str) -> bool:
    if _PARTIAL_DATE.fullmatch(value) is None:
        return False
    dt.date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    return True


def _is_storable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _is_whole(value: Any) -> bool:
    return _is_number(value) and value == int(value)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and abs(value) <= LARGEST


def _is_flag(value: Any) -> bool:
    return type(value) in (bool, int) and value in (0, 1)


def _is_json(value: Any) -> bool:
    return _is_storable(dump(value))


_TYPES: tuple[tuple[type, Callable[[Any], bool]], ...] = (
    (JSON, _is_json),
    (Boolean, _is_flag),
    (Float, _is_number),
    (Integer, _is_whole),
)


def _is_uid(value: Any) -> bool:
    return isinstance(value, str) and _UID.fullmatch(value) is not None


def _is_count(value: Any, least: int) -> bool:
    return type(value) is int and least <= value <= LARGEST


def _bytes(value: str, length: int) -> bytes:
    content = bytes.fromhex(value)
    _require(len(content) == length)
    return content


def _require(is_right: bool) -> None:
    if not is_right:
        raise ValueError("operation")


def _loads(text: str | bytes) -> Any:
    return json.loads(text, parse_constant=_refuse_constant)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


__all__ = ["decode", "encode"]
