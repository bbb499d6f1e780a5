"""Makes the Windows setup program from a built program folder with NSIS, which runs on Linux and Windows alike.

Usage: ``python -m installer.setup_exe PROGRAM_FOLDER --out FILE [--quick]`` in .venv; quick packs faster, not as small.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

from installer import machine

SCRIPT = machine.ROOT / "installer" / "sohoctap.nsi"
ICON = machine.ROOT / "resources" / "icons" / "app.ico"
DEBIAN_NSIS = Path("/usr/share/nsis")
LANGUAGE_FILES = ("Contrib/Language files/Vietnamese.nlf", "Contrib/Language files/Vietnamese.nsh")


def program_version() -> str:
    """The version that desktop_app states, without importing it."""
    text = (machine.ROOT / "desktop_app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "(\d+\.\d+\.\d+)"', text)
    if found is None:
        raise machine.SetupError("desktop_app/__init__.py states no version of three numbers")
    return found.group(1)


def composed_nsis(folder: Path) -> Path:
    """A copy of NSIS whose Vietnamese is composed; Debian's dialogs draw the marks beside the letters."""
    copy = folder / "nsis"
    shutil.copytree(DEBIAN_NSIS, copy)
    for name in LANGUAGE_FILES:
        path = copy / name
        path.write_text(unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")), encoding="utf-8-sig")
    return copy


def make_setup(program_folder: Path, out: Path, quick: bool = False) -> None:
    """Write the setup program ``out``; raises SetupError when NSIS is missing or fails."""
    if not shutil.which("makensis"):
        if not machine.is_debian():
            raise machine.SetupError("Making the setup program needs NSIS (makensis) on the path.")
        machine.apt_install(["nsis"], "Making the setup program needs NSIS.")
    defined = {
        "VERSION": program_version(),
        "SOURCE": str(program_folder.resolve()),
        "ICON": str(ICON),
        "OUT": str(out.resolve()),
        "COMPRESSOR": "zlib" if quick else "/SOLID lzma",
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        environment = dict(os.environ)
        if DEBIAN_NSIS.is_dir():
            environment["NSISDIR"] = str(composed_nsis(Path(scratch)))
        options = [f"-D{name}={value}" for name, value in defined.items()]
        machine.run(["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, str(SCRIPT)], env=environment)


def main() -> int:
    """Make the setup program named on the command line."""
    machine.use_utf8_console()
    parser = argparse.ArgumentParser()
    parser.add_argument("program_folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    try:
        make_setup(options.program_folder, options.out, options.quick)
    except (machine.SetupError, subprocess.SubprocessError) as error:
        machine.say(str(error))
        return 1
    print(f"Made {options.out}: {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
