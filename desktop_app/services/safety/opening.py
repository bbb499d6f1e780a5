"""Opening a data folder's register with all that safety asks: a backup before an upgrade, a note of how far it came.

Invariant: an older file is touched only after a verified backup; an older register put back by hand begins a generation
of its own.
"""

from __future__ import annotations

import logging
from pathlib import Path

from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from desktop_app.services.safety import generations
from desktop_app.services.safety.backup import backup_before_upgrade

log = logging.getLogger(__name__)


def open_safely(folder: Path) -> Context:
    """Open the register of a data folder.

    Raises:
        EnvironmentProblem: absent, newer, damaged, locked, read-only …; ``code`` tells, nothing is changed.
    """
    context = open_register(folder, before_migration=backup_before_upgrade)
    try:
        if generations.guard(folder, context.journal):
            log.warning("the register is older than what this machine has done: a new generation begins")
    except BaseException:
        context.close()
        raise
    return context


def who_works(context: Context) -> tuple[str, bool]:
    """Name of the person who works now ("" for nobody yet), and whether a PIN lets them in; asked at each start."""
    uid = bytes.fromhex(context.user) if context.user else b""
    query = "SELECT name, pin_hash IS NOT NULL FROM user WHERE uid = ? AND present"
    with context.read() as connection:
        found = connection.exec_driver_sql(query, (uid,)).first()
    return (found[0] or "", bool(found[1])) if found is not None else ("", False)


def close_safely(context: Context) -> None:
    """Close the register, noting how far its journal has come."""
    try:
        context.journal.seal_open()
        note_progress(context)
    finally:
        context.close()


def note_progress(context: Context) -> None:
    """Note how far the journal has come; called after backups and packages too, so that a lost file is noticed."""
    with context.read() as connection:
        mark = generations.reached(connection, context.device)
    generations.write_note(context.folder, context.device, mark)
