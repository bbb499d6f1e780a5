"""The frame's words, asked of the services: place, times, what waits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from desktop_app.services.errors import AppError

if TYPE_CHECKING:
    from desktop_app.services.context import Context


def place_text(context: Context) -> str:
    """Commune and round, e.g. "Xã Phú An · Đợt 2026"."""
    from desktop_app.services.assessment.rounds import current_round
    from desktop_app.services.register import home_commune

    name = home_commune(context)["name"]
    try:
        return f"{name} · {current_round(context).name}"
    except AppError:
        return name


def when_text(moment: dt.datetime, now: dt.datetime) -> str:
    """A time near now in few words: "hôm nay 11:40", "hôm qua 17:02", "03/11 09:12", "12/05/2025"."""
    days = (now.date() - moment.date()).days
    if days == 0:
        return f"hôm nay {moment:%H:%M}"
    if days == 1:
        return f"hôm qua {moment:%H:%M}"
    return f"{moment:%d/%m %H:%M}" if moment.year == now.year else f"{moment:%d/%m/%Y}"


def waiting_exchange(context: Context) -> tuple[int, int]:
    """Disagreements in the inbox, and deeds that some trusted machine does not have yet."""
    from desktop_app.services.sync.status import exchange_state

    state = exchange_state(context, packages=0)
    return state.conflicts, state.unsent
