"""What a development machine must have: a Python, .venv, the locked packages, Qt's system libraries.

Standard library only, and readable by older Pythons, so that it can say plainly what is missing. Everything is
looked at first and changed only where something is missing; nothing is asked.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "locked.json"
RUNTIME_LOCK = ROOT / "installer" / "requirements.lock"
DEV_LOCK = ROOT / "installer" / "requirements-dev.lock"
SUPPORTED = ((3, 11), (3, 12), (3, 13))
"""Python versions that the locked packages have wheels for; the same range as in pyproject.toml."""

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Libraries that Qt loads and its wheels do not carry, with the Debian packages that have them."""


class SetupError(Exception):
    """The machine cannot be set up; the text says what is missing and the command that mends it."""


def say(text: str) -> None:
    """Print one line about the set-up, apart from the output of the tools that are run."""
    print(f"[dev] {text}", file=sys.stderr, flush=True)


def use_utf8_console() -> None:
    """Let Vietnamese text through to consoles and pipes whose own encoding lacks its letters."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")


def run(command: list[str], **options: object) -> None:
    """Run a command of the set-up; raises SetupError with the command when it fails."""
    sys.stdout.flush()
    try:
        code = subprocess.run(command, **options).returncode  # type: ignore[call-overload]
    except OSError as error:
        raise SetupError(f"Could not start {command[0]}: {error}") from error
    if code:
        raise SetupError(f"This command failed with status {code}: {' '.join(command)}")


def is_debian() -> bool:
    """Whether packages can come from apt here (Debian, Ubuntu and their kin)."""
    return sys.platform == "linux" and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def apt_install(packages: list[str], why: str) -> None:
    """Install Debian packages as root or through ``sudo -n``; raises SetupError naming the command otherwise."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    prefix = _root_prefix()
    if prefix is None:
        raise SetupError(f"{why} Run this once and try again:\n    sudo {' '.join(command)}")
    say(f"{why} Installing: {' '.join(packages)}")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    run([*prefix, "apt-get", "update", "-q"], **quiet)
    run([*prefix, *command[:2], "-q", *command[2:]], **quiet)


def _root_prefix() -> list[str] | None:
    """The words before a command that needs root; None where root cannot be had without asking."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def ensure_qt_libraries() -> None:
    """Install what Qt loads from the system; on other systems than Debian nothing is done or asked."""
    if not is_debian():
        return
    missing = [package for library, package in QT_LIBRARIES.items() if not has_library(library)]
    if missing:
        apt_install(missing, "Qt needs system libraries that are not here.")


def ensure_full_tools() -> None:
    """Programs that only the full check needs: ``age``, which opens a package independently of ours."""
    if is_debian() and shutil.which("age") is None:
        apt_install(["age"], "The full check opens packages with an independent tool.")


def has_library(name: str) -> bool:
    """Whether the dynamic loader finds a shared library by its soname."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def python_version(command: list[str]) -> tuple[int, int] | None:
    """Version of a Python started by ``command``; None when it does not start."""
    script = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([*command, "-c", script], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    numbers = answer.stdout.split()
    return (int(numbers[0]), int(numbers[1])) if answer.returncode == 0 and len(numbers) == 2 else None


def find_python() -> list[str]:
    """The command of a supported Python: the running one, else another that is installed or that apt has."""
    if sys.version_info[:2] in SUPPORTED:
        return [sys.executable]
    wanted = ", ".join(f"{major}.{minor}" for major, minor in SUPPORTED)
    running = ".".join(map(str, sys.version_info[:2]))
    say(f"The running Python is {running}; the program needs one of {wanted}. Looking for another.")
    for command in _other_pythons():
        if python_version(command) in SUPPORTED:
            say(f"Using {' '.join(command)}.")
            return command
    if is_debian():
        for version in ("3.12", "3.13", "3.11"):
            known = subprocess.run(["apt-cache", "show", f"python{version}-venv"], capture_output=True)
            if known.returncode == 0:
                apt_install([f"python{version}", f"python{version}-venv"], "A supported Python is needed.")
                return [f"python{version}"]
    raise SetupError(f"No supported Python was found. Install Python 3.12 (any of {wanted} will do) and try again.")


def _other_pythons() -> list[list[str]]:
    names = [f"{major}.{minor}" for major, minor in reversed(SUPPORTED)]
    if sys.platform == "win32":
        return [["py", f"-{name}"] for name in names] + [["python"]]
    return [[path] for path in (shutil.which(f"python{name}") for name in names) if path]


def venv_python() -> Path:
    """Where the environment's Python is or will be."""
    return VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def venv_script(name: str) -> Path:
    """Where a program that a package installed is, such as lint-imports."""
    return venv_python().with_name(name + (".exe" if sys.platform == "win32" else ""))


def ensure_environment(locks: list[Path]) -> Path:
    """Make .venv where it is missing or broken and install the locks that changed; returns its Python."""
    python = venv_python()
    stale = _stale(locks)
    if python_version([str(python)]) not in SUPPORTED or (stale and not _has_pip(python)):
        _make_venv()
        stale = locks
    if stale:
        say("Installing the locked packages: " + ", ".join(lock.name for lock in stale))
        arguments = [part for lock in stale for part in ("-r", str(lock))]
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-qq", "--no-deps"]
        run([*pip, *arguments])
        recorded = {**_read_stamp(), **{lock.name: digest(lock) for lock in stale}}
        STAMP.write_text(json.dumps(recorded, indent=1), encoding="utf-8")
    return python


def _stale(locks: list[Path]) -> list[Path]:
    recorded = _read_stamp()
    return [lock for lock in locks if recorded.get(lock.name) != digest(lock)]


def _has_pip(python: Path) -> bool:
    return subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode == 0


def _make_venv() -> None:
    """Make .venv anew; on Debian the package that holds ensurepip is installed first where it is missing."""
    command = find_python()
    if is_debian() and subprocess.run([*command, "-c", "import ensurepip"], capture_output=True).returncode:
        version = python_version(command) or SUPPORTED[0]
        apt_install([f"python{version[0]}.{version[1]}-venv"], "This Python cannot make environments yet.")
    say(f"Making the environment {VENV.name} with {' '.join(command)}")
    run([*command, "-m", "venv", "--clear", str(VENV)])


def _read_stamp() -> dict[str, str]:
    try:
        recorded = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return recorded if isinstance(recorded, dict) else {}


def digest(lock: Path) -> str:
    """Fingerprint of a lock file; line ends do not count."""
    return hashlib.sha256(lock.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def has_display() -> bool:
    """Whether a window could be seen: always on Windows and macOS, on Linux where a display server is named."""
    if os.environ.get("QT_QPA_PLATFORM", "") in ("offscreen", "minimal"):
        return False
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
