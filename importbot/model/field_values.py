"""What a script may give for a field of the policy, and what it becomes."""
from __future__ import annotations

import operator
import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from importbot.model.errors import UsageError
from importbot.model.option import Kind, Option
from importbot.model.problems import Problem


__all__ = ('Taken', 'field_value')

_Kept = TypeVar('_Kept', covariant=True)
_Given = TypeVar('_Given', contravariant=True)

#: As the API writes times, to the second.
_TIMESTAMP = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ')


class Taken(Generic[_Kept, _Given]):

    """The type of a field that takes more types than it keeps.

    Type checkers know fields of a dataclass by what a descriptor gives and
    takes; nothing of it is there when a program runs.
    """

    def __get__(self, holder: object, owner: object = None) -> _Kept:
        raise NotImplementedError

    def __set__(self, holder: object, value: _Given) -> None:
        raise NotImplementedError


def field_value(option: Option, given: Any) -> Any:
    """Return what a field is from what was given for it.

    :param option: its row
    :param given: of any type: lists and sets serve where several texts
        are wanted, dicts where pairs are
    :raises UsageError: it is of another type, or not among the values
        that the field may have
    """
    return _READERS[option.kind](option, given)


def _refused(option: Option, given: object, kind: str) -> UsageError:
    return UsageError(Problem(f'field-{kind}', given=repr(given),
                              field=option.setting()))


def _flag(option: Option, given: Any) -> bool:
    if not isinstance(given, bool):
        raise _refused(option, given, 'flag')
    return given


def _number(option: Option, given: Any) -> int:
    try:
        # A namespace of pywikibot is its number, True is nobody's.
        number = -1 if isinstance(given, bool) else operator.index(given)
    except TypeError:
        number = -1
    if number < 0:
        raise _refused(option, given, 'number')
    return number


def _namespace(option: Option, given: Any) -> int | None:
    return None if given is None else _number(option, given)


def _text(option: Option, given: Any) -> str:
    if not isinstance(given, str):
        raise _refused(option, given, 'text')
    return given


def _choice(option: Option, given: Any) -> str:
    option.check(given)
    return str(given)


def _authors(option: Option, given: Any) -> Any:
    # Read where a plan is made: a policy reads no file.
    return (given if isinstance(given, os.PathLike)
            else _choice(option, given))


def _time(option: Option, given: Any) -> str:
    text = _text(option, given)
    if text and not _TIMESTAMP.fullmatch(text):
        raise UsageError(Problem('option-time', option=option.setting(text)))
    return text


def _texts(option: Option, given: Any) -> tuple[str, ...]:
    if (isinstance(given, (str, bytes, Mapping))
            or not isinstance(given, Iterable)):
        raise _refused(option, given, 'texts')
    texts = tuple(given)
    if not all(isinstance(text, str) for text in texts):
        raise _refused(option, given, 'texts')
    return tuple(sorted(texts)) if isinstance(
        given, (set, frozenset)) else texts


def _patterns(option: Option, given: Any) -> tuple[str, ...]:
    patterns = _texts(option, given)
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise UsageError(Problem(
                'option-pattern', option=option.setting(pattern),
                cause=str(error))) from None
    return patterns


def _pairs(option: Option, given: Any) -> tuple[tuple[str, str], ...]:
    try:
        pairs = [(one, other) for one, other in (
            given.items() if isinstance(given, Mapping) else given)
            if not isinstance(given, str)]
    except (TypeError, ValueError):
        raise _refused(option, given, 'pairs') from None
    # A namespace may be given by its number.
    if isinstance(given, str) or not all(
            isinstance(name, (str, int)) and not isinstance(name, bool)
            for pair in pairs for name in pair):
        raise _refused(option, given, 'pairs')
    return tuple((str(one), str(other)) for one, other in pairs)


_READERS: dict[Kind, Callable[[Option, Any], Any]] = {
    Kind.FLAG: _flag, Kind.NUMBER: _number, Kind.NAMESPACE: _namespace,
    Kind.TEXT: _text, Kind.TIME: _time, Kind.CHOICE: _choice,
    Kind.AUTHORS: _authors, Kind.WORDS: _texts, Kind.TEXTS: _texts,
    Kind.PATTERNS: _patterns, Kind.CLEANUPS: _texts, Kind.PAIRS: _pairs}
