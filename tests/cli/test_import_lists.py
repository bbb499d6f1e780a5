"""The command line's import of lists: names in capitals on request, files that are held or change under its hands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli import main
from desktop_app.services.importing import parse
from tests.services.importing.helpers import HEADING, write_xlsx

LOUD = ("H01", "NGUYỄN VĂN AN", "Chủ hộ", "Nam", "05/03/1960", "046060000001")
OTHER = ("H02", "LÊ THỊ DUNG", "Chủ hộ", "Nữ", "02/01/1980", "046180000004")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Run a command on a register of its own; returns its exit status and what it prints."""

    def command(*words: str) -> tuple[int, dict[str, Any]]:
        status = main(["--data", str(tmp_path / "data"), *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    assert command("init", "--commune", "30436", "--year", "2026")[0] == 0
    return command


def names(run: Callable[..., tuple[int, dict[str, Any]]]) -> list[str]:
    return [row["name"] for row in run("export", "citizens")[1]["rows"]]


def test_names_in_capitals_are_kept_unless_name_case_is_asked_for(run: Any, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, LOUD]})
    assert run("import", "citizens", str(path), "--dry-run")[1]["created"] == 1
    status, done = run("import", "citizens", str(path), "--name-case")
    assert (status, done["created"]) == (0, 1)
    assert names(run) == ["Nguyễn Văn An"]
    again = run("import", "citizens", str(path))[1]
    assert (again["unchanged"], again["operation"]) == (1, None)
    loud = write_xlsx(tmp_path / "b.xlsx", {"Thôn 1": [HEADING, OTHER]})
    run("import", "citizens", str(loud))
    assert sorted(names(run)) == ["LÊ THỊ DUNG", "Nguyễn Văn An"]


def test_a_file_held_by_excel_is_one_plain_sentence(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, LOUD]})
    really = Path.open

    def held(self: Path, *how: Any, **more: Any) -> Any:
        if self == path:
            raise PermissionError(13, "held", str(self))
        return really(self, *how, **more)

    monkeypatch.setattr(Path, "open", held)
    status, said = run("import", "citizens", str(path))
    assert (status, said["error"]["code"]) == (1, "workbook.locked")
    assert "a.xlsx" in said["error"]["message"] and "Excel" in said["error"]["message"]
    monkeypatch.setattr(Path, "open", really)
    assert names(run) == []


def test_a_file_that_changes_while_it_is_compared_is_not_imported(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, LOUD]})
    really = parse.parse_workbook

    def read_then_changed(*how: Any, **more: Any) -> Any:
        book = really(*how, **more)
        write_xlsx(path, {"Thôn 1": [HEADING, LOUD, OTHER]})
        return book

    monkeypatch.setattr(parse, "parse_workbook", read_then_changed)
    status, said = run("import", "citizens", str(path))
    assert (status, said["error"]["code"]) == (1, "import.file_changed")
    assert "chưa nhập gì" in said["error"]["message"]
    assert names(run) == []
