"""A set that was made or brought here, as its row keeps it: the set's text, whether it is a draft, where it came from.

Invariant: what a draft holds is never used to judge; a shipped set has no such text at all. Pure.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.schema import dump_set, parse_loose, parse_set
from desktop_app.services.errors import UserError

FORMAT = "sohoctap.set/1"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a set came from.

    Args:
        copied_from: name and version that it was copied from.
        file: name of the file that it was read from.
        signer: the machine that signed the file, by its name; empty without a signature.
        code: the signer's 8 digits.
        sign_key: the signer's public key, hex.
        signed_on: ISO date that the file gives.
    """

    copied_from: str = ""
    file: str = ""
    signer: str = ""
    code: str = ""
    sign_key: str = ""
    signed_on: str = ""

    @property
    def words(self) -> str:
        """One sentence for people; empty when nothing is known."""
        if self.signer:
            return f"Nhận từ tệp {self.file}, máy “{self.signer}” ký, mã {self.code[:4]} {self.code[4:]}."
        if self.file:
            return f"Nạp từ tệp {self.file}, không có chữ ký."
        return f"Chép từ {self.copied_from}." if self.copied_from else ""


@dataclass(frozen=True, slots=True)
class Stored:
    """The content of ``criteria_set.definition``."""

    text: str
    is_draft: bool = False
    origin: Origin = Origin()

    def sound(self, place: str) -> CriteriaSet:
        """The set, checked as a whole.

        Raises:
            UserError: ``criteria.draft`` while it is a draft, or what is wrong with it.
        """
        if self.is_draft:
            raise UserError(
                f"“{place}” còn là bản soạn nên chưa dùng được. Hãy mở Thiết lập, mục Bộ tiêu chí, và đưa vào dùng.",
                code="criteria.draft",
            )
        return parse_set(self.text, place)

    def loose(self, place: str) -> CriteriaSet:
        """The set as it was typed so far."""
        return parse_loose(self.text, place)


def read_stored(text: str) -> Stored:
    """Take a row's text apart; a bare set (as files have it) is one in force without a known origin."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return Stored(text)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return Stored(text)
    known = content.get("origin")
    fields = {k: str(v) for k, v in known.items() if k in Origin.__slots__} if isinstance(known, dict) else {}
    return Stored(json.dumps(content.get("set"), ensure_ascii=False), bool(content.get("is_draft")), Origin(**fields))


def stored_value(definition: CriteriaSet, origin: Origin, *, is_draft: bool) -> dict[str, Any]:
    """What ``criteria_set.definition`` holds of a set."""
    value: dict[str, Any] = {"format": FORMAT, "set": json.loads(dump_set(replace(definition, is_confirmed=False)))}
    if is_draft:
        value["is_draft"] = True
    known = {name: text for name in Origin.__slots__ if (text := getattr(origin, name))}
    if known:
        value["origin"] = known
    return value
