"""What is told before of words that mean something else on the target."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from importbot.sandbox.php import maintenance
from tests.kit.support import Box, by_title


@pytest.fixture(scope='module')
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    box = Box(tmp_path_factory.mktemp('german'), source_lang='de',
              empty=True, source_settings="$wgMetaNamespace = 'Seawiki';")
    maintenance(
        box.target_tree, box.folder / 'target/LocalSettings.php', 'sql',
        '--query=INSERT INTO interwiki (iw_prefix, iw_url, iw_api, '
        "iw_wikiid, iw_local, iw_trans) VALUES ('seawiki', "
        "'http://seawiki.example/wiki/$1', '', '', 0, 0)")
    source = box.on_source()
    for title, text in {
            'Vorlage:Kasten': 'KASTEN',
            'Vorlage:Box': '#WEITERLEITUNG [[Vorlage:Kasten]]',
            'Floß': '{{Box}} Text. [[Kategorie:Boote]] '
                    '[[Datei:Floß.png|mini]] {{SEITENNAME}}',
            'Seawiki:Banner': 'BANNER',
            'Hafen': 'Siehe [[Seawiki:Rules]]. {{Seawiki:Banner}}',
            'Kahn': '[[Category:Boats]] [[File:A.png]] {{PAGENAME}} '
                    '[[Hafen]] <!-- --> [[:en:Boat]]',
            'Datei:Bay.png': 'Eine Karte.'}.items():
        source.edit(title, text)
    yield box
    box.close()


def told(box: Box, title: str) -> dict[str, dict[str, Any]]:
    """Return the notes of a plan by kind."""
    run, report = box.importpages(f'-page:{title}', '-simulate')
    assert run.status == 0, run.output
    assert by_title(report)[title]['decision'] == 'import'
    return {note['kind']: note for note in report['notes']}


def test_words_of_the_other_language_are_told_before(german: Box) -> None:
    note = told(german, 'Floß')['words']
    assert note['words'] == ['#WEITERLEITUNG', 'Datei:', 'Kategorie:',
                             'SEITENNAME', 'Vorlage:']
    assert note['needed_by'] == ['Floß', 'Vorlage:Box']
    assert 'words' not in told(german, 'Kahn')


def test_redirect_that_is_none_differs(german: Box) -> None:
    run, report = german.importpages('-page:Floß')
    assert run.status == 1, run.output
    assert {title: page['outcome']
            for title, page in by_title(report).items()} == {
        'Floß': 'verified', 'Vorlage:Box': 'differs',
        'Vorlage:Kasten': 'verified'}
    assert 'a redirect on the source and none here' in (
        by_title(report)['Vorlage:Box']['error'])
    # A later look sees it too, until somebody mends it.
    assert looked_at(german, 3) == {
        'Floß': ([], 'intact'), 'Template:Box': (['differs'], 'wrong'),
        'Template:Kasten': ([], 'intact')}
    german.on_target().edit('Template:Box', '#REDIRECT [[Template:Kasten]]')
    assert looked_at(german, 0)['Template:Box'] == (['edited'], 'edited')


def looked_at(box: Box, status: int) -> dict[str, tuple[list[str], str]]:
    """Return what -check finds of each page, and its state."""
    run = box.pwb('importruns', '-check', '-format:json')
    assert run.status == status, run.output
    return {page['target']: ([finding['kind'] for finding
                              in page['findings']], page['state'])
            for page in json.loads(run.output)['pages']}


def test_prefix_of_another_wiki_is_told_before(german: Box) -> None:
    notes = told(german, 'Hafen')
    assert notes['other-wiki']['prefix'] == 'Seawiki:'
    assert notes['other-wiki']['needed_by'] == ['Hafen']
    assert 'words' not in notes


def test_files_themselves_do_not_come(german: Box) -> None:
    assert told(german, 'Datei:Bay.png')['file-pages']['titles'] == [
        'Datei:Bay.png']
    assert 'file-pages' not in told(german, 'Kahn')
