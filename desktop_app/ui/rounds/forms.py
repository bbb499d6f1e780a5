"""What is asked of a round: its name and days, and a percentage for each model; read and stored the same everywhere.

Invariant: a target that is left empty follows the shipped one, and the form says which that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.rounds import OwnTarget, RoundRecord, RoundTarget, change_round
from desktop_app.services.context import Context
from desktop_app.services.registry.words import GROUP_SHORT, MODEL
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.section import number_check, number_words, read_number
from desktop_app.ui.widgets.days import as_day, whole_date

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
    ),
    check=lambda values: (
        {"ends_on": "Đứng trước ngày bắt đầu."}
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]
        else {}
    ),
)


def round_values(chosen: RoundRecord) -> dict[str, Any]:
    """A round as its form shows it."""
    return {name: getattr(chosen, name) for name in ("name", "starts_on", "ends_on", "counted_on")}


def store(
    context: Context,
    year: int,
    days: Mapping[str, Any],
    targets: Mapping[str, Any],
    found: Mapping[Target, RoundTarget],
) -> None:
    """Write a round's name, days and targets as one deed; an empty mapping leaves its part as it is."""
    named = {"name": days["name"], **{column: as_day(days[column]) for column in _DAYS}} if days else {}
    change_round(context, year, **named, targets=_changed(targets, found) if targets else {})


_DAYS = ("starts_on", "ends_on", "counted_on")


def target_key(target: Target) -> str:
    return f"{target[0].value}:{target[1].value if target[1] else ''}"


def target_spec(shipped: Mapping[Target, RoundTarget]) -> w.FormSpec:
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


def target_values(found: Mapping[Target, RoundTarget]) -> dict[str, Any]:
    """The office's own targets as their form shows them."""
    own = {target_key(key): number_words(item.percent) for key, item in found.items() if item.is_own}
    source = next((item.source for item in found.values() if item.is_own and item.source), "")
    return {**own, "source": source}


def _changed(values: Mapping[str, Any], found: Mapping[Target, RoundTarget]) -> dict[Target, OwnTarget | None]:
    """The targets that differ from what stands."""
    changed: dict[Target, OwnTarget | None] = {}
    for target in ASKED:
        text = values[target_key(target)]
        known = found.get(target)
        wanted = read_number(text) if text else None
        stands = known.percent if known is not None and known.is_own else None
        if wanted == stands and (wanted is None or known is None or values["source"] == known.source):
            continue
        name = known.denominator_name if known is not None else ""
        changed[target] = OwnTarget(wanted, name, values["source"]) if wanted is not None else None
    return changed
