"""Thiết lập, part "Cơ quan và ký": who recognises and signs, on what grounds, and how numbers are given."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.rounds import current_round
from desktop_app.services.registry.words import MODEL
from desktop_app.services.settings import OfficeSettings, load_office, save_office
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.office_forms import OFFICE_FIELDS, SIGNER_TITLES
from desktop_app.ui.safety.section import FormSection

NUMBER_FORMATS = (
    "{sequence:04d}/{year}-{code}",
    "{sequence:04d}/{code}-{year}",
    "{sequence:03d}/{code}",
    "{code}-{sequence:04d}/{year}",
    "{sequence:04d}/{year}",
    "{sequence}",
)
HEADINGS = (("GIẤY CÔNG NHẬN", "GIẤY CÔNG NHẬN"), ("GIẤY CHỨNG NHẬN", "GIẤY CHỨNG NHẬN"))
PAPERS = (("A4", "A4 ngang"), ("A5", "A5 ngang"))
NUMBERED = (
    LearningModel.CITIZEN,
    LearningModel.FAMILY,
    LearningModel.CLAN,
    LearningModel.COMMUNITY,
    LearningModel.ORGANIZATION,
    LearningModel.COMMUNE,
)


def office_spec(settings: OfficeSettings) -> w.FormSpec:
    """The office's questions; a stored title that is not in the list is offered too."""
    titles: tuple[tuple[str, str], ...] = SIGNER_TITLES
    if settings.signer_title not in dict(titles):
        titles = ((settings.signer_title, settings.signer_title.replace("\n", ", ")), *titles)
    office = (replace(one, choices=titles) if one.key == "signer_title" else one for one in OFFICE_FIELDS)
    return w.FormSpec(tuple(office))


def document_spec() -> w.FormSpec:
    """How decisions and certificates are headed."""
    return w.FormSpec(
        (
            w.Field(
                "decision_symbol",
                "Ký hiệu quyết định",
                is_required=True,
                max_length=30,
                help="Đứng sau số: 112/QĐ-UBND.",
                width=200,
            ),
            w.Field(
                "legal_bases",
                "Căn cứ ghi trong quyết định",
                "multiline",
                max_length=4000,
                help="Mỗi dòng một căn cứ, không cần chữ “Căn cứ”. Để trống: chương trình dùng căn cứ của bộ tiêu chí.",
                width=520,
            ),
            w.Field("certificate_heading", "Tên giấy", "choice", is_required=True, choices=HEADINGS),
            w.Field("paper", "Khổ giấy", "choice", is_required=True, choices=PAPERS),
            w.Field(
                "is_reference_form",
                "Ghi “Mẫu tham khảo” trên văn bản in ra",
                "check",
                help="Bỏ dấu này sau khi cơ quan đã soát lời văn của các mẫu.",
            ),
        )
    )


def number_spec(settings: OfficeSettings, year: int) -> w.FormSpec:
    """Form of the register number, and where the paper book ended for each model this year."""
    formats = tuple(dict.fromkeys((*NUMBER_FORMATS, settings.number_format)))
    choices = tuple((text, text.format(sequence=1, year=year, code="CD")) for text in formats)
    return w.FormSpec(
        (
            w.Field("number_format", "Cách viết số vào sổ", "choice", is_required=True, choices=choices),
            *(
                w.Field(
                    f"first:{model.value}",
                    f"Số đầu tiên năm {year}: {MODEL[model]}",
                    "integer",
                    minimum=1,
                    maximum=99_999,
                    placeholder="1",
                )
                for model in NUMBERED
            ),
        )
    )


def code_spec() -> w.FormSpec:
    """The short word in each model's numbers."""
    return w.FormSpec(
        tuple(
            w.Field(f"code:{model.value}", f"Mã trong số: {MODEL[model]}", is_required=True, max_length=8, width=120)
            for model in NUMBERED
        ),
        check=_same_codes,
    )


def _same_codes(values: Any) -> dict[str, str]:
    seen: dict[str, str] = {}
    errors: dict[str, str] = {}
    for key, value in values.items():
        if value and value in seen:
            errors[key] = "Trùng mã với danh hiệu khác."
        seen[value] = key
    return errors


class OfficeSection(FormSection):
    """Two cards: the office, and the numbers."""

    key, text, icon = "office", "Cơ quan, ký", "landmark"

    def load(self) -> None:
        settings = load_office(self.context)
        year = current_round(self.context).year
        self._year, self._stored = year, settings
        self.clear()
        values = self._office_values(settings)
        self.office = self.add_form(office_spec(settings), values)
        self.documents = self.add_form(document_spec(), values)
        first = {f"first:{m.value}": settings.first_numbers.get(f"{m.value}:{year}") for m in NUMBERED}
        self.numbers = self.add_form(number_spec(settings, year), {"number_format": settings.number_format, **first})
        self.codes = self.add_form(
            code_spec(), {f"code:{m.value}": settings.number_codes.get(m.value, "") for m in NUMBERED}
        )
        office, documents = w.Card("Cơ quan và người ký", margins=(24, 20)), w.Card("Văn bản, giấy", margins=(24, 20))
        office.body.addWidget(self.office)
        documents.body.addWidget(self.documents)
        numbers = w.Card("Số vào sổ", margins=(24, 20), spacing=12)
        numbers.body.addWidget(
            w.label(
                "Số do máy của xã cấp khi công nhận, mỗi năm đếm lại. Nếu sổ giấy đã cấp một số giấy trong năm, ghi số "
                "đầu tiên mà chương trình được dùng. Số đã cấp rồi không đổi.",
                "quiet",
                wrap=True,
            )
        )
        numbers.body.addWidget(w.CardGrid(self.numbers, self.codes, min_width=380))
        for one in (w.CardGrid(office, documents, min_width=440), numbers):
            self.body.addWidget(one)
        self.body.addStretch(1)

    @staticmethod
    def _office_values(settings: OfficeSettings) -> dict[str, Any]:
        values = {item.name: getattr(settings, item.name) for item in fields(settings)}
        values["legal_bases"] = "\n".join(settings.legal_bases)
        return values

    def store(self) -> None:
        office = {**self.office.values(), **self.documents.values()}
        numbers, codes = self.numbers.values(), self.codes.values()
        first = dict(self._stored.first_numbers)
        for model in NUMBERED:
            value = numbers[f"first:{model.value}"]
            if value is None:
                first.pop(f"{model.value}:{self._year}", None)
            else:
                first[f"{model.value}:{self._year}"] = value
        lines = (office.pop("legal_bases") or "").splitlines()
        bases = tuple(line.strip() for line in lines if line.strip())
        settings = replace(
            self._stored,
            **office,
            legal_bases=bases,
            number_format=numbers["number_format"],
            first_numbers=first,
            number_codes={model.value: codes[f"code:{model.value}"] for model in NUMBERED},
        )
        save_office(self.context, settings)
