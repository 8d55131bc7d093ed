"""What is wrong, as a key and values: each language has its sentence.

The sentence of a key is the message ``problem-KEY`` of ``i18n``. It names
no option of a command line: people on a wiki and scripts have none. Which
one mends a problem stands in ``importbot/reports/terminal/remedies.py``.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from importbot.model.catalogue import sentences
from importbot.model.printable import listed


__all__ = ('Problem', 'Setting', 'Value', 'Word', 'problem_from_json')


@dataclass(frozen=True, slots=True)
class Word:

    """A word of ours that languages other than English have their own for.

    :param kind: how the key of its message begins, as ``decision``
    :param name: how it ends, and the word itself in English
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Setting:

    """Something that was set: an option, or a field of the policy.

    :param option: name of the option
    :param field: name of the field, that of the option if empty
    :param value: what it was set to, where that is to be said
    """

    option: str
    field: str = ''
    value: str = ''

    def __str__(self) -> str:
        name = self.field or self.option
        return f'{name}={self.value!r}' if self.value else name

    @property
    def as_option(self) -> str:
        """How it is given on a command line."""
        return f'-{self.option}' + (f':{self.value}' if self.value else '')


Value = Union[str, int, Word, Setting, 'Problem', 'tuple[Value, ...]']

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
        return self.in_english(str)

    def in_english(self, setting: Callable[[Setting], str]) -> str:
        """Return the English sentence.

        :param setting: returns how something is called that was set
        """
        return self.said(_in_english, lambda word: word.name
                         if isinstance(word, Word) else setting(word))

    @classmethod
    def quoted(cls, text: str) -> Problem:
        """Return what somebody else says, in whatever language.

        :param text: their sentence
        """
        return cls('', text=text)

    @classmethod
    def of_lines(cls, problems: Iterable[Problem]) -> Problem:
        """Return several problems as one, which is said in a line each.

        :param problems: in the order in which they are said
        """
        return cls('', text=tuple(problems))

    @property
    def lines(self) -> tuple[Problem, ...]:
        """What is said in a line each; itself, if it is one alone."""
        text = self.values.get('text') if not self.key else None
        return tuple(line for line in text if isinstance(line, Problem)
                     ) if isinstance(text, tuple) else (self, )

    @property
    def is_known(self) -> bool:
        """Whether this release has its sentence."""
        return not self.key or (
            f'importbot-problem-{self.key}' in sentences('en'))

    @property
    def is_quoted(self) -> bool:
        """Whether these are words of somebody else."""
        return not self.key and isinstance(self.values['text'], str)

    def said(self, say: Say, word: Callable[[Word | Setting], str]) -> str:
        """Return the sentence in a language.

        :param say: returns a message of that language
        :param word: returns a word of it, or a name
        """
        def shown(value: Value) -> object:
            if isinstance(value, tuple):
                return listed([str(shown(item)) for item in value])
            if isinstance(value, Problem):
                return value.said(say, word)
            return (word(value) if isinstance(value, (Word, Setting))
                    else value)

        if self.lines != (self, ):
            return '\n'.join(line.said(say, word) for line in self.lines)
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
    if isinstance(value, Setting):
        return {'option': value.option, 'field': value.field,
                'set': value.value}
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
    if isinstance(data, dict) and 'option' in data:
        return Setting(data['option'], data['field'], data['set'])
    if isinstance(data, dict):
        return (Word(data['kind'], data['word']) if 'word' in data
                else problem_from_json(data))
    assert isinstance(data, (str, int)), 'it is of an as_json'
    return data
