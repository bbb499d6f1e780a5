"""Beginning a set from nothing: a draft with its frame, which the editor then fills.

Invariant: no number of a document is invented: the draft has one empty row and no pass mark, and the check says so.
"""

from __future__ import annotations

from desktop_app.models.types import CitizenGroup, LearningModel, SetKind, TextStatus, Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.definition import CriteriaSet, Criterion, Grade
from desktop_app.services.criteria.drafts import add_version
from desktop_app.services.criteria.loader import default_set
from desktop_app.services.criteria.stored import Origin
from desktop_app.services.raw import all_rows

_GRADES = (
    Grade(1, "Mức độ 1", TextStatus.SUGGESTED),
    Grade(2, "Mức độ 2", TextStatus.SUGGESTED),
)


def begin_set(context: Context, model: LearningModel, group: CitizenGroup | None, kind: SetKind, name: str = "") -> Uid:
    """Make a draft of a model (for citizens: of a group) that copies nothing of another set's rows.

    Args:
        name: what it is called; the shipped set's name when empty.

    Raises:
        UserError: ``criteria.office_only``.
    """
    shipped = default_set(model, group)
    is_points = kind is SetKind.POINTS
    key = f"{model.value}.{group.value}" if group else model.value
    with context.operation("criteria.edit") as op:
        taken = {row[0] for row in all_rows(op.connection, "SELECT version FROM criteria_set WHERE key = ?", (key,))}
        number = 1
        while f"moi.{number}" in taken:
            number += 1
        frame = CriteriaSet(
            key,
            f"moi.{number}",
            model,
            kind,
            name.strip() or shipped.name,
            shipped.title,
            (Criterion("1", "1", "", TextStatus.SUGGESTED, (), is_changed=True),),
            group=group,
            group_name=shipped.group_name,
            group_aliases=shipped.group_aliases,
            indicator_word="chỉ số" if is_points else "chỉ tiêu",
            indicator_abbreviation="CS" if is_points else "CT",
            grades=() if is_points else _GRADES,
        )
        definition, _ref = edit.add_indicator(frame, "criterion:1")
        return add_version(op, context, definition, Origin(), is_draft=True)
