"""Options of pwb importpages that change what arrives, and where."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from importbot.journal.journal import Journal
from tests.kit.support import Box, by_title, texts
from tests.kit.terminals import at_a_terminal


ARTICLE = '-page:Longstride'


def fresh(box: Box, title: str) -> None:
    """Make sure that a test begins without its page."""
    assert not box.on_target().history(title)


def test_plan_stops_with_work_to_do_and_writes_its_file(box: Box) -> None:
    before = box.on_target().snapshot()
    path = box.folder / 'plan.json'
    run = box.pwb('importpages', '-source:en', ARTICLE, f'-plan:{path}')
    assert run.status == 2, run.output
    plan = json.loads(path.read_text())
    assert plan['pages'][-1]['title'] == 'Longstride'
    assert 'outcome' not in plan['pages'][0]
    assert box.on_target().snapshot() == before
    assert not box.target.imports


def test_simulate_writes_nothing(box: Box) -> None:
    before = box.on_target().snapshot()
    run, report = box.importpages(ARTICLE, '-simulate')
    assert run.status == 0, run.output
    assert 'Simulation: nothing was written' in run.output
    assert report['run'] is None
    assert {page['outcome'] for page in report['pages']} == {None}
    assert box.on_target().snapshot() == before
    assert not box.target.imports


def test_saying_no_writes_nothing(box: Box) -> None:
    before = box.on_target().snapshot()
    status, printed = at_a_terminal(box, 'n', '-source:en', ARTICLE,
                                    '-templates:none')
    assert status == 0, printed
    assert 'Nothing was imported' in printed
    assert box.on_target().snapshot() == before


def test_saying_yes_imports(box: Box) -> None:
    fresh(box, 'Template:Nowrap')
    status, printed = at_a_terminal(
        box, 'y', '-source:en', '-page:Template:Nowrap', '-templates:none')
    assert status == 0, printed
    assert '1 imported and checked' in printed
    assert 'index.php?title=Template:Nowrap' in printed
    # A line a page is for those who want it.
    assert 'import (requested)' not in printed
    assert box.on_target().history('Template:Nowrap')


def test_current_history(box: Box) -> None:
    run, _report = box.importpages('-page:Template:Cite web',
                                   '-templates:none', '-history:current')
    assert run.status == 0, run.output
    theirs = box.on_source().history('Template:Cite web')
    ours = box.on_target().history('Template:Cite web')
    assert len(theirs) > 1
    assert texts(ours) & texts(theirs) == texts(theirs[:1])


def test_full_history_of_templates(box: Box) -> None:
    run, report = box.importpages('-page:Template:Cite book',
                                  '-templatehistory:full')
    assert run.status == 0, run.output
    assert len(report['pages']) > 3
    for page in report['pages']:
        if page['steps']:
            assert texts(box.on_source().history(page['title'])) <= texts(
                box.on_target().history(page['target']))


def test_namespace_is_for_requested_pages_alone(box: Box) -> None:
    run, report = box.importpages('-page:Template:Age in years',
                                  '-correspondingnamespace:4')
    assert run.status == 0, run.output
    assert box.on_target().history('Project:Age in years')
    for page in report['pages'][:-1]:
        assert page['target'] == page['title']
        assert 'namespace' not in json.dumps(page['steps'])


def test_root_page_is_for_requested_pages_alone(box: Box) -> None:
    run, report = box.importpages('-page:Template:Uses Lua',
                                  '-rootpage:Project:Imports')
    assert run.status == 0, run.output
    page = report['pages'][-1]
    assert page['target'].endswith(':Imports/Template:Uses Lua')
    assert box.on_target().history('Project:Imports/Template:Uses Lua')
    assert {page['target'] for page in report['pages'][:-1]} <= {
        page['title'] for page in report['pages'][:-1]}


def test_two_pages_that_would_meet_are_on_hold(box: Box) -> None:
    box.on_source().edit('Help:Nowrap', 'Another page of that name')
    run, report = box.importpages(
        '-page:Help:Nowrap', '-page:Template:Nowrap', '-templates:none',
        '-correspondingnamespace:12')
    assert run.status == 3, run.output
    assert {page['reason'] for page in report['pages']} == {'same-target'}
    assert not box.on_target().history('Help:Nowrap')


def test_summary_and_tags_reach_the_log(box: Box) -> None:
    target = box.on_target()
    target.do('managetags', operation='create', tag='imported page')
    run, _report = box.importpages(
        '-page:Template:See also', '-templates:none',
        '-summary:Because of a request', '-tags:imported page')
    assert run.status == 0, run.output
    entry = target.all('logevents', list='logevents', letype='import',
                       letitle='Template:See also', leprop='comment|tags')
    assert entry[0]['comment'].endswith('Because of a request')
    assert entry[0]['tags'] == ['imported page']


def test_generators_of_the_target(box: Box) -> None:
    fresh(box, 'Template:Footnote page')
    box.on_target().edit('Wanting', '{{Footnote page}}')
    run, report = box.importpages('-on:target', '-page:Template:Footnote '
                                  'page', '-templates:none')
    assert run.status == 0, run.output
    assert by_title(report)['Template:Footnote page'][
        'outcome'] == 'verified'


def test_page_created_since_the_plan_is_not_touched(
        box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    from importbot.applying.apply import apply_plan
    from importbot.model.policy import Policy
    from importbot.planning.plan import plan_titles
    from tests.kit.support import transfer_of

    wikis = transfer_of(box)
    plan = plan_titles(
        wikis.under(Policy(templates='none')),
        [wikis.source_info.title('Template:Remark')])
    box.on_target().edit('Template:Remark', 'Ours, since a moment ago')
    before = box.on_target().snapshot()
    report = apply_plan(plan, wikis.target.site,
                        Journal(str(box.folder / 'moved.sqlite')),
                        transfer=wikis)
    assert report.results[0].outcome == 'rejected'
    assert not report.went_as_planned
    assert box.on_target().snapshot() == before


def test_journal_holds_what_the_report_says(box: Box) -> None:
    path = box.folder / 'own.sqlite'
    run, report = box.importpages('-page:Template:Main article',
                                  f'-journal:{path}')
    assert run.status == 0, run.output
    journal = Journal(str(path))
    row = journal.run_row(report['run'])
    assert (row.state, row.plan) == ('finished', report['id'])
    recorded = [(page.title, page.decision, page.reason, page.outcome,
                 page.imported) for page in journal.page_rows(report['run'])]
    assert recorded == [(page['title'], page['decision'], page['reason'],
                         page['outcome'], page['imported'])
                        for page in report['pages']]


@pytest.fixture(scope='module')
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('german'), lang='de',
             source_lang='de', empty=True) as box:
        yield box


def test_german_wikis_speak_german(german: Box) -> None:
    source = german.on_source()
    source.edit('Vorlage:Kasten', '<includeonly>Kasten</includeonly>'
                '<noinclude>{{Vorlage:Kasten/Doku}}</noinclude>')
    source.edit('Vorlage:Kasten/Doku', 'So geht es.')
    source.edit('Seite', '{{kasten}}')
    run, report = german.importpages('-page:Seite', '-templates:mentioned')
    assert run.status == 0, run.output
    pages = by_title(report)
    assert pages.keys() == {'Seite', 'Vorlage:Kasten',
                            'Vorlage:Kasten/Doku'}
    entry: dict[str, Any] = german.on_target().imports('Seite')[0]
    assert 'Import von [[:de:Seite]], Version' in entry['comment']
