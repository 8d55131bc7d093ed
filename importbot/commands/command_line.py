"""The command line of the scripts, apart from pywikibot's own options."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from importbot.commands.files import (
    PageList,
    check_distinct,
    read_page_list,
    writable,
)
from importbot.model.errors import UsageError
from importbot.model.policy import Policy
from importbot.planning.cleanups import known_cleanups
from importbot.rules.authors import read_mapping


__all__ = ('ALIASES', 'Options', 'policy_of_options', 'read_options',
           'run_number', 'whole_number')

#: Names that transwikiimport has for the same thing.
ALIASES = {'interwikisource': ('source', ), 'target': ('on:target', ),
           'fullhistory': ('history:full', 'templatehistory:full'),
           'includealltemplates': ('templates:used', 'existing:force'),
           'overwrite': ('existingpages:force', ),
           'assignknownusers': ('authors:local', )}

_FLAGS = frozenset({'always', 'nodocs', 'pin', 'talk'})
_REPEATABLE = frozenset({'only', 'exclude', 'nsmap', 'post'})
_NUMBERS = frozenset({'maxused', 'maxpages', 'maxrevisions'})
#: What goes with a saved plan and with a recorded run as well.
_ALWAYS_FIT = frozenset({'always', 'journal', 'plan', 'serverlimit'})
#: What goes with a saved plan alone.
_FITS = {'apply': frozenset({'pin'})}
_PLACES = ('correspondingnamespace', 'rootpage', 'targettitle')


@dataclass
class Options:

    """A command line, apart from what pywikibot reads itself.

    What was not given is not in :attr:`given`, so that ``scripts.ini`` can
    set it.

    :param given: values by name
    :param reports: files for the report
    :param lists: files for titles of pages
    :param generators: arguments that are left for page generators
    """

    given: dict[str, Any] = field(default_factory=dict)
    reports: list[Path] = field(default_factory=list)
    lists: list[PageList] = field(default_factory=list)
    generators: list[str] = field(default_factory=list)


def read_options(arguments: Iterable[str],
                 names: Collection[str]) -> Options:
    """Read a command line.

    :param arguments: what pywikibot's global options left over
    :param names: names of the options that the script has
    :raises UsageError: an option or value that does not make sense
    """
    options = Options()
    for argument in arguments:
        name, _colon, value = argument.removeprefix('-').partition(':')
        if not argument.startswith('-'):
            name = ''
        for real in ALIASES.get(name, (name, )):
            real, _colon, fixed = real.partition(':')
            _read_option(options, argument, real, fixed or value, names)
    _check_places(options.given)
    check_distinct([*options.reports,
                    *(page_list.path for page_list in options.lists)])
    for name in ('apply', 'resume'):
        _check_alone(options, name)
    return options


def _read_option(options: Options, argument: str, name: str, value: str,
                 names: Collection[str]) -> None:
    given = options.given
    if name == 'report' and name in names:
        options.reports.append(writable('report', value))
    elif name == 'savelist' and name in names:
        options.lists.append(read_page_list(value))
    elif name not in names:
        options.generators.append(argument)
    elif name in _FLAGS or (name in ('plan', 'resume') and not value):
        given[name] = True
    elif not value:
        raise UsageError(f'-{name} needs a value: -{name}:'
                         + '|'.join(_values(name)))
    elif name in _REPEATABLE:
        # One text, as an option of scripts.ini is one, too.
        given[name] = '\n'.join(filter(None, (given.get(name), value)))
    else:
        given[name] = value


def _values(name: str) -> Sequence[str]:
    if name == 'post':
        return known_cleanups()
    return Policy.CHOICES.get(name, ('…', ))


def _check_places(given: dict[str, Any]) -> None:
    places = [f'-{name}' for name in _PLACES if name in given]
    if len(places) > 1:
        raise UsageError(f'Give only one of {", ".join(places)}: each says '
                         'where the pages go')


def _check_alone(options: Options, alone: str) -> None:
    """Refuse what goes with neither a saved plan nor a recorded run."""
    more = [f'-{name}' for name in options.given
            if name not in (alone, *_ALWAYS_FIT, *_FITS.get(alone, ()))]
    # A dump is given again, by the name of its file.
    more += [argument for argument in options.generators
             if argument.startswith('-') and argument != '-']
    if alone in options.given and more:
        raise UsageError(f'-{alone} takes what to do from the plan; leave '
                         f'out {", ".join(more)}')


def run_number(value: str) -> int:
    """Return the number of a run.

    :param value: of ``-resume``
    :raises UsageError: it is none
    """
    if not value.isdecimal():
        raise UsageError(f'-resume:{value} is no number of a run; leave it '
                         'out for the latest one')
    return int(value)


def policy_of_options(values: dict[str, Any]) -> Policy:
    """Return the policy that the options of a script ask for.

    :param values: options by name, all of them
    :raises UsageError: a value that does not make sense
    """
    special = {'namespace', 'tags', 'only', 'exclude', 'nsmap', 'authors',
               'authormap', 'titlemap', 'post', *_NUMBERS}
    authors, names = _authors(values['authors'])
    numbers: dict[str, Any] = {name: whole_number(name, values[name])
                               for name in _NUMBERS}
    return Policy(
        namespace=_namespace(values['correspondingnamespace']),
        tags=tuple(tag for tag in values['tags'].split(',') if tag),
        only=tuple(values['only'].splitlines()),
        exclude=tuple(values['exclude'].splitlines()),
        nsmap=tuple(map(_pair, values['nsmap'].splitlines())),
        post=tuple(dict.fromkeys(values['post'].splitlines())),
        authors=authors, authormap=names,
        **numbers,
        **{item.name: values[item.name] for item in fields(Policy)
           if item.name not in special})


def _authors(value: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what becomes of authors, and the names of a file."""
    if value in ('prefix', 'local'):
        return value, ()
    try:
        text = Path(value).read_text(encoding='utf-8')
    except (OSError, ValueError) as error:
        raise UsageError(
            f'-authors:{value} is neither "prefix" nor "local", and no file '
            f'that can be read ({error})') from None
    names = read_mapping(text, value)
    if not names:
        raise UsageError(f'{value} names no author; write: Name = Name here')
    return 'file', tuple(sorted(names.items()))


def whole_number(name: str, value: str | int) -> int:
    """Return the value of an option that is a number.

    :param name: of the option
    :param value: as it was given
    :raises UsageError: it is none
    """
    try:
        number = int(value)
    except ValueError:
        number = -1
    if number < 0:
        raise UsageError(f'-{name}:{value} is no number from 0 up')
    return number


def _namespace(value: str) -> int | None:
    if value in ('', 'all'):
        return None
    if not value.isdecimal():
        raise UsageError(f'-correspondingnamespace:{value} is no namespace '
                         'number of the target, such as 4')
    return int(value)


def _pair(value: str) -> tuple[str, str]:
    here, sign, target = value.partition('=')
    if not sign:
        raise UsageError(f'-nsmap:{value} does not say where pages go; '
                         'write -nsmap:Portal=Project')
    return here.strip(), target.strip()
