"""Unicode → TCVN3 and VNI, from tables written down apart from the program's own; tests only."""

from __future__ import annotations

import unicodedata

LETTERS = tuple("àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ")
_TCVN3 = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ"
_VNI = (
    "aø aù aû aõ aï aê aè aé aú aü aë aâ aà aá aå aã aä ñ eø eù eû eõ eï eâ eà eá eå eã eä ì í æ ó ò "
    "oø où oû oõ oï oâ oà oá oå oã oä ô ôø ôù ôû ôõ ôï uø uù uû uõ uï ö öø öù öû öõ öï yø yù yû yõ î"
)
TCVN3_OF = dict(zip(LETTERS, _TCVN3, strict=True))
TCVN3_CAPITALS = dict(zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦", strict=True))
VNI_OF = dict(zip(LETTERS, _VNI.split(), strict=True))


def to_tcvn3(text: str) -> str:
    """Return text as .VnTime stores it: capitals with a tone become small letters."""
    return "".join(TCVN3_CAPITALS.get(c) or TCVN3_OF.get(c.lower(), c) for c in unicodedata.normalize("NFC", text))


def to_vni(text: str) -> str:
    """Return text as VNI-Times stores it: a capital takes capital marks."""
    return "".join(
        VNI_OF.get(c.lower(), c).upper() if c.isupper() else VNI_OF.get(c, c)
        for c in unicodedata.normalize("NFC", text)
    )
