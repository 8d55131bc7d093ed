"""What is wrong, as a key and values: each language has its sentence.

The sentence of a key is the message ``problem-KEY`` of ``i18n``. It names
no option of a command line: people on a wiki and scripts have none. Which
one mends a problem stands in ``importbot/reports/terminal/remedies.py``.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from importbot.model.catalogue import sentences
from importbot.model.printable import listed


__all__ = ('Problem', 'Value', 'Word', 'problem_from_json')


@dataclass(frozen=True, slots=True)
class Word:

    """A word of ours that languages other than English have their own for.

    :param kind: how the key of its message begins, as ``decision``
    :param name: how it ends, and the word itself in English
    """

    kind: str
    name: str


Value = Union[str, int, Word, 'Problem', 'tuple[Value, ...]']

#: Returns a message, by its key and the values of its parameters.
Say = Callable[..., str]


@dataclass(frozen=True, init=False)
class Problem:

    """Something that is wrong, in no language as yet.

    :ivar key: of the sentence, without ``problem-``; empty for words of
        somebody else, a wiki's for example, which stay as they are
    :ivar values: of its parameters; several are listed
    """

    key: str
    values: Mapping[str, Value]

    def __init__(self, key: str, /, **values: Value) -> None:
        object.__setattr__(self, 'key', key)
        object.__setattr__(self, 'values', values)

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return self.said(_in_english, lambda word: word.name)

    @classmethod
    def quoted(cls, text: str) -> Problem:
        """Return what somebody else says, in whatever language.

        :param text: their sentence
        """
        return cls('', text=text)

    @property
    def is_quoted(self) -> bool:
        """Whether these are words of somebody else."""
        return not self.key

    def said(self, say: Say, word: Callable[[Word], str]) -> str:
        """Return the sentence in a language.

        :param say: returns a message of that language
        :param word: returns a word of it
        """
        def shown(value: Value) -> object:
            if isinstance(value, tuple):
                return listed([str(shown(item)) for item in value])
            if isinstance(value, Problem):
                return value.said(say, word)
            return word(value) if isinstance(value, Word) else value

        values = {name: shown(value) for name, value in self.values.items()}
        return (say(f'problem-{self.key}', **values) if self.key
                else str(values['text']))

    def parts(self) -> Iterator[Problem]:
        """Yield the problem, and those that it is made of."""
        yield self
        for value in self.values.values():
            for item in value if isinstance(value, tuple) else (value, ):
                if isinstance(item, Problem):
                    yield from item.parts()

    def as_json(self) -> dict[str, Any]:
        """Return what ``problem_from_json`` reads."""
        return {'key': self.key, 'values': {
            name: _as_json(value) for name, value in self.values.items()}}


def _in_english(key: str, **values: object) -> str:
    return sentences('en')[f'importbot-{key}'] % values


def _as_json(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_as_json(item) for item in value]
    if isinstance(value, Word):
        return {'word': value.name, 'kind': value.kind}
    return value.as_json() if isinstance(value, Problem) else value


def problem_from_json(data: Mapping[str, Any]) -> Problem:
    """Return a problem from what it was kept as.

    :param data: of :meth:`Problem.as_json`
    """
    return Problem(data['key'], **{
        name: _value(value) for name, value in data['values'].items()})


def _value(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(map(_value, data))
    if isinstance(data, dict):
        return (Word(data['kind'], data['word']) if 'word' in data
                else problem_from_json(data))
    assert isinstance(data, (str, int)), 'it is of an as_json'
    return data
