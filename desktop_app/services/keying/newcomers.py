"""A person whose form lies in the stack and who is not in the register: added without leaving the row.

Invariant: one undoable deed ("Thêm công dân …"), checked by the same rules as the register's own forms; a household is
named by its code or left unknown, never guessed. Whose household is unknown lives, until it is known, in one of their
own in the batch's hamlet, or in the hamlet that was named where the batch comes from none, as people of imported lists
without households do, so that the hamlet counts them; whose form came from an organization is its member.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables.registry import household
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.importing.words import HEAD
from desktop_app.services.keying.records import BatchRecord
from desktop_app.services.raw import one_row
from desktop_app.services.registry.citizens import check, insert_citizen
from desktop_app.services.registry.lists import hamlet_names
from desktop_app.services.registry.lookups import SqlLookups, find_row
from desktop_app.services.registry.memberships import join_in
from desktop_app.services.registry.saving import saved, today_or
from desktop_app.services.registry.validation import check_citizen
from desktop_app.services.vietnamese import fold, nfc

NAMED = 4
"""So many hamlets are named where a word means several."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What adding found.

    Args:
        uid: of the person, None while nothing was written.
        errors: field (``full_name``, ``birth``, ``sex``, ``household``, ``hamlet``) → sentence that blocks.
        doubts: sentences that a person may pass over by saying so once more.
        same: somebody of that name and birth who is in the register already.
        hamlet: where the new person is counted, in words; empty where no hamlet counts them.
    """

    uid: Uid | None = None
    errors: Mapping[str, str] | None = None
    doubts: tuple[str, ...] = ()
    same: Uid | None = None
    hamlet: str = ""


def asks_hamlet(batch: BatchRecord) -> bool:
    """Whether a newcomer's hamlet must be asked for, because the batch comes from none."""
    return batch.cover.hamlet is None


def add_newcomer(
    context: Context,
    batch: BatchRecord,
    values: Mapping[str, str],
    *,
    is_sure: bool = False,
    today: dt.date | None = None,
) -> Newcomer:
    """Add a person.

    Args:
        values: ``full_name``, ``birth``, ``sex`` ("male", "female" or ""), ``household`` (a code, blank: unknown),
            ``hamlet`` (as people call it; read only where the batch comes from no hamlet and no household is named).
        is_sure: the doubts were read.
    """
    given: dict[str, object] = {name: nfc(values.get(name, "")) for name in ("full_name", "birth", "sex")}
    errors: dict[str, str] = {}
    code = nfc(values.get("household", ""))
    if code:
        with context.read() as connection:
            found = SqlLookups(connection).household_with_code(code, None)
        if found is None:
            errors["household"] = f"Sổ không có hộ mã {code}. Hãy xem lại, hoặc để trống nếu chưa rõ hộ."
        else:
            given["household"] = found.uid
    elif batch.place:
        given["note"] = f"Chưa rõ hộ; phiếu thu ở {batch.place}."
    hamlet, place = batch.cover.hamlet, ""
    if not code and asks_hamlet(batch):
        hamlet, place = _hamlet_meant(context, values.get("hamlet", ""), errors)
    if batch.cover.group is not None:
        given["citizen_group"] = batch.cover.group.value
    checked = check(context, None, given, today=today)
    errors = {**{issue.field: issue.message for issue in checked.errors}, **errors}
    if not given["birth"]:
        errors.setdefault("birth", "Cần ngày sinh hoặc năm sinh để tính tuổi.")
    young = next((issue.message for issue in checked.warnings if issue.code == "group.too_young"), "")
    if young:
        errors.setdefault("birth", young)
    if errors:
        return Newcomer(errors=errors)
    doubts = tuple(issue.message for issue in checked.warnings if issue.code in _ASKED)
    same = next((issue.other for issue in checked.warnings if issue.code == "citizen.same"), None)
    if doubts and not is_sure:
        return Newcomer(doubts=doubts, same=same)
    with context.operation("citizen.add") as op:
        uid = _write(op, batch, given, hamlet, today)
        return Newcomer(uid, hamlet=place or _place_of(op.connection, uid))


def _hamlet_meant(context: Context, text: str, errors: dict[str, str]) -> tuple[Uid | None, str]:
    """The hamlet that a person means by its name, its number or half of it; none where nothing was typed."""
    words = fold(nfc(text).replace("(", " ").replace(")", " ")).split()
    if not words:
        return None, ""
    found = hamlet_names(context)
    shared = Counter(name for _, name, _ in found)
    labels = {uid: f"{name} ({former} cũ)" if former and shared[name] > 1 else name for uid, name, former in found}
    meant = _nearest(words, labels)
    if len(meant) == 1:
        return meant[0], labels[meant[0]]
    said = ", ".join(labels[uid] for uid in meant[:NAMED])
    more = f" và {len(meant) - NAMED} thôn khác" if len(meant) > NAMED else ""
    errors["hamlet"] = (
        f"“{nfc(text)}” có thể là {said}{more}; hãy gõ đủ tên thôn."
        if meant
        else f"Sổ không có thôn nào tên “{nfc(text)}”. Hãy xem lại, hoặc để trống nếu chưa rõ thôn."
    )
    return None, ""


def _nearest(words: list[str], labels: Mapping[Uid, str]) -> list[Uid]:
    """Hamlets named just so; else those whose names have these words; else those whose words begin with them."""
    folded = {uid: fold(label.replace("(", " ").replace(")", " ")).split() for uid, label in labels.items()}
    tests: tuple[Callable[[list[str]], bool], ...] = (
        lambda own: own == words,
        lambda own: all(word in own for word in words),
        lambda own: all(any(part.startswith(word) for part in own) for word in words),
    )
    for fits in tests:
        meant = [uid for uid, own in folded.items() if fits(own)]
        if meant:
            return meant
    return []


def _place_of(connection: Connection, uid: Uid | None) -> str:
    row = uid and one_row(
        connection,
        "SELECT t.name FROM citizen c JOIN household h ON h.id = c.household_id JOIN hamlet t ON t.id = h.hamlet_id "
        "WHERE c.uid = ?",
        (bytes.fromhex(uid),),
    )
    return str(row[0]) if row else ""


def _write(
    op: Operation, batch: BatchRecord, given: dict[str, object], hamlet: Uid | None, today: dt.date | None
) -> Uid | None:
    """The person with whatever the batch says of them, within their deed."""
    cover = batch.cover
    if "household" not in given and hamlet is not None:
        hamlet_id = find_row(op.connection, "hamlet", hamlet)["id"]
        home = op.writer.references.uid("household", op.writer.insert(household, {"hamlet_id": hamlet_id}))
        given = {**given, "household": home, "relation": HEAD}
    checked = check_citizen(given, SqlLookups(op.connection), today_or(today))
    result = saved(op, "citizen", insert_citizen(op, checked), checked)
    if cover.organization is not None and cover.model is LearningModel.CITIZEN and result.uid is not None:
        join_in(op, cover.organization, result.uid)
    return result.uid


_ASKED = frozenset({"citizen.same", "birth.rare"})
"""Warnings that are worth a second look; that the household is unknown was chosen."""
