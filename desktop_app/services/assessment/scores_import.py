"""Bringing a scoring list into a round: match what is scored, check scores, write forms; one undoable operation.

Invariants: a row comes in whole or not at all; the same list twice changes nothing; an empty cell clears nothing; a
recognised form is not changed; a begun form stays with its set; a trial run counts exactly what the real one would do
and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Operation
from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment import scores_told as tell
from desktop_app.services.assessment.answers import is_too_young
from desktop_app.services.assessment.bulk import FilledForm, FormCounts, write_forms
from desktop_app.services.assessment.groups import group_name, proposed_group
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.scores_indicators import Meant, checked, flat_meaning, meant_by
from desktop_app.services.assessment.scores_matching import Match, match_row
from desktop_app.services.assessment.scores_standing import Judged, Standing, judged_forms, people_gone, standing_forms
from desktop_app.services.assessment.scores_subjects import Subjects, load_subjects
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import OfficeSet, set_by_id, set_in_use
from desktop_app.services.criteria.round_sets import takes_part
from desktop_app.services.importing.planning.matching import Known, KnownPeople, load_people
from desktop_app.services.importing.preview import Issue, ParsedScores, ScoreRow, Severity
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import fold

CITIZEN = LearningModel.CITIZEN
_STEP = 200
Key = tuple[str, int]
"""``ScoreRow.key``: what tells a form from the others of its file."""


@dataclass(frozen=True, slots=True)
class ScoresResult:
    """What an import of scores did, in forms of the file.

    Args:
        created, updated, unchanged: forms.
        doubtful: forms left out because it is not sure whom they are about.
        refused: forms left out because of an error.
        assessed, passed: of the forms this file is about, those answered whole and those that pass now.
        operation: None for a trial run and where nothing changed.
        doubts: forms that a person can settle → who they may be.
        told: what is said of each form; judged: how each form stands afterwards; matched: whom it is about.
        changed: forms that stood before and have other answers now; same: those that stay as they were.
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
    doubts: Mapping[Key, tuple[Known, ...]] = field(default_factory=dict)
    told: Mapping[Key, tuple[Issue, ...]] = field(default_factory=dict)
    judged: Mapping[Key, Judged] = field(default_factory=dict)
    matched: Mapping[Key, Known] = field(default_factory=dict)
    changed: frozenset[Key] = frozenset()
    same: frozenset[Key] = frozenset()


class _TrialEnd(Exception):
    """Rolls a trial run back."""


def import_scores(
    context: Context,
    parsed: ParsedScores,
    year: int,
    *,
    is_dry_run: bool = False,
    choices: Mapping[Key, Uid] | None = None,
    progress: Progress = NO_PROGRESS,
) -> ScoresResult:
    """Write the forms of a scoring list into a round.

    Args:
        choices: key of a form → the one of the register that it is about, by somebody's word.

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
            op.args["count"] = sum(each.created + each.updated for each in counts.values())
            result = work.result(counts, op.uid if op.has_changes and not is_dry_run else None)
            if is_dry_run:
                raise _TrialEnd
    except _TrialEnd:
        pass
    assert result is not None
    return result


@dataclass(frozen=True, slots=True)
class _Taken:
    """A form that can come in: whose it is, by which set, with which answers."""

    row: ScoreRow
    unit: Known
    form: FilledForm


@dataclass
class _Import:
    """One list on its way into a round."""

    op: Operation
    parsed: ParsedScores
    year: int
    progress: Progress
    choices: Mapping[Key, Uid]
    issues: list[Issue] = field(default_factory=list)
    told: dict[Key, list[Issue]] = field(default_factory=dict)
    doubtful: int = 0
    refused: int = 0
    doubts: dict[Key, tuple[Known, ...]] = field(default_factory=dict)
    taken: dict[tuple[LearningModel, Uid], _Taken] = field(default_factory=dict)
    locked: dict[tuple[LearningModel, Uid], _Taken] = field(default_factory=dict)
    groups: dict[int, dict[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection: Connection = self.op.connection
        self.round: RoundRecord = round_of(self.connection, self.year)
        require_open(self.round)
        models = {row.model for row in self.parsed.rows} or {CITIZEN}
        self.people: KnownPeople = load_people(self.connection) if CITIZEN in models else KnownPeople()
        self.units: dict[LearningModel, Subjects] = {
            model: load_subjects(self.connection, model) for model in models if model is not CITIZEN
        }
        self.standing: dict[LearningModel, Standing] = {
            model: standing_forms(self.connection, self.round.id, model) for model in models
        }
        self.gone = people_gone(self.connection) if CITIZEN in models else {}
        self.sets: dict[object, OfficeSet] = {}
        self.parts: dict[tuple[LearningModel, CitizenGroup | None], bool] = {}
        self.meanings: dict[tuple[str, int], Meant] = {}
        self.shares = {
            (name, column.code) for name, each in self.parsed.columns.items() for column in each if column.is_share
        }

    def run(self) -> dict[LearningModel, FormCounts]:
        for sheet in self.parsed.sheets:
            self.issues += sheet.issues
        self.issues += tell.other_years(self.parsed, self.year)
        for done, row in enumerate(self.parsed.rows):
            if done % _STEP == 0:
                self.progress.step(done, len(self.parsed.rows), "Đối chiếu phiếu với sổ")
            for issue in row.issues:
                self._add(row, issue)
            if row.is_refused:
                self.refused += 1
            else:
                self._take(row)
        self.progress.step(len(self.parsed.rows), len(self.parsed.rows), "Ghi phiếu vào sổ")
        self.op.writer.update_many(registry.citizen, self.groups)
        return {
            model: write_forms(
                self.op.writer, self.round, model, [t.form for (of, _), t in self.taken.items() if of is model]
            )
            for model in self.standing
        }

    def result(self, counts: Mapping[LearningModel, FormCounts], operation: Uid | None) -> ScoresResult:
        judged = self._judged()
        self._tell_verdicts(judged)
        everyone = {**self.taken, **self.locked}
        changed = {t.row.key for (model, uid), t in self.taken.items() if uid in counts[model].changed}
        made = {t.row.key for (model, uid), t in self.taken.items() if uid in counts[model].made}
        return ScoresResult(
            rows=len(self.parsed.rows),
            created=sum(each.created for each in counts.values()),
            updated=sum(each.updated for each in counts.values()),
            unchanged=sum(each.unchanged for each in counts.values()) + len(self.locked),
            doubtful=self.doubtful,
            refused=self.refused,
            assessed=sum(each.is_complete for each in judged.values()),
            passed=sum(bool(each.passed) for each in judged.values()),
            errors=tuple(issue for issue in self.issues if issue.severity is Severity.ERROR),
            warnings=tuple(issue for issue in self.issues if issue.severity is Severity.WARNING),
            operation=operation,
            doubts=self.doubts,
            told={key: tuple(issues) for key, issues in self.told.items()},
            judged=judged,
            matched={t.row.key: t.unit for t in everyone.values()},
            changed=frozenset(changed),
            same=frozenset(t.row.key for t in everyone.values()) - changed - made,
        )

    # -- one row -------------------------------------------------------------------------------------------------

    def _take(self, row: ScoreRow) -> None:
        unit = self._settled(row)
        if unit is None:
            return
        earlier = self.taken.get((row.model, unit.uid)) or self.locked.get((row.model, unit.uid))
        if earlier is not None:
            self.doubtful += 1
            self._add(row, tell.repeated(row, earlier.row))
            return
        if not row.scores and not row.met:
            self._refuse(row, tell.empty(row))
            return
        form = self._filled(row, unit)
        if form is None:
            return
        taken = _Taken(row, unit, form)
        refusal = self._barred(taken)
        if refusal is not None:
            self._refuse(row, refusal)
        elif self.standing[row.model].is_recognised(unit.id):
            self.locked[row.model, unit.uid] = taken
        else:
            self.taken[row.model, unit.uid] = taken
            self._note_group(row, unit)

    def _settled(self, row: ScoreRow) -> Known | None:
        """Whom a row is about, surely or by somebody's word; what is not sure is told and counted."""
        match = self._match(row)
        unit, chosen = match.person, self.choices.get(row.key)
        if match.others:
            self.doubts[row.key] = match.others
        if chosen is not None:
            unit = self._chosen(row, chosen)
        if unit is None and match.reason:
            self.doubtful += 1
            self._add(row, tell.doubtful(row, match.reason))
        elif unit is None:
            self._refuse(row, tell.unknown(row))
        return unit

    def _match(self, row: ScoreRow) -> Match:
        return match_row(row, self.people) if row.model is CITIZEN else self.units[row.model].match(row)

    def _chosen(self, row: ScoreRow, uid: Uid) -> Known | None:
        if row.model is CITIZEN:
            return self.people.by_uid.get(uid)
        return next((unit for unit in self.units[row.model].everyone if unit.uid == uid), None)

    def _filled(self, row: ScoreRow, unit: Known) -> FilledForm | None:
        """The row's form by the set that judges it, or None where the row is refused."""
        group = self._group_of(row, unit) if row.model is CITIZEN else None
        if not self._takes_part(row.model, group):
            self._refuse(row, tell.not_taking_part(row, group))
            return None
        used = self._set_for(row.model, group, unit)
        answers = self._checked(row, used)
        return FilledForm(unit.uid, used.id, answers) if answers is not None else None

    def _group_of(self, row: ScoreRow, person: Known) -> CitizenGroup:
        """By the form, else the register, else the form that was begun, else the one that is proposed."""
        stored = person.values["citizen_group"]
        group = row.group or self._named_group(row.group_text) or (CitizenGroup(str(stored)) if stored else None)
        if group is not None:
            return group
        begun = self.standing[CITIZEN].sets.get(person.id)
        if begun is not None and (of := self._set(begun).definition.group) is not None:
            return of
        occupation, birth = person.values["occupation"], person.values["birth"]
        return proposed_group(str(occupation or ""), str(birth) if birth else None, self.round)

    def _named_group(self, text: str) -> CitizenGroup | None:
        """A group in the words that the office gave it in its own sets."""
        if not text:
            return None
        for group in CitizenGroup:
            definition = self._general(CITIZEN, group).definition
            if fold(text) in {fold(name) for name in (definition.group_name, *definition.group_aliases)}:
                return group
        return None

    def _takes_part(self, model: LearningModel, group: CitizenGroup | None) -> bool:
        known = self.parts.get((model, group))
        if known is None:
            known = self.parts[model, group] = takes_part(self.connection, self.round.id, model, group)
        return known

    def _set_for(self, model: LearningModel, group: CitizenGroup | None, unit: Known) -> OfficeSet:
        """The set of the form that was begun, where it is of the same group; else the one in use."""
        begun = self.standing[model].sets.get(unit.id)
        if begun is not None and self._set(begun).definition.group == group:
            return self._set(begun)
        return self._general(model, group)

    def _set(self, set_id: int) -> OfficeSet:
        if set_id not in self.sets:
            self.sets[set_id] = set_by_id(self.connection, set_id)
        return self.sets[set_id]

    def _general(self, model: LearningModel, group: CitizenGroup | None) -> OfficeSet:
        if (model, group) not in self.sets:
            self.sets[model, group] = set_in_use(self.connection, model, group, round_id=self.round.id)
        return self.sets[model, group]

    def _note_group(self, row: ScoreRow, person: Known) -> None:
        if row.model is not CITIZEN or row.group is None:
            return
        stored = person.values["citizen_group"]
        if not stored:
            self.groups[person.id] = {"citizen_group": row.group.value}
        elif stored != row.group.value:
            self._add(row, tell.group_differs(row, group_name(row.group), group_name(CitizenGroup(str(stored)))))

    def _meant(self, row: ScoreRow, used: OfficeSet) -> Meant:
        columns = self.parsed.columns.get(row.sheet)
        if columns is None:
            return flat_meaning(row, used.definition)
        known = self.meanings.get((row.sheet, used.id))
        if known is None:
            known = self.meanings[row.sheet, used.id] = meant_by(columns, used.definition)
            if known.by_place:
                self.issues.append(tell.by_place(row.sheet, used.definition.indicator_word))
        return known

    def _checked(self, row: ScoreRow, used: OfficeSet) -> dict[str, float] | None:
        """The row's scores by indicator, or None when one of them cannot stand (the row is refused whole)."""
        meant = self._meant(row, used)
        answers: dict[str, float] = {}
        is_sound = True
        for code in (*row.scores, *row.met):
            indicator = meant.indicators.get(code)
            if indicator is None:
                problem = meant.clashes.get(code) or tell.no_such(used.definition.indicator_word, code)
                self._add(row, tell.of_column(self.parsed, row, code, "score.unknown_indicator", problem))
                is_sound = False
                continue
            found = checked(indicator, code, row, is_share=(row.sheet, code) in self.shares)
            if found.code:
                self._add(row, tell.of_column(self.parsed, row, code, found.code, found.message))
                is_sound = False
            answers[indicator.code] = found.value
        if not is_sound:
            self.refused += 1
            return None
        return answers

    def _barred(self, taken: _Taken) -> Issue | None:
        """Why a form cannot be written although it is sound; None when it can."""
        row, unit = taken.row, taken.unit
        if row.model is CITIZEN and unit.id in self.gone:
            return tell.gone(row, self.gone[unit.id])
        standing = self.standing[row.model]
        if standing.is_recognised(unit.id):
            is_same = standing.answers_of(self.connection, unit.id).items() >= taken.form.answers.items()
            return None if is_same else tell.recognised(row)
        birth = unit.values["birth"] if row.model is CITIZEN else None
        return tell.too_young(row) if is_too_young(str(birth) if birth else None, self.round) else None

    # -- afterwards ----------------------------------------------------------------------------------------------

    def _judged(self) -> dict[Key, Judged]:
        found: dict[Key, Judged] = {}
        for model in self.standing:
            units = {t.unit.id: t.row.key for (of, _), t in (*self.taken.items(), *self.locked.items()) if of is model}
            for unit_id, judged in judged_forms(self.connection, self.round.id, model, list(units)).items():
                found[units[unit_id]] = judged
        return found

    def _tell_verdicts(self, judged: Mapping[Key, Judged]) -> None:
        """Say where the file's own result is another one than the set's."""
        for taken in (*self.taken.values(), *self.locked.values()):
            ours = judged.get(taken.row.key)
            claimed = taken.row.passed
            if ours is not None and claimed is not None and ours.is_complete and claimed != ours.passed:
                self._add(taken.row, tell.verdict_differs(taken.row, claimed=claimed, total=ours.total))

    def _refuse(self, row: ScoreRow, issue: Issue) -> None:
        self.refused += 1
        self._add(row, issue)

    def _add(self, row: ScoreRow, issue: Issue) -> None:
        self.issues.append(issue)
        self.told.setdefault(row.key, []).append(issue)
