"""Opens a criteria workbook and finds its sheets, headings and rows; nothing of their meaning.

Invariant: a file that is no workbook, damaged, hostile or far too large is refused by a sentence before it is read;
every cell keeps its own name (D7), by which errors are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.services.criteria.workbook import layout
from desktop_app.services.criteria.workbook.layout import Column
from desktop_app.services.errors import UserError
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.reader import OpenWorkbook, SheetGrid, open_workbook
from desktop_app.services.vietnamese import fold

MAX_FILE = 8_000_000
MAX_ROWS = 5000
_HEADING_ROWS = 15
_LEAST_LABELS = 4
_NOWHERE = 16_000
"""The place of a column that a sheet lacks: behind every filled one."""
_SIGNS = re.compile(r"[^a-z0-9%, ]+")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One fault of a workbook, with its cell."""

    sheet: str
    cell: str
    text: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: {self.text}" if self.cell else f"{self.sheet}: {self.text}"


@dataclass(slots=True)
class TableRow:
    """One row below the headings: value and cell name by column key; ``bad``: cells with an Excel error."""

    sheet: str
    number: int
    values: dict[str, CellValue]
    letters: dict[str, str]
    formulas: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        """Whether the sheet has this column at all."""
        return key in self.letters

    def get(self, key: str) -> CellValue:
        return self.values.get(key, "")

    def cell(self, key: str) -> str:
        """ "D7"; the first column where the sheet lacks this one."""
        letter = self.letters.get(key) or min(self.letters.values(), key=lambda x: (len(x), x), default="A")
        return f"{letter}{self.number}"


@dataclass(slots=True)
class Table:
    """A sheet's rows and what was not understood of its headings."""

    sheet: str
    rows: list[TableRow] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    """Numbers of rows that Excel hides and that were read all the same."""


class CriteriaBook:
    """The sheets of one workbook, by the names of ``layout``.

    Raises:
        UserError, EnvironmentProblem: with codes "workbook.…" when it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        book = open_workbook(path)
        if book.stamp.size > MAX_FILE:
            raise _too_large(path)
        self.file = path.name
        known = {fold(name) for name in layout.SHEETS}
        self._grids = {
            name: _read(book, name, path)
            for name in book.sheet_names
            if name not in book.hidden_sheets or fold(name) in known
        }
        self._formulas = _formulas(path)
        self._taken: set[str] = set()

    def sheet(self, name: str) -> SheetGrid | None:
        """A sheet by its name of ``layout``; spaces, capitals, accents and a number behind it do not matter."""
        for same in (str, fold, _stem):
            found = next((own for own in self._grids if same(own) == same(name)), None)
            if found is not None:
                self._taken.add(found)
                return self._grids[found]
        return None

    @property
    def ignored(self) -> tuple[str, ...]:
        """Sheets with something in them that nobody asked for; the instructions are not among them."""
        own = {fold(layout.HELP), fold(layout.LIST_SHEET)}
        return tuple(
            n
            for n, grid in self._grids.items()
            if n not in self._taken and fold(n) not in own and not n.startswith("_") and any(grid.rows)
        )

    def table(self, name: str, columns: Sequence[Column], least: int = 2) -> Table | None:
        """A sheet's rows; None where there is no such sheet or no headings in it."""
        grid = self.sheet(name)
        if grid is None and name == layout.ROWS:
            grid = self._any_rows(columns)
        return _table(grid, columns, least, self._formulas) if grid is not None else None

    def head(self) -> Table | None:
        """The lines of "Bộ tiêu chí" as one row: key → value beside its label."""
        grid = self.sheet(layout.HEAD) or self._any_head()
        return _head(grid, self._formulas) if grid is not None else None

    def _any_head(self) -> SheetGrid | None:
        """The only sheet that has several labels of "Bộ tiêu chí" below each other, whatever its name."""
        found = [grid for grid in self._unnamed() if len(_head(grid, frozenset()).rows) >= _LEAST_LABELS]
        return self._take(found)

    def _any_rows(self, columns: Sequence[Column]) -> SheetGrid | None:
        """The only sheet that has a column of wordings and one of points or thresholds, whatever its name."""
        found = []
        for grid in self._unnamed():
            top = _top(grid, columns)
            keys = set(top[1].values()) if top is not None else set()
            if "text" in keys and keys & {"max_score", "answer_type", "percent:1"}:
                found.append(grid)
        return self._take(found)

    def _unnamed(self) -> list[SheetGrid]:
        known = {_stem(name) for name in layout.SHEETS}
        return [grid for name, grid in self._grids.items() if _stem(name) not in known]

    def _take(self, found: list[SheetGrid]) -> SheetGrid | None:
        if len(found) != 1:
            return None
        self._taken.add(found[0].name)
        return found[0]


def letter_of(index: int) -> str:
    """0 → "A", 26 → "AA"."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _key(text: object) -> str:
    return " ".join(_SIGNS.sub(" ", fold(str(text))).split())


def _stem(name: str) -> str:
    """ "Chỉ số (2)" and "1. CHỈ SỐ" → "chi so": Excel numbers copies of a sheet."""
    return re.sub(r"^\d+ | ?\d+$", "", _key(name))


def _names(columns: Sequence[Column]) -> dict[str, str]:
    found: dict[str, str] = {}
    for column in columns:
        for name in (column.heading, *column.names):
            found.setdefault(_key(name), column.key)
            found.setdefault(_key(name).replace("%", "").strip(), column.key)
    return found


def _top(grid: SheetGrid, columns: Sequence[Column]) -> tuple[int, dict[int, str]] | None:
    """The row of headings (the one with the most known ones) and the columns found in it."""
    names = _names(columns)
    best: tuple[int, dict[int, str]] | None = None
    for row, cells in enumerate(grid.rows[:_HEADING_ROWS]):
        found: dict[int, str] = {}
        for index, value in enumerate(cells):
            key = names.get(_key(value)) if isinstance(value, str) and value.strip() else None
            if key is not None and key not in found.values():
                found[index] = key
        if found and (best is None or len(found) > len(best[1])):
            best = row, found
    return best


def _table(
    grid: SheetGrid, columns: Sequence[Column], least: int, formulas: frozenset[tuple[str, str]]
) -> Table | None:
    top = _top(grid, columns)
    if top is None or len(top[1]) < least:
        return None
    place, found = top
    letters = {key: letter_of(index) for index, key in found.items()}
    table = Table(grid.name)
    table.unknown = [
        str(value).strip()
        for index, value in enumerate(grid.rows[place])
        if index not in found and isinstance(value, str) and value.strip()
    ]
    for number, cells in enumerate(grid.rows[place + 1 :], place + 2):
        values = {key: cells[index] for index, key in found.items()}
        bad = frozenset(k for i, k in found.items() if grid.bad_cells.get((number - 1, i)))
        own = frozenset(k for k, letter in letters.items() if (grid.name, f"{letter}{number}") in formulas)
        filled = {k for k, v in values.items() if v is not None and str(v).strip()} - own
        if filled or bad:
            table.rows.append(TableRow(grid.name, number, values, letters, own, bad))
            if number - 1 in grid.hidden_rows:
                table.hidden.append(number)
    return table


def _head(grid: SheetGrid, formulas: frozenset[tuple[str, str]]) -> Table:
    labels = {_key(name): line.key for line in layout.HEAD_LINES for name in (line.label, *line.names)}
    places = _head_places(grid, labels)
    at = places.pop("label")
    letters = {name: letter_of(index) for name, index in places.items()}
    table = Table(grid.name)
    for number, cells in enumerate(grid.rows, 1):
        label = cells[at] if len(cells) > at else ""
        key = labels.get(_key(label)) if isinstance(label, str) else None
        if key is None or any(row.values.get("key") == key for row in table.rows):
            continue
        values: dict[str, CellValue] = {"key": key}
        values |= {name: cells[index] if len(cells) > index else "" for name, index in places.items()}
        own = frozenset({"value"}) if (grid.name, f"{letters['value']}{number}") in formulas else frozenset[str]()
        bad = frozenset({"value"}) if grid.bad_cells.get((number - 1, places["value"])) else frozenset[str]()
        table.rows.append(TableRow(grid.name, number, values, letters, own, bad))
    return table


def _head_places(grid: SheetGrid, labels: Mapping[str, str]) -> dict[str, int]:
    """Where the labels stand, and by the row of headings what stands beside them; else in the next columns."""
    counts = Counter(
        index
        for cells in grid.rows
        for index, value in enumerate(cells)
        if isinstance(value, str) and _key(value) in labels
    )
    at = min(counts, key=lambda index: (-counts[index], index), default=0)
    for cells in grid.rows[:_HEADING_ROWS]:
        words = {_key(value): index for index, value in enumerate(cells) if isinstance(value, str) and value.strip()}
        if words.get("muc") == at and "noi dung" in words:
            found = {"status": words.get("nguon", _NOWHERE), "note": words.get("ghi chu cua so", _NOWHERE)}
            return {"label": at, "value": words["noi dung"], **found}
    return {"label": at, "value": at + 1, "status": at + 2, "note": at + 3}


def _read(book: OpenWorkbook, name: str, path: Path) -> SheetGrid:
    grid = book.read_sheet(name)
    rows = grid.rows
    while rows and not any(value is not None and str(value).strip() for value in rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS:
        raise _too_large(path)
    return grid


def _formulas(path: Path) -> frozenset[tuple[str, str]]:
    """Cells that hold a formula; empty where the file is not an Office Open XML workbook.

    Read as a stream: one cell at the far end of a sheet must not make millions of empty ones.
    """
    import warnings

    from openpyxl import load_workbook

    found = []
    try:
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True)
            for page in book.worksheets:
                page.reset_dimensions()
                for row in page.iter_rows(max_row=MAX_ROWS):
                    found += [(page.title, cell.coordinate) for cell in row if cell.data_type == "f"]
            book.close()
    except Exception:
        return frozenset()
    return frozenset(found)


def _too_large(path: Path) -> UserError:
    return UserError(
        f"Tệp {path.name} quá lớn để là một bộ tiêu chí; chưa có gì thay đổi. Hãy chọn đúng tệp.",
        code="criteria.workbook_too_large",
    )
