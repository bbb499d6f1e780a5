"""A part of Thiết lập: shows what is stored, keeps what is typed, and saves it when it is left.

Invariant: what can be read is saved on leaving; what cannot is kept in its field and holds the person there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop_app.ui import widgets as w

if TYPE_CHECKING:
    from desktop_app.services.context import Context
    from desktop_app.ui.safety.settings_page import SettingsPage


class Section(QWidget):
    """Base of the parts.

    Args:
        page: the page around it; gives context, host, errors, banner and shell.
    """

    key = ""
    text = ""
    icon = ""

    def __init__(self, page: SettingsPage) -> None:
        super().__init__()
        self.page = page
        self.body = w.vbox(self, spacing=16)

    @property
    def context(self) -> Context:
        context: Context = self.page.context
        return context

    def load(self) -> None:
        """Read again and show; called each time the part comes to the front."""

    def leave(self) -> bool:
        """Save what is pending; False while something typed cannot be read."""
        return True

    def buttons(self) -> tuple[QWidget, ...]:
        """Buttons for the header, the primary one last."""
        return ()

    def focus_first(self) -> None:
        """Put the focus where work begins."""


class FormSection(Section):
    """A part that is a form, or several, saved as one."""

    def __init__(self, page: SettingsPage) -> None:
        super().__init__(page)
        self.forms: list[w.FormView] = []
        self.save_button = w.PrimaryButton("Cất", icon="save", key="Ctrl+S")
        self.save_button.clicked.connect(lambda _checked=False: self.save())

    def buttons(self) -> tuple[QWidget, ...]:
        return (self.save_button,)

    def add_form(self, spec: w.FormSpec, values: Mapping[str, Any]) -> w.FormView:
        """A form whose last field's Enter saves."""
        form = w.FormView(spec, values)
        form.submitted.connect(self.save)
        self.forms.append(form)
        return form

    def clear(self) -> None:
        """Take all cards away, before they are shown afresh."""
        self.forms.clear()
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    @property
    def is_changed(self) -> bool:
        return any(form.is_changed for form in self.forms)

    def save(self) -> bool:
        """Check and store; True when nothing is left to do."""
        invalid = [form for form in self.forms if not form.validate()]
        if invalid:
            invalid[0].validate()
            return False
        if not self.is_changed:
            return True
        saved = False
        with self.page.errors():
            self.store()
            saved = True
        if saved:
            self.page.notify("Đã cất thiết lập.", can_undo=True)
            self._load_in_place()
        return saved

    def _load_in_place(self) -> None:
        """Show what is stored now; the keyboard stays in its field."""
        place = next(((n, form.focused_key) for n, form in enumerate(self.forms) if form.focused_key), None)
        self.load()
        if place is not None and place[0] < len(self.forms) and place[1] in self.forms[place[0]].raw():
            self.forms[place[0]].focus_field(place[1])

    def store(self) -> None:
        """Write the forms' answers through the services; override."""

    def leave(self) -> bool:
        return self.save() if self.is_changed else True

    def focus_first(self) -> None:
        if self.forms:
            self.forms[0].focus_first()


def number_check(least: float, most: float, decimals: int = 1) -> Callable[[str], str | None]:
    """A check for a text field that holds a figure, written with a comma or a point."""

    def check(text: str) -> str | None:
        value = read_number(text)
        if value is None or round(value, decimals) != value:
            return f"Gõ một số từ {least:g} đến {most:g}, ví dụ 80 hoặc 72,5."
        return None if least <= value <= most else f"Phải từ {least:g} đến {most:g}."

    return check


def read_number(text: str) -> float | None:
    """ "72,5" → 72.5; None when it is no number."""
    try:
        return float(text.replace("%", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None


def number_words(value: float | None) -> str:
    """The figure as it is typed: 80 → "80", 72.5 → "72,5"."""
    return "" if value is None else f"{value:g}".replace(".", ",")
