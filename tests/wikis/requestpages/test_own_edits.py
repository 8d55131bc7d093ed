"""The bot's own edits change what it wrote, and agree to nothing."""
from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from importbot.journal.journal import Journal
from importbot.model.errors import UsageError
from importbot.requestpages.page import store
from importbot.requestpages.passes import run
from tests.kit.attacks import approved, at_edit, honestly, in_vain, reviewed
from tests.kit.request_bot import logged
from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Client


def trap(title: str) -> str:
    return f'Snare {title.rpartition(" ")[2]}'


def test_own_edit_expands_nothing_of_others(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    name = trap(title)
    mallory.edit(wiki.page, f'{{{{subst:{name}}}}}\n')
    mallory.edit(f'Template:{name}', 'Expanded.')
    anna.do('edit', title=wiki.page, appendtext='x')
    assert wiki.text == 'Expanded.x'  # so it does for everybody else
    wiki = RequestWiki(wiki.box)
    mallory.edit(wiki.page,
                 f'{{{{subst:{name} 2}}}}\n\n{wiki.request(title)}')
    mallory.edit(f'Template:{name} 2', 'Expanded.')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    assert 'Expanded' not in wiki.text
    assert wiki.text.startswith(f'{{{{<nowiki/>subst:{name} 2}}}}')
    honestly(wiki, title)


def test_template_is_made_while_the_bot_saves(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    name = trap(title)
    wiki.file(title, anna)
    anna.edit(wiki.page, f'{wiki.text}\n{{{{subst:{name}}}}}')
    with wiki.box.target.broken(hits=at_edit(lambda: mallory.edit(
            f'Template:{name}', 'Expanded.'), 'status = review')):
        assert wiki.work().failed == 0
    assert 'Expanded' not in wiki.text
    assert wiki.statuses == ['review']
    assert len(wiki.answers()) == 1
    honestly(wiki, title)


def test_own_edit_does_not_undo_a_finished_import(
        wiki: RequestWiki, anna: Client, mallory: Client,
        specimens: Iterator[str]) -> None:
    title, other = next(specimens), next(specimens)
    name = trap(title)
    reviewed(wiki, title, anna)
    wiki.approve(wiki.admin)
    wiki.work()
    assert wiki.statuses == ['done']
    undone = wiki.text.replace('status = done', 'status = undo')
    mallory.edit(wiki.page, f'{{{{subst:{name}}}}}')
    mallory.edit(f'Template:{name}', undone)
    wiki.file(other, anna)  # a save of somebody who may not ask for it
    in_vain(wiki)
    in_vain(wiki)
    assert wiki.exists(title)
    assert 'undone' not in wiki.statuses


def test_signatures_that_were_imported_stay(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    from tests.kit.attacks import upload

    importer = wiki.person('Importer', 'importer')
    upload(importer, wiki.page, [
        ('2020-01-01T00:00:00Z', 'Admin', 'Hello. ~~~~\n')])
    wiki.file(title, anna, reason='Anna saves it first')
    assert '~~~~' not in wiki.text
    upload(importer, wiki.page, [
        ('2030-01-01T00:00:00Z', 'Admin', f'{wiki.text}\nHello. ~~~~\n')])
    in_vain(wiki)
    assert 'ImportBot|talk]]) ' not in wiki.text.partition('<div class=')[0]


def test_line_of_the_log_that_somebody_else_wrote(
        wiki: RequestWiki, anna: Client, mallory: Client, title: str) -> None:
    request = reviewed(wiki, title, anna)
    for number in range(20):
        mark = f'import-run-{number}-{request.plan[:8]}'
        mallory.do('edit', title=wiki.log_page,
                   appendtext=f'<span id="{mark}"></span>\n')
    wiki.approve(wiki.admin)
    assert wiki.work().failed == 0
    assert wiki.statuses == ['done']
    assert logged(wiki) == 21
    assert f'#import-{request.id}|' in wiki.admin.text(wiki.log_page)


def test_requests_around_very_many_others(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    above, below, elsewhere = (next(specimens) for _number in range(3))
    page = f'{wiki.page} B'
    wiki.configure(pages=[wiki.page, page])
    flood = '{{Import request}}' * 2_000
    anna.edit(wiki.page, f'{wiki.request(above)}\n== Ha ==\n{flood}\n'
              f'== Wish ==\n{wiki.request(below)}')
    anna.edit(page, wiki.request(elsewhere))
    # Each edit takes the wiki very long.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, '_QUICK', 0)
        patch.setattr(store, '_MOST_SECONDS', 0)
        for _pass in range(2):
            before = len(wiki.admin.history(wiki.page))
            in_vain(wiki)
            assert len(wiki.admin.history(wiki.page)) == before + 1
    assert wiki.statuses[0] == wiki.statuses[-1] == 'review'
    assert set(wiki.statuses[1:-1]) == {''}
    wiki.page = page
    assert wiki.statuses == ['review']


def test_very_many_requests_leave_room_for_other_pages(
        wiki: RequestWiki, anna: Client, specimens: Iterator[str]) -> None:
    title, page = next(specimens), f'{wiki.page} B'
    wiki.configure(pages=[wiki.page, page])
    anna.edit(wiki.page, '{{Import request}}\n' * 120)
    anna.edit(page, wiki.request(title))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, '_MOST_NEW', 4)
        in_vain(wiki)
    assert len([status for status in wiki.statuses if status]) == 3
    wiki.page = page
    assert wiki.statuses == ['review']


@pytest.mark.parametrize('text', ['Caf&#101;&#769;', 'Cafe\u0301'])
def test_title_with_an_accent_of_its_own(
        wiki: RequestWiki, anna: Client, text: str) -> None:
    wiki.box.on_source().edit('Caf\xe9', 'Coffee.')
    anna.edit(wiki.page, wiki.request(text))
    in_vain(wiki)
    assert wiki.statuses == ['review']
    assert 'Caf\xe9' in wiki.answers()[-1]


def test_revision_of_the_future(
        wiki: RequestWiki, anna: Client, title: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    from tests.kit.attacks import upload

    reviewed(wiki, title, anna)
    text = wiki.text
    importer = wiki.person('Importer', 'importer')
    upload(importer, wiki.page, [('2090-01-01T00:00:00Z', 'Admin',
                                  approved(text))])
    in_vain(wiki)
    in_vain(wiki)
    assert 'done' not in wiki.statuses
    time.sleep(1)
    honestly(wiki, title)
    assert '2090-01-01' in capsys.readouterr().err + '\n'.join(wiki.answers())


def test_another_installation_works_on_the_page(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    request = reviewed(wiki, title, anna)
    before = wiki.text
    known, wiki.journal = wiki.journal, Journal(
        str(wiki.box.folder / f'other-{request.id}.sqlite'))
    with pytest.raises(UsageError, match=f'{request.id}.*another'):
        wiki.work()
    assert wiki.text == before
    wiki.journal = known
    honestly(wiki, title)


def test_id_that_somebody_made_up_is_no_other_installation(
        wiki: RequestWiki, anna: Client, title: str) -> None:
    wiki.file(title, anna, id='0123456789ab')
    in_vain(wiki)
    assert wiki.statuses == ['review']
    honestly(wiki, title)
