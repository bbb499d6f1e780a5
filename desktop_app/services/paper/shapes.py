"""What goes onto paper, as plain frozen records; whoever prints fills them, the drawing reads nothing else.

Invariant: no CCCD and no phone stands in any of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.criteria.definition import CriteriaSet


@dataclass(frozen=True, slots=True)
class FormHead:
    """What all forms of one print have in common.

    Args:
        office_lines: agency in capitals, the last line in bold.
        keeper: whom to ask about one's data, inside a sentence ("Ủy ban nhân dân xã Phú An").
    """

    year: int
    office_lines: tuple[str, ...]
    keeper: str


@dataclass(frozen=True, slots=True)
class PaperForm:
    """One form to be handed out.

    Args:
        set_id: local key of its criteria set; opaque.
        values: what stands in the four places of the model's head (``words.FACT_LABELS``).
        place: hamlet or organization where it is handed out, in words; ``place_key`` tells those of one name apart,
            ``place_uid`` names it on every machine.
        home: local key of the household, opaque; forms of one home are not parted.
        household: its code.
        code: 13 digits; empty for a blank form of nobody.
        qr: text of the QR code.
    """

    uid: Uid
    model: LearningModel
    set_id: int
    name: str
    values: tuple[str, str, str, str]
    place: str = ""
    place_key: int = 0
    home: int = 0
    household: str = ""
    code: str = ""
    qr: str = ""
    place_uid: Uid = ""

    @property
    def is_blank(self) -> bool:
        return not self.code


@dataclass(frozen=True, slots=True)
class PreparedSet:
    """A criteria set that forms of this print follow."""

    id: int
    definition: CriteriaSet
    uid: Uid = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """Forms of one set and place under one cover sheet: one batch when they are keyed.

    Args:
        place: hamlet or organization in words.
        set_id: local key of the set that all its forms follow.
        number, count: this stack's place among those of its place, from 1.
        code: of the batch, the same whenever the same forms are printed.
    """

    place: str
    set_id: int
    forms: tuple[PaperForm, ...]
    collector: str = ""
    number: int = 1
    count: int = 1
    code: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one collector hands out at one place.

    Args:
        forms: in the order of handing out.
        stacks: the same forms, parted by set and size.
    """

    place: str
    collector: str
    forms: tuple[PaperForm, ...]
    stacks: tuple[Stack, ...]

    @property
    def is_stacked(self) -> bool:
        """Whether the stacks follow one another in the order of handing out, so that each cover lies on its forms."""
        return tuple(form for stack in self.stacks for form in stack.forms) == self.forms


@dataclass(frozen=True, slots=True)
class Home:
    """A household as an assignment list shows it."""

    code: str
    head: str
    address: str
