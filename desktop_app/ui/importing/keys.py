"""The keys of the import wizard, one meaning each; menus, hints and the key card come from here."""

from __future__ import annotations

from desktop_app.ui.actions import ActionSpec

SCOPE = "Nhập khẩu"
ACTIONS = (
    ActionSpec("import.open", "Chọn tệp khác", "Ctrl+O", "folder-open", scope=SCOPE),
    ActionSpec("import.next", "Tiếp tục bước sau", "Ctrl+Enter", "arrow-right", scope=SCOPE),
    ActionSpec("import.back", "Bước trước", "Ctrl+B", "arrow-left", scope=SCOPE),
    ActionSpec("import.doubt", "Tới dòng ngờ trùng hoặc không nhận kế tiếp", "F6", "arrow-down", scope=SCOPE),
    ActionSpec("import.first", "Là người thứ nhất trong sổ", "Ctrl+1", "user-check", scope=SCOPE),
    ActionSpec("import.second", "Là người thứ hai trong sổ", "Ctrl+2", "user-check", scope=SCOPE),
    ActionSpec("import.third", "Là người thứ ba trong sổ", "Ctrl+3", "user-check", scope=SCOPE),
    ActionSpec("import.other", "Là người khác trong sổ: tìm", "Ctrl+4", "search", scope=SCOPE),
    ActionSpec("import.skip", "Bỏ qua dòng ngờ trùng", "Ctrl+K", "minus", scope=SCOPE),
    ActionSpec("import.all_same", "Các dòng cùng lý do: đều là người cũ", "Ctrl+Shift+1", "user-check", scope=SCOPE),
    ActionSpec("import.all_new", "Các dòng cùng lý do: đều là người mới", "Ctrl+Shift+N", "user-plus", scope=SCOPE),
    ActionSpec("import.all_skip", "Các dòng cùng lý do: đều bỏ qua", "Ctrl+Shift+K", "minus", scope=SCOPE),
    ActionSpec("import.title_year", "Gõ năm của cột danh hiệu", "Ctrl+Shift+Y", "award", scope=SCOPE),
    ActionSpec("import.refused", "Tải các dòng không nhận", "Ctrl+D", "download", scope=SCOPE),
    ActionSpec("import.template", "Tải mẫu để điền", "Ctrl+T", "file-spreadsheet", scope=SCOPE),
)
