"""How the office uses criteria sets: which one, with what changes, and whether it has confirmed a suggested one.

Invariant: the stored changes of a set always give a set that can be scored; a set that needs confirmation counts as
confirmed only while who, when and the document's number stand on it, and changing it takes the confirmation away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables.criteria import criteria_set
from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria.checking import is_compared, split_overrides
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.round_sets import set_of_round
from desktop_app.services.errors import AppError, UserError
from desktop_app.services.raw import all_rows, among, one_row


@dataclass(frozen=True, slots=True)
class OfficeSet:
    """One criteria set as this register holds it.

    Args:
        id: local key, opaque outside services.
        definition: the effective set: the shipped or installed one with the office's changes in it.
        overrides: the office's changes as JSON keeps them; empty when there are none.
        revision: grows with each change; verdicts are frozen to it.
        is_in_use: new forms of its model and group are filled by it.
        checked: rows that somebody compared with the document, as ``checking`` keeps them.
        is_shipped: it came with the program; False for one made or brought here.
        confirmed_by: uid of the user who confirmed it, None while unconfirmed.
    """

    id: int
    uid: Uid
    definition: CriteriaSet
    overrides: Mapping[str, Any]
    revision: int
    is_in_use: bool
    confirmed_by: Uid | None = None
    confirmed_on: str | None = None
    document: str | None = None
    is_shipped: bool = True
    checked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_confirmed(self) -> bool:
        """The office has confirmed that it uses this set (or nobody has to)."""
        return not self.definition.is_suggestion

    @property
    def label(self) -> str:
        """Name and version, for the journal's sentences."""
        return f"{self.definition.name} ({self.definition.version})"


def sets_in_use(context: Context) -> tuple[OfficeSet, ...]:
    """Every set the register knows that this program can read, in the order of models and groups."""
    with context.read() as connection:
        found = read_sets(connection).values()
    return tuple(sorted((item for item in found if item), key=_order))


def read_sets(connection: Connection, ids: Iterable[int] | None = None) -> dict[int, OfficeSet | None]:
    """Sets by local key; None where the set is of a newer program or its stored changes no longer fit it."""
    if ids is None:
        rows = all_rows(connection, f"{_SELECT} WHERE present")
    else:
        condition, values = among(ids)
        rows = all_rows(connection, f"{_SELECT} WHERE id {condition}", values)
    return {row[0]: _made_or_none(row) for row in rows}


def office_set(connection: Connection, set_uid: Uid) -> OfficeSet:
    """One set by uid; raises UserError ``criteria.unknown_set`` or what is wrong with it."""
    row = one_row(connection, f"{_SELECT} WHERE uid = ? AND present", (bytes.fromhex(set_uid),))
    if row is None:
        raise UserError("Không tìm thấy bộ tiêu chí này trong sổ; hãy chọn lại.", code="criteria.unknown_set")
    return _made(row)


def set_by_id(connection: Connection, set_id: int) -> OfficeSet:
    """One set by its local key; raises UserError with what is wrong with it."""
    row = one_row(connection, _BY_ID, (set_id,))
    assert row is not None
    return _made(row)


def set_in_use(
    connection: Connection, model: LearningModel, group: CitizenGroup | None = None, *, round_id: int | None = None
) -> OfficeSet:
    """The set by which new forms of a model (for citizens: of a group) are filled.

    Args:
        round_id: the round that they are filled in; its own choice wins over the general one.

    Raises:
        UserError: ``criteria.none_in_use``.
    """
    own = set_of_round(connection, round_id, model, group) if round_id is not None else None
    chosen = read_sets(connection, (own,)).get(own) if own is not None else None
    if chosen is not None:
        return chosen
    rows = all_rows(connection, _IN_USE, (model.value, group.value if group else None))
    found = [item for item in map(_made_or_none, rows) if item]
    if not found:
        raise UserError(
            "Chưa chọn bộ tiêu chí nào cho mô hình này. Hãy vào Thiết lập, mục Bộ tiêu chí, và chọn bộ đang dùng.",
            code="criteria.none_in_use",
        )
    return max(found, key=lambda item: (item.definition.is_default, _version(item.definition.version)))


def effective_set(connection: Connection, model: LearningModel, group: CitizenGroup | None = None) -> CriteriaSet:
    """The definition behind ``set_in_use``."""
    return set_in_use(connection, model, group).definition


def change_overrides(context: Context, set_uid: Uid, overrides: Mapping[str, object]) -> OfficeSet:
    """Put the office's own wording, maxima, floor and pass mark on a set; all of them at once, empty takes them away.

    Forms that are not recognised yet are judged anew; a confirmation falls away, because other numbers were confirmed.

    Raises:
        UserError: ``criteria.override_invalid``, ``criteria.office_only``; nothing is changed then.
    """
    from desktop_app.services.criteria.overrides import customised, read_overrides

    _office_only(context)
    with context.operation("criteria.override") as op:
        old = office_set(op.connection, set_uid)
        wanted = read_overrides(overrides).as_json()
        customised(_base(old.definition.key, old.definition.version, _definition_text(op, old.id)), wanted)
        op.args["set"] = old.label
        if wanted != dict(old.overrides):
            stored = {**wanted, "checked": dict(old.checked)} if old.checked else wanted
            changed = {"overrides": stored or None, "revision": old.revision + 1, **_UNCONFIRMED}
            op.writer.update(criteria_set, old.id, changed)
        return office_set(op.connection, set_uid)


def confirm_set(context: Context, set_uid: Uid, document_number: str, date: dt.date) -> OfficeSet:
    """Record that the office uses this set: who (the present user), when, and the number of the document.

    Raises:
        UserError: ``criteria.document_missing``, ``criteria.office_only``, ``user.missing``.
    """
    from desktop_app.services.vietnamese import nfc

    _office_only(context)
    document = nfc(document_number)
    if not document:
        raise UserError(
            "Chưa ghi số văn bản nên chưa xác nhận. Hãy ghi số và ngày của văn bản mà cơ quan căn cứ để dùng bộ này.",
            code="criteria.document_missing",
        )
    if context.user is None:
        raise UserError(
            "Chưa chọn người làm việc nên chưa xác nhận. Hãy chọn tên mình rồi làm lại.", code="user.missing"
        )
    with context.operation("criteria.confirm", {"document": document}) as op:
        old = office_set(op.connection, set_uid)
        op.args["set"] = old.label
        values = {"confirmed_by": context.user, "confirmed_on": date.isoformat(), "confirmation_document": document}
        op.writer.update(criteria_set, old.id, values)
        return office_set(op.connection, set_uid)


def unconfirm_set(context: Context, set_uid: Uid) -> OfficeSet:
    """Take a confirmation back; what was recognised stays recognised."""
    _office_only(context)
    with context.operation("criteria.unconfirm") as op:
        old = office_set(op.connection, set_uid)
        op.args["set"] = old.label
        op.writer.update(criteria_set, old.id, _UNCONFIRMED)
        return office_set(op.connection, set_uid)


def choose_set(context: Context, set_uid: Uid) -> OfficeSet:
    """Use this set for new forms in place of the others of its model and group (TT 22/2020 or TT 24/2023).

    Forms that were begun by another set stay with it.
    """
    _office_only(context)
    with context.operation("criteria.choose") as op:
        chosen = office_set(op.connection, set_uid)
        op.args["set"] = chosen.label
        for row_id, item in read_sets(op.connection).items():
            if item and (item.definition.model, item.definition.group) == (
                chosen.definition.model,
                chosen.definition.group,
            ):
                op.writer.update(criteria_set, row_id, {"is_in_use": int(item.uid == set_uid)})
        return office_set(op.connection, set_uid)


_SELECT = (
    "SELECT id, uid, key, version, definition, overrides, revision, is_in_use, confirmed_by, confirmed_on, "
    "confirmation_document FROM criteria_set"
)
_BY_ID = f"{_SELECT} WHERE id = ?"
_IN_USE = f"{_SELECT} WHERE model = ? AND citizen_group IS ? AND present AND is_in_use = 1"
_UNCONFIRMED: dict[str, Any] = {"confirmed_by": None, "confirmed_on": None, "confirmation_document": None}


@lru_cache(maxsize=64)
def _base(key: str, version: str, definition: str | None) -> CriteriaSet:
    from desktop_app.services.criteria.loader import get_set

    if definition is None:
        return get_set(key, version)
    from desktop_app.services.criteria.stored import read_stored

    return read_stored(definition).sound(f"bộ tiêu chí {key} {version}")


@lru_cache(maxsize=256)
def _effective(
    key: str, version: str, definition: str | None, overrides: str | None, is_confirmed_now: bool
) -> CriteriaSet:
    """Keyed by all that the result depends on; two machines may each have made a revision of the same number."""
    result = _base(key, version, definition)
    if overrides:
        from desktop_app.services.criteria.overrides import customised

        changes, checked = split_overrides(overrides)
        result = customised(result, changes)
        if not result.needs_confirmation and is_compared(result, checked):
            result = replace(result, heading="")
    if is_confirmed_now:
        from desktop_app.services.criteria.overrides import confirmed

        result = confirmed(result)
    return result


def _made(row: tuple[Any, ...]) -> OfficeSet:
    row_id, uid, key, version, definition, overrides, revision, is_used, by, on, document = row
    is_confirmed_now = bool(on and document)
    changes, checked = split_overrides(overrides) if overrides else ({}, {})
    return OfficeSet(
        row_id,
        uid.hex(),
        _effective(key, version, definition, overrides, is_confirmed_now),
        changes,
        revision or 0,
        bool(is_used),
        by if is_confirmed_now else None,
        on if is_confirmed_now else None,
        document if is_confirmed_now else None,
        definition is None,
        checked,
    )


def _made_or_none(row: tuple[Any, ...]) -> OfficeSet | None:
    try:
        return _made(row)
    except AppError:
        return None


def _definition_text(op: Operation, set_id: int) -> str | None:
    row = one_row(op.connection, "SELECT definition FROM criteria_set WHERE id = ?", (set_id,))
    return row[0] if row else None


def _office_only(context: Context) -> None:
    if context.role is DeviceRole.VOLUNTEER:
        raise UserError(
            "Chỉ máy của xã đổi hoặc xác nhận được bộ tiêu chí; chưa có gì bị thay đổi. Hãy báo cán bộ xã.",
            code="criteria.office_only",
        )


def _version(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def _order(item: OfficeSet) -> tuple[int, int, bool, str, str]:
    models, groups = list(LearningModel), [None, *CitizenGroup]
    d = item.definition
    return models.index(d.model), groups.index(d.group), not d.is_default, d.key, d.version
