"""What can happen to one person, as forms in the panel's place: another household, death, leaving, coming back.

Invariant: each is one deed of the services with its day; who is asked for what is the service's decision, a head who
leaves is asked for the new one at once. Any EditPage can host them: ``PersonDeeds(page, prefix, who)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.models.records import CitizenDetail, Member, SaveResult
from desktop_app.models.types import LifeStatus
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.citizen_forms import RELATIONS
from desktop_app.ui.registry.edit_page import EditPage
from desktop_app.ui.registry.list_page import noop
from desktop_app.ui.widgets.form_spec import Field, FormSpec

if TYPE_CHECKING:
    from desktop_app.ui.registry.form_pane import FormTask, Values

    _Asked = tuple[str, list[Field], Callable[[Values], SaveResult], Callable[[Values], str], str]
    """Title, questions, what saves, what is said then, words of the button."""


class Deed(StrEnum):
    """What can happen to a person."""

    MOVE = "move"
    DEATH = "death"
    LEAVE = "leave"
    BACK = "back"


WORDS = {
    Deed.MOVE: "Chuyển hộ",
    Deed.DEATH: "Ghi nhận đã mất",
    Deed.LEAVE: "Đi khỏi xã",
    Deed.BACK: "Trở về",
}
_ICONS = {Deed.MOVE: "arrow-right", Deed.DEATH: "minus", Deed.LEAVE: "log-out", Deed.BACK: "corner-down-left"}
_KEYS = {Deed.MOVE: "Ctrl+M", Deed.DEATH: "Ctrl+Shift+D", Deed.LEAVE: "Ctrl+Shift+X", Deed.BACK: "Ctrl+Shift+B"}

_HERE = (LifeStatus.LIVING, LifeStatus.AWAY)
_FITTING = {
    LifeStatus.LIVING: (Deed.MOVE, Deed.LEAVE, Deed.DEATH),
    LifeStatus.AWAY: (Deed.BACK, Deed.MOVE, Deed.LEAVE, Deed.DEATH),
    LifeStatus.MOVED: (Deed.BACK, Deed.DEATH),
    LifeStatus.DEAD: (),
}


@dataclass(frozen=True)
class Person:
    """Whom a deed is about.

    Attributes:
        household: uid, "" for none; ``has_home``: that the household still stands, to come back to.
        heirs: (uid, words) of who would stay in the household, where the person heads it.
    """

    uid: str
    name: str
    life: LifeStatus
    household: str = ""
    heirs: tuple[tuple[str, str], ...] = ()


def person_of(detail: CitizenDetail) -> Person:
    """The person of a citizen's page."""
    household = detail.household.uid if detail.household is not None else ""
    return Person(
        detail.uid, detail.name, detail.life, household, _heirs(detail.members, detail.uid) if detail.is_head else ()
    )


def person_of_member(member: Member, members: Sequence[Member], household: str) -> Person:
    """A person of a household's page."""
    heirs = _heirs(members, member.uid) if member.is_head else ()
    return Person(member.uid, member.name, member.life, household, heirs)


def _heirs(members: Sequence[Member], leaving: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (member.uid, " · ".join(part for part in (member.name, member.relation) if part))
        for member in members
        if member.uid != leaving and member.life in _HERE
    )


def deed_actions(prefix: str, scope: str, deeds: Sequence[Deed] = tuple(Deed)) -> tuple[ActionSpec, ...]:
    """The keys of the deeds, for a page's ACTIONS."""
    return tuple(ActionSpec(f"{prefix}.{deed}", WORDS[deed], _KEYS[deed], _ICONS[deed], scope) for deed in deeds)


class PersonDeeds:
    """Binds the deeds to a page.

    Args:
        page: shows the forms.
        prefix: of the page's actions; ``deed_actions(prefix, …)`` must stand in its ACTIONS.
        who: the person chosen now; says itself in place what is missing and gives None.
    """

    def __init__(self, page: EditPage, prefix: str, who: Callable[[], Person | None]) -> None:
        self._page, self._prefix, self._who = page, prefix, who
        for deed in Deed:
            page.bind(f"{prefix}.{deed}", partial(self.open, deed))

    def open(self, deed: Deed) -> None:
        """Ask what a deed needs to know, in the panel's place."""
        page = self._page
        if not page.may_leave_form(partial(self.open, deed)):
            return
        person = self._who()
        if person is None:
            return
        if deed not in _FITTING[person.life]:
            page.pair.show_panel()
            page.ask_bar.say(_unfit(person, deed), Answer("Đã hiểu", noop))
            return
        with page.errors():
            page.open_task(self._task(deed, person))

    def actions(self, life: LifeStatus) -> list[QAction]:
        """The deeds that fit, as actions with their keys."""
        return [self._page.action(f"{self._prefix}.{deed}") for deed in _FITTING[life]]

    def show_menu(self, owner: QWidget, *more: QAction, life: LifeStatus | None = None) -> None:
        """The deeds as a menu below a button; all of them where nobody is chosen yet."""
        menu = QMenu(self._page)
        menu.addActions(list(more))
        if more:
            menu.addSeparator()
        deeds = _FITTING[life] if life is not None else tuple(Deed)
        menu.addActions([self._page.action(f"{self._prefix}.{deed}") for deed in deeds])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(owner.mapToGlobal(QPoint(0, owner.height())))

    # -- forms -------------------------------------------------------------------------------------------------

    def _task(self, deed: Deed, person: Person) -> FormTask:
        from desktop_app.ui.registry.form_pane import FormTask

        make = {Deed.MOVE: self._move, Deed.DEATH: self._death, Deed.LEAVE: self._leave, Deed.BACK: self._back}[deed]
        title, fields, save, said, verb = make(person)
        return FormTask(
            title,
            FormSpec(tuple(fields)),
            {"how": LifeStatus.MOVED.value},
            save=save,
            on_saved=lambda result, values: saved_with_warnings(self._page, said(values), result),
            is_new=True,
            save_text=verb,
        )

    def _move(self, person: Person) -> _Asked:
        from desktop_app.services.moves.deeds import move_member

        context = self._page.context

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

    def _death(self, person: Person) -> _Asked:
        from desktop_app.services.moves.deeds import record_death

        context = self._page.context

        def save(values: Values) -> SaveResult:
            return record_death(context, person.uid, on=values.get("on"), new_head=values.get("new_head") or None)

        fields = [day_field("Mất ngày"), *_heir_field(person)]
        said = f"Đã ghi nhận {person.name} đã mất."
        return f"Ghi nhận {person.name} đã mất", fields, save, lambda values: said, "Ghi nhận"

    def _leave(self, person: Person) -> _Asked:
        from desktop_app.services.moves.deeds import record_away, record_leaving

        context = self._page.context

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

    def _back(self, person: Person) -> _Asked:
        from desktop_app.services.moves.deeds import come_back

        context = self._page.context

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


def _unfit(person: Person, deed: Deed) -> str:
    if person.life is LifeStatus.DEAD:
        return f"{person.name} đã được ghi là đã mất; nếu ghi nhầm, hãy hoàn tác trong Nhật ký."
    if person.life is LifeStatus.MOVED:
        return f"{person.name} đã chuyển khỏi xã; hãy ghi trở về trước ({_KEYS[Deed.BACK]})."
    return f"{person.name} đang ở xã; không có lần đi nào để ghi trở về."


def saved_with_warnings(page: EditPage, said: str, result: SaveResult) -> None:
    """The same record stays in the panel; what should be looked at afterwards is said in place."""
    page.show_again(said)
    if result.warnings:
        page.ask_bar.say(" ".join(issue.message for issue in result.warnings), Answer("Đã hiểu", noop))
