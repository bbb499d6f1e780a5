"""How a list is written: every choice an office makes without thinking of it, drawn from a seed or set by a test."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FORMATS = ("xlsx", "xlsx", "xlsx", "xlsx", "xls", "ods", "csv")
CHARSETS = ("unicode", "unicode", "unicode", "nfd", "tcvn3", "vni", "tcvn3h", "tcvn3_bare", "vni_bare", "mixed")
"""`…_bare` names no old font; `mixed` has names in an old font and the rest in Unicode."""
MARKS = ("code", "code_first", "code_merged", "tt_first", "tt_restart", "no", "no_first", "relation", "head_name",
         "head_lines", "head_mark")  # fmt: skip
"""What tells households apart."""
OPTIONAL = ("address", "ethnic", "religion", "job", "phone", "issued", "origin", "education", "age")

HEADINGS: dict[str, tuple[str, ...]] = {
    "tt": ("TT", "STT", "Số TT", "Số thứ tự", "S TT", "Stt"),
    "code": ("Mã hộ", "Mã số hộ", "Số hộ khẩu", "MÃ HỘ", "Số HK", "Mã hộ gia đình", "Mã HGĐ", "Sổ hộ khẩu số",
             "Hộ khẩu số", "ID hộ", "Ký hiệu hộ"),
    "no": ("STT hộ", "TT hộ", "Hộ số", "Số TT hộ", "Hộ"),
    "hamlet": ("Thôn/TDP", "Thôn, ấp, tổ dân phố", "Địa bàn", "Thôn (ấp, TDP)", "Tên thôn", "Khu dân cư",
               "Thôn/ấp/khóm", "Địa bàn dân cư", "Thôn hiện nay", "Khối phố, thôn", "Khu vực dân cư"),
    "address": ("Địa chỉ", "Nơi thường trú", "Chỗ ở hiện nay", "Nơi ở", "Địa chỉ thường trú", "Nơi đăng ký HKTT",
                "HKTT"),
    "name": ("Họ và tên", "Họ tên", "HỌ VÀ TÊN", "Họ, chữ đệm và tên", "Họ và tên nhân khẩu", "Họ và tên thành viên",
             "Tên", "Họ, chữ đệm, tên khai sinh", "Họ và tên (ghi chữ in hoa)", "Họ & tên",
             "Người trong hộ", "Thành viên trong gia đình"),
    "family": ("Họ và chữ đệm", "Họ đệm", "Họ lót", "Họ và tên đệm"),
    "given": ("Tên", "TÊN"),
    "head": ("Chủ hộ", "Họ tên chủ hộ", "Tên chủ hộ", "Họ và tên chủ hộ"),
    "relation": ("Quan hệ", "Quan hệ với chủ hộ", "QH với chủ hộ", "Mối quan hệ", "Q.hệ với CH", "QH", "Quan hệ với CH",
                 "QH CH", "Là gì với chủ hộ"),
    "sex": ("Giới tính", "Phái", "GT", "Nam/Nữ", "Giới", "G.tính"),
    "birth": ("Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh", "Ngày tháng năm sinh", "NTNS", "N.T.N.S", "Sinh ngày",
              "Ngày/tháng/năm sinh", "Ng. sinh", "Ngày, tháng, năm sinh (dd/mm/yyyy)"),
    "cccd": ("Số CCCD", "CCCD", "Số CCCD/CMND", "Số định danh cá nhân", "Số căn cước", "CMND/CCCD", "ĐDCN",
             "Số ĐDCN/CCCD", "Số CMND hoặc CCCD", "Căn cước công dân", "Mã định danh cá nhân", "SĐDCN", "Số CC/CCCD"),
    "ethnic": ("Dân tộc", "DÂN TỘC", "Thành phần dân tộc", "D.tộc", "DT"),
    "religion": ("Tôn giáo", "T.giáo"),
    "job": ("Nghề nghiệp", "Công việc", "Nghề nghiệp hiện nay", "Nghề", "N.nghiệp"),
    "phone": ("Điện thoại", "SĐT", "Số điện thoại", "ĐT liên hệ", "ĐT", "Số ĐT", "Di động", "Zalo",
              "Số ĐT liên hệ"),
    "poverty": ("Diện hộ", "Hộ nghèo, cận nghèo", "Loại hộ", "Hộ nghèo/cận nghèo", "Thuộc diện"),
    "poor": ("Hộ nghèo", "HN", "Nghèo"),
    "near_poor": ("Hộ cận nghèo", "HCN", "Cận nghèo"),
    "note": ("Ghi chú", "GHI CHÚ", "G.chú"),
    "issued": ("Ngày cấp", "Ngày cấp CCCD"),
    "origin": ("Quê quán", "Nguyên quán"),
    "education": ("Trình độ học vấn", "TĐVH", "Trình độ"),
    "age": ("Tuổi",),
    "members": ("Số nhân khẩu", "Số khẩu", "Tổng số nhân khẩu"),
}  # fmt: skip
"""What each column is called, by one hand or another."""


@dataclass
class Style:
    """How one list is written.

    Args:
        sheets: "one" table with a column of hamlets, "each" hamlet its sheet, "sections" of one table, "tables" below
            each other with a heading each.
        births: "one" column, "nam_nu" (two, which tell the sex), "parts" (three), "years" (no days are known).
        sexes: "column", "ticks" or "none".
        names: "one" column, "two", or "merged" under one heading.
        has_heads_only: one row a household, the head's.
    """

    pick: random.Random
    format: str = "xlsx"
    charset: str = "unicode"
    sheets: str = "one"
    marks: str = "code"
    births: str = "one"
    sexes: str = "column"
    names: str = "one"
    poverty: str = "column"
    has_heads_only: bool = False
    is_upper: bool = False
    has_dittos: bool = False
    loose_dates: bool = False
    numbers_as_numbers: bool = False
    has_loose_numbers: bool = False
    header_rows: int = 1
    numbering: str = ""
    titles: int = 2
    left: int = 0
    foot: bool = True
    page_breaks: bool = False
    page_totals: bool = False
    blank_rows: bool = False
    hides: bool = False
    dirt: bool = False
    other_orders: bool = False
    columns: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Say the style in one line."""
        shown = {name: value for name, value in vars(self).items() if name not in ("pick", "columns") and value}
        return f"{shown} {self.columns}"


def draw_style(seed: int, **fixed: object) -> Style:
    """Draw how a list is written; what is fixed is not drawn."""
    pick = random.Random(f"style {seed}")
    style = Style(pick)
    drawn = _drawn(pick)
    drawn.update(fixed)
    for name, value in drawn.items():
        setattr(style, name, value)
    _agree(style, pick, frozenset(fixed))
    if not style.columns:
        style.columns = _columns(style, pick)
    return style


def _drawn(pick: random.Random) -> dict[str, object]:
    return {
        "format": pick.choice(FORMATS),
        "charset": pick.choice(CHARSETS),
        "sheets": pick.choice(("one", "one", "each", "sections", "tables")),
        "marks": pick.choice(MARKS),
        "births": pick.choice(("one", "one", "one", "nam_nu", "parts", "years")),
        "sexes": pick.choice(("column", "column", "ticks", "none")),
        "names": pick.choice(("one", "one", "one", "two", "merged")),
        "poverty": pick.choice(("column", "note", "ticks", "none")),
        "has_heads_only": pick.random() < 0.12,
        "is_upper": pick.random() < 0.15,
        "has_dittos": pick.random() < 0.4,
        "loose_dates": pick.random() < 0.6,
        "numbers_as_numbers": pick.random() < 0.35,
        "has_loose_numbers": pick.random() < 0.35,
        "header_rows": pick.choice((1, 1, 1, 2, 3)),
        "numbering": pick.choice(("", "", "", "(1)", "1", "A12")),
        "titles": pick.randrange(4),
        "left": pick.choice((0, 0, 0, 0, 1, 2)),
        "foot": pick.random() < 0.7,
        "page_breaks": pick.random() < 0.2,
        "page_totals": pick.random() < 0.15,
        "blank_rows": pick.random() < 0.2,
        "hides": pick.random() < 0.2,
        "dirt": pick.random() < 0.3,
        "other_orders": pick.random() < 0.5,
    }


def _agree(style: Style, pick: random.Random, fixed: frozenset[str]) -> None:
    """Change what no list could be: fonts in a text file, merged cells where there are none."""
    if style.format in ("csv", "ods") and style.charset not in ("unicode", "nfd") and "charset" not in fixed:
        style.charset = pick.choice(("unicode", "nfd"))
    if style.format == "csv":
        style.numbers_as_numbers = style.hides = False
        if style.sheets == "each":
            style.sheets = "one"
    if style.marks == "code_merged" and style.format in ("csv", "ods"):
        style.marks = "code_first"
    if style.has_heads_only:
        style.marks = pick.choice(("code", "tt_first", "head_name"))
        style.has_dittos = False
        if style.marks == "head_name":
            style.names = "one"
    if style.births == "nam_nu":
        style.sexes = "none"
    if style.names == "merged" and style.format == "csv":
        style.names = "two"
    grouped = style.births in ("nam_nu", "parts") or style.sexes == "ticks" or style.names == "merged"
    style.header_rows = max(style.header_rows, 2 if grouped else 1)
    if style.charset != "unicode":
        style.is_upper = False
    if style.charset == "mixed":
        style.other_orders = False
    if style.marks == "head_lines":
        style.page_breaks = style.page_totals = False


def _columns(style: Style, pick: random.Random) -> list[str]:
    fields = ["name", "birth", "cccd", *(name for name in OPTIONAL if pick.random() < 0.5)]
    if style.marks != "head_name" or pick.random() < 0.5:
        fields.append("relation")
    if style.sexes != "none":
        fields.append("sex")
    if style.marks.startswith("code"):
        fields.append("code")
    if style.marks in ("no", "no_first"):
        fields.append("no")
    if style.marks in ("head_name", "head_mark"):
        fields.append("head")
    if style.has_heads_only:
        fields = [name for name in fields if name not in ("relation", "head")] + ["members"]
    if style.sheets == "one":
        fields.append("hamlet")
    if style.poverty in ("column", "ticks"):
        fields.append("poverty")
    if style.poverty == "note" or pick.random() < 0.3:
        fields.append("note")
    pick.shuffle(fields)
    numbered = style.marks in ("tt_first", "tt_restart") or pick.random() < 0.8
    return ["tt", *fields] if numbered else fields
