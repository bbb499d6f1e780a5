"""Workbooks of scores as other hands make them: people of a seed, their forms with totals and verdicts known.

Invariant: totals and verdicts are computed here from the rule as it is printed (QĐ 324: ten indicators of 10, the sum
at least 80, none below 5), never by the program.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup
from desktop_app.services.context import Context
from tests.services.importing.helpers import write_xlsx

_FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Đặng", "Võ", "Bùi", "Thạch", "Kim")
_MIDDLE = ("Văn", "Thị", "Thanh", "Ngọc", "Minh", "Xuân", "Đức", "Thúy", "Quốc", "Hồng")
_GIVEN = (
    "An",
    "Bình",
    "Cường",
    "Đạt",
    "Hoa",
    "Huệ",
    "Khánh",
    "Lợi",
    "Mỹ",
    "Phượng",
    "Quý",
    "Sơn",
    "Thủy",
    "Ước",
    "Yến",
)
GROUP_WORDS: dict[CitizenGroup, tuple[str, ...]] = {
    CitizenGroup.RESIDENT: ("Người dân trong xã", "ND", "Nông dân", "nhóm 1", "a", "Nhân dân", "Hộ dân, nông dân"),
    CitizenGroup.WORKER: ("Người lao động", "công nhân", "LĐ", "Nhóm 2", "b", "NLĐ", "lao động tự do"),
    CitizenGroup.OFFICIAL: ("CB, CC, VC", "Cán bộ, công nhân viên, doanh nhân", "CBCCVC", "nhóm 3", "c", "Giáo viên"),
    CitizenGroup.STUDENT: ("Học sinh 16+", "HS, SV", "Học sinh, sinh viên", "nhóm 4", "d", "học viên", "HSSV"),
}
WORDING = (
    "Kỹ năng tìm kiếm, tra cứu, đọc, cập nhật thông tin và kiến thức trên sách báo, các phương tiện",
    "Kỹ năng: sắp xếp/xây dựng kế hoạch học tập theo các chương trình phục vụ yêu cầu công việc",
    "Kỹ năng: sắp xếp hợp lý công việc để có thời gian tham gia các hoạt động cộng đồng",
    "Kỹ năng: động viên, tạo điều kiện cho người thân trong gia đình và đồng nghiệp",
    "Kỹ năng: sử dụng công nghệ thông tin đáp ứng yêu cầu công việc và cuộc sống.",
    "Kỹ năng: sử dụng ngoại ngữ theo yêu cầu công việc và vị trí đảm nhận.",
    "Kỹ năng: tính toán để công việc luôn được cải tiến, sáng tạo đạt chất lượng",
    "Kỹ năng: tư duy biện chứng và tư duy phản biện trong công việc",
    "Kỹ năng thiết lập mối quan hệ thân thiện với mọi người; giải quyết xung đột",
    "Kỹ năng hợp tác, chia sẻ. Tôn trọng bình đẳng giới và sự đa dạng văn hóa",
)
COMPETENCES = (
    ("I. Năng lực tự học, học tập suốt đời (40 điểm)", 4),
    ("II. Năng lực sử dụng công cụ học tập, làm việc (40 điểm)", 4),
    ("III. Năng lực xây dựng và thực hiện các mối quan hệ xã hội (20 điểm)", 2),
)


@dataclass(frozen=True)
class Filled:
    """One person with his form."""

    name: str
    birth: str
    cccd: str
    hamlet: str
    code: str
    group: CitizenGroup
    scores: tuple[int, ...]
    words: str = ""

    @property
    def total(self) -> int:
        return sum(self.scores)

    @property
    def passed(self) -> bool:
        return self.total >= 80 and min(self.scores) >= 5


@dataclass
class Book:
    """What is to be written: sheets of rows, and merged areas that hold for every sheet."""

    sheets: dict[str, list[Sequence[object]]]
    merges: list[str] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        return write_xlsx(path, self.sheets, merges=self.merges)


def make_people(seed: int, count: int = 40, *, hamlets: Sequence[str] = ("Thôn 1", "Thôn 2")) -> list[Filled]:
    """People of a seed: some of one name, some without a CCCD or with a birth year only, scores around the marks."""
    rng = random.Random(seed)
    people: list[Filled] = []
    for number in range(count):
        name = f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}"
        year = rng.randint(1945, 2008)
        if people and rng.random() < 0.1:
            name = people[-1].name
        birth = str(year) if rng.random() < 0.15 else f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{year}"
        if any(other.name == name and other.birth[-4:] == birth[-4:] for other in people):
            name, birth = f"{name} {_GIVEN[number % len(_GIVEN)]}", birth
        cccd = "" if rng.random() < 0.2 else f"0{rng.choice((1, 79, 67, 31)):02d}{rng.randint(0, 3)}{number:08d}"
        top = rng.choice((10, 10, 9))
        scores = tuple(rng.randint(6, top) for _ in range(10))
        if rng.random() < 0.25:
            low = rng.randrange(10)
            scores = (*scores[:low], rng.choice((3, 4, 5)), *scores[low + 1 :])
        group = rng.choice(list(CitizenGroup))
        hamlet = hamlets[number * len(hamlets) // count]
        people.append(
            Filled(name, birth, cccd, hamlet, f"{hamlet[-1]}-{number // 3:04d}", group, scores,
                   rng.choice(GROUP_WORDS[group]))
        )  # fmt: skip
    return people


def register(context: Context, people: Sequence[Filled]) -> None:
    """Put the people into the register, as an earlier list would have."""
    with context.operation("household.add", {}) as op:
        hamlets: dict[str, int] = {}
        households: dict[str, int] = {}
        for person in people:
            if person.hamlet not in hamlets:
                found = op.connection.exec_driver_sql("SELECT id FROM hamlet WHERE name = ?", (person.hamlet,)).scalar()
                hamlets[person.hamlet] = found or op.writer.insert(registry.hamlet, {"name": person.hamlet})
            if person.code not in households:
                row = {"code": person.code, "hamlet_id": hamlets[person.hamlet]}
                households[person.code] = op.writer.insert(registry.household, row)
            birth = "-".join(reversed(person.birth.split("/")))
            op.writer.insert(
                registry.citizen,
                {
                    "full_name": person.name, "birth": birth, "cccd": person.cccd or None,
                    "household_id": households[person.code], "position": 1,
                },
            )  # fmt: skip


HEADINGS: dict[str, Callable[[int], object]] = {
    "CS1": lambda n: f"CS{n}",
    "CS 01": lambda n: f"CS {n:02d}",
    "1": lambda n: n,
    "'1": str,
    "Chỉ số 1": lambda n: f"Chỉ số {n}",
    "Tiêu chí 1 (10đ)": lambda n: f"Tiêu chí {n} (10đ)",
    "TC1": lambda n: f"TC{n}",
    "Điểm CS1": lambda n: f"Điểm CS{n}",
    "CS1 (tối đa 10)": lambda n: f"CS{n}\n(tối đa 10)",
    "CS1 10 điểm": lambda n: f"CS{n} - 10 điểm",
    "C.số 1": lambda n: f"C.số {n}",
    "1. wording": lambda n: f"{n}. {WORDING[n - 1][:30]}…",
    "CS1: wording": lambda n: f"CS{n}: {WORDING[n - 1]}",
    "wording begins": lambda n: f"{WORDING[n - 1][:32].rstrip()}…",
    "wording": lambda n: WORDING[n - 1],
    "1.1": lambda n: ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2")[n - 1],
    "I.1": lambda n: ("I.1", "I.2", "I.3", "I.4", "II.5", "II.6", "II.7", "II.8", "III.9", "III.10")[n - 1],
    "Tiêu chí 1.1": lambda n: (
        "Tiêu chí " + ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2")[n - 1]
    ),
    "Câu 1": lambda n: f"Câu {n}",
}


def _person(number: int, person: Filled) -> list[object]:
    return [number, person.name, person.birth, person.cccd, person.words]


def across(people: Sequence[Filled], style: str = "CS1", titles: Sequence[str] = ()) -> Book:
    """One row a person, one column an indicator, in one sheet."""
    heading = ["TT", "Họ và tên", "Ngày sinh", "CCCD", "Nhóm", *map(HEADINGS[style], range(1, 11)), "Tổng"]
    rows: list[Sequence[object]] = [[title] for title in titles]
    rows.append(heading)
    rows += [[*_person(n, p), *p.scores, p.total] for n, p in enumerate(people, 1)]
    return Book({"Phiếu chấm": rows})


def two_rows(people: Sequence[Filled], numbers: str = "CS1", *, maxima: bool = False, numbered: bool = False) -> Book:
    """Competences over the indicators; perhaps a row of maxima or of column numbers below."""
    first: list[object] = ["STT", "Họ tên", "Năm sinh", "Số CCCD", "Đối tượng"]
    merges = [f"{letter}1:{letter}2" for letter in "ABCDEP"]
    at = 5
    for name, count in COMPETENCES:
        first += [name, *[""] * (count - 1)]
        merges.append(f"{chr(65 + at)}1:{chr(64 + at + count)}1")
        at += count
    first.append("Tổng điểm")
    rows: list[Sequence[object]] = [first, [*[""] * 5, *map(HEADINGS[numbers], range(1, 11)), ""]]
    if maxima:
        rows.append(["", "Điểm tối đa", "", "", "", *[10] * 10, 100])
    if numbered:
        rows.append([f"({n})" for n in range(1, 17)])
    rows += [[*_person(n, p), *p.scores, p.total] for n, p in enumerate(people, 1)]
    return Book({"Tổng hợp": rows}, merges)


def by_hamlet(people: Sequence[Filled]) -> Book:
    """One sheet a hamlet."""
    sheets: dict[str, list[Sequence[object]]] = {}
    for person in people:
        rows = sheets.setdefault(
            person.hamlet,
            [
                ["ỦY BAN NHÂN DÂN XÃ PHÚ AN"],
                [f"BẢNG TỔNG HỢP ĐIỂM CÔNG DÂN HỌC TẬP {person.hamlet.upper()}"],
                [],
                ["TT", "Họ và tên", "Năm sinh", "Nhóm đối tượng", *[f"CS{n}" for n in range(1, 11)], "Cộng", "Kết quả"],
            ],
        )
        verdict = "Đạt" if person.passed else "K đạt"
        rows.append([len(rows) - 3, person.name, person.birth, person.words, *person.scores, person.total, verdict])
    for rows in sheets.values():
        rows.append(["", "Tổng cộng", "", "", *[""] * 10, "", f"{len(rows) - 4} phiếu"])
        rows.append([])
        rows.append(["", "Người lập biểu", "", "", "", "", "", "", "Trưởng thôn"])
    return Book(sheets)


SHEET_OF_GROUP = {
    CitizenGroup.RESIDENT: "ND", CitizenGroup.WORKER: "Công nhân", CitizenGroup.OFFICIAL: "CB, CC, VC",
    CitizenGroup.STUDENT: "Học sinh 16+",
}  # fmt: skip


def by_group(people: Sequence[Filled], *, by_title: bool = False) -> Book:
    """One sheet a group, named by the sheet or by its title."""
    sheets: dict[str, list[Sequence[object]]] = {}
    for person in people:
        word = SHEET_OF_GROUP[person.group]
        name = f"Sheet{list(CitizenGroup).index(person.group) + 1}" if by_title else word
        title = f"PHIẾU ĐÁNH GIÁ CÔNG DÂN HỌC TẬP - NHÓM {person.words}" if by_title else "BẢNG ĐIỂM NĂM 2026"
        rows = sheets.setdefault(
            name, [[title], ["TT", "Họ và tên", "Ngày sinh", "Thôn", *[f"CS{n}" for n in range(1, 11)], "Tổng"]]
        )
        rows.append([len(rows) - 1, person.name, person.birth, person.hamlet, *person.scores, person.total])
    return Book(sheets)


def people_across(people: Sequence[Filled], *, wording: bool = True, titles: Sequence[str] = ()) -> Book:
    """Indicators down, one column a person."""
    rows: list[Sequence[object]] = [[title] for title in titles]
    rows.append(["", "Họ và tên", *[p.name for p in people]])
    rows.append(["", "Ngày sinh", *[p.birth for p in people]])
    rows.append(["", "Số CCCD", *[p.cccd for p in people]])
    rows.append(["", "Nhóm", *[p.words for p in people]])
    for n in range(1, 11):
        label = WORDING[n - 1] if wording else f"Chỉ số {n}"
        rows.append([n if wording else "", label, *[p.scores[n - 1] for p in people]])
    rows.append(["", "Tổng điểm", *[p.total for p in people]])
    return Book({"Phiếu": rows})


def names_in_heading(people: Sequence[Filled]) -> Book:
    """Indicators down under a heading that names the people."""
    rows: list[Sequence[object]] = [["BẢNG CHẤM ĐIỂM"], ["TT", "Chỉ số", "Điểm tối đa", *[p.name for p in people]]]
    rows.append(["", "Năm sinh", "", *[p.birth for p in people]])
    rows += [[n, f"CS{n}", 10, *[p.scores[n - 1] for p in people]] for n in range(1, 11)]
    rows.append(["", "Tổng cộng", 100, *[p.total for p in people]])
    return Book({"Điểm": rows})


def long_rows(people: Sequence[Filled], *, repeats: bool = False, ditto: bool = False) -> Book:
    """One row an indicator: ten rows a person."""
    rows: list[Sequence[object]] = [["TT", "Họ và tên", "Ngày sinh", "CCCD", "Nhóm", "Chỉ số", "Điểm"]]
    for number, person in enumerate(people, 1):
        for n in range(1, 11):
            head = _person(number, person) if n == 1 or repeats else ["", '"' if ditto else "", "", "", ""]
            rows.append([*head, f"CS{n}" if not ditto else n, person.scores[n - 1]])
    return Book({"Chi tiết": rows})


def forms(people: Sequence[Filled], *, per_sheet: int = 1, two_scores: bool = False, split: bool = False) -> Book:
    """Forms as they are printed: one a sheet, or several below each other."""
    sheets: dict[str, list[Sequence[object]]] = {}
    for number, person in enumerate(people):
        rows = sheets.setdefault(f"Phiếu {number // per_sheet + 1}", [])
        rows.append(["ỦY BAN NHÂN DÂN XÃ PHÚ AN", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
        rows.append(["PHIẾU TỰ ĐÁNH GIÁ CÔNG DÂN HỌC TẬP NĂM 2026"])
        if split:
            rows.append(["Họ và tên:", person.name, "", "Ngày sinh:", person.birth])
            rows.append(["Số CCCD:", person.cccd, "", "Nhóm:", person.words])
            rows.append(["Địa chỉ:", person.hamlet])
        else:
            rows.append([f"Họ và tên: {person.name.upper()}          Ngày sinh: {person.birth}"])
            rows.append([f"Số CCCD: {person.cccd or '……………………'}"])
            rows.append([f"Thôn: {person.hamlet}. Đối tượng: {person.words}"])
        scores = ["Tự chấm", "Thôn chấm"] if two_scores else ["Điểm"]
        rows.append(["TT", "Nội dung đánh giá", "Điểm tối đa", *scores])
        n = 0
        for name, count in COMPETENCES:
            rows.append([name.split(".")[0], name.split(". ")[1], count * 10, *[""] * len(scores)])
            for _ in range(count):
                n += 1
                given = [person.scores[n - 1]] * len(scores)
                if two_scores:
                    given[0] = 10
                rows.append([n, WORDING[n - 1], 10, *given])
        rows.append(["", "Tổng cộng", 100, *[""] * (len(scores) - 1), person.total])
        rows.append(["", "Kết quả:", "Đạt" if person.passed else "Không đạt"])
        rows.append(["", "", "", "Phú An, ngày 12 tháng 11 năm 2026"])
        rows.append(["", "", "", "Người khai"])
        rows.append(["", "", "", person.name])
    return Book(sheets)


def known(people: Sequence[Filled]) -> list[tuple[object, ...]]:
    """What must come out: as ``expected.json`` tells it."""
    return sorted((p.name, p.total, p.passed, p.group, *p.scores) for p in people)


LAYOUTS: Mapping[str, Callable[[Sequence[Filled]], Book]] = {
    **{f"across {style}": (lambda people, style=style: across(people, style)) for style in HEADINGS},
    "two rows": two_rows,
    "two rows numbers": lambda people: two_rows(people, "1"),
    "two rows wording": lambda people: two_rows(people, "wording begins"),
    "maxima": lambda people: two_rows(people, maxima=True),
    "numbered": lambda people: two_rows(people, "Chỉ số 1", numbered=True),
    "maxima, numbered": lambda people: two_rows(people, maxima=True, numbered=True),
    "by hamlet": by_hamlet,
    "by group": by_group,
    "by group's title": lambda people: by_group(people, by_title=True),
    "people across": people_across,
    "people across, titled": lambda people: people_across(people, wording=False, titles=("BẢNG ĐIỂM NĂM 2026",)),
    "names in heading": names_in_heading,
    "long": long_rows,
    "long, repeated": lambda people: long_rows(people, repeats=True),
    "long, ditto": lambda people: long_rows(people, ditto=True),
    "forms": forms,
    "forms, split": lambda people: forms(people, split=True),
    "forms, several": lambda people: forms(people, per_sheet=5),
    "forms, several split": lambda people: forms(people, per_sheet=5, split=True),
    "forms, two scores": lambda people: forms(people, two_scores=True, split=True),
}
