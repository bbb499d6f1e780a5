"""Whatever is typed, the command line answers with one object and one plain sentence, and never writes over itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.cli import main
from desktop_app.cli.main import in_vietnamese

Told = tuple[int, dict[str, Any], str]


def call(capsys: pytest.CaptureFixture[str], *words: object) -> Told:
    """Status, the object on stdout and stderr of one command."""
    capsys.readouterr()
    try:
        status = main([*map(str, words), "--json"])
    except SystemExit as ended:
        status = int(ended.code or 0)
    found = capsys.readouterr()
    assert found.out.count("\n") == 1
    return status, json.loads(found.out), found.err


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    status, _, _ = call(capsys, "init", "--commune", "30436", "--data", tmp_path / "data")
    assert status == 0
    return tmp_path / "data"


@pytest.mark.parametrize(
    "words",
    [("undo", "xyz"), ("undo", "zz" * 16), ("conflicts", "settle", "x", "--keep", "mine")],
)
def test_an_id_that_cannot_be_one_is_simply_not_known(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status, told, err = call(capsys, *words, "--data", data)
    assert status == 1
    assert str(told["error"]["code"]).endswith(".unknown")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("history", "--limit", "9" * 30),
        ("verdicts", "--year", "9" * 30),
        ("init", "--commune", "30436", "--role", "volunteer"),
        ("init", "--comm", "30436"),
        ("conflicts", "settle", "x"),
        ("nonsense",),
    ],
)
def test_wrong_usage_under_json_is_still_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    status, told, err = call(capsys, *words, "--data", tmp_path / "none")
    assert status == 2
    assert told["error"]["code"] == "usage"
    assert "Lệnh chưa đúng" in err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "words", [("backup",), ("package", "create"), ("device", "export"), ("export", "citizens"), ("certificates",)]
)
@pytest.mark.parametrize(
    "target",
    [
        "sohoctap.db",
        "sohoctap.db-shm",
        "device.json",
        "DEVICE.JSON",
        "journal.json",
        "trusted.json",
        "window.lock",
        ".",
    ],
)
def test_no_command_writes_over_the_register_or_the_keys(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], target: str
) -> None:
    more = ("--year", "2026", "--model", "citizen") if words[0] == "certificates" else ()
    before = {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()}
    status, told, err = call(capsys, *words, *more, "--out", data / target, "--data", data)
    assert (status, told["error"]["code"]) == (1, "out.taken")
    assert len(err.splitlines()) == 1
    assert {path.name: path.read_bytes() for path in data.iterdir() if path.is_file()} == before


def test_a_doctor_that_finds_something_says_it_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told, err = call(capsys, "doctor", "--data", tmp_path / "none")
    assert (status, told["ok"]) == (1, False)
    assert told["checks"]
    assert err.strip() == told["error"]["message"]


def test_a_fault_of_the_program_goes_to_the_log_and_not_to_the_screen(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("odd 079084000001")

    monkeypatch.setattr("desktop_app.services.history.operations", fail)
    status, told, err = call(capsys, "history", "--data", data)
    assert (status, told["error"]["code"]) == (1, "bug")
    assert len(err.splitlines()) == 1
    log = (data / "logs" / "sohoctap.log").read_text(encoding="utf-8")
    assert "RuntimeError: odd •••001" in log


@pytest.mark.parametrize("content", ["{", "[]", '{"uid": 1}'])
@pytest.mark.parametrize("is_shaped", [False, True])
def test_a_damaged_device_file_is_told_in_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], content: str, is_shaped: bool
) -> None:
    if is_shaped:
        known = json.loads((data / "device.json").read_text(encoding="utf-8"))
        content = json.dumps({name: index for index, name in enumerate(known)})
    (data / "device.json").write_text(content, encoding="utf-8")
    status, told, err = call(capsys, "history", "--data", data)
    assert (status, told["error"]["code"]) == (1, "device.damaged")
    assert len(err.splitlines()) == 1


def test_a_doctor_says_one_line_also_of_a_torn_file(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = data / "sohoctap.db"
    size = register.stat().st_size
    with register.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size // 4))
    status, told, err = call(capsys, "doctor", "--data", data)
    assert (status, told["ok"]) == (1, False)
    assert len(err.splitlines()) == 1


def test_letters_that_are_none_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told, err = call(capsys, "init", "--commune", "30436", "--name", "X\udcff", "--data", tmp_path / "data")
    assert (status, told["error"]["code"]) == (1, "text.bad")
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "data" / "sohoctap.db").exists()


def test_wrong_usage_is_said_in_vietnamese() -> None:
    assert in_vietnamese("one of the arguments --commune --from is required") == (
        "cần một trong các tùy chọn --commune --from"
    )
    assert in_vietnamese("argument --model: invalid choice: 'x' (choose from citizen, family)") == (
        "--model: không có giá trị 'x' (chọn một trong citizen, family)"
    )
    assert in_vietnamese("argument --year: 'abc' không phải là số") == "--year: 'abc' không phải là số"
