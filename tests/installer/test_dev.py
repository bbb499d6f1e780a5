"""The two commands: honest exit status, the closing line of pytest, and the demo where no window can be seen."""

from __future__ import annotations

import subprocess
import sys

import pytest

from installer import dev, machine


def step(name: str, script: str) -> dev.Step:
    return dev.Step(name, [sys.executable, "-c", script])


@pytest.fixture
def no_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ensure_qt_libraries", lambda: None)
    monkeypatch.setattr(machine, "ensure_environment", lambda locks: machine.venv_python())


def test_a_step_shows_its_output_and_keeps_the_last_line_that_says_something(capsys) -> None:
    check = step("check", "print('Đã xong'); print('3 passed in 0.1s'); print()")
    check.run()
    assert check.code == 0
    assert check.closing == "3 passed in 0.1s"
    assert "Đã xong" in capsys.readouterr().out


def test_one_failed_step_fails_the_whole_and_the_others_still_run(no_setup, monkeypatch, capsys) -> None:
    steps = [
        step("ruff", "raise SystemExit('not formatted')"),
        step("pytest", "print('12 passed, 3 skipped in 4.56s')"),
    ]
    monkeypatch.setattr(dev, "checks", lambda *_: steps)
    assert dev.run_checks([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "12 passed, 3 skipped in 4.56s"
    assert any("ruff" in line and "FAILED (1)" in line and "not formatted" in line for line in lines)


def test_all_passed_is_success(no_setup, monkeypatch) -> None:
    monkeypatch.setattr(dev, "checks", lambda *_: [step("pytest", "print('1 passed in 0.01s')")])
    assert dev.run_checks([]) == 0


def test_pytest_without_any_test_is_no_success(no_setup, monkeypatch, capsys) -> None:
    monkeypatch.setattr(
        dev, "checks", lambda *_: [step("pytest", "print('no tests ran in 0.01s'); raise SystemExit(5)")]
    )
    assert dev.run_checks(["-k", "nothing"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "no tests ran in 0.01s"


def test_the_usual_checks_are_all_there_in_order() -> None:
    assert [each.name for each in dev.checks("python", False, [])] == [
        "ruff format",
        "ruff",
        "mypy",
        "import-linter",
        "pytest",
    ]


def test_full_adds_the_slow_tests_the_built_program_and_windows(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    steps = {each.name: each.command for each in dev.checks("python", True, [])}
    assert "--full" in steps["pytest"]
    assert steps["built program"][-1] == "--smoke"
    assert {"Windows suite under Wine", "Windows program under Wine", "Windows setup under Wine"} <= set(steps)


def test_arguments_go_to_pytest() -> None:
    assert dev.checks("python", False, ["tests/ui", "-k", "zoom"])[-1].command[-3:] == ["tests/ui", "-k", "zoom"]


@pytest.mark.parametrize("argument", ["-s", "--pdb", "-n0", "--collect-only"])
def test_what_needs_one_process_is_not_shared_out(argument: str) -> None:
    assert "-n" not in dev.checks("python", False, [argument])[-1].command


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], False),
        (["--data", "folder"], False),
        (["--data=folder"], False),
        (["doctor"], True),
        (["--data", "folder", "doctor", "--json"], True),
        (["--help"], True),
    ],
)
def test_work_without_a_window_is_told_from_opening_one(arguments: list[str], named: bool) -> None:
    assert dev._names_a_command(arguments) is named


@pytest.fixture
def started(no_setup, monkeypatch, tmp_path) -> list[list[str]]:
    """Commands that would have been started, with a demo that leaves one file."""
    commands: list[list[str]] = []

    def start(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        if "demo" in command:
            (dev.DEMO_FOLDER / "giấy công nhận.pdf").write_bytes(b"%PDF-")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(machine, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "DEMO_FOLDER", tmp_path / "build" / "demo")
    monkeypatch.setattr(dev.subprocess, "run", start)
    return commands


def test_without_a_display_the_demo_runs_and_its_files_are_named(started, monkeypatch, capsys) -> None:
    monkeypatch.setattr(machine, "has_display", lambda: False)
    assert dev.run_program([]) == 0
    assert started[0][-3:-1] == ["demo", "--out"]
    printed = capsys.readouterr()
    assert "giấy công nhận.pdf" in printed.out
    assert "No display" in printed.err


def test_with_a_display_the_window_opens(started, monkeypatch) -> None:
    monkeypatch.setattr(machine, "has_display", lambda: True)
    assert dev.run_program(["--data", "folder"]) == 0
    assert started[0][1:] == ["-m", "desktop_app", "--data", "folder"]


def test_a_command_runs_as_it_is_without_a_display(started, monkeypatch) -> None:
    monkeypatch.setattr(machine, "has_display", lambda: False)
    assert dev.run_program(["doctor", "--json"]) == 0
    assert started[0][1:] == ["-m", "desktop_app", "doctor", "--json"]


def test_a_problem_of_the_set_up_is_one_plain_sentence(monkeypatch, capsys) -> None:
    def fail() -> None:
        raise machine.SetupError("Run this once: sudo apt-get install libegl1")

    monkeypatch.setattr(machine, "ensure_qt_libraries", fail)
    assert dev.main(["test"]) == 1
    assert capsys.readouterr().err == "[dev] Run this once: sudo apt-get install libegl1\n"


def test_an_unknown_word_shows_the_usage(capsys) -> None:
    assert dev.main(["walk"]) == 2
    assert "installer/dev.py run" in capsys.readouterr().out
