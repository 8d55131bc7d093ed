"""Pages of several wikis, wished in a file and imported by one command."""
from __future__ import annotations

import itertools
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.commands import PWB, Popen
from tests.kit.support import Box, by_title
from tests.kit.terminals import at_a_terminal


#: The source once more, a wiki that is down, and one that just the source
#: knows.
SETTINGS = ("array_push( $wgImportSources, 'two', 'down' ); "
            "$wgImportSources['two'] = [ 'far' ];")

_numbers = itertools.count(1)


@pytest.fixture(scope='module')
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """Two wikis, the source under two prefixes."""
    with Box(tmp_path_factory.mktemp('box'), settings=SETTINGS) as box:
        for part, prefix, base in (
                ('target', 'two', box.source.base),
                ('target', 'down', 'http://127.0.0.1:9'),
                ('source', 'far', 'http://localhost:9')):
            box.sql(part, 'INSERT INTO interwiki (iw_prefix, iw_url, '
                    'iw_api, iw_wikiid, iw_local, iw_trans) VALUES '
                    "(:prefix, :url, :api, '', 1, 0)", prefix=prefix,
                    url=f'{base}/index.php/$1', api=f'{base}/api.php')
        yield box


@pytest.fixture
def names(box: Box) -> list[str]:
    """Three pages of the source that need one template."""
    number = next(_numbers)
    source = box.on_source()
    source.edit(f'Template:Wished {number}', 'A template.')
    found = [f'{name} {number}' for name in ('Ant', 'Bee', 'Cat')]
    for name in found:
        source.edit(name, f'{name} {{{{Wished {number}}}}}')
    return found


def wish(box: Box, lines: list[str], *arguments: str,
         ) -> tuple[int, str]:
    """Wish by a file."""
    path = box.folder / 'wishes.txt'
    # As Windows' editor writes it
    path.write_bytes(b'\xef\xbb\xbf' + '\r\n'.join(lines).encode())
    run = box.pwb('importpages', f'-requests:{path}', *arguments)
    return run.status, run.output


def read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text())
    return data


def test_one_job_for_several_wikis(box: Box, names: list[str],
                                   tmp_path: Path) -> None:
    ant, bee, cat = names
    template = f'Template:Wished {ant.split()[1]}'
    status, output = wish(box, [
        '# by Anna', f'en:{ant} → User:Anna/{ant}', f'* [[:en:{bee}]]',
        f'two\t{cat}\tUser:Anna/{cat}', 'down:Dog', f'en:{bee}'],
        '-always', '-talk', f'-report:{tmp_path / "r.json"}',
        f'-savelist:{tmp_path / "list"}')
    # What is down keeps nothing out, and is told.
    assert status == 1, output
    for said in ('Nothing is imported from "down": 1 page, line 5',
                 'cannot be reached', 'Line 6 says the same as line 3.',
                 'From en (', 'From two (', 'All 2 wikis: 4 new, 1 stays',
                 'All 2 wikis: All went as planned: 4 imported',
                 'Not all that was asked for is in a plan'):
        assert said in output
    reports = [read(tmp_path / f'r.{prefix}.json')
               for prefix in ('en', 'two')]
    assert [report['source']['prefix'] for report in reports] == [
        'en', 'two']
    assert reports[0]['run'] + 1 == reports[1]['run']
    first, second = map(by_title, reports)
    assert first[ant]['target'] == f'User:Anna/{ant}'
    assert first[template]['outcome'] == 'verified'
    assert second[template]['reason'] == 'other-source'
    target = box.on_target()
    for title in (f'User:Anna/{ant}', bee, f'User:Anna/{cat}', template):
        assert target.history(title), title
    for title in (ant, cat):
        assert not target.history(title), title
    assert (tmp_path / 'list').read_text().splitlines() == [
        f'[[:{title}]]' for title in (template, f'User:Anna/{ant}', bee,
                                      f'User:Anna/{cat}')]


def test_nothing_is_begun_unless_all_lines_can_be_used(
        box: Box, names: list[str], unharmed: None) -> None:
    status, output = wish(box, [
        f'en:{names[0]}', 'en:<i>', 'fr:Rover', f'en:{names[1]} → X',
        f'two:{names[1]} → X'], '-always')
    assert status == 1
    for said in ('Line 2: The other wiki cannot have', 'Line 3: ',
                 'Line 5: line 4 wants the title "X"',
                 '3 lines cannot be used; nothing was begun'):
        assert said in output


def test_person_may_leave_lines_out(box: Box, names: list[str]) -> None:
    path = box.folder / 'some.txt'
    path.write_text(f'en:<i>\nen:{names[0]}\ntwo:{names[1]}\n')
    status, printed = at_a_terminal(
        box, 'y', f'-requests:{path}', questions=(
            'without these lines?', ' these pages?'))
    assert status == 1, printed
    assert printed.count('Import these pages?') == 1
    assert all(box.on_target().history(name) for name in names[:2])


def test_page_is_replaced_by_one_source(box: Box, names: list[str]) -> None:
    """What was answered for one source is not asked for another."""
    template = f'Template:Wished {names[0].split()[1]}'
    box.on_target().edit(template, 'Another template.')
    path = box.folder / 'both.txt'
    path.write_text(f'en:{names[0]}\ntwo:{names[1]}\n')
    status, printed = at_a_terminal(
        box, 'y', f'-requests:{path}', '-existing:ask', questions=(
            f'Replace "{template}"', ' these pages?'))
    assert status == 0, printed
    assert printed.count('by the text of the source?') == 1
    assert box.on_target().text(template) == 'A template.'
    assert all(box.on_target().history(name) for name in names[:2])


def test_limits_are_those_of_all_plans(box: Box, names: list[str],
                                       unharmed: None) -> None:
    lines = [f'en:{names[0]}', f'two:{names[1]}']
    status, output = wish(box, lines, '-always', '-maxpages:2')
    assert (status, 'would change 3 pages' in output) == (1, True), output
    status, output = wish(box, lines, '-plan', '-maxpages:3')
    assert status == 2, output


def test_pages_that_arrive_under_one_title_are_on_hold(
        box: Box, names: list[str], unharmed: None) -> None:
    status, output = wish(box, [f'{prefix}:{names[0]}'
                                for prefix in ('en', 'two')],
                          '-always', '-templates:none')
    assert status == 3, output
    assert output.count('two pages would arrive under one title') >= 2


def test_saved_plans_are_applied_one_after_another(
        box: Box, names: list[str], tmp_path: Path) -> None:
    status, output = wish(box, [f'en:{names[0]}', f'two:{names[1]}'],
                          f'-plan:{tmp_path / "p.json"}')
    assert status == 2, output
    second = f'-apply:{tmp_path / "p.two.json"}'
    # Without the first one its page would lack the template.
    early = box.pwb('importpages', second, '-always')
    assert (early.status, 'changed' in early.output) == (1, True)
    for argument in (f'-apply:{tmp_path / "p.en.json"}', second):
        run = box.pwb('importpages', argument, '-always')
        assert run.status == 0, run.output
    assert all(box.on_target().history(name) for name in names[:2])


def test_stopped_between_plans_it_says_what_is_left(
        box: Box, names: list[str]) -> None:
    path = box.folder / 'stopped.txt'
    path.write_text(f'en:{names[0]}\nen:{names[1]}\ntwo:{names[2]}\n')
    command = ['importpages', f'-requests:{path}', '-always']
    with box.target.broken(cuts=False,
                           meanwhile=lambda: bot.send_signal(2)):
        bot = Popen([str(PWB), *command], cwd=box.folder, text=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, 'COLUMNS': '200',
                         'PYWIKIBOT_DIR': str(box.config)})
        output, _ = bot.communicate()
    assert bot.returncode == 130, output
    assert 'Not begun: what was planned from "two"' in output
    assert not box.on_target().history(names[2])
    assert '-resume goes on' in output
    run = box.pwb('importpages', '-resume', '-always')
    assert run.status == 0, run.output
    assert all(box.on_target().history(name) for name in names[:2])
    run = box.pwb(*command)
    assert run.status == 0, run.output
    assert box.on_target().history(names[2])


@pytest.mark.parametrize(('arguments', 'prefix'), [
    (['-page:en:{}'], 'en'), (['-source:two', '-page:TWO:{}'], 'two'),
    (['-page:{base}/index.php?title={}&oldid=3'], 'en'),
    (['-source:two', '-page:{base}/index.php/{}'], 'two'),
    (['-page:two:{}', '-page:Nowhere'], 'two')])
def test_page_is_named_with_its_wiki(
        box: Box, names: list[str], tmp_path: Path, arguments: list[str],
        prefix: str) -> None:
    path = tmp_path / 'plan.json'
    run = box.pwb('importpages', f'-plan:{path}', *(argument.format(
        names[0].replace(' ', '_'), base=box.source.base)
        for argument in arguments))
    assert run.status == 2, run.output
    plan = read(path)
    assert plan['source']['prefix'] == prefix
    assert by_title(plan)[names[0]]['decision'] == 'import'


def test_address_of_a_wiki_that_another_one_knows(box: Box) -> None:
    run = box.pwb('importpages', '-page:http://localhost:9/index.php/Rover',
                  '-plan')
    assert run.status == 1
    assert 'The source wiki "two:far" cannot be reached' in run.output


def test_pages_of_several_wikis_are_named(box: Box, names: list[str],
                                          unharmed: None) -> None:
    pages = [f'-page:en:{names[0]}', f'-page:two:{names[1]}']
    run = box.pwb('importpages', '-plan', *pages)
    assert (run.status, 'All 2 wikis: ' in run.output) == (2, True), run.output
    for more, said in (
            ('-source:en', f'{pages[1]} is a page of "two"'),
            ('-cat:X', '-page names pages of several wikis (en, two)'),
            ('-page:X', 'It names no wiki'), ('-page:down:', 'no page')):
        run = box.pwb('importpages', '-plan', *pages, more)
        assert (run.status, said in run.output) == (1, True), run.output


@pytest.mark.parametrize(('arguments', 'said'), [
    (['-requests:nowhere.txt'], 'cannot be read'),
    (['-requests:bytes'], 'is not UTF-8 (line 2)'),
    (['-requests:-'], 'names no page'),
    (['-requests:some', '-page:A'], 'leave out -page:A'),
    (['-requests:some', '-targettitle:B'], 'leave out -targettitle'),
    (['-requests:some', '-rootpage:User:B'], 'line 1 names the title of'),
    (['-page:Help:A'], 'Name the wiki to import from'),
    (['-page:https://en.example/wiki/A'], 'No page of an allowed wiki')])
def test_wishes_that_are_no_use(box: Box, arguments: list[str],
                                said: str) -> None:
    (box.folder / 'bytes').write_bytes(b'en:A\nen:\xfc')
    (box.folder / 'some').write_text('en:A → B')
    run = box.pwb('importpages', *arguments, '-always')
    assert (run.status, said in run.output) == (1, True), run.output
