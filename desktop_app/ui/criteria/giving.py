"""Writing a version to a file from the window: the workbook, or a file signed by this machine.

Invariant: where a file goes is asked; after a signed file the 8 digits to be told by voice stand on the screen.
"""

from __future__ import annotations

from desktop_app.services.criteria.bring import SUFFIX, export_set, export_workbook
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.vietnamese import fold
from desktop_app.ui.page import Page
from desktop_app.ui.widgets import dialogs

WORKBOOK_FILTER = "Bảng tính Excel (*.xlsx)"
FILE_FILTER = f"Bộ tiêu chí có chữ ký (*{SUFFIX})"


def file_name(definition: CriteriaSet, suffix: str) -> str:
    """A name without accents that Windows takes: "bo_tieu_chi_gia_dinh_hoc_tap_2015.1.xlsx"."""
    words = "".join(c if c.isalnum() else "_" for c in fold(definition.name))
    return f"bo_tieu_chi_{'_'.join(filter(None, words.split('_')))}_{definition.version.replace('/', '-')}{suffix}"


def give_workbook(page: Page, set_uid: str, definition: CriteriaSet) -> None:
    """Ask where to, and write the criteria workbook."""
    name = file_name(definition, ".xlsx")
    out = dialogs.ask_save_file(page, "Xuất bộ tiêu chí ra Excel", WORKBOOK_FILTER, name=name, suffix="xlsx")
    if out is not None:
        with page.errors():
            export_workbook(page.context, set_uid, out)
            page.show_banner(
                f"Đã ghi {out.name}. Chép từ phụ lục của văn bản vào đó, lưu, rồi nạp lại ở Thiết lập, Bộ tiêu chí.",
                "passed",
            )


def give_file(page: Page, set_uid: str, definition: CriteriaSet) -> None:
    """Ask where to, and write the signed file."""
    name = file_name(definition, SUFFIX)
    out = dialogs.ask_save_file(page, "Xuất bộ tiêu chí có chữ ký", FILE_FILTER, name=name, suffix=SUFFIX[1:])
    if out is not None:
        with page.errors():
            code = export_set(page.context, set_uid, out).code
            page.show_banner(
                f"Đã ghi và ký {out.name}. Nơi nhận so mã {code[:4]} {code[4:]} với bạn qua điện thoại trước khi dùng.",
                "passed",
            )
