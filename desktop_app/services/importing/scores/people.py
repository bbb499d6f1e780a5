"""What a scoring list says of its people beside their scores: births in one column or several, groups by word or tick.

Invariant: a tick names a group only where it is the row's only one; what could be two groups names none, and is told.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from desktop_app.models.types import CitizenGroup
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.rows.cells import Cells
from desktop_app.services.importing.rows.typed import birth_of, date_style, group_word
from desktop_app.services.importing.words import group_of, is_mark
from desktop_app.services.vietnamese import PartialDate

Group = tuple[CitizenGroup | None, str]
"""A group with the words that name it."""
_PARTS = (Field.BIRTH_DAY, Field.BIRTH_MONTH, Field.BIRTH_YEAR)


_HOUSE_OF = re.compile(r"(?:hộ gia đình|gia đình|hộ|nhà)\s+(?:(?:ông|bà|anh|chị|cụ)\s+)?(?=\S+\s+\S)", re.IGNORECASE)


def head_of(value: CellValue) -> CellValue:
    """The head's name in what a family is called by: "Hộ ông Lê Văn An"."""
    return _HOUSE_OF.sub("", value, count=1) if type(value) is str and _HOUSE_OF.match(value) else value


def births_of(cells: Cells, latest: datetime.date | None) -> list[PartialDate | None]:
    """The dates of birth: from one column, from those of men and of women, or from day, month and year."""
    found: list[PartialDate | None] = [None] * len(cells.places)
    for field in (Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE):
        own = cells.parsed(field, birth_of(date_style(cells.distinct(field)), latest), None)
        found = [before or now for before, now in zip(found, own, strict=True)]
    if not cells.has(Field.BIRTH_YEAR):
        return found
    parts = [cells.texts(field) for field in _PARTS]
    joined: list[CellValue] = ["/".join(part for part in row if part) for row in zip(*parts, strict=True)]
    own = cells.understood(Field.BIRTH_YEAR, joined, birth_of(latest=latest))
    return [before or now for before, now in zip(found, own, strict=True)]


def groups_of(cells: Cells) -> list[Group]:
    """The group that each row names: by a word, else by a tick below a group's name."""
    ticked = _tick_columns(cells)
    if not ticked:
        words = cells.parsed(Field.GROUP, group_word, None)
        return list(zip(words, cells.texts(Field.GROUP), strict=True))
    found: list[Group] = []
    for place in cells.places:
        marked = [at for at in ticked if cells.table.columns[at][cells.start + place] != ""]
        found.append(ticked[marked[0]] if len(marked) == 1 else (None, ""))
    return found


def _tick_columns(cells: Cells) -> dict[int, Group]:
    """Columns headed by two groups at least that hold nothing but ticks."""
    found: dict[int, Group] = {}
    for index, path in enumerate(cells.paths):
        group = group_of(path[-1]) if path else None
        if group is not None and cells.mapping.fields[index] is not Field.SCORE and _holds_ticks(cells, index):
            found[index] = (group, path[-1])
    return found if len({group for group, _ in found.values()}) > 1 else {}


def _holds_ticks(cells: Cells, index: int) -> bool:
    column: Sequence[CellValue] = cells.table.columns[index]
    return all(value == "" or is_mark(str(value)) for value in (column[cells.start + place] for place in cells.places))
