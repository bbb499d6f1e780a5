"""On what a list says more or something else than the register, field by field; pure.

Invariants: an empty cell never clears a field; a whole date is never replaced by its year, nor "Con đẻ" by "Con"; a
number that somebody else has is left out and said; a name in full is never replaced by the same in capitals or without
accents; a kinship that contradicts the household's head is left out and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desktop_app.models.types import LifeStatus, Poverty
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.planning.known_homes import is_same_place
from desktop_app.services.importing.planning.matching import Known, same_accents
from desktop_app.services.importing.planning.planned import HouseholdPlan, KnownHousehold
from desktop_app.services.importing.preview import Issue, PersonRow, Severity
from desktop_app.services.importing.units.units import KnownUnits, clan_change, told
from desktop_app.services.importing.words import HEAD
from desktop_app.services.vietnamese import PartialDate, fold, name_case

Changes = dict[str, tuple[Any, Any]]
NO_KNOWN_UNITS = KnownUnits()


def row_issue(row: PersonRow, code: str, message: str) -> Issue:
    """A remark on a row, which does not refuse it."""
    return Issue(Severity.WARNING, code, message, row.sheet, row.row)


def person_changes(row: PersonRow, person: Known) -> Changes:
    """Fields of a person: column → (present value, new value)."""
    stored = person.values
    given: dict[str, Any] = {
        "full_name": _better_name(row.name, str(stored["full_name"] or "")),
        "sex": row.sex.value if row.sex else None,
        "birth": _birth(row.birth, stored["birth"]),
        "cccd": None if row.cccd in person.former else _number(row.cccd, stored["cccd"]),
        "phone": row.phone or None,
        "ethnicity": row.ethnicity or None,
        "religion": row.religion or None,
        "occupation": row.occupation or None,
        "life_status": row.life.value if row.life else None,
        "status_date": row.life_date.iso() if row.life_date else None,
        "citizen_group": row.group.value if row.group else None,
        "relation": None if is_vaguer(row.relation, str(stored["relation"] or "")) else row.relation or None,
        "note": row.note or None,
    }
    return {
        name: (stored[name], value)
        for name, value in given.items()
        if value is not None and not _says_nothing_new(value, stored[name])
    }


def is_vaguer(given: str, stored: str) -> bool:
    """Whether a kinship only says less than the stored one: "Con" beside "Con đẻ", "Cháu" beside "Cháu ngoại"."""
    return bool(given) and fold(stored).startswith(f"{fold(given)} ")


def kept_standing(row: PersonRow, person: Known) -> tuple[PersonRow, tuple[Issue, ...]]:
    """The row without a kinship that would contradict who is head, or make somebody of a person who has died.

    An older list calls the one head who was it then; the register's head is changed by a deed of its own.
    """
    given, stored = row.relation, person.values["relation"]
    if not given or given == stored:
        return row, ()
    if person.values["life_status"] == LifeStatus.DEAD.value:
        text = f"Sổ ghi người này đã mất nên không ghi lại quan hệ “{given}”."
    elif person.head == person.id:
        text = f"Trong sổ người này đang là chủ hộ nên không ghi quan hệ “{given}”; nếu hộ đã đổi chủ, hãy đổi chủ hộ."
    elif given == HEAD and person.head is not None:
        text = "Trong sổ hộ này đã có chủ hộ khác nên không ghi quan hệ “Chủ hộ”; nếu hộ đã đổi chủ, hãy đổi chủ hộ."
    else:
        return row, ()
    return replace(row, relation=""), (row_issue(row, "relation.kept", text),)


def kept_home(row: PersonRow, person: Known) -> tuple[Issue, ...]:
    """A word where the list still has somebody in a household that he has left: he stays where he is now."""
    code = fold(row.household_code)
    if code not in person.former_codes or code == person.household_code:
        return ()
    text = (
        f"Sổ ghi người này đã chuyển khỏi hộ {row.household_code} nên giữ chỗ ở hiện nay ({person.home}); "
        "nếu đã về lại, hãy chuyển hộ trong sổ."
    )
    return (row_issue(row, "household.kept", text),)


def is_still(row: PersonRow, person: Known, is_doubled: bool) -> bool:
    """Is a row that carries a person's uid about that person, and not typed or copied over by somebody else?

    Args:
        is_doubled: other rows of the list carry the same uid.
    """
    if fold(row.name) == person.name:
        return True
    given, stored = row.birth.iso() if row.birth else "", str(person.values["birth"] or "")
    return not is_doubled and bool(given and stored) and (given.startswith(stored) or stored.startswith(given))


def own_number(
    row: PersonRow, person: Known | None, holder: Known | None, used: Mapping[str, object]
) -> tuple[PersonRow, tuple[Issue, ...]]:
    """The row without its CCCD where somebody else has that number already.

    Args:
        person: who the row is about; None for a new person.
        holder: who has the number in the register.
        used: numbers that other rows of the list bring.
    """
    if not row.cccd:
        return row, ()
    is_taken = (holder is not None and (person is None or holder.id != person.id)) or row.cccd in used
    if not is_taken:
        return row, ()
    text = f"Số CCCD {row.cccd[:3]}…{row.cccd[-3:]} đã có ở người khác nên để trống; hãy xem lại giấy tờ."
    return replace(row, cccd=None), (row_issue(row, "cccd.taken", text),)


def fill_household(
    plan: HouseholdPlan, row: PersonRow, known: KnownHousehold | None, units: KnownUnits = NO_KNOWN_UNITS
) -> None:
    """Take over what a row says of its household, the first word winning."""
    clan = told(row, Field.CLAN)
    if clan and not plan.clan:
        plan.clan, plan.known_hamlet = clan, known.hamlet_key if known is not None else ""
        if known is not None and (change := clan_change(clan, known.id, units)) is not None:
            plan.changes["clan"] = change
    if row.address and not plan.address:
        plan.address = row.address
        if known is not None and known.address != row.address:
            plan.changes["address"] = (known.address or None, row.address)
    if row.poverty is not None and plan.poverty in (None, Poverty.NONE):
        plan.poverty = row.poverty
        plan.changes.pop("poverty", None)
        if known is not None and known.poverty != row.poverty.value:
            plan.changes["poverty"] = (known.poverty, row.poverty.value)
    if known is not None and plan.hamlet_key and not is_same_place(plan.hamlet_key, known.hamlet_key):
        plan.changes["hamlet"] = (known.hamlet or None, plan.hamlet_name)
    if known is not None and plan.code and not known.code:
        plan.changes["code"] = (None, plan.code)


def _says_nothing_new(given: Any, stored: Any) -> bool:
    """Equal, or equal but for an apostrophe that old charsets make straight (K’Tùng): the curved one stays."""
    if isinstance(given, str) and isinstance(stored, str) and "’" not in given:
        return given == stored.replace("’", "'")
    return bool(given == stored)


def _better_name(given: str, stored: str) -> str | None:
    """What the list gives, unless it is the same name written in capitals, without accents or with a tone moved."""
    if not stored or fold(given) != fold(stored) or not same_accents(given, stored):
        return given
    is_accented = stored.isascii() and not given.isascii()
    is_cased = given.casefold() == stored.casefold() and not given.isupper() and stored != name_case(stored)
    is_curved = given == stored.replace("'", "’")
    return given if is_accented or is_cased or is_curved else None


def _number(given: str | None, stored: Any) -> str | None:
    """What the list gives, unless it is an old identity card's (9 digits) of somebody with a CCCD."""
    return None if given and stored and len(given) < len(stored) else given


def _birth(given: PartialDate | None, stored: Any) -> str | None:
    """What the list gives, unless the register knows the same birth more exactly."""
    if given is None:
        return None
    text = given.iso()
    return None if stored and str(stored).startswith(text) else text
