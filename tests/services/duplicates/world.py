"""An invented commune with families, twins, namesakes, and people entered twice in every way known, with the truth."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app.models.tables import registry
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.register import RegisterPlan, create_register
from desktop_app.services.vietnamese import fold

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
SURNAME_WEIGHTS = (38, 11, 9, 7, 5, 5, 4, 3, 3, 2, 2, 2, 1, 1)
MIDDLES = {
    "male": ("Văn", "Văn", "Văn", "Minh", "Quốc", "Đức", "Hữu", "Công", "Thanh", "Xuân", "Ngọc", "Hoàng", "Tuấn"),
    "female": ("Thị", "Thị", "Thị", "Thị Kim", "Thị Ngọc", "Thị Thu", "Ngọc", "Thanh", "Bích", "Hồng", "Thị Mỹ"),
}
GIVEN = {
    "male": (
        "An", "Ân", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Hậu", "Hiếu", "Hùng", "Khánh", "Lâm", "Long",
        "Mạnh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Sơn", "Tài", "Tâm", "Thắng", "Thành", "Thịnh", "Tiến",
        "Toàn", "Trung", "Tú", "Tuấn", "Tùng", "Việt", "Vinh", "Ước",
    ),
    "female": (
        "Ánh", "Bích", "Châu", "Chi", "Dung", "Duyên", "Diễm", "Giang", "Hà", "Hạnh", "Hằng", "Hoa", "Hòa", "Hương",
        "Huyền", "Lan", "Liên", "Liễu", "Loan", "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Quyên",
        "Thảo", "Thu", "Thủy", "Trang", "Trinh", "Tuyết", "Vân", "Yến",
    ),
}  # fmt: skip
KINDS = (
    "slip", "bare", "swapped", "year", "cmnd", "moved", "married", "cccd", "shorter", "again", "family",
)  # fmt: skip


@dataclass
class World:
    """The rows to be written, and which of them are one person."""

    people: list[dict[str, Any]] = field(default_factory=list)
    homes: list[tuple[str, int]] = field(default_factory=list)
    truth: dict[tuple[int, int], str] = field(default_factory=dict)


def make_world(count: int, doubles: int, *, hamlets: int, seed: int) -> World:
    """``count`` people of families of four, then ``doubles`` of each kind (of families: a third of it)."""
    chance = random.Random(seed)
    world = World()
    while len(world.people) < count:
        _family(world, chance, len(world.homes) % hamlets)
    used: set[int] = set()
    for kind in KINDS:
        for _ in range(doubles // 3 if kind == "family" else doubles):
            _plant(world, chance, kind, hamlets, used, count)
    numbers: set[str] = set()
    for person in world.people:
        if person["cccd"] in numbers:
            person["cccd"] = None
        elif person["cccd"]:
            numbers.add(person["cccd"])
    return world


def write_world(folder: Path, world: World, hamlets: int) -> tuple[Context, dict[frozenset[Uid], str]]:
    """Write it as one import; returns the register and the truth by uids."""
    names = tuple(f"Thôn {number}" for number in range(1, hamlets + 1))
    context = create_register(folder, RegisterPlan("30436", 2026, hamlets=names))
    with context.operation("import.citizens", {"count": len(world.people), "file": "planted"}) as op:
        keys = [row[0] for row in op.connection.exec_driver_sql("SELECT id FROM hamlet ORDER BY id")]
        homes = op.writer.insert_many(
            registry.household, [{"code": code, "hamlet_id": keys[hamlet]} for code, hamlet in world.homes]
        )
        rows = [{**person, "household_id": homes[person["home"]]} for person in world.people]
        for row in rows:
            del row["home"]
        ids = op.writer.insert_many(registry.citizen, rows)
        uids = [op.writer.references.uid("citizen", key) for key in ids]
    return context, {frozenset((uids[a], uids[b])): kind for (a, b), kind in world.truth.items()}


def _family(world: World, chance: random.Random, hamlet: int) -> None:
    home = len(world.homes)
    world.homes.append((f"{hamlet + 1:02d}-{home:05d}", hamlet))
    surname = chance.choices(SURNAMES, SURNAME_WEIGHTS)[0]
    year = chance.randint(1940, 1995)
    father = _person(chance, surname, "male", year, home, "Chủ hộ")
    mother = _person(chance, chance.choices(SURNAMES, SURNAME_WEIGHTS)[0], "female", year + 2, home, "Vợ")
    children = [
        _person(chance, surname, chance.choice(("male", "female")), year + chance.randint(20, 30), home, "Con")
        for _ in range(2)
    ]
    if chance.random() < 0.03:  # twins, their names an accent or a letter apart
        children[1].update(birth=children[0]["birth"], sex=children[0]["sex"], cccd=None)
        pair = ("An", "Ân") if children[0]["sex"] == "male" else ("Lan", "Loan")
        for child, name in zip(children, pair, strict=True):
            child["full_name"] = " ".join((*child["full_name"].split()[:1], children[0]["full_name"].split()[1], name))
    elif chance.random() < 0.02:  # a son named like his father
        children[0].update(full_name=father["full_name"], sex="male", cccd=None)
    world.people += [father, mother, *children]


def _person(chance: random.Random, surname: str, sex: str, year: int, home: int, relation: str) -> dict[str, Any]:
    birth = f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    kind = chance.random()
    birth = birth if kind < 0.85 else birth[:4] if kind < 0.97 else f"{year}-01-01"
    has_number = chance.random() < (0.9 if year < 2005 else 0.4)
    middles, given = MIDDLES[sex], GIVEN[sex]
    return {
        "full_name": f"{surname} {chance.choice(middles)} {chance.choice(given)}",
        "sex": sex,
        "birth": birth,
        "cccd": _cccd(chance, sex, year) if has_number else None,
        "phone": f"09{chance.randint(0, 99_999_999):08d}" if chance.random() < 0.5 else None,
        "home": home,
        "relation": relation,
    }


def _cccd(chance: random.Random, sex: str, year: int) -> str:
    century = (0 if year < 2000 else 2) + (sex == "female")
    return f"089{century}{year % 100:02d}{chance.randint(0, 999_999):06d}"


def _plant(world: World, chance: random.Random, kind: str, hamlets: int, used: set[int], count: int) -> None:
    while True:
        place = chance.randrange(count)
        original = world.people[place]
        if place not in used and _suits(kind, original):
            break
    if kind == "family":
        _plant_family(world, chance, original["home"], used)
        return
    used.add(place)
    copy = dict(original)
    _change(copy, kind, chance)
    if kind in ("moved", "married") or (kind in ("slip", "bare", "swapped", "shorter") and chance.random() < 0.5):
        hamlet = world.homes[original["home"]][1]
        if kind == "married":
            hamlet = (hamlet + chance.randint(1, hamlets - 1)) % hamlets
        others = [home for home in range(hamlet, len(world.homes), hamlets) if home != original["home"]]
        copy.update(home=chance.choice(others), relation="Con dâu" if kind == "married" else "Con")
    world.truth[place, len(world.people)] = kind
    world.people.append(copy)


def _suits(kind: str, person: dict[str, Any]) -> bool:
    whole = len(person["birth"]) == 10 and not person["birth"].endswith("01-01")
    if kind in ("cmnd", "cccd"):
        return bool(person["cccd"])
    if kind == "swapped":
        return whole and person["birth"][5:7] != person["birth"][8:] and int(person["birth"][8:]) <= 12
    if kind == "shorter":
        return whole and len(person["full_name"].split()) == 4
    if kind == "slip":
        return whole and len(person["full_name"].split()[-1]) > 3
    return whole


def _change(copy: dict[str, Any], kind: str, chance: random.Random) -> None:
    number, birth = copy["cccd"], copy["birth"]
    copy["cccd"] = None
    if kind == "slip":
        words = copy["full_name"].split()
        last = words[-1]
        words[-1] = last[:-2] + last[-1] + last[-2]  # two letters changed about
        copy["full_name"] = " ".join(words)
    elif kind == "bare":
        copy["full_name"] = fold(copy["full_name"]).title()
    elif kind == "swapped":
        copy["birth"] = f"{birth[:4]}-{birth[8:]}-{birth[5:7]}"
    elif kind == "year":
        copy["birth"] = birth[:4]
    elif kind == "cmnd":
        copy["cccd"] = f"{chance.randint(100_000_000, 399_999_999)}"
    elif kind == "cccd":
        at = chance.randint(6, 11)
        copy["cccd"] = f"{number[:at]}{(int(number[at]) + chance.randint(1, 9)) % 10}{number[at + 1 :]}"
    elif kind == "shorter":
        words = copy["full_name"].split()
        copy["full_name"] = " ".join((words[0], words[1], words[3]))
    if kind in ("married", "moved"):
        copy["phone"] = None


def _plant_family(world: World, chance: random.Random, home: int, used: set[int]) -> None:
    """The whole household once more under another code, with the years of birth only."""
    members = [place for place, person in enumerate(world.people) if person["home"] == home and place not in used]
    new = len(world.homes)
    world.homes.append((f"X-{new}", world.homes[home][1]))
    for place in members:
        used.add(place)
        copy = {**world.people[place], "home": new, "cccd": None, "birth": world.people[place]["birth"][:4]}
        world.truth[place, len(world.people)] = "family"
        world.people.append(copy)
