"""The rules of scoring, one by one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import CitizenGroup
from desktop_app.services.assessment.cheapest import Step
from desktop_app.services.assessment.scoring import (
    NO_FACTS,
    ReasonKind,
    Verdict,
    evaluate,
    level_for,
    quick_verdict,
    validate_answer,
)
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.criteria.loader import citizen_group_names, get_set
from desktop_app.services.criteria.overrides import customised

CITIZENS = [f"citizen.{group}" for group in CitizenGroup]
RESIDENT = get_set("citizen.resident")


def judge(definition: CriteriaSet, scores: list[Any], facts: Mapping[str, FactValue] = NO_FACTS) -> Verdict:
    return evaluate(definition, dict(zip(definition.by_code, scores, strict=False)), facts)


def kinds(verdict: Verdict) -> list[ReasonKind]:
    return [r.kind for r in verdict.reasons]


@pytest.mark.parametrize("key", CITIZENS)
def test_eighty_with_every_score_at_least_five_passes(key: str) -> None:
    assert judge(get_set(key), [10, 10, 10, 10, 10, 10, 5, 5, 5, 5]).passed
    assert judge(get_set(key), [8] * 10).passed


@pytest.mark.parametrize("key", CITIZENS)
def test_ninety_four_with_one_four_does_not_pass(key: str) -> None:
    verdict = judge(get_set(key), [10] * 9 + [4])
    assert (verdict.total, verdict.passed, verdict.shortfall) == (94, False, 1)
    assert kinds(verdict) == [ReasonKind.BELOW_FLOOR]
    assert verdict.way == (Step("10", 4, 5),)


def test_ninety_five_with_one_four_does_not_pass_either() -> None:
    wide = customised(RESIDENT, {"indicators": {"1": {"max_score": 11}}})
    verdict = judge(wide, [11] + [10] * 8 + [4])
    assert (verdict.total, verdict.passed) == (95, False)


def test_seventy_nine_does_not_pass_and_exactly_five_is_allowed() -> None:
    verdict = judge(RESIDENT, [10, 10, 10, 10, 10, 10, 5, 5, 5, 4 + 0])
    assert ReasonKind.BELOW_FLOOR in kinds(verdict)
    assert kinds(judge(RESIDENT, [9, 10, 10, 10, 10, 10, 5, 5, 5, 5])) == [ReasonKind.TOTAL_SHORT]


def test_a_form_with_a_gap_does_not_pass_even_with_points_enough() -> None:
    verdict = judge(RESIDENT, [10] * 9)
    assert (verdict.passed, verdict.complete, verdict.missing) == (False, False, ("10",))
    assert quick_verdict(RESIDENT, [10] * 9 + [None]) == (90, False)


def test_an_answer_that_cannot_be_counts_as_missing_and_is_told() -> None:
    verdict = judge(RESIDENT, [11, True, math.nan, "9", 7.5, -1, 8, 8, 8, 8])
    assert verdict.total == 32
    assert verdict.missing == ("1", "2", "3", "4", "5", "6")
    assert kinds(verdict)[:6] == [ReasonKind.INVALID_ANSWER] * 6


def test_points_go_first_to_the_score_below_the_floor() -> None:
    verdict = judge(RESIDENT, [9, 8, 8, 9, 8, 4, 8, 8, 8, 8])
    assert verdict.way == (Step("6", 4, 6),)
    assert verdict.shortfall == 2


def test_points_left_over_go_to_the_unanswered_ones_evenly() -> None:
    verdict = judge(RESIDENT, [9, 8, 8, 9, 8, 4, 7])
    assert verdict.shortfall == 27
    assert verdict.way == (Step("6", 4, 5), Step("8", None, 9), Step("9", None, 9), Step("10", None, 8))


def test_where_the_unanswered_cannot_carry_it_the_lowest_are_raised() -> None:
    verdict = judge(RESIDENT, [5, 6, 6, 6, 7, 7, 7, 7, 7])
    assert verdict.way == (Step("1", 5, 10), Step("2", 6, 10), Step("3", 6, 9), Step("10", None, 10))


def test_the_expected_scores_of_the_sample_come_out_as_expected(samples: Path) -> None:
    groups = {name: group for group, names in citizen_group_names().items() for name in names}
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["scores"]
    assert len(expected) > 100
    for person in expected:
        definition = get_set(f"citizen.{groups[person['group']]}")
        verdict = judge(definition, person["scores"])
        assert (verdict.total, verdict.passed) == (person["total"], person["passed"]), person["name"]


@pytest.mark.parametrize(
    ("total", "band"), [(100, "Tốt"), (85, "Tốt"), (84, "Khá"), (70, "Khá"), (69, "Trung bình"), (50, "Trung bình")]
)
def test_bands_of_circular_22_begin_where_it_says(total: int, band: str) -> None:
    definition = get_set("organization.tt22")
    scores, left = [], total
    for indicator in definition.indicators:
        scores.append(min(left, int(indicator.max_score or 0)))
        left -= scores[-1]
    verdict = judge(definition, scores)
    assert verdict.passed and verdict.band is not None and verdict.band.name == band


def test_below_fifty_there_is_no_band() -> None:
    verdict = judge(get_set("organization.tt22"), [10, 10, 10, 10, 5, 4, 0, 0, 0, 0])
    assert (verdict.total, verdict.passed, verdict.band) == (49, False, None)


def test_a_clan_needs_half_of_its_families() -> None:
    clan = get_set("clan")
    full = [i.max_score for i in clan.indicators]

    def with_families(count: int, of: int) -> Verdict:
        return judge(clan, full, {"clan.families_with_title_share": FactValue(count, of, "gia đình trong dòng họ")})

    assert with_families(10, 20).passed
    assert kinds(with_families(9, 20)) == [ReasonKind.PREREQUISITE_UNMET]
    assert with_families(9, 20).way == (Step("clan.families_with_title_share", 9, 10, is_fact=True),)
    assert kinds(with_families(0, 0)) == [ReasonKind.PREREQUISITE_UNKNOWN]
    assert kinds(judge(clan, full)) == [ReasonKind.PREREQUISITE_UNKNOWN]
    assert quick_verdict(clan, full) == (100, False)


def test_a_family_does_not_need_titled_adults_until_the_office_says_so() -> None:
    family = get_set("family")
    full = [i.max_score for i in family.indicators]
    facts = {"family.adults_with_title_share": FactValue(1, 2, "người lớn trong gia đình")}
    assert judge(family, full, facts).passed
    strict = customised(family, {"prerequisites": {"adults_with_title": {"is_enabled": True}}})
    assert not judge(strict, full, facts).passed


COMMUNE = get_set("commune")


def commune(share: tuple[int, int], **changes: Any) -> Verdict:
    answers = {i.code: 1 if not i.thresholds else 100 for i in COMMUNE.indicators} | changes
    facts = {"commune.citizens_with_title_share": FactValue(*share, "công dân có mặt trong xã")}
    return evaluate(COMMUNE, answers, facts)


def test_a_commune_needs_sixty_percent_of_its_citizens_and_not_one_less() -> None:
    assert commune((600, 1000)).grade == 1
    assert commune((599, 1000)).grade is None
    assert kinds(commune((599, 1000))) == [ReasonKind.THRESHOLD_UNMET]
    assert commune((2, 3), **{"5.1": 0}).grade == 1


def test_a_commune_reaches_grade_two_by_the_higher_thresholds() -> None:
    verdict = commune((70, 100))
    assert (verdict.grade, verdict.next_grade, verdict.way) == (2, None, ())
    below = commune((69, 100))
    assert (below.grade, below.next_grade) == (1, 2)
    assert below.way == (Step("commune.citizens_with_title_share", 69, 70, is_fact=True),)


def test_a_counted_share_stands_before_a_typed_one_and_nobody_to_count_leaves_the_typed() -> None:
    assert not commune((1, 100), **{"5.1": 99}).passed
    assert commune((0, 0), **{"5.1": 99}).passed


def test_one_thing_not_met_is_enough_to_fail_a_checklist() -> None:
    verdict = commune((80, 100), **{"2.1": False})
    assert (verdict.passed, verdict.total, verdict.shortfall) == (False, 14, 1)
    assert verdict.way == (Step("2.1", 0, 1),)


@pytest.mark.parametrize("value", [True, False, math.nan, math.inf, "8", None, 7.5, -1, 11, 10.5, [8], 10**400])
def test_what_is_not_a_whole_number_within_the_maximum_is_refused(value: object) -> None:
    problem = validate_answer(RESIDENT.indicators[0], value)
    assert problem is not None and problem.code.startswith("answer.") and problem.message.endswith(".")


@pytest.mark.parametrize("value", [0, 5, 10, 7.0])
def test_whole_numbers_within_the_maximum_are_taken(value: float) -> None:
    assert validate_answer(RESIDENT.indicators[0], value) is None


def test_halves_are_taken_only_where_the_set_allows_them() -> None:
    halves = customised(RESIDENT, {"allows_half_points": True})
    assert validate_answer(halves.indicators[0], 7.5) is None
    problem = validate_answer(halves.indicators[0], 7.25)
    assert problem is not None and problem.code == "answer.wrong_step"
    assert judge(halves, [8.5] * 9 + [5]).total == 81.5


@pytest.mark.parametrize(("value", "code"), [(2, "answer.not_yes_no"), ("có", "answer.not_yes_no")])
def test_a_yes_or_no_takes_nothing_else(value: object, code: str) -> None:
    problem = validate_answer(COMMUNE.by_code["1.1"], value)
    assert problem is not None and problem.code == code
    assert validate_answer(COMMUNE.by_code["1.1"], True) is None
    assert validate_answer(COMMUNE.by_code["1.1"], 0) is None


@pytest.mark.parametrize("value", [-0.1, 100.5, 33.333, True, "60"])
def test_a_percentage_is_a_number_to_a_hundred_with_two_decimals(value: object) -> None:
    assert validate_answer(COMMUNE.by_code["5.1"], value) is not None


def test_a_percentage_with_two_decimals_is_taken() -> None:
    assert all(validate_answer(COMMUNE.by_code["5.1"], v) is None for v in (0, 59.99, 33.3, 100))


@pytest.mark.parametrize(
    ("score", "key"), [(10, "A"), (9, "A"), (8, "B"), (7, "B"), (6, "C"), (5, "C"), (4, "D"), (0, "D")]
)
def test_each_score_lies_in_one_level(score: int, key: str) -> None:
    level = level_for(RESIDENT.indicators[0], score)
    assert level is not None and level.key == key


def test_a_half_between_two_levels_lies_in_the_lower_and_nonsense_in_none() -> None:
    level = level_for(RESIDENT.indicators[0], 8.5)
    assert level is not None and level.key == "B"
    assert level_for(RESIDENT.indicators[0], None) is None
    assert level_for(RESIDENT.indicators[0], 11) is None
