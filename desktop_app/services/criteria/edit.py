"""What an editor does to a set: rows changed, added, removed, moved. Pure; the result need not be sound yet.

Invariant: a wording or number that is changed no longer passes for the document's own, unless the person says that the
document was copied; a row's code, by which answers are kept, never changes by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.definition import (
    AnswerType,
    CriteriaSet,
    Criterion,
    Indicator,
    Mark,
    Prerequisite,
    Threshold,
)
from desktop_app.services.criteria.overrides import stretched_levels
from desktop_app.services.criteria.schema import prepared

_T = TypeVar("_T")


def split_ref(ref: str) -> tuple[str, str]:
    """ "indicator:1.1" → ("indicator", "1.1")."""
    kind, _, code = ref.partition(":")
    return kind, code


def change_head(d: CriteriaSet, values: Mapping[str, Any]) -> CriteriaSet:
    """Put fields of the set itself (name, version, group, dates, words, …) as they are named in ``CriteriaSet``."""
    return prepared(replace(d, **values))


def change_marks(
    d: CriteriaSet, *, pass_mark: float | None, floor: float | None, halves: bool, is_official: bool | None = None
) -> CriteriaSet:
    """Put the pass mark, floor and step of points; ``is_official``: the numbers were copied from the document."""
    return prepared(
        replace(
            d,
            pass_mark=_mark(d.pass_mark, pass_mark, is_official),
            floor=_mark(d.floor, floor, is_official),
            allows_half_points=halves,
        )
    )


def change_indicator(d: CriteriaSet, code: str, values: Mapping[str, Any], *, is_official: bool) -> CriteriaSet:
    """Put fields of an indicator; ``is_official``: its wording was copied literally from the document.

    Args:
        values: fields of ``Indicator``; ``thresholds`` may be given as grade → percent.
    """
    old = d.by_code[code]
    fresh = dict(values)
    percents = fresh.pop("percents", None)
    result = replace(old, **fresh)
    status, is_changed = _wording(old.text, result.text, old.status, old.is_changed, is_official)
    is_cut = old.is_cut and result.text == old.text
    result = replace(result, status=status, is_changed=is_changed, is_cut=is_cut)
    if result.max_score != old.max_score and "max_status" not in values:
        levels = result.levels
        if levels == old.levels:
            levels = stretched_levels(levels, old.max_score or 0, result.max_score or 0)
        is_points = result.max_score is not None
        result = replace(
            result,
            levels=levels,
            max_status=TextStatus.SUGGESTED if is_points else None,
            is_max_changed=is_points,
        )
    if percents is not None:
        result = replace(result, thresholds=_thresholds(old.thresholds, percents))
    return _with_sums(d, _mapped(d, code, result))


def change_criterion(d: CriteriaSet, code: str, values: Mapping[str, Any], *, is_official: bool) -> CriteriaSet:
    """Put fields of a criterion (name, number, note)."""
    old = next(c for c in d.criteria if c.code == code)
    result = replace(old, **values)
    status, is_changed = _wording(old.name, result.name, old.status, old.is_changed, is_official)
    result = replace(result, status=status, is_changed=is_changed)
    return replace(d, criteria=tuple(result if c.code == code else c for c in d.criteria))


def change_prerequisite(d: CriteriaSet, key: str, values: Mapping[str, Any], *, is_official: bool) -> CriteriaSet:
    """Put fields of a condition."""
    old = next(p for p in d.prerequisites if p.key == key)
    result = replace(old, **values)
    status, is_changed = _wording(old.text, result.text, old.status, old.is_changed, is_official)
    result = replace(result, status=status, is_changed=is_changed)
    if result.percent != old.percent or result.fact != old.fact:
        result = replace(result, percent_status=TextStatus.SUGGESTED, is_percent_changed=True)
    if result.is_enabled is not old.is_enabled:
        result = replace(result, is_switched=not old.is_switched)
    return replace(d, prerequisites=tuple(result if p.key == key else p for p in d.prerequisites))


def add_criterion(d: CriteriaSet, name: str) -> tuple[CriteriaSet, str]:
    """A criterion with one empty indicator at the end; returns the set and the criterion's reference."""
    codes = {c.code for c in d.criteria}
    code = free_code(codes, str(len(d.criteria) + 1))
    made = Criterion(code, code, name, TextStatus.SUGGESTED, (), is_changed=True)
    result = replace(d, criteria=(*d.criteria, made))
    return add_indicator(result, f"criterion:{code}")[0], f"criterion:{code}"


def add_indicator(d: CriteriaSet, after: str) -> tuple[CriteriaSet, str]:
    """An empty indicator after a row: below an indicator, or as the first of a criterion; returns its reference too."""
    kind, code = split_ref(after)
    target = next((c for c in d.criteria if c.code == code), None) if kind == "criterion" else None
    owner = target or next((c for c in d.criteria if any(i.code == code for i in c.indicators)), d.criteria[-1])
    place = 0 if target else _place(owner, code) + 1
    made = _empty_indicator(d, owner)
    rows = (*owner.indicators[:place], made, *owner.indicators[place:])
    result = replace(d, criteria=tuple(replace(c, indicators=rows) if c is owner else c for c in d.criteria))
    return _with_sums(d, prepared(result)), f"indicator:{made.code}"


def add_prerequisite(d: CriteriaSet, fact: str) -> tuple[CriteriaSet, str]:
    """A condition counted from the register, half of whom it asks at first."""
    key = free_code({p.key for p in d.prerequisites}, fact.partition(".")[2] or "condition")
    made = Prerequisite(
        key, "", TextStatus.SUGGESTED, fact, 50, TextStatus.SUGGESTED, is_changed=True, is_percent_changed=True
    )
    return replace(d, prerequisites=(*d.prerequisites, made)), f"prerequisite:{key}"


def remove_row(d: CriteriaSet, ref: str) -> CriteriaSet:
    """Take a row away; a criterion goes with its indicators."""
    kind, code = split_ref(ref)
    if kind == "prerequisite":
        return replace(d, prerequisites=tuple(p for p in d.prerequisites if p.key != code))
    if kind == "criterion":
        return replace(d, criteria=tuple(c for c in d.criteria if c.code != code))
    criteria = tuple(replace(c, indicators=tuple(i for i in c.indicators if i.code != code)) for c in d.criteria)
    return _with_sums(d, replace(d, criteria=criteria))


def move_row(d: CriteriaSet, ref: str, step: int) -> CriteriaSet:
    """Move a row up (-1) or down (1); an indicator at the edge goes over to the neighbouring criterion."""
    kind, code = split_ref(ref)
    if kind == "prerequisite":
        return replace(d, prerequisites=_moved(d.prerequisites, lambda p: p.key == code, step))
    if kind == "criterion":
        return replace(d, criteria=_moved(d.criteria, lambda c: c.code == code, step))
    at = next(n for n, c in enumerate(d.criteria) if any(i.code == code for i in c.indicators))
    owner = d.criteria[at]
    place = _place(owner, code)
    if 0 <= place + step < len(owner.indicators):
        rows = _moved(owner.indicators, lambda i: i.code == code, step)
        return replace(d, criteria=_put(d.criteria, at, replace(owner, indicators=rows)))
    if not 0 <= at + step < len(d.criteria):
        return d
    other, moving = d.criteria[at + step], owner.indicators[place]
    rest = tuple(i for i in owner.indicators if i is not moving)
    joined = (moving, *other.indicators) if step > 0 else (*other.indicators, moving)
    criteria = _put(d.criteria, at, replace(owner, indicators=rest))
    criteria = _put(criteria, at + step, replace(other, indicators=joined))
    return _with_sums(d, replace(d, criteria=criteria))


def renumbered(d: CriteriaSet) -> CriteriaSet:
    """Printed numbers in the order of the rows: 1, 2, 3 … or 1.1, 1.2 … as the set has them; codes stay."""
    is_dotted = any("." in i.number for i in d.indicators)
    count, criteria = 0, []
    for at, c in enumerate(d.criteria, 1):
        number = _roman(at) if re.fullmatch("[IVX]+", c.number) else str(at)
        rows = []
        for place, i in enumerate(c.indicators, 1):
            count += 1
            rows.append(replace(i, number=f"{at}.{place}" if is_dotted else str(count)))
        criteria.append(replace(c, number=number, indicators=tuple(rows)))
    return replace(d, criteria=tuple(criteria))


# -- inside ------------------------------------------------------------------------------------------------------


def _wording(old: str, new: str, status: TextStatus, is_changed: bool, is_official: bool) -> tuple[TextStatus, bool]:
    if new != old:
        return (TextStatus.OFFICIAL if is_official else TextStatus.SUGGESTED), True
    if is_official is not (status is TextStatus.OFFICIAL):
        return (TextStatus.OFFICIAL if is_official else TextStatus.SUMMARY), True
    return status, is_changed


def _mark(old: Mark | None, value: float | None, is_official: bool | None) -> Mark | None:
    if value is None:
        return None
    status = TextStatus.OFFICIAL if is_official else TextStatus.SUGGESTED
    if old is not None and old.value == value:
        is_same = is_official is None or is_official is (old.status is TextStatus.OFFICIAL)
        return old if is_same else replace(old, status=status, is_changed=True)
    return Mark(value, status, is_changed=True)


def _thresholds(old: Iterable[Threshold], percents: Mapping[int, float | None]) -> tuple[Threshold, ...]:
    known = {t.grade: t for t in old}
    found = []
    for grade, percent in sorted(percents.items()):
        if percent is None:
            continue
        before = known.get(grade)
        if before is not None and before.percent == percent:
            found.append(before)
        else:
            found.append(Threshold(grade, percent, TextStatus.SUGGESTED, is_changed=True))
    return tuple(found)


def _with_sums(old: CriteriaSet, d: CriteriaSet) -> CriteriaSet:
    """Criteria that had the sum of their rows as maximum keep it so; a typed maximum that differed stays."""
    before = {c.code: (c.max_score, sum(i.max_score or 0 for i in c.indicators)) for c in old.criteria}
    criteria = []
    for c in d.criteria:
        written, total = before.get(c.code, (None, 0.0))
        now = sum(i.max_score or 0 for i in c.indicators)
        if written is not None and written == total and now != total:
            c = replace(c, max_score=float(now), max_status=TextStatus.SUGGESTED, is_max_changed=True)
        criteria.append(c)
    return replace(d, criteria=tuple(criteria))


def _mapped(d: CriteriaSet, code: str, row: Indicator) -> CriteriaSet:
    criteria = tuple(
        replace(c, indicators=tuple(row if i.code == code else i for i in c.indicators)) for c in d.criteria
    )
    return replace(d, criteria=criteria)


def _empty_indicator(d: CriteriaSet, owner: Criterion) -> Indicator:
    codes = {i.code for i in d.indicators}
    is_dotted = any("." in code for code in codes)
    wanted = f"{owner.number}.{len(owner.indicators) + 1}" if is_dotted else str(len(codes) + 1)
    code = free_code(codes, wanted)
    is_points = d.kind is SetKind.POINTS
    return Indicator(
        code,
        code,
        "",
        TextStatus.SUGGESTED,
        AnswerType.POINTS if is_points else AnswerType.MET,
        max_score=10.0 if is_points else None,
        max_status=TextStatus.SUGGESTED if is_points else None,
        is_changed=True,
        is_max_changed=is_points,
    )


def free_code(taken: set[str], wanted: str) -> str:
    """The code wanted, or the next one that nobody has: "3" → "11", "2.1" → "2.4"."""
    if wanted not in taken:
        return wanted
    head, dot, last = wanted.rpartition(".")
    number = int(last) if last.isdecimal() else 1
    while True:
        number += 1
        code = f"{head}{dot}{number}" if last.isdecimal() else f"{wanted}_{number}"
        if code not in taken:
            return code


def _place(owner: Criterion, code: str) -> int:
    return next((n for n, i in enumerate(owner.indicators) if i.code == code), len(owner.indicators) - 1)


def _moved(rows: tuple[_T, ...], is_it: Callable[[_T], bool], step: int) -> tuple[_T, ...]:
    at = next(n for n, row in enumerate(rows) if is_it(row))
    to = at + step
    if not 0 <= to < len(rows):
        return rows
    listed = list(rows)
    listed.insert(to, listed.pop(at))
    return tuple(listed)


def _put(rows: tuple[_T, ...], at: int, row: _T) -> tuple[_T, ...]:
    return (*rows[:at], row, *rows[at + 1 :])


def _roman(number: int) -> str:
    return "".join(word * count for word, count in (("X", number // 10), *_UNITS[number % 10]))


_UNITS: tuple[tuple[tuple[str, int], ...], ...] = (
    (), (("I", 1),), (("I", 2),), (("I", 3),), (("I", 1), ("V", 1)),
    (("V", 1),), (("V", 1), ("I", 1)), (("V", 1), ("I", 2)), (("V", 1), ("I", 3)), (("I", 1), ("X", 1)),
)  # fmt: skip
