"""The main job between two real wikis, on both releases and databases."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.support import Box, by_title, texts


@pytest.fixture(scope='module', params=[
    ('1.43', 'sqlite'), ('1.39', 'sqlite'), ('1.43', 'mariadb'),
    pytest.param(('1.39', 'mariadb'), marks=pytest.mark.soak)],
    ids=' on '.join)
def main_box(request: pytest.FixtureRequest,
             tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    release, database = request.param
    with Box(tmp_path_factory.mktemp('main'), release, database=database,
             source_database=database) as box:
        yield box


@pytest.fixture(scope='module')
def done(main_box: Box) -> dict[str, Any]:
    """Import Rover once and return all there is to look at."""
    target = main_box.on_target()
    before = target.snapshot()
    run, report = main_box.importpages('-page:Rover')
    return {'run': run, 'report': report, 'pages': by_title(report),
            'before': before, 'after': target.snapshot(),
            'source': main_box.on_source(), 'target': target,
            'box': main_box}


def test_ends_as_planned(done: dict[str, Any]) -> None:
    assert done['run'].status == 0, done['run'].output
    assert done['report']['summary']['hold'] == 0


def test_takes_exactly_what_the_rendering_uses(done: dict[str, Any],
                                               ) -> None:
    used = done['source'].all('pages', titles='Rover', prop='templates',
                              tllimit='max')[0]['templates']
    assert done['pages'].keys() == {row['title']
                                    for row in used} | {'Rover'}


def test_every_page_has_a_decision_and_an_outcome(
        done: dict[str, Any]) -> None:
    for page in done['report']['pages']:
        expected = 'verified' if page['steps'] else 'unchanged'
        assert page['outcome'] == expected, page
        assert page['reason'] and page['error'] is None


def test_history_of_the_article_is_complete(done: dict[str, Any]) -> None:
    theirs = done['source'].history('Rover')
    ours = done['target'].history('Rover')
    assert len(theirs) == 300
    assert texts(theirs) <= texts(ours)
    # A dummy revision of the bot for each of two calls on top, and nothing
    # else: the current revision was sent first.
    assert [(step['action'], step['via'], step['history'])
            for step in done['pages']['Rover']['steps']] == [
        ('import', 'interwiki', 'current'), ('import', 'interwiki', 'full')]
    assert len(ours) == 302
    assert {revision['user'] for revision in ours[:2]} == {'ImportBot'}
    assert {revision['sha1'] for revision in ours[:2]} == {
        theirs[0]['sha1']}
    assert done['pages']['Rover']['imported'] == 300
    authors = {(revision['timestamp'], revision['user'])
               for revision in theirs}
    for revision in ours[2:]:
        author = revision['user'].removeprefix('en>')
        assert (revision['timestamp'], author) in authors


def test_dependencies_bring_their_current_revision(
        done: dict[str, Any]) -> None:
    theirs = done['source'].history('Template:Infobox rover')
    ours = done['target'].history('Template:Infobox rover')
    assert len(theirs) > 1
    assert len(ours) == 2
    assert texts(ours) & texts(theirs) == texts(theirs[:1])


def test_nothing_else_changed(done: dict[str, Any]) -> None:
    planned = {page['target'] for page in done['report']['pages']
               if page['decision'] == 'import'}
    before, after = done['before'], done['after']
    assert after.keys() - before.keys() == planned
    assert {title: after[title] for title in before} == before


def test_local_template_is_left_alone(done: dict[str, Any]) -> None:
    page = done['pages']['Template:Convert']
    assert (page['decision'], page['reason'], page['relation']) == (
        'skip', 'exists', 'unrelated')
    assert done['before']['Template:Convert'] == done['after'][
        'Template:Convert']


def test_identical_template_is_known_as_such(done: dict[str, Any]) -> None:
    page = done['pages']['Template:Yes']
    assert (page['decision'], page['reason'], page['relation']) == (
        'skip', 'identical', 'identical')


def test_imported_page_renders(done: dict[str, Any]) -> None:
    answer = done['target']._send(action='parse', page='Rover',
                                  prop='text|templates')
    assert 'scribunto-error' not in answer['parse']['text']
    missing = [row['title'] for row in answer['parse']['templates']
               if not row['exists']]
    assert missing == []


def test_log_has_one_entry_a_call(done: dict[str, Any]) -> None:
    entries = done['target'].imports()
    pages = [page for page in done['report']['pages'] if page['steps']]
    assert Counter(entry['title'] for entry in entries) == {
        page['target']: sum(step['action'] == 'import'
                            for step in page['steps']) for page in pages}
    # One call a page, but for the long article.
    assert {page['title'] for page in pages if len(page['steps']) > 1} == {
        'Rover'}
    newest = done['source'].history('Rover')[0]['revid']
    calls = [entry for entry in entries if entry['title'] == 'Rover']
    assert [entry['params']['count'] for entry in calls] == [299, 1]
    for entry in calls:
        assert entry['comment'].endswith(
            f'Import of [[:en:Rover]], revision {newest}')


def test_leaves_come_first(done: dict[str, Any]) -> None:
    order = [page['title'] for page in done['report']['pages']]
    assert order[-1] == 'Rover'
    chain = ['Module:Table tools', 'Module:String utilities', 'Module:Date',
             'Module:Citation', 'Template:Cite web', 'Template:Citation web']
    assert sorted(chain, key=order.index) == chain


def test_run_again_has_nothing_to_do(done: dict[str, Any]) -> None:
    box: Box = done['box']
    before = done['target'].snapshot()
    run = box.pwb('importpages', '-source:en', '-page:Rover', '-plan')
    assert run.status == 0, run.output
    run, report = box.importpages('-page:Rover')
    assert run.status == 0, run.output
    assert report['summary']['import'] == 0
    assert done['target'].snapshot() == before
