"""Setting up a machine: nothing is done that is not needed, and what cannot be done is said with its command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from installer import machine


@pytest.fixture
def no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Debian user who may not become root."""
    monkeypatch.setattr(machine, "is_debian", lambda: True)
    monkeypatch.setattr(machine, "_root_prefix", lambda: None)


def test_without_root_the_exact_command_is_said(no_root: None) -> None:
    with pytest.raises(machine.SetupError, match="sudo apt-get install -y --no-install-recommends libegl1 libgl1"):
        machine.apt_install(["libegl1", "libgl1"], "Qt needs them.")


def test_missing_qt_libraries_are_named_by_their_packages(no_root: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "has_library", lambda name: name != "libEGL.so.1")
    with pytest.raises(machine.SetupError, match=r"recommends libegl1$"):
        machine.ensure_qt_libraries()


def test_nothing_is_asked_where_the_libraries_are(no_root: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "has_library", lambda name: True)
    machine.ensure_qt_libraries()


def test_other_systems_than_debian_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "is_debian", lambda: False)
    monkeypatch.setattr(machine, "has_library", lambda name: False)
    machine.ensure_qt_libraries()


def test_a_python_that_is_too_old_leads_to_another(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 1))
    monkeypatch.setattr(machine, "_other_pythons", lambda: [["python3.9"], ["python3.12"]])
    monkeypatch.setattr(machine, "python_version", lambda command: (3, int(command[0].split(".")[1])))
    assert machine.find_python() == ["python3.12"]
    assert "The running Python is 3.10" in capsys.readouterr().err


def test_without_any_fitting_python_it_is_said_which_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    monkeypatch.setattr(machine, "_other_pythons", list)
    monkeypatch.setattr(machine, "is_debian", lambda: False)
    with pytest.raises(machine.SetupError, match=r"Install Python 3\.12"):
        machine.find_python()


def test_the_version_of_a_real_python_is_read() -> None:
    assert machine.python_version([sys.executable]) == sys.version_info[:2]
    assert machine.python_version(["no-such-python-here"]) is None


@pytest.fixture
def environment(tmp_path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """An environment in a temporary folder whose commands are noted, not run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(machine, "STAMP", tmp_path / "locked.json")
    monkeypatch.setattr(machine, "python_version", lambda command: (3, 12))
    monkeypatch.setattr(machine, "_has_pip", lambda python: True)
    monkeypatch.setattr(machine, "run", lambda command, **_: commands.append(command))
    return commands


def test_locked_packages_are_installed_again_only_when_the_lock_changes(environment, tmp_path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    machine.ensure_environment([lock])
    machine.ensure_environment([lock])
    assert len(environment) == 1
    assert "--no-deps" in environment[0]
    lock.write_text("a==2\n", encoding="utf-8")
    machine.ensure_environment([lock])
    assert len(environment) == 2


def test_line_ends_do_not_make_a_lock_another(environment, tmp_path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_bytes(b"a==1\nb==2\n")
    machine.ensure_environment([lock])
    lock.write_bytes(b"a==1\r\nb==2\r\n")
    machine.ensure_environment([lock])
    assert len(environment) == 1


def test_a_failed_installation_is_tried_again_the_next_time(environment, tmp_path, monkeypatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n", encoding="utf-8")

    def fail(command: list[str], **_: object) -> None:
        raise machine.SetupError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(machine, "run", fail)
        with pytest.raises(machine.SetupError):
            machine.ensure_environment([lock])
    machine.ensure_environment([lock])
    assert len(environment) == 1


def test_a_command_that_fails_is_named_with_its_status() -> None:
    with pytest.raises(machine.SetupError, match="status 3"):
        machine.run([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(machine.SetupError, match="Could not start"):
        machine.run(["no-such-program-here"])


def test_the_locked_pip_command_starts_no_resolver(environment, tmp_path) -> None:
    lock = tmp_path / "requirements-dev.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    machine.ensure_environment([lock])
    assert environment[0][-2:] == ["-r", str(lock)]
    assert not any("index" in word or "://" in word for word in environment[0])


def test_a_missing_stamp_or_a_damaged_one_counts_as_nothing_installed(environment, tmp_path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1\n", encoding="utf-8")
    (tmp_path / "locked.json").write_text("[not json", encoding="utf-8")
    machine.ensure_environment([lock])
    assert len(environment) == 1


def test_the_two_commands_start_on_a_python_without_any_package() -> None:
    command = [sys.executable, "-I", "-S", str(machine.ROOT / "installer" / "dev.py"), "--help"]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    assert "installer/dev.py test [--full]" in ended.stdout
