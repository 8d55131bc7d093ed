"""The table of open requests, and the part of its page that is the bot's."""
from __future__ import annotations

import pytest

from importbot.i18n import LANGUAGES, message
from importbot.journal.tables import RequestRow
from importbot.requestpages.page.markers import (
    BEGIN,
    END,
    between,
    framed,
    with_between,
)
from importbot.requestpages.page.request import Request
from importbot.requestpages.page.scanner import Span
from importbot.requestpages.passes.open_requests import (
    OpenRequest,
    open_table,
)
from importbot.requestpages.passes.reply_text import ReplyText
from importbot.requestpages.status import Status


WORDS = ReplyText('en', {})


def row(id: str, status: Status = Status.REVIEW, *, author: str = 'Anna',
        planned: str = '2026-01-02T03:04:05+00:00', pages: str = 'A\nB',
        steps: int = 2) -> OpenRequest:
    plan = {'source': {'prefix': 'en'}, 'pages': [
        {'title': f'T{number}', 'role': 'requested', 'steps': ['x']}
        for number in range(steps)]}
    return OpenRequest('Project:R', Request(
        Span(0, 1), {'pages': pages}, status, status.value, id),
        RequestRow(id, 'https://a/api.php', 'Project:R', status.value, 'f',
                   planned, author=author, planned=planned,
                   saved_plan=plan))


def rows(table: str) -> list[str]:
    return table.split('\n|-\n')[1:]


def test_row_says_who_asks_what_from_where_and_since_when() -> None:
    only, = rows(open_table([row('1')], WORDS))
    for part in ('[[:Project:R#import-1|T0 +1]]', 'waits for approval',
                 'User:Anna', '|| en ||', '|| 2 ||', '2026-01-02 03:04'):
        assert part in only


def test_what_people_are_to_look_at_comes_first() -> None:
    table = open_table([
        row('1', Status.NEW), row('2', Status.APPROVED),
        row('3', planned='2026-02-02'), row('4', planned='2026-01-01'),
        row('5', Status.QUESTION)], WORDS)
    found = [line.partition('#import-')[2][:1] for line in rows(table)]
    assert found == ['4', '3', '5', '2', '1']


def test_request_without_a_record_is_in_it() -> None:
    request = Request(Span(0, 1), {'pages': '[[x]]\nB'}, None, 'what?')
    only, = rows(open_table([OpenRequest('Project:R', request, None)],
                            WORDS))
    assert '[[:Project:R|&#91;&#91;x&#93;&#93; +1]]' in only
    assert 'what?' in only


@pytest.mark.parametrize('language', LANGUAGES)
def test_no_request_is_a_sentence_of_the_wiki(language: str) -> None:
    assert open_table([], ReplyText(language, {})) == message(
        language, 'open-none')


def test_very_many_are_counted() -> None:
    table = open_table([row(str(number)) for number in range(203)], WORDS)
    assert table.count('\n|-\n') == 200
    assert table.endswith('Not listed: 3')


@pytest.mark.parametrize(('text', 'part'), [
    (framed('a'), 'a'), (f'x {BEGIN} a\nb {END} y', 'a\nb'),
    ('a', None), (BEGIN, None), (f'{END}a{BEGIN}', None),
    (framed('a') + framed('b'), None)])
def test_part_stands_between_one_pair_of_comments(
        text: str, part: str | None) -> None:
    assert between(text) == part


def test_rest_of_the_page_stays() -> None:
    text = with_between(f'Ours\n{framed("old")}\nours', r'new \1 text')
    assert text == f'Ours\n{BEGIN}\nnew \\1 text\n{END}\nours'
