"""Scoring lists: the sample's 141 forms exactly, and every row that must not come in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, RoundStatus
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.assessment.scores_import import ScoresResult, import_scores
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.importing.parse import parse_scores
from desktop_app.services.importing.preview import FileStamp, Issue, ParsedScores, ScoreRow, Severity
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.vietnamese import PartialDate
from tests.factories import load_sample
from tests.services.assessment.world import CITIZEN, YEAR, add_people, figures, fill, freeze, operations

ALL_EIGHT = {str(number): 8.0 for number in range(1, 11)}


@pytest.fixture
def listed(tmp_path: Path) -> Any:
    """Makes a parsed list of rows as the reader would, of a real file."""
    path = tmp_path / "phieu.xlsx"
    path.write_bytes(b"as read")
    stamp = FileStamp(7, 0, hashlib.sha256(b"as read").hexdigest())

    def make(*rows: Mapping[str, Any]) -> ParsedScores:
        made = tuple(score_row(number, fields) for number, fields in enumerate(rows, 5))
        return ParsedScores(str(path), stamp, ("Thôn 1",), (), tuple(ALL_EIGHT), made)

    return make


def score_row(number: int, fields: Mapping[str, Any]) -> ScoreRow:
    values: dict[str, Any] = {
        "sheet": "Thôn 1", "row": number, "raw": (), "name": "Nguyễn Văn Ước", "birth": PartialDate(1980), "cccd": None,
        "hamlet": "", "household_code": "", "group": None, "group_text": "", "scores": ALL_EIGHT, "total": None,
    }  # fmt: skip
    return ScoreRow(**{**values, **fields})


def summary(result: ScoresResult) -> tuple[int, ...]:
    return (result.created, result.updated, result.unchanged, result.doubtful, result.refused)


def codes(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.code for issue in issues]


def test_the_samples_141_forms_come_in_whole_and_right(context: Context, samples: Path) -> None:
    load_sample(context, with_scores=False)
    parsed = parse_scores(samples / "07_phieu_cham_thon_2.xlsx")
    before = operations(context)
    trial = import_scores(context, parsed, YEAR, is_dry_run=True)
    assert operations(context) == before and list_verdicts(context, YEAR) == []
    result = import_scores(context, parsed, YEAR)
    assert summary(result) == summary(trial) == (141, 0, 0, 0, 0)
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["scores"]
    passed = sum(row["passed"] for row in expected)
    assert (result.rows, result.assessed, result.passed) == (trial.rows, trial.assessed, trial.passed)
    assert (result.assessed, result.passed, result.errors) == (141, passed, ())
    told = sorted(
        (record.name, record.total, record.passed, *record.answers.values()) for record in list_verdicts(context, YEAR)
    )
    assert told == sorted((row["name"], row["total"], row["passed"], *row["scores"]) for row in expected)
    again = import_scores(context, parsed, YEAR)
    assert summary(again) == (0, 0, 141, 0, 0) and again.operation is None
    assert (again.assessed, again.passed) == (141, passed)
    assert result.operation is not None
    context.journal.undo(result.operation)
    assert list_verdicts(context, YEAR) == []


def test_an_import_is_one_operation_named_by_its_file_and_count(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    import_scores(context, listed({}), YEAR)
    with context.read() as connection:
        kind, args = connection.exec_driver_sql("SELECT kind, args FROM operation ORDER BY id DESC LIMIT 1").one()
    assert (kind, json.loads(args)) == ("import.scores", {"file": "phieu.xlsx", "year": YEAR, "count": 1})


def test_a_group_is_learnt_when_empty_and_only_told_when_it_differs(context: Context, listed: Any) -> None:
    _, (first, second) = add_people(
        context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình", "citizen_group": "worker"}]
    )
    rows = [{"name": name, "group": CitizenGroup.OFFICIAL} for name in ("Lê An", "Lê Bình")]
    result = import_scores(context, listed(*rows), YEAR)
    assert codes(result.warnings) == ["group.differs"] and result.created == 2
    with context.read() as connection:
        query = "SELECT citizen_group FROM citizen WHERE uid IN (?, ?) ORDER BY id"
        uids = (bytes.fromhex(first), bytes.fromhex(second))
        assert list(connection.exec_driver_sql(query, uids).scalars()) == ["official", "worker"]
    assert {record.group for record in list_verdicts(context, YEAR)} == {CitizenGroup.OFFICIAL}


@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({**ALL_EIGHT, "3": 11.0}, "score.out_of_range"),
        ({**ALL_EIGHT, "3": 7.5}, "score.wrong_step"),
        ({**ALL_EIGHT, "11": 5.0}, "score.unknown_indicator"),
        ({}, "scores.empty"),
    ],
)
def test_a_row_with_a_score_that_cannot_stand_is_refused_whole(
    context: Context, listed: Any, scores: dict[str, float], code: str
) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước"}, {"full_name": "Lê An"}])
    result = import_scores(context, listed({"scores": scores}, {"name": "Lê An"}), YEAR)
    assert summary(result) == (1, 0, 0, 0, 1)
    assert codes(result.errors) == [code] and result.errors[0].row == 5
    assert [record.name for record in list_verdicts(context, YEAR)] == ["Lê An"]


def test_rows_that_the_reader_refused_stay_refused(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    issue = Issue(Severity.ERROR, "score.not_number", "Điểm “x” không phải số.", "Thôn 1", 5)
    result = import_scores(context, listed({"issues": (issue,)}), YEAR)
    assert (summary(result), codes(result.errors), result.operation) == ((0, 0, 0, 0, 1), ["score.not_number"], None)


def test_a_stranger_is_refused_and_nobody_is_made(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước", "birth": "1975"}])
    result = import_scores(context, listed({}, {"name": "Người Lạ"}), YEAR)
    assert (summary(result), codes(result.errors)) == ((0, 0, 0, 0, 2), ["person.unknown", "person.unknown"])


def test_persons_are_found_by_cccd_then_name_and_birth_then_household_and_hamlet(context: Context, listed: Any) -> None:
    _, (a, b) = add_people(
        context,
        [{"full_name": "Trần Thị Lan", "cccd": "001180000001"}, {"full_name": "Lê Cường", "birth": "1984-05-08"}],
    )
    _, (c,) = add_people(context, [{"full_name": "Lê Cường", "birth": "1984"}], hamlet="Thôn 2", code="02-0001")
    rows = (
        {"name": "TRAN THI LAN", "birth": None, "cccd": "001180000001"},
        {"name": "Lê Cường", "birth": PartialDate(1984), "hamlet": "Thôn 2"},
        {"name": "Lê Cường", "birth": PartialDate(1984, 5, 8)},
    )
    result = import_scores(context, listed(*rows), YEAR)
    assert summary(result) == (3, 0, 0, 0, 0)
    assert {record.uid for record in list_verdicts(context, YEAR)} == {a, b, c}


@pytest.mark.parametrize(
    ("people", "row"),
    [
        ([{"full_name": "Lê An"}, {"full_name": "Lê An"}], {"name": "Lê An"}),
        ([{"full_name": "Lê An"}], {"name": "Lê An", "birth": None}),
        ([{"full_name": "Lê An"}], {"name": "Lê An", "hamlet": "Thôn 2"}),
        (
            [{"full_name": "Lê An", "cccd": "001180000001"}],
            {"name": "Phạm Xuân Mai", "birth": PartialDate(1950), "cccd": "001180000001"},
        ),
    ],
)
def test_what_is_not_sure_is_left_out_and_counted(
    context: Context, listed: Any, people: list[dict[str, Any]], row: dict[str, Any]
) -> None:
    add_people(context, people)
    result = import_scores(context, listed(row), YEAR)
    assert (summary(result), codes(result.warnings)) == ((0, 0, 0, 1, 0), ["person.doubtful"])
    assert list_verdicts(context, YEAR) == []


def test_two_different_cccds_are_never_one_person(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Lê An", "cccd": "001180000001"}])
    result = import_scores(context, listed({"name": "Lê An", "cccd": "001180000002"}), YEAR)
    assert codes(result.errors) == ["person.unknown"]


def test_a_form_that_stands_twice_in_a_list_comes_in_once_and_asks_nothing(context: Context, listed: Any) -> None:
    _, (person,) = add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    result = import_scores(context, listed({}, {}), YEAR)
    assert (summary(result), codes(result.warnings)) == ((1, 0, 1, 0, 0), ["scores.repeated"])
    assert figures(context, CITIZEN, person)["total"] == 80


def test_two_forms_of_one_person_that_differ_both_wait_until_one_is_chosen(context: Context, listed: Any) -> None:
    _, (person,) = add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    parsed = listed({}, {"scores": {**ALL_EIGHT, "1": 1.0}}, {})
    result = import_scores(context, parsed, YEAR)
    assert (summary(result), codes(result.warnings)) == ((0, 0, 0, 3, 0), ["scores.contradicted"] * 3)
    assert "dòng 6" in result.warnings[0].message and "dòng 5" in result.warnings[1].message
    chosen = parsed.rows[1].key
    assert [known.uid for known in result.doubts[chosen]] == [person]
    known_only = import_scores(context, parsed, YEAR, choices={chosen: person})
    assert summary(known_only) == summary(result)
    settled = import_scores(context, parsed, YEAR, picks={chosen})
    assert (summary(settled), codes(settled.warnings)) == ((1, 0, 0, 2, 0), ["scores.repeated"] * 2)
    assert figures(context, CITIZEN, person)["total"] == 73


def test_a_name_with_other_accents_is_asked_about_unless_the_whole_birth_agrees(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Lê Văn Hùng", "birth": "1980"}, {"full_name": "Lê Hoà", "birth": "1980-05-06"}])
    result = import_scores(
        context,
        listed({"name": "Lê Văn Hưng"}, {"name": "Lê Hoa", "birth": PartialDate(1980, 5, 6)}, {"name": "LE VAN HUNG"}),
        YEAR,
    )
    assert (result.created, result.doubtful) == (2, 1)
    assert "khác dấu (Lê Văn Hùng)" in result.warnings[0].message


def test_twins_of_a_year_are_told_apart_by_their_accents(context: Context, listed: Any) -> None:
    _, people = add_people(context, [{"full_name": "Lê Văn Hùng"}, {"full_name": "Lê Văn Hưng"}])
    import_scores(context, listed({"name": "Lê Văn Hưng", "scores": {**ALL_EIGHT, "1": 9.0}}), YEAR)
    assert [(v.uid, v.total) for v in list_verdicts(context, YEAR)] == [(people[1], 81)]


def test_a_title_before_a_name_is_no_part_of_it(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Ông Văn Khiêm"}, {"full_name": "Lê Thị Bé"}, {"full_name": "K'Tùng"}])
    rows = [{"name": name} for name in ("Ông Văn Khiêm", "Bà Lê Thị Bé", "Ông K'Tùng")]
    assert import_scores(context, listed(*rows), YEAR).created == 3


@pytest.mark.parametrize(
    ("birth", "is_asked"),
    [
        (PartialDate(1980, 5, 8), True), (PartialDate(1981, 5, 6), True), (PartialDate(1980, 6, 5), True),
        (PartialDate(1981), False), (PartialDate(1975, 1, 2), False),
    ],
)  # fmt: skip
def test_a_birth_that_may_be_a_slip_is_asked_about_and_another_one_is_a_stranger(
    context: Context, listed: Any, birth: PartialDate, is_asked: bool
) -> None:
    _, (person,) = add_people(context, [{"full_name": "Lê An", "birth": "1980-05-06"}])
    result = import_scores(context, listed({"name": "Lê An", "birth": birth}), YEAR)
    assert (result.doubtful, result.refused) == ((1, 0) if is_asked else (0, 1))
    assert [known.uid for each in result.doubts.values() for known in each] == ([person] if is_asked else [])


def test_why_a_name_alone_is_asked_about_says_how_much_agrees(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Lê An"}])
    rows = [{"name": "Lê An", "birth": None, "hamlet": hamlet} for hamlet in ("Thôn 1", "Thôn 2", "")]
    said = [import_scores(context, listed(row), YEAR).warnings[0].message for row in rows]
    assert "cả thôn chỉ có một người tên này" in said[0]
    assert "ở thôn khác" in said[1] and "không có thôn" in said[2]


def test_answers_that_stand_with_other_values_are_named_before_they_change(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    import_scores(context, listed({}), YEAR)
    result = import_scores(context, listed({"scores": {**ALL_EIGHT, "2": 7.0, "3": 9.0}}), YEAR)
    assert codes(result.warnings) == ["answer.changes"]
    assert "chỉ số 2: 8 → 7, 3: 8 → 9" in result.warnings[0].message


def test_a_trial_run_writes_nothing_and_says_what_the_import_does(
    context: Context, listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}])
    import_scores(context, listed({"name": "Lê An"}), YEAR)
    parsed = listed({"name": "Lê An", "scores": {"1": 3.0}, "passed": True}, {"name": "Lê Bình"}, {"name": "Lê Ba"})
    with monkeypatch.context() as patched:
        patched.setattr(Context, "operation", None)
        tried = import_scores(context, parsed, YEAR, is_dry_run=True)
    done = import_scores(context, parsed, YEAR)
    assert done.operation is not None
    assert replace(done, operation=None) == tried


def test_a_word_for_a_group_that_the_office_gave_goes_before_usual_meanings(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    result = import_scores(context, listed({"group_text": "Nông dân", "group": CitizenGroup.WORKER}), YEAR)
    assert result.created == 1
    assert list_verdicts(context, YEAR)[0].group is CitizenGroup.RESIDENT


def test_a_corrected_list_changes_only_what_differs_and_empty_cells_clear_nothing(
    context: Context, listed: Any
) -> None:
    _, people = add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}])
    import_scores(context, listed({"name": "Lê An"}, {"name": "Lê Bình"}), YEAR)
    result = import_scores(context, listed({"name": "Lê An", "scores": {"1": 10.0}}, {"name": "Lê Bình"}), YEAR)
    assert summary(result) == (0, 1, 1, 0, 0)
    assert [figures(context, CITIZEN, p)["total"] for p in people] == [82, 80]


def test_recognised_forms_the_dead_and_those_who_moved_are_refused(context: Context, listed: Any) -> None:
    _, people = add_people(context, [{"full_name": "Lê An"}, {"full_name": "Lê Bình"}, {"full_name": "Lê Chi"}])
    for person in people[:2]:
        fill(context, CITIZEN, person, share=0.8)
        freeze(context, CITIZEN, person)
    with context.operation("citizen.edit", {}) as op:
        row_id = op.writer.references.id("citizen", people[2])
        assert row_id is not None
        op.writer.update(registry.citizen, row_id, {"life_status": "dead"})
    rows = ({"name": "Lê An", "scores": {"1": 9.0}}, {"name": "Lê Bình"}, {"name": "Lê Chi"})
    result = import_scores(context, listed(*rows), YEAR)
    assert summary(result) == (0, 0, 1, 0, 2)
    assert codes(result.errors) == ["answer.recognised", "subject.gone"]
    assert figures(context, CITIZEN, people[0])["total"] == 80


def test_a_row_about_somebody_under_sixteen_is_refused_whole_with_a_sentence(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Lê Bé", "birth": "2016"}])
    row = {"name": "Lê Bé", "birth": PartialDate(2016), "group": CitizenGroup.STUDENT}
    result = import_scores(context, listed(row), YEAR)
    assert summary(result) == (0, 0, 0, 0, 1) and result.operation is None
    assert codes(result.errors) == ["answer.too_young"]
    assert result.errors[0].message == "Lê Bé chưa đủ 16 tuổi trong đợt này theo sổ nên phiếu chưa nhập."
    with context.read() as connection:
        group = connection.exec_driver_sql("SELECT citizen_group FROM citizen").scalar_one()
        assert (group, connection.exec_driver_sql("SELECT count(*) FROM assessment").scalar_one()) == (None, 0)


def test_a_closed_round_an_unknown_year_and_a_changed_file_are_refused(context: Context, listed: Any) -> None:
    parsed = listed({})
    with pytest.raises(UserError) as refused:
        import_scores(context, parsed, 2050)
    assert refused.value.code == "round.unknown"
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    with pytest.raises(UserError) as refused:
        import_scores(context, parsed, YEAR)
    assert refused.value.code == "round.closed"
    Path(parsed.path).write_bytes(b"changed")
    with pytest.raises(UserError) as refused:
        import_scores(context, parsed, YEAR)
    assert refused.value.code == "import.file_changed"


def test_a_cancelled_import_keeps_nothing(context: Context, listed: Any) -> None:
    add_people(context, [{"full_name": "Nguyễn Văn Ước"}])
    progress = Progress()
    progress.report = lambda done, total, text: progress.cancel()
    before = operations(context)
    with pytest.raises(Cancelled):
        import_scores(context, listed({}), YEAR, progress=progress)
    assert operations(context) == before
