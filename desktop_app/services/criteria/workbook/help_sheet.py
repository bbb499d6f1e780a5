"""The sheet of the criteria workbook that says how it is filled.

Invariant: it is never read back.
"""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from desktop_app.services.criteria.workbook import layout

_STEPS = (
    "Tệp này chứa trọn một bộ tiêu chí. Cán bộ chép từ phụ lục của văn bản vào đây, lưu lại, rồi nạp: Thiết lập → "
    "Bộ tiêu chí → Nạp tệp. Chương trình cho xem trước từng chỗ khác, báo lỗi theo ô, và chỉ ghi khi không còn lỗi.",
    "Nạp lại tệp chưa sửa thì không có gì thay đổi. Bản nạp vào là bản soạn; bản đang dùng và kết quả đã công nhận "
    "giữ nguyên cho đến khi đưa bản mới vào dùng.",
    "Trang “Chỉ số”: dòng “Tiêu chí” là đầu mục, các dòng “Chỉ số” bên dưới thuộc về nó. Thêm dòng: chèn một hàng, "
    "để trống cột “Mã”. Bỏ dòng: xóa cả hàng, mức điểm và hướng dẫn của dòng đó tự bỏ theo. Đổi thứ tự: cắt và chèn "
    "hàng. Dòng tổng cộng, ghi chú bên dưới bảng được bỏ qua; tổng ghi ở đó phải khớp.",
    "Điểm ghi 10, 10,0 hoặc 10 điểm đều được; 1.000 là một nghìn; tỷ lệ ghi 60, 60% hoặc 0,6 đều được.",
    "Trang “Mức điểm”: các mức của một chỉ số phải phủ từ 0 đến đúng điểm tối đa, không chồng nhau. Chỉ đổi điểm tối "
    "đa mà không đụng đến các mức thì chương trình tự co giãn các mức gợi ý.",
    "Cột “Nguồn”: lời hay số đã sửa mà vẫn để nguồn cũ thì được ghi là “Do cơ quan đặt”. Chép đúng từng chữ từ văn "
    "bản thì chọn “Do cơ quan đặt, theo văn bản”.",
    "Ô tô vàng là chỗ chưa có lời văn bản, cần chép từ bản giấy.",
)


def write_help(book: Workbook) -> None:
    """Add the sheet of instructions."""
    page = book.create_sheet(layout.HELP)
    page.column_dimensions["A"].width = 120
    for row, text in enumerate(("CÁCH GHI BỘ TIÊU CHÍ", "", *_STEPS), 1):
        cell = page.cell(row, 1, text or None)
        cell.font = Font(name="Times New Roman", size=14 if row == 1 else 12, bold=row == 1)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
