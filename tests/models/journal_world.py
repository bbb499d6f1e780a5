"""A small register on which deeds are done at random, through the writer and through the services."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop_app.models.journal import UndoRefused, broken_links, kind_of
from desktop_app.models.tables import natural_uid, registry
from desktop_app.models.tables.system import operation, user
from desktop_app.models.types import LearningModel, OperationState, Uid, UndoClass
from desktop_app.services.assessment.answers import answer, clear_form
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.register import open_register
from desktop_app.services.registry.citizens import move_citizen, remove_citizen, save_citizen
from desktop_app.services.registry.derive import derive_citizen, derive_household, derive_named
from desktop_app.services.registry.households import remove_household, save_household, set_head
from desktop_app.services.registry.units_edit import (
    remove_clan,
    remove_organization,
    save_clan,
    save_hamlet,
    save_organization,
)
from tests.factories import add_household, make_register
from tests.services.sync.machines import register_state

TODAY = datetime.date(2026, 6, 1)
NAMES = ("Nguyễn Văn Ước", "Trần Thị Ánh", "Lê Văn Hai", "K'Tùng", "Đỗ Hữu Lợi")
NUMBERS = (None, "079184000319", "079084000320", "001200000001")
Number = int
State = dict[tuple[str, str], dict[str, Any]]


def make_template(folder: Path) -> None:
    """A register with two households and a clan, to be copied for each example."""
    context = make_register(folder)
    first, _ = add_household(context, "01-0001", members=NAMES[:2])
    add_household(context, "02-0001", hamlet="Thôn 2", members=NAMES[2:3])
    save_clan(context, None, {"name": "Họ Nguyễn"}, [first], today=TODAY)
    context.close()


class World:
    """A copy of the template; every deed takes three numbers and does something with them, or nothing."""

    def __init__(self, template: Path, folder: Path) -> None:
        shutil.copytree(template, folder)
        self.folder = folder
        self.context: Context = open_register(folder)
        self.context.journal.clock = iter(range(1_800_000_000_000, 10**15, 1000)).__next__
        self.made = 0
        with self.context.read() as connection:
            self.first_operation = connection.execute(select(operation.c.id).order_by(operation.c.id.desc())).scalar()
        self.first = self.state()

    def close(self) -> None:
        self.context.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def state(self) -> State:
        """What must be equal: every present row; a user's own PIN and the derived columns are apart."""
        return register_state(self.context)

    def rows(self, table: Any) -> list[Uid]:
        with self.context.read() as connection:
            return list(connection.execute(select(table.c.uid).where(table.c.present).order_by(table.c.id)).scalars())

    def pick(self, table: Any, number: Number) -> Uid | None:
        found = self.rows(table)
        return found[number % len(found)] if found else None

    # -- deeds -----------------------------------------------------------------------------------------------

    def do(self, deed: int, a: Number, b: Number, c: Number) -> None:
        """One deed; a service that refuses has refused whole."""
        try:
            DEEDS[deed % len(DEEDS)](self, a, b, c)
        except UserError as refusal:
            assert refusal.message.endswith("."), refusal.message

    def add_person(self, a: Number, b: Number, c: Number) -> None:
        values = {
            "full_name": NAMES[a % 5],
            "cccd": NUMBERS[b % 4],
            "birth": "1984",
            "phone": "0912345678" if c % 2 else "",
        }
        save_citizen(self.context, None, {**values, "household": self.pick(registry.household, c)}, today=TODAY)

    def change_person(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.citizen, a):
            field = ("full_name", "cccd", "occupation", "life_status", "relation", "birth")[b % 6]
            choices: dict[str, tuple[Any, ...]] = {
                "full_name": NAMES, "cccd": NUMBERS, "occupation": ("Nông dân", "", "Thợ mộc"),
                "life_status": ("living", "away", "dead", "moved"), "relation": ("Chủ hộ", "Vợ", ""),
                "birth": ("1984", "", "05/1984"),
            }  # fmt: skip
            save_citizen(self.context, uid, {field: choices[field][c % len(choices[field])]}, today=TODAY)

    def move_person(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.citizen, a):
            move_citizen(self.context, uid, self.pick(registry.household, b) if c % 4 else None, today=TODAY)

    def remove_person(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.citizen, a):
            remove_citizen(self.context, uid)

    def add_home(self, a: Number, b: Number, c: Number) -> None:
        self.made += 1
        hamlet = self.pick(registry.hamlet, a)
        save_household(self.context, None, {"code": f"09-{b % 3}", "hamlet": hamlet, "poverty": "poor"}, today=TODAY)

    def change_home(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.household, a):
            values = ({"hamlet": self.pick(registry.hamlet, b)}, {"address": f"Số {b % 3}"}, {"code": f"09-{b % 3}"})
            save_household(self.context, uid, values[c % 3], today=TODAY)

    def choose_head(self, a: Number, b: Number, c: Number) -> None:
        home, person = self.pick(registry.household, a), self.pick(registry.citizen, b)
        if home and person:
            set_head(self.context, home, person)

    def remove_home(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.household, a):
            remove_household(self.context, uid, with_members=bool(c % 2))

    def join_clan(self, a: Number, b: Number, c: Number) -> None:
        homes = self.rows(registry.household)
        chosen = [uid for place, uid in enumerate(homes) if (b >> place) & 1]
        save_clan(self.context, self.pick(registry.clan, a), {"name": f"Họ {c % 3}"}, chosen, today=TODAY)

    def leave_clan(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.clan, a):
            remove_clan(self.context, uid)

    def join_organization(self, a: Number, b: Number, c: Number) -> None:
        people = self.rows(registry.citizen)
        members = {uid: ("giáo viên", "")[c % 2] for place, uid in enumerate(people) if (b >> place) & 1}
        uid = self.pick(registry.organization, a) if a % 3 else None
        save_organization(self.context, uid, {"name": f"Trường {c % 3}"}, members, today=TODAY)

    def leave_organization(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.organization, a):
            remove_organization(self.context, uid)

    def change_hamlet(self, a: Number, b: Number, c: Number) -> None:
        uid = self.pick(registry.hamlet, a) if c % 2 else None
        save_hamlet(self.context, uid, {"name": f"Thôn {b % 4 + 1}"}, today=TODAY)

    def answer_form(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.citizen, a):
            value = None if c % 5 == 0 else float(c % 11)
            answer(self.context, LearningModel.CITIZEN, uid, 2026, str(b % 4 + 1), value)

    def empty_form(self, a: Number, b: Number, c: Number) -> None:
        if uid := self.pick(registry.citizen, a):
            clear_form(self.context, LearningModel.CITIZEN, uid, 2026)

    def write_much(self, a: Number, b: Number, c: Number) -> None:
        """Several tables, rows made, changed twice and removed in one operation, straight through the writer."""
        with self.context.operation("import.citizens", {"count": a % 3, "file": "x.xlsx"}) as op:
            home = op.writer.insert(registry.household, {"code": f"W{a % 9}"})
            people = op.writer.insert_many(
                registry.citizen, [{"full_name": name, "household_id": home} for name in NAMES[: a % 4]]
            )
            op.writer.update_many(registry.citizen, {key: {"note": f"ghi {b % 3}"} for key in people})
            if people:
                op.writer.update(registry.household, home, {"head_id": people[b % len(people)]})
                op.writer.update(registry.citizen, people[0], {"full_name": NAMES[c % 5], "note": None})
            if len(people) > 1 and c % 3 == 0:
                op.writer.update(registry.household, home, {"head_id": people[0]})
                op.writer.remove(registry.citizen, people[1])

    def write_natural(self, a: Number, b: Number, c: Number) -> None:
        """A row that is unique by nature: made, brought back with other values, or removed."""
        uid = natural_uid("user", a % 3)
        with self.context.operation("user.edit", {"subject": {"table": "user", "uid": uid}}) as op:
            key = op.writer.references.id("user", uid)
            if c % 3 == 0 and key is not None:
                op.writer.remove(user, key)
            else:
                op.writer.insert(user, {"name": f"Người {b % 4}", "role": None if c % 2 else "officer"}, uid=uid)

    # -- taking back -----------------------------------------------------------------------------------------

    def standing(self) -> list[Any]:
        """Deeds done since the template that are not taken back, newest first; undos are apart."""
        self.context.journal.seal_open()
        with self.context.read() as connection:
            rows = connection.execute(
                select(operation)
                .where(
                    operation.c.id > self.first_operation,
                    operation.c.undone_by.is_(None),
                    operation.c.state == OperationState.APPLIED,
                )
                .order_by(operation.c.id.desc())
            ).all()
        return [row for row in rows if kind_of(row.kind).undo is UndoClass.UNDOABLE]

    def undo_some(self, a: Number, b: Number, c: Number) -> None:
        """Any deed or undo: it is refused and nothing changes, or taken back, and that taken back gives the same."""
        if not (rows := self.standing()):
            return
        before = self.state()
        try:
            made = self.context.journal.undo(rows[a % len(rows)].uid)
        except UndoRefused as refusal:
            assert self.state() == before, "a refused undo changed something"
            assert refusal.message.endswith(".")
            return
        if c % 2:
            self.context.journal.undo(made)
            assert self.state() == before, "an undo that is taken back gives another state"

    def undo_all(self) -> None:
        """Everything, newest first; nothing may be refused."""
        while rows := [row for row in self.standing() if row.undoes is None]:
            self.context.journal.undo(rows[0].uid)

    # -- what must always hold -------------------------------------------------------------------------------

    def check(self) -> None:
        """The chain is whole, derived columns follow, the search index holds exactly who is present."""
        self.context.journal.seal_open()
        with self.context.read() as connection:
            assert broken_links(connection) == []
            homes = dict(connection.exec_driver_sql("SELECT id, hamlet_id FROM household").all())
            for row in connection.execute(select(registry.citizen)).mappings():
                assert derive_citizen(row).items() <= dict(row).items()
                assert row["hamlet_id"] == homes.get(row["household_id"])
            for table, derive in ((registry.household, derive_household), (registry.clan, derive_named)):
                for row in connection.execute(select(table)).mappings():
                    assert derive(row).items() <= dict(row).items()
            present = connection.exec_driver_sql("SELECT search_rowid FROM citizen WHERE present ORDER BY 1").all()
            indexed = connection.exec_driver_sql("SELECT rowid FROM citizen_search ORDER BY 1").all()
            assert present == indexed


DEEDS: tuple[Callable[[World, int, int, int], None], ...] = (
    World.add_person, World.change_person, World.change_person, World.move_person, World.remove_person,
    World.add_home, World.change_home, World.choose_head, World.remove_home, World.join_clan, World.leave_clan,
    World.join_organization, World.leave_organization, World.change_hamlet, World.answer_form, World.answer_form,
    World.empty_form, World.write_much, World.write_natural, World.write_natural, World.undo_some, World.undo_some,
)  # fmt: skip
