"""The damage that MediaWiki does where two imports bring the same new author.

The other import is a transaction of the test's own, which has the author's
row first and commits when the bot's import waits for it.
"""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import sqlalchemy as sa

from importbot.sandbox.php import maintenance
from tests.kit.support import Box, by_title


pytestmark = pytest.mark.mariadb

_PATIENCE = 60


def put(box: Box, title: str, *authors: str) -> None:
    """Give the source a page, a revision a year."""
    rows = ''.join(
        f'<revision><timestamp>20{year}-01-01T00:00:00Z</timestamp>'
        f'<contributor><username>{name}</username></contributor>'
        f'<text>Of {year}.</text></revision>'
        for year, name in enumerate(authors, 10))
    maintenance(
        box.source_tree, box.folder / 'source' / 'LocalSettings.php',
        'importDump', '--no-updates', '--no-local-users',
        '--username-prefix=old', stdin=(
            '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">'
            '<siteinfo><namespaces><namespace key="0"/></namespaces>'
            f'</siteinfo><page><title>{title}</title>{rows}</page>'
            '</mediawiki>').encode())


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('damage'), database='mariadb') as box:
        yield box


@contextmanager
def bringing(box: Box, name: str) -> Iterator[None]:
    """Bring an author to the target until an import waits for them."""
    engine = sa.create_engine(box.databases['target'].url,
                              poolclass=sa.pool.NullPool)
    errors: list[str] = []

    def commit_when_waited_for(connection: sa.Connection) -> None:
        end = time.monotonic() + _PATIENCE
        while not box.sql(
                'target', "SELECT 1 FROM information_schema.processlist "
                "WHERE info LIKE 'INSERT%actor%'"):
            if time.monotonic() > end:
                errors.append('no import waited')
                break
            time.sleep(0.02)
        connection.commit()

    with engine.connect() as connection:
        connection.execute(sa.text(
            'INSERT INTO actor (actor_name) VALUES (:name)'), {'name': name})
        waiting = Thread(target=commit_when_waited_for, args=(connection, ))
        waiting.start()
        yield
        waiting.join()
    assert not errors


@pytest.mark.parametrize(('title', 'authors', 'wrong'), [
    ('Of one', ('New one', ) * 3, 2), ('Single', ('New two', ), 0)])
@pytest.mark.parametrize('via', ['upload', 'interwiki'])
def test_damage_is_recognized_and_can_be_undone(
        box: Box, via: str, title: str, authors: tuple[str, ...],
        wrong: int) -> None:
    title = f'{title} {via}'
    authors = tuple(f'{name} {via}' for name in authors)
    put(box, title, *authors)
    with bringing(box, f'old>{authors[0]}'):
        run, report = box.importpages(f'-page:{title}', f'-via:{via}',
                                      '-templates:none')
    # The text is right, and the wiki said that all went well.
    page, target = by_title(report)[title], box.on_target()
    assert target.text(title) == box.on_source().text(title)
    assert page['imported'] == len(authors)
    # But nothing follows anything, and there is no dummy revision.
    assert [row['parentid'] for row in target.history(title)] == [0] * len(
        authors)
    assert (run.status, page['outcome']) == (1, 'differs')
    assert page['error'].startswith('it arrived damaged, as pages do where '
                                    'another import brings the same new ')
    assert f'follow another one than they should: {wrong};' in page['error']
    assert 'Special:Import' in run.output
    # The bot may not delete here, and says so of its page.
    undone = box.pwb('importundo', str(report['run']), '-simulate')
    assert 'the run created it' in undone.output


def test_known_authors_arrive_whole(box: Box) -> None:
    put(box, 'Known', *['New one upload'] * 3)
    run, report = box.importpages('-page:Known', '-templates:none')
    assert by_title(report)['Known']['outcome'] == 'verified', run.output
