"""What is meant by letters typed on a closed list of choices: without accents, by any word, the figures alone too.

Invariant: pure but for its clock; what fits nothing changes nothing, so no choice is taken by accident.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

from desktop_app.services.vietnamese import fold

REST_S = 1.5
"""After so long without a key the next letter begins anew."""


class TypeAhead:
    """Gathers letters and finds their choice.

    Args:
        clock: seconds; for tests.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._typed = ""
        self._at = 0.0

    @property
    def typed(self) -> str:
        """The letters so far; empty once they have rested."""
        return self._typed if self._clock() - self._at < REST_S else ""

    def erase(self) -> None:
        """Backspace, which an input method also sends before it puts a letter with its accent."""
        self._typed, self._at = self.typed[:-1], self._clock()

    def take(self, letter: str, choices: Sequence[str], current: int) -> int:
        """The place of the choice that is meant after one more letter; ``current`` where nothing fits.

        Whoever begins with the letters comes before whoever has them at the beginning of a word, and a whole word
        ("1" of "Thôn 1") before the beginning of a longer one ("Thôn 10"). One letter again and again goes from choice
        to choice.
        """
        longer = self.typed + letter
        self._at = self._clock()
        place = _best(longer, choices)
        if place is None and len(set(longer)) == 1:
            self._typed = letter
            return _after(letter, choices, current)
        if place is None:
            return current
        self._typed = longer
        return place


def _best(typed: str, choices: Sequence[str]) -> int | None:
    wanted = _plain(typed)
    ranked = [(_rank(wanted, _plain(choice)), place) for place, choice in enumerate(choices)]
    found = min(ranked, default=(9, 0))
    return found[1] if wanted and found[0] < 9 else None


def _rank(wanted: str, choice: str) -> int:
    if f" {choice} ".startswith(f" {wanted} "):
        return 0
    if choice.startswith(wanted):
        return 1
    if f" {wanted} " in f" {choice} ":
        return 2
    return 3 if f" {wanted}" in choice else 9


def _after(letter: str, choices: Sequence[str], current: int) -> int:
    """The next choice from the present one on, round the end, that begins with a letter."""
    order = [*range(current + 1, len(choices)), *range(current + 1)]
    return next((place for place in order if _plain(choices[place]).startswith(_plain(letter))), current)


def _plain(text: str) -> str:
    return fold(text).strip()
