"""Texts whose next edit signs or substitutes: the bot does not make it.

They got onto the wikis by imports, which save texts as they are.
"""
from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from importbot.model.decisions import Decision, Outcome, Reason
from importbot.model.notes import Note, NoteKind
from importbot.model.report import Report
from importbot.sandbox.wikis import ACCOUNTS
from tests.kit.support import RELEASES, Box, write_histories
from tests.kit.undo_wikis import MARK, Bench, at, bench_of, verdict


_numbers = count()


@pytest.fixture(scope='module', params=RELEASES)
def wikis(request: pytest.FixtureRequest,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with Box(tmp_path_factory.mktemp('latent'), request.param,
             empty=True) as box:
        box.on_target().edit('Template:Known', 'of this wiki')
        yield box


@pytest.fixture
def bench(wikis: Box,
          tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench_of(wikis, 'user', tmp_path_factory.mktemp('j')) as bench:
        yield bench


def pages(bench: Bench, source: list[str], target: list[str]) -> str:
    """Give both wikis a page of some texts, the target's being newer."""
    title = f'Latent {next(_numbers)}'
    for part, year, texts in (('source', 2010, source),
                              ('target', 2015, target)):
        if texts:
            write_histories(
                bench.box.source_tree if part == 'source'
                else bench.box.target_tree, bench.box.folder / part, 'xx',
                {title: [(f'{year + number}-01-01T00:00:00Z', text)
                         for number, text in enumerate(texts)]})
    return title


def only(report: Report) -> tuple[Decision, Reason]:
    page = report.plan.pages[0]
    return page.decision, page.reason


HELD = (Decision.HOLD, Reason.WOULD_BE_TRANSFORMED)


@pytest.mark.parametrize('text', ['By ~~~~', '{{subst:Known}}',
                                  '[[Foo (bar)|]]'])
def test_text_that_would_be_brought_forward_is_held(
        bench: Bench, text: str) -> None:
    title = pages(bench, ['first', text], ['first'])
    before = bench.admin.history(title)
    report = bench.run(title, templates='none', existingpages='update')
    assert only(report) == HELD
    assert bench.admin.history(title) == before


def test_local_text_that_would_be_put_back_is_held(bench: Bench) -> None:
    title = pages(bench, ['theirs'], ['By ~~~~'])
    report = bench.run(title, templates='none', existingpages='keep')
    assert only(report) == HELD


@pytest.mark.parametrize('text', ['<nowiki>~~~~ {{subst:Known}}</nowiki>',
                                  '{{subst:Not there}}', '{{Known:x}}'])
def test_text_that_stays_as_it_is_is_brought_forward(
        bench: Bench, text: str) -> None:
    title = pages(bench, ['first', text], ['first'])
    report = bench.run(title, templates='none', existingpages='update')
    assert report.went_as_planned, report.results
    assert bench.admin.text(title) == text


def test_page_that_no_edit_is_needed_for_arrives_as_it_is(
        bench: Bench) -> None:
    title = pages(bench, ['first', 'By ~~~~ and {{subst:Known}}'], [])
    report = bench.run(title, templates='none')
    assert report.went_as_planned, report.results
    assert bench.admin.text(title) == 'By ~~~~ and {{subst:Known}}'


def test_page_is_not_cleaned_up_where_that_would_sign(bench: Bench) -> None:
    text = 'By ~~~~ [[Category:Rovers]]'
    title = pages(bench, [text], [])
    report = bench.run(title, templates='none', post=('nocategories', ))
    assert [step.action for step in report.plan.pages[0].steps] == ['import']
    assert Note.of(NoteKind.CLEANUP_TRANSFORMED, title, {
        'count': 1, 'titles': (title, )}) in report.plan.notes
    assert bench.admin.text(title) == text


def test_what_becomes_latent_on_the_way_is_not_cleaned_up(
        bench: Bench) -> None:
    """A substitution of a template that the target gets meanwhile."""
    name = f'Meanwhile {next(_numbers)}'
    text = f'{{{{subst:{name}}}}} [[Category:Rovers]]'
    title = pages(bench, [text], [])
    with bench.box.target.broken(**at('import', lambda: bench.admin.edit(
            f'Template:{name}', 'substituted'))):
        report = bench.run(title, templates='none', post=('nocategories', ))
    assert report.results[0].outcome is Outcome.FAILED
    assert 'by hand' in str(report.results[0].error)
    assert bench.admin.text(title) == text


def test_undo_does_not_sign_what_stood_there_before(bench: Bench) -> None:
    title = pages(bench, ['theirs'], ['By ~~~~'])
    bench.box.on_source().edit(title, 'theirs, newer')
    report = bench.run(title, templates='none', existingpages='force')
    assert report.went_as_planned, report.results
    assert verdict(bench, report.run) == ('hold', 'would-be-transformed')
    bench.undo(report.run)
    assert bench.admin.text(title) == 'theirs, newer'


def test_page_is_not_marked_where_that_would_sign(bench: Bench) -> None:
    title = pages(bench, ['By ~~~~'], [])
    importer = Bench(bench.box, ACCOUNTS['bot'].name, bench.journal)
    report = importer.run(title, templates='none')
    assert report.went_as_planned, report.results
    assert verdict(importer, report.run, MARK) == (
        'hold', 'would-be-transformed')
    assert verdict(bench, report.run) == ('undo', 'created')


def test_undo_does_not_substitute_what_became_latent_since_its_plan(
        bench: Bench) -> None:
    name = f'Later {next(_numbers)}'
    title = pages(bench, ['theirs'], [f'{{{{subst:{name}}}}}'])
    bench.box.on_source().edit(title, 'theirs, newer')
    report = bench.run(title, templates='none', existingpages='force')
    undo = bench.undo(report.run, before=lambda place: bench.admin.edit(
        f'Template:{name}', 'substituted') and None)
    assert undo.results[0].outcome is Outcome.FAILED, undo.results
    assert bench.admin.text(title) == 'theirs, newer'


@pytest.mark.parametrize('call', ['{{subst:%s|x}}', '{{ SAFESUBST:%s}}'])
@pytest.mark.parametrize('there', [[], ['first']])
def test_what_the_run_itself_makes_latent_is_told_before(
        bench: Bench, call: str, there: list[str]) -> None:
    """A substitution of a template that the same plan brings."""
    name = f'Along {next(_numbers)}'
    bench.box.on_source().edit(f'Template:{name}', 'substituted')
    text = f'{call % name} [[Category:Rovers]]'
    title = pages(bench, ['first', text], there)
    report = bench.run(title, f'Template:{name}', templates='none',
                       existingpages='update', post=('nocategories', ))
    results = {str(page.title): result for page, result
               in zip(report.plan.pages, report.results, strict=True)}
    page = next(page for page in report.plan.pages if str(page.title) == title)
    if there:
        assert (page.decision, page.reason) == HELD
    else:
        assert [step.action for step in page.steps] == ['import']
        assert results[title].outcome is Outcome.VERIFIED
        assert bench.admin.text(title) == text


@pytest.mark.parametrize('post', [(), ('nocategories', )])
def test_text_that_an_edit_spells_otherwise_is_brought_forward(
        bench: Bench, post: tuple[str, ...]) -> None:
    """An edit keeps no spaces at the end, and an import does."""
    title = pages(bench, ['first', 'text [[Category:Rovers]]\n\n'],
                  ['first'])
    report = bench.run(title, templates='none', existingpages='update',
                       post=post)
    assert report.results[0].outcome is Outcome.VERIFIED, report.results
