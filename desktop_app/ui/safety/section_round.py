"""Thiết lập, part "Đợt và chỉ tiêu": the year's round, its days, and what the year works towards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel, RoundStatus
from desktop_app.services.assessment.rounds import (
    RoundRecord,
    RoundTarget,
    change_round,
    current_round,
    list_rounds,
    list_targets,
    open_round,
    set_target,
)
from desktop_app.services.registry.words import GROUP_SHORT, MODEL, ROUND_STATUS
from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.section import FormSection, number_check, number_words, read_number

ASKED: tuple[tuple[LearningModel, CitizenGroup | None], ...] = (
    (LearningModel.CITIZEN, None),
    (LearningModel.CITIZEN, CitizenGroup.OFFICIAL),
    (LearningModel.CITIZEN, CitizenGroup.WORKER),
    (LearningModel.FAMILY, None),
    (LearningModel.CLAN, None),
    (LearningModel.COMMUNITY, None),
    (LearningModel.ORGANIZATION, None),
)
Target = tuple[LearningModel, CitizenGroup | None]


def whole_date(value: PartialDate) -> str | None:
    """A rule: the day must be known."""
    return None if value.day else "Cần đủ ngày, tháng, năm."


def as_day(value: PartialDate) -> dt.date:
    assert value.month is not None and value.day is not None
    return dt.date(value.year, value.month, value.day)


ROUND_SPEC = w.FormSpec(
    (
        w.Field("name", "Tên đợt", is_required=True, max_length=60),
        w.Field("starts_on", "Từ ngày", "date", is_required=True, check=whole_date),
        w.Field("ends_on", "Đến ngày", "date", is_required=True, check=whole_date),
        w.Field(
            "counted_on",
            "Ngày tính tuổi và nơi ở",
            "date",
            is_required=True,
            check=whole_date,
            help="Người đủ tuổi và đang ở xã vào ngày này thì thuộc diện đánh giá.",
        ),
        w.Field(
            "status",
            "Trạng thái",
            "choice",
            is_required=True,
            choices=tuple((status.value, ROUND_STATUS[status]) for status in RoundStatus),
            help="Đợt đã khóa không nhận thêm phiếu; mở khóa ở đây.",
        ),
    ),
    check=lambda values: (
        {"ends_on": "Đứng trước ngày bắt đầu."}
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]
        else {}
    ),
)


def target_key(target: Target) -> str:
    return f"{target[0].value}:{target[1].value if target[1] else ''}"


def target_spec(shipped: dict[Target, RoundTarget]) -> w.FormSpec:
    """A percentage for each model; beside it what holds when it is left empty."""
    fields = []
    for model, group in ASKED:
        known = shipped.get((model, group))
        name = MODEL[model] if group is None else f"{MODEL[model]}: {GROUP_SHORT[group].lower()}"
        fields.append(
            w.Field(
                target_key((model, group)),
                name + " (%)",
                help=_help(known),
                check=number_check(0, 100),
                placeholder=number_words(known.percent) if known and not known.is_own else "",
                width=120,
            )
        )
    source = w.Field("source", "Văn bản giao chỉ tiêu", max_length=200, help="Ghi khi đặt chỉ tiêu riêng.", width=420)
    return w.FormSpec((*fields, source))


def _help(known: RoundTarget | None) -> str:
    if known is None:
        return "Chưa có chỉ tiêu chung; để trống thì không so với chỉ tiêu."
    if known.is_own:
        return (
            f"Chỉ tiêu riêng của xã{', theo ' + known.source if known.source else ''}. Xóa trắng để về chỉ tiêu chung."
        )
    of = f" {known.denominator_name}" if known.denominator_name else ""
    source = f" Nguồn: {known.source}." if known.source else ""
    return f"Để trống: theo chỉ tiêu chung {number_words(known.percent)} %{of}.{source}"


class RoundSection(FormSection):
    """A card for the round, a card for its targets."""

    key, text, icon = "round", "Đợt, chỉ tiêu", "target"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.year: int | None = None
        self.open_button = w.QuietButton("", icon="plus")
        self.open_button.clicked.connect(lambda _checked=False: self.on_open())

    def buttons(self) -> tuple[Any, ...]:
        return (self.open_button, self.save_button)

    def load(self) -> None:
        rounds = list_rounds(self.context)
        chosen = next((item for item in rounds if item.year == self.year), None) or current_round(self.context)
        self.year = chosen.year
        following = max(item.year for item in rounds) + 1
        self._following = following
        self.open_button.setText(f"Mở đợt {following}")
        self.open_button.setAccessibleName(self.open_button.text())
        self.clear()
        if len(rounds) > 1:
            chip = w.FilterChip("Đợt", [(item.year, str(item.year)) for item in rounds], value=chosen.year)
            chip.chosen.connect(self.show_year)
            self.body.addWidget(w.FlowRow(chip))
        self.body.addWidget(w.CardGrid(self._round_card(chosen), self._target_card(chosen), min_width=440))
        self.body.addStretch(1)

    def _round_card(self, chosen: RoundRecord) -> w.Card:
        values = {name: getattr(chosen, name) for name in ("name", "starts_on", "ends_on", "counted_on")}
        self.round_form = self.add_form(ROUND_SPEC, {**values, "status": chosen.status.value})
        card = w.Card(f"Đợt {chosen.year}", margins=(24, 20), spacing=12)
        card.body.addWidget(self.round_form)
        return card

    def _target_card(self, chosen: RoundRecord) -> w.Card:
        found = {(item.model, item.group): item for item in list_targets(self.context, chosen.year)}
        self._found = found
        own = {target_key(key): number_words(item.percent) for key, item in found.items() if item.is_own}
        source = next((item.source for item in found.values() if item.is_own and item.source), "")
        self.target_form = self.add_form(target_spec(found), {**own, "source": source})
        card = w.Card(f"Chỉ tiêu năm {chosen.year}", margins=(24, 20), spacing=12)
        card.body.addWidget(self.target_form)
        return card

    def show_year(self, year: object) -> None:
        """Another round; what was typed for this one is saved first."""
        if isinstance(year, int) and year != self.year and self.leave():
            self.year = year
            self.load()

    def on_open(self) -> None:
        """Open the round of the year after the last."""
        if not self.leave():
            return
        with self.page.errors():
            self.year = open_round(self.context, self._following).year
            self.load()
            self.page.notify(f"Đã mở đợt {self.year}.", can_undo=True)
            self.page.host.place_changed()

    def store(self) -> None:
        assert self.year is not None
        values = self.round_form.values()
        if self.round_form.is_changed:
            change_round(
                self.context,
                self.year,
                name=values["name"],
                starts_on=as_day(values["starts_on"]),
                ends_on=as_day(values["ends_on"]),
                counted_on=as_day(values["counted_on"]),
                status=RoundStatus(values["status"]),
            )
            self.page.host.place_changed()
        if self.target_form.is_changed:
            self._store_targets(self.year)

    def _store_targets(self, year: int) -> None:
        values = self.target_form.values()
        for target in ASKED:
            text = values[target_key(target)]
            known = self._found.get(target)
            wanted = read_number(text) if text else None
            stands = known.percent if known is not None and known.is_own else None
            if wanted != stands or (wanted is not None and known is not None and values["source"] != known.source):
                set_target(
                    self.context,
                    year,
                    target[0],
                    wanted,
                    group=target[1],
                    denominator_name=_of(known),
                    source=values["source"],
                )


def _of(known: RoundTarget | None) -> str:
    return known.denominator_name if known is not None else ""
