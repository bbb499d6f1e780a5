"""An office's changes to a set: applied whole or refused with the place, never passing for the document's own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.criteria.checks import find_problems
from desktop_app.services.criteria.loader import get_set, load_sets
from desktop_app.services.criteria.overrides import SetOverrides, customised, read_overrides
from desktop_app.services.criteria.schema import dump_set, parse_set
from desktop_app.services.errors import UserError

FAMILY = get_set("family")
RESIDENT = get_set("citizen.resident")
COMMUNE = get_set("commune")


def test_no_changes_give_the_same_set() -> None:
    for definition in load_sets():
        assert customised(definition, {}) == definition


def test_a_changed_pass_mark_judges_and_no_longer_passes_for_official() -> None:
    own = customised(RESIDENT, {"pass_mark": 70})
    assert own.pass_mark is not None
    assert (own.pass_mark.value, own.pass_mark.status, own.pass_mark.is_changed) == (70, TextStatus.SUGGESTED, True)
    sevens = dict.fromkeys(own.by_code, 7)
    assert evaluate(own, sevens).passed and not evaluate(RESIDENT, sevens).passed
    assert RESIDENT.pass_mark is not None and RESIDENT.pass_mark.value == 80


def test_the_number_that_stands_already_is_no_change() -> None:
    assert customised(RESIDENT, {"pass_mark": 80, "floor": 5, "indicators": {"1": {"max_score": 10}}}) == RESIDENT


def test_a_floor_can_be_put_and_taken_away() -> None:
    assert customised(RESIDENT, {"floor": None}).floor is None
    own = customised(FAMILY, {"floor": 4})
    assert own.floor is not None and own.floor.value == 4 and own.floors == (4,) * 8


def test_words_from_the_paper_copy_are_flagged_as_the_offices() -> None:
    own = customised(COMMUNE, {"indicators": {"3.1": {"text": "  Lời trong bản giấy  ", "status": "official"}}})
    row = own.by_code["3.1"]
    assert (row.text, row.status, row.is_changed) == ("Lời trong bản giấy", TextStatus.OFFICIAL, True)
    assert row.status_text == "Do cơ quan đặt, theo văn bản"
    plain = customised(RESIDENT, {"indicators": {"1": {"text": "Lời khác"}}}).by_code["1"]
    assert (plain.status, plain.status_text) == (TextStatus.SUGGESTED, "Do cơ quan đặt")


def test_a_changed_maximum_takes_total_criterion_and_levels_with_it() -> None:
    own = customised(RESIDENT, {"indicators": {"1": {"max_score": 20}}})
    assert own.max_total == 110
    assert own.criteria[0].max_score == 50
    assert [(lv.key, lv.min, lv.max) for lv in own.by_code["1"].levels] == [
        ("A", 18, 20),
        ("B", 14, 17),
        ("C", 10, 13),
        ("D", 0, 9),
    ]
    assert own.by_code["1"].max_status is TextStatus.SUGGESTED


def test_a_changed_maximum_leaves_the_wordings_status_as_it_was() -> None:
    shipped = COMMUNE.by_code["5.1"]
    threshold = customised(COMMUNE, {"indicators": {"5.1": {"percents": {"1": 55}}}}).by_code["5.1"]
    assert (threshold.status, threshold.status_text) == (shipped.status, shipped.status_text)
    assert threshold.is_number_changed and not threshold.is_changed
    was = RESIDENT.by_code["1"]
    row = customised(RESIDENT, {"indicators": {"1": {"max_score": 20}}}).by_code["1"]
    assert (row.status, row.status_text, row.is_changed) == (was.status, was.status_text, False)
    assert (row.max_status_text, row.is_number_changed) == ("Do cơ quan đặt", True)


def test_a_changed_wording_leaves_the_maximums_status_as_it_was() -> None:
    row = customised(RESIDENT, {"indicators": {"1": {"text": "Lời khác"}}}).by_code["1"]
    assert row.max_status_text == RESIDENT.by_code["1"].max_status_text != "Do cơ quan đặt"
    assert row.is_changed and not row.is_number_changed


def test_a_conditions_wording_share_and_switch_are_marked_apart() -> None:
    def condition(**change: Any) -> tuple[bool, bool, bool, str]:
        (item,) = customised(get_set("clan"), {"prerequisites": {"families_with_title": change}}).prerequisites
        return item.is_changed, item.is_percent_changed, item.is_switched, item.percent_status_text

    shipped = get_set("clan").prerequisites[0].percent_status_text
    assert condition(percent=60) == (False, True, False, "Do cơ quan đặt")
    assert condition(text="Lời xã") == (True, False, False, shipped)
    assert condition(is_enabled=False) == (False, False, True, shipped)


def test_a_threshold_and_a_condition_can_be_changed() -> None:
    own = customised(COMMUNE, {"indicators": {"5.1": {"percents": {"1": 55}}}})
    assert own.by_code["5.1"].required_percent(1) == 55
    assert own.by_code["5.1"].required_percent(2) == 70
    clan = customised(get_set("clan"), {"prerequisites": {"families_with_title": {"percent": 60, "is_enabled": False}}})
    (condition,) = clan.prerequisites
    assert (condition.percent, condition.percent_status, condition.is_enabled) == (60, TextStatus.SUGGESTED, False)
    assert condition.status is TextStatus.OFFICIAL


def test_half_points_reach_every_indicator() -> None:
    own = customised(RESIDENT, {"allows_half_points": True})
    assert {i.step for i in own.indicators} == {0.5}
    assert customised(own, {"allows_half_points": False}) == RESIDENT


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"pass_mark": 101}, "pass_mark: phải trên 0 và không quá tổng điểm tối đa 100"),
        ({"pass_mark": "80"}, "pass_mark"),
        ({"pass_mark": True}, "pass_mark"),
        ({"pass_mark": float("nan")}, "pass_mark: phải là số hữu hạn"),
        ({"floor": 11}, "floor: điểm sàn 11 cao hơn điểm tối đa 10"),
        ({"colour": 1}, "colour: chương trình không biết mục này"),
        ({"indicators": {"11": {"max_score": 5}}}, "indicators › 11: không có trong bộ tiêu chí này"),
        ({"indicators": {"1": {"max_score": 7.5}}}, "chỉ số 1 › max_score"),
        ({"indicators": {"1": {"text": "   "}}}, "indicators › 1 › text"),
        ({"indicators": {"1": {"max_score": 2}}}, "chỉ số 1 › floor"),
        ({"indicators": {"1": {"percents": {"1": 50}}}}, "không có ngưỡng ở mức độ đó"),
        ({"prerequisites": {"x": {"is_enabled": True}}}, "prerequisites › x: không có"),
        ({"bands": {"good": 90}}, "bands › good: không có"),
        ({"criteria": {"IX": "Tên"}}, "criteria › IX: không có"),
    ],
)
def test_changes_that_cannot_be_are_refused_with_the_place(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(UserError) as caught:
        customised(RESIDENT, changes)
    assert caught.value.code == "criteria.override_invalid"
    assert place in caught.value.message


def test_changes_are_stored_as_given_and_read_again() -> None:
    changes = {
        "pass_mark": 75.0,
        "floor": None,
        "indicators": {"3.1": {"max_score": 25.0}},
        "prerequisites": {"adults_with_title": {"is_enabled": True}},
    }
    stored = read_overrides(changes).as_json()
    assert stored == changes
    assert customised(FAMILY, stored) == customised(FAMILY, SetOverrides.model_validate(changes))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(load_sets()), st.data())
def test_changed_maxima_and_marks_give_a_sound_set_or_a_refusal(definition: Any, data: st.DataObject) -> None:
    codes = st.sampled_from(list(definition.by_code))
    changes: dict[str, Any] = {
        "indicators": {
            code: {"max_score": data.draw(st.integers(1, 60))} for code in data.draw(st.sets(codes, max_size=3))
        }
    }
    if data.draw(st.booleans()):
        changes["pass_mark"] = data.draw(st.integers(1, 150))
    try:
        own = customised(definition, changes)
    except UserError as error:
        assert error.code == "criteria.override_invalid"
        return
    assert find_problems(own) == []
    assert parse_set(dump_set(own), "bản lưu", is_snapshot=True) == own
    if definition.kind is SetKind.POINTS:
        assert own.pass_mark is not None and own.pass_mark.value <= own.max_total
        assert evaluate(own, {i.code: i.max_score for i in own.indicators}).total == own.max_total
