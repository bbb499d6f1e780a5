"""What was saved last in a grid, to be taken back: cell by cell, a pasted block at once.

Invariant: holds only what a deed of the journal would take back together with more; what lies before it is undone deed
by deed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop_app.models.types import Uid

Cell = tuple[Uid, str, float | None]
"""Whose row, which indicator, what stood there before."""


class Trail:
    """The steps of the present row's sitting, or one block."""

    def __init__(self) -> None:
        self._steps: list[tuple[Cell, ...]] = []

    def clear(self) -> None:
        """Nothing can be taken back here."""
        self._steps.clear()

    def note(self, cell: Cell) -> None:
        """A cell was saved; another row begins anew."""
        if self._steps and self._steps[-1][-1][0] != cell[0]:
            self.clear()
        self._steps.append((cell,))

    def note_block(self, cells: Iterable[Cell]) -> None:
        """Cells of several rows were saved at once."""
        block = tuple(cells)
        self.clear()
        if block:
            self._steps.append(block)

    def take_back(self, store: Callable[[Uid, str, float | None], bool]) -> tuple[Uid, str] | None:
        """Store what stood before the last step; its first cell, or None where there is nothing.

        Args:
            store: puts a value into a cell; False where its row is gone, and then nothing more is taken back.
        """
        if not self._steps:
            return None
        step = self._steps[-1]
        if not all(store(*cell) for cell in reversed(step)):
            self.clear()
            return None
        self._steps.pop()
        return step[0][:2]
