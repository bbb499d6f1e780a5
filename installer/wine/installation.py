"""Tries the Windows setup program under Wine: install silently, run what was installed, install over it, remove it.

The person's data must outlive the program, and nothing else may be left.
"""

from __future__ import annotations

import time
from pathlib import Path

from installer import machine, setup_exe, smoke
from installer.wine.rig import Rig

TIMEOUT = 300
TITLE = "Sổ Học Tập"
READ_NAME = r"""
import winreg
try:
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER,
                        r"Software\Microsoft\Windows\CurrentVersion\Uninstall\SoHocTap") as key:
        print(winreg.QueryValueEx(key, "DisplayName")[0])
except FileNotFoundError:
    print()
"""
REMOVAL_SECONDS = 60


class Installation:
    """Where the setup program puts things in the prefix of a rig."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        (self.user,) = (path for path in (rig.prefix / "drive_c/users").iterdir() if path.name != "Public")
        self.folder = self.user / "AppData/Local/Programs/SoHocTap"
        self.stale = self.folder / "_internal" / "left_from_an_older_version.dll"
        self.data = self.user / "AppData/Local/sohoctap/data.txt"
        programs = self.user / "AppData/Roaming/Microsoft/Windows/Start Menu/Programs"
        self.shortcuts = [programs / f"{TITLE}.lnk", self.user / f"Desktop/{TITLE}.lnk"]

    def start(self, program: Path, *words: str) -> int:
        """Run a Windows program on the virtual screen and return its exit status."""
        command = self.rig.on_screen([*self.rig.wine(str(program)), *words])
        return self.rig.run(command, TIMEOUT, quiet=True).returncode

    def shown_name(self) -> str:
        """What Windows' list of programs calls it; empty when it is not listed. Read by the Windows Python."""
        ended = self.rig.run([*self.rig.wine(str(self.rig.python)), "-c", READ_NAME], TIMEOUT, quiet=True)
        return ended.stdout.decode("utf-8", "replace").strip()

    def remaining(self) -> list[Path]:
        """What of the program is still there."""
        return [path for path in (self.folder, *self.shortcuts) if path.exists()]


def try_setup(rig: Rig, program_folder: Path) -> list[str]:
    """Make the setup program and go through its life; returns what is wrong, one sentence each."""
    setup = rig.folder / "setup" / "SoHocTap-Setup.exe"
    setup_exe.make_setup(program_folder, setup, quick=True)
    installed = Installation(rig)
    problems = _install(installed, setup)
    if problems:
        return problems
    program = installed.folder / "sohoctap.exe"
    problems = smoke.try_program(
        rig.on_screen(rig.wine(str(program))),
        rig.folder / "setup" / "demo",
        runner=lambda words: rig.run(words, smoke.TIMEOUT, quiet=True),
        as_seen=rig.path,
    )
    installed.stale.write_bytes(b"old")
    problems += _install(installed, setup)
    if installed.stale.exists():
        problems.append("installing over an older version left its files")
    return problems + _remove(installed)


def _install(installed: Installation, setup: Path) -> list[str]:
    code = installed.start(setup, "/S")
    if code:
        return [f"the setup program ended with status {code}"]
    wanted = [installed.folder / "sohoctap.exe", installed.folder / "sohoctapw.exe", *installed.shortcuts]
    problems = [f"the setup program left no {path.name}" for path in wanted if not path.exists()]
    if installed.shown_name() != TITLE:
        problems.append("Windows' list of programs does not show the name")
    return problems


def _remove(installed: Installation) -> list[str]:
    """Remove the program; its remover returns at once and finishes later, as on Windows."""
    installed.data.parent.mkdir(parents=True, exist_ok=True)
    installed.data.write_text("dữ liệu", encoding="utf-8")
    code = installed.start(installed.folder / "Uninstall.exe", "/S")
    deadline = time.monotonic() + REMOVAL_SECONDS
    while installed.remaining() and time.monotonic() < deadline:
        time.sleep(0.5)
    problems = [f"removing the program ended with status {code}"] if code else []
    problems += [f"removing the program left {path.name}" for path in installed.remaining()]
    if installed.shown_name():
        problems.append("removing the program left it in Windows' list")
    if not installed.data.exists():
        problems.append("removing the program took the person's data along")
    installed.data.unlink(missing_ok=True)
    return problems


def built_program(rig: Rig) -> Path:
    """The program folder that was built under Wine; raises SetupError when there is none."""
    folder = rig.folder / "program" / "sohoctap"
    if not (folder / "sohoctap.exe").exists():
        raise machine.SetupError("Build the program first: python -m installer.wine build")
    return folder
