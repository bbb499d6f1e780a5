"""Writes the lock files from what .venv holds: every needed package once, pinned, with the systems that need it.

The locks name packages and versions only; where they come from is the machine's own setting. They are complete, so
they are installed without resolving. Usage: ``python -m installer.lock`` in .venv after changing pyproject.toml.
"""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installer.machine import DEV_LOCK, ROOT, RUNTIME_LOCK, SUPPORTED

SYSTEMS = ("linux", "win32")
HEAD = "# {what}; written by installer/lock.py from pyproject.toml, complete, installed without resolving.\n"


def environments(system: str) -> list[dict[str, str]]:
    """The marker environments of one system, one for each supported Python."""
    names = {"linux": ("Linux", "posix"), "win32": ("Windows", "nt")}
    platform, os_name = names[system]
    return [
        {
            "sys_platform": system,
            "platform_system": platform,
            "os_name": os_name,
            "platform_machine": "x86_64" if system == "linux" else "AMD64",
            "python_version": f"{major}.{minor}",
            "python_full_version": f"{major}.{minor}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        for major, minor in SUPPORTED
    ]


def declared() -> tuple[list[str], list[str]]:
    """Requirements of the program and of its development, as pyproject.toml states them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["dependencies"], project["dependency-groups"]["dev"]


def closure(requirements: list[str], system: str) -> set[str]:
    """Canonical names of all that the requirements need on a system, by the installed packages' own metadata."""
    found: set[str] = set()
    queue = [Requirement(text) for text in requirements]
    while queue:
        requirement = queue.pop()
        name = canonicalize_name(requirement.name)
        key = f"{name}[{','.join(sorted(requirement.extras))}]"
        if key in found:
            continue
        found.add(key)
        queue += [each for each in _needs(name) if _applies(each, system, requirement.extras)]
    return {key.split("[")[0] for key in found}


def _needs(name: str) -> list[Requirement]:
    try:
        return [Requirement(text) for text in importlib.metadata.requires(name) or []]
    except importlib.metadata.PackageNotFoundError:
        return []


def _applies(requirement: Requirement, system: str, extras: set[str]) -> bool:
    if requirement.marker is None:
        return True
    marker = requirement.marker
    return any(marker.evaluate({**env, "extra": extra}) for env in environments(system) for extra in ("", *extras))


def read_lock(text: str) -> dict[str, tuple[str, str]]:
    """Pins of a lock file: canonical name → (version, system that alone needs it, or "")."""
    pins: dict[str, tuple[str, str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            (version,) = (specifier.version for specifier in requirement.specifier)
            system = str(requirement.marker).split('"')[1] if requirement.marker else ""
            pins[canonicalize_name(requirement.name)] = (version, system)
    return pins


def version_of(name: str) -> str:
    """Installed version, or the newest that pip would choose for a package of the other system."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--dry-run", "--no-deps", "--report", "-", name]
        report = json.loads(subprocess.run(pip, check=True, capture_output=True, text=True).stdout)
        return str(report["install"][0]["metadata"]["version"])


def lock_text(names_by_system: dict[str, set[str]], what: str) -> str:
    """The text of a lock file for the names that each system needs."""
    lines = []
    for name in sorted(set().union(*names_by_system.values())):
        systems = [system for system in SYSTEMS if name in names_by_system[system]]
        marker = "" if len(systems) == len(SYSTEMS) else f' ; sys_platform == "{systems[0]}"'
        lines.append(f"{name}=={version_of(name)}{marker}")
    return HEAD.format(what=what) + "\n".join(lines) + "\n"


def main() -> None:
    """Write both locks."""
    program, development = declared()
    runtime = {system: closure(program, system) for system in SYSTEMS}
    dev = {system: closure(program + development, system) - runtime[system] for system in SYSTEMS}
    RUNTIME_LOCK.write_text(lock_text(runtime, "What the program runs on"), encoding="utf-8", newline="\n")
    DEV_LOCK.write_text(lock_text(dev, "What its development needs besides"), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
