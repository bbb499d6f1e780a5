"""How far this machine's journal has come, noted beside the device's keys, so that an older register file is noticed.

Invariant: a (device, generation, sequence) is never given twice, whatever file people put into the data folder: a
register that lags behind the note begins a generation that was never used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Journal, get_meta, set_meta
from desktop_app.models.types import Uid

NOTE_FILE = "journal.json"


@dataclass(frozen=True, order=True)
class Reached:
    """The newest operation of a device: its generation and its sequence in it."""

    generation: int = 0
    sequence: int = 0


def reached(connection: Connection, device: Uid) -> Reached:
    """How far a file's journal has come for a device."""
    row = connection.exec_driver_sql(
        "SELECT generation, max(sequence) FROM operation WHERE device = ? AND generation > 0 GROUP BY generation "
        "ORDER BY generation DESC LIMIT 1",
        (bytes.fromhex(device),),
    ).first()
    stored = int(get_meta(connection, "generation") or 0)
    newest = Reached(*row) if row else Reached()
    return newest if newest.generation >= stored else Reached(stored, 0)


def read_note(folder: Path, device: Uid) -> Reached:
    """What was noted last for this device; nothing when the note is missing or unreadable."""
    try:
        content = json.loads((folder / NOTE_FILE).read_text(encoding="utf-8"))
        if content["device"] == device:
            return Reached(int(content["generation"]), int(content["sequence"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Reached()


def write_note(folder: Path, device: Uid, mark: Reached) -> None:
    """Note a mark unless a later one stands there; a folder that cannot be written changes nothing."""
    if mark <= read_note(folder, device):
        return
    part = folder / (NOTE_FILE + ".part")
    content = {"device": device, "generation": mark.generation, "sequence": mark.sequence}
    try:
        part.write_text(json.dumps(content), encoding="utf-8")
        part.replace(folder / NOTE_FILE)
    except OSError:
        part.unlink(missing_ok=True)


def guard(folder: Path, journal: Journal) -> bool:
    """Begin a new generation where the register lags behind what this machine has already done.

    Returns:
        Whether the file was an older one.
    """
    noted = read_note(folder, journal.device)
    with journal.database.read() as connection:
        held = reached(connection, journal.device)
    if held >= noted:
        return False
    begin_generation(folder, journal, noted)
    return True


def begin_generation(folder: Path, journal: Journal, after: Reached) -> None:
    """Begin a generation that is newer than all that is known of this device."""
    journal.start_generation()
    with journal.database.write() as connection:
        chosen = max(int(get_meta(connection, "generation") or 1), after.generation + 1)
        set_meta(connection, "generation", chosen)
    write_note(folder, journal.device, Reached(chosen, 0))
