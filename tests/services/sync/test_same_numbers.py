"""Two machines give the same register number, or bring rows that cannot stand together: nothing lost, nothing half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop_app.models.journal.unique import keys_of
from desktop_app.models.tables import SHARED
from desktop_app.models.tables.recognition import certificate
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.sync.inbox import Keep, conflicts, described_conflicts, settle
from desktop_app.services.sync.merge import merge_package, withdraw_merge
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.recognition.people import DECIDED, PASS, YEAR, confirm_all, fill
from tests.services.sync.machines import register_state
from tests.services.sync.test_exchange import carry
from tests.services.sync.test_hostile_peer import forge
from tests.services.sync.test_two_offices import both_ways, offices  # noqa: F401

FAMILY = LearningModel.FAMILY


def recognise_one(office: Context, code: str, decision: str) -> None:
    head = f"Nguyễn Văn {'An' if code.endswith('1') else 'Bình'}"
    add_household(office, code, members=(head, "Trần Thị Bình"))
    with office.read() as connection:
        query = "SELECT uid FROM household WHERE code = ?"
        household = connection.exec_driver_sql(query, (code,)).scalar_one().hex()
    confirm_all(office)
    fill(office, FAMILY, {household: PASS})
    assert recognise(office, YEAR, FAMILY, decision, DECIDED).decision is not None


def numbers(context: Context) -> dict[str, tuple[int | None, str]]:
    with context.read() as connection:
        columns = certificate.c
        rows = connection.execute(select(columns.recipient, columns.sequence, columns.number)).all()
    return {row.recipient: (row.sequence, row.number) for row in rows}


@pytest.fixture
def both(offices: tuple[Context, Context], tmp_path: Path) -> tuple[Context, Context]:  # noqa: F811
    """Each office has given number 1 of the family book, to a family of its own."""
    one, other = offices
    both_ways(one, other, tmp_path)
    recognise_one(one, "01-0001", "112")
    recognise_one(other, "01-0002", "113")
    return one, other


def test_a_number_given_twice_goes_to_the_inbox_with_both_papers_kept(
    both: tuple[Context, Context], tmp_path: Path
) -> None:
    one, other = both
    carry(other, one, tmp_path)
    found = numbers(one)
    assert sorted(sequence or 0 for sequence, _ in found.values()) == [0, 1]
    assert len({number for _, number in found.values()}) == 1
    (text,) = (item for item in described_conflicts(one) if item.table == "certificate")
    assert (text.label, text.mine, text.theirs) == ("Số thứ tự", "(trống)", "1")
    assert "Bình" in text.subject
    assert "Văn An" in text.note
    assert "cấp lại" in text.note


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_one_of_the_papers_keeps_the_number_on_every_machine(
    both: tuple[Context, Context], tmp_path: Path, keep: Any
) -> None:
    one, other = both
    both_ways(one, other, tmp_path)
    for item in conflicts(one):
        settle(one, [item.uid], keep)
    both_ways(one, other, tmp_path)
    for item in conflicts(other):
        settle(other, [item.uid], "theirs" if keep == "mine" else "mine")
    for _ in range(2):
        both_ways(one, other, tmp_path)
    assert conflicts(one) == conflicts(other) == []
    assert numbers(one) == numbers(other)
    holder = next(name for name, (sequence, _) in numbers(one).items() if sequence == 1)
    assert holder.endswith("An" if keep == "mine" else "Bình")
    assert register_state(one) == register_state(other)


def test_a_merge_that_found_a_number_taken_is_withdrawn_and_taken_in_again(
    both: tuple[Context, Context], tmp_path: Path
) -> None:
    one, other = both
    before = register_state(one)
    create_package(other, tmp_path / "x.sht", to=one.device)
    for _ in range(2):
        made = merge_package(one, tmp_path / "x.sht")
        assert made.operation
        assert len(numbers(one)) == 2
        assert [item.field for item in conflicts(one) if item.table != "criteria_set"] == ["sequence"]
        withdraw_merge(one, made.operation)
        assert register_state(one) == before


def test_a_merge_in_which_papers_changed_places_is_withdrawn(both: tuple[Context, Context], tmp_path: Path) -> None:
    one, other = both
    both_ways(one, other, tmp_path)
    before = register_state(other)
    settle(one, [item.uid for item in conflicts(one)], "theirs")
    create_package(one, tmp_path / "settled.sht", to=other.device)
    made = merge_package(other, tmp_path / "settled.sht")
    assert made.operation
    withdraw_merge(other, made.operation)
    assert register_state(other) == before


def test_volunteers_follow_while_papers_change_places(both: tuple[Context, Context], tmp_path: Path) -> None:
    from desktop_app.services.sync.devices import export_device, trust

    one, other = both
    folder = tmp_path / "volunteer"
    card = export_device(folder, tmp_path / "v.json")
    trust(one.folder, one, tmp_path / "v.json", card.code)
    create_package(one, tmp_path / "start.sht", to=card.uid, is_snapshot=True)
    volunteer = receive_register(folder, tmp_path / "start.sht")
    carry(other, one, tmp_path)
    carry(one, volunteer, tmp_path)
    assert numbers(volunteer) == numbers(one)
    keeps: tuple[Keep, ...] = ("theirs", "mine")
    for keep in keeps:
        for item in conflicts(one):
            settle(one, [item.uid], keep)
        carry(one, volunteer, tmp_path)
        assert numbers(volunteer) == numbers(one)
    with one.operation("certificate.number") as op:
        rows = op.connection.execute(select(certificate.c.id, certificate.c.sequence)).all()
        for row in sorted(rows, key=lambda row: row.sequence is None):
            op.writer.update(certificate, row.id, {"sequence": None if row.sequence else 1})
    carry(one, volunteer, tmp_path)
    assert numbers(volunteer) == numbers(one)


def test_a_second_answer_to_one_indicator_is_refused_in_a_sentence(
    offices: tuple[Context, Context],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = offices
    add_household(one, "01-0001")
    both_ways(one, other, tmp_path)
    form = _fill_first(one)
    carry(one, other, tmp_path)
    before = register_state(one)
    carry(other, one, tmp_path)
    _fill_first(other, other_indicator=True)
    code = SHARED["answer"].code

    def second(_: list[Any], parts: list[Any]) -> None:
        made = next(part for part in parts if part[0] == code)
        made[1] = "ab" * 16
        made[4] = json.dumps({**json.loads(made[4]), "assessment": form, "indicator": _first_indicator(one)})

    forge(other, tmp_path / "x.sht", monkeypatch, second)
    with pytest.raises(UserError) as refused:
        merge_package(one, tmp_path / "x.sht")
    assert refused.value.code == "package.collides"
    assert "chưa có gì thay đổi" in refused.value.message
    assert register_state(one) == before
    assert [item.kind for item in history.operations(one, 1)] != ["merge.package"]


def _fill_first(office: Context, other_indicator: bool = False) -> Uid:
    with office.read() as connection:
        household = connection.exec_driver_sql("SELECT uid FROM household").scalar_one().hex()
    confirm_all(office)
    with office.read() as connection:
        from desktop_app.services.criteria.office import set_in_use

        codes = [item.code for item in set_in_use(connection, FAMILY, None).definition.indicators]
    fill(office, FAMILY, {household: {codes[1 if other_indicator else 0]: 1.0}})
    with office.read() as connection:
        return str(connection.exec_driver_sql("SELECT uid FROM assessment").scalar_one().hex())


def _first_indicator(office: Context) -> str:
    with office.read() as connection:
        return str(connection.exec_driver_sql("SELECT indicator FROM answer ORDER BY id").scalar())


def test_every_unique_index_is_known_as_one_that_can_be_held_or_not() -> None:
    """A new index must be thought about: what may be empty is held for the inbox, the rest is refused."""
    indexes = {index.name for spec in SHARED.values() for index in spec.table.indexes if index.unique}
    assert indexes == {"uq_citizen_cccd", "uq_certificate_number", "uq_answer_indicator"}
    assert {name: [(key.held, key.is_of_present) for key in keys_of(name)] for name in SHARED if keys_of(name)} == {
        "citizen": [("cccd", True)],
        "certificate": [("sequence", False)],
    }
