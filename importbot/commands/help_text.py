"""What ``-help`` says of options, from their table."""
from __future__ import annotations

import textwrap
from collections.abc import Iterator

from importbot.model.option import Choice, Kind, Option
from importbot.model.options import OPTIONS, OptionTable


__all__ = ('ALIASES', 'option_help')

#: Where the text beside an option begins, and where a line ends.
_COLUMN, _WIDTH = 18, 79
#: What stands for the other names in the docstring of a script.
ALIASES = '&aliases;'


def option_help(script: str, table: OptionTable = OPTIONS) -> dict[str, str]:
    """Return what stands for what in the docstring of a script.

    For ``docuReplacements``, with which pywikibot fills a docstring that
    it shows: the options of a group ``run`` go where ``&run;`` stands.

    :param script: as it is called after ``pwb``
    """
    groups: dict[str, list[str]] = {}
    for option in table.of(script).values():
        groups.setdefault(f'&{option.group};', []).extend(_lines(option))
    parts = {key: '\n'.join(lines) for key, lines in groups.items()}
    return parts | {ALIASES: _aliases(script, table)}


def _lines(option: Option) -> Iterator[str]:
    """Yield the lines of an option, one form of it after the other."""
    named = [choice for choice in option.choices if choice.help]
    if not named:
        yield _line(_name(option), _sentence(option))
    elif len(named) < len(option.choices) - len(_other_words(option)):
        values = ', '.join(_value(option, choice)
                           for choice in option.choices if not choice.help)
        yield _line(f'-{option.name}:', f'{option.help}: {values}; and')
    for choice in named:
        mark = '(default) ' if choice.value == option.default else ''
        yield _line(f'-{option.name}:{choice.shown or choice.value}',
                    mark + choice.help)
    for form, said in option.forms:
        yield _line(f'-{option.name}:{form}', said)


def _other_words(option: Option) -> list[Choice]:
    return [choice for choice in option.choices if choice.means]


def _value(option: Option, choice: Choice) -> str:
    mark = ' (default)' if choice.value == option.default else ''
    return choice.value + mark


def _name(option: Option) -> str:
    needs_none = option.kind is Kind.FLAG or option.bare is not None
    return f'-{option.name}' if needs_none else (
        f'-{option.name}:{option.placeholder}')


def _sentence(option: Option) -> str:
    """Return what an option does, with what its row says besides."""
    more = '; repeatable' if option.kind.is_repeatable else ''
    if option.kind is Kind.NUMBER and option.default:
        more = f' (default {option.default})'
    return option.help + more


def _line(name: str, text: str) -> str:
    """Return an option with what it does beside it, or below if it is long.
    """
    below = len(name) >= _COLUMN
    lines = textwrap.fill(
        text, _WIDTH, initial_indent=' ' * _COLUMN,
        subsequent_indent=' ' * _COLUMN, break_long_words=False,
        break_on_hyphens=False)
    return f'{name}\n{lines}' if below else name + lines[len(name):]


def _aliases(script: str, table: OptionTable) -> str:
    """Return a paragraph about the other names of a script's options."""
    said = ', '.join(
        f'-{alias.name} ({" ".join(f"-{meant}" for meant in alias.means)}'
        + (f', which {alias.warning})' if alias.warning else ')')
        for alias in table.aliases_of(script)
        if alias.of == 'transwikiimport')
    return textwrap.fill(
        'Names of the script transwikiimport are understood where they mean '
        f'the same: {said}.', _WIDTH - 1, break_long_words=False,
        break_on_hyphens=False)
