"""Work lists, the overview and the verdicts of a round: one count, told three ways."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, ReviewOutcome
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.overview import read_overview
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus, work_list
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from tests.services.assessment.world import (
    CITIZEN,
    FAMILY,
    YEAR,
    add_clan,
    add_people,
    add_unit,
    fill,
    freeze,
    row_uid,
    set_birth,
)

NAMES = ("Nguyễn Thị Ánh", "Trần Văn Bình", "Lê Cường", "Phạm Đức", "Hồ Thị Yến")


def sample(context: Context) -> list[str]:
    """Five people in every state: passed, failed, begun, not begun, recognised; and who is not to be assessed."""
    _, people = add_people(context, [{"full_name": name, "citizen_group": "resident"} for name in NAMES])
    add_people(
        context,
        [{"full_name": "Trẻ Nhỏ", "birth": "2020"}, {"full_name": "Đi Xa", "life_status": "away"}],
        code="02-0002",
        hamlet="Thôn 2",
    )
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, CITIZEN, people[1], share=0.7)
    answer(context, CITIZEN, people[2], YEAR, "1", 4)
    fill(context, CITIZEN, people[4], share=0.8)
    freeze(context, CITIZEN, people[4])
    return people


def test_a_list_is_in_order_of_names_with_status_and_chip(context: Context) -> None:
    people = sample(context)
    listed = work_list(context, CITIZEN, YEAR)
    rows = listed.rows(0, 100)
    assert [row.uid for row in rows] == people
    assert [(row.status, row.chip, row.total) for row in rows] == [
        (WorkStatus.PASSED, "Đạt", 90),
        (WorkStatus.FAILED, "thiếu 10", 70),
        (WorkStatus.IN_PROGRESS, "CS1 < 5", 4),
        (WorkStatus.NOT_STARTED, "Chưa chấm", None),
        (WorkStatus.RECOGNISED, "Đạt", 80),
    ]
    assert (rows[0].name, rows[0].birth, rows[0].hamlet, rows[0].detail) == (NAMES[0], "1980", "Thôn 1", "01-0001")
    assert (listed.count(), rows[0].group) == (5, CitizenGroup.RESIDENT)
    assert [row.uid for row in listed.rows(1, 2)] == people[1:3]


def test_filters_narrow_by_status_hamlet_group_registration_and_words(context: Context) -> None:
    people = sample(context)
    for status, expected in zip(WorkStatus, (1, 1, 1, 1, 0, 1), strict=True):
        listed = work_list(context, CITIZEN, YEAR, WorkFilter(status=status))
        assert (listed.count(), len(listed.rows(0, 10))) == (expected, expected), status
    counts = work_list(context, CITIZEN, YEAR).counts()
    assert sum(counts.values()) == 5 and counts[WorkStatus.NOT_STARTED] == 1
    second = row_uid(context, "hamlet", "Thôn 2")
    assert work_list(context, CITIZEN, YEAR, WorkFilter(hamlet=second)).count() == 0
    assert work_list(context, CITIZEN, YEAR, WorkFilter(group=CitizenGroup.WORKER)).count() == 0
    assert work_list(context, CITIZEN, YEAR, WorkFilter(group=CitizenGroup.RESIDENT)).count() == 5
    register_subjects(context, CITIZEN, YEAR, people[3:4])
    assert work_list(context, CITIZEN, YEAR, WorkFilter(is_registered=True)).count() == 5
    for text, expected in (("duc pham", 1), ("ÁNH", 1), ("01-0001", 5), ("không có", 0), ("  ", 5)):
        assert work_list(context, CITIZEN, YEAR, WorkFilter(text=text)).count() == expected, text


def test_signs_alone_are_looked_for_in_names_and_codes(context: Context) -> None:
    add_people(context, [{"full_name": "K'Tùng"}])
    assert [work_list(context, CITIZEN, YEAR, WorkFilter(text=text)).count() for text in ("'", "?")] == [1, 0]
    assert [work_list(context, FAMILY, YEAR, WorkFilter(text=text)).count() for text in ("-", "?")] == [1, 0]


def test_a_returned_form_is_a_status_of_its_own(context: Context) -> None:
    people = sample(context)
    record_review(context, CITIZEN, YEAR, people[:1], ReviewOutcome.RETURNED, reason="Thiếu minh chứng")
    rows = work_list(context, CITIZEN, YEAR, WorkFilter(status=WorkStatus.RETURNED)).rows(0, 10)
    assert [row.uid for row in rows] == people[:1]


def test_next_and_previous_follow_the_list_even_when_the_form_left_its_filter(context: Context) -> None:
    _, people = add_people(context, [{"full_name": f"Nguyễn Văn {w}"} for w in ("An", "Bảo", "Chi", "Dũng")])
    todo = work_list(context, CITIZEN, YEAR, WorkFilter(status=WorkStatus.NOT_STARTED))
    assert todo.next_subject(None) == people[0]
    answer(context, CITIZEN, people[1], YEAR, "1", 5)
    assert todo.next_subject(people[0]) == people[2]
    assert todo.next_subject(people[1]) == people[2]
    assert todo.previous_subject(people[2]) == people[0]
    assert todo.next_subject(people[3]) is None
    assert todo.previous_subject(people[0]) is None
    assert todo.next_subject("0" * 32) is None


def test_every_sort_gives_every_line_once_and_nulls_last(context: Context) -> None:
    people = sample(context)
    listed = work_list(context, CITIZEN, YEAR)
    for column in ("name", "hamlet", "total", "answered", "status", "no such column"):
        for descending in (False, True):
            rows = listed.sorted(column, descending).rows(0, 50)
            assert sorted(row.uid for row in rows) == sorted(people)
    totals = [row.total for row in listed.sorted("total", True).rows(0, 50)]
    assert totals == [90, 80, 70, 4, None]
    assert listed.position(people[2]) == 2
    assert list(listed.uids()) == people


def test_every_model_has_its_list(context: Context) -> None:
    household, people = add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    add_clan(context, [household])
    add_unit(context, people)
    fill(context, FAMILY, household)
    expected = {
        CITIZEN: ["Nguyễn Văn Ước"],
        FAMILY: ["Nguyễn Văn Ước"],
        LearningModel.CLAN: ["Dòng họ Nguyễn"],
        LearningModel.COMMUNITY: ["Thôn 1", "Thôn 2"],
        LearningModel.ORGANIZATION: ["Trường Tiểu học Phú An"],
        LearningModel.COMMUNE: ["Xã Phú An"],
    }
    for model, names in expected.items():
        listed = work_list(context, model, YEAR)
        assert [row.name for row in listed.rows(0, 10)] == names
        assert listed.count() == len(names)
        assert sum(listed.counts().values()) == len(names)
        assert listed.sorted("hamlet").rows(0, 10)
        assert work_list(context, model, YEAR, WorkFilter(text=names[0])).count() >= 1
        assert listed.next_subject(None) is not None


def test_who_is_away_stands_in_the_list_once_there_is_a_form_and_a_child_only_once_recognised(context: Context) -> None:
    _, (child, away, recognised) = add_people(context, [{}, {"life_status": "away"}, {}])
    answer(context, CITIZEN, child, YEAR, "1", 5)
    fill(context, CITIZEN, recognised, share=0.9)
    freeze(context, CITIZEN, recognised)
    for uid in (child, recognised):
        set_birth(context, uid, "2015")
    listed = work_list(context, CITIZEN, YEAR)
    assert [row.uid for row in listed.rows(0, 10)] == [recognised]
    assert listed.counts()[WorkStatus.IN_PROGRESS] == 0
    answer(context, CITIZEN, away, YEAR, "1", 5)
    listed = work_list(context, CITIZEN, YEAR)
    assert (listed.count(), len(listed.rows(0, 10))) == (2, 2)


def test_the_overview_counts_every_state_against_named_denominators_and_targets(context: Context) -> None:
    people = sample(context)
    register_subjects(context, CITIZEN, YEAR, people[3:4])
    overview = read_overview(context, YEAR)
    citizens = overview.of(CITIZEN)
    tally = citizens.tally
    assert (tally.eligible, tally.registered, tally.started, tally.assessed) == (5, 5, 4, 3)
    assert (tally.passed, tally.recognised, tally.missing, tally.percent) == (2, 1, 2, 40)
    assert citizens.denominator_name == "công dân có mặt trong xã từ 16 tuổi"
    assert citizens.target is not None and (citizens.target.percent, citizens.target.short) == (60, 1)
    first, second = overview.hamlets
    assert (first.name, first.tallies[CITIZEN]) == ("Thôn 1", tally)
    assert second.tallies.get(CITIZEN) is None
    assert overview.of(FAMILY).tally.eligible == 2
    assert overview.of(LearningModel.COMMUNITY).tally.eligible == 2
    resident = next(group for group in overview.groups if group.group is CitizenGroup.RESIDENT)
    assert resident.tally.passed == 2
    official = next(group for group in overview.groups if group.group is CitizenGroup.OFFICIAL)
    assert official.target is not None and official.target.denominator_name


def test_who_is_not_in_the_denominator_is_in_no_numerator(context: Context) -> None:
    _, (child,) = add_people(context, [{}])
    for number in range(1, 11):
        answer(context, CITIZEN, child, YEAR, str(number), 9)
    set_birth(context, child, "2015")
    tally = read_overview(context, YEAR).of(CITIZEN).tally
    assert (tally.eligible, tally.passed, tally.percent) == (0, 0, None)


def test_people_without_a_hamlet_are_told_apart(context: Context) -> None:
    with context.operation("citizen.add", {}) as op:
        op.writer.insert(registry.citizen, {"full_name": "Không Thôn", "birth": "1980"})
    overview = read_overview(context, YEAR)
    assert (overview.hamlets[-1].name, overview.hamlets[-1].tallies[CITIZEN].eligible) == ("Chưa rõ thôn", 1)


def test_verdicts_say_the_same_as_the_form_and_keep_what_was_frozen(context: Context) -> None:
    people = sample(context)
    records = list_verdicts(context, YEAR)
    assert [record.uid for record in records] == [people[0], people[1], people[2], people[4]]
    assert records[1].sentence.startswith("Chưa đạt: 70/80 điểm")
    assert list(records[0].answers) == [str(n) for n in range(1, 11)]
    assert (records[0].group, records[0].set_key) == (CitizenGroup.RESIDENT, "citizen.resident")
    assert records[3].sentence.startswith("Đạt: 80/100")
    assert list_verdicts(context, YEAR, FAMILY) == []
    with pytest.raises(UserError):
        list_verdicts(context, 2050)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(
        st.tuples(
            st.integers(2005, 2014),
            st.sampled_from(["living", "away", "moved", "dead"]),
            st.sampled_from([None, 0.4, 0.7, 0.9]),
        ),
        max_size=6,
    )
)
def test_counts_by_index_and_lines_read_agree_for_random_people(
    context: Context, people: list[tuple[int, str, float | None]]
) -> None:
    _, uids = add_people(context, [{} for _ in people], code="09-0001")
    for uid, (year, life, share) in zip(uids, people, strict=True):
        if share is not None:
            for number in range(1, 11):
                answer(context, CITIZEN, uid, YEAR, str(number), int(10 * share))
        with context.operation("citizen.edit", {}) as op:
            row_id = op.writer.references.id("citizen", uid)
            assert row_id is not None
            op.writer.update(registry.citizen, row_id, {"life_status": life, "birth": str(year)})
    listed = work_list(context, CITIZEN, YEAR)
    rows = listed.rows(0, 500)
    assert listed.count() == len(rows)
    counts = listed.counts()
    for status in WorkStatus:
        alone = work_list(context, CITIZEN, YEAR, WorkFilter(status=status))
        assert counts[status] == alone.count() == len(alone.rows(0, 500)) == sum(r.status is status for r in rows)
