"""Which family, clan, organization, hamlet or commune of the register a row of a scoring list is about.

Invariants: nothing is made from a scoring list; a code decides only together with the name beside it; what fits
several, or a head's name alone, is left to a person.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.scores_matching import Match, is_compatible, is_near
from desktop_app.services.importing.hamlets import is_other_commune, stored_key
from desktop_app.services.importing.planning.known_homes import is_same_place
from desktop_app.services.importing.planning.matching import FIELDS, Known
from desktop_app.services.importing.preview import ScoreRow
from desktop_app.services.importing.units.names import clan_key, organization_key
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import PartialDate, fold

_HEAD_WORDS = re.compile(r"(?:ong|ba|anh|chi|cu)\s+(?=\S+\s)")
"""What stands before a head's name ("Bà …"); tried only where nothing has the name as it is written."""
_NOTHING: dict[str, str | int | None] = dict.fromkeys(FIELDS)
_SQL = {
    LearningModel.FAMILY: (
        "SELECT s.id, s.uid, c.full_name, s.code, v.name, v.former_commune, c.birth, c.cccd FROM household s "
        "LEFT JOIN citizen c ON c.id = s.head_id AND c.present = 1 LEFT JOIN hamlet v ON v.id = s.hamlet_id "
        "WHERE s.present = 1 AND s.valid_to IS NULL ORDER BY s.id"
    ),
    LearningModel.CLAN: (
        "SELECT s.id, s.uid, s.name, NULL, v.name, v.former_commune, NULL, NULL FROM clan s "
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id WHERE s.present = 1 AND s.valid_to IS NULL ORDER BY s.id"
    ),
    LearningModel.ORGANIZATION: (
        "SELECT s.id, s.uid, s.name, s.code, v.name, v.former_commune, NULL, NULL FROM organization s "
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id WHERE s.present = 1 AND s.valid_to IS NULL ORDER BY s.id"
    ),
    LearningModel.COMMUNITY: (
        "SELECT s.id, s.uid, s.name, NULL, s.name, s.former_commune, NULL, NULL FROM hamlet s "
        "WHERE s.present = 1 AND s.valid_to IS NULL ORDER BY s.id"
    ),
    LearningModel.COMMUNE: (
        "SELECT s.id, s.uid, s.name, NULL, NULL, NULL, NULL, NULL FROM commune s "
        "WHERE s.present = 1 AND s.valid_to IS NULL ORDER BY s.id"
    ),
}


@dataclass
class Subjects:
    """The present units of one model, by code and by name."""

    model: LearningModel
    everyone: list[Known] = field(default_factory=list)
    by_code: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def match(self, row: ScoreRow, home: str = "") -> Match:
        """Whom a row is about.

        Args:
            home: key of the hamlet that the list names, and for hamlets of the one that the row is about; "" for none.
        """
        if self.model is LearningModel.COMMUNE:
            return Match(self.everyone[0]) if len(self.everyone) == 1 else Match(None)
        found = self.by_code.get(fold(row.household_code), []) if row.household_code else []
        if found:
            return self._by_code(row, found, home)
        if self.model is LearningModel.COMMUNITY:
            return self._hamlet(home)
        key = _key(self.model, row.name) if row.name else ""
        named = self.by_name.get(key) or self.by_name.get(_HEAD_WORDS.sub("", key)) or []
        return self._by_name(row, [unit for unit in named if _may_be(row, unit)], home)

    def homes_of(self, row: ScoreRow) -> set[str]:
        """Keys of the hamlets where a family has the row's code and its head's name, or that name and birth."""
        code, name = fold(row.household_code), fold(row.name)
        near = [unit for unit in self.by_name.get(name, ()) if _may_be(row, unit)]
        born = [unit for unit in near if row.birth is not None and _birth(unit) == row.birth]
        return {unit.hamlet for unit in near if code and unit.household_code == code} | {unit.hamlet for unit in born}

    def _hamlet(self, home: str) -> Match:
        """The hamlet itself: of two former communes' hamlets of one name only the one that is named."""
        found = [unit for unit in self.everyone if is_same_place(home, unit.hamlet)]
        exact = [unit for unit in found if unit.hamlet == home] if "@" in home else []
        found = exact or found
        if len(found) > 1:
            return Match(None, tuple(found), f"có {len(found)} nơi cùng tên")
        return Match(found[0] if found else None)

    def _by_code(self, row: ScoreRow, found: Sequence[Known], home: str) -> Match:
        near = _in_hamlet(home, found)
        if len(near) > 1:
            return Match(None, tuple(near), f"có {len(near)} hộ cùng mã {row.household_code}")
        unit = near[0]
        if row.name and unit.name and not is_near(fold(row.name), unit.name):
            other = f"mã hộ là của {unit.values['full_name']}, khác tên trong phiếu"
            return Match(None, (unit,), other)
        if is_other_commune(home, unit.hamlet):
            return Match(None, (unit,), "trùng mã hộ nhưng ở thôn của xã cũ khác")
        return Match(unit)

    def _by_name(self, row: ScoreRow, found: list[Known], home: str) -> Match:
        if not found:
            return Match(None)
        near = _in_hamlet(home, found)
        born = [unit for unit in near if row.birth is not None and _birth(unit) is not None]
        near = born or near
        if len(near) > 1:
            return Match(None, tuple(near), f"có {len(near)} nơi cùng tên")
        unit = near[0]
        if home and unit.hamlet and not is_same_place(home, unit.hamlet):
            return Match(None, (unit,), "trùng tên nhưng ở thôn khác")
        if self.model is LearningModel.FAMILY and not home and not born:
            return Match(None, (unit,), "chỉ trùng tên chủ hộ, không có mã hộ hay thôn để so")
        return Match(unit)


def load_subjects(connection: Connection, model: LearningModel) -> Subjects:
    """Read every present unit of a model once."""
    found = Subjects(model)
    for row_id, uid, name, code, hamlet, commune, birth, cccd in all_rows(connection, _SQL[model], ()):
        home = " · ".join(part for part in (code or "", hamlet or "") if part)
        values = {**_NOTHING, "full_name": name or code or "", "birth": birth, "cccd": cccd}
        place = stored_key(hamlet or "", commune or "")
        unit = Known(row_id, uid.hex(), fold(name or ""), None, fold(code or ""), place, values, home)
        found.everyone.append(unit)
        if code:
            found.by_code[fold(code)].append(unit)
        if name:
            found.by_name[_key(model, name)].append(unit)
    return found


def _key(model: LearningModel, name: str) -> str:
    if model is LearningModel.CLAN:
        return clan_key(name)
    if model is LearningModel.ORGANIZATION:
        return organization_key(name)
    return fold(name)


def _in_hamlet(home: str, found: Sequence[Known]) -> list[Known]:
    return [unit for unit in found if is_same_place(home, unit.hamlet)] or list(found)


def _may_be(row: ScoreRow, unit: Known) -> bool:
    if row.cccd and unit.values["cccd"]:
        return row.cccd == unit.values["cccd"]
    stored = _birth(unit)
    return row.birth is None or stored is None or is_compatible(row.birth, stored)


def _birth(unit: Known) -> PartialDate | None:
    stored = unit.values["birth"]
    return PartialDate.from_iso(str(stored)) if stored else None
