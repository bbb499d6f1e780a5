"""What a person has decided about a list before it is imported: who doubtful rows are, what was typed over.

Invariant: the plan without any choice stays beside the plan with all of them, so that every answer can be taken back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from desktop_app.models.types import Uid
from desktop_app.services.importing.corrections.edits import Corrections
from desktop_app.services.importing.planning.asked import still_asked
from desktop_app.services.importing.planning.choosing import choose
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.titles.former import with_titles
from desktop_app.services.importing.titles.sheets import with_years
from desktop_app.ui.importing.preview_filters import Summary, summarized
from desktop_app.ui.importing.preview_index import Texts, texts_of

MOST_STEPS = 50
"""So many answers can be taken back one after another."""


@dataclass(frozen=True)
class Chosen:
    """A plan with some answers, and what it comes to."""

    base: ImportPlan
    choices: Mapping[int, Uid | None]
    plan: ImportPlan
    summary: Summary


class Decisions:
    """The decisions about one list; each deed here is followed by ``work`` and ``show``.

    Attributes:
        base: the plan without choices; plan: with them; summary: what it comes to.
        choices: index of a doubtful row → uid of the person that it is, None for somebody new.
        skipped: doubtful rows that are left out on purpose.
        corrections: what was typed over.
        years: name of a sheet and index of a column of titles → the year that was typed for it.
    """

    def __init__(self) -> None:
        self.base: ImportPlan | None = None
        self.plan: ImportPlan | None = None
        self.summary = Summary(Counter(), {}, {}, {})
        self.choices: dict[int, Uid | None] = {}
        self.skipped: set[int] = set()
        self.corrections = Corrections()
        self.years: dict[tuple[str, int], int] = {}
        self._before: list[tuple[dict[int, Uid | None], set[int]]] = []
        self._texts: tuple[ImportPlan, Texts] | None = None
        self._asked_of: ImportPlan | None = None
        self._mates: dict[int | None, list[int]] = defaultdict(list)

    def forget(self) -> None:
        """Another file: nothing has been decided."""
        self.base = self.plan = self._texts = None
        self.choices = {}
        self.skipped = set()
        self.corrections = Corrections()
        self.years = {}
        self._before = []

    def take(self, base: ImportPlan) -> None:
        """A new comparison: answers stay for the rows that are still asked about."""
        base = self._with_years(base) if self.years else base
        skipped: dict[int, Uid | None] = dict.fromkeys(self.skipped)
        self.choices = still_asked(self.base, base, self.choices)
        self.skipped = set(still_asked(self.base, base, skipped))
        self._before = []
        self.base = base

    def give_year(self, sheet: str, index: int, year: int | None) -> None:
        """A column's titles are of this year; None for what the list tells."""
        assert self.base is not None
        if year is None:
            self.years.pop((sheet, index), None)
        else:
            self.years[sheet, index] = year
        self.base = self._with_years(self.base)

    def _with_years(self, plan: ImportPlan) -> ImportPlan:
        sheets = with_years(plan.parsed.sheets, self.years)
        return with_titles(replace(plan, parsed=replace(plan.parsed, sheets=sheets)))

    def settle(self, answers: Mapping[int, Uid | None]) -> None:
        """These rows are these persons (uid) or new ones (None); a household's rows are answered together."""
        self._note()
        whole = {mate: uid for index, uid in answers.items() for mate in self._housemates(index)} | dict(answers)
        self.choices.update(whole)
        self.skipped.difference_update(whole)

    def skip(self, indices: Iterable[int]) -> None:
        """Leave these rows out on purpose."""
        self._note()
        self.skipped.update(mate for index in indices for mate in self._housemates(index))
        for index in self.skipped:
            self.choices.pop(index, None)

    def unsettle(self, index: int) -> None:
        """Take an answer back."""
        self._note()
        for mate in self._housemates(index):
            self.choices.pop(mate, None)
            self.skipped.discard(mate)

    def take_back(self) -> int | None:
        """Let the answers be what they were before the last deed.

        Returns:
            How many rows are asked about again or otherwise answered; None where nothing was answered.
        """
        if not self._before:
            return None
        choices, skipped = self._before.pop()
        changed = {index for index in {*choices, *self.choices} if (index in choices) != (index in self.choices)
                   or choices.get(index) != self.choices.get(index)} | (skipped ^ self.skipped)  # fmt: skip
        self.choices, self.skipped = choices, skipped
        return len(changed)

    def _note(self) -> None:
        self._before = [*self._before[1 - MOST_STEPS :], (dict(self.choices), set(self.skipped))]

    def _housemates(self, index: int) -> list[int]:
        """The rows that one answer settles: a household's, where only it is asked about, else the row alone."""
        assert self.base is not None
        row = self.base.rows[index]
        if row.candidates or row.asked is None:
            return [index]
        if self._asked_of is not self.base:
            self._asked_of, self._mates = self.base, defaultdict(list)
            for at, other in enumerate(self.base.rows):
                if other.asked is not None and not other.candidates:
                    self._mates[other.household].append(at)
        return self._mates[row.household]

    def is_open(self, index: int) -> bool:
        """Does a doubtful row wait for an answer?"""
        return index not in self.choices and index not in self.skipped

    def alike(self, index: int, among: Iterable[int] | None = None) -> list[int]:
        """The doubtful rows without an answer that have the same reasons as this one, itself among them.

        Args:
            among: only of these rows; None for the whole list.
        """
        if self.base is None or self.base.rows[index].fate is not RowFate.DOUBTFUL:
            return []
        wanted = self.base.rows[index].reasons
        places = range(len(self.base.rows)) if among is None else among
        return [
            at
            for at in places
            if (row := self.base.rows[at]).fate is RowFate.DOUBTFUL
            and row.reasons == wanted
            and (at == index or self.is_open(at))
        ]

    def clearly(self, indices: Iterable[int]) -> dict[int, Uid | None]:
        """Rows with the one person who is nearest, where nobody else is as near and no other row is nearest to him."""
        assert self.base is not None
        found: dict[int, Uid | None] = {}
        taken = {uid for uid in self.choices.values() if uid is not None}
        for index in indices:
            row = self.base.rows[index]
            if not row.candidates:
                if row.asked is not None:
                    found[index] = row.asked.home.uid
                continue
            first = row.candidates[0]
            is_alone = len(row.candidates) == 1 or row.candidates[1].score < first.score
            if is_alone and (first.person.uid not in taken or self.choices.get(index) == first.person.uid):
                taken.add(first.person.uid)
                found[index] = first.person.uid
        return found

    def work(self) -> Callable[[], Chosen]:
        """What is to be worked out, in any thread, after something was decided; ``show`` takes what it gives."""
        assert self.base is not None
        base, choices = self.base, dict(self.choices)

        def work_out() -> Chosen:
            plan = choose(base, choices) if choices else base
            if self._texts is None or self._texts[0] is not base:
                self._texts = (base, texts_of(base))
            return Chosen(base, choices, plan, summarized(plan, base, self._texts[1]))

        return work_out

    def show(self, chosen: Chosen) -> bool:
        """Take what was worked out; False where something else was decided meanwhile."""
        if chosen.base is not self.base or chosen.choices != self.choices:
            return False
        self.plan, self.summary = chosen.plan, chosen.summary
        return True
