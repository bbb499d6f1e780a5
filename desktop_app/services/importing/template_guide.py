"""What helps to fill the template: a sheet of instructions with the words to choose from, and the rules of the columns.

Invariant: the instructions' sheet is never read as a list; a rule warns where another word may be right, and forbids
only what would certainly be lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from desktop_app.services.importing.headings.sheets import GUIDE_SHEET

PEOPLE_SHEET = "Danh sách"
RELATIONS = (
    "Chủ hộ", "Vợ", "Chồng", "Con", "Con đẻ", "Con nuôi", "Con dâu", "Con rể", "Bố", "Mẹ", "Bố đẻ", "Mẹ đẻ", "Bố vợ",
    "Mẹ vợ", "Bố chồng", "Mẹ chồng", "Ông nội", "Bà nội", "Ông ngoại", "Bà ngoại", "Anh", "Chị", "Em", "Cháu",
    "Cháu nội", "Cháu ngoại", "Chắt", "Ở nhờ", "Khác",
)  # fmt: skip
ETHNIC = (
    "Kinh", "Tày", "Thái", "Mường", "Khmer", "Nùng", "Mông", "Dao", "Hoa", "Gia Rai", "Ê Đê", "Ba Na", "Xơ Đăng",
    "Sán Chay", "Cơ Ho", "Chăm", "Sán Dìu", "Hrê", "Ra Glai", "Mnông", "X’tiêng", "Bru - Vân Kiều", "Thổ", "Khơ Mú",
    "Cơ Tu", "Giáy", "Giẻ Triêng", "Tà Ôi", "Mạ", "Co", "Chơ Ro", "Xinh Mun", "Hà Nhì", "Chu Ru", "Lào", "Kháng",
    "La Chí", "Phù Lá", "La Hủ", "La Ha", "Pà Thẻn", "Chứt", "Lự", "Lô Lô", "Mảng", "Cờ Lao", "Bố Y", "Cống", "Ngái",
    "Si La", "Pu Péo", "Rơ Măm", "Brâu", "Ơ Đu",
)  # fmt: skip
_STEPS = (
    "Sửa ngay trong trang “Danh sách”: mỗi dòng là một người, người cùng hộ đứng liền nhau, chủ hộ đứng đầu.",
    "Thêm người mới: chèn một dòng trong hộ của người đó, để trống cột “Mã hệ thống”.",
    "Ô để trống không xóa dữ liệu đang có trong sổ; xóa một dòng ở đây không xóa người trong sổ.",
    "Ngày sinh ghi 08/05/1984; chỉ biết tháng thì ghi 05/1984, chỉ biết năm thì ghi 1984.",
    "Số CCCD có 12 chữ số, kể cả số 0 ở đầu; ai chưa có thì để trống.",
    "Địa chỉ và diện hộ chỉ ghi ở dòng đầu của hộ. Hộ không còn nghèo thì chọn “Không nghèo”.",
    "Cột ẩn “Mã hệ thống” giúp chương trình nhận ra người đã có: đừng sửa, đừng chép sang dòng khác.",
    "Lưu tệp, rồi nhập lại: Công dân → Nhập khẩu (hoặc kéo tệp thả vào). Chương trình cho xem trước từng thay đổi, "
    "chỉ ghi những chỗ đã sửa, và hoàn tác được bằng một nút.",
)
_SECRET = "Tệp này có dữ liệu cá nhân: chỉ gửi cho người được giao việc, xong việc thì xóa tệp."
_FIRST_LIST = 4
_LIST_TOP = 4


@dataclass(frozen=True)
class Choices:
    """The words to choose from."""

    hamlets: Sequence[str]
    groups: Sequence[str]
    poverty: Sequence[str]
    sexes: Sequence[str]

    @property
    def lists(self) -> tuple[tuple[str, str, Sequence[str]], ...]:
        """Column of the template, heading on the instructions' sheet, words."""
        return (
            ("relation", "Các quan hệ", RELATIONS),
            ("group", "Các nhóm", self.groups),
            ("poverty", "Các diện", self.poverty),
            ("hamlet", "Các thôn", self.hamlets),
            ("ethnicity", "Các dân tộc", ETHNIC),
        )

    def validate(self, sheet: Any, keys: Sequence[str], first: int, last: int) -> None:
        """Put the rules on a sheet's columns, from row to row."""
        from openpyxl.utils import get_column_letter

        for index, key in enumerate(keys, start=1):
            letter = get_column_letter(index)
            rule = self._rule(key, f"{letter}{first}")
            if rule is not None:
                rule.add(f"{letter}{first}:{letter}{last}")
                sheet.data_validations.append(rule)

    def _rule(self, key: str, cell: str) -> Any:
        from openpyxl.worksheet.datavalidation import DataValidation

        if key == "sex":
            return _listed(f'"{",".join(self.sexes)}"', is_open=False)
        if key == "cccd":
            return DataValidation(
                "custom", formula1=f"OR(LEN({cell})=12,LEN({cell})=9)", allow_blank=True, errorTitle="Số CCCD",
                error="Số CCCD có 12 chữ số (số CMND cũ có 9), kể cả số 0 ở đầu.", showErrorMessage=True,
            )  # fmt: skip
        if key == "uid":
            return DataValidation(
                "custom", formula1="FALSE", allow_blank=True, errorTitle="Mã hệ thống", showErrorMessage=True,
                error="Cột này để chương trình nhận ra người đã có trong sổ; không sửa.",
            )  # fmt: skip
        for place, (name, _, words) in enumerate(self.lists):
            if name == key and words:
                return _listed(_range(place, len(words)), is_open=key in ("relation", "hamlet", "ethnicity"))
        return None


def _range(place: int, count: int) -> str:
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(_FIRST_LIST + place)
    return f"'{GUIDE_SHEET}'!${letter}${_LIST_TOP}:${letter}${_LIST_TOP + count - 1}"


def _listed(formula: str, *, is_open: bool) -> Any:
    """A list to choose from; an open one only asks back when another word is typed."""
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        "list", formula1=formula, allow_blank=True, showErrorMessage=True,
        errorStyle="information" if is_open else "stop", errorTitle="Chọn trong danh sách",
        error="Từ này không có trong danh sách." + ("" if is_open else " Hãy chọn một từ trong danh sách."),
    )  # fmt: skip


def write_guide(book: Any, choices: Choices, *, is_empty: bool) -> None:
    """Write the sheet of instructions, with the words to choose from at its right."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(GUIDE_SHEET)
    sheet.column_dimensions["A"].width = 4
    sheet.column_dimensions["B"].width = 88
    for letter, width in zip("DEFGH", (20, 34, 16, 24, 18), strict=True):
        sheet.column_dimensions[letter].width = width

    def styled(text: str, **font: Any) -> Any:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(**font)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell

    left = [[], [styled("Cách điền và nhập lại", bold=True, size=13)], []]
    lines = [*_STEPS, *([] if is_empty else [_SECRET])]
    left += [[number, styled(line)] for number, line in enumerate(lines, start=1)]
    left[1].insert(0, None)
    height = max(len(left), _LIST_TOP - 1 + max(len(words) for _, _, words in choices.lists))
    for row in range(height):
        cells = list(left[row]) if row < len(left) else []
        cells += [None] * (_FIRST_LIST - 1 - len(cells))
        for _, heading, words in choices.lists:
            at = row - (_LIST_TOP - 1)
            if at == -1:
                cells.append(styled(heading, bold=True))
            else:
                cells.append(words[at] if 0 <= at < len(words) else None)
        sheet.append(cells)
    sheet.close()
