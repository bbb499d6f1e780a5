"""Turns a workbook's rows into a set: head, rows, levels, conditions; every fault with its cell.

Invariants: nothing is guessed; a sheet or column that the file does not have is taken from the version it is compared
with; what was changed while its source still says otherwise becomes the office's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.definition import (
    CriteriaSet,
)
from desktop_app.services.criteria.workbook import words
from desktop_app.services.criteria.workbook.cells import (
    CellError,
    line_of,
    text_of,
    whole_of,
)
from desktop_app.services.criteria.workbook.grid import CellProblem, TableRow

_T = TypeVar("_T")


@dataclass
class Builder:
    """Collects a set and its faults.

    Attributes:
        base: the version that the file is compared with; None for a set that the register does not know.
        places: place of a check's problem → (sheet, cell).
        problems, warnings: what was found so far.
        restated: numbers and wordings that were changed while their source was left as it was.
        stretched: numbers of indicators whose levels were brought to a new maximum.
        dropped: numbers of rows that were taken away while their levels or guidance were left.
        skipped: sheet and number of rows below the table that hold no row of it.
    """

    base: CriteriaSet | None
    kind: SetKind
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    restated: int = 0
    stretched: list[str] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    skipped: list[tuple[str, int]] = field(default_factory=list)

    def fail(self, row: TableRow, key: str, text: str) -> None:
        """Note a fault of a cell, once."""
        problem = CellProblem(row.sheet, row.cell(key), text)
        if not any((p.sheet, p.cell) == (problem.sheet, problem.cell) for p in self.problems):
            self.problems.append(problem)

    def take(self, row: TableRow, key: str, read: Callable[[Any], _T], absent: _T) -> _T:
        """A cell's value; ``absent`` where the sheet lacks the column or the cell cannot be read."""
        if not row.has(key):
            return absent
        if key in row.bad:
            self.fail(row, key, "ô này đang báo lỗi công thức trong Excel")
            return absent
        if key in row.formulas and not str(row.get(key)).strip():
            self.fail(row, key, "ô này là công thức chưa tính; hãy mở tệp bằng Excel, lưu lại, hoặc gõ thẳng số")
            return absent
        try:
            return read(row.get(key))
        except CellError as error:
            self.fail(row, key, str(error))
            return absent

    def words(self, row: TableRow, key: str, absent: str = "") -> str:
        return self.take(row, key, text_of, absent)

    def line(self, row: TableRow, key: str, absent: str = "") -> str:
        """Words that are one name, however Word broke them into lines."""
        return self.take(row, key, line_of, absent)

    def choice(self, row: TableRow, key: str, table: Mapping[Any, str], absent: Any, name: str) -> Any:
        """One of a list of words; an empty cell is ``absent``."""
        text = self.words(row, key)
        if not text:
            return absent
        found = words.read_word(table, text)
        if found is None:
            self.fail(row, key, f"không có {name} “{text[:40]}”; hãy chọn trong danh sách của ô")
            return absent
        return found

    def yes(self, row: TableRow, key: str, absent: bool) -> bool:
        text = self.words(row, key)
        if not row.has(key):
            return absent
        found = words.read_yes(text)
        if found is None:
            self.fail(row, key, "chỉ ghi Có hoặc Không")
            return absent
        return found

    def source(
        self, row: TableRow, key: str, base: tuple[TextStatus | None, bool] | None, is_changed: bool
    ) -> tuple[TextStatus, bool]:
        """The status of a wording or number: as the cell says, unless it was changed and still says the old."""
        text = self.words(row, key) if row.has(key) else ""
        said = words.read_status(text) if text else None
        if text and said is None:
            self.fail(row, key, f"không có nguồn “{text[:40]}”; hãy chọn trong danh sách của ô")
        known = base if base is not None and base[0] is not None else None
        if said is None:
            if known is not None and not is_changed:
                return known[0] or TextStatus.SUGGESTED, known[1]
            return TextStatus.SUGGESTED, True
        if is_changed and known is not None and said == known:
            self.restated += said[0] is not TextStatus.SUGGESTED
            return TextStatus.SUGGESTED, True
        return said

    def _fact(self, row: TableRow, absent: str | None) -> str | None:
        if not row.has("fact"):
            return absent
        return self.choice(row, "fact", words.FACT_WORDS, None, "số liệu") if self.words(row, "fact") else None

    def _parameters(self, row: TableRow, absent: Mapping[str, int]) -> dict[str, int]:
        if not row.has("min_age") and not row.has("max_age"):
            return dict(absent)
        found: dict[str, int] = {}
        for key, name in (("min_age", "tuổi"), ("max_age", "tuổi")):
            number = self.take(row, key, partial(whole_of, name=name), None)
            if number is not None:
                found[key] = number
        for part in self.words(row, "others").split(";"):
            key, _, value = part.partition("=")
            if key.strip() and value.strip().isdecimal():
                found[key.strip()] = int(value)
            elif part.strip():
                self.fail(row, "others", "phải ghi như “tên=16”")
        return found
