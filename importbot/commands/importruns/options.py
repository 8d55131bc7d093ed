"""The command line of ``pwb importruns``."""
from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timezone
from pathlib import Path
from typing import Any

from importbot.commands.command_line import read_known
from importbot.commands.option_values import (
    GREATEST,
    run_number,
    values_of,
)
from importbot.journal.records import RunFilter
from importbot.model.errors import UsageError
from importbot.model.option import RUNS
from importbot.model.options import OPTIONS
from importbot.reports.formats import format_named


__all__ = ('CheckOptions', 'RunsOptions', 'read_runs_options')

_OPTIONS = OPTIONS.of(RUNS)


#: A share in percent, as ``10%`` or ``0.5%``.
_SHARE = re.compile(r'(\d+(?:\.\d+)?)\s*%')
#: What says which runs; one run is said by its number.
_OF_RUNS = ('requester', 'runs', 'since', 'until')


@dataclass(frozen=True)
class CheckOptions:

    """Which pages are looked at again.

    :param run: number of the one run, None for all
    :param sample: share of the pages in percent, None for all
    :param titles: of the pages, none for all
    :param most: the latest runs that count, 0 for all
    """

    run: int | None = None
    sample: float | None = None
    titles: tuple[str, ...] = ()
    most: int = 0


@dataclass(frozen=True)
class RunsOptions:

    """What somebody wants to know of the journal.

    :param check: which pages are looked at again, None if none are
    :param run: number of the one run that is wanted
    :param title: of the page whose past is wanted
    :param html: folder to write all runs into
    :param prune: forget texts of what ended so many days ago
    :param always: whether to forget them without asking
    :param health: tell how the bot is; hours since the last good pass that
        are too many
    :param upgrade: lift the journal to the schema of this release
    :param form: name of a format
    :param most: how many runs or decisions, 0 for all
    :param everywhere: whether runs into all wikis count
    :param wanted: conditions
    :param journal: URL of the journal
    """

    check: CheckOptions | None = None
    run: int | None = None
    title: str = ''
    html: Path | None = None
    prune: int | None = None
    always: bool = False
    health: int | None = None
    upgrade: bool = False
    form: str = _OPTIONS['format'].default
    most: int = _OPTIONS['runs'].default
    everywhere: bool = False
    wanted: RunFilter = field(default_factory=RunFilter)
    journal: str = ''


def read_runs_options(arguments: Iterable[str]) -> RunsOptions | None:
    """Read the command line.

    :param arguments: what pywikibot's global options left over
    :return: None if there is an option that nobody knows
    :raises UsageError: a value that does not make sense
    """
    line = read_known(RUNS, _with_run_named(arguments))
    return None if line is None else _options(line.given)


def _with_run_named(arguments: Iterable[str]) -> list[str]:
    """Return arguments in which a number alone is that of the run.

    That is how importundo is told which.
    """
    arguments = list(arguments)
    runs = {argument.removeprefix('-run:') for argument in arguments
            if argument.isdecimal() or argument.startswith('-run:')}
    if len(runs) > 1:
        raise UsageError('One run is told at a time; leave out all numbers '
                         'but one')
    return [f'-run:{argument}' if argument.isdecimal() else argument
            for argument in arguments]


def _options(given: dict[str, Any]) -> RunsOptions:
    values = values_of(RUNS, given)
    since, until = (_moment(name, given.get(name, ''))
                    for name in ('since', 'until'))
    if since and until and since > until:
        raise UsageError(f'-since:{given["since"]} is later than '
                         f'-until:{given["until"]}; no run was then')
    check = _check(given, values)
    if len(values['title']) > 1 and check is None:
        raise UsageError('Give one -title: what runs decided is told of one '
                         'page; -check takes several')
    return RunsOptions(
        check=check, run=values['run'],
        title='' if check else ''.join(values['title']),
        html=Path(values['html']) if values['html'] else None,
        prune=values['prune'], always=values['always'],
        health=values['health'], upgrade=values['upgrade'],
        form=format_named(values['format']).name,
        # What is known of a title is known only as a whole.
        most=0 if 'title' in given and 'runs' not in given
        else min(GREATEST, values['runs']),
        everywhere=values['all'], journal=values['journal'],
        wanted=RunFilter(
            decisions=frozenset(values['decision']),
            outcomes=frozenset(values['outcome']),
            requester=_account(values['requester']),
            since=since, until=until))


def _check(given: dict[str, Any],
           values: dict[str, Any]) -> CheckOptions | None:
    """Return what is to be looked at again, if that is wanted."""
    if 'check' not in given:
        return None
    value = '' if given['check'] is True else given['check'].strip()
    run, sample = values['run'], _share(value)
    if value and sample is None:
        if run is not None:
            raise UsageError(f'-check:{value} and -run:{run} are two ways to '
                             'name a run; leave one of them out')
        run = _checked_run(value)
    if run is not None:
        more = [f'-{name}' for name in _OF_RUNS if name in given]
        if more:
            raise UsageError(f'-check:{run} names one run; leave out '
                             f'{", ".join(more)}')
    if sample is not None and values['title']:
        raise UsageError(f'-check:{value} is a sample of what runs brought, '
                         'and -title names pages; leave one of them out')
    return CheckOptions(run, sample, values['title'],
                        values['runs'] if 'runs' in given else 0)


def _share(value: str) -> float | None:
    """Return a share in percent, None where there is none."""
    if not value.endswith('%'):
        return None
    match = _SHARE.fullmatch(value)
    share = float(match[1]) if match else 0
    if not 0 < share <= 100:
        raise UsageError(f'-check:{value} is no sample; give one above 0% '
                         'and up to 100%, such as -check:10%')
    return share


def _checked_run(value: str) -> int:
    try:
        return run_number(value)
    except ValueError:
        raise UsageError(
            f'-check:{value} is neither the number of a run nor a sample; '
            'give -check, -check:12 or -check:10%; importruns lists runs'
            ) from None


def _account(value: str) -> str:
    """Return the name of an account as wikis write it."""
    name = ' '.join(value.replace('_', ' ').split())
    return name[:1].upper() + name[1:]


def _moment(name: str, value: str) -> str:
    """Return a time as the journal writes it.

    A day as the end of a time is meant to its end.
    """
    if not value:
        return ''
    try:
        when = datetime.fromisoformat(value.strip().replace('Z', '+00:00'))
        if len(value.strip()) <= len('2024-12-31') and name == 'until':
            when = datetime.combine(when, time(23, 59, 59))
        if when.tzinfo is None:
            when = when.replace(tzinfo=timezone.utc)
        return when.astimezone(timezone.utc).isoformat(timespec='seconds')
    except (ValueError, OverflowError):
        raise UsageError(
            f'-{name}:{value} is no time; write 2024-12-31 or '
            '2024-12-31T23:59:59Z') from None
