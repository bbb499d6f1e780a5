"""What stands above a form: that its set is only suggested, and why it cannot be changed or wants attention.

Invariant: a sentence stands there exactly as long as it is true of the form that is shown; without one there is no gap.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop_app.services.assessment.form import FormState
from desktop_app.ui import theme
from desktop_app.ui.assessment.words import suggestion_words
from desktop_app.ui.widgets.basics import Button
from desktop_app.ui.widgets.feedback import Banner
from desktop_app.ui.widgets.layouts import vbox

CHANGED_GROUP = "Sổ nay ghi người này thuộc nhóm khác; phiếu vẫn theo nhóm lúc bắt đầu chấm."


class FormNotices(QWidget):
    """Two banners, each in sight only while it has something to say.

    Signals:
        settings_asked: the person wants to see where a suggested set is confirmed.
    """

    settings_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = vbox(self, spacing=12)
        self.suggestion = Banner("", "attention", closable=False)
        link = Button("Mở Thiết lập", role="link", small=True)
        link.clicked.connect(self.settings_asked)
        row = self.suggestion.layout()
        assert isinstance(row, QHBoxLayout)
        row.addWidget(link)
        theme.remember_layout(row, (14, 2, 8, 2), 10)
        self.notice = Banner("", "attention", closable=False)
        for banner in (self.suggestion, self.notice):
            banner.hide()
            column.addWidget(banner)
        self.hide()

    def show_form(self, state: FormState, *, has_room: bool) -> None:
        """Say what is true of a form; where the room is short the indicator itself tells of a suggested set."""
        said = suggestion_words(state.definition) if has_room else ""
        words = notice_words(state)
        for banner, text in ((self.suggestion, said), (self.notice, words)):
            banner.set_message(text, "attention")
            banner.setVisible(bool(text))
        self.setVisible(bool(said or words))


def notice_words(state: FormState) -> str:
    """Why a form takes nothing, was sent back, or goes by another group or version than new ones; mostly empty."""
    if state.readonly_reason:
        return state.readonly_reason
    if state.return_reason:
        return f"Phiếu bị trả lại: {state.return_reason}"
    if state.is_changed_group:
        return CHANGED_GROUP
    if state.newer_version:
        own = state.definition.version
        return f"Phiếu này mở theo phiên bản {own} và vẫn chấm theo bản đó; phiếu mới theo bản {state.newer_version}."
    return ""
