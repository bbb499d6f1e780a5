"""Đồng bộ: this machine, the machines it trusts, the conflict inbox, packages out and in.

Invariant: a package is shown with its counts before it is taken in; trust is given only by a person here; what is not
confirmed by the other machine counts as not sent.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QDialog

from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.context import Context
from desktop_app.services.history import undo
from desktop_app.services.progress import Progress
from desktop_app.services.safety.sticks import removable_drives
from desktop_app.services.sync.codes import confirm_code
from desktop_app.services.sync.devices import export_device, read_device_file, trust
from desktop_app.services.sync.inbox import described_conflicts, settle
from desktop_app.services.sync.manifest import Manifest
from desktop_app.services.sync.merge import MergeResult, inspect_package, merge_package
from desktop_app.services.sync.status import ExchangeState, exchange_state
from desktop_app.services.sync.wording import described_pending
from desktop_app.services.sync.writer import PackageMade, create_package, file_name_for
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.duplicates.ways import offer_duplicates
from desktop_app.ui.sync.found_dialog import FoundDialog, packages_on
from desktop_app.ui.sync.inbox_view import InboxView, count_words
from desktop_app.ui.sync.lists import PACKAGES, PENDING
from desktop_app.ui.sync.machines_view import MachinesView
from desktop_app.ui.sync.pack_dialog import PackChoice, PackDialog
from desktop_app.ui.sync.package_card import PackageCard
from desktop_app.ui.sync.texts import (
    DEVICE_FILES,
    DEVICE_SUFFIX,
    PACKAGE_FILES,
    PACKAGE_SUFFIX,
    merge_sentence,
    spaced_code,
)
from desktop_app.ui.sync.trust_dialog import TrustDialog
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.work_page import WorkPage

SCOPE = "Đồng bộ"
CHANGED = ("citizen", "household", "hamlet", "clan", "organization", "assessment", "recognition", "criteria", "sync")


class SyncPage(WorkPage):
    """The exchange page; see the module's text."""

    title_text = "Đồng bộ"
    help_topic = "dong_bo"
    ACTIONS = (
        ActionSpec("sync.take_in", "Nhận gói", "Ctrl+O", "package-open", scope=SCOPE),
        ActionSpec("sync.pack", "Đóng gói", "Ctrl+G", "package", scope=SCOPE),
        ActionSpec("sync.accept", "Nhận gói này", "Ctrl+Enter", "package-check", scope=SCOPE),
        ActionSpec("sync.keep_mine", "Giữ giá trị ở máy này", "Ctrl+1", "check", scope=SCOPE),
        ActionSpec("sync.take_theirs", "Lấy giá trị của máy kia", "Ctrl+2", "git-compare-arrows", scope=SCOPE),
        ActionSpec("sync.trust", "Tin cậy một máy", "Ctrl+T", "shield-check", scope=SCOPE),
        ActionSpec("sync.code", "So mã với máy đang chọn", "Ctrl+M", "list-checks", scope=SCOPE),
        ActionSpec("sync.assign", "Gói giao việc cho máy đang chọn", "Ctrl+Shift+G", "user-plus", scope=SCOPE),
        ActionSpec("sync.export", "Xuất tệp giới thiệu máy này", "Ctrl+E", "file-up", scope=SCOPE),
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._state: ExchangeState | None = None
        self._merged: Uid | None = None
        self.setAcceptDrops(True)
        self._bind_keys()
        self.card = PackageCard(self.button_for("sync.accept", primary=True))
        self.card.closed.connect(self._show_buttons)
        self.inbox = InboxView(self.button_for)
        self.machines = MachinesView(self.button_for)
        self.machines.trust_requested.connect(self.on_trust)
        self.machines.code_requested.connect(self.on_compare_code)
        self.pending = w.DataTable(
            "sync.pending", PENDING, title="Chờ cơ quan quyết định", note="máy này giữ giá trị của mình tới lúc đó"
        )
        self.packages = w.DataTable("sync.packages", PACKAGES, single=True, title="Gói đã gửi và đã nhận")
        self.packages.set_placeholder(w.EmptyState("package", "Chưa có gói nào được đóng hoặc nhận trên máy này."))
        for widget in (self.card, self.inbox, self.pending, self.machines, self.packages):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self._take_in = self.button_for("sync.take_in")
        self._pack = self.button_for("sync.pack", primary=True)
        self._pack_quietly = self.button_for("sync.pack")
        self._show_buttons()

    def _bind_keys(self) -> None:
        self.bind("reload", self.refresh)
        self.bind("sync.take_in", self.on_take_in)
        self.bind("sync.pack", self.on_pack)
        self.bind("sync.accept", self.on_accept).setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.bind("sync.keep_mine", partial(self.on_settle, is_mine=True))
        self.bind("sync.take_theirs", partial(self.on_settle, is_mine=False))
        self.bind("sync.trust", self.on_trust)
        self.bind("sync.code", self.on_compare_code)
        self.bind("sync.assign", self.on_assign)
        self.bind("sync.export", self.on_export)

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the state of the exchange again."""
        with self.errors():
            self._state = state = exchange_state(self.context)
            conflicts = described_conflicts(self.context) if state.conflicts else []
            pending = described_pending(self.context) if state.pending else []
            self.inbox.set_conflicts(conflicts)
            self.pending.set_source(w.ListSource(pending))
            self.pending.show_rows(min(max(len(pending), 1), 8))
            self.pending.setVisible(bool(pending))
            self.machines.set_state(state)
            self.packages.set_source(w.ListSource(state.packages))
            self.packages.show_rows(min(max(len(state.packages), 4), 8))
            self._show_buttons()
            self.set_subtitle(_subtitle(state, len(conflicts), len(pending)))
            if self.shell is not None:
                self.shell.set_badge("sync", len(conflicts) + len(pending))

    def on_shown(self) -> None:
        """Begin where something waits: the inbox, else the machines."""
        if self.inbox.isVisibleTo(self):
            self.inbox.focus()
        elif self.pending.isVisibleTo(self):
            self.pending.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.machines.focus()
        self.scroll_to_top()

    def open_target(self, target: object) -> None:
        """``"conflicts"``: the inbox; a Path: a package to look at."""
        if target == "conflicts":
            self.inbox.focus()
        elif isinstance(target, Path):
            self.preview(target)

    # -- devices -------------------------------------------------------------------------------------------------

    def on_export(self) -> None:
        """Write this machine's device file."""
        drives = removable_drives()
        plain = file_name_for("", self._state.me.name, 0).removesuffix("-0000.sht") if self._state else "may-nay"
        out = dialogs.ask_save_file(
            self, "Xuất tệp giới thiệu máy này", DEVICE_FILES, name=f"{plain}.json",
            folder=drives[0].path if drives else None, suffix="json",
        )  # fmt: skip
        if out is None:
            return
        with self.errors():
            card = export_device(self.context.folder, out, self.context.role)
            self.show_banner(
                f"Đã ghi {out.name}. Khi máy kia nhận tệp, hãy đọc cho họ mã {spaced_code(card.code)}.", "passed"
            )

    def on_trust(self) -> None:
        """Take another machine up among the trusted, after comparing its code."""
        if self.context.role is DeviceRole.VOLUNTEER:
            self.show_banner("Máy cộng tác viên chỉ trao đổi với máy của xã, đã có từ gói giao việc.", "attention")
            return
        drives = removable_drives()
        chosen = dialogs.ask_open_files(
            self, "Chọn tệp giới thiệu của máy kia", DEVICE_FILES, folder=drives[0].path if drives else None
        )
        if chosen:
            self.introduce(chosen[0])

    def introduce(self, path: Path) -> None:
        """Ask for the code of the machine of a device file, then trust it."""
        with self.errors():
            card = read_device_file(path)
            if self._state is None or card.uid == self._state.me.uid:
                trust(self.context.folder, self.context, path)  # refuses its own card in words
                return
            dialog = TrustDialog(self, card)
            is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
            code = dialog.code
            dialog.deleteLater()
            if is_wanted:
                trust(self.context.folder, self.context, path, code)
                self.refresh()
                self.machines.select(card.uid)
                self.show_banner(
                    f"Đã tin cậy máy “{card.name}”. Hãy đóng gói giao việc cho máy này nếu máy chưa có sổ.", "passed",
                    button="Gói giao việc", on_button=self.on_assign,
                )  # fmt: skip

    def on_compare_code(self) -> None:
        """Compare the code of a machine that is trusted already."""
        row = self.machines.current()
        if row is None:
            return
        dialog = TrustDialog(self, row.peer.card, is_known=True)
        is_given = dialog.exec() == QDialog.DialogCode.Accepted
        code = dialog.code
        dialog.deleteLater()
        if is_given and code is not None:
            with self.errors():
                confirm_code(self.context, row.peer.card.uid, code)
                self.refresh()
                self._notify(f"Đã so mã với máy {row.peer.card.name}: khớp.")

    # -- packages out --------------------------------------------------------------------------------------------

    def on_assign(self) -> None:
        """A full package for the chosen machine, from which it is set up."""
        if self.context.role is not DeviceRole.VOLUNTEER:
            self._ask_to_pack(is_snapshot=True)

    def on_pack(self) -> None:
        """What the chosen machine (or every machine) does not have yet."""
        self._ask_to_pack(is_snapshot=False)

    def _ask_to_pack(self, *, is_snapshot: bool) -> None:
        self.context.journal.seal_open()  # what stands in an open form goes as well, and is counted
        self.refresh()
        state = self._state
        if state is None or not state.peers:
            self.show_banner("Chưa có máy nào để gửi; hãy tin cậy một máy trước.", "attention",
                             button="Tin cậy một máy", on_button=self.on_trust)  # fmt: skip
            return
        row = self.machines.current()
        preferred = row.peer.card.uid if row is not None and (is_snapshot or len(state.peers) == 1) else None
        dialog = PackDialog(self, state.peers, removable_drives(), preferred=preferred, is_snapshot=is_snapshot)
        is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
        choice = dialog.choice
        dialog.deleteLater()
        out = self._place_for(choice, is_snapshot=is_snapshot) if is_wanted else None
        if out is not None:
            self.pack_to(out, choice.receiver, is_snapshot=is_snapshot)

    def _place_for(self, choice: PackChoice, *, is_snapshot: bool) -> Path | None:
        assert self._state is not None
        number = 1 + max((item.number for item in self._state.packages if item.direction == "sent"), default=0)
        name = file_name_for(choice.names if choice.receiver else "tat ca", "giao viec" if is_snapshot else "", number)
        if choice.folder is None:
            return dialogs.ask_save_file(self, f"Đóng gói cho {choice.names}", PACKAGE_FILES, name=name, suffix="sht")
        return _free_name(choice.folder / name)

    def pack_to(self, out: Path, receiver: Uid | None, *, is_snapshot: bool = False) -> None:
        """Write a package in the background."""

        def work(progress: Progress) -> PackageMade:
            return create_package(self.context, out, to=receiver, is_snapshot=is_snapshot, progress=progress)

        self.run(
            work,
            partial(self._on_packed, is_snapshot),
            "Đang đóng gói",
            stopped="Đã dừng; không có gói nào được ghi.",
            is_writing=True,
        )

    def _on_packed(self, is_snapshot: bool, made: PackageMade) -> None:
        self.refresh()
        names = ", ".join(made.receivers)
        held = f"cả sổ cho {names}" if is_snapshot else f"{number_text(made.operations)} thay đổi cho {names}"
        button = "Chọn gói giao việc (máy đã có sổ thì Nhận gói)" if is_snapshot else "Nhận gói"
        self.show_banner(
            f"Đã đóng gói số {made.number}: {held}. Hãy mang tệp {made.path.name} sang máy đó và bấm {button}.",
            "passed",
        )

    # -- packages in ---------------------------------------------------------------------------------------------

    def on_take_in(self) -> None:
        """Choose a package, first among those on sticks; see what it would do."""
        drives = removable_drives()
        found = packages_on(drives)
        if found:
            dialog = FoundDialog(self, found)
            is_wanted = dialog.exec() == QDialog.DialogCode.Accepted
            path = dialog.path
            dialog.deleteLater()
            if not is_wanted:
                return
            if path is not None:
                self.preview(path)
                return
        chosen = dialogs.ask_open_files(
            self, "Chọn gói để nhận", PACKAGE_FILES, folder=drives[0].path if drives else None
        )
        if chosen:
            self.preview(chosen[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            (self.introduce if path.suffix.lower() == DEVICE_SUFFIX else self.preview)(path)

    def preview(self, path: Path) -> None:
        """Work out what a package would do, and show it."""

        def work(progress: Progress) -> tuple[Manifest, MergeResult]:
            result = merge_package(self.context, path, is_dry_run=True, progress=progress)
            return inspect_package(self.context.folder, path), result

        self.card.close_package()
        self.run(work, partial(self._on_previewed, path), "Đang xem gói", about=path.name,
                 stopped="Đã dừng xem gói; chưa có gì thay đổi.")  # fmt: skip

    def _on_previewed(self, path: Path, found: tuple[Manifest, MergeResult]) -> None:
        manifest, result = found
        received = {item.uid for item in self._state.packages if item.direction == "received"} if self._state else set()
        self.card.set_package(path, manifest, result, is_known=manifest.uid in received)
        self.scroll_to_top()
        self._show_buttons()

    def on_accept(self) -> None:
        """Take in the package that was looked at."""
        if self.card.is_open and self.card.path is not None:
            self.merge(self.card.path)

    def merge(self, path: Path) -> None:
        """Take a package in, in the background."""

        def work(progress: Progress) -> MergeResult:
            return merge_package(self.context, path, progress=progress)

        self.run(work, self._on_merged, "Đang nhận gói", about=path.name, is_writing=True,
                 stopped="Đã dừng; chưa nhận gì, sổ vẫn như cũ.")  # fmt: skip

    def _on_merged(self, result: MergeResult) -> None:
        self._merged = result.operation
        self.card.close_package()
        self._announce()
        button = "Rút lại" if result.operation is not None else ""
        self.show_banner(merge_sentence(result), "passed", button=button, on_button=self._withdraw)
        if result.operation is not None and self.context.role is not DeviceRole.VOLUNTEER:
            offer_duplicates(self, result.operation, keeps=True)
        if result.conflicts:
            self.inbox.focus()

    def _withdraw(self) -> None:
        """Take the merge back: its operations wait, and merging again applies them."""
        operation, self._merged = self._merged, None
        if operation is None:
            return

        def work(progress: Progress) -> object:
            return undo(self.context, operation, progress=progress)

        self.run(work, self._on_withdrawn, "Đang rút lại gói", is_writing=True,
                 stopped="Đã dừng, chưa rút lại gì: những gì đã nhận vẫn còn trong sổ.")  # fmt: skip

    def _on_withdrawn(self, _undone: object) -> None:
        self._announce()
        self.show_banner("Đã rút lại gói: sổ như trước khi nhận. Nhận lại gói đó lúc nào cũng được.", "neutral")

    # -- the inbox -----------------------------------------------------------------------------------------------

    def on_settle(self, *, is_mine: bool) -> None:
        """Settle the selected disagreements."""
        chosen = self.inbox.selected() if self.inbox.isVisibleTo(self) else []
        if not chosen:
            return
        what = "giữ giá trị ở máy này" if is_mine else "lấy giá trị của máy kia"
        if len(chosen) > 1 and not dialogs.confirm(
            self, f"Phân xử {len(chosen)} chỗ?", f"Sẽ {what} cho cả {len(chosen)} chỗ đang chọn. Việc này không hoàn "
            "tác được; sau này vẫn sửa được từng hồ sơ.", yes=f"Phân xử {len(chosen)} chỗ",
        ):  # fmt: skip
            return
        with self.errors():
            settle(self.context, [item.uid for item in chosen], "mine" if is_mine else "theirs")
            self._announce()
            self._notify(f"Đã phân xử {len(chosen)} chỗ: {what}.")
        self.on_shown()

    def _show_buttons(self) -> None:
        """One main deed on the screen: taking in the package looked at, trusting a first machine, or packing."""
        is_alone = self._state is not None and not self._state.peers
        self.set_header_buttons(self._take_in, self._pack_quietly if self.card.is_open or is_alone else self._pack)

    # -- inside --------------------------------------------------------------------------------------------------

    def _announce(self) -> None:
        """What was written is everybody's business, this page's first."""
        self.is_stale = False
        self.refresh()
        if self.shell is not None:
            self.shell.announce_change(*CHANGED)

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """Its own changes are shown already."""
        if kinds != CHANGED:
            super().on_data_changed(kinds)

    def _notify(self, text: str) -> None:
        if self.shell is not None:
            self.shell.notify(text)


def _subtitle(state: ExchangeState, conflicts: int, pending: int) -> str:
    parts = []
    if conflicts:
        parts.append(count_words(conflicts))
    if pending:
        parts.append(f"{number_text(pending)} mục chờ cơ quan quyết định")
    if state.peers and not parts:
        parts.append(f"{number_text(state.unsent)} thay đổi chưa tới máy khác" if state.unsent else "đã gửi hết")
    return " · ".join(parts)


def _free_name(path: Path) -> Path:
    """A name that no file has yet: nothing on a stick is written over."""
    place, number = path, 2
    while place.exists():
        place = path.with_name(f"{path.stem}-{number}{PACKAGE_SUFFIX}")
        number += 1
    return place


def _dropped(event: QDropEvent) -> Path | None:
    urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 else None
    return path if path is not None and path.suffix.lower() in (PACKAGE_SUFFIX, DEVICE_SUFFIX) else None
