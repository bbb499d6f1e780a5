"""The command line keeps its contract: one JSON object, plain sentences, exit statuses, one whole year's work."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli import main

ROOT = Path(__file__).resolve().parents[2]


class Line:
    """Runs commands on one data folder inside this process."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.status = 0
        self.err = ""

    def __call__(self, *words: object) -> dict[str, Any]:
        self.capsys.readouterr()
        self.status = main(["--data", str(self.folder), *map(str, words), "--json"])
        found = self.capsys.readouterr()
        self.err = found.err
        content = json.loads(found.out)
        assert isinstance(content, dict)
        assert found.out.count("\n") == 1
        return content


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Line:
    return Line(tmp_path / "data", capsys)


def test_a_register_is_made_and_says_where(line: Line) -> None:
    made = line("init", "--commune", "30436", "--hamlet", "Thôn 1", "Thôn 2", "--year", 2026)
    assert line.status == 0
    assert made["commune"]["name"] == "Xã Phú An"
    assert Path(made["database"]).exists()
    assert len(made["device"]) == 32


@pytest.mark.parametrize("code", ["70", "00070"])
def test_a_communes_code_works_with_or_without_leading_zeros(line: Line, code: str) -> None:
    assert line("init", "--commune", code)["commune"]["code"] == "00070"


def test_an_unknown_commune_is_refused_in_one_sentence(line: Line) -> None:
    refused = line("init", "--commune", "99999")
    assert line.status == 1
    assert refused["error"]["code"] == "commune.unknown"
    assert line.err.strip() == refused["error"]["message"]
    assert not (line.folder / "sohoctap.db").exists()


@pytest.mark.parametrize(
    "words",
    [("export", "citizens"), ("history",), ("verdicts", "--year", 2026), ("search", "lan"), ("conflicts",), ("undo",)],
)
def test_a_command_without_a_register_says_so(line: Line, words: tuple[object, ...]) -> None:
    assert line(*words)["error"]["code"] == "database.absent"
    assert line.status == 1


@pytest.mark.parametrize("words", [["nonsense"], ["init"], ["import", "citizens"], ["report"], ["receipt"]])
def test_wrong_usage_ends_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_a_whole_year_from_list_to_certificates(line: Line, samples: Path, tmp_path: Path) -> None:
    line("init", "--commune", "30436", "--year", 2026)
    told = line("import", "citizens", samples / "01_mot_bang.xlsx", "--dry-run")
    assert (told["created"], told["operation"]) == (1342, None)
    done = line("import", "citizens", samples / "01_mot_bang.xlsx")
    assert (done["rows"], done["created"], done["households_created"], done["errors"]) == (1342, 1342, 420, [])
    scores = line("import", "scores", samples / "07_phieu_cham_thon_2.xlsx", "--year", 2026)
    assert (scores["assessed"], scores["passed"]) == (141, 92)
    expected = json.loads((samples / "expected.json").read_text(encoding="utf-8"))["scores"]
    verdicts = line("verdicts", "--year", 2026, "--model", "citizen")["verdicts"]
    wanted = sorted((item["name"], item["total"], item["passed"]) for item in expected)
    assert sorted((v["name"], v["total"], v["passed"]) for v in verdicts) == wanted
    assert all(v["sentence"].startswith("Đạt") == v["passed"] for v in verdicts)
    decided = line("recognise", "--year", 2026, "--model", "citizen", "--number", "112", "--date", "2026-11-20")
    assert decided["recognised"] == 92
    failed = {v["uid"] for v in verdicts if not v["passed"]}
    assert failed <= {item["uid"] for item in decided["left_out"]}
    assert all(item["reason"] for item in decided["left_out"])
    papers = line("certificates", "--year", 2026, "--model", "citizen", "--out", tmp_path / "giay.pdf")
    assert papers["pages"] == len(papers["certificates"]) == 92
    assert len({item["number"] for item in papers["certificates"]}) == 92
    assert (tmp_path / "giay.pdf").read_bytes().startswith(b"%PDF")


def test_export_gives_the_contracts_fields_in_order(line: Line, samples: Path, tmp_path: Path) -> None:
    line("init", "--commune", "30436", "--year", 2026)
    line("import", "citizens", samples / "01_mot_bang.xlsx")
    rows = line("export", "citizens", "--out", tmp_path / "out.xlsx")["rows"]
    assert set(rows[0]) >= {
        "uid", "household_code", "hamlet", "address", "poverty", "name", "relation", "sex", "birth", "cccd",
        "ethnicity", "occupation", "phone", "group",
    }  # fmt: skip
    hamlets = list(dict.fromkeys(row["hamlet"] for row in rows))
    assert hamlets == [
        "Ấp Bình Hòa", "Thôn 1", "Thôn 2", "Thôn 3", "Thôn 4", "Thôn 5", "Thôn 6", "Tổ dân phố số 2",
    ]  # fmt: skip
    for hamlet in hamlets:
        codes = [row["household_code"] for row in rows if row["hamlet"] == hamlet]
        assert codes == sorted(codes)
    assert {row["sex"] for row in rows} == {"male", "female"}
    assert {row["poverty"] for row in rows} == {"none", "poor", "near_poor"}
    assert (tmp_path / "out.xlsx").exists()


def test_history_is_newest_first_and_undo_takes_the_newest(line: Line, samples: Path) -> None:
    line("init", "--commune", "30436", "--year", 2026)
    line("import", "citizens", samples / "06_thon_1_cu.xls")
    operations = line("history")["operations"]
    assert [item["kind"] for item in operations] == ["import.citizens", "register.create"]
    assert operations[0]["sentence"] == "Nhập 163 công dân từ 06_thon_1_cu.xls"
    done = line("undo")
    assert done["undone"] == operations[0]["id"]
    assert line("export", "citizens")["rows"] == []
    newest = line("history", "--limit", 1)["operations"]
    assert [item["kind"] for item in newest] == ["undo.import.citizens"]
    assert line("history")["operations"][1]["undone_by"] == done["operation"]


def test_search_finds_without_accents_in_any_order(line: Line, samples: Path) -> None:
    line("init", "--commune", "30436", "--year", 2026)
    line("import", "citizens", samples / "01_mot_bang.xlsx")
    found = line("search", "phuong nguyen my")
    assert "Nguyễn Mỹ Phượng" in {item["name"] for item in found["results"]}
    assert found["total"] >= len(found["results"])
    one = line("search", "nguyen", "--limit", 1)
    assert len(one["results"]) == 1
    assert one["total"] > 1


def test_two_machines_hold_the_same_after_a_package(
    tmp_path: Path, samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, volunteer = Line(tmp_path / "a", capsys), Line(tmp_path / "b", capsys)
    office("init", "--commune", "30436", "--year", 2026)
    office("import", "citizens", samples / "06_thon_1_cu.xls")
    card = volunteer("device", "export", "--out", tmp_path / "b.json")
    office("device", "trust", tmp_path / "b.json", "--code", card["code"])
    made = office("package", "create", "--out", tmp_path / "start.sht", "--to", card["device"], "--snapshot")
    assert made["operations"] == 2
    volunteer("init", "--from", tmp_path / "start.sht", "--role", "volunteer")
    assert volunteer("export", "citizens") == office("export", "citizens")
    volunteer("import", "citizens", samples / "05_to_hop_nfd.xlsx")
    volunteer("package", "create", "--out", tmp_path / "back.sht")
    assert office("package", "inspect", tmp_path / "back.sht")["operations"] >= 1
    assert office("package", "merge", tmp_path / "back.sht", "--dry-run")["operation"] is None
    merged = office("package", "merge", tmp_path / "back.sht")
    assert (merged["conflicts"], merged["waiting"]) == (0, 0)
    assert office("export", "citizens") == volunteer("export", "citizens")
    assert office("package", "merge", tmp_path / "back.sht")["applied"] == 0
    assert office("conflicts")["conflicts"] == []


def test_a_wrong_code_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office, other = Line(tmp_path / "a", capsys), Line(tmp_path / "b", capsys)
    office("init", "--commune", "30436")
    other("device", "export", "--out", tmp_path / "b.json")
    assert office("device", "trust", tmp_path / "b.json", "--code", "00000000")["error"]["code"] == "device.code"


def test_backup_and_restore_tell_what_they_hold(line: Line, samples: Path, tmp_path: Path) -> None:
    line("init", "--commune", "30436", "--year", 2026)
    line("import", "citizens", samples / "06_thon_1_cu.xls")
    before = line("export", "citizens")
    kept = line("backup", "--out", tmp_path / "sao-luu.db")
    assert (kept["citizens"], kept["verified"]) == (163, True)
    line("undo")
    restored = line("restore", tmp_path / "sao-luu.db")
    assert restored["households"] == kept["households"]
    assert line("export", "citizens") == before
    assert line("doctor")["ok"] is True


@pytest.mark.full
def test_stdout_is_one_object_in_utf8_whatever_the_console(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop_app", "--data", str(tmp_path), "init", "--commune", "30436", "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, env={"PYTHONIOENCODING": "cp1252", "PATH": ""})
    assert json.loads(ended.stdout.decode("utf-8"))["commune"]["province"] == "An Giang"
