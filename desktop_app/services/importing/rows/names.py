"""Names of persons from their columns: in one cell or in two or three, in the case the list uses, without titles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_app.models.types import Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.rows.cells import Cells
from desktop_app.services.vietnamese import name_case

NAMES = (Field.NAME, Field.FAMILY_NAME, Field.HEAD_NAME)
"""Fields of which one at least a list of people has."""
_FEW_OF = 4
_TITLE = re.compile(r"(ông|bà|anh|chị|cụ|cháu|em)\s+(?=\w+\s+\w)", re.IGNORECASE)
_TITLE_SEXES = {"ông": Sex.MALE, "anh": Sex.MALE, "bà": Sex.FEMALE, "chị": Sex.FEMALE}
_MOSTLY = 0.6


def name_field(cells: Cells) -> Field:
    """Return the field that names are told about."""
    return next((field for field in NAMES if cells.has(field)), Field.NAME)


def joined_names(cells: Cells, family: Sequence[CellValue], given: Sequence[CellValue]) -> list[CellValue]:
    """Return names whose family and given parts stand in two columns."""
    return [f"{before} {after}".strip() if before or after else "" for before, after in zip(family, given, strict=True)]


def name_values(cells: Cells) -> list[CellValue]:
    """Return the cells that hold names, below the heading; the head's name where the row has no other."""
    if cells.has(Field.FAMILY_NAME) and cells.has(Field.GIVEN_NAME):
        family = cells.below(Field.FAMILY_NAME)
        if cells.has(Field.MIDDLE_NAME):
            family = joined_names(cells, family, cells.below(Field.MIDDLE_NAME))
        names = joined_names(cells, family, cells.below(Field.GIVEN_NAME))
    else:
        names = cells.below(Field.NAME)
    if cells.has(Field.HEAD_NAME):
        names = [name if name != "" else head for name, head in zip(names, cells.below(Field.HEAD_NAME), strict=True)]
    return names


def with_usual_case(names: list[str]) -> list[str]:
    """Give the few names that an old charset makes look like capitals ("Vũ Bá Vỹ") the case of the others."""
    capitals = sum(name.isupper() for name in names)
    if not capitals or capitals * _FEW_OF > len(names):
        return names
    return [name_case(name) if name.isupper() else name for name in names]


def same_name(one: CellValue, other: CellValue) -> bool:
    """Tell whether two cells hold one name, in whatever case."""
    return one == other or str(one).upper() == str(other).upper()


def without_titles(names: list[str]) -> tuple[list[str], list[Sex | None]]:
    """Take "Ông", "Bà" and the like from names where most have one; they tell the sex.

    "Ông" is a family name too, so a few of them are left alone.
    """
    found = [_TITLE.match(name) for name in names]
    if len(names) < 2 or sum(match is not None for match in found) <= _MOSTLY * len(names):
        return names, [None] * len(names)
    plain = [name[match.end() :] if match else name for name, match in zip(names, found, strict=True)]
    return plain, [_TITLE_SEXES.get(match[1].lower()) if match else None for match in found]
