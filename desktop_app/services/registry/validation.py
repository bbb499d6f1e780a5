"""The one engine that checks records: for forms, imports and merges alike. Pure: the register is asked by ``Lookups``.

Errors block; warnings can be kept. Each finding names its field and says in plain Vietnamese what to do.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from desktop_app.models.records import Issue
from desktop_app.models.types import CitizenGroup, HamletKind, LifeStatus, OrganizationKind, Poverty, Sex, Uid
from desktop_app.services.registry import cleaning as c
from desktop_app.services.registry.cleaning import Checked, Cleaner, clean
from desktop_app.services.registry.groups import YOUNGEST
from desktop_app.services.vietnamese import PartialDate, age_on, cccd_sex, check_cccd, fold

OLDEST = 125
"""Complete years above which a birth is taken for a mistake."""
RARE_AGE = 105


@dataclass(frozen=True, slots=True)
class Holder:
    """Another record that has what is being entered: its uid, its name, and where it stands ("Thôn 3, hộ 03-0127")."""

    uid: Uid
    name: str
    where: str


class Lookups(Protocol):
    """What the engine asks of the register; forms ask the database, an import asks what it has in memory."""

    def cccd_holder(self, cccd: str, but: Uid | None) -> Holder | None: ...
    def same_person(self, name: str, birth: str | None, but: Uid | None) -> Holder | None: ...
    def household_with_code(self, code: str, but: Uid | None) -> Holder | None: ...
    def named(self, table: str, name: str, former_commune: str | None, but: Uid | None) -> Holder | None: ...
    def branch_with_code(self, code: str, but: Uid | None) -> Holder | None: ...
    def is_present(self, table: str, uid: Uid) -> bool: ...
    def head_of(self, household: Uid) -> Holder | None: ...
    def is_member(self, household: Uid, citizen: Uid) -> bool: ...


CITIZEN: Mapping[str, Cleaner] = {
    "full_name": c.person_name,
    "sort_name": c.text(c.MAX_NAME),
    "sex": c.choice(Sex),
    "birth": c.past_date,
    "cccd": c.cccd,
    "phone": c.phone,
    "ethnicity": c.text(c.MAX_WORD),
    "religion": c.text(c.MAX_WORD),
    "occupation": c.text(),
    "workplace": c.text(),
    "citizen_group": c.choice(CitizenGroup),
    "household": c.uid,
    "relation": c.relation,
    "life_status": c.choice(LifeStatus),
    "status_date": c.past_date,
    "branch": c.uid,
    "note": c.note,
}
HOUSEHOLD: Mapping[str, Cleaner] = {
    "code": c.text(40),
    "hamlet": c.uid,
    "address": c.text(),
    "poverty": c.choice(Poverty),
    "head": c.uid,
    "valid_from": c.any_date,
    "valid_to": c.any_date,
    "note": c.note,
}
_UNIT: Mapping[str, Cleaner] = {
    "name": c.unit_name,
    "hamlet": c.uid,
    "leader": c.text(c.MAX_NAME),
    "phone": c.phone,
    "valid_from": c.any_date,
    "valid_to": c.any_date,
    "note": c.note,
}
UNITS: Mapping[str, Mapping[str, Cleaner]] = {
    "hamlet": {
        **{name: cleaner for name, cleaner in _UNIT.items() if name != "hamlet"},
        "kind": c.choice(HamletKind),
        "code": c.text(40),
        "former_commune": c.text(),
    },
    "clan": {**_UNIT, "surname": c.text(40)},
    "organization": {**_UNIT, "kind": c.choice(OrganizationKind), "code": c.text(40), "address": c.text()},
    "branch": {
        "code": c.text(40), "name": c.unit_name, "hamlet": c.uid, "organization": c.uid,
        "leader": c.text(c.MAX_NAME), "phone": c.phone,
    },
}  # fmt: skip
"""Fields of hamlets, clans, organizations and branches by table."""


def check_citizen(
    values: Mapping[str, object],
    lookups: Lookups,
    today: datetime.date,
    *,
    uid: Uid | None = None,
    stored: Mapping[str, Any] | None = None,
) -> Checked:
    """Check a person.

    Args:
        values: field → what was typed; fields that are not given stay as they are.
        uid: of the person who is being changed; None for a new one.
        stored: the person's present fields (journal names: references are uids), for rules over several fields.
    """
    given = dict(values) if uid is not None or "full_name" in values else {**values, "full_name": ""}
    checked = clean(given, CITIZEN, today)
    whole = {**(stored or {}), **checked.values}
    refused = {issue.field for issue in checked.errors}
    _check_birth(checked, whole, refused, today)
    _check_cccd(checked, whole, refused, lookups, uid)
    _check_life(checked, whole, refused)
    _check_place(checked, whole, lookups, uid)
    if not refused & {"full_name", "birth"} and _is_touched(checked, "full_name", "birth"):
        _warn_of_same_person(checked, whole, lookups, uid)
    return checked


def check_household(
    values: Mapping[str, object],
    lookups: Lookups,
    today: datetime.date,
    *,
    uid: Uid | None = None,
) -> Checked:
    """Check a household: a hamlet is needed, the code is its own, the head is one of its members."""
    given = dict(values) if uid is not None else {"hamlet": "", "code": "", **values}
    checked = clean(given, HOUSEHOLD, today)
    cleaned = checked.values
    if "hamlet" in cleaned:
        if cleaned["hamlet"] is None:
            checked.error("hamlet", "hamlet.missing", "Chưa chọn thôn, tổ dân phố của hộ.")
        else:
            _check_reference(checked, "hamlet", "hamlet", lookups)
    if "code" in cleaned:
        _check_code(checked, cleaned["code"], lookups, uid)
    head = cleaned.get("head")
    if head is not None and (uid is None or not lookups.is_member(uid, head)):
        checked.error("head", "head.not_member", "Chủ hộ phải là một người của hộ này; hãy thêm người đó vào hộ trước.")
    if "poverty" in cleaned and cleaned["poverty"] is None:
        cleaned["poverty"] = Poverty.NONE.value
    return checked


def check_unit(
    table: str, values: Mapping[str, object], lookups: Lookups, today: datetime.date, *, uid: Uid | None = None
) -> Checked:
    """Check a hamlet, clan, organization or branch (``table`` tells which): a name is needed and is its own."""
    given = dict(values) if uid is not None else {"name": "", **values}
    checked = clean(given, UNITS[table], today)
    for field, target in (("hamlet", "hamlet"), ("organization", "organization")):
        if checked.values.get(field) is not None:
            _check_reference(checked, field, target, lookups)
    name = checked.values.get("name")
    if name is not None:
        holder = lookups.named(table, name, checked.values.get("former_commune"), uid)
        if holder is not None:
            checked.error("name", "name.used", f"Đã có “{holder.name}”; hãy đặt tên khác để khỏi nhầm.", holder.uid)
    if table == "branch" and checked.values.get("code"):
        holder = lookups.branch_with_code(checked.values["code"], uid)
        if holder is not None:
            checked.error("code", "code.used", f"Mã chi hội này đã dùng cho {holder.name}.", holder.uid)
    return checked


def _is_touched(checked: Checked, *fields: str) -> bool:
    return any(name in checked.values for name in fields)


def age_finding(birth: PartialDate, today: datetime.date) -> Literal["impossible", "rare"] | None:
    """What an age says of a birth: a mistake, so rare that one should look, or nothing; for forms and imports."""
    age = age_on(birth, today)
    if age > OLDEST:
        return "impossible"
    return "rare" if age > RARE_AGE else None


def _check_birth(checked: Checked, whole: Mapping[str, Any], refused: set[str], today: datetime.date) -> None:
    if "birth" in refused or not _is_touched(checked, "birth", "citizen_group", "full_name"):
        return
    birth = birth_of(whole.get("birth"))
    if birth is None:
        checked.warn("birth", "birth.missing", "Chưa có ngày hoặc năm sinh nên không tính được tuổi.")
        return
    age, finding = age_on(birth, today), age_finding(birth, today)
    if finding == "impossible":
        checked.error("birth", "birth.impossible", f"Năm sinh {birth.year} cho {age} tuổi; hãy xem lại.")
    elif finding == "rare":
        checked.warn("birth", "birth.rare", f"Người này {age} tuổi; hãy xem lại năm sinh.")
    year_end = datetime.date(today.year, 12, 31)
    if whole.get("citizen_group") and age_on(birth, year_end) < YOUNGEST:
        checked.warn(
            "citizen_group",
            "group.too_young",
            f"Người này chưa đủ {YOUNGEST} tuổi vào 31/12/{today.year} nên chưa tự đánh giá.",
        )


_CCCD_SENTENCES = {
    "sex_mismatch": "Số CCCD cho thấy giới tính {sex}, khác với giới tính đã ghi; hãy đối chiếu giấy tờ.",
    "year_mismatch": "Số CCCD cho thấy năm sinh khác với năm đã ghi; hãy đối chiếu giấy tờ.",
    "bad_province": "Ba số đầu của CCCD ({head}) không phải mã của tỉnh nào; hãy đối chiếu giấy tờ.",
    "length": "Số CCCD không đủ hoặc thừa chữ số.",
}


def _check_cccd(
    checked: Checked, whole: Mapping[str, Any], refused: set[str], lookups: Lookups, uid: Uid | None
) -> None:
    number = whole.get("cccd")
    if number is None or "cccd" in refused or not _is_touched(checked, "cccd", "sex", "birth"):
        return
    told = cccd_sex(number)
    if whole.get("sex") is None and told is not None:
        checked.values["sex"] = told.value
        word = "nam" if told is Sex.MALE else "nữ"
        checked.warn("sex", "sex.from_cccd", f"Giới tính chưa ghi, đã lấy theo số CCCD: {word}.")
    sex = Sex(whole["sex"]) if whole.get("sex") else None
    birth = birth_of(whole.get("birth")) if "birth" not in refused else None
    for code in check_cccd(number, sex, birth.year if birth else None):
        sentence = _CCCD_SENTENCES[code].format(sex="nam" if told is Sex.MALE else "nữ", head=number[:3])
        checked.warn("cccd", f"cccd.{code}", sentence)
    if "cccd" in checked.values:
        holder = lookups.cccd_holder(number, uid)
        if holder is not None:
            checked.error(
                "cccd",
                "cccd.used",
                f"Số CCCD này đã ghi cho {holder.name} ({holder.where}). Mỗi số chỉ thuộc một người; "
                "hãy xem lại, hoặc sửa người kia trước.",
                holder.uid,
            )


def _check_life(checked: Checked, whole: Mapping[str, Any], refused: set[str]) -> None:
    if not _is_touched(checked, "life_status", "status_date"):
        return
    life = whole.get("life_status") or LifeStatus.LIVING.value
    date, birth = whole.get("status_date"), whole.get("birth")
    if life in (LifeStatus.MOVED, LifeStatus.DEAD) and not date and "status_date" not in refused:
        what = "mất" if life == LifeStatus.DEAD else "chuyển đi"
        checked.warn("status_date", "status_date.missing", f"Chưa ghi ngày {what}; đợt đánh giá cũ có thể tính sai.")
    if date and birth and date[: len(birth)] < birth[: len(date)]:
        checked.error("status_date", "status_date.before_birth", "Ngày này trước ngày sinh; hãy xem lại.")


def _check_place(checked: Checked, whole: Mapping[str, Any], lookups: Lookups, uid: Uid | None) -> None:
    for field in ("household", "branch"):
        if checked.values.get(field) is not None:
            _check_reference(checked, field, field, lookups)
    household = whole.get("household")
    if household is None:
        if uid is None or "household" in checked.values:
            checked.warn("household", "household.missing", "Người này chưa thuộc hộ nào nên không nằm trong thôn nào.")
        return
    if "relation" in checked.values and fold(checked.values["relation"] or "") == "chu ho":
        head = lookups.head_of(household)
        if head is not None and head.uid != uid:
            checked.warn("relation", "relation.head", f"Hộ này đã có chủ hộ là {head.name}.", head.uid)


def _warn_of_same_person(checked: Checked, whole: Mapping[str, Any], lookups: Lookups, uid: Uid | None) -> None:
    other = lookups.same_person(whole["full_name"], whole.get("birth"), uid)
    if other is not None:
        checked.warn(
            "full_name",
            "citizen.same",
            f"Đã có {other.name} cùng ngày sinh ({other.where}); hãy xem có phải cùng một người.",
            other.uid,
        )


_GONE = {
    "household": "Hộ này không còn trong sổ; hãy chọn lại.",
    "hamlet": "Thôn, tổ này không còn trong sổ; hãy chọn lại.",
    "branch": "Chi hội này không còn trong sổ; hãy chọn lại.",
    "organization": "Đơn vị này không còn trong sổ; hãy chọn lại.",
}


def _check_reference(checked: Checked, field: str, table: str, lookups: Lookups) -> None:
    if not lookups.is_present(table, checked.values[field]):
        checked.error(field, "reference.gone", _GONE[table])


def _check_code(checked: Checked, code: str | None, lookups: Lookups, uid: Uid | None) -> None:
    if code is None:
        if uid is not None or checked.values.get("hamlet"):  # else its code is not proposed yet
            checked.warn("code", "code.missing", "Hộ chưa có mã; nhập danh sách sau này khó nhận ra hộ này.")
        return
    holder = lookups.household_with_code(code, uid)
    if holder is not None:
        who = f"của {holder.name}" if holder.name else "khác"
        checked.error("code", "code.used", f"Mã hộ {code} đã dùng cho hộ {who} ({holder.where}).", holder.uid)


def birth_of(iso: str | None) -> PartialDate | None:
    """The stored birth as a date; None where it is blank."""
    return PartialDate.from_iso(iso) if iso else None


__all__ = [
    "CITIZEN",
    "HOUSEHOLD",
    "UNITS",
    "Checked",
    "Holder",
    "Issue",
    "Lookups",
    "age_finding",
    "birth_of",
    "check_citizen",
    "check_household",
    "check_unit",
]
