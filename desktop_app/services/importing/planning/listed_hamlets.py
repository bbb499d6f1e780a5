"""Which hamlet of the register each row of a list of people means, and who of the register may be there already.

Invariant: of two former communes' hamlets of one name none is guessed unseen; what is decided is said once a hamlet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial

from desktop_app.services.importing.hamlets import is_vague
from desktop_app.services.importing.planning.differences import row_issue
from desktop_app.services.importing.planning.matching import KnownPeople
from desktop_app.services.importing.planning.places import KnownPlaces, ListedPlaces, Mention, Titles
from desktop_app.services.importing.preview import ParsedWorkbook, PersonRow, ScoreRow
from desktop_app.services.importing.units.units import KnownUnits, unit_mention
from desktop_app.services.vietnamese import fold


def listed_places(
    known: KnownPlaces,
    parsed: ParsedWorkbook,
    people: KnownPeople,
    units: KnownUnits,
    chosen: Mapping[Titles, str] | None = None,
) -> ListedPlaces:
    """Settle the hamlets of a list; whom it lists is looked at only where former communes have names in common."""
    mentions: list[Mention] = []
    if known.formers:
        mentions += [person_mention(row, people) for row in parsed.rows if not row.is_refused]
        mentions += [unit_mention(row, units) for row in parsed.units if not row.is_refused]
    return ListedPlaces(known, parsed.sheets, mentions, chosen)


def person_mention(row: PersonRow, people: KnownPeople) -> Mention:
    """What a row says of where its person belongs."""
    vague = bool(row.hamlet_text) and is_vague(row.hamlet_text)
    return Mention(row.sheet, row.hamlet, vague, partial(homes_of, row, people))


def homes_of(row: PersonRow | ScoreRow, people: KnownPeople) -> Collection[str]:
    """Keys of the hamlets where the register has people who may well be the one of a row: of his number, else of his
    name with his date of birth or in a household of his code."""
    name, code = fold(row.name), fold(row.household_code)
    holder = people.by_cccd.get(row.cccd) if row.cccd else None
    if holder is not None and holder.name == name:
        return {holder.hamlet}
    born = row.birth.iso() if row.birth else ""
    found: set[str] = set()
    for person in people.by_name.get(name, ()):
        stored = str(person.values["birth"] or "")
        is_other = (row.cccd and person.values["cccd"]) or (born and stored and born[:4] != stored[:4])
        if not is_other and ((born and born == stored) or (code and code == person.household_code)):
            found.add(person.hamlet)
    return found


class ListedHamlets:
    """The hamlets of a list of people as the register has them."""

    def __init__(self, places: ListedPlaces, people: KnownPeople) -> None:
        self._places, self._people = places, people
        self._told: set[str] = set()

    def known(self, row: PersonRow) -> tuple[PersonRow, str, str]:
        """Return the row as it is taken, the key of its hamlet, and the key of the one that the list names."""
        if not row.hamlet:
            return row, "", ""
        listed = self._places.of(person_mention(row, self._people))
        if not listed:
            text = f"Sổ có {row.hamlet} của nhiều xã cũ mà danh sách không ghi xã cũ nên chưa ghi thôn; hãy chọn thôn."
            return self._telling(row, "hamlet.unclear", row.hamlet, text), "", ""
        key, name = self._places.known.ends.get(listed, (listed, self._places.known.display(listed, row.hamlet)))
        if key != listed:
            text = f"{row.hamlet} đã nhập vào {name}; ghi theo {name}."
            row = self._telling(row, "hamlet.ended", listed, text)
        elif key in self._places.known.ends:
            name = row.hamlet
        return (row if name == row.hamlet else replace(row, hamlet=name)), key, listed

    def _telling(self, row: PersonRow, code: str, of: str, text: str) -> PersonRow:
        """The row with a remark, said once on the first row that it is about."""
        if of in self._told:
            return row
        self._told.add(of)
        return replace(row, issues=(*row.issues, row_issue(row, code, text)))
