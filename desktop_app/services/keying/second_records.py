"""What second entry hands to the screens; nothing of the first values is in what the second keyer is given.

Invariant: frozen; ``SecondRow`` has no first value, total or verdict, so that no screen can show one by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.models.types import LearningModel, SecondEntryStatus, Uid
from desktop_app.services.assessment.scoring import NO_FACTS
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.keying.second_rules import per_ten_thousand
from desktop_app.services.vietnamese import number_text

SAMPLE, THRESHOLD = "sample", "threshold"
"""Why a form was drawn, as it is stored."""


class Source(StrEnum):
    """Which of the three views a settled value was taken from, as it is stored."""

    FIRST = "first"
    SECOND = "second"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class SecondBatch:
    """The forms of one batch (and one criteria set) that are keyed twice.

    Args:
        key: opaque identity of this line of the queue.
        batch: None for forms that belong to no batch.
        total: forms drawn; ``todo`` still to be keyed, ``keyed`` whole and not compared yet, ``differs`` compared and
            not settled, ``done`` agreed or settled, ``shut`` of those not done: take nothing now
            (``shut_differs``: compared ones).
        first, second: names of who keyed.
    """

    key: str
    year: int
    model: LearningModel
    batch: Uid | None
    set_uid: Uid
    set_name: str
    name: str
    collector: str = ""
    first: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    total: int = 0
    todo: int = 0
    keyed: int = 0
    differs: int = 0
    done: int = 0
    shut: int = 0
    shut_differs: int = 0

    @property
    def progress(self) -> str:
        """ "còn 6/12 phiếu", "đủ 12 phiếu"."""
        total = number_text(self.total)
        return f"còn {number_text(self.todo)}/{total} phiếu" if self.todo else f"đủ {total} phiếu"


@dataclass(frozen=True, slots=True)
class SecondRow:
    """One drawn form as the second keyer sees it.

    Args:
        entry: the second entry's uid.
        order: place in the first stack, 0 where there is none: it helps to find the paper.
        values: as keyed the second time.
        facts: shares that the register counts; they are not typed.
        is_same_person: who works now keyed this form first.
        locked: why it takes nothing; empty when it does.
    """

    entry: Uid
    subject: Uid
    order: int
    code: str
    name: str
    birth: str
    detail: str
    status: SecondEntryStatus
    values: Mapping[str, float]
    facts: Mapping[str, FactValue] = field(default_factory=lambda: NO_FACTS)
    is_same_person: bool = False
    locked: str = ""

    @property
    def is_open(self) -> bool:
        """Not compared yet, so it may be keyed."""
        return self.status in (SecondEntryStatus.DRAWN, SecondEntryStatus.KEYED)


@dataclass(frozen=True, slots=True)
class SecondSheet:
    """One line of the queue as a grid."""

    batch: SecondBatch
    definition: CriteriaSet
    rows: tuple[SecondRow, ...]
    closed: str = ""
    """Why nothing is taken at all (closed round); empty when it is."""
    is_alone: bool = False
    """Only one person works here, so the same person may key twice, once that was said."""


@dataclass(frozen=True, slots=True)
class DrawReport:
    """What a draw comes to.

    Args:
        eligible: whole forms that may be keyed twice.
        sample, near: newly drawn by share and by a threshold; ``standing``: drawn before.
        skipped: forms that are not whole, recognised, returned, or of somebody who is gone.
    """

    eligible: int
    sample: int
    near: int
    standing: int
    skipped: int = 0

    @property
    def count(self) -> int:
        return self.sample + self.near

    @property
    def sentence(self) -> str:
        """ "Chọn thêm 7 phiếu: 4 theo tỷ lệ, 3 gần ngưỡng; 2 phiếu đã chọn từ trước." """
        n = number_text
        standing = f"; {n(self.standing)} phiếu đã chọn từ trước" if self.standing else ""
        skipped = f" Bỏ qua {n(self.skipped)} phiếu chưa đủ ô hoặc không còn sửa được." if self.skipped else ""
        if not self.eligible:
            return f"Không có phiếu nào đủ ô để chọn.{skipped}"
        said = f"Chọn thêm {n(self.count)} trong {n(self.eligible)} phiếu"
        return f"{said}: {n(self.sample)} theo tỷ lệ, {n(self.near)} gần ngưỡng{standing}.{skipped}"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: forms that agree, that differ, and names of those that are not whole yet."""

    agreed: int
    differs: int
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling a form came to.

    Args:
        changed: answers that are others than the first now.
        was_accepted: the form had been accepted by a review, which has to look again.
    """

    changed: int
    was_accepted: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which the two entries differ; ``chosen`` once it is decided, with where it came from."""

    code: str
    first: float | None
    second: float | None
    chosen: float | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class DifferentForm:
    """A compared form whose entries differ.

    Args:
        answers: as they stand now, of every field; ``facts`` beside them, for total and verdict.
        stale: the first values were changed since they were compared; they must be compared again.
        locked: why nothing can be settled now.
    """

    entry: Uid
    subject: Uid
    order: int
    code: str
    name: str
    detail: str
    first_by: str
    second_by: str
    answers: Mapping[str, float]
    facts: Mapping[str, FactValue]
    differences: tuple[Difference, ...]
    is_stale: bool = False
    is_same_person: bool = False
    locked: str = ""


@dataclass(frozen=True, slots=True)
class PersonRate:
    """Errors of one person.

    Args:
        user: None where nobody is known.
        first_forms, first_fields, first_errors: of forms that the person keyed first; ``second_…``: keyed again.
        waiting: forms of the person (first) that are drawn and not settled.
        share: percent of the person's forms that are keyed twice now; ``is_own``: put by the office.
    """

    user: Uid | None
    name: str
    first_forms: int = 0
    first_fields: int = 0
    first_errors: int = 0
    second_forms: int = 0
    second_fields: int = 0
    second_errors: int = 0
    waiting: int = 0
    share: float = 0
    is_own: bool = False

    @property
    def first_rate(self) -> float:
        return per_ten_thousand(self.first_errors, self.first_fields)

    @property
    def second_rate(self) -> float:
        return per_ten_thousand(self.second_errors, self.second_fields)


@dataclass(frozen=True, slots=True)
class BatchRate:
    """Errors in one batch; ``forms`` are settled ones, ``waiting`` not yet."""

    key: str
    name: str
    collector: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    forms: int
    waiting: int
    fields: int
    first_errors: int
    second_errors: int

    @property
    def first_rate(self) -> float:
        return per_ten_thousand(self.first_errors, self.fields)

    @property
    def second_rate(self) -> float:
        return per_ten_thousand(self.second_errors, self.fields)


@dataclass(frozen=True, slots=True)
class Rates:
    """Errors of a round by person and by batch."""

    year: int
    people: tuple[PersonRate, ...]
    batches: tuple[BatchRate, ...]
