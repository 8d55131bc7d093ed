"""The words that people may write into a request, in every language.

What the configuration of a wiki says counts first, then our own names,
then the words of all languages: the names of parameters, states and values
as ``i18n`` has them, and what the template calls them.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from unicodedata import normalize

from importbot.i18n import LANGUAGES, message
from importbot.model.options import OPTIONS
from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.status import FIELDS, STATE_FIELDS, Status


__all__ = ('CHOICES', 'PARAMETERS', 'VALUES', 'Vocabulary', 'as_read',
           'template_words', 'words_of')

#: Parameters of a request, by our names.
PARAMETERS = (*FIELDS, *STATE_FIELDS)
#: Values of the parameters that hold one word of a few, by their names.
CHOICES = {option.field: option.request_values
           for option in OPTIONS.of_request if option.choices}
#: All of these values.
VALUES = tuple(dict.fromkeys(
    value for values in CHOICES.values() for value in values))
_QUOTES = '"„“”‚‘’«»「」『』'
_ENDS = re.compile(r'[.。]$')
#: How alike words have to be, from 0 to 1, for one to be meant by another.
_ALIKE = .6
#: Characters of a word that somebody may have meant as one of ours.
_LONGEST = 40


def as_read(word: str) -> str:
    """Return what tells a word from others, however it was written.

    Full-width letters, underscores, quotation marks around it, a full stop
    after it and another apostrophe make no other word.

    :param word: as it stands in a request
    """
    plain = normalize('NFKC', word).strip().strip(_QUOTES)
    return ' '.join(_ENDS.sub('', plain).replace('_', ' ').replace(
        '’', "'").casefold().split())


@cache
def words_of(kind: str, name: str, language: str) -> tuple[str, ...]:
    """Return the words of a language for something, the one to show first.

    :param kind: ``parameter``, ``status`` or ``value``
    :param name: of ours
    :param language: one of :data:`importbot.i18n.LANGUAGES`
    """
    key = f'words-{name}' if kind == 'parameter' else f'words-{kind}-{name}'
    words = [word.strip() for word in message(language, key).split(',')]
    # What the box of a request calls it, people write as well.
    if kind == 'status':
        words.append(message(language, f'status-{name}'))
    elif kind == 'parameter':
        words.append(message(language, f'kit-label-{name}'))
    return tuple(dict.fromkeys(words))


def template_words(name: str, language: str) -> TemplateWords:
    """Return a template in the words of a language.

    :param name: title in the template namespace
    :param language: one of :data:`importbot.i18n.LANGUAGES`
    """
    def first(kind: str, names: Iterable[str]) -> dict[str, list[str]]:
        return {item: [word] for item in names
                if (word := words_of(kind, item, language)[0]) != item}

    return TemplateWords(
        name=name, parameters=first('parameter', PARAMETERS),
        statuses=first('status', [status.value for status in Status]),
        values=first('value', VALUES))


@dataclass(frozen=True)
class Vocabulary:

    """Reads the words of a request.

    :param words: its template in the words of the wiki
    """

    words: TemplateWords

    def parameter(self, word: str) -> str | None:
        """Return which parameter a name means, by our names.

        :param word: as it stands in a request
        """
        return self._parameters.get(as_read(word))

    def status(self, word: str) -> Status | None:
        """Return which state a word means, None if nobody knows it.

        :param word: as it stands in a request, empty for none
        """
        if not word:
            return Status.NEW
        name = self._statuses.get(as_read(word))
        return Status(name) if name else None

    def value(self, field: str, word: str) -> str:
        """Return which value a word means, or the word.

        :param field: one of :data:`CHOICES`
        :param word: as it stands in a request
        """
        return self._values[field].get(as_read(word), word)

    def near_parameter(self, word: str) -> str:
        """Return the parameter that a name is most like, empty for none.

        :param word: that means nothing
        """
        return self._near(word, self._parameters, self.shown)

    def near_status(self, word: str) -> str:
        """Return the state that a word is most like, empty for none.

        :param word: that means nothing
        """
        return self._near(word, self._statuses, self.shown_status)

    def near_value(self, field: str, word: str) -> str:
        """Return the value that a word is most like, empty for none.

        :param field: one of :data:`CHOICES`
        :param word: that means nothing
        """
        return self._near(word, self._values[field], self.shown_value)

    @staticmethod
    def _near(word: str, meanings: Mapping[str, str],
              shown: Callable[[str], str]) -> str:
        alike = get_close_matches(as_read(word[:_LONGEST]), meanings, 1,
                                  _ALIKE)
        return shown(meanings[alike[0]]) if alike else ''

    def shown(self, name: str) -> str:
        """Return what the wiki calls a parameter.

        :param name: of ours
        """
        return self.words.parameters.get(name, [name])[0]

    def shown_status(self, name: str) -> str:
        """Return what the wiki calls a state.

        :param name: of ours
        """
        return self.words.statuses.get(name, [name])[0]

    def shown_value(self, name: str) -> str:
        """Return what the wiki calls a value.

        :param name: of ours
        """
        return self.words.values.get(name, [name])[0]

    @cached_property
    def _parameters(self) -> Mapping[str, str]:
        return _meanings('parameter', self.words.parameters, PARAMETERS)

    @cached_property
    def _statuses(self) -> Mapping[str, str]:
        return _meanings('status', self.words.statuses,
                         [status.value for status in Status])

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, str]]:
        return {field: _meanings('value', self.words.values, values)
                for field, values in CHOICES.items()}


def _meanings(kind: str, own: Mapping[str, Sequence[str]],
              names: Sequence[str]) -> dict[str, str]:
    """Return our names by all words that mean them.

    :param own: words of the wiki, which count before all others
    """
    sources: list[Mapping[str, Sequence[str]]] = [
        {name: own.get(name, ()) for name in names},
        {name: (name, ) for name in names},
        *({name: words_of(kind, name, language) for name in names}
          for language in LANGUAGES)]
    meanings: dict[str, str] = {}
    for given in sources:
        for name, words in given.items():
            for word in words:
                meanings.setdefault(as_read(word), name)
    return meanings
