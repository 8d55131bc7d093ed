"""Translators are told where each message is shown, and with what values."""
from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files

import pytest

from importbot import i18n
from importbot.i18n import LANGUAGES, message


#: A line that explains a parameter, as pywikibot's own messages have it.
_PARAMETER = re.compile(r'\* <code>%\((\w+)\)s</code>: (\S.*)')

#: Another message that an explanation names, or several that begin alike.
_NAMED = re.compile(r'importbot(?:-[a-z]+)+(?:-…)?')

#: The fewest words that say anything of a message.
_FEWEST_WORDS = 6


def _read(code: str) -> dict[str, str]:
    messages: dict[str, str] = json.loads(
        files(i18n).joinpath(f'{code}.json').read_text('utf-8'))
    del messages['@metadata']
    return messages


ENGLISH, EXPLAINED = _read('en'), _read('qqq')


def _defects(sentence: str, explanation: str) -> Iterator[str]:
    """Yield what an explanation of a sentence lacks or has too much."""
    first, *lines = explanation.split('\n')
    if not first.endswith('.') or len(first.split()) < _FEWEST_WORDS:
        yield 'no sentence'
    explained = []
    for line in lines:
        match = _PARAMETER.fullmatch(line)
        if match is None:
            yield f'not read: {line}'
        else:
            explained.append(match[1])
    has = dict.fromkeys(re.findall(r'%\((\w+)\)s', sentence))
    yield from (f'not explained: {name}' for name in has
                if name not in explained)
    yield from (f'left over: {name}' for name, count
                in Counter(explained).items()
                if name not in has or count > 1)


def test_every_message_is_explained_and_no_other() -> None:
    assert EXPLAINED.keys() == ENGLISH.keys()
    assert list(EXPLAINED) == sorted(EXPLAINED)


def test_explanations_have_a_sentence_and_each_parameter() -> None:
    found = {key: list(_defects(ENGLISH[key], text))
             for key, text in EXPLAINED.items() if key in ENGLISH}
    assert {key: defects for key, defects in found.items() if defects} == {}


def test_no_two_messages_are_explained_alike() -> None:
    # Who reads the same of two messages learns nothing of either.
    counts = Counter(text.split('\n')[0] for text in EXPLAINED.values())
    assert [text for text, count in counts.items() if count > 1] == []


def test_messages_that_explanations_name_are_there() -> None:
    named = {name for text in EXPLAINED.values()
             for name in _NAMED.findall(text)}
    assert len(named) > 50
    assert [name for name in named if not any(
        key.startswith(name[:-1]) if name.endswith('…') else key == name
        for key in ENGLISH)] == []


def test_explanations_are_no_language() -> None:
    assert 'qqq' not in LANGUAGES
    assert message('qqq', 'status-new') == ENGLISH['importbot-status-new']


@pytest.mark.parametrize(('sentence', 'explanation', 'defect'), [
    ('new', 'Message about new.', 'no sentence'),
    ('new', 'State of a request that the bot has not seen', 'no sentence'),
    ('Pages: %(count)s', 'Below the table of a report, in HTML alone.',
     'not explained: count'),
    ('Pages', 'Below the table of a report, in HTML alone.\n'
     '* <code>%(count)s</code>: number of pages', 'left over: count'),
    ('%(a)s', 'Below the table of a report, in HTML alone.\n'
     '* <code>%(a)s</code>: a page\n* <code>%(a)s</code>: a page',
     'left over: a'),
    ('%(a)s', 'Below the table of a report, in HTML alone.\n'
     '* <code>%(a)s</code>:', 'not read: * <code>%(a)s</code>:')])
def test_what_explanations_lack_is_found(sentence: str, explanation: str,
                                         defect: str) -> None:
    assert defect in _defects(sentence, explanation)
