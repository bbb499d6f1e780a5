"""Facts about the register that criteria may ask for: their keys, their words, and one counted value.

A key is a plain string that a criteria file names; services over the register count it, the engine only compares.
Nothing here counts anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.types import TextStatus


@dataclass(frozen=True, slots=True)
class FactValue:
    """One counted share: how many of whom.

    Args:
        numerator: how many are counted.
        denominator: of how many; 0 when there is nobody to count.
        denominator_name: who they are, in Vietnamese, as every printed percentage must say.
    """

    numerator: int
    denominator: int
    denominator_name: str

    @property
    def percent(self) -> float | None:
        """Share in percent, None when there is nobody to count."""
        return self.numerator * 100 / self.denominator if self.denominator else None

    def reaches(self, percent: float) -> bool:
        """True when the share is at least ``percent``; compared without rounding."""
        return self.denominator > 0 and self.numerator * 100 >= percent * self.denominator


@dataclass(frozen=True, slots=True)
class FactSpec:
    """What a fact key means.

    Args:
        key: as criteria files write it.
        denominator: who are counted from, in Vietnamese.
        predicate: what is said of those counted ("là gia đình học tập").
        unit: the noun that one more of them needs ("gia đình").
        is_computed: False when the register cannot know it and a person types the percentage.
        other_readings: keys of other possible denominators, shown beside.
        status: how sure the denominator is: official where the document names it, inferred where nobody defines it.
        parameters: names of the parameters a criteria file may give with it.
    """

    key: str
    denominator: str
    predicate: str
    unit: str
    is_computed: bool = True
    other_readings: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    status: TextStatus = TextStatus.INFERRED

    @property
    def status_words(self) -> str:
        """How sure the denominator is, as a sentence; empty where the document names it."""
        if self.status is TextStatus.OFFICIAL or not self.is_computed:
            return ""
        return "Văn bản không nói rõ tính trên ai; chương trình suy ra"


_IS_FAMILY = "được công nhận Gia đình học tập"
_IS_CITIZEN = "được công nhận Công dân học tập"
_AGE = ("min_age", "max_age")

_SPECS = (
    FactSpec(
        "family.adults_with_title_share",
        "người lớn trong gia đình",
        _IS_CITIZEN,
        "người",
        other_readings=("family.citizens_with_title_share",),
        parameters=_AGE,
    ),
    FactSpec("family.citizens_with_title_share", "người từ 16 tuổi trong gia đình", _IS_CITIZEN, "người"),
    FactSpec(
        "clan.families_with_title_share",
        "gia đình trong dòng họ",
        _IS_FAMILY,
        "gia đình",
        other_readings=("clan.families_registered_with_title_share",),
        status=TextStatus.OFFICIAL,
    ),
    FactSpec("clan.families_registered_with_title_share", "gia đình trong dòng họ đã đăng ký", _IS_FAMILY, "gia đình"),
    FactSpec(
        "community.families_with_title_share",
        "hộ gia đình trong thôn",
        _IS_FAMILY,
        "hộ",
        other_readings=("community.families_registered_with_title_share",),
    ),
    FactSpec("community.families_registered_with_title_share", "hộ gia đình trong thôn đã đăng ký", _IS_FAMILY, "hộ"),
    FactSpec(
        "community.citizens_with_title_share",
        "công dân trong thôn",
        _IS_CITIZEN,
        "người",
        other_readings=("community.adults_with_title_share", "community.registered_with_title_share"),
        parameters=_AGE,
    ),
    FactSpec("community.adults_with_title_share", "công dân từ 18 tuổi trong thôn", _IS_CITIZEN, "người"),
    FactSpec("community.registered_with_title_share", "công dân trong thôn đã đăng ký", _IS_CITIZEN, "người"),
    FactSpec(
        "organization.members_with_title_share",
        "thành viên của đơn vị",
        _IS_CITIZEN,
        "người",
        other_readings=("organization.registered_with_title_share",),
        status=TextStatus.OFFICIAL,
    ),
    FactSpec("organization.registered_with_title_share", "thành viên của đơn vị đã đăng ký", _IS_CITIZEN, "người"),
    FactSpec(
        "organization.members_disciplined_share",
        "thành viên của đơn vị",
        "tuân thủ kỷ luật, nội quy",
        "người",
        is_computed=False,
    ),
    FactSpec(
        "organization.members_trained_share",
        "thành viên của đơn vị",
        "hoàn thành chương trình học tập, bồi dưỡng",
        "người",
        is_computed=False,
    ),
    FactSpec(
        "commune.citizens_with_title_share",
        "công dân có mặt trong xã",
        _IS_CITIZEN,
        "người",
        other_readings=("commune.adults_with_title_share", "commune.registered_with_title_share"),
        parameters=_AGE,
    ),
    FactSpec("commune.adults_with_title_share", "công dân từ 18 tuổi trong xã", _IS_CITIZEN, "người"),
    FactSpec("commune.registered_with_title_share", "công dân trong xã đã đăng ký", _IS_CITIZEN, "người"),
    FactSpec(
        "commune.families_with_title_share",
        "hộ gia đình trong xã",
        _IS_FAMILY,
        "hộ",
        other_readings=("commune.families_registered_with_title_share",),
    ),
    FactSpec("commune.families_registered_with_title_share", "hộ gia đình trong xã đã đăng ký", _IS_FAMILY, "hộ"),
    FactSpec("commune.clans_with_title_share", "dòng họ trong xã", "được công nhận Dòng họ học tập", "dòng họ"),
    FactSpec("commune.communities_with_title_share", "thôn, tổ trong xã", "được công nhận Cộng đồng học tập", "thôn"),
    FactSpec("commune.organizations_with_title_share", "đơn vị trong xã", "được công nhận Đơn vị học tập", "đơn vị"),
    FactSpec(
        "commune.literate_share",
        "người trong độ tuổi xóa mù chữ",
        "biết chữ",
        "người",
        is_computed=False,
    ),
    FactSpec(
        "commune.children_at_school_share",
        "trẻ em trong độ tuổi phổ cập",
        "đang đi học hoặc đã hoàn thành phổ cập",
        "em",
        is_computed=False,
    ),
)

FACTS: dict[str, FactSpec] = {spec.key: spec for spec in _SPECS}
"""Every fact a criteria file may name, by key."""
