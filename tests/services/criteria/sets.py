"""Random valid criteria sets, for properties."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from desktop_app.models.types import CitizenGroup, LearningModel, SetKind, TextStatus
from desktop_app.services.criteria.definition import (
    AnswerType,
    Band,
    CriteriaSet,
    Criterion,
    Grade,
    Indicator,
    LegalBasis,
    Level,
    Mark,
    Prerequisite,
    Threshold,
    Validity,
)
from desktop_app.services.criteria.facts import FACTS
from desktop_app.services.criteria.schema import prepared

statuses = st.sampled_from(TextStatus)
words = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxy AĐÔ0123456789=%:;“”–…().,/+'@", min_size=1, max_size=40).map(
    lambda text: "x" + " ".join(text.split())
)
maybe = st.one_of(st.just(""), words)


@st.composite
def levels_for(draw: st.DrawFn, top: int) -> tuple[Level, ...]:
    cuts = sorted(draw(st.sets(st.integers(1, max(1, top)), max_size=3)))
    starts = [0, *(cut for cut in cuts if cut <= top)]
    ends = [*(cut - 1 for cut in starts[1:]), top]
    keys = "ABCDEF"
    return tuple(
        Level(keys[n], draw(words), float(a), float(b), draw(words), draw(statuses))
        for n, (a, b) in enumerate(zip(starts, ends, strict=True))
    )


@st.composite
def indicator(draw: st.DrawFn, number: str, kind: SetKind, facts: list[str], grades: int) -> Indicator:
    common: dict[str, Any] = {
        "short": draw(maybe),
        "help": draw(maybe),
        "examples": tuple(draw(st.lists(words, max_size=2))),
        "evidence": tuple(draw(st.lists(words, max_size=2))),
        "guidance_status": draw(statuses),
        "note": draw(maybe),
        "source": draw(maybe),
        "is_changed": draw(st.booleans()),
        "is_cut": draw(st.booleans()),
    }
    text, status = draw(words), draw(statuses)
    if kind is SetKind.POINTS:
        top = draw(st.integers(1, 40))
        common |= {"max_score": float(top), "max_status": draw(statuses), "is_max_changed": draw(st.booleans())}
        common["levels"] = draw(st.one_of(st.just(()), levels_for(top)))
        return Indicator(number, number, text, status, AnswerType.POINTS, **common)
    if facts and draw(st.booleans()):
        percents = sorted(draw(st.lists(st.integers(2, 100), min_size=1, max_size=grades)))
        common["thresholds"] = tuple(
            Threshold(n, float(p), draw(statuses), draw(maybe), draw(st.booleans())) for n, p in enumerate(percents, 1)
        )
        return Indicator(number, number, text, status, AnswerType.PERCENT, fact=facts.pop(), **common)
    return Indicator(number, number, text, status, AnswerType.MET, **common)


def _criteria(draw: st.DrawFn, kind: SetKind, facts: list[str], grades: int) -> list[Criterion]:
    criteria = []
    for at in range(1, draw(st.integers(1, 3)) + 1):
        rows = tuple(draw(indicator(f"{at}.{n}", kind, facts, grades)) for n in range(1, draw(st.integers(1, 3)) + 1))
        total = sum(row.max_score or 0 for row in rows)
        has_max = kind is SetKind.POINTS and draw(st.booleans())
        criteria.append(
            Criterion(
                str(at), str(at), draw(words), draw(statuses), rows,
                total if has_max else None, draw(statuses) if has_max else None, draw(maybe), draw(st.booleans()),
                has_max and draw(st.booleans()),
            )
        )  # fmt: skip
    return criteria


def _rules(draw: st.DrawFn, kind: SetKind, criteria: list[Criterion], grades: int) -> dict[str, Any]:
    """What is needed to pass, as fields of the set."""
    total = sum(c_row.max_score or 0 for c in criteria for c_row in c.indicators)
    if kind is SetKind.POINTS:
        least = min(row.max_score or 0 for c in criteria for row in c.indicators)
        mark = float(draw(st.integers(1, int(total))))
        floor = draw(st.one_of(st.none(), st.integers(0, int(least))))
        points = {
            "pass_mark": Mark(mark, draw(statuses), draw(maybe), draw(st.booleans())),
            "floor": Mark(float(floor), draw(statuses), draw(maybe), draw(st.booleans()))
            if floor is not None
            else None,
            "allows_half_points": draw(st.booleans()),
            "bands": (Band("good", draw(words), mark, draw(statuses), draw(st.booleans())),) * draw(st.integers(0, 1)),
        }
    else:
        points = {"grades": tuple(Grade(n, draw(words), draw(statuses), draw(maybe)) for n in range(1, grades + 1))}
    return points


@st.composite
def criteria_sets(draw: st.DrawFn) -> CriteriaSet:
    """A valid set of any model and kind."""
    model = draw(st.sampled_from(LearningModel))
    kind = draw(st.sampled_from(SetKind))
    facts = [key for key, spec in FACTS.items() if key.startswith(f"{model.value}.") and spec.is_computed]
    grades = draw(st.integers(1, 3))
    criteria = _criteria(draw, kind, facts, grades)
    prerequisites = [
        Prerequisite(
            fact.partition(".")[2], draw(words), draw(statuses), fact, float(draw(st.integers(2, 100))),
            draw(statuses), draw(st.booleans()), {}, draw(maybe), draw(maybe), draw(st.booleans()),
            draw(st.booleans()), draw(st.booleans()),
        )
        for fact in facts[:1]
        if draw(st.booleans())
    ]  # fmt: skip
    points = _rules(draw, kind, criteria, grades)
    return prepared(
        CriteriaSet(
            key=f"{model.value}.x{draw(st.integers(1, 9))}",
            version=f"20{draw(st.integers(10, 30))}.{draw(st.integers(1, 9))}",
            model=model,
            kind=kind,
            name=draw(words),
            title=draw(words),
            criteria=tuple(criteria),
            group=draw(st.sampled_from(CitizenGroup)) if model is LearningModel.CITIZEN else None,
            group_name=draw(maybe),
            group_aliases=tuple(draw(st.lists(words, max_size=2))),
            heading=draw(words),
            needs_confirmation=draw(st.booleans()),
            is_default=draw(st.booleans()),
            legal_basis=tuple(
                LegalBasis(draw(words), draw(words), draw(st.sampled_from([None, "2023", "2023-10", "2023-10-25"])))
                for _ in range(draw(st.integers(0, 2)))
            ),
            effective_from=draw(st.one_of(st.none(), st.dates(dt.date(2010, 1, 1), dt.date(2024, 1, 1)))),
            effective_to=draw(st.one_of(st.none(), st.dates(dt.date(2024, 1, 2), dt.date(2040, 1, 1)))),
            prerequisites=tuple(prerequisites),
            validity=draw(st.one_of(st.none(), st.builds(Validity, st.integers(1, 60), st.integers(0, 36), statuses))),
            notes=tuple(draw(st.lists(words, max_size=2))),
            sources=tuple(draw(st.lists(words, max_size=2))),
            **points,
        )
    )
