"""What every service is handed: the opened register, the journal, who works and where files lie.

Invariant: services write only through ``operation`` and ``sitting``; a reading transaction is short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.database import Database
from desktop_app.models.journal import Journal, Operation
from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.folders import BACKUP_FOLDER, EVIDENCE_FOLDER, LOG_FOLDER, REGISTER_FILE

__all__ = ["BACKUP_FOLDER", "EVIDENCE_FOLDER", "LOG_FOLDER", "REGISTER_FILE", "Context", "subject_of"]


@dataclass
class Context:
    """One opened register.

    Attributes:
        folder: the data folder (database, evidence, backups, device keys).
        database: the opened file.
        journal: its journal.
        role: what this machine is.
        user: uid of who works now; None before anybody chose a name.
        working_year: of the round that a person chose to work in (kept in the file); None for the newest not closed.
        memory: what was worked out of the register and may be worked out again at any time (``registry.list_memory``).
    """

    folder: Path
    database: Database
    journal: Journal
    role: DeviceRole
    user: Uid | None = None
    working_year: int | None = None
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def device(self) -> Uid:
        return self.journal.device

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A short reading transaction."""
        with self.database.read() as connection:
            yield connection

    def version(self) -> int | None:
        """A number that every commit to the register changes, by whomever; None once it is closed."""
        return self.database.version()

    @contextmanager
    def operation(self, kind: str, args: Mapping[str, Any] | None = None) -> Iterator[Operation]:
        """One deed of the present user; see ``Journal.operation``."""
        with self.journal.operation(kind, args, author=self.user) as current:
            yield current

    @contextmanager
    def sitting(self, kind: str, args: Mapping[str, Any]) -> Iterator[Operation]:
        """One answer of a form of the present user; see ``Journal.sitting``."""
        with self.journal.sitting(kind, args, author=self.user) as current:
            yield current

    def close(self) -> None:
        """Seal what is open and close the file; on a full disk it is sealed when the file is opened again."""
        try:
            with suppress(EnvironmentProblem):
                self.journal.seal_open()
        finally:
            self.database.close()


def subject_of(table: str, uid: Uid) -> dict[str, str]:
    """An operation's argument that names a row without holding any of its values."""
    return {"table": table, "uid": uid}
