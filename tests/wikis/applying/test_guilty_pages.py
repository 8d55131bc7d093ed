"""Pages that an upload fails at: only those fail, in few more calls."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import pytest

from tests.kit.support import COMMITS_EACH_STATEMENT, Box, Run, by_title


#: No plan can foresee what an extension throws: at a name of an author as if
#: no wiki took it (all is rolled back), and at a title (what came before it
#: in the same call stays).
THROWS = r"""
$wgMaxArticleSize = 4;
$wgHooks['ImportHandleRevisionXMLTag'][] = function (
		$importer, $page, $revision ) {
	if ( ( $revision['contributor']['username'] ?? '' ) === 'Quarrel' ) {
		throw new Error( 'no <b>wiki</b> takes this author' );
	}
	if ( str_starts_with( $page['title'] ?? '', 'Kept ' ) ) {
		throw new Exception( 'no {{wiki}} <b>takes</b> this title' );
	}
};
"""
_HEAD = ('<mediawiki xml:lang="en"><siteinfo><namespaces><namespace key="0"/>'
         '<namespace key="6">File</namespace></namespaces></siteinfo>')


def revision(number: int, text: str, author: str = 'Anna',
             model: str = 'wikitext', more: str = '') -> str:
    return (f'<revision><id>{number}</id><timestamp>2015-01-01T00:{number:02}'
            f':00Z</timestamp><contributor><username>{author}</username>'
            f'</contributor><model>{model}</model><format>text/x-wiki'
            f'</format><text>{text}</text>{more}</revision>')


def page(title: str, *revisions: str) -> str:
    return f'<page><title>{title}</title><ns>0</ns>{"".join(revisions)}</page>'


def good(title: str) -> str:
    return page(title, revision(1, f'About {title}.'), revision(2, 'More.'))


GUILTY: dict[str, Callable[[str], str]] = {
    'author': lambda title: page(title, revision(1, 'One.'),
                                 revision(2, 'Two.', 'Quarrel')),
    'model': lambda title: page(title, revision(1, '{}', model='flow-board'),
                                revision(2, 'Plain.')),
    'slot': lambda title: page(title, revision(1, 'One.', more=(
        '<content><role>mediainfo</role><origin>1</origin><model>'
        'wikibase-mediainfo</model><format>application/json</format>'
        '<text>{}</text></content>'))),
    'size': lambda title: page(title, revision(1, 'x' * 5000)),
    'title': lambda title: good(f'{title} &lt;b&gt;'),
}


@dataclass(frozen=True)
class Bench:

    """A target that some pages break."""

    box: Box

    def run(self, pages: list[str]) -> tuple[Run, dict[str, Any], int]:
        """Import a dump; return its end, the report and the calls."""
        path, report = (self.box.folder / 'pages.xml',
                        self.box.folder / 'report.json')
        path.write_text(f'{_HEAD}{"".join(pages)}</mediawiki>')
        report.unlink(missing_ok=True)
        before = len(self.box.target.imports)
        run = self.box.pwb(
            'importdump', '-interwikiprefix:en', '-templates:none',
            '-always', f'-report:{report}', str(path), *(
                f'-report:{self.box.folder}/report.{kind}'
                for kind in ('html', 'wiki')))
        return (run, json.loads(report.read_text()) if report.exists() else {},
                len(self.box.target.imports) - before)

    def arrived_once(self, titles: set[str], revisions: int = 2) -> bool:
        admin = self.box.on_target()
        for title in titles:
            assert len(admin.history(title)) == revisions + 1, title
            assert len(admin.imports(title)) == 1, title
        return True


@pytest.fixture(scope='module')
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Box(tmp_path_factory.mktemp('guilty'), empty=True,
             settings=THROWS) as box:
        yield Bench(box)


@pytest.fixture(scope='module')
def committing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Box(tmp_path_factory.mktemp('committing'), empty=True,
             settings=THROWS + COMMITS_EACH_STATEMENT) as box:
        yield Bench(box)


def test_five_guilty_pages_of_a_hundred(bench: Bench) -> None:
    titles = [f'Page {number:03}' for number in range(100)]
    guilty = dict(zip(titles[7::20], GUILTY, strict=True))
    run, report, calls = bench.run([
        GUILTY[guilty[title]](title) if title in guilty else good(title)
        for title in titles])
    assert run.status == 1, run.output
    pages = by_title(report)
    arrived = {title for title, row in pages.items()
               if row['outcome'] == 'verified'}
    assert arrived == {title for title in titles if title not in guilty}
    assert len(arrived) == 95
    assert bench.arrived_once(arrived)
    # Those that a plan can foresee are held or refused by it.
    said = {kind: next((row for title, row in pages.items()
                        if title.startswith(name)), {})
            for name, kind in guilty.items()}
    assert said['author']['outcome'] == 'failed'
    assert '"Page 007" was not imported' in said['author']['error']
    assert 'Error' in said['author']['error']
    assert said['model']['reason'] == 'no-content-model'
    assert said['slot']['decision'] == 'hold'
    assert said['size']['decision'] == 'refuse'
    assert said['title']['decision'] == 'refuse'
    for title in guilty:
        assert not bench.box.on_target().history(title)
    # Undisturbed it takes a call for each 15 pages at most; the page that
    # nobody could foresee costs two for each halving.
    assert calls <= ceil(len(titles) / 10) + 2 * ceil(log2(15)), calls


def test_more_guilty_pages_in_one_upload(bench: Bench) -> None:
    titles = [f'One {number}' for number in range(8)]
    bad = {titles[1], titles[4], titles[7]}
    run, report, calls = bench.run([
        GUILTY['author'](title) if title in bad else good(title)
        for title in titles])
    assert run.status == 1, run.output
    assert {row['title'] for row in report['pages']
            if row['outcome'] == 'failed'} == bad
    assert bench.arrived_once(set(titles) - bad)
    assert calls <= 1 + 2 * len(bad) * ceil(log2(len(titles)))


@pytest.mark.parametrize('which', [
    'bench', pytest.param('committing', marks=pytest.mark.soak)])
def test_what_came_before_it_tells_which_it_was(
        which: str, request: pytest.FixtureRequest) -> None:
    bench: Bench = request.getfixturevalue(which)
    titles = [f'Before {number}' for number in range(6)]
    run, report, calls = bench.run([
        *map(good, titles[:3]), good('Kept out'), *map(good, titles[3:])])
    assert run.status == 1, run.output
    pages = by_title(report)
    assert pages['Kept out']['outcome'] == 'failed'
    assert 'this title' in pages['Kept out']['error']
    assert bench.arrived_once(set(titles))
    # What the wiki says is nothing but text, wherever it is shown.
    for kind, markup in (('html', '<b>takes'), ('wiki', '{{wiki}}')):
        shown = (bench.box.folder / f'report.{kind}').read_text()
        assert 'this title' in shown
        assert markup not in shown
    # All of them, the one that was next, and the rest.
    assert calls == 3
    assert not bench.box.on_target().history('Kept out')
