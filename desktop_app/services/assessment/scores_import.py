"""Bringing a scoring list into a round: match what is scored, check scores, write forms; one undoable operation.

Invariants: a row comes in whole or not at all; the same list twice changes nothing; an empty cell clears nothing; a
recognised form is not changed; a begun form stays with its set; a trial run says exactly what the real one would do,
and writes nothing (where families or units are judged by counts, which the list itself may change, it is written in a
transaction that is taken back).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.models.journal import Operation
from desktop_app.models.tables import registry
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.bulk import FormCounts, write_forms
from desktop_app.services.assessment.scores_foreseen import (
    Stored,
    foreseen_counts,
    foreseen_verdicts,
    is_foreseeable,
    locked_verdicts,
    stored_forms,
    tell_changes,
)
from desktop_app.services.assessment.scores_standing import Judged
from desktop_app.services.assessment.scores_taking import Key, Taking
from desktop_app.services.assessment.scores_told import verdict_differs
from desktop_app.services.context import Context
from desktop_app.services.importing.planning.matching import Known
from desktop_app.services.importing.planning.places import AskedCommune, Titles
from desktop_app.services.importing.preview import Issue, ParsedScores, Severity
from desktop_app.services.progress import NO_PROGRESS, Progress

__all__ = ["Key", "ScoresResult", "import_scores"]
Counts = Mapping[LearningModel, FormCounts]


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
        changed: forms that stood before and have other answers now; same: those that stay as they were, and rows that
            repeat another row of the file word for word.
        asked: hamlets of which the list does not tell to which former commune they belong.
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
    asked: tuple[AskedCommune, ...] = ()


class _TrialEnd(Exception):
    """Rolls a trial run back."""


def import_scores(
    context: Context,
    parsed: ParsedScores,
    year: int,
    *,
    is_dry_run: bool = False,
    choices: Mapping[Key, Uid] | None = None,
    picks: Collection[Key] = (),
    communes: Mapping[Titles, str] | None = None,
    progress: Progress = NO_PROGRESS,
) -> ScoresResult:
    """Write the forms of a scoring list into a round.

    Args:
        choices: key of a form → the one of the register that it is about, by somebody's word.
        picks: of several forms of one subject that differ, the keys of those that somebody picked.
        communes: of which former commune lists are whose titles leave it open, by somebody's word.

    Raises:
        UserError: ``round.unknown``, ``round.closed``, ``criteria.none_in_use``, ``import.file_changed``.
        Cancelled: nothing was kept.
    """
    from desktop_app.services.importing.apply import refuse_changed_file

    refuse_changed_file(parsed)
    if is_dry_run:
        with context.read() as connection:
            taking = Taking(connection, parsed, year, progress, choices or {}, picks, communes or {})
            stored = _taken_in(taking)
            if is_foreseeable(taking):
                counts = {model: foreseen_counts(taking, stored[model], model) for model in taking.models}
                return _result(taking, counts, foreseen_verdicts(taking, stored), None)
    result: ScoresResult | None = None
    try:
        arguments = {"file": Path(parsed.path).name, "year": year, "count": 0}
        with context.operation("import.scores", arguments) as op:
            taking = Taking(op.connection, parsed, year, progress, choices or {}, picks, communes or {})
            result = _written(op, taking, is_dry_run=is_dry_run)
            if is_dry_run:
                raise _TrialEnd
    except _TrialEnd:
        pass
    assert result is not None
    return result


def _taken_in(taking: Taking) -> dict[LearningModel, dict[int, Stored]]:
    """Sort the forms and say what they change; returns those that stand."""
    taking.run()
    stored = {model: stored_forms(taking, model) for model in taking.models}
    for model, forms in stored.items():
        tell_changes(taking, forms, model)
    return stored


def _written(op: Operation, taking: Taking, *, is_dry_run: bool) -> ScoresResult:
    _taken_in(taking)
    taking.progress.step(len(taking.parsed.rows), len(taking.parsed.rows), "Ghi phiếu vào sổ")
    op.writer.update_many(registry.citizen, taking.groups)
    counts = {
        model: write_forms(
            op.writer, taking.round, model, [t.form for (of, _), t in taking.taken.items() if of is model]
        )
        for model in taking.models
    }
    op.writer.refresh_derived()
    op.args["count"] = sum(each.created + each.updated for each in counts.values())
    everyone = [*taking.taken.values(), *taking.locked.values()]
    judged = locked_verdicts(op.connection, taking.round.id, everyone)
    return _result(taking, counts, judged, op.uid if op.has_changes and not is_dry_run else None)


def _result(taking: Taking, counts: Counts, judged: Mapping[Key, Judged], operation: Uid | None) -> ScoresResult:
    _tell_verdicts(taking, judged)
    everyone = {**taking.taken, **taking.locked}
    changed = {t.row.key for (model, uid), t in taking.taken.items() if uid in counts[model].changed}
    made = {t.row.key for (model, uid), t in taking.taken.items() if uid in counts[model].made}
    matched = {t.row.key: t.unit for t in everyone.values()}
    matched |= {key: everyone[subject].unit for key, subject in taking.repeats.items()}
    return ScoresResult(
        rows=len(taking.parsed.rows),
        created=sum(each.created for each in counts.values()),
        updated=sum(each.updated for each in counts.values()),
        unchanged=sum(each.unchanged for each in counts.values()) + len(taking.locked) + len(taking.repeats),
        doubtful=taking.doubtful,
        refused=taking.refused,
        assessed=sum(each.is_complete for each in judged.values()),
        passed=sum(bool(each.passed) for each in judged.values()),
        errors=tuple(issue for issue in taking.issues if issue.severity is Severity.ERROR),
        warnings=tuple(issue for issue in taking.issues if issue.severity is Severity.WARNING),
        operation=operation,
        doubts=taking.doubts,
        told={key: tuple(issues) for key, issues in taking.told.items()},
        judged=judged,
        matched=matched,
        changed=frozenset(changed),
        same=frozenset(matched) - changed - made,
        asked=taking.places.asked,
    )


def _tell_verdicts(taking: Taking, judged: Mapping[Key, Judged]) -> None:
    """Say where the file's own result is another one than the set's."""
    for taken in (*taking.taken.values(), *taking.locked.values()):
        ours = judged.get(taken.row.key)
        claimed = taken.row.passed
        if ours is not None and claimed is not None and ours.is_complete and claimed != ours.passed:
            taking.add(taken.row, verdict_differs(taken.row, claimed=claimed, total=ours.total))
