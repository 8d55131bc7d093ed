"""Will it work over there? Notes before the import, and a look after it."""
from __future__ import annotations

import re
from typing import Any

import pytest

from tests.kit.support import Box


ODD_MODEL = """
$wgContentHandlers['odd'] = fn ( $id ) => new class( $id )
		extends TextContentHandler {
	public function __construct( $id = 'odd' ) {
		parent::__construct( $id, [ 'text/plain' ] );
	}
	public function unserializeContent( $text, $format = null ) {
		return new TextContent( $text, 'odd' );
	}
	public function makeEmptyContent() {
		return new TextContent( '', 'odd' );
	}
};
"""


def notes(report: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [note for note in report['notes'] if note['kind'] == kind]


def test_imported_pages_that_need_an_existing_other_one(box: Box) -> None:
    run, report = box.importpages('-page:Kestrel (rover)', '-simulate',
                                  '-putthrottle:30')
    assert run.status == 0, run.output
    # pywikibot waits before each write, and that is counted in.
    [duration] = notes(report, 'duration')
    assert duration['pause'] == 30
    assert duration['minutes'] >= (duration['count'] - 1) / 2
    assert '(-putthrottle)' in ' '.join(run.output.split())
    [mixed] = [note for note in notes(report, 'mixed')
               if note['page'] == 'Template:Convert']
    assert mixed['relation'] == 'unrelated'
    assert mixed['needed_by']
    assert ('Template:Convert: the target has its own; left alone (unrelated)'
            in ' '.join(run.output.split()))


def test_files_that_the_target_does_not_have(box: Box) -> None:
    box.on_source().edit('Picture page', '[[File:Rover on a hill.jpg]]')
    _run, report = box.importpages('-page:Picture page', '-simulate')
    assert notes(report, 'files') == [{
        'kind': 'files', 'page': 'File:Rover on a hill.jpg',
        'needed_by': ['Picture page']}]
    assert not notes(report, 'duration')


def test_what_the_target_lacks(tmp_path_factory: pytest.TempPathFactory,
                               ) -> None:
    tag = ('$wgHooks["ParserFirstCallInit"][] = function ( $parser ) '
           '{ $parser->setHook( "blink", fn ( $text ) => $text ); };')
    with Box(tmp_path_factory.mktemp('lacking'), empty=True,
             source_settings=tag) as box:
        box.on_source().edit('Template:Sign', '<blink>!</blink>')
        box.on_source().edit('Module:Data', 'local w = mw.wikibase\n'
                             'return { x = function() return "1" end }')
        box.on_source().edit('Page', '{{Sign}} {{#invoke:Data|x}}')
        run, report = box.importpages('-page:Page')
        # Pages that show a tag as text are not as planned.
        assert run.status == 3, run.output
        raw, = notes(report, 'raw-text')
        assert (raw['name'], raw['titles']) == (
            '<blink>', ['Page', 'Template:Sign'])
        assert [(note['what'], note['name'], note['needed_by'])
                for note in notes(report, 'lacking')] == [
            ('library', 'mw.wikibase', ['Module:Data']),
            ('tag', 'blink', ['Template:Sign'])]
        assert 'The target lacks the tag "blink"' in run.output


def test_content_model_that_the_target_lacks_is_on_hold(
        tmp_path_factory: pytest.TempPathFactory) -> None:
    with Box(tmp_path_factory.mktemp('model'), empty=True,
             source_settings=ODD_MODEL) as box:
        box.on_source().edit('Odd page', 'odd', contentmodel='odd')
        run, report = box.importpages('-page:Odd page')
        assert run.status == 3, run.output
        assert report['pages'][0]['reason'] == 'no-content-model'
        assert notes(report, 'lacking')[0]['name'] == 'odd'
        assert not box.on_target().history('Odd page')


def test_imported_page_is_parsed_on_the_target(box: Box) -> None:
    source = box.on_source()
    source.edit('Module:Broken', 'return { x = function() '
                'return nothing.at_all end }')
    source.edit('Half a page', '{{#invoke:Broken|x}} {{Nowhere to be seen}}')
    run, report = box.importpages('-page:Half a page')
    assert run.status == 0, run.output
    assert notes(report, 'script-errors') == [{
        'kind': 'script-errors', 'page': 'Half a page', 'count': 1}]
    assert notes(report, 'missing-template') == [{
        'kind': 'missing-template', 'page': 'Half a page',
        'template': 'Template:Nowhere to be seen', 'on_source': False}]
    assert 'Nowhere to be seen" ' not in run.output
    assert 'shows script errors on the target: 1' in run.output


def test_what_the_source_hides_is_named(box: Box) -> None:
    source = box.on_source()
    source.edit('Secret', 'one')
    hidden = source.edit('Secret', 'one two')
    source.edit('Secret', 'one two three')
    source.do('revisiondelete', type='revision', ids=hidden,
              hide='content|user|comment')
    run, report = box.importpages('-page:Secret')
    assert run.status == 0, run.output
    assert notes(report, 'hidden') == [{
        'kind': 'hidden', 'page': 'Secret', 'count': 1}]


def test_page_edited_while_the_plan_is_made_is_no_future(box: Box) -> None:
    """The target's clock was read before the source's page."""
    box.on_source().edit('Just now', 'text')
    run, _report = box.importpages('-page:Just now')
    assert run.status == 0, run.output


def test_target_that_keeps_the_address_is_told_once(box: Box) -> None:
    """The releases here do not: the answers name an older one."""
    def older(body: bytes) -> bytes:
        return re.sub(rb'MediaWiki 1\.(39|43)\.\d+', rb'MediaWiki 1.\1.5',
                      body)

    for title in ('Address 1', 'Address 2'):
        box.on_source().edit(title, 'theirs')
    journal = f'-journal:sqlite:///{box.folder / "address.sqlite"}'
    seen = []
    with box.target.rewritten(older):
        for title, more in (('Address 1', '-simulate'), ('Address 1', ''),
                            ('Address 2', '')):
            run, report = box.importpages(
                f'-page:{title}', '-templates:none', journal,
                *([more] if more else []))
            assert run.status == 0, run.output
            seen.append('CVE-2025-67476' in run.output)
    assert seen == [True, True, False]
