"""How far a great deed of the journal is, told to whoever waits for it; free of any window.

Invariant: a step stands only where an exception leaves the register as it was, so what is told may also stop the work.
"""

from __future__ import annotations

from collections.abc import Callable

Step = Callable[[int, int, str], None]
"""Told how many of how many changes are done, and what is being done; what it raises undoes all of the work."""

PIECE = 2_000
"""So many changes are looked at or written between two steps."""
LOOKING, WRITING, SEALING = "Đang xem lại từng thay đổi", "Đang trả lại như trước", "Đang ghi nhật ký"


def silent(done: int, total: int, text: str) -> None:
    """A step that nobody is told of."""
