"""How things are written: each module here is a format.

A format says its name and the ends of names of files that are written in
it, and which functions write what. A module that is put beside the others
is known to all commands. Modules here import what they need when they write:
nobody waits for HTML who wants JSON.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeVar

from importbot.journal.reports import RunDetails
from importbot.model.errors import UsageError
from importbot.model.problems import Problem, Setting
from importbot.reports.texts import CleanedTexts, HeldTexts


__all__ = ('DEFAULT', 'Format', 'Rendered', 'Told', 'format_named',
           'format_of_file', 'known_formats', 'rendered', 'text_of',
           'with_references')

#: The format of files whose name says nothing.
DEFAULT = 'json'

#: A text, or the parts of one, which a terminal gives width and colours.
Rendered = str | Sequence[Any]


@dataclass(frozen=True)
class Told:

    """What is told besides the thing itself.

    :param language: of all words that come from no wiki
    :param details: who asked for it and when it was
    :param compared: texts of pages on hold, to be replaced and to be
        cleaned up
    :param beside: addresses and words of pages in the same folder
    :param everything: whether all pages are to be listed where names would
        do
    """

    language: str
    details: RunDetails = field(default_factory=RunDetails)
    compared: Sequence[HeldTexts | CleanedTexts] = ()
    beside: Sequence[tuple[str, str]] = ()
    everything: bool = True


_Renderer = Callable[[Any, Told], Rendered]
_Function = TypeVar('_Function', bound=_Renderer)


def with_references(text: str, encoding: str) -> str:
    """Return what markup says, with nothing that could steer a terminal.

    :param text: HTML or wikitext
    :param encoding: what it lacks becomes a reference
    """
    text = ''.join(char if char.isprintable() or char == '\n'
                   else f'&#{ord(char)};' for char in text)
    return text.encode(encoding, 'xmlcharrefreplace').decode(encoding)


@dataclass(frozen=True)
class Format:

    """A way to write plans, reports and what else there is.

    :param name: by which it is asked for
    :param endings: of names of files, in small letters
    :param fitted: from a text and the name of an encoding to what may go to
        a terminal of that encoding
    :ivar renderers: functions by what they write
    """

    name: str
    endings: tuple[str, ...]
    fitted: Callable[[str, str], str] = with_references
    renderers: dict[type, _Renderer] = field(default_factory=dict, init=False,
                                             repr=False, compare=False)

    def renders(self, *kinds: type) -> Callable[[_Function], _Function]:
        """Register what writes things of some kinds in the format.

        :param kinds: classes; what derives from them is written as well
        """
        def register(function: _Function) -> _Function:
            self.renderers.update(dict.fromkeys(kinds, function))
            return function

        return register


@cache
def _formats() -> dict[str, Format]:
    """Return the formats by name."""
    found: list[Format] = [
        import_module(f'{__name__}.{module.name}').FORMAT
        for module in iter_modules(__path__)]
    return {item.name: item for item in found}


def known_formats() -> list[str]:
    """Return the names that there are."""
    return sorted(_formats())


def format_named(name: str) -> Format:
    """Return a format by its name.

    :raises UsageError: there is none
    """
    if name not in _formats():
        raise UsageError(Problem(
            'option-unknown', option=Setting('format', value=name),
            known=', '.join(known_formats())))
    return _formats()[name]


def format_of_file(name: str) -> Format:
    """Return the format that the name of a file asks for.

    :param name: of the file; with an end that says nothing it is JSON
    """
    return next((item for item in _formats().values()
                 if name.lower().endswith(item.endings)),
                _formats()[DEFAULT])


def rendered(thing: object, form: Format, told: Told) -> Rendered:
    """Return a thing in a format.

    :param thing: a plan, a report, runs of the journal, …
    :raises UsageError: the format has no way to write it
    """
    for kind in type(thing).__mro__:
        if kind in form.renderers:
            return form.renderers[kind](thing, told)
    raise UsageError(f'What was asked for cannot be written as {form.name}; '
                     'give another format')


def text_of(thing: object, form: Format, told: Told) -> str:
    """Return a thing in a format, as the text of a file.

    :param thing: a plan, a report, runs of the journal, …
    :raises UsageError: the format has no way to write it
    """
    made = rendered(thing, form, told)
    if isinstance(made, str):
        return made
    from importbot.reports.terminal.tables import plain_text
    return plain_text(made)
