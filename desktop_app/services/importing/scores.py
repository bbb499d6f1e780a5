"""Scoring sheets: one row per person, one column per indicator; a score is kept as written or refused, never mended.

A blank score is a blank score: it is counted, not filled. The total a sheet claims is only compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_app.services.errors import UserError
from desktop_app.services.importing.cells import Cells
from desktop_app.services.importing.chosen_rows import choose_rows
from desktop_app.services.importing.fields import Field, plain_number_code, score_code
from desktop_app.services.importing.hamlets import parse_hamlet, word_of_heading
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.mapping import ColumnMapping
from desktop_app.services.importing.names import name_field, name_values
from desktop_app.services.importing.preview import (
    CellValue,
    Issue,
    ParsedScores,
    ParsedSheet,
    ScoreRow,
    column_letter,
)
from desktop_app.services.importing.reader import open_workbook
from desktop_app.services.importing.sheets import (
    NAME_FIELDS,
    ParseOptions,
    UnderstoodSheet,
    chosen_sheets,
    understand_sheet,
)
from desktop_app.services.importing.typed import (
    birth_of,
    cccd_of,
    code_of,
    date_style,
    group_word,
    name_of,
)
from desktop_app.services.importing.words import is_blank_mark
from desktop_app.services.progress import Progress

_TOLERANCE = 0.001


def is_score_sheet(sheet: UnderstoodSheet) -> bool:
    """Tell whether a sheet has names and at least two columns of scores."""
    return sheet.mapping.has(*NAME_FIELDS) and sheet.mapping.fields.count(Field.SCORE) >= 2


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
    codes: dict[str, None] = {}
    for number, name in enumerate(names):
        progress.step(number, len(names), f"Đang đọc trang {name}")
        sheet = understand_sheet(book, name, mapping, options)
        if not is_score_sheet(sheet):
            issue = make_issue("sheet.no_scores", name)
            sheet.issues[:] = [issue]
            shown.append(sheet.parsed(skipped=issue.message))
            continue
        found = _ScoreReader(sheet)
        codes.update(dict.fromkeys(found.codes.values()))
        sheet_rows = found.read()
        rows += sheet_rows
        shown.append(sheet.parsed(persons=len(sheet_rows)))
    if not rows:
        raise UserError(
            f"Không thấy bảng điểm nào trong tệp {path.name}: cần cột họ tên và các cột chỉ số (CS1, CS2, …). "
            "Chưa có gì thay đổi. Hãy chọn tệp khác hoặc chỉ ra các cột.",
            code="workbook.no_scores",
        )
    return ParsedScores(str(path), book.stamp, book.sheet_names, tuple(shown), tuple(codes), tuple(rows))


class _Notes:
    """Issues of the chosen rows, told by position."""

    def __init__(self, sheet: str, rows: Sequence[int], where: Mapping[Field, tuple[str, str]]) -> None:
        self._sheet, self._rows, self._where = sheet, rows, where
        self.issues: list[list[Issue]] = [[] for _ in rows]

    def tell(self, at: int, code: str, of: Field | None = None, **values: object) -> None:
        letter, title = self._where.get(of, ("", "")) if of is not None else ("", "")
        self.tell_column(at, code, letter, title, **values)

    def tell_column(self, at: int, code: str, letter: str, title: str, **values: object) -> None:
        self.issues[at].append(make_issue(code, self._sheet, self._rows[at] + 1, letter, title, **values))


class _ScoreReader:
    """One scoring sheet; `codes` gives for each score column the indicator it is about."""

    def __init__(self, sheet: UnderstoodSheet) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet.table, sheet.header, sheet.mapping)
        self.codes = _indicator_codes(sheet)

    def read(self) -> list[ScoreRow]:
        """Return the persons and their scores."""
        cells = self._cells
        values = name_values(cells)
        chosen = choose_rows(
            cells,
            [value if type(value) is str else str(value) for value in values],
            self._sheet.later_headings,
        )
        cells.places = chosen.persons
        lines = [cells.start + place for place in cells.places]
        told = _Notes(self._sheet.name, lines, cells.where)
        names = cells.understood(name_field(cells), [values[place] for place in cells.places], name_of())
        births = cells.parsed(Field.BIRTH, birth_of(date_style(cells.distinct(Field.BIRTH))), None)
        cccds = cells.parsed(Field.CCCD, cccd_of, None)
        groups = cells.parsed(Field.GROUP, group_word, None)
        group_texts, codes = cells.texts(Field.GROUP), cells.parsed(Field.HOUSEHOLD_CODE, code_of, "")
        hamlets = self._hamlets()
        cells.tell(told)
        rows: list[ScoreRow] = []
        for at, line in enumerate(lines):
            if not names[at] and not told.issues[at]:
                told.tell(at, "name.missing", name_field(cells))
            scores, total = self._scores(at, line, told)
            rows.append(
                ScoreRow(
                    self._sheet.name, line + 1, self._sheet.table.grid.rows[line], names[at], births[at], cccds[at],
                    hamlets[at], codes[at], groups[at], group_texts[at], scores, total, tuple(told.issues[at]),
                )
            )  # fmt: skip
        return rows

    def _hamlets(self) -> list[str]:
        cells = self._cells
        texts = cells.texts(Field.HAMLET)
        word = word_of_heading(cells.where[Field.HAMLET][1]) if cells.has(Field.HAMLET) else ""
        usual = self._sheet.hamlet.display if self._sheet.hamlet else ""
        found = {text: hamlet.display if (hamlet := parse_hamlet(text, word)) else usual for text in set(texts)}
        return [found[text] for text in texts]

    def _scores(self, at: int, line: int, told: _Notes) -> tuple[dict[str, float], float | None]:
        """Return a row's scores and the total it claims; tell what is wrong with them."""
        table, header = self._sheet.table, self._sheet.header
        scores: dict[str, float] = {}
        for column, code in self.codes.items():
            value = table.columns[column][line]
            score, problem = _number(value)
            if problem:
                letter, title = column_letter(column), " / ".join(header.paths[column])
                told.tell_column(at, problem, letter, title, value=value)
            elif score is not None:
                scores[code] = score
        blank = len(self.codes) - len(scores)
        if blank and not any(issue.code.startswith("score.") for issue in told.issues[at]):
            told.tell(at, "score.blank", None, count=blank)
        total = self._total(line)
        if total is not None and not blank and abs(total - sum(scores.values())) > _TOLERANCE:
            told.tell(at, "score.total_differs", Field.TOTAL, value=f"{total:g}", kept=f"{sum(scores.values()):g}")
        return scores, total

    def _total(self, line: int) -> float | None:
        if not self._cells.has(Field.TOTAL):
            return None
        return _number(self._sheet.table.columns[self._cells.index(Field.TOTAL)][line])[0]


def _indicator_codes(sheet: UnderstoodSheet) -> dict[int, str]:
    """Return for each score column its indicator's code: the number in its heading, else its place among them."""
    columns = [index for index, field in enumerate(sheet.mapping.fields) if field is Field.SCORE]
    codes: dict[int, str] = {}
    for place, index in enumerate(columns, start=1):
        path = sheet.header.paths[index] if index < len(sheet.header.paths) else ()
        leaf = path[-1] if path else ""
        codes[index] = score_code(leaf) or plain_number_code(leaf) or score_code(" ".join(path)) or str(place)
    if len(set(codes.values())) < len(codes):
        return {index: str(place) for place, index in enumerate(columns, start=1)}
    return codes


def _number(value: CellValue) -> tuple[float | None, str]:
    """Return a score, or the code of what is wrong with it; blank cells give neither."""
    if isinstance(value, str):
        text = value.strip().replace(",", ".")
        if not text or (is_blank_mark(text) and not text.isdigit()):
            return None, ""
        try:
            value = float(text)
        except ValueError:
            return None, "score.not_number"
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) > 10_000:
        return None, "score.not_number"
    return (float(value), "") if value >= 0 else (None, "score.negative")
