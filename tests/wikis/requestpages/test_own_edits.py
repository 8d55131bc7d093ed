"""The bot's own edits change what it wrote, and agree to nothing."""
from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from importbot.journal.journal import Journal
from importbot.journal.requests import RequestRecord
from importbot.model.errors import UsageError
from importbot.requestpages.configuration import TemplateWords
from importbot.requestpages.page import store
from importbot.requestpages.page.parser import RequestReader
from importbot.requestpages.page.writer import quiet
from importbot.requestpages.passes import run
from importbot.requestpages.passes.queue import _reached
from tests.kit.attacks import approved, at_edit, honestly, in_vain, reviewed
from tests.kit.references import wiki
from tests.kit.request_bot import logged
from tests.kit.request_wiki import Desk
from tests.kit.specimens import put_specimens
from tests.kit.support import Box, Client


READER = RequestReader(wiki('en'), [TemplateWords()])
RECORD = RequestRecord('0123456789ab', '', 'Requests', 'review', '', '')
wikis = pytest.mark.wiki


@pytest.fixture(scope='module')
def anna(box: Box) -> Client:
    return Desk(box).person('Anna Petit')


@pytest.fixture(scope='module')
def mallory(box: Box) -> Client:
    return Desk(box).person('Mallory')


@pytest.fixture(scope='module')
def specimens(box: Box) -> Iterator[str]:
    return put_specimens(box, 40)


@pytest.fixture
def desk(box: Box) -> Desk:
    return Desk(box)


@pytest.fixture
def title(specimens: Iterator[str]) -> str:
    return next(specimens)


def trap(title: str) -> str:
    return f'Snare {title.rpartition(" ")[2]}'


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


@wikis
def test_own_edit_expands_nothing_of_others(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    name = trap(title)
    mallory.edit(desk.page, f'{{{{subst:{name}}}}}\n')
    mallory.edit(f'Template:{name}', 'Expanded.')
    anna.do('edit', title=desk.page, appendtext='x')
    assert desk.text == 'Expanded.x'  # so it does for everybody else
    desk = Desk(desk.box)
    mallory.edit(desk.page,
                 f'{{{{subst:{name} 2}}}}\n\n{desk.request(title)}')
    mallory.edit(f'Template:{name} 2', 'Expanded.')
    in_vain(desk)
    assert desk.statuses == ['review']
    assert 'Expanded' not in desk.text
    assert desk.text.startswith(f'{{{{<nowiki/>subst:{name} 2}}}}')
    honestly(desk, title)


@wikis
def test_template_is_made_while_the_bot_saves(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    name = trap(title)
    desk.file(title, anna)
    anna.edit(desk.page, f'{desk.text}\n{{{{subst:{name}}}}}')
    with desk.box.target.broken(hits=at_edit(lambda: mallory.edit(
            f'Template:{name}', 'Expanded.'), 'status = review')):
        assert desk.work().failed == 0
    assert 'Expanded' not in desk.text
    assert desk.statuses == ['review']
    assert len(desk.answers()) == 1
    honestly(desk, title)


@wikis
def test_own_edit_does_not_undo_a_finished_import(
        desk: Desk, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    name = trap(title)
    reviewed(desk, title, anna)
    desk.approve(desk.admin)
    desk.work()
    assert desk.statuses == ['done']
    undone = desk.text.replace('status = done', 'status = undo')
    mallory.edit(desk.page, f'{{{{subst:{name}}}}}')
    mallory.edit(f'Template:{name}', undone)
    desk.file(other, anna)  # a save of somebody who may not ask for it
    in_vain(desk)
    in_vain(desk)
    assert desk.exists(title)
    assert 'undone' not in desk.statuses


@wikis
def test_signatures_that_were_imported_stay(
        desk: Desk, anna: Client, title: str) -> None:
    from tests.kit.attacks import upload

    importer = desk.person('Importer', 'importer')
    upload(importer, desk.page, [
        ('2020-01-01T00:00:00Z', 'Admin', 'Hello. ~~~~\n')])
    desk.file(title, anna, reason='Anna saves it first')
    assert '~~~~' not in desk.text
    upload(importer, desk.page, [
        ('2030-01-01T00:00:00Z', 'Admin', f'{desk.text}\nHello. ~~~~\n')])
    in_vain(desk)
    assert 'ImportBot|talk]]) ' not in desk.text.partition('<div class=')[0]


@wikis
def test_line_of_the_log_that_somebody_else_wrote(
        desk: Desk, anna: Client, mallory: Client, title: str) -> None:
    request = reviewed(desk, title, anna)
    for number in range(20):
        mark = f'import-run-{number}-{request.plan[:8]}'
        mallory.do('edit', title=desk.log_page,
                   appendtext=f'<span id="{mark}"></span>\n')
    desk.approve(desk.admin)
    assert desk.work().failed == 0
    assert desk.statuses == ['done']
    assert logged(desk) == 21
    assert f'#import-{request.id}|' in desk.admin.text(desk.log_page)


# One page or one request keeps nothing else waiting

@pytest.mark.parametrize('unit', [
    '{{Import request}}', '{{Import request|pages=%d}}',
    '{{Import request|pages=A|id=0123456789ab}}', '{{Tx}}', '{{x|', '{{{}}',
    '{{Import request|', '[[a]]{{'])
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


@wikis
def test_requests_around_very_many_others(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    above, below, elsewhere = (next(specimens) for _number in range(3))
    page = f'{desk.page} B'
    desk.configure(pages=[desk.page, page])
    flood = '{{Import request}}' * 2_000
    anna.edit(desk.page, f'{desk.request(above)}\n== Ha ==\n{flood}\n'
              f'== Wish ==\n{desk.request(below)}')
    anna.edit(page, desk.request(elsewhere))
    # Each edit takes the wiki very long.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, '_QUICK', 0)
        patch.setattr(store, '_MOST_SECONDS', 0)
        for _pass in range(2):
            before = len(desk.admin.history(desk.page))
            in_vain(desk)
            assert len(desk.admin.history(desk.page)) == before + 1
    assert desk.statuses[0] == desk.statuses[-1] == 'review'
    assert set(desk.statuses[1:-1]) == {''}
    desk.page = page
    assert desk.statuses == ['review']


@wikis
def test_very_many_requests_leave_room_for_other_pages(
        desk: Desk, anna: Client, specimens: Iterator[str]) -> None:
    title, page = next(specimens), f'{desk.page} B'
    desk.configure(pages=[desk.page, page])
    anna.edit(desk.page, '{{Import request}}\n' * 120)
    anna.edit(page, desk.request(title))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, '_MOST_NEW', 4)
        in_vain(desk)
    assert len([status for status in desk.statuses if status]) == 3
    desk.page = page
    assert desk.statuses == ['review']


@wikis
@pytest.mark.parametrize('text', ['Caf&#101;&#769;', 'Cafe\u0301'])
def test_title_with_an_accent_of_its_own(
        desk: Desk, anna: Client, text: str) -> None:
    desk.box.on_source().edit('Caf\xe9', 'Coffee.')
    anna.edit(desk.page, desk.request(text))
    in_vain(desk)
    assert desk.statuses == ['review']
    assert 'Caf\xe9' in desk.answers()[-1]


@wikis
def test_revision_of_the_future(
        desk: Desk, anna: Client, title: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    from tests.kit.attacks import upload

    reviewed(desk, title, anna)
    text = desk.text
    importer = desk.person('Importer', 'importer')
    upload(importer, desk.page, [('2090-01-01T00:00:00Z', 'Admin',
                                  approved(text))])
    in_vain(desk)
    in_vain(desk)
    assert 'done' not in desk.statuses
    time.sleep(1)
    honestly(desk, title)
    assert '2090-01-01' in capsys.readouterr().err + '\n'.join(desk.answers())


@wikis
def test_another_installation_works_on_the_page(
        desk: Desk, anna: Client, title: str) -> None:
    request = reviewed(desk, title, anna)
    before = desk.text
    known, desk.journal = desk.journal, Journal(
        str(desk.box.folder / f'other-{request.id}.sqlite'))
    with pytest.raises(UsageError, match=f'{request.id}.*another'):
        desk.work()
    assert desk.text == before
    desk.journal = known
    honestly(desk, title)


@wikis
def test_id_that_somebody_made_up_is_no_other_installation(
        desk: Desk, anna: Client, title: str) -> None:
    desk.file(title, anna, id='0123456789ab')
    in_vain(desk)
    assert desk.statuses == ['review']
    honestly(desk, title)
