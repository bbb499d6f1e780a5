"""Scores that do not stand one row a person: people across, one row an indicator, printed forms; turned into rows.

Invariant: a sheet is turned only where indicators stand below each other; which of several scores was taken is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.fields import Field, field_of_heading, heading_key
from desktop_app.services.importing.headings.headers import LOOK_AT_ROWS, Header, find_header
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.table import Table
from desktop_app.services.importing.scores.across import names_row, people_across
from desktop_app.services.importing.scores.beside import beside
from desktop_app.services.importing.scores.labels import FEWEST, Labels, find_labels
from desktop_app.services.importing.scores.printed import printed_form
from desktop_app.services.importing.scores.turned import (
    FIELDS,
    TOTAL,
    UNIT_FIELDS,
    VERDICT,
    WHO,
    Form,
    Place,
    Turned,
    turned_table,
)
from desktop_app.services.importing.scores.words import is_marked, model_of_texts, score_of
from desktop_app.services.importing.words import group_of, is_ditto, is_total

_GAP = 6
_PEOPLE = 10
_NAMES = {Field.NAME, Field.GIVEN_NAME}
_PERSON = {Field.NAME, Field.GIVEN_NAME, Field.BIRTH, Field.CCCD}


def turn_scores(table: Table, merges: Sequence[tuple[Place, Place]]) -> Turned | None:
    """Return the sheet turned, or None where one row is one person already or no indicators stand below each other."""
    top = list(zip(*(column[:LOOK_AT_ROWS] for column in table.columns), strict=True))
    header = find_header(top, merges)
    several = beside(table, header)
    if several is not None:
        return several
    found = None if _is_of_people(table, header) else find_labels(table)
    return _Turner(table, header, Labels(table, *found)).turn() if found is not None else None


def _is_of_people(table: Table, header: Header) -> bool:
    """Whether nearly every row names another person by several columns: a list of people, whatever words it holds."""
    if not header.is_found:
        return False
    meant = [{field_of_heading(text) for text in path} for path in header.paths]
    if any(Field.RELATION in fields for fields in meant):
        return True
    rows = [row for row in range(header.data, table.height) if any(column[row] != "" for column in table.columns)]
    named = [index for index, fields in enumerate(meant) if fields & _PERSON]
    if not all(_holds_names(table.columns[index], rows) for index in named if meant[index] & _NAMES):
        return False
    keys = [key for row in rows if any(key := tuple(table.columns[index][row] for index in named))]
    return len(named) > 1 and len(keys) >= _PEOPLE and len({*keys}) > 0.8 * len(rows)


def _holds_names(column: Sequence[CellValue], rows: Sequence[int]) -> bool:
    """Whether a column that a heading calls names has some: a line of groups ("Người dân") is no heading."""
    names = sum(type(column[row]) is str and score_of(column[row]).problem != "" for row in rows)
    return names > len(rows) / 3


class _Turner:
    """Turns one sheet."""

    def __init__(self, table: Table, header: Header, labels: Labels) -> None:
        self.table, self.header, self.labels = table, header, labels
        self.columns, self.height = table.columns, table.height
        self.taken = ""
        self.left: tuple[str, ...] = ()

    def turn(self) -> Turned | None:
        forms = self._long() if self._is_long() else self._blocks()
        return turned_table(self.table, forms, self.taken, self.left) if forms else None

    # -- one row an indicator ------------------------------------------------------------------------------------

    def _fields(self) -> dict[int, Field]:
        found: dict[int, Field] = {}
        for index, path in enumerate(self.header.paths):
            meant = field_of_heading(path[-1]) if path else None
            if meant in FIELDS and meant not in found.values() and index not in (self.labels.column,):
                found[index] = meant
        return found

    def _is_long(self) -> bool:
        """Whether a heading names a column of people beside the column of indicators, each below the other."""
        path = self.header.paths[self.labels.column] if self.header.is_found else ()
        if not path or field_of_heading(path[-1]) in FIELDS:
            return False
        who = [index for index, meant in self._fields().items() if meant in WHO]
        rows = range(self.header.data, self.height)
        named = sum(self.labels.label(row) is not None for row in rows)
        return bool(who) and named > 0.6 * sum(any(c[row] != "" for c in self.columns) for row in rows)

    def _long(self) -> list[Form]:
        fields = self._fields()
        who = [index for index, meant in fields.items() if meant in WHO]
        values = self.labels.value_columns(range(self.header.data, self.height), self.header.last)
        values = [column for column in values if column not in fields]
        if not values:
            return []
        scores = self._chosen(values, self.header.last)
        forms: list[Form] = []
        last: tuple[CellValue, ...] = ()
        for row in range(self.header.data, self.height):
            label = self.labels.label(row)
            if label is None:
                continue
            key = tuple(self._own(index, row) for index in fields)
            named = any(self._own(index, row) != "" for index in who)
            begins = label in forms[-1].values if forms else True
            if begins or (named and key != last and any(key)):
                if not named and begins:
                    continue
                forms.append(Form((row, who[0])))
                for index, meant in fields.items():
                    forms[-1].values[FIELDS[meant]] = (self._own(index, row), (row, index))
                last = key
            forms[-1].values[label] = (self.columns[scores][row], (row, scores))
        return forms

    def _own(self, index: int, row: int) -> CellValue:
        value = self.columns[index][row]
        return "" if type(value) is str and is_ditto(value) else value

    # -- forms and people across ---------------------------------------------------------------------------------

    def _blocks(self) -> list[Form]:
        forms: list[Form] = []
        start = 0
        for rows in self._runs():
            forms += self._of_block(start, rows)
            start = rows[-1] + 1
        return forms

    def _runs(self) -> list[list[int]]:
        """Rows of indicators, those of one form together: a code met again, or a long gap, begins another."""
        runs: list[list[int]] = []
        seen: set[str] = set()
        for row in range(self.height):
            label = self.labels.label(row)
            if label is None:
                continue
            if not runs or label in seen or row - runs[-1][-1] > _GAP:
                runs.append([])
                seen = set()
            runs[-1].append(row)
            seen.add(label)
        return [run for run in runs if len(run) >= FEWEST]

    def _chosen(self, values: Sequence[int], above: int) -> int:
        column, taken, left = self.labels.chosen(values, above)
        if left:
            self.taken, self.left = taken, left
        return column

    def _of_block(self, start: int, rows: list[int]) -> list[Form]:
        values = self.labels.value_columns(rows, rows[0] - 1)
        if not values:
            return []
        top = range(start, rows[0])
        unit = self._unit(top)
        named = names_row(self.labels, top, values, unit)
        if named is not None:
            found = people_across(self.labels, top, named, values, unit)
        elif self._is_list():
            return []
        else:
            form = printed_form(self.columns, top) or self._of_commune(top)
            found = [(self._chosen(values, rows[0] - 1), form)] if form is not None else []
        end = min(rows[-1] + 1 + _GAP, self.height)
        for column, form in found:
            for row in rows:
                form.values[self.labels.label(row) or ""] = (self.columns[column][row], (row, column))
            self._sums(form, column, range(rows[-1] + 1, end))
        return [form for _, form in found]

    def _unit(self, rows: Sequence[int]) -> Field | None:
        """What a sheet's titles say that its forms are about, where that is no person."""
        model = model_of_texts(self._titles(rows))
        return UNIT_FIELDS.get(model) if model is not None else None

    def _titles(self, rows: Sequence[int]) -> tuple[str, ...]:
        texts = (str(c[row]) for row in rows for c in self.columns if type(c[row]) is str and c[row] != "")
        return (*texts, self.table.grid.name)

    def _is_list(self) -> bool:
        """Whether the column that seems to name indicators is one of names, with lines that head its people."""
        path = self.header.paths[self.labels.column] if self.header.is_found else ()
        return bool(path) and field_of_heading(path[-1]) in WHO and group_of(path[-1]) is None

    def _of_commune(self, rows: Sequence[int]) -> Form | None:
        """The one form that needs no name: the commune's own."""
        is_commune = model_of_texts(self._titles(rows)) is LearningModel.COMMUNE
        return Form((rows[-1] + 1 if len(rows) else 0, 0)) if is_commune else None

    def _sums(self, form: Form, column: int, rows: Sequence[int]) -> None:
        """The total and the result that stand below a form's scores."""
        beside = self.labels.column + 1
        for row in rows:
            texts = [str(c[row]) for c in self.columns[:beside] if type(c[row]) is str and c[row] != ""]
            if not texts:
                continue
            key = heading_key(texts[-1])
            value = self.columns[column][row]
            if (is_total(texts[-1]) or field_of_heading(texts[-1]) is Field.TOTAL) and TOTAL not in form.values:
                form.values[TOTAL] = (value, (row, column))
            elif key.startswith(("ket qua", "xep loai", "ket luan", "danh gia")) and VERDICT not in form.values:
                right = [(c[row], (row, at)) for at, c in enumerate(self.columns) if at >= beside]
                near = [each for each in right if is_marked(each[0])]
                if is_marked(value):
                    form.values[VERDICT] = (value, (row, column))
                elif len(near) == 1:
                    form.values[VERDICT] = near[0]
