"""A doubtful row beside the people of the register whom it may be: compared line by line, settled by choosing.

Invariant: shows and reports; what differs is marked by a sign and a colour, never by the colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop_app.models.types import Uid
from desktop_app.services.importing.planning.matching import Known
from desktop_app.services.importing.preview import PersonRow, ScoreRow
from desktop_app.services.vietnamese import mask_cccd, number_text
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.words import birth_text, value_text

MOST = 3
"""So many people of the register stand beside a row."""
LINES = ("Họ tên", "Sinh", "CCCD", "Hộ", "Điện thoại", "Nghề")
CCCD = "CCCD"
DIFFERS = "≠"
_SEPARATOR = " · "
CARD_WIDTH = 230


@dataclass(frozen=True)
class Side:
    """One of the people who are compared: a value a line, the CCCD masked; ``cccd`` is the whole number."""

    title: str
    values: tuple[str, ...]
    reasons: str = ""
    cccd: str = ""
    lines: tuple[str, ...] = LINES

    def differs(self, other: Side, place: int) -> bool:
        """Whether both say something of a line that the other does not; numbers are compared whole."""
        mine, theirs = self.values[place], other.values[place]
        if self.lines[place] == CCCD:
            mine, theirs = self.cccd, other.cccd
        if not mine or not theirs:
            return False
        parts, others = set(mine.split(_SEPARATOR)), set(theirs.split(_SEPARATOR))
        return not (parts <= others or others <= parts)


@dataclass(frozen=True)
class Alike:
    """The open rows with the same reasons as the one in front.

    Attributes:
        count: how many, with this one; clear: of how many it is clear who they would be.
    """

    reasons: str
    count: int
    clear: int


@dataclass(frozen=True)
class Words:
    """What the answers are called, for one row and for all that are asked alike."""

    same: str
    new: str
    all_same: str
    all_new: str


PERSON_WORDS = Words("Là người này", "Là người mới", "Đều là người cũ", "Đều là người mới")
FORM_WORDS = Words("Lấy phiếu này", "Là người mới", "Đều lấy", "Đều là người mới")
HOME_WORDS = Words("Là hộ này", "Là hộ khác", "Đều là hộ trong sổ", "Đều là hộ khác")


class DoubtPanel(QWidget):
    """Asks who a row is.

    Signals:
        person_chosen(str): uid of the person that it is.
        new_chosen: it is somebody new.
        skip_chosen: it is left out on purpose.
        left_chosen: its answer is taken back.
        all_same_chosen, all_new_chosen, all_skip_chosen: the answer for all rows of the same reasons.
    """

    person_chosen = Signal(str)
    new_chosen = Signal()
    skip_chosen = Signal()
    left_chosen = Signal()
    all_same_chosen = Signal()
    all_new_chosen = Signal()
    all_skip_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = w.vbox(self, spacing=8)
        self._cards = w.CardGrid(min_width=CARD_WIDTH, spacing=12)
        self.all_label = w.label("", "small")
        self.all_same = w.QuietButton("Đều là người cũ", icon="user-check", key="Ctrl+Shift+1", small=True)
        self.all_new = w.QuietButton("Đều là người mới", icon="user-plus", key="Ctrl+Shift+N", small=True)
        self.all_skip = w.QuietButton("Đều bỏ qua", icon="minus", key="Ctrl+Shift+K", small=True)
        self.all_same.clicked.connect(lambda _checked=False: self.all_same_chosen.emit())
        self.all_new.clicked.connect(lambda _checked=False: self.all_new_chosen.emit())
        self.all_skip.clicked.connect(lambda _checked=False: self.all_skip_chosen.emit())
        self._all = w.FlowRow(self.all_label, self.all_same, self.all_new, self.all_skip)
        self._column.addWidget(self._all)
        self._column.addWidget(self._cards)
        self._people: tuple[Known, ...] = ()
        self._uids: tuple[Uid, ...] = ()
        self._can_be_new = True
        self._is_skipped = False
        self._can_skip = False
        self._words = PERSON_WORDS
        self._show_alike(None)

    def _show_alike(self, alike: Alike | None) -> None:
        is_shown = alike is not None and alike.count > 1
        self._all.setVisible(is_shown)
        if alike is not None and is_shown:
            unclear = alike.count - alike.clear
            more = f" ({number_text(unclear)} dòng phải chọn riêng)" if unclear and alike.clear else ""
            self.all_label.setText(f"{number_text(alike.count)} dòng cùng lý do{more}:")
            self.all_label.setToolTip(f"Trong các dòng đang hiện: {alike.reasons}")
            self.all_same.setText(self._words.all_same)
            self.all_new.setText(self._words.all_new)
            self.all_same.setVisible(alike.clear > 0)
            self.all_new.show()
            self.all_skip.show()

    def show_only_same(self) -> None:
        """Offer for many rows only that they are known: a scoring list makes nobody."""
        self.all_new.hide()
        self.all_skip.hide()

    def bring_in_sight(self) -> None:
        """Scroll the page as far as the question is to be seen, and never past its beginning."""
        QTimer.singleShot(0, self, self._scroll_to)

    def _scroll_to(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        body = area.widget() if area is not None else None
        if area is None or body is None or not self.isVisible():
            return
        top = self.mapTo(body, QPoint()).y() - theme.px(8)
        bar, room = area.verticalScrollBar(), area.viewport().height()
        if top < bar.value() or top + self.height() + theme.px(16) > bar.value() + room:
            bar.setValue(min(top, top + self.height() + theme.px(16) - room))

    @property
    def people(self) -> tuple[Known, ...]:
        """Who can be chosen now, in the order of the keys."""
        return self._people

    def set_question(
        self,
        row: Side,
        people: Sequence[tuple[Known, str]],
        choice: tuple[Uid | None, ...],
        open_rows: int,
        *,
        can_be_new: bool = True,
        alike: Alike | None = None,
        is_skipped: bool = False,
        words: Words = PERSON_WORDS,
    ) -> None:
        """Show a row and who it may be.

        Args:
            people: each with the reasons.
            choice: what was decided already: empty for nothing, (None,) for a new person, (uid,) for a known one.
            open_rows: how many rows wait for an answer.
            can_be_new: somebody who is not in the register yet may be meant.
            alike: the rows that can be answered together with this one; None where that is not offered.
            is_skipped: it was left out on purpose.
            words: what the answers are called.
        """
        offered = people[:MOST]
        self._people = tuple(person for person, _ in offered)
        self._can_be_new = can_be_new
        self.setAccessibleName(f"{row.title}: {row.values[0]} đã có trong sổ chưa?")
        sides = [(person.uid, _person_side(person, reasons)) for person, reasons in offered]
        self._show(words, row, sides, choice, open_rows, alike, is_skipped)

    def set_home_question(
        self,
        row: Side,
        home: tuple[Uid, Side],
        choice: tuple[Uid | None, ...],
        open_rows: int,
        *,
        alike: Alike | None,
        is_skipped: bool,
    ) -> None:
        """Show a household of the list and the standing one that has its code, none of whose people it names."""
        self._people = ()
        self._can_be_new = True
        self.setAccessibleName(f"{row.title}: có phải hộ {row.values[0]} trong sổ không?")
        self._show(HOME_WORDS, row, [home], choice, open_rows, alike, is_skipped)

    def _show(
        self,
        words: Words,
        row: Side,
        sides: Sequence[tuple[Uid, Side]],
        choice: tuple[Uid | None, ...],
        open_rows: int,
        alike: Alike | None,
        is_skipped: bool,
    ) -> None:
        self._words = words
        self._is_skipped = is_skipped
        self._can_skip = alike is not None
        self._show_alike(alike)
        self._uids = tuple(uid for uid, _ in sides)
        shown = [
            place
            for place in range(len(row.lines))
            if any(side.values[place] for side in (row, *(s for _, s in sides)))
        ]
        old = self._cards
        self._cards = w.CardGrid(min_width=CARD_WIDTH, spacing=12)
        self._cards.add(self._row_card(row, shown, choice, open_rows))
        for place, (uid, side) in enumerate(sides, start=1):
            self._cards.add(self._known_card(uid, side, row, shown, place, choice))
        self._column.replaceWidget(old, self._cards)
        old.hide()
        old.deleteLater()

    def choose(self, place: int) -> None:
        """Take the person of a key (from 1)."""
        if self.isVisible() and place <= len(self._uids):
            self.person_chosen.emit(self._uids[place - 1])

    def choose_new(self) -> None:
        """Somebody new, where that is possible."""
        if self.isVisible() and self._can_be_new:
            self.new_chosen.emit()

    def _row_card(self, row: Side, shown: Sequence[int], choice: tuple[Uid | None, ...], open_rows: int) -> w.Card:
        new = w.QuietButton(self._words.new, icon="user-plus", key="Ctrl+N", small=True)
        new.clicked.connect(lambda _checked=False: self.new_chosen.emit())
        new.setVisible(self._can_be_new)
        skip = w.QuietButton("Bỏ qua", icon="minus", key="Ctrl+K", small=True)
        skip.setToolTip("Không nhập dòng này (Ctrl+K)")
        skip.clicked.connect(lambda _checked=False: self.skip_chosen.emit())
        skip.setVisible(self._can_skip and self._can_be_new and not self._is_skipped)
        leave = w.QuietButton("Bỏ chọn", small=True)
        leave.setToolTip("Hỏi lại dòng này")
        leave.clicked.connect(lambda _checked=False: self.left_chosen.emit())
        leave.setVisible(bool(choice) or self._is_skipped)
        rest = f"còn {number_text(open_rows)} dòng ngờ trùng" if open_rows else "đã chọn hết"
        if self._is_skipped:
            rest = f"sẽ bỏ qua, không nhập; {rest}"
        return _card(row, row, shown, rest, new, skip, leave, is_chosen=choice == (None,))

    def _known_card(
        self, uid: Uid, side: Side, row: Side, shown: Sequence[int], place: int, choice: tuple[Uid | None, ...]
    ) -> w.Card:
        button = w.QuietButton(self._words.same, icon="user-check", key=f"Ctrl+{place}", small=True)
        button.setAccessibleName(f"{self._words.same}: {side.values[0]}, {side.reasons}")
        button.clicked.connect(partial(self._on_person, uid))
        return _card(side, row, shown, side.reasons, button, is_chosen=choice == (uid,))

    def _on_person(self, uid: Uid, _checked: bool = False) -> None:
        self.person_chosen.emit(uid)


def _card(side: Side, row: Side, shown: Sequence[int], foot: str, *buttons: w.Button, is_chosen: bool) -> w.Card:
    card = w.Card(margins=(14, 10), spacing=6)
    head = w.hbox(spacing=8)
    head.addWidget(w.label(side.title, "small"))
    head.addStretch(1)
    if is_chosen:
        head.addWidget(w.Chip("đã chọn", "passed"))
    card.body.addLayout(head)
    lines = w.grid(spacing=2)
    for at, place in enumerate(shown):
        mine, differs = side.values[place], side.differs(row, place)
        words = f"{DIFFERS} {mine}" if differs else mine or "–"
        value = w.label(words, "strong" if place == 0 else "body", wrap=True, tone="attention" if differs else "")
        lines.addWidget(w.sized(w.label(side.lines[place], "small"), min_width=72), at, 0)
        lines.addWidget(value, at, 1)
    lines.setColumnStretch(1, 1)
    card.body.addLayout(lines)
    card.body.addWidget(w.label(foot, "small", wrap=True))
    card.body.addStretch(1)
    card.body.addWidget(w.FlowRow(*buttons))
    return card


def row_side(row: PersonRow) -> Side:
    """A row of a list of people."""
    sex = value_text("sex", row.sex.value if row.sex else "")
    values = (
        row.name,
        _joined(birth_text(row.birth), sex),
        mask_cccd(row.cccd),
        _joined(row.household_code, row.hamlet),
        row.phone,
        row.occupation,
    )
    return Side(f"Dòng {row.row} trong tệp", values, cccd=row.cccd or "")


def form_side(row: ScoreRow) -> Side:
    """A row of a scoring list."""
    home = _joined(row.household_code, row.hamlet)
    values = (row.name, birth_text(row.birth), mask_cccd(row.cccd), home, "", "")
    return Side(f"Dòng {row.row} trong tệp", values, cccd=row.cccd or "")


def _person_side(person: Known, reasons: str) -> Side:
    known = {name: value_text(name, value) for name, value in person.values.items()}
    values = (
        known["full_name"],
        _joined(known["birth"], known["sex"]),
        known["cccd"],
        person.home,
        known["phone"],
        known["occupation"],
    )
    return Side("Người trong sổ", values, reasons, str(person.values["cccd"] or ""))


def _joined(*parts: str) -> str:
    return _SEPARATOR.join(part for part in parts if part)
