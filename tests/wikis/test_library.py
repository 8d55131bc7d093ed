"""The public names, from a plan to a report."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import pywikibot

from importbot import (
    Importer,
    Journal,
    Policy,
    UsageError,
    apply_plan,
    apply_undo,
    make_plan,
    make_undo_plan,
)
from tests.kit.support import Box, site_of, texts


@pytest.fixture(scope='module')
def target(box: Box) -> Any:
    """Return pywikibot's site of the target."""
    return site_of(box.target)


@pytest.fixture(scope='module')
def source(box: Box, target: Any) -> Any:
    """Return pywikibot's site of the source."""
    return site_of(box.source)


def test_plan_and_report_of_a_page(box: Box, source: Any, target: Any,
                                   tmp_path: Path) -> None:
    before = box.on_target().snapshot()
    told: list[tuple[str, int, int | None]] = []

    def progress(what: str, done: int, total: int | None) -> None:
        told.append((what, done, total))

    plan = make_plan([pywikibot.Page(source, 'Drive planning')], target,
                     Policy(existing='skip'), progress=progress)
    assert told[0][0].startswith('reading the source')
    assert all(total is None for _what, _done, total in told)
    assert box.on_target().snapshot() == before
    decisions = {str(page.title): page.decision.value for page in plan.pages}
    assert decisions.pop('Drive planning') == 'import'
    assert decisions.pop('Template:Convert', 'skip') == 'skip'
    assert len(decisions) > 3

    journal = Journal(str(tmp_path / 'journal.sqlite'))
    told.clear()
    report = apply_plan(plan, target, journal, progress=progress)
    journal.close()
    assert told[-1] == ('Drive planning', len(plan.pages), len(plan.pages))
    assert [done for _what, done, _total in told] == sorted(
        {done for _what, done, _total in told})
    assert report.plan == plan
    assert report.went_as_planned
    assert report.run == 1
    after = box.on_target().snapshot()
    assert after.keys() - before.keys() == {
        page.target_text for page in plan.pages if page.steps}
    assert {title: after[title] for title in before} == before
    assert texts(box.on_source().history('Drive planning')) <= texts(
        box.on_target().history('Drive planning'))


def test_plan_is_for_the_wiki_that_it_was_made_for(
        source: Any, target: Any, tmp_path: Path) -> None:
    journal = Journal(str(tmp_path / 'journal.sqlite'))
    plan = make_plan([pywikibot.Page(source, 'Template:Nowrap')], target)
    with pytest.raises(UsageError, match='The plan was made for .*api'):
        apply_plan(plan, source, journal)
    report = apply_plan(plan, target, journal)
    assert report.run == 1
    told: list[tuple[str, int, int | None]] = []
    undo = make_undo_plan(1, target, journal, progress=lambda *what:
                          told.append(what))
    assert told == [('reading the target', len(undo.pages), None)]
    with pytest.raises(UsageError, match='The plan was made for .*api'):
        apply_undo(undo, source, journal)
    journal.close()


def test_plan_without_a_policy_is_that_of_the_command_line(
        source: Any, target: Any) -> None:
    pages = [pywikibot.Page(source, 'Hopper')]
    assert make_plan(pages, target) == make_plan(pages, target, Policy())


def test_importer_takes_a_page_from_a_wiki(box: Box, target: Any) -> None:
    pages = Importer(target).from_wiki(
        'en', 'Core drill', full_history=True, summary='By hand')
    assert pages is not None
    page, = pages
    assert (page.title, page.namespace, page.revisions) == ('Core drill', 0,
                                                            1)
    there = box.on_target()
    assert texts(box.on_source().history('Core drill')) <= texts(
        there.history('Core drill'))
    assert 'By hand' in there.imports('Core drill')[0]['comment']


def test_importer_takes_a_file(box: Box, target: Any,
                               tmp_path: Path) -> None:
    path = tmp_path / 'page.xml'
    path.write_bytes(b"""\
<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11">
<siteinfo><namespaces><namespace key="0" /></namespaces></siteinfo>
<page><title>From a file</title><ns>0</ns><revision>
<timestamp>2011-12-13T14:15:16Z</timestamp>
<contributor><username>Somebody</username></contributor>
<model>wikitext</model><format>text/x-wiki</format>
<text>A text.</text></revision></page></mediawiki>""")
    pages = Importer(target).from_xml(path, interwiki_prefix='en')
    assert pages is not None
    assert [(page.title, page.revisions) for page in pages] == [
        ('From a file', 1)]
    oldest = box.on_target().history('From a file')[-1]
    assert (oldest['timestamp'], oldest['user']) == ('2011-12-13T14:15:16Z',
                                                     'en>Somebody')
