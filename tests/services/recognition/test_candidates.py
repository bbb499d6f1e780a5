"""Who can be recognised and who is left out, each with a sentence that says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from desktop_app.models.tables import assessment as assessment_tables
from desktop_app.models.tables import registry
from desktop_app.models.tables.sync import conflict
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import confirm_set, set_in_use
from desktop_app.services.errors import UserError
from desktop_app.services.recognition.candidates import candidate_counts, candidate_source, candidates
from desktop_app.services.recognition.records import Candidate, CandidateFilter, CandidateState
from tests.factories import add_household, make_register
from tests.services.recognition.people import FAIL, PARTIAL, PASS, YEAR, fill, values_for

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY
NAMES = ("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Thị Đào", "K'Tùng")


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    yield made
    made.close()


def change(context: Context, table: Any, uid: Uid, **values: Any) -> None:
    with context.operation("citizen.edit") as op:
        row_id = op.connection.execute(select(table.c.id).where(table.c.uid == uid)).scalar_one()
        op.writer.update(table, row_id, values)


def only(context: Context, model: LearningModel = CITIZEN) -> Candidate:
    found = candidates(context, YEAR, model)
    assert len(found.ready) + len(found.left_out) == 1
    return (found.ready + found.left_out)[0]


def one(context: Context, outcome: str = PASS) -> Uid:
    _, (uid,) = add_household(context)
    fill(context, CITIZEN, {uid: outcome})
    return uid


def test_who_passes_can_be_recognised_and_the_result_is_told(context: Context) -> None:
    one(context)
    found = only(context)
    assert found.state is CandidateState.READY
    assert (found.name, found.hamlet, found.detail, found.result) == (
        "Nguyễn Văn Ước",
        "Thôn 1",
        "01-0001",
        "100 điểm",
    )
    assert found.reason.startswith("Đạt")


def test_who_fails_is_left_out_with_the_verdict_itself(context: Context) -> None:
    uid = one(context, FAIL)
    found = only(context)
    assert found.state is CandidateState.FAILED
    assert found.uid == uid
    assert found.reason.startswith("Chưa đạt: 40/80 điểm") and "Nếu" in found.reason


def test_a_form_begun_but_not_finished_says_what_is_missing(context: Context) -> None:
    one(context, PARTIAL)
    assert only(context).state is CandidateState.INCOMPLETE
    assert "9 chỉ số chưa chấm" in only(context).reason


def test_registered_but_never_assessed_is_told_too(context: Context) -> None:
    _, (uid,) = add_household(context)
    with context.operation("registration.add", {"count": 1, "model": "citizen", "year": YEAR}) as op:
        round_id = op.connection.execute(select(assessment_tables.assessment_round.c.id)).scalar_one()
        values = {"assessment_round_id": round_id, "model": "citizen", "subject": uid}
        op.writer.insert(assessment_tables.registration, values, uid=keys.registration_uid(YEAR, CITIZEN, uid))
    found = only(context)
    assert found.state is CandidateState.NOT_ASSESSED and found.assessment is None and found.result == ""


def test_who_never_registered_is_nobody_s_concern(context: Context) -> None:
    add_household(context)
    assert candidates(context, YEAR, CITIZEN) == candidates(context, YEAR, FAMILY)


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"life_status": "dead"}, CandidateState.DEAD),
        ({"life_status": "moved"}, CandidateState.MOVED),
        ({"present": False}, CandidateState.ABSENT),
        ({"full_name": "  "}, CandidateState.NAMELESS),
    ],
)
def test_the_dead_the_moved_and_the_absent_are_left_out(
    context: Context, values: dict[str, Any], state: CandidateState
) -> None:
    change(context, registry.citizen, one(context), **values)
    assert only(context).state is state
    assert only(context).reason


def test_who_is_away_for_a_time_is_recognised_all_the_same(context: Context) -> None:
    change(context, registry.citizen, one(context), life_status="away")
    assert only(context).state is CandidateState.READY


def test_a_form_returned_by_a_review_gives_the_review_s_reason(context: Context) -> None:
    uid = one(context)
    form = keys.assessment_uid(YEAR, CITIZEN, uid)
    change(context, assessment_tables.assessment, form, status="returned")
    with context.operation("review.record", {"count": 1}) as op:
        row_id = op.connection.execute(
            select(assessment_tables.assessment.c.id).where(assessment_tables.assessment.c.uid == form)
        ).scalar_one()
        values = {"assessment_id": row_id, "outcome": "returned", "reason": "thiếu minh chứng chỉ số 6"}
        op.writer.insert(assessment_tables.review, values)
    assert only(context).state is CandidateState.RETURNED
    assert only(context).reason == "Bị trả lại khi thẩm định: thiếu minh chứng chỉ số 6"


def test_a_suggested_set_waits_until_the_office_confirms_it(context: Context) -> None:
    home, _ = add_household(context)
    fill(context, FAMILY, {home: PASS})
    assert only(context, FAMILY).state is CandidateState.UNCONFIRMED
    assert "bộ tiêu chí gợi ý chưa được cơ quan xác nhận" in only(context, FAMILY).reason
    with context.read() as connection:
        used = set_in_use(connection, FAMILY)
    confirm_set(context, used.uid, "12/NQ-HKH", dt.date(2026, 1, 5))
    assert only(context, FAMILY).state is CandidateState.READY


def test_two_machines_that_disagree_are_settled_before_anybody_is_recognised(context: Context) -> None:
    uid = one(context)
    with context.database.write() as connection:
        answer = connection.execute(select(assessment_tables.answer.c.uid).limit(1)).scalar_one()
        connection.execute(
            insert(conflict).values(
                uid="0" * 32, table_code=34, row_uid=bytes.fromhex(answer), field="value", device="1" * 32,
                operation_uid="2" * 32, reason="differs", at=0,
            )
        )  # fmt: skip
    assert only(context).state is CandidateState.DISPUTED
    assert only(context).uid == uid


def test_a_family_is_named_by_its_head_and_by_the_next_when_the_head_has_died(context: Context) -> None:
    home, people = add_household(context, members=("Trần Văn Đức", "Lê Thị Sáu"))
    fill(context, FAMILY, {home: PASS})
    assert only(context, FAMILY).name == "Trần Văn Đức"
    change(context, registry.citizen, people[0], life_status="dead")
    assert only(context, FAMILY).name == "Lê Thị Sáu"


def test_the_order_is_hamlet_then_household_code_then_place(context: Context) -> None:
    wanted = []
    for hamlet, code in (("Thôn 2", "02-0010"), ("Thôn 1", "01-0010"), ("Thôn 1", "01-0009")):
        _, people = add_household(context, code, hamlet=hamlet, members=NAMES[:2])
        wanted = people + wanted
    fill(context, CITIZEN, dict.fromkeys(reversed(wanted), PASS))
    assert [item.uid for item in candidates(context, YEAR, CITIZEN).ready] == wanted


def test_counts_and_pages_agree_with_the_whole_list(context: Context) -> None:
    outcomes = {}
    for number, outcome in enumerate((PASS, FAIL, PARTIAL, PASS, PASS)):
        hamlet = f"Thôn {1 + number % 2}"
        _, (uid,) = add_household(
            context, f"0{1 + number % 2}-000{number}", hamlet=hamlet, members=(NAMES[number % 4],)
        )
        outcomes[uid] = outcome
    fill(context, CITIZEN, outcomes)
    counts = candidate_counts(context, YEAR, CITIZEN)
    assert (counts.ready, counts.left_out, counts.total) == (3, 2, 5)
    assert [(name, ready) for _, name, ready in counts.hamlets] == [("Thôn 1", 2), ("Thôn 2", 1)]
    whole = candidates(context, YEAR, CITIZEN)
    ready = candidate_source(context, YEAR, CITIZEN, CandidateFilter(is_ready=True))
    others = candidate_source(context, YEAR, CITIZEN, CandidateFilter(is_ready=False))
    assert (ready.count(), others.count()) == (3, 2)
    assert tuple(ready.rows(0, 2)) + tuple(ready.rows(2, 2)) == whole.ready
    assert tuple(others.rows(0, 9)) == whole.left_out


def test_a_list_is_filtered_by_hamlet_name_and_state_and_sorted_by_name(context: Context) -> None:
    _, first = add_household(context, "01-0001", members=NAMES[:2])
    _, second = add_household(context, "02-0001", hamlet="Thôn 2", members=NAMES[2:])
    fill(context, CITIZEN, {**dict.fromkeys([*first, *second], PASS), second[1]: FAIL})
    counts = candidate_counts(context, YEAR, CITIZEN)

    def names(**filters: Any) -> list[str]:
        return [row.name for row in candidate_source(context, YEAR, CITIZEN, CandidateFilter(**filters)).rows(0, 9)]

    assert names(hamlet=counts.hamlets[1][0]) == ["Nguyễn Thị Đào", "K'Tùng"]
    assert names(text="uoc nguyen") == ["Nguyễn Văn Ước"]
    assert names(text="100%") == []
    assert names(state=CandidateState.FAILED) == ["K'Tùng"]
    by_name = candidate_source(context, YEAR, CITIZEN).sorted("name")
    assert [row.name for row in by_name.rows(0, 9)] == ["Trần Thị Ánh", "Nguyễn Thị Đào", "K'Tùng", "Nguyễn Văn Ước"]
    with pytest.raises(KeyError):
        by_name.sorted("cccd")


def test_exactly_eighty_with_all_at_five_can_be_recognised_and_one_four_cannot(context: Context) -> None:
    _, (first, second) = add_household(context, members=NAMES[:2])
    with context.read() as connection:
        codes = list(values_for(set_in_use(connection, CITIZEN, None or _resident()).definition, PASS))
    just = dict(zip(codes, [5, 5, 10, 10, 10, 10, 10, 10, 5, 5], strict=True))
    high = dict(zip(codes, [4, 10, 10, 10, 10, 10, 10, 10, 10, 10], strict=True))
    fill(context, CITIZEN, {first: just, second: high})
    found = candidates(context, YEAR, CITIZEN)
    assert [item.uid for item in found.ready] == [first]
    assert [item.uid for item in found.left_out] == [second]
    assert "phải từ 5" in found.left_out[0].reason


def test_an_unknown_round_is_refused_in_words(context: Context) -> None:
    with pytest.raises(UserError) as caught:
        candidates(context, 2031, CITIZEN)
    assert caught.value.code == "round.unknown"


def _resident() -> Any:
    from desktop_app.models.types import CitizenGroup

    return CitizenGroup.RESIDENT
