"""This machine with its code, and the machines it trusts.

Invariant: shows a state and reports wishes; trust is given in dialogs of the page.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.sync.status import ExchangeState, PeerState
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.lists import PEERS
from desktop_app.ui.sync.texts import ROLE, spaced_code

ROLE_PLACE = 1
NOBODY = "Chưa tin cậy máy nào. Hai máy trao nhau tệp giới thiệu và đọc cho nhau mã 8 chữ số, một lần."


class MachinesView(QWidget):
    """Shows this machine beside the others.

    Args:
        make_button: gives the button of an action of the page.

    Signals:
        trust_requested: the empty state's button was pressed.
        code_requested: Enter on a machine.
    """

    trust_requested = Signal()
    code_requested = Signal()

    def __init__(self, make_button: Callable[..., w.Button]) -> None:
        super().__init__()
        self._me = self._make_own(make_button)
        self.peers = w.DataTable("sync.peers", PEERS, single=True, title="Máy tin cậy")
        self.peers.view.setAccessibleName("Máy tin cậy")
        self._empty = w.EmptyState("monitor-smartphone", NOBODY, "Tin cậy một máy")
        self._empty.activated.connect(self.trust_requested)
        self.peers.set_placeholder(self._empty)
        self.peers.row_opened.connect(lambda _row: self.code_requested.emit())
        self.trust_button = make_button("sync.trust")
        self.code_button = make_button("sync.code", text="So mã")
        self.assign_button = make_button("sync.assign", text="Gói giao việc")
        self.deeds = w.FlowRow(self.trust_button, self.code_button, self.assign_button)
        self.deeds.setContentsMargins(10, 8, 10, 6)
        self.peers.body.addWidget(self.deeds)
        both = w.MasterDetail(self.peers, self._me, detail_width=312, break_width=900, stacked_height=0)
        w.vbox(self, spacing=0).addWidget(both)

    def _make_own(self, make_button: Callable[..., w.Button]) -> w.Card:
        card = w.Card("Máy này", spacing=6)
        self.name = w.label("", "title", wrap=True)
        self.role = w.label("", "quiet")
        self.code = w.label("", "display")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for widget in (self.name, self.role, w.label("Mã để đọc cho máy kia", "small"), self.code):
            card.body.addWidget(widget)
        card.body.addStretch(1)
        self.export_button = make_button("sync.export", text="Xuất tệp giới thiệu")
        card.body.addWidget(w.FlowRow(self.export_button))
        return card

    def set_state(self, state: ExchangeState) -> None:
        """Show where the exchange stands; the chosen machine stays chosen."""
        self.name.setText(state.me.name)
        self.role.setText(ROLE[state.role])
        self.code.setText(spaced_code(state.me.code))
        self.code.setAccessibleName(f"Mã của máy này: {' '.join(state.me.code)}")
        is_office = state.role is not DeviceRole.VOLUNTEER
        current = self.current()
        self.peers.set_source(w.ListSource(state.peers))
        self.peers.show_rows(min(max(len(state.peers), 2), 6))
        roles = {item.peer.card.role for item in state.peers}
        self.peers.set_column_shown(ROLE_PLACE, len(roles) > 1)
        if current is not None:
            self.select(current.peer.card.uid)
        self.trust_button.setVisible(is_office)
        self.assign_button.setVisible(is_office)
        self.deeds.setVisible(bool(state.peers))

    def current(self) -> PeerState | None:
        """The chosen machine."""
        row = self.peers.current()
        return row if isinstance(row, PeerState) else None

    def select(self, uid: Uid) -> None:
        """Choose a machine."""
        model = self.peers.paged
        assert model is not None
        for place in range(model.rowCount()):
            row = model.row_at(place)
            if isinstance(row, PeerState) and row.peer.card.uid == uid:
                self.peers.select_row(place)

    def focus(self) -> None:
        """Put the keyboard on the machines, or on what to do first."""
        if self.peers.view.isVisibleTo(self):
            self.peers.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._empty.button is not None:
            self._empty.button.setFocus(Qt.FocusReason.OtherFocusReason)
