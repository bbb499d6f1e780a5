"""What a column can mean, and the words by which headings say so; pure data with one lookup.

Headings are compared folded and without punctuation, so "Họ và tên (*)" and "HỌ VÀ TÊN" are one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.titles.columns import heading_of
from desktop_app.services.vietnamese import fold, nfc


class Field(StrEnum):
    """Meaning of a column. Values are stored in remembered mappings and never change."""

    IGNORE = "ignore"
    UID = "uid"
    SEQUENCE = "sequence"
    HOUSEHOLD_CODE = "household_code"
    HOUSEHOLD_NO = "household_no"
    HAMLET = "hamlet"
    ADDRESS = "address"
    MEMBER_COUNT = "member_count"
    POVERTY = "poverty"
    POOR_MARK = "poor_mark"
    NEAR_POOR_MARK = "near_poor_mark"
    NAME = "name"
    FAMILY_NAME = "family_name"
    MIDDLE_NAME = "middle_name"
    GIVEN_NAME = "given_name"
    HEAD_NAME = "head_name"
    HEAD_MARK = "head_mark"
    RELATION = "relation"
    SEX = "sex"
    MALE_MARK = "male_mark"
    FEMALE_MARK = "female_mark"
    BIRTH = "birth"
    BIRTH_MALE = "birth_male"
    BIRTH_FEMALE = "birth_female"
    BIRTH_DAY = "birth_day"
    BIRTH_MONTH = "birth_month"
    BIRTH_YEAR = "birth_year"
    CCCD = "cccd"
    OLD_NUMBER = "old_number"
    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    OCCUPATION = "occupation"
    PHONE = "phone"
    GROUP = "group"
    NOTE = "note"
    CLAN = "clan"
    ORGANIZATION = "organization"
    BRANCH_CODE = "branch_code"
    BRANCH_NAME = "branch_name"
    LEADER = "leader"
    UNIT_PHONE = "unit_phone"
    UNIT_ADDRESS = "unit_address"
    UNIT_KIND = "unit_kind"
    UNIT_CODE = "unit_code"
    SPOUSE_NAME = "spouse_name"
    SPOUSE_BIRTH = "spouse_birth"
    SPOUSE_CCCD = "spouse_cccd"
    SPOUSE_PHONE = "spouse_phone"
    SPOUSE_OCCUPATION = "spouse_occupation"
    SPOUSE_ETHNICITY = "spouse_ethnicity"
    LAST_TITLE = "last_title"
    CITIZEN_TITLE = "citizen_title"
    FAMILY_TITLE = "family_title"
    TITLE_YEAR = "title_year"
    TITLE_NUMBER = "title_number"
    SCORE = "score"
    TOTAL = "total"


TITLES = (Field.LAST_TITLE, Field.CITIZEN_TITLE, Field.FAMILY_TITLE)
"""Columns that tell who held a title in a former year."""
REPEATABLE = frozenset({Field.IGNORE, Field.SCORE, *TITLES})
"""Fields that more than one column may have."""

FIELD_TITLES: dict[Field, str] = {
    Field.IGNORE: "(bỏ qua)",
    Field.UID: "Mã hệ thống",
    Field.SEQUENCE: "Thứ tự",
    Field.HOUSEHOLD_CODE: "Mã hộ",
    Field.HOUSEHOLD_NO: "Thứ tự hộ",
    Field.HAMLET: "Thôn, tổ dân phố",
    Field.ADDRESS: "Địa chỉ",
    Field.MEMBER_COUNT: "Số nhân khẩu của hộ",
    Field.POVERTY: "Diện hộ",
    Field.POOR_MARK: "Hộ nghèo (đánh dấu)",
    Field.NEAR_POOR_MARK: "Hộ cận nghèo (đánh dấu)",
    Field.NAME: "Họ và tên",
    Field.FAMILY_NAME: "Họ và chữ đệm",
    Field.MIDDLE_NAME: "Chữ đệm",
    Field.GIVEN_NAME: "Tên",
    Field.HEAD_NAME: "Họ tên chủ hộ",
    Field.HEAD_MARK: "Chủ hộ (đánh dấu)",
    Field.RELATION: "Quan hệ với chủ hộ",
    Field.SEX: "Giới tính",
    Field.MALE_MARK: "Nam (đánh dấu)",
    Field.FEMALE_MARK: "Nữ (đánh dấu)",
    Field.BIRTH: "Ngày sinh",
    Field.BIRTH_MALE: "Ngày sinh – nam",
    Field.BIRTH_FEMALE: "Ngày sinh – nữ",
    Field.BIRTH_DAY: "Ngày sinh – ngày",
    Field.BIRTH_MONTH: "Ngày sinh – tháng",
    Field.BIRTH_YEAR: "Ngày sinh – năm",
    Field.CCCD: "Số CCCD/CMND",
    Field.OLD_NUMBER: "Số CMND cũ (khi thiếu CCCD)",
    Field.ETHNICITY: "Dân tộc",
    Field.RELIGION: "Tôn giáo",
    Field.OCCUPATION: "Nghề nghiệp",
    Field.PHONE: "Điện thoại",
    Field.GROUP: "Nhóm đối tượng",
    Field.NOTE: "Ghi chú",
    Field.CLAN: "Dòng họ",
    Field.ORGANIZATION: "Đơn vị",
    Field.BRANCH_CODE: "Mã chi hội",
    Field.BRANCH_NAME: "Tên chi hội",
    Field.LEADER: "Người phụ trách",
    Field.UNIT_PHONE: "Điện thoại đơn vị",
    Field.UNIT_ADDRESS: "Địa chỉ đơn vị",
    Field.UNIT_KIND: "Loại đơn vị",
    Field.UNIT_CODE: "Mã đơn vị, mã thôn",
    Field.SPOUSE_NAME: "Vợ/chồng: họ và tên",
    Field.SPOUSE_BIRTH: "Vợ/chồng: ngày sinh",
    Field.SPOUSE_CCCD: "Vợ/chồng: số CCCD",
    Field.SPOUSE_PHONE: "Vợ/chồng: điện thoại",
    Field.SPOUSE_OCCUPATION: "Vợ/chồng: nghề nghiệp",
    Field.SPOUSE_ETHNICITY: "Vợ/chồng: dân tộc",
    Field.LAST_TITLE: "Danh hiệu năm trước",
    Field.CITIZEN_TITLE: "CDHT năm trước",
    Field.FAMILY_TITLE: "GĐHT năm trước",
    Field.TITLE_YEAR: "Năm đạt danh hiệu",
    Field.TITLE_NUMBER: "Số giấy công nhận",
    Field.SCORE: "Điểm chỉ số",
    Field.TOTAL: "Tổng điểm",
}
"""Field → how the window names it."""

_EXACT_WORDS: dict[Field, str] = {
    Field.UID: "uid|ma he thong|ma he thong khong sua|sht uid",
    Field.SEQUENCE: "tt trong ho|stt trong ho|so tt trong ho|stt nhan khau|tt thanh vien|stt thanh vien|tt|stt|so tt|"
    "so thu tu|thu tu|no|s tt|tt nguoi|stt nguoi|tt nhan khau|so t t",
    Field.HOUSEHOLD_CODE: "ma dinh danh ho|ma dinh danh ho gia dinh|ma ho|ma so ho|ma ho gia dinh|ma so ho gia dinh|"
    "ma hgd|ma ho dan|so ho khau|so so ho khau|shk|so shk|so hk|ma hk|so hgd|ma ho khau|ma so hgd|so dinh danh ho|"
    "so hieu ho|so hieu ho gia dinh|ma so ho khau|so so hk|ma ho gd|ho gia dinh so|ho khau so|ma hkgd|id ho|"
    "ky hieu ho|so ho so ho|ma nha",
    Field.HOUSEHOLD_NO: "stt hgd|tt hgd|so tt hgd|stt ho gia dinh|so thu tu ho gia dinh|tt ho|stt ho|so tt ho|"
    "so thu tu ho|ho so|so ho|thu tu ho|ho thu",
    Field.ADDRESS: "noi tam tru|tam tru|dia chi tam tru|noi o thuong xuyen|dia chi|noi o|cho o|cho o hien nay|"
    "noi o hien nay|cho o hien tai|noi o hien tai|dia chi thuong tru|noi thuong tru|thuong tru|ho khau thuong tru|"
    "hktt|noi dktt|dktt|so nha|dia chi nha|noi cu tru|cu tru|dia chi cu tru|dia chi lien he|noi dang ky thuong tru|"
    "noi dang ky hktt|noi dk hktt|noi dk thuong tru|dia chi hien nay|so nha duong|dia chi so nha|duong so nha",
    Field.POVERTY: "tinh trang kinh te|dien ngheo|ho ngheo ho cn|tinh trang ngheo|dien ho|loai ho|ho ngheo can ngheo|"
    "ho ngheo ho can ngheo|phan loai ho|thuoc dien|doi tuong ho|hoan canh|dien|tinh trang ho|kinh te ho|muc song|"
    "hoan canh kinh te|dien chinh sach|ngheo can ngheo|dien ho ngheo|thuoc dien ho|hoan canh gia dinh|"
    "phan loai ho gia dinh|dien doi tuong|hn hcn|hn cn",
    Field.POOR_MARK: "ho ngheo|ngheo|hn",
    Field.NEAR_POOR_MARK: "ho can ngheo|can ngheo|hcn|cn",
    Field.NAME: "ho va ten|ho ten|ten|hoten|ho chu dem ten|ho dem va ten|ho dem ten|ho chu dem va ten|"
    "ho va ten khai sinh|ho ten khai sinh|ho chu dem ten khai sinh|ho chu dem va ten khai sinh|ho va ten nhan khau|"
    "ho ten nhan khau|ten nhan khau|nhan khau|ho va ten thanh vien|ho ten thanh vien|ten thanh vien|thanh vien|"
    "ho va ten cong dan|ho ten cong dan|ten cong dan|cong dan|ho va ten nguoi dan|ten day du|"
    "ho va ten thanh vien trong ho|ho ten thanh vien trong ho|thanh vien trong ho|thanh vien ho gia dinh|"
    "ho va ten tung nguoi|ho va ten nguoi trong ho|ten khai sinh|ho va ten chu ho va cac thanh vien|"
    "ho ten chu ho va thanh vien|ho va ten hoc vien|ho ten va chu dem|full name|nguoi trong ho|"
    "thanh vien ho|thanh vien trong gia dinh|thanh vien gia dinh|nhan khau trong ho gia dinh|danh sach nhan khau|"
    "nguoi dan",
    Field.FAMILY_NAME: "ho dem|ho va dem|ho va ten dem|ho va chu dem|ho chu dem|ho lot|ho va lot|ho va ten lot|"
    "ho ten dem|ho ten lot|ho va chu lot",
    Field.MIDDLE_NAME: "chu dem|dem|ten dem|chu lot|ten lot|lot",
    Field.OLD_NUMBER: "cmnd cu|so cmnd cu|so cmt cu|cmnd 9 so|so cmnd 9 so",
    Field.HEAD_MARK: "la chu ho|chu ho x|danh dau chu ho",
    Field.HEAD_NAME: "ho va ten ch|ho ten ch|ho ten ch ho|ten ch|chu ho|ho ten chu ho|ho va ten chu ho|ten chu ho|"
    "chu ho gia dinh|ho ten chu ho gia dinh|ho va ten chu ho gia dinh|dai dien ho|ho ten dai dien ho",
    Field.RELATION: "quan he|quan he voi chu ho|qh|qh voi chu ho|moi quan he|moi quan he voi chu ho|quan he chu ho|"
    "qhe|quan he gia dinh|qhch|quan he vch|quan he voi ch|la gi voi chu ho|qh chu ho|qh voi ch|qhvch|quan he trong ho|"
    "qhe voi chu ho|quan he trong gia dinh|vai tro|vai tro trong ho",
    Field.SEX: "gioi tinh|phai|gt|gioi|nam nu|g tinh|gtinh|sex",
    Field.BIRTH: "ngay sinh|nam sinh|ngay thang nam sinh|sinh ngay|ntns|ntn sinh|ngay thang sinh|sinh nam|ns|nsinh|"
    "n sinh|ngay nam sinh|ngay thang nam|ngay sinh nam sinh|sinh ngay thang nam|ngay thang nam s|"
    "ngay thang nam sinh dd mm yyyy|ng sinh|ngay s|ngay thang n sinh|birthday",
    Field.CCCD: "ma so ddcn|so giay to tuy than|so tcc|the cc|so the cc|ma ddcn|so dd ca nhan|so cc cccd cmnd|cccd|"
    "so cccd|cmnd|so cmnd|cccd cmnd|so cccd cmnd|so cmnd cccd|cmnd cccd|can cuoc cong dan|so can cuoc|can cuoc|"
    "so can cuoc cong dan|so dinh danh|so dinh danh ca nhan|ma dinh danh|ma dinh danh ca nhan|so ddcn|ddcn|sddcn|sdd|"
    "so cc cd|cmt|so cmt|cmtnd|so cmtnd|so cc|the can cuoc|so the can cuoc|giay to tuy than|so giay to|so gttt|"
    "cc cccd|so cc cccd|ma so dinh danh|so cccd so dinh danh|so chung minh nhan dan|chung minh nhan dan|so dd|"
    "ma so cong dan",
    Field.ETHNICITY: "dan toc|dtoc|d toc|thanh phan dan toc",
    Field.RELIGION: "ton giao|t giao|dao|theo dao",
    Field.MEMBER_COUNT: "so nhan khau|so khau|tong so nhan khau|so nk|tong so khau|so nguoi trong ho|"
    "nhan khau trong ho|so thanh vien|tong nk|tong so nk|so nguoi|so thanh vien trong ho|so khau trong ho|"
    "tong nhan khau|tong khau",
    Field.OCCUPATION: "nghe nghiep|nghe|cong viec|viec lam|cong viec hien nay|nghe nghiep hien nay|"
    "nghe nghiep chuc vu|nghe nghiep cong viec|nghe nghiep noi lam viec|cong viec dang lam|nghe nghiep chinh|nn|"
    "nghe nghiep viec lam|chuc vu|chuc danh|chuc vu cong tac|chuc danh nghe nghiep",
    Field.PHONE: "dien thoai|so dien thoai|sdt|so dt|di dong|so di dong|dtdd|so dtdd|dien thoai lien he|so may|"
    "sdt lien he|so dien thoai lien he|dien thoai di dong|dt lien he|lien he|tel|phone|mobile|zalo|so phone|lien lac|"
    "so dt lien he|so dt lien lac|dt lien lac|so lien lac",
    Field.GROUP: "nhom|nhom doi tuong|doi tuong|nhom cong dan|thuoc nhom|nhom phieu|mau phieu|loai phieu|"
    "nhom doi tuong cong dan",
    Field.NOTE: "ghi chu|gc|chu thich|luu y|ghi chu khac",
    Field.CLAN: "dong ho|thuoc dong ho|ho toc|dong toc|chi ho|ten dong ho|ten dong toc",
    Field.ORGANIZATION: "don vi|co quan|don vi cong tac|noi cong tac|noi lam viec|truong|co quan don vi|"
    "noi hoc tap cong tac|ten don vi|ten truong|truong hoc|don vi truong|truong don vi|co quan cong tac|ten co quan|"
    "ten co quan don vi|co quan don vi cong tac|ten to chuc|"
    "truc thuoc|truc thuoc don vi|don vi truc thuoc|thuoc don vi|to chuc|noi cong tac hoc tap|don vi truong hoc",
    Field.BRANCH_CODE: "ma chi hoi|chi hoi|ma chi hoi khuyen hoc|chi hoi khuyen hoc|thuoc chi hoi|ma so chi hoi",
    Field.BRANCH_NAME: "ten chi hoi|ten chi hoi khuyen hoc",
    Field.UNIT_ADDRESS: "tru so|dia chi tru so|noi dat tru so",
    Field.UNIT_KIND: "loai don vi|loai hinh|loai hinh don vi|loai to chuc|loai co quan|loai hinh to chuc|"
    "phan loai don vi|loai hinh hoat dong",
    Field.UNIT_CODE: "ma don vi|ma truong|ma co quan|ma to chuc|ma so don vi|ma thon|ma to dan pho|ma ap|ma thon to",
    Field.LAST_TITLE: "danh hieu|danh hieu nam truoc|danh hieu nam ngoai|ket qua nam truoc|ket qua nam ngoai|"
    "ket qua danh gia nam truoc|ket qua cong nhan nam truoc|ket qua xep loai nam truoc|da dat danh hieu",
    Field.TITLE_YEAR: "nam dat|nam cong nhan|nam duoc cong nhan|nam dat danh hieu|nam cong nhan danh hieu",
    Field.TITLE_NUMBER: "so giay cong nhan|so gcn|so giay chung nhan|so vao so|so vao so cong nhan|so qd cong nhan|"
    "so quyet dinh cong nhan|so giay cn|gcn so|so quyet dinh|so qd|quyet dinh so|quyet dinh cong nhan",
    Field.TOTAL: "tong|tong diem|tong cong|tong so diem|cong|tong so|tong diem dat|diem tong",
    Field.IGNORE: "ten thuong goi|ten goi khac|bi danh|nguoi giam ho|tinh trang cu tru|tinh trang|ma nhan khau|"
    "ho ten cha|ho ten me|ngay chet|ngay chuyen den|ngay cap|noi cap|que quan|noi sinh|nguyen quan|trinh do|"
    "trinh do hoc van|hoc van|van hoa|trinh do van hoa|ky ten|chu ky|ky nhan|tuoi|quoc tich|nhom mau|ngay den|ngay di|"
    "email|ngay cap cccd|noi cap cccd|ket qua|xep loai|dat|khong dat|tdvh|tdhv|tdcm|trinh do vh|trinh do hv|td|"
    "trinh do chuyen mon|chuyen mon|lop|tinh trang hon nhan|ngay dang ky|bhyt|so bhyt|so the bhyt|lao dong|thu nhap|"
    "dien tich|noi dang ky khai sinh|ngay vao dang|dang vien|tham gia|loai",
}
_EXACT: dict[str, Field] = {word: field for field, words in _EXACT_WORDS.items() for word in words.split("|")}
_PHRASES: dict[int, list[tuple[list[str], Field]]] = {}
for _phrase, _field in _EXACT.items():
    _PHRASES.setdefault(len(_phrase.split()), []).append((_phrase.split(), _field))
_SHORT_WORDS = {"hk": "ho khau", "hgd": "ho gia dinh", "ch": "chu ho", "qh": "quan he", "qhe": "quan he",
                "nk": "nhan khau", "tv": "thanh vien", "cd": "cong dan", "dc": "dia chi", "h": "ho",
                "ht": "ho ten"}  # fmt: skip

_HAMLET_WORDS = re.compile(
    r"(?:ten |ma |dia chi |o |thuoc )?(?:(?:thon|ap|ban|khom|to dan pho|tdp|khu pho|kp|xom|buon|lang|bon|khu dan cu|"
    r"kdc|khu|to|doi|soc|plei|tieu khu|dia ban(?: dan cu)?|to nhan dan|khoi pho|khoi xom|khu vuc dan cu)(?: |$))+"
    r"(?:hien nay|dang o|cu tru)?"
)
_LEADER_WORDS = (
    r"(?:nguoi (?:dung dau|phu trach|dai dien|lanh dao)|phu trach|lanh dao|dai dien|thu truong|hieu truong|giam doc|"
    r"chu nhiem|truong (?:dong )?(?:ho|toc)|truong dong toc|truong gia toc|toc truong|toc bieu|truong ban lien lac|"
    r"chi hoi truong|truong chi hoi|chu tich chi hoi|"
    r"truong (?:thon|ap|ban|khu|khu pho|khom|xom|buon|lang|bon)|to truong|truong to)"
    r"(?: (?:don vi|co quan|to chuc|truong|dong ho|ho|toc|chi hoi|chi hoi khuyen hoc|dan pho|to dan pho|nhan dan|"
    r"to dan pho khu pho|khu pho|thon|truong thon|to truong))*"
)
"""How headings call who leads a clan, an organization, a branch or a hamlet."""
_UNIT_WORDS = (
    r"\b(?:don vi|co quan|to chuc|truong (?:ho|toc|thon|ap|chi hoi)|toc truong|chi hoi|chi hoi truong|thu truong|"
    r"hieu truong|phu trach|noi lam viec|noi cong tac|to truong)\b"
)
_CONTAINS: tuple[tuple[re.Pattern[str], Field], ...] = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"\b(ngay|noi) cap\b|\bhet han\b", Field.IGNORE),
        (r"\bten\b.*\b(cha|me|bo|vo|vo chong|nguoi giam ho|nguoi khai|can bo|con)$", Field.IGNORE),
        (r"\bquan he\b|\bqh\b.*\bchu ho\b", Field.RELATION),
        (rf"^(?:(?:ho va ten|ho ten|ten|ong|ba|ong ba)\s)*{_LEADER_WORDS}$", Field.LEADER),
        (rf"\b(dien thoai|sdt|dtdd|di dong|dt)\b.*{_UNIT_WORDS}", Field.UNIT_PHONE),
        (rf"\bdia chi\b.*{_UNIT_WORDS}", Field.UNIT_ADDRESS),
        (r"\b(ho|ho va) ten\b.*\b(thanh vien|nhan khau|cong dan|nguoi)\b", Field.NAME),
        (r"\bten\b.*\bchu ho\b|\bchu ho\b.*\bten\b", Field.HEAD_NAME),
        (r"\b(ngay|nam|thang) .*sinh\b|\bsinh (ngay|nam)\b|\b(ngay|nam) sinh\b", Field.BIRTH),
        (r"\bgioi tinh\b", Field.SEX),
        (r"\b(cccd|cmnd|can cuoc|dinh danh|cmtnd|chung minh)\b", Field.CCCD),
        (r"\b(dien thoai|sdt|dtdd|di dong)\b", Field.PHONE),
        (r"\bdan toc\b", Field.ETHNICITY),
        (r"\bma (so )?ho\b|\bso ho khau\b", Field.HOUSEHOLD_CODE),
        (r"\b(tt|stt|thu tu) ho\b", Field.HOUSEHOLD_NO),
        (r"\b(so|tong) (nhan )?khau\b", Field.MEMBER_COUNT),
        (r"\bcan ngheo\b.*\bngheo\b|\bngheo\b.*\bcan ngheo\b|\b(dien|loai) ho\b", Field.POVERTY),
        (r"\bcan ngheo\b", Field.NEAR_POOR_MARK),
        (r"\bho ngheo\b", Field.POOR_MARK),
        (r"\bghi chu\b", Field.NOTE),
        (r"\bton giao\b", Field.RELIGION),
        (r"\bnghe nghiep\b|\bcong viec\b", Field.OCCUPATION),
        (r"\b(dia chi|thuong tru|cho o|noi o|cu tru|so nha)\b", Field.ADDRESS),
        (r"\bma chi hoi\b", Field.BRANCH_CODE),
        (
            r"\b(dang ky|de nghi|de xuat|phan dau|du kien)\b.*\b(danh hieu|hoc tap)\b|\bdanh hieu\b.*\bdang ky\b",
            Field.IGNORE,
        ),
        (r"\bdanh hieu\b|\bket qua (?:danh gia |cong nhan )?(?:nam )?(?:19|20)\d\d\b", Field.LAST_TITLE),
        (r"\b(nhom|loai) .*doi tuong\b", Field.GROUP),
        (r"\bho va ten\b|\bho ten\b", Field.NAME),
        (r"^tong (so )?diem\b", Field.TOTAL),
    )
)
_TITLE_FIELDS = {LearningModel.CITIZEN: Field.CITIZEN_TITLE, LearningModel.FAMILY: Field.FAMILY_TITLE}
_TITLE_NAME = re.compile(
    r"\b(?:(?:ho )?gia dinh|cong dan|dong ho|dong toc|don vi|cong dong|ho|g d|gd|c d|cd|d h|dh|d v|dv) ?"
    r"(?:hoc tap|h t|ht)\b"
)
_NAMED_TITLE = re.compile(
    r"(?:(?:da|dat|duoc|ket qua|cong nhan|co|mo hinh) )*#"
    r"(?: (?:nam|truoc|ngoai|lien truoc|(?:19|20)\d\d|da|dat|ket qua|x))*"
)
"""A heading that is a title's name, with what may stand before and behind it."""
_SCORE = re.compile(
    r"(?:(?:diem )?(?:chi so|chi tieu|tieu chi|cs|tc|ct|diem|noi dung|nd|muc|cau|c)(?: so)? ?)0*(\d{1,2})"
    r"(?: diem| 10| toi da 10)?"
)
_DOTTED_SCORE = re.compile(r"(?:diem )?(?:chi so|chi tieu|tieu chi|cs|tc|ct|noi dung|nd|muc)[ .]*(\d{1,2})\.(\d{1,2})")
_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_BIRTH_PARENT = re.compile(r"\bsinh\b|\bntns\b|^ns\b|ngay thang nam")
_SEX_PARENT = re.compile(r"gioi tinh|\bphai\b|^gioi\b|^gt\b")


@lru_cache(maxsize=4096)
def heading_key(text: str) -> str:
    """Return a heading folded, without punctuation and without what stands in brackets (unless that is all of it)."""
    folded = fold(text)
    key = _NOT_WORD.sub(" ", _PARENTHESES.sub(" ", folded)).strip()
    return key or _NOT_WORD.sub(" ", folded).strip()


@lru_cache(maxsize=4096)
def field_of_heading(text: str) -> Field | None:
    """Return what one heading cell says by its words, or None."""
    key = heading_key(text)
    if not key or len(key) > 90:
        return None
    if key in ("dt", "ho"):
        return _field_by_accent(key, nfc(text).lower())
    found = _EXACT.get(key)
    if found is not None:
        return found
    if _HAMLET_WORDS.fullmatch(key):
        return Field.HAMLET
    if score_code(text) is not None:
        return Field.SCORE
    found = next((field for pattern, field in _CONTAINS if pattern.search(key)), None)
    if found is None or found is Field.LAST_TITLE:
        found = _field_of_title(text, key) or found
    return found or _field_of_abbreviation(key)


def _field_of_title(text: str, key: str) -> Field | None:
    """Return what a heading says that names a title: "GĐ HT 2025", "Danh hiệu Công dân học tập"; else None."""
    heading = heading_of(text)
    if heading.is_other:
        return Field.IGNORE if "danh hieu" in key else None
    if not heading.models or not ("danh hieu" in key or _NAMED_TITLE.fullmatch(_TITLE_NAME.sub("#", key, count=1))):
        return None
    return _TITLE_FIELDS.get(heading.models[0], Field.LAST_TITLE) if len(heading.models) == 1 else Field.LAST_TITLE


def _field_of_abbreviation(key: str) -> Field | None:
    """Return what a shortened heading says: "N.T.N.S", "Q.hệ với CH", "T.giáo"; None where it could be several."""
    letters = key.replace(" ", "")
    if len(key) == 2 * len(letters) - 1 and letters in _EXACT:
        return _EXACT[letters]
    words = " ".join(_SHORT_WORDS.get(word, word) for word in key.split()).split()
    full = _EXACT.get(" ".join(words))
    if full is not None or len(words) < 2:
        return full
    found = {
        field
        for phrase, field in _PHRASES.get(len(words), ())
        if any(map(str.__eq__, phrase, words)) and all(map(str.startswith, phrase, words))
    }
    return found.pop() if len(found) == 1 else None


def _field_by_accent(key: str, lower: str) -> Field:
    """Tell "ĐT" (telephone) from "DT" (ethnicity), and "Họ" (family name) from "Hộ" (household)."""
    if key == "dt":
        return Field.PHONE if "đ" in lower else Field.ETHNICITY
    return Field.FAMILY_NAME if "họ" in lower else Field.HOUSEHOLD_NO


def field_of_path(parts: Sequence[str]) -> Field | None:
    """Return what a heading over several rows says: its cells from top to bottom.

    The lowest cell speaks first; short ones ("Nam", "Số", "Ngày") speak together with what stands above them.
    """
    if not parts:
        return None
    leaf, above = parts[-1], " ".join(parts[:-1])
    parent = heading_key(above) if above else ""
    short = _field_of_short_leaf(heading_key(leaf), nfc(leaf).lower(), parent)
    if short is not None:
        return short
    phrase = _EXACT.get(heading_key(f"{above} {leaf}")) if above and leaf[:1].islower() else None
    if phrase is not None:  # cut in mid-phrase: "Mã số" over "hộ"
        return phrase
    found = field_of_heading(leaf)
    if found is Field.IGNORE and above and heading_key(leaf) in ("dat", "ket qua", "xep loai"):
        of_title = field_of_heading(above)
        return of_title if of_title in TITLES else found
    if found is Field.NAME and "chu ho" in parent and "thanh vien" not in parent:
        return Field.HEAD_NAME
    if found is Field.HEAD_NAME and parent.endswith((" voi", "quan he")):
        return Field.RELATION
    if found is not None or not above:
        return found
    return field_of_heading(f"{above} {leaf}") or field_of_heading(above)


def _field_of_short_leaf(key: str, lower: str, parent: str) -> Field | None:
    if key != "nam nu" and (key in ("nam", "nu") or key.endswith((" nam", " nu"))):
        return _field_of_sexed_leaf(key, lower, parent)
    if _BIRTH_PARENT.search(parent) and key in ("ngay", "thang"):
        return Field.BIRTH_DAY if key == "ngay" else Field.BIRTH_MONTH
    if key == "ho" and "họ" in lower and "ten" in parent:
        return Field.FAMILY_NAME
    if key in ("so", "ma", "ma so") and parent:
        return field_of_heading(f"{parent} {key}")
    return None


def _field_of_sexed_leaf(key: str, lower: str, parent: str) -> Field | None:
    """Tell "Nam" (male) from "Năm" (year), and births under Nam and Nữ from marks."""
    is_female = key.endswith("nu")
    own = key[: -2 if is_female else -3].strip()
    if not is_female and "năm" in lower.split()[-1:]:
        return Field.BIRTH_YEAR if _BIRTH_PARENT.search(parent) and not own else None
    context = f"{parent} {own}".strip()
    if _BIRTH_PARENT.search(context):
        return Field.BIRTH_FEMALE if is_female else Field.BIRTH_MALE
    if _SEX_PARENT.search(context) or not own:
        return Field.FEMALE_MARK if is_female else Field.MALE_MARK
    return None


@lru_cache(maxsize=1024)
def score_code(text: str) -> str | None:
    """Return the number of the indicator a heading names ("CS1", "Chỉ số 01", "Tiêu chí 1"), or None."""
    match = _SCORE.fullmatch(heading_key(text))
    if match:
        return match[1] if match[1] != "0" else None
    dotted = _DOTTED_SCORE.fullmatch(fold(text).strip(" .:"))
    return f"{int(dotted[1])}.{int(dotted[2])}" if dotted else None


def plain_number_code(text: str) -> str | None:
    """Return the number a heading consists of ("1", "01", "(3)", "4.0"), or None: an indicator only beside others."""
    match = re.fullmatch(r"\(?0*([1-9]\d?)(?:\.0)?\)?\.?", text.strip())
    return match[1] if match else None
