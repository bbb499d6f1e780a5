"""A trusted machine sends what no honest program writes: refused whole, or held for the office; never a crash."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.journal import Header, chain
from desktop_app.models.journal.codec import Change, dump
from desktop_app.models.tables import SHARED, natural_uid
from desktop_app.models.tables.system import setting
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.settings import OfficeSettings, read_office, write_office
from desktop_app.services.sync import seal, writer
from desktop_app.services.sync.inbox import conflicts, described_conflicts, settle
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry, edit, value

Forgery = Callable[[list[Any], list[Any]], None]
"""Changes an operation's header and its list of changes in place."""


def forge(sender: Context, out: Path, monkeypatch: pytest.MonkeyPatch, forgery: Forgery) -> None:
    """A package whose last operation was changed and rightly hashed and signed again."""
    honest = writer.wire.encode
    with sender.read() as connection:
        last = connection.exec_driver_sql(
            "SELECT uid, sequence FROM operation WHERE device = ? AND generation = 1 ORDER BY sequence DESC LIMIT 1",
            (bytes.fromhex(sender.device),),
        ).one()
        previous = chain.previous_hash(connection, sender.device, 1, last.sequence)
    assert previous is not None

    def dishonest(item: Any) -> str:
        content = json.loads(honest(item))
        if content["h"][0] == last.uid.hex():
            forgery(content["h"], content["c"])
            digests = [_digest(part) for part in content["c"]]
            content["x"] = chain.hash_of(previous, Header(*content["h"]), digests).hex()
        return dump(content)

    monkeypatch.setattr(writer.wire, "encode", dishonest)
    create_package(sender, out)
    monkeypatch.setattr(writer.wire, "encode", honest)


def _digest(part: list[Any]) -> bytes:
    code, row, action, salt, payload, *_ = part
    try:
        return Change(0, code, bytes.fromhex(row), action, bytes.fromhex(salt), payload, None).check_value()
    except (TypeError, ValueError, AttributeError):
        return b""


def payload(**fields: Any) -> Forgery:
    """The last operation's first change says something else of its row."""

    def change(_: list[Any], parts: list[Any]) -> None:
        parts[0][4] = json.dumps({**json.loads(parts[0][4]), **fields})

    return change


def header(index: int, given: Any) -> Forgery:
    def change(head: list[Any], _: list[Any]) -> None:
        head[index] = given

    return change


def part(index: int, given: Any) -> Forgery:
    def change(_: list[Any], parts: list[Any]) -> None:
        parts[0][index] = given

    return change


ODD: dict[str, Forgery] = {
    "number for text": payload(full_name=[None, 7]),
    "text for number": payload(position=[None, "first"]),
    "list for text": payload(occupation=[None, ["x"]]),
    "huge text": payload(note=[None, "x" * 100_000]),
    "huge number": payload(position=[None, 10**30]),
    "unknown field": payload(is_admin=[None, True]),
    "derived field": payload(name_fold=[None, "x"]),
    "half a letter": payload(note=[None, "\ud800"]),
    "zero byte": payload(note=[None, "a\0b"]),
    "unknown word": payload(citizen_group=[None, "king"]),
    "no date": payload(birth=[None, "yesterday"]),
    "no day": payload(birth=[None, "2026-02-31"]),
    "reference of another kind": payload(household=[None, 1]),
    "presence as text": payload(present=[True, "no"]),
    "one value": payload(note=["x"]),
    "no pair": payload(note="x"),
    "not JSON": part(4, "{"),
    "not an object": part(4, "[]"),
    "not a number": part(4, '{"position":[null,NaN]}'),
    "unknown table": part(0, 999),
    "table as truth": part(0, True),
    "unknown action": part(2, 9),
    "short row": part(1, "ab"),
    "negative sequence": header(3, -1),
    "generation of local deeds": header(2, 0),
    "sequence as text": header(3, "2"),
    "time without end": header(7, 10**40),
    "arguments as list": header(6, []),
    "kind as number": header(5, 5),
    "author of another kind": header(4, "me"),
}


@pytest.fixture
def two(tmp_path: Path) -> tuple[Context, Context, str]:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    edit(first, uid, occupation="Thợ mộc")
    return office, first, uid


def test_odd_contents_are_refused_in_a_sentence_and_change_nothing(
    two: tuple[Context, Context, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, first, uid = two
    before = register_state(office)
    for name, forgery in ODD.items():
        package = tmp_path / "odd.sht"
        forge(first, package, monkeypatch, forgery)
        with pytest.raises(UserError) as refused:
            merge_package(office, package)
        assert refused.value.code in ("package.damaged", "package.tampered"), name
        assert register_state(office) == before, name
    create_package(first, tmp_path / "honest.sht")
    merge_package(office, tmp_path / "honest.sht")
    assert value(office, uid, "occupation") == "Thợ mộc"


def test_a_row_that_lacks_what_its_table_demands_is_refused(
    two: tuple[Context, Context, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, first, _ = two

    def bare_answer(_: list[Any], parts: list[Any]) -> None:
        parts[0][0], parts[0][1], parts[0][2], parts[0][4] = SHARED["answer"].code, "ab" * 16, 1, "{}"

    forge(first, tmp_path / "odd.sht", monkeypatch, bare_answer)
    with pytest.raises(UserError) as refused:
        merge_package(office, tmp_path / "odd.sht")
    assert refused.value.code == "package.damaged"


def settings_of(context: Context) -> dict[str, dict[str, Any]]:
    return {uid: row for (table, uid), row in register_state(context).items() if table == "setting"}


def _erases(head: list[Any], _: list[Any]) -> None:
    head[5], head[6] = "citizen.erase", {"rows": []}


def _settles(_: list[Any], parts: list[Any]) -> None:
    parts[0][2], parts[0][4] = 3, '{"occupation":[[null,"Thợ mộc"],"Thợ mộc"]}'


def _certifies(_: list[Any], parts: list[Any]) -> None:
    parts[0][0], parts[0][2] = SHARED["certificate"].code, 1
    parts[0][4] = dump({"decision": "ab" * 16, "model": "citizen", "year": 2026, "sequence": 1})


@pytest.mark.parametrize("forgery", [_erases, _settles, _certifies])
def test_what_only_the_office_does_is_refused_from_a_volunteer(
    two: tuple[Context, Context, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgery: Forgery
) -> None:
    office, first, _ = two
    before = register_state(office)
    forge(first, tmp_path / "odd.sht", monkeypatch, forgery)
    with pytest.raises(UserError) as refused:
        merge_package(office, tmp_path / "odd.sht")
    assert refused.value.code == "package.not_allowed"
    assert register_state(office) == before


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_a_volunteers_change_of_settings_waits_for_the_office(tmp_path: Path, keep: Any) -> None:
    office, (first, second) = make_star(tmp_path)
    with first.operation("settings.change") as op:
        write_office(op.writer, OfficeSettings(office_name="Ủy ban của tôi"))
        op.writer.insert(setting, {"key": "mine", "value": 1}, uid=natural_uid("setting", "mine"))
    before = settings_of(office)
    assert carry(first, office, tmp_path).conflicts > 0
    assert settings_of(office) == before
    assert {item.reason for item in conflicts(office)} == {"reserved"}
    assert all(item.label for item in described_conflicts(office))
    settle(office, [item.uid for item in conflicts(office)], keep)
    for _ in range(2):
        for member in (first, second):
            carry(office, member, tmp_path)
            carry(member, office, tmp_path)
    assert conflicts(office) == []
    assert register_state(office) == register_state(first) == register_state(second)
    with office.read() as connection:
        assert (read_office(connection).office_name == "Ủy ban của tôi") == (keep == "theirs")
    assert (("setting", natural_uid("setting", "mine")) in register_state(office)) == (keep == "theirs")


def test_a_proposed_change_is_withdrawn_with_its_merge(tmp_path: Path) -> None:
    from desktop_app.services.sync.merge import withdraw_merge

    office, (first,) = make_star(tmp_path, 1)
    with first.operation("settings.change") as op:
        op.writer.insert(setting, {"key": "mine", "value": 1}, uid=natural_uid("setting", "mine"))
    before = settings_of(office)
    made = carry(first, office, tmp_path)
    assert made.operation is not None
    withdraw_merge(office, made.operation)
    assert (settings_of(office), conflicts(office)) == (before, [])
    assert merge_package(office, tmp_path / "goi.sht").conflicts == 1


def test_a_bomb_inside_a_properly_sealed_package_is_not_unpacked(
    two: tuple[Context, Context, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, first, _ = two

    class Bomb(zipfile.ZipFile):
        def writestr(self, name: Any, content: Any, *args: Any, **kwargs: Any) -> None:
            super().writestr(name, content if name != "operations.jsonl" else bytes(50_000_000), *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(seal.zipfile, "ZipFile", Bomb)
        create_package(first, tmp_path / "bomb.sht")
    with pytest.raises(UserError) as refused:
        merge_package(office, tmp_path / "bomb.sht")
    assert refused.value.code == "package.damaged"


def test_an_operation_in_the_place_of_another_is_refused(
    two: tuple[Context, Context, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, first, _ = two
    carry(first, office, tmp_path)
    before = register_state(office)
    with first.database.write() as connection:
        connection.exec_driver_sql("UPDATE peer SET acked_own = NULL")
    forge(first, tmp_path / "odd.sht", monkeypatch, header(0, "ab" * 16))
    with pytest.raises(UserError) as refused:
        merge_package(office, tmp_path / "odd.sht")
    assert refused.value.code == "package.tampered"
    assert register_state(office) == before
