"""The national site's list beside the register: who is meant, what is new, where the two say different things.

Invariants: nothing is written here; people are found by the same evidence as everywhere (``importing.matching``), who
is not sure is asked about; a state that goes back, or another date, is shown and never taken without a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import SiteState, Uid
from desktop_app.services.assessment.accounts import SITE_WORDS
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.site.reading import SiteList, SiteRow
from desktop_app.services.context import Context
from desktop_app.services.importing.planning.listed_hamlets import person_mention
from desktop_app.services.importing.planning.matching import (
    Candidate,
    Known,
    KnownPeople,
    candidates,
    is_only_one,
    is_sure,
    load_people,
    weigh,
)
from desktop_app.services.importing.planning.places import ListedPlaces, load_places
from desktop_app.services.importing.planning.quiet import collector_paused
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.groups import YOUNGEST
from desktop_app.services.vietnamese import PartialDate, fold

ORDER = tuple(SiteState)
_STEP = 500
_MOST_ASKED = 20
_CONTRARY = frozenset({"khác số CCCD", "khác họ tên", "khác năm sinh", "khác ngày sinh", "khác giới tính"})


class SiteFate(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    DIFFERS = "differs"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    REPEATED = "repeated"
    SAME = "same"
    ABSENT = "absent"


FATE_WORDS: Mapping[SiteFate, str] = {
    SiteFate.NEW: "Sẽ ghi mới",
    SiteFate.DIFFERS: "Khác sổ",
    SiteFate.DOUBTFUL: "Chưa chắc là ai",
    SiteFate.UNKNOWN: "Không có trong sổ",
    SiteFate.UNREADABLE: "Chưa đọc được",
    SiteFate.REPEATED: "Dòng lặp",
    SiteFate.SAME: "Đã giống sổ",
    SiteFate.ABSENT: "Sổ có, danh sách không có",
}


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the register who may be meant; ``reasons`` in words."""

    uid: Uid
    name: str
    birth: str
    home: str
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One line of the preview.

    Args:
        row: of their list; None for somebody of ours whom the list does not have.
        person: of the register, where it is sure or was chosen.
        may_be: whom it may mean, where it is not sure.
        ours, theirs: states; ``our_date``, ``their_date`` ISO, "" where nobody says.
        why: what keeps the line back or sets it apart, a sentence.
        is_chosen: a person said whom a doubtful line means.
    """

    fate: SiteFate
    row: SiteRow | None
    person: Someone | None = None
    may_be: tuple[Someone, ...] = ()
    ours: SiteState = SiteState.NONE
    theirs: SiteState | None = None
    our_date: str = ""
    their_date: str = ""
    why: str = ""
    is_chosen: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Sheet and row of their list."""
        return (self.row.sheet, self.row.row) if self.row is not None else ("", 0)

    @property
    def name(self) -> str:
        if self.row is not None:
            return self.row.person.name
        return self.person.name if self.person is not None else ""


@dataclass(frozen=True)
class SitePlan:
    """A list compared with the register as it stood at that moment."""

    year: int
    listed: SiteList
    lines: tuple[SiteLine, ...]
    choices: Mapping[tuple[str, int], Uid]

    @property
    def counts(self) -> Mapping[SiteFate, int]:
        """How many lines of each fate."""
        found = Counter(line.fate for line in self.lines)
        return {fate: found[fate] for fate in SiteFate}

    def of(self, fate: SiteFate) -> tuple[SiteLine, ...]:
        """The lines of one fate in the list's order."""
        return tuple(line for line in self.lines if line.fate is fate)


@dataclass
class _Standing:
    """What the register says of the round's accounts, by the local key of people; ``rows`` tells who they are."""

    states: dict[int, tuple[SiteState, str]]
    rows: dict[int, tuple[Any, ...]]

    def someone(self, key: int) -> Someone:
        _, uid, name, birth, hamlet, *_ = self.rows[key]
        return Someone(uid.hex(), name or "", _birth_words(birth), hamlet or "")


def plan_site_list(
    context: Context,
    year: int,
    listed: SiteList,
    *,
    choices: Mapping[tuple[str, int], Uid] | None = None,
    progress: Progress = NO_PROGRESS,
) -> SitePlan:
    """Compare a list with the register; nothing is written.

    Args:
        choices: (sheet, row) of doubtful lines → whom a person said they mean.

    Raises:
        UserError: ``round.unknown``, ``round.closed``.
    """
    with collector_paused():
        with context.read() as connection:
            round_ = round_of(connection, year)
            require_open(round_)
            standing = _standing(connection, round_)
            people = load_people(connection)
            known = load_places(connection)
            mentions = [person_mention(row.person, people) for row in listed.rows if known.formers]
            places = ListedPlaces(known, listed.sheets, mentions, is_making=False)
            planner = _Planner(people, places, standing, dict(choices or {}), year)
        lines: list[SiteLine] = []
        for done, row in enumerate(listed.rows):
            if done % _STEP == 0:
                progress.step(done, len(listed.rows), "Đối chiếu với sổ")
            lines.append(planner.line(row))
        lines = planner.without_repeats(lines)
        lines += planner.absent(lines)
    return SitePlan(year, listed, tuple(lines), dict(choices or {}))


def _standing(connection: Connection, round_: RoundRecord) -> _Standing:
    rows = all_rows(
        connection,
        "SELECT c.id, c.uid, c.full_name, c.birth, v.name, x.state, x.changed_on FROM site_account AS x "
        "JOIN citizen AS c ON c.id = x.citizen_id LEFT JOIN hamlet AS v ON v.id = c.hamlet_id "
        "WHERE x.assessment_round_id = ? AND x.present AND c.present ORDER BY v.sort_key, c.sort_key, c.id",
        (round_.id,),
    )
    meant: dict[str | None, SiteState] = {state.value: state for state in SiteState}
    meant[None] = meant[""] = SiteState.NONE
    states = {row[0]: (meant[row[5]], row[6] or "") for row in rows}
    return _Standing(states, {row[0]: row for row in rows})


@dataclass
class _Planner:
    known: KnownPeople
    places: ListedPlaces
    standing: _Standing
    choices: dict[tuple[str, int], Uid]
    year: int

    def line(self, row: SiteRow) -> SiteLine:
        """One row compared."""
        if row.problem:
            return SiteLine(SiteFate.UNREADABLE, row, theirs=row.state, why=row.problem)
        holder = self._holder(row)
        if holder is not None:
            return self._compared(row, holder)
        found = candidates(row.person, self.known, self._home(row))
        if is_sure(found) or is_only_one(row.person, found):
            return self._compared(row, found[0].person)
        found = found or self._namesakes(row)
        may_be = tuple(map(_someone_of, found))
        chosen = self.known.by_uid.get(self.choices.get((row.sheet, row.row), ""))
        if chosen is not None and chosen.uid in {someone.uid for someone in may_be}:
            return replace(self._compared(row, chosen), is_chosen=True, may_be=may_be)
        if may_be:
            return SiteLine(
                SiteFate.DOUBTFUL, row, may_be=may_be, theirs=row.state, their_date=row.date, why=_doubt(may_be),
            )  # fmt: skip
        return SiteLine(
            SiteFate.UNKNOWN, row, theirs=row.state, their_date=row.date,
            why="Trong sổ không có ai khớp số định danh, họ tên và năm sinh này.",
        )  # fmt: skip

    def _home(self, row: SiteRow) -> str:
        """Key of the living hamlet that a row names; "" where it names none, or one of several former communes'."""
        listed = self.places.of(person_mention(row.person, self.known)) if row.person.hamlet else ""
        return self.places.known.ends.get(listed, (listed, ""))[0]

    def _holder(self, row: SiteRow) -> Known | None:
        """Who holds the number and the name, where that is sure: nobody else can come near."""
        person = self.known.by_cccd.get(row.person.cccd) if row.person.cccd else None
        if person is None or person.name != fold(row.person.name):
            return None
        birth = person.values["birth"]
        if (
            birth
            and row.person.birth == PartialDate.from_iso(str(birth))
            and person.values["full_name"] == row.person.name
        ):
            return person  # number, name and birth are the same: nothing weighs against that
        weighed = weigh(row.person, person.name, "", "", person)
        return person if is_sure([weighed]) else None

    def _namesakes(self, row: SiteRow) -> list[Candidate]:
        """Nobody is made from such a list, so everybody of that name whom nothing contradicts is asked about."""
        name = fold(row.person.name)
        near = _not_contradicted(row, self.known.by_name.get(name, ()))
        weighed = (weigh(row.person, name, "", "", person) for person in near)
        found = [item for item in weighed if _CONTRARY.isdisjoint(item.reasons)]
        return sorted(found, key=lambda item: (-item.score, self._is_child(item), item.person.id))[:_MOST_ASKED]

    def _is_child(self, item: Candidate) -> bool:
        """Too young for an account in the round's year: asked about last."""
        born = item.person.values["birth"]
        return bool(born) and int(str(born)[:4]) > self.year - YOUNGEST

    def _compared(self, row: SiteRow, person: Known) -> SiteLine:
        ours, day = self.standing.states.get(person.id, (SiteState.NONE, ""))
        theirs = row.state
        assert theirs is not None
        fate, why = _fate(ours, theirs, day, row.date)
        someone = _someone(person)
        return SiteLine(fate, row, someone, ours=ours, theirs=theirs, our_date=day, their_date=row.date, why=why)

    def without_repeats(self, lines: list[SiteLine]) -> list[SiteLine]:
        """Of several rows of one person the one that is furthest counts, the others are said to repeat it."""
        best: dict[Uid, int] = {}
        for place, line in enumerate(lines):
            if line.person is None or line.theirs is None:
                continue
            first = best.get(line.person.uid)
            if first is None or _rank(line) > _rank(lines[first]):
                best[line.person.uid] = place
        kept = set(best.values())
        for place, line in enumerate(lines):
            if line.person is not None and line.theirs is not None and place not in kept:
                row = lines[best[line.person.uid]].row
                assert row is not None
                why = f"Người này còn ở dòng {row.row}; dòng đó được lấy."
                lines[place] = replace(line, fate=SiteFate.REPEATED, why=why)
        return lines

    def absent(self, lines: list[SiteLine]) -> list[SiteLine]:
        """Who has an account by our register and is not in the list, whether sure or only perhaps."""
        listed = {line.person.uid for line in lines if line.person is not None}
        listed.update(someone.uid for line in lines for someone in line.may_be)
        return [
            SiteLine(
                SiteFate.ABSENT, None, self.standing.someone(key), ours=state, our_date=day,
                why="Sổ ghi có tài khoản nhưng danh sách này không có; sổ giữ nguyên.",
            )
            for key, (state, day) in self.standing.states.items()
            if state is not SiteState.NONE and self.standing.rows[key][1].hex() not in listed
        ]  # fmt: skip


def _not_contradicted(row: SiteRow, people: Iterable[Known]) -> list[Known]:
    """Namesakes against whom ``weigh`` could not say birth or sex, told without weighing: most are of another year."""
    year = f"{row.person.birth.year:04}" if row.person.birth else ""
    sex = row.person.sex.value if row.person.sex else None
    return [
        person
        for person in people
        if (not year or not (born := person.values["birth"]) or str(born).startswith(year))
        and (not sex or not person.values["sex"] or person.values["sex"] == sex)
    ]


def choose_person(context: Context, plan: SitePlan, key: tuple[str, int], uid: Uid | None) -> SitePlan:
    """The plan with one doubtful line decided: whom of those asked about it means; None leaves it open again.

    Only this line is compared anew; the file and the rest of the register are not read again.
    """
    place = next((n for n, line in enumerate(plan.lines) if line.key == key and line.row is not None), None)
    if place is None or not plan.lines[place].may_be:
        return plan
    line, lines, choices = plan.lines[place], list(plan.lines), dict(plan.choices)
    someone = next((each for each in line.may_be if each.uid == uid), None)
    choices.pop(key, None)
    if someone is None:
        lines[place] = replace(
            line, fate=SiteFate.DOUBTFUL, person=None, is_chosen=False, ours=SiteState.NONE, our_date="",
            why=_doubt(line.may_be),
        )  # fmt: skip
    else:
        choices[key] = someone.uid
        lines[place] = _decided(context, plan, line, someone)
    return replace(plan, lines=tuple(lines), choices=choices)


def _decided(context: Context, plan: SitePlan, line: SiteLine, someone: Someone) -> SiteLine:
    with context.read() as connection:
        rows = all_rows(
            connection,
            "SELECT x.state, x.changed_on FROM site_account AS x JOIN citizen AS c ON c.id = x.citizen_id "
            "WHERE x.assessment_round_id = ? AND x.present AND c.uid = ?",
            (round_of(connection, plan.year).id, bytes.fromhex(someone.uid)),
        )
    state, day = rows[0] if rows else (None, None)
    ours = SiteState(state or SiteState.NONE)
    assert line.theirs is not None
    fate, why = _fate(ours, line.theirs, day or "", line.their_date)
    other = next((each for each in plan.lines if each.person and each.person.uid == someone.uid and each.row), None)
    if other is not None and other.key != line.key and other.row is not None:
        fate, why = SiteFate.REPEATED, f"Người này còn ở dòng {other.row.row}; dòng đó được lấy."
    return replace(line, fate=fate, person=someone, ours=ours, our_date=day or "", why=why, is_chosen=True)


def _doubt(may_be: tuple[Someone, ...]) -> str:
    return f"Có {len(may_be)} người gần giống." if len(may_be) > 1 else f"{_capital(may_be[0].reasons)}."


def _fate(ours: SiteState, theirs: SiteState, our_date: str, their_date: str) -> tuple[SiteFate, str]:
    if ours is theirs:
        if not their_date or their_date == our_date or theirs is SiteState.NONE:
            return SiteFate.SAME, ""
        if not our_date:
            return SiteFate.NEW, "Thêm ngày."
        return SiteFate.DIFFERS, f"Danh sách ghi ngày {_day_words(their_date)}, sổ ghi {_day_words(our_date)}."
    if ORDER.index(theirs) > ORDER.index(ours):
        return SiteFate.NEW, ""
    return SiteFate.DIFFERS, f"Danh sách ghi “{SITE_WORDS[theirs]}”, sổ ghi “{SITE_WORDS[ours]}”."


def _rank(line: SiteLine) -> tuple[int, str]:
    assert line.theirs is not None
    return ORDER.index(line.theirs), line.their_date


def _someone_of(found: Candidate) -> Someone:
    return replace(_someone(found.person), reasons=", ".join(found.reasons))


def _someone(person: Known) -> Someone:
    birth = person.values["birth"]
    return Someone(person.uid, str(person.values["full_name"] or ""), _birth_words(birth), person.home)


@lru_cache(maxsize=1 << 16)
def _birth_words(stored: object) -> str:
    return PartialDate.from_iso(str(stored)).text() if stored else ""


def _day_words(day: str) -> str:
    return PartialDate.from_iso(day).text() if day else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
