"""The template by command line: out, changed, back in; wrong options are refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.test_contract import Line, line  # noqa: F401  (a fixture)


def test_a_template_of_one_hamlet_comes_back_with_its_changes(line: Line, samples: Path, tmp_path: Path) -> None:  # noqa: F811
    line("init", "--commune", "30436")
    line("import", "citizens", samples / "01_mot_bang.xlsx")
    out = tmp_path / "thon 1.xlsx"
    given = line("export", "citizens", "--template", "--hamlet", "thôn 01", "--out", out)
    assert given["people"] == 163
    book = load_workbook(out)
    page = book.worksheets[0]
    column = next(cell.column for cell in page[2] if cell.value == "Nghề nghiệp")
    page.cell(3, column).value = "Thợ mộc"
    book.save(out)
    back = line("import", "citizens", out)
    assert (back["created"], back["updated"], back["unchanged"], back["warnings"]) == (0, 1, 162, [])


def test_an_empty_template_holds_nobody(line: Line, tmp_path: Path) -> None:  # noqa: F811
    line("init", "--commune", "30436")
    assert line("export", "citizens", "--template", "--empty", "--out", tmp_path / "mau.xlsx")["people"] == 0


def test_what_cannot_be_done_is_refused(line: Line, tmp_path: Path) -> None:  # noqa: F811
    line("init", "--commune", "30436")
    for extra in (["--template"], ["--empty", "--out", tmp_path / "x.xlsx"]):
        with pytest.raises(SystemExit, match="2"):
            line("export", "citizens", *extra)
    unknown = line("export", "citizens", "--template", "--hamlet", "Thôn 99", "--out", tmp_path / "x.xlsx")
    assert unknown["error"]["code"] == "hamlet.unknown"
    assert not (tmp_path / "x.xlsx").exists()
