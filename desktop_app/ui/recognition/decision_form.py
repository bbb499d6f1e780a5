"""What a new decision needs to know: number, day, signer.

Invariant: proposed from the settings, checked like any form; what ``recognise`` would refuse stands beside its field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.services.recognition.overview import DecisionProposal
from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui.widgets.form_spec import Field, FormSpec

FIELD_OF_ERROR = {
    "decision.number_missing": "number",
    "decision.number_bad": "number",
    "decision.used": "number",
    "decision.other_date": "date",
    "decision.date_bad": "date",
}
"""Which field a refusal of the services belongs to."""


@dataclass(frozen=True)
class DecisionAnswers:
    """The form as it was read."""

    number: str
    date: dt.date
    signer_title: str
    signer_name: str
    submission_number: str


def decision_spec(proposal: DecisionProposal) -> FormSpec:
    """The questions, in the order in which the paper says them."""
    symbol = f"/{proposal.symbol}" if proposal.symbol else ""
    return FormSpec(
        (
            Field(
                "number",
                "Số quyết định",
                is_required=True,
                placeholder="112",
                max_length=60,
                help=f"Chỉ gõ số thì tự thêm {symbol}." if symbol else "",
            ),
            Field(
                "date",
                "Ngày quyết định",
                "date",
                is_required=True,
                check=_whole_day,
                warn=lambda value: "Ngày này chưa tới." if _day(value) > proposal.today else None,
            ),
            Field("signer_name", "Người ký", max_length=80),
            Field("signer_title", "Chức vụ người ký", max_length=120, help="Hai dòng thì cách nhau bằng dấu /."),
            Field("submission", "Số, ngày tờ trình", max_length=80, placeholder="15/TTr-HKH ngày 10/11/2026"),
        )
    )


def first_values(proposal: DecisionProposal, year: int) -> dict[str, Any]:
    """What stands in a fresh form."""
    in_round = year <= proposal.today.year <= year + 1
    return {
        "number": "",
        "date": proposal.today.isoformat() if in_round else None,
        "signer_name": proposal.signer_name,
        "signer_title": " / ".join(proposal.signer_title.splitlines()),
        "submission": "",
    }


def read_answers(values: Mapping[str, Any]) -> DecisionAnswers:
    """The answers of a form that was found valid."""
    title = "\n".join(part.strip() for part in str(values["signer_title"] or "").split("/"))
    return DecisionAnswers(
        values["number"],
        _day(values["date"]),
        title,
        values["signer_name"] or "",
        values["submission"] or "",
    )


def _whole_day(value: PartialDate) -> str | None:
    return None if value.day and value.month else "Cần đủ ngày, tháng, năm, ví dụ 15/11/2026."


def _day(value: PartialDate) -> dt.date:
    return dt.date(value.year, value.month or 1, value.day or 1)


def draft_date(value: object) -> dt.date | None:
    """The day for a draft; None while it is not whole."""
    return _day(value) if isinstance(value, PartialDate) and value.day else None
