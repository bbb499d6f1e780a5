"""What a posted list said of each form on its day: total and verdict, kept with the list in a compact form.

Invariant: numbers and verdict words alone, in the order of the list's forms; no name, so that erasing a person leaves
nothing of the person here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.frozen import read_frozen
from desktop_app.services.assessment.results import read_verdicts
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.verdict import short_verdict
from desktop_app.services.raw import all_rows

_WORDS, _GIVEN = "words", "given"


@dataclass(frozen=True, slots=True)
class PostedResult:
    """A form's total and short verdict as they were posted."""

    total: float | None
    verdict: str


def results_now(connection: Connection, round_: RoundRecord, model: LearningModel, forms: Sequence[Uid]) -> Any:
    """The results of forms as they stand, for ``posting.results``."""
    rows = all_rows(
        connection,
        "SELECT j.value, a.id, a.total, a.frozen FROM json_each(?) AS j "
        "CROSS JOIN assessment AS a ON a.uid = unhex(j.value) ORDER BY j.key",
        (json.dumps(list(forms)),),
    )
    said = {form: read_frozen(frozen).short for _, form, _, frozen in rows if frozen}
    open_forms = [form for _, form, _, frozen in rows if not frozen]
    for form, definition, judged, _ in read_verdicts(connection, round_, model, open_forms):
        said[form] = short_verdict(definition, judged)
    words: dict[str, int] = {}
    given = [[_short(row[2]), words.setdefault(said.get(row[1], ""), len(words))] for row in rows]
    return {_WORDS: list(words), _GIVEN: given}


def read_results(stored: Any, forms: Sequence[Uid]) -> Mapping[Uid, PostedResult]:
    """Form → result; empty for a list that was posted without results, or whose results cannot be read."""
    try:
        content = json.loads(stored) if isinstance(stored, str) else stored
        words, given = content[_WORDS], content[_GIVEN]
        return {
            uid: PostedResult(None if total is None else float(total), str(words[place]))
            for uid, (total, place) in zip(forms, given, strict=True)
        }
    except (TypeError, ValueError, KeyError, IndexError):
        return {}


def _short(total: float | None) -> float | int | None:
    return int(total) if total is not None and float(total).is_integer() else total
