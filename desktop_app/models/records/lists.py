"""Rows of the lists: what a table shows of a citizen, a household, a hamlet, a clan, an organization, a branch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.models.types import CitizenGroup, HamletKind, LifeStatus, OrganizationKind, Poverty, Sex, Uid


class VerdictState(StrEnum):
    """Where a subject stands in a round, as its chip shows it."""

    PASSED = "passed"
    FAILED = "failed"
    PARTIAL = "partial"  # some answers are missing
    NONE = "none"  # not assessed


@dataclass(frozen=True, slots=True)
class Score:
    """The present round's result of one subject.

    Attributes:
        state: the chip.
        total: points, or number of indicators met; None where not assessed.
        grade: of a checklist, or the band's name.
        assessment: uid, to open the form.
    """

    state: VerdictState = VerdictState.NONE
    total: float | None = None
    grade: str | None = None
    assessment: Uid | None = None


NOT_ASSESSED = Score()


@dataclass(frozen=True, slots=True)
class CitizenRow:
    uid: Uid
    name: str
    sex: Sex | None
    birth: str  # as people read it: "1984", "05/1984", "08/05/1984"
    hamlet: str
    household: Uid | None
    household_code: str
    relation: str
    group: CitizenGroup | None
    occupation: str
    has_cccd: bool
    life: LifeStatus
    score: Score


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    uid: Uid
    code: str
    head: str
    hamlet: str
    address: str
    members: int  # who live here now
    poverty: Poverty
    title_years: tuple[int, ...]  # years in which it was recognised as Gia đình học tập
    score: Score


@dataclass(frozen=True, slots=True)
class HamletRow:
    uid: Uid
    name: str
    kind: HamletKind
    former_commune: str
    leader: str
    households: int
    citizens: int
    passing_families: int  # of its households, in the round's year
    passing_citizens: int
    score: Score


@dataclass(frozen=True, slots=True)
class ClanRow:
    uid: Uid
    name: str
    surname: str
    hamlet: str
    leader: str
    households: int
    passing_families: int  # of its households, in the round's year
    score: Score

    @property
    def share(self) -> float | None:
        """Percent of its households that pass; None without households."""
        return 100 * self.passing_families / self.households if self.households else None


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    uid: Uid
    name: str
    kind: OrganizationKind
    hamlet: str
    leader: str
    members: int
    passing_citizens: int
    score: Score


@dataclass(frozen=True, slots=True)
class BranchRow:
    uid: Uid
    code: str
    name: str
    hamlet: str
    organization: str
    leader: str
    members: int


class HitKind(StrEnum):
    """What a search found; the value is the record's table."""

    CITIZEN = "citizen"
    HOUSEHOLD = "household"
    HAMLET = "hamlet"
    CLAN = "clan"
    ORGANIZATION = "organization"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One found record; ``birth`` as people read it, ``birth_iso`` as it is stored, blanks where they make no sense."""

    uid: Uid
    kind: HitKind
    name: str
    birth: str
    hamlet: str
    household_code: str
    is_current: bool = True  # False: moved away or dead
    birth_iso: str = ""


@dataclass(frozen=True, slots=True)
class SearchResults:
    """The best hits first, and how many there are in all."""

    results: tuple[SearchHit, ...]
    total: int
