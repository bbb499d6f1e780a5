"""Versions that an office makes: copied, written in, checked, tried, brought into force; verdicts given stay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.models.types import DeviceRole, LearningModel, TextStatus, Uid
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.context import Context
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.checking import check_rows, read_checks, row_marks
from desktop_app.services.criteria.compare import RowChange, compare_sets, count_changes
from desktop_app.services.criteria.drafts import (
    copy_set,
    drop_draft,
    list_versions,
    load_version,
    save_draft,
)
from desktop_app.services.criteria.forcing import force_set
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.criteria.trial import try_version
from desktop_app.services.errors import UserError
from desktop_app.services.register import open_register
from tests.factories import load_sample, make_register


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions")
    context = make_register(folder)
    load_sample(context)
    context.close()
    return folder


@pytest.fixture
def context(template: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(template, tmp_path / "data")
    opened = open_register(tmp_path / "data")
    yield opened
    opened.close()


def uid_of(context: Context, key: str) -> Uid:
    return next(item.uid for item in sets_in_use(context) if item.definition.key == key)


def undo_last(context: Context) -> None:
    with context.read() as connection:
        row = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").one()
    context.journal.undo(row[0].hex())


def last_kind(context: Context) -> str:
    with context.read() as connection:
        return str(connection.exec_driver_sql("SELECT kind FROM operation ORDER BY id DESC LIMIT 1").one()[0])


def stricter(context: Context, key: str = "citizen.resident", pass_mark: float = 90) -> Uid:
    uid = copy_set(context, uid_of(context, key))
    draft = load_version(context, uid)
    save_draft(
        context, uid, edit.change_marks(draft.definition, pass_mark=pass_mark, floor=5, halves=False, is_official=False)
    )
    return uid


def test_a_copy_is_a_draft_of_the_next_version_and_judges_nothing(context: Context) -> None:
    before = {item.uid for item in sets_in_use(context)}
    uid = copy_set(context, uid_of(context, "citizen.resident"))
    draft = load_version(context, uid)
    assert draft.is_draft and draft.definition.version == "2023.1.1" and not draft.problems
    assert draft.origin.copied_from.endswith("(2023.1)")
    assert {item.uid for item in sets_in_use(context)} == before
    assert load_version(context, copy_set(context, uid)).definition.version == "2023.1.2"
    undo_last(context)
    assert sum(item.is_draft for item in list_versions(context)) == 1


def test_each_save_of_a_draft_is_one_deed_that_can_be_undone(context: Context) -> None:
    uid = copy_set(context, uid_of(context, "clan"))
    first = load_version(context, uid).definition
    changed = edit.change_indicator(first, "1.1", {"max_score": 25.0}, is_official=False)
    save_draft(context, uid, changed)
    assert last_kind(context) == "criteria.edit"
    assert load_version(context, uid).definition.by_code["1.1"].max_score == 25
    undo_last(context)
    assert load_version(context, uid).definition == first


def test_official_words_once_changed_are_no_longer_official_unless_the_document_was_copied() -> None:
    d = get_set("citizen.resident")
    own = edit.change_indicator(d, "1", {"text": "Lời của xã"}, is_official=False).by_code["1"]
    assert own.status is TextStatus.SUGGESTED and own.is_changed
    assert own.status_text == "Do cơ quan đặt"
    copied = edit.change_indicator(d, "1", {"text": "Lời văn bản mới"}, is_official=True).by_code["1"]
    assert copied.status_text == "Do cơ quan đặt, theo văn bản"
    weighed = edit.change_indicator(d, "1", {"max_score": 20.0}, is_official=True)
    assert weighed.by_code["1"].max_status_text == "Do cơ quan đặt"
    assert weighed.criteria[0].max_score == 50 and weighed.criteria[0].max_status_text == "Do cơ quan đặt"


def test_a_draft_with_faults_is_kept_and_told_but_not_used(context: Context) -> None:
    uid = copy_set(context, uid_of(context, "clan"))
    d = load_version(context, uid).definition
    d = edit.add_indicator(d, "indicator:1.1")[0]
    d = edit.change_marks(d, pass_mark=500, floor=50, halves=False)
    saved = save_draft(context, uid, d)
    words = [problem.words for problem in saved.problems]
    assert "điểm đạt" in words and any(word.endswith("điểm sàn") for word in words)
    assert any(word.endswith("nội dung") for word in words)
    with pytest.raises(UserError) as refused:
        force_set(context, uid)
    assert refused.value.code == "criteria.not_clean" and "chưa dùng được" in refused.value.message
    assert load_version(context, uid).is_draft


def test_a_version_in_force_fills_new_forms_and_takes_those_begun_only_when_asked(context: Context) -> None:
    uid = stricter(context)
    before = {r.uid: r.passed for r in list_verdicts(context, 2026, LearningModel.CITIZEN)}
    forced = force_set(context, uid)
    assert forced.moved == 0
    assert {r.uid: r.passed for r in list_verdicts(context, 2026, LearningModel.CITIZEN)} == before
    assert load_version(context, uid).is_in_use
    undo_last(context)
    assert load_version(context, uid).is_draft
    trial = try_version(context, uid, 2026)
    forced = force_set(context, uid, moves_forms=True)
    assert forced.moved == trial.judged > 0
    after = {r.uid: r.passed for r in list_verdicts(context, 2026, LearningModel.CITIZEN)}
    assert {u for u in after if after[u] is not before[u]} == {turn.uid for turn in trial.turns} != set()


def test_the_trial_counts_who_would_change_and_writes_nothing(context: Context) -> None:
    uid = stricter(context)
    before = list_verdicts(context, 2026, LearningModel.CITIZEN)
    trial = try_version(context, uid, 2026)
    resident = [r for r in before if r.set_key == "citizen.resident"]
    assert trial.judged == len(resident) and trial.passed_before == sum(r.passed for r in resident)
    expected = {r.uid for r in resident if r.passed and r.total < 90}
    assert {turn.uid for turn in trial.lost} == expected and not trial.gained
    assert all(turn.reason for turn in trial.turns)
    assert sum(lost for _, _, lost in trial.by_hamlet()) == len(expected)
    assert list_verdicts(context, 2026, LearningModel.CITIZEN) == before


def test_a_frozen_verdict_stays_with_the_version_it_was_given_under(context: Context) -> None:
    from desktop_app.models.tables.assessment import assessment
    from desktop_app.services.assessment.frozen import freeze_verdict
    from desktop_app.services.assessment.results import read_verdicts
    from desktop_app.services.assessment.rounds import round_of
    from desktop_app.services.criteria.office import office_set

    record = next(
        r for r in list_verdicts(context, 2026, LearningModel.CITIZEN) if r.set_key == "citizen.resident" and r.passed
    )
    with context.operation("recognition.decide", {}) as op:
        used = office_set(op.connection, uid_of(context, "citizen.resident"))
        row = op.connection.exec_driver_sql(
            "SELECT id FROM assessment WHERE subject = ?", (bytes.fromhex(record.uid),)
        ).one()
        _, _, verdict, answers = next(
            iter(read_verdicts(op.connection, round_of(op.connection, 2026), LearningModel.CITIZEN, [row[0]]))
        )
        op.writer.update(assessment, row[0], {"frozen": freeze_verdict(used, answers, verdict)})
    uid = stricter(context, pass_mark=100)
    trial = try_version(context, uid, 2026)
    assert trial.frozen == 1 and record.uid not in {turn.uid for turn in trial.turns}
    assert force_set(context, uid, moves_forms=True).stayed == 1
    kept = open_form(context, LearningModel.CITIZEN, record.uid, 2026)
    assert kept.is_frozen and kept.sentence == record.sentence and kept.definition.version == "2023.1"


def test_a_draft_can_be_dropped_but_not_what_is_in_force(context: Context) -> None:
    uid = copy_set(context, uid_of(context, "clan"))
    drop_draft(context, uid)
    assert all(item.uid != uid for item in list_versions(context))
    with pytest.raises(UserError) as refused:
        drop_draft(context, uid_of(context, "clan"))
    assert refused.value.code == "criteria.not_draft"


def test_two_versions_never_share_a_number(context: Context) -> None:
    uid = copy_set(context, uid_of(context, "clan"))
    d = load_version(context, uid).definition
    with pytest.raises(UserError) as refused:
        save_draft(context, uid, replace(d, version="2022.1"))
    assert refused.value.code == "criteria.version_taken"


def test_a_volunteers_machine_makes_no_versions(context: Context) -> None:
    uid = uid_of(context, "clan")
    context.role = DeviceRole.VOLUNTEER
    for deed in (lambda: copy_set(context, uid), lambda: force_set(context, uid), lambda: check_rows(context, uid, [])):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "criteria.office_only"


def test_rows_are_compared_with_the_document_by_somebody_on_a_day(context: Context) -> None:
    uid = uid_of(context, "citizen.resident")
    assert check_rows(context, uid, ["indicator:1", "rules", "indicator:nowhere"]) == 2
    item = load_version(context, uid)
    checks = read_checks(context, item.definition, item.checked)
    assert checks["indicator:1"].by == context.user and checks["indicator:1"].stands and checks["rules"].name
    assert item.used is not None and item.used.revision == 0 and not item.used.overrides
    assert check_rows(context, uid, ["indicator:1"]) == 0
    assert check_rows(context, uid, ["indicator:1"], is_checked=False) == 1
    undo_last(context)
    assert "indicator:1" in load_version(context, uid).checked


def test_a_comparison_falls_with_a_changed_row_and_goes_along_with_a_copy(context: Context) -> None:
    uid = uid_of(context, "citizen.resident")
    check_rows(context, uid, ["indicator:1", "indicator:2"])
    copy = copy_set(context, uid)
    d = load_version(context, copy).definition
    save_draft(context, copy, edit.change_indicator(d, "1", {"text": "Lời khác"}, is_official=True))
    item = load_version(context, copy)
    checks = read_checks(context, item.definition, item.checked)
    assert not checks["indicator:1"].stands and checks["indicator:2"].stands


def test_the_heading_goes_when_every_row_was_compared(context: Context) -> None:
    uid = uid_of(context, "citizen.resident")
    d = load_version(context, uid).definition
    assert d.heading
    check_rows(context, uid, list(row_marks(d)))
    assert not load_version(context, uid).definition.heading


def test_a_row_without_the_documents_words_cannot_be_compared(context: Context) -> None:
    uid = uid_of(context, "commune")
    d = load_version(context, uid).definition
    missing = next(i for i in d.indicators if i.status is TextStatus.MISSING)
    with pytest.raises(UserError) as refused:
        check_rows(context, uid, [f"indicator:{missing.code}"])
    assert refused.value.code == "criteria.nothing_to_compare" and missing.number in refused.value.message


def test_two_versions_are_compared_row_by_row() -> None:
    old = get_set("clan")
    new = edit.change_indicator(old, "1.1", {"text": "Lời khác", "max_score": 30.0}, is_official=False)
    new = edit.remove_row(new, "indicator:1.2")
    new, ref = edit.add_indicator(new, "criterion:2")
    pairs = {pair.ref: pair for pair in compare_sets(old, new)}
    assert pairs["indicator:1.2"].change is RowChange.REMOVED and pairs[ref].change is RowChange.ADDED
    parts = {d.part: (d.before, d.after) for d in pairs["indicator:1.1"].differences}
    assert parts["Điểm tối đa"] == ("20", "30") and parts["Lời"][1] == "Lời khác"
    assert count_changes(compare_sets(old, old)) == {
        RowChange.SAME: len(pairs) - 1, RowChange.CHANGED: 0, RowChange.ADDED: 0, RowChange.REMOVED: 0,
    }  # fmt: skip


def test_circular_and_foreign_conditions_are_found() -> None:
    from desktop_app.services.criteria.checks import find_problems

    d = get_set("citizen.resident")
    circular, _ = edit.add_prerequisite(d, "commune.citizens_with_title_share")
    foreign, _ = edit.add_prerequisite(d, "clan.families_with_title_share")
    assert any("vòng tròn" in problem.text for problem in find_problems(circular))
    assert any("mô hình khác" in problem.text for problem in find_problems(foreign))


def test_the_list_says_which_version_fills_the_forms_of_the_open_round(context: Context) -> None:
    from desktop_app.services.assessment.round_models import change_part

    uid = stricter(context)
    force_set(context, uid)
    now = {item.uid for item in list_versions(context) if item.now == 2026}
    assert uid in now and len(now) == 9
    shipped = next(
        i.uid
        for i in list_versions(context)
        if i.definition.key == "citizen.resident" and i.definition.version == "2023.1"
    )
    change_part(context, 2026, LearningModel.CITIZEN, load_version(context, uid).definition.group, set_uid=shipped)
    now = {item.uid for item in list_versions(context) if item.now == 2026}
    assert shipped in now and uid not in now
    assert load_version(context, shipped).rounds == (2026,)
    force_set(context, uid)
    assert uid in {item.uid for item in list_versions(context) if item.now == 2026}


def test_an_open_batch_goes_over_with_its_forms_and_a_closed_one_stays(context: Context) -> None:
    from desktop_app.models.tables.assessment import batch
    from desktop_app.services.assessment.rounds import round_of

    shipped = load_version(context, uid_of(context, "citizen.resident"))
    with context.operation("batch.add", {}) as op:
        round_id = round_of(op.connection, 2026).id
        values = {"assessment_round_id": round_id, "model": "citizen", "criteria_set_id": shipped.id}
        rows = [op.writer.insert(batch, {**values, "status": status}) for status in ("open", "closed")]
    uid = stricter(context)
    force_set(context, uid, moves_forms=True)
    with context.read() as connection:
        found = [
            connection.exec_driver_sql("SELECT criteria_set_id FROM batch WHERE id = ?", (row,)).scalar_one()
            for row in rows
        ]
    assert found == [load_version(context, uid).id, shipped.id]


def test_a_version_of_the_offices_own_is_changed_and_confirmed_like_a_shipped_one(context: Context) -> None:
    import datetime as dt

    from desktop_app.services.criteria.office import change_overrides, confirm_set

    uid = copy_set(context, uid_of(context, "clan"))
    force_set(context, uid)
    changed = change_overrides(context, uid, {"pass_mark": 60})
    assert changed.definition.pass_mark is not None and changed.definition.pass_mark.value == 60
    assert not changed.is_confirmed and not changed.is_shipped
    confirmed = confirm_set(context, uid, "12/QĐ", dt.date(2026, 5, 1))
    assert confirmed.is_confirmed
    check_rows(context, uid, ["rules"])
    item = load_version(context, uid)
    assert "rules" in item.checked and item.overrides == {"pass_mark": 60}
    assert item.used is not None and item.used.is_confirmed
    again = load_version(context, copy_set(context, uid))
    assert again.definition.pass_mark is not None and again.definition.pass_mark.is_changed
    assert again.definition.version == "2022.1.2" and not again.definition.is_confirmed


def test_broken_stored_content_is_left_out_and_breaks_nothing(context: Context) -> None:
    from desktop_app.models.tables.criteria import criteria_set

    count = len(list_versions(context))
    broken = (
        [1, 2],
        {"format": "sohoctap.set/1", "set": 5},
        {"format": "sohoctap.set/1", "set": {}, "is_draft": True},
        "x",
    )
    with context.operation("criteria.bring", {}) as op:
        for number, content in enumerate(broken):
            values = {"key": "clan", "version": f"9.{number}", "model": "clan", "definition": content}
            op.writer.insert(criteria_set, {**values, "overrides": [3], "is_in_use": 1})
    assert len(list_versions(context)) == count
    assert len(sets_in_use(context)) == 10


def test_a_draft_whose_rows_share_a_number_must_be_numbered_again(context: Context) -> None:
    uid = copy_set(context, uid_of(context, "citizen.worker"))
    d = load_version(context, uid).definition
    save_draft(context, uid, edit.change_indicator(d, "2", {"number": "1"}, is_official=True))
    problems = load_version(context, uid).problems
    assert [problem.sentence for problem in problems] == ["Chỉ số 2 › số: “1” là số của hai dòng; hãy đánh số lại"]
    save_draft(context, uid, edit.renumbered(load_version(context, uid).definition))
    assert not load_version(context, uid).problems
