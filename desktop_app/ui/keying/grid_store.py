"""What the grid asks of whoever holds its rows: the keying of a batch, and the second, blind keying of some of it.

Invariant: ``save`` either reaches the disk or raises an AppError; the grid keeps no value of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desktop_app.ui.keying.cell_keys import CellSpec
from desktop_app.ui.widgets.painting import ChipData


@dataclass(frozen=True, slots=True)
class Lead:
    """What names a row. ``detail`` goes into the tooltip and to screen readers."""

    code: str
    name: str
    birth: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tail:
    """What judges a row: its total, a few words, the whole sentence. Nothing where nothing is answered."""

    total: str = ""
    chip: ChipData | None = None
    sentence: str = ""


class GridStore(Protocol):
    """Rows of a KeyGrid."""

    cells: tuple[CellSpec, ...]
    has_tail: bool

    def count(self) -> int: ...

    def lead(self, row: int) -> Lead: ...

    def tail(self, row: int) -> Tail:
        """Made for rows in sight only, and kept until the row changes."""
        ...

    def value(self, row: int, column: int) -> float | None: ...

    def why_shut(self, row: int, column: int) -> str:
        """Why this cell takes nothing (counted by the register, recognised); empty when it does."""
        ...

    def save(self, row: int, column: int, value: float | None) -> None: ...
