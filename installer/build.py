"""Builds the program folder with PyInstaller, on Linux or Windows alike, and with ``--smoke`` tries what it built.

Usage: ``python -m installer.build [--smoke] [--out FOLDER]`` in .venv. A folder, not one file: one file starts in
15 to 20 seconds and alarms antivirus programs.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from installer import machine, smoke

SPEC = machine.ROOT / "installer" / "sohoctap.spec"
OUT = machine.ROOT / "build" / "program"


def ensure_build_tools() -> None:
    """Install what PyInstaller needs of a Debian system: objdump, and the shared library of its own Python."""
    if not machine.is_debian():
        return
    missing = [] if shutil.which("objdump") else ["binutils"]
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    is_system_python = Path(sys.base_prefix) == Path("/usr")
    if is_system_python and not machine.has_library(f"libpython{version}.so.1.0"):
        missing.append(f"libpython{version}")
    elif not is_system_python and not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        machine.say("This Python was built without its shared library; PyInstaller may refuse it.")
    if missing:
        machine.apt_install(missing, "PyInstaller needs tools that are not here.")


def pyinstaller_command(python: list[str], out: str, work: str, spec: str) -> list[str]:
    """The command that builds the folder; the paths are in the words of the system that runs it."""
    command = [*python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    return [*command, "--distpath", out, "--workpath", work, spec]


def build(out: Path = OUT) -> Path:
    """Build into ``out`` and return the program; raises SetupError when PyInstaller fails."""
    ensure_build_tools()
    shutil.rmtree(out, ignore_errors=True)
    work = out.with_name(out.name + "-work")
    machine.run(pyinstaller_command([sys.executable], str(out), str(work), str(SPEC)), cwd=machine.ROOT)
    program = out / "sohoctap" / ("sohoctap.exe" if sys.platform == "win32" else "sohoctap")
    if not program.exists():
        raise machine.SetupError(f"PyInstaller ended well but left no {program}")
    return program


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    """Build, and try it where asked; returns the exit status."""
    machine.use_utf8_console()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--smoke", action="store_true", help="run the built program's demo and check its files")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    try:
        program = build(options.out.resolve())
    except machine.SetupError as error:
        machine.say(str(error))
        return 1
    print(f"Built {program.parent}: {folder_size(program.parent) / 1e6:.0f} MB")
    if not options.smoke:
        return 0
    return smoke.report(smoke.try_program([str(program)], options.out.resolve() / "demo"))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
