"""What a person has decided about a list before it is imported: who doubtful rows are, what was typed over.

Invariant: the plan without any choice stays beside the plan with all of them, so that every answer can be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from desktop_app.models.types import Uid
from desktop_app.services.importing.corrections.edits import Corrections
from desktop_app.services.importing.planning.plan import choose, still_asked
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate


class Decisions:
    """The decisions about one list.

    Attributes:
        base: the plan without choices; plan: with them.
        choices: index of a doubtful row → uid of the person that it is, None for somebody new.
        skipped: doubtful rows that are left out on purpose.
        corrections: what was typed over.
    """

    def __init__(self) -> None:
        self.base: ImportPlan | None = None
        self.plan: ImportPlan | None = None
        self.choices: dict[int, Uid | None] = {}
        self.skipped: set[int] = set()
        self.corrections = Corrections()

    def forget(self) -> None:
        """Another file: nothing has been decided."""
        self.base = self.plan = None
        self.choices = {}
        self.skipped = set()
        self.corrections = Corrections()

    def take(self, base: ImportPlan) -> None:
        """A new comparison: answers stay for the rows that are still asked about."""
        skipped: dict[int, Uid | None] = dict.fromkeys(self.skipped)
        self.choices = still_asked(self.base, base, self.choices)
        self.skipped = set(still_asked(self.base, base, skipped))
        self.base = base
        self._choose()

    def settle(self, answers: Mapping[int, Uid | None]) -> None:
        """These rows are these persons (uid) or new ones (None)."""
        self.choices.update(answers)
        self.skipped.difference_update(answers)
        self._choose()

    def skip(self, indices: Iterable[int]) -> None:
        """Leave these rows out on purpose."""
        self.skipped.update(indices)
        for index in self.skipped:
            self.choices.pop(index, None)
        self._choose()

    def unsettle(self, index: int) -> None:
        """Take an answer back."""
        self.choices.pop(index, None)
        self.skipped.discard(index)
        self._choose()

    def is_open(self, index: int) -> bool:
        """Does a doubtful row wait for an answer?"""
        return index not in self.choices and index not in self.skipped

    def alike(self, index: int) -> list[int]:
        """The doubtful rows without an answer that have the same reasons as this one, itself among them."""
        if self.base is None or self.base.rows[index].fate is not RowFate.DOUBTFUL:
            return []
        wanted = self.base.rows[index].candidates[0].reasons
        same = [
            at
            for at, row in enumerate(self.base.rows)
            if row.fate is RowFate.DOUBTFUL and row.candidates[0].reasons == wanted
        ]
        return [at for at in same if at == index or self.is_open(at)]

    def clearly(self, indices: Iterable[int]) -> dict[int, Uid | None]:
        """Rows with the one person who is nearest, where nobody else is as near and no other row is nearest to him."""
        assert self.base is not None
        found: dict[int, Uid | None] = {}
        taken: set[Uid] = set()
        for index in indices:
            candidates = self.base.rows[index].candidates
            first = candidates[0]
            is_alone = len(candidates) == 1 or candidates[1].score < first.score
            if is_alone and first.person.uid not in taken:
                taken.add(first.person.uid)
                found[index] = first.person.uid
        return found

    def _choose(self) -> None:
        if self.base is not None:
            self.plan = choose(self.base, self.choices) if self.choices else self.base
