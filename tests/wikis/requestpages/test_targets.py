"""Attempts to get something where it may not go, or from where it may not
come."""
from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from tests.kit.attacks import Visitor, honestly, in_vain, pages_of, reviewed
from tests.kit.proxy import Exchange
from tests.kit.request_bot import ANNA
from tests.kit.request_wiki import RequestWiki
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


SPECIMENS = 200
OWN = {'name': 'own user space', 'ownuserspace': True, 'missing': True,
       'maxtemplates': 0, 'maxrevisions': 200, 'approval': False}
#: Nothing may be imported to these; the own request pages come on top.
FORBIDDEN = (
    'MediaWiki:Common.js', 'MediaWiki:Sidebar', ':mediawiki:sidebar',
    'mEDIAwIKI:_Common.css_', 'MediaWiki&#58;Common.js',
    '&#77;ediaWiki:Gadget-x', 'MediaWiki\u200e:Common.js',
    '\u202eMediaWiki:Common.css', 'User:Admin/common.js',
    'user:admin/Vector.css', 'USER: Admin/ x.js', f'User:{ANNA}/common.js',
    f'User:{ANNA}/x.json', f'User:{ANNA.replace(" ", "_")}/x.css',
    'User:ImportBot/importrequests.json', 'Template:Import request',
    'template:import_request/doc', 'T&#101;mplate:Import request',
)
#: There is no such page to write to.
NO_PAGES = ('Special:Import', 'special:export/x', 'Media:Foo.png')
#: No page can have these titles here, or none of this wiki.
IMPOSSIBLE = (
    'en:Foo', 'EN:Foo', 'en:User:Anna Petit/x', 'A<script>', 'A{{{1}}}',
    'Talk:User:X', '../Foo', 'A' * 256, '~~~~', '#x', '',
    'MediaWiki%3aCommon.js', '%4dediaWiki:Common.js', '|B',
)


def targets(wiki: RequestWiki) -> list[str]:
    """Return where nothing may go."""
    return [*FORBIDDEN, 'MediaWiki:Importrequests.json', *(
        page + below for page in (wiki.page, wiki.stop_page, wiki.log_page)
        for below in ('', '/x')), wiki.page.lower().replace(' ', '_')]


def test_forbidden_targets_stay_out_of_an_approved_plan(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.configure(limits={'titles': 0},
                   namespaces=[0, 2, 4, 8, 10, 12, 14, 828])
    own = [wiki.page, wiki.log_page]
    before = pages_of(wiki)
    wanted = [f'{next(specimens)} → {target}' for target in targets(wiki)]
    title = next(specimens)
    reviewed(wiki, '\n  '.join([*wanted, title]), anna)
    text = wiki.text
    assert f'{len(wanted)} refused' in text
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['partial']
    after = pages_of(wiki)
    for page in own:
        key = 4, page.partition(':')[2].replace(' ', '_')
        before.pop(key, None)
        after.pop(key)
    assert set(after) - set(before) == {(0, title.replace(' ', '_'))}
    assert {page: after[page] for page in before} == before


def test_nobody_agrees_to_forbidden_targets(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.configure(rules=[OWN], limits={'titles': 0, 'peruser': 0})
    for target in (f'User:{ANNA}/common.js', f'User:{ANNA}/x.css',
                   f'User:{ANNA}/x.json'):
        wiki.file(f'{next(specimens)} → {target}', anna)
    in_vain(wiki)
    assert wiki.statuses == ['question'] * 3


def test_impossible_targets(wiki: RequestWiki, anna: Client,
                            specimens: Iterator[str]) -> None:
    wiki.file('\n  '.join(f'{next(specimens)} → {target}'
                          for target in IMPOSSIBLE), anna)
    wiki.file('\n  '.join(f'{next(specimens)} → {target}'
                          for target in NO_PAGES), anna)
    in_vain(wiki)
    assert wiki.statuses == ['question', 'question']
    said, also = wiki.answers()
    assert also.count('is no valid title') == len(NO_PAGES)
    assert (said.count('cannot have a page of the title')
            + said.count('This line cannot be read')) == len(IMPOSSIBLE) - 1
    # What stands behind the last one's stroke is a parameter of no name.
    assert 'Parameters that mean nothing here: "B".' in said


def test_namespace_that_requests_may_not_fill(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    wiki.configure(namespaces=[0, 10])
    wiki.file(f'{title} → Help:{title}', anna)
    in_vain(wiki)
    assert wiki.statuses == ['question']
    wiki.edit(anna, f' → Help:{title}', '')
    in_vain(wiki)
    honestly(wiki, title)


def test_user_space_of_somebody_like_anna(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.configure(rules=[OWN], limits={'peruser': 0},
                   namespaces=[0, 2, 3])
    targets = (
        'User:Anna', 'User:Anna Petite/x', 'User:Anna petit/x',
        'User talk:Anna Petit/x', 'Anna Petit/x', 'User:Аnna Petit/x',
        'User:Admin#/../User:Anna Petit')
    for target in targets:
        wiki.file(f'{next(specimens)} → {target}', anna)
    in_vain(wiki)
    assert wiki.statuses == ['review'] * len(targets)


def test_user_space_of_anna(wiki: RequestWiki, anna: Client,
                            specimens: Iterator[str]) -> None:
    """The control: names that lead to it, in whatever writing."""
    wiki.configure(rules=[OWN])
    names = [f'User:{ANNA}/x', 'user: anna_Petit/y', f':User:{ANNA}',
             f'User:{ANNA}#there']
    for target in names[:3]:
        wiki.file(f'{next(specimens)} → {target}', anna)
    wiki.work()
    assert wiki.statuses == ['done'] * 3
    assert all(map(wiki.exists, (f'User:{ANNA}/x', f'User:{ANNA}/y',
                                 f'User:{ANNA}')))
    # With a link to an entry of the log for each.
    logs = re.findall(r'type=import&page=([^}]*)}}', wiki.text)
    assert len(logs) == 3
    assert all(wiki.admin.imports(unquote(page)) for page in logs)
    wiki.file(f'{next(specimens)} → {names[3]}', anna)
    in_vain(wiki)  # it is not missing any more
    assert wiki.statuses[-1] != 'done'


def own(wiki: RequestWiki, specimens: Iterator[str], **rule: object) -> str:
    """Configure the rule of the own user space; return a line for it."""
    wiki.configure(rules=[OWN | rule])
    title = next(specimens)
    return f'{title} → User:{ANNA}/{title}'


def test_page_of_another_space_among_own_ones(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    line = own(wiki, specimens)
    title = next(specimens)
    wiki.file(f'{line}\n  {title}', anna)
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_templates_come_with_a_page_of_the_own_space(
        wiki: RequestWiki, anna: Client, box: Box) -> None:
    wiki.configure(rules=[OWN])
    source = box.on_source()
    source.edit('Template:Escort', 'a template')
    source.edit('With escort', '{{Escort}}')
    wiki.file(f'With escort → User:{ANNA}/escort', anna, templates='used')
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_page_of_the_own_space_that_is_there(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    line = own(wiki, specimens)
    anna.edit(line.partition(' → ')[2], 'It is there.')
    wiki.file(line, anna, existing='update')
    in_vain(wiki)
    assert wiki.statuses[0] in ('review', 'question')


def test_more_revisions_than_the_rule_allows(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    wiki.file(own(wiki, specimens, maxrevisions=1), anna, history='full')
    in_vain(wiki)
    assert wiki.statuses == ['review']


def test_new_account_asks_alone(wiki: RequestWiki, anna: Client,
                                specimens: Iterator[str]) -> None:
    wiki.file(own(wiki, specimens, mindays=4), anna)
    wiki.file(own(wiki, specimens, minedits=10_000), anna)
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']


def test_blocked_user_asks_alone(wiki: RequestWiki, specimens: Iterator[str],
                                 ) -> None:
    bert = wiki.person('Bert')
    wiki.configure(rules=[OWN])
    wiki.file(f'{next(specimens)} → User:Bert/x', bert)
    wiki.admin.do('block', user='Bert')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    wiki.admin.do('unblock', user='Bert')


def test_blocked_while_the_import_is_announced(
        wiki: RequestWiki, specimens: Iterator[str]) -> None:
    clara = wiki.person('Clara')
    wiki.configure(rules=[OWN])
    wiki.file(f'{next(specimens)} → User:Clara/x', clara)

    def hits(exchange: Exchange) -> bool:
        if 'status = importing' in exchange.parameters.get('text', ''):
            wiki.admin.do('block', user='Clara', reblock=1)
        return False

    with wiki.box.target.broken(hits=hits):
        in_vain(wiki)
    assert wiki.statuses == ['review']
    wiki.admin.do('unblock', user='Clara')


def test_request_in_the_name_of_somebody_else(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    mallory = wiki.person('Mallory')
    line = own(wiki, specimens)
    wiki.file(line, mallory, reason=f'[[User:{ANNA}]] 12:00, 1 May 2024')
    in_vain(wiki)
    # What another user's request is turned into is asked by who does so.
    wiki.file(line.replace(' →', ' is missing →'), anna)
    in_vain(wiki)
    wiki.edit(mallory, ' is missing →', ' →')
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']


def test_anonymous_and_temporary_accounts_ask_alone(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    with Box(tmp_path_factory.mktemp('temporary'),
             settings='$wgAutoCreateTempUser["enabled"] = true;') as box:
        wiki = RequestWiki(box, rules=[OWN])
        visitor = Visitor(box.target_base)
        title = next(put_specimens(box, 2))
        visitor.edit(wiki.page, 'Hello.')
        name = wiki.admin.history(wiki.page)[0]['user']
        assert name.startswith('~2')
        visitor.edit(wiki.page, wiki.request(f'{title} → User:{name}/x'))
        in_vain(wiki)
        assert wiki.statuses == ['review']
        wiki.approve(visitor)
        in_vain(wiki)
        honestly(wiki, f'User:{name}/x')


def test_anonymous_user_asks_alone_and_approves(
        wiki: RequestWiki, title: str) -> None:
    wiki.configure(rules=[OWN])
    visitor = Visitor(wiki.box.target_base)
    visitor.edit(wiki.page, wiki.request(f'{title} → User:127.0.0.1/x'))
    in_vain(wiki)
    assert wiki.statuses == ['review']
    wiki.approve(visitor)
    in_vain(wiki)
    honestly(wiki, 'User:127.0.0.1/x')


@pytest.mark.parametrize(('limits', 'words'), [
    ({'titles': 2}, 'It names 3 pages'),
    ({'pages': 2}, 'would change 3 pages'),
    ({'revisions': 5}, 'would send 6 versions'),
])
def test_more_than_is_allowed(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str],
        limits: dict[str, int], words: str) -> None:
    wiki.configure(limits=limits)
    titles = [next(specimens) for _number in range(3)]
    wiki.file('\n  '.join(titles), anna)
    in_vain(wiki)
    assert wiki.statuses == ['question']
    assert words in wiki.answers()[0]
    wiki.edit(wiki.admin, 'status = question', 'status = approved')
    in_vain(wiki)
    if 'titles' in limits:
        wiki.configure()
        wiki.edit(anna, 'status = question', 'status = new')
        in_vain(wiki)
        honestly(wiki, *titles)


def test_closure_of_a_thousand_pages(wiki: RequestWiki, anna: Client, box: Box,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.requestpages.passes import planner

    # The same with fewer pages, which is quicker.
    monkeypatch.setattr(planner, '_LOOKED_AT_AT_LEAST', 10)
    wiki.configure(limits={'pages': 2})
    box.on_source().edit('A thousand', ''.join(
        f'{{{{Of a thousand {number}}}}}' for number in range(1000)))
    wiki.file('A thousand', anna, templates='mentioned')
    in_vain(wiki)
    assert wiki.statuses == ['question']
    assert 'more pages than can be looked at' in wiki.answers()[0]


def test_requests_of_one_user_in_a_day(wiki: RequestWiki, anna: Client,
                                       specimens: Iterator[str]) -> None:
    wiki.configure(rules=[OWN], limits={'peruser': 2})
    for _number in range(4):
        title = next(specimens)
        wiki.file(f'{title} → User:{ANNA}/{title}', anna)
    wiki.work()
    assert wiki.statuses.count('done') == 2
    assert wiki.statuses.count('question') == 2


def test_sources_that_are_not_in_the_configuration(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    """By link, by address, by field; some name another wiki with ours."""
    base = wiki.box.source.base.removeprefix('http://')
    host = base.partition(':')[0]
    name = title.replace(' ', '_')
    lines = [
        f'[[mw:{title}]]', f'[[MW:en:{title}]]',
        f'http://{base}@example.org/index.php/{name}',
        f'http://example.org@{host}:1/index.php/{name}',
        f'http://example.org/?http://{base}/index.php/{name}',
        f'http://{host}:81/index.php/{name}', f'//{host}/index.php/{name}',
        f'//example.org/index.php/{name}', f'ftp://{base}/index.php/{name}',
        f'http:\\\\{base}\\index.php\\{name}', f'http://[{base}/{name}',
        f'[http://a℀b/index.php/{name}]', f'http://{base}.example.org/{name}',
        f'http://{base}%2eexample.org/index.php/{name}', 'http://',
        f'http://{base}', 'file:///etc/passwd',
    ]
    wiki.file('\n  '.join(lines), anna)
    wiki.file(lines[2], anna)
    for source in ('mw', 'en\n |source = mw', '[[en]]'):
        wiki.file(title, anna, source=source)
    in_vain(wiki)
    assert set(wiki.statuses) == {'question'}
    # What is no address is a title that the source may have.
    assert wiki.answers()[0].count('has this address') == 11
    assert 'Imports from "mw" are not allowed here' in wiki.answers()[0]
    wiki.file(f'http://{base}/index.php/{name}', anna)
    in_vain(wiki)
    honestly(wiki, title)


def test_what_requests_may_never_set(wiki: RequestWiki, anna: Client,
                                     title: str) -> None:
    """Also a page that is there, and what is said in other words."""
    wiki.admin.edit(title, 'It is of here.')
    fields = {'existingpages': 'force', 'authors': 'local',
              'overwrite': 'yes', 'via': 'upload', 'maxpages': '0',
              'groups': 'user', 'approver': 'Admin', 'approval': 'no'}
    wiki.file(title, anna, **fields)
    wiki.file(title, anna, existing='force')
    wiki.file(title, anna, existing='keep', templates='all')
    in_vain(wiki)
    first, second, third = wiki.requests
    assert second.status_word == third.status_word == 'question'
    assert first.status_word == 'question'
    assert 'overwrite' in wiki.text
    wiki.edit(wiki.admin, 'status = question', 'status = approved')
    in_vain(wiki)
    assert wiki.admin.text(title) == 'It is of here.'


def test_local_authors(wiki: RequestWiki, anna: Client, title: str) -> None:
    reviewed(wiki, title, anna, authors='local')
    honestly(wiki, title)
    assert {row['user'] for row in wiki.admin.history(title)
            } <= {'en>Admin', 'ImportBot'}


def test_exclusion_takes_no_time(wiki: RequestWiki, anna: Client,
                                 title: str) -> None:
    for exclude in ('(a+)+$', '(.*.*.*)*', '*' * 200, '^(([a-z])+.)+[A-Z]',
                    '*a*b', '\n'.join(['*a*'] * 60)):
        wiki.file(title, anna, exclude=exclude)
    in_vain(wiki)
    assert set(wiki.statuses) == {'review', 'question'}


def test_two_requests_for_one_target(wiki: RequestWiki, anna: Client,
                                     specimens: Iterator[str]) -> None:
    mine, theirs = next(specimens), next(specimens)
    wiki.file(f'{mine} → One place', anna)
    wiki.file(f'{theirs} → One place', wiki.admin, existing='update')
    in_vain(wiki)
    assert wiki.statuses == ['review', 'review']
    wiki.approve(wiki.admin)
    wiki.approve(wiki.admin)
    wiki.work()
    first, second = wiki.requests
    assert first.status_word == 'done'
    assert second.status_word in ('review', 'question')
    assert mine in wiki.admin.text('One place')
    if second.status_word == 'review':
        wiki.approve(wiki.admin)
        in_vain(wiki)
    assert mine in wiki.admin.text('One place')


def test_state_that_is_hard_to_read(wiki: RequestWiki, anna: Client,
                                    specimens: Iterator[str]) -> None:
    wiki.configure(limits={'peruser': 0})
    bodies = (
        '|pages = {0}\n|status = new|status = approved',
        '|pages = {0}\n|status = approved|status = new',
        '|pages = {0}\n|status = <!-- new -->appro<!-- -->ved',
        '|pages = {0}\n|status = <nowiki>approved</nowiki>',
        '|pages = {0}\n|status = {{{{lc:APPROVED}}}}',
        '|pages = {0}\n|STATUS\u00a0= Approved',
        '|pages = Foo\n|pages = {0}\n|status = approved',
        '|pages = {{{{nowrap|{0}}}}}\n|status = approved',
        '|1 = {0}\n|pages = {0}\n|status = аpproved')
    anna.edit(wiki.page, '\n\n'.join(
        '{{Import request|source = en\n' + body.format(next(specimens))
        + '\n|templates = none}}' for body in bodies))
    in_vain(wiki)
    in_vain(wiki)
    assert set(wiki.statuses) <= {'review', 'question'}, wiki.text
    assert len(wiki.answers()) >= len(bodies) - 1
