"""The everyday words of lists, each understood in one place: relation, sex, poverty, group, ditto, totals, signatures.

Pure lookups on clean text (NFC, stripped); a word that is not known is never guessed, it comes back as None.
"""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.models.types import CitizenGroup, LifeStatus, Poverty, Sex
from desktop_app.services.vietnamese import PartialDate, fold, parse_date

HEAD = "Chủ hộ"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_DITTO_ONLY = re.compile("[\\s\"'″〃”“„‟`´’‘′,./\\\\\\-–—=|]+")
_DITTO_SIGN = re.compile("[\"″〃”“„‟`´′]|''|’’|‘‘|,,|//|\\\\\\\\")
_DITTO_WORDS = frozenset({"nt", "n t", "nhu tren", "nhu tr", "nhu tren nt", "nt nt"})


@lru_cache(maxsize=2048)
def is_ditto(text: str) -> bool:
    """Tell whether a cell repeats the one above it: "nt", "-nt-", "n.t", "″", "//", "như trên"; a dash does not."""
    if len(text) > 12:
        return False
    rest = _DITTO_ONLY.sub(" ", text).strip()
    if not rest:
        return bool(_DITTO_SIGN.search(text))
    return fold(rest) in _DITTO_WORDS


@lru_cache(maxsize=2048)
def is_blank_mark(text: str) -> bool:
    """Tell whether a cell says "nothing": "-", ".", "…", "không", "không có", "chưa có"."""
    rest = text.strip(" -–—._…*")
    return not rest or fold(rest) in (
        "khong",
        "khong co",
        "chua co",
        "k co",
        "ko",
        "ko co",
        "khong ro",
        "chua ro",
        "?",
        "n/a",
        "#n/a",
    )


_RELATIONS = {
    "chu ho": HEAD, "ch": HEAD, "chu ho gia dinh": HEAD, "ban than": HEAD, "chu": HEAD, "la chu ho": HEAD, "c ho": HEAD,
    "vo": "Vợ", "v": "Vợ", "vo chu ho": "Vợ", "chong": "Chồng", "chong chu ho": "Chồng", "vo chong": "Vợ chồng",
    "con chu ho": "Con", "con cua chu ho": "Con",
    "con": "Con", "con de": "Con đẻ", "con ruot": "Con ruột", "con nuoi": "Con nuôi", "con trai": "Con trai",
    "con gai": "Con gái", "con dau": "Con dâu", "con re": "Con rể", "dau": "Con dâu", "re": "Con rể",
    "chau": "Cháu", "chau noi": "Cháu nội", "chau ngoai": "Cháu ngoại", "chau ruot": "Cháu ruột", "chat": "Chắt",
    "bo": "Bố", "cha": "Cha", "ba": None, "me": "Mẹ", "bo de": "Bố đẻ", "me de": "Mẹ đẻ", "cha de": "Cha đẻ",
    "bo vo": "Bố vợ", "me vo": "Mẹ vợ", "bo chong": "Bố chồng", "me chong": "Mẹ chồng", "cha chong": "Cha chồng",
    "cha vo": "Cha vợ", "ong": "Ông", "ong noi": "Ông nội", "ba noi": "Bà nội", "ong ngoai": "Ông ngoại",
    "ba ngoai": "Bà ngoại", "anh": "Anh", "chi": "Chị", "em": "Em", "anh ruot": "Anh ruột", "chi ruot": "Chị ruột",
    "em ruot": "Em ruột", "em trai": "Em trai", "em gai": "Em gái", "anh trai": "Anh trai", "chi gai": "Chị gái",
    "em vo": "Em vợ", "em chong": "Em chồng", "anh re": "Anh rể", "em re": "Em rể", "chi dau": "Chị dâu",
    "em dau": "Em dâu", "co": "Cô", "di": "Dì", "chu ruot": "Chú ruột", "bac": "Bác", "cau": "Cậu", "mo": "Mợ",
    "o nho": "Ở nhờ", "o tro": "Ở trọ", "khac": "Khác", "khong quan he": "Không quan hệ", "o thue": "Ở thuê",
}  # fmt: skip
_NOT_HEAD_ACCENTS = frozenset({"chú"})
_MALE_RELATIONS = _words(
    "Chồng|Con trai|Con rể|Bố|Cha|Bố đẻ|Cha đẻ|Bố vợ|Bố chồng|Cha vợ|Cha chồng|Ông|Ông nội|Ông ngoại|Em trai|Anh|"
    "Anh trai|Anh ruột|Anh rể|Em rể|Chú ruột|Cậu"
)
_FEMALE_RELATIONS = _words(
    "Vợ|Con gái|Con dâu|Mẹ|Mẹ đẻ|Mẹ vợ|Mẹ chồng|Bà nội|Bà ngoại|Bà|Em gái|Chị|Chị gái|Chị ruột|Chị dâu|Em dâu|Cô|Dì|Mợ"
)


@lru_cache(maxsize=4096)
def relation_of(text: str) -> str:
    """Return a relation to the head in one spelling: "CHỦ HỘ", "ch" → "Chủ hộ"; unknown words stay as they are."""
    words = " ".join(text.split()).strip(" .,;:-")
    if words.lower() in _NOT_HEAD_ACCENTS:
        return "Chú"
    found = _RELATIONS.get(re.sub(r"[^a-z]+", " ", fold(words)).strip())
    if found is not None:
        return found
    if words.isupper() or words.islower():
        return words[:1].upper() + words[1:].lower()
    return words


def is_known_relation(text: str) -> bool:
    """Tell whether a word is one of the usual relations to the head of a household."""
    return re.sub(r"[^a-z]+", " ", fold(text)).strip() in _RELATIONS


def sex_of_relation(relation: str) -> Sex | None:
    """Return the sex a relation (as `relation_of` writes it) tells, or None."""
    if relation in _MALE_RELATIONS:
        return Sex.MALE
    return Sex.FEMALE if relation in _FEMALE_RELATIONS else None


_SEX_WORDS = {
    "nam": Sex.MALE, "nu": Sex.FEMALE, "trai": Sex.MALE, "gai": Sex.FEMALE, "male": Sex.MALE, "female": Sex.FEMALE,
    "m": Sex.MALE, "f": Sex.FEMALE, "ong": Sex.MALE, "ba": Sex.FEMALE, "nam gioi": Sex.MALE, "nu gioi": Sex.FEMALE,
    "con trai": Sex.MALE, "con gai": Sex.FEMALE, "dan ong": Sex.MALE, "phu nu": Sex.FEMALE,
}  # fmt: skip


@lru_cache(maxsize=1024)
def sex_of_word(text: str) -> Sex | None:
    """Return the sex a cell says ("Nam", "nữ", "F"), or None."""
    return _SEX_WORDS.get(fold(text).strip(" .()-"))


_NEAR_POOR = re.compile(r"\bcan ngheo\b|\bhcn\b|\bh\.? ?c\.? ?n\b")
_NO_LONGER = re.compile(r"\b(thoat|khong|ko|het|da ra khoi|moi thoat)\b")
_POOR = re.compile(r"\bngheo\b|\bhn\b")
_NOT_POOR = _words(
    "khong|khong ngheo|binh thuong|trung binh|kha|giau|ho khong ngheo|ho kha|ho trung binh|ho giau|ho binh thuong|tb|"
    "kha gia|khong thuoc|muc song trung binh|ho muc song trung binh|on dinh|none"
)


@lru_cache(maxsize=2048)
def poverty_of(text: str) -> Poverty | None:
    """Return the poverty status a cell of that column says; None for words that say nothing about it."""
    folded = fold(text).strip(" .-")
    if folded in _NOT_POOR or ("ngheo" in folded and _NO_LONGER.search(folded)):
        return Poverty.NONE
    if _NEAR_POOR.search(folded) or folded == "cn":
        return Poverty.NEAR_POOR
    return Poverty.POOR if _POOR.search(folded) or folded in ("n", "poor") else None


@lru_cache(maxsize=2048)
def poverty_of_note(text: str) -> Poverty | None:
    """Return the poverty status that a note says plainly ("Hộ nghèo", "thuộc hộ cận nghèo"), or None."""
    folded = fold(text)
    if "ngheo" not in folded or _NO_LONGER.search(folded):
        return None
    if re.search(r"\b(ho|dien|thuoc|gia dinh) (thuoc )?(ho )?can ngheo\b|^can ngheo\b", folded):
        return Poverty.NEAR_POOR
    return Poverty.POOR if re.search(r"\b(ho|dien|thuoc|gia dinh) (thuoc )?(ho )?ngheo\b|^ngheo\b", folded) else None


_LIFE_RULES: tuple[tuple[re.Pattern[str], LifeStatus], ...] = tuple(
    (re.compile(rf"{pattern}(?:\W+(?P<rest>.*))?"), status)
    for pattern, status in (
        (r"(?:da |moi )?(?:chet|mat|qua doi|tu tran|tu vong)(?: (?:ngay|thang|nam|hoi|tu))*", LifeStatus.DEAD),
        (
            r"(?:da |moi )?(?:chuyen (?:di|ho khau|khau|noi khac|cho o|noi o)|cat (?:ho )?khau|xoa khau|da chuyen)"
            r"(?: (?:ngay|thang|nam|hoi|tu))*",
            LifeStatus.MOVED,
        ),
        (r"(?:dang )?(?:tam vang|vang mat|di lam (?:an )?xa|vang nha|khong co mat)", LifeStatus.AWAY),
    )
)


@lru_cache(maxsize=2048)
def life_of_note(text: str) -> tuple[LifeStatus, PartialDate | None] | None:
    """Return what a note plainly says of the person himself: "đã chết 2023", "chuyển đi Bình Dương", "tạm vắng".

    Anything before it ("chồng đã chết") makes it a note about somebody else; after a death only its day may stand.
    """
    folded = fold(text).strip(" .,;()-")
    for pattern, status in _LIFE_RULES:
        match = pattern.fullmatch(folded)
        if match is None:
            continue
        rest = (match["rest"] or "").strip(" .,;()-")
        date = parse_date(rest).value if rest else None
        if rest and date is None and status is LifeStatus.DEAD:
            return None
        return status, date
    return None


_GROUP_RULES: tuple[tuple[re.Pattern[str], CitizenGroup], ...] = tuple(
    (re.compile(pattern), group)
    for pattern, group in (
        (
            r"\bhuu\b|huu tri|nguoi gia\b|cao tuoi|\bnct\b|gia yeu|mat suc|noi tro",
            CitizenGroup.RESIDENT,
        ),
        (
            r"hoc sinh|sinh vien|hoc vien|hoc nghe|\bhs\b|\bhssv\b|\bhs?svhv\b|\bsv\b|\bhv\b|\bh sinh\b|\bs vien\b|"
            r"\blop 1[0-2]\b|\bthpt\b|\bptth\b|^student$|^d$|^#(?:4|iv)$",
            CitizenGroup.STUDENT,
        ),
        (
            r"can bo|cong chuc|vien chuc|cong nhan vien|doanh nhan|chu doanh nghiep|giao vien|giang vien|nhan vien|"
            r"luc luong vu trang|cong an|bo doi|quan nhan|chuyen trach|\bcb\b|\bc bo\b|"
            r"\bcbcc|\bcnv\b|\bcnvc(?!ld)|\bcbcnv|\bcc\b|\bvc\b|\bccvc\b|\bcbvc\b|\bcbnv\b|^dn\b|\bgv\b|"
            r"^official$|^c$|^#(?:3|iii)$",
            CitizenGroup.OFFICIAL,
        ),
        (
            r"nguoi dan|nong dan|^nhan dan$|lao dong nong thon|dan trong xa|ho dan|\bnd\b|\bn dan\b|\bnong nghiep\b|"
            r"^dan(?: cu)?$|cong dan trong xa|^resident$|^a$|^#(?:1|i)$",
            CitizenGroup.RESIDENT,
        ),
        (
            r"nguoi lao dong|cong nhan|lao dong|tho sua chua|tieu thu cong|\bld\b|\bnld\b|\bcn\b|\bc nhan\b|\bcnld\b|"
            r"\bcnvcld\b|\bldtd\b|^worker$|^b$|^#(?:2|ii)$",
            CitizenGroup.WORKER,
        ),
    )
)


@lru_cache(maxsize=1024)
def group_of(text: str) -> CitizenGroup | None:
    """Return the form group a cell names, in the words of QĐ 324, of the earlier tool kit, or as (a) to (d), 1 to 4."""
    folded = re.sub(r"^\(?([a-d])[).:-]+\s+(?=\S)", "", fold(text).strip(" .(-"))
    folded = " ".join(folded.replace(".", " ").split()).strip(" ()-")
    folded = re.sub(r"^(?:nhom|doi tuong|phieu|mau)(?: (?:so|doi tuong))?\s+(?=(?:[1-4]|i{1,3}|iv)$)", "#", folded)
    folded = re.sub(r"^(?:nhom|doi tuong|phieu|mau)\s+", "", folded).strip(" .:()-")
    return next((group for pattern, group in _GROUP_RULES if pattern.search(folded)), None)


_MARKS = frozenset({"x", "v", "1", "✓", "✔", "√", "+", "*", "co", "yes", "true", "y", "x)", "(x)", "ü"})


@lru_cache(maxsize=512)
def is_mark(text: str) -> bool:
    """Tell whether a cell is a tick: "x", "X", "1", "✓", "có"."""
    return fold(text).strip(" .") in _MARKS


_TOTAL = re.compile(
    r"(?:tổng(?:\s*[:(]|\s+(?:số|cộng|hợp|toàn|thôn|ấp|nhân|hộ)\b|$)|cộng(?:\s*[:(\d]|\s+(?:trang|toàn|thôn|ấp|số|hộ|chung|"
    r"dồn|lũy|\d)|$)|mang sang|chuyển (?:sang|trang)|lũy kế|tong (?:cong|so)\b|danh sách (?:này )?(?:có|gồm)|"
    r"\(?(?:bằng chữ|ấn định))",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(r".*\S (?:count|total|subtotal)|grand (?:count|total)", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"\(?(?:ký|kí|đã ký)(?:\s*[,.()]|\s+(?:tên|và|ghi|rõ|đóng)|\)|$)"
    r"|trưởng\s+(?:thôn|ấp|bản|khóm|ban|khu|xóm|buôn|công)|(?:tổ|thôn|ấp|khu) trưởng"
    r"|phó (?:trưởng|chủ|bí|thôn|ban|ấp)|(?:phó )?chủ tịch|t/?m\.?\s|k/?t\.?\s"
    r"|người (?:lập|kê|tổng|viết|khai|kiểm|làm)|cán bộ|công chức|công an|xác nhận|bí thư|đại diện|thủ trưởng|kế toán"
    r"|cộng h(?:òa|oà) xã hội|độc lập\s*[-–—]|hội khuyến học|đảng (?:ủy|uỷ|bộ)|mặt trận"
    r"|ủy ban|uỷ ban|ubnd|ban nhân dân|nơi nhận|thư ký|giám đốc|hiệu trưởng|lập biểu"
    r"|[^\d]*,?\s*ngày\s*[\d.…]+\s*tháng",
    re.IGNORECASE,
)
_PAGE = re.compile(r"trang\s*(?:số\s*)?\d+(?:\s*/\s*\d+)?$|page \d+", re.IGNORECASE)


def is_total(text: str) -> bool:
    """Tell whether a cell begins a line of totals ("Tổng cộng: 51 hộ", "Cộng trang 1", Excel's "Thôn 1 Count")."""
    return bool(_TOTAL.match(text)) or (text[-1:] in "tlTL" and _SUBTOTAL.fullmatch(text) is not None)


def is_signature(text: str) -> bool:
    """Tell whether a cell belongs to the signatures below a list or to the foot of a page."""
    return bool(_SIGNATURE.match(text) or _PAGE.match(text))


ETHNIC_GROUPS = _words(
    "kinh|viet|tay|thai|hoa|khmer|khome|kho me|muong|nung|hmong|h'mong|mong|dao|gia rai|jrai|ngai|e de|ede|ba na|bana|"
    "xo dang|xe dang|san chay|cao lan|san chi|co ho|k'ho|koho|cham|san diu|hre|h're|mnong|m'nong|ra glai|raglai|raglay|"
    "xtieng|stieng|bru van kieu|van kieu|tho|giay|co tu|co|gie trieng|ma|kho mu|ta oi|cho ro|khang|xinh mun|ha nhi|"
    "chu ru|lao|la chi|la ha|phu la|la hu|lu|lo lo|chut|mang|pa then|co lao|cong|bo y|si la|pu peo|brau|o du|ro mam"
)
"""The 54 ethnic groups of the national list (Quyết định 121-TCTK/PPCĐ, 1979) with their usual spellings, folded."""

SURNAMES = _words(
    "nguyen|tran|le|pham|hoang|huynh|phan|vu|vo|dang|bui|do|ho|ngo|duong|ly|dinh|trinh|mai|truong|dao|doan|lam|ha|cao|"
    "luong|luu|thach|trieu|ta|to|phung|chu|thai|kim|son|dam|quach|quang|lo|vang|giang|sung|ma|nong|be|hua|chau|tong|la|"
    "vi|mac|au|bach|cam|ca|lu|khuc|kieu|tang|ton|trang|tu|ung|van|nghiem|nhan|phi|thi|tieu|vuong|au duong|dieu|y|h|k|"
    "ksor|rmah|siu|nay|rcham|kpa|ro|hlong|nie|mlo|eban|ayun|adrong|bya|lieng|cil|lieng hot|pang|ya|rahlan|a|sa|ro cham"
)
"""Usual first words of Vietnamese names, folded: a column of names is known by them."""
