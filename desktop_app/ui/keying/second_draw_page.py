"""Choosing forms to be keyed twice from the whole round, a hamlet or a batch: what it comes to is said first.

Invariant: nothing is chosen before the button is pressed; drawing again adds and never takes away.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from shiboken6 import isValid

from desktop_app.services.keying.batches import list_batches
from desktop_app.services.keying.second_draw import draw, look_at_draw
from desktop_app.services.keying.second_records import DrawReport
from desktop_app.services.keying.second_settings import load_rules
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.page import Page
from desktop_app.ui.registry.choices import hamlets
from desktop_app.ui.widgets.basics import Card, label
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import Field, FormSpec

ALL, HAMLET, BATCH = "all", "hamlet", "batch"


class SecondDrawPage(Page):
    """The screen.

    Args:
        year: of the round.
    """

    title_text = "Chọn phiếu để nhập lần hai"
    help_topic = "nhap_lan_hai"

    def __init__(self, context: Any, year: int) -> None:
        super().__init__(context)
        self._year = year
        rules = load_rules(context)
        batches = [(batch.uid, f"{batch.name} · {batch.forms} phiếu") for batch in list_batches(context, year)]
        self.form = FormView(
            FormSpec(
                (
                    Field("hamlet", "Thôn, tổ", "choice", choices=hamlets(context), help="Để trống: cả đợt."),
                    Field("batch", "Hoặc một tập phiếu", "choice", choices=batches, width=460),
                ),
                check=_check,
            ),
            {},
        )
        self.form.changed.connect(lambda _key: self._look())
        self.form.submitted.connect(self.on_draw)
        card = Card(margins=(24, 20), spacing=14)
        card.body.addWidget(self.form)
        self.report_label = label("", "strong", wrap=True)
        card.body.addWidget(self.report_label)
        card.body.addWidget(
            label(
                f"Lấy {score_text(rules.base_share)}% số phiếu của mỗi người nhập (tỷ lệ riêng của từng người tăng "
                "giảm theo lỗi), và mọi phiếu có tổng cách mức đạt hay mức xếp loại không quá "
                f"{score_text(rules.distance)} "
                f"điểm, hoặc đủ tổng mà một chỉ số chỉ xê dịch {score_text(rules.floor_distance)} điểm là rớt điểm sàn "
                "hay vừa đủ sàn. Máy nào chọn cũng ra cùng những phiếu ấy.",
                "quiet",
                wrap=True,
            )
        )
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.set_subtitle(f"Đợt {year}")
        self.draw_button = self.button_for("save", self.on_draw, text="Chọn phiếu", primary=True)
        self.set_header_buttons(self.draw_button)

    def on_shown(self) -> None:
        self.form.focus_field("hamlet")
        self._look()

    def _scope(self) -> dict[str, Any]:
        values = self.form.values()
        return {"batch": values.get("batch") or None, "hamlet": values.get("hamlet") or None}

    def _look(self) -> None:
        """Say what the choice comes to; a whole round is counted apart from the window."""
        scope = self._scope()
        if scope["batch"] and scope["hamlet"]:
            self._show("Chọn một thôn hoặc một tập, không cả hai.", can_draw=False)
            return
        self._show("Đang đếm…", can_draw=False)
        if self.shell is None:
            return
        self.shell.tasks.run(
            lambda _progress: look_at_draw(self.context, self._year, **scope),
            partial(self._on_looked, scope),
            on_error=self._on_failed,
            title="Đang đếm phiếu",
            shows_dialog=False,
        )

    def _on_looked(self, scope: dict[str, Any], report: DrawReport) -> None:
        if isValid(self) and scope == self._scope():
            self._show(report.sentence, can_draw=report.count > 0)

    def _on_failed(self, error: Exception) -> None:
        if isValid(self):
            self._show(str(getattr(error, "message", error)), can_draw=False)

    def _show(self, text: str, *, can_draw: bool) -> None:
        self.report_label.setText(text)
        self.draw_button.setEnabled(can_draw)

    def on_draw(self) -> None:
        """Ctrl+S, or Enter in the last field."""
        if not self.draw_button.isEnabled() or self.shell is None:
            return
        scope = self._scope()
        self.draw_button.setEnabled(False)
        self.shell.tasks.run(
            lambda _progress: draw(self.context, self._year, **scope),
            self._on_drawn,
            on_error=self._on_failed,
            title="Đang chọn phiếu",
            can_cancel=False,
        )

    def _on_drawn(self, report: DrawReport) -> None:
        """Say it; this screen goes, unless the person went on to another meanwhile."""
        if isValid(self) and self.shell is not None:
            self.shell.notify(report.sentence, can_undo=report.count > 0)
            if self.isVisible():
                self.shell.pop()


def _check(values: Any) -> dict[str, str]:
    if values.get("hamlet") and values.get("batch"):
        return {"batch": "Chọn một thôn hoặc một tập, không cả hai."}
    return {}
