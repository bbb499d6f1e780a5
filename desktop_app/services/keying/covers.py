"""What a printed cover says of its stack: where it comes from and which form it holds.

Invariant: read from the cover's own QR code, on any machine; of digits that were typed only from the prints that this
file's journal knows, because seven digits carry no place. Nothing is guessed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import office_set
from desktop_app.services.errors import UserError
from desktop_app.services.paper.codes import StackCode, find_row, parse_stack
from desktop_app.services.raw import all_rows, one_row

_PLACES = ("hamlet", "organization")


@dataclass(frozen=True, slots=True)
class PrintedCover:
    """A cover as it was printed.

    Args:
        digits: of its code.
        hamlet, organization: where the stack was handed out; neither where the cover says none or it is gone.
        set_uid: the set that its forms follow, with its ``model`` and ``group``.
        place, form: the same in words.
    """

    digits: str
    hamlet: Uid | None = None
    organization: Uid | None = None
    place: str = ""
    set_uid: Uid | None = None
    model: LearningModel | None = None
    group: CitizenGroup | None = None
    form: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it beyond its code."""
        return bool(self.place or self.form)


def printed_cover(context: Context, year: int, text: str) -> PrintedCover:
    """Read a cover's code, typed or scanned.

    Raises:
        UserError: ``code.not_a_stack``; ``code.other_year`` for the cover of another round.
    """
    code = parse_stack(text)
    require_year(code, year)
    with context.read() as connection:
        place, set_uid = _scanned(connection, code) if code.place or code.set else _noted(connection, code.digits)
        table, name = _standing(connection, place) if place else ("", "")
        model, group, form = _form(connection, set_uid) if set_uid else (None, None, "")
    return PrintedCover(
        code.digits,
        place if table == "hamlet" else None,
        place if table == "organization" else None,
        name,
        set_uid if form else None,
        model,
        group,
        form,
    )


def require_year(code: StackCode, year: int) -> None:
    """Refuse the cover of another round; raises UserError ``code.other_year``."""
    if code.year is not None and code.year != year:
        raise UserError(
            f"Bìa này của đợt {code.year}, còn đang làm đợt {year}; chưa ghi gì. "
            f"Hãy để riêng tập này, hoặc chuyển sang đợt {code.year}.",
            code="code.other_year",
        )


def _scanned(connection: Connection, code: StackCode) -> tuple[Uid, Uid]:
    found = (find_row(connection, table, code.place) for table in _PLACES) if code.place else ()
    of_set = find_row(connection, "criteria_set", code.set) if code.set else None
    return next((uid for uid in found if uid), ""), of_set or ""


def _noted(connection: Connection, digits: str) -> tuple[Uid, Uid]:
    """The latest print of this file that had such a cover."""
    rows = all_rows(
        connection,
        "SELECT c.value FROM operation o, json_each(o.args, '$.covers') c WHERE o.kind = 'paper.print' "
        "AND instr(' ' || json_extract(c.value, '$[2]') || ' ', ?) ORDER BY o.id DESC LIMIT 1",
        (f" {digits} ",),
    )
    if not rows:
        return "", ""
    place, of_set, _ = json.loads(rows[0][0])
    return place, of_set


def _standing(connection: Connection, place: Uid) -> tuple[str, str]:
    """The table and the name of a place that is still there."""
    for table in _PLACES:
        row = one_row(
            connection,
            f"SELECT name FROM {table} WHERE uid = ? AND present AND valid_to IS NULL",
            (bytes.fromhex(place),),
        )
        if row is not None:
            return table, row[0] or ""
    return "", ""


def _form(connection: Connection, set_uid: Uid) -> tuple[LearningModel | None, CitizenGroup | None, str]:
    try:
        definition = office_set(connection, set_uid).definition
    except UserError:
        return None, None, ""
    return definition.model, definition.group, definition.name
