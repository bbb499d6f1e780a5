"""The lock files: complete, exact, and nothing but names, versions and systems."""

from __future__ import annotations

import importlib.metadata
import re
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer import lock
from installer.machine import DEV_LOCK, RUNTIME_LOCK, SUPPORTED
from installer.wine.windows_python import windows_pins

PIN = re.compile(r'[a-z0-9-]+==[0-9][0-9a-z.]*( ; sys_platform == "(linux|win32)")?')


def pins() -> dict[str, tuple[str, str]]:
    both = RUNTIME_LOCK.read_text(encoding="utf-8") + DEV_LOCK.read_text(encoding="utf-8")
    return lock.read_lock(both)


def locked_for(system: str) -> set[str]:
    return {name for name, (_, only) in pins().items() if only in ("", system)}


@pytest.mark.parametrize("path", [RUNTIME_LOCK, DEV_LOCK], ids=["runtime", "dev"])
def test_a_lock_holds_exact_pins_and_no_addresses(path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("system", lock.SYSTEMS)
def test_the_locks_hold_all_that_each_system_needs(system: str) -> None:
    program, development = lock.declared()
    assert lock.closure(program + development, system) - locked_for(system) == set()


@pytest.mark.parametrize("system", lock.SYSTEMS)
def test_the_program_runs_on_the_runtime_lock_alone(system: str) -> None:
    program, _ = lock.declared()
    runtime = lock.read_lock(RUNTIME_LOCK.read_text(encoding="utf-8"))
    assert (
        lock.closure(program, system) - {name for name, (_, only) in runtime.items() if only in ("", system)} == set()
    )


def test_nothing_is_locked_that_nothing_needs() -> None:
    program, development = lock.declared()
    needed = set().union(*(lock.closure(program + development, system) for system in lock.SYSTEMS))
    assert set(pins()) - needed == set()


def test_each_pin_is_within_what_the_project_declares() -> None:
    program, development = lock.declared()
    versions = pins()
    for text in program + development:
        requirement = Requirement(text)
        version = versions[canonicalize_name(requirement.name)][0]
        assert requirement.specifier.contains(version, prereleases=True), text


def test_the_tests_run_on_the_locked_versions() -> None:
    system = "win32" if sys.platform == "win32" else "linux"
    different = {
        name: (version, importlib.metadata.version(name))
        for name, (version, only) in pins().items()
        if only in ("", system) and importlib.metadata.version(name) != version
    }
    assert different == {}


def test_supported_pythons_are_those_the_project_declares() -> None:
    text = (RUNTIME_LOCK.parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    lowest, beyond = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text).groups()
    assert list(SUPPORTED) == [(3, minor) for minor in range(int(lowest), int(beyond))]


def test_windows_pins_leave_out_what_linux_alone_needs() -> None:
    text = '# head\na==1\nb==2 ; sys_platform == "win32"\nc==3 ; sys_platform == "linux"\n'
    assert windows_pins(text) == ["a==1", "b==2"]
