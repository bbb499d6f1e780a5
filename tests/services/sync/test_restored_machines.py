"""A machine was put back to its backup: after an exchange both ways and settling all hold the same again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop_app.models.journal import broken_links
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.assessment import answer, assessment, assessment_round
from desktop_app.models.tables.registry import citizen, household
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.register import open_register
from desktop_app.services.safety.backup import back_up_to
from desktop_app.services.safety.restore import restore_backup
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.inbox import conflicts, settle
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry, edit, value


def restored(context: Context, backup: Path) -> Context:
    folder = context.folder
    context.close()
    restore_backup(folder, backup)
    return open_register(folder)


def exchange(office: Context, members: list[Context], folder: Path, rounds: int = 3) -> None:
    """Both ways, settling for the volunteers; a first package may be refused until the other way was gone."""
    for _ in range(rounds):
        for member in members:
            for sender, receiver in ((member, office), (office, member)):
                try:
                    carry(sender, receiver, folder)
                except UserError as refused:
                    assert refused.code in ("package.gap", "package.need_full")
        settle_all(office)


def settle_all(office: Context) -> None:
    found = conflicts(office)
    if found:
        settle(office, [item.uid for item in found], "theirs")


def agree(office: Context, members: list[Context]) -> None:
    assert conflicts(office) == []
    state = register_state(office)
    for member in members:
        assert register_state(member) == state
    for machine in (office, *members):
        with machine.read() as connection:
            assert broken_links(connection) == []


@pytest.fixture
def star(tmp_path: Path) -> tuple[Context, list[Context], str]:
    office, members = make_star(tmp_path)
    _, (uid,) = add_household(office, "01-0001")
    exchange(office, members, tmp_path, 2)
    return office, members, uid


def test_what_the_office_lost_is_taken_back_everywhere(
    star: tuple[Context, list[Context], str], tmp_path: Path
) -> None:
    office, members, uid = star
    back_up_to(office, tmp_path / "b.db")
    edit(office, uid, occupation="Mất")
    add_household(office, "01-0009")
    edit(members[0], uid, ethnicity="Tày")
    exchange(office, members, tmp_path, 2)
    office = restored(office, tmp_path / "b.db")
    edit(office, uid, religion="Không")
    exchange(office, members, tmp_path)
    agree(office, members)
    assert (value(office, uid, "occupation"), value(office, uid, "ethnicity")) == (None, "Tày")


def test_a_volunteers_work_on_rows_that_the_office_lost_is_kept(
    star: tuple[Context, list[Context], str], tmp_path: Path
) -> None:
    office, members, _ = star
    back_up_to(office, tmp_path / "b.db")
    _, (lost,) = add_household(office, "01-0009")
    exchange(office, members, tmp_path, 2)
    edit(members[0], lost, occupation="Thợ mộc")
    with members[0].operation("citizen.add") as op:
        place = op.connection.execute(select(household.c.id).where(household.c.code == "01-0009")).scalar_one()
        op.writer.insert(citizen, {"full_name": "Lê Thị Con", "household_id": place})
    office = restored(office, tmp_path / "b.db")
    exchange(office, members, tmp_path)
    agree(office, members)
    assert "Lê Thị Con" in {row.get("full_name") for row in register_state(office).values()}
    card = export_device(tmp_path / "new", tmp_path / "new.json")
    trust(office.folder, office, tmp_path / "new.json", card.code)
    create_package(office, tmp_path / "new.sht", to=card.uid, is_snapshot=True)
    fresh = receive_register(tmp_path / "new", tmp_path / "new.sht")
    carry(fresh, office, tmp_path)
    agree(office, [fresh])


def answered(machine: Context, uid: str, item: str, score: float) -> None:
    with machine.operation("answer.form") as op:
        year = op.connection.execute(select(assessment_round)).first()
        assert year is not None
        form_uid = natural_uid("assessment", uid, "citizen", year.uid)
        values = {"assessment_round_id": year.id, "model": "citizen", "subject": uid}
        form = op.writer.insert(assessment, values, uid=form_uid)
        given = {"assessment_id": form, "indicator": item, "value": score}
        op.writer.insert(answer, given, uid=natural_uid("answer", form_uid, item))


def test_an_answer_to_a_lost_form_is_kept_and_fills_the_form_made_again(
    star: tuple[Context, list[Context], str], tmp_path: Path
) -> None:
    office, members, uid = star

    back_up_to(office, tmp_path / "b.db")
    answered(office, uid, "1", 8.0)
    exchange(office, members, tmp_path, 2)
    answered(members[0], uid, "2", 9.0)
    office = restored(office, tmp_path / "b.db")
    carry(members[0], office, tmp_path)
    answered(office, uid, "1", 7.0)
    exchange(office, members, tmp_path)
    agree(office, members)
    with office.read() as connection:
        assert dict(connection.execute(select(answer.c.indicator, answer.c.value)).all()) == {"1": 7.0, "2": 9.0}


def test_a_form_that_the_office_lost_goes_from_the_volunteers_too(
    star: tuple[Context, list[Context], str], tmp_path: Path
) -> None:
    office, members, uid = star
    back_up_to(office, tmp_path / "b.db")
    answered(office, uid, "1", 8.0)
    exchange(office, members, tmp_path, 2)
    office = restored(office, tmp_path / "b.db")
    exchange(office, members, tmp_path, 2)
    agree(office, members)
    assert not any(table == "answer" for table, _ in register_state(members[0]))
    answered(members[1], uid, "1", 5.0)
    exchange(office, members, tmp_path)
    agree(office, members)


def test_a_restored_volunteer_gets_its_own_work_back(star: tuple[Context, list[Context], str], tmp_path: Path) -> None:
    office, (first, second), uid = star
    back_up_to(first, tmp_path / "b.db")
    edit(first, uid, occupation="Đã gửi")
    exchange(office, [first, second], tmp_path, 2)
    edit(first, uid, phone="0912345678")
    edit(office, uid, ethnicity="Tày")
    carry(office, first, tmp_path)
    first = restored(first, tmp_path / "b.db")
    edit(first, uid, religion="Không")
    exchange(office, [first, second], tmp_path)
    agree(office, [first, second])
    found = [value(first, uid, name) for name in ("occupation", "ethnicity", "religion", "phone")]
    assert found == ["Đã gửi", "Tày", "Không", None]


def test_office_and_volunteer_may_both_be_restored(star: tuple[Context, list[Context], str], tmp_path: Path) -> None:
    office, (first, second), uid = star
    back_up_to(office, tmp_path / "office.db")
    edit(first, uid, occupation="Một")
    back_up_to(first, tmp_path / "first.db")
    exchange(office, [first, second], tmp_path, 2)
    edit(first, uid, occupation="Hai")
    exchange(office, [first, second], tmp_path, 1)
    office, first = restored(office, tmp_path / "office.db"), restored(first, tmp_path / "first.db")
    edit(first, uid, occupation="Ba")
    exchange(office, [first, second], tmp_path, 4)
    agree(office, [first, second])


def test_what_the_office_held_is_judged_anew_when_both_were_restored(
    star: tuple[Context, list[Context], str], tmp_path: Path
) -> None:
    office, (first, second), uid = star
    back_up_to(first, tmp_path / "first.db")
    back_up_to(office, tmp_path / "office.db")
    edit(office, uid, occupation="Nông dân")
    edit(first, uid, occupation="Thợ mộc")
    carry(first, office, tmp_path)
    first = restored(first, tmp_path / "first.db")
    for _ in range(2):
        for sender, receiver in ((first, office), (office, first)):
            with suppress(UserError):
                carry(sender, receiver, tmp_path)
    office = restored(office, tmp_path / "office.db")
    edit(office, uid, occupation="Giáo viên")
    exchange(office, [first, second], tmp_path)
    agree(office, [first, second])
    assert value(office, uid, "occupation") == "Thợ mộc"
