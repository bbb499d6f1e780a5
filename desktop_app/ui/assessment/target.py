"""What other screens ask of the assessment screen: a form to open, or a list to show.

Invariant: plain data, so that any screen may name a target without importing a widget.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel, Uid

if TYPE_CHECKING:
    from desktop_app.services.assessment.worklist import WorkFilter


def _everybody() -> WorkFilter:
    from desktop_app.services.assessment.worklist import WorkFilter

    return WorkFilter()


@dataclass(frozen=True, slots=True)
class FormTarget:
    """Open one subject's form of the present round."""

    model: LearningModel
    subject: Uid


@dataclass(frozen=True, slots=True)
class ListTarget:
    """Show the work list of a model, narrowed."""

    model: LearningModel
    filter: WorkFilter = field(default_factory=_everybody)


@dataclass(frozen=True, slots=True)
class WorkTarget:
    """Open one of the other screens of the round's work, by its id in ``round_work.WORK``."""

    id: str


def as_target(asked: object) -> FormTarget | ListTarget | None:
    """What another screen named: a target, ``(model, uid)``, a model, or a citizen's uid; None for anything else."""
    if isinstance(asked, FormTarget | ListTarget):
        return asked
    if isinstance(asked, LearningModel):
        return ListTarget(asked)
    if isinstance(asked, tuple) and len(asked) == 2:
        return FormTarget(LearningModel(asked[0]), str(asked[1]))
    if isinstance(asked, str) and len(asked) == 32:
        return FormTarget(LearningModel.CITIZEN, asked)
    return None
