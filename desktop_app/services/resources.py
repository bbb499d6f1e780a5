"""Where the shipped data files stand: beside the package in a checkout, in the bundle of a frozen build.

Resources are read only; nothing here opens or caches a file.
"""

from __future__ import annotations

import sys
from pathlib import Path


def resource_root() -> Path:
    """Folder that holds ``criteria``, ``reference``, ``fonts`` and the other shipped data.

    A PyInstaller build unpacks its data under ``sys._MEIPASS``; elsewhere it stands beside ``desktop_app``.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    base = Path(bundle) if bundle else Path(__file__).resolve().parents[2]
    return base / "resources"


def resource_path(*parts: str) -> Path:
    """Path of one shipped file or folder, e.g. ``resource_path("reference", "units_2025.csv")``.

    The path is not checked: who opens it says in words what is missing.
    """
    return resource_root().joinpath(*parts)
