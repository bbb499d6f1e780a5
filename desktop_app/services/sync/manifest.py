"""What stands on the label of a package; parsed by pydantic at the edge, refused when anything is odd."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from desktop_app.models.types import DeviceRole

FORMAT: Literal[1] = 1

CheckedUid = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Name = Annotated[str, Field(max_length=300)]


@dataclass(frozen=True)
class Part:
    """A file inside the package: its name, its size in bytes and its SHA-256."""

    name: Annotated[str, Field(pattern="^[A-Za-z0-9._/-]{1,200}$")]
    size: Count
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Manifest:
    """The label.

    Attributes:
        uid: of the package.
        number: running number of the sender's packages.
        sender, sender_name, sender_role: who wrote it.
        receivers: devices that it is sealed to.
        commune_code, commune_name: whose register.
        at: when it was written, ms since 1970, UTC.
        generation: the sender's generation (grows with each restored backup).
        log_from, log_to: positions of the sender's log that it covers (exclusive, inclusive); 0, 0 from a volunteer.
        own_to: generation → last sequence of the sender's own operations in this package or before.
        has: device → {generation → last sequence that the sender has applied}.
        positions: device → (generation of its log, position in it) that the sender holds.
        is_snapshot: holds everything from the beginning; a volunteer's machine can be set up from it.
        operations, records: how many inside.
        parts: the files inside.
        card: the sender's own device card, for a machine that is set up from this package.
    """

    format: Literal[1]
    uid: CheckedUid
    number: Count
    sender: CheckedUid
    sender_name: Name
    sender_role: DeviceRole
    receivers: tuple[CheckedUid, ...]
    commune_code: Annotated[str, Field(pattern="^[0-9]{5}$")]
    commune_name: Name
    at: Count
    generation: Count
    log_from: Count
    log_to: Count
    own_to: dict[Count, Count]
    has: dict[CheckedUid, dict[Count, Count]]
    positions: dict[CheckedUid, tuple[Count, Count]]
    is_snapshot: bool
    operations: Count
    records: Count
    parts: tuple[Part, ...]
    card: dict[str, Name]


def dump_manifest(manifest: Manifest) -> bytes:
    """The label's bytes, which are signed as they are."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()


def parse_manifest(content: bytes) -> Manifest:
    """Read a label.

    Raises:
        ValueError: it is not one, or of a newer format.
    """
    return _adapter().validate_json(content)


@cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)
