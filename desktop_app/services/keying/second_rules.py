"""How much of a stack is keyed twice: a share that follows each person's errors, and every case near a threshold.

Invariant: pure; the same batch, forms and share give the same sample on every machine, and a larger share contains the
sample of a smaller one.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.models.types import SetKind, Uid
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet

FIELDS = 10_000
"""Errors are told per so many fields."""

CLEAN_IN_TURN = 2
"""After so many batches without an error in a row the share is halved."""


@dataclass(frozen=True, slots=True)
class OwnShare:
    """The share from which one person's own adapting starts, as the office put it.

    Args:
        percent: of this person's forms.
        counted: batches that were finished before; they do not move it any more.
    """

    percent: float
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondRules:
    """What the office settles of second entry.

    Args:
        base_share: percent of the forms of somebody of whom nothing is known yet.
        least_share: percent below which clean batches do not bring a share.
        distance: points between a total and a pass mark or band within which a form is always keyed twice; of a
            checklist: chỉ tiêu not met, and percentage points from a threshold.
        floor_distance: points by which one score need only be off for the form to fall below the floor, or to come
            up to it, where its total passes or nearly does; 0 leaves the floor out. Most sound scores lie one or two
            points above a floor of five and most forms that fail fail by their total: counted by plain distance, 587
            of the 1,343 forms of the sample commune were near something, counted so 290, 274 of them by their total.
        most_errors: per 10,000 fields; a batch with more doubles the share.
        own: person → where that person's share starts.
    """

    base_share: float = 10
    least_share: float = 5
    distance: float = 2
    floor_distance: float = 1
    most_errors: float = 50
    own: Mapping[Uid, OwnShare] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished batch of one first keyer.

    Args:
        key: which batch.
        fields, errors: fields keyed twice, and those of which the settled value is not the first.
    """

    key: str
    fields: int
    errors: int

    @property
    def rate(self) -> float:
        """Errors per 10,000 fields."""
        return per_ten_thousand(self.errors, self.fields)


def per_ten_thousand(errors: int, fields: int) -> float:
    """Errors per 10,000 fields; 0 where nothing was keyed twice."""
    return errors * FIELDS / fields if fields else 0.0


def share_after(rules: SecondRules, outcomes: Iterable[Outcome], own: OwnShare | None = None) -> float:
    """The percent of a person's forms that are keyed twice now.

    The rule: it starts at the base share (or at the person's own). A batch with more than ``most_errors`` errors per
    10,000 fields doubles it, to at most 100; two batches without any error in turn halve it, to no less than
    ``least_share``; a batch with a few errors leaves it as it is and ends the row of clean ones. A start below
    ``least_share`` (0 too) is the office's will and stays until errors raise it.

    Args:
        outcomes: the person's finished batches, the oldest first.
    """
    share = own.percent if own is not None else rules.base_share
    counted = frozenset(own.counted) if own is not None else frozenset()
    clean = 0
    for outcome in outcomes:
        if outcome.key in counted or not outcome.fields:
            continue
        if outcome.rate > rules.most_errors:
            share, clean = min(100.0, max(share * 2, rules.least_share)), 0
        elif outcome.errors:
            clean = 0
        else:
            clean += 1
            if clean == CLEAN_IN_TURN:
                share, clean = min(share, max(rules.least_share, share / 2)), 0
    return share


def sample_of(seed: str, forms: Sequence[Uid], share: float) -> frozenset[Uid]:
    """The forms of a stack that are keyed twice: the share rounded up, chosen by nobody.

    Args:
        seed: the batch's uid, so that two machines choose the same.
        share: percent, 0 to 100.
    """
    count = min(len(forms), math.ceil(len(forms) * share / 100 - 1e-9))
    ranked = sorted(forms, key=lambda uid: hashlib.sha256(f"{seed}:{uid}".encode()).digest())
    return frozenset(ranked[:count])


def is_near_threshold(definition: CriteriaSet, values: Mapping[str, float], rules: SecondRules) -> bool:
    """Whether a slip of the finger could change what this form comes to: its total lies within the distance of the
    pass mark or of a band, or one score of a form that else passes would fall below the floor, or reach it, by the
    floor's distance; of a checklist, few chỉ tiêu are not met or a percentage is close to what is asked."""
    if definition.kind is SetKind.CHECKLIST:
        return _is_checklist_near(definition, values, rules.distance)
    total = sum(values.get(i.code, 0) for i in definition.indicators)
    marks = [definition.pass_mark.value] if definition.pass_mark else []
    marks += [band.min for band in definition.bands if band.min > 0]
    if any(abs(total - mark) <= rules.distance for mark in marks):
        return True
    floor, off = definition.least_score, rules.floor_distance
    if not floor or (marks and total < min(marks)):
        return False
    scores = (values[i.code] for i in definition.indicators if i.code in values)
    return any(score - off < floor <= score or score < floor <= score + off for score in scores)


def _is_checklist_near(definition: CriteriaSet, values: Mapping[str, float], distance: float) -> bool:
    unmet = 0
    for indicator in definition.indicators:
        value = values.get(indicator.code)
        if value is None:
            continue
        if indicator.answer_type is AnswerType.PERCENT:
            if any(abs(value - threshold.percent) <= distance for threshold in indicator.thresholds):
                return True
            unmet += value < (indicator.required_percent(1) or 0)
        else:
            unmet += not value
    return unmet <= distance
