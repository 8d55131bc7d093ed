"""Attempts to break out of what the bot says, and to break the bot."""
from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from importbot.model.errors import ConfigurationError, UntrustedTextError
from importbot.requestpages.passes.context import open_office
from importbot.requestpages.passes.stop import Stop
from tests.kit.attacks import at_edit, honestly, in_vain, reviewed
from tests.kit.proxy import Exchange
from tests.kit.request_wiki import CONFIGURATION, Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

#: Each would show that it got out of where it was put.
PAYLOADS = (
    '{{Evil}}', '{{subst:Evil}}', '{{safesubst:Evil|a=b}}', '{{{evil|}}}',
    '<span id="evil">', '</div><div id="evil">', '<div id="evil"><!--',
    '<nowiki>', '</nowiki>', '<pre id="evil">', '<ref>evil</ref>',
    '[[Category:Evil]]', '[[File:Evil.png]]', '[http://evil.example x]',
    'http://evil.example', 'mailto:evil@evil.example', '//evil.example',
    '~~~', '~~~~', '~~~~~', '__NOINDEX__', '__NEWSECTIONLINK__',
    '|}', '||-', '!! x', "'''''", '-{evil}-', '&lt;span id="evil">',
    '&#123;{Evil}}', '== Evil ==', '# Evil', ';a:b', '----', ' x',
    '#REDIRECT [[Evil]]', "\x7f'\"`UNIQ--nowiki-00000001-QINU`\"'\x7f",
    '<onlyinclude>', '<includeonly>', '{{bots|deny=all}}', '{{nobots}}',
    '{{DISPLAYTITLE:Evil}}', '{{#tag:div|x|id=evil}}', '[[en:Evil]]',
    '\u202eevil\u202c', '<bdo dir="rtl" id="evil">',
)
#: Those that leave the request whole in which they stand.
HARMLESS = tuple(payload for payload in PAYLOADS if not any(
    sign in payload for sign in ('{{', '}}', '|', '<!--', 'nowiki', '<pre',
                                 'only>', '==', '~', '----')))
TITLES = (
    "A ''evil'' title", "'''A''' title", 'A -(evil)- title', '*Evil', ';Evil',
    'Category:Evil', 'File:Evil.png', 'Http://evil.example',
    'Mailto:evil@evil.example', '=Evil=', 'A ~~ title', '-', '!! Evil',
    'A "evil" title', 'A & title', '&amp title',
)


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person('Anna Petit')


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 60)


@pytest.fixture
def desk(box: Box) -> Desk:
    return Desk(box)


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    return next(specimens)


@pytest.fixture(scope='module', autouse=True)
def evil(box: Box) -> None:
    box.on_target().edit(
        'Template:Evil', '<span id="evil">Evil</span>[[Category:Evil]]')


def check(desk: Desk) -> str:
    """Hold that nothing got out of any answer; return them."""
    said = '\n'.join(desk.answers())
    # Templates are looked for in what is saved, signatures included.
    parsed = desk.admin._send(
        action='parse', title=desk.page, text=said, contentmodel='wikitext',
        disablelimitreport=1, prop='text|templates|categories|images|'
        'externallinks|sections|properties|langlinks')['parse']
    base = desk.box.source.base
    assert not parsed['templates'] and not parsed['categories'], said
    assert not parsed['images'] and not parsed['sections'], said
    assert not parsed['langlinks'] and not parsed['properties'], said
    assert all(url.startswith((desk.box.target_base, base))
               for url in parsed['externallinks']), parsed['externallinks']
    page = html.fromstring(parsed['text'])
    assert not page.xpath(
        '//*[@id="evil"]|//script|//h2|//hr|//pre|//i|//b'), said
    assert not page.xpath('//*[@class="error"]'), said
    outside = page.xpath('/div/*[not(contains(@class, "importbot-answer"))]')
    assert not [each for each in outside
                if each.text_content().strip()], said
    assert said.count('[[User:ImportBot|') == len(desk.answers())
    return said


def test_problems_hold_wikitext(desk: Desk, anna: Client) -> None:
    desk.configure(limits={'titles': 0, 'peruser': 0})
    parts = [HARMLESS[start::6] for start in range(6)]
    anna.edit(desk.page, ''.join(
        f'== Wish ==\n{{{{Import request|source={all}|pages=' + '\n'.join(
            f'Foo → {payload}\n{payload}\n[[zz:{payload}]]\n//x/{payload}'
            for payload in part)
        + f'|templates={all}|before={all}|exclude={all}|{all}=1'
        '|status=new}}\n\n' for part in parts for all in [''.join(part)]))
    in_vain(desk)
    assert len(desk.answers()) == len(parts)
    check(desk)


def test_every_problem_holds_wikitext(desk: Desk) -> None:
    """The same for all of them, in an answer as it is written."""
    from importbot.requestpages.passes.reply_text import Answers
    from importbot.requestpages.passes.spec import Problem

    answers = Answers('en', {})
    lines = answers.problems(
        Problem('line', {'line': f'{before}{payload}'})
        for payload in PAYLOADS for before in ('', 'x '))
    desk.admin.edit(desk.page, answers.block('import-x', lines))
    desk.admin.edit(desk.page, desk.text.replace('User:Admin|',
                                                 'User:ImportBot|'))
    check(desk)


def test_plan_holds_wikitext(desk: Desk, anna: Client, box: Box) -> None:
    """Titles, and what stands in the pages, its names and its comments."""
    source = box.on_source()
    for title in TITLES:
        if not title.startswith(('Category:', 'File:')):
            source.edit(title, '\n'.join(f'{{{{Un{payload}}}}}'
                                         for payload in PAYLOADS),
                        summary=''.join(PAYLOADS[:9]))
    desk.configure(limits={'titles': 0}, namespaces=[0, 6, 14])
    anna.edit(desk.page, desk.request(
        '\n  '.join(f'[[en:{title}]] → {title} x' for title in TITLES),
        templates='mentioned', reason=''.join(HARMLESS)))
    in_vain(desk)
    check(desk)
    desk.edit(desk.admin, 'status = review', 'status = approved')
    desk.work()
    said = check(desk)
    assert 'Pages verified' in said
    log = desk.admin.text(desk.log_page)
    assert 'evil' not in log.lower()


def cpu_seconds() -> float:
    """Return what was computed here and below, however busy others are."""
    return sum(os.times()[:4])


@pytest.mark.parametrize('bomb', ['{{', '<pre '])
def test_page_made_to_take_long(desk: Desk, anna: Client, title: str,
                                bomb: str) -> None:
    anna.edit(desk.page, desk.request(title) + '\n== Ha ==\n'
              + bomb * (1_900_000 // len(bomb)))
    start = cpu_seconds()
    in_vain(desk)
    assert cpu_seconds() - start < 60
    assert 'status = review' in desk.text[:1000]


def test_lines_made_to_take_long(desk: Desk, anna: Client) -> None:
    space = ' ' * 2_000
    for line in (f'//x{space}]x', f'[[{space}x[', f'[[a{space}b',
                 f'[[a{space}|{space}]{space}]', f'a{space}→{space}b{space}c',
                 '→' * 2_000, '[[a]]' * 500, '&' * 2_000, '*' * 2_000):
        desk.file(line, anna)
    desk.configure(limits={'peruser': 0})
    start = cpu_seconds()
    in_vain(desk)
    assert cpu_seconds() - start < 60
    assert set(desk.statuses) <= {'question', ''}


def test_many_broken_requests_get_one_answer(desk: Desk, anna: Client,
                                             ) -> None:
    anna.edit(desk.page, '{{Import request|pages=x\n' * 300)
    before = len(desk.box.target.exchanges)
    in_vain(desk)
    assert len(desk.answers()) == 1
    assert len(desk.box.target.exchanges) - before < 40


def test_flood_of_requests_keeps_nobody_out(
        desk: Desk, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.requestpages.passes import run

    monkeypatch.setattr(run, '_MOST_NEW', 2)
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    anna.edit(desk.page, '{{Import request}}\n' * 500 + desk.text)
    desk.work()
    assert desk.statuses[:4] == ['question', 'question', '', '']
    assert desk.statuses[-1] == 'done'


def test_table_on_a_subpage_of_somebody_else(
        desk: Desk, anna: Client, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is known once the request has its id."""
    from importbot.requestpages.passes import replies

    title, other = next(specimens), next(specimens)
    request = reviewed(desk, title, anna)
    monkeypatch.setattr(replies, 'MOST_SHOWN', 0)
    monkeypatch.setattr(replies, 'MOST_FOLDED', 0)
    anna.edit(f'{desk.page}/{request.id}', 'Nothing bad will come.')
    desk.edit(anna, title, other)
    in_vain(desk)
    assert 'The whole table' not in desk.answers()[-1]
    assert other in desk.answers()[-1]
    assert desk.admin.text(f'{desk.page}/{request.id}').startswith('Nothing')
    # The control: a subpage of its own.
    desk.file(title, anna)
    in_vain(desk)
    assert 'The whole table' in desk.answers()[-1]


def test_template_that_says_many_things(desk: Desk, anna: Client) -> None:
    """Too long to be read, and answered."""
    anna.edit(desk.page, '{{Import request|pages=' + 'x' * 20_000 + '}}')
    in_vain(desk)
    assert 'The template cannot be read' in desk.answers()[0]


@pytest.mark.parametrize('how', ['blank', 'remove', 'delete', 'move'])
def test_vandals_while_it_is_announced(
        desk: Desk, anna: Client, title: str, how: str) -> None:
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    text = desk.text
    with desk.box.target.broken(hits=at_edit(
            lambda: vandalise(desk, anna, how), 'status = importing')):
        in_vain(desk)
    if how in ('delete', 'move'):
        # The page that people put there again is another one.
        assert desk.work().failed == 1
    if how == 'move':
        return
    if how == 'delete':
        desk.admin.do('undelete', title=desk.page)
        assert desk.work().failed == 0
        assert desk.statuses == ['done']
        return
    anna.edit(desk.page, text)
    in_vain(desk)
    honestly(desk, title)


def vandalise(desk: Desk, by: Client, how: str) -> None:
    if how == 'blank':
        by.edit(desk.page, '')
    elif how == 'remove':
        by.edit(desk.page, 'There was never anything here.')
    elif how == 'delete':
        desk.admin.do('delete', title=desk.page)
    elif how == 'move':
        by.do('move', **{'from': desk.page, 'to': f'{desk.page} gone'})
    elif how == 'protect':
        desk.admin.do('protect', title=desk.page, protections='edit=sysop')


@pytest.mark.parametrize('how', ['blank', 'delete', 'move', 'protect'])
def test_vandals_while_it_is_imported(
        desk: Desk, anna: Client, specimens: Iterator[str], how: str) -> None:
    """What was approved comes, once, and nothing else."""
    titles = [next(specimens) for _number in range(2)]
    reviewed(desk, '\n  '.join(titles), anna)
    desk.approve(desk.admin)
    done: list[bool] = []

    def hits(exchange: Exchange) -> bool:
        if exchange.is_import and not done:
            done.append(True)
            vandalise(desk, anna, how)
        return False

    with desk.box.target.broken(hits=hits):
        desk.work()
    if how == 'protect':
        desk.admin.do('protect', title=desk.page, protections='edit=all')
        desk.work()
        assert desk.statuses == ['done']
    in_vain(desk) if how not in ('delete', 'move') else desk.work()
    for title in titles:
        assert len(desk.admin.imports(title)) == 1


def test_request_is_edited_while_the_import_is_announced(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    """The wiki merges both edits where they do not touch."""
    title, other = next(specimens), next(specimens)
    gap = '\n |reason = Because.\n |note = a\n\n\n |more = b\n'
    anna.edit(desk.page, desk.request(title).replace(
        '\n |status', f'{gap} |status'))
    in_vain(desk)
    desk.approve(desk.admin)
    with desk.box.target.broken(hits=at_edit(
            lambda: desk.edit(anna, title, other), 'status = importing')):
        in_vain(desk)
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, other)


def test_withdrawn_while_the_import_is_announced(
        desk: Desk, anna: Client, title: str) -> None:
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    with desk.box.target.broken(hits=at_edit(
            lambda: desk.edit(anna, 'status = approved',
                              'status = withdrawn'), 'status = importing')):
        in_vain(desk)
    in_vain(desk)
    assert desk.statuses == ['withdrawn']


def test_stop_page_is_vandalised_while_the_import_is_announced(
        desk: Desk, anna: Client, title: str) -> None:
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    with desk.box.target.broken(hits=at_edit(
            lambda: anna.edit(desk.stop_page, 'run!'), 'status = importing')):
        in_vain(desk)
    in_vain(desk)
    assert desk.statuses == ['importing']
    anna.edit(desk.stop_page, 'run')
    desk.work()
    assert desk.statuses == ['done']


@pytest.mark.parametrize('protection', [
    'edit=all', 'edit=autoconfirmed', 'move=sysop'])
def test_configuration_that_others_can_edit(desk: Desk, anna: Client,
                                            protection: str) -> None:
    page = f'{desk.page} configuration'
    text = desk.admin.text(CONFIGURATION)
    anna.edit(page, text)
    desk.admin.do('protect', title=page, protections=protection)
    with pytest.raises(ConfigurationError, match='anybody can edit it'):
        office(desk, page)
    desk.admin.do('protect', title=page, protections='edit=sysop')
    # What stands there is still hers.
    with pytest.raises(UntrustedTextError, match='Anna Petit'):
        office(desk, page)
    desk.admin.edit(page, json.dumps({**desk.configuration, 'lines': True}))
    assert office(desk, page).configuration.groups == ['sysop']


def test_configuration_moved_and_put_anew(desk: Desk, anna: Client) -> None:
    page = f'{desk.page} configuration'
    desk.admin.edit(page, desk.admin.text(CONFIGURATION))
    desk.admin.do('protect', title=page, protections='edit=sysop')
    # People who may not edit it cannot move it either.
    desk.admin.do('move', **{'from': page, 'to': f'{page} old'},
                  noredirect=1)
    with pytest.raises(ConfigurationError):
        office(desk, page)
    anna.edit(page, desk.admin.text(CONFIGURATION).replace(
        '"sysop"', '"user"'))
    with pytest.raises(ConfigurationError):
        office(desk, page)


@pytest.mark.parametrize('text', [
    '#REDIRECT [[User:Anna Petit/x.json]]', '', '[]', '{"pages": []}',
    '{{User:Anna Petit/x.json}}'])
def test_configuration_that_is_none(desk: Desk, text: str) -> None:
    page = f'{desk.page} configuration'
    desk.admin.edit(page, text or ' ')
    desk.admin.do('protect', title=page, protections='edit=sysop')
    with pytest.raises(ConfigurationError):
        office(desk, page)


def test_user_page_that_looks_like_the_bots(desk: Desk, box: Box) -> None:
    for name, page in (
            ('ImportBots', 'User:ImportBots/importrequests.json'),
            ('Importbot', 'User:Importbot/importrequests.json')):
        desk.person(name).edit(page, desk.admin.text(CONFIGURATION))
        with pytest.raises(ConfigurationError, match='anybody can edit it'):
            office(desk, page)


def office(desk: Desk, page: str) -> Any:
    return open_office(desk.site, desk.journal, Stop(),
                       configuration_page=page, server_limit=1,
                       progress=lambda what, pages: None)
