"""How a long list crosses to the ui: counted, read in pages and sorted by the database, never in Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

RowT_co = TypeVar("RowT_co", covariant=True)


class PageSource(Protocol[RowT_co]):
    """A list of rows of which any page can be had in a few milliseconds.

    One source shows one filter and one order; ``sorted`` gives another source of the same rows. Rows are read when
    they are asked for, so after a change the ui asks for a fresh source.
    """

    def count(self) -> int:
        """How many rows there are; counted once."""
        ...

    def rows(self, offset: int, limit: int) -> Sequence[RowT_co]:
        """The rows from ``offset`` (from 0), at most ``limit``; fewer at the end."""
        ...

    def sorted(self, column: str, *, descending: bool = False) -> PageSource[RowT_co]:
        """The same rows in another order; blanks stand last in both directions.

        Raises:
            KeyError: the list cannot be sorted by ``column``.
        """
        ...
