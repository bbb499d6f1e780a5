"""Errors per 10,000 fields by person and by batch, and the share of each person's forms that is keyed twice now.

Invariants: an error of the first keyer is a field whose settled value differs from the first, of the second keyer one
whose settled value differs from the second; only finished forms count, each rate with its denominator. Shares are not
stored but follow from the finished batches, so machines agree and an undone settlement moves them back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import Connection

from desktop_app.models.types import Uid
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.context import Context
from desktop_app.services.keying.second_entries import Entry, read_entries, user_names
from desktop_app.services.keying.second_records import BatchRate, PersonRate, Rates
from desktop_app.services.keying.second_rules import Outcome, SecondRules, share_after
from desktop_app.services.keying.second_settings import load_rules, read_rules

UNKNOWN = "(không rõ ai)"


def read_rates(context: Context, year: int) -> Rates:
    """Errors of a round; raises UserError ``round.unknown``."""
    with context.read() as connection:
        round_of(connection, year)
        rules = read_rules(connection)
        entries = read_entries(connection, year)
        names = user_names(connection)
        shares = shares_of(connection, rules)
    return Rates(year, _people(entries, names, shares, rules), _batches(entries, names))


def finished_batches(connection: Connection, people: Collection[Uid] | None = None) -> dict[Uid, list[Outcome]]:
    """Of each first keyer (or of some) the batches of which every drawn form is settled, the one finished first
    first."""
    stacks: dict[tuple[Uid, str], list[Entry]] = {}
    for entry in read_entries(connection, people=people):
        if entry.first_by is not None and not (entry.locked and not entry.is_done):
            stacks.setdefault((entry.first_by, _stack(entry)), []).append(entry)
    found: dict[Uid, list[tuple[str, Outcome]]] = {}
    for (person, key), entries in stacks.items():
        if all(entry.is_done for entry in entries):
            fields = sum(len(entry.first) for entry in entries)
            errors = sum(entry.errors()[0] for entry in entries)
            finished = max(entry.finished_on for entry in entries)
            found.setdefault(person, []).append((finished, Outcome(key, fields, errors)))
    return {
        person: [outcome for _, outcome in sorted(items, key=lambda item: (item[0], item[1].key))]
        for person, items in found.items()
    }


def shares_of(connection: Connection, rules: SecondRules, people: Collection[Uid] | None = None) -> dict[Uid, float]:
    """Percent of each person's (or of some people's) forms that is keyed twice now; who is not named has the base
    share."""
    finished = finished_batches(connection, people)
    return {
        person: share_after(rules, finished.get(person, ()), rules.own.get(person))
        for person in {*finished, *rules.own}
    }


def load_shares(context: Context) -> dict[Uid, float]:
    """``shares_of`` as it stands now."""
    rules = load_rules(context)
    with context.read() as connection:
        return shares_of(connection, rules)


def export_rates(rates: Rates, path: Path) -> None:
    """Write both tables into an Excel file; raises EnvironmentProblem where it cannot be written."""
    from desktop_app.services.keying.second_workbook import write_rates

    write_rates(rates, path)


# -- inside ------------------------------------------------------------------------------------------------------


def _stack(entry: Entry) -> str:
    """A batch; forms of none are one stack a round, set and hamlet."""
    return entry.batch or f"{entry.year}{entry.key}"


def _people(
    entries: Iterable[Entry], names: dict[Uid, str], shares: dict[Uid, float], rules: SecondRules
) -> tuple[PersonRate, ...]:
    found: dict[Uid | None, PersonRate] = {}

    def of(user: Uid | None) -> PersonRate:
        if user not in found:
            name = names.get(user or "") or UNKNOWN
            share = shares.get(user or "", rules.base_share)
            found[user] = PersonRate(user, name, share=share, is_own=user in rules.own)
        return found[user]

    for entry in entries:
        first = of(entry.first_by)
        if not entry.is_done:
            found[entry.first_by] = replace(first, waiting=first.waiting + 1)
            continue
        errors, fields = entry.errors(), len(entry.first)
        found[entry.first_by] = replace(
            first,
            first_forms=first.first_forms + 1,
            first_fields=first.first_fields + fields,
            first_errors=first.first_errors + errors[0],
        )
        second = of(entry.entered_by)
        found[entry.entered_by] = replace(
            second,
            second_forms=second.second_forms + 1,
            second_fields=second.second_fields + fields,
            second_errors=second.second_errors + errors[1],
        )
    return tuple(sorted(found.values(), key=lambda item: (-item.first_rate, -item.first_fields, item.name)))


def _batches(entries: Iterable[Entry], names: dict[Uid, str]) -> tuple[BatchRate, ...]:
    stacks: dict[str, list[Entry]] = {}
    for entry in entries:
        stacks.setdefault(_stack(entry), []).append(entry)
    made = []
    for key, stack in stacks.items():
        done = [entry for entry in stack if entry.is_done]
        errors = [entry.errors() for entry in done]
        made.append(
            BatchRate(
                key,
                stack[0].batch_name,
                stack[0].collector,
                named(names, (entry.first_by for entry in stack)),
                named(names, (entry.entered_by for entry in stack if entry.second)),
                len(done),
                len(stack) - len(done),
                sum(len(entry.first) for entry in done),
                sum(first for first, _ in errors),
                sum(second for _, second in errors),
            )
        )
    return tuple(sorted(made, key=lambda item: (-item.first_rate, item.name)))


def named(names: dict[Uid, str], people: Iterable[Uid | None]) -> tuple[str, ...]:
    """Names of people, each once."""
    return tuple(dict.fromkeys(names.get(uid or "") or UNKNOWN for uid in people))
