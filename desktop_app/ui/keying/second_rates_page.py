"""Tỷ lệ lỗi: errors per 10,000 fields by person and by batch, with what they are counted on, and each person's share.

Invariant: a rate never stands without its denominator; where nothing is settled yet there is no rate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_app.services.keying.second_rates import export_rates, read_rates
from desktop_app.services.keying.second_records import PersonRate, Rates
from desktop_app.services.keying.second_settings import set_own_share
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.keying.second_rules_page import number_of
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.basics import Card, KeyHint, label
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import Field, FormSpec
from desktop_app.ui.widgets.layouts import FlowRow
from desktop_app.ui.widgets.paged_model import Column, ListSource

SCOPE = "Tỷ lệ lỗi nhập lần hai"


def rate_text(errors: int, fields: int, rate: float) -> str:
    """ "50 (2/400 ô)"; "–" where nothing is settled."""
    if not fields:
        return "–"
    return f"{number_text(rate, 0 if rate == int(rate) else 1)} ({number_text(errors)}/{number_text(fields)} ô)"


def _share_text(person: PersonRate) -> str:
    if person.user is None:
        return "–"
    return f"{score_text(round(person.share, 1))}%" + (", đặt riêng" if person.is_own else "")


PEOPLE = (
    Column("name", "Người nhập", 200, "strong", is_sortable=False, stretch=2),
    Column("first", "Lỗi/10.000 ô, nhập lần đầu", 210,
           value=lambda p: rate_text(p.first_errors, p.first_fields, p.first_rate), is_sortable=False),
    Column("second", "Lỗi/10.000 ô, nhập lần hai", 210,
           value=lambda p: rate_text(p.second_errors, p.second_fields, p.second_rate), is_sortable=False, gives_way=2),
    Column("first_forms", "Phiếu đã đối chiếu", 160, "number", is_sortable=False, gives_way=3),
    Column("waiting", "Đang chờ", 90, "number", is_sortable=False, gives_way=4),
    Column("share", "Tỷ lệ nhập lại", 150, value=_share_text, is_sortable=False),
)  # fmt: skip
BATCHES = (
    Column("name", "Tập phiếu", 200, "strong", is_sortable=False, stretch=2),
    Column("first", "Nhập lần đầu", 150, value=lambda b: ", ".join(b.first), is_sortable=False, gives_way=2),
    Column("second", "Nhập lần hai", 150, value=lambda b: ", ".join(b.second), is_sortable=False, gives_way=3),
    Column("forms", "Đã đối chiếu", 110, "number", is_sortable=False, gives_way=4),
    Column("waiting", "Đang chờ", 90, "number", is_sortable=False, gives_way=5),
    Column("first_rate", "Lỗi/10.000 ô, lần đầu", 180,
           value=lambda b: rate_text(b.first_errors, b.fields, b.first_rate), is_sortable=False),
    Column("second_rate", "Lỗi/10.000 ô, lần hai", 180,
           value=lambda b: rate_text(b.second_errors, b.fields, b.second_rate), is_sortable=False, gives_way=1),
)  # fmt: skip


class SecondRatesPage(Page):
    """The screen.

    Args:
        year: of the round.
    """

    title_text = "Tỷ lệ lỗi khi nhập phiếu"
    help_topic = "nhap_lan_hai"
    ACTIONS = (ActionSpec("rates.export", "Xuất ra Excel", "Ctrl+E", "file-spreadsheet", scope=SCOPE),)

    def __init__(self, context: Any, year: int) -> None:
        super().__init__(context)
        self._year = year
        self.rates = Rates(year, (), ())
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)
        self.share_card = Card(margins=(20, 14))
        self.share_form: FormView | None = None
        self.share_card.hide()
        self.body.addWidget(self.share_card)
        self.people = DataTable("second.people", PEOPLE, single=True, title="Theo người")
        self.people.view.setAccessibleName("Tỷ lệ lỗi theo người")
        self.people.row_opened.connect(lambda person: self._ask_share(person) if person is not None else None)
        self.body.addWidget(self.people)
        self.batches = DataTable("second.batches", BATCHES, single=True, title="Theo tập phiếu")
        self.batches.view.setAccessibleName("Tỷ lệ lỗi theo tập phiếu")
        self.body.addWidget(self.batches)
        self.body.addWidget(
            label(
                "Lỗi lần đầu là ô mà kết quả đối chiếu khác điểm nhập lần đầu; lỗi lần hai là ô khác điểm nhập lần "
                "hai. Mẫu số là số ô đã nhập hai lần và đối chiếu xong.",
                "quiet",
                wrap=True,
            )
        )
        self.body.addWidget(FlowRow(KeyHint("F2", "đặt tỷ lệ riêng"), KeyHint("Ctrl+E", "xuất ra Excel"), spacing=18))
        self.body.addStretch(1)
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "edit": self._on_edit,
            "list": self.people.take_focus,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.set_header_buttons(self.button_for("rates.export", self.on_export, text="Xuất ra Excel", primary=True))
        self.set_subtitle(f"Đợt {year}")

    def refresh(self) -> None:
        with self.errors():
            place = self._place()
            self.rates = read_rates(self.context, self._year)
            self.people.set_source(ListSource(self.rates.people))
            self.batches.set_source(ListSource(self.rates.batches))
            self.people.show_rows(max(1, min(8, len(self.rates.people))))
            self.batches.show_rows(max(1, min(8, len(self.rates.batches))))
            if self.rates.people:
                self.people.select_row(min(place, len(self.rates.people) - 1))

    def _place(self) -> int:
        current = self.people.current() if self.rates.people else None
        return self.rates.people.index(current) if current in self.rates.people else 0

    def on_shown(self) -> None:
        self.people.take_focus()

    # -- deeds -------------------------------------------------------------------------------------------------

    def on_export(self) -> None:
        """Ctrl+E: both tables as a workbook."""
        name = f"ty-le-loi-nhap-phieu-{self._year}.xlsx"
        out = dialogs.ask_save_file(self, "Xuất tỷ lệ lỗi", "Bảng tính Excel (*.xlsx)", name=name, suffix="xlsx")
        if out is None:
            return
        with self.errors():
            export_rates(self.rates, out)
            if self.shell is not None:
                self.shell.notify(f"Đã xuất {out.name}.")

    def _on_edit(self) -> None:
        person = self.people.current() if self.rates.people else None
        if isinstance(person, PersonRate):
            self._ask_share(person)

    def _ask_share(self, person: PersonRate) -> None:
        """The share of one person from now on."""
        if person.user is None:
            self.ask_bar.ask(
                "Không rõ ai đã nhập những phiếu này nên không đặt tỷ lệ riêng được.",
                Answer("Đã hiểu", self.people.take_focus),
            )
            return
        self._close_share()
        help_text = "Phần trăm, từ 0 đến 100; từ đây lại tăng giảm theo lỗi. Để trống: theo tỷ lệ chung và mọi tập."
        spec = FormSpec((Field("share", f"Tỷ lệ nhập lại của {person.name}", check=_check, width=140, help=help_text),))
        self.share_form = FormView(spec, {"share": score_text(round(person.share, 1))})
        self.share_form.submitted.connect(lambda: self._save_share(person))
        self.share_card.body.addWidget(self.share_form)
        self.share_card.show()
        self.bind("save", lambda: self._save_share(person))
        self.share_form.focus_field("share")

    def _save_share(self, person: PersonRate) -> None:
        form = self.share_form
        if form is None or person.user is None or not form.validate():
            return
        text = form.values().get("share") or ""
        with self.errors():
            set_own_share(self.context, person.user, number_of(text) if text else None)
            if self.shell is not None:
                self.shell.notify(f"Đã đặt tỷ lệ nhập lại của {person.name}.", can_undo=True)
            self.refresh()
        self._close_share()
        self.people.take_focus()

    def _close_share(self) -> None:
        if self.share_form is not None:
            self.share_card.body.removeWidget(self.share_form)
            self.share_form.hide()
            self.share_form.deleteLater()
            self.share_form = None
        self.share_card.hide()

    def keyPressEvent(self, event: Any) -> None:
        """Esc closes the field of the share without keeping it."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Escape and self.share_form is not None:
            self._close_share()
            self.people.take_focus()
            return
        super().keyPressEvent(event)


def _check(text: str) -> str | None:
    value = number_of(text)
    return None if value is not None and 0 <= value <= 100 else "Gõ một số từ 0 đến 100, hoặc để trống."
