"""Each language says everything, and says it in that language."""
from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import pytest

import importbot
from importbot import i18n
from importbot.i18n import LANGUAGES, message
from importbot.model.decisions import Reason


PREFIX = 'importbot-'

ENGLISH: dict[str, str] = json.loads(
    files('importbot.i18n').joinpath('en.json').read_text('utf-8'))

#: Letters that no translation changes: parameters, options, names.
_FIXED = re.compile(r'%\(\w+\)s|(?<!\w)-[a-z]{3,}(:[a-z]+)?'
                    r'|Special:PermanentLink|importbot|pywikibot|MediaWiki'
                    r'|Toolforge|JSON|XML')

#: What stands in English sentences alone.
_ENGLISH = re.compile(r'\b(the|and|that|this|which|with|from|for|by|of|is|are'
                      r'|its?|you|nothing)\b', re.IGNORECASE)

#: What stands in Japanese sentences alone: kana and kanji.
_JAPANESE = re.compile('[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff]')


def _words(text: str) -> str:
    return _FIXED.sub(' ', text)


def _has_letters(text: str) -> bool:
    return any(char.isalpha() for char in _words(text))


def _parameters(text: str) -> set[str]:
    return set(re.findall(r'%\((\w+)\)s', text))


def _of_the_form(text: str) -> Iterator[str]:
    """Yield what is wrong with a message of any language."""
    if not text:
        yield 'empty'
    if text != text.strip():
        yield 'space around'
    if not text.isprintable():
        # A no-break space too would reach the terminal as U+FFFD.
        yield 'unprintable'
    if '%' in re.sub(r'%\(\w+\)s', '', text):
        yield 'a broken parameter'


def _of_the_translation(language: str, english: str,
                        text: str) -> Iterator[str]:
    """Yield what is wrong with a message as a translation."""
    if _parameters(text) != _parameters(english):
        yield 'other parameters'
    if language == 'en' or not _has_letters(english):
        return
    if text == english:
        yield 'a copy'
    if _ENGLISH.search(_words(text)):
        yield 'English words'
    if language == 'ja' and not _JAPANESE.search(text):
        yield 'no Japanese'


def _defects(language: str, english: str, text: str) -> set[str]:
    return {*_of_the_form(text),
            *_of_the_translation(language, english, text)}


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _value in pairs]
    assert len(keys) == len(set(keys)), 'a key stands there twice'
    return dict(pairs)


def _read(language: str) -> dict[str, str]:
    """Return the messages of a file, and no fallback of any."""
    text = files(i18n).joinpath(f'{language}.json').read_text('utf-8')
    messages: dict[str, str] = json.loads(text, object_pairs_hook=_unique)
    del messages['@metadata']
    return messages


MESSAGES: Mapping[str, Mapping[str, str]] = {
    language: _read(language) for language in LANGUAGES}


def test_every_file_is_a_known_language() -> None:
    names = {path.name for path in files(i18n).iterdir()}
    assert ({f'{language}.json' for language in (*LANGUAGES, 'qqq')}
            == {name for name in names if name.endswith('.json')})
    assert LANGUAGES == ('en', 'de', 'fr', 'ja')


@pytest.mark.parametrize('language', LANGUAGES)
def test_no_message_is_missing_and_none_is_left_over(
        language: str) -> None:
    assert MESSAGES[language].keys() == MESSAGES['en'].keys()


@pytest.mark.parametrize('language', LANGUAGES)
def test_keys_are_sorted_and_are_ours(language: str) -> None:
    keys = list(MESSAGES[language])
    assert keys == sorted(keys)
    assert [key for key in keys
            if not re.fullmatch(r'importbot(-[a-z]+)+', key)] == []


@pytest.mark.parametrize('language', LANGUAGES)
def test_messages_have_no_defects(language: str) -> None:
    found = {key: _defects(language, MESSAGES['en'].get(key, ''), text)
             for key, text in MESSAGES[language].items()}
    assert {key: defects for key, defects in found.items() if defects} == {}


@pytest.mark.parametrize('language', LANGUAGES)
def test_messages_show_the_values_of_their_parameters(
        language: str) -> None:
    for key, text in MESSAGES[language].items():
        values = {name: f'<{name}>' for name in _parameters(text)}
        shown = message(language, key.removeprefix(PREFIX), **values)
        assert shown == re.sub(r'%\((\w+)\)s', r'<\1>', text)


@pytest.mark.parametrize('language', LANGUAGES)
def test_every_reason_is_said_and_no_other(language: str) -> None:
    start = f'{PREFIX}reason-'
    assert {key.removeprefix(start) for key in MESSAGES[language]
            if key.startswith(start)} == {reason.value for reason in Reason}


@pytest.mark.parametrize(('code', 'language'), [
    ('de', 'de'), ('de-at', 'de'), ('de-formal', 'de'), ('bar', 'de'),
    ('fr', 'fr'), ('fr-ca', 'fr'), ('oc', 'fr'), ('wa', 'fr'),
    ('ja', 'ja'), ('ja-hira', 'ja'),
    ('en', 'en'), ('en-gb', 'en'), ('pt-br', 'en'), ('qqx', 'en'),
    ('', 'en'), ('../en', 'en')])
def test_nearest_language_is_spoken(code: str, language: str) -> None:
    key = f'{PREFIX}reason-protected'
    assert message(code, 'reason-protected') == MESSAGES[language][key]


def test_unknown_message_is_an_error() -> None:
    with pytest.raises(KeyError, match='no-such-message'):
        message('fr', 'no-such-message')


@pytest.mark.parametrize(('language', 'english', 'text', 'defect'), [
    ('fr', 'not wanted', '', 'empty'),
    ('fr', 'not wanted', 'non souhaitée ', 'space around'),
    ('fr', 'For "%(page)s"', 'Pour «\xa0%(page)s\xa0»', 'unprintable'),
    ('ja', 'not wanted', '対象\u202e外です', 'unprintable'),
    ('de', 'Uploads: %(count)s', 'Hochladen: %(count)', 'a broken parameter'),
    ('de', 'Uploads', 'Hochladen, 5%', 'a broken parameter'),
    ('de', 'Uploads: %(count)s', 'Hochladen: %(zahl)s', 'other parameters'),
    ('de', 'Uploads: %(count)s', 'Hochladen', 'other parameters'),
    ('de', 'Uploads: %(count)s', 'Uploads: %(count)s', 'a copy'),
    ('de', 'leave out -order:time', 'leave out -order:time', 'a copy'),
    ('fr', 'the page is not there', 'the page n’existe pas',
     'English words'),
    ('de', 'the page is not there', 'die Seite is not da', 'English words'),
    ('ja', 'not wanted', 'non voulu', 'no Japanese')])
def test_defects_are_found(language: str, english: str, text: str,
                           defect: str) -> None:
    assert defect in _defects(language, english, text)


@pytest.mark.parametrize(('language', 'english', 'text'), [
    ('en', 'not wanted', 'not wanted'),
    ('de', '%(page)s: %(count)s', '%(page)s: %(count)s'),
    ('ja', '-order:time', '-order:time'),
    ('fr', 'leave the page out with -order:time',
     'omettre la page avec -order:time'),
    ('de', 'the right "import"', 'das Recht „import“')])
def test_what_is_right_has_no_defects(language: str, english: str,
                                      text: str) -> None:
    assert _defects(language, english, text) == set()


def _name_of(node: ast.AST) -> str:
    """Return the name of what is called, empty if nothing is."""
    if not isinstance(node, ast.Call):
        return ''
    return str(getattr(node.func, 'id', getattr(node.func, 'attr', '')))


def _calls() -> Iterator[tuple[str, str, set[str | None]]]:
    """Yield where a sentence is said, its key, and what it is given."""
    for path in sorted(Path(importbot.__file__).parent.rglob('*.py')):
        for node in ast.walk(ast.parse(path.read_text('utf-8'))):
            name = _name_of(node)
            start = 'problem-' if name == 'Problem' else ''
            if isinstance(node, ast.Call) and name in (
                    'message', 'say', 'Problem'):
                yield from ((f'{path.name}:{node.lineno}',
                             f'{start}{argument.value}',
                             {given.arg for given in node.keywords})
                            for argument in node.args
                            if isinstance(argument, ast.Constant) and (
                                start or f'importbot-{argument.value}'
                                in ENGLISH))


def test_sentences_are_given_all_that_they_say() -> None:
    calls = list(_calls())
    assert len(calls) > 50
    for where, key, given in calls:
        said = set(re.findall(r'%\((\w+)\)', ENGLISH[f'importbot-{key}']))
        assert None in given or said <= given, where
