"""Lays a commune out as sheets of cells in a style: headings, rows, totals, signatures, and all that stands between."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.services.importing.generator.commune import HAMLETS, Commune, Home, Person
from tests.services.importing.generator.style import HEADINGS, Style

Cell = str | int | float | datetime.date
Merge = tuple[int, int, int, int]
GROUPS = {"birth_nam": "birth", "birth_nu": "birth", "birth_d": "birth", "birth_m": "birth", "birth_y": "birth",
          "sex_nam": "sex", "sex_nu": "sex", "family": "name", "given": "name", "poor": "poverty",
          "near_poor": "poverty"}  # fmt: skip
LEAVES = {"birth_nam": "Nam", "birth_nu": "Nữ", "birth_d": "Ngày", "birth_m": "Tháng", "birth_y": "Năm",
          "sex_nam": "Nam", "sex_nu": "Nữ"}  # fmt: skip
OF_HOME = frozenset({"hamlet", "address", "poverty", "poor", "near_poor"})
SIGNERS = ("Nguyễn Văn Trưởng", "Trần Thị Lập")
EPOCH = datetime.date(1899, 12, 30)


@dataclass
class Sheet:
    """Cells as they are to stand in the file; merges are (top, bottom, left, right), all included."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    names_at: set[int] = field(default_factory=set)


def long_forms(hamlet: str) -> list[str]:
    """The ways to write a hamlet's name in a title."""
    return [form for form in HAMLETS[hamlet] if " " in form and not form.startswith("Th ")]


def lay_out(commune: Commune, style: Style) -> list[Sheet]:
    """Return the sheets of a list."""
    return _Layout(commune, style).sheets()


class _Layout:
    def __init__(self, commune: Commune, style: Style) -> None:
        self._commune = commune
        self._style = style
        self._pick = style.pick
        self._words = {name: self._pick.choice(words) for name, words in HEADINGS.items()}
        if style.births == "years":
            self._words["birth"] = "Năm sinh"
        if style.has_heads_only and style.marks == "head_name":
            self._words["name"] = self._words["head"]
        self._columns = self._expanded(style.columns)
        self._number = 0

    def sheets(self) -> list[Sheet]:
        style, commune = self._style, self._commune
        if style.sheets == "each":
            return [self._sheet(self._sheet_name(hamlet), hamlet, self._homes(hamlet)) for hamlet in commune.hamlets]
        if style.sheets != "tables":
            return [self._sheet(self._pick.choice(("Danh sách", "Sheet1", "DS2026")), "", commune.homes)]
        sheet = Sheet("Danh sách")
        for place, hamlet in enumerate(commune.hamlets):
            if place and style.other_orders:
                self._pick.shuffle(style.columns)
                self._columns = self._expanded(style.columns)
            self._table(sheet, hamlet, self._homes(hamlet))
            self._blank(sheet)
        return [sheet]

    def _homes(self, hamlet: str) -> list[Home]:
        return [home for home in self._commune.homes if home.hamlet == hamlet]

    def _sheet_name(self, hamlet: str) -> str:
        if self._style.titles > 1 and self._pick.random() < 0.3:
            return f"Sheet{self._commune.hamlets.index(hamlet) + 1}"
        return self._pick.choice(HAMLETS[hamlet])

    def _sheet(self, name: str, hamlet: str, homes: Sequence[Home]) -> Sheet:
        sheet = Sheet(name)
        self._number = 0
        self._table(sheet, hamlet, homes)
        return sheet

    def _expanded(self, columns: Sequence[str]) -> list[str]:
        style = self._style
        parts = {
            ("birth", "nam_nu"): ["birth_nam", "birth_nu"], ("birth", "parts"): ["birth_d", "birth_m", "birth_y"],
            ("sex", "ticks"): ["sex_nam", "sex_nu"], ("poverty", "ticks"): ["poor", "near_poor"],
            ("name", "two"): ["family", "given"], ("name", "merged"): ["family", "given"],
        }  # fmt: skip
        how = {"birth": style.births, "sex": style.sexes, "poverty": style.poverty, "name": style.names}
        return [part for name in columns for part in parts.get((name, how.get(name, "")), [name])]

    # -- a table ---------------------------------------------------------------------------------------------------

    def _put(self, sheet: Sheet, cells: Sequence[Cell]) -> None:
        sheet.rows.append([""] * self._style.left + list(cells))

    def _blank(self, sheet: Sheet) -> None:
        self._put(sheet, [""] * len(self._columns))

    def _at(self, **places: str) -> list[Cell]:
        """A row with texts at the columns of some fields; "first" and "last" are places too."""
        row: list[Cell] = [""] * len(self._columns)
        for name, text in places.items():
            at = {"first": 0, "last": len(row) - 1}.get(name)
            row[at if at is not None else self._name_at()] = text
        return row

    def _name_at(self) -> int:
        return self._columns.index("name" if "name" in self._columns else "family")

    def _table(self, sheet: Sheet, hamlet: str, homes: Sequence[Home]) -> None:
        self._titles(sheet, hamlet)
        heading = self._heading(sheet)
        sheet.names_at |= {
            self._style.left + at for at, n in enumerate(self._columns) if n in ("name", "family", "given")
        }
        self._numbering(sheet)
        self._body(sheet, homes, heading)
        if self._style.foot:
            self._foot(sheet, homes)
        if self._style.hides:
            self._blank(sheet)
            sheet.hidden_rows.add(len(sheet.rows) - 1)
            sheet.hidden_columns.add(self._style.left + len(self._columns) + 1)

    def _titles(self, sheet: Sheet, hamlet: str) -> None:
        style = self._style
        told = f" {self._pick.choice(long_forms(hamlet))}" if hamlet else ""
        needs = bool(hamlet) and (style.sheets == "tables" or sheet.name.startswith("Sheet"))
        if style.titles > 2:
            self._put(sheet, self._at(first="ỦY BAN NHÂN DÂN XÃ PHÚ AN", last="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
            self._put(sheet, self._at(last="Độc lập - Tự do - Hạnh phúc"))
        if style.titles > 0:
            self._put(sheet, self._at(first="UBND XÃ PHÚ AN"))
        if style.titles > 1 or needs:
            title = self._pick.choice(("DANH SÁCH NHÂN KHẨU", "DANH SÁCH HỘ GIA ĐÌNH, NHÂN KHẨU", "Danh sách công dân"))
            self._put(sheet, self._at(first=f"{title}{told} NĂM 2026"))
            row = len(sheet.rows) - 1
            sheet.merges.append((row, row, style.left, style.left + len(self._columns) - 1))
        if style.titles:
            self._blank(sheet)

    def _heading(self, sheet: Sheet) -> list[list[Cell]]:
        """Write the heading, groups above and leaves below, and return its rows for the tops of later pages."""
        style, columns, top = self._style, self._columns, len(sheet.rows)
        deep = style.header_rows
        rows: list[list[Cell]] = [[""] * len(columns) for _ in range(deep)]
        for at, name in enumerate(columns):
            group = (
                GROUPS.get(name) if deep > 1 and not (name in ("family", "given") and style.names == "two") else None
            )
            if name in ("poor", "near_poor") and not (group and self._words["poverty"].startswith(("Diện", "Loại"))):
                group = None
            left = style.left + at
            if group is None:
                rows[0][at] = self._word(name)
                if deep > 1:
                    sheet.merges.append((top, top + deep - 1, left, left))
                continue
            rows[deep - 1][at] = LEAVES.get(name) or ("Họ" if name == "family" else self._word(name))
            first = at == 0 or GROUPS.get(columns[at - 1]) != group
            if first:
                last = max(i for i, other in enumerate(columns) if GROUPS.get(other) == group)
                title = "Giới tính" if group == "sex" else "Ngày sinh" if group == "birth" else self._words[group]
                rows[0][at] = "Họ và tên" if group == "name" else title
                sheet.merges.append((top, top + deep - 2, left, style.left + last))
        for row in rows:
            self._put(sheet, row)
        return rows

    def _word(self, name: str) -> str:
        return self._words[name] if name in self._words else LEAVES[name]

    def _numbering(self, sheet: Sheet) -> None:
        kind, width = self._style.numbering, len(self._columns)
        if kind == "A12":
            self._put(sheet, ["A", *range(1, width)])
        elif kind:
            self._put(sheet, [f"({n})" if kind == "(1)" else n for n in range(1, width + 1)])

    def _foot(self, sheet: Sheet, homes: Sequence[Home]) -> None:
        total = sum(len(home.members) for home in homes)
        self._put(sheet, self._at(name=f"Tổng cộng: {len(homes)} hộ, {total} nhân khẩu"))
        self._blank(sheet)
        self._put(sheet, self._at(last="Phú An, ngày 05 tháng 03 năm 2026"))
        self._put(sheet, self._at(name="NGƯỜI LẬP BIỂU", last="TRƯỞNG THÔN"))
        self._put(sheet, self._at(name="(Ký, ghi rõ họ tên)", last="(Ký tên, đóng dấu)"))
        self._blank(sheet)
        self._put(sheet, self._at(name=SIGNERS[0], last=SIGNERS[1]))

    # -- its rows ----------------------------------------------------------------------------------------------------

    def _body(self, sheet: Sheet, homes: Sequence[Home], heading: list[list[Cell]]) -> None:
        style, last = self._style, ""
        for at_home, home in enumerate(homes, start=1):
            if style.sheets == "sections" and home.hamlet != last:
                self._put(sheet, self._at(first=self._pick.choice(long_forms(home.hamlet))))
                last = home.hamlet
            if style.marks == "head_lines":
                title = "ông" if home.members[0].sex == "Nam" else "bà"
                self._put(sheet, self._at(name=f"Hộ {title} {home.members[0].name}"))
            top = len(sheet.rows)
            written = home.members[:1] if style.has_heads_only else home.members
            for place, person in enumerate(written):
                self._number += 1
                self._between(sheet, heading)
                cells = self._cells(home, person, place, at_home)
                self._ditto(cells, home, place)
                self._put(sheet, [cells[name] for name in self._columns])
            if style.marks == "code_merged" and not style.page_breaks and not style.page_totals:
                self._merge_home(sheet, top)
            if style.blank_rows and self._pick.random() < 0.2:
                self._blank(sheet)

    def _between(self, sheet: Sheet, heading: list[list[Cell]]) -> None:
        if self._style.page_totals and self._number % 17 == 0:
            self._put(sheet, self._at(name=f"Cộng trang {self._number // 17}: 17 người"))
        if self._style.page_breaks and self._number % 15 == 0:
            for row in heading:
                self._put(sheet, row)

    def _merge_home(self, sheet: Sheet, top: int) -> None:
        bottom = len(sheet.rows) - 1
        for at, name in enumerate(self._columns):
            if bottom > top and (name in OF_HOME or name == "code"):
                left = self._style.left + at
                sheet.merges.append((top, bottom, left, left))

    def _ditto(self, cells: dict[str, Cell], home: Home, place: int) -> None:
        if not self._style.has_dittos or place == 0:
            return
        person, above = home.members[place], home.members[place - 1]
        signs = ["nt", "-nt-", "“" if self._style.format == "csv" else "″", '"', "//", "như trên", "n.t", "NT", "''"]
        if place > 1 and person.relation == above.relation and cells["relation"] == above.relation:
            cells["relation"] = self._pick.choice([*signs, "Con"])
        for name in ("ethnic", "religion", "job"):
            if getattr(person, name) and getattr(person, name) == getattr(above, name):
                cells[name] = self._pick.choice(signs)
        for name in ("address", "hamlet"):
            if cells[name]:
                cells[name] = self._pick.choice(signs)

    def _cells(self, home: Home, person: Person, place: int, at_home: int) -> dict[str, Cell]:
        style, is_first = self._style, place == 0
        told = is_first or style.marks in ("code", "no", "relation", "head_name", "tt_restart")
        is_male = person.sex == "Nam"
        year, month, day = person.birth
        birth = self._birth(person)
        head = home.members[0].name
        family, _, given = person.name.rpartition(" ")
        tt: Cell = self._number
        if style.marks == "tt_first":
            tt = at_home if is_first else ""
        elif style.marks == "tt_restart":
            tt = place + 1
        cells: dict[str, Cell] = {
            "tt": tt, "code": home.code if is_first or style.marks == "code" else "",
            "no": at_home if is_first or style.marks == "no" else "",
            "hamlet": self._pick.choice(HAMLETS[home.hamlet]) if told else "", "address": home.address if told else "",
            "poverty": home.poverty if told else "",
            "poor": "x" if home.poverty == "Hộ nghèo" and told else "",
            "near_poor": "X" if home.poverty == "Hộ cận nghèo" and told else "",
            "note": home.poverty if style.poverty == "note" and is_first else "",
            "head": ("x" if is_first else "") if style.marks == "head_mark" else head,
            "name": self._name(person.name), "family": self._name(family), "given": self._name(given),
            "relation": person.relation, "sex": self._sex(person.sex), "birth": birth,
            "sex_nam": "x" if is_male else "", "sex_nu": "" if is_male else "x",
            "birth_nam": birth if is_male else "", "birth_nu": "" if is_male else birth,
            "birth_d": day or "", "birth_m": month or "", "birth_y": year,
            "cccd": self._cccd(person.cccd), "phone": self._phone(person.phone), "ethnic": person.ethnic,
            "religion": person.religion, "job": person.job, "issued": "12/05/2021", "origin": "Quảng Nam",
            "education": "9/12", "age": 2026 - year, "members": len(home.members),
        }  # fmt: skip
        return cells

    def _sex(self, sex: str) -> str:
        return self._pick.choice((sex, sex.lower(), sex.upper())) if self._style.dirt else sex

    def _name(self, name: str) -> str:
        if self._style.is_upper:
            name = name.upper()
        if not self._style.dirt or not name:
            return name
        return self._pick.choice((name, name, f" {name} ", name.replace(" ", "  "), f"\u200b{name}", f"{name}\u00a0",
                                  f"{name}\u200e", name.replace(" ", "\u00a0")))  # fmt: skip

    def _cccd(self, number: str) -> Cell:
        style, pick = self._style, self._pick
        if not number:
            return pick.choice(("", "-", "không", "chưa có")) if style.dirt else ""
        if style.numbers_as_numbers and pick.random() < 0.6:
            return int(number)
        if style.has_loose_numbers:
            spaced = " ".join(number[at : at + 3] for at in range(0, 12, 3))
            return pick.choice((number, spaced, f"'{number}", f"{number} ", number.lstrip("0")))
        return number

    def _phone(self, number: str) -> Cell:
        style, pick = self._style, self._pick
        if number and style.numbers_as_numbers and pick.random() < 0.6:
            return int(number)
        if number and style.has_loose_numbers:
            dotted = f"{number[:4]}.{number[4:7]}.{number[7:]}"
            country = (f"+84{number[1:]}", f"84 {number[1:]}")
            several = f"{number}/0912345678"
            return pick.choice((number, dotted, *country, number[1:], dotted.replace(".", " "), several))
        return number

    def _birth(self, person: Person) -> Cell:
        style, pick = self._style, self._pick
        year, month, day = person.birth
        if month is None or day is None or style.births == "years":
            return pick.choice((str(year), year)) if style.loose_dates and style.format != "csv" else str(year)
        if not style.loose_dates:
            return f"{day:02d}/{month:02d}/{year}"
        forms: list[Cell] = [
            f"{day:02d}/{month:02d}/{year}", f"{day}/{month}/{year}", f"{day:02d}-{month:02d}-{year}",
            f"{day:02d}.{month:02d}.{year}", f" {day:02d}/{month:02d}/{year} ", f"{day:02d}/{month:02d}/ {year}",
            f"{year}-{month:02d}-{day:02d}", f"{day} tháng {month} năm {year}", f"{day}-{month}-{year}",
        ]  # fmt: skip
        if 1931 <= year <= 2026:
            forms.append(f"{day}/{month}/{year % 100:02d}")
        if style.format != "csv":
            date = datetime.date(year, month, day)
            forms += [date, date, (date - EPOCH).days]
        return pick.choice(forms)
