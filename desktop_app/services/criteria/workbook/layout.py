"""The sheets and columns of the criteria workbook: one description for writing and for reading.

Invariant: every field of a set has exactly one place here, so that a workbook brought back unchanged changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.services.criteria.workbook import words

HEAD, BASIS, ROWS, LEVELS, BANDS, CONDITIONS, GUIDE, HELP = (
    "Bộ tiêu chí", "Căn cứ", "Chỉ số", "Mức điểm", "Xếp loại", "Điều kiện", "Hướng dẫn", "Cách ghi",
)  # fmt: skip
SHEETS = (HEAD, BASIS, ROWS, LEVELS, BANDS, CONDITIONS, GUIDE)
"""Those that are read."""
LIST_SHEET = "Chỗ cần sửa"
"""The list of faults in a marked copy; no part of the set."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Args:
        key: stable name.
        heading: as written; its folded form and ``names`` are understood.
        note: comment of the heading.
        choices: words offered in the cells.
        is_strict: Excel refuses other words.
    """

    key: str
    heading: str
    width: int
    note: str = ""
    names: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_strict: bool = True


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line of the sheet "Bộ tiêu chí": what stands in column B, and C for its source."""

    key: str
    label: str
    note: str
    names: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    has_status: bool = False


_SOURCE = "Lấy từ đâu. Chép đúng từng chữ từ văn bản thì chọn “Do cơ quan đặt, theo văn bản”."
_CODE = Column(
    "code", "Mã (không sửa)", 14, "Để nhận ra dòng đã có; câu trả lời của phiếu gắn với mã này. Dòng mới: để trống.",
    ("ma", "ma chi so", "ma (khong sua)"),
)  # fmt: skip
_YES = (words.YES, words.NO)

HEAD_LINES = (
    HeadLine("name", "Tên bộ tiêu chí", "Tên ngắn để gọi bộ này.", ("ten bo", "ten")),
    HeadLine("title", "Danh hiệu", "Danh hiệu được công nhận, ví dụ: Công dân học tập."),
    HeadLine("version", "Phiên bản", "Số riêng của bản này, ví dụ 2026.1. Trùng bản đã có thì chương trình tự thêm số.",
             ("ban",)),
    HeadLine("model", "Mô hình", "Chọn trong danh sách.", (), tuple(words.MODELS.values())),
    HeadLine("group", "Nhóm đối tượng", "Chỉ của công dân; mô hình khác để trống.", ("nhom",),
             tuple(words.GROUPS.values())),
    HeadLine("group_name", "Tên gọi của nhóm", "Nhóm này ở địa phương gọi là gì.", ("ten nhom",)),
    HeadLine("group_aliases", "Tên gọi khác của nhóm", "Mỗi tên một dòng trong ô (Alt+Enter)."),
    HeadLine("kind", "Cách đánh giá", "Chấm điểm, hoặc kiểm đếm từng chỉ tiêu đạt hay chưa.", ("loai bo", "cach cham"),
             tuple(words.KINDS.values())),
    HeadLine("pass_mark", "Điểm đạt", "Tổng điểm từ đây trở lên là đạt.", ("diem dat tu", "diem chuan", "muc dat"), (),
             True),
    HeadLine("floor", "Điểm sàn", "Không chỉ số nào được dưới điểm này; không có thì để trống.",
             ("diem san moi chi so", "diem toi thieu"), (), True),
    HeadLine("max_total", "Tổng điểm tối đa", "Tự cộng từ trang “Chỉ số”; ghi số của văn bản vào đây để kiểm tra.",
             ("tong diem", "tong cong")),
    HeadLine("allows_half_points", "Cho nửa điểm", "Có: chấm được 7,5 điểm.", ("cham le 0,5",), _YES),
    HeadLine("effective_from", "Hiệu lực từ", "Ngày, ví dụ 25/10/2023; không rõ thì để trống.", ("co hieu luc tu",)),
    HeadLine("effective_to", "Hết hiệu lực", "Ngày cuối còn hiệu lực; không rõ thì để trống.", ("hieu luc den",)),
    HeadLine("validity_months", "Danh hiệu có giá trị (tháng)", "Để trống khi văn bản không nói.", (), (), True),
    HeadLine("upgrade_after_months", "Xét lên mức sau (tháng)", "Chỉ ghi khi có dòng trên."),
    HeadLine("indicator_word", "Gọi một dòng là", "chỉ số hoặc chỉ tiêu."),
    HeadLine("indicator_abbreviation", "Viết tắt", "CS hoặc CT."),
    HeadLine("needs_confirmation", "Chờ cơ quan xác nhận", "Có: chưa công nhận được cho đến khi cơ quan xác nhận.", (),
             _YES),
    HeadLine("heading", "Dòng báo ở đầu", "Hiện trên đầu bộ này, ví dụ: Chưa đối chiếu phụ lục."),
    HeadLine("is_default", "Được đề nghị trước", "Khi một mô hình có nhiều bộ.", (), _YES),
    HeadLine("notes", "Ghi chú", "Mỗi ghi chú một dòng trong ô (Alt+Enter)."),
    HeadLine("sources", "Nguồn", "Mỗi nguồn một dòng trong ô (Alt+Enter)."),
    HeadLine("key", "Khóa (không sửa)", "Các phiên bản của một bộ có chung khóa này.", ("khoa",)),
)  # fmt: skip

BASIS_COLUMNS = (
    Column("number", "Số văn bản", 22, "", ("so ky hieu", "so")),
    Column("title", "Tên văn bản", 60, "", ("trich yeu", "ten")),
    Column("issued", "Ngày ban hành", 16, "25/10/2023, 10/2023 hoặc 2023.", ("ngay",)),
    Column("in_force_from", "Có hiệu lực từ", 16, "", ("hieu luc tu",)),
    Column("note", "Ghi chú", 40),
)
LEVEL_COLUMNS = (
    Column("number", "Chỉ số", 9, "Số của chỉ số ở trang “Chỉ số”.", ("so", "chi tieu", "so chi so")),
    Column("key", "Ký hiệu", 9, "A, B, C, D …", ("muc", "ky hieu muc")),
    Column("name", "Tên mức", 16, "", ("ten",)),
    Column("min", "Từ điểm", 9, "", ("tu", "diem tu")),
    Column("max", "Đến điểm", 9, "Mức cao nhất phải đến đúng điểm tối đa.", ("den", "diem den")),
    Column("description", "Mô tả", 90, "", ("dien giai", "noi dung")),
    Column("status", "Nguồn", 22, _SOURCE, (), words.PLAIN_STATUSES),
    _CODE,
)
BAND_COLUMNS = (
    Column("name", "Tên", 26, "Tốt, Khá … hoặc Mức độ 1.", ("xep loai", "muc do")),
    Column("min", "Từ điểm", 10, "Xếp loại theo điểm; mức độ thì để trống.", ("tu", "diem tu")),
    Column("number", "Mức độ số", 10, "1, 2 …; xếp loại theo điểm thì để trống.", ("so",)),
    Column("status", "Nguồn", 26, _SOURCE, (), words.STATUS_CHOICES),
    Column("note", "Ghi chú", 40),
    Column("key", "Mã (không sửa)", 14, "", ("ma",)),
)
CONDITION_COLUMNS = (
    Column("text", "Nội dung điều kiện", 70, "", ("noi dung", "dieu kien")),
    Column("percent", "Tỷ lệ phải đạt (%)", 12, "60, 60% hoặc 0,6 đều được.", ("ty le", "ty le (%)")),
    Column("is_enabled", "Được xét", 10, "Không: ghi sẵn nhưng chưa xét.", (), _YES),
    Column("fact", "Số liệu từ sổ", 60, "Chọn trong danh sách.", ("so lieu",), tuple(words.FACT_WORDS.values())),
    Column("min_age", "Tuổi từ", 9),
    Column("max_age", "Tuổi đến", 9),
    Column("others", "Tham số khác", 14),
    Column("status", "Nguồn lời", 26, _SOURCE, ("nguon",), words.STATUS_CHOICES),
    Column("percent_status", "Nguồn tỷ lệ", 26, _SOURCE, (), words.STATUS_CHOICES),
    Column("note", "Ghi chú", 40),
    Column("source", "Lấy ở đâu", 40),
    Column("is_switched", "Cơ quan đã bật, tắt", 12, "", (), _YES),
    Column("key", "Mã (không sửa)", 22, "", ("ma",)),
)
GUIDE_COLUMNS = (
    Column("number", "Chỉ số", 9, "Số của chỉ số ở trang “Chỉ số”.", ("so", "chi tieu", "so chi so")),
    Column("kind", "Loại", 14, "", (), tuple(words.GUIDES.values())),
    Column("text", "Nội dung", 110),
    _CODE,
)


def row_columns(grades: int) -> tuple[Column, ...]:
    """Columns of "Chỉ số" for a set with so many grades (none: a points set)."""
    thresholds: list[Column] = []
    far: list[Column] = []
    for grade in range(1, grades + 1):
        thresholds.append(
            Column(f"percent:{grade}", f"Ngưỡng mức độ {grade} (%)", 12, "60, 60% hoặc 0,6 đều được.",
                   (f"muc do {grade}", f"nguong {grade}", f"muc {grade}"))
        )  # fmt: skip
        far.append(Column(f"percent_status:{grade}", f"Nguồn ngưỡng {grade}", 24, _SOURCE, (), words.STATUS_CHOICES))
        far.append(Column(f"percent_note:{grade}", f"Ghi chú ngưỡng {grade}", 24))
    return (
        Column("number", "Số", 7, "Số in trên phiếu: I, 1, 1.1 …", ("stt", "tt", "so tt", "so thu tu")),
        Column("kind", "Loại", 10, "Tiêu chí là dòng đầu mục; chỉ số là dòng được chấm.", (), words.ROW_KINDS),
        Column("text", "Nội dung", 80, "Chép đúng lời văn bản.",
               ("tieu chi, chi so", "ten chi so", "noi dung tieu chi", "tieu chi, chi tieu", "noi dung danh gia")),
        Column("max_score", "Điểm tối đa", 9, "Ghi ở dòng chỉ số; dòng tiêu chí tự cộng.",
               ("diem", "diem chuan", "thang diem", "diem max", "toi da")),
        Column("answer_type", "Trả lời bằng", 15, "", ("cach tra loi",), tuple(words.ANSWERS.values())),
        *thresholds,
        Column("short", "Tên ngắn", 28, "Vài chữ để hiện trong bảng."),
        Column("status", "Nguồn lời", 28, _SOURCE, ("tinh trang", "nguon loi"), words.STATUS_CHOICES),
        Column("max_status", "Nguồn điểm", 28, _SOURCE, (), words.STATUS_CHOICES),
        *far,
        Column("is_cut", "Lời còn thiếu", 9, "Có: nguồn bị cắt ở chỗ có dấu …", (), _YES),
        Column("fact", "Số liệu từ sổ", 46, "Chọn trong danh sách; không có thì để trống.", ("so lieu",),
               tuple(words.FACT_WORDS.values())),
        Column("min_age", "Tuổi từ", 8),
        Column("max_age", "Tuổi đến", 8),
        Column("others", "Tham số khác", 12),
        Column("guidance_status", "Nguồn hướng dẫn", 22, "", (), words.PLAIN_STATUSES),
        Column("note", "Ghi chú", 40),
        Column("source", "Lấy ở đâu", 40),
        _CODE,
    )  # fmt: skip
