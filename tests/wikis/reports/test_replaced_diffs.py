"""What an import replaces is shown before, wherever its plan is."""
from __future__ import annotations

import json
import re
from html import unescape

import pytest

from tests.kit.request_wiki import RequestWiki
from tests.kit.support import Box
from tests.kit.terminals import at_a_terminal


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


def test_person_looks_before_the_answer(changed: Box) -> None:
    before = changed.on_target().snapshot()
    saved = changed.folder / 'looked at.json'
    status, printed = at_a_terminal(
        changed, f'd\nl\ns\n{saved}\ns\n/nowhere/a.html\nn',
        '-source:en', '-page:Replacing', '-existing:force')
    assert status == 0, printed
    plan, *answers = printed.split('Import these pages? ([y]es, [N]o, '
                                   '[d]iff, [l]ist, [s]ave):')
    assert '2 overwritten' in plan and 'their text' not in plan
    diffs, table, file, error, _no = answers
    assert '-Replaced too: our text.' in diffs
    assert re.search(r'Replacing +requested', table)
    assert 'Written: ' in file
    assert '/nowhere/a.html cannot be written' in error
    assert printed.rstrip().endswith('Nothing was imported.')
    assert json.loads(saved.read_text())['summary']['import'] == 3
    assert changed.on_target().snapshot() == before


def test_end_of_the_input_is_a_no(changed: Box) -> None:
    status, printed = at_a_terminal(
        changed, 'd\n\x04', '-source:en', '-page:Replacing',
        '-existing:skip', '-templates:none')
    assert status == 0, printed
    assert 'No text is replaced' in printed
    assert printed.rstrip().endswith('Nothing was imported.')


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
