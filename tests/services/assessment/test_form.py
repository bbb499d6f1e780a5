"""Opening a form: what the screen is given for every model, and what stays readable when nothing may be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.tables import registry
from desktop_app.models.types import AssessmentStatus, LearningModel, RegistrationKind, ReviewOutcome, RoundStatus
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.evidence import attach_evidence
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.rounds import change_round, open_round
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import change_overrides, sets_in_use
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
    operations,
    row_uid,
    set_birth,
)


def test_an_empty_form_shows_who_by_what_set_and_writes_nothing(context: Context) -> None:
    _, (person,) = add_people(context, [{"full_name": "Nguyễn Thị Lan", "birth": "1984"}], code="03-0127")
    before = operations(context)
    form = open_form(context, CITIZEN, person, YEAR)
    assert form.subject.name == "Nguyễn Thị Lan"
    assert form.subject.line == "1984 · Thôn 1 · hộ 03-0127 · Người dân trong xã"
    assert form.subject.is_group_assumed
    assert form.definition.key == "citizen.resident"
    assert (form.answers, form.short, form.total, form.registration) == ({}, "Chưa chấm", 0, None)
    assert not form.is_changed_group
    assert operations(context) == before


def test_a_form_shows_answers_evidence_and_last_years_form_beside(context: Context, tmp_path: Path) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "worker"}])
    answer(context, CITIZEN, person, YEAR, "6", 6)
    open_round(context, 2027)
    answer(context, CITIZEN, person, 2027, "6", 7)
    picture = tmp_path / "ảnh.pdf"
    picture.write_bytes(b"jpeg")
    attach_evidence(context, CITIZEN, person, 2027, "6", picture)
    form = open_form(context, CITIZEN, person, 2027)
    assert form.answers == {"6": 7}
    assert form.earlier is not None
    assert (form.earlier.year, form.earlier.answers, form.earlier.set_key) == (2026, {"6": 6}, "citizen.worker")
    assert [record.file_name for record in form.evidence["6"]] == ["ảnh.pdf"]
    assert form.registration is RegistrationKind.NEW
    assert open_form(context, CITIZEN, person, YEAR).earlier is None


def test_forms_of_families_clans_hamlets_units_and_the_commune_show_their_members(context: Context) -> None:
    household, people = add_people(
        context, [{"full_name": "Nguyễn Văn Ước", "relation": "Chủ hộ"}, {"birth": "1984-05-08", "relation": "Vợ"}]
    )
    fill(context, CITIZEN, people[1], share=0.9)
    fill(context, FAMILY, household)
    clan, unit = add_clan(context, [household]), add_unit(context, people)
    family = open_form(context, FAMILY, household, YEAR)
    assert family.subject.name == "Hộ Nguyễn Văn Ước"
    assert family.subject.line == "Thôn 1 · hộ 01-0001 · 2 người"
    assert [(m.detail, m.has_title) for m in family.members.rows] == [
        ("1980 · Chủ hộ", False),
        ("08/05/1984 · Vợ", True),
    ]
    assert (family.members.count, family.members.with_title) == (2, 1)
    of_clan = open_form(context, LearningModel.CLAN, clan, YEAR)
    assert [(m.name, m.has_title, m.total) for m in of_clan.members.rows] == [("Nguyễn Văn Ước", True, 100)]
    assert any("1/1 gia đình trong dòng họ" in line.text for line in of_clan.fact_lines)
    of_unit = open_form(context, LearningModel.ORGANIZATION, unit, YEAR)
    assert of_unit.members.count == 2
    line = next(line for line in of_unit.fact_lines if line.key == "organization.members_with_title_share")
    assert line.codes == ("3.1",) and line.others
    hamlet = open_form(context, LearningModel.COMMUNITY, row_uid(context, "hamlet", "Thôn 1"), YEAR)
    assert (hamlet.subject.name, hamlet.members.count) == ("Thôn 1", 1)
    commune = open_form(context, LearningModel.COMMUNE, row_uid(context, "commune"), YEAR)
    assert [m.name for m in commune.members.rows] == ["Thôn 1", "Thôn 2"]
    assert len(commune.facts) > len(commune.fact_lines) - 1


def test_a_recognised_form_shows_its_frozen_verdict_and_says_why_it_is_closed(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person, share=0.8)
    freeze(context, CITIZEN, person)
    uid = next(s.uid for s in sets_in_use(context) if s.definition.key == "citizen.resident")
    change_overrides(context, uid, {"pass_mark": 95})
    form = open_form(context, CITIZEN, person, YEAR)
    assert form.is_frozen and form.verdict.passed
    assert form.sentence.startswith("Đạt: 80/100")
    assert "đã được công nhận" in form.readonly_reason


def test_a_form_says_why_it_takes_no_answers(context: Context) -> None:
    _, (person, dead) = add_people(context, [{}, {}])
    answer(context, CITIZEN, dead, YEAR, "1", 5)
    with context.operation("citizen.edit", {}) as op:
        row_id = op.writer.references.id("citizen", dead)
        assert row_id is not None
        op.writer.update(registry.citizen, row_id, {"life_status": "dead"})
    assert open_form(context, CITIZEN, person, YEAR).readonly_reason == ""
    form = open_form(context, CITIZEN, dead, YEAR)
    assert "đã mất" in form.readonly_reason and form.subject.note == "đã mất"
    assert form.answers == {"1": 5}
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    assert "đã khóa" in open_form(context, CITIZEN, person, YEAR).readonly_reason


def test_a_returned_form_shows_the_reason_and_becomes_a_draft_when_mended(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    fill(context, CITIZEN, person, share=0.9)
    record_review(context, CITIZEN, YEAR, [person], ReviewOutcome.RETURNED, reason="Chỉ số 6 thiếu minh chứng")
    form = open_form(context, CITIZEN, person, YEAR)
    assert (form.status, form.return_reason) == (AssessmentStatus.RETURNED, "Chỉ số 6 thiếu minh chứng")
    answer(context, CITIZEN, person, YEAR, "6", 8)
    form = open_form(context, CITIZEN, person, YEAR)
    assert (form.status, form.return_reason) == (AssessmentStatus.DRAFT, "")


def test_a_group_changed_after_the_form_was_begun_is_told(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    answer(context, CITIZEN, person, YEAR, "1", 8)
    with context.operation("citizen.edit", {}) as op:
        row_id = op.writer.references.id("citizen", person)
        assert row_id is not None
        op.writer.update(registry.citizen, row_id, {"citizen_group": "official"})
    form = open_form(context, CITIZEN, person, YEAR)
    assert form.is_changed_group and form.definition.key == "citizen.resident"


def test_the_form_of_somebody_below_sixteen_is_read_only_and_says_why(context: Context) -> None:
    _, (child,) = add_people(context, [{"birth": "2015"}])
    form = open_form(context, CITIZEN, child, YEAR)
    assert form.subject.note == "chưa đủ 16 tuổi"
    assert form.definition.key == "citizen.student"
    assert form.is_too_young
    assert form.readonly_reason.startswith("Người này chưa đủ 16 tuổi trong đợt này")


def test_a_recognised_form_keeps_its_verdict_when_the_birth_is_mended_later(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person, share=0.8)
    freeze(context, CITIZEN, person)
    set_birth(context, person, "2015")
    form = open_form(context, CITIZEN, person, YEAR)
    assert not form.is_too_young and form.verdict.passed
    assert "đã được công nhận" in form.readonly_reason


def test_an_unknown_subject_or_year_is_a_plain_sentence(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    with pytest.raises(UserError) as refused:
        open_form(context, CITIZEN, "f" * 32, YEAR)
    assert refused.value.code == "subject.unknown"
    with pytest.raises(UserError) as refused:
        open_form(context, CITIZEN, person, 2050)
    assert refused.value.code == "round.unknown"
