"""One line of the national site's list beside the register, and the answer that it asks for.

Invariant: shows only; what a person decides goes out by signal. Numbers of identity stay masked.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.accounts import SITE_WORDS
from desktop_app.services.assessment.site.planning import FATE_WORDS, SiteFate, SiteLine, Someone
from desktop_app.services.vietnamese import mask_cccd
from desktop_app.ui import widgets as w
from desktop_app.ui.accounts.words import day_text

FATE_TONES = {
    SiteFate.NEW: "passed",
    SiteFate.DIFFERS: "attention",
    SiteFate.DOUBTFUL: "attention",
    SiteFate.UNKNOWN: "failed",
    SiteFate.UNREADABLE: "failed",
}
HINTS = {
    SiteFate.UNKNOWN: "Nếu là người của xã, hãy thêm vào sổ ở trang Công dân rồi nhấn F5 để đối chiếu lại.",
    SiteFate.UNREADABLE: "Ô nào ghi sai thì sửa trong tệp rồi chọn lại tệp; các dòng khác không bị ảnh hưởng.",
    SiteFate.ABSENT: "Có thể tài khoản ghi ở xã khác hoặc ghi nhầm; đổi trạng thái ở danh sách Tài khoản nếu cần.",
}


def someone_words(someone: Someone) -> str:
    """ "Lê Văn Sáu · 1975 · 03-0127 · Thôn 3"."""
    return " · ".join(part for part in (someone.name, someone.birth, someone.home) if part)


class LinePanel(w.SidePanel):
    """The panel.

    Signals:
        chosen(str): whom a doubtful line means (uid), "" for nobody yet.
        toggled(): take this difference, or leave it.
        word_given(str, SiteState): what the list's own word for a state means.
    """

    chosen = Signal(str)
    toggled = Signal()
    word_given = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[w.Button] = []

    def show_line(self, line: SiteLine, *, is_taken: bool) -> None:
        """Fill the panel with a line."""
        self.clear()
        self.buttons = []
        self.set_title(
            line.name or "(không tên)", w.ChipData(FATE_WORDS[line.fate], FATE_TONES.get(line.fate, "neutral"))
        )
        if line.why:
            self.add_text(line.why)
        if line.row is not None:
            self._show_theirs(line)
        if line.person is not None:
            self.add_section("Trong sổ")
            self.add_row("Là", someone_words(line.person))
            self.add_row("Trạng thái", SITE_WORDS[line.ours])
            if line.our_date:
                self.add_row("Từ ngày", day_text(line.our_date))
        self._show_answers(line, is_taken)
        if line.fate in HINTS:
            self.add_text(HINTS[line.fate], "help")

    def _show_theirs(self, line: SiteLine) -> None:
        assert line.row is not None
        person = line.row.person
        self.add_section("Danh sách của trang")
        self.add_row("Dòng", f"{line.row.row}, trang “{line.row.sheet}”")
        self.add_row("Sinh", person.birth.text() if person.birth else "")
        self.add_row("Số định danh", mask_cccd(person.cccd) if person.cccd else "")
        self.add_row("Trạng thái", SITE_WORDS[line.theirs] if line.theirs is not None else "")
        if line.their_date:
            self.add_row("Ngày", day_text(line.their_date))

    def _show_answers(self, line: SiteLine, is_taken: bool) -> None:
        if line.fate is SiteFate.DIFFERS:
            words = "Thôi, giữ như sổ" if is_taken else "Lấy theo danh sách"
            self._add_button(words).clicked.connect(lambda _checked=False: self.toggled.emit())
        elif line.fate is SiteFate.DOUBTFUL:
            self.add_section("Là ai trong sổ?")
            for someone in line.may_be:
                button = self._add_button(" · ".join(part for part in (someone.name, someone.birth) if part))
                button.setAccessibleName(someone_words(someone))
                button.clicked.connect(partial(self._choose, someone.uid))
                self.add_text(" · ".join(part for part in (someone.home, someone.reasons) if part), "help")
            self.add_text("Không chọn ai thì dòng này được để lại, chưa ghi.", "help")
        elif line.row is not None and line.row.state is None and line.row.said:
            self.add_section(f"“{line.row.said}” nghĩa là")
            for state, words in SITE_WORDS.items():
                button = self._add_button(words)
                button.clicked.connect(partial(self._give_word, line.row.said, state))
            self.add_text("Áp dụng cho mọi dòng ghi như vậy trong tệp này.", "help")
        elif line.is_chosen and line.may_be:
            self._add_button("Thôi, chưa chắc là người này").clicked.connect(partial(self._choose, ""))

    def _add_button(self, words: str) -> w.Button:
        button = w.QuietButton(words, small=True)
        holder = QWidget()
        w.vbox(holder, margins=(0, 4)).addWidget(w.FlowRow(button))
        self.add(holder)
        self.buttons.append(button)
        return button

    def _choose(self, uid: str, _checked: bool = False) -> None:
        self.chosen.emit(uid)

    def _give_word(self, said: str, state: SiteState, _checked: bool = False) -> None:
        self.word_given.emit(said, state)

    def focus_first(self) -> None:
        """Put the focus on the first answer, if the line has any."""
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
