"""Progress and cancelling of long work, free of any window: a worker reports, a caller may ask it to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


class Cancelled(Exception):
    """Raised inside a worker when its caller asked it to stop; nothing of the work is kept."""


@dataclass
class Progress:
    """Carries counts out of long work and the wish to stop into it.

    Args:
        report: called with (done, total, text); total is 0 when unknown.
    """

    report: Callable[[int, int, str], None] = field(default=lambda done, total, text: None)
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True

    def step(self, done: int, total: int = 0, text: str = "") -> None:
        """Report ``done`` of ``total``; raises Cancelled if the caller asked to stop."""
        if self.is_cancelled:
            raise Cancelled
        self.report(done, total, text)


NO_PROGRESS = Progress()
