"""Names of clans, organizations and branches as lists write them: keys to know them by, kinds, roles, titles; pure.

Invariant: two spellings of one name give one key; a word that names nothing ("tự do", "-") gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop_app.models.types import OrganizationKind
from desktop_app.services.vietnamese import fold, nfc

MAX_NAME, MAX_ROLE, MAX_CODE = 120, 60, 40

_CLAN_WORDS = re.compile(r"^(?:dong ho|dong toc|gia toc|toc|ho)\s+")
_PLACE = re.compile(r"\s*\((?:thon|to|to dan pho|tdp|khu pho|khu|ap|ban|buon|khom|xom|lang|bon|plei)\s[^)]*\)\s*$")
_NOBODY = frozenset(
    {
        "khong", "khong co", "chua", "chua co", "tu do", "o nha", "noi tro", "lam ruong", "lam nong", "nong dan",
        "that nghiep", "huu", "huu tri", "nghi huu", "khac", "co", "chua ro", "ngoai tinh", "lao dong tu do",
    }
)  # fmt: skip
_SHORT = {
    "th": "tieu hoc", "thcs": "trung hoc co so", "thpt": "trung hoc pho thong", "mn": "mam non", "mg": "mau giao",
    "ubnd": "uy ban nhan dan", "htx": "hop tac xa", "cty": "cong ty", "tt": "trung tam",
}  # fmt: skip
_KINDS: tuple[tuple[re.Pattern[str], OrganizationKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"^(?:truong|mam non|mau giao|tieu hoc|trung hoc)\b", OrganizationKind.SCHOOL),
        (r"^hop tac xa\b", OrganizationKind.COOPERATIVE),
        (r"^(?:cong ty|doanh nghiep|xi nghiep|nha may|co so san xuat)\b", OrganizationKind.ENTERPRISE),
        (
            r"^(?:uy ban|dang uy|hoi dong|cong an|tram|ban chi huy|co quan|phong|so|trung tam|van phong)\b",
            OrganizationKind.AGENCY,
        ),
    )
)
_ROLES = {
    "can bo": "cán bộ", "giao vien": "giáo viên", "nhan vien": "nhân viên", "cong nhan": "công nhân",
    "vien chuc": "viên chức", "cong chuc": "công chức", "nguoi lao dong": "người lao động", "hoc sinh": "học sinh",
    "sinh vien": "sinh viên",
}  # fmt: skip
_UNIT = re.compile(
    r"\b(?:trường|mầm non|mẫu giáo|ủy ban|uỷ ban|ubnd|công ty|cty|xí nghiệp|nhà máy|doanh nghiệp|hợp tác xã|htx|trạm|"
    r"trung tâm|công an|cơ quan|đảng ủy|đảng uỷ)\s+\S.*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?:tên )?(?:đơn vị|cơ quan|đơn vị công tác|trường)\s*[:：]\s*", re.IGNORECASE)
_TAIL = re.compile(
    r"\s*[,;(–-]*\s*\b(?:năm học|năm|tháng|học kỳ|đợt|khóa|tính đến|lớp)\b.*$|[\s,;:.(–-]+$", re.IGNORECASE
)
_BRANCH = re.compile(r"(?<=hội viên )chi hội\s+\S.*", re.IGNORECASE)
_LIST = re.compile(r"\bdanh sach\b")
_CODE = re.compile(r"(?=.*\d)[^\s]{1,15}|[^\W\d_]{1,6}[-./ ]?\d{1,6}|[A-Z][A-Z0-9./-]{1,14}")


def is_name(text: str) -> bool:
    """Whether a cell names something, and is neither a number nor a word for nothing."""
    plain = fold(text)
    return len(plain) > 1 and plain not in _NOBODY and any(letter.isalpha() for letter in plain)


def clan_key(name: str) -> str:
    """What one clan's name has in common however it is written: "Họ Nguyễn" = "dòng họ Nguyễn" = "Nguyễn".

    A hamlet in brackets is left out, for it tells two clans of one name apart; a branch ("chi 2") stays.
    """
    return _CLAN_WORDS.sub("", _PLACE.sub("", fold(name)))


def clan_name(text: str) -> str:
    """A clan's name for the register: a surname alone gets the word for what it is."""
    name = _short(text)
    return name if _CLAN_WORDS.match(fold(name) + " ") or len(fold(name).split()) > 2 else f"Họ {name}"


def clan_surname(name: str) -> str:
    """The surname in a clan's name: the first word that is no word for a clan; "" where there is none."""
    first = clan_key(name).partition(" ")[0]
    return next((word for word in name.split() if fold(word) == first), "")


def organization_key(name: str) -> str:
    """What one organization's name has in common however it is written; usual short forms are spelled out."""
    words = re.sub(r"[^a-z0-9]+", " ", fold(name)).split()
    return " ".join(_SHORT.get(word, word.lstrip("0") or word) for word in words)


def organization_kind(name: str) -> OrganizationKind:
    """What kind of organization a name tells."""
    key = organization_key(name)
    return next((kind for pattern, kind in _KINDS if pattern.search(key)), OrganizationKind.OTHER)


_KIND_WORDS: tuple[tuple[re.Pattern[str], OrganizationKind], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"\b(?:truong|truong hoc|nha truong|giao duc|mam non|tieu hoc|thcs|thpt)\b", OrganizationKind.SCHOOL),
        (r"\b(?:hop tac xa|htx)\b", OrganizationKind.COOPERATIVE),
        (r"\b(?:doanh nghiep|cong ty|cty|san xuat|kinh doanh)\b", OrganizationKind.ENTERPRISE),
        (r"\b(?:co quan|hanh chinh|nha nuoc|su nghiep|luc luong|dang|doan the)\b", OrganizationKind.AGENCY),
        (r"^(?:khac|to chuc khac|loai khac|don vi khac)$", OrganizationKind.OTHER),
    )
)


def kind_of_word(text: str) -> OrganizationKind | None:
    """What kind of organization a cell of that column says; None for a word that is not known."""
    plain = fold(text)
    return next((kind for pattern, kind in _KIND_WORDS if pattern.search(plain)), None)


def organization_name(text: str) -> str:
    """An organization's name for the register, as the list writes it."""
    return _short(text)


def branch_parts(text: str) -> tuple[str, str]:
    """Code and name of a branch as one cell gives it: "CH03" is a code, "Chi hội Thôn 1" a name."""
    clean = _short(text)
    if _CODE.fullmatch(clean) and len(clean) <= MAX_CODE:
        return clean, f"Chi hội {clean}"
    return "", clean


def of_titles(titles: Iterable[str]) -> tuple[str, str]:
    """Organization and role that the titles of a members' list tell; "" where they tell none.

    "DANH SÁCH GIÁO VIÊN TRƯỜNG TIỂU HỌC SỐ 1" tells both; a title with several roles tells none of them.
    """
    lines = [" ".join(nfc(title).split()) for title in titles]
    roles: list[str] = []
    for line in lines:
        if _LIST.search(fold(line)):
            before = fold(line).partition(" truong ")[0]
            roles = [role for word, role in _ROLES.items() if re.search(rf"\b{word}\b", before)]
            break
    return _unit_of(lines), roles[0] if len(roles) == 1 else ""


def branch_of_titles(titles: Iterable[str]) -> str:
    """The branch whose members a title lists ("DANH SÁCH HỘI VIÊN CHI HỘI THÔN 1"); "" where none is told."""
    for title in titles:
        line = " ".join(nfc(title).split())
        found = _BRANCH.search(line)
        if found is not None and _LIST.search(fold(line)):
            name = _cased(_TAIL.sub("", found[0]))
            return f"Chi hội{name[len('Chi hội') :]}" if len(name.split()) > 2 else ""
    return ""


def _unit_of(lines: list[str]) -> str:
    """The unit of a line that says so ("Đơn vị: …"), else of the list's own title, else of a line that is its name."""
    for line in lines:
        if _LABEL.match(line):
            return _cased(_TAIL.sub("", _LABEL.sub("", line)))
    ordered = sorted(lines, key=lambda line: not _LIST.search(fold(line)))
    for line in ordered:
        found = _UNIT.search(line)
        if found is None or not (_LIST.search(fold(line)) or _is_school(line)):
            continue
        name = _TAIL.sub("", found[0])
        if len(name.split()) > 1:
            return _cased(name)
    return ""


def _is_school(line: str) -> bool:
    """Letterheads name the authority too ("ỦY BAN NHÂN DÂN XÃ …"); only a school's own line names the unit."""
    return organization_kind(line) is OrganizationKind.SCHOOL


def _cased(name: str) -> str:
    """A name out of a heading in capitals, with letters as they are written in a sentence."""
    if name != name.upper():
        return _short(name[:1].upper() + name[1:])
    keep = {"THCS", "THPT", "TH", "UBND", "HTX", "TNHH", "MTV", "I", "II", "III"}
    return _short(" ".join(word if word in keep else word.capitalize() for word in name.split()))


def _short(text: str) -> str:
    return " ".join(nfc(text).split())[:MAX_NAME].rstrip()
