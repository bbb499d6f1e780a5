"""Words that invented people and places are named with, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Ông Ưng Âu Ấu Ôn Y"
_MIDDLE = "Văn Thị Hữu Đức Thúy Thuý Thùy Ngọc Quốc Bá Bà Xuân Đình Ánh Ái Như Hoài Hoàng Ân A Á Ả"
_GIVEN = (
    "An Ân Ấn Ánh Anh Ảnh Bảo Báo Bình Chi Dung Dũng Đạt Đức Dương Em Én Giang Hà Hạ Hả Hòa Hoà Huệ Ích Khoa Lan Lân "
    "Lăng Lý Ly Mỵ My Nga Ngà Oanh Ổn Ơn Phượng Quý Quyên Sơn Tú Tư Từ Tứ Tự Uyên Ước Ưu Vân Vãn Xuyến Ý Yến a b"
)
FAMILY, MIDDLE, GIVEN = _FAMILY.split(), _MIDDLE.split(), _GIVEN.split()
MINORITY = ["K'Tùng", "H'Hen Niê", "Y Moan Êban", "H'Bia Mlô", "K'Brêu", "A Thui"]


def names() -> st.SearchStrategy[str]:
    """Names of two to five words, and some that do not follow that order."""
    parts = st.tuples(
        st.sampled_from(FAMILY[:-1]), st.lists(st.sampled_from(MIDDLE), max_size=3), st.sampled_from(GIVEN)
    )
    return st.one_of(parts.map(lambda p: " ".join([p[0], *p[1], p[2]])), st.sampled_from(MINORITY + GIVEN))
