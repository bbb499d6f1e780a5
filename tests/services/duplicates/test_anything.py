"""Any two records, whatever hangs on them: merged they break no rule, undone or taken apart they are as before."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from desktop_app.models.journal import broken_links
from desktop_app.models.tables import SHARED, registry
from desktop_app.models.types import LearningModel, LifeStatus, Uid
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.duplicates.merging import COLUMNS, mark_distinct, merge_many, merge_people, older_first
from desktop_app.services.duplicates.unmerging import unmerge
from desktop_app.services.registry.memberships import join_organization
from tests.factories import make_register
from tests.services.duplicates.test_merging import everything, row, rows_of
from tests.services.duplicates.test_search import add_people, person
from tests.services.recognition.people import FAIL, PARTIAL, PASS, fill
from tests.services.registry.scores import give_title

CITIZEN = LearningModel.CITIZEN


def peopled(folder: Path, chance: random.Random) -> tuple[Context, list[Uid]]:
    """Six people in three households, with anything that may hang on a person."""
    context = make_register(folder)
    uids: list[Uid] = []
    for code in ("01-0001", "01-0002", "02-0001"):
        members = [
            person(
                chance.choice(("Nguyễn Văn Ước", "Nguyen Van Uoc")),
                chance.choice((None, "1984", "1984-05-08")),
                cccd=f"0890840012{len(uids)}{place}" if chance.random() < 0.5 else None,
                phone=chance.choice((None, f"09123456{len(uids)}{place}")),
                life_status=chance.choice(list(LifeStatus)).value,
            )
            for place in range(2)
        ]
        made = add_people(context, code, *members)
        uids += made
        if chance.random() < 0.7:
            _head(context, chance.choice(made))
    with context.operation("organization.add", {}) as op:
        key = op.writer.insert(registry.organization, {"name": "Trường A"})
        school = op.writer.references.uid("organization", key)
    forms = {uid: chance.choice((PASS, FAIL, PARTIAL)) for uid in uids if chance.random() < 0.6}
    fill(context, CITIZEN, forms)
    for number, uid in enumerate(uids):
        if chance.random() < 0.3:
            give_title(context, uid, number, model=CITIZEN)
        if chance.random() < 0.5:
            join_organization(context, school, uid, chance.choice(("", "giáo viên")))
        if chance.random() < 0.4:
            _place(context, uid, chance.choice(("move", "away")))
    mark_distinct(context, *chance.sample(uids, 2))
    return context, uids


def _head(context: Context, uid: Uid) -> None:
    found = row(context, "citizen", uid)
    with context.operation("household.head", {}) as op:
        op.writer.update(registry.household, found["household_id"], {"head_id": found["id"]})


def _place(context: Context, uid: Uid, reason: str) -> None:
    with context.operation("citizen.edit", {}) as op:
        values = {"citizen_id": row(context, "citizen", uid)["id"], "until": "2020", "reason": reason}
        op.writer.insert(registry.residence, values)


def assert_sound(context: Context) -> None:
    """No rule of the register is broken."""
    with context.read() as connection:
        assert broken_links(connection) == []
        present = {item["id"] for item in rows_of(context, registry.citizen)}
        subjects = {item["uid"] for item in rows_of(context, registry.citizen)}
        for name in ("registration", "assessment", "certificate"):
            found = rows_of(context, SHARED[name].table, model="citizen")
            assert {item["subject"] for item in found} <= subjects
            assert {item["subject_id"] for item in found} <= present
            if name != "certificate":
                keys = [(item["subject"], item["assessment_round_id"]) for item in found]
                assert len(keys) == len(set(keys))
        for table in (registry.organization_member, registry.residence):
            assert {item["citizen_id"] for item in rows_of(context, table)} <= present
        pairs = [{item["first_id"], item["second_id"]} for item in rows_of(context, registry.distinct_pair)]
        assert all(len(pair) == 2 and pair <= present for pair in pairs)
    homes = {item["id"]: item["household_id"] for item in rows_of(context, registry.citizen)}
    for home in rows_of(context, registry.household):
        assert home["head_id"] is None or homes[home["head_id"]] == home["id"]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_hangs_on_two_records_merging_is_sound_and_comes_back(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    context, uids = peopled(tmp_path, chance)
    for _ in range(2):
        first, second = chance.sample(uids, 2)
        taken = None if chance.random() < 0.3 else {name for name in (*COLUMNS, "form:2026") if chance.random() < 0.4}
        before = everything(context)
        merged = merge_people(context, first, second, taken)
        assert_sound(context)
        after = everything(context)
        history.undo(context, merged.operation)
        assert everything(context) == before
        merge_people(context, first, second, taken)
        assert everything(context) == after
        assert unmerge(context, older_first(first, second)[1], are_two=False).person not in {""}
        assert everything(context) == before
    pairs = list(zip(uids[::2], uids[1::2], strict=True))
    merge_many(context, pairs)
    assert_sound(context)
    for pair in pairs:
        unmerge(context, older_first(*pair)[1])
        assert_sound(context)
    context.close()
