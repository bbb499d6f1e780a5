"""The verdict that is frozen into an assessment when it is recognised.

Invariant: what was frozen is what people read ever after: total, passed, grade and sentence do not follow later
changes of the set, the register or the answers. Keys are stored and exchanged and never change meaning.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.services.assessment.judging import figures_of
from desktop_app.services.assessment.scoring import Verdict
from desktop_app.services.assessment.verdict import sentence, short_verdict
from desktop_app.services.criteria.office import OfficeSet


@dataclass(frozen=True, slots=True)
class FrozenVerdict:
    """A frozen verdict as it is read back; ``band`` is the name of the xếp loại or mức độ, empty without one."""

    total: float
    max_total: float
    answered: int
    passed: bool
    complete: bool
    grade: str | None
    band: str
    sentence: str
    short: str
    set_key: str
    set_version: str
    set_revision: int

    @property
    def verdict(self) -> Verdict:
        """The figures as a verdict without reasons."""
        return Verdict(self.total, self.max_total, self.passed, self.complete)


def freeze_verdict(used: OfficeSet, answers: Mapping[str, float], verdict: Verdict) -> dict[str, Any]:
    """What ``assessment.frozen`` holds from now on, for ``writer.update_many``."""
    definition = used.definition
    total, answered, complete, passed, grade = figures_of(definition, answers, verdict)
    band = verdict.band.name if verdict.band else ""
    if verdict.grade is not None:
        band = next((item.name for item in definition.grades if item.number == verdict.grade), "")
    return {
        "total": total,
        "max_total": float(definition.max_total),
        "answered": answered,
        "complete": complete,
        "passed": passed,
        "grade": grade,
        "band": band,
        "sentence": sentence(definition, verdict),
        "short": short_verdict(definition, verdict),
        "set": definition.key,
        "version": definition.version,
        "revision": used.revision,
    }


def read_frozen(stored: str | Mapping[str, Any]) -> FrozenVerdict:
    """A stored frozen verdict; what an older or foreign program left out is empty."""
    content: Mapping[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    return FrozenVerdict(
        total=float(content.get("total") or 0),
        max_total=float(content.get("max_total") or 0),
        answered=int(content.get("answered") or 0),
        passed=bool(content.get("passed")),
        complete=bool(content.get("complete", True)),
        grade=content.get("grade"),
        band=str(content.get("band") or ""),
        sentence=str(content.get("sentence") or ""),
        short=str(content.get("short") or ("Đạt" if content.get("passed") else "Chưa đạt")),
        set_key=str(content.get("set") or ""),
        set_version=str(content.get("version") or ""),
        set_revision=int(content.get("revision") or 0),
    )
