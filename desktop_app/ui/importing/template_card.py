"""The template's place in the window: empty, or filled with the register or one hamlet, saved where a person chooses.

Invariant: asks and reports; ``save_template`` writes in a worker and says on the page where the file is.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.template import TemplateScope, write_template
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.page import Page
from desktop_app.ui.widgets import dialogs

EMPTY = "empty"
TITLE = "Tải mẫu Excel để điền"
SENTENCE = "Mẫu có sẵn người thì sửa ngay trong Excel rồi nhập lại: chỉ những chỗ đã sửa được ghi."


class TemplateCard(w.Card):
    """Offers the template.

    Signals:
        requested(object): a TemplateScope, or None for the empty template.
    """

    requested = Signal(object)

    def __init__(self) -> None:
        super().__init__(margins=(16, 12), spacing=8)
        head = w.hbox(spacing=8)
        head.addWidget(w.IconView("file-down", 18, "accent"))
        head.addWidget(w.label(TITLE, "strong"), 1)
        self.body.addLayout(head)
        self.body.addWidget(w.label(SENTENCE, "help", wrap=True))
        self.scope = w.FilterChip("Mẫu", [(EMPTY, "trống")])
        self.scope.setAccessibleName("Mẫu trống, hay có sẵn người của thôn nào")
        self.button = w.QuietButton("Tải mẫu", icon="download", key="Ctrl+T", small=True)
        self.button.clicked.connect(lambda _checked=False: self.press())
        self.body.addWidget(w.FlowRow(self.scope, self.button))
        self._scopes: dict[str, TemplateScope] = {}

    def set_scopes(self, scopes: list[TemplateScope]) -> None:
        """What there is to be filled in; a register without people offers the empty template only."""
        self._scopes = {scope.hamlet or "all": scope for scope in scopes}
        choices: list[tuple[object, str]] = [(EMPTY, "trống")]
        choices += [(key, f"{scope.name} ({number_text(scope.people)} người)") for key, scope in self._scopes.items()]
        chosen = self.scope.value if self.scope.value in dict(choices) else EMPTY
        self.scope.set_choices(choices)
        self.scope.set_value(chosen)
        self.scope.setVisible(len(choices) > 1)

    def press(self) -> None:
        """Ask for what is chosen."""
        self.requested.emit(self._scopes.get(str(self.scope.value)))


def save_template(page: Page, scope: TemplateScope | None) -> None:
    """Ask where to put the template and write it; any screen may offer it.

    Args:
        page: says how it went.
        scope: whose people it holds (``template_scopes``); None for the empty one.
    """
    name = "mau nhap cong dan.xlsx" if scope is None else f"danh sach {scope.name} de sua.xlsx"
    out = dialogs.ask_save_file(page, "Cất mẫu", "Bảng tính (*.xlsx)", name=name, suffix="xlsx")
    if out is None or page.shell is None:
        return
    hamlet = scope.hamlet if scope is not None else None

    def failed(error: Exception) -> None:
        page.show_banner(as_app_error(error).message, "attention")

    page.shell.tasks.run(
        partial(_write, page.context, out, hamlet, scope is None), partial(_say, page, out), failed,
        title="Đang ghi mẫu",
        on_cancelled=lambda: page.show_banner("Đã dừng; chưa có tệp nào được ghi.", "neutral"),
    )  # fmt: skip


def _write(context: Context, out: Path, hamlet: Uid | None, is_empty: bool, progress: Progress) -> int:
    return write_template(context, out, hamlet=hamlet, is_empty=is_empty, progress=progress)


def _say(page: Page, out: Path, count: int) -> None:
    if not count:
        page.show_banner(f"Đã ghi mẫu trống vào {out.name}. Điền xong, hãy nhập khẩu tệp đó.", "passed")
        return
    page.show_banner(
        f"Đã ghi {number_text(count)} người vào {out.name}. Sửa trong Excel, lưu lại, rồi nhập khẩu tệp đó. "
        "Tệp có dữ liệu cá nhân; việc xuất đã được ghi vào nhật ký.", "passed",
    )  # fmt: skip
