"""Settings of second entry: shares, distances to the thresholds, and from how many errors a share grows.

Invariant: nothing typed is lost by a refusal; the rule is told in words beside the numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop_app.services.errors import UserError
from desktop_app.services.keying.second_rules import SecondRules
from desktop_app.services.keying.second_settings import LIMITS, load_rules, save_rules
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.page import Page
from desktop_app.ui.widgets.basics import Card, label
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import Field, FormSpec

_HELP = {
    "base_share": "Phần trăm số phiếu của một người chưa có kết quả nào được nhập lại.",
    "least_share": "Sau những tập không lỗi, tỷ lệ không xuống dưới mức này.",
    "distance": "Điểm. Tổng cách mức đạt hoặc mức xếp loại không quá số này thì luôn nhập lại.",
    "floor_distance": "Điểm. Đủ tổng mà một chỉ số lệch chừng này là rớt hay vừa đủ điểm sàn thì nhập lại; 0: bỏ qua.",
    "most_errors": "Tập có nhiều lỗi hơn số này thì tỷ lệ của người nhập tăng gấp đôi.",
}


class SecondRulesPage(Page):
    """The screen."""

    title_text = "Thiết lập nhập lần hai"
    help_topic = "nhap_lan_hai"

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.rules = load_rules(context)
        self.form = FormView(
            FormSpec(tuple(_field(name) for name in LIMITS)),
            {name: score_text(getattr(self.rules, name)) for name in LIMITS},
        )
        self.form.submitted.connect(self.on_save)
        card = Card(margins=(24, 20), spacing=14)
        card.body.addWidget(self.form)
        card.body.addWidget(
            label(
                "Tỷ lệ của mỗi người nhập: tập có nhiều lỗi hơn mức trên thì gấp đôi (nhiều nhất 100%); hai tập liền "
                "không lỗi thì giảm một nửa (không dưới mức thấp nhất); tập có ít lỗi thì giữ nguyên. Tỷ lệ riêng của "
                "một người đặt ở màn hình Tỷ lệ lỗi.",
                "quiet",
                wrap=True,
            )
        )
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.save_button = self.button_for("save", self.on_save, text="Cất", primary=True)
        self.set_header_buttons(self.save_button)

    def on_shown(self) -> None:
        self.form.focus_field("base_share")

    def on_save(self) -> None:
        """Ctrl+S, or Enter in the last field."""
        if not self.form.validate():
            return
        values = {name: number_of(self.form.values()[name]) for name in LIMITS}
        try:
            given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
            save_rules(self.context, replace(SecondRules(), **given))
        except UserError as error:
            self.show_banner(error.message, "attention")
            return
        if self.shell is not None:
            self.shell.notify("Đã cất thiết lập nhập lần hai.", can_undo=True)
            self.shell.pop()


def number_of(text: str) -> float | None:
    """ "12" or "2,5"; None where it is no number."""
    plain = (text or "").strip().removesuffix("%").strip().replace(".", "").replace(",", ".")
    return float(plain) if plain.isascii() and plain.replace(".", "", 1).isdigit() else None


def _field(name: str) -> Field:
    words, least, most = LIMITS[name]

    def check(text: str) -> str | None:
        value = number_of(text)
        if value is None or not least <= value <= most:
            return f"Gõ một số từ {score_text(least)} đến {score_text(most)}."
        return None

    return Field(name, words, is_required=True, check=check, width=140, help=_HELP[name])
