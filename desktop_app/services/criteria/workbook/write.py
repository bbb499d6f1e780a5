"""Writes a set as the criteria workbook, with lists of words to choose from and notes at the headings.

Invariant: what is written is read back to an equal set; totals are formulas, so that Excel adds while the officer
types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from desktop_app.services.criteria.definition import CriteriaSet, Criterion, Indicator, Mark, Prerequisite
from desktop_app.services.criteria.workbook import layout, words
from desktop_app.services.criteria.workbook.help_sheet import write_help
from desktop_app.services.criteria.workbook.layout import Column
from desktop_app.services.documents.output import replacing
from desktop_app.services.vietnamese import PartialDate

TITLE_ROW, TOP = 1, 2
"""Row of the headings; data begins below."""
SPARE_ROWS = 200
"""So many rows below the last are prepared for new ones."""

_TITLE = Font(name="Times New Roman", size=14, bold=True)
_BOLD = Font(name="Times New Roman", size=12, bold=True)
_PLAIN = Font(name="Times New Roman", size=12)
_QUIET = Font(name="Times New Roman", size=11, italic=True, color="6B7672")
_HEADING = PatternFill("solid", fgColor="DCEBE8")
_GROUP = PatternFill("solid", fgColor="F1EFE9")
_TO_FILL = PatternFill("solid", fgColor="FBF3E0")
_WRAP = Alignment(vertical="top", wrap_text=True)
_AUTHOR = "Sổ Học Tập"
Row = Mapping[str, Any]


def write_workbook(definition: CriteriaSet, out: Path) -> None:
    """Write the workbook whole or not at all.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    book = Workbook()
    book.remove(book.active)
    pen = _Pen(book)
    pen.write_head(definition)
    rows = list(_rows(definition))
    pen.write_table(layout.ROWS, layout.row_columns(len(definition.grades)), rows)
    _format_rows(book[layout.ROWS], rows)
    pen.write_table(layout.LEVELS, layout.LEVEL_COLUMNS, [row for i in definition.indicators for row in _levels(i)])
    pen.write_table(layout.GUIDE, layout.GUIDE_COLUMNS, [row for i in definition.indicators for row in _guide(i)])
    pen.write_table(layout.CONDITIONS, layout.CONDITION_COLUMNS, [_condition(p) for p in definition.prerequisites])
    pen.write_table(layout.BANDS, layout.BAND_COLUMNS, list(_bands(definition)))
    pen.write_table(layout.BASIS, layout.BASIS_COLUMNS, [_basis(b) for b in definition.legal_basis])
    write_help(book)
    with replacing(out) as stream:
        book.save(stream)


class _Pen:
    """Writes sheets with the same look; long lists of words stand on the sheet of instructions."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.lists = book.create_sheet("_danh_sach")
        self.lists.sheet_state = "hidden"
        self._known: dict[tuple[str, ...], str] = {}

    def choices(self, options: tuple[str, ...]) -> str:
        """The reference of a list of words, written once on a hidden sheet."""
        if options not in self._known:
            column = len(self._known) + 1
            for row, text in enumerate(options, 1):
                put(self.lists.cell(row, column), text)
            letter = get_column_letter(column)
            self._known[options] = f"'{self.lists.title}'!${letter}$1:${letter}${len(options)}"
        return self._known[options]

    def validate(self, page: Any, cells: str, options: tuple[str, ...]) -> None:
        rule = DataValidation(type="list", formula1=f"={self.choices(options)}", allow_blank=True)
        rule.errorStyle = "warning"
        rule.errorTitle, rule.error = (
            "Chọn trong danh sách",
            "Ô này nên chọn trong danh sách để chương trình hiểu đúng.",
        )
        page.add_data_validation(rule)
        rule.add(cells)

    def write_head(self, d: CriteriaSet) -> None:
        page = self.book.create_sheet(layout.HEAD, 0)
        put(page.cell(TITLE_ROW, 1), f"BỘ TIÊU CHÍ {d.title.upper()}", _TITLE)
        for column, (text, width) in enumerate(
            (("Mục", 30), ("Nội dung", 60), ("Nguồn", 30), ("Ghi chú của số", 30), ("Cách ghi", 60)), 1
        ):
            put(page.cell(TOP, column), text, _BOLD, _HEADING)
            page.column_dimensions[get_column_letter(column)].width = width
        values = _head_values(d)
        for row, line in enumerate(layout.HEAD_LINES, TOP + 1):
            put(page.cell(row, 1), line.label, _BOLD)
            value, status, note = values[line.key]
            put(page.cell(row, 2), value, _PLAIN, formula=line.key == "max_total")
            put(page.cell(row, 3), status, _PLAIN)
            put(page.cell(row, 4), note, _PLAIN)
            put(page.cell(row, 5), line.note, _QUIET)
            if line.choices:
                self.validate(page, f"B{row}", line.choices)
            if line.has_status:
                self.validate(page, f"C{row}", words.STATUS_CHOICES)
        page.freeze_panes = page.cell(TOP + 1, 2)

    def write_table(self, name: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        page = self.book.create_sheet(name)
        put(page.cell(TITLE_ROW, 1), name.upper(), _TITLE, wraps=False)
        last = TOP + len(rows) + SPARE_ROWS
        for number, column in enumerate(columns, 1):
            letter = get_column_letter(number)
            heading = page.cell(TOP, number)
            put(heading, column.heading, _BOLD, _HEADING)
            if column.note:
                heading.comment = Comment(column.note, _AUTHOR, width=280, height=90)
            page.column_dimensions[letter].width = column.width
            if column.choices:
                self.validate(page, f"{letter}{TOP + 1}:{letter}{last}", column.choices)
        for place, row in enumerate(rows, TOP + 1):
            for number, column in enumerate(columns, 1):
                put(page.cell(place, number), row.get(column.key), _PLAIN)
        page.freeze_panes = page.cell(TOP + 1, 3)


def put(
    cell: Any, value: Any, font: Font | None = None, fill: Any = None, *, formula: bool = False, wraps: bool = True
) -> None:
    """Put a value into a cell; a text that begins with "=" stays a text."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
    cell.value = value
    if cell.data_type == "f" and not formula:
        cell.data_type = "s"
    if isinstance(value, str) and not formula:
        cell.number_format = "@"
    if font is not None:
        cell.font = font
        cell.alignment = _WRAP if wraps else Alignment(vertical="top")
    if fill is not None:
        cell.fill = fill


def _format_rows(page: Any, rows: Sequence[Row]) -> None:
    """Criteria stand out, their maxima are sums, rows without the document's wording are marked to be filled."""
    keys = [cell.value for cell in page[TOP]]
    maximum = keys.index("Điểm tối đa") + 1
    letter = get_column_letter(maximum)
    for place, row in enumerate(rows, TOP + 1):
        if row["kind"] == words.CRITERION_WORD:
            for cell in page[place]:
                cell.font, cell.fill = _BOLD, _GROUP
            if row["max_score"] is not None and row["_rows"]:
                cell = page.cell(place, maximum)
                cell.value = f"=SUM({letter}{place + 1}:{letter}{place + row['_rows']})"
        elif row["_is_missing"]:
            page.cell(place, 3).fill = _TO_FILL
    page.column_dimensions[get_column_letter(len(keys))].hidden = False


def _number(value: float | None) -> int | float | None:
    return int(value) if value is not None and value == int(value) else value


def _rows(d: CriteriaSet) -> Iterable[Row]:
    for c in d.criteria:
        yield _criterion_row(c)
        for i in c.indicators:
            yield _indicator_row(i)


def _criterion_row(c: Criterion) -> Row:
    total = sum(i.max_score or 0 for i in c.indicators)
    return {
        "number": c.number,
        "kind": words.CRITERION_WORD,
        "text": c.name,
        "max_score": _number(c.max_score),
        "status": words.status_words(c.status, is_changed=c.is_changed),
        "max_status": words.status_words(c.max_status, is_changed=c.is_max_changed),
        "note": c.note,
        "code": c.code,
        "_rows": len(c.indicators) if total == c.max_score else 0,
        "_is_missing": False,
    }


def _indicator_row(i: Indicator) -> Row:
    row: dict[str, Any] = {
        "number": i.number,
        "kind": words.INDICATOR_WORD,
        "text": i.text,
        "max_score": _number(i.max_score),
        "answer_type": words.ANSWERS[i.answer_type],
        "short": i.short,
        "status": words.status_words(i.status, is_changed=i.is_changed),
        "max_status": words.status_words(i.max_status, is_changed=i.is_max_changed),
        "is_cut": words.YES if i.is_cut else None,
        "fact": words.FACT_WORDS.get(i.fact or "", i.fact),
        "guidance_status": words.status_words(i.guidance_status),
        "note": i.note,
        "source": i.source,
        "code": i.code,
        "_is_missing": i.status.value == "missing",
        **_parameters(i.fact_parameters),
    }
    for t in i.thresholds:
        row[f"percent:{t.grade}"] = _number(t.percent)
        row[f"percent_status:{t.grade}"] = words.status_words(t.status, is_changed=t.is_changed)
        row[f"percent_note:{t.grade}"] = t.note
    return row


def _parameters(parameters: Mapping[str, int]) -> Row:
    others = [f"{key}={value}" for key, value in parameters.items() if key not in ("min_age", "max_age")]
    return {
        "min_age": parameters.get("min_age"),
        "max_age": parameters.get("max_age"),
        "others": "; ".join(others) or None,
    }


def _levels(i: Indicator) -> Iterable[Row]:
    for level in i.levels:
        yield {
            "number": i.number,
            "key": level.key,
            "name": level.name,
            "min": _number(level.min),
            "max": _number(level.max),
            "description": level.description,
            "status": words.status_words(level.status),
            "code": i.code,
        }


def _guide(i: Indicator) -> Iterable[Row]:
    parts = [("help", i.help)] if i.help else []
    parts += [("examples", text) for text in i.examples] + [("evidence", text) for text in i.evidence]
    for kind, text in parts:
        yield {"number": i.number, "kind": words.GUIDES[kind], "text": text, "code": i.code}


def _condition(p: Prerequisite) -> Row:
    return {
        "text": p.text,
        "percent": _number(p.percent),
        "is_enabled": words.YES if p.is_enabled else words.NO,
        "fact": words.FACT_WORDS.get(p.fact, p.fact),
        "status": words.status_words(p.status, is_changed=p.is_changed),
        "percent_status": words.status_words(p.percent_status, is_changed=p.is_percent_changed),
        "note": p.note,
        "source": p.source,
        "is_switched": words.YES if p.is_switched else None,
        "key": p.key,
        **_parameters(p.fact_parameters),
    }


def _bands(d: CriteriaSet) -> Iterable[Row]:
    for b in d.bands:
        status = words.status_words(b.status, is_changed=b.is_changed)
        yield {"name": b.name, "min": _number(b.min), "status": status, "key": b.key}
    for g in d.grades:
        yield {"name": g.name, "number": g.number, "status": words.status_words(g.status), "note": g.note}


def _basis(b: Any) -> Row:
    dates = {
        name: PartialDate.from_iso(v).text() if (v := getattr(b, name)) else None
        for name in ("issued", "in_force_from")
    }
    return {"number": b.number, "title": b.title, "note": b.note, **dates}


def _head_values(d: CriteriaSet) -> dict[str, tuple[Any, str, str]]:
    found: dict[str, tuple[Any, str, str]] = {}
    for line in layout.HEAD_LINES:
        value = getattr(d, line.key, None)
        status = note = ""
        if isinstance(value, Mark):
            status, note = words.status_words(value.status, is_changed=value.is_changed), value.note
            value = _number(value.value)
        elif isinstance(value, bool):
            value = words.YES if value else words.NO
        elif isinstance(value, tuple):
            value = "\n".join(value)
        elif hasattr(value, "strftime") and value is not None:
            value = value.strftime("%d/%m/%Y")
        found[line.key] = (value, status, note)
    found["model"] = (words.MODELS[d.model], "", "")
    found["group"] = (words.GROUPS[d.group] if d.group else None, "", "")
    found["kind"] = (words.KINDS[d.kind], "", "")
    letter = "D"
    area = f"'{layout.ROWS}'!{letter}:{letter}"
    kinds = f"'{layout.ROWS}'!B:B"
    found["max_total"] = (
        f'=SUMIF({kinds},"{words.INDICATOR_WORD}",{area})' if d.bands or d.pass_mark else None,
        "",
        "",
    )
    if d.validity is not None:
        found["validity_months"] = (d.validity.months, words.status_words(d.validity.status), "")
        found["upgrade_after_months"] = (d.validity.upgrade_after_months, "", "")
    return found
