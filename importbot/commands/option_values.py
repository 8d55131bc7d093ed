"""What the values of options mean, on a command line or in scripts.ini."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from importbot.model.errors import UsageError
from importbot.model.option import PAGES, Kind, Option, refusal
from importbot.model.options import OPTIONS, OptionTable
from importbot.model.policy import Policy
from importbot.planning.author_names import with_authors_read


__all__ = ('GREATEST', 'policy_of_options', 'run_number', 'value_of',
           'values_of')

#: Databases know no greater number of a run.
GREATEST = 2 ** 31 - 1


def values_of(script: str, given: Mapping[str, Any],
              table: OptionTable = OPTIONS) -> dict[str, Any]:
    """Return what all options of a script are, by name.

    :param script: as it is called after ``pwb``
    :param given: values as they were given, by name; the others have
        their defaults
    :raises UsageError: a value that does not make sense
    """
    return {name: value_of(option, given.get(name, option.text))
            for name, option in table.of(script).items()
            if not option.kind.is_file}


def policy_of_options(given: Mapping[str, Any], script: str = PAGES,
                      table: OptionTable = OPTIONS,
                      told: Collection[str] = ()) -> Policy:
    """Return the policy that the options of a script ask for.

    :param given: as for :func:`values_of`
    :param script: as it is called after ``pwb``
    :param told: names of options that need not be given: something else
        stands for them
    :raises UsageError: a value that does not make sense
    """
    options = table.of(script)
    for name, option in options.items():
        if option.needed and not given.get(name) and name not in told:
            raise UsageError(option.needed)
    wanted = {options[name].field: value
              for name, value in values_of(script, given, table).items()
              if options[name].field}
    return with_authors_read(table.policy(**wanted))


def value_of(option: Option, given: Any) -> Any:
    """Return what the value of an option means.

    :param given: text of a command line or of ``scripts.ini``, or what it
        means that there is none
    :raises UsageError: it does not make sense
    """
    if given in option.refused:
        raise UsageError(option.refused[given])
    read = _READERS.get(option.kind)
    return read(option, given) if read else given


def run_number(value: str) -> int:
    """Return the number of a run.

    :param value: as it was given
    :raises ValueError: it is none
    """
    if not value.isdecimal() or int(value) > GREATEST:
        raise ValueError('is no number of a run; importruns lists them')
    return int(value)


def _number(option: Option, given: str | int) -> int | None:
    if given == option.text == '':
        return None
    try:
        number = int(given)
    except ValueError:
        number = -1
    if number < 0:
        raise refusal(option, given, 'is no number from 0 up')
    return number


def _run(option: Option, given: Any) -> int | None:
    if given in ('', option.bare):
        return None
    try:
        return run_number(given)
    except ValueError as error:
        raise refusal(option, given, str(error)) from None


def _namespace(option: Option, given: str) -> int | None:
    if given in ('', 'all'):
        return None
    if not given.isdecimal():
        raise refusal(option, given, 'is no namespace number of the target, '
                      'such as 4')
    return int(given)


def _choice(option: Option, given: str) -> str:
    option.check(given)
    means = {choice.value: choice.means for choice in option.choices}
    return means[given] or given


def _authors(_option: Option, given: str) -> str | Path:
    return given if given in ('prefix', 'local') else Path(given)


def _words(_option: Option, given: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in given.split(',') if word.strip())


def _lines(_option: Option, given: str) -> tuple[str, ...]:
    # What a title or a pattern holds may end lines elsewhere.
    return tuple(filter(None, given.split('\n')))


def _different_lines(option: Option, given: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_lines(option, given)))


def _pairs(option: Option, given: str) -> tuple[tuple[str, str], ...]:
    return tuple(_pair(option, line) for line in given.splitlines())


def _pair(option: Option, line: str) -> tuple[str, str]:
    here, sign, there = line.partition('=')
    if not sign:
        raise refusal(option, line, 'does not say where pages go; write '
                      f'-{option.name}:Portal=Project')
    return here.strip(), there.strip()


_READERS: dict[Kind, Callable[[Option, Any], Any]] = {
    Kind.NUMBER: _number, Kind.RUN: _run, Kind.NAMESPACE: _namespace,
    Kind.CHOICE: _choice, Kind.AUTHORS: _authors, Kind.WORDS: _words,
    Kind.TEXTS: _lines, Kind.PATTERNS: _lines,
    Kind.CLEANUPS: _different_lines, Kind.PAIRS: _pairs}
