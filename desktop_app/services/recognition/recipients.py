"""What a certificate says of its recipient: name, honorific, birth and address, as the register holds them now; of
a round whose counting day has passed, the hamlet of that day.

Invariant: read once when a number is given and stored on the certificate; a later change of the register does not
change a paper that was given out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Sex
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.subjects import placed
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.recognition.shapes import FAMILY_HEAD
from desktop_app.services.vietnamese import PartialDate, age_on

ADULT_AGE = 18
_HONORIFICS = {Sex.MALE.value: "Ông", Sex.FEMALE.value: "Bà"}
YOUNG = "Em"


@dataclass(frozen=True, slots=True)
class Recipient:
    """The words of one certificate; ``birth`` is ISO text of what is known, citizens only."""

    name: str
    honorific: str
    birth: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Place:
    """The commune as documents name it: "Xã Phú An", "Tỉnh An Giang"."""

    code: str
    name: str
    province: str

    @property
    def address(self) -> str:
        """ "xã Phú An, tỉnh An Giang"."""
        return ", ".join(inside(part) for part in (self.name, self.province) if part)


def read_place(connection: Connection) -> Place:
    """The commune that this register belongs to."""
    row = one_row(
        connection,
        "SELECT code, name, province FROM commune WHERE present ORDER BY valid_to IS NOT NULL, id LIMIT 1",
    )
    if row is None:
        return Place("", "", "")
    code, name, province = ((value or "").strip() for value in row)
    if province and not province.startswith(_PROVINCE_KINDS):
        province = f"Tỉnh {province}"
    return Place(code, name, province)


def inside(name: str) -> str:
    """A unit's name inside a sentence: "Xã Phú An" → "xã Phú An", "Thành phố Hà Nội" → "thành phố Hà Nội"."""
    return name[:1].lower() + name[1:] if name.startswith(_KINDS) else name


_PROVINCE_KINDS = ("Tỉnh ", "Thành phố ")
_KINDS = (
    *_PROVINCE_KINDS, "Xã ", "Phường ", "Đặc khu ", "Ủy ban ", "Thôn ", "Bản ", "Ấp ", "Khóm ", "Tổ ", "Khu ",
)  # fmt: skip


def honorific(sex: str | None, birth: str | None, on: dt.date) -> str:
    """ "Ông" or "Bà" by sex, "Em" below 18 years, empty where the sex is not known."""
    if birth and age_on(PartialDate.from_iso(birth), on) < ADULT_AGE:
        return YOUNG
    return _HONORIFICS.get(sex or "", "")


def read_recipients(
    connection: Connection,
    model: LearningModel,
    subject_ids: Iterable[int],
    on: dt.date,
    round_: RoundRecord | None = None,
) -> dict[int, Recipient]:
    """Recipients by the subject's local key.

    Args:
        on: the day of the decision, for the age below which "Em" is said.
        round_: the round of the decision; None for the hamlet of now.
    """
    place = read_place(connection)
    twice = _names_of_two_hamlets(connection)
    query = _QUERIES[model] if round_ is None else placed(_QUERIES[model], model, round_)
    rows = all_rows(connection, query, (json.dumps(list(subject_ids)),))
    found = {}
    for subject_id, name, sex, birth, hamlet, former, own in rows:
        where = own if model is LearningModel.ORGANIZATION and own else hamlet_text(hamlet, former, twice)
        if model is LearningModel.COMMUNITY:
            name = hamlet_text(name, former, twice)
            where = ""
        commune = inside(place.province) if model is LearningModel.COMMUNE else place.address
        address = _joined(where, commune)
        is_person = model in (LearningModel.CITIZEN, LearningModel.FAMILY)
        title = honorific(sex, birth, on) if is_person else ""
        kept_birth = birth if model is LearningModel.CITIZEN else None
        found[subject_id] = Recipient((name or "").strip(), title, kept_birth, address)
    return found


@lru_cache(maxsize=2048)
def _joined(where: str, commune: str) -> str:
    """One line without saying the commune twice, where an own address names it already."""
    if not where:
        return commune
    return where if commune and commune.casefold() in where.casefold() else f"{where}, {commune}"


def hamlet_text(name: str | None, former: str | None, twice: frozenset[str]) -> str:
    """A hamlet's name; with its former commune's where another hamlet has the same name."""
    if not name:
        return ""
    return f"{name} ({inside(former)} cũ)" if former and name in twice else name


def _names_of_two_hamlets(connection: Connection) -> frozenset[str]:
    rows = all_rows(connection, "SELECT name FROM hamlet WHERE present GROUP BY name HAVING count(*) > 1")
    return frozenset(row[0] for row in rows if row[0])


_IDS = "s.id IN (SELECT value FROM json_each(?))"
_HAMLET = "LEFT JOIN hamlet v ON v.id = s.hamlet_id"
_QUERIES: dict[LearningModel, str] = {
    LearningModel.CITIZEN: (
        f"SELECT s.id, s.full_name, s.sex, s.birth, v.name, v.former_commune, NULL FROM citizen s {_HAMLET} "
        f"WHERE {_IDS}"
    ),
    LearningModel.FAMILY: (
        f"SELECT s.id, c.full_name, c.sex, c.birth, v.name, v.former_commune, NULL FROM household s {_HAMLET} "
        f"LEFT JOIN citizen c ON c.id = {FAMILY_HEAD} WHERE {_IDS}"
    ),
    LearningModel.CLAN: (
        f"SELECT s.id, s.name, NULL, NULL, v.name, v.former_commune, NULL FROM clan s {_HAMLET} WHERE {_IDS}"
    ),
    LearningModel.COMMUNITY: (
        f"SELECT s.id, s.name, NULL, NULL, NULL, s.former_commune, NULL FROM hamlet s WHERE {_IDS}"
    ),
    LearningModel.ORGANIZATION: (
        f"SELECT s.id, s.name, NULL, NULL, v.name, v.former_commune, s.address FROM organization s {_HAMLET} "
        f"WHERE {_IDS}"
    ),
    LearningModel.COMMUNE: f"SELECT s.id, s.name, NULL, NULL, NULL, NULL, NULL FROM commune s WHERE {_IDS}",
}
