"""One bad page sinks nobody else, and nothing is failed that arrived."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kit.support import COMMITS_EACH_STATEMENT, Box, Run, by_title


CASES = Path(__file__).parents[1] / 'sources' / 'cases'


def importdump(box: Box, path: Path,
               *arguments: str) -> tuple[Run, dict[str, Any]]:
    report = box.folder / 'bad-page.json'
    report.unlink(missing_ok=True)
    run = box.pwb('importdump', '-interwikiprefix:en', '-always',
                  f'-report:{report}', str(path), *arguments)
    return run, json.loads(report.read_text()) if report.exists() else {}


def users(box: Box, title: str) -> set[str]:
    """Return the authors of a page; the bot's own revision is on top."""
    return {row['user'] for row in box.on_target().history(title)[1:]}


def test_address_that_is_none(box: Box) -> None:
    run, report = importdump(box, CASES / '06-ip-that-is-none.xml')
    assert run.status == 0, run.output
    assert {page['outcome'] for page in report['pages']} == {'verified'}
    assert users(box, 'Buoy 2') == {'en>gate.example.org'}
    assert users(box, 'Buoy 3') == {'en>Quill'}


def test_model_of_an_older_revision_that_the_target_lacks(box: Box) -> None:
    run, report = importdump(box, CASES / '07-old-model-in-history.xml')
    assert run.status == 3, run.output
    pages = by_title(report)
    assert (pages['Ode 2']['decision'], pages['Ode 2']['reason']) == (
        'hold', 'no-content-model')
    assert pages['Ode 1']['outcome'] == pages['Ode 3']['outcome'] == (
        'verified')
    assert [(note['what'], note['name'], note['needed_by'])
            for note in report['notes'] if note['kind'] == 'lacking'] == [
        ('model', 'flow-board', ['Ode 2'])]
    assert not box.on_target().history('Ode 2')


def test_slot_that_the_target_lacks(box: Box) -> None:
    run, report = importdump(box, CASES / 'slot-the-target-lacks.xml')
    assert run.status == 3, run.output
    pages = by_title(report)
    assert pages['File:Spanner.jpg']['decision'] == 'hold'
    assert pages['Spanner']['outcome'] == 'verified'
    assert pages['Wrench']['outcome'] == 'verified'
    assert ('slot', 'mediainfo') in {
        (note['what'], note['name']) for note in report['notes']
        if note['kind'] == 'lacking'}
    assert not box.on_target().history('File:Spanner.jpg')


def test_address_that_is_the_name_of_an_account(box: Box) -> None:
    """Whatever becomes of authors, an address is nobody's account."""
    path = box.folder / 'forged.xml'
    path.write_text(
        '<mediawiki><page><title>Forged</title><revision><timestamp>'
        '2015-01-01T00:00:00Z</timestamp><contributor><ip>Admin</ip>'
        '</contributor><text>a</text></revision></page></mediawiki>')
    run, report = importdump(box, path, '-authors:local', '-templates:none')
    assert run.status == 0, run.output
    assert users(box, 'Forged') == {'en>Admin'}
    assert [(row['name'], row['becomes']) for note in report['notes']
            if note['kind'] == 'authors' for row in note['authors']] == [
        ('>Admin', 'en>Admin')]


# A call breaks off within the wiki

BREAKS = r"""
$wgGroupPermissions['bot']['delete'] = true;
$wgHooks['ImportHandleRevisionXMLTag'][] = function (
		$importer, $page, $revision ) {
	foreach ( [ 'Exception', 'Error' ] as $class ) {
		if ( ( $revision['timestamp'] ?? '' ) === '2015-01-02T00:00:00Z'
				&& str_starts_with( $page['title'] ?? '', "Bad $class" )
				&& file_exists( '%s' ) ) {
			throw new $class( 'an odd thing' );
		}
	}
};
"""


@dataclass(frozen=True)
class Breaking:

    """A target that breaks off on some pages as long as a file is there."""

    box: Box
    flag: Path

    def dump(self, *titles: str) -> Path:
        pages = ''.join(
            f'<page><title>{title}</title><ns>0</ns>' + ''.join(
                f'<revision><id>{day}</id><timestamp>2015-01-0{day}T00:00:'
                '00Z</timestamp><contributor><username>Quill</username>'
                f'</contributor><text>Day {day}.</text></revision>'
                for day in (1, 2, 3)) + '</page>' for title in titles)
        path = self.box.folder / 'pages.xml'
        path.write_text(f'<mediawiki>{pages}</mediawiki>')
        return path

    def run(self, path: Path,
            *arguments: str) -> tuple[Run, dict[str, Any]]:
        return importdump(self.box, path, '-templates:none', *arguments)


def _breaking(factory: pytest.TempPathFactory, settings: str = '',
              database: str = 'sqlite') -> Iterator[Breaking]:
    flag = factory.mktemp('flag') / 'breaks'
    with Box(factory.mktemp('breaking'), empty=True,
             settings=BREAKS % flag + settings, database=database) as box:
        yield Breaking(box, flag)


@pytest.fixture(scope='module')
def breaking(database: str, tmp_path_factory: pytest.TempPathFactory,
             ) -> Iterator[Breaking]:
    yield from _breaking(tmp_path_factory, database=database)


@pytest.fixture(scope='module')
def breaking_within_a_request(
        tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breaking]:
    """A target that keeps what a request wrote before it broke off."""
    yield from _breaking(tmp_path_factory, COMMITS_EACH_STATEMENT)


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {page['title']: page['outcome'] for page in report['pages']}


def test_half_page_is_told_and_brought_to_its_end(breaking: Breaking,
                                                  ) -> None:
    titles = ('Alder', 'Bad Exception', 'Cedar', 'Drum', 'Elm')
    path = breaking.dump(*titles)
    breaking.flag.touch()
    before = len(breaking.box.target.imports)
    run, report = breaking.run(path)
    assert run.status == 1, run.output
    assert outcomes(report) == {
        title: 'failed' if title.startswith('Bad') else 'verified'
        for title in titles}
    # One call for all, and one for those behind the page it failed at.
    assert len(breaking.box.target.imports) == before + 2
    bad = by_title(report)['Bad Exception']
    assert 'by half: 1 of 3 revisions' in bad['error']
    assert bad['imported'] == 1
    for title in ('Alder', 'Cedar'):
        assert len(breaking.box.on_target().history(title)) == 4
        assert len(breaking.box.on_target().imports(title)) == 1

    # It is not called complete as long as it is not.
    again, report = breaking.run(path)
    assert again.status == 3, again.output
    assert [(page['title'], page['reason']) for page in report['pages']
            if page['decision'] == 'hold'] == [('Bad Exception', 'half')]

    breaking.flag.unlink()
    resumed = breaking.box.pwb('importdump', str(path), '-always',
                               f'-resume:{report_run(run)}')
    assert resumed.status == 0, resumed.output
    assert len(breaking.box.on_target().history('Bad Exception')) == 4
    _run, report = breaking.run(path)
    assert by_title(report)['Bad Exception']['reason'] == 'identical'


def report_run(run: Run) -> str:
    found = re.search(r'[Rr]un (\d+)', run.output)
    assert found, run.output
    return found[1]


def test_half_page_is_taken_back(breaking: Breaking) -> None:
    breaking.flag.touch()
    run, report = breaking.run(breaking.dump('Bad Exception 2'))
    assert outcomes(report) == {'Bad Exception 2': 'failed'}
    undone = breaking.box.pwb('importundo', report_run(run), '-always')
    assert undone.status == 0, undone.output
    assert not breaking.box.on_target().history('Bad Exception 2')
    breaking.flag.unlink()
    _run, report = breaking.run(breaking.dump('Bad Exception 2'))
    assert by_title(report)['Bad Exception 2']['reason'] == 'deleted-here'


@pytest.mark.mariadb
def test_what_was_rolled_back_is_sent_in_halves(breaking: Breaking,
                                                ) -> None:
    titles = ('Ash', 'Bad Error', 'Cherry', 'Dogwood')
    breaking.flag.touch()
    target = breaking.box.target
    before, done = len(target.imports), len(target.imports_done)
    with target.broken(forwards=False, status=500, headers={
            'MediaWiki-API-Error': 'internal_api_error_Error'}):
        run, report = breaking.run(breaking.dump(*titles))
    breaking.flag.unlink()
    assert run.status == 1, run.output
    assert outcomes(report) == {
        title: 'failed' if title.startswith('Bad') else 'verified'
        for title in titles}
    # Both halves, and the pages of that which fails again.
    assert len(target.imports) <= before + 1 + len(titles)
    assert len(target.imports_done) == done + len(target.imports) - before - 1
    for title in ('Ash', *titles[2:]):
        assert len(breaking.box.on_target().imports(title)) == 1
    assert not breaking.box.on_target().history('Bad Error')


# A wiki that commits each statement by itself: a database without
# transactions, or $wgDBservers with flags of somebody's own.

def test_half_page_of_a_wiki_that_commits_each_statement(
        breaking_within_a_request: Breaking) -> None:
    """There an error leaves what a transaction would have taken back."""
    breaking, title = breaking_within_a_request, 'Bad Error'
    path = breaking.dump('Ash', title)
    breaking.flag.touch()
    run, report = breaking.run(path)
    breaking.flag.unlink()
    assert outcomes(report) == {'Ash': 'verified', title: 'failed'}
    assert 'by half: 1 of 3 revisions' in by_title(report)[title]['error']
    resumed = breaking.box.pwb('importdump', str(path), '-always',
                               f'-resume:{report_run(run)}')
    assert resumed.status == 0, resumed.output
    assert len(breaking.box.on_target().history(title)) == 4


def test_page_without_a_revision_gets_its_history(
        breaking_within_a_request: Breaking) -> None:
    """What an odd author left behind: listed, and nobody can edit it."""
    breaking = breaking_within_a_request
    admin = breaking.box.on_target()
    token = admin.get(meta='tokens')['tokens']['csrftoken']
    xml = ('<mediawiki><page><title>Ghost</title><revision><timestamp>'
           '2015-01-01T00:00:00Z</timestamp><contributor><ip>gate.example.org'
           '</ip></contributor><text>a</text></revision></page></mediawiki>')
    answer = admin.session.post(admin.api, data={
        'action': 'import', 'format': 'json', 'token': token,
        'interwikiprefix': 'en'}, files={'xml': ('a.xml', xml)})
    assert answer.status_code == 500, answer.text
    ghost, = admin.get(titles='Ghost', prop='info')['pages']
    assert ghost.get('lastrevid') == 0, ghost
    run, report = breaking.run(breaking.dump('Ghost'))
    assert run.status == 0, run.output
    assert outcomes(report) == {'Ghost': 'verified'}
    assert len(admin.history('Ghost')) == 4
    assert admin.text('Ghost') == 'Day 3.'
