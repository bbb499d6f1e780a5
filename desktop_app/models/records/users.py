"""Who works on this register."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.types import Uid


@dataclass(frozen=True, slots=True)
class UserRecord:
    uid: Uid
    name: str
    role: str
    has_pin: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class PinCheck:
    """Whether a PIN was right; after wrong ones ``wait_seconds`` tells how long none is looked at."""

    is_right: bool
    wait_seconds: int = 0
