"""Which hamlet of the register a list means: by its name, by the commune of its titles, through hamlets that ended.

Two former communes often have a "Thôn 1" each, and the commune of today often has the name of one of them. One rule for
people, households, clans, scores and the national site's lists: a title that names another former commune decides; else
whom the register already has in only one of them; else the list's hamlets, if only one former commune has them all.

Invariant: what none of these decides is never silent: it is asked once for each title, with a proposal that is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.services.importing.hamlets import (
    bare_commune,
    hamlet_key,
    known_key,
    parse_hamlet,
    stored_key,
    within_commune,
)
from desktop_app.services.importing.planning.communes import names_of_today
from desktop_app.services.importing.preview import Issue, ParsedSheet, Severity

Titles = tuple[str, ...]
"""Bare names of the communes that a sheet's titles name: sheets with the same are asked about together."""
PROPOSED = "hamlet.proposed"
"""Code of the remark that a proposal was taken which nobody has confirmed."""
ENOUGH = 3
"""So many people of a list in only one of two hamlets tell which it means; in a short list a fifth of its rows."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One row's word about where it belongs.

    Attributes:
        is_vague: the list did not say of what kind the settlement is.
        lives_in: finds the keys of the hamlets in which the register has whom the row is about.
    """

    sheet: str
    text: str
    is_vague: bool
    lives_in: Callable[[], Collection[str]]


@dataclass(frozen=True, slots=True)
class AskedCommune:
    """Hamlets of which a list does not tell to which former commune they belong.

    Attributes:
        named: the commune as the titles write it; "" where they name none.
        hamlets: as the list writes them.
        options: bare name of a former commune → the words for it; "" is the hamlet without a former commune.
        proposal: the likeliest of them; None where nothing speaks for one.
        taken: what is taken: a person's word, else the proposal.
        is_chosen: a person said so.
    """

    titles: Titles
    named: str
    hamlets: tuple[str, ...]
    options: Mapping[str, str]
    proposal: str | None
    taken: str | None
    is_chosen: bool = False

    def words(self) -> str:
        """What is not told, as a sentence's beginning: "Danh sách ghi Xã Phú An mà sổ có Thôn 1 của nhiều xã cũ"."""
        hamlets = ", ".join(self.hamlets[:4]) + ("…" if len(self.hamlets) > 4 else "")
        said = f"Danh sách ghi {self.named}" if self.named else "Danh sách không ghi xã cũ"
        return f"{said} mà sổ có {hamlets} của nhiều xã cũ"

    def issue(self, sheet: str) -> Issue | None:
        """What is said of a proposal that nobody has confirmed; None where none is taken or a person has chosen."""
        if self.taken is None or self.is_chosen:
            return None
        text = f"{self.words()}; tạm ghi vào {self.options[self.taken]}, hãy xem lại."
        return Issue(Severity.WARNING, PROPOSED, text, sheet)


@dataclass(frozen=True)
class KnownPlaces:
    """The register's hamlets.

    Attributes:
        ends: key of every hamlet → (key, name) of the living one that it is or belongs to now.
        living: keys of those that live.
        here: bare names of the commune of today.
        formers: bare name of a former commune → its name.
    """

    ends: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    living: frozenset[str] = frozenset()
    here: frozenset[str] = frozenset()
    formers: Mapping[str, str] = field(default_factory=dict)
    _of_plain: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.ends:
            self._of_plain.setdefault(within_commune(key), []).append(key)

    def plain(self, text: str, *, is_vague: bool) -> str:
        """Key of a settlement as a list writes it, with the word of its kind that the register has."""
        key = hamlet_key(text)
        if "@" in key or key in self._of_plain:
            return key
        return known_key(key, self._of_plain.keys(), is_vague=is_vague)

    def fitting(self, plain: str, titles: Titles, *, is_making: bool) -> tuple[str, ...]:
        """The hamlets that a name may mean, under titles; one where it is clear, none for a new hamlet.

        Args:
            is_making: the list can make hamlets.
        """
        if "@" in plain:
            return (plain,)
        of_title = [f"{plain}@{commune}" for commune in titles if commune not in self.here]
        titled = [key for key in of_title if key in self.ends]
        if titled:
            return tuple(titled)
        if is_making and len(of_title) == 1 and of_title[0].partition("@")[2] in self.formers:
            return (plain, *of_title) if plain in self.living else tuple(of_title)
        same = self._of_plain.get(plain, [])
        own = [f"{plain}@{commune}" for commune in titles if commune in self.here]
        if plain in self.living:
            return tuple(dict.fromkeys((plain, *(key for key in own if key in self.ends))))
        alive = [key for key in same if key in self.living]
        if any(key in same for key in own):
            return tuple(same)
        return tuple({self.ends[key][0]: key for key in alive or same}.values())

    def words_of(self, commune: str) -> str:
        """How a former commune is called; "" is none."""
        return f"thôn của xã {self.formers.get(commune, commune)} cũ" if commune else "thôn không ghi xã cũ"

    def display(self, key: str, text: str) -> str:
        """How a new hamlet is called: with the former commune that only the title told."""
        commune = key.partition("@")[2]
        if not commune or key in self.ends or "@" in hamlet_key(text):
            return text
        return f"{text} ({self.formers.get(commune, commune)} cũ)"


def load_places(connection: Connection) -> KnownPlaces:
    """Read the hamlets; one that ended by a merge leads to the one that lives on, through any number of merges."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, former_commune, valid_to, successor_id FROM hamlet WHERE present AND name <> '' "
        "ORDER BY valid_to IS NOT NULL, id"
    ).all()
    found = {key: (name, stored_key(name, of or ""), end is None, successor) for key, name, of, end, successor in rows}
    ends: dict[str, tuple[str, str]] = {}
    for name, key, is_living, successor in found.values():
        seen: set[int] = set()
        end, end_name = key, name
        while not is_living and successor in found and successor not in seen:
            seen.add(successor)
            end_name, end, is_living, successor = found[successor]
        if is_living:
            ends.setdefault(key, (end, end_name))
    formers: dict[str, str] = {}
    for _, name, of, _, _ in rows:
        hamlet = parse_hamlet(name)
        for former in (of or "", hamlet.former if hamlet else ""):
            if former:
                formers.setdefault(bare_commune(former), former)
    living = frozenset(key for _, key, is_living, _ in found.values() if is_living)
    return KnownPlaces(ends, living, names_of_today(connection), formers)


@dataclass
class _Open:
    """A name that several hamlets have, under one title, and where the register has those who are listed there."""

    text: str
    fitting: tuple[str, ...]
    votes: Counter[str] = field(default_factory=Counter)
    rows: int = 0

    @property
    def communes(self) -> tuple[str, ...]:
        return tuple(key.partition("@")[2] for key in self.fitting)

    def voted(self) -> str | None:
        """The hamlet in which alone people of the list are, if they are enough."""
        if len(self.votes) != 1:
            return None
        key, count = self.votes.most_common(1)[0]
        return key if count >= ENOUGH or count * 5 >= self.rows else None


class ListedPlaces:
    """The hamlets of one list as the register has them.

    Args:
        sheets: of the list; their titles may name communes.
        mentions: what its rows say of where they belong; read only where names are shared.
        chosen: titles → bare name of the former commune that a person chose for their hamlets.
        is_making: the list can make hamlets.

    Attributes:
        asked: what the list leaves open, each title once.
    """

    def __init__(
        self,
        known: KnownPlaces,
        sheets: Iterable[ParsedSheet],
        mentions: Sequence[Mention],
        chosen: Mapping[Titles, str] | None = None,
        *,
        is_making: bool = True,
    ) -> None:
        self._known, self._is_making = known, is_making
        self._named = {sheet.name: sheet.communes for sheet in sheets}
        self._titles = {name: tuple(map(bare_commune, communes)) for name, communes in self._named.items()}
        self._fitting: dict[tuple[Titles, str, bool], tuple[str, tuple[str, ...]]] = {}
        self._settled: dict[tuple[Titles, str], str] = {}
        self._split: dict[tuple[Titles, str], _Open] = {}
        self.asked: tuple[AskedCommune, ...] = self._settle(mentions, dict(chosen or {}))

    @property
    def known(self) -> KnownPlaces:
        return self._known

    def of(self, mention: Mention) -> str:
        """Key of the hamlet that a row means, living or ended; a new one's own; "" where it is not clear."""
        if not mention.text:
            return ""
        titles = self._titles.get(mention.sheet, ())
        plain, fitting = self._read(titles, mention.text, mention.is_vague)
        if len(fitting) < 2:
            return fitting[0] if fitting else plain
        split = self._split.get((titles, plain))
        if split is not None:
            own = _only(mention.lives_in(), fitting, self._known)
            if own is not None:
                return own
        return self._settled.get((titles, plain), "")

    def _read(self, titles: Titles, text: str, is_vague: bool) -> tuple[str, tuple[str, ...]]:
        place = (titles, text, is_vague)
        found = self._fitting.get(place)
        if found is None:
            plain = self._known.plain(text, is_vague=is_vague)
            found = plain, self._known.fitting(plain, titles, is_making=self._is_making)
            self._fitting[place] = found
        return found

    def _settle(self, mentions: Sequence[Mention], chosen: Mapping[Titles, str]) -> tuple[AskedCommune, ...]:
        texts = {(self._titles.get(one.sheet, ()), one.text, one.is_vague) for one in mentions if one.text}
        opened: dict[Titles, dict[str, _Open]] = {}
        for titles, text, is_vague in sorted(texts):
            plain, fitting = self._read(titles, text, is_vague)
            if len(fitting) > 1:
                opened.setdefault(titles, {}).setdefault(plain, _Open(text, fitting))
        if not opened:
            return ()
        for one in mentions:
            titles = self._titles.get(one.sheet, ())
            item = opened.get(titles, {}).get(self._read(titles, one.text, one.is_vague)[0]) if one.text else None
            if item is not None:
                item.rows += 1
                own = _only(one.lives_in(), item.fitting, self._known)
                item.votes.update([own] if own is not None else [])
        asked = (self._decide(titles, items, texts, chosen.get(titles)) for titles, items in opened.items())
        return tuple(item for item in asked if item is not None)

    def _decide(
        self, titles: Titles, items: Mapping[str, _Open], texts: Iterable[tuple[Titles, str, bool]], word: str | None
    ) -> AskedCommune | None:
        """Settle what the evidence decides of one title's hamlets; the rest is asked about."""
        listed = {self._read(*place)[0] for place in texts if place[0] == titles}
        commune = self._voted_commune(items.values())
        commune = commune if commune is not None else self._covering(listed, items.values())
        left: list[tuple[str, _Open]] = []
        for plain, item in items.items():
            own = item.voted()
            if item.votes and own is None:
                self._split[titles, plain] = item
            own = own if own is not None else _of_commune(item, commune) if not item.votes else None
            if own is None:
                left.append((plain, item))
            else:
                self._settled[titles, plain] = own
        return self._ask(titles, left, word) if left else None

    def _ask(self, titles: Titles, left: Sequence[tuple[str, _Open]], word: str | None) -> AskedCommune:
        communes = dict.fromkeys(commune for _, item in left for commune in item.communes)
        proposal = self._proposal(titles, [item for _, item in left], communes)
        is_chosen = word is not None and word in communes
        taken = word if is_chosen else proposal
        for plain, item in left:
            own = _of_commune(item, taken)
            self._settled[titles, plain] = own if own is not None else ""
        named = next((told for name, told in self._named.items() if self._titles[name] == titles), ())
        options = {commune: self._known.words_of(commune) for commune in communes}
        hamlets = tuple(dict.fromkeys(item.text for _, item in left))
        return AskedCommune(titles, ", ".join(named), hamlets, options, proposal, taken, is_chosen)

    def _proposal(self, titles: Titles, left: Sequence[_Open], communes: Collection[str]) -> str | None:
        """Where most of the list's people are, else the former commune that has the title's name."""
        votes = Counter(key.partition("@")[2] for item in left for key in item.votes.elements())
        ranked = votes.most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            return ranked[0][0]
        titled = [commune for commune in titles if commune in communes]
        return titled[0] if len(titled) == 1 else None

    @staticmethod
    def _voted_commune(items: Iterable[_Open]) -> str | None:
        """The former commune of whose hamlets alone the list's people are."""
        votes: Counter[str] = Counter()
        rows = 0
        for item in items:
            votes.update(key.partition("@")[2] for key in item.votes.elements())
            rows += item.rows
        if len(votes) != 1:
            return None
        commune, count = votes.most_common(1)[0]
        return commune if count >= ENOUGH or count * 5 >= rows else None

    def _covering(self, listed: Collection[str], items: Iterable[_Open]) -> str | None:
        """The one former commune that has all the list's hamlets which the register knows of former communes."""
        ends = self._known.ends
        of_each = [
            {commune for commune in self._known.formers if f"{plain}@{commune}" in ends}
            for plain in listed
            if "@" not in plain and plain not in ends
        ]
        told = [communes for communes in of_each if communes]
        common = set.intersection(*told) if told else set()
        is_told = any(len(communes) == 1 for communes in told)
        return next(iter(common)) if len(common) == 1 and is_told else None


def _only(homes: Collection[str], fitting: Sequence[str], known: KnownPlaces) -> str | None:
    """The one of the hamlets in which these homes lie; None for none or several."""
    found = [key for key in fitting if known.ends.get(key, (key, ""))[0] in homes]
    return found[0] if len(found) == 1 else None


def _of_commune(item: _Open, commune: str | None) -> str | None:
    return next((key for key in item.fitting if key.partition("@")[2] == commune), None)
