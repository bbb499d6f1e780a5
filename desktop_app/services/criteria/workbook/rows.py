"""The sheet "Chỉ số" of a workbook: criteria and their indicators, each fault with its cell.

Invariant: a row keeps the code of the row it was, by its hidden code or else its number, so that answers stay with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.definition import (
    AnswerType,
    Criterion,
    Indicator,
    Threshold,
)
from desktop_app.services.criteria.edit import free_code
from desktop_app.services.criteria.workbook import words
from desktop_app.services.criteria.workbook.build import Builder
from desktop_app.services.criteria.workbook.cells import percent_of, points_of, text_of
from desktop_app.services.criteria.workbook.grid import Table, TableRow
from desktop_app.services.vietnamese import fold

RowGroup = tuple[TableRow, Criterion, list[Indicator]]
_ROMAN = frozenset("IVX")
_SUM = re.compile(
    r"(tong cong|tong so|tong diem|tong|cong chung|cong)( so)?( diem)?( toi da)?\s*[:.]?\s*(\(.*\)|\d.*)?", re.DOTALL
)
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?")
_NUMBERED = re.compile(r"([IVX]+|\d{1,2}(?:\.\d{1,2})*)\s*[.):–-]\s*(\D.*)", re.DOTALL)
_HEADINGS = ("so", "stt", "tt", "so tt", "so thu tu")
_JUDGED = ("max_score", "answer_type", "percent:")


@dataclass
class RowBuilder(Builder):
    """Makes criteria of rows.

    Attributes:
        own_codes: codes that the file itself gives; where there are any, a row without one is a new row.
        sums: rows of totals.
    """

    own_codes: set[str] = field(default_factory=set)
    sums: list[TableRow] = field(default_factory=list)
    numbers: dict[str, TableRow] = field(default_factory=dict)

    def groups(self, table: Table) -> list[RowGroup]:
        """The criteria in order, each with its own row and its indicators."""
        found: list[RowGroup] = []
        taken: dict[str, TableRow] = {}
        used: set[str] = set()
        last = max((n for n, row in enumerate(table.rows) if self._is_surely_row(row)), default=-1)
        rows = [row for n, row in enumerate(table.rows) if not self._is_no_row(row, is_below=n > last)]
        self.own_codes = {self.words(row, "code") for row in rows} - {""}
        for at, row in enumerate(rows):
            number = self._number(row)
            if self._is_criterion(row, number, rows[at + 1 : at + 2]):
                found.append((row, self._criterion(row, number, len(found), used), []))
                continue
            if not found:
                self.fail(row, "kind", "phía trên chỉ số này phải có một dòng “Tiêu chí”")
                found.append((row, Criterion("?", "?", "?", TextStatus.SUGGESTED, ()), []))
            found[-1][2].append(self._indicator(row, number, taken))
        return found

    def _is_surely_row(self, row: TableRow) -> bool:
        if self.words(row, "code") or self.words(row, "kind"):
            return True
        is_judged = any(str(row.get(key) or "").strip() for key in row.letters if key.startswith(_JUDGED))
        return is_judged and not self._is_sum(row) and bool(self.words(row, "text"))

    def _is_sum(self, row: TableRow) -> bool:
        number, text = fold(self.words(row, "number")), fold(self.words(row, "text"))
        return bool(_SUM.fullmatch(number) or (not number and _SUM.fullmatch(text)))

    def _is_no_row(self, row: TableRow, *, is_below: bool) -> bool:
        """A sum, the numbers of the columns, headings of the next page; below the table a note or a signature."""
        if self.words(row, "code") or self.words(row, "kind"):
            return False
        number, text = fold(self.words(row, "number")), fold(self.words(row, "text"))
        if self._is_sum(row):
            self.sums += [row] if is_below else []
            return True
        if _COLUMN_NUMBER.fullmatch(text) or number in _HEADINGS:
            return True
        is_note = is_below and not (number and text) and not _NUMBERED.match(self.words(row, "number"))
        if is_note:
            self.skipped.append((row.sheet, row.number))
        return is_note

    def _number(self, row: TableRow) -> str:
        """The printed number; "I. Năng lực tự học" in one merged cell is taken apart."""
        number = self.line(row, "number")
        found = _NUMBERED.match(number)
        if found is not None and not self.words(row, "text"):
            row.values["text"] = found[2]
            number = found[1]
        return number.rstrip(".)")

    def _is_criterion(self, row: TableRow, number: str, following: list[TableRow]) -> bool:
        kind = " ".join(fold(self.words(row, "kind")).split()) if row.has("kind") else ""
        if kind in words.CRITERION_NAMES:
            return True
        if kind in words.INDICATOR_NAMES:
            return False
        if kind:
            self.fail(row, "kind", "chỉ ghi “Tiêu chí” hoặc “Chỉ số”")
            return False
        if number and set(number) <= _ROMAN:
            return True
        below = text_of(following[0].get("number")) if following else ""
        return bool(number) and below.startswith(f"{number}.")

    def _criterion(self, row: TableRow, number: str, at: int, used: set[str]) -> Criterion:
        code = self.words(row, "code") or self._old_code(number, is_criterion=True) or number or str(at + 1)
        while code in used:
            code = f"{code}_{at + 1}"
        used.add(code)
        old = next((c for c in self.base.criteria if c.code == code), None) if self.base else None
        name = self.words(row, "text", old.name if old else "")
        name = name if old is not None and name == old.name else " ".join(name.split())
        status, is_changed = self.source(
            row, "status", (old.status, old.is_changed) if old else None, old is None or name != old.name
        )
        place = f"tiêu chí {code}"
        self.places |= {place: (row.sheet, row.cell("number")), f"{place} › name": (row.sheet, row.cell("text"))}
        self.places[f"{place} › max_score"] = (row.sheet, row.cell("max_score"))
        note = self.words(row, "note", old.note if old else "")
        return Criterion(code, number or code, name, status, (), None, None, note, is_changed)

    def summed(self, row: TableRow, c: Criterion) -> Criterion:
        """The criterion's maximum: the sum where a formula or nothing stands, else what was typed."""
        old = next((x for x in self.base.criteria if x.code == c.code), None) if self.base else None
        total = float(sum(i.max_score or 0 for i in c.indicators))
        if "max_score" in row.formulas:
            most: float | None = total
        elif row.has("max_score"):
            most = self.take(row, "max_score", lambda v: points_of(v, "điểm tối đa"), None)
        else:
            most = total if old is not None and old.max_score is not None else None
        if most is None:
            return c
        known = (old.max_status, old.is_max_changed) if old else None
        status, is_changed = self.source(row, "max_status", known, old is None or most != old.max_score)
        return replace(c, max_score=most, max_status=status, is_max_changed=is_changed)

    def _old_code(self, number: str, *, is_criterion: bool) -> str:
        if self.base is None or not number:
            return ""
        rows: Any = self.base.criteria if is_criterion else self.base.indicators
        found = [row.code for row in rows if row.number == number]
        return found[0] if len(found) == 1 else ""

    def _code(self, row: TableRow, number: str, text: str) -> str:
        """The code a row has, or had by its number; a new row gets one that no answers are kept by."""
        own = self.words(row, "code")
        old = self._old_code(number, is_criterion=False)
        if own or not self.own_codes:
            return own or old or number
        known = self.base.by_code if self.base else {}
        if old and old not in self.own_codes and known[old].text == text:
            return old
        return free_code({*self.own_codes, *known, *self.numbers}, number) if number else ""

    def _indicator(self, row: TableRow, number: str, taken: dict[str, TableRow]) -> Indicator:
        code = self._code(row, number, self.words(row, "text"))
        if not code or not number:
            self.fail(row, "number", "chưa ghi số của chỉ số; đầu mục thì ghi I, II …")
            code = code or f"?{row.number}"
        if code in taken:
            said = f"“{code}” đã có ở dòng {taken[code].number}; dòng mới thì để trống cột Mã"
            self.fail(row, "code", said) if row.get("code") else self._repeated(row, code, taken[code])
            code = f"{code}?{row.number}"
        elif number in self.numbers:
            self._repeated(row, number, self.numbers[number])
        self.numbers.setdefault(number, row)
        taken[code] = row
        old = self.base.by_code.get(code) if self.base else None
        place = f"chỉ số {code}"
        keys = ("number", "text", "max_score", "max_status", "answer_type", "fact", "code")
        self.places |= {f"{place} › {key}": (row.sheet, row.cell(key)) for key in keys}
        self.places[place] = self.places[f"{place} › floor"] = (row.sheet, row.cell("max_score"))
        self.places[f"{place} › fact_parameters"] = (row.sheet, row.cell("min_age"))
        text = self.words(row, "text", old.text if old else "")
        is_reworded = old is None or text != old.text
        status, is_changed = self.source(row, "status", (old.status, old.is_changed) if old else None, is_reworded)
        thresholds = self._thresholds(row, old, place)
        usual = old.answer_type if old and not row.has("answer_type") else self._usual(thresholds)
        read = partial(points_of, name="điểm tối đa", of_range=True)
        most = self.take(row, "max_score", read, old.max_score if old else None)
        if most is None and row.has("max_score") and self.kind is SetKind.POINTS:
            self.fail(row, "max_score", "chưa ghi điểm tối đa")
        max_status, is_max_changed = None, False
        if most is not None:
            known = (old.max_status, old.is_max_changed) if old else None
            max_status, is_max_changed = self.source(row, "max_status", known, old is None or most != old.max_score)
        fact = self._fact(row, old.fact if old else None)
        return Indicator(
            code,
            number or code,
            text,
            status,
            self.choice(
                row,
                "answer_type",
                words.ANSWERS,
                old.answer_type if old and not row.has("answer_type") else usual,
                "cách trả lời",
            ),
            short=self.line(row, "short", old.short if old else ""),
            is_cut=self.yes(row, "is_cut", bool(old and old.is_cut)) and not (old and is_reworded and old.is_cut),
            max_score=most,
            max_status=max_status,
            thresholds=thresholds,
            fact=fact,
            fact_parameters=self._parameters(row, old.fact_parameters if old else {}),
            guidance_status=self._guidance(row, old),
            note=self.words(row, "note", old.note if old else ""),
            source=self.words(row, "source", old.source if old else ""),
            is_changed=is_changed,
            is_max_changed=is_max_changed,
        )

    def _repeated(self, row: TableRow, number: str, first: TableRow) -> None:
        self.fail(row, "number", f"“{number}” đã có ở dòng {first.number}; mỗi dòng một số riêng, ví dụ 2.1")

    def _usual(self, thresholds: tuple[Threshold, ...]) -> AnswerType:
        if self.kind is SetKind.POINTS:
            return AnswerType.POINTS
        return AnswerType.PERCENT if thresholds else AnswerType.MET

    def _guidance(self, row: TableRow, old: Indicator | None) -> TextStatus:
        said = words.read_status(self.words(row, "guidance_status"))
        return said[0] if said else (old.guidance_status if old else TextStatus.SUGGESTED)

    def _thresholds(self, row: TableRow, old: Indicator | None, place: str) -> tuple[Threshold, ...]:
        keys = [key for key in row.letters if key.startswith("percent:")]
        if not keys:
            return old.thresholds if old else ()
        known = {t.grade: t for t in old.thresholds} if old else {}
        self.places[f"{place} › thresholds"] = (row.sheet, row.cell(keys[0]))
        found = []
        for key in sorted(keys, key=lambda k: int(k.partition(":")[2])):
            grade = int(key.partition(":")[2])
            before = known.get(grade)
            percent = self.take(row, key, lambda v: percent_of(v, "ngưỡng"), before.percent if before else None)
            if percent is None:
                continue
            base = (before.status, before.is_changed) if before else None
            is_new = before is None or before.percent != percent
            status, is_changed = self.source(row, f"percent_status:{grade}", base, is_new)
            note = self.words(row, f"percent_note:{grade}", before.note if before else "")
            found.append(Threshold(grade, percent, status, note, is_changed))
        return tuple(found)
