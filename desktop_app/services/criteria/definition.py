"""A criteria set as the rest of the program sees it: frozen dataclasses, each row with its status and its source.

Invariant: a number or a wording never loses the status that says how sure it is; what the office changed is flagged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from desktop_app.models.types import CitizenGroup, LearningModel, SetKind, TextStatus

SUGGESTION_HEADING = "Bản gợi ý, không phải văn bản"
"""Stands above every set without an official table or pass mark until the office confirms it."""

CONFIRMED_HEADING = "Bản cơ quan đã xác nhận dùng"

NOT_COMPARED = "Chưa đối chiếu với văn bản"

STATUS_TEXT: dict[TextStatus, str] = {
    TextStatus.OFFICIAL: "Lời văn bản",
    TextStatus.SUMMARY: "Tóm tắt nội dung văn bản",
    TextStatus.INFERRED: "Suy ra từ các dòng khác",
    TextStatus.MISSING: NOT_COMPARED,
    TextStatus.SUGGESTED: "Gợi ý của phần mềm",
}

OFFICE_TEXT = "Do cơ quan đặt"
"""What stands in place of a status once the office has put its own wording or number."""

_STRICT: dict[str, Any] = {"extra": "forbid", "allow_inf_nan": False}


def status_text(status: TextStatus, *, is_changed: bool = False, is_cut: bool = False) -> str:
    """How sure a row or number is, in words that stand beside it on screen and paper."""
    if is_changed:
        return f"{OFFICE_TEXT}, theo văn bản" if status is TextStatus.OFFICIAL else OFFICE_TEXT
    text = STATUS_TEXT[status]
    return f"{text}, nguồn bị cắt ở chỗ có dấu …" if is_cut else text


class AnswerType(StrEnum):
    """What one indicator is answered with."""

    POINTS = "points"
    MET = "met"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A document a set rests on; dates are ISO and may be only a year, None where the sources give none."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    number: str
    title: str
    issued: str | None = None
    in_force_from: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One number of the rules (pass mark, floor) with its status."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    value: float
    status: TextStatus
    note: str = ""
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A step of guidance within an indicator, chosen by its key; always the product's suggestion unless it says so."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    key: str
    name: str
    min: float
    max: float
    description: str
    status: TextStatus = TextStatus.SUGGESTED


@dataclass(frozen=True, slots=True)
class Threshold:
    """The percentage an indicator must reach for one grade (mức độ)."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    grade: int
    percent: float
    status: TextStatus
    note: str = ""
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    """One chỉ số or chỉ tiêu.

    Args:
        code: identity within the set, never changes; answers are keyed by it.
        number: as printed ("1", "2.1").
        short: a few words for lists; the product's own.
        text: the wording; literal where status is official. ``is_cut``: the source breaks off at the "…".
        status: of the text. ``max_status``: of the maximum.
        max_score: points only.
        thresholds: percent only, one for each grade that asks more than the one below.
        fact: key in ``facts.FACTS``. For percent: where the value comes from when the register can count it, else who
            the typed percentage is of. For points: shown beside as help, never scored.
        fact_parameters: e.g. ``{"min_age": 16}``.
        help, examples, evidence: guidance with the status ``guidance_status`` (suggested).
        half_points: copied from the set by ``prepared``; files leave it out.
        is_changed: the office replaced the wording or its status; ``is_max_changed``: the maximum. Thresholds carry
            their own mark.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    code: str
    number: str
    text: str
    status: TextStatus
    answer_type: AnswerType
    short: str = ""
    is_cut: bool = False
    max_score: float | None = None
    max_status: TextStatus | None = None
    thresholds: tuple[Threshold, ...] = ()
    fact: str | None = None
    fact_parameters: Mapping[str, int] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    help: str = ""
    examples: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    guidance_status: TextStatus = TextStatus.SUGGESTED
    note: str = ""
    source: str = ""
    half_points: bool = False
    is_changed: bool = False
    is_max_changed: bool = False

    @property
    def status_text(self) -> str:
        """How sure the wording is, for people."""
        return status_text(self.status, is_changed=self.is_changed, is_cut=self.is_cut)

    @property
    def max_status_text(self) -> str:
        """How sure the maximum is, for people; empty where there is none."""
        return status_text(self.max_status, is_changed=self.is_max_changed) if self.max_status else ""

    @property
    def is_number_changed(self) -> bool:
        """Whether the office put the maximum or a threshold."""
        return self.is_max_changed or any(t.is_changed for t in self.thresholds)

    @property
    def shown_text(self) -> str:
        """The wording with a capital first letter: summaries are kept as their source has them, in running text."""
        return self.text[:1].upper() + self.text[1:]

    @property
    def step(self) -> float:
        """The smallest difference between two scores: 1, or 0.5 where the set allows half points."""
        return 0.5 if self.half_points else 1

    def required_percent(self, grade: int) -> float | None:
        """The percentage asked at ``grade``: its own threshold or that of the nearest grade below."""
        found = [t for t in self.thresholds if t.grade <= grade]
        return max(found, key=lambda t: t.grade).percent if found else None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A tiêu chí: the heading over its indicators; the office may replace its wording and, by theirs, its maximum."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    code: str
    number: str
    name: str
    status: TextStatus
    indicators: tuple[Indicator, ...]
    max_score: float | None = None
    max_status: TextStatus | None = None
    note: str = ""
    is_changed: bool = False
    is_max_changed: bool = False

    @property
    def status_text(self) -> str:
        """How sure the wording is, for people."""
        return status_text(self.status, is_changed=self.is_changed)

    @property
    def max_status_text(self) -> str:
        """How sure the maximum is, for people; empty where there is none."""
        return status_text(self.max_status, is_changed=self.is_max_changed) if self.max_status else ""


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A condition apart from the points, counted from the register.

    What the office replaced: ``is_changed`` the wording, ``is_percent_changed`` the share, ``is_switched`` whether it
    counts.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    key: str
    text: str
    status: TextStatus
    fact: str
    percent: float
    percent_status: TextStatus
    is_enabled: bool = True
    fact_parameters: Mapping[str, int] = field(default_factory=dict)
    note: str = ""
    source: str = ""
    is_changed: bool = False
    is_percent_changed: bool = False
    is_switched: bool = False

    @property
    def percent_status_text(self) -> str:
        """How sure the share is, for people."""
        return status_text(self.percent_status, is_changed=self.is_percent_changed)


@dataclass(frozen=True, slots=True)
class Band:
    """A name for a stretch of totals (Tốt, Khá, Trung bình): from ``min`` up to the next band."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    key: str
    name: str
    min: float
    status: TextStatus
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """A mức độ of a checklist: reached when every chỉ tiêu is met at it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    number: int
    name: str
    status: TextStatus
    note: str = ""


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a title stands and when a higher grade may be asked for, in months."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    months: int
    upgrade_after_months: int
    status: TextStatus


@dataclass(frozen=True)
class CriteriaSet:
    """One version of one bộ tiêu chí; a verdict is frozen to the key and version it was given under.

    Args:
        key, version: identity, e.g. "citizen.resident" and "2023.1".
        title: the danh hiệu it gives.
        group_name, group_aliases: what the four citizen forms are called here, and in earlier tool kits and lists.
        heading: stands above the set wherever it is shown.
        needs_confirmation: no official table or pass mark, so recognition waits until the office confirms the set.
        is_confirmed: the office has confirmed it; set by the caller who knows, never by a file.
        is_default: offered first where a model has several sets.
        indicator_word, indicator_abbreviation: "chỉ số"/"CS" or "chỉ tiêu"/"CT".
        effective_from, effective_to: None where the sources give no date.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    key: str
    version: str
    model: LearningModel
    kind: SetKind
    name: str
    title: str
    criteria: tuple[Criterion, ...]
    group: CitizenGroup | None = None
    group_name: str = ""
    group_aliases: tuple[str, ...] = ()
    heading: str = ""
    needs_confirmation: bool = False
    is_confirmed: bool = False
    is_default: bool = True
    legal_basis: tuple[LegalBasis, ...] = ()
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    indicator_word: str = "chỉ số"
    indicator_abbreviation: str = "CS"
    pass_mark: Mark | None = None
    floor: Mark | None = None
    allows_half_points: bool = False
    bands: tuple[Band, ...] = ()
    grades: tuple[Grade, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    validity: Validity | None = None
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the order of the form."""
        return tuple(i for c in self.criteria for i in c.indicators)

    @cached_property
    def by_code(self) -> dict[str, Indicator]:
        """Indicators by their code; read only."""
        return {i.code: i for i in self.indicators}

    @cached_property
    def max_total(self) -> float:
        """The highest total: sum of maxima, or the number of chỉ tiêu of a checklist."""
        if self.kind is SetKind.CHECKLIST:
            return len(self.indicators)
        return sum(i.max_score or 0 for i in self.indicators)

    @cached_property
    def floors(self) -> tuple[float, ...]:
        """The least score of each indicator in order; 0 where none is asked."""
        return (self.least_score,) * len(self.indicators)

    @cached_property
    def least_score(self) -> float:
        """The floor as one number, 0 where there is none."""
        return self.floor.value if self.floor else 0

    @cached_property
    def enabled_prerequisites(self) -> tuple[Prerequisite, ...]:
        return tuple(p for p in self.prerequisites if p.is_enabled)

    @cached_property
    def quick_rule(self) -> tuple[bool, float, float, bool]:
        """What the engine's fast path needs: scored by points, pass mark, floor, conditions to count."""
        mark = self.pass_mark.value if self.pass_mark else 0
        return self.kind is SetKind.POINTS, mark, self.least_score, bool(self.enabled_prerequisites)

    @cached_property
    def fact_keys(self) -> tuple[str, ...]:
        """Facts that the engine needs to judge by this set (not those shown as help only)."""
        asked = [p.fact for p in self.enabled_prerequisites]
        asked += [i.fact for i in self.indicators if i.fact and i.answer_type is AnswerType.PERCENT]
        return tuple(dict.fromkeys(asked))

    @cached_property
    def has_own(self) -> bool:
        """Whether the office put a wording or a number of its own, which is not copied from a document."""
        found = [(c.is_changed, c.status) for c in self.criteria]
        found += [(i.is_changed, i.status) for i in self.indicators]
        found += [(i.is_max_changed, i.max_status or TextStatus.OFFICIAL) for i in self.indicators]
        found += [(t.is_changed, t.status) for i in self.indicators for t in i.thresholds]
        found += [(mark.is_changed, mark.status) for mark in (self.pass_mark, self.floor) if mark]
        found += [(band.is_changed, band.status) for band in self.bands]
        return any(is_own and status is not TextStatus.OFFICIAL for is_own, status in found)

    @property
    def is_suggestion(self) -> bool:
        """True while verdicts must say that they follow a suggestion."""
        return self.needs_confirmation and not self.is_confirmed

    @property
    def shown_heading(self) -> str:
        """The heading as it stands now: a confirmed suggestion says that the office uses it."""
        return CONFIRMED_HEADING if self.needs_confirmation and self.is_confirmed else self.heading
