"""The office's rules of second entry, and the share from which one person starts.

Invariant: a stored value of the wrong shape never stops the program: the default stands in; what is out of range is
refused with a sentence and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.tables.system import setting
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.keying.second_rules import FIELDS, OwnShare, SecondRules
from desktop_app.services.settings import write_setting

KEY = "second_entry"

LIMITS: dict[str, tuple[str, float, float]] = {
    "base_share": ("Tỷ lệ nhập lần hai lúc đầu", 0, 100),
    "least_share": ("Tỷ lệ thấp nhất", 0, 100),
    "distance": ("Khoảng cách tới mức đạt và mức xếp loại", 0, 50),
    "floor_distance": ("Khoảng cách tới điểm sàn", 0, 10),
    "most_errors": ("Số lỗi trên 10.000 ô", 0, FIELDS),
}
"""Field → its words, least and most."""


def read_rules(connection: Connection) -> SecondRules:
    """The rules as they stand; defaults where nothing or something odd is stored."""
    stored = connection.execute(select(setting.c.value).where(setting.c.key == KEY, setting.c.present)).scalar()
    if not isinstance(stored, Mapping):
        return SecondRules()
    plain = {
        name: float(stored[name])
        for name, (_, least, most) in LIMITS.items()
        if _is_number(stored.get(name)) and least <= stored[name] <= most
    }
    own = stored.get("own")
    people = own.items() if isinstance(own, Mapping) else ()
    return SecondRules(**plain, own={uid: found for uid, item in people if (found := _own(item)) is not None})


def load_rules(context: Context) -> SecondRules:
    """The rules as they stand now."""
    with context.read() as connection:
        return read_rules(connection)


def save_rules(context: Context, rules: SecondRules) -> None:
    """Store the numbers of the rules as one deed; the people's own shares stay.

    Raises:
        UserError: ``second.setting_bad`` with what may be typed.
    """
    for item in fields(SecondRules):
        if item.name in LIMITS:
            _check(item.name, getattr(rules, item.name))
    with context.operation("settings.change", {"what": "nhập lần hai"}) as op:
        write_setting(op.writer, KEY, _stored(replace(rules, own=read_rules(op.connection).own)))


def set_own_share(context: Context, user: Uid, percent: float | None) -> None:
    """Let one person's share start at ``percent`` from now on; None: at the base share, by all batches again.

    Raises:
        UserError: ``second.setting_bad``.
    """
    from desktop_app.services.keying.second_rates import finished_batches

    if percent is not None:
        _check("base_share", percent)
    with context.operation("settings.change", {"what": "tỷ lệ nhập lần hai"}) as op:
        rules = read_rules(op.connection)
        own = {uid: item for uid, item in rules.own.items() if uid != user}
        if percent is not None:
            counted = tuple(item.key for item in finished_batches(op.connection).get(user, ()))
            own[user] = OwnShare(percent, counted)
        write_setting(op.writer, KEY, _stored(replace(rules, own=own)))


def _check(name: str, value: float) -> None:
    words, least, most = LIMITS[name]
    if not least <= value <= most:
        raise UserError(
            f"{words} phải từ {least:g} đến {most:g}; các số đang dùng vẫn giữ nguyên.", code="second.setting_bad"
        )


def _stored(rules: SecondRules) -> dict[str, Any]:
    own = {uid: {"percent": item.percent, "counted": list(item.counted)} for uid, item in rules.own.items()}
    return {name: getattr(rules, name) for name in LIMITS} | {"own": own}


def _own(item: object) -> OwnShare | None:
    percent = item.get("percent") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not isinstance(percent, int | float) or not 0 <= percent <= 100:
        return None
    counted = item.get("counted")
    return OwnShare(float(percent), tuple(map(str, counted)) if isinstance(counted, list) else ())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
