"""Every sentence for the wikis, by pywikibot's manner of translation.

One JSON file a language. The messages package of pywikibot is left alone,
because a script that imports this library has its own.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from pywikibot import config, i18n

from importbot.model.catalogue import languages, sentences
from importbot.model.problems import Problem, Setting, Word


__all__ = ('LANGUAGES', 'direction', 'interface_language', 'message',
           'said', 'spoken')

#: Each has a file of its own.
LANGUAGES = languages()

#: Written from right to left; for translations to come.
_RIGHT_TO_LEFT = frozenset({
    'ar', 'arc', 'ary', 'arz', 'azb', 'ckb', 'dv', 'fa', 'glk', 'he', 'ks',
    'lrc', 'mzn', 'nqo', 'pnb', 'ps', 'sd', 'ug', 'ur', 'yi'})


@cache
def _nearest(language: str) -> tuple[str, ...]:
    """Return codes of languages, in the order in which they may serve.

    pywikibot knows that French serves Occitan, and not that German serves
    the German of Austria.
    """
    base = language.partition('-')[0]
    return (language, *i18n.altlang(language), base, *i18n.altlang(base),
            'en')


def message(language: str, key: str, **parameters: object) -> str:
    """Return a message in a language or the nearest that there is.

    :param language: code of the language
    :param key: key of the message, without ``importbot-``
    :param parameters: values of its ``%(name)s``
    :raises KeyError: no language has the message
    """
    # pywikibot annotates the values as numbers; any are formatted.
    values: Any = parameters
    for code in _nearest(language):
        text = code in LANGUAGES and sentences(code).get(f'importbot-{key}')
        if text:
            return (str(i18n.translate(code, {code: text}, values))
                    if values else _translated(code, text))
    raise KeyError(key)


@cache
def _translated(code: str, text: str) -> str:
    """Return a message that has no parameters.

    Reports say some thousands of times what the columns of their rows say.
    """
    return str(i18n.translate(code, {code: text}))


def said(language: str, problem: Problem,
         setting: Callable[[Setting], str] = str) -> str:
    """Return what is wrong in a language or the nearest that there is.

    :param language: code of the language
    :param problem: what is wrong
    :param setting: returns how something is called that was set
    """
    if spoken(language) == 'en':
        return problem.in_english(setting)
    return problem.said(partial(message, language), lambda word: message(
        language, f'{word.kind}-{word.name}')
        if isinstance(word, Word) else setting(word))


def spoken(language: str) -> str:
    """Return the language that is spoken where one is asked for.

    :param language: code of the language
    """
    return next(code for code in _nearest(language) if code in LANGUAGES)


def direction(language: str) -> str:
    """Return ``ltr`` or ``rtl``.

    :param language: code of the language
    """
    base = language.partition('-')[0]
    return 'rtl' if base in _RIGHT_TO_LEFT else 'ltr'


def interface_language() -> str:
    """Return the language of whoever runs the bot."""
    return config.userinterface_lang or 'en'
