"""Comparing the 8-digit code of a machine that is trusted already, so that it is known to be the right one."""

from __future__ import annotations

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.sync.devices import DeviceCard, find_peer, put_peer


def confirm_code(context: Context, device: Uid, code: str) -> DeviceCard:
    """Note that people have compared a trusted machine's code by voice.

    Raises:
        UserError: the machine is not trusted, or the code differs (``device.code``).
    """
    with context.read() as connection:
        card = find_peer(connection, device).card
    if "".join(filter(str.isdigit, code)) != card.code:
        raise UserError(
            f"Mã không khớp với máy {card.name}; chưa có gì thay đổi. Hãy đọc lại 8 chữ số trên màn hình Đồng bộ của "
            "máy đó; nếu vẫn khác, hãy lấy lại tệp giới thiệu từ chính máy đó.",
            code="device.code",
        )
    with context.operation("device.trust", {"device": card.name}) as op:
        op.is_kept = True
        put_peer(op.connection, card, is_code_compared=True)
    return card
