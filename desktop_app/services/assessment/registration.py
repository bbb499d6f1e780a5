"""Registration (đăng ký) of subjects for a model in a round: new or renewed, one or many, with counts.

Invariant: a subject is registered once a model and round; whether it is a renewal is decided by last year's title.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import CitizenGroup, LearningModel, RegistrationKind, RoundStatus, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.rounds import RoundRecord, require_open, require_registering, round_of
from desktop_app.services.assessment.subjects import SOURCES, eligible
from desktop_app.services.context import Context
from desktop_app.services.criteria.round_sets import groups_left_out, require_taking_part
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.former_titles import renewable
from desktop_app.services.vietnamese import number_text

_CHUNK = 2_000
_NONE = (0, False)


@dataclass(frozen=True, slots=True)
class RegistrationResult:
    """What a registration did.

    Args:
        new, renewed: registered now, by kind.
        already: were registered before.
        unknown: uids that are not in the register (any more).
        left_out: whose group does not take part in the round.
        unfit: citizens who are dead, moved away or too young to be assessed in the round; families and units that
            have ended.
        operation: uid of the operation, None when nothing changed.
    """

    new: int
    renewed: int
    already: int = 0
    unknown: int = 0
    left_out: int = 0
    unfit: int = 0
    operation: Uid | None = None

    @property
    def count(self) -> int:
        return self.new + self.renewed


@dataclass(frozen=True, slots=True)
class RegistrationCount:
    """Registrations of one model (and hamlet); ``hamlet`` is None where no hamlet is known."""

    model: LearningModel
    hamlet: Uid | None
    hamlet_name: str
    new: int
    renewed: int


def register_subjects(
    context: Context, model: LearningModel, year: int, subjects: Iterable[Uid], *, registered_on: str | None = None
) -> RegistrationResult:
    """Register one or many subjects as one operation; those who are registered stay as they are.

    Args:
        registered_on: ISO date, None where nobody wrote it down.

    Raises:
        UserError: ``round.unknown``, ``round.closed``, ``round.closing``, ``round.not_taking_part``.
    """
    wanted = list(dict.fromkeys(subjects))
    with context.operation("registration.add", {"model": model.value, "year": year}) as op:
        round_ = round_of(op.connection, year)
        require_registering(round_)
        present = known_subjects(op.connection, model, wanted)
        fit = _fit(op.connection, round_, model, present)
        found = _taking_part(op.connection, round_, model, fit)
        made = add_registrations(op.writer, round_, model, found, registered_on=registered_on)
        renewed = sum(kind is RegistrationKind.RENEWAL for kind in made.values())
        op.args["count"] = len(made)
        uid = op.uid
    return RegistrationResult(
        new=len(made) - renewed,
        renewed=renewed,
        already=len(found) - len(made),
        unknown=len(wanted) - len(present),
        left_out=len(fit) - len(found),
        unfit=len(present) - len(fit),
        operation=uid if made else None,
    )


def _fit(connection: Connection, round_: RoundRecord, model: LearningModel, uids: list[Uid]) -> list[Uid]:
    """Without those whose form of the round could not be written; an unknown birth keeps nobody out."""
    out, limit = "t.life_status IN ('dead', 'moved') OR t.birth > ?", round_.born_by(DEFAULT_MIN_AGE)
    if model is not LearningModel.CITIZEN:
        out, limit = "t.valid_to <= ?", round_.counted_on
    unfit: set[bytes] = set()
    for chunk in _chunks(uids):
        rows = all_rows(
            connection,
            f"SELECT t.uid FROM json_each(?) AS j JOIN {keys.subject_table(model)} AS t ON t.uid = unhex(j.value) "
            f"WHERE {out}",
            (json.dumps(chunk), limit),
        )
        unfit.update(row[0] for row in rows)
    return [uid for uid in uids if bytes.fromhex(uid) not in unfit]


def _taking_part(connection: Connection, round_: RoundRecord, model: LearningModel, uids: list[Uid]) -> list[Uid]:
    """Without citizens whose group stays out of the round; a model that stays out as a whole is refused."""
    if model is not LearningModel.CITIZEN:
        require_taking_part(connection, round_.id, model)
        return uids
    out = [group.value for group in groups_left_out(connection, round_.id)]
    if not out:
        return uids
    rows = all_rows(
        connection,
        "SELECT uid FROM citizen WHERE citizen_group IN (SELECT value FROM json_each(?))",
        (json.dumps(out),),
    )
    staying = {row[0].hex() for row in rows}
    return [uid for uid in uids if uid not in staying]


def register_all(
    context: Context,
    model: LearningModel,
    year: int,
    *,
    hamlet: Uid | None = None,
    group: CitizenGroup | None = None,
    registered_on: str | None = None,
) -> RegistrationResult:
    """Register everybody who is to be assessed, of one hamlet or group or of the whole commune."""
    with context.read() as connection:
        round_ = round_of(connection, year)
        source = SOURCES[model]
        where, values = eligible(model, round_), dict[str, object]()
        if hamlet is not None:
            where += f" AND {source.hamlet} = (SELECT id FROM hamlet WHERE uid = :hamlet)"
            values["hamlet"] = bytes.fromhex(hamlet)
        if group is not None and model is LearningModel.CITIZEN:
            where += " AND s.citizen_group = :group"
            values["group"] = group.value
        rows = all_rows(connection, f"SELECT s.uid FROM {keys.subject_table(model)} s WHERE {where}", values)
    return register_subjects(context, model, year, [row[0].hex() for row in rows], registered_on=registered_on)


def unregister_subjects(context: Context, model: LearningModel, year: int, subjects: Iterable[Uid]) -> int:
    """Take registrations back (undoable); forms that were filled stay. Returns how many there were.

    Raises:
        UserError: ``round.unknown``, ``round.closed``, ``registration.recognised`` where somebody of them holds the
            title already; nobody is taken back then.
    """
    subjects = list(dict.fromkeys(subjects))
    wanted = [keys.registration_uid(year, model, uid) for uid in subjects]
    with context.operation("registration.remove", {"model": model.value, "year": year}) as op:
        require_open(round_of(op.connection, year))
        _refuse_recognised(op.connection, [keys.assessment_uid(year, model, uid) for uid in subjects])
        writer = op.writer
        writer.references.learn_many("registration", wanted)
        ids = [row_id for uid in wanted if (row_id := writer.references.id("registration", uid)) is not None]
        count = writer.update_many(tables.registration, {row_id: {"present": False} for row_id in ids})
        op.args["count"] = count
    return count


def _refuse_recognised(connection: Connection, forms: list[Uid]) -> None:
    count = 0
    for chunk in _chunks(forms):
        rows = all_rows(
            connection,
            "SELECT count(*) FROM json_each(?) AS j JOIN assessment AS a ON a.uid = unhex(j.value) "
            "WHERE a.present AND a.status = 'recognised'",
            (json.dumps(chunk),),
        )
        count += int(rows[0][0])
    if count:
        raise UserError(
            f"Trong đó có {number_text(count)} phiếu đã được công nhận nên chưa bỏ đăng ký dòng nào; hãy bỏ chọn các "
            "dòng đã công nhận, hoặc hủy giấy công nhận kèm lý do trước.",
            code="registration.recognised",
        )


def registration_counts(context: Context, year: int) -> tuple[RegistrationCount, ...]:
    """How many are registered, new and renewed, by model and hamlet."""
    found: list[RegistrationCount] = []
    with context.read() as connection:
        round_ = round_of(connection, year)
        for model, source in SOURCES.items():
            rows = all_rows(
                connection,
                "SELECT v.uid, v.name, total(g.kind IS NOT 'renewal'), total(g.kind IS 'renewal') FROM registration g "
                f"JOIN {keys.subject_table(model)} s ON s.id = g.subject_id "
                f"LEFT JOIN hamlet v ON v.id = {source.hamlet} "
                "WHERE g.assessment_round_id = ? AND g.model = ? AND g.present AND s.present "
                "GROUP BY v.id ORDER BY v.sort_key",
                (round_.id, model.value),
            )
            found += [
                RegistrationCount(model, uid.hex() if uid else None, name or "", int(new), int(renewed))
                for uid, name, new, renewed in rows
            ]
    return tuple(found)


# -- shared with imports -----------------------------------------------------------------------------------------


def known_subjects(connection: Connection, model: LearningModel, uids: Iterable[Uid]) -> list[Uid]:
    """Those of the uids that are present subjects, in their order."""
    wanted = list(uids)
    known: set[bytes] = set()
    for chunk in _chunks(wanted):
        rows = all_rows(
            connection,
            f"SELECT s.uid FROM json_each(?) j JOIN {keys.subject_table(model)} s ON s.uid = unhex(j.value) "
            "WHERE s.present",
            (json.dumps(chunk),),
        )
        known.update(row[0] for row in rows)
    return [uid for uid in wanted if bytes.fromhex(uid) in known]


def add_registrations(
    writer: Writer,
    round_: RoundRecord,
    model: LearningModel,
    subjects: list[Uid],
    *,
    registered_on: str | None = None,
) -> dict[Uid, RegistrationKind]:
    """Register those who are not yet registered; returns who was, and as what.

    Raises:
        UserError: ``round.closing`` when the round is closing and somebody has not even a form that was begun.
    """
    connection = writer.connection
    standing = existing_rows(
        connection, "registration", [keys.registration_uid(round_.year, model, uid) for uid in subjects]
    )
    held = held_last_year(connection, round_, model)
    missing = [uid for uid in subjects if not standing.get(keys.registration_uid(round_.year, model, uid), _NONE)[1]]
    if missing and round_.status is RoundStatus.CLOSING:
        begun = existing_rows(connection, "assessment", [keys.assessment_uid(round_.year, model, u) for u in missing])
        if not all(begun.get(keys.assessment_uid(round_.year, model, uid), _NONE)[1] for uid in missing):
            require_registering(round_)
        missing = []
    made: dict[Uid, RegistrationKind] = {}
    fresh: list[tuple[Uid, dict[str, object]]] = []
    writer.references.learn("assessment_round", round_.id, round_.uid)
    for uid in missing:
        row_uid = keys.registration_uid(round_.year, model, uid)
        kind = RegistrationKind.RENEWAL if uid in held else RegistrationKind.NEW
        values: dict[str, object] = {
            "assessment_round_id": round_.id,
            "model": model.value,
            "subject": uid,
            "kind": kind.value,
            "registered_on": registered_on,
        }
        made[uid] = kind
        if row_uid in standing:
            writer.insert(tables.registration, values, uid=row_uid)
        else:
            fresh.append((row_uid, values))
    writer.insert_many(tables.registration, [values for _, values in fresh], uids=[uid for uid, _ in fresh])
    return made


def existing_rows(connection: Connection, table: str, uids: Iterable[Uid]) -> dict[Uid, tuple[int, bool]]:
    """Rows of a table by uid: local key, and whether the row is present."""
    found: dict[Uid, tuple[int, bool]] = {}
    for chunk in _chunks(list(uids)):
        rows = all_rows(
            connection,
            f"SELECT t.uid, t.id, t.present FROM json_each(?) j JOIN {table} t ON t.uid = unhex(j.value)",
            (json.dumps(chunk),),
        )
        found.update((uid.hex(), (row_id, bool(present))) for uid, row_id, present in rows)
    return found


def held_last_year(
    connection: Connection, round_: RoundRecord, model: LearningModel, subject: Uid | None = None
) -> set[Uid]:
    """Who held the title in the year before the round's, by its assessment or by the office's earlier lists.

    Args:
        subject: ask only about this one.
    """
    one, values = ("", ()) if subject is None else ("a.subject = ? AND ", (bytes.fromhex(subject),))
    rows = all_rows(
        connection,
        "SELECT a.subject FROM assessment a JOIN assessment_round r ON r.id = a.assessment_round_id "
        f"WHERE {one}r.year = ? AND a.model = ? AND a.present AND a.passed AND a.status <> 'returned'",
        (*values, round_.year - 1, model.value),
    )
    return {row[0].hex() for row in rows} | renewable(connection, model, round_.year - 1, subject)


def _chunks(items: list[Uid]) -> Iterable[list[Uid]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
