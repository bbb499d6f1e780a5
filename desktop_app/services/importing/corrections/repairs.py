"""What reading has mended by itself, column by column, with a few cells before and after; pure.

Invariant: only what was changed is listed, the most frequent first; nothing here mends anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desktop_app.services.importing.corrections.edits import field_of_issue, shown_value
from desktop_app.services.importing.fields import FIELD_TITLES, Field
from desktop_app.services.importing.preview import ParsedSheet, ParsedWorkbook, PersonRow, column_index
from desktop_app.services.importing.rows.typed import masked
from desktop_app.services.importing.understanding import cell_text

SAMPLES = 3
CHARSETS = {"tcvn3": "Phông TCVN3 (.VnTime) đổi sang Unicode", "tcvn3_caps": "Phông TCVN3 chữ hoa đổi sang Unicode",
            "vni": "Phông VNI đổi sang Unicode"}  # fmt: skip
QUIET = {
    "text.spaces": "Bỏ dấu cách thừa",
    "text.composed": "Chữ tổ hợp đổi sang chữ dựng sẵn",
    "text.invisible": "Bỏ ký tự ẩn",
}
KINDS = {
    "cccd.lost_zero": "CCCD: thêm lại số 0 ở đầu",
    "phone.lost_zero": "Điện thoại: thêm lại số 0 ở đầu",
    "phone.old_prefix": "Điện thoại: đổi sang đầu số mới",
    "phone.first_of_several": "Điện thoại: lấy số đầu",
    "birth.two_digit_year": "Ngày sinh: hiểu năm hai chữ số",
    "birth.year_as_date": "Ngày sinh: năm bị hiện thành ngày",
    "birth.month_first": "Ngày sinh: tháng ghi trước ngày",
    "birth.ambiguous": "Ngày sinh: có thể hiểu hai cách",
    "birth.unclear": "Ngày sinh: không rõ ngày tháng, giữ năm",
    "birth.kept_year": "Ngày sinh: không có trong lịch, giữ năm",
    "name.cleaned": "Họ tên: bỏ ký hiệu lạ",
    "sex.from_cccd": "Giới tính: lấy theo số CCCD",
    "sex.from_relation": "Giới tính: lấy theo quan hệ",
    "cccd.digits_lost": "CCCD bị Excel rút gọn: bỏ trống",
    "cccd.not_digits": "CCCD có chữ: bỏ trống",
    "cccd.length": "CCCD thiếu, thừa chữ số: bỏ trống",
    "phone.unreadable": "Điện thoại không đọc được: bỏ trống",
    "cell.formula_error": "Ô có công thức lỗi: bỏ trống",
}
"""Code of a remark that tells of a repair → what was done."""


@dataclass
class Repair:
    """One kind of repair in one column.

    Attributes:
        column: letter and heading; "" for the whole sheet.
        cells: how many; 0 where only the column is known.
        samples: pairs (as in the file, as understood).
    """

    sheet: str
    column: str
    what: str
    cells: int = 0
    samples: list[tuple[str, str]] = field(default_factory=list)


def repairs_of(parsed: ParsedWorkbook) -> list[Repair]:
    """Every kind of repair in a workbook, whole columns first, then by their number."""
    by_letters = [repair for sheet in parsed.sheets for repair in _of_sheet(sheet)]
    sheets = {sheet.name: sheet for sheet in parsed.sheets}
    return [*by_letters, *sorted(_of_rows(parsed.rows, sheets), key=lambda item: -item.cells)]


def count_repairs(repairs: Iterable[Repair]) -> int:
    """How many cells were mended."""
    return sum(item.cells for item in repairs)


def _of_sheet(sheet: ParsedSheet) -> Iterator[Repair]:
    for column in sheet.columns:
        if column.charset is not None:
            title = f"{column.letter} · {column.heading}" if column.heading else column.letter
            samples = [pair for pair in column.samples if pair[1] not in column.heading]
            yield Repair(sheet.name, title, CHARSETS[column.charset], column.filled, samples)
    for code, what in QUIET.items():
        if sheet.repairs.get(code):
            yield Repair(sheet.name, "", what, sheet.repairs[code])


def _of_rows(rows: Iterable[PersonRow], sheets: dict[str, ParsedSheet]) -> list[Repair]:
    found: dict[tuple[str, str, str], Repair] = {}
    for row in rows:
        for issue in row.issues:
            what = KINDS.get(issue.code)
            if what is None:
                continue
            key = (row.sheet, issue.column, issue.code)
            repair = found.get(key)
            if repair is None:
                title = f"{issue.column} · {issue.title}" if issue.title else issue.column
                repair = found[key] = Repair(row.sheet, title, what)
            repair.cells += 1
            if len(repair.samples) < SAMPLES:
                _add_sample(repair, row, issue.code, issue.column)
    return list(found.values())


def _add_sample(repair: Repair, row: PersonRow, code: str, column: str) -> None:
    of = field_of_issue(code)
    index = column_index(column) if column else -1
    before = cell_text(row.raw[index]) if 0 <= index < len(row.raw) else ""
    after = shown_value(row, of) if of is not None else ""
    if of is Field.CCCD:
        before, after = before[:1] + masked(before[1:]), after[:1] + masked(after[1:])
    pair = (before, after or "(bỏ trống)")
    if pair not in repair.samples and before != after:
        repair.samples.append(pair)


def title_of(code: str) -> str:
    """A short name of a remark's kind, for filters: what was done, else the field it is about."""
    if code in KINDS:
        return KINDS[code]
    of = field_of_issue(code)
    return FIELD_TITLES[of] if of is not None else ""
