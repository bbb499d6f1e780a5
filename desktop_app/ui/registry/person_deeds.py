"""What can happen to one person, as forms in the panel's place: another household, death, leaving, coming back.

Invariant: each is one deed of the services with its day; who is asked for what is the service's decision, a head who
leaves is asked for the new one at once. Any EditPage can host them: ``PersonDeeds(page, prefix, who)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.models.types import LifeStatus
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.list_page import noop

if TYPE_CHECKING:
    from desktop_app.models.records import CitizenDetail, Member
    from desktop_app.ui.registry.edit_page import EditPage


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
        from desktop_app.ui.registry.person_deed_forms import deed_task

        with page.errors():
            page.open_task(deed_task(page, deed, person))

    def actions(self, life: LifeStatus) -> list[QAction]:
        """The deeds that fit, as actions with their keys."""
        return [self._page.action(f"{self._prefix}.{deed}") for deed in _FITTING[life]]

    def show_menu(self, owner: QWidget, *more: QAction, life: LifeStatus | None = None) -> None:
        """The deeds as a menu below a button; all of them where nobody is chosen yet."""
        menu = QMenu(self._page)
        deeds = _FITTING[life] if life is not None else tuple(Deed)
        menu.addActions([self._page.action(f"{self._prefix}.{deed}") for deed in deeds])
        if more and deeds:
            menu.addSeparator()
        menu.addActions(list(more))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(owner.mapToGlobal(QPoint(0, owner.height())))


def _unfit(person: Person, deed: Deed) -> str:
    if person.life is LifeStatus.DEAD:
        return f"{person.name} đã được ghi là đã mất; nếu ghi nhầm, hãy hoàn tác trong Nhật ký."
    if person.life is LifeStatus.MOVED:
        return f"{person.name} đã chuyển khỏi xã; hãy ghi trở về trước ({_KEYS[Deed.BACK]})."
    return f"{person.name} đang ở xã; không có lần đi nào để ghi trở về."
