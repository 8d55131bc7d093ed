"""The code blocks of README.md and docs, to be run as they stand there."""
from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

import importbot


__all__ = ('BLOCKS', 'ELSEWHERE', 'PAGES', 'ROOT', 'CodeBlock',
           'blocks_of', 'code_blocks', 'command_lines')

ROOT = Path(importbot.__file__).parents[1]
#: Pages whose commands and programs other tests run, one by one.
ELSEWHERE = {'docs/cleanups.md': 'tests/wikis/docs/test_cleanup_docs.py',
             'docs/recipes.md': 'tests/wikis/docs/test_recipes.py'}


@dataclass(frozen=True)
class CodeBlock:

    """A code block of a page.

    :param section: the heading above it
    :param language: as the fence says, empty for an indented block
    :param text: what is in it
    :param line: where it begins, from 1
    """

    section: str
    language: str
    text: str
    line: int


def code_blocks(page: Path | str) -> Iterator[CodeBlock]:
    """Yield the code blocks of some Markdown.

    :param page: a file, or the Markdown itself
    """
    section = ''
    text = page.read_text('utf-8') if isinstance(page, Path) else page
    tokens = MarkdownIt().parse(text)
    for token, following in pairwise([*tokens, None]):
        assert token is not None
        if token.type == 'heading_open' and following:
            section = following.content
        elif token.type in ('code_block', 'fence'):
            assert token.map, 'a block has lines'
            yield CodeBlock(section, token.info.strip(), token.content,
                            token.map[0] + 1)


def command_lines(block: CodeBlock) -> list[list[str]]:
    """Return the words of each command of a block, as a shell reads them.

    :param block: an indented block
    """
    text = re.sub(r' *\\\n *', ' ', block.text)
    return [shlex.split(command) for line in text.splitlines()
            for command in re.split(r' (?:&&|\|) ', line) if line.strip()]


def blocks_of(page: Path, section: str) -> list[CodeBlock]:
    """Return the code blocks of a section, which has to have some.

    :param section: the end of its heading
    """
    found = [block for block in code_blocks(page)
             if re.search(rf'\b{re.escape(section)}$', block.section)]
    assert found, f'{page.name} has no {section}'
    return found


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


#: The blocks of each page.
PAGES = dict(_pages())
#: Each with the name of its page, for :func:`pytest.mark.parametrize`.
BLOCKS = [pytest.param(name, block, id=f'{name}:{block.line}')
          for name, blocks in PAGES.items() for block in blocks]
