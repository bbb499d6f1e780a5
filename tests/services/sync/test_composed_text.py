"""Text sent with loose marks (NFD) is read composed (NFC) on every machine; the chain stays as it was sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop_app.models.journal import broken_links, writer
from desktop_app.models.journal.codec import content_of, dump
from desktop_app.models.tables.registry import citizen
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.sync.inbox import conflicts
from desktop_app.services.sync.merge import merge_package, withdraw_merge
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star, register_state
from tests.services.sync.test_exchange import carry, edit, value

NAME, WORK, OTHER = "Nguyễn Thị Ẩn", "Thợ mộc", "Giáo viên"


def loose(text: str) -> str:
    found = unicodedata.normalize("NFD", text)
    assert found != text
    return found


@contextmanager
def older_program() -> Iterator[None]:
    """A program that writes and sends texts as they are typed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "composed", lambda value: value)
        patch.setattr(writer, "is_composed", lambda payload: True)
        yield


def edit_loosely(context: Context, uid: Uid, text: str) -> None:
    with older_program():
        edit(context, uid, occupation=loose(text))
    assert value(context, uid, "occupation") == loose(text)


def add_loosely(context: Context, **texts: str) -> None:
    with older_program(), context.operation("citizen.add") as op:
        op.writer.insert(citizen, {name: loose(text) for name, text in texts.items()})


def texts(context: Context) -> list[str]:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT full_name, occupation FROM citizen")
        return [text for row in rows for text in row if text]


def test_loose_marks_are_composed_on_every_machine_and_the_chains_hold(tmp_path: Path) -> None:
    office, (first, second) = make_star(tmp_path)
    _, (uid,) = add_household(office)
    for member in (first, second):
        carry(office, member, tmp_path)
    edit_loosely(first, uid, WORK)
    add_loosely(first, full_name=NAME, occupation=OTHER)
    for _ in range(2):
        for member in (first, second):
            carry(member, office, tmp_path)
            carry(office, member, tmp_path)
    for machine in (office, first, second):
        found = texts(machine)
        assert [text for text in found if not unicodedata.is_normalized("NFC", text)] == []
        assert {NAME, WORK, OTHER} <= set(found)
        assert register_state(machine) == register_state(office)
        with machine.read() as connection:
            assert broken_links(connection) == []
            payloads = connection.exec_driver_sql("SELECT count(*) FROM operation WHERE kind = 'citizen.add'")
            assert payloads.scalar_one() == 1
    assert conflicts(office) == []


def test_work_upon_loose_text_is_no_disagreement(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    edit_loosely(first, uid, WORK)
    carry(first, office, tmp_path)
    edit(first, uid, occupation=OTHER)
    carry(first, office, tmp_path)
    assert conflicts(office) == []
    assert value(office, uid, "occupation") == OTHER


def test_a_merge_of_loose_text_is_withdrawn_and_taken_in_again(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(office)
    carry(office, first, tmp_path)
    edit_loosely(first, uid, WORK)
    add_loosely(first, full_name=NAME)
    before = register_state(office)
    create_package(first, tmp_path / "x.sht")
    for _ in range(2):
        made = merge_package(office, tmp_path / "x.sht")
        assert made.operation
        assert NAME in texts(office)
        withdraw_merge(office, made.operation)
        assert register_state(office) == before


def test_composing_reads_through_escapes_lists_and_objects() -> None:
    assert content_of('{"note":["n\\u0303",{"e\\u0302":1}]}') == {"note": ["ñ", {"ê": 1}]}
    assert content_of(dump({"note": "a\nb"})) == {"note": "a\nb"}
