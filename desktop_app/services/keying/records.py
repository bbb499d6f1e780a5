"""What the keying screens are shown: batches with their covers, rows of a grid, and what a search found.

Invariant: frozen and plain; a row holds what is stored, never what is half typed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.scoring import NO_FACTS, Verdict
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.criteria.facts import FactValue

OPEN, CLOSED = "open", "closed"
"""States of a batch as they are stored."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a person types once for a stack of forms.

    Args:
        group: of citizens' forms, None for other models.
        set_uid: the criteria set that is printed on the forms; None takes the one in use.
        hamlet, organization: where the stack comes from; at most one, none for the whole commune.
        collected_on: ISO date.
        form_count, score_sum: from the paper cover; None where it does not say.
        code: printed on the cover sheet.
        name: None lets the program name it ("Thôn 3 · tập 2").
    """

    model: LearningModel = LearningModel.CITIZEN
    group: CitizenGroup | None = None
    set_uid: Uid | None = None
    hamlet: Uid | None = None
    organization: Uid | None = None
    collector: str = ""
    collected_on: str | None = None
    form_count: int | None = None
    score_sum: float | None = None
    code: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One batch with its progress.

    Args:
        place: name of its hamlet or organization, empty for the whole commune.
        forms: rows in it; ``complete``: those with every indicator answered; ``total``: sum of their totals.
        note: corrections of the cover with their reasons, oldest first, a line each.
    """

    uid: Uid
    year: int
    cover: Cover
    name: str
    place: str
    set_uid: Uid
    set_name: str
    is_closed: bool
    closed_on: str | None
    forms: int
    complete: int
    total: float
    note: str = ""

    @property
    def progress(self) -> str:
        """ "17/40", or "17" where the cover does not say how many."""
        count = self.cover.form_count
        return f"{self.complete}/{count}" if count is not None else str(self.complete)

    @property
    def lost(self) -> int:
        """How many forms a closed batch has less than its cover says: something was taken back after it was closed."""
        return max((self.cover.form_count or 0) - self.forms, 0) if self.is_closed else 0


@dataclass(frozen=True, slots=True)
class KeyedRow:
    """One person's form in a batch.

    Args:
        order: place in the stack, from 1.
        code: digits of the form's code as they are read.
        detail: household code and the like, to tell people of one name apart.
        facts: shares that the register counts for this form.
        locked: why no answers are taken (recognised, dead, …); empty when they are.
        stale: answers that a newer form of the criteria has no place for; they stay stored and are not shown.
    """

    subject: Uid
    order: int
    code: str
    name: str
    birth: str
    detail: str
    values: Mapping[str, float]
    facts: Mapping[str, FactValue] = field(default_factory=lambda: NO_FACTS)
    locked: str = ""
    total: float | None = None


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """How a row stands: made for rows that are looked at, not for the whole batch."""

    verdict: Verdict
    short: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A batch as a grid."""

    batch: BatchRecord
    definition: CriteriaSet
    rows: tuple[KeyedRow, ...]


@dataclass(frozen=True, slots=True)
class SavedCell:
    """One cell that reached the disk, with its row as it stands now."""

    row: KeyedRow
    saved_at: dt.datetime


def is_counted(row: KeyedRow, indicator: Indicator) -> bool:
    """The register counts this indicator of this form itself, so nothing is typed."""
    if indicator.answer_type is not AnswerType.PERCENT or indicator.fact is None:
        return False
    fact = row.facts.get(indicator.fact)
    return fact is not None and fact.percent is not None


def is_complete(row: KeyedRow, definition: CriteriaSet) -> bool:
    """Every indicator is answered or counted."""
    return all(i.code in row.values or is_counted(row, i) for i in definition.indicators)


def missing_numbers(row: KeyedRow, definition: CriteriaSet) -> tuple[str, ...]:
    """Numbers of the indicators that are still empty, as printed."""
    return tuple(i.number for i in definition.indicators if i.code not in row.values and not is_counted(row, i))


def judge_row(row: KeyedRow, definition: CriteriaSet) -> RowVerdict:
    """Total, verdict and its sentence of one row."""
    from desktop_app.services.assessment.scoring import evaluate
    from desktop_app.services.assessment.verdict import sentence, short_verdict

    verdict = evaluate(definition, row.values, row.facts)
    return RowVerdict(verdict, short_verdict(definition, verdict), sentence(definition, verdict))
