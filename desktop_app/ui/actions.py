"""The one registry of what can be done by key: menus, button hints, help and the printed key card come from it.

Invariant: a key means one thing on a screen; ``ActionRegistry.add`` refuses a second action with the same key in one
scope or against a key that works everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.ui import icons

EVERYWHERE = "Mọi màn hình"
"""Scope of the keys that work on every screen."""


@dataclass(frozen=True)
class ActionSpec:
    """One deed a person can do.

    Args:
        id: stable name, e.g. "citizens.add".
        text: Vietnamese words for menu and button.
        shortcut: portable key text, e.g. "F2" or "Ctrl+S"; empty for none.
        icon: Lucide name.
        scope: Vietnamese name of the screen it belongs to, or ``EVERYWHERE``.
        hint: one sentence for help, when the words do not say enough.
    """

    id: str
    text: str
    shortcut: str = ""
    icon: str = ""
    scope: str = EVERYWHERE
    hint: str = ""


STANDARD = (
    ActionSpec("help", "Trợ giúp của màn hình này", "F1", "circle-question-mark"),
    ActionSpec("edit", "Sửa", "F2", "pencil"),
    ActionSpec("search", "Tìm", "F3", "search", hint="Đưa con trỏ vào ô tìm ở đầu màn hình."),
    ActionSpec("list", "Mở danh sách để chọn", "F4", "list"),
    ActionSpec("reload", "Nạp lại", "F5", "refresh-cw"),
    ActionSpec("repeat", "Lặp lại giá trị trước", "F7", "repeat-2"),
    ActionSpec("delete", "Xóa (hỏi lại trước khi xóa)", "F8", "trash-2"),
    ActionSpec("preview", "Xem trước bản in", "F9", "printer"),
    ActionSpec("save", "Cất", "Ctrl+S", "save"),
    ActionSpec("undo", "Hoàn tác việc vừa làm", "Ctrl+Z", "undo-2"),
    ActionSpec("add", "Thêm mới", "Ctrl+N", "plus"),
    ActionSpec("zoom_in", "Chữ to hơn", "Ctrl++", "zoom-in"),
    ActionSpec("zoom_out", "Chữ nhỏ hơn", "Ctrl+-", "zoom-out"),
    ActionSpec("zoom_reset", "Cỡ chữ bình thường", "Ctrl+0", "a-large-small"),
    ActionSpec("next_page", "Sang màn hình kế", "Ctrl+Tab"),
    ActionSpec("previous_page", "Về màn hình trước", "Ctrl+Shift+Tab"),
)
FIELD_KEYS = (
    ("Enter", "Sang ô kế"),
    ("Shift+Enter", "Về ô trước"),
    ("Tab", "Sang ô kế"),
    ("Alt+1 … Alt+9", "Mở màn hình theo thứ tự bên trái"),
    ("Esc", "Đóng bảng phụ; không bỏ điều đã nhập"),
)


class DuplicateActionError(ValueError):
    """Two actions with one id or one key in the same scope: a fault of ours, found at start and by the tests."""


class ActionRegistry:
    """Holds every ActionSpec of the program, in order of addition."""

    def __init__(self, specs: Iterable[ActionSpec] = STANDARD) -> None:
        self._specs: dict[str, ActionSpec] = {}
        for spec in specs:
            self.add(spec)

    def add(self, spec: ActionSpec) -> ActionSpec:
        """Add one; adding the very same spec again changes nothing."""
        known = self._specs.get(spec.id)
        if known == spec:
            return known
        if known is not None:
            raise DuplicateActionError(f"hai hành động cùng mã {spec.id!r}")
        for other in self._specs.values():
            same_scope = spec.scope == other.scope or EVERYWHERE in (spec.scope, other.scope)
            if spec.shortcut and same_scope and _same_key(spec.shortcut, other.shortcut):
                raise DuplicateActionError(f"{spec.id!r} và {other.id!r} cùng dùng phím {spec.shortcut}")
        self._specs[spec.id] = spec
        return spec

    def get(self, action_id: str) -> ActionSpec:
        return self._specs[action_id]

    def all(self) -> tuple[ActionSpec, ...]:
        return tuple(self._specs.values())

    def in_scope(self, scope: str) -> tuple[ActionSpec, ...]:
        return tuple(s for s in self._specs.values() if s.scope == scope)

    def make(self, action_id: str, handler: Callable[[], object], owner: QWidget) -> QAction:
        """A QAction on ``owner`` that works while ``owner`` is visible, wherever the focus is in its window."""
        spec = self.get(action_id)
        action = QAction(icons.icon(spec.icon), spec.text, owner)
        action.setObjectName(spec.id)
        if spec.shortcut:
            action.setShortcuts(key_sequences(spec.shortcut))
        action.triggered.connect(lambda _checked=False: handler())
        owner.addAction(action)
        return action

    def key_card_html(self, scopes: Iterable[str] | None = None) -> str:
        """The key card as plain HTML, ready for printing: one table a scope, keys that work everywhere first."""
        from html import escape

        wanted = tuple(scopes) if scopes is not None else tuple(dict.fromkeys(s.scope for s in self.all()))
        parts = ["<h1>Bảng phím tắt – Sổ Học Tập</h1>"]
        for scope in wanted:
            rows = [(key_text(s.shortcut), s.text) for s in self.in_scope(scope) if s.shortcut]
            if scope == EVERYWHERE:
                rows += list(FIELD_KEYS)
            if not rows:
                continue
            cells = "".join(
                f"<tr><td width='30%'><b>{escape(key)}</b></td><td>{escape(text)}</td></tr>" for key, text in rows
            )
            parts.append(f"<h2>{escape(scope)}</h2><table width='100%' cellpadding='4'>{cells}</table>")
        return "".join(parts)


def key_text(shortcut: str) -> str:
    """The key as people read it on the cap."""
    return shortcut.replace("Ctrl++", "Ctrl và dấu +").replace("Ctrl+-", "Ctrl và dấu −")


def key_sequences(shortcut: str) -> list[QKeySequence]:
    """All sequences that mean this shortcut: "Ctrl++" is typed with "=" on most keyboards and on the keypad."""
    extra = {"Ctrl++": ["Ctrl+="], "Ctrl+-": ["Ctrl+_"]}
    return [QKeySequence(s) for s in [shortcut, *extra.get(shortcut, [])]]


def _same_key(first: str, second: str) -> bool:
    return bool(second) and QKeySequence(first) == QKeySequence(second)


REGISTRY = ActionRegistry()
"""The program's registry; pages add their own specs when their module is imported."""
