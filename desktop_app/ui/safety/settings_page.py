"""Thiết lập: parts chosen by pills at the top; each part reads, keeps and saves for itself.

Invariant: a part is left only when what was typed is saved or shown to be unreadable; closing asks nothing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.models.types import DeviceRole
from desktop_app.ui import widgets as w
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.page import Page
from desktop_app.ui.safety.host import Host
from desktop_app.ui.safety.section import Section
from desktop_app.ui.tasks import TaskRunner
from desktop_app.ui.zoom import Zoom

PARTS = (
    ("office", "Cơ quan, ký", "landmark", "safety.section_office:OfficeSection"),
    ("round", "Đợt, chỉ tiêu", "target", "safety.section_round:RoundSection"),
    ("criteria", "Bộ tiêu chí", "list-checks", "criteria.section:CriteriaSection"),
    ("users", "Người làm việc", "users", "safety.section_users:UsersSection"),
    ("backup", "Sao lưu", "database-backup", "safety.section_backup:BackupSection"),
    ("machine", "Máy, kiểm tra", "hard-drive", "safety.section_machine:MachineSection"),
    ("look", "Hiển thị", "a-large-small", "safety.section_look:LookSection"),
)


OFFICE_ONLY = frozenset({"office", "round"})
"""What the office decides for its volunteers."""

OFFICE_DECIDES = (
    "Cơ quan, người ký, đợt, chỉ tiêu và bộ tiêu chí do xã đặt; máy cộng tác viên nhận theo gói của xã, không sửa ở "
    "đây."
)


def parts_for(role: DeviceRole) -> tuple[tuple[str, str, str, str], ...]:
    """The parts that a machine of this role may set."""
    return tuple(part for part in PARTS if role is not DeviceRole.VOLUNTEER or part[0] not in OFFICE_ONLY)


class SettingsPage(Page):
    """The parts behind their pills.

    Args:
        context: the opened register.
        host: the composition root.
    """

    title_text = "Thiết lập"
    help_topic = "thiet_lap"

    def __init__(self, context: Any, *, host: Host) -> None:
        super().__init__(context)
        self.host = host
        self._sections: dict[str, Section] = {}
        self.current_key = ""
        self.pills: dict[str, w.Button] = {}
        row = w.FlowRow(spacing=8)
        for key, text, icon, _home in parts_for(context.role):
            pill = row.add(w.QuietButton(text, icon=icon, small=True))
            pill.setCheckable(True)
            pill.clicked.connect(partial(self._on_pill, key))
            self.pills[key] = pill
        self.body.addWidget(row)
        if context.role is DeviceRole.VOLUNTEER:
            self.body.addWidget(w.label(OFFICE_DECIDES, "quiet", wrap=True))
        self._holder = QWidget()
        self._room = w.vbox(self._holder, spacing=0)
        self.body.addWidget(self._holder, 1)
        self.bind("save", self._on_save)
        self.bind("reload", self.refresh)

    @property
    def tasks(self) -> TaskRunner:
        assert self.shell is not None
        return self.shell.tasks

    @property
    def zoom(self) -> Zoom | None:
        """The window's text size."""
        return getattr(self.shell, "zoom", None)

    @property
    def current(self) -> Section | None:
        return self._sections.get(self.current_key)

    def section(self, key: str) -> Section:
        """A part, made when first shown."""
        if key not in self._sections:
            from importlib import import_module

            home = next(home for name, _text, _icon, home in PARTS if name == key)
            module, name = home.split(":")
            made: Section = getattr(import_module(f"desktop_app.ui.{module}"), name)(self)
            self._sections[key] = made
            self._room.addWidget(made)
            made.hide()
        return self._sections[key]

    def show_part(self, key: str) -> bool:
        """Bring a part to the front, saving the one before; False when that must first be mended."""
        before = self.current
        if before is not None and key != self.current_key and not before.leave():
            self._mark(self.current_key)
            return False
        section = self.section(key)
        if before is not None and before is not section:
            before.hide()
        self.current_key = key
        self._mark(key)
        self.clear_banner()
        with self.errors():
            section.load()
        section.show()
        self.set_subtitle(next(text for name, text, _icon, _home in PARTS if name == key))
        self.set_header_buttons(*section.buttons())
        return True

    def notify(self, text: str, *, can_undo: bool = False) -> None:
        if self.shell is not None:
            self.shell.notify(text, can_undo=can_undo)

    def say_error(self, error: Exception) -> None:
        """An error of work in the background, in words at the top of the page."""
        self.show_banner(as_app_error(error).message, "attention")

    def refresh(self) -> None:
        current = self.current
        if current is None:
            self.show_part(next(iter(self.pills)))
        elif current.leave():
            with self.errors():
                current.load()

    def open_target(self, target: object) -> None:
        """A part by its key, e.g. "backup"."""
        if isinstance(target, str) and target in self.pills:
            self.show_part(target)

    def on_shown(self) -> None:
        current = self.current
        if current is not None:
            current.focus_first()

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """Others' writes are read when the page is shown again; a form under way is left alone."""
        current = self.current
        self.is_stale = current is None or not getattr(current, "is_changed", False)

    def can_leave(self) -> bool:
        current = self.current
        return current is None or current.leave()

    def _on_pill(self, key: str, _checked: bool = False) -> None:
        if self.show_part(key):
            section = self.current
            assert section is not None
            section.focus_first()

    def _on_save(self) -> None:
        current = self.current
        if current is not None:
            current.leave()

    def _mark(self, key: str) -> None:
        for name, pill in self.pills.items():
            pill.setChecked(name == key)
