"""The forms of what can happen to a person: another household, death, leaving, coming back.

Invariant: a form asks only what its deed needs; every rule is the service's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_app.models.records import SaveResult
from desktop_app.models.types import LifeStatus
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.citizen_forms import RELATIONS
from desktop_app.ui.registry.edit_page import EditPage
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.registry.list_page import noop
from desktop_app.ui.registry.person_deeds import Deed, Person
from desktop_app.ui.widgets.form_spec import Field, FormSpec

_Asked = tuple[str, list[Field], Callable[[Values], SaveResult], Callable[[Values], str], str]
"""Title, questions, what saves, what is said then, words of the button."""


def deed_task(page: EditPage, deed: Deed, person: Person) -> FormTask:
    """What is asked for one deed of one person."""
    make = {Deed.MOVE: _move, Deed.DEATH: _death, Deed.LEAVE: _leave, Deed.BACK: _back}[deed]
    title, fields, save, said, verb = make(page.context, person)
    return FormTask(
        title,
        FormSpec(tuple(fields)),
        {"how": LifeStatus.MOVED.value},
        save=save,
        on_saved=lambda result, values: saved_with_warnings(page, said(values), result),
        is_new=True,
        save_text=verb,
    )


def _move(context: Any, person: Person) -> _Asked:
    from desktop_app.services.moves.deeds import move_member

    def save(values: Values) -> SaveResult:
        return move_member(
            context, person.uid, values["household"], relation=values.get("relation"), on=values.get("on"),
            new_head=values.get("new_head") or None,
        )  # fmt: skip

    fields = [
        household_field(context, "Chuyển đến hộ"),
        Field("relation", "Quan hệ với chủ hộ mới", placeholder=RELATIONS),
        *_heir_field(person),
        day_field(),
    ]
    said = f"Đã chuyển {person.name} sang hộ khác."
    return f"Chuyển {person.name} sang hộ khác", fields, save, lambda values: said, "Chuyển"


def _death(context: Any, person: Person) -> _Asked:
    from desktop_app.services.moves.deeds import record_death

    def save(values: Values) -> SaveResult:
        return record_death(context, person.uid, on=values.get("on"), new_head=values.get("new_head") or None)

    fields = [day_field("Mất ngày"), *_heir_field(person)]
    said = f"Đã ghi nhận {person.name} đã mất."
    return f"Ghi nhận {person.name} đã mất", fields, save, lambda values: said, "Ghi nhận"


def _leave(context: Any, person: Person) -> _Asked:
    from desktop_app.services.moves.deeds import record_away, record_leaving

    def save(values: Values) -> SaveResult:
        day, place = values.get("on"), values.get("place")
        if values.get("how") == LifeStatus.AWAY:
            return record_away(context, person.uid, on=day, place=place)
        return record_leaving(context, person.uid, on=day, place=place, new_head=values.get("new_head") or None)

    kinds = [(LifeStatus.MOVED.value, "Chuyển hẳn đi nơi khác")]
    if person.life is LifeStatus.LIVING:
        kinds.append((LifeStatus.AWAY.value, "Đi vắng một thời gian (vẫn là người của hộ)"))
    fields = [
        Field("how", "Đi thế nào", "choice", is_required=True, choices=tuple(kinds)),
        Field("place", "Đi đâu", placeholder="tỉnh Đồng Nai, xã Hòa Bình…"),
        day_field("Từ ngày"),
        *_heir_field(person, "Chỉ cần khi chuyển hẳn đi."),
    ]

    def said(values: Values) -> str:
        is_away = values.get("how") == LifeStatus.AWAY
        return f"Đã ghi {person.name} {'đi vắng' if is_away else 'chuyển khỏi xã'}."

    return f"{person.name} đi khỏi xã", fields, save, said, "Ghi nhận"


def _back(context: Any, person: Person) -> _Asked:
    from desktop_app.services.moves.deeds import come_back

    def save(values: Values) -> SaveResult:
        return come_back(
            context, person.uid, target=values.get("household") or None, relation=values.get("relation"),
            on=values.get("on"),
        )  # fmt: skip

    fields = [day_field("Về từ ngày")]
    if person.life is LifeStatus.MOVED:
        old = "Để trống: về hộ cũ." if person.household else ""
        fields = [
            household_field(context, "Về ở hộ", is_required=not person.household, help_text=old),
            Field("relation", "Quan hệ với chủ hộ", placeholder=RELATIONS),
            *fields,
        ]
    return f"{person.name} trở về", fields, save, lambda values: f"Đã ghi {person.name} trở về.", "Ghi nhận"


def day_field(label: str = "Từ ngày") -> Field:
    """The day of a deed; blank is today."""
    return Field(
        "on", label, "date", placeholder="08/05/2026", help="Để trống: hôm nay. Chỉ nhớ tháng hay năm cũng được."
    )


def household_field(context: Any, label: str, *, is_required: bool = True, help_text: str = "") -> Field:
    """Choosing a household by typing."""
    return Field(
        "household",
        label,
        "search",
        is_required=is_required,
        help=" ".join(part for part in (help_text, choices.HOUSEHOLD_HELP) if part),
        find=choices.find_household(context),
        words_of=choices.words_of_household(context),
    )


def _heir_field(person: Person, help_text: str = "") -> list[Field]:
    """Who heads the household afterwards; asked only where a head leaves others behind."""
    if not person.heirs:
        return []
    words = " ".join(part for part in ("Người này đang là chủ hộ.", help_text) if part)
    return [Field("new_head", "Chủ hộ mới của hộ ở lại", "choice", choices=person.heirs, help=words)]


def saved_with_warnings(page: EditPage, said: str, result: SaveResult) -> None:
    """The same record stays in the panel; what should be looked at afterwards is said in place, with the way there."""
    page.show_again(said)
    if result.warnings:
        is_review = any(issue.code == "relation.review" for issue in result.warnings)
        review = getattr(page, "review_relations", None)
        more = (Answer("Sửa quan hệ", review),) if review is not None and is_review else ()
        page.ask_bar.say(" ".join(issue.message for issue in result.warnings), *more, Answer("Đã hiểu", noop))
