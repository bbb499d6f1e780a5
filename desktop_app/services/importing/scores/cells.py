"""The cells of one form of a scoring list, to be shown and typed over in place.

Invariant: every cell names its place in the file, also in sheets that were turned to be read; what is typed is kept as
a correction of that place (``ParseOptions.cells``), the file itself stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop_app.services.importing.fields import FIELD_TITLES, Field
from desktop_app.services.importing.preview import (
    CellValue,
    Issue,
    ParsedScores,
    ScoreRow,
    column_index,
    column_letter,
)
from desktop_app.services.importing.understanding import cell_text

Place = tuple[str, int, int]
"""(sheet, Excel row, 0-based column), as ``ParseOptions.cells`` takes it."""
_WHO = (
    Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME, Field.HEAD_NAME, Field.BIRTH, Field.CCCD, Field.GROUP,
    Field.HAMLET, Field.HOUSEHOLD_CODE, Field.CLAN, Field.ORGANIZATION,
)  # fmt: skip
"""What can be typed over beside the scores."""


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """One cell: where it stands, what it is about, its text as it is read now."""

    place: Place
    title: str
    text: str
    is_score: bool


def cells_of(parsed: ParsedScores, row: ScoreRow) -> tuple[ScoreCell, ...]:
    """The cells of a form that say who it is about and how it was scored."""
    sheet = next(item for item in parsed.sheets if item.name == row.sheet)
    places = parsed.places.get(row.key)
    found: list[ScoreCell] = []
    headings = Counter(leaf_of(column.heading) for column in sheet.columns if column.field is Field.SCORE)
    for column in sheet.columns:
        is_score = column.field is Field.SCORE
        if not is_score and column.field not in _WHO:
            continue
        at = places[column.index] if places is not None else (row.row - 1, column.index)
        value: CellValue = row.raw[column.index] if column.index < len(row.raw) else ""
        leaf = leaf_of(column.heading)
        leaf = leaf if headings[leaf] < 2 else column.heading.partition(" / ")[0]
        title = leaf if is_score else FIELD_TITLES[column.field]
        found.append(ScoreCell((row.sheet, at[0] + 1, at[1]), title, cell_text(value), is_score))
    return tuple(found)


def leaf_of(heading: str) -> str:
    """The lowest cell of a heading over several rows."""
    return heading.rpartition(" / ")[2]


def corrections(
    known: Mapping[Place, CellValue], cells: tuple[ScoreCell, ...], texts: Mapping[Place, str]
) -> dict[Place, CellValue]:
    """The corrections with what was typed into some cells; a text as it was before is no correction."""
    before = {cell.place: cell.text for cell in cells}
    changed = {place: text.strip() for place, text in texts.items() if before.get(place) != text.strip()}
    return {**known, **changed}


def refused_rows(
    parsed: ParsedScores, rows: Iterable[tuple[ScoreRow, Sequence[Issue]]]
) -> list[tuple[ScoreRow, tuple[Issue, ...]]]:
    """Refused forms with their remarks at the columns of the table that is written, which stands one form a row."""
    found: list[tuple[ScoreRow, tuple[Issue, ...]]] = []
    for row, issues in rows:
        places = parsed.places.get(row.key)
        if places is None:
            found.append((row, tuple(issues)))
            continue
        where = {place: column_letter(index) for index, place in enumerate(places)}
        moved = (replace(issue, column=where.get(_place_of(issue), "")) for issue in issues)
        found.append((row, tuple(moved)))
    return found


def _place_of(issue: Issue) -> tuple[int, int]:
    return ((issue.row or 0) - 1, column_index(issue.column) if issue.column else -1)
