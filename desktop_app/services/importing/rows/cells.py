"""The cells of a sheet by field, of the chosen rows, dittos resolved; each distinct value is parsed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TypeVar

from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.headers import Header
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.preview import CellValue, column_letter
from desktop_app.services.importing.reading.table import Table
from desktop_app.services.importing.rows.persons import Teller
from desktop_app.services.importing.rows.typed import (
    Parser,
    Told,
    dittos_among,
    odd_texts,
    parse_odd_values,
    parse_values,
    resolve_dittos,
    text_of,
)

T = TypeVar("T")
Odd = Callable[[Iterable[CellValue]], list[CellValue]]
_NO_DITTO = frozenset({Field.CCCD, Field.UID, Field.NAME, Field.FAMILY_NAME, Field.GIVEN_NAME, Field.HEAD_NAME})


class Cells:
    """A sheet's cells by field.

    Args:
        table: the clean sheet.
        header: its heading; what is below is data.
        mapping: what each column means.
    """

    def __init__(self, table: Table, header: Header, mapping: ColumnMapping) -> None:
        self.table = table
        self.mapping = mapping
        self.start = header.data
        self.paths = header.paths
        self.places: Sequence[int] = ()
        self.where: dict[Field, tuple[str, str]] = {
            field: (column_letter(index), " / ".join(header.paths[index]) if index < len(header.paths) else "")
            for index, field in enumerate(mapping.fields)
            if field is not Field.IGNORE and index < len(table.columns)
        }
        self.resolved: dict[Field, list[int]] = {}
        self._below: dict[Field, list[CellValue]] = {}
        self._told: list[tuple[Field, Sequence[CellValue], Mapping[CellValue, Told]]] = []
        self._lost: list[tuple[Field, list[int]]] = []

    def has(self, field: Field) -> bool:
        """Tell whether a column has this meaning."""
        return field in self.where

    def index(self, field: Field) -> int:
        """Return the column of a field that the sheet has."""
        return self.mapping.fields.index(field)

    def below(self, field: Field) -> list[CellValue]:
        """Return all cells of a field below the heading; blanks where the sheet has no such column."""
        column = self._below.get(field)
        if column is None:
            blank: list[CellValue] = [""] * max(0, self.table.height - self.start)
            column = self.table.columns[self.index(field)][self.start :] if self.has(field) else blank
            self._below[field] = column
        return column

    def distinct(self, field: Field) -> set[CellValue]:
        """Return the distinct values of a field's column, those above the heading and the blank among them."""
        if not self.has(field):
            return {""}
        distinct = self.table.distinct[self.index(field)]
        distinct.add("")
        return distinct

    def values(self, field: Field) -> list[CellValue]:
        """Return the chosen rows' cells of a field, with dittos replaced by what stands above."""
        column = self.below(field)
        if len(self.places) != len(column):
            column = [column[place] for place in self.places]
        dittos = dittos_among(self.distinct(field)) if self._may_repeat(field) else None
        if not dittos:
            return column
        values, resolved, lost = resolve_dittos(column, dittos)
        if resolved:
            self.resolved[field] = resolved
        if lost:
            self._lost.append((field, lost))
        return values

    def _may_repeat(self, field: Field) -> bool:
        """Tell whether a mark in a field's column means what stands above; never where it would be the row's name."""
        is_beside = field is Field.HEAD_NAME and (self.has(Field.NAME) or self.has(Field.FAMILY_NAME))
        return is_beside or field not in _NO_DITTO

    def parsed(self, field: Field, parse: Parser[T], blank: T, odd: Odd | None = None) -> list[T]:
        """Return the meanings of a field's cells; `blank` throughout where the sheet has no such column.

        Args:
            odd: returns those of some values that need the parser; the others mean themselves.
        """
        if not self.has(field):
            return [blank] * len(self.places)
        return self.understood(field, self.values(field), parse, odd, self.distinct(field))

    def optional(self, field: Field, parse: Parser[T], odd: Odd | None = None) -> list[T] | None:
        """Return the meanings of a field's cells, or None where the sheet has no such column."""
        if not self.has(field):
            return None
        return self.understood(field, self.values(field), parse, odd, self.distinct(field))

    def texts(self, field: Field) -> list[str]:
        """Return a field's cells as text."""
        return self.parsed(field, text_of, "", odd_texts)

    def understood(
        self,
        field: Field,
        values: Sequence[CellValue],
        parse: Parser[T],
        odd: Odd | None = None,
        distinct: Set[CellValue] | None = None,
    ) -> list[T]:
        """Parse values that stand for a field; what is to be told of them is kept for `tell`."""
        distinct = frozenset(values) if distinct is None else distinct
        if odd is None:
            meanings, told = parse_values(values, parse, distinct)
        else:
            meanings, told = parse_odd_values(values, parse, odd(distinct))
        self.note(field, values, told)
        return meanings

    def note(self, field: Field, values: Sequence[CellValue], told: Mapping[CellValue, Told]) -> None:
        """Keep for `tell` what is to be said of the values that stand for a field."""
        if told:
            self._told.append((field, values, told))

    def tell(self, persons: Teller) -> None:
        """Say of each person what parsing his cells brought up, and which cells hold formulas without a value."""
        for field, values, told in self._told:
            for at, value in enumerate(values):
                if value in told:
                    for code, shown in told[value]:
                        persons.tell(at, code, field, **shown)
        for field, lost in self._lost:
            for at in lost:
                persons.tell(at, "ditto.nothing_above", field)
        self._tell_bad_cells(persons)

    def _tell_bad_cells(self, persons: Teller) -> None:
        bad = self.table.grid.bad_cells
        if not bad:
            return
        position = {self.start + place: at for at, place in enumerate(self.places)}
        fields = self.mapping.fields
        for (row, column), shown in sorted(bad.items()):
            if row not in position or column >= len(fields) or fields[column] in (Field.IGNORE, Field.NAME):
                continue
            code = "cell.formula_error" if shown else "cell.not_computed"
            persons.tell(position[row], code, fields[column], value=shown)
