"""What a printed cover tells of its stack: scanned on any machine, typed where it was printed, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history.reading import operations
from desktop_app.services.keying.batches import add_batch, edit_cover
from desktop_app.services.keying.covers import printed_cover
from desktop_app.services.keying.records import Cover
from desktop_app.services.paper.codes import stack_qr, with_check_digit
from desktop_app.services.paper.planning import PrintPlan, plan_print
from desktop_app.services.paper.printing import note_print
from desktop_app.services.paper.request import PaperOrder, PaperRequest
from tests.services.paper.conftest import add_unit, hamlet_uid, homes, register

__all__ = ["homes", "register"]
Homes = dict[str, tuple[Uid, list[Uid]]]


def plan_of(register: Context, **more: object) -> PrintPlan:
    return plan_print(register, PaperRequest(2026, has_covers=True, **more))  # type: ignore[arg-type]


def qr_of(plan: PrintPlan, number: int) -> str:
    stack = plan.stacks[number]
    return stack_qr(2026, stack.code, stack.forms[0].place_uid, plan.sets[stack.set_id].uid)


def test_a_scanned_cover_tells_its_hamlet_and_its_form(register: Context, homes: Homes) -> None:
    plan = plan_of(register)
    said = [printed_cover(register, 2026, qr_of(plan, n)) for n, _ in enumerate(plan.stacks)]
    assert [cover.place for cover in said] == [stack.place for stack in plan.stacks] == ["Thôn 1", "Thôn 2"]
    assert [cover.hamlet for cover in said] == [hamlet_uid(register, "Thôn 1"), hamlet_uid(register, "Thôn 2")]
    assert [cover.digits for cover in said] == [stack.code for stack in plan.stacks]
    for cover, stack in zip(said, plan.stacks, strict=True):
        definition = plan.sets[stack.set_id].definition
        assert (cover.model, cover.group) == (definition.model, definition.group)
        assert cover.set_uid == plan.sets[stack.set_id].uid and cover.form == definition.name


def test_a_scanned_cover_of_a_unit_tells_the_unit(register: Context, homes: Homes) -> None:
    unit = add_unit(register, "Trường THCS", homes["01-0002"][1])
    plan = plan_of(register, organization=unit, order=PaperOrder.ORGANIZATION)
    said = printed_cover(register, 2026, qr_of(plan, 0))
    assert (said.organization, said.hamlet, said.place) == (unit, None, "Trường THCS")


def test_typed_digits_are_known_where_the_cover_was_printed_and_the_latest_print_counts(
    register: Context, homes: Homes
) -> None:
    plan = plan_of(register)
    assert not printed_cover(register, 2026, plan.stacks[1].code).is_known
    note_print(register, plan)
    said = printed_cover(register, 2026, plan.stacks[1].code)
    assert (said.hamlet, said.model) == (hamlet_uid(register, "Thôn 2"), LearningModel.CITIZEN)
    assert not printed_cover(register, 2026, with_check_digit("100200")).is_known
    sentence = operations(register, 1)[0].sentence
    assert "phiếu Công dân học tập năm 2026, 2 nơi" in sentence


def test_a_print_without_covers_notes_none(register: Context, homes: Homes) -> None:
    plan = plan_print(register, PaperRequest(2026))
    note_print(register, plan)
    assert not printed_cover(register, 2026, plan.stacks[0].code).is_known


def test_a_cover_of_before_says_no_more_than_its_code(register: Context) -> None:
    said = printed_cover(register, 2026, stack_qr(2026, "4829133"))
    assert said.digits == "4829133" and not said.is_known


def test_a_place_that_is_gone_is_not_filled_in(register: Context, homes: Homes) -> None:
    text = qr_of(plan_of(register), 0)
    with register.operation("hamlet.edit", {}) as op:
        from desktop_app.models.tables import registry

        hamlet = op.writer.references.id("hamlet", hamlet_uid(register, "Thôn 1"))
        assert hamlet is not None
        op.writer.update(registry.hamlet, hamlet, {"valid_to": "2026-01-01"})
    said = printed_cover(register, 2026, text)
    assert (said.hamlet, said.place) == (None, "") and said.model is LearningModel.CITIZEN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (stack_qr(2025, "4829133"), "code.other_year"),
        ("4829134", "code.not_a_stack"),
        ("SHTT:2026:4829133:4006381333930:", "code.check_digit"),
        ("SHTT:2026:4829133:12:34", "code.not_a_stack"),
    ],
)
def test_a_wrong_cover_is_refused(register: Context, text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        printed_cover(register, 2026, text)
    assert caught.value.code == code


def test_the_cover_of_another_round_begins_no_batch_and_mends_none(register: Context) -> None:
    with pytest.raises(UserError, match="đợt 2025"):
        add_batch(register, 2026, Cover(group=CitizenGroup.RESIDENT, code=stack_qr(2025, "4829133")))
    batch = add_batch(register, 2026, Cover(group=CitizenGroup.RESIDENT))
    with pytest.raises(UserError, match="đợt 2025"):
        edit_cover(register, batch.uid, Cover(group=CitizenGroup.RESIDENT, code=stack_qr(2025, "4829133")))


def test_the_pdf_carries_what_the_cover_tells(register: Context, homes: Homes, tmp_path: Path, monkeypatch) -> None:
    from desktop_app.services.paper import cover as drawing
    from desktop_app.services.paper.printing import write_print

    plan, drawn = plan_of(register), []
    matrix = drawing.qr_matrix
    monkeypatch.setattr(drawing, "qr_matrix", lambda text: drawn.append(text) or matrix(text))
    write_print(plan, tmp_path / "bia.pdf")
    assert drawn == [qr_of(plan, n) for n, _ in enumerate(plan.stacks)]
