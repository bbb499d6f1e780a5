"""What was done on this page lately, so that Ctrl+Z takes back the last deed.

Invariant: only deeds of this page in this sitting are remembered, newest last; the journal does the undoing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Deeds:
    """The memory of one page."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._done: list[str] = []

    @contextmanager
    def remembered(self) -> Iterator[None]:
        """Remember the operations that the block makes."""

        def note(done: Any) -> None:
            self._done.append(done.uid)

        self._context.journal.listeners.append(note)
        try:
            yield
        finally:
            self._context.journal.listeners.remove(note)

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    def undo(self) -> str:
        """Take back the last deed; gives what to say.

        Raises:
            UserError: later work stands on it; it is forgotten here, the journal's page shows more.
        """
        from desktop_app.services import history

        history.undo(self._context, self._done.pop())
        return "Đã hoàn tác."
