"""In which hamlet of the register a row of a scoring list stands; two former communes often have a "Thôn 1" each.

Invariant: of two former communes' hamlets of one name none is guessed: such a row fits both, and others must decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.services.importing.hamlets import bare_commune, hamlet_key, of_communes, stored_key, within_commune
from desktop_app.services.importing.planning.communes import names_of_today
from desktop_app.services.importing.preview import ParsedSheet


@dataclass(frozen=True)
class Places:
    """The register's hamlets by key, and for each sheet the former communes that its titles name."""

    known: frozenset[str] = frozenset()
    communes: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, sheet: str, hamlet: str) -> str:
        """Key of the hamlet that a sheet names; with the former commune where the hamlet's or the sheet's words do."""
        key = hamlet_key(hamlet) if hamlet else ""
        titled = of_communes(key, self.communes.get(sheet, ()), self.known)
        return titled[0] if len(titled) == 1 else key


def load_places(connection: Connection, sheets: Iterable[ParsedSheet]) -> Places:
    """Read the hamlets; a title that names the commune of today says nothing of a former one."""
    hamlets = connection.exec_driver_sql("SELECT name, former_commune FROM hamlet WHERE present AND name <> ''").all()
    here = names_of_today(connection)
    communes = {
        sheet.name: tuple(name for name in map(bare_commune, sheet.communes) if name not in here) for sheet in sheets
    }
    return Places(frozenset(stored_key(name, of or "") for name, of in hamlets), communes)


def is_same_place(listed: str, stored: str) -> bool:
    """Whether a list's hamlet may be the register's: equal, or the list says nothing of a former commune."""
    return bool(listed) and listed in (stored, within_commune(stored))


def is_other_commune(listed: str, stored: str) -> bool:
    """Whether a list names a former commune and the register another: a household's code is none of both then."""
    return "@" in listed and "@" in stored and listed.partition("@")[2] != stored.partition("@")[2]
