"""Invented communes written as the workbooks that offices keep: many headings, orders, layouts, charsets and formats.

`write_list(folder, seed)` gives a file and what must be read from it; equal seeds give equal files.
"""

from __future__ import annotations

import csv
import datetime
import random
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import xlwt
from openpyxl.styles import Font

from desktop_app.services.vietnamese.charsets import TCVN3, VNI

FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Vũ",
)
MIDDLES_M = ("Văn", "Đức", "Hữu", "Quốc", "Xuân", "Minh", "Công", "Đình")
MIDDLES_F = ("Thị", "Hồng", "Ngọc", "Kim", "Bích", "Mỹ", "Thu", "Thanh")
GIVENS_M = ("An", "Bình", "Cường", "Dũng", "Giang", "Hiếu", "Khánh", "Nam", "Phúc", "Ước", "Tường", "Vỹ", "Đạt", "Sửu")
GIVENS_F = ("Ánh", "Diễm", "Hạnh", "Lan", "Mai", "Oanh", "Thảo", "Uyên", "Yến", "Phượng", "Huệ", "Mỵ", "Ý", "Nguyệt")
JOBS = ("Nông dân", "Công nhân", "Học sinh", "Giáo viên", "Buôn bán", "Nội trợ", "Thợ mộc", "Hưu trí", "")
ETHNIC = ("Kinh", "Kinh", "Kinh", "Tày", "Ê Đê", "Hoa", "Khmer", "Mường", "Thái")
POVERTY = ("", "", "", "", "Hộ nghèo", "Hộ cận nghèo")
SIGNERS = ("Nguyễn Văn Trưởng", "Trần Thị Lập")

HEADINGS: dict[str, tuple[str, ...]] = {
    "tt": ("TT", "STT", "Số TT", "Số thứ tự"),
    "code": ("Mã hộ", "Mã số hộ", "Số hộ khẩu", "MÃ HỘ"),
    "hamlet": ("Thôn", "Thôn/TDP", "Thôn, ấp, tổ dân phố", "Địa bàn", "THÔN (ẤP)"),
    "address": ("Địa chỉ", "Nơi thường trú", "Chỗ ở hiện nay", "Nơi ở"),
    "name": ("Họ và tên", "Họ tên", "HỌ VÀ TÊN", "Họ, chữ đệm và tên", "Họ và tên nhân khẩu", "Họ và tên thành viên"),
    "relation": ("Quan hệ", "Quan hệ với chủ hộ", "QH với chủ hộ", "Mối quan hệ"),
    "sex": ("Giới tính", "Phái", "GT", "Nam/Nữ"),
    "birth": ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh", "Ngày tháng năm sinh", "NTNS"),
    "cccd": ("Số CCCD", "CCCD", "Số CCCD/CMND", "Số định danh cá nhân", "Số căn cước", "CMND/CCCD"),
    "ethnic": ("Dân tộc", "DÂN TỘC", "Thành phần dân tộc"),
    "job": ("Nghề nghiệp", "Công việc", "Nghề nghiệp hiện nay"),
    "phone": ("Điện thoại", "SĐT", "Số điện thoại", "ĐT liên hệ"),
    "poverty": ("Diện hộ", "Hộ nghèo, cận nghèo", "Loại hộ"),
    "note": ("Ghi chú", "GHI CHÚ"),
    "religion": ("Tôn giáo",),
    "issued": ("Ngày cấp",),
    "origin": ("Quê quán",),
}


@dataclass
class Person:
    """A member of an invented household."""

    name: str
    relation: str
    sex: str
    birth: tuple[int, int | None, int | None]
    cccd: str
    ethnic: str
    job: str
    phone: str


@dataclass
class Home:
    """An invented household."""

    code: str
    hamlet: str
    address: str
    poverty: str
    members: list[Person]


@dataclass
class Expected:
    """What must be read: `told` names the fields that the file holds."""

    path: Path
    homes: list[Home]
    told: frozenset[str]
    style: str
    folded_names: bool = False


@dataclass
class Style:
    """How a list is written; drawn from a seed."""

    pick: random.Random
    format: str = "xlsx"
    charset: str = "unicode"
    sheets: str = "one"
    codes: str = "all"
    births: str = "one"
    sexes: str = "column"
    poverty: str = "column"
    dittos: bool = False
    two_rows: bool = False
    numbering: bool = False
    titles: int = 1
    foot: bool = True
    page_breaks: bool = False
    columns: list[str] = field(default_factory=list)
    loose_dates: bool = False
    number_cccd: bool = False


HAMLETS = (
    ("Thôn 1", ("Thôn 1", "thôn 01", "T1", "THÔN 1")),
    ("Thôn 2", ("Thôn 2", "Thôn số 2", "thôn 2", "T2")),
    ("Ấp Bình Hòa", ("Ấp Bình Hòa", "ẤP BÌNH HÒA", "ấp Bình Hòa")),
    ("Tổ dân phố số 3", ("TDP số 3", "Tổ dân phố 3", "TDP 03")),
    ("Khu phố 4", ("KP4", "Khu phố 4", "KP 04")),
)


def make_homes(pick: random.Random, count: int) -> list[Home]:
    """Return households with members whose numbers and dates agree."""
    homes = []
    for number in range(count):
        hamlet = HAMLETS[pick.randrange(len(HAMLETS))][0]
        family = pick.choice(FAMILIES)
        home = Home(
            f"{pick.randint(1, 9):02d}-{number:04d}",
            hamlet,
            f"Số {number + 1}, đường {pick.choice(GIVENS_F)}",
            pick.choice(POVERTY),
            [],
        )
        head_is_male = pick.random() < 0.7
        home.members.append(_person(pick, family, "Chủ hộ", head_is_male, pick.randint(1945, 1990)))
        if pick.random() < 0.6:
            home.members.append(
                _person(
                    pick,
                    pick.choice(FAMILIES),
                    "Vợ" if head_is_male else "Chồng",
                    not head_is_male,
                    pick.randint(1945, 1990),
                )
            )
        for _ in range(pick.randrange(4)):
            home.members.append(_person(pick, family, "Con", pick.random() < 0.5, pick.randint(1991, 2022)))
        homes.append(home)
    homes.sort(key=lambda home: [name for name, _ in HAMLETS].index(home.hamlet))
    return homes


def _person(pick: random.Random, family: str, relation: str, is_male: bool, year: int) -> Person:
    middle, given = (MIDDLES_M, GIVENS_M) if is_male else (MIDDLES_F, GIVENS_F)
    name = f"{family} {pick.choice(middle)} {pick.choice(given)}"
    if pick.random() < 0.03:
        name = pick.choice(("K'Tùng", "H'Hen Niê", "Y Moan Êban"))
    birth: tuple[int, int | None, int | None] = (year, pick.randint(1, 12), pick.randint(1, 28))
    if pick.random() < 0.08:
        birth = (year, None, None)
    century = (0 if is_male else 1) + (2 if year >= 2000 else 0)
    cccd = f"{pick.choice(('001', '031', '067', '079'))}{century}{year % 100:02d}{pick.randint(0, 999999):06d}"
    return Person(
        name, relation, "Nam" if is_male else "Nữ", birth, cccd if pick.random() < 0.8 else "", pick.choice(ETHNIC),
        pick.choice(JOBS), f"09{pick.randint(10**7, 10**8 - 1)}" if pick.random() < 0.5 else "",
    )  # fmt: skip


def draw_style(pick: random.Random) -> Style:
    """Draw how a list is written."""
    style = Style(pick)
    style.format = pick.choice(("xlsx", "xlsx", "xlsx", "xls", "csv", "ods"))
    old = (
        ("unicode", "unicode", "nfd", "tcvn3", "vni", "tcvn3h")
        if style.format in ("xlsx", "xls")
        else ("unicode", "nfd")
    )
    style.charset = pick.choice(old)
    style.sheets = (
        pick.choice(("one", "each", "sections")) if style.format != "csv" else pick.choice(("one", "sections"))
    )
    style.codes = pick.choice(("all", "first", "none", "numbers"))
    style.births = pick.choice(("one", "one", "nam_nu", "parts"))
    style.sexes = "none" if style.births == "nam_nu" else pick.choice(("column", "ticks"))
    style.poverty = pick.choice(("column", "note", "ticks", "none"))
    style.dittos = pick.random() < 0.4
    style.two_rows = style.births != "one" or style.sexes == "ticks"
    style.numbering = pick.random() < 0.25
    style.titles = pick.randrange(3)
    style.foot = pick.random() < 0.7
    style.page_breaks = pick.random() < 0.2 and not style.two_rows
    style.loose_dates = pick.random() < 0.6
    style.number_cccd = pick.random() < 0.4 and style.format != "csv"
    fields = ["name", "relation", "birth", "cccd"]
    fields += [
        name for name in ("address", "ethnic", "job", "phone", "religion", "issued", "origin") if pick.random() < 0.6
    ]
    if style.sexes != "none":
        fields.append("sex")
    if style.codes in ("all", "first"):
        fields.append("code")
    if style.sheets == "one":
        fields.append("hamlet")
    if style.poverty in ("column", "ticks"):
        fields.append("poverty")
    if style.poverty == "note" or pick.random() < 0.3:
        fields.append("note")
    pick.shuffle(fields)
    style.columns = ["tt", *fields] if style.codes == "numbers" or pick.random() < 0.8 else fields
    return style


def write_list(folder: Path, seed: int, homes: int = 25) -> Expected:
    """Write a list drawn from a seed, and return what must be read from it."""
    pick = random.Random(seed)
    commune = make_homes(pick, homes)
    style = draw_style(pick)
    writer = _Writer(style)
    if style.sheets == "each":
        for hamlet, forms in HAMLETS:
            here = [home for home in commune if home.hamlet == hamlet]
            if here:
                writer.table(pick.choice(forms), hamlet, here)
    else:
        writer.table("Danh sách", "", commune)
    path = folder / f"list_{seed}.{style.format}"
    writer.save(path)
    told = {*style.columns, "birth", "sex"} - {"tt", "religion", "issued", "origin"}
    if style.poverty != "none":
        told.add("poverty")
    notes = f"{style.format} {style.charset} {style.sheets} codes={style.codes} births={style.births} {style.columns}"
    return Expected(path, commune, frozenset(told | {"hamlet"}), notes, style.charset == "tcvn3h")


class _Writer:
    """Builds sheets of plain cells with merges, then saves them in one of the formats."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.sheets: list[tuple[str, list[list[object]], list[tuple[int, int, int, int]]]] = []
        self.pick = style.pick
        self.headings = {name: self.pick.choice(words) for name, words in HEADINGS.items()}

    def table(self, sheet: str, hamlet: str, homes: list[Home]) -> None:
        rows: list[list[object]] = []
        merges: list[tuple[int, int, int, int]] = []
        columns = self._columns()
        width = len(columns)
        if self.style.titles > 0:
            rows.append(["UBND XÃ PHÚ AN"] + [""] * (width - 1))
        if self.style.titles > 1 or (hamlet and sheet.startswith("Danh")):
            title = f"DANH SÁCH NHÂN KHẨU {hamlet} NĂM 2026" if hamlet else "DANH SÁCH NHÂN KHẨU NĂM 2026"
            rows.append(["", "", title] + [""] * (width - 3))
            rows.append([""] * width)
        self._heading(rows, merges, columns)
        heading = list(rows[-1])
        if self.style.numbering:
            rows.append([f"({n})" for n in range(1, width + 1)])
        self._body(rows, columns, homes, heading)
        if self.style.foot:
            total = sum(len(home.members) for home in homes)
            name_at = columns.index("name")
            rows.append(
                [f"Tổng cộng: {len(homes)} hộ, {total} nhân khẩu" if at == name_at else "" for at in range(width)]
            )
            rows.append([""] * width)
            rows.append(["Phú An, ngày 05 tháng 03 năm 2026" if at == width - 1 else "" for at in range(width)])
            rows.append(
                ["NGƯỜI LẬP BIỂU" if at == name_at else "TRƯỞNG THÔN" if at == width - 1 else "" for at in range(width)]
            )
            rows.append([""] * width)
            rows.append([SIGNERS[0] if at == name_at else SIGNERS[1] if at == width - 1 else "" for at in range(width)])
        self.sheets.append((sheet, rows, merges))

    def _columns(self) -> list[str]:
        columns: list[str] = []
        for name in self.style.columns:
            if name == "birth" and self.style.births == "nam_nu":
                columns += ["birth_nam", "birth_nu"]
            elif name == "birth" and self.style.births == "parts":
                columns += ["birth_d", "birth_m", "birth_y"]
            elif name == "sex" and self.style.sexes == "ticks":
                columns += ["sex_nam", "sex_nu"]
            elif name == "poverty" and self.style.poverty == "ticks":
                columns += ["poor", "near_poor"]
            else:
                columns.append(name)
        return columns

    def _heading(self, rows: list[list[object]], merges: list[tuple[int, int, int, int]], columns: list[str]) -> None:
        groups = {"birth_nam": "birth", "birth_nu": "birth", "birth_d": "birth", "birth_m": "birth", "birth_y": "birth",
                  "sex_nam": "sex", "sex_nu": "sex"}  # fmt: skip
        leaves = {"birth_nam": "Nam", "birth_nu": "Nữ", "birth_d": "Ngày", "birth_m": "Tháng", "birth_y": "Năm",
                  "sex_nam": "Nam",
                  "sex_nu": "Nữ", "poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}  # fmt: skip
        upper: list[object] = []
        lower: list[object] = []
        top = len(rows)
        for at, name in enumerate(columns):
            group = groups.get(name)
            if group:
                title = "Giới tính" if group == "sex" else "Ngày sinh"
                first = at == 0 or groups.get(columns[at - 1]) != group
                upper.append(title if first else "")
                lower.append(leaves[name])
                if first:
                    last = max(i for i, other in enumerate(columns) if groups.get(other) == group)
                    merges.append((top, top, at, last))
            else:
                upper.append(leaves.get(name) or self.headings[name])
                lower.append("")
                if self.style.two_rows:
                    merges.append((top, top + 1, at, at))
        rows.append(upper)
        if self.style.two_rows:
            rows.append(lower)

    def _body(self, rows: list[list[object]], columns: list[str], homes: list[Home], heading: list[object]) -> None:
        number = 0
        last_hamlet = ""
        for at_home, home in enumerate(homes, start=1):
            if self.style.sheets == "sections" and home.hamlet != last_hamlet:
                forms = dict(HAMLETS)[home.hamlet]
                long = [form for form in forms if " " in form]
                rows.append([self.pick.choice(long)] + [""] * (len(columns) - 1))
                last_hamlet = home.hamlet
            for place, person in enumerate(home.members):
                number += 1
                if self.style.page_breaks and number % 20 == 0:
                    rows.append(list(heading))
                cells = self._cells(home, person, place == 0, number, at_home)
                if self.style.dittos and place > 1 and person.relation == home.members[place - 1].relation:
                    cells["relation"] = self.pick.choice(
                        ("nt", "-nt-", "″" if self.style.format != "csv" else "//", '"', "Con")
                    )
                if self.style.dittos and place > 0 and person.ethnic == home.members[place - 1].ethnic:
                    cells["ethnic"] = "nt"
                rows.append([cells[name] for name in columns])

    def _cells(self, home: Home, person: Person, is_first: bool, number: int, at_home: int) -> dict[str, object]:
        first_only = self.style.codes == "first"
        told_home = is_first or not first_only
        birth = self._birth(person)
        is_male = person.sex == "Nam"
        year, month, day = person.birth
        forms = dict(HAMLETS)[home.hamlet]
        return {
            "tt": (at_home if is_first else "") if self.style.codes == "numbers" else number,
            "code": home.code if told_home else "", "hamlet": self.pick.choice(forms) if told_home else "",
            "address": home.address if told_home else "", "poverty": home.poverty if told_home else "",
            "poor": "x" if home.poverty == "Hộ nghèo" and told_home else "",
            "near_poor": "x" if home.poverty == "Hộ cận nghèo" and told_home else "",
            "note": home.poverty if self.style.poverty == "note" and is_first else "",
            "name": person.name, "relation": person.relation, "sex": person.sex, "birth": birth,
            "sex_nam": "x" if is_male else "", "sex_nu": "" if is_male else "x",
            "birth_nam": birth if is_male else "", "birth_nu": "" if is_male else birth,
            "birth_d": day or "", "birth_m": month or "", "birth_y": year,
            "cccd": int(person.cccd) if person.cccd and self.style.number_cccd and number % 2 else person.cccd,
            "ethnic": person.ethnic, "job": person.job, "phone": person.phone,
            "religion": "Không", "issued": "12/05/2021", "origin": "Quảng Nam",
        }  # fmt: skip

    def _birth(self, person: Person) -> object:
        year, month, day = person.birth
        if month is None or day is None:
            return self.pick.choice((str(year), year)) if self.style.loose_dates else str(year)
        if not self.style.loose_dates:
            return f"{day:02d}/{month:02d}/{year}"
        forms: list[object] = [f"{day:02d}/{month:02d}/{year}", f"{day}/{month}/{year}",
                               f"{day:02d}-{month:02d}-{year}",
                               f"{day:02d}.{month:02d}.{year}", f" {day:02d}/{month:02d}/{year} "]  # fmt: skip
        if self.style.format != "csv":
            forms += [datetime.date(year, month, day)] * 2
            forms.append((datetime.date(year, month, day) - datetime.date(1899, 12, 30)).days)
        return self.pick.choice(forms)

    def _text(self, value: object) -> object:
        return encode(value, self.style.charset) if isinstance(value, str) else value

    def save(self, path: Path) -> None:
        save = {"xlsx": self._save_xlsx, "xls": self._save_xls, "csv": self._save_csv, "ods": self._save_ods}
        save[self.style.format](path)

    def _font(self) -> str:
        return {"tcvn3": ".VnTime", "tcvn3h": ".VnTimeH", "vni": "VNI-Times"}.get(self.style.charset, "Times New Roman")

    def _save_xlsx(self, path: Path) -> None:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows, merges in self.sheets:
            sheet = book.create_sheet(name)
            for r, row in enumerate(rows, start=1):
                for c, value in enumerate(row, start=1):
                    if value != "":
                        sheet.cell(r, c, self._text(value)).font = Font(name=self._font())
            for top, bottom, left, right in merges:
                if (top, left) != (bottom, right):
                    sheet.merge_cells(
                        start_row=top + 1, end_row=bottom + 1, start_column=left + 1, end_column=right + 1
                    )
        book.save(path)

    def _save_xls(self, path: Path) -> None:
        book = xlwt.Workbook(encoding="utf-8")
        font = xlwt.Font()
        font.name = self._font()
        plain, dated = xlwt.XFStyle(), xlwt.XFStyle()
        plain.font = dated.font = font
        dated.num_format_str = "dd/mm/yyyy"
        for name, rows, merges in self.sheets:
            sheet = book.add_sheet(name)
            covered = {(r, c): m for m in merges for r in range(m[0], m[1] + 1) for c in range(m[2], m[3] + 1)}
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if (r, c) not in covered and value != "":
                        sheet.write(r, c, self._text(value), dated if isinstance(value, datetime.date) else plain)
            for top, bottom, left, right in merges:
                sheet.write_merge(top, bottom, left, right, self._text(rows[top][left]), plain)
        book.save(str(path))

    def _save_csv(self, path: Path) -> None:
        encoding = self.pick.choice(("utf-8", "utf-8-sig", "utf-16", "cp1258"))
        delimiter = self.pick.choice((",", ";", "\t"))
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            for row in self.sheets[0][1]:
                cells = [str(self._text(value)) for value in row]
                writer.writerow([to_windows_1258(cell) for cell in cells] if encoding == "cp1258" else cells)

    def _save_ods(self, path: Path) -> None:
        tables = []
        for name, rows, _ in self.sheets:
            lines = "".join(f"<table:table-row>{''.join(map(self._ods_cell, row))}</table:table-row>" for row in rows)
            tables.append(f'<table:table table:name="{escape(name)}">{lines}</table:table>')
        write_ods(path, "".join(tables))

    def _ods_cell(self, value: object) -> str:
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, datetime.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = escape(str(self._text(value)))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def write_ods(path: Path, tables: str) -> None:
    """Write the least that is an .ods, around the XML of its tables."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?>'
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
            f"{tables}</office:spreadsheet></office:body></office:document-content>",
        )


_TO_TCVN3 = {letter: shown for shown, letter in TCVN3.items()}
_TO_VNI = {letter: token for token, letter in VNI.items()}


def encode(text: str, charset: str) -> str:
    """Return text as an old font's file holds it (as windows-1252 shows the bytes), or decomposed."""
    if charset == "nfd":
        return unicodedata.normalize("NFD", text)
    if charset == "tcvn3h":
        text = text.lower()
    if charset in ("tcvn3", "tcvn3h"):
        return "".join(_TO_TCVN3.get(c) or _TO_TCVN3.get(c.lower(), c) for c in text)
    if charset == "vni":
        return "".join(_vni(c) for c in text)
    return text


def _vni(character: str) -> str:
    token = _TO_VNI.get(character)
    if token is not None:
        return token
    token = _TO_VNI.get(character.lower())
    return token.upper() if token is not None else character


def to_windows_1258(text: str) -> str:
    """Return text composed as windows-1258 holds it: base letters with their hats, tones as marks of their own."""
    parts = []
    for character in unicodedata.normalize("NFC", text):
        letters = unicodedata.normalize("NFD", character)
        tones = "".join(c for c in letters if c in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(c for c in letters if c not in tones))
        parts.append(base + tones)
    return "".join(parts)
