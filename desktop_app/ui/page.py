"""One screen of the window, and how to write one.

Invariant: a page shows what services return and reports what a person wants; it never touches the database itself.

How to write a page::

    from desktop_app.ui.actions import ActionSpec
    from desktop_app.ui.page import Page
    from desktop_app.ui import widgets as w

    class CitizensPage(Page):
        title_text = "Công dân"                    # header title; also the scope name on the key card
        help_topic = "cong_dan"                    # resources/help/cong_dan.md, opened by F1
        ACTIONS = (ActionSpec("citizens.import", "Nhập khẩu", "Ctrl+I", "file-up", scope="Công dân"),)

        def __init__(self, context):
            super().__init__(context)              # scroll=True: the body scrolls when it does not fit
            self.table = w.DataTable("citizens", COLUMNS)
            self.body.addWidget(self.table, 1)     # self.body: QVBoxLayout with the page's margins
            self.bind("reload", self.refresh)      # any id of actions.STANDARD or ACTIONS; F5 works from now on
            self.set_header_buttons(
                self.button_for("citizens.import", self.on_import),
                self.button_for("add", self.on_add, text="Thêm", primary=True),   # one primary, always last
            )

        def refresh(self):                         # called when first shown, on F5, and when data changed
            self.table.set_source(self.context.citizens.source(...))
            self.set_subtitle("11.830 người")

        def on_search(self, text):                 # typing in the header's box while this page is in front
            ...

What a page may call (``self.shell`` is the main window, set before ``refresh``)

- ``shell.open_page(key, target=None)``: go to another screen; its ``open_target(target)`` is called.
- ``shell.push(page)`` / ``shell.pop()``: a screen on top of this one (scoring form, import), with a back arrow (Alt+←).
- ``shell.notify(text, tone="passed", can_undo=False)``: a short word at the bottom, with "Hoàn tác".
- ``shell.saved(when)``, ``shell.set_badge(key, count)``, ``shell.announce_change("citizen", …)`` after a write: pages
  in the back are refreshed when they come to the front (``on_data_changed`` to do less).
- ``shell.tasks.run(fn, on_done, on_error=None, title=…)``: long work; ``fn(progress)`` runs in a worker.
- ``self.show_banner(text, tone)``, ``with self.errors(): service.call()``: an AppError becomes a banner on this page.

Rules: every length through ``widgets.vbox/hbox/grid/sized`` or ``theme.px`` (so it follows the zoom); texts through
``widgets.label(text, role)``; questions through ``widgets.dialogs`` or ``widgets.ConfirmBar``; no threads.
``can_leave()`` saves what is pending and returns True; Esc never throws anything away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.services.errors import AppError
from desktop_app.ui.actions import REGISTRY, ActionSpec
from desktop_app.ui.widgets.basics import Button
from desktop_app.ui.widgets.feedback import Banner
from desktop_app.ui.widgets.layouts import ScrollBody, vbox

if TYPE_CHECKING:
    from desktop_app.ui.tasks import TaskRunner


@dataclass(frozen=True)
class PageSpec:
    """An entry of the navigation.

    Args:
        key: stable name, e.g. "citizens".
        text: Vietnamese word under the picture.
        icon: Lucide name.
        factory: makes the page from the context; called once, when the page is first opened.
        is_bottom: stands below, beside help (Thiết lập).
    """

    key: str
    text: str
    icon: str
    factory: Callable[[Any], Page]
    is_bottom: bool = False


class Shell(Protocol):
    """What a page may ask of the window around it."""

    tasks: TaskRunner
    is_starting: bool
    """The first page is being made: what it can show a moment later waits, so that the list is there sooner."""

    def open_page(self, key: str, target: object = None) -> None: ...
    def push(self, page: Page) -> None: ...
    def push_once(self, kind: type[Page], make: Callable[[], Page]) -> None: ...
    def pop(self) -> None: ...
    def notify(self, text: str, tone: str = "passed", *, can_undo: bool = False) -> None: ...
    def saved(self, when: datetime) -> None: ...
    def set_badge(self, key: str, count: int, tone: str = "attention") -> None: ...
    def announce_change(self, *kinds: str) -> None: ...
    def announce_behind(self, *kinds: str) -> None: ...
    def focus_search(self) -> None: ...


class Page(QWidget):
    """Base of all screens; see the module's text.

    Signals:
        header_changed: title, count or buttons are new.
    """

    title_text = ""
    help_topic = ""
    search_placeholder = "Tìm người, hộ, số phiếu…"
    searches_itself = False
    """True: the header's box goes to ``on_search`` of this page; False: to the search of the whole register."""
    stays_open = False
    """True: its entry of the navigation, chosen again, does not close it, for it holds what is stored nowhere."""
    LENT_KEYS: tuple[str, ...] = ()
    """Ids of actions that, while this page is the bottom one, work on every screen on top of it as well."""
    ACTIONS: tuple[ActionSpec, ...] = ()

    header_changed = Signal()

    def __init__(self, context: Any, *, scroll: bool = True, margins: tuple[int, int] = (24, 20)) -> None:
        super().__init__()
        self.context = context
        self.shell: Shell | None = None
        self.search_text = ""
        self.is_stale = True
        self._subtitle = ""
        self._title = self.title_text
        self._buttons: tuple[QWidget, ...] = ()
        self._actions: dict[str, QAction] = {}
        self._borrowed: tuple[QAction, ...] = ()
        self._banner: Banner | None = None
        self.setAccessibleName(self.title_text)
        for spec in self.ACTIONS:
            REGISTRY.add(spec)
        self._outer = vbox(self, spacing=0)
        self.body_widget = QWidget()
        self.body_widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.body: QVBoxLayout = vbox(self.body_widget, margins=margins, spacing=16)
        self._outer.addWidget(ScrollBody(self.body_widget) if scroll else self.body_widget, 1)

    @property
    def title(self) -> str:
        return self._title

    @property
    def subtitle(self) -> str:
        return self._subtitle

    @property
    def header_buttons(self) -> tuple[QWidget, ...]:
        return self._buttons

    @property
    def page_actions(self) -> tuple[QAction, ...]:
        """What this screen can do by key, for help and menus; those of the screen below it last."""
        return (*self._actions.values(), *self._borrowed)

    def borrow_keys(self, below: Page) -> None:
        """Let what ``below`` lends work here too, but for keys that mean something of this screen's own."""
        self._borrowed = tuple(below.action(action_id) for action_id in below.LENT_KEYS)
        self.addActions(self._borrowed)
        for action in self._actions.values():
            self._give_back(action)

    def _give_back(self, own: QAction) -> None:
        """A key means one thing on a screen: its own comes first."""
        same = [lent for lent in self._borrowed if lent.shortcut() == own.shortcut()]
        for lent in same:
            self.removeAction(lent)
        self._borrowed = tuple(lent for lent in self._borrowed if lent not in same)

    def set_title(self, text: str) -> None:
        self._title = text
        self.setAccessibleName(text)
        self.header_changed.emit()

    def set_subtitle(self, text: str) -> None:
        """The count beside the title, e.g. "11.830 người"."""
        if text != self._subtitle:
            self._subtitle = text
            self.header_changed.emit()

    def set_header_buttons(self, *buttons: QWidget) -> None:
        """Buttons at the right of the header; the primary one is given last."""
        for old in self._buttons:
            if old not in buttons:
                old.hide()
        self._buttons = buttons
        self.header_changed.emit()

    def bind(self, action_id: str, handler: Callable[[], object]) -> QAction:
        """Let a registered action do something while this page is in front."""
        action = REGISTRY.make(action_id, handler, self)
        old = self._actions.get(action_id)
        if old is not None:
            self.removeAction(old)
            old.deleteLater()
        self._actions[action_id] = action
        self._give_back(action)
        return action

    def action(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def button_for(
        self,
        action_id: str,
        handler: Callable[[], object] | None = None,
        *,
        text: str = "",
        primary: bool = False,
        show_key: bool = True,
    ) -> Button:
        """A button for a registered action, with its icon and key; binds it to ``handler`` unless bound before."""
        spec = REGISTRY.get(action_id)
        if handler is not None:
            self.bind(action_id, handler)
        action = self._actions[action_id]
        button = Button(
            text or spec.text,
            icon=spec.icon,
            key=spec.shortcut if show_key else "",
            role="primary" if primary else "",
        )
        button.clicked.connect(lambda _checked=False: action.trigger())
        action.enabledChanged.connect(button.setEnabled)
        return button

    def show_banner(
        self, text: str, tone: str = "accent", *, button: str = "", on_button: Callable[[], object] | None = None
    ) -> Banner:
        """A sentence at the top of the page; replaces the one before."""
        self.clear_banner()
        self._banner = Banner(text, tone, button=button, on_button=on_button)
        self.body.insertWidget(0, self._banner)
        return self._banner

    @property
    def banner(self) -> Banner | None:
        """The sentence at the top of the page, if one stands there and was not put away."""
        banner = self._banner
        if banner is None:
            return None
        is_closed = banner.isHidden() and banner.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        return None if is_closed else banner

    def clear_banner(self) -> None:
        if self._banner is not None:
            self.body.removeWidget(self._banner)
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn an AppError of the block into a banner; other exceptions go on to the window's own handling."""
        try:
            yield
        except AppError as error:
            self.show_banner(error.message, "failed" if error.code == "bug" else "attention")

    def refresh(self) -> None:
        """Read again and show; override. Called when the page comes to the front and is stale, and on F5."""

    def on_search(self, text: str) -> None:
        """The person types in the header's box; override and set ``searches_itself = True``."""

    @property
    def finds_nothing(self) -> bool:
        """A page that searches itself: is there nothing of what is typed here?"""
        return False

    def on_search_submitted(self) -> None:
        """Enter in the header's box of a page that searches itself; by default the focus goes to its first thing."""
        self.setFocus()
        self.focusNextChild()

    def open_target(self, target: object) -> None:
        """Show one record, named by another screen or by the search; override."""

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """Something was written elsewhere; the default reads everything again when next shown."""
        self.is_stale = True

    def on_shown(self) -> None:
        """The page came to the front (after ``refresh``); override to put the focus where work begins."""
        self.body_widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_leave(self) -> bool:
        """Save what is pending; False only while the person must first answer something shown on the page."""
        return True

    def undo(self) -> bool:
        """Ctrl+Z outside a text field; True when the page did it itself."""
        return False
