"""``import criteria`` and ``export criteria`` keep the contract of the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from desktop_app.cli import main
from tests.factories import load_sample, make_register


class Line:
    """Runs commands on one data folder inside this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.status, self.err = 0, ""

    def __call__(self, *words: object) -> dict[str, Any]:
        self.capsys.readouterr()
        self.status = main(["--data", str(self.folder), *map(str, words), "--json"])
        found = self.capsys.readouterr()
        self.err = found.err
        content = json.loads(found.out)
        assert isinstance(content, dict) and found.out.count("\n") == 1
        return content


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    context = make_register(tmp_path / "data")
    load_sample(context)
    context.close()
    return Line(tmp_path / "data", capsys)


def test_a_set_goes_out_and_back_without_a_trace(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo.xlsx"
    written = line("export", "criteria", "citizen.resident", "--out", out)
    assert (line.status, written["set"], written["version"]) == (0, "citizen.resident", "2023.1")
    before = line("history")["operations"]
    read = line("import", "criteria", out)
    assert (line.status, read["set"], read["version"], read["changed"]) == (0, "citizen.resident", "2023.1", False)
    assert line("history")["operations"] == before


def test_another_provinces_numbers_come_into_force_and_judge(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo.xlsx"
    line("export", "criteria", "resident", "--out", out)
    book = load_workbook(out)
    page = book["Bộ tiêu chí"]
    page.cell(next(c.row for c in page["A"] if c.value == "Điểm đạt"), 2).value = "60 điểm"
    page.cell(next(c.row for c in page["A"] if c.value == "Điểm sàn"), 2).value = None
    book.save(out)
    dry = line("import", "criteria", out, "--dry-run")
    assert dry["changed"] is False and line.status == 0
    read = line("import", "criteria", out)
    assert line.status == 0 and read["in_use"] and read["version"] == "2023.1.1" and read["moved"] > 0
    verdicts = [v for v in line("verdicts", "--year", 2026)["verdicts"] if v["group"] == "resident"]
    complete = [v for v in verdicts if len(v["answers"]) == 10]
    assert complete and all(v["passed"] == (v["total"] >= 60) for v in complete)
    line("undo")
    line("undo")
    assert line("export", "criteria", "resident", "--out", tmp_path / "lai.xlsx")["version"] == "2023.1"


def test_a_faulty_workbook_is_refused_by_cell(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo.xlsx"
    line("export", "criteria", "Gia đình học tập", "--out", out)
    assert line.status == 0
    book = load_workbook(out)
    book["Chỉ số"]["D7"] = "cao"
    book.save(out)
    refused = line("import", "criteria", out)
    assert line.status == 1 and refused["error"]["code"] == "criteria.workbook_invalid"
    assert "Chỉ số!D7: điểm tối đa phải là số" in line.err
    assert {"sheet": "Chỉ số", "cell": "D7"}.items() <= refused["errors"][0].items()


def test_a_signed_file_goes_out_and_waits_until_it_is_put_to_use(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo.botieuchi"
    code = line("export", "criteria", "clan", "--out", out)["code"]
    assert len(code) == 8
    assert line("import", "criteria", out)["changed"] is False
    assert line("export", "criteria", "clan@1999", "--out", out)["error"]["code"] == "criteria.unknown_set"
    assert line.status == 1
    assert line("import", "criteria", tmp_path / "vang.xlsx")["error"]["code"] == "workbook.absent"


def test_a_workbook_without_an_ending_is_known_by_its_content(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo"
    line("export", "criteria", "clan", "--out", out)
    assert line("import", "criteria", out)["changed"] is False
    with pytest.raises(SystemExit):
        line("export", "criteria", "clan", "--out", tmp_path / "bo.ods")


def test_a_workbook_kept_as_a_draft_comes_into_force_when_asked(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo.xlsx"
    line("export", "criteria", "clan", "--out", out)
    book = load_workbook(out)
    book["Điều kiện"]["B3"] = 0.6
    book.save(out)
    assert line("import", "criteria", out, "--draft")["draft"] is True
    again = line("import", "criteria", out)
    assert (again["changed"], again["in_use"]) == (False, False)
    used = line("import", "criteria", out, "--use")
    assert used["in_use"] and not used["draft"]


def test_two_provinces_workbooks_of_one_export_come_in_one_after_the_other(line: Line, tmp_path: Path) -> None:
    out = tmp_path / "bo.xlsx"
    line("export", "criteria", "resident", "--out", out)
    for version, most in (("2026.tinh", 20), ("2027.tinh", 25)):
        book = load_workbook(out)
        book["Chỉ số"]["D4"] = most
        book["Bộ tiêu chí"]["B5"] = version
        book.save(tmp_path / "tinh.xlsx")
        read = line("import", "criteria", tmp_path / "tinh.xlsx")
        assert (line.status, read["version"], read["in_use"]) == (0, version, True)


def test_a_file_of_another_set_than_the_named_one_is_refused(line: Line, tmp_path: Path) -> None:
    line("export", "criteria", "clan", "--out", tmp_path / "bo.xlsx")
    refused = line("import", "criteria", tmp_path / "bo.xlsx", "--set", "family")
    assert line.status == 1 and refused["error"]["code"] == "criteria.other_set"


def test_a_version_whose_time_is_over_is_said_to_be(line: Line, tmp_path: Path) -> None:
    line("export", "criteria", "resident", "--out", tmp_path / "bo.xlsx")
    book = load_workbook(tmp_path / "bo.xlsx")
    page = book["Bộ tiêu chí"]
    page.cell(next(c.row for c in page["A"] if c.value == "Hết hiệu lực"), 2).value = "31/12/2024"
    book.save(tmp_path / "bo.xlsx")
    read = line("import", "criteria", tmp_path / "bo.xlsx")
    assert line.status == 0 and any("hết hiệu lực ngày 31/12/2024" in said for said in read["warnings"])
