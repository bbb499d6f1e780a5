"""An office and two volunteers do anything in any order; after a last exchange all hold the same register.

Edits, undo, withdrawn merges, settled disagreements, restored backups; packages late, repeated, lost and out of order.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import Change, UndoRefused, broken_links
from desktop_app.models.journal.chain import changes_of
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.assessment import answer, assessment, assessment_round
from desktop_app.models.tables.registry import citizen, household
from desktop_app.models.tables.sync import conflict, held_field
from desktop_app.models.tables.system import operation
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.register import open_register
from desktop_app.services.safety.backup import back_up_to
from desktop_app.services.safety.restore import restore_backup
from desktop_app.services.sync.inbox import conflicts, settle
from desktop_app.services.sync.merge import merge_package, withdraw_merge
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star, register_state

NUMBERS = ("079084000001", "079084000002", "079084000003")
WORK = ("Nông dân", "Thợ mộc", "Giáo viên", None)
OFFICE = 0


@pytest.fixture(scope="module")
def star(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office and two volunteers with two households, everything exchanged; copied for each example."""
    folder = tmp_path_factory.mktemp("star")
    office, members = make_star(folder)
    add_household(office, "01-0001", members=("Nguyễn Văn An", "Trần Thị Bình"))
    add_household(office, "01-0002", members=("Lê Văn Cường",))
    for index, member in enumerate(members):
        create_package(office, folder / "x.sht", to=member.device)
        merge_package(member, folder / "x.sht")
        member.close()
        member.folder.rename(folder / f"machine{index + 1}")
    office.close()
    office.folder.rename(folder / f"machine{OFFICE}")
    return folder


class Machines(RuleBasedStateMachine):
    template: Path

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.machines: list[Context] = []
        for index in range(3):
            shutil.copytree(self.template / f"machine{index}", self.folder / str(index))
            self.machines.append(open_register(self.folder / str(index)))
        self.packages: list[tuple[int, int, Path]] = []
        self.confirmed: list[tuple[str, float]] = []
        self.is_restored = False

    def teardown(self) -> None:
        try:
            if hasattr(self, "machines"):
                self.last_exchange()
        finally:
            for machine in getattr(self, "machines", []):
                machine.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # -- what people do ------------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 2), person=st.integers(0, 9), work=st.sampled_from(WORK))
    def change_work(self, who: int, person: int, work: str | None) -> None:
        self.edit(who, person, {"occupation": work})

    @rule(who=st.integers(0, 2), person=st.integers(0, 9), number=st.sampled_from((*NUMBERS, None)))
    def change_number(self, who: int, person: int, number: str | None) -> None:
        with self.machines[who].read() as connection:
            taken = connection.execute(select(citizen.c.id).where(citizen.c.cccd == number, citizen.c.present)).first()
        if not taken:
            self.edit(who, person, {"cccd": number})

    @rule(who=st.integers(0, 2), person=st.integers(0, 9))
    def remove_person(self, who: int, person: int) -> None:
        self.edit(who, person, {"present": False})

    @rule(who=st.integers(0, 2), code=st.integers(3, 5))
    def add_people(self, who: int, code: int) -> None:
        add_household(self.machines[who], f"01-{code:04d}", members=("Võ Thị Hạnh",))

    @rule(who=st.integers(0, 2), person=st.integers(0, 9), head=st.integers(0, 9))
    def change_head(self, who: int, person: int, head: int) -> None:
        with self.machines[who].operation("household.edit") as op:
            people = op.connection.execute(select(citizen.c.id).order_by(citizen.c.id)).scalars().all()
            houses = op.connection.execute(select(household.c.id).order_by(household.c.id)).scalars().all()
            op.writer.update(household, houses[person % len(houses)], {"head_id": people[head % len(people)]})

    @rule(who=st.integers(0, 2), person=st.integers(0, 2), score=st.integers(0, 10), item=st.sampled_from("12"))
    def give_answer(self, who: int, person: int, score: int, item: str) -> None:
        """Two machines that score the same person make the same rows."""
        machine = self.machines[who]
        with machine.read() as connection:
            rows = connection.execute(select(citizen.c.uid).order_by(citizen.c.uid)).scalars().all()
            round_row = connection.execute(select(assessment_round)).first()
        assert round_row is not None
        subject = rows[person % len(rows)]
        uid = natural_uid("assessment", subject, "citizen", round_row.uid)
        with machine.sitting("answer.form", {"subject": {"table": "citizen", "uid": subject}}) as op:
            form = op.writer.insert(
                assessment, {"assessment_round_id": round_row.id, "model": "citizen", "subject": subject}, uid=uid
            )
            key = natural_uid("answer", uid, item)
            op.writer.insert(answer, {"assessment_id": form, "indicator": item, "value": float(score)}, uid=key)
        self.confirmed.append((key, float(score)))

    def edit(self, who: int, person: int, values: dict[str, Any]) -> None:
        with self.machines[who].operation("citizen.edit") as op:
            rows = (
                op.connection.execute(select(citizen.c.id).where(citizen.c.present).order_by(citizen.c.uid))
                .scalars()
                .all()
            )
            if rows:
                op.writer.update(citizen, rows[person % len(rows)], values)

    @rule(who=st.integers(0, 2), back=st.integers(0, 4))
    def undo(self, who: int, back: int) -> None:
        machine = self.machines[who]
        with machine.read() as connection:
            found = connection.execute(
                select(operation.c.uid, operation.c.kind)
                .where(operation.c.undone_by.is_(None), operation.c.state != "waiting")
                .order_by(operation.c.id.desc())
                .offset(back)
                .limit(1)
            ).first()
        if found is None:
            return
        before = register_state(machine)
        try:
            if found.kind == "merge.package":
                withdraw_merge(machine, found.uid)
            else:
                machine.journal.undo(found.uid)
        except UndoRefused:
            assert register_state(machine) == before

    # -- what travels --------------------------------------------------------------------------------------------

    @rule(volunteer=st.integers(1, 2), is_from_office=st.booleans())
    def pack(self, volunteer: int, is_from_office: bool) -> None:
        sender, receiver = (OFFICE, volunteer) if is_from_office else (volunteer, OFFICE)
        path = self.folder / f"{len(self.packages)}.sht"
        create_package(self.machines[sender], path, to=self.machines[receiver].device)
        self.packages.append((sender, receiver, path))

    @rule(index=st.integers(0, 30))
    def deliver(self, index: int) -> None:
        """Any package written so far: late, again, before its predecessors; what is never chosen is lost."""
        if self.packages:
            _, receiver, path = self.packages[index % len(self.packages)]
            self.merge(receiver, path)

    @rule(volunteer=st.integers(1, 2))
    def exchange(self, volunteer: int) -> None:
        self.pack(volunteer, is_from_office=False)
        self.merge(OFFICE, self.packages[-1][2])
        self.pack(volunteer, is_from_office=True)
        self.merge(volunteer, self.packages[-1][2])

    def merge(self, receiver: int, path: Path) -> None:
        before = register_state(self.machines[receiver])
        try:
            merge_package(self.machines[receiver], path)
        except UserError as refused:
            assert refused.code in (("package.gap", "package.need_full") if self.is_restored else ("package.gap",))
            assert register_state(self.machines[receiver]) == before

    @rule(who=st.integers(0, 2))
    def back_up(self, who: int) -> None:
        back_up_to(self.machines[who], self.folder / f"backup{who}.db")

    @rule(who=st.integers(0, 2))
    def restore(self, who: int) -> None:
        """What the machine did since its backup is lost there; nothing else may be."""
        backup = self.folder / f"backup{who}.db"
        if not backup.exists():
            return
        folder = self.machines[who].folder
        self.machines[who].close()
        restore_backup(folder, backup)
        self.machines[who] = open_register(folder)
        self.confirmed = []
        self.is_restored = True

    @rule(pick=st.integers(0, 9), keep=st.sampled_from(("mine", "theirs")))
    def settle_one(self, pick: int, keep: Any) -> None:
        found = conflicts(self.machines[OFFICE])
        if found:
            settle(self.machines[OFFICE], [found[pick % len(found)].uid], keep)

    # -- what must hold ------------------------------------------------------------------------------------------

    def last_exchange(self) -> None:
        office = self.machines[OFFICE]
        for turn in range(6):
            for volunteer in (1, 2):
                self.exchange(volunteer)
            found = conflicts(office)
            for item in found:
                settle(office, [item.uid], "mine" if turn % 2 else "theirs")
            if not found and turn > 1:
                break
        assert conflicts(office) == []
        state = register_state(office)
        for machine in self.machines[1:]:
            assert register_state(machine) == state
        for machine in self.machines:
            with machine.read() as connection:
                assert broken_links(connection) == []
        self.every_disagreement_stood_in_the_inbox(office)
        self.no_confirmed_answer_is_missing(office)

    def every_disagreement_stood_in_the_inbox(self, office: Context) -> None:
        with office.read() as connection:
            held: dict[int, list[str]] = {}
            for row in connection.execute(select(held_field).where(held_field.c.is_already.is_(False))):
                held.setdefault(row.change_id, []).append(row.field)
            for item in all_changes(connection):
                for field in held.get(item.id, ()):
                    theirs = item.fields()[field][1]
                    seen = connection.execute(
                        select(conflict.c.seen).where(conflict.c.row_uid == item.row, conflict.c.field == field)
                    ).scalars()
                    assert any(theirs in values and len(values) > 1 for values in seen), (field, theirs)

    def no_confirmed_answer_is_missing(self, office: Context) -> None:
        """Each answer that was confirmed anywhere stands in the office's journal, unless it was typed over in the
        same sitting; the last one of each sitting is what the journal keeps."""
        with office.read() as connection:
            known: dict[str, set[float | None]] = {}
            for item in all_changes(connection):
                if item.table_code == ANSWERS and "value" in item.fields():
                    known.setdefault(item.row.hex(), set()).add(item.fields()["value"][1])
            stands = dict(connection.execute(select(answer.c.uid, answer.c.value)).all())
        for key, _ in self.confirmed:
            assert key in stands
            assert known.get(key)


ANSWERS = 34


def all_changes(connection: Connection) -> Iterator[Change]:
    """Every change that the journal holds."""
    for operation_id in connection.execute(select(operation.c.id)).scalars().all():
        yield from changes_of(connection, operation_id)


def _run(star: Path, examples: int, steps: int, *, shrinks: bool = False) -> None:
    machine = type("StarMachines", (Machines,), {"template": star})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            report_multiple_bugs=False,
            phases=(Phase.generate,) if not shrinks else (Phase.generate, Phase.shrink),
            derandomize=True,
        ),
    )


def test_machines_agree_after_a_last_exchange(star: Path) -> None:
    _run(star, 12, 20)


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_machines_agree_after_many_last_exchanges(star: Path) -> None:
    _run(star, 250, 40)
