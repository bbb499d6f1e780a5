"""What can be done to a draft by key; the key card and the menus come from here."""

from __future__ import annotations

from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.criteria.set_page import CHECK, COMPARE, FILE, SCOPE, SHOWN_FORM, TRY, WORKBOOK

LEVELS = ActionSpec("criteria.levels", "Mức điểm của dòng", "Ctrl+L", "layers", SCOPE)
GUIDANCE = ActionSpec("criteria.guidance", "Hướng dẫn, ví dụ, minh chứng", "Ctrl+G", "book-open-check", SCOPE)
UP = ActionSpec("criteria.up", "Đưa dòng lên", "Alt+Up", "arrow-up", SCOPE)
DOWN = ActionSpec("criteria.down", "Đưa dòng xuống", "Alt+Down", "arrow-down", SCOPE)
PROBLEMS = ActionSpec("criteria.problems", "Kiểm tra bản soạn", "Ctrl+K", "clipboard-check", SCOPE)
NEW_CRITERION = ActionSpec("criteria.add_criterion", "Thêm tiêu chí", "Ctrl+Shift+N", "plus", SCOPE)
NEW_CONDITION = ActionSpec("criteria.add_condition", "Thêm điều kiện tính từ sổ", "Ctrl+Shift+D", "plus", SCOPE)
BASIS = ActionSpec("criteria.basis", "Căn cứ (văn bản)", "Ctrl+Shift+B", "landmark", SCOPE)
BANDS = ActionSpec("criteria.bands", "Xếp loại", "Ctrl+Shift+X", "award", SCOPE)
RENUMBER = ActionSpec("criteria.renumber", "Đánh số lại theo thứ tự", "", "list", SCOPE)
DROP = ActionSpec("criteria.drop", "Bỏ bản soạn này", "", "trash-2", SCOPE)
ALL = (
    COMPARE, TRY, CHECK, WORKBOOK, FILE, SHOWN_FORM, LEVELS, GUIDANCE, UP, DOWN, PROBLEMS, NEW_CRITERION,
    NEW_CONDITION, BASIS, BANDS, RENUMBER, DROP,
)  # fmt: skip
