"""All lists of a commune, one after another in any order: every person and household right, each once, and undone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from tests.factories import make_register
from tests.services.importing.generator.commune import Commune, make_commune
from tests.services.importing.generator.lists import Written, write_list
from tests.services.importing.generator.registers import households, stored_people, wrong_in_register
from tests.services.importing.generator.style import draw_style

LISTS = 3


def _lists_of(folder: Path, seed: int, commune: Commune) -> list[Written]:
    """Some lists of everybody, one of heads only, and one of a single hamlet, in an order of the seed."""
    lists = [
        write_list(folder, commune, draw_style(seed * 10 + n, has_heads_only=n == LISTS - 1), f"list{n}")
        for n in range(LISTS)
    ]
    hamlet = commune.hamlets[seed % len(commune.hamlets)]
    lists.append(write_list(folder, commune.part(hamlet), draw_style(seed * 10 + LISTS, has_heads_only=False), "part"))
    random.Random(f"order {seed}").shuffle(lists)
    return lists


def _import_all(context: Context, lists: list[Written]) -> list[ImportResult]:
    return [import_citizens(context, parse_workbook(written.path)) for written in lists]


def _wrong(context: Context, commune: Commune, lists: list[Written]) -> list[str]:
    whole = [written for written in lists if written.commune is commune]
    return wrong_in_register(
        context,
        commune,
        has_codes=any(written.style.marks.startswith("code") for written in whole),
        has_days=any(written.style.births != "years" and not written.style.has_heads_only for written in whole),
    )


def _check(folder: Path, seed: int) -> None:
    commune = make_commune(seed)
    lists = _lists_of(folder, seed, commune)
    context = make_register(folder / "register", hamlets=())
    _import_all(context, lists)
    wrong = _wrong(context, commune, lists)
    context.close()
    told = "\n".join(written.style.text() for written in lists)
    assert not wrong, f"seed {seed}\n{told}\n" + "\n".join(wrong[:8])


@pytest.mark.parametrize("seed", range(6))
def test_lists_of_one_commune_in_any_order_make_one_register(tmp_path: Path, seed: int) -> None:
    _check(tmp_path, seed)


@pytest.mark.full
@pytest.mark.parametrize("ten", range(10, 110, 10))
def test_many_more_communes_make_one_register_each(tmp_path: Path, ten: int) -> None:
    for seed in range(ten, ten + 10):
        (tmp_path / str(seed)).mkdir()
        _check(tmp_path / str(seed), seed)


@pytest.mark.parametrize("seed", [20, 21])
def test_a_list_for_each_hamlet_makes_one_register(tmp_path: Path, seed: int) -> None:
    commune = make_commune(seed)
    parts = [
        write_list(tmp_path, commune.part(hamlet), draw_style(seed * 10 + n, marks="code", sheets="each"), f"part{n}")
        for n, hamlet in enumerate(commune.hamlets)
    ]
    random.Random(seed).shuffle(parts)
    context = make_register(tmp_path / "register", hamlets=())
    _import_all(context, parts)
    people = [person for written in parts for home in written.commune.homes
              for person in (home.members[:1] if written.style.has_heads_only else home.members)]  # fmt: skip
    assert len(stored_people(context)) == len(people)
    assert households(context) == len(commune.homes)
    context.close()


def test_undoing_every_import_gives_back_the_register_before(tmp_path: Path) -> None:
    commune = make_commune(3)
    lists = _lists_of(tmp_path, 3, commune)
    context = make_register(tmp_path / "register", hamlets=())
    _import_all(context, lists[:1])
    before = sorted(map(str, stored_people(context)))
    for result in reversed(_import_all(context, lists[1:])):
        if result.operation is not None:
            context.journal.undo(result.operation)
    assert sorted(map(str, stored_people(context))) == before
    context.close()


def test_the_same_lists_again_change_nothing(tmp_path: Path) -> None:
    commune = make_commune(4)
    lists = _lists_of(tmp_path, 4, commune)
    context = make_register(tmp_path / "register", hamlets=())
    _import_all(context, lists)
    before = stored_people(context)
    again = _import_all(context, lists)
    assert [(result.created, result.households_created) for result in again] == [(0, 0)] * len(lists)
    assert stored_people(context) == before
    context.close()
