"""The command line of ``pwb importruns``."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timezone
from pathlib import Path
from typing import Any

from importbot.commands.command_line import read_known
from importbot.commands.option_values import GREATEST, values_of
from importbot.journal.records import RunFilter
from importbot.model.errors import UsageError
from importbot.model.option import RUNS
from importbot.model.options import OPTIONS
from importbot.reports.formats import format_named


__all__ = ('RunsOptions', 'read_runs_options')

_OPTIONS = OPTIONS.of(RUNS)


@dataclass(frozen=True)
class RunsOptions:

    """What somebody wants to know of the journal.

    :param run: number of the one run that is wanted
    :param title: of the page whose past is wanted
    :param html: folder to write all runs into
    :param prune: forget texts of what ended so many days ago
    :param always: whether to forget them without asking
    :param upgrade: lift the journal to the schema of this release
    :param form: name of a format
    :param most: how many runs or decisions, 0 for all
    :param everywhere: whether runs into all wikis count
    :param wanted: conditions
    :param journal: URL of the journal
    """

    run: int | None = None
    title: str = ''
    html: Path | None = None
    prune: int | None = None
    always: bool = False
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
    line = read_known(RUNS, arguments)
    return None if line is None else _options(line.given)


def _options(given: dict[str, Any]) -> RunsOptions:
    values = values_of(RUNS, given)
    since, until = (_moment(name, given.get(name, ''))
                    for name in ('since', 'until'))
    if since and until and since > until:
        raise UsageError(f'-since:{given["since"]} is later than '
                         f'-until:{given["until"]}; no run was then')
    return RunsOptions(
        run=values['run'], title=values['title'],
        html=Path(values['html']) if values['html'] else None,
        prune=values['prune'], always=values['always'],
        upgrade=values['upgrade'],
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
