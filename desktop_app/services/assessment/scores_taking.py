"""Which forms of a scoring list can come into a round: whose each is, by which set, with which answers; reads only.

Invariants: a row comes in whole or not at all; two forms of one subject that say different things stay out, both, until
somebody chooses one; a recognised form is not changed; a begun form stays with its set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment import scores_told as tell
from desktop_app.services.assessment.answers import is_too_young
from desktop_app.services.assessment.bulk import FilledForm
from desktop_app.services.assessment.groups import group_name, proposed_group
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.scores_indicators import Meant, checked, flat_meaning, meant_by
from desktop_app.services.assessment.scores_matching import Match, match_row
from desktop_app.services.assessment.scores_places import load_places
from desktop_app.services.assessment.scores_standing import Standing, people_gone, standing_forms
from desktop_app.services.assessment.scores_subjects import Subjects, load_subjects
from desktop_app.services.criteria.office import OfficeSet, set_by_id, set_in_use
from desktop_app.services.criteria.round_sets import takes_part
from desktop_app.services.importing.planning.matching import Known, KnownPeople, load_people
from desktop_app.services.importing.planning.places import Titles
from desktop_app.services.importing.preview import Issue, ParsedScores, ScoreRow
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import fold

CITIZEN = LearningModel.CITIZEN
_STEP = 200
_UNKNOWN_GROUP = "group.unknown_word"
Key = tuple[str, int]
"""``ScoreRow.key``: what tells a form from the others of its file."""
Subject = tuple[LearningModel, Uid]


@dataclass(frozen=True, slots=True)
class Taken:
    """A form that can come in: whose it is, by which set, with which answers."""

    row: ScoreRow
    unit: Known
    form: FilledForm


@dataclass
class Taking:
    """One list against the register and the round as they stand.

    Attributes:
        taken: the forms that come in; locked: forms that are recognised and say the same.
        repeats: rows that repeat a form of the list word for word → that form's subject.
        communes: titles → the former commune of their hamlets, by somebody's word.
        groups: local key of a person → the group that his form tells, where the register has none.
        issues: all that is said, in order; told: the same by form.
    """

    connection: Connection
    parsed: ParsedScores
    year: int
    progress: Progress
    choices: Mapping[Key, Uid]
    picks: Collection[Key]
    communes: Mapping[Titles, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    told: dict[Key, list[Issue]] = field(default_factory=dict)
    doubtful: int = 0
    refused: int = 0
    doubts: dict[Key, tuple[Known, ...]] = field(default_factory=dict)
    taken: dict[Subject, Taken] = field(default_factory=dict)
    locked: dict[Subject, Taken] = field(default_factory=dict)
    repeats: dict[Key, Subject] = field(default_factory=dict)
    groups: dict[int, dict[str, object]] = field(default_factory=dict)
    _names: dict[str, CitizenGroup] | None = None

    def __post_init__(self) -> None:
        self.round: RoundRecord = round_of(self.connection, self.year)
        require_open(self.round)
        self.models = {row.model for row in self.parsed.rows} or {CITIZEN}
        self.people: KnownPeople = load_people(self.connection) if CITIZEN in self.models else KnownPeople()
        self.units: dict[LearningModel, Subjects] = {
            model: load_subjects(self.connection, model) for model in self.models if model is not CITIZEN
        }
        self.places = load_places(
            self.connection, self.parsed.sheets, self.parsed.rows, self.people, self.units, self.communes
        )
        self.standing: dict[LearningModel, Standing] = {
            model: standing_forms(self.connection, self.round.id, model) for model in self.models
        }
        self.gone = people_gone(self.connection) if CITIZEN in self.models else {}
        self.sets: dict[object, OfficeSet] = {}
        self.parts: dict[tuple[LearningModel, CitizenGroup | None], bool] = {}
        self.meanings: dict[tuple[str, int], Meant] = {}
        self.shares = {
            (name, column.code) for name, each in self.parsed.columns.items() for column in each if column.is_share
        }

    def run(self) -> None:
        """Sort every form of the list."""
        for sheet in self.parsed.sheets:
            self.issues += sheet.issues
        self.issues += tell.other_years(self.parsed, self.year)
        first = self.parsed.rows[0].sheet if self.parsed.rows else ""
        self.issues += [issue for item in self.places.asked if (issue := item.issue(first)) is not None]
        sound: dict[Subject, list[Taken]] = {}
        for done, row in enumerate(self.parsed.rows):
            if done % _STEP == 0:
                self.progress.step(done, len(self.parsed.rows), "Đối chiếu phiếu với sổ")
            for issue in row.issues:
                if issue.code != _UNKNOWN_GROUP:
                    self.add(row, issue)
            if row.is_refused:
                self.refused += 1
                continue
            taken = self._taken(row)
            if taken is not None:
                self._tell_unknown_group(taken)
                sound.setdefault((row.model, taken.unit.uid), []).append(taken)
        for subject, forms in sound.items():
            self._keep(subject, forms)

    def _tell_unknown_group(self, taken: Taken) -> None:
        issue = next((each for each in taken.row.issues if each.code == _UNKNOWN_GROUP), None)
        if issue is not None and self._told_group(taken.row) is None:
            used = group_name(self.set_of(taken.form.set_id).definition.group)
            self.add(taken.row, tell.group_unknown(taken.row, issue, used))

    def add(self, row: ScoreRow, issue: Issue) -> None:
        """Say something of a form."""
        self.issues.append(issue)
        self.told.setdefault(row.key, []).append(issue)

    def set_of(self, set_id: int) -> OfficeSet:
        """A set as the office has it, read once."""
        if set_id not in self.sets:
            self.sets[set_id] = set_by_id(self.connection, set_id)
        return self.sets[set_id]

    # -- several forms of one subject ----------------------------------------------------------------------------

    def _keep(self, subject: Subject, forms: Sequence[Taken]) -> None:
        kept = self._one_of(forms)
        if kept is None:
            for form in forms:
                other = next(each for each in forms if each.form.answers != form.form.answers)
                self.doubtful += 1
                self.doubts[form.row.key] = (form.unit,)
                self.add(form.row, tell.contradicted(form.row, other.row))
            return
        for form in forms:
            if form is kept:
                if form.row.key in self.picks:
                    self.doubts[form.row.key] = (form.unit,)
                continue
            if form.form == kept.form:
                self.repeats[form.row.key] = subject
            else:
                self.doubtful += 1
                self.doubts[form.row.key] = (form.unit,)
            self.add(form.row, tell.repeated(form.row, kept.row, is_same=form.form == kept.form))
        if self.standing[subject[0]].is_recognised(kept.unit.id):
            self.locked[subject] = kept
        else:
            self.taken[subject] = kept
            self._note_group(kept.row, kept.unit)

    def _one_of(self, forms: Sequence[Taken]) -> Taken | None:
        """The form that counts among those of one subject: the only one, or the one that somebody chose."""
        if all(form.form == forms[0].form for form in forms):
            return forms[0]
        chosen = [form for form in forms if form.row.key in self.picks]
        return chosen[0] if len(chosen) == 1 else None

    # -- one row -------------------------------------------------------------------------------------------------

    def _taken(self, row: ScoreRow) -> Taken | None:
        unit = self._settled(row)
        if unit is None:
            return None
        if not row.scores and not row.met:
            self._refuse(row, tell.empty(row))
            return None
        form = self._filled(row, unit)
        if form is None:
            return None
        taken = Taken(row, unit, form)
        refusal = self._barred(taken)
        if refusal is not None:
            self._refuse(row, refusal)
            return None
        return taken

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
            self.add(row, tell.doubtful(row, match.reason))
        elif unit is None:
            self._refuse(row, tell.unknown(row))
        return unit

    def _match(self, row: ScoreRow) -> Match:
        home = self.places.of(row)
        if row.model is CITIZEN:
            return match_row(row, self.people, home)
        found = self.units[row.model].match(row, home)
        ended = self.places.ended_into(home) if row.model is LearningModel.COMMUNITY else ""
        if not ended or found.person is not None or found.others:
            return found
        others = self.units[row.model].match(row, ended)
        taken = (others.person,) if others.person is not None else others.others
        return Match(None, taken, "nơi này đã nhập vào nơi khác") if taken else found

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
        group = self._told_group(row) or (CitizenGroup(str(stored)) if stored else None)
        if group is not None:
            return group
        begun = self.standing[CITIZEN].sets.get(person.id)
        if begun is not None and (of := self.set_of(begun).definition.group) is not None:
            return of
        occupation, birth = person.values["occupation"], person.values["birth"]
        return proposed_group(str(occupation or ""), str(birth) if birth else None, self.round)

    def _told_group(self, row: ScoreRow) -> CitizenGroup | None:
        """The group that a form names: in the words that the office gave it in its own sets, else in usual ones."""
        if self._names is None:
            self._names = {}
            for group in CitizenGroup:
                of = self._general(CITIZEN, group).definition
                self._names.update(dict.fromkeys(map(fold, (of.group_name, *of.group_aliases)), group))
        return (self._names.get(fold(row.group_text)) if row.group_text else None) or row.group

    def _takes_part(self, model: LearningModel, group: CitizenGroup | None) -> bool:
        known = self.parts.get((model, group))
        if known is None:
            known = self.parts[model, group] = takes_part(self.connection, self.round.id, model, group)
        return known

    def _set_for(self, model: LearningModel, group: CitizenGroup | None, unit: Known) -> OfficeSet:
        """The set of the form that was begun, where it is of the same group; else the one in use."""
        begun = self.standing[model].sets.get(unit.id)
        if begun is not None and self.set_of(begun).definition.group == group:
            return self.set_of(begun)
        return self._general(model, group)

    def _general(self, model: LearningModel, group: CitizenGroup | None) -> OfficeSet:
        if (model, group) not in self.sets:
            self.sets[model, group] = set_in_use(self.connection, model, group, round_id=self.round.id)
        return self.sets[model, group]

    def _note_group(self, row: ScoreRow, person: Known) -> None:
        group = self._told_group(row) if row.model is CITIZEN else None
        if group is None:
            return
        stored = person.values["citizen_group"]
        if not stored:
            self.groups[person.id] = {"citizen_group": group.value}
        elif stored != group.value:
            self.add(row, tell.group_differs(row, group_name(group), group_name(CitizenGroup(str(stored)))))

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
                column = tell.column_of(self.parsed, row, code)
                problem = meant.clashes.get(code) or tell.no_such(used.definition.indicator_word, code, column)
                self.add(row, tell.of_column(self.parsed, row, code, "score.unknown_indicator", problem))
                is_sound = False
                continue
            is_share = (row.sheet, code) in self.shares
            found = checked(indicator, code, row, is_share=is_share, word=used.definition.indicator_word)
            if found.code:
                self.add(row, tell.of_column(self.parsed, row, code, found.code, found.message))
                is_sound = False
            answers[indicator.code] = found.value
        if not is_sound:
            self.refused += 1
            return None
        return answers

    def _barred(self, taken: Taken) -> Issue | None:
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

    def _refuse(self, row: ScoreRow, issue: Issue) -> None:
        self.refused += 1
        self.add(row, issue)
