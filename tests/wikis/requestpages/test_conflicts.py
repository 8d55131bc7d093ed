"""People edit while an edit of the bot is on its way: nobody loses any.

What a person wrote stays, whether MediaWiki merges both edits without a
word or refuses that of the bot; and the bot's step is done on the new text
or left for the next pass.
"""
from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import pywikibot

from importbot.requestpages.passes import reply_text, subpages
from tests.kit.proxy import Exchange
from tests.kit.request_bot import ANNA, edits, logged, settle
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box, Client


@pytest.fixture(scope='module')
def box(database_box: Box) -> Box:
    return database_box


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pywikibot.config, 'retry_wait', 0)


def elsewhere(text: str, title: str) -> tuple[str, str]:
    return f'Note on {title}.\n\n{text}', f'Note on {title}.'


def parameter(text: str, title: str) -> tuple[str, str]:
    return (text.replace(f'Why {title}.', f'Because of {title}.'),
            f'Because of {title}.')


def comment(text: str, title: str) -> tuple[str, str]:
    seen = f'<!-- Seen: {title} -->'
    return text.replace(f'Why {title}.', f'Why {title}. {seen}'), seen


def state_beside(text: str, title: str) -> tuple[str, str]:
    # The line below the one that the bot changes.
    start, end = _place(text, title)
    return (f'{text[:end - 2]}|note = On {title}\n}}}}{text[end:]}',
            f'|note = On {title}')


def removed(text: str, title: str) -> tuple[str, str]:
    start, end = _place(text, title)
    return f'{text[:start]}Gone: {title}.{text[end:]}', f'Gone: {title}.'


def section(text: str, title: str) -> tuple[str, str]:
    return (f'{text.rstrip()}\n\n== Talk on {title} ==\nHello.\n',
            f'== Talk on {title} ==')


def below(text: str, title: str) -> tuple[str, str]:
    _start, end = _place(text, title)
    return (f'{text[:end]}\n:I wait for {title}.{text[end:]}',
            f':I wait for {title}.')


def _place(text: str, title: str) -> tuple[int, int]:
    end = text.index('}}', text.index(f'Why {title}.')) + 2
    return text.rindex('{{', 0, end), end


WAYS: dict[str, list[Callable[[str, str], tuple[str, str]]]] = {
    'review': [elsewhere, parameter, comment, state_beside, removed,
               section, below],
    'importing': [elsewhere, parameter, state_beside, removed, section],
    'done': [elsewhere, parameter, comment, removed, below]}


class Meddler:

    """Somebody who edits when the bot sets a request to some state.

    :param wiki: the wiki with request pages
    :param by: who it is
    :param word: the state
    :param ways: what is done to the request of a page, by its title
    """

    def __init__(self, wiki: RequestWiki, by: Client, word: str,
                 ways: dict[str, Callable[[str, str], tuple[str, str]]],
                 ) -> None:
        self._wiki, self._by, self._word = wiki, by, word
        self._ways = ways
        self._is_edit = edits(wiki.page)
        #: What was written, by title.
        self.marks: dict[str, str] = {}
        #: How often the bot sent an edit of each request.
        self.sent: dict[str, int] = {}

    def __call__(self, exchange: Exchange) -> bool:
        """Look at a request, and edit if it is time; break nothing."""
        if self._is_edit(exchange):
            for title in self._set_now(exchange.parameters['text']):
                self.sent[title] = self.sent.get(title, 0) + 1
                if title not in self.marks:
                    text, self.marks[title] = self._ways[title](
                        self._wiki.text, title)
                    self._by.edit(self._wiki.page, text)
        return False

    def _set_now(self, text: str) -> list[str]:
        before = self._states(self._wiki.text)
        return [title for title, word in self._states(text).items()
                if word == self._word != before.get(title)]

    def _states(self, text: str) -> dict[str, str]:
        return {title: text[slice(*_place(text, title))].partition(
            'status = ')[2].split()[0].rstrip('}')
            for title in self._ways if f'Why {title}.' in text}


@pytest.mark.parametrize('word', [
    pytest.param('review', marks=pytest.mark.mariadb), 'importing', 'done'])
def test_every_way_of_editing_meets_every_step(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        word: str) -> None:
    ways = {next(specimens): way for way in WAYS[word]}
    anna.edit(wiki.page, '\n'.join(
        f'== {title} ==\n' + wiki.request(title, reason=f'Why {title}.')
        for title in ways))
    if word != 'review':
        assert not wiki.work().failed
        approve_all(wiki)
    meddler = Meddler(wiki, anna, word, ways)
    with wiki.box.target.broken(hits=meddler):
        assert not wiki.work().failed
    assert meddler.marks.keys() == ways.keys()
    all_there(wiki, meddler.marks)
    # Some edits were merged without a word; some were refused, and sent
    # again with the new text.
    assert 1 in meddler.sent.values()
    assert max(meddler.sent.values()) > 1 or word == 'importing'
    if word == 'review':
        settle(wiki, approves=False)
        all_there(wiki, meddler.marks)
        assert wiki.statuses == ['review'] * (len(ways) - 1), wiki.text
        once_each(wiki)
        return
    for _pass in range(4):
        approve_all(wiki)
        if not wiki.work().treated:
            break
    all_there(wiki, meddler.marks)
    for title, way in ways.items():
        assert len(wiki.admin.imports(title)) == (
            way is not removed or word == 'done'), title
    assert wiki.statuses == ['done'] * (len(ways) - 1), wiki.text
    assert wiki.text.count('-run-') == len(ways) - 1
    assert logged(wiki) == len(ways) - (word != 'done')
    once_each(wiki)


def approve_all(wiki: RequestWiki) -> None:
    wiki.admin.edit(wiki.page, wiki.text.replace('status = review',
                                                 'status = approved'))


def all_there(wiki: RequestWiki, marks: dict[str, str]) -> None:
    """Check that nothing that people wrote is lost."""
    text = wiki.text
    for title, mark in marks.items():
        assert text.count(mark) == 1, f'{title}: {text}'


def once_each(wiki: RequestWiki) -> None:
    """Check that no answer stands there twice."""
    marks = [answer.partition('id="')[2].partition('"')[0]
             for answer in wiki.answers()]
    assert len(marks) == len(set(marks)), marks


def meddled(wiki: RequestWiki, hits: Callable[[Exchange], bool],
            edit: Callable[[], Any]) -> None:
    """Make a pass; somebody edits when the bot first does a thing."""
    done: list[Any] = []

    def look(exchange: Exchange) -> bool:
        if not done and hits(exchange):
            done.append(edit())
        return False

    with wiki.box.target.broken(hits=look):
        wiki.work()
    assert done


def test_page_blanked_under_each_step(wiki: RequestWiki, anna: Client,
                                      specimens: Iterator[str]) -> None:
    title = next(specimens)
    wiki.file(title, anna)

    def blank() -> str:
        text = wiki.text
        anna.edit(wiki.page, 'Blanked.')
        return text

    before = wiki.text
    for word in ('review', 'importing', 'done'):
        meddled(wiki, lambda exchange, word=word: (
            edits(wiki.page)(exchange)
            and f'status = {word}' in exchange.parameters['text']), blank)
        assert wiki.text == 'Blanked.'
        wiki.work()
        assert wiki.text == 'Blanked.'
        assert wiki.exists(title) == (word == 'done')
        wiki.admin.edit(wiki.page, before)
        if word != 'done':
            settle(wiki, approves=False)
            assert wiki.statuses == ['review']
            wiki.approve(wiki.admin)
        before = wiki.text
    # What was restored last is older than the import: it is not done
    # again, but said.
    settle(wiki)
    assert wiki.statuses == ['done']
    assert len(wiki.admin.imports(title)) == 1
    assert wiki.text.count('-run-') == 1
    assert logged(wiki) == 1
    once_each(wiki)


def test_answer_to_an_ended_request(wiki: RequestWiki, anna: Client,
                                    specimens: Iterator[str]) -> None:
    wiki.file(next(specimens), anna)
    settle(wiki)
    for number, way in enumerate((elsewhere, section, below)):
        wiki.edit(anna, 'status = done' if not number
                  else 'status = question', 'status = new')
        title = f'end {number}'
        marks: dict[str, str] = {}

        def edit(way: Any = way, title: str = title,
                 marks: dict[str, str] = marks) -> None:
            text = wiki.text
            place = text.replace('|source = en', f'|source = en<!--Why '
                                 f'{title}.-->') if way is below else text
            text, marks[title] = way(place, title)
            anna.edit(wiki.page, text)

        meddled(wiki, edits(wiki.page), edit)
        settle(wiki)
        all_there(wiki, marks)
        assert wiki.statuses == ['question']
    once_each(wiki)
    assert len(wiki.answers()) == 3


@pytest.mark.parametrize('way', [elsewhere, section])
def test_answer_to_a_broken_request(wiki: RequestWiki, anna: Client,
                                    way: Any) -> None:
    anna.edit(wiki.page, 'Hello.\n\n{{Import request|pages=Foo\n')
    marks: dict[str, str] = {}

    def edit() -> None:
        text, marks['x'] = way(wiki.text, 'x')
        anna.edit(wiki.page, text)

    meddled(wiki, edits(wiki.page), edit)
    settle(wiki)
    all_there(wiki, marks)
    assert len(wiki.answers()) == 1


def test_broken_request_that_is_mended_is_not_answered(
        wiki: RequestWiki, anna: Client) -> None:
    broken = 'Hello.\n\n{{Import request|source=xx|pages=Foo\n'
    anna.edit(wiki.page, broken)
    meddled(wiki, edits(wiki.page),
            lambda: anna.edit(wiki.page, broken + '}}'))
    assert wiki.text == broken + '}}'
    settle(wiki)
    assert len(wiki.answers()) == 1
    assert 'status=question' in wiki.text


def test_line_of_the_log(wiki: RequestWiki, anna: Client,
                         specimens: Iterator[str]) -> None:
    titles = [next(specimens) for _number in range(2)]
    anna.edit(wiki.page, '\n'.join(map(wiki.request, titles)))
    anna.edit(wiki.log_page, 'This is the log.')
    wiki.work()
    approve_all(wiki)
    meddled(wiki, edits(wiki.log_page), lambda: anna.edit(
        wiki.log_page, 'This is the log of the bot.\n\nWell done!'))
    log = wiki.admin.text(wiki.log_page)
    assert log.startswith('This is the log of the bot.\n\nWell done!\n*')
    assert logged(wiki) == 2
    assert wiki.statuses == ['done', 'done']


def test_table_on_a_subpage(wiki: RequestWiki, anna: Client,
                            specimens: Iterator[str],
                            monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reply_text, subpages):
        monkeypatch.setattr(module, 'MOST_SHOWN', 0)
        monkeypatch.setattr(module, 'MOST_FOLDED', 0)
    title = next(specimens)
    wiki.file(title, anna)

    def is_table(exchange: Exchange) -> bool:
        return exchange.parameters.get('title', '').startswith(
            f'{wiki.page}/')

    # Created by somebody else while the bot creates it.
    names: list[str] = []

    def create(exchange: Exchange) -> bool:
        if is_table(exchange) and (
                exchange.parameters.get('action') == 'edit') and not names:
            names.append(exchange.parameters['title'])
            anna.edit(names[0], 'My page.')
        return False

    with wiki.box.target.broken(hits=create):
        assert not wiki.work().failed
    assert wiki.statuses == ['review']
    assert anna.text(names[0]) == 'My page.'
    assert f'[[{names[0]}' not in wiki.text
    settle(wiki)
    assert anna.text(names[0]) == 'My page.'
    assert wiki.statuses == ['done']

    # Edited by somebody else while the bot brings it up to date.
    other = next(specimens)
    wiki.file(other, anna)
    wiki.work()
    subpage = f'{wiki.page}/{wiki.requests[1].id}'
    assert other in anna.text(subpage)
    wiki.approve(wiki.admin)
    meddled(wiki, lambda exchange: (
        exchange.parameters.get('action') == 'edit'
        and exchange.parameters.get('title') == subpage),
        lambda: anna.edit(subpage, 'My words.'))
    settle(wiki)
    assert anna.text(subpage) == 'My words.'
    assert wiki.statuses == ['done', 'done']


@pytest.mark.mariadb
def test_edit_within_the_second_of_the_edit_before(
        wiki: RequestWiki, anna: Client) -> None:
    # MediaWiki overlooks a conflict with what was saved in the same
    # second as the base, if the base is by the account that saves.
    anna.edit(wiki.page, '\n'.join(
        wiki.request(f'Foo {number}', source='xx')
        for number in range(8)))
    marks: dict[str, str] = {}
    is_edit = edits(wiki.page)
    passed = itertools.count()

    def hits(exchange: Exchange) -> bool:
        # Every second edit of the bot: its base is the one before.
        if is_edit(exchange) and next(passed) % 2:
            number = str(len(marks))
            text = wiki.text
            place = text.rindex('|status = new')
            marks[number] = f'|note = {number}'
            anna.edit(wiki.page, f'{text[:place]}{marks[number]}\n '
                      f'{text[place:]}')
            same_second(wiki)
        return False

    with wiki.box.target.broken(hits=hits):
        wiki.work()
    settle(wiki)
    all_there(wiki, marks)
    assert wiki.statuses == ['question'] * 8
    once_each(wiki)
    rows = wiki.admin.history(wiki.page)
    assert (ANNA, 'ImportBot') in [
        (late['user'], early['user']) for late, early
        in zip(rows, rows[1:], strict=False)
        if late['timestamp'] == early['timestamp']]


def same_second(wiki: RequestWiki) -> None:
    """Date the edit before the newest one as if it had just been made."""
    newest, before = wiki.admin.history(wiki.page)[:2]
    (moment, ), = wiki.box.sql(
        'target', 'SELECT rev_timestamp FROM revision WHERE rev_id = :id',
        id=newest['revid'])
    wiki.box.sql('target', 'UPDATE revision SET rev_timestamp = :moment '
                 'WHERE rev_id = :id', moment=moment, id=before['revid'])
