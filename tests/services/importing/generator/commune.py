"""The truth: an invented commune with hamlets, households and people, drawn from a seed; no list is written here."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FAMILIES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Vũ",
    "Phan", "Trương", "Đinh", "Lâm", "Mai", "Tô", "Chu", "Kim", "Sơn", "Thạch",
)  # fmt: skip
MIDDLES_M = ("Văn", "Đức", "Hữu", "Quốc", "Xuân", "Minh", "Công", "Đình", "Bá", "Trọng", "Thế")
MIDDLES_F = ("Thị", "Hồng", "Ngọc", "Kim", "Bích", "Mỹ", "Thu", "Thanh", "Thị Ngọc", "Thị Mỹ", "")
GIVENS_M = (
    "An", "Bình", "Cường", "Dũng", "Giang", "Hiếu", "Khánh", "Nam", "Phúc", "Ước", "Tường", "Vỹ", "Đạt", "Sửu", "Hộ",
    "Tổng", "Trưởng", "Thôn", "Chín", "Bảy", "Ký",
)  # fmt: skip
GIVENS_F = (
    "Ánh", "Diễm", "Hạnh", "Lan", "Mai", "Oanh", "Thảo", "Uyên", "Yến", "Phượng", "Huệ", "Mỵ", "Ý", "Nguyệt", "Nữ",
    "Ba", "Út", "Cộng", "Trang",
)  # fmt: skip
FOREIGN_M = ("K'Tùng", "Y Moan Êban", "Ksor Hơ", "Thào A Sò", "Giàng A Páo", "Rơ Châm Siu", "Lò Văn Ín", "Y Bhiô Niê")
FOREIGN_F = ("H'Hen Niê", "Ka Brếu", "Vàng Thị Mỷ", "Sùng Thị Dợ", "H’Wơn Mlô", "Rơ Mah H'Blíu", "Thị Ngôi")
JOBS = ("Nông dân", "Công nhân", "Giáo viên", "Buôn bán", "Nội trợ", "Thợ mộc", "Hưu trí", "Làm ruộng", "Cán bộ xã", "")
ETHNIC = ("Kinh", "Kinh", "Kinh", "Kinh", "Tày", "Ê Đê", "Hoa", "Khmer", "Mường", "Thái", "Cơ Ho", "Mông")
RELIGIONS = ("Không", "Phật giáo", "Công giáo", "Tin Lành", "")
POVERTY = ("", "", "", "", "", "Hộ nghèo", "Hộ cận nghèo")
STREETS = ("Lê Lợi", "Trần Phú", "đường 3/2", "Hùng Vương", "đường liên xã")
PROVINCES = ("001", "031", "067", "079", "040", "087", "008")

HAMLETS: dict[str, tuple[str, ...]] = {
    "Thôn 1": ("Thôn 1", "thôn 01", "T1", "THÔN 1", "Thôn số 1", "Thôn  1"),
    "Thôn 2": ("Thôn 2", "Thôn số 2", "thôn 2", "T2", "Th 2", "T.2"),
    "Thôn 10": ("Thôn 10", "T10", "thôn 10"),
    "Thôn Đông Hòa": ("Thôn Đông Hòa", "thôn Đông Hoà", "THÔN ĐÔNG HÒA"),
    "Ấp Bình Hòa": ("Ấp Bình Hòa", "ẤP BÌNH HÒA", "ấp Bình Hòa"),
    "Ấp 3": ("Ấp 3", "ấp 03", "ẤP 3"),
    "Tổ dân phố số 3": ("TDP số 3", "Tổ dân phố 3", "TDP 03", "Tổ dân phố số 3", "TDP3", "tdp 3"),
    "Khu phố 4": ("KP4", "Khu phố 4", "KP 04", "Kp.4"),
    "Bản Nà Lốc": ("Bản Nà Lốc", "BẢN NÀ LỐC", "bản Nà Lốc"),
    "Buôn Ea Sup": ("Buôn Ea Sup", "buôn Ea Sup", "BUÔN EA SUP"),
    "Khóm 5": ("Khóm 5", "khóm 05", "KHÓM 5"),
    "Xóm Mới": ("Xóm Mới", "xóm Mới", "XÓM MỚI"),
    "Làng Plei Ốp": ("Làng Plei Ốp", "làng Plei Ốp"),
    "Bon Bu Nơr": ("Bon Bu Nơr", "bon Bu Nơr"),
}
"""A hamlet's full name and the ways in which lists write it."""

Birth = tuple[int, int | None, int | None]


@dataclass
class Person:
    """A member of an invented household."""

    name: str
    relation: str
    sex: str
    birth: Birth
    cccd: str
    ethnic: str
    religion: str
    job: str
    phone: str


@dataclass
class Home:
    """An invented household; `code` is unique in the commune."""

    code: str
    hamlet: str
    address: str
    poverty: str
    members: list[Person] = field(default_factory=list)


@dataclass
class Commune:
    """An invented commune; its homes stand hamlet by hamlet."""

    hamlets: tuple[str, ...]
    homes: list[Home]

    def part(self, hamlet: str) -> Commune:
        """The commune as a list of one hamlet knows it."""
        return Commune((hamlet,), [home for home in self.homes if home.hamlet == hamlet])

    def people(self) -> list[tuple[Home, Person]]:
        """Everybody, with his home."""
        return [(home, person) for home in self.homes for person in home.members]


def make_commune(seed: int, homes: int = 25, hamlets: int = 4) -> Commune:
    """Return a commune in which nobody shares name and year of birth, but names alone are often shared."""
    pick = random.Random(f"commune {seed}")
    chosen = tuple(sorted(pick.sample(list(HAMLETS), hamlets), key=list(HAMLETS).index))
    maker = _Maker(pick)
    made = []
    for number in range(homes):
        hamlet = chosen[number % hamlets] if number < hamlets else pick.choice(chosen)
        made.append(maker.home(number, hamlet, chosen.index(hamlet) + 1))
    made.sort(key=lambda home: chosen.index(home.hamlet))
    return Commune(chosen, made)


class _Maker:
    def __init__(self, pick: random.Random) -> None:
        self._pick = pick
        self._taken: set[tuple[str, int]] = set()
        self._cccds: set[str] = set()
        self._at_home: set[str] = set()

    def home(self, number: int, hamlet: str, place: int) -> Home:
        pick = self._pick
        address = pick.choice(
            (f"Số {number + 1}, {pick.choice(STREETS)}", f"Số nhà {number + 1}A", f"{number + 1}/{place} Lê Lợi")
        )
        self._at_home.clear()
        home = Home(f"{place:02d}-{number + 1:04d}", hamlet, address, pick.choice(POVERTY))
        family = pick.choice(FAMILIES)
        is_male = pick.random() < 0.7
        head = self._person(family, "Chủ hộ", is_male, pick.randint(1940, 1990))
        home.members.append(head)
        if pick.random() < 0.6:
            home.members.append(
                self._person(pick.choice(FAMILIES), "Vợ" if is_male else "Chồng", not is_male, pick.randint(1940, 1990))
            )
        if pick.random() < 0.15:
            home.members.append(self._person(family, "Mẹ đẻ", False, pick.randint(1925, 1945)))
        for _ in range(pick.randrange(4)):
            child = self._person(family, "Con", pick.random() < 0.5, pick.randint(1991, 2024))
            home.members.append(child)
            if pick.random() < 0.06:
                home.members.append(self._twin(family, child))
        return home

    def _person(self, family: str, relation: str, is_male: bool, year: int, birth: Birth | None = None) -> Person:
        pick = self._pick
        while True:
            name = self._name(family, is_male)
            day: Birth = birth or (year, pick.randint(1, 12), pick.randint(1, 28))
            if birth is None and pick.random() < 0.1:
                day = (year, None, None)
            if (name, year) not in self._taken and name not in self._at_home:
                break
        self._at_home.add(name)
        self._taken.add((name, year))
        child = year > 2008
        cccd = self._cccd(is_male, year) if pick.random() < (0.5 if child else 0.85) else ""
        job = pick.choice(JOBS) if not child else "Học sinh" if year < 2020 else "Còn nhỏ"
        phone = f"{pick.choice(('09', '03', '08', '07'))}{pick.randint(10**7, 10**8 - 1)}"
        return Person(
            name, relation, "Nam" if is_male else "Nữ", day, cccd, pick.choice(ETHNIC), pick.choice(RELIGIONS), job,
            phone if not child and pick.random() < 0.5 else "",
        )  # fmt: skip

    def _twin(self, family: str, child: Person) -> Person:
        return self._person(family, "Con", self._pick.random() < 0.5, child.birth[0], child.birth)

    def _name(self, family: str, is_male: bool) -> str:
        pick = self._pick
        if pick.random() < 0.08:
            return pick.choice(FOREIGN_M if is_male else FOREIGN_F)
        middle, given = (MIDDLES_M, GIVENS_M) if is_male else (MIDDLES_F, GIVENS_F)
        return " ".join(f"{family} {pick.choice(middle)} {pick.choice(given)}".split())

    def _cccd(self, is_male: bool, year: int) -> str:
        century = (0 if is_male else 1) + (2 if year >= 2000 else 0)
        while True:
            number = f"{self._pick.choice(PROVINCES)}{century}{year % 100:02d}{self._pick.randint(0, 999999):06d}"
            if number not in self._cccds:
                self._cccds.add(number)
                return number
