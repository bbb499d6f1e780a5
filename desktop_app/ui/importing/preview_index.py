"""Where the rows of a plan stand, by all that the preview can be narrowed to; made beside the plan, in its worker.

Invariant: what an index finds is what looking at every row would find; a filter of 100,000 rows looks at none of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.services.importing.corrections.edits import Corrections
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.vietnamese import fold

Places = Sequence[int]


@dataclass(frozen=True)
class Texts:
    """What is searched in each row: the folded words, the CCCD, the number of the row; the same for all its plans."""

    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def find(self, text: str) -> Places:
        """Rows with these letters in name, household or hamlet, or in the CCCD, or of that number."""
        if not text.isdecimal():
            return [place for place, words in enumerate(self.words) if text in words]
        numbered = frozenset(self.rows.get(text, ()))
        both = enumerate(zip(self.words, self.numbers, strict=True))
        return [at for at, (words, number) in both if text in number or text in words or at in numbered]

    def typed(self, plan: ImportPlan, corrections: Corrections) -> Places:
        """Rows that were typed over."""
        may_be = {place for _, row, _ in corrections.texts for place in self.rows.get(str(row), ())}
        return [place for place in sorted(may_be) if corrections.of(plan.rows[place].row)]


@dataclass(frozen=True)
class PreviewIndex:
    """Places by fate, kind of remark, changing column; of the plan without answers by reason. Each in ascending order.

    Attributes:
        count: how many rows there are.
        doubtful: rows that are asked about, answered or not.
    """

    count: int = 0
    fates: Mapping[RowFate, Places] = field(default_factory=dict)
    warnings: Mapping[str, Places] = field(default_factory=dict)
    changes: Mapping[str, Places] = field(default_factory=dict)
    doubtful: Places = ()
    reasons: Mapping[str, Places] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)


def texts_of(plan: ImportPlan) -> Texts:
    """Fold the words of every row."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    words, numbers = [], []
    for place, item in enumerate(plan.rows):
        row = item.row
        words.append(fold(f"{row.name} {row.household_code} {row.hamlet}"))
        numbers.append(row.cccd or "")
        rows[str(row.row)].append(place)
    return Texts(tuple(words), tuple(numbers), {number: tuple(places) for number, places in rows.items()})


def indexed(plan: ImportPlan, base: ImportPlan, texts: Texts) -> PreviewIndex:
    """Look at every row once.

    Args:
        base: the same without anybody's answers.
    """
    fates: defaultdict[RowFate, list[int]] = defaultdict(list)
    warnings: defaultdict[str, list[int]] = defaultdict(list)
    changes: defaultdict[str, list[int]] = defaultdict(list)
    reasons: defaultdict[str, list[int]] = defaultdict(list)
    doubtful: list[int] = []
    for place, (item, first) in enumerate(zip(plan.rows, base.rows, strict=True)):
        fates[item.fate].append(place)
        if item.row.issues or item.issues:
            for code in dict.fromkeys(issue.code for issue in (*item.row.issues, *item.issues)):
                warnings[code].append(place)
        if item.changes or item.household_changes:
            for name in dict.fromkeys((*item.changes, *item.household_changes)):
                changes[name].append(place)
        if first.fate is RowFate.DOUBTFUL:
            doubtful.append(place)
            reasons[", ".join(first.reasons)].append(place)
    return PreviewIndex(len(plan.rows), fates, warnings, changes, doubtful, reasons, texts)
