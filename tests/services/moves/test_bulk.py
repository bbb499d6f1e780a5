"""One change for many rows: the preview tells what comes, the deed does just that, one undo takes it back."""

from __future__ import annotations

import datetime

import pytest

from desktop_app.models.types import CitizenGroup, Uid
from desktop_app.services.context import Context
from desktop_app.services.history.reading import operations
from desktop_app.services.history.undoing import undo
from desktop_app.services.moves import bulk
from desktop_app.services.moves.as_of import household_on
from desktop_app.services.moves.bulk import PROPOSED, BulkChange, BulkField, Outcome, apply, preview
from desktop_app.services.moves.deeds import record_death
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.registry.units_edit import save_branch
from tests.factories import add_household
from tests.services.registry.conftest import TODAY
from tests.services.sync.machines import register_state

Homes = tuple[tuple[Uid, list[Uid]], tuple[Uid, list[Uid]]]


@pytest.fixture
def homes(context: Context) -> Homes:
    return (
        add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt")),
        add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",)),
    )


def hamlet(context: Context, name: str) -> Uid:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def test_households_move_together_with_their_day(context: Context, homes: Homes) -> None:
    (first, _), (second, _) = homes
    change = BulkChange(BulkField.HAMLET, "household", hamlet(context, "Thôn 2"), on="01/03/2026")
    seen = preview(context, change, [first, second], today=TODAY)
    assert (seen.unit, seen.after, seen.changed, seen.unchanged, seen.refused) == ("hộ", "Thôn 2", 1, 1, 0)
    before = register_state(context)
    assert apply(context, change, [first, second], today=TODAY) == seen
    assert operations(context, 1)[0].sentence == "Chuyển 1 hộ sang Thôn 2"
    moved = household_detail(context, first).hamlet
    assert moved is not None
    assert moved.name == "Thôn 2"
    then = household_on(context, first, datetime.date(2025, 12, 31)).hamlet
    assert then is not None
    assert then.name == "Thôn 1"
    undo(context)
    assert register_state(context) == before


def test_people_are_not_torn_out_of_their_household(context: Context, homes: Homes) -> None:
    (first, members), _ = homes
    loose = save_citizen(context, None, {"full_name": "Võ Thị Hạnh"}, today=TODAY).uid
    assert loose
    change = BulkChange(BulkField.HAMLET, "citizen", hamlet(context, "Thôn 2"))
    some = preview(context, change, [members[0], loose], today=TODAY)
    assert [(row.name, row.reason) for row in some.rows] == [
        ("01-0001 · Nguyễn Văn Ước", "hộ còn 2 người không được chọn"), ("Võ Thị Hạnh", "chưa thuộc hộ nào"),
    ]  # fmt: skip
    assert not some.can_apply
    everybody = apply(context, change, members, today=TODAY)
    assert (everybody.changed, everybody.unit) == (1, "hộ")
    place = household_detail(context, first).hamlet
    assert place is not None
    assert place.name == "Thôn 2"


def test_the_branch_of_the_living_is_set_and_taken_away(context: Context, homes: Homes) -> None:
    members = homes[0][1]
    record_death(context, members[2], today=TODAY)
    branch = save_branch(context, None, {"code": "CH01", "name": "Chi hội thôn 1"}, today=TODAY).uid
    change = BulkChange(BulkField.BRANCH, "citizen", branch)
    seen = apply(context, change, members, today=TODAY)
    assert (seen.changed, seen.refused, seen.after) == (2, 1, "CH01 Chi hội thôn 1")
    assert [(row.name, row.reason) for row in seen.rows if row.outcome is Outcome.REFUSED] == [
        ("Nguyễn Minh Đạt", "đã mất")
    ]
    assert operations(context, 1)[0].sentence == "Xếp 2 người vào chi hội CH01 Chi hội thôn 1"
    assert apply(context, change, members, today=TODAY).changed == 0
    assert operations(context, 1)[0].sentence.startswith("Xếp 2 người"), "nothing changed, so nothing is written"
    of_home = apply(context, BulkChange(BulkField.BRANCH, "household", None), [homes[0][0]], today=TODAY)
    assert (of_home.changed, of_home.refused) == (2, 0)
    assert operations(context, 1)[0].sentence == "Bỏ chi hội của 2 người"


def test_the_group_of_children_is_refused_and_a_begun_form_follows(context: Context, homes: Homes) -> None:
    home, members = homes[0]
    child = save_citizen(
        context, None, {"full_name": "Nguyễn Thị Bé", "birth": "2015", "household": home}, today=TODAY
    ).uid
    assert child
    change = BulkChange(BulkField.GROUP, "citizen", CitizenGroup.WORKER.value)
    seen = apply(context, change, [*members, child], today=TODAY)
    assert (seen.changed, seen.refused) == (3, 1)
    assert seen.rows[0].reason == "chưa đủ 16 tuổi trong đợt này"
    assert {citizen_detail(context, uid).group for uid in members} == {CitizenGroup.WORKER}


def test_a_bad_day_and_a_closed_hamlet_stop_all_of_it(context: Context, homes: Homes) -> None:
    from desktop_app.services.moves.hamlet_merge import merge_hamlets

    ahead = BulkChange(BulkField.HAMLET, "household", hamlet(context, "Thôn 2"), on="01/12/2026")
    assert [issue.code for issue in preview(context, ahead, [homes[0][0]], today=TODAY).issues] == ["date.in_future"]
    assert not apply(context, ahead, [homes[0][0]], today=TODAY).can_apply
    old, new = hamlet(context, "Thôn 2"), hamlet(context, "Thôn 1")
    merge_hamlets(context, old, new, today=TODAY)
    closed = preview(context, BulkChange(BulkField.HAMLET, "household", old), [homes[0][0]], today=TODAY)
    assert [issue.code for issue in closed.issues] == ["hamlet.closed"]


def test_groups_are_proposed_to_who_has_none_and_never_overrule_a_choice(context: Context, homes: Homes) -> None:
    (_, (farmer, teacher, chosen)), (_, (child,)) = homes
    save_citizen(context, farmer, {"occupation": "Nông dân"}, today=TODAY)
    save_citizen(context, teacher, {"occupation": "Giáo viên"}, today=TODAY)
    save_citizen(context, chosen, {"occupation": "Giáo viên", "citizen_group": "worker"}, today=TODAY)
    save_citizen(context, child, {"birth": "2020"}, today=TODAY)
    people = [farmer, teacher, chosen, child]
    change = BulkChange(BulkField.GROUP, "citizen", PROPOSED)
    before = register_state(context)
    seen = preview(context, change, people, today=TODAY)
    assert (seen.changed, seen.unchanged, seen.refused) == (2, 1, 1)
    assert [row.after for row in seen.rows if row.outcome is Outcome.CHANGED] == [
        "Người dân trong xã",
        "Cán bộ, viên chức",
    ]
    assert apply(context, change, people, today=TODAY) == seen
    groups = [citizen_detail(context, uid).group for uid in people]
    assert groups == [CitizenGroup.RESIDENT, CitizenGroup.OFFICIAL, CitizenGroup.WORKER, None]
    undo(context)
    assert register_state(context) == before


@pytest.mark.parametrize("field", list(BulkField))
def test_a_change_of_many_tells_how_far_it_is_and_leaves_nothing_when_stopped_anywhere(
    context: Context, homes: Homes, monkeypatch: pytest.MonkeyPatch, field: BulkField
) -> None:
    monkeypatch.setattr(bulk, "PIECE", 1)
    branch = save_branch(context, None, {"code": "CH1", "name": "Chi hội Một"}).uid
    people = [uid for _, members in homes for uid in members]
    rows = [home for home, _ in homes] if field is BulkField.HAMLET else people
    table = "household" if field is BulkField.HAMLET else "citizen"
    value = {BulkField.HAMLET: hamlet(context, "Thôn 2"), BulkField.BRANCH: branch, BulkField.GROUP: "worker"}[field]
    change = BulkChange(field, table, value)
    before = register_state(context)
    seen: list[tuple[int, int, str]] = []
    stop_at = 0
    while stop_at < 50:
        seen.clear()
        progress = Progress()

        def note(done: int, total: int, text: str, progress: Progress = progress, stop_at: int = stop_at) -> None:
            seen.append((done, total, text))
            progress.is_cancelled = len(seen) > stop_at

        progress.report = note
        try:
            done = apply(context, change, rows, today=TODAY, progress=progress)
        except Cancelled:
            assert register_state(context) == before
            stop_at += 1
            continue
        break
    assert seen[-1] == (done.changed, done.changed, bulk.SEALING)
    assert sum(text == bulk.WRITING for _, _, text in seen) == done.changed
    assert stop_at >= done.changed
    undo(context)
    assert register_state(context) == before
