"""Every code block of README.md, docs and the helps does what it says."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.kit.codeblocks import ROOT, CodeBlock, code_blocks
from tests.kit.following import (
    COVERED,
    GRANTS,
    Follower,
    kind_of,
    named_grants,
)
from tests.kit.support import Box


#: A page whose wiki is German, as that of its examples.
GERMAN = ('README.md', 'docs/requesters.md')

#: Who may delete what was imported may undo an import.
MAY_DELETE = "$wgGroupPermissions['user']['delete'] = true;"

#: What has happened before somebody reads a page.
BEFORE = {
    'docs/operators.md': ('install', ),
    'docs/runs.md': ('import Firefly Walker', ),
    'importrequests -help': ('install', ),
    'importruns -help': ('import Firefly Walker', ),
    'importundo -help': ('import Hopper', ),
}

#: Pages whose commands and programs other tests run, one by one.
ELSEWHERE = {'docs/cleanups.md': 'tests/wikis/docs/test_cleanup_docs.py',
             'docs/recipes.md': 'tests/wikis/docs/test_recipes.py'}


def _pages() -> Iterator[tuple[str, list[CodeBlock]]]:
    """Yield the pages of the documentation with their blocks."""
    for path in (*sorted(ROOT.glob('*.md')),
                 *sorted(ROOT.glob('docs/**/*.md'))):
        name = path.relative_to(ROOT).as_posix()
        if '_build' not in path.parts:
            yield name, list(code_blocks(path))
    for path in sorted((ROOT / 'scripts' / 'importbot_scripts'
                        ).glob('[!_]*.py')):
        text = ast.get_docstring(ast.parse(path.read_text('utf-8'))) or ''
        yield f'{path.stem} -help', list(code_blocks(text))


PAGES = dict(_pages())
BLOCKS = [pytest.param(name, block, id=f'{name}:{block.line}')
          for name, blocks in PAGES.items() for block in blocks]


@pytest.fixture(scope='module')
def reader(request: pytest.FixtureRequest,
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[Follower]:
    """Return somebody who reads one page from its beginning."""
    follower = Follower(partial(
        Box, tmp_path_factory.mktemp('box'), settings=MAY_DELETE,
        source_lang='de' if request.param in GERMAN else 'en'))
    try:
        for step in BEFORE.get(request.param, ()):
            if step == 'install':
                follower.install()
            else:
                title = step.removeprefix('import ')
                follower.pwb('importpages', f'-source:{follower.box.prefix}',
                             f'-page:{title}', '-always')
        yield follower
    finally:
        follower.close()


def _is_elsewhere(name: str, block: CodeBlock) -> bool:
    return name in ELSEWHERE and (
        kind_of(block) in ('package', 'python')
        or block.text.startswith('pwb '))


@pytest.mark.parametrize(('name', 'block'), BLOCKS)
def test_block_is_of_a_kind_that_can_be_followed(name: str,
                                                 block: CodeBlock) -> None:
    assert kind_of(block), f'{name}, line {block.line}: {block.text}'


@pytest.mark.wiki
@pytest.mark.parametrize(
    ('reader', 'block'), [
        pytest.param(*parameters.values, id=parameters.id)
        for parameters in BLOCKS if not _is_elsewhere(*parameters.values)],
    indirect=['reader'], scope='module')
def test_block_does_what_it_says(reader: Follower, block: CodeBlock) -> None:
    reader.follow(block)


def test_pages_that_are_followed_elsewhere_are_read_there() -> None:
    for name, test in ELSEWHERE.items():
        assert PAGES[name]
        assert Path(name).name in (ROOT / test).read_text('utf-8')


@pytest.mark.wiki
def test_grants_are_called_as_on_the_wiki(box: Box) -> None:
    shown = {row['content']: row['name'].removeprefix('grant-')
             for row in box.on_target().get(
                 meta='allmessages', amlang='en', ammessages='|'.join(
                     f'grant-{name}' for name in GRANTS.values()),
             )['allmessages']}
    assert shown == GRANTS
    assert sorted(named_grants()) == sorted(GRANTS)


def test_there_is_something_to_follow() -> None:
    kinds = {kind_of(block) for blocks in PAGES.values() for block in blocks}
    assert {'configuration', 'password', 'program', 'python',
            'request', 'settings', 'shell', 'statement',
            'synopsis'} <= kinds
    assert {name for name, blocks in PAGES.items() if blocks} >= {
        'README.md', 'docs/importers.md', 'docs/operators.md',
        'docs/uploads.md', 'importpages -help', 'importundo -help'}


def test_what_is_run_elsewhere_is_still_written_somewhere() -> None:
    written = '\n'.join(block.text for blocks in PAGES.values()
                        for block in blocks)
    for line in COVERED:
        assert line in written, line
