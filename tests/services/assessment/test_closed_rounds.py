"""A closed round takes nothing by any way: not by hand, not by undo, not by a package; opened again it takes all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.models.journal import UndoRefused
from desktop_app.models.types import CitizenGroup, LearningModel, ReviewOutcome, ReviewStage, SiteState, Uid
from desktop_app.services import history
from desktop_app.services.assessment import evidence, signing
from desktop_app.services.assessment.accounts import record_states, set_follow_up
from desktop_app.services.assessment.answers import answer, clear_form, leave_form
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.next_round import accept_groups
from desktop_app.services.assessment.registration import register_subjects, unregister_subjects
from desktop_app.services.assessment.regroup import choose_group
from desktop_app.services.assessment.review.meetings import Meeting, save_meeting
from desktop_app.services.assessment.review.postings import post_list
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.round_closing import begin_closing, close_round, reopen_round
from desktop_app.services.assessment.round_models import change_part
from desktop_app.services.assessment.rounds import change_round, set_target
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.keying.batches import add_batch, next_cover
from desktop_app.services.keying.second_draw import draw
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.services.assessment.world import CITIZEN, YEAR, add_people, codes_of, fill, operations, row_uid
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry


@dataclass
class World:
    """A register with a filled form, and what deeds at it name."""

    context: Context
    person: Uid
    other: Uid
    code: str
    note: Uid
    folder: Path


@pytest.fixture
def world(context: Context, tmp_path: Path) -> World:
    _, (person, other) = add_people(context, [{"citizen_group": "resident"}, {"citizen_group": "resident"}])
    fill(context, CITIZEN, person)
    code = codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[0]
    note = evidence.add_note(context, CITIZEN, person, YEAR, code, "Thẻ thư viện")
    (tmp_path / "thẻ.txt").write_text("thẻ", encoding="utf-8")
    return World(context, person, other, code, note, tmp_path)


WAYS: dict[str, Callable[[World], object]] = {
    "an answer": lambda w: answer(w.context, CITIZEN, w.person, YEAR, w.code, 1),
    "a first answer": lambda w: answer(w.context, CITIZEN, w.other, YEAR, w.code, 1),
    "an emptied form": lambda w: clear_form(w.context, CITIZEN, w.person, YEAR),
    "evidence": lambda w: evidence.attach_evidence(
        w.context, CITIZEN, w.person, YEAR, w.code, w.folder / "thẻ.txt"
    ),
    "a note": lambda w: evidence.add_note(w.context, CITIZEN, w.person, YEAR, "", "Đã xem"),
    "other words in a note": lambda w: evidence.edit_note(w.context, w.note, "Thẻ khác"),
    "evidence taken off": lambda w: evidence.remove_evidence(w.context, w.note),
    "a signature": lambda w: signing.sign_form(w.context, CITIZEN, w.person, YEAR, "Lê An", ""),
    "a reason": lambda w: signing.keep_with_reason(w.context, CITIZEN, w.person, YEAR, w.code, "Có thẻ"),
    "another group": lambda w: choose_group(w.context, w.person, YEAR, CitizenGroup.WORKER),
    "accepted groups": lambda w: accept_groups(w.context, YEAR, []),
    "a registration": lambda w: register_subjects(w.context, CITIZEN, YEAR, [w.other]),
    "a registration taken back": lambda w: unregister_subjects(w.context, CITIZEN, YEAR, [w.person]),
    "an account": lambda w: record_states(w.context, YEAR, [w.person], SiteState.REGISTERED),
    "a person in charge": lambda w: set_follow_up(
        w.context, YEAR, "hamlet", row_uid(w.context, "hamlet"), person="Bà Tư"
    ),
    "other dates": lambda w: change_round(w.context, YEAR, ends_on=dt.date(YEAR, 11, 30)),
    "a target": lambda w: set_target(w.context, YEAR, LearningModel.CLAN, 50),
    "another set": lambda w: change_part(w.context, YEAR, LearningModel.CLAN, is_taking_part=False),
    "a batch": lambda w: add_batch(w.context, YEAR, next_cover(w.context, YEAR)),
    "a second entry": lambda w: draw(w.context, YEAR),
    "a meeting": lambda w: save_meeting(
        w.context, YEAR, ReviewStage.HAMLET, row_uid(w.context, "hamlet"), Meeting("2026-01-05", chair="Ông Ba")
    ),
    "a review": lambda w: record_review(
        w.context, CITIZEN, YEAR, [w.person], ReviewOutcome.ACCEPTED, stage=ReviewStage.HAMLET
    ),
    "a posted list": lambda w: post_list(w.context, CITIZEN, YEAR, stage=None),
    "a decision": lambda w: recognise(w.context, YEAR, CITIZEN, "1", dt.date(2026, 12, 1)),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_closed_round_refuses(way: str, world: World) -> None:
    close_round(world.context, YEAR, despite=True)
    before, deeds = register_state(world.context), operations(world.context)
    with pytest.raises(UserError) as refused:
        WAYS[way](world)
    assert refused.value.code == "round.closed"
    assert f"Đợt {YEAR} đã khóa" in refused.value.message
    assert (register_state(world.context), operations(world.context)) == (before, deeds)


def test_while_a_round_is_closing_nobody_comes_in_through_his_form(world: World) -> None:
    context = world.context
    begin_closing(context, YEAR)
    before = register_state(context)
    for deed in (
        lambda: answer(context, CITIZEN, world.other, YEAR, world.code, 1),
        lambda: evidence.add_note(context, CITIZEN, world.other, YEAR, "", "Đã xem"),
        lambda: signing.sign_form(context, CITIZEN, world.other, YEAR, "Lê An", ""),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "round.closing"
    assert register_state(context) == before
    assert "không nhận đăng ký mới" in open_form(context, CITIZEN, world.other, YEAR).readonly_reason
    unregister_subjects(context, CITIZEN, YEAR, [world.person])
    answer(context, CITIZEN, world.person, YEAR, world.code, 1)
    assert open_form(context, CITIZEN, world.person, YEAR).registration is None


def test_nothing_of_a_closed_round_is_taken_back_until_it_is_opened_again(world: World) -> None:
    context = world.context
    answer(context, CITIZEN, world.other, YEAR, world.code, 3)
    leave_form(context)
    deed = history.newest_undoable(context)
    assert deed is not None
    close_round(context, YEAR, despite=True)
    before = register_state(context)
    with pytest.raises(UndoRefused) as refused:
        history.undo(context, deed)
    assert refused.value.code == "undo.round_closed"
    assert f"mở lại đợt {YEAR}" in refused.value.message
    assert history.why_not_undo(context, deed) == refused.value.message
    assert register_state(context) == before
    reopen_round(context, YEAR)
    assert history.undo(context, deed).undone == deed


def test_a_registration_of_hundreds_is_not_taken_back_either(world: World) -> None:
    context = world.context
    _, people = add_people(context, [{}] * 600, code="01-0002")
    register_subjects(context, CITIZEN, YEAR, people)
    deed = history.newest_undoable(context)
    assert deed is not None
    close_round(context, YEAR, despite=True)
    with pytest.raises(UndoRefused) as refused:
        history.undo(context, deed)
    assert refused.value.code == "undo.round_closed"


def test_closing_itself_is_taken_back(world: World) -> None:
    close_round(world.context, YEAR, despite=True)
    history.undo(world.context)
    answer(world.context, CITIZEN, world.person, YEAR, world.code, 1)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Context, Context, Uid]]:
    """An office, a volunteer, and somebody whom both know."""
    office, (volunteer,) = make_star(tmp_path, 1)
    _, (person,) = add_people(volunteer, [{"citizen_group": "resident"}])
    carry(volunteer, office, tmp_path)
    yield office, volunteer, person
    volunteer.close()
    office.close()


def test_a_package_with_answers_of_a_closed_round_waits_until_the_round_is_opened(
    pair: tuple[Context, Context, Uid], tmp_path: Path
) -> None:
    office, volunteer, person = pair
    fill(volunteer, CITIZEN, person)
    close_round(office, YEAR, despite=True)
    create_package(volunteer, tmp_path / "điểm.sht")
    before = register_state(office)
    for is_dry_run in (True, False):
        with pytest.raises(UserError) as refused:
            merge_package(office, tmp_path / "điểm.sht", is_dry_run=is_dry_run)
        assert refused.value.code == "package.closed_round"
        assert f"đợt {YEAR}" in refused.value.message
    assert register_state(office) == before
    reopen_round(office, YEAR)
    assert merge_package(office, tmp_path / "điểm.sht").conflicts == 0
    close_round(office, YEAR, despite=True)
    merge = history.newest_undoable(office)
    assert merge is not None
    again = merge_package(office, tmp_path / "điểm.sht")
    assert again.applied == 0


def test_a_package_without_work_of_the_closed_round_comes_in(
    pair: tuple[Context, Context, Uid], tmp_path: Path
) -> None:
    office, volunteer, _ = pair
    add_people(volunteer, [{"full_name": "Lê Mới"}], code="01-0009")
    close_round(office, YEAR, despite=True)
    assert carry(volunteer, office, tmp_path).applied > 0


def test_a_merge_is_not_withdrawn_from_under_a_closed_round(pair: tuple[Context, Context, Uid], tmp_path: Path) -> None:
    office, volunteer, person = pair
    fill(volunteer, CITIZEN, person)
    merged = carry(volunteer, office, tmp_path).operation
    assert merged is not None
    close_round(office, YEAR, despite=True)
    before = register_state(office)
    with pytest.raises(UndoRefused):
        history.undo(office, merged)
    assert register_state(office) == before
