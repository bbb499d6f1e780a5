"""Forms parted into shares (what one collector hands out) and stacks (what one batch holds when they come back).

Invariant: the order of the forms is kept; a stack is of one place and one set, because a batch is keyed in the columns
of one set; a household is not parted between collectors, nor between stacks while it fits. A stack's code depends on
its forms alone, so printing the same forms again gives the same code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby

from desktop_app.services.paper.codes import with_check_digit
from desktop_app.services.paper.shapes import PaperForm, Share, Stack

_CODE_DIGITS = 6


def part(forms: Sequence[PaperForm], size: int, collectors: Sequence[str], year: int) -> tuple[Share, ...]:
    """Shares of each place with stacks of at most ``size`` forms (a larger household alone may pass it)."""
    shares: list[Share] = []
    for _, group in groupby(forms, key=lambda form: (form.place_key, form.place)):
        of_place = list(group)
        shared = [(name, share, _stacked(share, max(1, size))) for name, share in _shared(of_place, collectors)]
        count, number = sum(len(stacks) for _, _, stacks in shared), 0
        for name, share, stacks in shared:
            made = []
            for stack in stacks:
                number += 1
                code = stack_code(year, stack)
                made.append(Stack(of_place[0].place, stack[0].set_id, stack, name, number, count, code))
            shares.append(Share(of_place[0].place, name, tuple(share), tuple(made)))
    return tuple(shares)


def _stacked(forms: Sequence[PaperForm], size: int) -> list[tuple[PaperForm, ...]]:
    """Set by set, in the order in which the sets first appear."""
    by_set: dict[int, list[PaperForm]] = {}
    for form in forms:
        by_set.setdefault(form.set_id, []).append(form)
    return [chunk for of_set in by_set.values() for chunk in _chunks(of_set, size)]


def stack_code(year: int, forms: Iterable[PaperForm]) -> str:
    """Seven digits of a stack, the last a check digit."""
    text = "|".join([str(year), *(f"{form.model.value}:{form.code}" for form in forms)])
    number = int.from_bytes(hashlib.sha256(text.encode("ascii")).digest()[:8], "big")
    return with_check_digit(f"{number % 10**_CODE_DIGITS:0{_CODE_DIGITS}d}")


def spaced(code: str) -> str:
    """A stack's code as it is read aloud: "482 9135"."""
    return f"{code[:3]} {code[3:]}"


def _homes_of(forms: Sequence[PaperForm]) -> list[tuple[PaperForm, ...]]:
    """Runs of forms of one household; without households each form is a run."""
    numbered = enumerate(forms)
    return [
        tuple(form for _, form in run) for _, run in groupby(numbered, key=lambda item: item[1].home or -1 - item[0])
    ]


def _shared(forms: Sequence[PaperForm], collectors: Sequence[str]) -> list[tuple[str, list[PaperForm]]]:
    """Each collector's share: runs of households, about as many forms each; who would get none is left out."""
    if len(collectors) < 2:
        return [(collectors[0] if collectors else "", list(forms))]
    shares: list[list[PaperForm]] = [[] for _ in collectors]
    done = 0
    for home in _homes_of(forms):
        shares[min(done * len(collectors) // len(forms), len(collectors) - 1)] += home
        done += len(home)
    return [(name, share) for name, share in zip(collectors, shares, strict=True) if share]


def _chunks(forms: Sequence[PaperForm], size: int) -> list[tuple[PaperForm, ...]]:
    chunks: list[list[PaperForm]] = []
    for home in _homes_of(forms):
        if not chunks or len(chunks[-1]) + len(home) > size:
            chunks.append([])
        chunks[-1] += home
    return [tuple(chunk) for chunk in chunks]
