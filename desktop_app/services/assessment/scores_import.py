"""Bringing a scoring list into a round: match persons, check scores, write forms; one undoable operation.

Invariants: a row comes in whole or not at all; the same list twice changes nothing; an empty cell clears nothing; a
recognised form is not changed; a trial run counts exactly what the real one would do and keeps nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, LifeStatus, Uid
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.answers import is_too_young
from desktop_app.services.assessment.bulk import FilledForm, FormCounts, write_forms
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.groups import group_name, proposed_group
from desktop_app.services.assessment.registration import existing_rows
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.scores_matching import match_row
from desktop_app.services.assessment.scoring import validate_answer
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import OfficeSet, set_in_use
from desktop_app.services.importing.matching import Known, load_people
from desktop_app.services.importing.preview import Issue, ParsedScores, ScoreRow, Severity
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows

CITIZEN = LearningModel.CITIZEN
_STEP = 200


@dataclass(frozen=True, slots=True)
class ScoresResult:
    """What an import of scores did, in rows of the file (one row is one person's form).

    Args:
        created, updated, unchanged: forms.
        doubtful: rows left out because it is not sure who they are about.
        refused: rows left out because of an error.
        assessed, passed: of the forms this file is about, those answered whole and those that pass now.
        operation: None for a trial run and where nothing changed.
        doubts: (sheet, row) of rows that a person can settle → who they may be.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    doubtful: int
    refused: int
    assessed: int
    passed: int
    errors: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    operation: Uid | None
    households_created: int = 0
    doubts: Mapping[tuple[str, int], tuple[Known, ...]] = field(default_factory=dict)


class _TrialEnd(Exception):
    """Rolls a trial run back."""


def import_scores(
    context: Context,
    parsed: ParsedScores,
    year: int,
    *,
    is_dry_run: bool = False,
    choices: Mapping[tuple[str, int], Uid] | None = None,
    progress: Progress = NO_PROGRESS,
) -> ScoresResult:
    """Write the forms of a scoring list into a round.

    Args:
        choices: (sheet, row) of a doubtful row → the person that it is, by somebody's word.

    Raises:
        UserError: ``round.unknown``, ``round.closed``, ``criteria.none_in_use``, ``import.file_changed``.
        Cancelled: nothing was kept.
    """
    from desktop_app.services.importing.apply import refuse_changed_file

    refuse_changed_file(parsed)
    result: ScoresResult | None = None
    try:
        arguments = {"file": Path(parsed.path).name, "year": year, "count": 0}
        with context.operation("import.scores", arguments) as op:
            work = _Import(op, parsed, year, progress, choices or {})
            counts = work.run()
            op.writer.refresh_derived()
            op.args["count"] = counts.created + counts.updated
            result = work.result(counts, op.uid if op.has_changes and not is_dry_run else None)
            if is_dry_run:
                raise _TrialEnd
    except _TrialEnd:
        pass
    assert result is not None
    return result


@dataclass
class _Import:
    """One list on its way into a round."""

    op: Operation
    parsed: ParsedScores
    year: int
    progress: Progress
    choices: Mapping[tuple[str, int], Uid]
    issues: list[Issue] = field(default_factory=list)
    doubtful: int = 0
    refused: int = 0
    doubts: dict[tuple[str, int], tuple[Known, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection: Connection = self.op.connection
        self.round: RoundRecord = round_of(self.connection, self.year)
        require_open(self.round)
        self.people = load_people(self.connection)
        self.sets: dict[CitizenGroup, OfficeSet] = {}
        self.taken: dict[Uid, ScoreRow] = {}
        self.groups: dict[int, dict[str, object]] = {}
        self.forms: list[FilledForm] = []

    def run(self) -> FormCounts:
        for sheet in self.parsed.sheets:
            self.issues += sheet.issues
        for done, row in enumerate(self.parsed.rows):
            if done % _STEP == 0:
                self.progress.step(done, len(self.parsed.rows), "Đối chiếu phiếu với sổ")
            self.issues += row.issues
            if row.is_refused:
                self.refused += 1
            else:
                self._take(row)
        self._leave_out_locked()
        self.progress.step(len(self.parsed.rows), len(self.parsed.rows), "Ghi phiếu vào sổ")
        self.op.writer.update_many(registry.citizen, self.groups)
        return write_forms(self.op.writer, self.round, CITIZEN, self.forms)

    def result(self, counts: FormCounts, operation: Uid | None) -> ScoresResult:
        assessed, passed = self._judged()
        return ScoresResult(
            rows=len(self.parsed.rows),
            created=counts.created,
            updated=counts.updated,
            unchanged=counts.unchanged,
            doubtful=self.doubtful,
            refused=self.refused,
            assessed=assessed,
            passed=passed,
            errors=tuple(issue for issue in self.issues if issue.severity is Severity.ERROR),
            warnings=tuple(issue for issue in self.issues if issue.severity is Severity.WARNING),
            operation=operation,
            doubts=self.doubts,
        )

    # -- one row -------------------------------------------------------------------------------------------------

    def _take(self, row: ScoreRow) -> None:
        match = match_row(row, self.people)
        person = match.person
        if match.others:
            self.doubts[row.sheet, row.row] = match.others
            chosen = self.choices.get((row.sheet, row.row))
            person = next((other for other in match.others if other.uid == chosen), None)
        if person is None:
            self._not_found(row, match.reason)
            return
        earlier = self.taken.get(person.uid)
        if earlier is not None:
            self.doubtful += 1
            place = f"dòng {earlier.row} trang “{earlier.sheet}”"
            self._warn(row, "scores.repeated", f"Người này đã có phiếu ở {place}; dòng này được bỏ qua, hãy xem lại.")
            return
        if not row.scores:
            self._refuse(row, "scores.empty", "Dòng này không có điểm nào nên chưa nhập.")
            return
        used = self._set_for(row, person)
        answers = self._checked(row, used)
        if answers is None:
            return
        self.taken[person.uid] = row
        self._note_group(row, person)
        self.forms.append(FilledForm(person.uid, used.id, answers))

    def _not_found(self, row: ScoreRow, reason: str) -> None:
        if reason:
            self.doubtful += 1
            self._warn(
                row, "person.doubtful", f"Chưa chắc {row.name} là ai: {reason}; dòng này chưa nhập, hãy xem lại."
            )
        else:
            text = f"Trong sổ không có {row.name} với ngày sinh này nên phiếu chưa nhập. Hãy thêm người này trước."
            self._refuse(row, "person.unknown", text)

    def _set_for(self, row: ScoreRow, person: Known) -> OfficeSet:
        """By the form's group, else the register's, else the one that is proposed."""
        stored = person.values["citizen_group"]
        group = row.group or (CitizenGroup(str(stored)) if stored else None)
        if group is None:
            occupation, birth = person.values["occupation"], person.values["birth"]
            group = proposed_group(str(occupation or ""), str(birth) if birth else None, self.round)
        if group not in self.sets:
            self.sets[group] = set_in_use(self.connection, CITIZEN, group, round_id=self.round.id)
        return self.sets[group]

    def _note_group(self, row: ScoreRow, person: Known) -> None:
        stored = person.values["citizen_group"]
        if row.group is None or stored == row.group.value:
            return
        if not stored:
            self.groups[person.id] = {"citizen_group": row.group.value}
            return
        text = (
            f"Phiếu ghi nhóm “{group_name(row.group)}” nhưng sổ ghi “{group_name(CitizenGroup(str(stored)))}”; "
            "chấm theo nhóm trên phiếu, nhóm trong sổ giữ nguyên."
        )
        self._warn(row, "group.differs", text)

    def _checked(self, row: ScoreRow, used: OfficeSet) -> dict[str, float] | None:
        """The row's scores by indicator, or None when one of them cannot stand (the row is refused whole)."""
        definition = used.definition
        answers: dict[str, float] = {}
        is_sound = True
        for code, value in row.scores.items():
            indicator = definition.by_code.get(code)
            if indicator is None:
                text = f"Bộ tiêu chí không có {definition.indicator_word} {code} nên phiếu chưa nhập."
                self._issue(row, Severity.ERROR, "score.unknown_indicator", text, code)
                is_sound = False
                continue
            problem = validate_answer(indicator, value)
            if problem is not None:
                text = f"{problem.message} Phiếu ghi {value:g} nên chưa nhập."
                self._issue(row, Severity.ERROR, f"score.{problem.code.rpartition('.')[2]}", text, code)
                is_sound = False
                continue
            answers[code] = int(value) if value == int(value) else float(value)
        if not is_sound:
            self.refused += 1
            return None
        return answers

    # -- all rows ------------------------------------------------------------------------------------------------

    def _leave_out_locked(self) -> None:
        """People dead, moved away or too young are refused, and recognised forms unless nothing would change."""
        uids = {keys.assessment_uid(self.year, CITIZEN, form.subject): form for form in self.forms}
        rows = existing_rows(self.connection, "assessment", uids)
        locked = self._recognised([row_id for row_id, present in rows.values() if present])
        gone = self._gone()
        kept = []
        for uid, form in uids.items():
            row = self.taken[form.subject]
            row_id = rows.get(uid, (0, False))[0]
            if form.subject in gone:
                self._refuse(row, "subject.gone", f"{row.name} {gone[form.subject]} theo sổ nên phiếu chưa nhập.")
            elif row_id in locked and self._differs(row_id, form):
                text = f"Phiếu của {row.name} đã được công nhận nên không đổi điểm; điểm cũ giữ nguyên."
                self._refuse(row, "answer.recognised", text)
            elif row_id not in locked and self._is_too_young(form.subject):
                text = f"{row.name} chưa đủ {DEFAULT_MIN_AGE} tuổi trong đợt này theo sổ nên phiếu chưa nhập."
                self._refuse(row, "answer.too_young", text)
            else:
                kept.append(form)
        self.forms = kept
        left_out = self.groups.keys() - {self.people.by_uid[form.subject].id for form in kept}
        for person_id in left_out:
            del self.groups[person_id]

    def _is_too_young(self, subject: Uid) -> bool:
        birth = self.people.by_uid[subject].values["birth"]
        return is_too_young(str(birth) if birth else None, self.round)

    def _recognised(self, ids: list[int]) -> set[int]:
        rows = all_rows(
            self.connection,
            "SELECT id FROM assessment WHERE id IN (SELECT value FROM json_each(?)) AND frozen IS NOT NULL",
            (_json(ids),),
        )
        return {row[0] for row in rows}

    def _differs(self, form_id: int, form: FilledForm) -> bool:
        rows = all_rows(
            self.connection, "SELECT indicator, value FROM answer WHERE assessment_id = ? AND present", (form_id,)
        )
        standing = dict(rows)
        return any(standing.get(code) != value for code, value in form.answers.items())

    def _gone(self) -> dict[Uid, str]:
        words = {LifeStatus.DEAD.value: "đã mất", LifeStatus.MOVED.value: "đã chuyển đi"}
        ids = [self.people.by_uid[form.subject].id for form in self.forms]
        rows = all_rows(
            self.connection,
            "SELECT uid, life_status FROM citizen WHERE id IN (SELECT value FROM json_each(?)) "
            "AND life_status IN ('dead', 'moved')",
            (_json(ids),),
        )
        return {uid.hex(): words[status] for uid, status in rows}

    def _judged(self) -> tuple[int, int]:
        subjects = [self.people.by_uid[form.subject].id for form in self.forms]
        rows = all_rows(
            self.connection,
            "SELECT total(is_complete), total(passed) FROM assessment WHERE assessment_round_id = ? AND model = ? "
            "AND present AND subject_id IN (SELECT value FROM json_each(?))",
            (self.round.id, CITIZEN.value, _json(subjects)),
        )
        return int(rows[0][0]), int(rows[0][1])

    # -- what is said --------------------------------------------------------------------------------------------

    def _refuse(self, row: ScoreRow, code: str, text: str) -> None:
        self.refused += 1
        self._issue(row, Severity.ERROR, code, text)

    def _warn(self, row: ScoreRow, code: str, text: str) -> None:
        self._issue(row, Severity.WARNING, code, text)

    def _issue(self, row: ScoreRow, severity: Severity, code: str, text: str, indicator: str = "") -> None:
        letter, title = self._column(row.sheet, indicator)
        self.issues.append(Issue(severity, code, text, row.sheet, row.row, letter, title))

    def _column(self, sheet: str, indicator: str) -> tuple[str, str]:
        """Letter and heading of an indicator's column, where the sheet shows it."""
        from desktop_app.services.importing.fields import Field, plain_number_code, score_code

        shown = next((item for item in self.parsed.sheets if item.name == sheet), None)
        for column in shown.columns if shown and indicator else ():
            if column.field is Field.SCORE:
                heading = column.heading.rpartition("/")[2].strip()
                if indicator in (score_code(heading), plain_number_code(heading)):
                    return column.letter, column.heading
        return "", ""


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))
