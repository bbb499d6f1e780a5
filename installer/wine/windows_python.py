"""Makes a Windows Python with all locked packages out of wheels, for running under Wine only.

The panda3d wheel carries the official Windows runtime for cross-building: the DLLs come from there, the standard
library from this machine's Python of the same minor version, and python.exe and python3.dll are compiled here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from installer import machine
from installer.wine import exports

RUNTIME_WHEEL = "panda3d==1.10.16"
COMPILER = "x86_64-w64-mingw32-gcc"
LINKER_TOOL = "x86_64-w64-mingw32-dlltool"
STUBS = Path(__file__).resolve().parent / "stubs"
NOT_COPIED = ("__pycache__", "lib-dynload", "test", "idlelib", "site-packages", "dist-packages", "config-*",
              "_sysconfigdata*", "ensurepip", "turtledemo")  # fmt: skip


def source_python() -> list[str]:
    """A Python of this machine whose standard library fits a Windows runtime; 3.11 or 3.12 were tried."""
    if sys.version_info[:2] in ((3, 11), (3, 12)):
        return [sys.executable]
    for name in ("python3.12", "python3.11"):
        path = shutil.which(name)
        if path and machine.python_version([path]) is not None:
            return [path]
    return [sys.executable]


def build(folder: Path) -> None:
    """Make the Windows Python in ``folder``, which must not exist."""
    source = source_python()
    major, minor = machine.python_version(source) or machine.SUPPORTED[0]
    dll = f"python{major}{minor}"
    (folder / "DLLs").mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        _lay_runtime(folder, work, f"{major}.{minor}", dll)
        _lay_standard_library(folder, source)
        _compile_programs(folder, work, dll)
        _install_packages(folder, work, f"{major}.{minor}")
    for name in ("vcruntime140.dll", "vcruntime140_1.dll"):
        shutil.copy(folder / "Lib/site-packages/PySide6" / name, folder / name)


def _pip_for_windows(command: str, version: str) -> list[str]:
    pip = [sys.executable, "-m", "pip", command, "-qq", "--disable-pip-version-check", "--no-deps"]
    where = ["--platform", "win_amd64", "--implementation", "cp", "--python-version", version]
    return [*pip, *where, "--only-binary=:all:"]


def _lay_runtime(folder: Path, work: Path, version: str, dll: str) -> None:
    """The official DLLs; without _wmi, which crashes Wine, and without the wheel's old C runtime."""
    machine.run([*_pip_for_windows("download", version), "-d", str(work), RUNTIME_WHEEL])
    (wheel,) = work.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            name = entry.rpartition("/")[2]
            is_runtime = entry.startswith("deploy_libs/") and name
            if is_runtime and not name.lower().startswith(("api-ms", "vcruntime", "_wmi")):
                target = folder / name if name == f"{dll}.dll" else folder / "DLLs" / name
                target.write_bytes(archive.read(entry))


def _lay_standard_library(folder: Path, source: list[str]) -> None:
    script = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    library = subprocess.run([*source, "-c", script], check=True, capture_output=True, text=True).stdout.strip()
    shutil.copytree(library, folder / "Lib", ignore=shutil.ignore_patterns(*NOT_COPIED))
    (folder / "Lib/site-packages").mkdir()


def _compile_programs(folder: Path, work: Path, dll: str) -> None:
    """python.exe, python3.dll (PySide6 asks for it; it hands on to the real one) and Wine's missing DLLs."""
    names = exports.read_exports(folder / f"{dll}.dll")
    (work / "import.def").write_text(exports.import_definition(dll, names), encoding="ascii")
    (work / "python3.def").write_text(exports.forwarding_definition("python3", dll, names), encoding="ascii")
    here = {"cwd": work}
    machine.run([LINKER_TOOL, "-d", "import.def", "-l", f"lib{dll}.a"], **here)
    program = ["-O2", "-s", "-municode", "-o", str(folder / "python.exe")]
    machine.run([COMPILER, *program, str(STUBS / "python.c"), "-L.", f"-l{dll}"], **here)
    forwarder = ["-shared", "-nostdlib", "-s", "-o", str(folder / "python3.dll"), "python3.def", "-Wl,-e,0"]
    machine.run([COMPILER, *forwarder], **here)
    (folder / "stubs").mkdir()
    for source in sorted(STUBS.glob("*.c")):
        if source.stem != "python":
            stub = ["-shared", "-O2", "-s", "-o", str(folder / "stubs" / f"{source.stem}.dll"), str(source)]
            machine.run([COMPILER, *stub, "-ladvapi32"], **here)


def _install_packages(folder: Path, work: Path, version: str) -> None:
    """All locked packages as Windows wheels; pip on Linux would judge markers for Linux, so they are judged here."""
    pins = []
    for lock in (machine.RUNTIME_LOCK, machine.DEV_LOCK):
        pins += windows_pins(lock.read_text(encoding="utf-8"))
    requirements = work / "windows.txt"
    requirements.write_text("\n".join(pins) + "\n", encoding="utf-8")
    target = ["--target", str(folder / "Lib/site-packages"), "-r", str(requirements)]
    machine.run([*_pip_for_windows("install", version), *target])


def windows_pins(lock: str) -> list[str]:
    """The pins of a lock file that hold on Windows, without their markers."""
    pins = []
    for line in lock.splitlines():
        pin, _, marker = line.partition(";")
        if pin.strip() and not pin.startswith("#") and (not marker or '"win32"' in marker):
            pins.append(pin.strip())
    return pins
