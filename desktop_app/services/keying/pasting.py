"""A block of numbers copied from a spreadsheet, read cell by cell before anything is written.

Invariant: pure; a block is taken whole or not at all, and every cell that cannot be taken is named with its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.services.assessment.scoring import validate_answer
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet
from desktop_app.services.keying.records import KeyedRow, is_counted
from desktop_app.services.vietnamese import fold

MOST_NAMED = 4
_YES = frozenset({"1", "d", "dat", "x", "co", "✓"})
_NO = frozenset({"0", "c", "k", "chua", "chua dat", "khong", "khong dat"})


@dataclass(frozen=True, slots=True)
class Paste:
    """What a block would write.

    Args:
        values: place of the row (from 0) → indicator code → value; blank cells are left out.
        problems: sentences, a cell each; nothing may be written while there are any.
    """

    values: dict[int, dict[str, float]]
    problems: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return sum(map(len, self.values.values()))

    @property
    def sentence(self) -> str:
        """Why nothing was pasted."""
        shown = " ".join(self.problems[:MOST_NAMED])
        more = f" Và {len(self.problems) - MOST_NAMED} ô khác." if len(self.problems) > MOST_NAMED else ""
        return f"Chưa dán gì. {shown}{more}"


def read_block(text: str) -> list[list[str]]:
    """Rows and cells of copied text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return [[cell.strip() for cell in line.split("\t")] for line in lines]


def plan_paste(definition: CriteriaSet, rows: Sequence[KeyedRow], row: int, column: int, text: str) -> Paste:
    """Lay a block over the grid from a cell on."""
    block = read_block(text)
    if not block:
        return Paste({}, ("Trong bộ nhớ tạm không có số nào.",))
    problems: list[str] = []
    if row + len(block) > len(rows):
        problems.append(
            f"Khối dán có {len(block)} dòng, từ dòng {row + 1} chỉ còn {len(rows) - row} người; hãy tìm đủ người trước."
        )
    widest = max(map(len, block))
    if column + widest > len(definition.indicators):
        problems.append(
            f"Khối dán có {widest} cột, từ cột này chỉ còn {len(definition.indicators) - column} "
            f"{definition.indicator_word}."
        )
    values: dict[int, dict[str, float]] = {}
    if not problems:
        for offset, cells in enumerate(block):
            found = _row(definition, rows[row + offset], row + offset, column, cells, problems)
            if found:
                values[row + offset] = found
    return Paste(values, tuple(problems))


def _row(
    definition: CriteriaSet, row: KeyedRow, place: int, column: int, cells: Sequence[str], problems: list[str]
) -> dict[str, float]:
    values: dict[str, float] = {}
    for offset, text in enumerate(cells):
        if not text:
            continue
        indicator = definition.indicators[column + offset]
        where = f"Dòng {place + 1}"
        if row.locked:
            problems.append(f"{where}: {row.locked}")
            break
        if is_counted(row, indicator):
            problems.append(f"{where}: {definition.indicator_word} {indicator.number} do sổ tự đếm.")
            continue
        value = _number(text, is_met=indicator.answer_type is AnswerType.MET)
        problem = validate_answer(indicator, value)
        if problem is not None:
            problems.append(f"{where}, ô “{text[:12]}”: {problem.message}")
        else:
            assert value is not None
            values[indicator.code] = value
    return values


def _number(text: str, *, is_met: bool) -> float | None:
    plain = fold(text)
    if is_met:
        return 1 if plain in _YES else 0 if plain in _NO else None
    plain = plain.removesuffix("%").strip().replace(",", ".")
    if not plain.replace(".", "", 1).isdigit() or not plain.isascii():
        return None
    return float(plain)
