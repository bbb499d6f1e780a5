"""One record with all that hangs on it, as its page shows it. CCCD and phone are masked here, always."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.records.lists import Score
from desktop_app.models.types import (
    AssessmentStatus,
    CertificateStatus,
    CitizenGroup,
    HamletKind,
    LearningModel,
    LifeStatus,
    OrganizationKind,
    Poverty,
    Sex,
    Uid,
)


@dataclass(frozen=True, slots=True)
class Link:
    """Another record by name, to be opened."""

    uid: Uid
    name: str


@dataclass(frozen=True, slots=True)
class Title:
    """A recognition: which year, by which number, and whether it still stands.

    Attributes:
        certificate: uid of the certificate; "" for a title of a former year.
        former: uid of the former title's row; "" for a certificate.
        source: of a former title: the list it was read from, or that it was typed.
        is_overruled: a former title of a year for which the program made a certificate, which has the word.
    """

    model: LearningModel
    year: int
    number: str
    decision: str
    status: CertificateStatus
    certificate: Uid
    former: Uid = ""
    source: str = ""
    note: str = ""
    is_overruled: bool = False

    @property
    def stands(self) -> bool:
        """Whether it counts as a title of its year."""
        return self.status is not CertificateStatus.VOIDED and not self.is_overruled


@dataclass(frozen=True, slots=True)
class YearResult:
    """One year's assessment of the record."""

    year: int
    model: LearningModel
    status: AssessmentStatus
    score: Score


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a household, or of an organization (``relation`` is then the role there)."""

    uid: Uid
    name: str
    birth: str
    sex: Sex | None
    relation: str
    group: CitizenGroup | None
    life: LifeStatus
    is_head: bool
    score: Score


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in an organization; dates are ISO or empty."""

    organization: Link
    role: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class CitizenDetail:
    uid: Uid
    name: str
    sort_name: str
    sex: Sex | None
    birth: str
    birth_iso: str
    cccd: str  # masked
    phone: str  # masked
    ethnicity: str
    religion: str
    occupation: str
    workplace: str
    group: CitizenGroup | None
    proposed_group: CitizenGroup | None  # from age and work on the day on which the round counts
    household: Link | None
    hamlet: Link | None
    address: str
    relation: str
    is_head: bool
    life: LifeStatus
    status_date: str
    branch: Link | None
    note: str
    is_present: bool
    members: tuple[Member, ...]
    memberships: tuple[Membership, ...]
    titles: tuple[Title, ...]
    years: tuple[YearResult, ...]


@dataclass(frozen=True, slots=True)
class HouseholdDetail:
    uid: Uid
    code: str
    hamlet: Link | None
    address: str
    poverty: Poverty
    head: Link | None
    split_from: Link | None
    valid_from: str
    valid_to: str
    note: str
    is_present: bool
    members: tuple[Member, ...]
    clans: tuple[Link, ...]
    titles: tuple[Title, ...]
    years: tuple[YearResult, ...]


@dataclass(frozen=True, slots=True)
class HamletDetail:
    uid: Uid
    name: str
    kind: HamletKind
    code: str
    former_commune: str
    leader: str
    phone: str  # masked
    valid_from: str
    valid_to: str
    successor: Link | None
    note: str
    is_present: bool
    households: int
    citizens: int
    by_poverty: tuple[tuple[Poverty, int], ...]
    by_group: tuple[tuple[CitizenGroup | None, int], ...]
    clans: tuple[Link, ...]
    organizations: tuple[Link, ...]
    branches: tuple[Link, ...]
    titles: tuple[Title, ...]
    years: tuple[YearResult, ...]


@dataclass(frozen=True, slots=True)
class ClanHousehold:
    """A household of a clan."""

    household: Link
    head: str
    hamlet: str
    since: str
    has_title: bool  # a certificate of the round's year
    passes: bool  # as the criteria's facts count it: passed and not returned
    score: Score


@dataclass(frozen=True, slots=True)
class ClanDetail:
    uid: Uid
    name: str
    surname: str
    hamlet: Link | None
    leader: str
    phone: str  # masked
    note: str
    is_present: bool
    households: tuple[ClanHousehold, ...]
    titles: tuple[Title, ...]
    years: tuple[YearResult, ...]


@dataclass(frozen=True, slots=True)
class OrganizationDetail:
    uid: Uid
    name: str
    kind: OrganizationKind
    code: str
    address: str
    hamlet: Link | None
    leader: str
    phone: str  # masked
    note: str
    is_present: bool
    members: tuple[Member, ...]
    branches: tuple[Link, ...]
    titles: tuple[Title, ...]
    years: tuple[YearResult, ...]


@dataclass(frozen=True, slots=True)
class BranchDetail:
    uid: Uid
    code: str
    name: str
    hamlet: Link | None
    organization: Link | None
    leader: str
    phone: str  # masked
    is_present: bool
    members: int


@dataclass(frozen=True, slots=True)
class ExportSection:
    """A titled table of what is held about a person."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PersonExport:
    """All that is held about one person, unmasked, ready to be written as a workbook or a page."""

    uid: Uid
    name: str
    made_on: str  # dd/mm/yyyy
    sections: tuple[ExportSection, ...]


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What erasing a person would take away, and what stands against it."""

    name: str
    assessments: int
    certificates: int
    memberships: int
    evidence_files: int
    changes: int  # records of the journal whose values go
    reasons: tuple[str, ...]  # sentences; empty when it can be done
