"""Other workbooks of the same kinds, by other hands: every person and household right, each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.services.importing.parse import parse_workbook
from tests.services.importing.generator.commune import make_commune
from tests.services.importing.generator.lists import differences, write_list
from tests.services.importing.generator.style import CHARSETS, FORMATS, MARKS, draw_style


def _check(folder: Path, seed: int, **fixed: object) -> None:
    style = draw_style(seed, **fixed)
    text = style.text()
    written = write_list(folder, make_commune(seed), style, f"list_{seed}")
    problems = differences(written, parse_workbook(written.path))
    assert not problems, f"seed {seed}: {text}\n" + "\n".join(problems[:8])


@pytest.mark.parametrize("seed", range(40))
def test_a_list_of_another_hand_is_read_whole_and_right(tmp_path: Path, seed: int) -> None:
    _check(tmp_path, seed)


@pytest.mark.parametrize("marks", MARKS)
def test_households_are_told_apart_by_whatever_marks_them(tmp_path: Path, marks: str) -> None:
    _check(tmp_path, 1000 + MARKS.index(marks), marks=marks, has_heads_only=False)


@pytest.mark.parametrize("charset", sorted(set(CHARSETS)))
def test_a_list_in_any_charset_is_read_whole(tmp_path: Path, charset: str) -> None:
    _check(tmp_path, 1100 + CHARSETS.index(charset), charset=charset, format="xlsx")


@pytest.mark.parametrize("sheets", ["one", "each", "sections", "tables"])
@pytest.mark.parametrize("kind", sorted(set(FORMATS)))
def test_hamlets_come_from_wherever_they_stand(tmp_path: Path, kind: str, sheets: str) -> None:
    _check(tmp_path, 1200 + FORMATS.index(kind), format=kind, sheets=sheets)


@pytest.mark.full
@pytest.mark.parametrize("hundred", range(2000, 3200, 100))
def test_many_more_lists_are_read_whole_and_right(tmp_path: Path, hundred: int) -> None:
    for seed in range(hundred, hundred + 100):
        _check(tmp_path, seed)
