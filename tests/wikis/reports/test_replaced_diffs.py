"""What an import replaces is shown before, wherever its plan is."""
from __future__ import annotations

from html import unescape

import pytest

from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box


@pytest.fixture(scope='module')
def changed(box: Box) -> Box:
    for name in ('Replaced', 'Replaced too'):
        box.on_source().edit(f'Template:{name}', f'{name}: their text.')
        box.on_target().edit(f'Template:{name}', f'{name}: our text.')
    box.on_source().edit('Replacing', '{{Replaced}} {{Replaced too}}')
    return box


def test_terminal_shows_what_force_replaces(changed: Box) -> None:
    run = changed.pwb('importpages', '-source:en', '-page:Replacing',
                      '-existing:force', '-plan')
    assert run.status == 2, run.output
    for name in ('Replaced', 'Replaced too'):
        assert f'-{name}: our text.\n+{name}: their text.' in run.output


def test_nothing_is_shown_where_nothing_is_replaced(changed: Box) -> None:
    for policy in ('-existing:skip', '-existing:update'):
        run = changed.pwb('importpages', '-source:en', '-page:Replacing',
                          policy, '-plan')
        assert 'their text.' not in run.output
    run = changed.pwb('importpages', '-source:en', '-page:Template:Replaced',
                      '-existingpages:keep', '-plan')
    assert 'their text.' not in run.output


def test_html_and_wikitext_show_it(changed: Box) -> None:
    page, table = (changed.folder / f'replaced.{end}'
                   for end in ('html', 'wiki'))
    for path in (page, table):
        changed.pwb('importpages', '-source:en', '-page:Template:Replaced',
                    '-templates:none', '-existingpages:force',
                    f'-plan:{path}')
    html = page.read_text()
    assert 'id="replaced"' in html
    assert '<del>our</del>' in html
    assert '<ins>their</ins>' in html
    text = unescape(table.read_text())
    assert '-Replaced: our text.\n+Replaced: their text.' in text


def test_request_page_shows_it(changed: Box) -> None:
    title = 'Template:Brought forward'
    changed.on_source().edit(title, 'An old text.')
    run = changed.pwb('importpages', '-source:en', f'-page:{title}',
                      '-templates:none', '-always')
    assert run.status == 0, run.output
    changed.on_source().edit(title, 'A new text.')
    wiki = RequestWiki(changed, policy={'existingpages': 'update'})
    wiki.file(title)
    wiki.work()
    assert wiki.statuses == ['review']
    assert '-An old text.\n+A new text.' in unescape(wiki.text)
    wiki.journal.close()
