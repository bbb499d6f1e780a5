"""Pieces of SQL that several lists share: a subject (``s``) with its form (``a``) and its registration (``g``).

Invariant: what a list, its counts and its neighbours ask about a form or a registration is asked in the same words, so
that they agree and the same indexes serve them all.
"""

from __future__ import annotations

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord


def subjects_with_forms(model: LearningModel, round_: RoundRecord) -> str:
    """FROM: every subject, with its form of the round where there is one."""
    return (
        f"{subject_table(model)} AS s LEFT JOIN assessment AS a ON a.assessment_round_id = {round_.id} "
        f"AND a.model = '{model.value}' AND a.subject_id = s.id AND a.present = 1"
    )


def join_registration(model: LearningModel, round_: RoundRecord) -> str:
    """JOIN: only who is registered for the round."""
    return f"JOIN registration AS g ON {_registration(model, round_)}"


def is_registered(model: LearningModel, round_: RoundRecord) -> str:
    """Condition: registered for the round."""
    return f"EXISTS (SELECT 1 FROM registration AS g WHERE {_registration(model, round_)})"


def registered_subjects(model: LearningModel) -> str:
    """FROM and WHERE over the registrations of a round (parameters: its local key, the model), each with its subject;
    read from the registrations' own index."""
    return (
        f"FROM registration AS g CROSS JOIN {subject_table(model)} AS s ON s.id = g.subject_id "
        "WHERE g.assessment_round_id = ? AND g.model = ? AND g.present"
    )


def forms_with_subjects(model: LearningModel) -> str:
    """The same over the forms of a round."""
    return (
        f"FROM assessment AS a CROSS JOIN {subject_table(model)} AS s ON s.id = a.subject_id "
        "WHERE a.assessment_round_id = ? AND a.model = ? AND a.present = 1"
    )


def _registration(model: LearningModel, round_: RoundRecord) -> str:
    return f"g.assessment_round_id = {round_.id} AND g.model = '{model.value}' AND g.subject_id = s.id AND g.present"
