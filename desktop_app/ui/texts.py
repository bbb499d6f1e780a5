"""Vietnamese words for Qt's own dialogs, menus and buttons, which Qt does not have, and for numbers on screen.

Invariant: no English word of Qt reaches the user; a word missing here falls back to Qt's and the tests name it.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTranslator

UNDO_STOPPED = "Đã dừng, chưa hoàn tác gì: sổ vẫn như trước khi bấm Hoàn tác."
WORDS = {
    "OK": "Đồng ý",
    "&OK": "Đồng ý",
    "Cancel": "Hủy",
    "&Cancel": "Hủy",
    "Save": "Cất",
    "&Save": "Cất",
    "Save All": "Cất tất cả",
    "Open": "Mở",
    "&Open": "Mở",
    "&Yes": "Có",
    "Yes": "Có",
    "Yes to &All": "Có với tất cả",
    "&No": "Không",
    "No": "Không",
    "N&o to All": "Không với tất cả",
    "Abort": "Dừng hẳn",
    "Retry": "Thử lại",
    "Ignore": "Bỏ qua",
    "Close": "Đóng",
    "&Close": "Đóng",
    "Close without Saving": "Đóng, không cất",
    "Don't Save": "Không cất",
    "Discard": "Bỏ thay đổi",
    "Help": "Trợ giúp",
    "&Help": "Trợ giúp",
    "Apply": "Áp dụng",
    "Reset": "Đặt lại",
    "Restore Defaults": "Trở về mặc định",
    "Show Details...": "Xem chi tiết…",
    "Hide Details...": "Ẩn chi tiết…",
    "< &Back": "‹ Quay lại",
    "&Back": "Quay lại",
    "Go Back": "Quay lại",
    "Back": "Quay lại",
    "Forward": "Đi tới",
    "Continue": "Tiếp tục",
    "Commit": "Thực hiện",
    "Done": "Xong",
    "Quit": "Thoát",
    "&Next": "Tiếp",
    "&Next >": "Tiếp ›",
    "&Finish": "Hoàn tất",
    "Next": "Tiếp",
    "Finish": "Hoàn tất",
    "&Undo": "Hoàn tác",
    "&Redo": "Làm lại",
    "Cu&t": "Cắt",
    "&Copy": "Chép",
    "&Paste": "Dán",
    "Delete": "Xóa",
    "&Delete": "Xóa",
    "Select All": "Chọn tất cả",
    "Copy &Link Location": "Chép địa chỉ",
    "Insert Unicode control character": "Chèn ký tự điều khiển",
    "&Step up": "Tăng",
    "Step &down": "Giảm",
    "&Select All": "Chọn tất cả",
    "Look in:": "Xem trong:",
    "Files of type:": "Loại tệp:",
    "File &name:": "Tên tệp:",
    "File name:": "Tên tệp:",
    "Directory:": "Thư mục:",
    "Folder": "Thư mục",
    "File Folder": "Thư mục",
    "File": "Tệp",
    "%1 File": "Tệp %1",
    "Drive": "Ổ đĩa",
    "Alias": "Lối tắt",
    "Shortcut": "Lối tắt",
    "Unknown": "Không rõ",
    "My Computer": "Máy tính này",
    "Computer": "Máy tính này",
    "Name": "Tên",
    "Size": "Cỡ",
    "Kind": "Loại",
    "Type": "Loại",
    "Date Modified": "Ngày sửa",
    "&Choose": "Chọn",
    "Choose": "Chọn",
    "Find Directory": "Tìm thư mục",
    "Parent Directory": "Thư mục cha",
    "Go back": "Quay lại",
    "Go forward": "Đi tới",
    "Go to the parent directory": "Lên thư mục cha",
    "Create New Folder": "Tạo thư mục mới",
    "Create a New Folder": "Tạo thư mục mới",
    "New Folder": "Thư mục mới",
    "&New Folder": "Thư mục mới",
    "List View": "Xem danh sách",
    "Change to list view mode": "Xem dạng danh sách",
    "Detail View": "Xem chi tiết",
    "Change to detail view mode": "Xem dạng chi tiết",
    "All Files (*)": "Mọi tệp (*)",
    "All files (*)": "Mọi tệp (*)",
    "&Rename": "Đổi tên",
    "Show &hidden files": "Hiện tệp ẩn",
    "Show ": "Hiện ",
    "Recent Places": "Nơi dùng gần đây",
    "Remove": "Bỏ ra",
    "Sidebar": "Nơi thường dùng",
    "List of places and bookmarks": "Nơi thường dùng",
    "Files": "Các tệp",
    "Save As": "Cất thành tệp",
    "Open File": "Mở tệp",
    "Open Directory": "Mở thư mục",
    "Delete File": "Xóa tệp",
    "%1\nFile not found.\nPlease verify the correct file name was given.": "%1\nKhông có tệp này. Hãy xem lại tên tệp.",
    "%1\nDirectory not found.\nPlease verify the correct directory name was given.": (
        "%1\nKhông có thư mục này. Hãy xem lại tên thư mục."
    ),
    "%1 already exists.\nDo you want to replace it?": "%1 đã có rồi.\nGhi đè lên tệp cũ?",
    "'%1' is write protected.\nDo you want to delete it anyway?": "“%1” được chống ghi.\nVẫn xóa?",
    "Are you sure you want to delete '%1'?": "Xóa “%1”?",
    "Could not delete directory.": "Không xóa được thư mục.",
    "%1 KB": "%1 KB",
    "%1 MB": "%1 MB",
    "%1 GB": "%1 GB",
    "%1 TB": "%1 TB",
    "%1 bytes": "%1 byte",
    "&Print": "In",
    "Print": "In",
    "&Options >>": "Tùy chọn ››",
    "&Options <<": "Tùy chọn ‹‹",
    "Print to File (PDF)": "In ra tệp PDF",
    "Printer": "Máy in",
    "&Name:": "Tên:",
    "P&roperties": "Thuộc tính",
    "Location:": "Nơi đặt:",
    "Preview": "Xem trước",
    "Type:": "Loại:",
    "Output &file:": "Tệp ra:",
    "Options": "Tùy chọn",
    "Copies": "Số bản",
    "Print range": "Phạm vi in",
    "Print all": "In tất cả",
    "Pages from": "Từ trang",
    "to": "đến",
    "Current Page": "Trang này",
    "Selection": "Phần đã chọn",
    "Page Set:": "Nhóm trang:",
    "Output Settings": "Cách in",
    "Copies:": "Số bản:",
    "Collate": "In theo bộ",
    "Reverse": "In ngược",
    "Color Mode": "Màu",
    "Color": "Màu",
    "Grayscale": "Xám",
    "Duplex Printing": "In hai mặt",
    "None": "Không",
    "Long side": "Lật cạnh dài",
    "Short side": "Lật cạnh ngắn",
    "&Look in:": "Xem trong:",
    "Files of &type:": "Loại tệp:",
    "Double Sided Printing": "In hai mặt",
    "Page &Set:": "Nhóm trang:",
    "Long side binding": "Lật cạnh dài",
    "Short side binding": "Lật cạnh ngắn",
    "Off": "Tắt",
    "Pages": "Các trang",
    "All Pages": "Mọi trang",
    "Even Pages": "Trang chẵn",
    "Odd Pages": "Trang lẻ",
    "Scroll Left": "Cuộn trái",
    "Scroll Right": "Cuộn phải",
    "Form": "Biểu mẫu",
    (
        "Specify pages or ranges separated by commas. Ranges are specified by two numbers separated by a hyphen. "
        "E.g: 3,5-7,9 prints pages 3, 5, 6, 7 and 9."
    ): "Ghi các trang cách nhau bằng dấu phẩy, khoảng trang bằng gạch nối. Ví dụ 3,5-7,9 in các trang 3, 5, 6, 7 và 9.",
    "Page": "Trang",
    "Advanced": "Nâng cao",
    "Job Options": "Tùy chọn lệnh in",
    "Paper": "Giấy",
    "Page size:": "Khổ giấy:",
    "Width:": "Rộng:",
    "Height:": "Cao:",
    "Paper source:": "Khay giấy:",
    "Orientation": "Chiều giấy",
    "Portrait": "Dọc",
    "Landscape": "Ngang",
    "Reverse landscape": "Ngang, ngược",
    "Reverse portrait": "Dọc, ngược",
    "Margins": "Lề",
    "Page Layout": "Bố trí trang",
    "Pages per sheet:": "Số trang mỗi tờ:",
    "Page order:": "Thứ tự trang:",
    "Custom": "Tự chọn",
    "Scroll here": "Cuộn tới đây",
    "Top": "Đầu",
    "Bottom": "Cuối",
    "Left edge": "Mép trái",
    "Right edge": "Mép phải",
    "Page up": "Lên một trang",
    "Page down": "Xuống một trang",
    "Page left": "Sang trái một trang",
    "Page right": "Sang phải một trang",
    "Scroll up": "Cuộn lên",
    "Scroll down": "Cuộn xuống",
    "Scroll left": "Cuộn trái",
    "Scroll right": "Cuộn phải",
}
"""English of Qt → Vietnamese. One word serves all contexts; Qt's few homonyms are not used by the program."""


class VietnameseTranslator(QTranslator):
    """Answers Qt's own ``tr`` calls from ``WORDS``."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return WORDS.get(source)


_translator: VietnameseTranslator | None = None


def install(app: QCoreApplication) -> None:
    """Give Qt its Vietnamese words and the Vietnamese way to write numbers and dates; once per application."""
    global _translator
    from PySide6.QtCore import QLocale

    if _translator is None:
        _translator = VietnameseTranslator()
        QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
    app.installTranslator(_translator)


def number(value: float, decimals: int = 0) -> str:
    """A figure as people write it here: 11830 → "11.830", 54.2 → "54,2"."""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(share: float, decimals: int = 1) -> str:
    """A share 0 to 1 as "54,2 %"."""
    return f"{number(share * 100, decimals)} %"
