"""Choosing which citizen form applies: the person's group, and with it the set that a begun form is filled by.

Invariant: answers are never dropped by a change of group; those that the new set has no indicator for stand aside and
count again when the group is changed back.
"""

from __future__ import annotations

from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.answers import load_form, require_writable
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.office import set_in_use


def choose_group(context: Context, citizen_uid: Uid, year: int, group: CitizenGroup) -> None:
    """Put a citizen's group in the register and judge his form of the round by that group's set.

    Raises:
        UserError: ``answer.recognised``, ``answer.too_young``, ``round.closed``, ``subject.unknown``, ``subject.gone``.
    """
    with context.operation("citizen.edit", {"subject": subject_of("citizen", citizen_uid)}) as op:
        form = load_form(op.connection, LearningModel.CITIZEN, citizen_uid, year)
        require_writable(form)
        op.writer.update(registry.citizen, form.subject_id, {"citizen_group": group.value})
        if form.assessment_id is not None:
            used = set_in_use(op.connection, LearningModel.CITIZEN, group, round_id=form.round.id)
            op.writer.update(tables.assessment, form.assessment_id, {"criteria_set_id": used.id})
