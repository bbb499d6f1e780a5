"""The lists of the exchange page: trusted machines, packages sent and received, fields that wait for the office."""

from __future__ import annotations

from desktop_app.services.sync.status import PackageRecord, PeerState
from desktop_app.services.sync.wording import PendingText
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import ROLE, moment


def _code_chip(row: PeerState) -> w.ChipData:
    if row.peer.is_code_compared:
        return w.ChipData("đã so mã", "passed")
    return w.ChipData("chưa so mã", "attention")


def _unsent(row: PeerState) -> w.ToneText:
    words = f"{number_text(row.unsent)} thay đổi" if row.unsent else "đã có đủ"
    return w.ToneText(words, "attention" if row.unsent else "quiet")


def _received(row: PeerState) -> str:
    more = f" · {number_text(row.waiting)} chờ gói trước" if row.waiting else ""
    return f"{moment(row.last_received)}{more}"


def _package_chip(row: PackageRecord) -> w.ChipData:
    if row.direction == "received":
        return w.ChipData("đã nhận", "passed")
    return w.ChipData("đã tới nơi", "passed") if row.is_confirmed else w.ChipData("đã đóng gói", "neutral", "package")


PEERS = (
    w.Column("name", "Máy", 170, "strong", value=lambda row: row.peer.card.name, stretch=2, is_sortable=False),
    w.Column("role", "Vai trò", 140, "quiet", value=lambda row: ROLE[row.peer.card.role], is_sortable=False),
    w.Column("trust", "Mã 8 số", 130, "chip", value=_code_chip, is_sortable=False),
    w.Column("unsent", "Chưa có ở đó", 108, value=_unsent, is_sortable=False,
             tip="Thao tác mà máy đó chưa báo là đã có"),
    w.Column("sent", "Gửi lần cuối", 140, "quiet", value=lambda row: moment(row.last_sent), is_sortable=False,
             gives_way=2),
    w.Column("received", "Nhận lần cuối", 140, "quiet", value=_received, stretch=1, is_sortable=False, gives_way=1),
)  # fmt: skip
PACKAGES = (
    w.Column("at", "Lúc", 140, "quiet", value=lambda row: moment(row.at), is_sortable=False),
    w.Column("direction", "Việc", 90, value=lambda row: "Gửi đi" if row.direction == "sent" else "Nhận về",
             is_sortable=False),
    w.Column("device_name", "Máy", 170, "strong", stretch=1, is_sortable=False),
    w.Column("number", "Số", 60, "number", is_sortable=False),
    w.Column("operations", "Thao tác", 90, "number", is_sortable=False),
    w.Column("state", "Trạng thái", 130, "chip", value=_package_chip, is_sortable=False),
    w.Column("file_name", "Tệp", 180, "quiet", stretch=1, is_sortable=False),
)  # fmt: skip


def _pending_chip(row: PendingText) -> w.ChipData:
    if row.is_with_office:
        return w.ChipData("chờ cơ quan", "attention", "hourglass")
    return w.ChipData("chưa gửi", "neutral", "send")


PENDING = (
    w.Column("subject", "Hồ sơ", 190, "strong", stretch=2, is_sortable=False),
    w.Column("label", "Mục", 130, is_sortable=False),
    w.Column("mine", "Ở máy này", 170, stretch=2, is_sortable=False),
    w.Column("office", "Ở cơ quan", 170, stretch=2, is_sortable=False),
    w.Column("state", "Tình trạng", 140, "chip", value=_pending_chip, is_sortable=False),
)
