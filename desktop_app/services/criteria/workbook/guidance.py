"""The sheets "Mức điểm", "Hướng dẫn" and "Điều kiện" of a workbook, each fault with its cell.

Invariant: levels that nobody touched follow a changed maximum; those that were typed must fit it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from desktop_app.models.types import TextStatus
from desktop_app.services.criteria.definition import (
    CriteriaSet,
    Criterion,
    Indicator,
    Level,
    Prerequisite,
)
from desktop_app.services.criteria.overrides import stretched_levels
from desktop_app.services.criteria.workbook import words
from desktop_app.services.criteria.workbook.cells import percent_of, points_of, range_of
from desktop_app.services.criteria.workbook.grid import Table, TableRow
from desktop_app.services.criteria.workbook.rows import RowBuilder


class SetBuilder(RowBuilder):
    """Makes everything that hangs on the rows.

    Attributes:
        versions: every version known of the set, whose levels are recognised.
    """

    versions: tuple[CriteriaSet, ...] = ()

    def criteria(self, table: Table, levels: Table | None, guide: Table | None) -> tuple[Criterion, ...]:
        """The rows of "Chỉ số", with what the other sheets say of them."""
        found = self.groups(table)
        by_number = {i.number: i.code for _, _, own in reversed(found) for i in reversed(own)}
        self._codes = {i.code for _, _, own in found for i in own}
        steps = self._steps(levels, by_number)
        guides = self._guides(guide, by_number)
        return tuple(
            self.summed(row, replace(c, indicators=tuple(self._filled(i, steps, guides) for i in own)))
            for row, c, own in found
        )

    def _owner(self, row: TableRow, by_number: Mapping[str, str]) -> str | None:
        """The indicator a row speaks of; None, and no fault, where that one was taken away."""
        code = self.words(row, "code")
        number = self.line(row, "number").rstrip(".)")
        if code and code in self._codes:
            return code
        found = by_number.get(number) if not code or not self.own_codes else None
        if found is None and (code or (self.base and any(i.number == number for i in self.base.indicators))):
            self.dropped.add(number or code)
        elif found is None:
            self.fail(row, "number", f"không có chỉ số “{number or code}” ở trang “Chỉ số”")
        return found

    def _steps(self, table: Table | None, by_number: Mapping[str, str]) -> dict[str, list[Level]] | None:
        if table is None:
            return None
        found: dict[str, list[Level]] = {}
        for row in table.rows:
            code = self._owner(row, by_number)
            if code is None:
                continue
            span = range_of(row.get("min"))
            if span is None:
                least = self.take(row, "min", lambda v: points_of(v, "điểm đầu mức"), None)
                most = self.take(row, "max", lambda v: points_of(v, "điểm cuối mức"), None)
            else:
                least, most = span
            own = found.setdefault(code, [])
            key = self.line(row, "key") or "ABCDEFGHIJKLMN"[min(len(own), 13)]
            name = self.line(row, "name") or key
            said = words.read_status(self.words(row, "status"))
            place = f"chỉ số {code} › levels"
            self.places.setdefault(place, (row.sheet, row.cell("min")))
            self.places[f"{place} › {key}"] = (row.sheet, row.cell("max"))
            if least is None or most is None:
                self.fail(row, "min" if least is None else "max", "phải ghi điểm đầu và điểm cuối của mức")
                continue
            status = said[0] if said else TextStatus.SUGGESTED
            own.append(Level(key, name, least, most, self.words(row, "description"), status))
        return found

    def _guides(self, table: Table | None, by_number: Mapping[str, str]) -> dict[str, dict[str, list[str]]] | None:
        if table is None:
            return None
        found: dict[str, dict[str, list[str]]] = {}
        for row in table.rows:
            code = self._owner(row, by_number)
            kind = self.choice(row, "kind", words.GUIDES, "help", "loại")
            text = self.words(row, "text")
            if code is not None and text:
                found.setdefault(code, {}).setdefault(kind, []).append(text)
        return found

    def _filled(
        self,
        i: Indicator,
        steps: dict[str, list[Level]] | None,
        guides: dict[str, dict[str, list[str]]] | None,
    ) -> Indicator:
        old = self.base.by_code.get(i.code) if self.base else None
        levels = tuple(steps.get(i.code, ())) if steps is not None else (old.levels if old else ())
        stretched = self._stretched(i, levels)
        if stretched is not None:
            levels = stretched
            self.stretched.append(i.number)
        own = guides.get(i.code, {}) if guides is not None else None
        if own is None:
            parts = (old.help, old.examples, old.evidence) if old else ("", (), ())
        else:
            parts = ("\n".join(own.get("help", ())), tuple(own.get("examples", ())), tuple(own.get("evidence", ())))
        return replace(i, levels=levels, help=parts[0], examples=parts[1], evidence=parts[2])

    def _stretched(self, i: Indicator, levels: tuple[Level, ...]) -> tuple[Level, ...] | None:
        """Levels as some version has them for another maximum, brought to this one; None where they were typed."""
        if not levels or i.max_score is None:
            return None
        known = [v.by_code.get(i.code) for v in (*([self.base] if self.base else ()), *self.versions)]
        same = [old for old in known if old is not None and old.levels == levels and old.max_score]
        if not same or any(old.max_score == i.max_score for old in same):
            return None
        return stretched_levels(levels, same[0].max_score or 0, i.max_score)

    def prerequisites(self, table: Table | None) -> tuple[Prerequisite, ...]:
        """The rows of "Điều kiện"."""
        if table is None:
            return self.base.prerequisites if self.base else ()
        known = {p.key: p for p in self.base.prerequisites} if self.base else {}
        found: list[Prerequisite] = []
        for at, row in enumerate(table.rows, 1):
            fact = self.choice(row, "fact", words.FACT_WORDS, None, "số liệu")
            key = self.words(row, "key") or (fact.partition(".")[2] if fact else f"condition_{at}")
            if any(p.key == key for p in found):
                self.fail(row, "key", f"“{key}” đã có ở dòng trên")
                key = f"{key}_{at}"
            old = known.get(key)
            place = f"điều kiện {key}"
            names = ("text", "percent", "fact", "key")
            self.places |= {f"{place} › {name}": (row.sheet, row.cell(name)) for name in names}
            self.places[place] = self.places[f"{place} › fact_parameters"] = (row.sheet, row.cell("fact"))
            if fact is None:
                self.fail(row, "fact", "phải chọn số liệu từ sổ")
                continue
            percent = self.take(row, "percent", lambda v: percent_of(v, "tỷ lệ"), None)
            if percent is None:
                self.fail(row, "percent", "phải ghi tỷ lệ, ví dụ 50 hoặc 50%")
                continue
            text = self.words(row, "text")
            status, is_changed = self.source(
                row, "status", (old.status, old.is_changed) if old else None, old is None or text != old.text
            )
            base = (old.percent_status, old.is_percent_changed) if old else None
            share = self.source(row, "percent_status", base, old is None or percent != old.percent)
            is_enabled = self.yes(row, "is_enabled", True) if row.get("is_enabled") else True
            is_switched = self.yes(row, "is_switched", False)
            if old is not None and is_enabled is not old.is_enabled:
                is_switched = not old.is_switched
            found.append(
                Prerequisite(
                    key,
                    text,
                    status,
                    fact,
                    percent,
                    share[0],
                    is_enabled,
                    self._parameters(row, old.fact_parameters if old else {}),
                    self.words(row, "note"),
                    self.words(row, "source"),
                    is_changed,
                    share[1],
                    is_switched,
                )
            )
        return tuple(found)
