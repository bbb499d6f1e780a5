"""The share that follows a person's errors, the sample nobody chooses, and what is near a threshold."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.criteria.definition import AnswerType
from desktop_app.services.criteria.loader import load_sets
from desktop_app.services.keying.second_rules import (
    Outcome,
    OwnShare,
    SecondRules,
    is_near_threshold,
    sample_of,
    share_after,
)

POINTS = next(item for item in load_sets() if item.key == "citizen.resident")
CHECKLIST = next(item for item in load_sets() if any(i.thresholds for i in item.indicators))
RULES = SecondRules()
CLEAN = Outcome("clean", 100, 0)
WRONG = Outcome("wrong", 100, 1)
FEW = Outcome("few", 1_000, 4)
uids = st.lists(st.uuids().map(lambda uid: uid.hex), unique=True, max_size=60)
outcomes = st.lists(
    st.builds(Outcome, st.text("abc", max_size=2), st.integers(0, 400), st.integers(0, 20)), max_size=30
)


def test_a_share_doubles_after_errors_and_halves_after_two_clean_batches() -> None:
    assert share_after(RULES, []) == 10
    assert share_after(RULES, [WRONG]) == 20
    assert share_after(RULES, [WRONG] * 5) == 100
    assert share_after(RULES, [CLEAN]) == 10
    assert share_after(RULES, [CLEAN, CLEAN]) == 5
    assert share_after(RULES, [CLEAN] * 6) == 5
    assert share_after(RULES, [WRONG, CLEAN, CLEAN]) == 10


def test_a_few_errors_leave_the_share_and_end_the_row_of_clean_batches() -> None:
    assert share_after(RULES, [CLEAN, FEW, CLEAN]) == 10
    assert share_after(RULES, [CLEAN, FEW, CLEAN, CLEAN]) == 5


def test_a_share_put_by_the_office_starts_anew_from_there() -> None:
    own = OwnShare(50, ("wrong",))
    assert share_after(RULES, [WRONG], own) == 50
    assert share_after(RULES, [WRONG, Outcome("later", 100, 1)], own) == 100
    assert share_after(RULES, [Outcome("a", 100, 0), Outcome("b", 100, 0)], OwnShare(0)) == 0


@given(outcomes, st.floats(0, 100), st.floats(0, 100), st.floats(0, 10_000))
def test_a_share_never_leaves_its_bounds(found: list[Outcome], base: float, least: float, most: float) -> None:
    rules = SecondRules(base_share=base, least_share=least, most_errors=most)
    assert min(base, least) <= share_after(rules, found) <= 100


@given(st.text(max_size=8), uids, st.floats(0, 100), st.floats(0, 100), st.randoms())
def test_a_sample_has_its_share_is_the_same_everywhere_and_grows_with_it(seed, forms, low, high, random) -> None:
    low, high = sorted((low, high))
    sample = sample_of(seed, forms, low)
    assert len(sample) == min(len(forms), math.ceil(len(forms) * low / 100 - 1e-9))
    assert sample <= frozenset(forms)
    mixed = list(forms)
    random.shuffle(mixed)
    assert sample_of(seed, mixed, low) == sample
    assert sample <= sample_of(seed, forms, high)


@given(st.data())
def test_every_form_within_the_distance_of_a_threshold_is_near_it(data: st.DataObject) -> None:
    definition = POINTS
    values = {i.code: data.draw(st.integers(0, int(i.max_score or 0))) for i in definition.indicators}
    distance = data.draw(st.integers(0, 6))
    rules = replace(RULES, distance=distance, floor_distance=data.draw(st.integers(0, 3)))
    total = sum(values.values())
    marks = [definition.pass_mark.value, *(band.min for band in definition.bands if band.min)]
    wanted = any(total - distance <= mark <= total + distance for mark in marks)
    floor = definition.floor.value if definition.floor else None
    passes = total >= min(marks)
    off = rules.floor_distance
    if floor is not None and passes:
        moved = ((value, value + sign * off) for value in values.values() for sign in (-1, 1))
        wanted = wanted or any((value >= floor) != (other >= floor) for value, other in moved)
    assert is_near_threshold(definition, values, rules) is wanted


def test_a_checklist_is_near_when_few_are_not_met_or_a_percentage_is_close() -> None:
    far = {i.code: 0.0 for i in CHECKLIST.indicators}
    met = {i.code: 100.0 if i.answer_type is AnswerType.PERCENT else 1.0 for i in CHECKLIST.indicators}
    percent = next(i for i in CHECKLIST.indicators if i.thresholds)
    close = percent.thresholds[0].percent - RULES.distance
    assert not is_near_threshold(CHECKLIST, far, RULES)
    assert is_near_threshold(CHECKLIST, met, RULES)
    assert is_near_threshold(CHECKLIST, {**far, percent.code: close}, RULES)
    assert not is_near_threshold(CHECKLIST, {**far, percent.code: close - 0.5}, RULES)


def test_a_score_at_the_floor_matters_only_where_the_total_passes() -> None:
    codes = [i.code for i in POINTS.indicators]
    floor = POINTS.least_score
    rules = replace(RULES, distance=0, floor_distance=1)

    def near(rest: float, one: float) -> bool:
        return is_near_threshold(POINTS, {**dict.fromkeys(codes, rest), codes[0]: one}, rules)

    assert near(10, floor) and near(10, floor - 1)
    assert not near(10, floor + 1) and not near(10, floor - 2)
    assert not near(floor + 1, floor)
