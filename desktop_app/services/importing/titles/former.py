"""Titles of former years that a list tells: who held which, what the register has already, what is left out and why.

Invariants: pure but for ``load_titles``; nothing is written that was not shown beside its row; an empty cell and
"không đạt" take no title from anybody; a certificate of the program is never overruled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.planning.differences import row_issue
from desktop_app.services.importing.planning.planned import TAKEN, ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import Issue, ParsedColumn, ParsedWorkbook, PersonRow, Severity
from desktop_app.services.importing.titles.columns import cell_of, year_of_cell
from desktop_app.services.importing.titles.known import NO_TITLES, KnownTitles, Subject, TitleKey
from desktop_app.services.importing.titles.sheets import By, TitleColumn, TitleSheet, tells_titles, title_sheet
from desktop_app.services.importing.understanding import cell_text
from desktop_app.services.importing.words import is_ditto
from desktop_app.services.registry.former_titles import FIRST_YEAR, MAX_NUMBER, last_year
from desktop_app.services.registry.words import MODEL
from desktop_app.services.vietnamese import decode_legacy, fold, nfc

CHANGE = "former_title"
"""Name of the change of a row that brings titles."""


@dataclass
class TitlesPlan:
    """What an import does about titles of former years.

    Attributes:
        wanted: title → its number; only what the register lacks or knows without that number.
        new: how many of them the register lacks.
        told_on: title → index of the row beside which it is shown.
        left_out: rows that tell a title which is not stored.
        unclear: index of a row → texts that were not understood.
        notices: what to say of sheets and columns.
    """

    wanted: dict[TitleKey, str] = field(default_factory=dict)
    new: set[TitleKey] = field(default_factory=set)
    told_on: dict[TitleKey, int] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    unclear: dict[int, list[str]] = field(default_factory=dict)
    notices: list[Issue] = field(default_factory=list)

    def issues(self, sheet: str) -> Iterator[Issue]:
        """What to say before anything is written: how many titles of which year, and what was taken for granted."""
        if self.new:
            counts = Counter(f"{MODEL[model]} {year}" for model, _, year in sorted(self.new, key=_order))
            listed = "; ".join(f"{name} ({count})" for name, count in counts.items())
            text = f"Sẽ ghi {len(self.new)} danh hiệu năm trước: {listed}."
            yield Issue(Severity.WARNING, "title.new", text, sheet)
        yield from self.notices


def load_titles(connection: Connection, parsed: ParsedWorkbook) -> KnownTitles:
    """Read the titles that the register has, where a list tells any."""
    if not any(map(tells_titles, parsed.sheets)):
        return NO_TITLES
    rows = connection.exec_driver_sql(
        "SELECT model, subject_id, year, coalesce(number, '') FROM former_title "
        "WHERE present AND subject_id IS NOT NULL"
    )
    former = {(LearningModel(model), subject, year): number for model, subject, year, number in rows}
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT model, subject_id, year FROM certificate WHERE present AND subject_id IS NOT NULL"
    )
    own = frozenset((LearningModel(model), subject, year) for model, subject, year in rows)
    return KnownTitles(last_year(connection), former, own)


def titled(connection: Connection, plan: ImportPlan) -> ImportPlan:
    """A plan that was just made, with what the register knows of titles and what the list tells of them."""
    return with_titles(replace(plan, titles=load_titles(connection, plan.parsed)))


def planned_titles(plan: ImportPlan) -> TitlesPlan:
    """What a plan does about titles, with what a person has decided so far."""
    found = TitlesPlan()
    sheets = {sheet.name: title_sheet(sheet, plan.titles.latest) for sheet in plan.parsed.sheets if tells_titles(sheet)}
    if sheets:
        _Reader(plan, sheets, found).read()
    return found


def with_titles(plan: ImportPlan) -> ImportPlan:
    """The plan with every title shown beside the row that brings it; asked again it gives the same."""
    titles = planned_titles(plan)
    rows = [_without(item) for item in plan.rows] if any(map(tells_titles, plan.parsed.sheets)) else list(plan.rows)
    shown: dict[int, list[TitleKey]] = {}
    for key, place in titles.told_on.items():
        shown.setdefault(place, []).append(key)
    for place, keys in shown.items():
        item = rows[place]
        after = ", ".join(_words(key, titles.wanted[key]) for key in keys)
        before = None if any(key in titles.new for key in keys) else "chưa có số giấy này"
        fate = RowFate.CHANGED if item.fate is RowFate.UNCHANGED else item.fate
        rows[place] = replace(item, fate=fate, changes={**item.changes, CHANGE: (before, after)})
    for place, texts in titles.unclear.items():
        listed = ", ".join(f"“{text}”" for text in dict.fromkeys(texts))
        issue = row_issue(rows[place].row, "title.unclear", f"Không hiểu ô danh hiệu {listed} nên không ghi.")
        rows[place] = replace(rows[place], issues=(*rows[place].issues, issue))
    return replace(plan, rows=tuple(rows))


def _without(item: RowPlan) -> RowPlan:
    issues = tuple(issue for issue in item.issues if not issue.code.startswith("title."))
    if CHANGE not in item.changes:
        return item if len(issues) == len(item.issues) else replace(item, issues=issues)
    changes = {name: pair for name, pair in item.changes.items() if name != CHANGE}
    is_same = item.fate is RowFate.CHANGED and not changes and not item.household_changes
    return replace(item, fate=RowFate.UNCHANGED if is_same else item.fate, changes=changes, issues=issues)


def _order(key: TitleKey) -> tuple[int, int]:
    return -key[2], list(MODEL).index(key[0])


def _words(key: TitleKey, number: str) -> str:
    return f"{MODEL[key[0]]} {key[2]}" + (f" (số {number})" if number else "")


class _Reader:
    """Goes through the rows in the order of the file."""

    def __init__(self, plan: ImportPlan, sheets: Mapping[str, TitleSheet], found: TitlesPlan) -> None:
        self._plan, self._sheets, self._found = plan, sheets, found
        self._above: dict[tuple[str, int], str] = {}
        self._said: dict[tuple[str, str, str], Counter[str]] = {}
        self._new_people: dict[str, list[int]] | None = None

    def read(self) -> None:
        """Take every row, then say what holds for whole columns."""
        for place, item in enumerate(self._plan.rows):
            sheet = self._sheets.get(item.row.sheet)
            if sheet is None:
                continue
            cells = [self._cell(item.row, column.column) for column in sheet.columns]
            if item.fate in TAKEN:
                self._take(place, item, sheet, cells)
        for sheet in self._sheets.values():
            self._found.notices += _assumed(sheet, self._plan.titles.latest)
        for (code, name, text), counts in self._said.items():
            self._found.notices.append(Issue(Severity.WARNING, code, text.replace("{count}", str(counts[code])), name))

    def _cell(self, row: PersonRow, column: ParsedColumn | None) -> str:
        if column is None or column.index >= len(row.raw):
            return ""
        text = cell_text(row.raw[column.index])
        text = nfc(decode_legacy(text, column.charset) if column.charset else text)
        key = (row.sheet, column.index)
        if text and is_ditto(text):
            return self._above.get(key, "")
        self._above[key] = text
        return text

    def _take(self, place: int, item: RowPlan, sheet: TitleSheet, texts: list[str]) -> None:
        titles: list[tuple[LearningModel, int, str]] = []
        year = year_of_cell(self._cell(item.row, sheet.year))
        for column, text in zip(sheet.columns, texts, strict=True):
            cell = cell_of(text) if column.column is not None else cell_of("đạt")
            if cell.is_unclear:
                self._found.unclear.setdefault(place, []).append(text)
                self._found.left_out.add(place)
            for held in () if cell.is_unclear else cell.held:
                model, of_year = held.model or column.model, held.year or year or column.year
                if self._is_known(place, sheet, column, model, of_year) and model and of_year:
                    titles.append((model, of_year, cell.number))
        own_number = self._cell(item.row, sheet.number) if len(titles) == 1 else ""
        for model, of_year, number in titles:
            self._want(place, item, model, of_year, number or own_number[:MAX_NUMBER])

    def _is_known(
        self, place: int, sheet: TitleSheet, column: TitleColumn, model: LearningModel | None, year: int | None
    ) -> bool:
        """Whether a title can be stored; otherwise it is said why not, once a column with the number of rows."""
        reason = _why_not(column, model, year, self._plan.titles.latest)
        if reason is not None:
            self._leave(place, sheet.sheet.name, *reason)
        return reason is None

    def _leave(self, place: int, sheet: str, code: str, text: str) -> None:
        self._found.left_out.add(place)
        self._said.setdefault((code, sheet, text), Counter())[code] += 1

    def _want(self, place: int, item: RowPlan, model: LearningModel, year: int, number: str) -> None:
        stands = self._stands(place, item)
        subject = self._subject(stands, model) if stands is not None else None
        if stands is None or subject is None:
            text = "Danh hiệu của {count} dòng chưa ghi được vì không rõ là của người hay hộ nào trong sổ."
            self._leave(place, item.row.sheet, "title.no_subject", text)
            return
        key = (model, subject, year)
        known = self._plan.titles.number_of(key)
        if self._plan.titles.is_own(key):
            text = "Danh hiệu của {count} dòng đã có giấy công nhận trong sổ nên giữ theo giấy đó."
            self._said.setdefault(("title.certified", item.row.sheet, text), Counter())["title.certified"] += 1
        elif known is None or (number and fold(number) != fold(known)):
            if known is None:
                self._found.new.add(key)
            self._found.told_on.setdefault(key, stands)
            self._found.wanted[key] = self._found.wanted.get(key) or number

    def _stands(self, place: int, item: RowPlan) -> int | None:
        """The row that stands for a row's person: itself, the one that it repeats, or the new one of another sheet."""
        if item.fate is RowFate.NEW or item.person is not None:
            return place
        if item.row.repeats is not None:
            place = item.row.repeats
            found = self._plan.rows[place]
            return place if found.fate is RowFate.NEW or found.person is not None else None
        return self._alike(item.row)

    def _alike(self, row: PersonRow) -> int | None:
        """The one person of the list with the row's name and birth."""
        if self._new_people is None:
            self._new_people = {}
            for place, item in enumerate(self._plan.rows):
                if item.fate in TAKEN and (item.fate is RowFate.NEW or item.person is not None):
                    self._new_people.setdefault(fold(item.row.name), []).append(place)
        alike = [
            place for place in self._new_people.get(fold(row.name), ()) if _may_be(self._plan.rows[place].row, row)
        ]
        return alike[0] if len(alike) == 1 else None

    def _subject(self, place: int, model: LearningModel) -> Subject | None:
        item = self._plan.rows[place]
        if model is LearningModel.CITIZEN:
            return ("known", item.person.id) if item.person is not None else ("planned", place)
        if item.person is not None and "household_id" not in item.changes:
            return ("known", item.person.household_id) if item.person.household_id is not None else None
        if item.household is None:
            return None
        home = self._plan.households[item.household].id
        return ("known", home) if home is not None else ("planned", item.household)


def _why_not(
    column: TitleColumn, model: LearningModel | None, year: int | None, latest: int | None
) -> tuple[str, str] | None:
    """Why a title is not stored: a code and a sentence with the number of rows to be filled in."""
    name = column.name
    if column.is_wish:
        return "title.wish", (
            f"{name} ghi việc đăng ký hoặc đề nghị, chưa phải danh hiệu đã được công nhận, nên không ghi danh hiệu "
            "({count} dòng)."
        )
    if model is None:
        return "title.model_unknown", (
            f"{name} không cho biết là Công dân học tập hay Gia đình học tập nên chưa ghi danh hiệu "
            "({count} dòng); ở bước Ghép cột, hãy chọn cột này là “CDHT năm trước” hoặc “GĐHT năm trước”."
        )
    if model not in (LearningModel.CITIZEN, LearningModel.FAMILY):
        return "title.not_of_people", (
            f"{name} ghi danh hiệu {MODEL[model]}, không phải của người hay hộ, nên chưa ghi "
            "({count} dòng); hãy ghi tay ở trang của dòng họ, đơn vị, thôn đó."
        )
    if year is None:
        return "title.year_unknown", (
            f"{name} không ghi là năm nào nên chưa ghi danh hiệu "
            "({count} dòng); hãy gõ năm ở ô “Năm danh hiệu” khi xem trước, hoặc ghi vào tiêu đề (“CDHT 2025”)."
        )
    if latest is not None and year > latest:
        return "title.in_round", (
            f"{name}: danh hiệu năm {year} do đợt đánh giá trong sổ công nhận nên không ghi theo danh sách "
            "({count} dòng)."
        )
    if year < FIRST_YEAR:
        return "title.year", f"{name}: năm {year} không hợp lý nên không ghi danh hiệu."
    return None


def _may_be(one: PersonRow, other: PersonRow) -> bool:
    if one.cccd and other.cccd:
        return one.cccd == other.cccd
    births = sorted(row.birth.iso() if row.birth else "" for row in (one, other))
    return births[1].startswith(births[0])


def _assumed(sheet: TitleSheet, latest: int | None) -> Iterator[Issue]:
    """What was taken for granted of a column, so that a person can say no to it."""
    for column in sheet.columns:
        if column.is_wish or column.year is None:
            continue
        words = {
            By.ABOVE: f"theo dòng phía trên bảng nên hiểu là danh hiệu năm {column.year}",
            By.BEFORE_ABOVE: f"nên hiểu là danh hiệu năm {column.year}, năm trước của danh sách {column.year + 1}",
            By.ROUND: f"nên hiểu là danh hiệu năm {column.year}, năm trước của đợt {(latest or 0) + 1}",
        }.get(column.by)
        letter, title = (column.column.letter, column.column.heading) if column.column else ("", "")
        if words is not None and not (column.column is None and column.by is By.ABOVE):
            text = (
                f"{column.name} không ghi năm, {words}; nếu không phải, hãy gõ lại ở ô “Năm danh hiệu” khi xem trước."
            )
            yield Issue(Severity.WARNING, "title.year_assumed", text, sheet.sheet.name, None, letter, title)
        if column.model_by_rows:
            text = f"{column.name} không ghi là danh hiệu gì; mỗi dòng là một hộ nên hiểu là Gia đình học tập."
            yield Issue(Severity.WARNING, "title.model_assumed", text, sheet.sheet.name, None, letter, title)


__all__ = ["CHANGE", "TitlesPlan", "load_titles", "planned_titles", "titled", "with_titles"]
