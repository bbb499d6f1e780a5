"""Two machines exchange packages: what travels, what is refused, what is settled."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from desktop_app.models.journal import UndoRefused, broken_links
from desktop_app.models.journal.steps import LOOKING, SEALING, WRITING
from desktop_app.models.tables.registry import citizen
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.register import open_register
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.inbox import conflicts, settle
from desktop_app.services.sync.merge import inspect_package, merge_package, withdraw_merge
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.status import PeerState, exchange_state, unsent_now
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household, make_register
from tests.services.sync.machines import make_star, register_state


def edit(context: Context, uid: str, **values: object) -> None:
    with context.operation("citizen.edit", {"subject": {"table": "citizen", "uid": uid}}) as op:
        row_id = op.connection.execute(select(citizen.c.id).where(citizen.c.uid == uid)).scalar_one()
        op.writer.update(citizen, row_id, values)


def value(context: Context, uid: str, name: str) -> object:
    with context.read() as connection:
        return connection.execute(select(citizen.c[name]).where(citizen.c.uid == uid)).scalar_one()


def carry(sender: Context, receiver: Context, folder: Path, name: str = "goi.sht"):
    create_package(sender, folder / name, to=receiver.device)
    return merge_package(receiver, folder / name)


def test_a_volunteers_work_reaches_the_office_and_the_other_volunteer(tmp_path: Path) -> None:
    office, (first, second) = make_star(tmp_path)
    _, (uid,) = add_household(first, members=("Nguyễn Thị Lan",))
    result = carry(first, office, tmp_path)
    assert (result.conflicts, result.waiting) == (0, 0)
    assert value(office, uid, "full_name") == "Nguyễn Thị Lan"
    carry(office, second, tmp_path)
    carry(office, first, tmp_path)
    carry(second, office, tmp_path)
    carry(office, first, tmp_path)
    assert register_state(office) == register_state(first) == register_state(second)
    for machine in (office, first, second):
        with machine.read() as connection:
            assert broken_links(connection) == []
        machine.close()


def test_a_package_applied_twice_changes_nothing(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    add_household(first)
    package = tmp_path / "goi.sht"
    create_package(first, package)
    assert merge_package(office, package).applied == 2
    before = register_state(office)
    again = merge_package(office, package)
    assert (again.applied, again.already, again.operation) == (0, 2, None)
    assert register_state(office) == before


def test_a_disagreement_stands_in_the_inbox_with_both_values_and_is_settled(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    edit(office, uid, occupation="Nông dân")
    edit(first, uid, occupation="Thợ mộc")
    assert carry(first, office, tmp_path).conflicts == 1
    (item,) = conflicts(office)
    assert (item.field, item.mine, item.theirs) == ("occupation", "Nông dân", "Thợ mộc")
    carry(office, first, tmp_path)
    assert value(first, uid, "occupation") == "Thợ mộc"
    settle(office, [item.uid], "theirs")
    assert conflicts(office) == []
    carry(office, first, tmp_path)
    assert value(office, uid, "occupation") == value(first, uid, "occupation") == "Thợ mộc"


def test_settling_for_the_office_reaches_the_volunteer(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    edit(office, uid, occupation="Nông dân")
    edit(first, uid, occupation="Thợ mộc")
    edit(first, uid, occupation="Thợ nề")
    carry(first, office, tmp_path)
    (item,) = conflicts(office)
    assert item.theirs == "Thợ nề"
    settle(office, [item.uid], "mine")
    carry(office, first, tmp_path)
    assert value(first, uid, "occupation") == "Nông dân"


def test_two_people_with_one_cccd_go_to_the_inbox(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (mine,) = add_household(office, "01-0001")
    _, (theirs,) = add_household(first, "01-0002")
    edit(office, mine, cccd="079084000001")
    edit(first, theirs, cccd="079084000001")
    assert carry(first, office, tmp_path).conflicts == 1
    carry(office, first, tmp_path)
    assert value(first, theirs, "cccd") == "079084000001"
    (item,) = conflicts(office)
    assert item.reason == "unique"
    settle(office, [item.uid], "theirs")
    carry(office, first, tmp_path)
    assert value(office, theirs, "cccd") == value(first, theirs, "cccd") == "079084000001"
    assert value(office, mine, "cccd") is None and value(first, mine, "cccd") is None


def test_a_withdrawn_merge_leaves_no_trace_and_merging_again_applies_it(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    before = register_state(office)
    add_household(first)
    package = tmp_path / "goi.sht"
    create_package(first, package)
    result = merge_package(office, package)
    merged = register_state(office)
    assert result.operation is not None
    withdraw_merge(office, result.operation)
    assert register_state(office) == before
    assert merge_package(office, package).applied == 2
    assert register_state(office) == merged


def test_a_forwarded_merge_is_not_withdrawn(tmp_path: Path) -> None:
    office, (first, second) = make_star(tmp_path)
    add_household(first)
    result = carry(first, office, tmp_path)
    create_package(office, tmp_path / "next.sht", to=second.device)
    assert result.operation is not None
    with pytest.raises(UndoRefused) as refused:
        withdraw_merge(office, result.operation)
    assert refused.value.code == "undo.forwarded"


@pytest.mark.parametrize("is_at_office", [True, False])
def test_a_withdrawal_tells_how_far_it_is_and_stopped_anywhere_the_merge_stands(
    tmp_path: Path, is_at_office: bool
) -> None:
    office, (first,) = make_star(tmp_path, 1)
    sender, machine = (first, office) if is_at_office else (office, first)
    before = register_state(machine)
    add_household(sender, members=("Nguyễn Thị Lan", "Trần Văn Bình"))
    merge = carry(sender, machine, tmp_path).operation
    assert merge is not None
    merged = register_state(machine)
    seen: list[tuple[int, int, str]] = []
    for stop_at in range(30):
        seen.clear()
        progress = Progress()

        def note(done: int, total: int, text: str, progress: Progress = progress, stop_at: int = stop_at) -> None:
            seen.append((done, total, text))
            progress.is_cancelled = len(seen) > stop_at

        progress.report = note
        try:
            undo(machine, merge, progress=progress)
        except Cancelled:
            assert register_state(machine) == merged
            continue
        break
    assert {LOOKING, WRITING, SEALING} == {text for _, _, text in seen}
    assert seen[-1][0] == seen[-1][1] > 0
    assert register_state(machine) == before
    assert merge_package(machine, tmp_path / "goi.sht").applied > 0
    assert register_state(machine) == merged


def test_what_a_package_will_carry_is_counted_as_it_is_written(tmp_path: Path) -> None:
    office, (first, second) = make_star(tmp_path)
    add_household(first)
    carry(first, office, tmp_path)
    add_household(office, "01-0002")

    def peers_of(machine: Context) -> dict[str, PeerState]:
        return {item.peer.card.uid: item for item in exchange_state(machine).peers}

    for receiver in (first, second):
        state = peers_of(office)[receiver.device]
        made = create_package(office, tmp_path / f"{receiver.device}.sht", to=receiver.device)
        assert state.carried == made.operations
    assert peers_of(office)[first.device].carried > peers_of(office)[first.device].unsent
    both = max(item.carried for item in peers_of(office).values())
    assert both == create_package(office, tmp_path / "tat ca.sht").operations
    assert unsent_now(office) == exchange_state(office).unsent
    merge_package(first, tmp_path / f"{first.device}.sht")
    add_household(first, "01-0003")
    state = peers_of(first)[office.device]
    assert state.carried == state.unsent == create_package(first, tmp_path / "len.sht").operations
    assert unsent_now(first) == exchange_state(first).unsent


def test_a_volunteer_withdraws_the_newest_merge(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    before = register_state(first)
    add_household(office)
    result = carry(office, first, tmp_path)
    assert result.operation is not None and register_state(first) != before
    withdraw_merge(first, result.operation)
    assert register_state(first) == before
    merge_package(first, tmp_path / "goi.sht")
    assert register_state(first).keys() == register_state(office).keys() | register_state(first).keys()


def test_an_unknown_signer_is_refused(tmp_path: Path) -> None:
    office = make_register(tmp_path / "office")
    stranger = make_register(tmp_path / "stranger")
    export_device(office.folder, tmp_path / "office.json")
    trust(stranger.folder, stranger, tmp_path / "office.json")
    create_package(stranger, tmp_path / "goi.sht", to=office.device)
    with pytest.raises(UserError) as refused:
        merge_package(office, tmp_path / "goi.sht")
    assert refused.value.code == "package.unknown_signer"


def test_a_package_for_another_machine_is_refused(tmp_path: Path) -> None:
    office, (first, second) = make_star(tmp_path)
    create_package(office, tmp_path / "goi.sht", to=first.device)
    with pytest.raises(UserError) as refused:
        merge_package(second, tmp_path / "goi.sht")
    assert refused.value.code == "package.sealed"


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_damaged_package_is_refused_and_changes_nothing(tmp_path: Path, cut: int) -> None:
    office, (first,) = make_star(tmp_path, 1)
    add_household(first)
    package = tmp_path / "goi.sht"
    create_package(first, package)
    content = package.read_bytes()
    package.write_bytes(content[:cut] if cut >= 0 else content[:-40] + bytes(40))
    before = register_state(office)
    with pytest.raises(UserError):
        merge_package(office, package)
    assert register_state(office) == before


def test_a_dry_run_counts_and_leaves_everything(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    add_household(first)
    package = tmp_path / "goi.sht"
    create_package(first, package)
    before = register_state(office)
    assert merge_package(office, package, is_dry_run=True).applied == 2
    assert register_state(office) == before
    assert merge_package(office, package).applied == 2


def test_the_label_can_be_read_without_merging(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    add_household(first)
    create_package(first, tmp_path / "goi.sht")
    label = inspect_package(office.folder, tmp_path / "goi.sht")
    assert (label.sender, label.operations, label.commune_code) == (first.device, 2, "30436")


def test_a_volunteer_still_works_under_his_own_name_after_the_register_was_closed(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    assert first.user != office.user
    first.close()
    again = open_register(first.folder)
    assert again.user == first.user
    again.close()


def test_a_machine_is_not_set_up_from_a_package_of_changes(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    new = tmp_path / "new"
    card = export_device(new, tmp_path / "new.json")
    trust(office.folder, office, tmp_path / "new.json")
    create_package(office, tmp_path / "goi.sht", to=card.uid)
    with pytest.raises(UserError) as refused:
        receive_register(new, tmp_path / "goi.sht")
    assert refused.value.code == "package.not_snapshot"
    assert not (new / "sohoctap.db").exists()
    first.close()
