"""One decision, numbered certificates, frozen verdicts: nothing twice, nothing half, nothing on another machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from desktop_app.models.journal import UndoRefused
from desktop_app.models.tables import assessment as assessment_tables
from desktop_app.models.tables import registry
from desktop_app.models.tables.recognition import certificate, decision
from desktop_app.models.tables.system import operation
from desktop_app.models.types import CertificateStatus, DeviceRole, LearningModel, RoundStatus, Uid
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import change_overrides, set_in_use
from desktop_app.services.errors import UserError
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.lists import decisions, register_book
from desktop_app.services.recognition.numbering import next_numbers
from desktop_app.services.recognition.records import CandidateState
from tests.factories import add_household, make_register
from tests.services.recognition.people import (
    DECIDED,
    FAIL,
    PASS,
    YEAR,
    all_uids,
    confirm_all,
    fill,
    passing,
    sample_commune,
    set_office,
)

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    yield made
    made.close()


def people(context: Context, *names: str, outcome: str = PASS, code: str = "01-0001") -> list[Uid]:
    """A household of adults whose forms are filled."""
    _, uids = add_household(context, code, members=names or ("Nguyễn Văn Ước", "Trần Thị Ánh", "Lê Văn Bảy"))
    fill(context, CITIZEN, dict.fromkeys(uids, outcome))
    return uids


def numbers(context: Context, model: LearningModel = CITIZEN, year: int = YEAR) -> list[str]:
    return [item.number for item in register_book(context, year, model)]


def counts(context: Context) -> tuple[int, int, int]:
    """Decisions, certificates, frozen forms."""
    form = assessment_tables.assessment
    with context.read() as connection:
        return (
            connection.execute(select(func.count()).select_from(decision)).scalar_one(),
            connection.execute(select(func.count()).select_from(certificate)).scalar_one(),
            connection.execute(select(func.count()).where(form.c.frozen.is_not(None))).scalar_one(),
        )


def refused(context: Context, code: str, *args: Any, **kwargs: Any) -> UserError:
    before = counts(context)
    with pytest.raises(UserError) as caught:
        recognise(context, *args, **kwargs)
    assert caught.value.code == code
    assert counts(context) == before
    return caught.value


def test_those_who_pass_get_a_decision_numbers_and_frozen_verdicts(context: Context) -> None:
    uids = people(context)
    (loser,) = people(context, "Phạm Thị Hoa", outcome=FAIL, code="01-0002")
    found = recognise(context, YEAR, CITIZEN, "112", DECIDED)
    assert found.decision is not None
    assert (found.decision.number, found.decision.date, found.recognised) == ("112/QĐ-UBND", DECIDED, 3)
    assert [(item.uid, item.state) for item in found.left_out] == [(loser, CandidateState.FAILED)]
    book = register_book(context, YEAR, CITIZEN)
    assert [item.number for item in book] == ["0001/2026-CD", "0002/2026-CD", "0003/2026-CD"]
    assert [item.subject for item in book] == uids
    assert {item.status for item in book} == {CertificateStatus.ISSUED}
    assert {item.issued_on for item in book} == {DECIDED}
    assert decisions(context, YEAR, CITIZEN) == (found.decision,)
    assert counts(context) == (1, 3, 3)


def test_the_whole_recognition_is_one_operation_that_cannot_be_undone(context: Context) -> None:
    people(context)
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    with context.read() as connection:
        done = connection.execute(select(operation).where(operation.c.kind == "recognise")).all()
    assert len(done) == 1
    assert done[0].args == {"model": "citizen", "year": YEAR, "count": 3, "number": "112/QĐ-UBND"}
    with pytest.raises(UndoRefused) as caught:
        context.journal.undo(done[0].uid)
    assert caught.value.code == "undo.voided_only"


def test_a_family_is_not_recognised_twice_in_a_round(context: Context) -> None:
    home, _ = add_household(context)
    confirm_all(context)
    fill(context, FAMILY, {home: PASS})
    assert recognise(context, YEAR, FAMILY, "112", DECIDED).recognised == 1
    again = recognise(context, YEAR, FAMILY, "113", DECIDED)
    assert (again.decision, again.recognised) == (None, 0)
    assert again.left_out[0].state is CandidateState.RECOGNISED
    assert "0001/2026-GĐ" in again.left_out[0].reason and "112/QĐ-UBND" in again.left_out[0].reason
    assert counts(context) == (1, 1, 1)


def test_who_passes_later_is_recognised_by_another_decision_and_the_numbers_go_on(context: Context) -> None:
    people(context)
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    (late,) = people(context, "Phạm Thị Hoa", code="01-0000")
    found = recognise(context, YEAR, CITIZEN, "140", DECIDED)
    assert found.recognised == 1 and len(found.left_out) == 3
    assert register_book(context, YEAR, CITIZEN)[-1].subject == late
    assert numbers(context)[-1] == "0004/2026-CD"
    assert [item.number for item in decisions(context, YEAR)] == ["140/QĐ-UBND", "112/QĐ-UBND"]


def test_nobody_who_passes_makes_no_decision(context: Context) -> None:
    people(context, outcome=FAIL)
    found = recognise(context, YEAR, CITIZEN, "112", DECIDED)
    assert found.decision is None and found.recognised == 0 and len(found.left_out) == 3
    assert counts(context) == (0, 0, 0)
    with context.read() as connection:
        assert not connection.execute(select(operation).where(operation.c.kind == "recognise")).all()


def test_only_the_chosen_are_recognised_and_the_others_are_not_told_of(context: Context) -> None:
    first, second, _ = people(context)
    (loser,) = people(context, "Phạm Thị Hoa", outcome=FAIL, code="01-0002")
    (stranger,) = add_household(context, "01-0003", members=("Đỗ Văn Mười",))[1]
    found = recognise(context, YEAR, CITIZEN, "112", DECIDED, [second, loser, stranger, "f" * 32])
    assert [item.subject for item in register_book(context, YEAR, CITIZEN)] == [second]
    assert {item.uid: item.state for item in found.left_out} == {
        loser: CandidateState.FAILED,
        stranger: CandidateState.NOT_ASSESSED,
        "f" * 32: CandidateState.ABSENT,
    }
    assert first not in {item.uid for item in found.left_out}


def test_a_volunteer_s_machine_gives_no_numbers(context: Context) -> None:
    people(context)
    context.role = DeviceRole.VOLUNTEER
    refused(context, "recognise.office_only", YEAR, CITIZEN, "112", DECIDED)


def test_a_closed_round_recognises_nobody(context: Context) -> None:
    people(context)
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    refused(context, "round.closed", YEAR, CITIZEN, "112", DECIDED)


def test_the_same_decision_is_not_written_twice_for_a_model(context: Context) -> None:
    people(context)
    recognise(context, YEAR, CITIZEN, "112/QĐ-UBND", DECIDED)
    people(context, "Phạm Thị Hoa", code="01-0002")
    for same in ("112", "0112", "112/qđ-ubnd", " 112 / QĐ-UBND "):
        assert "đã ghi cho mô hình này" in refused(context, "decision.used", YEAR, CITIZEN, same, DECIDED).message


def test_one_number_has_one_date_in_a_year(context: Context) -> None:
    people(context)
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    people(context, "Phạm Thị Hoa", code="01-0002")
    error = refused(context, "decision.other_date", YEAR, CITIZEN, "112", dt.date(2026, 11, 16))
    assert "15/11/2026" in error.message


def test_one_decision_may_recognise_two_models(context: Context) -> None:
    home, uids = add_household(context)
    confirm_all(context)
    fill(context, CITIZEN, passing(uids))
    fill(context, FAMILY, {home: PASS})
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    assert recognise(context, YEAR, FAMILY, "112", DECIDED).recognised == 1
    assert numbers(context, FAMILY) == ["0001/2026-GĐ"]


@pytest.mark.parametrize(
    ("number", "date", "code"),
    [
        ("", DECIDED, "decision.number_missing"),
        (" \u200b ", DECIDED, "decision.number_missing"),
        ("QĐ-UBND", DECIDED, "decision.number_bad"),
        ("1" * 80, DECIDED, "decision.number_bad"),
        ("112", dt.date(2025, 11, 15), "decision.date_bad"),
        ("112", dt.date(2206, 11, 15), "decision.date_bad"),
    ],
)
def test_a_wrong_number_or_date_is_refused_in_words(context: Context, number: str, date: dt.date, code: str) -> None:
    people(context)
    assert refused(context, code, YEAR, CITIZEN, number, date).message.count(".") >= 1


def test_numbers_begin_where_the_paper_book_ended(context: Context) -> None:
    people(context)
    set_office(context, first_numbers={"citizen:2026": 412})
    assert next_numbers(context, YEAR, CITIZEN, 3).last == "0414/2026-CD"
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    assert numbers(context) == ["0412/2026-CD", "0413/2026-CD", "0414/2026-CD"]
    set_office(context, first_numbers={"citizen:2026": 5})
    people(context, "Phạm Thị Hoa", code="01-0002")
    recognise(context, YEAR, CITIZEN, "113", DECIDED)
    assert numbers(context)[-1] == "0415/2026-CD"


def test_each_model_and_year_counts_for_itself(context: Context) -> None:
    from desktop_app.services.assessment.rounds import open_round

    uids = people(context)
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    open_round(context, 2027)
    fill(context, CITIZEN, passing(uids), 2027)
    recognise(context, 2027, CITIZEN, "90", dt.date(2027, 11, 2))
    assert numbers(context, CITIZEN, 2027)[0] == "0001/2027-CD"


@pytest.mark.parametrize("template", ["{so}", "{year}-{code}", "{sequence", "{0}", "{sequence.real.x}"])
def test_a_number_format_that_cannot_tell_papers_apart_gives_no_numbers(context: Context, template: str) -> None:
    people(context)
    set_office(context, number_format=template)
    refused(context, "settings.number_format", YEAR, CITIZEN, "112", DECIDED)


def test_the_paper_says_what_the_register_said_on_that_day(context: Context) -> None:
    _, (man, woman, child) = add_household(context, members=("Trần Văn Đức", "Lê Thị Sáu", "Trần Thị Bé"))
    with context.operation("citizen.edit") as op:
        for uid, values in {
            man: {"sex": "male", "birth": "1984-05-08"},
            woman: {"sex": "female", "birth": "1986"},
            child: {"sex": "female", "birth": "2009-12-30"},
        }.items():
            op.writer.update_many(registry.citizen, {op.writer.references.id("citizen", uid) or 0: values})
    fill(context, CITIZEN, passing([man, woman, child]))
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    book = register_book(context, YEAR, CITIZEN)
    assert [(item.honorific, item.recipient, item.birth) for item in book] == [
        ("Ông", "Trần Văn Đức", "1984-05-08"),
        ("Bà", "Lê Thị Sáu", "1986"),
        ("Em", "Trần Thị Bé", "2009-12-30"),
    ]
    assert {item.address for item in book} == {"Thôn 1, xã Phú An, tỉnh An Giang"}


def test_two_hamlets_of_one_name_are_told_apart_by_their_former_communes(context: Context) -> None:
    from desktop_app.services.register import add_hamlet

    with context.operation("hamlet.add") as op:
        commune_id, commune_uid = op.connection.execute(select(registry.commune.c.id, registry.commune.c.uid)).one()
        add_hamlet(op.writer, commune_id, commune_uid, "Thôn 1", former_commune="Xã Hải An")
        home = op.connection.execute(
            select(registry.hamlet.c.id).where(registry.hamlet.c.former_commune.is_not(None))
        ).scalar_one()
        household = op.writer.insert(registry.household, {"code": "09-0001", "hamlet_id": home})
        person = op.writer.insert(
            registry.citizen, {"full_name": "Lò Văn Pá", "household_id": household, "position": 1, "birth": "1970"}
        )
        uid = op.writer.references.uid("citizen", person)
    fill(context, CITIZEN, {uid: PASS})
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    assert register_book(context, YEAR, CITIZEN)[0].address == "Thôn 1 (xã Hải An cũ), xã Phú An, tỉnh An Giang"


def test_a_recognised_form_takes_no_more_answers(context: Context) -> None:
    uid = people(context, "Trần Văn Đức")[0]
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    with context.read() as connection:
        code = connection.execute(select(assessment_tables.answer.c.indicator).limit(1)).scalar_one()
    with pytest.raises(UserError) as caught:
        answer(context, CITIZEN, uid, YEAR, code, 1)
    assert caught.value.code == "answer.recognised"


def test_a_verdict_stays_as_it_was_recognised_when_the_set_changes(context: Context) -> None:
    home, _ = add_household(context)
    confirm_all(context)
    fill(context, FAMILY, {home: PASS})
    recognise(context, YEAR, FAMILY, "112", DECIDED)
    with context.read() as connection:
        used = set_in_use(connection, FAMILY)
        before = connection.execute(select(assessment_tables.assessment.c.frozen)).scalar_one()
    verdict = read_frozen(before)
    assert (verdict.total, verdict.passed, verdict.set_key) == (100, True, "family")
    assert verdict.sentence.startswith("Đạt") and len(before["fingerprint"]) == 64
    change_overrides(context, used.uid, {"pass_mark": 99.0})
    with context.read() as connection:
        row = connection.execute(select(assessment_tables.assessment)).one()
    assert (row.frozen, row.passed, row.total) == (before, True, 100)


def test_the_signer_of_the_day_stands_on_the_decision(context: Context) -> None:
    people(context)
    set_office(context, signer_title="CHỦ TỊCH", signer_name="Nguyễn Văn Thắng")
    found = recognise(
        context, YEAR, CITIZEN, "112", DECIDED, signer_title="KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", signer_name="Lê Thị Hà"
    )
    assert found.decision is not None
    assert (found.decision.signer_title, found.decision.signer_name) == ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Lê Thị Hà")
    assert found.decision.authority == "Chủ tịch Ủy ban nhân dân xã Phú An"


def test_a_cancelled_recognition_leaves_no_trace(context: Context) -> None:
    people(context)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        recognise(context, YEAR, CITIZEN, "112", DECIDED, progress=progress)
    assert counts(context) == (0, 0, 0)


def test_two_registers_of_the_same_people_give_the_same_numbers(tmp_path: Path) -> None:
    books = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        context = sample_commune(folder)
        uids = all_uids(context, CITIZEN, 60)
        fill(context, CITIZEN, passing(uids if name == "a" else reversed(uids)))
        recognise(context, YEAR, CITIZEN, "112", DECIDED)
        books.append([(item.number, item.recipient, item.birth) for item in register_book(context, YEAR, CITIZEN)])
        context.close()
    assert books[0] == books[1]
    assert len(books[0]) == 60


@pytest.mark.full
def test_ten_thousand_are_recognised_in_seconds(tmp_path: Path) -> None:
    import time

    context = sample_commune(tmp_path, copies=9)
    uids = all_uids(context, CITIZEN, 10_000)
    fill(context, CITIZEN, passing(uids))
    start = time.perf_counter()
    assert recognise(context, YEAR, CITIZEN, "112", DECIDED).recognised == 10_000
    assert time.perf_counter() - start < 20
    assert numbers(context)[-1] == "10000/2026-CD"
    context.close()
