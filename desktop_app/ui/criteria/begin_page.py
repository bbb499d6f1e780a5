"""Beginning a set from nothing: for whom, judged how, called what; then the editor opens.

Invariant: nothing is written before "Bắt đầu soạn"; Esc goes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.models.records import SaveResult
from desktop_app.models.types import CitizenGroup, LearningModel, SetKind
from desktop_app.services.criteria.begin import begin_set
from desktop_app.services.errors import AppError
from desktop_app.services.registry.words import GROUP_SHORT, MODEL
from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.registry.form_pane import FormPane, FormTask, Values

_KINDS = ((SetKind.POINTS, "Chấm điểm"), (SetKind.CHECKLIST, "Kiểm đếm từng chỉ tiêu đạt hay chưa"))


def _check(values: Mapping[str, Any]) -> dict[str, str]:
    """A group belongs to citizens, and to them alone."""
    is_citizen = values.get("model") == LearningModel.CITIZEN.value
    if is_citizen and values.get("group") in (None, ""):
        return {"group": "Công dân học tập chấm theo nhóm: hãy chọn một nhóm."}
    if not is_citizen and values.get("group") not in (None, ""):
        return {"group": "Chỉ Công dân học tập mới có nhóm; hãy để trống."}
    return {}


SPEC = w.FormSpec(
    (
        w.Field("model", "Mô hình", "choice", choices=[(m, MODEL[m]) for m in LearningModel], is_required=True),
        w.Field(
            "group",
            "Nhóm đối tượng",
            "choice",
            choices=[(None, "(không)"), *((g, GROUP_SHORT[g]) for g in CitizenGroup)],
            help="Chỉ của Công dân học tập.",
        ),
        w.Field("kind", "Cách đánh giá", "choice", choices=list(_KINDS), is_required=True),
        w.Field("name", "Tên bộ tiêu chí", max_length=200, help="Để trống: lấy tên của bộ có sẵn."),
    ),
    check=_check,
)


class BeginPage(Page):
    """One form."""

    title_text = "Soạn bộ mới từ đầu"
    help_topic = "bo_tieu_chi"

    def __init__(
        self, context: Any, model: LearningModel = LearningModel.CITIZEN, group: CitizenGroup | None = None
    ) -> None:
        super().__init__(context)
        self._values = {"model": model, "group": group, "kind": SetKind.POINTS, "name": ""}
        self._made = ""
        self.pane, self.ask_bar = FormPane(), AskBar()
        self.body.addWidget(self.ask_bar)
        self.body.addWidget(w.sized(self.pane, min_height=300), 1)
        self.pane.closed.connect(self._on_closed)
        self.pane.discard_asked.connect(self._ask)
        self.pane.failed.connect(self._on_failed)
        self.bind("save", lambda: self.pane.save())

    def on_shown(self) -> None:
        if self.pane.is_open or self._made:
            return
        self.pane.open(
            FormTask(
                title="Bộ này chấm ai, chấm thế nào",
                spec=SPEC,
                values=self._values,
                save=self._begin,
                on_saved=lambda _result, _raw: None,
                is_new=True,
                note="Bản soạn bắt đầu với một dòng trống và chưa có điểm đạt. Muốn sửa từ bộ có sẵn thì mở bộ đó và "
                "chép thành bản mới (Ctrl+Shift+C).",
                save_text="Bắt đầu soạn",
            )
        )

    def _begin(self, raw: Values) -> SaveResult:
        found = w.read_form(SPEC, raw).values
        group = CitizenGroup(found["group"]) if found["group"] else None
        self._made = begin_set(
            self.context, LearningModel(found["model"]), group, SetKind(found["kind"]), found["name"] or ""
        )
        return SaveResult(self._made)

    def _on_closed(self) -> None:
        from desktop_app.ui.criteria.draft_page import DraftPage

        shell = self.shell
        if shell is None:
            return
        shell.pop()
        if self._made:
            shell.announce_change("criteria_set")
            shell.push(DraftPage(self.context, self._made))
            shell.notify("Đã bắt đầu bản soạn; bộ đang dùng giữ nguyên.", can_undo=True)

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self.ask_bar.ask(error.message, Answer("Đã hiểu", self.pane.resume))

    def _ask(self) -> None:
        self.ask_bar.ask(
            "Bỏ những gì đã chọn?",
            Answer("Bỏ", self.pane.close_form, "danger"),
            Answer("Làm tiếp", self.pane.resume, "primary"),
        )
