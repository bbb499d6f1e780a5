"""Which removable drives are plugged in, per system, so that a backup can be offered to them.

Invariant: finding drives writes nothing; the finding itself is pure over what the system tells.
"""

from __future__ import annotations

import os
import re
import shutil
import string
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

DRIVE_REMOVABLE = 2
"""GetDriveTypeW's answer for a stick or card."""

SEM_FAILCRITICALERRORS = 1
"""Windows then answers with an error where it would ask the person to put a card into an empty reader."""

REMOVABLE_MOUNTS = ("/media/", "/run/media/")
SYSTEM_KINDS = frozenset({"tmpfs", "overlay", "squashfs", "iso9660", "udf", "proc", "sysfs", "devtmpfs", "autofs"})


@dataclass(frozen=True)
class Drive:
    """A removable drive.

    Attributes:
        path: its root.
        name: what people call it.
        free: bytes that are free; 0 when it cannot be asked.
    """

    path: Path
    name: str
    free: int


def removable_drives() -> tuple[Drive, ...]:
    """The sticks that are in now; empty where the system does not tell."""
    if sys.platform == "win32":
        roots = _windows_roots()
    else:
        try:
            roots = linux_mounts(Path("/proc/mounts").read_text(encoding="utf-8", errors="replace"))
        except OSError:
            roots = []
    return drives_at(roots)


def drives_at(roots: Iterable[Path], free: Callable[[Path], int] | None = None) -> tuple[Drive, ...]:
    """Drives with a name and their free space; one that cannot be read (an empty card reader) is left out."""
    ask = free or (lambda path: shutil.disk_usage(path).free)
    found = []
    for root in roots:
        try:
            found.append(Drive(root, _name_of(root), ask(root)))
        except OSError:
            continue
    return tuple(found)


def linux_mounts(mounts: str) -> list[Path]:
    """Mount points of removable media in the text of /proc/mounts, in its order."""
    found = []
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3 or parts[2] in SYSTEM_KINDS:
            continue
        place = re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), parts[1])
        if place.startswith(REMOVABLE_MOUNTS):
            found.append(Path(place))
    return found


def windows_letters(mask: int, kind_of: Callable[[str], int]) -> list[str]:
    """Roots ("E:\\\\") of removable drives.

    Args:
        mask: GetLogicalDrives' answer: bit 0 is A.
        kind_of: GetDriveTypeW of a root.
    """
    roots = [f"{letter}:\\" for place, letter in enumerate(string.ascii_uppercase) if mask >> place & 1]
    return [root for root in roots if root[0] not in "AB" and kind_of(root) == DRIVE_REMOVABLE]


def _windows_roots() -> list[Path]:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # exists on Windows only
    kernel.SetErrorMode(SEM_FAILCRITICALERRORS)
    return [Path(root) for root in windows_letters(kernel.GetLogicalDrives(), kernel.GetDriveTypeW)]


def _name_of(root: Path) -> str:
    return root.name or str(root).rstrip("\\/" + os.sep)
