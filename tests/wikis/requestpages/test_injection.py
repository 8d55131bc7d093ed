"""Attempts to break out of what the bot says, and to break the bot."""
from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

from importbot.model.errors import ConfigurationError, UntrustedTextError
from importbot.model.problems import Problem
from importbot.requestpages.passes.context import open_context
from importbot.requestpages.passes.stop import Stop
from tests.kit.attacks import at_edit, honestly, in_vain, reviewed
from tests.kit.proxy import Exchange
from tests.kit.request_wiki import CONFIGURATION, RequestWiki
from tests.kit.support import Box, Client


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


@pytest.fixture(scope='module', autouse=True)
def evil(box: Box) -> None:
    box.on_target().edit(
        'Template:Evil', '<span id="evil">Evil</span>[[Category:Evil]]')


def check(wiki: RequestWiki) -> str:
    """Hold that nothing got out of any answer; return them."""
    said = '\n'.join(wiki.answers())
    # Templates are looked for in what is saved, signatures included.
    parsed = wiki.admin._send(
        action='parse', title=wiki.page, text=said, contentmodel='wikitext',
        disablelimitreport=1, prop='text|templates|categories|images|'
        'externallinks|sections|properties|langlinks')['parse']
    base = wiki.box.source.base
    assert not parsed['templates'] and not parsed['categories'], said
    assert not parsed['images'] and not parsed['sections'], said
    assert not parsed['langlinks'] and not parsed['properties'], said
    assert all(url.startswith((wiki.box.target_base, base))
               for url in parsed['externallinks']), parsed['externallinks']
    page = html.fromstring(parsed['text'])
    assert not page.xpath(
        '//*[@id="evil"]|//script|//h2|//hr|//pre|//i'), said
    # Numbers of pages and headings are bold, and nothing of others.
    assert not [each for each in page.xpath('//b')
                if re.search('vil|title|>|"', each.text_content())], said
    assert not page.xpath('//*[@class="error"]'), said
    outside = page.xpath('/div/*[not(contains(@class, "importbot-answer"))]')
    assert not [each for each in outside
                if each.text_content().strip()], said
    assert said.count('[[User:ImportBot|') == len(wiki.answers())
    return said


def test_problems_hold_wikitext(wiki: RequestWiki, anna: Client) -> None:
    wiki.configure(limits={'titles': 0, 'peruser': 0})
    parts = [HARMLESS[start::6] for start in range(6)]
    anna.edit(wiki.page, ''.join(
        f'== Wish ==\n{{{{Import request|source={all}|pages=' + '\n'.join(
            f'Foo → {payload}\n{payload}\n[[zz:{payload}]]\n//x/{payload}'
            for payload in part)
        + f'|templates={all}|before={all}|exclude={all}|{all}=1'
        '|status=new}}\n\n' for part in parts for all in [''.join(part)]))
    in_vain(wiki)
    assert len(wiki.answers()) == len(parts)
    check(wiki)


def test_every_problem_holds_wikitext(wiki: RequestWiki) -> None:
    """The same for all of them, in an answer as it is written."""
    from importbot.requestpages.passes.reply_text import ReplyText

    answers = ReplyText('en', {})
    lines = answers.problems(
        Problem('line', line=f'{before}{payload}')
        for payload in PAYLOADS for before in ('', 'x '))
    wiki.admin.edit(wiki.page, answers.block('import-x', lines))
    wiki.admin.edit(wiki.page, wiki.text.replace('User:Admin|',
                                                 'User:ImportBot|'))
    check(wiki)


def test_plan_holds_wikitext(wiki: RequestWiki, anna: Client,
                             box: Box) -> None:
    """Titles, and what stands in the pages, its names and its comments."""
    source = box.on_source()
    for title in TITLES:
        if not title.startswith(('Category:', 'File:')):
            source.edit(title, '\n'.join(f'{{{{Un{payload}}}}}'
                                         for payload in PAYLOADS),
                        summary=''.join(PAYLOADS[:9]))
    wiki.configure(limits={'titles': 0}, namespaces=[0, 6, 14])
    anna.edit(wiki.page, wiki.request(
        '\n  '.join(f'[[en:{title}]] → {title} x' for title in TITLES),
        templates='mentioned', reason=''.join(HARMLESS)))
    in_vain(wiki)
    check(wiki)
    wiki.edit(wiki.admin, 'status = review', 'status = approved')
    wiki.work()
    said = check(wiki)
    assert 'imported and checked' in said
    log = wiki.admin.text(wiki.log_page)
    # It names the pages, as links and nothing else.
    assert 'evil' in log
    assert 'evil' not in re.sub(r'\[\[:[^][{}<>|]*\]\]', '', log).lower(), log


def cpu_seconds() -> float:
    """Return what was computed here and below, however busy others are."""
    return sum(os.times()[:4])


@pytest.mark.parametrize('bomb', ['{{', '<pre '])
def test_page_made_to_take_long(wiki: RequestWiki, anna: Client, title: str,
                                bomb: str) -> None:
    anna.edit(wiki.page, wiki.request(title) + '\n== Ha ==\n'
              + bomb * (1_900_000 // len(bomb)))
    start = cpu_seconds()
    in_vain(wiki)
    assert cpu_seconds() - start < 60
    assert 'status = review' in wiki.text[:1000]


def test_lines_made_to_take_long(wiki: RequestWiki, anna: Client) -> None:
    space = ' ' * 2_000
    for line in (f'//x{space}]x', f'[[{space}x[', f'[[a{space}b',
                 f'[[a{space}|{space}]{space}]', f'a{space}→{space}b{space}c',
                 '→' * 2_000, '[[a]]' * 500, '&' * 2_000, '*' * 2_000):
        wiki.file(line, anna)
    wiki.configure(limits={'peruser': 0})
    start = cpu_seconds()
    in_vain(wiki)
    assert cpu_seconds() - start < 60
    assert set(wiki.statuses) <= {'question', ''}


def test_many_broken_requests_get_one_answer(wiki: RequestWiki, anna: Client,
                                             ) -> None:
    anna.edit(wiki.page, '{{Import request|pages=x\n' * 300)
    before = len(wiki.box.target.exchanges)
    in_vain(wiki)
    assert len(wiki.answers()) == 1
    assert len(wiki.box.target.exchanges) - before < 40


def test_flood_of_requests_keeps_nobody_out(
        wiki: RequestWiki, anna: Client, title: str,
        monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.requestpages.passes import run

    monkeypatch.setattr(run, '_MOST_NEW', 2)
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    anna.edit(wiki.page, '{{Import request}}\n' * 500 + wiki.text)
    wiki.work()
    assert wiki.statuses[:4] == ['question', 'question', '', '']
    assert wiki.statuses[-1] == 'done'


def test_table_on_a_subpage_of_somebody_else(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is known once the request has its id."""
    from importbot.requestpages.passes import reply_text, subpages

    title, other = next(specimens), next(specimens)
    request = reviewed(wiki, title, anna)
    for module in (reply_text, subpages):
        monkeypatch.setattr(module, 'MOST_SHOWN', 0)
        monkeypatch.setattr(module, 'MOST_FOLDED', 0)
    anna.edit(f'{wiki.page}/{request.id}', 'Nothing bad will come.')
    wiki.edit(anna, title, other)
    in_vain(wiki)
    assert 'The whole table' not in wiki.answers()[-1]
    assert other in wiki.answers()[-1]
    assert wiki.admin.text(f'{wiki.page}/{request.id}').startswith('Nothing')
    # The control: a subpage of its own.
    wiki.file(title, anna)
    in_vain(wiki)
    assert 'The whole table' in wiki.answers()[-1]


def test_template_that_says_many_things(wiki: RequestWiki,
                                        anna: Client) -> None:
    """Too long to be read, and answered."""
    anna.edit(wiki.page, '{{Import request|pages=' + 'x' * 20_000 + '}}')
    in_vain(wiki)
    assert 'The template cannot be read' in wiki.answers()[0]


@pytest.mark.parametrize('how', ['blank', 'remove', 'delete', 'move'])
def test_vandals_while_it_is_announced(
        wiki: RequestWiki, anna: Client, title: str, how: str) -> None:
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    text = wiki.text
    with wiki.box.target.broken(hits=at_edit(
            lambda: vandalise(wiki, anna, how), 'status = importing')):
        in_vain(wiki)
    if how in ('delete', 'move'):
        # The page that people put there again is another one.
        assert wiki.work().failed == 1
    if how == 'move':
        return
    if how == 'delete':
        wiki.admin.do('undelete', title=wiki.page)
        assert wiki.work().failed == 0
        assert wiki.statuses == ['done']
        return
    anna.edit(wiki.page, text)
    in_vain(wiki)
    honestly(wiki, title)


def vandalise(wiki: RequestWiki, by: Client, how: str) -> None:
    if how == 'blank':
        by.edit(wiki.page, '')
    elif how == 'remove':
        by.edit(wiki.page, 'There was never anything here.')
    elif how == 'delete':
        wiki.admin.do('delete', title=wiki.page)
    elif how == 'move':
        by.do('move', **{'from': wiki.page, 'to': f'{wiki.page} gone'})
    elif how == 'protect':
        wiki.admin.do('protect', title=wiki.page, protections='edit=sysop')


@pytest.mark.parametrize('how', ['blank', 'delete', 'move', 'protect'])
def test_vandals_while_it_is_imported(wiki: RequestWiki, anna: Client,
                                      specimens: Iterator[str],
                                      how: str) -> None:
    """What was approved comes, once, and nothing else."""
    titles = [next(specimens) for _number in range(2)]
    reviewed(wiki, '\n  '.join(titles), anna)
    wiki.approve(wiki.admin)
    done: list[bool] = []

    def hits(exchange: Exchange) -> bool:
        if exchange.is_import and not done:
            done.append(True)
            vandalise(wiki, anna, how)
        return False

    with wiki.box.target.broken(hits=hits):
        wiki.work()
    if how == 'protect':
        wiki.admin.do('protect', title=wiki.page, protections='edit=all')
        wiki.work()
        assert wiki.statuses == ['done']
    in_vain(wiki) if how not in ('delete', 'move') else wiki.work()
    for title in titles:
        assert len(wiki.admin.imports(title)) == 1


def test_request_is_edited_while_the_import_is_announced(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    """The wiki merges both edits where they do not touch."""
    title, other = next(specimens), next(specimens)
    gap = '\n |reason = Because.\n |note = a\n\n\n |more = b\n'
    anna.edit(wiki.page, wiki.request(title).replace(
        '\n |status', f'{gap} |status'))
    in_vain(wiki)
    wiki.approve(wiki.admin)
    with wiki.box.target.broken(hits=at_edit(
            lambda: wiki.edit(anna, title, other), 'status = importing')):
        in_vain(wiki)
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, other)


def test_withdrawn_while_the_import_is_announced(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    with wiki.box.target.broken(hits=at_edit(
            lambda: wiki.edit(anna, 'status = approved',
                              'status = withdrawn'), 'status = importing')):
        in_vain(wiki)
    in_vain(wiki)
    assert wiki.statuses == ['withdrawn']


def test_stop_page_is_vandalised_while_the_import_is_announced(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    with wiki.box.target.broken(hits=at_edit(
            lambda: anna.edit(wiki.stop_page, 'run!'), 'status = importing')):
        in_vain(wiki)
    in_vain(wiki)
    assert wiki.statuses == ['importing']
    anna.edit(wiki.stop_page, 'run')
    wiki.work()
    assert wiki.statuses == ['done']


@pytest.mark.parametrize('protection', [
    'edit=all', 'edit=autoconfirmed', 'move=sysop'])
def test_configuration_that_others_can_edit(wiki: RequestWiki, anna: Client,
                                            protection: str) -> None:
    page = f'{wiki.page} configuration'
    text = wiki.admin.text(CONFIGURATION)
    anna.edit(page, text)
    wiki.admin.do('protect', title=page, protections=protection)
    with pytest.raises(ConfigurationError, match='anybody can edit it'):
        context(wiki, page)
    wiki.admin.do('protect', title=page, protections='edit=sysop')
    # What stands there is still hers.
    with pytest.raises(UntrustedTextError, match='Anna Petit'):
        context(wiki, page)
    wiki.admin.edit(page, json.dumps({**wiki.configuration, 'lines': True}))
    assert context(wiki, page).configuration.groups == ['sysop']


def test_configuration_moved_and_put_anew(wiki: RequestWiki,
                                          anna: Client) -> None:
    page = f'{wiki.page} configuration'
    wiki.admin.edit(page, wiki.admin.text(CONFIGURATION))
    wiki.admin.do('protect', title=page, protections='edit=sysop')
    # People who may not edit it cannot move it either.
    wiki.admin.do('move', **{'from': page, 'to': f'{page} old'},
                  noredirect=1)
    with pytest.raises(ConfigurationError):
        context(wiki, page)
    anna.edit(page, wiki.admin.text(CONFIGURATION).replace(
        '"sysop"', '"user"'))
    with pytest.raises(ConfigurationError):
        context(wiki, page)


@pytest.mark.parametrize('text', [
    '#REDIRECT [[User:Anna Petit/x.json]]', '', '[]', '{"pages": []}',
    '{{User:Anna Petit/x.json}}'])
def test_configuration_that_is_none(wiki: RequestWiki, text: str) -> None:
    page = f'{wiki.page} configuration'
    wiki.admin.edit(page, text or ' ')
    wiki.admin.do('protect', title=page, protections='edit=sysop')
    with pytest.raises(ConfigurationError):
        context(wiki, page)


def test_user_page_that_looks_like_the_bots(wiki: RequestWiki,
                                            box: Box) -> None:
    for name, page in (
            ('ImportBots', 'User:ImportBots/importrequests.json'),
            ('Importbot', 'User:Importbot/importrequests.json')):
        wiki.person(name).edit(page, wiki.admin.text(CONFIGURATION))
        with pytest.raises(ConfigurationError, match='anybody can edit it'):
            context(wiki, page)


def context(wiki: RequestWiki, page: str) -> Any:
    return open_context(wiki.site, wiki.journal, Stop(),
                        configuration_page=page, server_limit=1,
                        progress=lambda what, pages: None)
