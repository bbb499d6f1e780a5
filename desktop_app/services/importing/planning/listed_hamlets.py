"""Which hamlet of the register a list means: by its name, by the commune of its title, through hamlets that ended.

Invariant: of two former communes' hamlets of one name none is guessed; what is decided is said once a hamlet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from desktop_app.services.importing.hamlets import bare_commune, is_vague
from desktop_app.services.importing.planning.differences import row_issue
from desktop_app.services.importing.planning.known_homes import KnownHomes
from desktop_app.services.importing.preview import ParsedSheet, PersonRow


class ListedHamlets:
    """The hamlets of a list as the register has them.

    Args:
        sheets: of the list; their titles may name a former commune.
    """

    def __init__(self, homes: KnownHomes, sheets: Sequence[ParsedSheet]) -> None:
        self._homes = homes
        self._communes = {sheet.name: tuple(map(bare_commune, sheet.communes)) for sheet in sheets}
        self._keys: dict[tuple[str, str, str], str] = {}
        self._told: set[str] = set()

    def known(self, row: PersonRow) -> tuple[PersonRow, str, str]:
        """Return the row as it is taken, the key of its hamlet, and the key of the one that the list names."""
        listed = self._key(row)
        key, name = self._homes.successors.get(listed, (listed, row.hamlet))
        if row.hamlet and not listed:
            text = f"Sổ có {row.hamlet} của nhiều xã cũ mà danh sách không ghi xã cũ nên chưa ghi thôn; hãy chọn thôn."
            return self._telling(row, "hamlet.unclear", row.hamlet, text), "", ""
        if key != listed:
            text = f"{row.hamlet} đã nhập vào {name}; ghi theo {name}."
            row = replace(self._telling(row, "hamlet.ended", listed, text), hamlet=name)
        return row, key, listed

    def _key(self, row: PersonRow) -> str:
        if not row.hamlet:
            return ""
        place = (row.sheet, row.hamlet, row.hamlet_text)
        key = self._keys.get(place)
        if key is None:
            vague = bool(row.hamlet_text) and is_vague(row.hamlet_text)
            communes = self._communes.get(row.sheet, ())
            key = self._keys[place] = self._homes.own_key(row.hamlet, is_vague=vague, communes=communes)
        return key

    def _telling(self, row: PersonRow, code: str, of: str, text: str) -> PersonRow:
        """The row with a remark, said once on the first row that it is about."""
        if of in self._told:
            return row
        self._told.add(of)
        return replace(row, issues=(*row.issues, row_issue(row, code, text)))
