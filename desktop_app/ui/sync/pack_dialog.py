"""Before a package is written: for whom, how much is in it, and where to; a plugged stick is offered first.

Invariant: writes nothing; the page writes what was chosen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from desktop_app.models.types import Uid
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.sync.status import PeerState
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import drive_text

EVERYBODY = "everybody"
HOW = "Gói chỉ mở được trên máy nhận. Mang tệp sang máy đó rồi bấm Nhận gói."
HOW_FIRST = "Gói chỉ mở được trên máy nhận. Mang tệp sang máy đó, mở chương trình rồi bấm Chọn gói giao việc."


@dataclass(frozen=True)
class PackChoice:
    """What a person chose.

    Attributes:
        receiver: uid of a machine; None for all.
        names: who gets it, in words.
        folder: where to; None asks for a file.
    """

    receiver: Uid | None
    names: str
    folder: Path | None


class PackDialog(w.Dialog):
    """Asks for receiver and place.

    Args:
        peers: machines that can receive.
        drives: sticks that are in now.
        preferred: uid of the machine to begin with.
        is_snapshot: the package holds everything, for one machine that is set up from it.
    """

    def __init__(
        self,
        parent: QWidget | None,
        peers: Sequence[PeerState],
        drives: Sequence[Drive],
        *,
        preferred: Uid | None = None,
        is_snapshot: bool = False,
    ) -> None:
        title = "Gói giao việc (đầy đủ)" if is_snapshot else "Đóng gói"
        super().__init__(
            parent, title, HOW_FIRST if is_snapshot else HOW, icon="user-plus" if is_snapshot else "package"
        )
        self._peers = tuple(peers)
        self._is_snapshot = is_snapshot
        self.receiver = w.ChoiceEditor(w.Field("receiver", "Gửi cho", "choice", choices=self._choices()))
        self.receiver.setAccessibleName("Gửi cho")
        self.receiver.set_raw(preferred if preferred or len(peers) == 1 or is_snapshot else EVERYBODY)
        if self.receiver.raw() is None:
            self.receiver.set_raw(self._choices()[0][0])
        self.receiver.changed.connect(self._show_contents)
        self.body.addWidget(w.label("Gửi cho", "field"))
        self.body.addWidget(self.receiver)
        self.contents = w.label("", "help", wrap=True)
        self.body.addWidget(self.contents)
        self.body.addWidget(w.label("Ghi vào", "field"))
        self._places = QButtonGroup(self)
        self._folders: list[Path | None] = []
        for drive in drives:
            self._add_place(drive_text(drive), drive.path)
        self._add_place("Chọn thư mục khác…", None)
        self._places.button(0).setChecked(True)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.yes = self.add_button(w.PrimaryButton("Đóng gói", icon="package"), accepts=True, focus=True)
        self.yes.setDefault(True)
        self._show_contents()

    @property
    def choice(self) -> PackChoice:
        """What stands in the fields."""
        wanted = self.receiver.raw()
        chosen = [item for item in self._peers if wanted in (EVERYBODY, None, item.peer.card.uid)]
        receiver = None if wanted in (EVERYBODY, None) else str(wanted)
        names = ", ".join(item.peer.card.name for item in chosen)
        return PackChoice(receiver, names, self._folders[max(self._places.checkedId(), 0)])

    def _choices(self) -> list[tuple[str, str]]:
        known = [(item.peer.card.uid, item.peer.card.name) for item in self._peers]
        if len(known) > 1 and not self._is_snapshot:
            return [(EVERYBODY, f"Tất cả {len(known)} máy tin cậy"), *known]
        return known

    def _add_place(self, words: str, folder: Path | None) -> None:
        button = QRadioButton(words)
        self._places.addButton(button, len(self._folders))
        self._folders.append(folder)
        self.body.addWidget(button)

    def _show_contents(self) -> None:
        choice = self.choice
        if self._is_snapshot:
            self.contents.setText(
                f"Mang cả sổ tới {choice.names}, để lập sổ trên máy đó lần đầu. Gói được niêm phong riêng cho máy đó."
            )
            return
        chosen = [item for item in self._peers if choice.receiver in (None, item.peer.card.uid)]
        carried, unsent = max((i.carried for i in chosen), default=0), max((i.unsent for i in chosen), default=0)
        if not carried:
            self.contents.setText("Máy nhận đã có mọi thay đổi; gói chỉ mang lời báo đã nhận.")
            return
        words = f"Gói mang {number_text(carried)} thay đổi mà máy nhận chưa báo là đã có"
        own = f", trong đó {number_text(carried - unsent)} do chính máy đó gửi lên, nay mang lời xác nhận về"
        self.contents.setText(f"{words}{own if len(chosen) == 1 and carried > unsent else ''}.")
