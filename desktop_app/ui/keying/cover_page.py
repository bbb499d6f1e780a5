"""The cover of a batch: typed once, corrected with a reason; what the last one said is there already.

Invariant: nothing typed is lost by a refusal; Enter goes from field to field and in the last one saves. What a new
batch's printed cover says of its place and forms is filled in once its code stands there, and said.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.round_models import list_parts
from desktop_app.services.errors import UserError
from desktop_app.services.keying.batches import MOST_FORMS, add_batch, edit_cover, next_cover
from desktop_app.services.keying.covers import PrintedCover, printed_cover
from desktop_app.services.keying.records import BatchRecord, Cover
from desktop_app.services.paper.codes import looks_like_stack
from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.page import Page
from desktop_app.ui.registry.choices import hamlets, organizations
from desktop_app.ui.widgets.basics import Card
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.form_spec import Field, FormSpec, raw_of

_FIELDS = {
    "batch.count_bad": "form_count",
    "batch.sum_bad": "score_sum",
    "batch.date_bad": "collected_on",
    "batch.two_places": "organization",
    "batch.place_gone": "hamlet",
    "batch.collector_long": "collector",
    "batch.reason_missing": "reason",
    "batch.has_forms": "set",
    "batch.code_used": "code",
    "code.not_a_stack": "code",
    "code.other_year": "code",
    "batch.wrong_set": "set",
    "batch.group_missing": "set",
    "criteria.unknown_set": "set",
}
"""Code of a refusal → the field beside which it stands."""


class CoverPage(Page):
    """The screen.

    Args:
        year: of the round.
        batch: whose cover is corrected; None for a new batch.
        code: of a new batch whose cover was scanned already.
    """

    title_text = "Bìa tập phiếu"
    help_topic = "nhap_tap_phieu"

    def __init__(self, context: Any, year: int, batch: BatchRecord | None = None, *, code: str = "") -> None:
        super().__init__(context)
        self._year = year
        self.batch = batch
        self._kinds: dict[Uid, tuple[LearningModel, CitizenGroup | None]] = {}
        self._words = self._read_kinds()
        cover = batch.cover if batch is not None else next_cover(context, year)
        self.form = FormView(self._spec(), self._values(cover))
        self.form.submitted.connect(self.on_save)
        self._code_read = ""
        self.form.field("code").editor.left.connect(self._read_code)
        self._first = "set" if code else "code"
        card = Card(margins=(24, 20))
        card.body.addWidget(self.form)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.set_title("Sửa bìa tập phiếu" if batch is not None else "Lập tập phiếu mới")
        self.set_subtitle(batch.name if batch is not None else f"Đợt {year}")
        words = "Cất bìa" if batch is not None else "Bắt đầu nhập"
        self.save_button = self.button_for("save", self.on_save, text=words, primary=True)
        self.set_header_buttons(self.save_button)
        if code:
            self.form.field("code").editor.set_raw(code)
            self._read_code()

    def _spec(self) -> FormSpec:
        has_forms = self.batch is not None and self.batch.forms > 0
        fields = [
            Field(
                "code",
                "Mã tập in trên bìa",
                max_length=120,
                width=240,
                help="Quét ô vuông, gõ 7 chữ số, hoặc để trống.",
            ),
            Field("set", "Loại phiếu", "choice", is_required=True, choices=self._set_choices(), width=460),
            Field("hamlet", "Thôn, tổ", "choice", choices=hamlets(self.context), help="Để trống nếu tập của cả xã."),
            Field(
                "organization",
                "Hoặc đơn vị",
                "choice",
                choices=organizations(self.context),
                help="Phiếu thu theo cơ quan, trường, doanh nghiệp.",
            ),
            Field("collector", "Người thu", max_length=120, help="Ghi vào từng phiếu của tập."),
            Field("collected_on", "Ngày thu", "date", check=_check_day, placeholder="20/11/2026"),
            Field("form_count", "Số phiếu trên bìa", "integer", minimum=1, maximum=MOST_FORMS),
            Field(
                "score_sum",
                "Tổng điểm trên bìa",
                check=_check_sum,
                width=140,
                help="Hai số này phải khớp thì tập mới đóng; bìa không ghi thì để trống. Phiếu đạt, chưa đạt: ghi tổng "
                "số chỉ tiêu đạt.",
            ),
            Field("name", "Tên tập", max_length=120, help="Để trống: tự đặt theo thôn và số thứ tự."),
        ]
        if has_forms:
            fields.append(Field("reason", "Lý do sửa số trên bìa", max_length=300, help="Cần khi sửa hai số trên bìa."))
        return FormSpec(tuple(fields), check=_check_places)

    def _read_kinds(self) -> list[tuple[Uid, str]]:
        """What takes part in the round: its own set for each kind of form first, then the others that exist."""
        first: list[tuple[Uid, str]] = []
        others: list[tuple[Uid, str]] = []
        for part in list_parts(self.context, self._year):
            for choice in part.choices if part.is_taking_part else ():
                self._kinds[choice.uid] = (part.model, part.group)
                is_used = part.used is not None and choice.uid == part.used.uid
                words = part.name if is_used else f"{choice.label} (không phải bộ của đợt)"
                (first if is_used else others).append((choice.uid, words))
        return [*first, *others]

    def _set_choices(self) -> list[tuple[Uid, str]]:
        """A batch with forms keeps its kind."""
        batch = self.batch
        if batch is None or not batch.forms:
            return self._words
        self._kinds.setdefault(batch.set_uid, (batch.cover.model, batch.cover.group))
        return [(batch.set_uid, batch.set_name)]

    def _values(self, cover: Cover) -> dict[str, Any]:
        return {
            "set": cover.set_uid if cover.set_uid in self._kinds else self._set_for(cover.model, cover.group),
            "hamlet": cover.hamlet,
            "organization": cover.organization,
            "collector": cover.collector,
            "collected_on": PartialDate.from_iso(cover.collected_on) if cover.collected_on else None,
            "form_count": cover.form_count,
            "score_sum": score_text(cover.score_sum) if cover.score_sum is not None else "",
            "code": cover.code,
            "name": cover.name,
        }

    def _set_for(self, model: LearningModel, group: CitizenGroup | None) -> Uid | None:
        return next((uid for uid, _ in self._words if self._kinds[uid] == (model, group)), None)

    def _read_code(self) -> None:
        """Fill in what the printed cover of a new batch says; a wrong code is told beside it."""
        code = str(self.form.raw()["code"] or "")
        if self.batch is not None or code == self._code_read or not looks_like_stack(code):
            return
        try:
            cover = printed_cover(self.context, self._year, code)
        except UserError as error:
            self.form.field("code").show_message(error.message)
            return
        self._code_read = cover.digits
        filled: dict[str, Any] = {"code": cover.digits}
        if cover.is_known:  # a cover without a place leaves none of the stack before
            filled |= {"hamlet": cover.hamlet, "organization": cover.organization}
        if cover.model is not None:
            filled["set"] = cover.set_uid if cover.set_uid in self._kinds else self._set_for(cover.model, cover.group)
        self.form.set_raw({key: raw_of(self.form.field(key).spec, value) for key, value in filled.items()})
        self._say_read(cover)

    def _say_read(self, cover: PrintedCover) -> None:
        if cover.is_known:
            said = "; ".join(part for part in (cover.place, cover.form) if part)
            self.show_banner(f"Đã điền theo bìa: {said}. Hãy so với bìa trong tay.")
        else:
            self.form.field("code").show_message(
                "Mã đúng, nhưng 7 chữ số không cho biết tập của thôn nào: hãy quét ô vuông của bìa, hoặc chọn loại "
                "phiếu và thôn như in trên bìa.",
                "warning",
            )

    def on_shown(self) -> None:
        """A new batch begins at its code, for the scanner; a correction at the counts, mostly the fault."""
        self.form.focus_field("form_count" if self.batch is not None else self._first)

    def on_save(self) -> None:
        """Ctrl+S, or Enter in the last field."""
        self._read_code()
        if not self.form.validate():
            return
        values = self.form.values()
        try:
            cover = self._cover(values)
            if self.batch is not None:
                edit_cover(self.context, self.batch.uid, cover, reason=values.get("reason") or "")
                self._leave("Đã sửa bìa.")
            else:
                self._open(add_batch(self.context, self._year, cover))
        except UserError as error:
            field = _FIELDS.get(error.code)
            if field is None or field not in {one.key for one in self.form.spec.fields}:
                self.show_banner(error.message, "attention")
            else:
                self.form.set_errors({field: error.message})

    def _cover(self, values: dict[str, Any]) -> Cover:
        model, group = self._kinds[values["set"]]
        day: PartialDate | None = values["collected_on"]
        total = values["score_sum"]
        return Cover(
            model=model,
            group=group,
            set_uid=values["set"],
            hamlet=values["hamlet"],
            organization=values["organization"],
            collector=values["collector"] or "",
            collected_on=day.iso() if day is not None else None,
            form_count=values["form_count"],
            score_sum=_sum(total) if total else None,
            code=values["code"] or "",
            name=values["name"] or "",
        )

    def _leave(self, said: str) -> None:
        if self.shell is not None:
            self.shell.notify(said, can_undo=True)
            self.shell.pop()

    def _open(self, batch: BatchRecord) -> None:
        """The new batch takes this page's place."""
        from desktop_app.ui.keying.batch_page import BatchPage

        if self.shell is not None:
            self.shell.pop()
            self.shell.push(BatchPage(self.context, batch.uid))


def _check_day(value: PartialDate) -> str | None:
    if value.day is None:
        return "Gõ đủ ngày, tháng, năm, ví dụ 20/11/2026."
    if value.iso() > dt.date.today().isoformat():
        return "Ngày này còn ở phía trước."
    return None


_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d+([.,]\d+)?", re.ASCII)


def _sum(text: str) -> float | None:
    """ "3.214", "3214,5" or "3214.5", as people and calculators write it; None where it is no number."""
    plain = text.replace(" ", "")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    return float(plain.replace(",", ".")) if _PLAIN.fullmatch(plain) else None


def _check_sum(value: str) -> str | None:
    found = _sum(value)
    if found is None:
        return "Chỉ gõ số, ví dụ 3214 hoặc 3214,5."
    if found * 2 != int(found * 2):
        return "Tổng điểm là số nguyên hoặc nửa điểm."
    return None


def _check_places(values: Any) -> dict[str, str]:
    if values.get("hamlet") and values.get("organization"):
        return {"organization": "Tập thuộc một thôn hoặc một đơn vị; bỏ trống một trong hai."}
    return {}
