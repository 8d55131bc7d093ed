"""Odd and partial answers of an API are an error of the wiki."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
import pywikibot
from pywikibot.data.api import Request

from importbot.model.errors import ImportbotError, SourceError
from importbot.wikis.checked import checked
from importbot.wikis.locations import located_revisions
from importbot.wikis.network import allow_private
from importbot.wikis.people import People
from importbot.wikis.wiki import Wiki
from tests.kit.evil_servers import Server, serving


REVISION = {'revid': 5, 'parentid': 0, 'user': 'Anna', 'size': 4,
            'timestamp': '2020-01-01T00:00:00Z', 'sha1': 'a' * 40,
            'slots': {'main': {'contentmodel': 'wikitext', 'content': 'x'}}}
PAGE = {'pageid': 1, 'ns': 0, 'title': 'A', 'lastrevid': 5,
        'revisions': [REVISION]}

#: What is read of a wiki, each way of reading once.
READERS: dict[str, Callable[[Wiki], Any]] = {
    'siteinfo': lambda wiki: wiki.siteinfo(),
    'interwiki': lambda wiki: wiki.interwiki(),
    'access': lambda wiki: wiki.siteinfo_and_access(),
    'pages': lambda wiki: wiki.pages(['A'], text=True, transcluded=True,
                                     language='de'),
    'pages now': lambda wiki: wiki.pages_now(['A'], '2020-01-01T00:00:00Z'),
    'newest': lambda wiki: wiki.newest('A'),
    'few titles': lambda wiki: wiki.few_titles(),
    'deleted': lambda wiki: wiki.was_deleted('A'),
    'text': lambda wiki: wiki.revision_text('A', 5),
    'texts': lambda wiki: list(wiki.texts({'A': 5})),
    'comment': lambda wiki: wiki.comment(5),
    'history': lambda wiki: wiki.history('A'),
    'files': lambda wiki: wiki.files(['File:A.png']),
    'rendering': lambda wiki: wiki.rendering('A'),
    'users': lambda wiki: wiki.users('A', 10),
    'import log': lambda wiki: wiki.import_log('A', '2020-01-01T00:00:00Z'),
    'accounts': lambda wiki: wiki.central_ids(['Anna']),
    'people': lambda wiki: list(People(wiki).history('A')),
    'ids': lambda wiki: People(wiki).users([1]),
    'imported': lambda wiki: People(wiki).was_imported(
        'A', '2020-01-01T00:00:00Z'),
    'placed': lambda wiki: located_revisions(wiki, [5]),
}


def page(**changed: Any) -> dict[str, Any]:
    return {'query': {'pages': [{**PAGE, **changed}]}}


def revision(**changed: Any) -> dict[str, Any]:
    row = {**REVISION, **changed}
    return page(revisions=[{name: value for name, value in row.items()
                            if value != '-'}])


NESTED = b'{"query":' + b'[' * 100_000 + b']' * 100_000 + b'}'
ANSWERS: dict[str, Any] = {
    'nothing': b'', 'null': None, 'a list': [], 'a list of lists': [[]],
    'a number': 5, 'a text': 'secret', 'HTML': b'<html>secret</html>',
    'no query': {'batchcomplete': True}, 'a query of null': {'query': None},
    'a query of text': {'query': 'secret'}, 'empty': {'query': {}},
    'pages of null': {'query': {'pages': None}},
    'pages of texts': {'query': {'pages': ['secret']}},
    'pages as an object': {'query': {'pages': {'1': PAGE}}},
    'no title': {'query': {'pages': [{'pageid': 1}]}},
    'a title of null': page(title=None), 'a title of ten': page(title=10),
    'a title of lines': page(title='A\nsecret'),
    'another page': page(title='B'),
    'revisions of null': page(revisions=None),
    'revisions of an object': page(revisions=REVISION),
    'a negative id': revision(revid=-5), 'an id of text': revision(revid='5'),
    'an id of 400 digits': revision(revid=10 ** 400),
    'no id': revision(revid='-'), 'no time': revision(timestamp='-'),
    'a wrong time': revision(timestamp='2020-13-41T99:00:00Z'),
    'a time of text': revision(timestamp='secret'),
    'a time of null': revision(timestamp=None),
    'a wrong hash': revision(sha1='secret'),
    'a user of null': revision(user=None),
    'a user of lists': revision(user=[[]]),
    'slots of null': revision(slots=None),
    'slots of texts': revision(slots={'main': 'secret'}),
    'a text of numbers': revision(slots={'main': {'content': 5}}),
    'a size of text': revision(size='secret'),
    'a comment of null': revision(comment=None),
    'minor as text': revision(minor='secret'),
    'tags as objects': revision(tags=[{'name': 'secret'}]),
    'an odd error': {'error': 'secret'},
    'an error of null': {'error': None},
    'an error of lists': {'error': {'code': [], 'info': {}}},
    'an error with words': {'error': {'code': '<b>secret', 'info': 'secret'}},
    'odd warnings': {'warnings': ['secret']},
    'a continue of text': {**page(), 'continue': 'secret'},
    'a continue of lists': {**page(), 'continue': {'a': [[]]}},
    'a token that is bad': {'error': {'code': 'badtoken', 'info': 'secret'}},
    'nested': NESTED, 'not UTF-8': b'{"query": "\xff\xfe"}',
    'a huge number': b'{"query": ' + b'9' * 5000 + b'}',
    'named as an exception': {'error': {
        'code': 'internal_api_error_Secret', 'info': 'secret', 'x': 1}},
}


@pytest.fixture(scope='module')
def server() -> Iterator[Server]:
    with serving(lambda visit: visit.say(b'{}')) as server:
        yield server


@pytest.fixture
def wiki(server: Server, monkeypatch: pytest.MonkeyPatch) -> Wiki:
    allow_private(server.base)
    monkeypatch.setattr(pywikibot.config, 'retry_wait', 0)
    monkeypatch.setattr('importbot.wikis.api._RETRY_WAIT', 0)
    monkeypatch.setattr('importbot.wikis.api._RETRIES', 1)
    monkeypatch.setattr(pywikibot.config, 'minthrottle', 0)
    monkeypatch.setattr(pywikibot.config, 'maxthrottle', 0)
    # What pywikibot asks by itself would be the first to fail.
    monkeypatch.setattr(Request, '_add_defaults', lambda request:
                        request._params.update(format=['json']))
    server.answers = lambda visit: visit.say(json.dumps({'query': {
        'userinfo': {'id': 0, 'name': '127.0.0.1', 'anon': True,
                     'rights': [], 'groups': []}}}).encode())
    site = pywikibot.Site(url=f'{server.base}/api.php')
    site._loginstatus = pywikibot.login.LoginStatus.NOT_LOGGED_IN
    return Wiki(site, SourceError)


@pytest.mark.parametrize('answer', ANSWERS.values(), ids=ANSWERS.keys())
def test_odd_answers(server: Server, wiki: Wiki, answer: Any) -> None:
    body = answer if isinstance(answer, bytes) else json.dumps(
        answer).encode()
    server.answers = lambda visit: visit.say(body)
    for read in READERS.values():
        try:
            read(wiki)
        except ImportbotError as error:
            assert 'secret' not in str(error).lower()
            assert '\n' not in str(error)


def test_entry_of_which_somebody_hid_the_page(server: Server,
                                              wiki: Wiki) -> None:
    row = {'logid': 5, 'timestamp': '2020-01-01T00:00:00Z', 'user': 'A',
           'tags': []}
    server.answers = lambda visit: visit.say(json.dumps({'query': {
        'logevents': [{**row, 'actionhidden': True},
                      {**row, 'logid': 4, 'title': 'B',
                       'params': {'count': 3}}]}}).encode())
    since = '2019-01-01T00:00:00Z'
    assert [(entry.title, entry.count)
            for entry in wiki.import_log('A', since)] == [('B', 3)]
    assert [entry.title for entry in wiki.import_log(
        'A', since, with_hidden=True)] == ['', 'B']


def test_whole_answer(server: Server, wiki: Wiki) -> None:
    server.answers = lambda visit: visit.say(json.dumps(page()).encode())
    assert wiki.history('A')[0].user == 'Anna'


@pytest.mark.parametrize('more', [
    lambda count: {'rvcontinue': 'same'},
    lambda count: {'rvcontinue': str(count % 3)},
    lambda count: {'rvcontinue': str(count)},
    lambda count: {},
])
def test_continued_without_end(
        server: Server, wiki: Wiki, more: Callable[[int], dict[str, str]],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('importbot.wikis.api._MOST_ANSWERS', 20)
    server.visits.clear()
    server.answers = lambda visit: visit.say(json.dumps({
        **page(), 'continue': more(len(server.visits))}).encode())
    with pytest.raises(SourceError, match='without end'):
        wiki.history('A')
    assert len(server.visits) < 25


@pytest.mark.parametrize('code', [
    'maxlag', 'ratelimited', 'cirrussearch-too-busy-error', 'readonly',
    'titleslimit', 'mwoauth-invalid-authorization',
    'lockmanager-fail-conflict',
    'internal_api_error_DBQueryError', 'assertuserfailed'])
def test_reasons_for_asking_again(server: Server, wiki: Wiki, code: str,
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'retry_max', 0)
    server.visits.clear()
    server.answers = lambda visit: visit.say(json.dumps({'error': {
        'code': code, 'lag': 0.01,
        'info': f'Nonce already used {len(server.visits)}'}}).encode())
    with pytest.raises(SourceError):
        wiki.history('A')
    assert len(server.visits) < 15


def fault(what: str) -> Any:
    raise SourceError(what)


def test_what_is_missing_is_told_by_whoever_reads_it() -> None:
    answer = checked({'query': {'pages': []}}, fault)
    with pytest.raises(SourceError, match='has no "parse"'):
        answer['parse']
    with pytest.raises(SourceError, match='without entries'):
        answer['query']['pages'][0]
    assert answer.get('parse') is None


def test_limits_have_the_names_of_lists() -> None:
    assert checked({'limits': {'users': 50}, 'query': []}, fault)[
        'query'] == {}


def test_continue_has_a_member_of_its_own_name() -> None:
    more = {'rvcontinue': '20200101|5', 'continue': '||info'}
    assert checked({'continue': more}, fault)['continue'] == more


def test_logs_have_parameters_of_their_own() -> None:
    def fault(what: str) -> NoReturn:
        raise AssertionError(what)

    answer = {'query': {
        'recentchanges': [{'logparams': {'restrictions': {
            'namespaces': [0, 10], 'pages': [1]}, 'title': 1}}],
        'logevents': [{'params': {'count': {'revisions': 3, 'files': 0}}}]}}
    assert checked(answer, fault) == answer
