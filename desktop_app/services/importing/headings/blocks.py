"""Headings met again below the first: the tops of later pages, and further tables whose columns stand in other places.

Invariant: after `settle_blocks` every row of a sheet stands under the columns of its first heading, and the rows of
later headings are known; a sheet with one heading is left as it is, and found out quickly to be so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from desktop_app.services.importing.fields import Field, field_of_heading, field_of_path
from desktop_app.services.importing.headings.headers import NAME_HEADINGS, Header, find_header
from desktop_app.services.importing.headings.mapping import propose_mapping
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.table import Table

_WORDS = ("tên", "ten", "nhân khẩu", "thành viên", "công dân", "người trong", "người dân")
_MAY_HEAD = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE)
_LONGEST = 80
_ABOVE, _BELOW = 3, 5
_NOT_WORD = re.compile(r"[\W_]+")
_FIGURES = re.compile(r"\d{3}")


@dataclass(frozen=True, slots=True)
class Block:
    """A later heading.

    Args:
        first: its first row; `data` is the first row below it.
        paths: its heading cells by column.
    """

    first: int
    data: int
    paths: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Blocks:
    """What was found: rows of later headings, and the columns that only later tables have."""

    heading_rows: frozenset[int] = frozenset()
    added: list[tuple[str, ...]] = field(default_factory=list)


def settle_blocks(table: Table, header: Header) -> tuple[Header, Blocks]:
    """Bring all rows under the first heading's columns, in place; return it, completed, and what was found."""
    found = _later_headings(table, header)
    if not found:
        return header, Blocks()
    blocks = Blocks(frozenset(row for block in found for row in range(block.first, block.data)))
    ends = [block.first for block in found[1:]] + [table.height]
    for block, end in zip(found, ends, strict=True):
        places = _places(table, header, block, end, blocks)
        if places:
            _move(table, block.first, end, places)
    header = replace(header, paths=header.paths + tuple(blocks.added))
    return header, blocks


def _later_headings(table: Table, header: Header) -> list[Block]:
    if not header.is_found:
        return []
    rows: set[int] = set()
    fields = {field_of_path(path) for path in header.paths}
    lists_heads = not fields & {Field.NAME, Field.FAMILY_NAME, Field.RELATION}
    own = {path[-1] for path in header.paths if lists_heads and field_of_path(path) is Field.HEAD_NAME}
    for index, column in enumerate(table.columns):
        texts = _headings_among(table.distinct[index])
        texts |= own & table.distinct[index]
        if texts:
            rows.update(row for row in range(header.data, table.height) if column[row] in texts)
    blocks: list[Block] = []
    for row in sorted(rows):
        above = blocks[-1].data if blocks else header.data
        cells = [column[row] for column in table.columns]
        if row < above or not _looks_so(cells, lists_heads=lists_heads):
            continue
        block = _heading_at(table, max(above, row - _ABOVE), row)
        if block is not None:
            blocks.append(block)
    return blocks


def _headings_among(values: Set[CellValue]) -> set[str]:
    """Return the texts that head a column of names; a column without any is told at one glance."""
    try:
        joined = "|".join(values)  # type: ignore[arg-type]  # what is no text raises, one line below
    except TypeError:
        joined = "|".join(value for value in values if type(value) is str)
    lower = joined.lower()
    if not any(word in lower for word in _WORDS):
        return set()
    return {
        value
        for value in values
        if type(value) is str
        and len(value) <= _LONGEST
        and _MAY_HEAD.search(value)
        and field_of_heading(value) in NAME_HEADINGS
    }


def _looks_so(cells: Sequence[CellValue], *, lists_heads: bool) -> bool:
    """Tell quickly whether a row may be a heading: words only, and another one that heads a column."""
    if any(value != "" and (type(value) is not str or _FIGURES.search(value)) for value in cells):
        return False
    fields = {field_of_heading(value) for value in cells if type(value) is str} - {None}
    return len(fields) > 1 and bool((fields & NAME_HEADINGS) - (set() if lists_heads else {Field.HEAD_NAME}))


def _heading_at(table: Table, top: int, row: int) -> Block | None:
    """Return the heading that a row belongs to, if it is one; `top` is the first row it may begin in."""
    window = list(zip(*(column[top : row + _BELOW] for column in table.columns), strict=True))
    merges = [
        ((first - top, left), (last - top, right))
        for (first, left), (last, right) in table.grid.merges
        if top <= first and last < row + _BELOW
    ]
    found = find_header(window, merges)
    if not found.is_found or not top + found.first <= row <= top + found.last:
        return None
    return Block(top + found.first, top + found.data, found.paths)


def _places(table: Table, header: Header, block: Block, end: int, blocks: Blocks) -> dict[int, int]:
    """Return where a block's columns belong under the first heading; nothing where they stand right."""
    ours, theirs = [_spelt(path) for path in header.paths], [_spelt(path) for path in block.paths]
    if ours == theirs or not _differs(header, block):
        return {}
    own, theirs_only = table.columns[: len(header.paths)], table.columns[: len(block.paths)]
    columns = [column[block.data : end] for column in theirs_only]
    meant = propose_mapping(block.paths, columns, 0).mapping.fields
    first = propose_mapping(header.paths, [column[: block.first] for column in own], header.data).mapping.fields
    paths = [*ours, *map(_spelt, blocks.added)]
    known = [*first, *(field_of_path(path) or Field.IGNORE for path in blocks.added)]
    places: dict[int, int] = {}
    for column, name in enumerate(theirs):
        if not name:
            continue
        free = [at for at in range(len(paths)) if at not in places.values()]
        same = [at for at in free if paths[at] == name]
        like = [at for at in free if known[at] is meant[column] is not Field.IGNORE]
        if not (same or like):
            blocks.added.append(tuple(block.paths[column]))
            paths.append(name)
            known.append(meant[column])
            _add_column(table)
        places[column] = next(iter((*same, *like)), len(paths) - 1)
    return places if any(before != after for before, after in places.items()) else {}


def _spelt(path: Sequence[str]) -> str:
    """A heading with its accents, which alone tell "ĐT" from "DT" and "Năm" from "Nam"."""
    return " ".join(_NOT_WORD.sub(" ", " ".join(path).lower()).split())


def _differs(header: Header, block: Block) -> bool:
    """Tell whether a column is headed otherwise; the top of a page may repeat only part of the heading."""
    for path, other in zip(header.paths, block.paths, strict=False):
        if other and not {_spelt([part]) for part in other} <= {_spelt([part]) for part in path}:
            meant = field_of_path(other)
            if meant is None or meant is not field_of_path(path):
                return True
    return False


def _add_column(table: Table) -> None:
    table.columns.append([""] * table.height)
    table.distinct.append({""})
    table.charsets.append(type(table.charsets[0])())
    for row in table.grid.rows:
        row.append("")


def _move(table: Table, start: int, end: int, places: dict[int, int]) -> None:
    """Put the cells of some rows under their columns; what has no column of its own is left out."""
    columns = table.columns
    for row in range(start, end):
        _rearrange(table.grid.rows[row], places)
        cells: list[CellValue] = [column[row] for column in columns]
        _rearrange(cells, places)
        for column, value in zip(columns, cells, strict=True):
            column[row] = value
    for index, column in enumerate(columns):
        table.distinct[index] = set(column)
    moved = {(row, places.get(at, at)) if start <= row < end else (row, at): shown
             for (row, at), shown in table.grid.bad_cells.items()}  # fmt: skip
    table.grid.bad_cells = moved


def _rearrange(cells: list[CellValue], places: dict[int, int]) -> None:
    before = list(cells)
    cells[:] = [""] * len(cells)
    for column, at in places.items():
        cells[at] = before[column]
