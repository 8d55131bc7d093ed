"""Long and odd histories, by both routes, on both releases: all arrives."""
from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any
from xml.sax.saxutils import escape

import pytest

from importbot import Importer
from importbot.exports.order import order_revisions
from importbot.exports.spool import Spool
from importbot.exports.writer import page_xml, upload_head, upload_xml
from importbot.model.revisions import EMPTY_SHA1, Revision, lacking
from importbot.sandbox.php import maintenance
from importbot.wikis.importer import ImportedPage
from tests.kit.plans import titled
from tests.kit.support import Box, Client, by_title, transfer_of


FIRST = datetime(2010, 1, 1, tzinfo=timezone.utc)
#: A longer comment is cut by MediaWiki at 500 characters.
LONG_COMMENT = 'Ünï𝄞 ' + 'c' * 480
LARGE = 2 * 2 ** 20


@dataclass(frozen=True)
class Version:

    """A revision for the source wiki."""

    time: str
    text: str
    author: str = 'Anna'
    comment: str = ''

    def xml(self) -> str:
        tag = 'ip' if self.author[0].isdigit() else 'username'
        return (f'<revision><timestamp>{self.time}</timestamp><contributor>'
                f'<{tag}>{escape(self.author)}</{tag}></contributor><comment>'
                f'{escape(self.comment)}</comment><model>wikitext</model>'
                '<format>text/x-wiki</format><text xml:space="preserve">'
                f'{escape(self.text)}</text></revision>')


def at(second: int) -> str:
    """Return a time so many seconds behind the first."""
    return (FIRST + timedelta(seconds=second)).strftime('%Y-%m-%dT%H:%M:%SZ')


def plain(count: int) -> list[Version]:
    """Return a history, a minute between each and its last three seconds
    holding several revisions each."""
    authors = ('Anna', 'Ósk Tindra', '192.0.2.7', '2001:DB8:0:0:0:0:0:1')
    found = [Version(at(60 * number), f'[[Category:C{number % 3}]] {number}',
                     authors[number % 4]) for number in range(count)]
    if count > 10:
        for number in range(1, 7):
            old = found[-number]
            found[-number] = Version(at(60 * count - number // 3), old.text,
                                     old.author)
    return sorted(found, key=lambda version: version.time)


HISTORIES: dict[str, list[Version]] = {
    'One': plain(1),
    'Two': plain(2),
    'Long 999': plain(999),
    'Long 1001': plain(1001),
    'Odd': [
        Version(at(0), 'first', 'Anna', LONG_COMMENT),
        Version(at(5), ' lead\n\n<b>&amp;</b> ]]> \U0001f680\U00010348'),
        Version(at(5), 'same second', 'fr>Émile'),
        Version(at(5), '', 'Anna'),
        Version(at(6), 'temporary', '~2025-1234-5'),
        *(Version(at(10 + number), f'shared address {number}', '192.0.2.xxx')
          for number in range(30)),
        Version(at(99), 'newest, one', 'Anna'),
        Version(at(99), 'newest, two', 'Bertha'),
        Version(at(99), 'newest, three', 'Anna')],
    'Large': [Version(at(0), 'a' * LARGE), Version(at(1), 'é' * (LARGE // 2)),
              Version(at(2), '<&>' * (LARGE // 3))],
}
#: A history as long as there is time for.
LONGEST = 'As long as can be'
TITLES = (*HISTORIES, LONGEST)
#: Only these have a name that no interwiki import survives.
ODD_AUTHORS = [Version(at(number), f'by {name}', name) for number, name in
               enumerate(('A/B', 'Template:X', 'a#b', 'x' * 250, 'Anna'))]


def write(box: Box, pages: dict[str, list[Version]]) -> None:
    """Put histories on the source, link tables and all."""
    rows = ''.join(
        f'<page><title>{title}</title><ns>0</ns>'
        + ''.join(version.xml() for version in versions) + '</page>'
        for title, versions in pages.items())
    settings = box.folder / 'source' / 'LocalSettings.php'
    maintenance(box.source_tree, settings, 'importDump', '--no-updates',
                '--username-prefix=src', stdin=(
                    '<mediawiki xmlns="http://www.mediawiki.org/xml/'
                    'export-0.11/"><siteinfo><namespaces><namespace key="0"/>'
                    f'</namespaces></siteinfo>{rows}</mediawiki>').encode())


def named(box: Box, title: str, names: Sequence[str]) -> None:
    """Give the revisions of a source page authors of any name."""
    rows = box.sql(
        'source', 'SELECT rev_id FROM revision JOIN page ON rev_page = '
        'page_id WHERE page_title = :title ORDER BY rev_timestamp, rev_id',
        title=title.replace(' ', '_'))
    tables = {'revision': 'rev_actor = {} WHERE rev_id'}
    if box.release == '1.39':
        tables['revision_actor_temp'] = (
            'revactor_actor = {} WHERE revactor_rev')
    for (revision, ), name in zip(rows, names, strict=True):
        if not box.sql('source', 'SELECT 1 FROM actor WHERE actor_name = '
                       ':name', name=name):
            box.sql('source', 'INSERT INTO actor (actor_name) VALUES (:name)',
                    name=name)
        for table, change in tables.items():
            actor = '(SELECT actor_id FROM actor WHERE actor_name = :name)'
            box.sql('source',
                    f'UPDATE {table} SET {change.format(actor)} = :revision',
                    name=name, revision=revision)


@pytest.fixture(scope='module', params=[
    101, pytest.param(5000, marks=pytest.mark.soak)])
def filled(any_box: Box, request: pytest.FixtureRequest) -> Iterator[Box]:
    """Two wikis, the source with all histories, some of it suppressed."""
    histories = {**HISTORIES, LONGEST: plain(request.param)}
    # Such names are there from old releases, no import makes them.
    write(any_box, {**histories, 'Odd authors': [
        replace(version, author='Anna') for version in ODD_AUTHORS]})
    for title, versions in {**histories, 'Odd authors': ODD_AUTHORS}.items():
        if len(versions) < 100:
            named(any_box, title, [version.author for version in versions])
    source = any_box.on_source()
    rows = source.history('Odd')
    for what, row in (('content|user|comment', rows[-1]), ('user', rows[5]),
                      ('content', rows[8]), ('content', rows[9])):
        source.do('revisiondelete', type='revision', target='Odd',
                  ids=row['revid'], hide=what)
    yield any_box


def revisions(rows: list[dict[str, Any]]) -> list[Revision]:
    return [Revision(row['revid'], row['parentid'], row['timestamp'],
                     '' if 'sha1hidden' in row else row['sha1'])
            for row in rows]


def is_complete(source: Client, target: Client, title: str) -> bool:
    """Check rule 5, and that the text shown is the source's."""
    theirs, ours = source.history(title), target.history(title)
    return (not lacking(revisions(theirs), revisions(ours))
            and source.text(title) == target.text(title))


def links(target: Client, title: str) -> Any:
    page = target.get(titles=title, prop='categories|links|templates',
                      cllimit='max', pllimit='max', tllimit='max')['pages'][0]
    return {key: sorted(row['title'] for row in page.get(key, ()))
            for key in ('categories', 'links', 'templates')}


def rebuild(box: Box, *scripts: str) -> None:
    for script in scripts:
        maintenance(box.target_tree, box.folder / 'target' /
                    'LocalSettings.php', script)


def test_all_arrives_by_upload_and_a_repeat_adds_nothing(
        filled: Box) -> None:
    pages = [f'-page:{title}' for title in TITLES]
    options = ('-via:upload', '-maxrevisions:0', '-templates:none')
    run, report = filled.importpages(*options, *pages)
    assert run.status == 0, run.output
    source, target = filled.on_source(), filled.on_target()
    for title in TITLES:
        assert is_complete(source, target, title), title
        # One revision of our own on top for each upload.
        entries = target.imports(title)
        extra = len(target.history(title)) - len(source.history(title))
        assert extra == len(entries) <= 2, title
    counts = {title: len(target.history(title)) for title in TITLES}
    again, _report = filled.importpages(*options, '-existingpages:force',
                                        *pages)
    assert again.status == 0, again.output
    assert {title: len(target.history(title))
            for title in TITLES} == counts


def upload_of(box: Box, title: str, via: str = 'en',
              ) -> list[ImportedPage]:
    """Upload a page as our own exports write it, past the plan."""
    wikis = transfer_of(box)
    with Spool() as spool:
        page, = (spool.add(item, takes=lambda revision: True,
                           written=lambda revision: None) for item
                 in wikis.source.export([title], history=True))
        xml = upload_xml(upload_head({0: ''}), [page_xml(
            titled(title), spool.read(page, order_revisions(page.revisions,
                                                       'fast').indices))])
    found = Importer(wikis.target.site).from_xml(io.BytesIO(xml), via)
    assert found is not None
    return found


def test_repeated_file_adds_nothing_not_even_suppressed_texts(
        filled: Box) -> None:
    target = filled.on_target()
    before = len(target.history('Odd'))
    row = target.history('Odd')[-1]
    answer = upload_of(filled, 'Odd')
    assert answer[0].revisions == 0
    assert len(target.history('Odd')) == before
    assert {item['sha1'] for item in target.history('Odd')
            if item['timestamp'] == row['timestamp']} == {EMPTY_SHA1}


def test_link_tables_are_those_of_a_forced_rebuild(filled: Box) -> None:
    target = filled.on_target()
    rebuild(filled, 'runJobs')
    before = {title: links(target, title) for title in TITLES}
    category = target.get(titles='Category:C0|Category:C1|Category:C2',
                          prop='categoryinfo')['pages']
    assert any(found['categories'] for found in before.values())
    rebuild(filled, 'refreshLinks', 'runJobs')
    assert {title: links(target, title) for title in TITLES} == before
    assert target.get(titles='Category:C0|Category:C1|Category:C2',
                      prop='categoryinfo')['pages'] == category


def test_odd_authors_go_by_upload_by_themselves(filled: Box) -> None:
    run, report = filled.importpages('-page:Odd authors', '-templates:none')
    assert run.status == 0, run.output
    page = by_title(report)['Odd authors']
    assert page['steps'][0]['via'] == 'upload'
    assert page['steps'][0]['because'] == 'authors'
    names = {row['user'] for row in
             filled.on_target().history('Odd authors')}
    prefix = filled.prefix
    assert names >= {f'{prefix}>A/B', f'{prefix}>Template:X',
                     f'{prefix}>a#b', f'{prefix}>Anna'}
    listed = {row['name']: row for note in report['notes']
              if note['kind'] == 'authors' for row in note['authors']}
    assert listed['A/B'] == {'name': 'A/B', 'becomes': f'{prefix}>A/B',
                             'edits': 1}
    assert {row['becomes'] for row in listed.values()} <= names


def test_odd_authors_are_on_hold_where_nobody_may_upload(
        filled: Box) -> None:
    run, report = filled.importpages(
        '-page:Odd authors', '-templates:none', '-via:interwiki',
        '-rootpage:Project:Held')
    assert run.status == 3, run.output
    page = by_title(report)['Odd authors']
    assert (page['decision'], page['reason']) == ('hold', 'needs-upload')


def test_all_arrives_by_interwiki(filled: Box) -> None:
    run, report = filled.importpages(
        '-via:interwiki', '-maxrevisions:0', '-templates:none',
        '-rootpage:Project:Interwiki',
        *(f'-page:{title}' for title in HISTORIES))
    assert run.status == 0, run.output
    source, target = filled.on_source(), filled.on_target()
    for title in HISTORIES:
        there = f'Project:Interwiki/{title}'
        theirs, ours = source.history(title), target.history(there)
        assert not lacking(revisions(theirs), revisions(ours)), title
        assert source.text(title) == target.text(there), title
        assert len(target.imports(by_title(report)[title]['target'])) == (
            2 if len(theirs) > 50 else 1), title
