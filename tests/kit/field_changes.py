"""What a wiki has of an imported page, changed one field at a time.

Behind the bot's back, in the database: each such change has to be seen.
"""
from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from importbot.sandbox.php import maintenance
from tests.kit.support import Box


__all__ = ('CHANGES', 'REVISIONS', 'TAG', 'Page', 'put_pages')

TAG = 'mass import'
#: Of each page; the second is minor and of two of one author.
REVISIONS = (
    ('2010-01-01T00:00:00Z', 'Ada', 'begun', ''),
    ('2011-01-01T00:00:00Z', 'Bela', 'measured', '<minor/>'),
    ('2012-01-01T00:00:00Z', '192.0.2.7', '', ''),
    ('2013-01-01T00:00:00Z', 'Ada', 'long ' + 'x' * 480, ''))


@dataclass
class Page:

    """A page of the target that just arrived.

    :param title: full title
    :param ids: of its revisions from old to new, the dummy revision last
    """

    box: Box
    title: str

    @property
    def ids(self) -> list[int]:
        return [number for number, in self.sql(
            'SELECT rev_id FROM revision JOIN page ON rev_page = page_id '
            'WHERE page_title = :title ORDER BY rev_timestamp, rev_id')]

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        if ':title' in statement:
            values['title'] = self.title.replace(' ', '_')
        return self.box.sql('target', statement, **values)

    def number_of(self, kind: str, table: str, name: str) -> Any:
        """Return the number of a name, which is there then."""
        query = (f'SELECT {kind}_id FROM {table} '
                 f'WHERE {kind}_name = :name')
        if not self.sql(query, name=name):
            self.sql(f'INSERT INTO {table} ({kind}_name) VALUES (:name)',
                     name=name)
        return self.sql(query, name=name)[0][0]

    def set(self, column: str, value: str, place: int = 1) -> None:
        self.sql(f'UPDATE revision SET {column} = {value} '
                 'WHERE rev_id = :id', id=self.ids[place])

    def set_as(self, column: str, place: int) -> None:
        """Give a revision what another one has."""
        (value, ), = self.sql(f'SELECT {column} FROM revision '
                              'WHERE rev_id = :id', id=self.ids[place])
        self.sql(f'UPDATE revision SET {column} = :value WHERE rev_id = :id',
                 value=value, id=self.ids[1])


def another_text(page: Page) -> None:
    page.set_as('rev_sha1', 2)
    page.set_as('rev_len', 2)
    (content, ), = page.sql('SELECT slot_content_id FROM slots WHERE '
                            'slot_revision_id = :id', id=page.ids[2])
    page.sql('UPDATE slots SET slot_content_id = :content '
             'WHERE slot_revision_id = :id', content=content, id=page.ids[1])


def another_model(page: Page) -> None:
    model = page.number_of('model', 'content_models', 'css')
    (content, ), = page.sql('SELECT slot_content_id FROM slots WHERE '
                            'slot_revision_id = :id', id=page.ids[1])
    page.sql('UPDATE content SET content_model = :model '
             'WHERE content_id = :content', model=model, content=content)


def another_slot(page: Page) -> None:
    role = page.number_of('role', 'slot_roles', 'x')
    page.sql('INSERT INTO slots (slot_revision_id, slot_role_id, '
             'slot_content_id, slot_origin) SELECT slot_revision_id, :role, '
             'slot_content_id, slot_origin FROM slots '
             'WHERE slot_revision_id = :id', role=role, id=page.ids[1])


def doubled(page: Page) -> None:
    one, before = page.ids[1], {*page.ids}
    columns = ('rev_page, rev_comment_id, rev_actor, rev_timestamp, '
               'rev_minor_edit, rev_deleted, rev_len, rev_sha1')
    page.sql(f'INSERT INTO revision ({columns}, rev_parent_id) '
             f'SELECT {columns}, rev_id FROM revision WHERE rev_id = :id',
             id=one)
    other, = {*page.ids} - before
    page.sql('INSERT INTO slots (slot_revision_id, slot_role_id, '
             'slot_content_id, slot_origin) SELECT :other, slot_role_id, '
             'slot_content_id, slot_origin FROM slots '
             'WHERE slot_revision_id = :id', id=one, other=other)


def without_dummy(page: Page) -> None:
    *_others, newest, dummy = page.ids
    page.sql('UPDATE page SET page_latest = :newest '
             'WHERE page_title = :title', newest=newest)
    page.sql('DELETE FROM revision WHERE rev_id = :id', id=dummy)


def another_count(page: Page) -> None:
    page.sql("UPDATE logging SET log_params = "
             "replace(log_params, 'i:4;', 'i:3;') WHERE log_title = :title")


def untagged(column: str) -> Callable[[Page], None]:
    def untag(page: Page) -> None:
        (revision, log), = tags(page)
        page.sql(f'DELETE FROM change_tag WHERE {column} = :id',
                 id=revision if column == 'ct_rev_id' else log)
    return untag


def tags(page: Page) -> list[tuple[Any, ...]]:
    """Return revision and log entry that bear a tag, once they do.

    MediaWiki writes tags when it has answered already.
    """
    (log, ), = page.sql('SELECT log_id FROM logging '
                        'WHERE log_title = :title')
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = page.sql('SELECT ct_rev_id, ct_log_id FROM change_tag '
                         'WHERE ct_log_id = :log', log=log)
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError('no tag came')


#: What is changed, and how the sentence calls it.
CHANGES: dict[str, tuple[Callable[[Page], object], str]] = {
    'timestamp': (lambda page: page.set('rev_timestamp', "'20050101000000'"),
                  'another time: 1, the first of 2005-01-01T00:00:00Z and '
                  'not 2011-01-01T00:00:00Z'),
    'text': (another_text, 'another text: 1, the first of '
             '2011-01-01T00:00:00Z'),
    'author': (lambda page: page.set_as('rev_actor', 0),
               'another name than planned: "en>Ada" for "Bela"'),
    'author with a bare name': (
        lambda page: page.set('rev_actor', str(page.number_of(
            'actor', 'actor', '203.0.113.9'))),
        'another name than planned: "203.0.113.9" for "Bela"'),
    'comment': (lambda page: page.set_as('rev_comment_id', 0),
                'another edit summary: 1, the first of 2011-01-01T00:00:00Z: '
                '"begun" and not "measured"'),
    'minor': (lambda page: page.set('rev_minor_edit', '0'),
              'minor edits on one wiki only: 1, '),
    'model': (another_model, 'another content model or slot: 1, one of '
              '2011-01-01T00:00:00Z: css and not wikitext'),
    'slot': (another_slot, 'wikitext, x: wikitext and not wikitext'),
    'parent': (lambda page: page.set('rev_parent_id', '0'),
               '(their parent): 1, the first of 2011-01-01T00:00:00Z '
               'follows 0 and not '),
    'doubled': (doubled, 'there more than once: 1, the first of 2011-'),
    'missing': (lambda page: page.sql('DELETE FROM revision WHERE '
                                      'rev_id = :id', id=page.ids[1]),
                'that the target lacks: 1, the oldest of 2011-'),
    'dummy': (without_dummy, 'dummy revisions that the calls of the import '
              'left on the page: 0 and not 1'),
    'log entry': (lambda page: page.sql('DELETE FROM logging WHERE '
                                        'log_title = :title'),
                  'entries of the calls in the import log: 0 and not 1'),
    'log count': (another_count, 'that the import log counts: 3 and not 4'),
    'tag of the dummy': (untagged('ct_rev_id'), f'lacks: "{TAG}"'),
    'tag of the entry': (untagged('ct_log_id'), f'lacks: "{TAG}"'),
}


def put_pages(box: Box, titles: Iterable[str]) -> None:
    """Put pages of :data:`REVISIONS` on the source; the target gets the tag.

    :param box: the wikis
    :param titles: full titles in the main namespace
    """
    box.on_target().do('managetags', operation='create', tag=TAG)
    rows = ''.join(
        f'<revision><timestamp>{when}</timestamp><contributor><{kind}>'
        f'{name}</{kind}></contributor>{minor}<comment>{comment}'
        f'</comment><text>Of {when}.</text></revision>'
        for when, name, comment, minor in REVISIONS
        for kind in ['ip' if name[0].isdigit() else 'username'])
    pages = ''.join(f'<page><title>{title}</title>{rows}</page>'
                    for title in titles)
    maintenance(
        box.source_tree, box.folder / 'source' / 'LocalSettings.php',
        'importDump', '--no-updates', '--no-local-users',
        '--username-prefix=', stdin=(
            '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">'
            '<siteinfo><namespaces><namespace key="0"/></namespaces>'
            f'</siteinfo>{pages}</mediawiki>').encode())
    # As names without an account are on old wikis.
    box.sql('source', 'UPDATE actor SET actor_name = substr(actor_name, '
            "2) WHERE actor_name LIKE '>%'")
