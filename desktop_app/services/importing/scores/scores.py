"""Scoring sheets: one row a form, one column an indicator; a score is kept as written or refused, never mended.

A blank score is a blank score: it is counted, not filled. The total and the result that a sheet claims are only
compared. Sheets laid out otherwise have been turned before (``score_turns``); remarks name the cells of the file.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.errors import UserError
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import Hamlet, parse_hamlet, word_of_heading
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.headings.sheets import (
    ParseOptions,
    UnderstoodSheet,
    chosen_sheets,
    understand_sheet,
)
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.preview import (
    CellValue,
    Issue,
    ParsedScores,
    ParsedSheet,
    ScoreColumn,
    ScoreRow,
    column_letter,
)
from desktop_app.services.importing.reading.reader import open_workbook
from desktop_app.services.importing.rows.cells import Cells
from desktop_app.services.importing.rows.chosen_rows import choose_rows
from desktop_app.services.importing.rows.names import name_field, name_values, without_titles
from desktop_app.services.importing.rows.typed import (
    cccd_of,
    code_of,
    name_of,
    text_of,
)
from desktop_app.services.importing.scores.columns import score_columns, verdict_column
from desktop_app.services.importing.scores.people import births_of, groups_of, head_of
from desktop_app.services.importing.scores.sheets import (
    SheetFacts,
    group_lines,
    group_of_title,
    is_score_sheet,
    score_rows,
    sheet_facts,
    unit_field,
)
from desktop_app.services.importing.scores.words import Score, points_text, score_of, verdict_of, years_of_texts
from desktop_app.services.progress import Progress

__all__ = ["is_score_sheet", "read_scores"]
_TOLERANCE = 0.001


def read_scores(
    path: Path,
    sheets: Sequence[str] | None,
    mapping: Mapping[str, ColumnMapping],
    options: ParseOptions,
    progress: Progress,
) -> ParsedScores:
    """Read the scores of a workbook.

    Raises:
        UserError: code "workbook.no_scores" when no sheet holds scores; else as open_workbook.
    """
    book = open_workbook(path)
    names = chosen_sheets(book, path, sheets)
    shown: list[ParsedSheet] = []
    rows: list[ScoreRow] = []
    columns: dict[str, tuple[ScoreColumn, ...]] = {}
    years: dict[int, None] = {}
    places: dict[tuple[str, int], tuple[tuple[int, int], ...]] = {}
    for number, name in enumerate(names):
        progress.step(number, len(names), f"Đang đọc trang {name}")
        sheet = understand_sheet(book, name, mapping, options)
        found = _ScoreReader(sheet, path.stem, options.today) if is_score_sheet(sheet) else None
        sheet_rows = found.read() if found is not None else []
        if found is None or not sheet_rows:
            issue = make_issue("sheet.no_scores", name)
            sheet.issues[:] = [issue]
            shown.append(sheet.parsed(skipped=issue.message))
            continue
        columns[name] = found.shown_columns
        above = [" ".join(sheet.header.paths[column.index][:-1]) for column in found.columns]
        years.update(dict.fromkeys(years_of_texts((*sheet.header.titles, name, *above))))
        rows += sheet_rows
        places.update(found.places)
        shown.append(sheet.parsed(persons=len(sheet_rows)))
    if not rows:
        raise UserError(
            f"Không thấy bảng điểm nào trong tệp {path.name}: cần cột họ tên và các cột chỉ số (CS1, CS2, …), hoặc "
            "các chỉ số theo hàng dọc. Chưa có gì thay đổi. Hãy chọn tệp khác hoặc chỉ ra các cột.",
            code="workbook.no_scores",
        )
    if not years:
        years.update(dict.fromkeys(years_of_texts((path.stem,))))
    codes = dict.fromkeys(column.code for each in columns.values() for column in each)
    return ParsedScores(
        str(path), book.stamp, book.sheet_names, tuple(shown), tuple(codes), tuple(rows), columns, tuple(years), places
    )


class _Notes:
    """Issues of the chosen rows, told by position; in a turned sheet at the cells that they are about."""

    def __init__(self, sheet: UnderstoodSheet, rows: Sequence[int], where: Mapping[Field, tuple[str, str]]) -> None:
        self._sheet, self._rows, self._where = sheet, rows, where
        self.issues: list[list[Issue]] = [[] for _ in rows]

    def tell(self, at: int, code: str, of: Field | None = None, **values: object) -> None:
        of = None if of is Field.SCORE else of  # which of its columns, only tell_column knows
        letter, title = self._where.get(of, ("", "")) if of is not None else ("", "")
        index = next((i for i, each in enumerate(self._sheet.mapping.fields) if each is of), None) if of else None
        self._tell(at, code, index, letter, title, values)

    def tell_column(self, at: int, code: str, index: int, title: str, **values: object) -> None:
        self._tell(at, code, index, column_letter(index), title, values)

    def _tell(
        self, at: int, code: str, index: int | None, letter: str, title: str, values: Mapping[str, object]
    ) -> None:
        row = self._rows[at]
        line = row + 1
        turned = self._sheet.turned
        if turned is not None:
            place = turned.cells[row, index] if index is not None else turned.people[row - 1]
            line, letter = place[0] + 1, column_letter(place[1])
        self.issues[at].append(make_issue(code, self._sheet.name, line, letter, title, **values))


@dataclass(slots=True)
class _Answers:
    """What one row says of its indicators."""

    scores: dict[str, float] = field(default_factory=dict)
    met: dict[str, bool] = field(default_factory=dict)
    percents: set[str] = field(default_factory=set)
    maxima: dict[str, float] = field(default_factory=dict)
    dashes: list[ScoreColumn] = field(default_factory=list)
    is_wrong: bool = False


class _ScoreReader:
    """One scoring sheet."""

    def __init__(self, sheet: UnderstoodSheet, stem: str, latest: datetime.date | None) -> None:
        self._sheet, self._latest = sheet, latest
        self._cells = Cells(sheet.table, sheet.header, sheet.mapping)
        self._facts: SheetFacts = sheet_facts(sheet, stem)
        args = (sheet.header.paths, sheet.table.columns, sheet.header.data, sheet.mapping)
        self.columns = score_columns(*args)
        self._verdict = verdict_column(*args)
        self.places: dict[tuple[str, int], tuple[tuple[int, int], ...]] = {}
        self._lines: dict[int, str] = {}
        self._sections: list[tuple[int, Hamlet]] = []
        self._known: dict[tuple[type, CellValue], Score] = {}
        if sheet.turned is not None:
            sheet.issues.append(make_issue(sheet.turned.note, sheet.name))
            if sheet.turned.left:
                left = ", ".join(f"“{name}”" for name in sheet.turned.left)
                sheet.issues.append(make_issue("score.columns_left", sheet.name, kept=sheet.turned.taken, value=left))

    @property
    def shown_columns(self) -> tuple[ScoreColumn, ...]:
        """The columns as remarks name them: a turned sheet's have no letter of their own."""
        if self._sheet.turned is None:
            return self.columns
        return tuple(replace(column, letter="") for column in self.columns)

    def read(self) -> list[ScoreRow]:
        """Return the forms and their scores."""
        cells, model = self._cells, self._facts.model
        of_unit = unit_field(self._sheet.mapping, model)
        values = cells.below(of_unit) if of_unit is not None else name_values(cells)
        if model is LearningModel.FAMILY:
            values = [head_of(value) for value in values]
        texts = [value if type(value) is str else str(value) for value in values]
        if self._sheet.turned is not None or of_unit is not None:
            places: Sequence[int] = [at for at, text in enumerate(texts) if text or self._sheet.turned is not None]
        elif model is LearningModel.COMMUNE:
            scored = [self._sheet.table.columns[column.index][cells.start :] for column in self.columns]
            places = [at for at, row in enumerate(zip(*scored, strict=True)) if any(cell != "" for cell in row)]
        else:
            self._lines = group_lines(self._sheet, texts, self.columns)
            chosen = choose_rows(cells, texts, self._sheet.later_headings)
            self._sections = chosen.sections
            places = [place for place in chosen.persons if place not in self._lines]
        cells.places = score_rows(self._sheet, texts, places, self.columns)
        lines = [cells.start + place for place in cells.places]
        told = _Notes(self._sheet, lines, cells.where)
        parse = text_of if of_unit is not None else name_of()
        names = cells.understood(of_unit or name_field(cells), [values[place] for place in cells.places], parse)
        if of_unit is None:
            names, _ = without_titles(names)
        births, groups = births_of(cells, self._latest), groups_of(cells)
        cccds = cells.parsed(Field.CCCD, cccd_of, None)
        codes = cells.parsed(Field.HOUSEHOLD_CODE, code_of, "")
        hamlets = self._hamlets()
        cells.tell(told)
        rows: list[ScoreRow] = []
        for at, line in enumerate(lines):
            is_named = names[at] or codes[at] or model is LearningModel.COMMUNE
            if not is_named and not told.issues[at]:
                told.tell(at, "name.missing", of_unit or name_field(cells))
            answers = self._answers(at, line, told)
            total = self._total(at, line, answers, told)
            row, column = self._place(line)
            group, group_text = groups[at]
            if not group_text:
                group, group_text = self._group_above(line - cells.start)
            rows.append(
                ScoreRow(
                    self._sheet.name, row, self._sheet.table.grid.rows[line], names[at], births[at], cccds[at],
                    hamlets[at], codes[at], group, group_text, answers.scores, total,
                    tuple(told.issues[at]), answers.met, frozenset(answers.percents), self._passed(line), model, column,
                    answers.maxima,
                )
            )  # fmt: skip
            self._keep_place(rows[-1], line)
        return rows

    def _keep_place(self, row: ScoreRow, line: int) -> None:
        turned = self._sheet.turned
        if turned is not None:
            self.places[row.key] = tuple(turned.cells[line, index] for index in range(len(turned.table.columns)))

    def _place(self, line: int) -> tuple[int, str]:
        turned = self._sheet.turned
        if turned is None:
            return line + 1, ""
        row, column = turned.people[line - 1]
        return row + 1, column_letter(column)

    def _hamlets(self) -> list[str]:
        cells = self._cells
        texts = cells.texts(Field.HAMLET)
        word = word_of_heading(cells.where[Field.HAMLET][1]) if cells.has(Field.HAMLET) else ""
        usual = self._sheet.hamlet.display if self._sheet.hamlet else ""
        found = {text: hamlet.display if (hamlet := parse_hamlet(text, word)) else "" for text in set(texts)}
        return [found[text] or self._hamlet_above(at) or usual for at, text in zip(cells.places, texts, strict=True)]

    def _hamlet_above(self, place: int) -> str:
        """The settlement of the nearest line above a row that heads the people of one."""
        return next((hamlet.display for at, hamlet in reversed(self._sections) if at < place), "")

    def _group_above(self, place: int) -> tuple[CitizenGroup | None, str]:
        """The group of the nearest line above a row that heads one, else of the sheet."""
        text = next((text for at, text in reversed(self._lines.items()) if at < place), "")
        if text:
            return group_of_title(text, is_name=True), text
        return self._facts.group, self._facts.group_text

    def _answers(self, at: int, line: int, told: _Notes) -> _Answers:
        """A row's scores; tell what is wrong with them, and how many are missing."""
        columns, known = self._sheet.table.columns, self._known
        answers = _Answers()
        for column in self.columns:
            value = columns[column.index][line]
            found = known.get((type(value), value))
            if found is None:
                found = known[type(value), value] = score_of(value)
            if found.problem:
                answers.is_wrong = True
                told.tell_column(at, found.problem, column.index, column.title, value=text_of(value)[0] or value)
            elif found.value is not None:
                answers.scores[column.code] = found.value
                if found.is_percent:
                    answers.percents.add(column.code)
                if found.maximum is not None:
                    answers.maxima[column.code] = found.maximum
            elif found.is_met is not None:
                answers.met[column.code] = found.is_met
            elif found.is_dash:
                answers.dashes.append(column)
        if answers.dashes:
            first = answers.dashes[0]
            told.tell_column(at, "score.dash", first.index, first.title, count=len(answers.dashes), value="-")
        blank = len(self.columns) - len(answers.scores) - len(answers.met) - len(answers.dashes)
        if blank and not answers.is_wrong and not any(issue.code.startswith("score.") for issue in told.issues[at]):
            told.tell(at, "score.blank", None, count=blank)
        return answers

    def _total(self, at: int, line: int, answers: _Answers, told: _Notes) -> float | None:
        """The total that a row claims; tell where it is another one than that of its scores."""
        if not self._cells.has(Field.TOTAL):
            return None
        value = self._sheet.table.columns[self._cells.index(Field.TOTAL)][line]
        found = score_of(value)
        if found.problem:
            told.tell(at, "score.total_unread", Field.TOTAL, value=value)
        total, own = found.value, sum(answers.scores.values())
        is_comparable = total is not None and not answers.is_wrong and not answers.met and bool(answers.scores)
        if total is not None and is_comparable and abs(total - own) > _TOLERANCE:
            told.tell(at, "score.total_differs", Field.TOTAL, value=points_text(total), kept=points_text(own))
        return total

    def _passed(self, line: int) -> bool | None:
        return None if self._verdict is None else verdict_of(self._sheet.table.columns[self._verdict][line])
