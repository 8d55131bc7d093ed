"""Which blocks of the documentation are followed, and where."""
from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.codeblocks import BLOCKS, ELSEWHERE, PAGES, ROOT, CodeBlock
from tests.kit.following import COVERED, kind_of


@pytest.mark.parametrize(('name', 'block'), BLOCKS)
def test_block_is_of_a_kind_that_can_be_followed(name: str,
                                                 block: CodeBlock) -> None:
    assert kind_of(block), f'{name}, line {block.line}: {block.text}'


def test_pages_that_are_followed_elsewhere_are_read_there() -> None:
    for name, test in ELSEWHERE.items():
        assert PAGES[name]
        assert Path(name).name in (ROOT / test).read_text('utf-8')


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
