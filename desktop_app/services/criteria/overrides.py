"""What an office changes in a shipped set (Thiết lập): its schema, and a new checked set with the changes in it. Pure.

Invariant: a changed wording or number is flagged and no longer passes for the document's own, unless the office says
that it copied the document (status ``official``); a change of one says nothing of the other.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from desktop_app.models.types import TextStatus
from desktop_app.services.criteria.checks import Problem, find_problems
from desktop_app.services.criteria.definition import (
    Band,
    CriteriaSet,
    Criterion,
    Indicator,
    Level,
    Mark,
    Prerequisite,
    Threshold,
)
from desktop_app.services.criteria.schema import invalid, prepared, validation_problems


def _number(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("not a number")
    return value


def _words(value: object) -> object:
    return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else value


_Number = Annotated[float, BeforeValidator(_number)]
_Words = Annotated[str, BeforeValidator(_words), Field(min_length=1, max_length=4000)]


class _Overrides(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class IndicatorOverride(_Overrides):
    """Changes of one indicator; what is left out stays. ``percents``: threshold by grade."""

    text: _Words | None = None
    status: TextStatus | None = None
    max_score: _Number | None = None
    percents: dict[int, _Number] = Field(default_factory=dict)


class PrerequisiteOverride(_Overrides):
    """Changes of one prerequisite."""

    is_enabled: bool | None = None
    percent: _Number | None = None
    text: _Words | None = None


class SetOverrides(_Overrides):
    """An office's changes to one set, as JSON keeps them; what is left out stays, ``floor: null`` takes it away."""

    name: _Words | None = None
    pass_mark: _Number | None = None
    floor: _Number | None = None
    allows_half_points: bool | None = None
    criteria: dict[str, _Words] = Field(default_factory=dict)
    indicators: dict[str, IndicatorOverride] = Field(default_factory=dict)
    prerequisites: dict[str, PrerequisiteOverride] = Field(default_factory=dict)
    bands: dict[str, _Number] = Field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """A mapping for storing: only what was given."""
        return self.model_dump(mode="json", exclude_unset=True)


def read_overrides(changes: Mapping[str, object]) -> SetOverrides:
    """Parse stored or typed changes; raises UserError ``criteria.override_invalid``."""
    try:
        return SetOverrides.model_validate(dict(changes))
    except ValidationError as error:
        raise _refused(validation_problems(error)) from error


def customised(definition: CriteriaSet, changes: SetOverrides | Mapping[str, object]) -> CriteriaSet:
    """The set with an office's changes in it, checked as a whole.

    Key and version stay: changes belong to the version they were made for. Guidance levels are stretched or shrunk
    with a changed maximum.

    Raises:
        UserError: ``criteria.override_invalid`` when the result could not be scored; nothing is changed then.
    """
    wanted = changes if isinstance(changes, SetOverrides) else read_overrides(changes)
    unknown = _unknown_names(definition, wanted)
    if unknown:
        raise _refused(unknown)
    result = replace(
        definition,
        name=wanted.name or definition.name,
        allows_half_points=_chosen(wanted.allows_half_points, definition.allows_half_points),
        pass_mark=_mark(definition.pass_mark, wanted.pass_mark),
        floor=_floor(definition.floor, wanted),
        bands=tuple(_band(b, wanted.bands.get(b.key)) for b in definition.bands),
        prerequisites=tuple(_prerequisite(p, wanted.prerequisites.get(p.key)) for p in definition.prerequisites),
        criteria=tuple(_criterion(c, wanted) for c in definition.criteria),
    )
    problems = find_problems(result)
    if problems:
        raise _refused(problems)
    return prepared(result)


def confirmed(definition: CriteriaSet) -> CriteriaSet:
    """The set as an office uses it after confirming it in Thiết lập: its verdicts no longer speak of a suggestion."""
    return replace(definition, is_confirmed=True) if definition.needs_confirmation else definition


def _chosen(new: bool | None, old: bool) -> bool:
    return old if new is None else new


def _mark(old: Mark | None, value: float | None) -> Mark | None:
    if value is None or (old and old.value == value):
        return old
    return Mark(value, TextStatus.SUGGESTED, is_changed=True)


def _floor(old: Mark | None, wanted: SetOverrides) -> Mark | None:
    if "floor" in wanted.model_fields_set and wanted.floor is None:
        return None
    return _mark(old, wanted.floor)


def _band(band: Band, least: float | None) -> Band:
    if least is None or least == band.min:
        return band
    return replace(band, min=least, status=TextStatus.SUGGESTED, is_changed=True)


def _prerequisite(old: Prerequisite, new: PrerequisiteOverride | None) -> Prerequisite:
    if new is None:
        return old
    is_enabled = _chosen(new.is_enabled, old.is_enabled)
    result = old if is_enabled is old.is_enabled else replace(old, is_enabled=is_enabled, is_switched=True)
    if new.percent is not None and new.percent != old.percent:
        result = replace(result, percent=new.percent, percent_status=TextStatus.SUGGESTED, is_percent_changed=True)
    if new.text is not None and new.text != old.text:
        result = replace(result, text=new.text, status=TextStatus.SUGGESTED, is_changed=True)
    return result


def _criterion(old: Criterion, wanted: SetOverrides) -> Criterion:
    indicators = tuple(_indicator(i, wanted.indicators.get(i.code)) for i in old.indicators)
    result = replace(old, indicators=indicators)
    name = wanted.criteria.get(old.code)
    if name and name != old.name:
        result = replace(result, name=name, status=TextStatus.SUGGESTED, is_changed=True)
    total = sum(i.max_score or 0 for i in indicators)
    if old.max_score is not None and total != old.max_score:
        result = replace(result, max_score=total, max_status=TextStatus.SUGGESTED, is_max_changed=True)
    return result


def _indicator(old: Indicator, new: IndicatorOverride | None) -> Indicator:
    if new is None:
        return old
    result = old
    if new.text is not None and new.text != old.text:
        result = replace(result, text=new.text, status=TextStatus.SUGGESTED, is_cut=False, is_changed=True)
    if new.status is not None and new.status is not result.status:
        result = replace(result, status=new.status, is_changed=True)
    if new.max_score is not None and new.max_score != old.max_score:
        levels = stretched_levels(old.levels, old.max_score or 0, new.max_score)
        result = replace(
            result, max_score=new.max_score, max_status=TextStatus.SUGGESTED, levels=levels, is_max_changed=True
        )
    thresholds = tuple(_threshold(t, new.percents.get(t.grade)) for t in old.thresholds)
    return replace(result, thresholds=thresholds)


def _threshold(old: Threshold, percent: float | None) -> Threshold:
    if percent is None or percent == old.percent:
        return old
    return replace(old, percent=percent, status=TextStatus.SUGGESTED, is_changed=True)


def stretched_levels(levels: tuple[Level, ...], old_max: float, new_max: float) -> tuple[Level, ...]:
    """Levels over the new range in whole points; a level that finds no room is dropped."""
    if not levels or old_max <= 0 or new_max < 1:
        return ()
    top = new_max
    kept: list[Level] = []
    for level in sorted(levels, key=lambda item: -item.min):
        least = 0.0 if level.min == 0 else float(round(level.min * new_max / old_max))
        if least > top:
            continue
        kept.append(replace(level, min=least, max=top))
        top = least - 1
    return tuple(kept)


def _unknown_names(definition: CriteriaSet, wanted: SetOverrides) -> list[Problem]:
    known = {
        "criteria": {c.code for c in definition.criteria},
        "indicators": set(definition.by_code),
        "prerequisites": {p.key for p in definition.prerequisites},
        "bands": {b.key for b in definition.bands},
    }
    found = [
        Problem(f"{part} › {name}", "không có trong bộ tiêu chí này")
        for part, names in known.items()
        for name in sorted(set(getattr(wanted, part)) - names)
    ]
    for code, change in sorted(wanted.indicators.items()):
        grades = {t.grade for t in definition.by_code[code].thresholds} if code in definition.by_code else set()
        found += [
            Problem(f"indicators › {code} › percents › {grade}", "chỉ tiêu này không có ngưỡng ở mức độ đó")
            for grade in sorted(set(change.percents) - grades)
        ]
    return found


def _refused(problems: list[Problem]) -> Exception:
    return invalid("thay đổi này", problems, code="criteria.override_invalid")
