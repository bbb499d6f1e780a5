"""What lies in a data folder, by name; imports nothing, so that the window can look before it loads anything."""

from __future__ import annotations

from pathlib import Path

REGISTER_FILE = "sohoctap.db"
EVIDENCE_FOLDER = "evidence"
BACKUP_FOLDER = "backups"
LOG_FOLDER = "logs"
SAMPLE_FOLDER = "xa-mau"
"""The sample commune: a data folder of its own inside the office's."""


def has_register(folder: Path) -> bool:
    """Whether the data folder holds a register (whole or damaged)."""
    path = folder / REGISTER_FILE
    return path.exists() and path.stat().st_size > 0


def default_folder() -> Path:
    """The data folder where none is named: in the local (not roaming) application data of this user."""
    import platformdirs

    return platformdirs.user_data_path("SoHocTap", appauthor=False, roaming=False)
