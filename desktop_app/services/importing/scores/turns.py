"""Scores that do not stand one row a person: people across, one row an indicator, printed forms; turned into rows.

Invariant: nothing is computed; each cell of the turned table is one cell of the file, whose place is kept, so that
remarks name it and corrections reach it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.fields import Field, field_of_heading, heading_key
from desktop_app.services.importing.headings.headers import LOOK_AT_ROWS, Header, find_header
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.fonts import ColumnCharset
from desktop_app.services.importing.reading.reader import SheetGrid
from desktop_app.services.importing.reading.table import Table
from desktop_app.services.importing.scores.words import (
    MAXIMA,
    is_marked,
    is_wording,
    label_code,
    model_of_texts,
    number_code,
    score_of,
)
from desktop_app.services.importing.words import is_ditto, is_total
from desktop_app.services.vietnamese import fold

Place = tuple[int, int]
"""A cell of the file: 0-based row and column."""
_LOOK_AT = 150
_FEWEST_LABELS = 3
_LONGEST_LABEL = 90
_SHORT = 16
_GAP = 6
_LABELS = frozenset(
    {"chi so", "tieu chi", "chi tieu", "noi dung", "noi dung danh gia", "tieu chi chi so", "ten chi so", "ma chi so",
     "cac chi so", "noi dung tieu chi", "cac tieu chi", "noi dung chi so", "chi so danh gia", "tieu chi danh gia",
     "ten tieu chi", "noi dung cham diem", "tieu chuan", "noi dung cac chi so", "so chi so", "cs"}
)  # fmt: skip
_SCORES = re.compile(r"\bdiem\b|\bcham\b|\bket qua\b|\bdanh gia\b|\bdat\b|\bmuc do\b")
_NO_NAME = re.compile(r"\b(?:diem|cham|ket qua|danh gia|toi da|tong|cong hoa|doc lap|ghi chu|minh chung)\b")
_PREFERRED = (
    r"thong nhat|chinh thuc|ket luan|hoi dong|\bxa\b|tham dinh|xet duyet|cong nhan|cuoi cung",
    r"\bthon\b|\bto\b|\bap\b|chi hoi|khu dan cu|ban dieu hanh|\btap the\b|co quan|don vi|binh xet|cham lai",
)
_FIELDS: dict[Field, str] = {
    Field.NAME: "Họ và tên", Field.HEAD_NAME: "Họ tên chủ hộ", Field.BIRTH: "Ngày sinh", Field.CCCD: "Số CCCD",
    Field.GROUP: "Nhóm đối tượng", Field.HAMLET: "Thôn", Field.HOUSEHOLD_CODE: "Mã hộ", Field.CLAN: "Dòng họ",
    Field.ORGANIZATION: "Đơn vị",
}  # fmt: skip
_WHO = (Field.NAME, Field.HEAD_NAME, Field.CLAN, Field.ORGANIZATION, Field.HAMLET, Field.HOUSEHOLD_CODE)
_TOTAL, _VERDICT = "Tổng điểm", "Kết quả"
_PAIR = re.compile(r"([^\W\d_][^:;.]{1,40}?)\s*:\s*")
_LEADS = ("so", "ma", "ma so", "so the")
_DOTS = re.compile(r"[.…_]{3,}")
_ROMAN = re.compile(r"\(?(?:viii|vii|vi|iv|v|iii|ii|i|[a-d])\)?\.?")


@dataclass(frozen=True, slots=True)
class Turned:
    """A sheet turned so that one row is one person.

    Args:
        people: for each row of data, where the person stands in the file.
        cells: (row, column) of the turned table → the cell of the file.
        note: code of what is to be said of the sheet; several: the score columns of which one was taken.
    """

    table: Table
    header: Header
    people: tuple[Place, ...]
    cells: Mapping[Place, Place]
    taken: str = ""
    left: tuple[str, ...] = ()


@dataclass(slots=True)
class _Form:
    """One person's form as it is gathered: heading → the cell of the file (and the text, where it is part of one)."""

    place: Place
    values: dict[str, tuple[CellValue, Place]] = field(default_factory=dict)


def turn_scores(table: Table, merges: Sequence[tuple[Place, Place]]) -> Turned | None:
    """Return the sheet turned, or None where one row is one person already or no indicators stand below each other."""
    labels = _label_column(table)
    if labels is None:
        return None
    return _Turner(table, merges, *labels).turn()


def _label_column(table: Table) -> tuple[int, int | None] | None:
    """The column whose cells name indicators, and the column of their numbers beside it."""
    best: tuple[int, int] | None = None
    for index, column in enumerate(table.columns):
        texts = {value for value in column[:_LOOK_AT] if type(value) is str and len(value) > 2}
        found = sum(is_wording(text) or _is_label(text) for text in texts)
        if found >= _FEWEST_LABELS and (best is None or found > best[0]):
            best = (found, index)
    if best is not None:
        return best[1], _number_column(table, best[1])
    return _headed_labels(table)


def _is_label(text: str) -> bool:
    return label_code(text) is not None and not _DOTS.search(text)


def _headed_labels(table: Table) -> tuple[int, int | None] | None:
    """Labels in a province's own words, or bare numbers, known by what stands above them."""
    for index, column in enumerate(table.columns):
        for row, value in enumerate(column[:LOOK_AT_ROWS]):
            if type(value) is str and heading_key(value) in _LABELS:
                below = [cell for cell in column[row + 1 :] if cell != ""]
                numbers = _number_column(table, index)
                own = sum(number_code(cell) is not None for cell in below)
                if own >= _FEWEST_LABELS and own > len(below) / 2:
                    return index, index
                if numbers is not None and len(below) >= _FEWEST_LABELS:
                    return index, numbers
    return None


def _number_column(table: Table, labels: int) -> int | None:
    beside = [value for value in table.columns[labels - 1][:_LOOK_AT] if value != ""] if labels else []
    codes = sum(number_code(value) is not None for value in beside)
    return labels - 1 if codes >= _FEWEST_LABELS else None


class _Turner:
    """Turns one sheet; `labels` is the column that names the indicators, `numbers` that of their numbers."""

    def __init__(self, table: Table, merges: Sequence[tuple[Place, Place]], labels: int, numbers: int | None) -> None:
        self.table, self.labels, self.numbers = table, labels, numbers
        self.columns, self.height, self.width = table.columns, table.height, len(table.columns)
        top = list(zip(*(column[:LOOK_AT_ROWS] for column in table.columns), strict=True))
        self.header = find_header(top, merges)
        self.taken = ""
        self.left: tuple[str, ...] = ()

    def turn(self) -> Turned | None:
        forms = self._long() if self._is_long() else self._blocks()
        return self._made(forms) if forms else None

    # -- one row an indicator ------------------------------------------------------------------------------------

    def _fields(self) -> dict[int, Field]:
        found: dict[int, Field] = {}
        for index, path in enumerate(self.header.paths):
            meant = field_of_heading(path[-1]) if path else None
            if meant in _FIELDS and meant not in found.values() and index not in (self.labels,):
                found[index] = meant
        return found

    def _is_long(self) -> bool:
        """Whether a heading names a column of people beside the column of indicators, each below the other."""
        if not self.header.is_found or not self.header.paths[self.labels]:
            return False
        who = [index for index, meant in self._fields().items() if meant in _WHO]
        rows = range(self.header.data, self.height)
        named = sum(self._label(row) is not None for row in rows)
        return bool(who) and named > 0.6 * sum(any(c[row] != "" for c in self.columns) for row in rows)

    def _long(self) -> list[_Form]:
        fields = self._fields()
        who = [index for index, meant in fields.items() if meant in _WHO]
        values = self._value_columns(range(self.header.data, self.height), self.header.last)
        values = [column for column in values if column not in fields]
        if not values:
            return []
        scores = self._chosen(values, self.header.last)
        forms: list[_Form] = []
        last: tuple[CellValue, ...] = ()
        for row in range(self.header.data, self.height):
            label = self._label(row)
            if label is None:
                continue
            key = tuple(self._own(index, row) for index in fields)
            named = any(self._own(index, row) != "" for index in who)
            begins = label in forms[-1].values if forms else True
            if begins or (named and key != last and any(key)):
                if not named and begins:
                    continue
                forms.append(_Form((row, who[0])))
                for index, meant in fields.items():
                    forms[-1].values[_FIELDS[meant]] = (self._own(index, row), (row, index))
                last = key
            forms[-1].values[label] = (self.columns[scores][row], (row, scores))
        return forms

    def _own(self, index: int, row: int) -> CellValue:
        value = self.columns[index][row]
        return "" if type(value) is str and is_ditto(value) else value

    # -- forms and people across ---------------------------------------------------------------------------------

    def _blocks(self) -> list[_Form]:
        if self.header.is_found and field_of_heading(" ".join(self.header.paths[self.labels][-1:])) in _WHO:
            return []
        forms: list[_Form] = []
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
            label = self._label(row)
            if label is None:
                continue
            if not runs or label in seen or row - runs[-1][-1] > _GAP:
                runs.append([])
                seen = set()
            runs[-1].append(row)
            seen.add(label)
        return [run for run in runs if len(run) >= _FEWEST_LABELS]

    def _label(self, row: int) -> str | None:
        """The heading that stands for the indicator of a row, or None where the row is of none."""
        text = self.columns[self.labels][row]
        number = self.columns[self.numbers][row] if self.numbers is not None else ""
        is_text = type(text) is str
        if is_text and (is_total(str(text)) or field_of_heading(str(text)) is Field.TOTAL):
            return None
        if self.numbers == self.labels:
            code = number_code(text)
            return f"Chỉ số {code}" if code else None
        if type(number) is str and _ROMAN.fullmatch(number.strip().lower()):
            return None
        own = label_code(str(text)) if is_text else None
        code = own or (number_code(number) if is_text and len(str(text)) > 1 else None)
        if code is None:
            return str(text)[:_LONGEST_LABEL] if is_text and is_wording(str(text)) else None
        return f"Chỉ số {code}" if own and len(str(text)) < _SHORT else f"Chỉ số {code}: {text}"[:_LONGEST_LABEL]

    def _of_block(self, start: int, rows: list[int]) -> list[_Form]:
        values = self._value_columns(rows, rows[0] - 1)
        if not values:
            return []
        top = range(start, rows[0])
        across = self._named_row(top, values)
        across = self._named_heading(top, values) if across is None else across
        if across is not None:
            people = [column for column in values if _is_name(self.columns[column][across])]
            forms = [self._across(top, across, column) for column in people]
            columns = people
        else:
            form = self._printed(top) or self._of_commune(top)
            if form is None:
                return []
            forms, columns = [form], [self._chosen(values, rows[0] - 1)]
        end = self._end(rows)
        for form, column in zip(forms, columns, strict=True):
            for row in rows:
                label = self._label(row)
                assert label is not None
                form.values[label] = (self.columns[column][row], (row, column))
            self._sums(form, column, range(rows[-1] + 1, end))
        return forms

    def _end(self, rows: list[int]) -> int:
        return min(rows[-1] + 1 + _GAP, self.height)

    def _value_columns(self, rows: Sequence[int], above: int) -> list[int]:
        """Columns right of the labels with scores in them; those of maxima are none."""
        found: list[int] = []
        for index in range(self.labels + 1, self.width):
            cells = [self.columns[index][row] for row in rows if self._label(row) is not None]
            filled = [value for value in cells if value != ""]
            fitting = sum(score_of(value).problem == "" for value in filled)
            if filled and fitting >= 0.6 * len(filled) and not self._is_maxima(index, above):
                found.append(index)
        return found

    def _is_maxima(self, index: int, above: int) -> bool:
        for row in range(max(0, above - 4), above + 1):
            value = self.columns[index][row]
            if type(value) is str and MAXIMA.search(fold(value)):
                return True
        return False

    def _heading_of(self, index: int, above: int) -> str:
        for row in range(above, max(-1, above - 5), -1):
            value = self.columns[index][row] if row >= 0 else ""
            if type(value) is str and value:
                return value
        return ""

    def _chosen(self, values: Sequence[int], above: int) -> int:
        """The column of scores that counts: of the commune before the hamlet's, before the person's own."""
        scored = [index for index in values if _SCORES.search(fold(self._heading_of(index, above)))] or list(values)
        if len(scored) == 1:
            return scored[0]
        names = {index: fold(self._heading_of(index, above)) for index in scored}
        chosen = next(
            (index for pattern in _PREFERRED for index in scored if re.search(pattern, names[index])), scored[-1]
        )
        self.taken = self._heading_of(chosen, above)
        self.left = tuple(self._heading_of(index, above) for index in scored if index != chosen)
        return chosen

    def _named_row(self, rows: Sequence[int], values: Sequence[int]) -> int | None:
        """The row above the scores that is headed as one of names ("Họ và tên | A | B"), if there is one."""
        for row in rows:
            labels = [c[row] for c in self.columns[: values[0]] if type(c[row]) is str and c[row] != ""]
            is_headed = any(field_of_heading(str(t).rstrip(" :")) in (Field.NAME, Field.HEAD_NAME) for t in labels)
            if is_headed and any(_is_name(self.columns[column][row]) for column in values):
                return row
        return None

    def _named_heading(self, rows: Sequence[int], values: Sequence[int]) -> int | None:
        """The heading row whose cells over the scores are people's names."""
        for row in list(rows)[-6:]:
            cells = [self.columns[column][row] for column in values]
            headed = any(type(c[row]) is str and heading_key(str(c[row])) in _LABELS for c in self.columns)
            names = [value for value in cells if _is_name(value)]
            if headed and names and len(names) >= 0.5 * len([value for value in cells if value != ""]):
                return row
        return None

    def _across(self, rows: Sequence[int], named: int, column: int) -> _Form:
        form = _Form((named, column), {_FIELDS[Field.NAME]: (self.columns[column][named], (named, column))})
        for row in rows:
            texts = [str(c[row]) for c in self.columns[: self.labels + 2] if type(c[row]) is str and c[row] != ""]
            meant = next((m for text in texts if (m := field_of_heading(text.rstrip(" :"))) in _FIELDS), None)
            if meant is not None and row != named and _FIELDS[meant] not in form.values:
                form.values[_FIELDS[meant]] = (self.columns[column][row], (row, column))
        return form

    def _printed(self, rows: Sequence[int]) -> _Form | None:
        """The person of a printed form, by the lines "Họ và tên: …" above its table."""
        form = _Form((rows[0] if len(rows) else 0, 0))
        for row in rows:
            cells = [(index, c[row]) for index, c in enumerate(self.columns) if c[row] != ""]
            for at, (index, value) in enumerate(cells):
                for label, text in _pairs(value):
                    meant = field_of_heading(label)
                    if meant not in _FIELDS or _FIELDS[meant] in form.values:
                        continue
                    place = (row, index)
                    shown: CellValue = text
                    if not text and at + 1 < len(cells) and not _pairs(cells[at + 1][1]):
                        shown, place = cells[at + 1][1], (row, cells[at + 1][0])
                    if shown != "" and not (type(shown) is str and _DOTS.fullmatch(shown.replace(" ", ""))):
                        form.values[_FIELDS[meant]] = (shown, place)
        who = next((form.values[_FIELDS[meant]] for meant in _WHO if _FIELDS[meant] in form.values), None)
        if who is None:
            return None
        form.place = who[1]
        return form

    def _of_commune(self, rows: Sequence[int]) -> _Form | None:
        """The one form that needs no name: the commune's own."""
        titles = tuple(str(c[row]) for row in rows for c in self.columns if type(c[row]) is str and c[row] != "")
        is_commune = model_of_texts((*titles, self.table.grid.name)) is LearningModel.COMMUNE
        return _Form((rows[-1] + 1 if len(rows) else 0, 0)) if is_commune else None

    def _sums(self, form: _Form, column: int, rows: Sequence[int]) -> None:
        """The total and the result that stand below a form's scores."""
        for row in rows:
            texts = [str(c[row]) for c in self.columns[: self.labels + 1] if type(c[row]) is str and c[row] != ""]
            if not texts:
                continue
            key = heading_key(texts[-1])
            value = self.columns[column][row]
            if (is_total(texts[-1]) or field_of_heading(texts[-1]) is Field.TOTAL) and _TOTAL not in form.values:
                form.values[_TOTAL] = (value, (row, column))
            elif key.startswith(("ket qua", "xep loai", "ket luan", "danh gia")) and _VERDICT not in form.values:
                near = [
                    (c[row], (row, at)) for at, c in enumerate(self.columns) if at > self.labels and is_marked(c[row])
                ]
                if is_marked(value):
                    form.values[_VERDICT] = (value, (row, column))
                elif len(near) == 1:
                    form.values[_VERDICT] = near[0]

    # -- the turned table ----------------------------------------------------------------------------------------

    def _made(self, forms: Sequence[_Form]) -> Turned:
        found: Counter[str] = Counter(name for form in forms for name in form.values)
        known = [name for name in _FIELDS.values() if name in found]
        last = [name for name in (_TOTAL, _VERDICT) if name in found]
        headings = [*known, *(name for name in found if name not in known and name not in last), *last]
        rows: list[list[CellValue]] = [list(headings)]
        cells: dict[Place, Place] = {}
        for form in forms:
            line: list[CellValue] = []
            for index, name in enumerate(headings):
                value, place = form.values.get(name, ("", form.place))
                line.append(value)
                cells[len(rows), index] = place
            rows.append(line)
        columns = [list(column) for column in zip(*rows, strict=True)]
        bad = self.table.grid.bad_cells
        marked = {at: bad[place] for at, place in cells.items() if place in bad} if bad else {}
        grid = SheetGrid(self.table.grid.name, rows, (), frozenset(), marked)
        charsets = [ColumnCharset() for _ in headings]
        table = Table(grid, columns, [set(column) for column in columns], charsets, self.table.repairs)
        first = min(form.place[0] for form in forms)
        titles = tuple(
            value for row in range(min(first, LOOK_AT_ROWS)) for c in self.columns
            if type(value := c[row]) is str and value
        )  # fmt: skip
        header = Header(0, 0, 1, tuple((name,) for name in headings), titles)
        return Turned(table, header, tuple(form.place for form in forms), cells, self.taken, self.left)


def _pairs(value: CellValue) -> list[tuple[str, str]]:
    """The pairs "Họ và tên: …" of a cell; a cell may hold several of them."""
    if type(value) is not str:
        return []
    starts = list(_PAIR.finditer(value))
    if not starts and field_of_heading(value) in _FIELDS and len(value) < 30:
        return [(value, "")]
    if not starts:
        return []
    labels = [_last_label(found) for found in starts]
    ends = [begin for _, begin in labels[1:]] + [len(value)]
    return [
        (label, value[found.end() : end].strip(" ;,.…_"))
        for (label, _), found, end in zip(labels, starts, ends, strict=True)
    ]


def _last_label(found: re.Match[str]) -> tuple[str, int]:
    """What is the label of "Nguyễn Văn An Ngày sinh": its longest end that names something, and where it begins.

    Only a label's first word is written with a capital, or all its letters are.
    """
    words = list(re.finditer(r"\S+", found[1]))
    for at, word in enumerate(words):
        label = found[1][word.start() :]
        if any(other[0][:1].isupper() and not other[0].isupper() for other in words[at + 1 :]):
            continue
        if field_of_heading(label) in _FIELDS:
            start = words[at - 1].start() if at and fold(words[at - 1][0]) in _LEADS else word.start()
            return label, found.start() + start
    return found[1], found.start()


def _is_name(value: CellValue) -> bool:
    if type(value) is not str or not 2 < len(value) <= 60:
        return False
    words = value.split()
    return (
        1 < len(words) <= 7
        and field_of_heading(value) is None
        and all(word[0].isupper() for word in words)
        and not any(map(str.isdigit, value))
        and not _NO_NAME.search(fold(value))
    )
