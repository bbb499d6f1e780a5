"""Who is left out without being weighed could not have been asked about: the narrowed search finds what all would."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.models.types import Sex
from desktop_app.services.importing.planning.matching import DOUBTFUL, FIELDS, Known, KnownPeople, candidates, weigh
from desktop_app.services.importing.preview import PersonRow
from desktop_app.services.vietnamese import PartialDate, fold

NAMES = ("Nguyễn Văn Hùng", "Nguyễn Văn Hưng", "Nguyễn Thị Lan")
BIRTHS = ("1980", "1980-05", "1980-05-08", "1981", "1981-05-08")
NUMBERS = ("091180000011", "091180000022")
CODES = ("01", "02")
HOMES = ("thon:1", "thon:2")
PHONES = ("0900000001", "0900000002")
KIN = ("Chủ hộ", "Con")


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *values))


def person_row(name: str, **told: Any) -> PersonRow:
    birth = told["birth"]
    return PersonRow(
        sheet="Trang 1", row=2, raw=(), household=None, household_code=told["code"] or "", hamlet="", hamlet_text="",
        address="", poverty=None, name=name, relation=told["relation"] or "",
        sex=Sex(told["sex"]) if told["sex"] else None, birth=PartialDate.from_iso(birth) if birth else None,
        cccd=told["cccd"], ethnicity="", occupation="", phone=told["phone"] or "", group=None, note="",
    )  # fmt: skip


ABOUT: dict[str, st.SearchStrategy[Any]] = {
    "birth": maybe(*BIRTHS), "cccd": maybe(*NUMBERS), "phone": maybe(*PHONES), "code": maybe(*CODES),
    "relation": maybe(*KIN), "sex": maybe("male", "female"),
}  # fmt: skip
ROWS = st.fixed_dictionaries({"name": st.sampled_from(NAMES), **ABOUT})
PEOPLE = st.fixed_dictionaries(
    {
        "full_name": st.sampled_from(NAMES), "hamlet": st.sampled_from(("", *HOMES)),
        "former": st.frozensets(st.sampled_from(NUMBERS)), "left": st.frozensets(st.sampled_from(CODES)), **ABOUT,
    }
)  # fmt: skip


def known_person(key: int, told: dict[str, Any]) -> Known:
    values = {name: told.get(name) for name in FIELDS}
    return Known(
        key, f"{key:032x}", fold(told["full_name"]), None, told["code"] or "", told["hamlet"], values, "",
        told["former"], None, told["left"],
    )  # fmt: skip


@given(told=ROWS, people=st.lists(PEOPLE, min_size=1, max_size=6), home=st.sampled_from(("", *HOMES)))
def test_no_namesake_and_nobody_of_the_household_who_would_be_asked_about_is_passed_over(
    told: dict[str, Any], people: list[dict[str, Any]], home: str
) -> None:
    known = KnownPeople()
    for key, each in enumerate(people, start=1):
        known.add(known_person(key, each))
    row = person_row(**told)
    name, code = fold(row.name), row.household_code
    weighed = [
        weigh(row, name, code, home, person)
        for person in known.by_id.values()
        if person.name == name
        or (code and person.household_code == code)
        or (row.cccd and known.by_cccd.get(row.cccd) is person)
    ]
    found = {item.person.id: item for item in candidates(row, known, home)}
    wanted = {item.person.id: item.score for item in weighed if item.score >= DOUBTFUL}
    assert wanted.items() <= {key: item.score for key, item in found.items()}.items()
    assert all(found[key].reasons[-1] == "trong sổ chỉ có một người tên này" for key in found.keys() - wanted.keys())
