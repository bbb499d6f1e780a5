"""Đồng bộ: this machine, the machines it trusts, the conflict inbox, packages out and in.

Invariant: a package is previewed with its counts before it is taken in; trust is given only by a person here.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_app.models.types import DeviceRole
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.progress import Progress
from desktop_app.services.sync.devices import export_device, read_device_file, trust
from desktop_app.services.sync.inbox import ConflictText, described_conflicts, settle
from desktop_app.services.sync.merge import MergeResult, merge_package
from desktop_app.services.sync.status import ExchangeState, PackageRecord, PeerState, exchange_state
from desktop_app.services.sync.writer import PackageMade, create_package, file_name_for
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.page import Page
from desktop_app.ui.sync.texts import DEVICE_FILES, PACKAGE_FILES, ROLE, merge_sentence, moment, spaced_code
from desktop_app.ui.sync.trust_dialog import TrustDialog
from desktop_app.ui.widgets import dialogs

SCOPE = "Đồng bộ"

CONFLICT_COLUMNS = (
    w.Column("subject", "Hồ sơ", 200, "strong", stretch=2, is_sortable=False),
    w.Column("label", "Mục", 130, is_sortable=False),
    w.Column("mine", "Ở máy này", 170, stretch=2, is_sortable=False),
    w.Column("theirs", "Ở máy kia", 170, stretch=2, is_sortable=False),
    w.Column("device_name", "Máy", 150, "quiet", stretch=1, is_sortable=False),
)
PEER_COLUMNS = (
    w.Column("name", "Máy", 200, "strong", value=lambda row: row.peer.card.name, stretch=2, is_sortable=False),
    w.Column("role", "Vai trò", 150, value=lambda row: ROLE[row.peer.card.role], is_sortable=False),
    w.Column("trust", "Mã 8 số", 130, "chip", value=lambda row: _trust_chip(row), is_sortable=False),
    w.Column("unsent", "Chưa nhận", 100, "number", is_sortable=False, tip="Thao tác máy đó chưa báo là đã có"),
    w.Column("sent", "Gửi lần cuối", 150, "quiet", value=lambda row: moment(row.last_sent), is_sortable=False),
    w.Column("received", "Nhận lần cuối", 150, "quiet", value=lambda row: moment(row.last_received), is_sortable=False),
)
PACKAGE_COLUMNS = (
    w.Column("at", "Lúc", 140, "quiet", value=lambda row: moment(row.at), is_sortable=False),
    w.Column("direction", "Việc", 110, value=lambda row: "Gửi đi" if row.direction == "sent" else "Nhận về",
             is_sortable=False),
    w.Column("device_name", "Máy", 180, "strong", stretch=1, is_sortable=False),
    w.Column("number", "Số", 60, "number", is_sortable=False),
    w.Column("operations", "Thao tác", 90, "number", is_sortable=False),
    w.Column("state", "Trạng thái", 130, "chip", value=lambda row: _package_chip(row), is_sortable=False),
    w.Column("file_name", "Tệp", 180, "quiet", stretch=1, is_sortable=False),
)  # fmt: skip


def _trust_chip(row: PeerState) -> w.ChipData:
    if row.peer.is_code_compared:
        return w.ChipData("đã so mã", "passed")
    return w.ChipData("chưa so mã", "attention")


def _package_chip(row: PackageRecord) -> w.ChipData:
    if row.direction == "received":
        return w.ChipData("đã nhận", "passed")
    return w.ChipData("đã tới", "passed") if row.is_confirmed else w.ChipData("đã đóng gói", "neutral")


class SyncPage(Page):
    """The exchange page; see the module's text."""

    title_text = "Đồng bộ"
    help_topic = "dong_bo"
    ACTIONS = (
        ActionSpec("sync.take_in", "Nhận gói", "Ctrl+O", "package-open", scope=SCOPE),
        ActionSpec("sync.pack", "Đóng gói", "Ctrl+G", "package", scope=SCOPE),
        ActionSpec("sync.keep_mine", "Giữ giá trị ở máy này", "Ctrl+1", "check", scope=SCOPE),
        ActionSpec("sync.take_theirs", "Lấy giá trị của máy kia", "Ctrl+2", "git-compare-arrows", scope=SCOPE),
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._state: ExchangeState | None = None
        self.inbox = self._make_inbox()
        self.peers = w.DataTable("sync.peers", PEER_COLUMNS, single=True, title="Máy tin cậy")
        self.packages = w.DataTable("sync.packages", PACKAGE_COLUMNS, single=True, title="Gói đã gửi và đã nhận")
        self._build()
        self.bind("reload", self.refresh)
        self.set_header_buttons(
            self.button_for("sync.take_in", self.on_take_in),
            self.button_for("sync.pack", self.on_pack, primary=True),
        )

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.body.addWidget(self._make_own_card())
        self.body.addWidget(self.inbox)
        self.peers_empty = w.EmptyState(
            "monitor-smartphone",
            "Chưa tin cậy máy nào. Hai máy trao nhau tệp giới thiệu và đọc cho nhau mã 8 chữ số, một lần.",
            "Tin cậy một máy",
        )
        self.peers_empty.activated.connect(self.on_trust)
        self.peers.set_placeholder(self.peers_empty)
        self.body.addWidget(self.peers)
        self.packages.set_placeholder(w.EmptyState("package", "Chưa có gói nào được đóng hoặc nhận trên máy này."))
        self.body.addWidget(self.packages)
        self.body.addStretch(1)

    def _make_own_card(self) -> QWidget:
        card = w.Card("Máy này")
        line = w.hbox(spacing=24)
        names = w.vbox(spacing=2)
        self.own_name = w.label("", "title")
        self.own_role = w.label("", "quiet")
        names.addWidget(self.own_name)
        names.addWidget(self.own_role)
        line.addLayout(names)
        codes = w.vbox(spacing=2)
        codes.addWidget(w.label("Mã để so bằng lời", "quiet"))
        self.own_code = w.label("", "title")
        codes.addWidget(self.own_code)
        line.addLayout(codes)
        line.addStretch(1)
        card.body.addLayout(line)
        export = w.QuietButton("Xuất tệp giới thiệu máy này", icon="file-up")
        export.clicked.connect(self.on_export)
        self.trust_button = w.QuietButton("Tin cậy một máy", icon="shield-check")
        self.trust_button.clicked.connect(self.on_trust)
        self.assign_button = w.QuietButton("Gói giao việc (đầy đủ)", icon="user-plus")
        self.assign_button.setToolTip("Để lập sổ trên máy của cộng tác viên")
        self.assign_button.clicked.connect(self.on_assign)
        card.body.addWidget(w.FlowRow(export, self.trust_button, self.assign_button))
        return card

    def _make_inbox(self) -> QWidget:
        box = QWidget()
        column = w.vbox(box, spacing=8)
        self.conflicts = w.DataTable("sync.conflicts", CONFLICT_COLUMNS, title="Hộp xung đột",
                                     note="hai máy ghi khác nhau; máy của xã quyết định")  # fmt: skip
        column.addWidget(self.conflicts)
        self.keep_button = self.button_for("sync.keep_mine", partial(self.on_settle, "mine"))
        self.take_button = self.button_for("sync.take_theirs", partial(self.on_settle, "theirs"))
        column.addWidget(w.FlowRow(self.keep_button, self.take_button))
        return box

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the state of the exchange again."""
        with self.errors():
            self._state = exchange_state(self.context)
            self._show_own(self._state)
            found = described_conflicts(self.context)
            self.conflicts.set_source(w.ListSource(found))
            self.conflicts.show_rows(min(max(len(found), 1), 6))
            self.inbox.setVisible(bool(found))
            self.peers.set_source(w.ListSource(self._state.peers))
            self.peers.show_rows(min(max(len(self._state.peers), 3), 6))
            self.packages.set_source(w.ListSource(self._state.packages))
            self.packages.show_rows(min(max(len(self._state.packages), 3), 8))
            if self.shell is not None:
                self.shell.set_badge("sync", len(found))

    def _show_own(self, state: ExchangeState) -> None:
        self.own_name.setText(state.me.name)
        self.own_role.setText(ROLE[state.role])
        self.own_code.setText(spaced_code(state.me.code))
        is_office = state.role is DeviceRole.OFFICE
        self.assign_button.setVisible(is_office)
        self.trust_button.setVisible(is_office)
        if state.pending:
            self.set_subtitle(f"{state.pending} ô chờ cơ quan quyết định")
        else:
            self.set_subtitle(f"{state.unsent} thao tác chưa tới máy khác" if state.peers else "")

    # -- doing ---------------------------------------------------------------------------------------------------

    def on_export(self) -> None:
        """Write this machine's device file."""
        out = dialogs.ask_save_file(
            self, "Xuất tệp giới thiệu máy này", DEVICE_FILES, name="may-nay.json", suffix="json"
        )
        if out is None:
            return
        with self.errors():
            card = export_device(self.context.folder, out, self.context.role)
            self.show_banner(
                f"Đã ghi {out.name}. Khi máy kia nhận tệp, hãy đọc cho họ mã {spaced_code(card.code)}.", "passed"
            )

    def on_trust(self) -> None:
        """Take another machine up among the trusted, after comparing its code."""
        chosen = dialogs.ask_open_files(self, "Chọn tệp giới thiệu của máy kia", DEVICE_FILES)
        if not chosen:
            return
        with self.errors():
            card = read_device_file(chosen[0])
            dialog = TrustDialog(self, card)
            if not dialog.exec():
                return
            trust(self.context.folder, self.context, chosen[0], dialog.code)
            self.refresh()
            self._notify(f"Đã tin cậy máy {card.name}.")

    def on_assign(self) -> None:
        """A full package for the chosen machine, from which it is set up."""
        self._pack(is_snapshot=True)

    def on_pack(self) -> None:
        """What the chosen machine (or every machine) does not have yet."""
        self._pack(is_snapshot=False)

    def _pack(self, *, is_snapshot: bool) -> None:
        state = self._state
        if state is None or not state.peers:
            self.show_banner("Chưa có máy nào để gửi; hãy tin cậy một máy trước.", "attention")
            return
        row = self.peers.current() or state.peers[0]
        receiver = row.peer.card
        number = 1 + max((item.number for item in state.packages if item.direction == "sent"), default=0)
        name = file_name_for(receiver.name, "giao-viec" if is_snapshot else "", number)
        title = f"Đóng gói cho {receiver.name}"
        out = dialogs.ask_save_file(self, title, PACKAGE_FILES, name=name, suffix="sht")
        if out is not None:
            self.pack_to(out, receiver.uid, is_snapshot=is_snapshot)

    def pack_to(self, out: Path, receiver: str, *, is_snapshot: bool = False) -> None:
        """Write a package in the background."""
        assert self.shell is not None

        def work(progress: Progress) -> PackageMade:
            return create_package(self.context, out, to=receiver, is_snapshot=is_snapshot, progress=progress)

        self.shell.tasks.run(work, self._on_packed, self._on_error, title="Đang đóng gói")

    def _on_packed(self, made: PackageMade) -> None:
        self.refresh()
        self.show_banner(
            f"Đã đóng gói số {made.number}: {made.operations} thao tác cho {', '.join(made.receivers)}. "
            f"Hãy mang tệp {made.path.name} sang máy đó.",
            "passed",
        )

    def on_take_in(self) -> None:
        """Choose a package, see what it would do, take it in."""
        chosen = dialogs.ask_open_files(self, "Chọn gói để nhận", PACKAGE_FILES)
        if chosen:
            self.preview(chosen[0])

    def preview(self, path: Path) -> None:
        """Work out what a package would do, then ask."""
        assert self.shell is not None

        def work(progress: Progress) -> MergeResult:
            return merge_package(self.context, path, is_dry_run=True, progress=progress)

        self.shell.tasks.run(work, partial(self._on_previewed, path), self._on_error, title="Đang xem gói")

    def _on_previewed(self, path: Path, result: MergeResult) -> None:
        if not (result.applied or result.waiting or result.conflicts):
            self.show_banner(f"Gói số {result.number} của {result.sender} không có gì mới.", "accent")
            return
        self.show_banner(
            merge_sentence(result, is_preview=True),
            "accent",
            button="Nhận gói này",
            on_button=partial(self.merge, path),
        )

    def merge(self, path: Path) -> None:
        """Take a package in, in the background."""
        assert self.shell is not None

        def work(progress: Progress) -> MergeResult:
            return merge_package(self.context, path, progress=progress)

        self.shell.tasks.run(work, self._on_merged, self._on_error, title="Đang nhận gói")

    def _on_merged(self, result: MergeResult) -> None:
        self.refresh()
        self.show_banner(merge_sentence(result, is_preview=False) + " Có thể rút lại trong Nhật ký.", "passed")
        if self.shell is not None:
            self.shell.announce_change("citizen", "household", "assessment")

    def on_settle(self, keep: str) -> None:
        """Settle the selected disagreements."""
        chosen: list[ConflictText] = self.conflicts.selected()
        if not chosen:
            return
        with self.errors():
            settle(self.context, [item.uid for item in chosen], "mine" if keep == "mine" else "theirs")
            self.refresh()
            what = "giữ giá trị ở máy này" if keep == "mine" else "lấy giá trị của máy kia"
            self._notify(f"Đã phân xử {len(chosen)} chỗ: {what}.")

    def _notify(self, text: str) -> None:
        if self.shell is not None:
            self.shell.notify(text)

    def _on_error(self, error: Exception) -> None:
        with self.errors():
            if isinstance(error, PermissionError):
                raise UserError("Không đọc được tệp; hãy kiểm tra quyền.", code="file.denied") from error
            raise error

    def open_target(self, target: Any) -> None:
        """``"conflicts"``: the inbox; otherwise nothing."""
        if target == "conflicts":
            self.conflicts.setFocus()
