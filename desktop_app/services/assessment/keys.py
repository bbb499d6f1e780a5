"""Identities of rounds, registrations, assessments and answers: unique by nature, so two machines make one row.

Invariant: these words and their order are stored in uids everywhere and never change.
"""

from __future__ import annotations

from functools import cache, lru_cache

from desktop_app.models.journal import SUBJECT_TABLES
from desktop_app.models.tables import natural_uid
from desktop_app.models.types import LearningModel, Uid


@cache
def round_uid(year: int) -> Uid:
    """The round of a year."""
    return natural_uid("assessment_round", year)


@lru_cache(maxsize=64)
def registration_uid(year: int, model: LearningModel, subject: Uid) -> Uid:
    """A subject's registration for one model and round."""
    return natural_uid("registration", subject, model.value, round_uid(year))


@lru_cache(maxsize=64)
def assessment_uid(year: int, model: LearningModel, subject: Uid) -> Uid:
    """A subject's form for one model and round."""
    return natural_uid("assessment", subject, model.value, round_uid(year))


def answer_uid(assessment: Uid, indicator: str) -> Uid:
    """One answer of a form."""
    return natural_uid("answer", assessment, indicator)


def target_uid(year: int, model: LearningModel, group: str | None) -> Uid:
    """The office's own target for a model (and citizen group) in a round."""
    return natural_uid("target", round_uid(year), model.value, group or "")


def round_set_uid(year: int, model: LearningModel, group: str | None) -> Uid:
    """The set by which a model (and citizen group) is judged in a round."""
    return natural_uid("round_set", round_uid(year), model.value, group or "")


def subject_table(model: LearningModel) -> str:
    """Name of the table that a model's subjects stand in."""
    return SUBJECT_TABLES[model]
