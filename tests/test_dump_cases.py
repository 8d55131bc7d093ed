"""Dumps that are not as MediaWiki writes them today, on real wikis."""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot.sandbox.php import maintenance
from tests.support import Box, Client, Run, by_title


pytestmark = pytest.mark.wiki

CASES = Path(__file__).with_name('cases')


class Cases:

    """Dumps of the folder ``cases``, and a target.

    :param box: the wikis
    """

    def __init__(self, box: Box) -> None:
        self.box = box
        self.target: Client = box.on_target()

    def run(self, name: str, *arguments: str, prefix: str = 'en',
            ) -> tuple[Run, dict[str, Any]]:
        """Import without asking; return the run and its report."""
        report = self.box.folder / 'case-report.json'
        report.unlink(missing_ok=True)
        run = self.box.pwb('importdump', f'-interwikiprefix:{prefix}',
                           '-always', f'-report:{report}', *arguments,
                           str(CASES / name))
        assert 'Traceback' not in run.output, run.output
        return run, json.loads(report.read_text()) if report.exists() else {}

    def write(self, name: str, pages: str, version: str = '0.11',
              head: str = '') -> str:
        """Write a dump of some pages; return its name."""
        path = self.box.folder / name
        path.write_text(
            f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}'
            f'/" version="{version}" xml:lang="en"><siteinfo>{head}'
            '<namespaces><namespace key="0"/><namespace key="2">User'
            '</namespace><namespace key="10">Template</namespace><namespace '
            f'key="828">Module</namespace></namespaces></siteinfo>{pages}'
            '</mediawiki>')
        return str(path)

    def notes(self, report: dict[str, Any],
              kind: str) -> list[dict[str, Any]]:
        return [note for note in report['notes'] if note['kind'] == kind]

    def forget(self, *titles: str) -> None:
        """Delete pages, for tests that bring the same ones."""
        for title in titles:
            if self.target.history(title):
                self.target.do('delete', title=title)


def revision(number: int, text: str, user: str = 'Quill',
             more: str = '') -> str:
    """Return a revision of the day of its number."""
    return (f'<revision><id>{number}</id>{more}<timestamp>2015-01-'
            f'{number % 28 + 1:02}T00:00:{number // 28:02}Z</timestamp>'
            f'<contributor><username>{user}</username></contributor>'
            f'<text>{text}</text></revision>')


@pytest.fixture(scope='module')
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cases]:
    box = Box(tmp_path_factory.mktemp('cases'), empty=True)
    yield Cases(box)
    box.close()


@pytest.mark.parametrize(('name', 'title', 'count', 'unproved'), [
    ('05-no-parentid.xml', 'Capstan', 3, []),
    ('no-parentid-admin.xml', 'Bellows', 3, ['Admin'])])
def test_revisions_without_parents_are_all_counted(
        cases: Cases, name: str, title: str, count: int,
        unproved: list[str]) -> None:
    run, report = cases.run(name, '-authors:local')
    assert run.status == 0, run.output
    assert by_title(report)[title]['revisions'] == count
    authors, = cases.notes(report, 'authors')
    assert {row['name'] for row in authors['authors']} >= {
        'Cleo', 'Anna/old', 'Admin'} if unproved else {
        'Reed Waters', 'Quill', 'Mate'}
    assert [note['names'] for note in cases.notes(report, 'unproved')] == (
        [unproved] if unproved else [])
    assert len(cases.target.history(title)) == count + 1


def test_limits_count_revisions_without_parents(cases: Cases) -> None:
    path = cases.write('long.xml', '<page><title>Long</title><ns>0</ns>'
                       + ''.join(revision(number, f'Text {number}')
                                 for number in range(1, 21)) + '</page>',
                       version='0.6')
    run, _report = cases.run(path, '-maxrevisions:19')
    assert run.status == 1
    assert 'send 20 revisions; the limit is 19' in run.output


def test_wiki_that_knows_no_parents_is_counted(cases: Cases) -> None:
    box, source = cases.box, cases.box.on_source()
    titles = ['Orphan one', 'Orphan two']
    for title in titles:
        for place in range(4):
            source.edit(title, f'{title}, {place}')
    # What came by an import long ago, or by one that a wiki damaged.
    maintenance(box.source_tree, box.folder / 'source/LocalSettings.php',
                'sql', '--query=UPDATE revision SET rev_parent_id = 0')
    assert {row['parentid'] for row in source.history(titles[0])} == {0}
    for asked in ([titles[0]], titles):
        run, report = box.importpages(
            '-simulate', *(f'-page:{title}' for title in asked))
        assert run.status == 0, run.output
        assert {page['revisions'] for page in report['pages']} == {4}
    run, _report = box.importpages('-page:Orphan one', '-maxrevisions:3')
    assert run.status == 1
    assert 'send 4 revisions; the limit is 3' in run.output
