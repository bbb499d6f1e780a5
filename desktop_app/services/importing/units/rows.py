"""What becomes of each clan, organization, branch or hamlet of a list, field by field, before anything is written.

Invariants: pure; an empty cell never clears a field; a unit that could be two of the register is refused, not guessed;
a unit told twice is written once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.importing.planning.fates import RowFate
from desktop_app.services.importing.planning.places import ListedPlaces
from desktop_app.services.importing.preview import Issue, Severity, UnitRow
from desktop_app.services.importing.units.names import clan_key, clan_name, organization_key, organization_kind
from desktop_app.services.importing.units.units import HAMLET_KEY, KnownUnits, unit_mention
from desktop_app.services.vietnamese import fold

TABLES: Mapping[ListKind, str] = {
    ListKind.CLANS: "clan", ListKind.ORGANIZATIONS: "organization", ListKind.BRANCHES: "branch",
    ListKind.HAMLETS: "hamlet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """One row about a unit and what would be done with it.

    Attributes:
        key: by what the unit is known; for a clan together with ``hamlet_key``.
        hamlet_key: key of the settlement it is told to be in, or that it is; "" for none.
        id: the unit of the register; None for a new one.
        changes: column → (present value, new value), values as people read them but for ``kind``.
        issues: remarks of the comparison, beside those of the row itself.
    """

    row: UnitRow
    fate: RowFate
    key: str
    hamlet_key: str = ""
    id: int | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()

    @property
    def table(self) -> str:
        """The table that the unit is stored in."""
        return TABLES[self.row.kind]

    @property
    def ident(self) -> tuple[str, str]:
        """What is the same for two rows about one unit."""
        return self.key, self.hamlet_key if self.row.kind is ListKind.CLANS else ""


def plan_units(rows: Sequence[UnitRow], known: KnownUnits, listed: ListedPlaces) -> tuple[UnitPlan, ...]:
    """Compare the rows with the register.

    Args:
        listed: which hamlets of the register the list's are.
    """
    places = Counter(clan_key(row.name) for row in rows if row.kind is ListKind.CLANS)
    made: list[UnitPlan] = []
    first: dict[tuple[str, str, str], UnitPlan] = {}
    for row in rows:
        plan = _planned(row, known, places[clan_key(row.name)] > 1, listed)
        earlier = first.get((plan.table, *plan.ident))
        if plan.fate is RowFate.REFUSED:
            pass
        elif earlier is not None:
            plan = replace(plan, fate=RowFate.UNCHANGED, changes={}, id=earlier.id)
        else:
            first[(plan.table, *plan.ident)] = plan
        if not (plan.row.is_aside and plan.fate is RowFate.UNCHANGED and not plan.row.issues):
            made.append(plan)
    return tuple(made)


def _planned(row: UnitRow, known: KnownUnits, is_in_several: bool, listed: ListedPlaces) -> UnitPlan:
    row, hamlet, is_clear = _placed(row, known, listed)
    if not is_clear:
        name = row.name if row.kind is ListKind.HAMLETS else row.hamlet
        return UnitPlan(row, RowFate.REFUSED, "", issues=(_several(row, name),))
    plan = UnitPlan(row, RowFate.REFUSED, hamlet if row.kind is ListKind.HAMLETS else _key(row), hamlet)
    if row.is_refused or not row.name:
        return plan
    try:
        found = _find(plan, known, is_in_several)
    except _Ambiguous as several_clans:
        return replace(plan, issues=(several_clans.issue(row),))
    if found is None:
        if not row.is_maker:
            return replace(plan, fate=RowFate.UNCHANGED)
        return replace(plan, fate=RowFate.NEW, changes={name: ("", text) for name, text in _given(row).items()})
    if row.kind is ListKind.CLANS:  # a clan that the register has without a hamlet, or told without one here
        own = next(clan.hamlet for clan in known.clans if clan.id == found)
        plan = replace(plan, hamlet_key=own or hamlet)
    changes = _changes(row, known.details.get((plan.table, found), {}), hamlet)
    return replace(plan, fate=RowFate.CHANGED if changes else RowFate.UNCHANGED, id=found, changes=changes)


def _several(row: UnitRow, name: str) -> Issue:
    text = (
        f"Sổ có {name} của nhiều xã cũ mà dòng này không ghi xã cũ nên chưa nhập; "
        f"hãy ghi thêm xã cũ, ví dụ “{name} (Phú An cũ)”."
    )
    return Issue(Severity.ERROR, "hamlet.unclear", text, row.sheet, row.row)


def _placed(row: UnitRow, known: KnownUnits, listed: ListedPlaces) -> tuple[UnitRow, str, bool]:
    """The row with its hamlet's full name, the key of the living hamlet, and whether that is clear."""
    mention = unit_mention(row, known)
    if not mention.text:
        return row, "", True
    key = listed.of(mention)
    end = listed.known.ends.get(key, (key, ""))[0]
    shown = listed.known.display(key, mention.text)
    if shown != mention.text:
        row = replace(row, name=shown) if row.kind is ListKind.HAMLETS else replace(row, hamlet=shown)
    return row, end, bool(key)


def _key(row: UnitRow) -> str:
    if row.kind is ListKind.CLANS:
        return clan_key(row.name)
    return organization_key(row.name) if row.kind is ListKind.ORGANIZATIONS else fold(row.code or row.name)


class _Ambiguous(Exception):
    """Several units of the register may be meant; ``names`` says how they are told apart."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def issue(self, row: UnitRow) -> Issue:
        """The refusal of the row."""
        names = ", ".join(self._names[:4])
        text = f"Sổ có {len(self._names)} dòng họ tên này ({names}) nên chưa nhập; hãy ghi thêm thôn ở dòng này."
        return Issue(Severity.ERROR, "unit.ambiguous", text, row.sheet, row.row)


def _find(plan: UnitPlan, known: KnownUnits, is_in_several: bool) -> int | None:
    """Id of the unit in the register; None for a new one.

    Raises:
        _Ambiguous: several clans of the name, and the row tells no hamlet.
    """
    row = plan.row
    if row.kind is ListKind.CLANS:
        alike = [clan for clan in known.clans if clan.key == plan.key]
        exact = [clan for clan in alike if clan.hamlet == plan.hamlet_key]
        if exact:
            return exact[0].id
        if not plan.hamlet_key and len(alike) > 1:
            raise _Ambiguous([known.details["clan", clan.id]["hamlet"] or "chưa rõ thôn" for clan in alike])
        open_ = [clan for clan in alike if not clan.hamlet or not plan.hamlet_key]
        return open_[0].id if open_ and not is_in_several else None
    if row.kind is ListKind.ORGANIZATIONS:
        by_code = (key for (table, key), stored in known.details.items()
                   if table == "organization" and row.code and fold(stored["code"]) == fold(row.code))  # fmt: skip
        return known.organizations.get(plan.key) or next(by_code, None)
    if row.kind is ListKind.BRANCHES:
        found = known.branches.get(fold(row.code)) if row.code else None
        by_name = known.branches.get(fold(row.name))
        if found is None and by_name is not None:
            other = fold(known.details["branch", by_name]["code"])
            return by_name if not (row.code and other) else None
        return found
    place = known.hamlets.get(plan.key)
    return place[0] if place is not None else None


def _given(row: UnitRow) -> dict[str, str]:
    """What a row says of a unit, beside its name."""
    values = {
        "code": row.code if row.kind is not ListKind.CLANS else "",
        "kind": _kind_of(row) if row.kind is ListKind.ORGANIZATIONS else "",
        "hamlet": row.hamlet,
        "address": row.address,
        "organization": row.organization,
        "leader": row.leader,
        "phone": row.phone,
        "note": row.note,
    }
    return {name: text for name, text in values.items() if text}


def _kind_of(row: UnitRow) -> str:
    return (row.unit_kind or organization_kind(row.name)).value


def _changes(row: UnitRow, stored: Mapping[str, str], hamlet: str) -> dict[str, tuple[str, str]]:
    given = _given(row)
    if row.unit_kind is None:
        given.pop("kind", None)
    if given.get("hamlet") and stored.get(HAMLET_KEY, "") == hamlet:
        del given["hamlet"]
    if row.kind is ListKind.BRANCHES and row.code and row.name and fold(row.name) != fold(f"Chi hội {row.code}"):
        given["name"] = row.name
    if row.is_aside and row.kind is ListKind.CLANS:
        given.pop("hamlet", None)
    found: dict[str, tuple[str, str]] = {}
    for name, text in given.items():
        before = stored.get(name, "")
        is_same = fold(before) == fold(text) if name in ("leader", "organization") else before == text
        if name == "organization":
            is_same = organization_key(before) == organization_key(text)
        if not is_same:
            found[name] = (before, text)
    return found


def new_name(plan: UnitPlan) -> str:
    """How a new unit is called in the register."""
    return clan_name(plan.row.name) if plan.row.kind is ListKind.CLANS else plan.row.name
