"""The command line of ``pwb importruns``."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timezone
from pathlib import Path

from pywikibot.bot import suggest_help

from importbot.commands.command_line import whole_number
from importbot.journal.records import RunFilter
from importbot.model.errors import UsageError
from importbot.reports.formats import format_named


__all__ = ('RunsOptions', 'read_runs_options')

#: Databases know no greater number of a run.
_MOST = 2 ** 31 - 1

#: Runs that are listed where nobody says how many.
_LATEST = 20

_VALUES = ('decision', 'format', 'html', 'journal', 'outcome', 'prune',
           'requester', 'run', 'runs', 'since', 'title', 'until')
_FLAGS = ('-all', '-always')
#: What says what is wanted; one of them.
_KINDS = ('run', 'title', 'html', 'prune')
#: What makes no sense beside it, by what is wanted.
_NOT_WITH = {
    'run': ('requester', 'runs', 'since', 'until'),
    'title': (),
    'html': ('decision', 'format', 'outcome', 'requester', 'runs', 'since',
             'until'),
    'prune': ('all', 'decision', 'format', 'outcome', 'requester', 'runs',
              'since', 'until')}


@dataclass(frozen=True)
class RunsOptions:

    """What somebody wants to know of the journal.

    :param run: number of the one run that is wanted
    :param title: of the page whose past is wanted
    :param html: folder to write all runs into
    :param prune: forget texts of what ended so many days ago
    :param always: whether to forget them without asking
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
    form: str = 'table'
    most: int = _LATEST
    everywhere: bool = False
    wanted: RunFilter = field(default_factory=RunFilter)
    journal: str = ''


def read_runs_options(arguments: Iterable[str]) -> RunsOptions | None:
    """Read the command line.

    :param arguments: what pywikibot's global options left over
    :return: None if there is an option that nobody knows
    :raises UsageError: a value that does not make sense
    """
    given: dict[str, str] = {}
    unknown = []
    for argument in arguments:
        name, _colon, value = argument.removeprefix('-').partition(':')
        if argument in _FLAGS:
            given[name] = ''
        elif argument.startswith('-') and name in _VALUES:
            if not value.strip():
                raise UsageError(f'-{name} needs a value: -{name}:…')
            if name in ('decision', 'outcome') and name in given:
                value = f'{given[name]},{value}'
            given[name] = value
        else:
            unknown.append(argument)
    if suggest_help(unknown_parameters=unknown):
        return None
    _check_together(given)
    return _options(given)


def _check_together(given: Collection[str]) -> None:
    names = [name for name in _KINDS if name in given]
    if len(names) > 1:
        raise UsageError('Give only one of '
                         + ', '.join(f'-{name}' for name in names))
    for name in names:
        more = [f'-{other}' for other in _NOT_WITH[name] if other in given]
        if more:
            raise UsageError(f'-{name} does not go with {", ".join(more)}; '
                             'leave one of them out')
    if 'always' in given and 'prune' not in given:
        raise UsageError('-always goes with -prune alone; nothing else asks')


def _options(given: dict[str, str]) -> RunsOptions:
    form = format_named(given.get('format', 'table')).name
    since, until = (_moment(name, given.get(name, ''))
                    for name in ('since', 'until'))
    if since and until and since > until:
        raise UsageError(f'-since:{given["since"]} is later than '
                         f'-until:{given["until"]}; no run was then')
    run = given.get('run', '')
    if run and not (run.isdecimal() and int(run) <= _MOST):
        raise UsageError(f'-run:{run} is no number of a run; leave it out '
                         'for a list of them')
    html, prune = given.get('html'), given.get('prune')
    return RunsOptions(
        run=int(run) if run else None, title=given.get('title', ''),
        html=Path(html) if html else None, form=form,
        prune=None if prune is None else whole_number('prune', prune),
        always='always' in given,
        # What is known of a title is known only as a whole.
        most=min(_MOST, whole_number('runs', given.get(
            'runs', 0 if 'title' in given else _LATEST))),
        everywhere='all' in given, journal=given.get('journal', ''),
        wanted=RunFilter(
            decisions=_words(given.get('decision', '')),
            outcomes=_words(given.get('outcome', '')),
            requester=_account(given.get('requester', '')),
            since=since, until=until))


def _words(value: str) -> frozenset[str]:
    return frozenset(word.strip() for word in value.split(',')
                     if word.strip())


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
