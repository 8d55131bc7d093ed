"""Attempts to get something where it may not go, or from where it may not
come."""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.attacks import Visitor, honestly, in_vain, pages_of, reviewed
from tests.kit.proxy import Exchange
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


pytestmark = pytest.mark.wiki

ANNA = 'Anna Petit'
OWN = {'name': 'own user space', 'ownuserspace': True, 'missing': True,
       'maxtemplates': 0, 'maxrevisions': 200, 'approval': False}
#: Nothing may be imported to these; the desk's own pages come on top.
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


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person(ANNA)


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 200)


@pytest.fixture
def desk(box: Box) -> Desk:
    return Desk(box)


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    return next(specimens)


def targets(desk: Desk) -> list[str]:
    """Return where nothing may go."""
    return [*FORBIDDEN, 'MediaWiki:Importrequests.json', *(
        page + below for page in (desk.page, desk.stop_page, desk.log_page)
        for below in ('', '/x')), desk.page.lower().replace(' ', '_')]


def test_forbidden_targets_stay_out_of_an_approved_plan(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.configure(limits={'titles': 0},
                   namespaces=[0, 2, 4, 8, 10, 12, 14, 828])
    own = [desk.page, desk.log_page]
    before = pages_of(desk)
    wanted = [f'{next(specimens)} → {target}' for target in targets(desk)]
    title = next(specimens)
    reviewed(desk, '\n  '.join([*wanted, title]), anna)
    text = desk.text
    assert f'refused: {len(wanted)}' in text
    desk.approve(desk.admin)
    assert desk.work().failed == 0
    assert desk.statuses == ['partial']
    after = pages_of(desk)
    for page in own:
        key = 4, page.partition(':')[2].replace(' ', '_')
        before.pop(key, None)
        after.pop(key)
    assert set(after) - set(before) == {(0, title.replace(' ', '_'))}
    assert {page: after[page] for page in before} == before


def test_nobody_agrees_to_forbidden_targets(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.configure(rules=[OWN], limits={'titles': 0, 'peruser': 0})
    for target in (f'User:{ANNA}/common.js', f'User:{ANNA}/x.css',
                   f'User:{ANNA}/x.json'):
        desk.file(f'{next(specimens)} → {target}', anna)
    in_vain(desk)
    assert desk.statuses == ['question'] * 3


def test_impossible_targets(desk: Desk, anna: Client,
                            specimens: Iterator[str]) -> None:
    desk.file('\n  '.join(f'{next(specimens)} → {target}'
                          for target in IMPOSSIBLE), anna)
    desk.file('\n  '.join(f'{next(specimens)} → {target}'
                          for target in NO_PAGES), anna)
    in_vain(desk)
    assert desk.statuses == ['question', 'question']
    said, also = desk.answers()
    assert also.count('is no valid title') == len(NO_PAGES)
    assert (said.count('cannot have a page of the title')
            + said.count('This line cannot be read')) == len(IMPOSSIBLE) - 1
    # Nothing stands before the last one's stroke, as behind no arrow.
    assert 'Parameters' not in said


def test_namespace_that_requests_may_not_fill(
        desk: Desk, anna: Client, title: str) -> None:
    desk.configure(namespaces=[0, 10])
    desk.file(f'{title} → Help:{title}', anna)
    in_vain(desk)
    assert desk.statuses == ['question']
    desk.edit(anna, f' → Help:{title}', '')
    in_vain(desk)
    honestly(desk, title)


def test_user_space_of_somebody_like_anna(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.configure(rules=[OWN], limits={'peruser': 0},
                   namespaces=[0, 2, 3])
    targets = (
        'User:Anna', 'User:Anna Petite/x', 'User:Anna petit/x',
        'User talk:Anna Petit/x', 'Anna Petit/x', 'User:Аnna Petit/x',
        'User:Admin#/../User:Anna Petit')
    for target in targets:
        desk.file(f'{next(specimens)} → {target}', anna)
    in_vain(desk)
    assert desk.statuses == ['review'] * len(targets)


def test_user_space_of_anna(desk: Desk, anna: Client,
                            specimens: Iterator[str]) -> None:
    """The control: names that lead to it, in whatever writing."""
    desk.configure(rules=[OWN])
    names = [f'User:{ANNA}/x', 'user: anna_Petit/y', f':User:{ANNA}',
             f'User:{ANNA}#there']
    for target in names[:3]:
        desk.file(f'{next(specimens)} → {target}', anna)
    desk.work()
    assert desk.statuses == ['done'] * 3
    assert all(map(desk.exists, (f'User:{ANNA}/x', f'User:{ANNA}/y',
                                 f'User:{ANNA}')))
    desk.file(f'{next(specimens)} → {names[3]}', anna)
    in_vain(desk)  # it is not missing any more
    assert desk.statuses[-1] != 'done'


def own(desk: Desk, specimens: Iterator[str], **rule: object) -> str:
    """Configure the rule of the own user space; return a line for it."""
    desk.configure(rules=[OWN | rule])
    title = next(specimens)
    return f'{title} → User:{ANNA}/{title}'


def test_page_of_another_space_among_own_ones(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    line = own(desk, specimens)
    title = next(specimens)
    desk.file(f'{line}\n  {title}', anna)
    in_vain(desk)
    assert desk.statuses == ['review']


def test_templates_come_with_a_page_of_the_own_space(
        desk: Desk, anna: Client, box: Box) -> None:
    desk.configure(rules=[OWN])
    source = box.on_source()
    source.edit('Template:Escort', 'a template')
    source.edit('With escort', '{{Escort}}')
    desk.file(f'With escort → User:{ANNA}/escort', anna, templates='used')
    in_vain(desk)
    assert desk.statuses == ['review']


def test_page_of_the_own_space_that_is_there(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    line = own(desk, specimens)
    anna.edit(line.partition(' → ')[2], 'It is there.')
    desk.file(line, anna, existing='update')
    in_vain(desk)
    assert desk.statuses[0] in ('review', 'question')


def test_more_revisions_than_the_rule_allows(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    desk.file(own(desk, specimens, maxrevisions=1), anna, history='full')
    in_vain(desk)
    assert desk.statuses == ['review']


def test_new_account_asks_alone(desk: Desk, anna: Client,
                                specimens: Iterator[str]) -> None:
    desk.file(own(desk, specimens, mindays=4), anna)
    desk.file(own(desk, specimens, minedits=10_000), anna)
    in_vain(desk)
    assert desk.statuses == ['review', 'review']


def test_blocked_user_asks_alone(desk: Desk, specimens: Iterator[str],
                                 ) -> None:
    bert = desk.person('Bert')
    desk.configure(rules=[OWN])
    desk.file(f'{next(specimens)} → User:Bert/x', bert)
    desk.admin.do('block', user='Bert')
    in_vain(desk)
    assert desk.statuses == ['review']
    desk.admin.do('unblock', user='Bert')


def test_blocked_while_the_import_is_announced(
        desk: Desk, specimens: Iterator[str]) -> None:
    clara = desk.person('Clara')
    desk.configure(rules=[OWN])
    desk.file(f'{next(specimens)} → User:Clara/x', clara)

    def hits(exchange: Exchange) -> bool:
        if 'status = importing' in exchange.parameters.get('text', ''):
            desk.admin.do('block', user='Clara', reblock=1)
        return False

    with desk.box.target.broken(hits=hits):
        in_vain(desk)
    assert desk.statuses == ['review']
    desk.admin.do('unblock', user='Clara')


def test_request_in_the_name_of_somebody_else(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    mallory = desk.person('Mallory')
    line = own(desk, specimens)
    desk.file(line, mallory, reason=f'[[User:{ANNA}]] 12:00, 1 May 2024')
    in_vain(desk)
    # What another user's request is turned into is asked by who does so.
    desk.file(line.replace(' →', ' is missing →'), anna)
    in_vain(desk)
    desk.edit(mallory, ' is missing →', ' →')
    in_vain(desk)
    assert desk.statuses == ['review', 'review']


def test_anonymous_and_temporary_accounts_ask_alone(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    box = Box(tmp_path_factory.mktemp('temporary'),
              settings='$wgAutoCreateTempUser["enabled"] = true;')
    try:
        desk = Desk(box, rules=[OWN])
        visitor = Visitor(box.target_base)
        title = next(put_specimens(box, 2))
        visitor.edit(desk.page, 'Hello.')
        name = desk.admin.history(desk.page)[0]['user']
        assert name.startswith('~2')
        visitor.edit(desk.page, desk.request(f'{title} → User:{name}/x'))
        in_vain(desk)
        assert desk.statuses == ['review']
        desk.approve(visitor)
        in_vain(desk)
        honestly(desk, f'User:{name}/x')
    finally:
        box.close()


def test_anonymous_user_asks_alone_and_approves(
        desk: Desk, title: str) -> None:
    desk.configure(rules=[OWN])
    visitor = Visitor(desk.box.target_base)
    visitor.edit(desk.page, desk.request(f'{title} → User:127.0.0.1/x'))
    in_vain(desk)
    assert desk.statuses == ['review']
    desk.approve(visitor)
    in_vain(desk)
    honestly(desk, 'User:127.0.0.1/x')


@pytest.mark.parametrize(('limits', 'words'), [
    ({'titles': 2}, 'It names 3 pages'),
    ({'pages': 2}, 'would change 3 pages'),
    ({'revisions': 5}, 'would send 6 versions'),
])
def test_more_than_is_allowed(
        desk: Desk, anna: Client, specimens: Iterator[str],
        limits: dict[str, int], words: str) -> None:
    desk.configure(limits=limits)
    titles = [next(specimens) for _number in range(3)]
    desk.file('\n  '.join(titles), anna)
    in_vain(desk)
    assert desk.statuses == ['question']
    assert words in desk.answers()[0]
    desk.edit(desk.admin, 'status = question', 'status = approved')
    in_vain(desk)
    if 'titles' in limits:
        desk.configure()
        desk.edit(anna, 'status = question', 'status = new')
        in_vain(desk)
        honestly(desk, *titles)


def test_closure_of_a_thousand_pages(desk: Desk, anna: Client, box: Box,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.requestpages.passes import planner

    # The same with fewer pages, which is quicker.
    monkeypatch.setattr(planner, '_LOOKED_AT_AT_LEAST', 10)
    desk.configure(limits={'pages': 2})
    box.on_source().edit('A thousand', ''.join(
        f'{{{{Of a thousand {number}}}}}' for number in range(1000)))
    desk.file('A thousand', anna, templates='mentioned')
    in_vain(desk)
    assert desk.statuses == ['question']
    assert 'more pages than can be looked at' in desk.answers()[0]


def test_requests_of_one_user_in_a_day(desk: Desk, anna: Client,
                                       specimens: Iterator[str]) -> None:
    desk.configure(rules=[OWN], limits={'peruser': 2})
    for _number in range(4):
        title = next(specimens)
        desk.file(f'{title} → User:{ANNA}/{title}', anna)
    desk.work()
    assert desk.statuses.count('done') == 2
    assert desk.statuses.count('question') == 2


def test_sources_that_are_not_in_the_configuration(
        desk: Desk, anna: Client, title: str) -> None:
    """By link, by address, by field; some name another wiki with ours."""
    base = desk.box.source.base.removeprefix('http://')
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
    desk.file('\n  '.join(lines), anna)
    desk.file(lines[2], anna)
    for source in ('mw', 'en\n |source = mw', '[[en]]'):
        desk.file(title, anna, source=source)
    in_vain(desk)
    assert set(desk.statuses) == {'question'}
    assert desk.answers()[0].count('\n* ') >= len(lines)
    desk.file(f'http://{base}/index.php/{name}', anna)
    in_vain(desk)
    honestly(desk, title)


def test_what_requests_may_never_set(desk: Desk, anna: Client,
                                     title: str) -> None:
    """Also a page that is there, and what is said in other words."""
    desk.admin.edit(title, 'It is of here.')
    fields = {'existingpages': 'force', 'authors': 'local',
              'overwrite': 'yes', 'via': 'upload', 'maxpages': '0',
              'groups': 'user', 'approver': 'Admin', 'approval': 'no'}
    desk.file(title, anna, **fields)
    desk.file(title, anna, existing='force')
    desk.file(title, anna, existing='keep', templates='all')
    in_vain(desk)
    first, second, third = desk.requests
    assert second.status_word == third.status_word == 'question'
    assert first.status_word == 'question'
    assert 'overwrite' in desk.text
    desk.edit(desk.admin, 'status = question', 'status = approved')
    in_vain(desk)
    assert desk.admin.text(title) == 'It is of here.'


def test_local_authors(desk: Desk, anna: Client, title: str) -> None:
    reviewed(desk, title, anna, authors='local')
    honestly(desk, title)
    assert {row['user'] for row in desk.admin.history(title)
            } <= {'en>Admin', 'ImportBot'}


def test_exclusion_takes_no_time(desk: Desk, anna: Client,
                                 title: str) -> None:
    for exclude in ('(a+)+$', '(.*.*.*)*', '*' * 200, '^(([a-z])+.)+[A-Z]',
                    '*a*b', '\n'.join(['*a*'] * 60)):
        desk.file(title, anna, exclude=exclude)
    in_vain(desk)
    assert set(desk.statuses) == {'review', 'question'}


def test_two_requests_for_one_target(desk: Desk, anna: Client,
                                     specimens: Iterator[str]) -> None:
    mine, theirs = next(specimens), next(specimens)
    desk.file(f'{mine} → One place', anna)
    desk.file(f'{theirs} → One place', desk.admin, existing='update')
    in_vain(desk)
    assert desk.statuses == ['review', 'review']
    desk.approve(desk.admin)
    desk.approve(desk.admin)
    desk.work()
    first, second = desk.requests
    assert first.status_word == 'done'
    assert second.status_word in ('review', 'question')
    assert mine in desk.admin.text('One place')
    if second.status_word == 'review':
        desk.approve(desk.admin)
        in_vain(desk)
    assert mine in desk.admin.text('One place')


def test_state_that_is_hard_to_read(desk: Desk, anna: Client,
                                    specimens: Iterator[str]) -> None:
    desk.configure(limits={'peruser': 0})
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
    anna.edit(desk.page, '\n\n'.join(
        '{{Import request|source = en\n' + body.format(next(specimens))
        + '\n|templates = none}}' for body in bodies))
    in_vain(desk)
    in_vain(desk)
    assert set(desk.statuses) <= {'review', 'question'}, desk.text
    assert len(desk.answers()) >= len(bodies) - 1
