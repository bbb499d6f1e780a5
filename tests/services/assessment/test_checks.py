"""Faults, warnings kept with a reason, and what is missing: told apart; and who filled a form, and when."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.checks import Finding, FindingKind, find
from desktop_app.services.assessment.evidence import add_note
from desktop_app.services.assessment.form import FormState, open_form
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.assessment.signing import checked_day, keep_with_reason, proposed_assessor, sign_form
from desktop_app.services.context import Context
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.errors import UserError
from tests.services.assessment.test_photos import undo_last
from tests.services.assessment.world import CITIZEN, YEAR, add_people, fill, operations

TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def person(context: Context) -> str:
    return add_people(context, [{"full_name": "Nguyễn Thị Lan", "citizen_group": "resident"}])[1][0]


def form(context: Context, person: str, year: int = YEAR) -> FormState:
    return open_form(context, CITIZEN, person, year)


def of(state: FormState, kind: FindingKind) -> list[Finding]:
    return [item for item in find(state) if item.kind is kind]


def test_an_empty_form_has_nothing_to_tell(context: Context, person: str) -> None:
    assert find(form(context, person)) == ()


def test_what_is_missing_is_listed_until_the_form_is_whole_and_signed(context: Context, person: str) -> None:
    answer(context, CITIZEN, person, YEAR, "1", 7)
    (missing,) = of(form(context, person), FindingKind.MISSING)
    assert (missing.code, missing.text) == ("2", "Chỉ số 2, 3, 4, 5, 6, 7, 8, 9, 10 chưa trả lời.")
    for code in range(2, 11):
        answer(context, CITIZEN, person, YEAR, str(code), 7)
    assert [item.text for item in of(form(context, person), FindingKind.MISSING)] == [
        "Chưa ghi người chấm và ngày chấm."
    ]
    sign_form(context, CITIZEN, person, YEAR, "Nguyễn Thị Lan", "1/2/2026")
    assert find(form(context, person)) == ()


def test_a_full_score_without_evidence_is_a_warning_until_evidence_or_a_reason(context: Context, person: str) -> None:
    answer(context, CITIZEN, person, YEAR, "1", 10)
    (warning,) = of(form(context, person), FindingKind.WARNING)
    assert (warning.code, warning.text) == ("1", "Chỉ số 1 chấm tối đa 10 mà chưa có minh chứng.")
    keep_with_reason(context, CITIZEN, person, YEAR, "1", "  Cả thôn đều biết ")
    assert of(form(context, person), FindingKind.WARNING) == []
    (kept,) = of(form(context, person), FindingKind.KEPT)
    assert kept.reason == "Cả thôn đều biết"
    undo_last(context)
    assert of(form(context, person), FindingKind.WARNING) == [warning]
    add_note(context, CITIZEN, person, YEAR, "1", "Trưởng thôn xác nhận")
    assert of(form(context, person), FindingKind.WARNING) == []


@pytest.mark.parametrize(("share", "warned"), [(0.6, True), (0.7, False)])
def test_a_total_far_from_last_years_asks_for_a_reason(
    context: Context, person: str, share: float, warned: bool
) -> None:
    fill(context, CITIZEN, person, share=0.9)
    open_round(context, YEAR + 1)
    for code in range(1, 11):
        answer(context, CITIZEN, person, YEAR + 1, str(code), int(share * 10))
    state = form(context, person, YEAR + 1)
    said = [item.text for item in of(state, FindingKind.WARNING)]
    assert said == (["Tổng 60 thấp hơn năm 2026 (90) tới 30 điểm."] if warned else [])
    if warned:
        keep_with_reason(context, CITIZEN, person, YEAR + 1, "", "Ốm cả năm")
        (kept,) = of(form(context, person, YEAR + 1), FindingKind.KEPT)
        assert (kept.code, kept.reason) == ("", "Ốm cả năm")


def test_a_score_against_what_the_register_counts_is_a_warning(context: Context, person: str) -> None:
    answer(context, CITIZEN, person, YEAR, "1", 9)
    state = form(context, person)
    criteria = state.definition.criteria
    key = next(iter(FACTS))
    first = dataclasses.replace(criteria[0].indicators[0], fact=key)
    changed = dataclasses.replace(criteria[0], indicators=(first, *criteria[0].indicators[1:]))
    definition = dataclasses.replace(state.definition, criteria=(changed, *criteria[1:]))
    for counted, warned in ((10, True), (60, False)):
        fact = FactValue(numerator=counted, denominator=100, denominator_name="gia đình")
        found = of(dataclasses.replace(state, definition=definition, facts={key: fact}), FindingKind.WARNING)
        assert bool(found) == warned
        assert all("chấm 9/10 mà theo sổ mới 10%" in item.text for item in found)


def test_a_stored_answer_that_the_set_does_not_allow_is_a_fault(context: Context, person: str) -> None:
    answer(context, CITIZEN, person, YEAR, "1", 9)
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE answer SET value = 14")
    (fault,) = of(form(context, person), FindingKind.ERROR)
    assert fault.code == "1"
    assert fault.text.startswith("Chỉ số 1: ")
    assert find(form(context, person))[0] == fault


def test_a_reason_needs_an_answer_and_is_not_endless(context: Context, person: str) -> None:
    for code, words, expected in (("1", "vì", "reason.no_answer"), ("", "vì", "reason.no_answer")):
        with pytest.raises(UserError) as refused:
            keep_with_reason(context, CITIZEN, person, YEAR, code, words)
        assert refused.value.code == expected
    with pytest.raises(UserError) as refused:
        keep_with_reason(context, CITIZEN, person, YEAR, "1", "a" * 501)
    assert refused.value.code == "reason.long"


def test_who_filled_the_form_and_when_is_saved_as_given_and_undone(context: Context, person: str) -> None:
    sign_form(context, CITIZEN, person, YEAR, "  Lê  Thị Hạnh ", "5/2/2026")
    state = form(context, person)
    assert (state.assessor, state.assessed_on) == ("Lê Thị Hạnh", "2026-02-05")
    assert operations(context)[-1] == "assessment.sign"
    undo_last(context)
    assert form(context, person).assessor == ""


def test_a_citizens_form_proposes_the_person_and_others_who_works_now(context: Context, person: str) -> None:
    assert proposed_assessor(context, CITIZEN, "Nguyễn Thị Lan") == "Nguyễn Thị Lan"
    assert proposed_assessor(context, LearningModel.FAMILY, "Hộ Nguyễn Thị Lan") == "Cán bộ xã"


@pytest.mark.parametrize(
    ("typed", "code"), [("31/2/2026", "sign.bad_date"), ("2026", "sign.bad_date"), ("23/11/2026", "sign.future")]
)
def test_a_day_that_is_none_or_has_not_come_is_refused(typed: str, code: str) -> None:
    with pytest.raises(UserError) as refused:
        checked_day(typed, TODAY)
    assert refused.value.code == code


def test_a_day_without_a_name_and_an_endless_name_are_refused(context: Context, person: str) -> None:
    for name, day, code in (("", "1/2/2026", "sign.no_name"), ("a" * 121, "", "sign.long_name")):
        with pytest.raises(UserError) as refused:
            sign_form(context, CITIZEN, person, YEAR, name, day)
        assert refused.value.code == code
    assert form(context, person).registration is None
