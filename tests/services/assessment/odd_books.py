"""Workbooks of scores whose columns do not say plainly what they are: few words, several scores each, ticks, sums.

Invariant: what is to come out is known from the people alone (``score_books``), whatever the layout hides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from openpyxl.utils import get_column_letter

from desktop_app.models.types import CitizenGroup
from tests.services.assessment.score_books import COMPETENCES, WORDING, Book, Filled

SHORT = (
    "Tra cứu", "Kế hoạch học tập", "Hoạt động cộng đồng", "Động viên", "CNTT", "Ngoại ngữ", "Tính toán",
    "Tư duy phản biện", "Quan hệ thân thiện", "Hợp tác, chia sẻ",
)  # fmt: skip
CUT = tuple(f"{text.removeprefix('Kỹ năng: ')[:28]}..." for text in WORDING)
DOTTED = ("1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2")
NUMBERED = [f"CS{n}" for n in range(1, 11)]
WHO = ("TT", "Họ và tên", "Ngày sinh", "CCCD", "Nhóm")
PARTS = ((0, 4), (4, 8), (8, 10))


def _who(number: int, person: Filled) -> list[object]:
    return [number, person.name, person.birth, person.cccd, person.words]


def _plain(people: Sequence[Filled], headings: Sequence[object], *titles: str) -> Book:
    rows: list[Sequence[object]] = [[title] for title in titles]
    rows.append([*WHO, *headings, "Tổng"])
    rows += [[*_who(n, p), *p.scores, p.total] for n, p in enumerate(people, 1)]
    return Book({"Sheet1": rows})


def mixed_order(people: Sequence[Filled]) -> Book:
    """Columns headed by a few words of each indicator, in any order."""
    order = random.Random(len(people)).sample(range(10), 10)
    rows: list[Sequence[object]] = [[*WHO, *(SHORT[at] for at in order), "Cộng"]]
    rows += [[*_who(n, p), *(p.scores[at] for at in order), p.total] for n, p in enumerate(people, 1)]
    return Book({"Phiếu": rows})


def _own(person: Filled) -> list[int]:
    return [10 - score // 3 for score in person.scores]


def two_each(people: Sequence[Filled]) -> Book:
    """Under each indicator the person's own score and the hamlet's."""
    first: list[object] = [*WHO, *(text for name in (*NUMBERED, "Tổng") for text in (name, ""))]
    rows: list[Sequence[object]] = [first, ["", "", "", "", "", *["Tự chấm", "Thôn chấm"] * 11]]
    for n, p in enumerate(people, 1):
        pairs = [score for pair in zip(_own(p), p.scores, strict=True) for score in pair]
        rows.append([*_who(n, p), *pairs, sum(_own(p)), p.total])
    merges = [f"{get_column_letter(6 + 2 * n)}1:{get_column_letter(7 + 2 * n)}1" for n in range(11)]
    return Book({"Chấm": rows}, merges)


def two_judges(people: Sequence[Filled]) -> Book:
    """The same, called by words of the wordings and by a word for the place."""
    book = two_each(people)
    heading = ["", "", "", "", "", *["Cá nhân", "Thôn"] * 11]
    return Book({"Chấm": [book.sheets["Chấm"][0], heading, *book.sheets["Chấm"][2:]]}, book.merges)


def not_merged(people: Sequence[Filled]) -> Book:
    """Competences over beginnings of the wordings as a .csv has them: with nothing that tells how wide they are."""
    first = [
        *WHO,
        "I. Năng lực tự học (40đ)",
        "",
        "",
        "",
        "II. Sử dụng công cụ (40đ)",
        "",
        "",
        "",
        "III. Quan hệ xã hội",
        "",
    ]
    rows: list[Sequence[object]] = [
        first,
        ["", "", "", "", "", *(f"Chỉ số {n}: {WORDING[n - 1][:40]}" for n in range(1, 11))],
    ]
    rows += [[*_who(n, p), *p.scores] for n, p in enumerate(people, 1)]
    return Book({"S": rows})


def long_by_letters(people: Sequence[Filled]) -> Book:
    """One row an indicator beside groups that are called by letters and numbers."""
    rows: list[Sequence[object]] = [["TT", "Họ và tên", "Ngày sinh", "Nhóm", "Chỉ số", "Điểm"]]
    for number, person in enumerate(people, 1):
        at = list(CitizenGroup).index(person.group)
        group = str(at + 1) if number % 2 else "abcd"[at]
        rows += [[number, person.name, person.birth, group, WORDING[n], person.scores[n]] for n in range(10)]
    return Book({"S": rows})


def halves(people: Sequence[Filled], left: str = "Cá nhân tự chấm", right: str = "Tổ thẩm định") -> Book:
    """All indicators twice: under one heading and under another."""
    rows: list[Sequence[object]] = [[*WHO, left, *[""] * 10, right, *[""] * 10]]
    rows.append(["", "", "", "", "", *([*NUMBERED, "Tổng"] * 2)])
    rows += [[*_who(n, p), *_own(p), sum(_own(p)), *p.scores, p.total] for n, p in enumerate(people, 1)]
    return Book({"Chấm": rows}, ["F1:P1", "Q1:AA1"])


def subtotals(people: Sequence[Filled]) -> Book:
    """Columns "1" to "10" with "TC1" to "TC3", the sums of each competence, among them."""
    rows: list[Sequence[object]] = [[*WHO, 1, 2, 3, 4, "TC1", 5, 6, 7, 8, "TC2", 9, 10, "TC3", "Tổng"]]
    for n, p in enumerate(people, 1):
        groups = [[*p.scores[a:b], sum(p.scores[a:b])] for a, b in PARTS]
        rows.append([*_who(n, p), *(score for group in groups for score in group), p.total])
    return Book({"TH": rows})


def ticked(people: Sequence[Filled]) -> Book:
    """A tick below the group, and births of men and women in two columns."""
    names = ("Người dân", "Người lao động", "CBCCVC", "HSSV")
    first = ["TT", "Họ và tên", "Năm sinh", "", "Nhóm đối tượng", "", "", "", *NUMBERED, "Tổng"]
    rows: list[Sequence[object]] = [first, ["", "", "Nam", "Nữ", *names]]
    for n, p in enumerate(people, 1):
        birth = [p.birth, ""] if n % 2 else ["", p.birth]
        ticks = ["x" if p.group is group else "" for group in CitizenGroup]
        rows.append([n, p.name, *birth, *ticks, *p.scores, p.total])
    return Book({"DS": rows}, ["C1:D1", "E1:H1"])


def numbers_below(people: Sequence[Filled]) -> Book:
    """One wide heading over the bare numbers of the indicators."""
    rows: list[Sequence[object]] = [[*WHO, "Điểm các chỉ số", *[""] * 9, "Tổng"], ["", "", "", "", "", *range(1, 11)]]
    rows += [[*_who(n, p), *p.scores, p.total] for n, p in enumerate(people, 1)]
    return Book({"DS": rows}, ["F1:O1"])


def with_titles(people: Sequence[Filled]) -> Book:
    """ "Ông", "Bà" before the names."""
    book = _plain(people, NUMBERED)
    for at, row in enumerate(book.sheets["Sheet1"][1:]):
        assert isinstance(row, list)
        row[1] = ("Ông ", "Bà ", "Chị ", "")[at % 4] + str(row[1])
    return book


def under_groups(people: Sequence[Filled]) -> Book:
    """People across, below their names a line of groups in words that also head columns of names."""
    names = ("Người dân", "Người lao động", "CBCCVC", "HSSV")
    rows: list[Sequence[object]] = [["Nội dung", *(p.name for p in people)]]
    rows.append(["Năm sinh", *(p.birth[-4:] for p in people)])
    rows.append(["Nhóm", *(names[list(CitizenGroup).index(p.group)] for p in people)])
    rows += [[f"CS-{at + 1}", *(p.scores[at] for p in people)] for at in range(10)]
    return Book({"S": rows})


def down(people: Sequence[Filled], labels: Sequence[object], corner: str) -> Book:
    """People across below nothing but their names; what stands in the corner differs."""
    rows: list[Sequence[object]] = [[corner, *(p.name for p in people)]]
    rows.append(["Ngày sinh", *(p.birth for p in people)])
    rows.append(["Nhóm", *(p.words for p in people)])
    rows.append(["Thôn", *(p.hamlet for p in people)])
    rows += [[label, *(p.scores[at] for p in people)] for at, label in enumerate(labels)]
    rows.append(["Tổng", *(p.total for p in people)])
    return Book({"S": rows})


def down_with_sums(people: Sequence[Filled]) -> Book:
    """People across, the competences with their sums between the indicators."""
    rows: list[Sequence[object]] = [["BẢNG CHẤM"], ["", "Họ và tên", *(p.name for p in people)]]
    rows += [["", "Ngày sinh", *(p.birth for p in people)], ["", "Đối tượng", *(p.words for p in people)]]
    rows.append(["", "CCCD", *(p.cccd for p in people)])
    for (name, _), (a, b) in zip(COMPETENCES, PARTS, strict=True):
        rows.append([name.split(".")[0], name.split(". ")[1], *(sum(p.scores[a:b]) for p in people)])
        rows += [[at + 1, WORDING[at], *(p.scores[at] for p in people)] for at in range(a, b)]
    return Book({"S": rows})


def side_by_side(people: Sequence[Filled]) -> Book:
    """Two tables beside each other under the same headings."""
    half = (len(people) + 1) // 2
    heading = [*WHO, *NUMBERED, "Tổng"]
    lines = [[*_who(n, p), *p.scores, p.total] for n, p in enumerate(people, 1)]
    rest = [*lines[half:], [""] * len(heading)]
    rows: list[Sequence[object]] = [["DANH SÁCH CHẤM ĐIỂM"], [*heading, "", *heading]]
    rows += [[*left, "", *right] for left, right in zip(lines[:half], rest, strict=False)]
    rows.append(["", "Trưởng thôn", *[""] * 15, "Người lập"])
    return Book({"S": rows})


ODD: Mapping[str, Callable[[Sequence[Filled]], Book]] = {
    "short words": lambda people: _plain(people, SHORT),
    "short words, any order": mixed_order,
    "dotted numbers": lambda people: _plain(people, [float(code) for code in DOTTED]),
    "Đ1": lambda people: _plain(people, [f"Đ{n}" for n in range(1, 11)]),
    "Chỉ số thứ 1": lambda people: _plain(people, [f"Chỉ số thứ {n}" for n in range(1, 11)]),
    "CS-1": lambda people: _plain(people, [f"CS-{n}" for n in range(1, 11)]),
    "words cut off": lambda people: _plain(people, CUT),
    "down, Đ1": lambda people: down(people, [f"Đ{n}" for n in range(1, 11)], "Chỉ số"),
    "down, under groups": under_groups,
    "down, one in full": lambda people: down(people, [*SHORT[:-1], f"Kỹ năng {SHORT[-1].lower()}"], "Nội dung"),
    "letters": lambda people: _plain(people, list("abcdđeghik"), "BẢNG CHẤM ĐIỂM"),
    "all called score": lambda people: _plain(people, ["Điểm"] * 10),
    "two scores each": two_each,
    "two judges": two_judges,
    "two rows, not merged": not_merged,
    "long, groups by letters": long_by_letters,
    "two halves": halves,
    "last year beside": lambda people: halves(people, "Năm 2025", "Năm 2026"),
    "subtotals": subtotals,
    "side by side": side_by_side,
    "ticks": ticked,
    "numbers below": numbers_below,
    "titles before names": with_titles,
    "down, dotted": lambda people: down(people, DOTTED, "Họ và tên"),
    "down, short words": lambda people: down(people, SHORT, "Nội dung"),
    "down, numbered": lambda people: down(people, NUMBERED, "Nội dung chỉ số"),
    "down, sums between": down_with_sums,
}
