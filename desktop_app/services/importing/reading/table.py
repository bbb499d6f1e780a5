"""A sheet turned into clean columns: one list per column, Unicode NFC, single spaces, nothing invisible.

All work is done once per distinct value of a column, never per cell: a list of 50,000 people repeats itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.fonts import ColumnCharset, FontLookup, decode_columns
from desktop_app.services.importing.reading.reader import SheetGrid
from desktop_app.services.vietnamese import nfc


@dataclass(slots=True)
class Table:
    """A sheet by columns.

    Args:
        columns: clean values; columns[c][r] is Excel row r + 1; an empty cell is "".
        distinct: the distinct values of each column.
        charsets: what was found about each column's charset.
        repairs: code of a quiet repair → number of cells.
    """

    grid: SheetGrid
    columns: list[list[CellValue]]
    distinct: list[set[CellValue]]
    charsets: list[ColumnCharset]
    repairs: Counter[str] = field(default_factory=Counter)

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.grid.rows)


def clean_table(grid: SheetGrid, fonts: FontLookup) -> Table:
    """Turn a grid into a clean table; `fonts` is asked only where letters leave a doubt."""
    columns: list[list[CellValue]] = [list(column) for column in zip(*grid.rows, strict=True)]
    distinct = [set(column) for column in columns]
    texts = [[value for value in values if type(value) is str] for values in distinct]
    originals = list(columns)
    joined = ["|".join(("", *column, "")) for column in texts]
    charsets = decode_columns(columns, texts, joined, fonts)
    table = Table(grid, columns, distinct, charsets)
    for index, found in enumerate(charsets):
        if columns[index] is not originals[index]:
            pairs = zip(originals[index], columns[index], strict=True)
            table.repairs[f"charset.{found.charset}"] += sum(before != after for before, after in pairs)
            distinct[index] = set(columns[index])
            texts[index] = [value for value in distinct[index] if type(value) is str]
            joined[index] = "|".join(("", *texts[index], ""))
        if not _is_clean(joined[index]):
            _clean_column(table, index, texts[index])
    return table


def _is_clean(joined: str) -> bool:
    """Tell at once whether nothing is to be done to any of a column's texts, joined by bars."""
    return "  " not in joined and " |" not in joined and "| " not in joined and nfc(joined) == joined


def _clean_column(table: Table, index: int, texts: list[str]) -> None:
    changed: dict[CellValue, str] = {}
    for text in texts:
        clean = " ".join(nfc(text).split())
        if clean != text:
            changed[text] = clean
    get = changed.get
    column = table.columns[index]
    for value in column:
        if value in changed:
            table.repairs[_repair(str(value), changed[value])] += 1
    table.columns[index] = [get(value, value) for value in column]
    table.distinct[index] = set(table.columns[index])


def _repair(before: str, after: str) -> str:
    """Name what cleaning did to a text."""
    if before.split() == after.split():
        return "text.spaces"
    return "text.composed" if len(before) > len(after) and before.isprintable() else "text.invisible"
