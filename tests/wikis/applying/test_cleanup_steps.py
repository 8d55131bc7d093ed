"""Clean-ups as steps of a plan, on real wikis."""
from __future__ import annotations

import itertools
import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from importbot import Journal, Policy, apply_plan
from importbot.journal.changes import ARRIVAL, CLEANUP, Change, changes_of
from importbot.model.codec import planned_page_from_json
from importbot.model.decisions import Outcome
from importbot.model.notes import Note, NoteKind
from importbot.model.plan import Plan, PlannedPage
from importbot.model.report import Report
from importbot.model.steps import CleanUpStep, EditStep
from importbot.planning.plan import plan_titles
from importbot.sandbox.wikis import write_interwiki
from importbot.wikitext.cleanups import CleanUpPage, nocategories
from tests.kit.commands import PWB, Popen
from tests.kit.plans import titled
from tests.kit.proxy import Exchange
from tests.kit.support import (
    RELEASES,
    Box,
    by_title,
    transfer_of,
    write_histories,
)
from tests.kit.wikitext import LINKS, STAYING


TEXT = ('A rover.\n\n{{Cleaned box}}\n\n[[Category:Rovers]]\n'
        '[[Category:Mars|{{PAGENAME}}]]\n\n[[fr:Astromobile]]\n[[de:Rover]]')
ALL = ('note:Imported', 'nocategories', 'nointerlanguage')
LIMIT = 1

#: An edit filter, which no import asks.
FILTER = """
$wgHooks['EditFilterMergedContent'][] = static function (
    $context, $content, $status, $summary
) {
    if ( strpos( $content->getText(), 'unwanted' ) !== false ) {
        $status->fatal( 'hookaborted' );
        return false;
    }
};
"""
MOVES = '$wgGroupPermissions["importer"]["suppressredirect"] = true;'
_numbers = itertools.count(1)


def cleaned(title: str, revision: int) -> str:
    """Return what becomes of the text."""
    return ('A rover.\n\n{{Cleaned box}}\n'
            f'{{{{Imported|en|{title}|{revision}}}}}\n\n'
            '<!-- [[Category:Rovers]] -->\n'
            '<!-- [[Category:Mars|{{PAGENAME}}]] -->\n\n'
            '<!-- [[fr:Astromobile]] -->\n<!-- [[de:Rover]] -->')


class Bench:

    """Two wikis with links to others, and pages to be cleaned up."""

    def __init__(self, box: Box) -> None:
        self.box = box
        for part in ('source', 'target'):
            write_interwiki(box.databases[part], {
                'de': 'http://127.0.0.1:1', 'fr': 'http://127.0.0.1:2'})
        self.source = box.on_source()
        self.target = box.on_target()
        self.source.edit('Template:Cleaned box', 'Box[[Category:Rovers]]')
        self.target.edit('Template:Imported', 'From {{{1}}}:{{{2}}}')
        self.wikis = transfer_of(box)

    def new_page(self, text: str = TEXT) -> tuple[str, int]:
        """Return title and revision of a page of the source."""
        title = f'Cleaned {next(_numbers)}'
        self.source.edit(title, 'An older text.')
        return title, self.source.edit(title, text)

    def plan(self, *titles: str, post: tuple[str, ...] = ALL,
             **policy: Any) -> Plan:
        wanted = [self.wikis.source_info.title(f':{title}')
                  for title in titles]
        return plan_titles(
            self.wikis.under(Policy(post=post, **policy)),
            [title for title in wanted if title])

    def apply(self, plan: Plan, journal: Journal) -> Report:
        return apply_plan(plan, self.wikis.target.site, journal,
                          transfer=self.wikis, server_limit=LIMIT)

    def newest(self, title: str) -> dict[str, Any]:
        return self.target.history(title)[0]

    def links(self, title: str) -> list[str]:
        """Return categories and interlanguage links of the target's page."""
        row = self.target.get(
            titles=title, prop='categories|langlinks')['pages'][0]
        return [item['title'] for name in ('categories', 'langlinks')
                for item in row.get(name, ())]


def page_of(plan: Plan, title: str) -> PlannedPage:
    return next(page for page in plan.pages if str(page.title) == title)


def actions(plan: Plan, title: str) -> list[str]:
    """Return what is done with a page, clean-ups by their names."""
    return ['+'.join(step.names) if isinstance(step, CleanUpStep)
            else step.text.value if isinstance(step, EditStep) else step.action
            for step in page_of(plan, title).steps]


def is_cleanup(exchange: Exchange) -> bool:
    return (exchange.parameters.get('action') == 'edit'
            and 'Clean-up' in exchange.parameters.get('summary', ''))


@pytest.fixture(scope='module', params=RELEASES)
def bench(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Box(tmp_path_factory.mktemp('bench'), request.param,
             settings=FILTER + MOVES, empty=True) as box:
        yield Bench(box)


def changes(journal: Journal, report: Report, title: str) -> dict[
        str, Change]:
    """Return what a run did to a page, by action."""
    assert report.run
    place = next(place for place, page in enumerate(report.plan.pages)
                 if str(page.title) == title)
    return {change.action: change for change
            in changes_of(journal, report.run) if change.position == place}


@pytest.mark.parametrize('via', ['interwiki', 'upload'])
def test_requested_pages_are_cleaned_up(bench: Bench, journal: Journal,
                                        via: str) -> None:
    (first, one), (second, two) = bench.new_page(), bench.new_page()
    bare, _ = bench.new_page('{{Imported}} no links.')
    plan = bench.plan(first, second, bare, via=via)
    assert actions(plan, first) == actions(plan, second) == [
        'import', '+'.join(ALL)]
    assert actions(plan, bare) == ['import']
    report = bench.apply(plan, journal)
    assert report.went_as_planned
    for title, revision in ((first, one), (second, two)):
        assert bench.target.text(title) == cleaned(title, revision)
        # What its template adds is not the page's own.
        assert bench.links(title) == ['Category:Rovers']
        history = bench.target.history(title)
        assert [row['user'] for row in history[:2]] == ['ImportBot'] * 2
        assert history[0]['comment'] == (
            f'Clean-up after the import of [[:en:{title}]], revision '
            f'{revision}: {", ".join(ALL)}')
        done = changes(journal, report, title)
        assert done[CLEANUP] == Change(
            done[CLEANUP].position, CLEANUP, history[1]['revid'],
            history[0]['revid'])
        assert done[ARRIVAL].after == history[0]['revid']
        assert done[ARRIVAL].before == 0
    assert len(bench.target.history(bare)) == 3
    assert set(changes(journal, report, bare)) == {ARRIVAL}
    assert bench.target.text('Template:Cleaned box') == (
        'Box[[Category:Rovers]]')


def test_page_under_another_title(bench: Bench, journal: Journal) -> None:
    title, revision = bench.new_page()
    there = f'{title} elsewhere'
    plan = bench.plan(title, targettitle=there, via='interwiki')
    assert actions(plan, title) == ['import', 'move', '+'.join(ALL)]
    report = bench.apply(plan, journal)
    assert report.went_as_planned
    assert bench.target.text(there) == cleaned(title, revision)
    assert changes(journal, report, title)[ARRIVAL].after == bench.newest(
        there)['revid']


@pytest.mark.parametrize(('ours', 'expected'), [
    pytest.param('2020-01-01T00:00:00Z', ['import', '+'.join(ALL)],
                 id='comes up by itself'),
    pytest.param('2021-01-01T00:00:00Z', ['import', 'source',
                                          '+'.join(ALL)],
                 id='brought forward')])
def test_page_that_is_behind(bench: Bench, journal: Journal, ours: str,
                             expected: list[str]) -> None:
    title = f'Behind {next(_numbers)}'
    folder = bench.box.folder
    write_histories(bench.box.source_tree, folder / 'source', 'old', {
        title: [('2020-01-01T00:00:00Z', 'old'),
                ('2020-03-01T00:00:00Z', TEXT)]})
    write_histories(bench.box.target_tree, folder / 'target', 'en', {
        title: [(ours, 'old')]})
    before = bench.newest(title)['revid']
    plan = bench.plan(title, existingpages='update')
    assert actions(plan, title) == expected
    report = bench.apply(plan, journal)
    assert report.went_as_planned
    revision = bench.source.history(title)[0]['revid']
    assert bench.target.text(title) == cleaned(title, revision)
    arrival = changes(journal, report, title)[ARRIVAL]
    assert (arrival.before, arrival.after) == (before,
                                               bench.newest(title)['revid'])
    assert not arrival.is_shared


def test_undo_restores_the_text_before_both(bench: Bench) -> None:
    title = f'Behind {next(_numbers)}'
    folder = bench.box.folder
    write_histories(bench.box.source_tree, folder / 'source', 'old', {
        title: [('2020-01-01T00:00:00Z', 'old'),
                ('2020-03-01T00:00:00Z', TEXT)]})
    write_histories(bench.box.target_tree, folder / 'target', 'en', {
        title: [('2021-01-01T00:00:00Z', 'old')]})
    run, report = bench.box.importpages(
        f'-page:{title}', '-templates:none', '-existingpages:update',
        '-post:nocategories')
    assert run.status == 0, run.output
    assert '<!-- [[Category:Rovers]] -->' in bench.target.text(title)
    run = bench.box.pwb('importundo', '-always', str(report['run']))
    assert run.status == 0, run.output
    assert bench.target.text(title) == 'old'


def test_local_text_is_not_cleaned_up(bench: Bench,
                                      journal: Journal) -> None:
    title, _revision = bench.new_page()
    bench.target.edit(title, TEXT.replace('rover', 'local rover'))
    plan = bench.plan(title, existingpages='keep')
    assert actions(plan, title) == ['import', 'target']
    assert bench.apply(plan, journal).went_as_planned
    assert bench.target.text(title).endswith('[[de:Rover]]')


def test_a_plan_without_a_change_is_the_plan_without_cleanups(
        bench: Bench) -> None:
    title, _revision = bench.new_page('No links.')
    assert bench.plan(title, post=('nocategories', )).id == bench.plan(
        title, post=()).id
    assert bench.plan(title, post=ALL).id != bench.plan(title, post=()).id


def test_pages_of_other_models_stay(bench: Bench) -> None:
    bench.source.edit('Module:Cleaned', 'return "[[Category:A]]"')
    plan = bench.plan('Module:Cleaned', post=('nocategories', ))
    assert actions(plan, 'Module:Cleaned') == ['import']


def test_step_keeps_its_json(bench: Bench) -> None:
    title, _revision = bench.new_page()
    data = page_of(bench.plan(title), title).as_json()
    assert data['steps'][-1] == {'action': 'edit', 'post': list(ALL)}
    again = planned_page_from_json(json.loads(json.dumps(data)))
    assert again.steps[-1] == CleanUpStep(ALL)


def test_source_edited_since_the_plan(bench: Bench,
                                      journal: Journal) -> None:
    title, _revision = bench.new_page()
    plan = bench.plan(title)
    bench.source.edit(title, TEXT.replace('A rover', 'The rover'))
    result = bench.apply(plan, journal).results[-1]
    assert result.outcome is Outcome.REJECTED
    assert bench.target.history(title) == []


def test_source_edited_since_the_plan_of_an_upload(
        bench: Bench, journal: Journal) -> None:
    title, revision = bench.new_page()
    plan = bench.plan(title, via='upload')
    bench.source.edit(title, TEXT.replace('A rover', 'The rover'))
    report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    assert bench.target.text(title) == cleaned(title, revision)


def test_revisions_up_to_a_time(bench: Bench, journal: Journal) -> None:
    title = f'Before {next(_numbers)}'
    write_histories(bench.box.source_tree, bench.box.folder / 'source',
                    'old', {title: [('2020-01-01T00:00:00Z', TEXT),
                                    ('2022-01-01T00:00:00Z', 'bare')]})
    plan = bench.plan(title, before='2021-01-01T00:00:00Z')
    assert actions(plan, title) == ['import', '+'.join(ALL)]
    assert bench.apply(plan, journal).went_as_planned
    assert bench.target.text(title) == cleaned(
        title, bench.source.history(title)[1]['revid'])


def categories(bench: Bench, text: str) -> list[str]:
    """Return the categories of a text as MediaWiki reads it."""
    answer = bench.target._send(
        action='parse', text=text, title='Rover', prop='categories',
        contentmodel='wikitext')
    return [row['category'] for row in answer['parse']['categories']]


def test_mediawiki_finds_the_same_categories(bench: Bench) -> None:
    page = CleanUpPage(titled('Rover'), titled('Rover'), 'en', 1, '',
                       bench.wikis.source_info, bench.wikis.target_info)
    known = page.target_info.tags
    for text in LINKS:
        if 'Kat' not in text and 'KAT' not in text:
            assert categories(bench, text)
            assert not categories(bench, nocategories(text, page))
    for text in STAYING:
        if 'Kat' not in text and ('<syntax' not in text
                                  or 'syntaxhighlight' in known):
            assert nocategories(text, page) == text
            assert not categories(bench, text)


# What keeps the bot from it

def test_page_that_keeps_bots_out(bench: Bench, journal: Journal) -> None:
    title, _revision = bench.new_page(f'{{{{nobots}}}}\n{TEXT}')
    other, _revision = bench.new_page(
        f'{{{{bots|allow=all}}}}<nowiki>{{{{nobots}}}}</nowiki>{TEXT}')
    plan = bench.plan(title, other)
    assert actions(plan, title) == ['import']
    assert actions(plan, other) == ['import', '+'.join(ALL)]
    assert Note.of(NoteKind.CLEANUP_NOBOTS, title, {
        'count': 1, 'titles': (title, )}) in plan.notes
    assert bench.apply(plan, journal).went_as_planned
    assert bench.target.text(title) == f'{{{{nobots}}}}\n{TEXT}'


def test_template_of_a_note_that_is_not_there(bench: Bench) -> None:
    title, _revision = bench.new_page()
    note = Note.of(NoteKind.CLEANUP_TEMPLATE, 'Template:Nowhere')
    assert note in bench.plan(title, post=('note:nowhere', )).notes
    assert note not in bench.plan(title, post=('note:Imported', )).notes
    # It comes along.
    assert not [note for note in bench.plan(
        title, post=('note:Cleaned box', )).notes
        if note.kind is NoteKind.CLEANUP_TEMPLATE]


def test_refused_edit_is_said(bench: Bench, journal: Journal) -> None:
    bad, _revision = bench.new_page(f'unwanted {TEXT}')
    good, revision = bench.new_page()
    report = bench.apply(bench.plan(bad, good), journal)
    results = {str(page.title): result for page, result in zip(
        report.plan.pages, report.results, strict=True)}
    assert not report.went_as_planned
    assert results[bad].outcome is Outcome.FAILED
    assert f'"{bad}" was not saved: ' in str(results[bad].error)
    assert results[good].outcome is Outcome.VERIFIED
    assert bench.target.text(good) == cleaned(good, revision)
    assert bench.target.text(bad) == f'unwanted {TEXT}'
    # It arrived, and an undo has to know.
    done = changes(journal, report, bad)
    assert set(done) == {ARRIVAL}
    assert done[ARRIVAL].after == bench.newest(bad)['revid']
    assert report.run
    assert journal.page_rows(report.run)[-2].outcome == 'failed'


@pytest.mark.parametrize('summary', [
    pytest.param('in between', id='own summary'),
    pytest.param('Clean-up after the import of [[:en:{}]], revision {}: '
                 + ', '.join(ALL), id='summary of ours')])
def test_edit_of_somebody_else_is_not_lost(
        bench: Bench, journal: Journal, summary: str) -> None:
    title, revision = bench.new_page()
    plan = bench.plan(title)

    def somebody_edits() -> None:
        bench.target.edit(title, 'an edit in between',
                          summary=summary.format(title, revision))

    with bench.box.target.broken(hits=is_cleanup, forwards=False, status=502,
                                 meanwhile=somebody_edits):
        report = bench.apply(plan, journal)
    assert report.results[-1].outcome is Outcome.FAILED
    assert bench.target.text(title) == 'an edit in between'
    assert CLEANUP not in changes(journal, report, title)


def test_lost_answer_of_the_edit(bench: Bench, journal: Journal) -> None:
    title, revision = bench.new_page()
    plan = bench.plan(title)
    with bench.box.target.broken(hits=is_cleanup, status=502):
        report = bench.apply(plan, journal)
    assert report.went_as_planned, report.results
    assert bench.target.text(title) == cleaned(title, revision)
    history = bench.target.history(title)
    assert len(history) == 4
    assert changes(journal, report, title)[CLEANUP].after == (
        history[0]['revid'])


# Cuts

def command(title: str, *more: str) -> list[str]:
    return ['importpages', '-source:en', '-always', f'-page:{title}',
            '-templates:none', '-serverlimit:1',
            *(f'-post:{name}' for name in ALL), *more]


def killed(bench: Bench, title: str, *more: str, **fault: Any) -> None:
    """Let the bot be killed by a fault."""
    with bench.box.target.broken(meanwhile=lambda: process.kill(), **fault):
        process = Popen(
            [str(PWB), *command(title, *more)], cwd=bench.box.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, 'PYWIKIBOT_DIR': str(bench.box.config)})
        process.wait(timeout=120)


@pytest.mark.parametrize('arguments', [['-resume'], None],
                         ids=['resume', 'new run'])
@pytest.mark.parametrize('forwards', [True, False],
                         ids=['behind the edit', 'before the edit'])
def test_killed_at_its_edit(bench: Bench, forwards: bool,
                            arguments: list[str] | None) -> None:
    title, revision = bench.new_page()
    killed(bench, title, hits=is_cleanup, forwards=forwards)
    assert (bench.target.text(title) == TEXT) is not forwards
    run = bench.box.pwb(*(['importpages', '-always', '-serverlimit:1',
                           *arguments] if arguments else command(title)))
    assert run.status == 0, run.output
    assert bench.target.text(title) == cleaned(title, revision)
    history = bench.target.history(title)
    # Two of the source, the one of the import and the clean-up.
    assert len(history) == 4
    assert len(bench.target.imports(title)) == 1
    journal = Journal(str(bench.box.config / 'importbot.sqlite'))
    cut = journal.latest_run(bench.wikis.target.api)
    assert cut
    done = {change.action: change for change in changes_of(
        journal, cut if arguments else cut - 1)}
    journal.close()
    assert (done[CLEANUP].before, done[CLEANUP].after) == (
        history[1]['revid'], history[0]['revid'])
    if arguments:
        assert done[ARRIVAL].after == history[0]['revid']


@pytest.mark.parametrize('hits', [
    pytest.param(lambda exchange: exchange.parameters.get('action')
                 == 'move', id='move'),
    pytest.param(is_cleanup, id='clean-up')])
def test_killed_with_another_title(bench: Bench, hits: Any) -> None:
    title, revision = bench.new_page()
    there = f'{title} elsewhere'
    killed(bench, title, f'-targettitle:{there}', '-via:interwiki',
           hits=hits)
    run = bench.box.pwb('importpages', '-always', '-serverlimit:1',
                        '-resume')
    assert run.status == 0, run.output
    assert bench.target.text(there) == cleaned(title, revision)
    assert len(bench.target.history(there)) == 5
    assert len(bench.target.imports(
        f'User:ImportBot/importing/{title}')) == 1


def test_killed_behind_a_text_brought_forward(bench: Bench) -> None:
    title = f'Behind {next(_numbers)}'
    folder = bench.box.folder
    write_histories(bench.box.source_tree, folder / 'source', 'old', {
        title: [('2020-01-01T00:00:00Z', 'old'),
                ('2020-03-01T00:00:00Z', TEXT)]})
    write_histories(bench.box.target_tree, folder / 'target', 'en', {
        title: [('2021-01-01T00:00:00Z', 'old')]})
    killed(bench, title, '-existingpages:update', hits=is_cleanup)
    run = bench.box.pwb('importpages', '-always', '-serverlimit:1',
                        '-resume')
    assert run.status == 0, run.output
    assert bench.target.text(title) == cleaned(
        title, bench.source.history(title)[0]['revid'])


# On the command line

def test_plan_shows_each_edit_and_is_applied_later(bench: Bench) -> None:
    title, revision = bench.new_page()
    path = bench.box.folder / 'cleanups.json'
    run = bench.box.pwb(*command(title, f'-plan:{path}'))
    assert run.status == 2, run.output
    assert 'import + edit' in run.output
    assert f'--- imported: {title} ({revision})' in run.output
    assert f'+++ cleaned up: {title} ({", ".join(ALL)})' in run.output
    assert '+<!-- [[Category:Rovers]] -->' in run.output
    assert json.loads(path.read_text())['options']['post'] == list(ALL)
    run = bench.box.pwb('importpages', '-always', f'-apply:{path}')
    assert run.status == 0, run.output
    assert bench.target.text(title) == cleaned(title, revision)


def test_person_sees_each_edit_before_the_question(bench: Bench) -> None:
    title, _revision = bench.new_page()
    protected, _revision = bench.new_page()
    bench.target.do('protect', title=protected, protections='create=sysop')
    terminal, keyboard = pty.openpty()
    os.write(terminal, b'n\n')
    run = bench.box.pwb(
        'importpages', '-source:en', f'-page:{title}', f'-page:{protected}',
        '-templates:none', '-post:nocategories', stdin=keyboard)
    os.close(terminal)
    os.close(keyboard)
    before, question, _after = run.output.partition('Import these pages?')
    assert question, run.output
    assert '+<!-- [[Category:Rovers]] -->' in before
    assert f'{protected}: on hold; protected on the target; ' in before
    assert bench.target.history(title) == []


def test_plan_with_other_cleanups_now_is_not_applied(bench: Bench) -> None:
    title, _revision = bench.new_page()
    path = bench.box.folder / 'cleanups.json'
    bench.box.pwb(*command(title, f'-plan:{path}'))
    bench.source.edit(title, 'No links.')
    run = bench.box.pwb('importpages', '-always', f'-apply:{path}')
    assert run.status == 1, run.output
    assert f'to "{title}", then {", ".join(ALL)} then' in ' '.join(
        run.output.split())


def test_dump(bench: Bench) -> None:
    title, revision = bench.new_page()
    dump = bench.source.session.post(
        f'{bench.box.source_base}/index.php', data={
            'title': 'Special:Export', 'history': 1, 'pages': title})
    path = bench.box.folder / 'cleanups.xml'
    path.write_bytes(dump.content)
    run = bench.box.pwb(
        'importdump', '-interwikiprefix:en', '-always', str(path),
        *(f'-post:{name}' for name in ALL))
    assert run.status == 0, run.output
    assert f'+++ cleaned up: {title}' in run.output
    assert bench.target.text(title) == cleaned(title, revision)


# Functions of others

MODULE = """
def shout(text, page):
    return text.replace('rover', page.argument or page.language.upper())

def broken(text, page):
    raise KeyError('what')

def silent(text, page):
    print(text)
"""


@pytest.fixture(scope='module')
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a distribution that offers clean-ups."""
    folder = tmp_path_factory.mktemp('installed')
    (folder / 'acme_cleanups.py').write_text(MODULE)
    info = folder / 'acme-1.0.dist-info'
    info.mkdir()
    (info / 'METADATA').write_text(
        'Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n')
    (info / 'entry_points.txt').write_text('[importbot.post]\n' + ''.join(
        f'{name} = acme_cleanups:{name}\n'
        for name in ('shout', 'broken', 'silent', 'missing')))
    return folder


def test_own_function(bench: Bench, installed: Path) -> None:
    title, _revision = bench.new_page('A rover.')
    run, report = bench.box.importpages(
        f'-page:{title}', '-post:shout:ROVER', PYTHONPATH=str(installed))
    assert run.status == 0, run.output
    assert by_title(report)[title]['steps'][-1]['post'] == ['shout:ROVER']
    assert bench.target.text(title) == 'A ROVER.'


@pytest.mark.parametrize(('name', 'words'), [
    ('loud', 'The clean-up loud is not known; there are: broken, missing, '
             'nocategories, nointerlanguage, note, shout, silent'),
    ('broken', "The clean-up broken failed on \"{}\" (KeyError: 'what'); "
               'mend it, or leave it out (-post)'),
    ('silent', 'The clean-up silent returned no text for "{}" but '
               'NoneType; mend it, or leave it out (-post)'),
    ('missing', 'The clean-up missing cannot be loaded from '
                'acme_cleanups:missing (AttributeError: ')])
def test_own_function_that_is_no_use(bench: Bench, installed: Path,
                                     name: str, words: str) -> None:
    title, _revision = bench.new_page('A rover.')
    run, _report = bench.box.importpages(
        f'-page:{title}', f'-post:{name}', PYTHONPATH=str(installed))
    assert run.status == 1, run.output
    assert words.format(title) in ' '.join(run.output.split())
    assert bench.target.history(title) == []
