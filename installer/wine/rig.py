"""One Wine prefix with one Windows Python in it, made when needed and kept until a lock or this rig changes.

Everything lies in one folder (build/wine, or SOHOCTAP_WINE_CACHE) with its own home, so that nothing outside it,
the user's desktop least of all, is touched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from installer import machine
from installer.wine import windows_python

HERE = Path(__file__).resolve().parent
PROGRAMS = {
    "wine": "wine wine64",
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-win32",
    "Xvfb": "xvfb",
    "xauth": "xauth",
}
"""Programs of the rig and the Debian packages that have them."""


def default_folder() -> Path:
    """Where the rig lies unless the environment says another place."""
    return Path(os.environ.get("SOHOCTAP_WINE_CACHE") or machine.ROOT / "build" / "wine").resolve()


@dataclass
class Rig:
    """The Windows Python and the prefix below one folder."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "python" / "python.exe"

    @property
    def prefix(self) -> Path:
        return self.folder / "prefix"

    def environment(self, **more: str) -> dict[str, str]:
        """Variables for Wine: its prefix, a home of its own, UTF-8 names, and no Linux Python's settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        kept.pop("DISPLAY", None)
        own = {
            "WINEPREFIX": str(self.prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "winemenubuilder.exe=d;mscoree=d;mshtml=d",
            "HOME": str(self.folder / "home"),
            "LC_ALL": "C.UTF-8",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONPYCACHEPREFIX": "C:\\pycache",
        }
        return {**kept, **own, **more}

    def ensure(self) -> None:
        """Make what is missing or outdated; a half-made part is made anew."""
        missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
        if missing:
            if not machine.is_debian():
                raise machine.SetupError("The Windows checks need Wine, mingw-w64 and Xvfb: " + ", ".join(missing))
            machine.apt_install(" ".join(missing).split(), "The Windows checks need tools that are not here.")
        (self.folder / "home").mkdir(parents=True, exist_ok=True)
        self._ensure_part("python", _python_digest(), self._make_python)
        self._ensure_part("prefix", _prefix_digest(), self._make_prefix)

    def _ensure_part(self, name: str, digest: str, make: object) -> None:
        stamp = self.folder / f"{name}.made"
        if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            return
        machine.say(f"Making the {name} for Wine (once).")
        stamp.unlink(missing_ok=True)
        shutil.rmtree(self.folder / name, ignore_errors=True)
        assert callable(make)
        make()
        stamp.write_text(digest, encoding="ascii")

    def _make_python(self) -> None:
        windows_python.build(self.folder / "python")

    def _make_prefix(self) -> None:
        self.run(["wineboot", "-u"], timeout=300, quiet=True)
        registry = [*self.wine("regedit"), "/S", self.path(HERE / "prefix.reg")]
        self.run(registry, timeout=120, quiet=True)
        self.stop()
        windows = self.prefix / "drive_c" / "windows"
        if not (windows / "system32").is_dir():
            raise machine.SetupError(f"Wine could not make its prefix in {self.prefix}")
        for stub in (self.folder / "python" / "stubs").glob("*.dll"):
            shutil.copy(stub, windows / "system32")
        for font in (machine.ROOT / "resources" / "fonts").glob("*.ttf"):
            shutil.copy(font, windows / "Fonts")
        for link in (self.prefix / "drive_c" / "users").glob("*/*"):
            if link.is_symlink():
                link.unlink()
                link.mkdir()

    @staticmethod
    def wine(program: str) -> list[str]:
        """The command that starts a Windows program."""
        return ["wine", program]

    @staticmethod
    def path(path: Path) -> str:
        """A path of this machine as Windows programs see it."""
        return "Z:" + str(path.resolve()).replace("/", "\\")

    def on_screen(self, command: list[str]) -> list[str]:
        """The command with a virtual screen of the size the program is designed for."""
        return ["xvfb-run", "-a", "-s", "-screen 0 1366x768x24", *command]

    def run(
        self, command: list[str], timeout: float, quiet: bool = False, **variables: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command of Wine and show its output as it comes.

        Output always goes through pipes: a Python under Wine dies when it is handed a plain file. A command that
        lasts longer than ``timeout`` seconds is ended with all that runs in the prefix, with status 124.
        """
        process = subprocess.Popen(
            command,
            cwd=machine.ROOT,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        kept: dict[str, bytearray] = {"out": bytearray(), "err": bytearray()}
        readers = [
            threading.Thread(target=_pump, args=(stream, kept[name], quiet), daemon=True)
            for name, stream in (("out", process.stdout), ("err", process.stderr))
        ]
        for reader in readers:
            reader.start()
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            machine.say(f"Not finished after {timeout:.0f} s: {' '.join(command)}")
            os.killpg(process.pid, signal.SIGKILL)
            self.stop()
            code = 124
        for reader in readers:
            reader.join(timeout=20)
        return subprocess.CompletedProcess(command, code, bytes(kept["out"]), bytes(kept["err"]))

    def stop(self) -> None:
        """End all that runs in the prefix, and nothing elsewhere."""
        environment = self.environment()
        subprocess.run(["wineserver", "-k"], env=environment, capture_output=True)
        subprocess.run(["wineserver", "-w"], env=environment, capture_output=True)


def _pump(stream: object, kept: bytearray, quiet: bool) -> None:
    for line in stream:  # type: ignore[attr-defined]
        kept += line
        if not quiet:
            sys.stdout.write(line.decode("utf-8", "replace").replace("\r\n", "\n"))
            sys.stdout.flush()


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _python_digest() -> str:
    sources = [machine.RUNTIME_LOCK, machine.DEV_LOCK, HERE / "windows_python.py", *sorted((HERE / "stubs").glob("*"))]
    return _digest(repr(sys.version_info[:2]).encode(), *(path.read_bytes() for path in sources))


def _prefix_digest() -> str:
    sources = [HERE / "prefix.reg", *sorted((HERE / "stubs").glob("*"))]
    return _digest(*(path.read_bytes() for path in sources))
