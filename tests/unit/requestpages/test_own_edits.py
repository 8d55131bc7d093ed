"""The bot's own edits are quiet, and few are taken up of a large one."""
from __future__ import annotations

import time

import pytest

from importbot.journal.tables import RequestRow
from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.saving import quiet
from importbot.requestpages.passes.queue import _reached
from tests.kit.references import wiki as wiki_settings


READER = RequestReader(wiki_settings('en'), [TemplateWords()])
RECORD = RequestRow('0123456789ab', '', 'Requests', 'review', '', '')


@pytest.mark.parametrize(('text', 'expected'), [
    ('a', 'a'), ('{{subst:X}}', '{{<nowiki/>subst:X}}'),
    ('{{ SAFESUBST:X}}', '{{ <nowiki/>SAFESUBST:X}}'),
    ('<nowiki>{{subst:X}} ~~~~</nowiki>',
     '<nowiki>{{subst:X}} ~~~~</nowiki>'),
    ('~~~', '~~<nowiki/>~'), ('~~~~~', '~~<nowiki/>~~<nowiki/>~'),
    ('<!-- ~~~~ -->~~', '<!-- ~~~~ -->~~'),
])
def test_text_is_made_quiet(text: str, expected: str) -> None:
    assert quiet(text, READER) == expected


# One page or one request keeps nothing else waiting

@pytest.mark.parametrize('unit', [
    '{{Import request}}', '{{Import request|pages=A|id=0123456789ab}}',
    '{{x|', '{{Import request|', *(
        pytest.param(unit, marks=pytest.mark.soak) for unit in (
            '{{Import request|pages=%d}}', '{{Tx}}', '{{{}}', '[[a]]{{'))])
def test_few_are_taken_up_of_one_very_large_edit(unit: str) -> None:
    mine, known = '{{Import request|pages=Mine}}', (
        '{{Import request|pages=A|id=0123456789ab}}')
    flood = ''.join(unit % number if '%' in unit else unit
                    for number in range(1_900_000 // (len(unit) + 4)))
    text = f'{known}\n{mine}\n== X ==\n{flood}\n== Y ==\n{mine}'
    start = time.perf_counter()
    requests = READER.requests(text)
    assert requests[0].id == '0123456789ab'
    reached = _reached([('Requests', request, RECORD if request
                         is requests[0] else None)
                        for request in requests], len(text))
    assert time.perf_counter() - start < 30
    assert len(reached) <= 4
    assert reached[0][2] is RECORD
    assert [request.fields for _title, request, _record
            in reached].count({'pages': 'Mine'}) == 2
