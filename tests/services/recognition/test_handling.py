"""Printed, signed, handed over, voided, issued again: a number never changes hands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from desktop_app.models.journal import UndoRefused
from desktop_app.models.tables import assessment as assessment_tables
from desktop_app.models.tables import registry
from desktop_app.models.tables.system import operation
from desktop_app.models.types import CertificateStatus, DeviceRole, LearningModel, Uid
from desktop_app.services.assessment.answers import answer
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.recognition.candidates import candidates
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import (
    hand_over,
    mark_printed,
    mark_signed,
    reissue,
    void_certificates,
)
from desktop_app.services.recognition.lists import (
    certificate_counts,
    certificate_record,
    certificate_source,
    decisions,
    qr_content,
    register_book,
)
from desktop_app.services.recognition.records import CertificateFilter, CertificateRecord
from tests.factories import add_household, make_register
from tests.services.recognition.people import DECIDED, YEAR, fill, passing

CITIZEN = LearningModel.CITIZEN
HANDED = dt.date(2026, 11, 20)
S = CertificateStatus


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = issued(tmp_path)
    yield made
    made.close()


def issued(folder: Path) -> Context:
    """A register with three certificates."""
    made = make_register(folder)
    _, uids = add_household(made, members=("Trần Văn Đức", "Lê Thị Sáu", "Trần Thị Bé"))
    fill(made, CITIZEN, passing(uids))
    recognise(made, YEAR, CITIZEN, "112", DECIDED)
    return made


def book(context: Context) -> tuple[CertificateRecord, ...]:
    return register_book(context, YEAR, CITIZEN)


def uids(context: Context) -> list[Uid]:
    return [item.uid for item in book(context)]


def last_operation(context: Context) -> Any:
    with context.read() as connection:
        return connection.execute(select(operation).order_by(operation.c.id.desc()).limit(1)).one()


def refused(code: str, deed: Callable[..., object], context: Context, *args: Any, **kwargs: Any) -> UserError:
    before = book(context)
    with pytest.raises(UserError) as caught:
        deed(context, *args, **kwargs)
    assert caught.value.code == code
    assert book(context) == before
    return caught.value


def test_a_print_is_an_event_of_the_journal_and_moves_the_paper_on(context: Context) -> None:
    first, second, third = uids(context)
    assert mark_printed(context, [first, second]) == 2
    assert [(item.status, item.printed_count) for item in book(context)] == [
        (S.PRINTED, 1),
        (S.PRINTED, 1),
        (S.ISSUED, 0),
    ]
    done = last_operation(context)
    assert (done.kind, done.args) == ("certificate.print", {"count": 2})
    with pytest.raises(UndoRefused):
        context.journal.undo(done.uid)
    assert third


def test_printing_again_keeps_the_number_and_asks_a_reason(context: Context) -> None:
    first = uids(context)[0]
    mark_printed(context, [first])
    refused("certificate.reprint_reason", mark_printed, context, uids(context))
    mark_printed(context, [first], "Kẹt giấy")
    assert book(context)[0].number == "0001/2026-CD" and book(context)[0].printed_count == 2
    assert last_operation(context).kind == "certificate.reprint"
    assert last_operation(context).args == {"count": 1, "again": 1, "reason": "Kẹt giấy"}


def test_the_queues_go_from_print_to_signature_to_handing_over(context: Context) -> None:
    first, second, third = uids(context)
    mark_printed(context, [first, second, third])
    mark_signed(context, [second, third])
    hand_over(context, [third], HANDED, "Lê Thị Sáu")
    counts = certificate_counts(context, YEAR, CITIZEN)
    assert counts == {S.ISSUED: 0, S.PRINTED: 1, S.SIGNED: 1, S.HANDED_OVER: 1, S.VOIDED: 0}
    last = book(context)[2]
    assert (last.handed_over_on, last.handed_over_to) == (HANDED, "Lê Thị Sáu")


def test_handing_over_without_a_name_means_the_recipient(context: Context) -> None:
    first = uids(context)[0]
    mark_printed(context, [first])
    hand_over(context, [first], HANDED)
    assert book(context)[0].handed_over_to == "Trần Văn Đức"


def test_signing_and_handing_over_can_be_undone(context: Context) -> None:
    mark_printed(context, uids(context))
    printed = book(context)
    mark_signed(context, uids(context))
    signed = last_operation(context).uid
    hand_over(context, uids(context), HANDED)
    context.journal.undo(last_operation(context).uid)
    context.journal.undo(signed)
    assert book(context) == printed


def test_what_was_not_printed_is_neither_signed_nor_handed_over(context: Context) -> None:
    first = uids(context)[0]
    refused("certificate.not_printed", mark_signed, context, [first])
    refused("certificate.not_printed", hand_over, context, [first], HANDED)


def test_a_paper_is_handed_over_once_and_not_before_it_was_issued(context: Context) -> None:
    first = uids(context)[0]
    mark_printed(context, [first])
    refused("certificate.date_bad", hand_over, context, [first], dt.date(2026, 11, 14))
    hand_over(context, [first], HANDED)
    refused("certificate.handed_over", hand_over, context, [first], HANDED)


def test_voiding_keeps_the_number_withdraws_the_recognition_and_opens_the_form(context: Context) -> None:
    first = uids(context)[0]
    subject = book(context)[0].subject
    refused("certificate.void_reason", void_certificates, context, [first], "  ")
    assert void_certificates(context, [first], "Khai không đúng", dt.date(2026, 12, 1)) == 1
    voided = book(context)[0]
    assert (voided.number, voided.status) == ("0001/2026-CD", S.VOIDED)
    assert voided.remark == "Đã hủy ngày 01/12/2026: Khai không đúng"
    assert [item.uid for item in candidates(context, YEAR, CITIZEN).ready] == [subject]
    with context.read() as connection:
        code = connection.execute(select(assessment_tables.answer.c.indicator).limit(1)).scalar_one()
    answer(context, CITIZEN, subject, YEAR, code, 4)
    assert not candidates(context, YEAR, CITIZEN).ready
    assert last_operation(context).kind == "answer.form"


def test_the_number_of_a_voided_paper_is_never_given_again(context: Context) -> None:
    void_certificates(context, uids(context), "Nhầm ngày quyết định")
    found = recognise(context, YEAR, CITIZEN, "113", DECIDED)
    assert found.recognised == 3
    assert [item.number for item in book(context)] == [f"000{n}/2026-CD" for n in range(1, 7)]
    assert [(item.standing, item.certificates) for item in decisions(context, YEAR)] == [(3, 3), (0, 3)]


def test_nothing_more_is_done_with_a_voided_paper(context: Context) -> None:
    first = uids(context)[0]
    void_certificates(context, [first], "Khai không đúng")
    refused("certificate.voided", mark_printed, context, [first])
    refused("certificate.voided", hand_over, context, [first], HANDED)
    refused("certificate.voided", void_certificates, context, [first], "lần nữa")
    refused("certificate.voided", reissue, context, first, "Mất")


def test_issuing_again_gives_the_next_number_with_today_s_name_and_keeps_the_recognition(context: Context) -> None:
    first = uids(context)[0]
    mark_printed(context, [first])
    with context.operation("citizen.edit") as op:
        op.writer.update(registry.citizen, 1, {"full_name": "Trần Văn Đực", "sex": "male"})
    made = reissue(context, first, "Ghi sai tên", dt.date(2026, 12, 3))
    assert (made.number, made.recipient, made.honorific) == ("0004/2026-CD", "Trần Văn Đực", "Ông")
    assert (made.reissue_of, made.decision_number, made.status) == ("0001/2026-CD", "112/QĐ-UBND", S.ISSUED)
    old = certificate_record(context, first)
    assert (old.recipient, old.status, old.reissued_as) == ("Trần Văn Đức", S.VOIDED, "0004/2026-CD")
    assert old.remark == "Đã hủy ngày 03/12/2026, thay bằng giấy số 0004/2026-CD: Cấp lại: Ghi sai tên"
    assert made.remark == "Cấp lại thay giấy số 0001/2026-CD"
    assert not candidates(context, YEAR, CITIZEN).ready
    assert last_operation(context).args == {"number": "0001/2026-CD"}


def test_only_the_office_prints_voids_and_issues_again(context: Context) -> None:
    first = uids(context)[0]
    mark_printed(context, [first])
    context.role = DeviceRole.VOLUNTEER
    refused("recognise.office_only", mark_printed, context, [first], "hỏng")
    refused("recognise.office_only", void_certificates, context, [first], "nhầm")
    refused("recognise.office_only", reissue, context, first, "mất")
    assert hand_over(context, [first], HANDED) == 1


def test_an_unknown_paper_is_refused_and_nothing_is_done_to_the_others(context: Context) -> None:
    refused("certificate.unknown", mark_printed, context, [uids(context)[0], "f" * 32])
    refused("certificate.unknown", mark_printed, context, [])


def test_papers_are_found_by_name_number_and_the_code_on_the_paper(context: Context) -> None:
    def found(text: str, **more: Any) -> list[str]:
        source = certificate_source(context, YEAR, CITIZEN, CertificateFilter(text=text, **more))
        rows = source.rows(0, 9)
        assert source.count() == len(rows) and source.uids() == tuple(row.uid for row in rows)
        return [row.number for row in rows]

    assert found("sau le") == ["0002/2026-CD"]
    assert found("0003") == ["0003/2026-CD"]
    assert found(qr_content("30436", "0002/2026-CD")) == ["0002/2026-CD"]
    assert found("%") == []
    assert found("", status=S.PRINTED) == []
    assert len(found("", decision=book(context)[0].decision)) == 3
    assert found("", decision="0" * 32) == []


def test_papers_are_sorted_by_name_in_vietnamese_order(context: Context) -> None:
    rows = certificate_source(context, YEAR, CITIZEN).sorted("recipient").rows(0, 9)
    assert [row.recipient for row in rows] == ["Trần Thị Bé", "Trần Văn Đức", "Lê Thị Sáu"]
    rows = certificate_source(context, YEAR, CITIZEN).sorted("number", True).rows(0, 1)
    assert rows[0].number == "0003/2026-CD"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(["void", "again", "recognise", "print", "give"]), st.integers(0, 9)), max_size=9)
)
def test_whatever_is_done_no_number_is_given_twice_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int]]
) -> None:
    context = issued(tmp_path_factory.mktemp("book"))
    order: list[tuple[int, str]] = []
    for place, (deed, pick) in enumerate(deeds):
        chosen = uids(context)[pick % len(uids(context))]
        try:
            if deed == "void":
                void_certificates(context, [chosen], "nhầm")
            elif deed == "again":
                reissue(context, chosen, "mất")
            elif deed == "print":
                mark_printed(context, [chosen], "in lại")
            elif deed == "give":
                hand_over(context, [chosen], HANDED)
            else:
                recognise(context, YEAR, CITIZEN, f"{200 + place}", DECIDED)
        except UserError:
            pass
        now = [(item.sequence, item.subject) for item in book(context)]
        assert now[: len(order)] == order
        order = now
    assert [sequence for sequence, _ in order] == list(range(1, len(order) + 1))
    standing = [item.subject for item in book(context) if not item.is_voided]
    assert len(standing) == len(set(standing))
    context.close()
