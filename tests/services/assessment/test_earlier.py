"""Last year's form beside this year's: what may be compared, and what is said where it may not."""

from __future__ import annotations

import dataclasses

from desktop_app.models.types import ReviewOutcome, ReviewStage
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.checks import find
from desktop_app.services.assessment.earlier import compare_sets
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.office import sets_in_use
from tests.services.assessment.world import CITIZEN, YEAR, add_people, fill


def resident(context: Context) -> CriteriaSet:
    return next(s.definition for s in sets_in_use(context) if s.definition.key == "citizen.resident")


def with_maximum(definition: CriteriaSet, code: str, maximum: float) -> CriteriaSet:
    criteria = tuple(
        dataclasses.replace(
            each,
            indicators=tuple(
                dataclasses.replace(i, max_score=maximum) if i.code == code else i for i in each.indicators
            ),
        )
        for each in definition.criteria
    )
    return dataclasses.replace(definition, version="2099.1", criteria=criteria)


def test_last_years_total_and_verdict_are_read_with_the_form(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person, share=0.9)
    open_round(context, YEAR + 1)
    earlier = open_form(context, CITIZEN, person, YEAR + 1).earlier
    assert earlier is not None
    assert earlier.line == f"Năm {YEAR}: 90/100 điểm, đạt"
    assert earlier.comparable == earlier.answers
    assert (earlier.max_total, earlier.note) == (100, "")


def test_another_group_of_last_year_gives_its_total_but_no_values(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "worker"}])
    answer(context, CITIZEN, person, YEAR, "1", 5)
    open_round(context, YEAR + 1)
    with context.operation("citizen.edit", {}) as op:
        row = op.writer.references.id("citizen", person)
        from desktop_app.models.tables import registry

        op.writer.update(registry.citizen, row, {"citizen_group": "resident"})
    earlier = open_form(context, CITIZEN, person, YEAR + 1).earlier
    assert earlier is not None
    assert (earlier.total, earlier.comparable) == (5, {})
    assert "bộ tiêu chí khác" in earlier.note


def test_of_another_version_only_indicators_with_the_same_maximum_are_compared(context: Context) -> None:
    before = resident(context)
    now = with_maximum(before, "2", 15)
    values, note = compare_sets(2025, before, now, {"1": 7, "2": 8})
    assert values == {"1": 7}
    assert note == (
        f"Năm 2025 chấm theo phiên bản {before.version}; chỉ số 2 đã khác (mới hoặc đổi điểm tối đa) nên không đặt "
        "điểm cũ bên cạnh."
    )
    assert compare_sets(2025, before, before, {"1": 7}) == ({"1": 7}, "")


def test_a_form_whose_set_is_not_known_gives_no_values(context: Context) -> None:
    values, note = compare_sets(2025, None, resident(context), {"1": 7})
    assert values == {}
    assert note.startswith("Năm 2025 chấm theo bộ tiêu chí khác nên")


def test_a_form_left_unfinished_or_returned_is_told_so_and_its_total_warns_of_nothing(
    context: Context,
) -> None:
    _, (person, other) = add_people(context, [{"citizen_group": "resident"}] * 2)
    answer(context, CITIZEN, person, YEAR, "1", 5)
    fill(context, CITIZEN, other, share=0.9)
    record_review(
        context, CITIZEN, YEAR, [other], ReviewOutcome.RETURNED, stage=ReviewStage.HAMLET, reason="Nhầm người"
    )
    open_round(context, YEAR + 1)
    fill(context, CITIZEN, person, share=0.9, year=YEAR + 1)
    state = open_form(context, CITIZEN, person, YEAR + 1)
    assert state.earlier is not None
    assert state.earlier.line == f"Năm {YEAR}: 5/100 điểm, chấm chưa xong"
    assert not [item for item in find(state) if "cao hơn năm" in item.text]
    returned = open_form(context, CITIZEN, other, YEAR + 1).earlier
    assert returned is not None
    assert (returned.line, returned.passed) == (f"Năm {YEAR}: 90/100 điểm, bị trả lại", False)
