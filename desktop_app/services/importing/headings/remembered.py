"""Meanings of columns that a person has corrected, remembered for lists whose headings are the same.

Kept as this machine's own setting: a mapping says how the files on this desk look, and holds headings, never a cell.
Invariant: what cannot be understood any more is forgotten silently; a remembered mapping can always be taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from desktop_app.services.context import Context
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.headings.sheets import NO_OPTIONS, ParseOptions, understand_sheet
from desktop_app.services.importing.preview import ParsedSheet
from desktop_app.services.importing.reading.reader import open_workbook
from desktop_app.services.importing.understanding import Understood, understand_workbook
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.settings import get_local, set_local

SETTING = "import.mappings"
MOST_PLACES = 3
"""So many places of headings are tried on a sheet whose heading is not known."""
KEPT = 200
"""So many shapes are remembered; the one used longest ago goes first."""


@dataclass(frozen=True)
class RememberedMapping:
    """One shape's columns.

    Attributes:
        headings: of its columns, to name it; used: ISO day on which it was last used.
        header_rows: where a person has said that the heading stands; None where it is found by itself.
    """

    shape: str
    mapping: ColumnMapping
    headings: tuple[str, ...]
    used: str
    header_rows: tuple[int, int] | None = None

    @property
    def day(self) -> str:
        """The day of its last use as it is written here."""
        return dt.date.fromisoformat(self.used).strftime("%d/%m/%Y")


def remembered(context: Context) -> dict[str, RememberedMapping]:
    """All remembered shapes, the one used last first."""
    stored = get_local(context, SETTING, {})
    items = stored.items() if isinstance(stored, Mapping) else ()
    found = [item for shape, value in items if (item := _read(str(shape), value)) is not None]
    return {item.shape: item for item in sorted(found, key=lambda item: item.used, reverse=True)}


def mappings(context: Context) -> dict[str, ColumnMapping]:
    """Shape of headings → remembered mapping, as ``parse_workbook`` takes it."""
    return {shape: item.mapping for shape, item in remembered(context).items()}


def remember(
    context: Context,
    sheets: Sequence[ParsedSheet],
    given: Mapping[str, ColumnMapping],
    header_rows: Mapping[str, tuple[int, int]] | None = None,
    *,
    today: dt.date | None = None,
) -> int:
    """Remember what a person has said of the columns of some sheets, and where their headings stand.

    Args:
        given: name of a sheet → the mapping.
        header_rows: name of a sheet → first and last row of its heading, where a person has said so.

    Returns:
        How many shapes are new or other than before.
    """
    known = remembered(context)
    before = {shape: item.mapping for shape, item in known.items()}
    day = (today or dt.date.today()).isoformat()
    said = header_rows or {}
    for sheet in sheets:
        if sheet.name not in given and sheet.name not in said:
            continue
        headings = tuple(column.heading for column in sheet.columns)
        if not any(headings):
            continue
        mapping = given.get(sheet.name) or ColumnMapping(tuple(column.field for column in sheet.columns))
        known[sheet.shape] = RememberedMapping(sheet.shape, mapping, headings, day, said.get(sheet.name))
    changed = sum(before.get(shape) != item.mapping for shape, item in known.items())
    newest = sorted(known.values(), key=lambda item: item.used, reverse=True)[:KEPT]
    if changed or any(item.used == day for item in newest):
        _write(context, newest)
    return changed


def forget(context: Context, shape: str) -> bool:
    """Forget one shape; False where nothing was remembered of it."""
    known = remembered(context)
    if shape not in known:
        return False
    del known[shape]
    _write(context, list(known.values()))
    return True


def forget_all(context: Context) -> int:
    """Forget every shape; returns how many there were."""
    count = len(remembered(context))
    set_local(context, SETTING, {})
    return count


@dataclass(frozen=True)
class Recalled:
    """A file as it was understood, with the sheets whose columns came from memory."""

    book: Understood
    sheets: Mapping[str, RememberedMapping]
    header_rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def understand_with_memory(
    context: Context, path: Path, *, options: ParseOptions = NO_OPTIONS, progress: Progress = NO_PROGRESS
) -> Recalled:
    """Read a file; where one of its sheets has a remembered shape and other columns than remembered, read it so.

    Raises:
        UserError, EnvironmentProblem: as ``understand_workbook``.
    """
    book = understand_workbook(path, options=options, progress=progress)
    known = remembered(context)
    options = _with_header_rows(path, book, known, options)
    if options.header_rows:
        book = understand_workbook(path, options=options, progress=progress)
    found = {sheet.name: known[sheet.shape] for sheet in book.sheets if sheet.shape in known and sheet.columns}
    other = {sheet.name for sheet in book.sheets if sheet.name in found and _differs(sheet, found[sheet.name].mapping)}
    if other:
        given = {name: item.mapping for name, item in found.items()}
        book = understand_workbook(path, kind=book.kind, mapping=given, options=options, progress=progress)
    used = {name: item for name, item in found.items() if name in other or name in options.header_rows}
    return Recalled(book, used, dict(options.header_rows))


def _with_header_rows(
    path: Path, book: Understood, known: Mapping[str, RememberedMapping], options: ParseOptions
) -> ParseOptions:
    """The options with headings where they stood in lists of a remembered shape, if that shape is found there."""
    places = list(dict.fromkeys(item.header_rows for item in known.values() if item.header_rows is not None))
    unknown = [sheet.name for sheet in book.sheets if sheet.columns and sheet.shape not in known]
    if not places or not unknown:
        return options
    shapes = {item.header_rows: {other.shape for other in known.values() if other.header_rows == item.header_rows}
              for item in known.values()}  # fmt: skip
    opened = open_workbook(path)
    rows: dict[str, tuple[int, int]] = dict(options.header_rows)
    for name in unknown:
        for place in places[:MOST_PLACES]:
            tried = understand_sheet(opened, name, {}, replace(options, header_rows={name: place}))
            if tried.header.shape in shapes[place]:
                rows[name] = place
                break
    return replace(options, header_rows=rows)


def _differs(sheet: ParsedSheet, mapping: ColumnMapping) -> bool:
    fields = [column.field for column in sheet.columns]
    width = max(len(fields), len(mapping.fields))
    return bool(mapping.codes) or _padded(fields, width) != _padded(mapping.fields, width)


def _padded(fields: Sequence[Field], width: int) -> tuple[Field, ...]:
    return (*fields, *[Field.IGNORE] * (width - len(fields)))


def _read(shape: str, value: Any) -> RememberedMapping | None:
    try:
        codes = tuple((int(at), str(code)) for at, code in value.get("codes") or ())
        mapping = ColumnMapping(tuple(Field(name) for name in value["fields"]), codes)
        dt.date.fromisoformat(value["used"])
        rows = tuple(int(row) for row in value.get("header_rows") or ())
        place = (rows[0], rows[1]) if rows else None
        return RememberedMapping(shape, mapping, tuple(map(str, value["headings"])), value["used"], place)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None


def _write(context: Context, items: Sequence[RememberedMapping]) -> None:
    stored = {
        item.shape: {
            "fields": [field.value for field in item.mapping.fields],
            "codes": [[at, code] for at, code in item.mapping.codes],
            "headings": list(item.headings),
            "used": item.used,
            "header_rows": list(item.header_rows) if item.header_rows is not None else None,
        }
        for item in items
    }
    set_local(context, SETTING, stored)
