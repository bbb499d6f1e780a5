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


def test_what_was_taken_without_asking_is_said_in_words_too(
    run: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(tmp_path / "two")
    assert (
        main(["--data", data, "init", "--commune", "30436", "--hamlet", "Thôn 1 (Phú An cũ)", "Thôn 1 (Phú Lâm cũ)"])
        == 0
    )
    titled = [("DANH SÁCH NHÂN KHẨU XÃ PHÚ AN",), HEADING, LOUD]
    rows = [(f"H{n:02d}", f"Lê Thị {n}", "Chủ hộ", "Nữ", "02/01/1980", "12") for n in range(30)]
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [*titled, *rows]})
    capsys.readouterr()
    assert main(["--data", data, "import", "citizens", str(path), "--dry-run"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Thôn 1: Danh sách ghi Xã Phú An mà sổ có Thôn 1 của nhiều xã cũ; tạm ghi vào")
    assert lines[1].startswith("Thôn 1, dòng ")
    assert len(lines) == 21
    assert lines[-1].endswith("điều nữa; --json cho biết tất cả.")
